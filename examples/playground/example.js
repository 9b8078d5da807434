// What the page opens with.

export const example = `{
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
