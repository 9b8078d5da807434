//! DNS servers of a network that are resources of the files: inbound endpoints of resolvers, and firewalls that are proxies.

use super::check;
use vaultmoat_core::Options;
use vaultmoat_core::report::Outcome;
use vaultmoat_tests::fixture::load;

const FIREWALL: &str = "azurerm_firewall.fw.ip_configuration[0].private_ip_address";
const INBOUND: &str =
    "azurerm_private_dns_resolver_inbound_endpoint.in.ip_configurations[0].private_ip_address";

/// A hub with a firewall, a network `dns` with a resolver, and one of clients that asks the server; the zone is linked to one.
fn terraform(server: &str, policy: &str, linked: &str) -> String {
    let network = |name: &str, number: u8, more: &str| {
        format!(
            "resource \"azurerm_virtual_network\" \"{name}\" {{\n  name = \"{name}\"\n  location = \"westeurope\"\n  \
             resource_group_name = \"rg\"\n  address_space = [\"10.{number}.0.0/16\"]\n  {more}\n}}\n"
        )
    };
    let subnet = |label: &str, name: &str, network: &str, number: u8| {
        format!(
            "resource \"azurerm_subnet\" \"{label}\" {{\n  name = \"{name}\"\n  resource_group_name = \"rg\"\n  \
             virtual_network_name = azurerm_virtual_network.{network}.name\n  address_prefixes = [\"10.{number}.0.0/24\"]\n}}\n"
        )
    };
    let peering = |from: &str, to: &str| {
        format!(
            "resource \"azurerm_virtual_network_peering\" \"{from}_{to}\" {{\n  name = \"{to}\"\n  resource_group_name = \"rg\"\n  \
             virtual_network_name = azurerm_virtual_network.{from}.name\n  \
             remote_virtual_network_id = azurerm_virtual_network.{to}.id\n}}\n"
        )
    };
    [
        network("hub", 0, ""),
        network("dns", 1, ""),
        network("spoke", 2, &format!("dns_servers = [{server}]")),
        subnet("fw", "AzureFirewallSubnet", "hub", 0),
        subnet("in", "inbound", "dns", 1),
        subnet("apps", "apps", "spoke", 2),
        peering("hub", "spoke"),
        peering("spoke", "hub"),
        format!(
            r#"
resource "azurerm_firewall_policy" "fw" {{
  name                = "policy"
  location            = "westeurope"
  resource_group_name = "rg"
  {policy}
}}
resource "azurerm_firewall" "fw" {{
  name                = "fw"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "AZFW_VNet"
  sku_tier            = "Standard"
  firewall_policy_id  = azurerm_firewall_policy.fw.id
  ip_configuration {{
    name      = "ip"
    subnet_id = azurerm_subnet.fw.id
  }}
}}
resource "azurerm_private_dns_resolver" "r" {{
  name                = "r"
  location            = "westeurope"
  resource_group_name = "rg"
  virtual_network_id  = azurerm_virtual_network.dns.id
}}
resource "azurerm_private_dns_resolver_inbound_endpoint" "in" {{
  name                    = "in"
  location                = "westeurope"
  private_dns_resolver_id = azurerm_private_dns_resolver.r.id
  ip_configurations {{
    subnet_id = azurerm_subnet.in.id
  }}
}}
resource "azurerm_private_dns_zone" "kv" {{
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = "rg"
}}
resource "azurerm_private_dns_zone_virtual_network_link" "kv" {{
  name                = "link"
  private_dns_zone_id = azurerm_private_dns_zone.kv.id
  virtual_network_id  = azurerm_virtual_network.{linked}.id
}}
resource "azurerm_key_vault" "kv" {{
  name                          = "kv-contoso"
  location                      = "westeurope"
  resource_group_name           = "rg"
  tenant_id                     = "00000000-0000-0000-0000-000000000000"
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  public_network_access_enabled = false
}}
resource "azurerm_private_endpoint" "pe" {{
  name                = "pe"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = azurerm_subnet.apps.id
  private_service_connection {{
    name                           = "kv"
    private_connection_resource_id = azurerm_key_vault.kv.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }}
  private_dns_zone_group {{
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.kv.id]
  }}
}}
"#
        ),
    ]
    .concat()
}

/// What becomes of a client in the network, and what `check` says of its DNS.
fn answer(text: &str) -> (Outcome, Vec<String>) {
    let files = [("main.tf", text)];
    let outcome =
        load(Options::default(), files).explain(None, "subnet:spoke/apps").expect("a subnet").outcome;
    let said = check(&files).diagnostics.into_iter();
    let of_dns = |rule: &String| ["custom-dns-bypasses-zone", "unlinked-dns-zone"].contains(&rule.as_str());
    (outcome, said.map(|found| found.rule).filter(of_dns).collect())
}

#[test]
fn a_server_that_is_a_resource_of_the_files_is_followed() {
    let to_resolver = format!("dns {{\n    proxy_enabled = true\n    servers       = [{INBOUND}]\n  }}");
    let proxy = "dns {\n    proxy_enabled = true\n  }";
    let fixed = "\"10.0.0.4\"";
    for (server, policy, linked) in [
        (INBOUND, "", "dns"),
        (FIREWALL, &*to_resolver, "dns"),
        (FIREWALL, proxy, "hub"),
        (fixed, proxy, "hub"),
        (FIREWALL, "dns {\n    proxy_enabled = true\n    servers       = [\"168.63.129.16\"]\n  }", "hub"),
    ] {
        let text = terraform(server, policy, linked);
        assert_eq!(answer(&text), (Outcome::Allowed, Vec::new()), "{server} {policy} {linked}");
    }
    // The zone is linked to the clients' network, whose servers ask elsewhere.
    for (server, policy) in [(INBOUND, ""), (FIREWALL, &*to_resolver), (FIREWALL, proxy)] {
        let (outcome, said) = answer(&terraform(server, policy, "spoke"));
        assert_eq!(
            (outcome, said),
            (Outcome::Denied, vec!["custom-dns-bypasses-zone".to_owned()]),
            "{server} {policy}"
        );
    }
}

#[test]
fn what_a_firewall_answers_that_is_not_known_to_be_a_proxy_is_open() {
    for policy in ["", "dns {\n    proxy_enabled = var.proxy\n  }", "base_policy_id = var.base"] {
        for linked in ["hub", "spoke"] {
            let text = terraform(FIREWALL, policy, linked)
                + "variable \"proxy\" {\n  type = bool\n}\nvariable \"base\" {\n  type = string\n}\n";
            assert_eq!(answer(&text), (Outcome::Depends, Vec::new()), "{policy} {linked}");
        }
    }
}
