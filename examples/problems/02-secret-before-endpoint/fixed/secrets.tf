resource "azurerm_key_vault_secret" "database" {
  name         = "database-password"
  value        = var.database_password
  key_vault_id = azurerm_key_vault.shop.id

  depends_on = [
    azurerm_private_endpoint.vault,
    azurerm_private_dns_zone_virtual_network_link.vaults,
  ]
}

variable "database_password" {
  type      = string
  sensitive = true
}
