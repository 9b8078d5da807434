//! What is measured, laid out as people write it.

use std::fmt::Write;

/// Vaults of [`arm`] in a megabyte.
pub const PER_MEGABYTE: usize = 500;
/// IP rules of each.
const RULES: usize = 20;

const HEAD: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "prefix": { "type": "string", "defaultValue": "contoso" },
    "location": { "type": "string", "defaultValue": "[resourceGroup().location]" }
  },
  "variables": { "tenantId": "[subscription().tenantId]" },
  "resources": ["#;

/// A text by its kind, as large as `count` says.
pub fn of(kind: &str, count: usize) -> Option<(&'static str, String)> {
    Some(match kind {
        "arm" => ("main.json", arm(count)),
        "bicep" => ("main.bicep", bicep(count)),
        "terraform" => ("main.tf", terraform(count)),
        "network" => ("main.json", network(count)),
        "rows" => ("rows.ndjson", rows(count)),
        kind => return crate::growth::of(kind.strip_suffix("-defaults")?, count),
    })
}

/// A template of vaults with IP rules each; every tenth vault is open to everyone.
fn arm(vaults: usize) -> String {
    let mut text = String::from(HEAD);
    for vault in 0..vaults {
        let comma = if vault == 0 { "" } else { "," };
        let action = if vault % 10 == 0 { "Allow" } else { "Deny" };
        let _ = write!(
            text,
            r#"{comma}
    {{
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "[format('{{0}}-{vault}', parameters('prefix'))]",
      "location": "[parameters('location')]",
      "properties": {{
        "tenantId": "[variables('tenantId')]",
        "sku": {{ "family": "A", "name": "standard" }},
        "enableRbacAuthorization": true,
        "enablePurgeProtection": true,
        "publicNetworkAccess": "Enabled",
        "networkAcls": {{
          "bypass": "AzureServices",
          "defaultAction": "{action}",
          "virtualNetworkRules": [],
          "ipRules": ["#
        );
        for rule in 0..RULES {
            let comma = if rule == 0 { "" } else { "," };
            let (a, b, c) = (20 + vault / 65_536, vault / 256 % 256, vault % 256);
            let _ = write!(
                text,
                r#"{comma}
            {{
              "value": "{a}.{b}.{c}.{}/32"
            }}"#,
                rule * 2 + 1
            );
        }
        text.push_str("\n          ]\n        }\n      }\n    }");
    }
    text.push_str("\n  ]\n}\n");
    text
}

/// A template of a network with vaults, each with an endpoint that is registered in a zone of the template, and with a
/// zone that is linked to the network.
fn network(vaults: usize) -> String {
    let mut text = String::from(HEAD);
    text.push_str(
        r#"
    {
      "type": "Microsoft.Network/virtualNetworks",
      "apiVersion": "2024-05-01",
      "name": "[concat(parameters('prefix'), '-hub')]",
      "location": "[parameters('location')]",
      "properties": {
        "addressSpace": { "addressPrefixes": ["10.0.0.0/8"] },
        "subnets": [{ "name": "endpoints", "properties": { "addressPrefix": "10.0.0.0/10" } }]
      }
    }"#,
    );
    for at in 0..vaults {
        let zone = zone(at);
        let _ = write!(
            text,
            r#",
    {{
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "[format('{{0}}-{at}', parameters('prefix'))]",
      "location": "[parameters('location')]",
      "properties": {{
        "tenantId": "[variables('tenantId')]",
        "sku": {{ "family": "A", "name": "standard" }},
        "enableRbacAuthorization": true,
        "enablePurgeProtection": true,
        "publicNetworkAccess": "Disabled"
      }}
    }},
    {{
      "type": "Microsoft.Network/privateEndpoints",
      "apiVersion": "2024-05-01",
      "name": "[format('{{0}}-pe-{at}', parameters('prefix'))]",
      "location": "[parameters('location')]",
      "properties": {{
        "subnet": {{
          "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', concat(parameters('prefix'), '-hub'), 'endpoints')]"
        }},
        "privateLinkServiceConnections": [
          {{
            "name": "vault",
            "properties": {{
              "privateLinkServiceId": "[resourceId('Microsoft.KeyVault/vaults', format('{{0}}-{at}', parameters('prefix')))]",
              "groupIds": ["vault"]
            }}
          }}
        ]
      }}
    }},
    {{
      "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
      "apiVersion": "2024-05-01",
      "name": "[format('{{0}}-pe-{at}/default', parameters('prefix'))]",
      "properties": {{
        "privateDnsZoneConfigs": [
          {{
            "name": "vault",
            "properties": {{ "privateDnsZoneId": "[resourceId('Microsoft.Network/privateDnsZones', '{vaultcore}')]" }}
          }}
        ]
      }}
    }},
    {{ "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01", "name": "{zone}", "location": "global" }},
    {{
      "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
      "apiVersion": "2024-06-01",
      "name": "{zone}/hub",
      "location": "global",
      "properties": {{
        "registrationEnabled": false,
        "virtualNetwork": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks', concat(parameters('prefix'), '-hub'))]" }}
      }}
    }}"#,
            vaultcore = self::zone(0)
        );
    }
    text.push_str("\n  ]\n}\n");
    text
}

/// The vaults' zone, and zones of others.
fn zone(at: usize) -> String {
    match at {
        0 => "privatelink.vaultcore.azure.net".to_owned(),
        _ => format!("zone{at}.contoso.com"),
    }
}

/// The same in Bicep; a vault with what belongs to it takes 40 lines.
fn bicep(vaults: usize) -> String {
    let mut text = String::from(
        r"@description('What all names start with.')
param prefix string = 'contoso'
param location string = resourceGroup().location
param allowed array

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${prefix}-hub'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/8'] }
    subnets: [{ name: 'endpoints', properties: { addressPrefix: '10.0.0.0/10' } }]
  }
}
",
    );
    for at in 0..vaults {
        let zone = zone(at);
        let _ = write!(
            text,
            r"
// Vault number {at}.
resource vault{at} 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: '${{prefix}}-kv-{at}'
  location: location
  properties: {{
    tenantId: subscription().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    enableRbacAuthorization: true
    enablePurgeProtection: true
    publicNetworkAccess: length(allowed) > 0 ? 'Enabled' : 'Disabled'
    networkAcls: {{
      bypass: 'AzureServices'
      defaultAction: 'Deny'
      ipRules: [for address in allowed: {{ value: address }}]
    }}
  }}
}}

resource endpoint{at} 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: '${{vault{at}.name}}-pe'
  location: location
  properties: {{
    subnet: {{ id: '${{network.id}}/subnets/endpoints' }}
    privateLinkServiceConnections: [
      {{ name: 'vault', properties: {{ privateLinkServiceId: vault{at}.id, groupIds: ['vault'] }} }}
    ]
  }}

  resource zones 'privateDnsZoneGroups' = {{
    name: 'default'
    properties: {{ privateDnsZoneConfigs: [{{ name: 'vault', properties: {{ privateDnsZoneId: zone0.id }} }}] }}
  }}
}}

resource zone{at} 'Microsoft.Network/privateDnsZones@2024-06-01' = {{
  name: '{zone}'
  location: 'global'

  resource hub 'virtualNetworkLinks' = {{
    name: 'hub'
    location: 'global'
    properties: {{ registrationEnabled: false, virtualNetwork: {{ id: network.id }} }}
  }}
}}
"
        );
    }
    text
}

