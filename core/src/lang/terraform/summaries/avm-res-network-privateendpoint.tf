# What the module `Azure/avm-res-network-privateendpoint/azurerm` declares of an endpoint (F7.18).

variable "name" {}
variable "location" {}
# Later versions take the id of the resource group.
variable "resource_group_name" {
  default = null
}
variable "parent_id" {
  default = null
}
variable "network_interface_name" {
  default = null
}
variable "subnet_resource_id" {}
variable "private_connection_resource_id" {}
variable "private_service_connection_name" {
  default = null
}
variable "subresource_names" {
  default = null
}
variable "private_dns_zone_group_name" {
  default = null
}
variable "private_dns_zone_resource_ids" {
  default = []
}
variable "ip_configurations" {
  type = map(object({
    name               = string
    private_ip_address = string
    subresource_name   = string
    member_name        = optional(string, "default")
  }))
  default = {}
}

resource "azurerm_private_endpoint" "this" {
  name                          = var.name
  location                      = var.location
  resource_group_name           = var.parent_id == null ? var.resource_group_name : element(split("/", var.parent_id), 4)
  subnet_id                     = var.subnet_resource_id
  custom_network_interface_name = var.network_interface_name

  private_service_connection {
    name                           = var.private_service_connection_name != null ? var.private_service_connection_name : "pse-${var.name}"
    is_manual_connection           = false
    private_connection_resource_id = var.private_connection_resource_id
    subresource_names              = var.subresource_names
  }

  dynamic "ip_configuration" {
    for_each = var.ip_configurations
    content {
      name               = ip_configuration.value.name
      private_ip_address = ip_configuration.value.private_ip_address
      member_name        = ip_configuration.value.member_name
      subresource_name   = ip_configuration.value.subresource_name
    }
  }

  dynamic "private_dns_zone_group" {
    for_each = length(var.private_dns_zone_resource_ids) > 0 ? ["this"] : []
    content {
      name                 = var.private_dns_zone_group_name != null ? var.private_dns_zone_group_name : "default"
      private_dns_zone_ids = var.private_dns_zone_resource_ids
    }
  }
}

output "name" {
  value = azurerm_private_endpoint.this.name
}
output "resource_id" {
  value = azurerm_private_endpoint.this.id
}
output "resource" {
  value = azurerm_private_endpoint.this
}
