param location string = resourceGroup().location

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-shop'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] }
    subnets: [
      { name: 'endpoints', properties: { addressPrefix: '10.1.0.0/24' } }
      {
        name: 'dns-outbound'
        properties: {
          addressPrefix: '10.1.1.0/28'
          delegations: [{ name: 'dns', properties: { serviceName: 'Microsoft.Network/dnsResolvers' } }]
        }
      }
      {
        name: 'dns-inbound'
        properties: {
          addressPrefix: '10.1.2.0/28'
          delegations: [{ name: 'dns', properties: { serviceName: 'Microsoft.Network/dnsResolvers' } }]
        }
      }
    ]
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-shop-prod'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: 'Disabled'
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-kv-shop'
  location: location
  properties: {
    subnet: { id: network.properties.subnets[0].id }
    privateLinkServiceConnections: [
      { name: 'vault', properties: { privateLinkServiceId: vault.id, groupIds: ['vault'] } }
    ]
  }

  resource registration 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: 'vaults', properties: { privateDnsZoneId: zone.id } }]
    }
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: 'shop'
    location: 'global'
    properties: {
      registrationEnabled: false
      resolutionPolicy: 'NxDomainRedirect'
      virtualNetwork: { id: network.id }
    }
  }
}

resource resolver 'Microsoft.Network/dnsResolvers@2022-07-01' = {
  name: 'resolver'
  location: location
  properties: { virtualNetwork: { id: network.id } }

  resource inbound 'inboundEndpoints' = {
    name: 'inbound'
    location: location
    properties: {
      ipConfigurations: [
        {
          privateIpAllocationMethod: 'Static'
          privateIpAddress: '10.1.2.4'
          subnet: { id: network.properties.subnets[2].id }
        }
      ]
    }
  }

  resource outbound 'outboundEndpoints' = {
    name: 'outbound'
    location: location
    properties: { subnet: { id: network.properties.subnets[1].id } }
  }
}

resource ruleset 'Microsoft.Network/dnsForwardingRulesets@2022-07-01' = {
  name: 'forwarding'
  location: location
  properties: { dnsResolverOutboundEndpoints: [{ id: resolver::outbound.id }] }

  resource vaults 'forwardingRules' = {
    name: 'vaults'
    properties: {
      domainName: 'vault.azure.net.'
      targetDnsServers: [{ ipAddress: '10.1.2.4', port: 53 }]
    }
  }
}