/// The same for Terraform; a vault with what belongs to it takes 51 lines.
fn terraform(vaults: usize) -> String {
    let mut text = String::from(
        r#"variable "prefix" {
  type    = string
  default = "contoso"
}

variable "allowed" {
  type = list(string)
}

data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "hub" {
  name     = "${var.prefix}-hub"
  location = "westeurope"
}

resource "azurerm_virtual_network" "hub" {
  name                = "${var.prefix}-hub"
  resource_group_name = azurerm_resource_group.hub.name
  location            = azurerm_resource_group.hub.location
  address_space       = ["10.0.0.0/8"]
}

resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = azurerm_resource_group.hub.name
  virtual_network_name = azurerm_virtual_network.hub.name
  address_prefixes     = ["10.0.0.0/10"]
}
"#,
    );
    for at in 0..vaults {
        let zone = zone(at);
        let _ = write!(
            text,
            r#"
# Vault number {at}.
resource "azurerm_key_vault" "vault{at}" {{
  name                          = "${{var.prefix}}-kv-{at}"
  resource_group_name           = azurerm_resource_group.hub.name
  location                      = azurerm_resource_group.hub.location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  public_network_access_enabled = length(var.allowed) > 0

  network_acls {{
    bypass         = "AzureServices"
    default_action = "Deny"
    ip_rules       = var.allowed
  }}
}}

resource "azurerm_private_endpoint" "vault{at}" {{
  name                = "${{azurerm_key_vault.vault{at}.name}}-pe"
  resource_group_name = azurerm_resource_group.hub.name
  location            = azurerm_resource_group.hub.location
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {{
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.vault{at}.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }}

  private_dns_zone_group {{
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.zone0.id]
  }}
}}

resource "azurerm_private_dns_zone" "zone{at}" {{
  name                = "{zone}"
  resource_group_name = azurerm_resource_group.hub.name
}}

resource "azurerm_private_dns_zone_virtual_network_link" "zone{at}" {{
  name                  = "hub"
  resource_group_name   = azurerm_resource_group.hub.name
  private_dns_zone_name = azurerm_private_dns_zone.zone{at}.name
  virtual_network_id    = azurerm_virtual_network.hub.id
}}
"#
        );
    }
    text
}

