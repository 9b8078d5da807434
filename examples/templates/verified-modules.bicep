// Azure Verified Modules that use one another's outputs. The check works without restoring them.
param location string = resourceGroup().location
param workspaceId string

module network 'br/public:avm/res/network/virtual-network:0.7.0' = {
  params: {
    name: 'vnet-payments'
    location: location
    addressPrefixes: ['10.30.0.0/16']
    subnets: [
      { name: 'endpoints', addressPrefix: '10.30.1.0/24' }
      { name: 'workers', addressPrefix: '10.30.2.0/24' }
    ]
  }
}

module zone 'br/public:avm/res/network/private-dns-zone:0.7.1' = {
  params: {
    name: 'privatelink.vaultcore.azure.net'
    virtualNetworkLinks: [
      { virtualNetworkResourceId: network.outputs.resourceId, resolutionPolicy: 'NxDomainRedirect' }
    ]
  }
}

module vault 'br/public:avm/res/key-vault/vault:0.13.3' = {
  params: {
    name: 'kv-payments-private'
    location: location
    diagnosticSettings: [{ workspaceResourceId: workspaceId }]
    privateEndpoints: [
      {
        subnetResourceId: network.outputs.subnetResourceIds[0]
        privateDnsZoneGroup: {
          privateDnsZoneGroupConfigs: [{ privateDnsZoneResourceId: zone.outputs.resourceId }]
        }
      }
    ]
  }
}

// Given firewall rules and no setting of public access, the module leaves public access on, even with an endpoint.
module partners 'br/public:avm/res/key-vault/vault:0.13.3' = {
  params: {
    name: 'kv-partners'
    location: location
    diagnosticSettings: [{ workspaceResourceId: workspaceId }]
    networkAcls: {
      defaultAction: 'Allow'
      ipRules: [{ value: '10.30.2.0/24' }]
    }
  }
}
