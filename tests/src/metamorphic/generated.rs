//! Random networks, in Bicep and in Terraform.

use super::Subject;
use vaultmoat_core::{Options, Profile};

/// Numbers that depend on a seed alone (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

const ADDRESSES: [&str; 6] =
    ["20.50.1.7", "20.60.0.0/16", "10.1.0.0/24", "0.0.0.0/0", "20.70.1.9/24", "192.0.2.1"];
const ZONES: [&str; 3] =
    ["privatelink.vaultcore.azure.net", "privatelink.vault.azure.net", "vault.azure.net"];

/// The network of a seed: even ones in Bicep, odd ones in Terraform.
pub fn network(seed: u64) -> Subject {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..8).for_each(|_| _ = chance.below(2));
    let is_bicep = seed.is_multiple_of(2);
    let (path, text) = match is_bicep {
        true => ("main.bicep", bicep(&mut chance)),
        false => ("main.tf", terraform(&mut chance)),
    };
    let options = Options { profile: Profile::Strict, complete: chance.below(4) == 0, ..Options::default() };
    Subject { name: format!("network {seed}"), files: vec![(path.to_owned(), text)], options }
}

fn bicep(chance: &mut Chance) -> String {
    let mut text = String::new();
    let networks = 1 + chance.below(2);
    for network in 0..networks {
        let endpoint =
            if chance.below(2) == 0 { "serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]" } else { "" };
        let servers = if chance.below(4) == 0 { "dhcpOptions: { dnsServers: ['10.0.0.4'] }" } else { "" };
        text.push_str(&format!(
            "resource net{network} 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'vnet-{network}'
  location: 'westeurope'
  properties: {{
    addressSpace: {{ addressPrefixes: ['10.{network}.0.0/16'] }}
    {servers}
    subnets: [
      {{
        name: 'apps'
        properties: {{
          addressPrefix: '10.{network}.1.0/24'
          {endpoint}
        }}
      }}
      {{
        name: 'endpoints'
        properties: {{ addressPrefix: '10.{network}.2.0/24' }}
      }}
    ]
  }}
}}
"
        ));
    }
    let zone = chance.of(&ZONES);
    text.push_str(&format!("resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{\n  name: '{zone}'\n  location: 'global'\n}}\n"));
    for network in 0..networks {
        if chance.below(3) > 0 {
            text.push_str(&format!(
                "resource link{network} 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {{
  parent: zone
  name: 'to-{network}'
  location: 'global'
  properties: {{
    registrationEnabled: {}
    virtualNetwork: {{ id: net{network}.id }}
  }}
}}
",
                chance.below(4) == 0
            ));
        }
    }
    for vault in 0..1 + chance.below(2) {
        let (access, action) =
            (chance.of(&["Enabled", "Disabled", "SecuredByPerimeter"]), chance.of(&["Allow", "Deny"]));
        let bypass = chance.of(&["AzureServices", "None"]);
        let (address, network) = (chance.of(&ADDRESSES), chance.below(networks));
        text.push_str(&format!(
            "resource kv{vault} 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-made-{vault}'
  location: 'westeurope'
  properties: {{
    tenantId: tenant().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    publicNetworkAccess: '{access}'
    networkAcls: {{
      defaultAction: '{action}'
      bypass: '{bypass}'
      ipRules: [{{ value: '{address}' }}]
      virtualNetworkRules: [{{ id: '${{net{network}.id}}/subnets/apps' }}]
    }}
  }}
}}
"
        ));
        if chance.below(3) > 0 {
            let group = chance.of(&["vault", "vaults"]);
            text.push_str(&format!(
                "resource pe{vault} 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: 'pe-{vault}'
  location: '{}'
  properties: {{
    subnet: {{ id: net{network}.properties.subnets[1].id }}
    privateLinkServiceConnections: [
      {{
        name: 'vault'
        properties: {{
          privateLinkServiceId: kv{vault}.id
          groupIds: ['{group}']
        }}
      }}
    ]
  }}
}}
",
                chance.of(&["westeurope", "northeurope"])
            ));
            if chance.below(3) > 0 {
                text.push_str(&format!(
                    "resource names{vault} 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {{
  parent: pe{vault}
  name: 'default'
  properties: {{
    privateDnsZoneConfigs: [
      {{
        name: 'vault'
        properties: {{ privateDnsZoneId: zone.id }}
      }}
    ]
  }}
}}
"
                ));
            }
        }
    }
    text
}