/// What Azure lists of vaults, each with an endpoint, a network and a zone of its own.
fn rows(vaults: usize) -> String {
    let mut text = String::new();
    for at in 0..vaults {
        let group = format!("/subscriptions/9d4a2c1e-0000-4000-8000-000000000001/resourceGroups/rg-{at}");
        let row = |text: &mut String, kind: &str, name: &str, properties: &str| {
            let (first, last) = kind.split_once('+').unwrap_or((kind, ""));
            let id = match (last, name.split_once('/')) {
                ("", _) | (_, None) => format!("{group}/providers/{first}/{name}"),
                (last, Some((parent, name))) => format!("{group}/providers/{first}/{parent}/{last}/{name}"),
            };
            let name = name.rsplit('/').next().unwrap_or(name);
            let _ = writeln!(
                text,
                r#"{{"id":"{id}","name":"{name}","type":"{}","location":"westeurope","resourceGroup":"rg-{at}","properties":{properties}}}"#,
                kind.replace('+', "/").to_lowercase()
            );
        };
        let network = format!("{group}/providers/Microsoft.Network/virtualNetworks/vnet-{at}");
        let zone =
            format!("{group}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net");
        row(
            &mut text,
            "Microsoft.KeyVault/vaults",
            &format!("kv-{at}"),
            r#"{"tenantId":"9d4a2c1e-0000-4000-8000-000000000002","publicNetworkAccess":"Disabled","enableRbacAuthorization":true,"enablePurgeProtection":true,"provisioningState":"Succeeded"}"#,
        );
        row(
            &mut text,
            "Microsoft.Network/virtualNetworks",
            &format!("vnet-{at}"),
            &format!(
                r#"{{"addressSpace":{{"addressPrefixes":["10.0.0.0/16"]}},"subnets":[{{"id":"{network}/subnets/endpoints","name":"endpoints","properties":{{"addressPrefix":"10.0.1.0/24"}}}}]}}"#
            ),
        );
        row(
            &mut text,
            "Microsoft.Network/privateEndpoints",
            &format!("pe-{at}"),
            &format!(
                r#"{{"subnet":{{"id":"{network}/subnets/endpoints"}},"privateLinkServiceConnections":[{{"name":"vault","properties":{{"groupIds":["vault"],"privateLinkServiceId":"{group}/providers/Microsoft.KeyVault/vaults/kv-{at}","privateLinkServiceConnectionState":{{"status":"Approved"}}}}}}]}}"#
            ),
        );
        row(
            &mut text,
            "Microsoft.Network/privateDnsZones",
            "privatelink.vaultcore.azure.net",
            r#"{"numberOfRecordSets":2}"#,
        );
        row(
            &mut text,
            "Microsoft.Network/privateDnsZones+virtualNetworkLinks",
            "privatelink.vaultcore.azure.net/hub",
            &format!(r#"{{"registrationEnabled":false,"virtualNetwork":{{"id":"{network}"}}}}"#),
        );
        row(
            &mut text,
            "Microsoft.Network/privateEndpoints+privateDnsZoneGroups",
            &format!("pe-{at}/default"),
            &format!(
                r#"{{"privateDnsZoneConfigs":[{{"name":"vault","properties":{{"privateDnsZoneId":"{zone}"}}}}]}}"#
            ),
        );
    }
    text
}
