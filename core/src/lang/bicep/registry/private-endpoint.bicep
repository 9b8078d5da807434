// avm/res/network/private-endpoint
//
// - The first versions took `serviceResourceId` and `groupIds` in place of connections.
// - `privateDnsZoneGroup` followed `privateDnsZoneResourceIds` with `privateDnsZoneGroupName`.

param name string
param location string = resourceGroup().location
param subnetResourceId string
param privateLinkServiceConnections array?
param manualPrivateLinkServiceConnections array?
param serviceResourceId string?
param groupIds array?
param ipConfigurations array?
param privateDnsZoneGroup object?
param privateDnsZoneGroupName string?
param privateDnsZoneResourceIds array?

var configs = privateDnsZoneGroup == null
  ? map(privateDnsZoneResourceIds ?? [], zone => { name: last(split(zone, '/')), zone: zone })
  : map(privateDnsZoneGroup.?privateDnsZoneGroupConfigs ?? [], config => {
      name: config.?name ?? last(split(config.privateDnsZoneResourceId, '/'))
      zone: config.privateDnsZoneResourceId
    })

resource privateEndpoint 'Microsoft.Network/privateEndpoints@2024-10-01' = {
  name: name
  location: location
  properties: {
    subnet: { id: subnetResourceId }
    privateLinkServiceConnections: privateLinkServiceConnections ?? (serviceResourceId == null
      ? []
      : [{ name: name, properties: { privateLinkServiceId: serviceResourceId, groupIds: groupIds } }])
    manualPrivateLinkServiceConnections: manualPrivateLinkServiceConnections ?? []
    ipConfigurations: ipConfigurations ?? []
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-10-01' = if (!empty(configs)) {
  parent: privateEndpoint
  name: privateDnsZoneGroup.?name ?? privateDnsZoneGroupName ?? 'default'
  properties: {
    privateDnsZoneConfigs: map(configs, config => {
      name: config.name
      properties: { privateDnsZoneId: config.zone }
    })
  }
}

output resourceId string = privateEndpoint.id
output name string = privateEndpoint.name
output location string = privateEndpoint.location
output resourceGroupName string = resourceGroup().name
