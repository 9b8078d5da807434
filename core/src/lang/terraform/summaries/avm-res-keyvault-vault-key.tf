# What the module `Azure/avm-res-keyvault-vault/azurerm//modules/key` declares (F7.18).

variable "key_vault_resource_id" {}
variable "name" {}
variable "type" {}
variable "role_assignments" {
  type = map(object({
    role_definition_id_or_name = string
    principal_id               = string
    principal_type             = optional(string)
  }))
  default = {}
}

resource "azurerm_key_vault_key" "this" {
  name         = var.name
  key_vault_id = var.key_vault_resource_id
  key_type     = var.type
}

resource "azurerm_role_assignment" "this" {
  for_each             = var.role_assignments
  scope                = azurerm_key_vault_key.this.resource_versionless_id
  role_definition_id   = strcontains(lower(each.value.role_definition_id_or_name), "/roledefinitions/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(lower(each.value.role_definition_id_or_name), "/roledefinitions/") ? null : each.value.role_definition_id_or_name
  principal_id         = each.value.principal_id
  principal_type       = each.value.principal_type
}

output "id" {
  value = azurerm_key_vault_key.this.id
}
output "name" {
  value = azurerm_key_vault_key.this.name
}
output "resource_id" {
  value = azurerm_key_vault_key.this.resource_id
}
output "resource_versionless_id" {
  value = azurerm_key_vault_key.this.resource_versionless_id
}
output "versionless_id" {
  value = azurerm_key_vault_key.this.versionless_id
}
