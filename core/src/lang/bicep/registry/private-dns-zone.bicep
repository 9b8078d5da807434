// avm/res/network/private-dns-zone
//
// - `resolutionPolicy` of a link came with a later version; the first ones have no property of that name to set.

param name string
param location string = 'global'
param virtualNetworkLinks array?
param a array?

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: name
  location: location
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for link in (virtualNetworkLinks ?? []): {
    parent: zone
    name: link.?name ?? '${last(split(link.virtualNetworkResourceId, '/'))}-vnetlink'
    location: link.?location ?? 'global'
    properties: {
      registrationEnabled: link.?registrationEnabled ?? false
      resolutionPolicy: link.?resolutionPolicy
      virtualNetwork: { id: link.virtualNetworkResourceId }
    }
  }
]

resource record 'Microsoft.Network/privateDnsZones/A@2024-06-01' = [
  for record in (a ?? []): {
    parent: zone
    name: record.name
    properties: {
      ttl: record.?ttl ?? 3600
      aRecords: record.?aRecords
    }
  }
]

output resourceId string = zone.id
output name string = zone.name
output location string = zone.location
output resourceGroupName string = resourceGroup().name
