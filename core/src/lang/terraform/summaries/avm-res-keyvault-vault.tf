# What the module `Azure/avm-res-keyvault-vault/azurerm` declares of a vault and its network (F7.18).

variable "name" {}
variable "location" {}
variable "resource_group_name" {}
variable "tenant_id" {}
variable "sku_name" {
  default = "premium"
}
variable "public_network_access_enabled" {
  default = true
}
variable "purge_protection_enabled" {
  default = true
}
variable "enabled_for_deployment" {
  default = false
}
variable "enabled_for_disk_encryption" {
  default = false
}
variable "enabled_for_template_deployment" {
  default = false
}
variable "legacy_access_policies_enabled" {
  default = false
}
variable "legacy_access_policies" {
  default = {}
}
variable "network_acls" {
  type = object({
    bypass                     = optional(string, "None")
    default_action             = optional(string, "Deny")
    ip_rules                   = optional(list(string), [])
    virtual_network_subnet_ids = optional(list(string), [])
  })
  default = {}
}
variable "private_endpoints" {
  type = map(object({
    name                          = optional(string)
    subnet_resource_id            = string
    private_dns_zone_group_name   = optional(string, "default")
    private_dns_zone_resource_ids = optional(set(string), [])
    location                      = optional(string)
    resource_group_name           = optional(string)
    ip_configurations             = optional(map(object({ name = string, private_ip_address = string })), {})
  }))
  default  = {}
  nullable = false
}
variable "private_endpoints_manage_dns_zone_group" {
  default = true
}
variable "secrets" {
  type = map(object({
    name = string
    role_assignments = optional(map(object({
      role_definition_id_or_name = string
      principal_id               = string
      principal_type             = optional(string)
    })), {})
  }))
  default = {}
}
variable "keys" {
  type = map(object({
    name     = string
    key_type = string
    role_assignments = optional(map(object({
      role_definition_id_or_name = string
      principal_id               = string
      principal_type             = optional(string)
    })), {})
  }))
  default = {}
}
variable "contacts" {
  default = {}
}
variable "role_assignments" {
  type = map(object({
    role_definition_id_or_name = string
    principal_id               = string
    principal_type             = optional(string)
  }))
  default = {}
}
variable "diagnostic_settings" {
  type = map(object({
    name                                     = optional(string)
    log_categories                           = optional(set(string), [])
    log_groups                               = optional(set(string), ["allLogs"])
    workspace_resource_id                    = optional(string)
    storage_account_resource_id              = optional(string)
    event_hub_authorization_rule_resource_id = optional(string)
    marketplace_partner_resource_id          = optional(string)
  }))
  default = {}
}

resource "azurerm_key_vault" "this" {
  name                            = var.name
  location                        = var.location
  resource_group_name             = var.resource_group_name
  tenant_id                       = var.tenant_id
  sku_name                        = var.sku_name
  public_network_access_enabled   = var.public_network_access_enabled
  purge_protection_enabled        = var.purge_protection_enabled
  enabled_for_deployment          = var.enabled_for_deployment
  enabled_for_disk_encryption     = var.enabled_for_disk_encryption
  enabled_for_template_deployment = var.enabled_for_template_deployment
  rbac_authorization_enabled      = !var.legacy_access_policies_enabled

  dynamic "network_acls" {
    for_each = var.network_acls != null ? { this = var.network_acls } : {}
    content {
      bypass                     = network_acls.value.bypass
      default_action             = network_acls.value.default_action
      ip_rules                   = network_acls.value.ip_rules
      virtual_network_subnet_ids = network_acls.value.virtual_network_subnet_ids
    }
  }
}

resource "azurerm_key_vault_access_policy" "this" {
  for_each     = var.legacy_access_policies_enabled ? var.legacy_access_policies : {}
  key_vault_id = azurerm_key_vault.this.id
  tenant_id    = var.tenant_id
  object_id    = each.value.object_id
}

