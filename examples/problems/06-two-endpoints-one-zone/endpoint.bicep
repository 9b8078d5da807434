param name string
param subnetId string
param vaultId string
param zoneId string
param location string = resourceGroup().location

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: 'vault'
        properties: { privateLinkServiceId: vaultId, groupIds: ['vault'] }
      }
    ]
  }

  resource registration 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: 'vaults', properties: { privateDnsZoneId: zoneId } }]
    }
  }
}
