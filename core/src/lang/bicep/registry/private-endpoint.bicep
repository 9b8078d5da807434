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

var zones = privateDnsZoneGroup == null
  ? privateDnsZoneResourceIds ?? []
  : map(privateDnsZoneGroup.?privateDnsZoneGroupConfigs ?? [], config => config.privateDnsZoneResourceId)

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

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-10-01' = if (!empty(zones)) {
  parent: privateEndpoint
  name: privateDnsZoneGroup.?name ?? privateDnsZoneGroupName ?? 'default'
  properties: {
    privateDnsZoneConfigs: map(zones, zone => {
      name: last(split(zone, '/'))
      properties: { privateDnsZoneId: zone }
    })
  }
}

output resourceId string = privateEndpoint.id
output name string = privateEndpoint.name
output location string = privateEndpoint.location
output resourceGroupName string = resourceGroup().name
