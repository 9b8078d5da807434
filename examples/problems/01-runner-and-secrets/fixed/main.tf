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


resource "azapi_resource" "database" {
  type      = "Microsoft.KeyVault/vaults/secrets@2023-07-01"
  name      = "database-password"
  parent_id = azurerm_key_vault.shop.id
  body      = { properties = { value = var.database_password } }
}

variable "database_password" {
  type      = string
  sensitive = true
}