resource "azurerm_role_assignment" "this" {
  for_each             = var.role_assignments
  scope                = azurerm_key_vault.this.id
  role_definition_id   = strcontains(lower(each.value.role_definition_id_or_name), "/roledefinitions/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(lower(each.value.role_definition_id_or_name), "/roledefinitions/") ? null : each.value.role_definition_id_or_name
  principal_id         = each.value.principal_id
  principal_type       = each.value.principal_type
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  for_each                       = var.diagnostic_settings
  name                           = each.value.name
  target_resource_id             = azurerm_key_vault.this.id
  log_analytics_workspace_id     = each.value.workspace_resource_id
  storage_account_id             = each.value.storage_account_resource_id
  eventhub_authorization_rule_id = each.value.event_hub_authorization_rule_resource_id
  partner_solution_id            = each.value.marketplace_partner_resource_id

  dynamic "enabled_log" {
    for_each = each.value.log_categories
    content {
      category = enabled_log.value
    }
  }
  dynamic "enabled_log" {
    for_each = each.value.log_groups
    content {
      category_group = enabled_log.value
    }
  }
}

# One switch for all endpoints: with it the module writes the zone groups and takes others away, without it a policy may
# write them (F7.11).
resource "azurerm_private_endpoint" "this" {
  for_each            = { for key, endpoint in var.private_endpoints : key => endpoint if var.private_endpoints_manage_dns_zone_group }
  name                = each.value.name != null ? each.value.name : "pe-${var.name}"
  location            = each.value.location != null ? each.value.location : var.location
  resource_group_name = each.value.resource_group_name != null ? each.value.resource_group_name : var.resource_group_name
  subnet_id           = each.value.subnet_resource_id

  private_service_connection {
    name                           = "pse-${var.name}"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_key_vault.this.id
    subresource_names              = ["vault"]
  }

  dynamic "ip_configuration" {
    for_each = each.value.ip_configurations
    content {
      name               = ip_configuration.value.name
      private_ip_address = ip_configuration.value.private_ip_address
      member_name        = "default"
      subresource_name   = "vault"
    }
  }

  dynamic "private_dns_zone_group" {
    for_each = length(each.value.private_dns_zone_resource_ids) > 0 ? ["this"] : []
    content {
      name                 = each.value.private_dns_zone_group_name
      private_dns_zone_ids = each.value.private_dns_zone_resource_ids
    }
  }
}

resource "azurerm_private_endpoint" "this_unmanaged_dns_zone_groups" {
  for_each            = { for key, endpoint in var.private_endpoints : key => endpoint if !var.private_endpoints_manage_dns_zone_group }
  name                = each.value.name != null ? each.value.name : "pe-${var.name}"
  location            = each.value.location != null ? each.value.location : var.location
  resource_group_name = each.value.resource_group_name != null ? each.value.resource_group_name : var.resource_group_name
  subnet_id           = each.value.subnet_resource_id

  private_service_connection {
    name                           = "pse-${var.name}"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_key_vault.this.id
    subresource_names              = ["vault"]
  }

  dynamic "ip_configuration" {
    for_each = each.value.ip_configurations
    content {
      name               = ip_configuration.value.name
      private_ip_address = ip_configuration.value.private_ip_address
      member_name        = "default"
      subresource_name   = "vault"
    }
  }

  lifecycle {
    ignore_changes = [private_dns_zone_group]
  }
}

# What is in the vault is written through its data plane, after the endpoints.
resource "azurerm_key_vault_secret" "secrets" {
  for_each     = var.secrets
  name         = each.value.name
  key_vault_id = azurerm_key_vault.this.id
  depends_on   = [azurerm_private_endpoint.this, azurerm_private_endpoint.this_unmanaged_dns_zone_groups]
}

resource "azurerm_key_vault_key" "keys" {
  for_each     = var.keys
  name         = each.value.name
  key_vault_id = azurerm_key_vault.this.id
  key_type     = each.value.key_type
  depends_on   = [azurerm_private_endpoint.this, azurerm_private_endpoint.this_unmanaged_dns_zone_groups]
}

resource "azurerm_role_assignment" "secrets" {
  for_each             = merge([for of, secret in var.secrets : { for name, role in secret.role_assignments : "${of}-${name}" => { of = of, role = role } }]...)
  scope                = azurerm_key_vault_secret.secrets[each.value.of].resource_versionless_id
  role_definition_id   = strcontains(lower(each.value.role.role_definition_id_or_name), "/roledefinitions/") ? each.value.role.role_definition_id_or_name : null
  role_definition_name = strcontains(lower(each.value.role.role_definition_id_or_name), "/roledefinitions/") ? null : each.value.role.role_definition_id_or_name
  principal_id         = each.value.role.principal_id
  principal_type       = each.value.role.principal_type
}

resource "azurerm_role_assignment" "keys" {
  for_each             = merge([for of, key in var.keys : { for name, role in key.role_assignments : "${of}-${name}" => { of = of, role = role } }]...)
  scope                = azurerm_key_vault_key.keys[each.value.of].resource_versionless_id
  role_definition_id   = strcontains(lower(each.value.role.role_definition_id_or_name), "/roledefinitions/") ? each.value.role.role_definition_id_or_name : null
  role_definition_name = strcontains(lower(each.value.role.role_definition_id_or_name), "/roledefinitions/") ? null : each.value.role.role_definition_id_or_name
  principal_id         = each.value.role.principal_id
  principal_type       = each.value.role.principal_type
}

# Contacts wait for the roles only.
resource "azurerm_key_vault_certificate_contacts" "this" {
  count        = length(var.contacts) > 0 ? 1 : 0
  key_vault_id = azurerm_key_vault.this.id
  depends_on   = [azurerm_role_assignment.this]
}

output "name" {
  value = azurerm_key_vault.this.name
}
output "resource_id" {
  value = azurerm_key_vault.this.id
}
output "resource" {
  value = azurerm_key_vault.this
}
output "uri" {
  value = azurerm_key_vault.this.vault_uri
}
output "private_endpoints" {
  value = var.private_endpoints_manage_dns_zone_group ? azurerm_private_endpoint.this : azurerm_private_endpoint.this_unmanaged_dns_zone_groups
}
output "keys" {
  value = azurerm_key_vault_key.keys
}
output "keys_resource_ids" {
  value = azurerm_key_vault_key.keys
}
output "secrets" {
  value = azurerm_key_vault_secret.secrets
}
output "secrets_resource_ids" {
  value = azurerm_key_vault_secret.secrets
}
