param location string = resourceGroup().location

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-shop-prod'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: false
    accessPolicies: [
      {
        objectId: '33333333-4444-5555-6666-777777777777'
        tenantId: tenant().tenantId
        permissions: { secrets: ['get', 'list'] }
      }
    ]
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
      ipRules: [{ value: '20.50.7.41' }]
    }
  }
}
