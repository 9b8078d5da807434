# What the module `Azure/avm-res-network-virtualnetwork/azurerm//modules/subnet` declares of one subnet (F7.18).

variable "name" {}
# The id of the network: in an object in earlier versions, by itself in later ones.
variable "virtual_network" {
  default = null
}
variable "parent_id" {
  default = null
}
variable "address_prefix" {
  default = null
}
variable "address_prefixes" {
  default = null
}
variable "network_security_group" {
  default = null
}
variable "route_table" {
  default = null
}
variable "nat_gateway" {
  default = null
}
variable "private_endpoint_network_policies" {
  default = "Enabled"
}
variable "default_outbound_access_enabled" {
  default = false
}
# By name in earlier versions, with regions in later ones.
variable "service_endpoints" {
  default  = []
  nullable = false
}
variable "service_endpoints_with_location" {
  default  = []
  nullable = false
}
# One of these, by version.
variable "delegation" {
  default  = []
  nullable = false
}
variable "delegations" {
  default  = []
  nullable = false
}

resource "azapi_resource" "subnet" {
  type      = "Microsoft.Network/virtualNetworks/subnets@2024-05-01"
  name      = var.name
  parent_id = var.parent_id != null ? var.parent_id : var.virtual_network.resource_id
  body = {
    properties = {
      addressPrefix                  = var.address_prefix
      addressPrefixes                = var.address_prefixes
      networkSecurityGroup           = var.network_security_group
      routeTable                     = var.route_table
      natGateway                     = var.nat_gateway
      privateEndpointNetworkPolicies = var.private_endpoint_network_policies
      defaultOutboundAccess          = var.default_outbound_access_enabled
      serviceEndpoints = concat(
        [for service in var.service_endpoints : { service = service }],
        [for endpoint in var.service_endpoints_with_location : { service = endpoint.service }],
      )
      delegations = [
        for delegation in concat(var.delegation, var.delegations) :
        { name = delegation.name, properties = { serviceName = delegation.service_delegation.name } }
      ]
    }
  }
}

output "name" {
  value = azapi_resource.subnet.name
}
output "resource_id" {
  value = azapi_resource.subnet.id
}
output "resource" {
  value = azapi_resource.subnet
}
output "address_prefixes" {
  value = var.address_prefixes
}
