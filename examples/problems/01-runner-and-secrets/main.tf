data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "shop" {
  name     = "rg-shop"
  location = "westeurope"
}

resource "azurerm_key_vault" "shop" {
  name                          = "kv-shop-prod"
  location                      = azurerm_resource_group.shop.location
  resource_group_name           = azurerm_resource_group.shop.name
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  public_network_access_enabled = false

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}

resource "azurerm_key_vault_secret" "database" {
  name         = "database-password"
  value        = var.database_password
  key_vault_id = azurerm_key_vault.shop.id
}

variable "database_password" {
  type      = string
  sensitive = true
}
