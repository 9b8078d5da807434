@description('Name of the vault, unique in the world')
param vaultName string
param location string = resourceGroup().location

// Nobody wrote a firewall: everyone on the internet may knock.
resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: vaultName
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    publicNetworkAccess: 'Enabled'
  }
}
