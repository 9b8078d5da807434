param location string = resourceGroup().location
param planId string
param integrationSubnetId string
param vaultName string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: vaultName
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: 'Disabled'
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'app-shop'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: planId
    virtualNetworkSubnetId: integrationSubnetId
    siteConfig: {
      appSettings: [
        { name: 'VAULT_URL', value: vault.properties.vaultUri }
      ]
    }
  }
}
