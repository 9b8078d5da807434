# What the module `Azure/avm-res-keyvault-vault/azurerm//modules/secret` declares (F7.18).

variable "key_vault_resource_id" {}
variable "name" {}
variable "role_assignments" {
  type = map(object({
    role_definition_id_or_name = string
    principal_id               = string
    principal_type             = optional(string)
  }))
  default = {}
}

resource "azurerm_key_vault_secret" "this" {
  name         = var.name
  key_vault_id = var.key_vault_resource_id
}

resource "azurerm_role_assignment" "this" {
  for_each             = var.role_assignments
  scope                = azurerm_key_vault_secret.this.resource_versionless_id
  role_definition_id   = strcontains(lower(each.value.role_definition_id_or_name), "/roledefinitions/") ? each.value.role_definition_id_or_name : null
  role_definition_name = strcontains(lower(each.value.role_definition_id_or_name), "/roledefinitions/") ? null : each.value.role_definition_id_or_name
  principal_id         = each.value.principal_id
  principal_type       = each.value.principal_type
}

output "id" {
  value = azurerm_key_vault_secret.this.id
}
output "name" {
  value = azurerm_key_vault_secret.this.name
}
output "resource_id" {
  value = azurerm_key_vault_secret.this.resource_id
}
output "resource_versionless_id" {
  value = azurerm_key_vault_secret.this.resource_versionless_id
}
output "versionless_id" {
  value = azurerm_key_vault_secret.this.versionless_id
}
