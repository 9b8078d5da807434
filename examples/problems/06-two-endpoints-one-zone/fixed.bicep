param hubSubnetId string
param spokeSubnetId string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'kv-shop-prod'
}

resource hubZone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: 'privatelink.vaultcore.azure.net'
  scope: resourceGroup('rg-dns-hub')
}

resource spokeZone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: 'privatelink.vaultcore.azure.net'
  scope: resourceGroup('rg-dns-spoke')
}

module hub 'endpoint.bicep' = {
  name: 'hub-endpoint'
  params: { name: 'pe-hub', subnetId: hubSubnetId, vaultId: vault.id, zoneId: hubZone.id }
}

module spoke 'endpoint.bicep' = {
  name: 'spoke-endpoint'
  params: { name: 'pe-spoke', subnetId: spokeSubnetId, vaultId: vault.id, zoneId: spokeZone.id }
}
