param location string = resourceGroup().location

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-shop-prod'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enabledForTemplateDeployment: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
      ipRules: [{ value: '20.50.7.41' }]
    }
  }
}

module database 'database.bicep' = {
  name: 'database'
  params: { password: vault.getSecret('database-password') }
}
