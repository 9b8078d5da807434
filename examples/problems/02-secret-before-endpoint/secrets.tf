resource "azurerm_key_vault_secret" "database" {
  name         = "database-password"
  value        = var.database_password
  key_vault_id = azurerm_key_vault.shop.id
}

variable "database_password" {
  type      = string
  sensitive = true
}
