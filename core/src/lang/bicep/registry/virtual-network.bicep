// avm/res/network/virtual-network
//
// - Service endpoints of a subnet were objects, and are their names now; delegations were a list, and are one name.
// - From 0.8 on an address space is an object that says how it is given.

param name string
param location string = resourceGroup().location
param addressPrefixes (array | object)?
param subnets array?
param dnsServers array?

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: minor < 8 ? addressPrefixes : addressPrefixes.?addressPrefixes }
    dhcpOptions: empty(dnsServers) ? null : { dnsServers: dnsServers }
  }
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2025-01-01' = [
  for subnet in (subnets ?? []): {
    parent: virtualNetwork
    name: subnet.name
    properties: {
      addressPrefix: subnet.?addressPrefix ?? subnet.?addressSpace.?addressPrefix
      addressPrefixes: subnet.?addressPrefixes ?? subnet.?addressSpace.?addressPrefixes
      delegations: subnet.?delegations ?? (empty(subnet.?delegation)
        ? []
        : [{ name: subnet.delegation, properties: { serviceName: subnet.delegation } }])
      serviceEndpoints: map(
        subnet.?serviceEndpoints ?? [],
        endpoint => startsWith(string(endpoint), '{') ? endpoint : { service: endpoint }
      )
      natGateway: empty(subnet.?natGatewayResourceId) ? null : { id: subnet.natGatewayResourceId }
      networkSecurityGroup: empty(subnet.?networkSecurityGroupResourceId)
        ? null
        : { id: subnet.networkSecurityGroupResourceId }
      routeTable: empty(subnet.?routeTableResourceId) ? null : { id: subnet.routeTableResourceId }
      privateEndpointNetworkPolicies: subnet.?privateEndpointNetworkPolicies
    }
  }
]

output resourceId string = virtualNetwork.id
output name string = virtualNetwork.name
output location string = virtualNetwork.location
output resourceGroupName string = resourceGroup().name
output subnetNames array = map(subnets ?? [], subnet => subnet.name)
output subnetResourceIds array = map(
  subnets ?? [],
  subnet => resourceId('Microsoft.Network/virtualNetworks/subnets', name, subnet.name)
)
