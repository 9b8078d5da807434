// Small files of each kind.

export const openVault = `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-open",
      "location": "westeurope",
      "properties": {
        "tenantId": "[subscription().tenantId]",
        "sku": { "family": "A", "name": "standard" },
        "networkAcls": { "defaultAction": "Allow", "bypass": "None", "ipRules": [{ "value": "203.0.113.7" }] }
      }
    }
  ]
}
`;

export const openBicep = `resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-open'
  location: 'westeurope'
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    networkAcls: { defaultAction: 'Allow', bypass: 'None', ipRules: [{ value: '203.0.113.7' }] }
  }
}
`;

/** @param {string} relativePath */
export const linksTo = (relativePath) => `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.Resources/deployments",
      "apiVersion": "2022-09-01",
      "name": "linked",
      "properties": { "mode": "Incremental", "templateLink": { "relativePath": "${relativePath}" } }
    }
  ]
}
`;

export const parameters = `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {}
}
`;
