//! Templates of any number of vaults whose names rest on the default of a parameter: each with a network and an endpoint,
//! every second one with a link of its network to the zone, so that half of them have a fix.

use std::fmt::Write as _;

/// The path and the text of a template in a language, `arm`, `bicep` or `terraform`.
pub fn of(language: &str, vaults: usize) -> Option<(&'static str, String)> {
    let (path, head, each, link, end): (_, _, Each, Each, _) = match language {
        "arm" => ("main.json", ARM, arm, arm_link, "] }\n"),
        "bicep" => ("main.bicep", BICEP, bicep, bicep_link, ""),
        "terraform" => ("main.tf", TERRAFORM, terraform, terraform_link, ""),
        _ => return None,
    };
    let mut text = head.to_owned();
    for at in 0..vaults {
        let is_linked = at % 2 == 0;
        let _ = write!(text, "{}{}", each(at), if is_linked { link(at) } else { String::new() });
    }
    text.push_str(end);
    Some((path, text))
}

type Each = fn(usize) -> String;

/// The first three bytes of a network's addresses.
fn range(at: usize) -> String {
    format!("10.{}.{}", at / 250, at % 250)
}

const ARM: &str = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0", "parameters": { "p": { "type": "string", "defaultValue": "kv" } }, "resources": [
{ "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01", "name": "privatelink.vaultcore.azure.net", "location": "global" }
"#;

fn arm(at: usize) -> String {
    let range = range(at);
    format!(
        r#",{{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "[format('{{0}}-net-{at}', parameters('p'))]", "location": "westeurope",
  "properties": {{ "addressSpace": {{ "addressPrefixes": ["{range}.0/24"] }}, "subnets": [{{ "name": "pe", "properties": {{ "addressPrefix": "{range}.0/25" }} }}] }} }}
,{{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "[format('{{0}}-shop-{at}', parameters('p'))]", "location": "westeurope",
  "properties": {{ "tenantId": "[tenant().tenantId]", "sku": {{ "family": "A", "name": "standard" }}, "publicNetworkAccess": "Disabled" }} }}
,{{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": "[format('{{0}}-pe-{at}', parameters('p'))]", "location": "westeurope",
  "properties": {{ "subnet": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', format('{{0}}-net-{at}', parameters('p')), 'pe')]" }},
  "privateLinkServiceConnections": [{{ "name": "c", "properties": {{ "privateLinkServiceId": "[resourceId('Microsoft.KeyVault/vaults', format('{{0}}-shop-{at}', parameters('p')))]", "groupIds": ["vault"] }} }}] }} }}
,{{ "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "apiVersion": "2024-05-01", "name": "[format('{{0}}-pe-{at}/default', parameters('p'))]",
  "properties": {{ "privateDnsZoneConfigs": [{{ "name": "c", "properties": {{ "privateDnsZoneId": "[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')]" }} }}] }} }}
"#
    )
}

fn arm_link(at: usize) -> String {
    format!(
        r#",{{ "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2024-06-01", "name": "[format('privatelink.vaultcore.azure.net/{{0}}-link-{at}', parameters('p'))]", "location": "global",
  "properties": {{ "registrationEnabled": false, "virtualNetwork": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks', format('{{0}}-net-{at}', parameters('p')))]" }} }} }}
"#
    )
}

const BICEP: &str = "param p string = 'kv'
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}
";

fn bicep(at: usize) -> String {
    let range = range(at);
    format!(
        "resource net{at} 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: '${{p}}-net-{at}'
  location: 'westeurope'
  properties: {{
    addressSpace: {{ addressPrefixes: ['{range}.0/24'] }}
    subnets: [{{ name: 'pe', properties: {{ addressPrefix: '{range}.0/25' }} }}]
  }}
}}
resource kv{at} 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: '${{p}}-shop-{at}'
  location: 'westeurope'
  properties: {{ tenantId: tenant().tenantId, sku: {{ family: 'A', name: 'standard' }}, publicNetworkAccess: 'Disabled' }}
}}
resource pe{at} 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: '${{p}}-pe-{at}'
  location: 'westeurope'
  properties: {{
    subnet: {{ id: net{at}.properties.subnets[0].id }}
    privateLinkServiceConnections: [{{ name: 'c', properties: {{ privateLinkServiceId: kv{at}.id, groupIds: ['vault'] }} }}]
  }}
  resource group 'privateDnsZoneGroups' = {{
    name: 'default'
    properties: {{ privateDnsZoneConfigs: [{{ name: 'c', properties: {{ privateDnsZoneId: zone.id }} }}] }}
  }}
}}
"
    )
}

fn bicep_link(at: usize) -> String {
    format!(
        "resource link{at} 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {{
  parent: zone
  name: '${{p}}-link-{at}'
  location: 'global'
  properties: {{ registrationEnabled: false, virtualNetwork: {{ id: net{at}.id }} }}
}}
"
    )
}

const TERRAFORM: &str = "variable \"p\" {
  default = \"kv\"
}
resource \"azurerm_private_dns_zone\" \"zone\" {
  name                = \"privatelink.vaultcore.azure.net\"
  resource_group_name = \"rg\"
}
";

fn terraform(at: usize) -> String {
    let range = range(at);
    format!(
        "resource \"azurerm_virtual_network\" \"net{at}\" {{
  name                = \"${{var.p}}-net-{at}\"
  location            = \"westeurope\"
  resource_group_name = \"rg\"
  address_space       = [\"{range}.0/24\"]
}}
resource \"azurerm_subnet\" \"subnet{at}\" {{
  name                 = \"${{var.p}}-subnet-{at}\"
  resource_group_name  = \"rg\"
  virtual_network_name = azurerm_virtual_network.net{at}.name
  address_prefixes     = [\"{range}.0/25\"]
}}
resource \"azurerm_key_vault\" \"kv{at}\" {{
  name                          = \"${{var.p}}-shop-{at}\"
  location                      = \"westeurope\"
  resource_group_name           = \"rg\"
  tenant_id                     = \"00000000-0000-0000-0000-000000000000\"
  sku_name                      = \"standard\"
  public_network_access_enabled = false
}}
resource \"azurerm_private_endpoint\" \"pe{at}\" {{
  name                = \"${{var.p}}-pe-{at}\"
  location            = \"westeurope\"
  resource_group_name = \"rg\"
  subnet_id           = azurerm_subnet.subnet{at}.id
  private_service_connection {{
    name                           = \"c\"
    private_connection_resource_id = azurerm_key_vault.kv{at}.id
    subresource_names              = [\"vault\"]
    is_manual_connection           = false
  }}
  private_dns_zone_group {{
    name                 = \"default\"
    private_dns_zone_ids = [azurerm_private_dns_zone.zone.id]
  }}
}}
"
    )
}

fn terraform_link(at: usize) -> String {
    format!(
        "resource \"azurerm_private_dns_zone_virtual_network_link\" \"link{at}\" {{
  name                  = \"${{var.p}}-link-{at}\"
  resource_group_name   = \"rg\"
  private_dns_zone_name = azurerm_private_dns_zone.zone.name
  virtual_network_id    = azurerm_virtual_network.net{at}.id
}}
"
    )
}
