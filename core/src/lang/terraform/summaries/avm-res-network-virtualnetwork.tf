# What the module `Azure/avm-res-network-virtualnetwork/azurerm` declares of a network and its subnets (F7.18).

variable "name" {
  default = null
}
variable "location" {}
# Later versions take the id of the resource group.
variable "resource_group_name" {
  default = null
}
variable "parent_id" {
  default = null
}
variable "address_space" {
  default = null
}
variable "ipam_pools" {
  default = null
}
variable "dns_servers" {
  default = null
}
variable "subnets" {
  type = map(object({
    name             = string
    address_prefix   = optional(string)
    address_prefixes = optional(list(string))
    network_security_group = optional(object({ id = string }))
    route_table            = optional(object({ id = string }))
    nat_gateway            = optional(object({ id = string }))
    private_endpoint_network_policies             = optional(string, "Enabled")
    private_link_service_network_policies_enabled = optional(bool, true)
    default_outbound_access_enabled               = optional(bool, false)
    # By name in earlier versions, with regions in later ones.
    service_endpoints               = optional(set(string), [])
    service_endpoints_with_location = optional(list(object({ service = string, locations = optional(list(string), ["*"]) })), [])
    # One of these, by version.
    delegation  = optional(list(object({ name = string, service_delegation = object({ name = string }) })), [])
    delegations = optional(list(object({ name = string, service_delegation = object({ name = string }) })), [])
  }))
  default = {}
}
variable "peerings" {
  type = map(object({
    name                                 = string
    remote_virtual_network_resource_id   = string
    allow_forwarded_traffic              = optional(bool, false)
    allow_gateway_transit                = optional(bool, false)
    allow_virtual_network_access         = optional(bool, true)
    use_remote_gateways                  = optional(bool, false)
    create_reverse_peering               = optional(bool, false)
    reverse_name                         = optional(string)
    reverse_allow_forwarded_traffic      = optional(bool, false)
    reverse_allow_gateway_transit        = optional(bool, false)
    reverse_allow_virtual_network_access = optional(bool, true)
    reverse_use_remote_gateways          = optional(bool, false)
  }))
  default = {}
}

data "azurerm_resource_group" "parent" {
  name = var.resource_group_name
}

resource "azapi_resource" "vnet" {
  type      = "Microsoft.Network/virtualNetworks@2024-05-01"
  name      = var.name
  parent_id = var.parent_id != null ? var.parent_id : data.azurerm_resource_group.parent.id
  location  = var.location
  body = {
    properties = {
      addressSpace = var.ipam_pools == null ? { addressPrefixes = var.address_space } : null
      dhcpOptions  = var.dns_servers != null ? { dnsServers = var.dns_servers.dns_servers } : null
    }
  }
}

resource "azapi_resource" "subnet" {
  for_each  = var.subnets
  type      = "Microsoft.Network/virtualNetworks/subnets@2024-05-01"
  name      = each.value.name
  parent_id = azapi_resource.vnet.id
  body = {
    properties = {
      addressPrefix                     = each.value.address_prefix
      addressPrefixes                   = each.value.address_prefixes
      networkSecurityGroup              = each.value.network_security_group
      routeTable                        = each.value.route_table
      natGateway                        = each.value.nat_gateway
      privateEndpointNetworkPolicies    = each.value.private_endpoint_network_policies
      privateLinkServiceNetworkPolicies = each.value.private_link_service_network_policies_enabled ? "Enabled" : "Disabled"
      defaultOutboundAccess             = each.value.default_outbound_access_enabled
      serviceEndpoints = concat(
        [for service in each.value.service_endpoints : { service = service }],
        [for endpoint in each.value.service_endpoints_with_location : { service = endpoint.service, locations = endpoint.locations }],
      )
      delegations = [
        for delegation in concat(each.value.delegation, each.value.delegations) :
        { name = delegation.name, properties = { serviceName = delegation.service_delegation.name } }
      ]
    }
  }
}

resource "azapi_resource" "peering" {
  for_each  = var.peerings
  type      = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-05-01"
  name      = each.value.name
  parent_id = azapi_resource.vnet.id
  body = {
    properties = {
      remoteVirtualNetwork      = { id = each.value.remote_virtual_network_resource_id }
      allowForwardedTraffic     = each.value.allow_forwarded_traffic
      allowGatewayTransit       = each.value.allow_gateway_transit
      allowVirtualNetworkAccess = each.value.allow_virtual_network_access
      useRemoteGateways         = each.value.use_remote_gateways
    }
  }
}

resource "azapi_resource" "reverse_peering" {
  for_each  = { for key, peering in var.peerings : key => peering if peering.create_reverse_peering }
  type      = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-05-01"
  name      = each.value.reverse_name
  parent_id = each.value.remote_virtual_network_resource_id
  body = {
    properties = {
      remoteVirtualNetwork      = { id = azapi_resource.vnet.id }
      allowForwardedTraffic     = each.value.reverse_allow_forwarded_traffic
      allowGatewayTransit       = each.value.reverse_allow_gateway_transit
      allowVirtualNetworkAccess = each.value.reverse_allow_virtual_network_access
      useRemoteGateways         = each.value.reverse_use_remote_gateways
    }
  }
}

output "name" {
  value = azapi_resource.vnet.name
}
output "resource_id" {
  value = azapi_resource.vnet.id
}
output "resource" {
  value = azapi_resource.vnet
}
output "address_spaces" {
  value = var.address_space
}
output "subnets" {
  value = {
    for key, subnet in azapi_resource.subnet : key => {
      name             = subnet.name
      resource_id      = subnet.id
      resource         = subnet
      address_prefixes = var.subnets[key].address_prefixes
    }
  }
}
output "peerings" {
  value = { for key, peering in azapi_resource.peering : key => { resource_id = peering.id } }
}