fn terraform(chance: &mut Chance) -> String {
    let mut text = String::from(
        "data \"azurerm_client_config\" \"current\" {}\n\nresource \"azurerm_resource_group\" \"rg\" {\n  name     = \"rg\"\n  location = \"westeurope\"\n}\n",
    );
    let networks = 1 + chance.below(2);
    for network in 0..networks {
        let endpoint =
            if chance.below(2) == 0 { "  service_endpoints    = [\"Microsoft.KeyVault\"]\n" } else { "" };
        let servers = if chance.below(4) == 0 { "  dns_servers         = [\"10.0.0.4\"]\n" } else { "" };
        text.push_str(&format!(
            "resource \"azurerm_virtual_network\" \"net{network}\" {{
  name                = \"vnet-{network}\"
  resource_group_name = azurerm_resource_group.rg.name
  location            = azurerm_resource_group.rg.location
  address_space       = [\"10.{network}.0.0/16\"]
{servers}}}
resource \"azurerm_subnet\" \"apps{network}\" {{
  name                 = \"apps\"
  resource_group_name  = azurerm_resource_group.rg.name
  virtual_network_name = azurerm_virtual_network.net{network}.name
  address_prefixes     = [\"10.{network}.1.0/24\"]
{endpoint}}}
resource \"azurerm_subnet\" \"endpoints{network}\" {{
  name                 = \"endpoints\"
  resource_group_name  = azurerm_resource_group.rg.name
  virtual_network_name = azurerm_virtual_network.net{network}.name
  address_prefixes     = [\"10.{network}.2.0/24\"]
}}
"
        ));
    }
    let zone = chance.of(&ZONES);
    text.push_str(&format!("resource \"azurerm_private_dns_zone\" \"zone\" {{\n  name                = \"{zone}\"\n  resource_group_name = azurerm_resource_group.rg.name\n}}\n"));
    for network in 0..networks {
        if chance.below(3) > 0 {
            text.push_str(&format!(
                "resource \"azurerm_private_dns_zone_virtual_network_link\" \"link{network}\" {{
  name                  = \"to-{network}\"
  resource_group_name   = azurerm_resource_group.rg.name
  private_dns_zone_name = azurerm_private_dns_zone.zone.name
  virtual_network_id    = azurerm_virtual_network.net{network}.id
}}
"
            ));
        }
    }
    for vault in 0..1 + chance.below(2) {
        let (action, bypass) = (chance.of(&["Allow", "Deny"]), chance.of(&["AzureServices", "None"]));
        let (address, network) = (chance.of(&ADDRESSES), chance.below(networks));
        text.push_str(&format!(
            "resource \"azurerm_key_vault\" \"kv{vault}\" {{
  name                          = \"kv-made-{vault}\"
  location                      = azurerm_resource_group.rg.location
  resource_group_name           = azurerm_resource_group.rg.name
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = \"standard\"
  public_network_access_enabled = {}
  network_acls {{
    default_action             = \"{action}\"
    bypass                     = \"{bypass}\"
    ip_rules                   = [\"{address}\"]
    virtual_network_subnet_ids = [azurerm_subnet.apps{network}.id]
  }}
}}
",
            chance.below(2) == 0
        ));
        if chance.below(3) > 0 {
            let group = match chance.below(3) {
                0 => "",
                _ => {
                    "  private_dns_zone_group {\n    name                 = \"default\"\n    private_dns_zone_ids = [azurerm_private_dns_zone.zone.id]\n  }\n"
                }
            };
            text.push_str(&format!(
                "resource \"azurerm_private_endpoint\" \"pe{vault}\" {{
  name                = \"pe-{vault}\"
  location            = azurerm_resource_group.rg.location
  resource_group_name = azurerm_resource_group.rg.name
  subnet_id           = azurerm_subnet.endpoints{network}.id
  private_service_connection {{
    name                           = \"vault\"
    private_connection_resource_id = azurerm_key_vault.kv{vault}.id
    subresource_names              = [\"{}\"]
    is_manual_connection           = false
  }}
{group}}}
",
                chance.of(&["vault", "vaults"])
            ));
        }
    }
    text
}
