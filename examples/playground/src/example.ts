// The first file of the page, with several findings and one undecided question.

export const PATH = 'main.bicep';

export const TEXT = `@description('Whether the public endpoint answers at all')
param publicAccess string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-shop'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.20.1.0/24'
          serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]
        }
      }
      { name: 'jobs', properties: { addressPrefix: '10.20.2.0/24' } }
      { name: 'endpoints', properties: { addressPrefix: '10.20.3.0/24' } }
    ]
  }
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-shop'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    publicNetworkAccess: publicAccess
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'AzureServices'
      ipRules: [
        { value: '20.61.12.0/24' }
        { value: '20.61.12.7' }
        { value: '10.20.1.4' }
      ]
      virtualNetworkRules: [
        { id: '\${network.id}/subnets/app' }
        { id: '\${network.id}/subnets/jobs' }
      ]
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-kv-shop'
  location: 'westeurope'
  properties: {
    subnet: { id: '\${network.id}/subnets/endpoints' }
    privateLinkServiceConnections: [
      {
        name: 'kv'
        properties: { privateLinkServiceId: vault.id, groupIds: ['vault'] }
      }
    ]
  }
}
`;
