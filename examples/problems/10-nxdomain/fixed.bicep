param location string = resourceGroup().location

resource partnerVault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'kv-partner'
  scope: resourceGroup('22222222-3333-4444-5555-666666666666', 'rg-partner')
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-shop'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
    subnets: [{ name: 'apps', properties: { addressPrefix: '10.1.0.0/24' } }]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: 'shop'
    location: 'global'
    properties: { registrationEnabled: false, resolutionPolicy: 'NxDomainRedirect', virtualNetwork: { id: network.id } }
  }
}

output partnerUri string = partnerVault.properties.vaultUri
