// What the page opens with, by the name that its language goes by.

const arm = `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2026-02-01",
      "name": "kv-playground",
      "location": "westeurope",
      "properties": {
        "tenantId": "[subscription().tenantId]",
        "sku": { "family": "A", "name": "standard" },
        "networkAcls": {
          "defaultAction": "Allow",
          "bypass": "None",
          "ipRules": [{ "value": "10.0.0.4" }]
        }
      }
    }
  ]
}
`;

const bicep = `param isPublic bool = true

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-playground'
  location: resourceGroup().location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: 'Allow'
      bypass: 'None'
      ipRules: [{ value: '10.0.0.4' }]
    }
  }
}
`;

/** @type {Record<string, string>} */
export const examples = { 'template.json': arm, 'main.bicep': bicep };
