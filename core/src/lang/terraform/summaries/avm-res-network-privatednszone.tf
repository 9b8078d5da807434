# What the module `Azure/avm-res-network-privatednszone/azurerm` declares of a zone, its links and its addresses (F7.18).

variable "domain_name" {}
# Later versions take the id of the resource group.
variable "resource_group_name" {
  default = null
}
variable "parent_id" {
  default = null
}
variable "virtual_network_links" {
  type = map(object({
    name                 = optional(string)
    vnetlinkname         = optional(string)
    virtual_network_id   = optional(string)
    vnetid               = optional(string)
    registration_enabled = optional(bool)
    autoregistration     = optional(bool, false)
    resolution_policy    = optional(string, "Default")
  }))
  default = {}
}
variable "a_records" {
  type = map(object({
    name         = string
    ttl          = number
    records      = optional(list(string))
    ip_addresses = optional(set(string))
  }))
  default = {}
}

data "azurerm_resource_group" "parent" {
  name = var.resource_group_name
}

resource "azapi_resource" "private_dns_zone" {
  type      = "Microsoft.Network/privateDnsZones@2024-06-01"
  name      = var.domain_name
  parent_id = var.parent_id != null ? var.parent_id : data.azurerm_resource_group.parent.id
  location  = "global"
}

resource "azapi_resource" "virtual_network_link" {
  for_each  = var.virtual_network_links
  type      = "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01"
  name      = each.value.name != null ? each.value.name : each.value.vnetlinkname
  parent_id = azapi_resource.private_dns_zone.id
  location  = "global"
  body = {
    properties = {
      virtualNetwork = {
        id = each.value.virtual_network_id != null ? each.value.virtual_network_id : each.value.vnetid
      }
      registrationEnabled = each.value.registration_enabled != null ? each.value.registration_enabled : each.value.autoregistration
      resolutionPolicy    = each.value.resolution_policy
    }
  }
}

resource "azapi_resource" "a_record" {
  for_each  = var.a_records
  type      = "Microsoft.Network/privateDnsZones/A@2024-06-01"
  name      = each.value.name
  parent_id = azapi_resource.private_dns_zone.id
  body = {
    properties = {
      ttl      = each.value.ttl
      aRecords = [for address in each.value.ip_addresses != null ? each.value.ip_addresses : each.value.records : { ipv4Address = address }]
    }
  }
}

output "name" {
  value = azapi_resource.private_dns_zone.name
}
output "resource_id" {
  value = azapi_resource.private_dns_zone.id
}
output "resource" {
  value = azapi_resource.private_dns_zone
}
output "virtual_network_link_outputs" {
  value = { for key, link in azapi_resource.virtual_network_link : key => { id = link.id } }
}
output "a_record_outputs" {
  value = { for key, record in azapi_resource.a_record : key => { id = record.id } }
}
