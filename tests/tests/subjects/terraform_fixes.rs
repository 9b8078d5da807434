//! Fixes as edits of HCL: the text around them does not change.

use vaultmoat_core::Project;
use vaultmoat_core::report::Severity;
use vaultmoat_tests::fixture::{load, strict};

/// The text after the fixes of a rule, which then finds nothing any more.
fn fixed(rule: &str, text: &str) -> String {
    let mut project = load(strict(), [("main.tf", text)]);
    let finds = |project: &Project| project.check().diagnostics.iter().any(|found| found.rule == rule);
    assert!(finds(&project), "{rule} finds nothing in\n{text}");
    let mut fixed = text.to_owned();
    for file in project.fix(&[rule.to_owned()], true) {
        fixed = file.text;
    }
    project.set("main.tf", &fixed);
    let left = project.check().diagnostics;
    assert!(left.iter().all(|found| found.rule != rule && found.rule != "syntax"), "{fixed}\n{left:#?}");
    fixed
}

fn vault(inside: &str) -> String {
    format!(
        "resource \"azurerm_key_vault\" \"kv\" {{\n  name     = \"kv-prod\" # ours\n  sku_name = \"standard\"\n{inside}}}\n"
    )
}

#[test]
fn attributes_and_blocks_are_added() {
    assert_eq!(
        fixed("public-vault", &vault("")),
        vault(
            "\n  network_acls {\n    bypass         = \"AzureServices\"\n    default_action = \"Deny\"\n  }\n"
        )
    );
    assert_eq!(
        fixed("no-purge-protection", &vault("  tenant_id                = \"t\"\n")),
        vault("  tenant_id                = \"t\"\n  purge_protection_enabled = true\n")
    );
    let windows = vault("").replace('\n', "\r\n");
    assert_eq!(
        fixed("no-purge-protection", &windows),
        vault("  purge_protection_enabled = true\n").replace('\n', "\r\n")
    );
}

#[test]
fn values_are_replaced_as_the_provider_has_them() {
    let acls = |action: &str, rules: &str| {
        vault(&format!(
            "  network_acls {{\n    default_action = \"{action}\"\n    bypass         = \"None\"\n    ip_rules       = [{rules}]\n  }}\n"
        ))
    };
    assert_eq!(fixed("public-vault", &acls("Allow", "")), acls("Deny", ""));
    assert_eq!(
        fixed("ip-rule-host-bits", &acls("Deny", "\"20.50.7.41/24\", \"20.51.0.1\"")),
        acls("Deny", "\"20.50.7.0/24\", \"20.51.0.1\"")
    );
    assert_eq!(
        fixed("redundant-ip-rule", &acls("Deny", "\"20.50.7.41\", \"20.50.7.41/32\"")),
        acls("Deny", "\"20.50.7.41\"")
    );
    let access = |flag: &str| {
        let endpoint = r#"resource "azurerm_private_endpoint" "pe" {
  name      = "pe"
  subnet_id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
  private_service_connection {
    name                           = "kv"
    private_connection_resource_id = azurerm_key_vault.kv.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }
}
"#;
        let flag = format!("\n  public_network_access_enabled = {flag}\n  network_acls");
        acls("Deny", "").replace("\n  network_acls", &flag) + endpoint
    };
    assert_eq!(fixed("public-endpoint-enabled", &access("true")), access("false"));
}

#[test]
fn names_are_written_differently_wherever_they_stand() {
    let zone = |name: &str| {
        format!(
            r#"resource "azurerm_private_dns_zone" "zone" {{
  name                = "{name}"
  resource_group_name = "rg"
}}
resource "azurerm_private_endpoint" "pe" {{
  name      = "pe"
  subnet_id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
  private_service_connection {{
    name                           = "kv"
    private_connection_resource_id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }}
  private_dns_zone_group {{
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.zone.id]
  }}
}}
"#
        )
    };
    assert_eq!(
        fixed("wrong-dns-zone", &zone("privatelink.vault.azure.net")),
        zone("privatelink.vaultcore.azure.net")
    );
}

#[test]
fn what_is_computed_is_left_alone() {
    let text = "variable \"on\" {\n  default = true\n}\n".to_owned()
        + &vault(
            "  public_network_access_enabled = var.on\n  network_acls {\n    default_action = \"Deny\"\n    bypass         = \"None\"\n    ip_rules       = [\"20.50.7.41\"]\n  }\n",
        );
    let project = load(strict(), [("main.tf", &text)]);
    assert!(project.check().diagnostics.iter().any(|found| found.rule == "public-endpoint-enabled"));
    assert!(project.fix(&["public-endpoint-enabled".to_owned()], true).is_empty());
}

/// What the fixes of a rule make of the files that they change.
fn mended_files(rule: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut project = load(strict(), files.iter().map(|(path, text)| (path, text)));
    let findings = |project: &Project| -> Vec<String> {
        let found = project.check().diagnostics.into_iter();
        let found = found.filter(|found| found.rule == rule || found.severity != Severity::Info);
        found.map(|found| format!("{}: {}", found.rule, found.message)).collect()
    };
    let before = findings(&project);
    assert!(before.iter().any(|found| found.starts_with(rule)), "{rule} finds nothing\n{before:#?}");
    let changed = project.fix(&[rule.to_owned()], true);
    for file in &changed {
        project.set(&file.file, &file.text);
    }
    for found in findings(&project) {
        // A vault that was open to everybody and names nobody is closed to everybody.
        let follows = rule == "public-vault" && found.starts_with("locked-out-vault");
        let is_worse = found.starts_with(rule) || !(before.contains(&found) || follows);
        assert!(!is_worse, "{found}\n{changed:#?}");
    }
    changed.into_iter().map(|file| (file.file, file.text)).collect()
}

const NETWORK: &str = r#"resource "azurerm_virtual_network" "hub" {
  name                = "hub"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.hub.name
  address_prefixes     = ["10.0.1.0/24"]
}
"#;

const CLOSED: &str = r#"resource "azurerm_key_vault" "kv" {
  name                          = "kv-prod"
  location                      = "westeurope"
  resource_group_name           = "rg"
  sku_name                      = "standard"
  tenant_id                     = "t"
  public_network_access_enabled = false
}
"#;

fn endpoint(head: &str, inside: &str) -> String {
    format!(
        r#"resource "azurerm_private_endpoint" "kv" {{
{head}  name                = "pe-kv"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {{
    name                           = "kv"
    private_connection_resource_id = azurerm_key_vault.kv.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }}
{inside}}}
"#
    )
}

fn zone(head: &str) -> String {
    format!(
        r#"resource "azurerm_private_dns_zone" "vault" {{
{head}  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = "dns"
}} # one for all
"#
    )
}

const GROUP: &str = r#"
  private_dns_zone_group {
    name                 = "vault"
    private_dns_zone_ids = [azurerm_private_dns_zone.vault.id]
  }
"#;

fn link(head: &str, index: &str) -> String {
    format!(
        r#"
resource "azurerm_private_dns_zone_virtual_network_link" "vault_hub" {{
{head}  name                 = azurerm_virtual_network.hub.name
  private_dns_zone_id  = azurerm_private_dns_zone.vault{index}.id
  registration_enabled = false
  virtual_network_id   = azurerm_virtual_network.hub.id
}}
"#
    )
}

#[test]
fn links_are_added_behind_their_zone_whichever_files_the_module_has() {
    let main = CLOSED.to_owned() + "\n" + &endpoint("", GROUP);
    let changed = mended_files(
        "unlinked-dns-zone",
        &[("infra/main.tf", &main), ("infra/net.tf", NETWORK), ("infra/dns.tf", &zone(""))],
    );
    assert_eq!(changed, [("infra/dns.tf".to_owned(), zone("") + &link("", ""))]);
}

#[test]
fn a_link_is_written_as_the_version_of_the_provider_has_it() {
    let required = |version: &str| {
        format!("terraform {{\n  required_providers {{\n    azurerm = \"{version}\"\n  }}\n}}\n\n")
    };
    let main = CLOSED.to_owned() + "\n" + &endpoint("", GROUP) + NETWORK;
    for (version, by_id) in
        [("~> 4.0", false), (">= 4.0, < 5.0.0", false), (">= 4.0", true), ("~> 5.1", true)]
    {
        let changed = mended_files(
            "unlinked-dns-zone",
            &[("main.tf", &(required(version) + &main)), ("dns.tf", &zone(""))],
        );
        let [(_, text)] = changed.as_slice() else { panic!("{changed:#?}") };
        assert_eq!(
            text.contains("  private_dns_zone_id  = azurerm_private_dns_zone.vault.id\n"),
            by_id,
            "{text}"
        );
        let by_name = "  resource_group_name   = azurerm_private_dns_zone.vault.resource_group_name\n  private_dns_zone_name = azurerm_private_dns_zone.vault.name\n";
        assert_eq!(text.contains(by_name), !by_id, "{text}");
    }
}

#[test]
fn what_is_added_is_there_whenever_what_it_belongs_to_is() {
    let count = "  count               = var.private ? 1 : 0\n";
    let variable = "variable \"private\" {\n  default = true\n}\n";
    let main =
        CLOSED.to_owned() + &endpoint("", &GROUP.replace("vault.id", "vault[0].id")) + NETWORK + variable;
    let changed = mended_files("unlinked-dns-zone", &[("main.tf", &main), ("dns.tf", &zone(count))]);
    let head = "  count = var.private ? 1 : 0\n\n";
    assert_eq!(changed, [("dns.tf".to_owned(), zone(count) + &link(head, "[0]"))]);
}

#[test]
fn zone_groups_are_blocks_of_their_endpoint() {
    let main = |group: &str| CLOSED.to_owned() + "\n" + &endpoint("", group) + NETWORK;
    let own = |group: &str, link: &str| main(group) + &zone("") + link;
    let group = GROUP.replace("name                 = \"vault\"", "name                 = \"default\"");
    assert_eq!(
        mended_files("no-dns-registration", &[("main.tf", &own("", ""))]),
        [("main.tf".to_owned(), own(&group, &link("", "")))]
    );
    let count = "  count               = local.private ? 1 : 0\n";
    let counted = |group: &str| {
        CLOSED.to_owned() + &endpoint(count, group) + NETWORK + "locals {\n  private = true\n}\n"
    };
    let [(path, text)] = &mended_files(
        "no-dns-registration",
        &[
            ("main.tf", &counted("")),
            ("dns.tf", &(zone(count) + &link("  count = local.private ? 1 : 0\n", "[0]"))),
        ],
    )[..] else {
        panic!("one file")
    };
    assert_eq!((path.as_str(), text), ("main.tf", &counted(&group.replace("vault.id", "vault[0].id"))));
}

#[test]
fn nothing_is_added_that_terraform_could_not_refer_to() {
    let refused = |files: &[(&str, &str)]| {
        let project = load(strict(), files.iter().map(|(path, text)| (path, text)));
        let found = project.check().diagnostics;
        assert!(found.iter().any(|found| found.rule == "no-dns-registration"), "{found:#?}");
        assert_eq!(project.fix(&["no-dns-registration".to_owned()], true), []);
    };
    let main = CLOSED.to_owned() + &endpoint("", "") + NETWORK;
    let looped = zone("  for_each            = toset([\"a\"])\n");
    refused(&[("main.tf", &(main.clone() + &looped))]);
    // The zone waits for the endpoint.
    let after = zone("  depends_on          = [azurerm_private_endpoint.kv]\n");
    refused(&[("main.tf", &(main.clone() + &after))]);
    let through = zone("  tags                = local.tags\n")
        + "locals {\n  tags = { endpoint = azurerm_private_endpoint.kv.name }\n}\n";
    refused(&[("main.tf", &(main.clone() + &through))]);
    // The zone is another module's.
    let call = "module \"dns\" {\n  source = \"./dns\"\n}\n";
    refused(&[("main.tf", &(main.clone() + call)), ("dns/main.tf", &zone(""))]);
}

#[test]
fn a_module_that_is_called_is_mended_where_it_is_written() {
    let call = "module \"kv\" {\n  source = \"./kv\"\n}\n";
    let main = CLOSED.to_owned() + "\n" + &endpoint("", GROUP) + NETWORK;
    assert_eq!(
        mended_files(
            "unlinked-dns-zone",
            &[("main.tf", call), ("kv/main.tf", &main), ("kv/dns.tf", &zone(""))]
        ),
        [("kv/dns.tf".to_owned(), zone("") + &link("", ""))]
    );
}

#[test]
fn an_argument_is_changed_where_the_module_passes_it_on() {
    let call = |flag: &str| format!("module \"kv\" {{\n  source = \"./kv\"\n  public = {flag}\n}}\n");
    let inner =
        "variable \"public\" {}\nmodule \"vault\" {\n  source = \"../vault\"\n  open   = var.public\n}\n";
    let vault = CLOSED.replace("enabled = false", "enabled = var.open")
        + "variable \"open\" {}\nresource \"azurerm_virtual_network\" \"v\" {\n  name = \"v\"\n}\n";
    let vault = vault.replace(
        "  public_network",
        "  network_acls {\n    default_action = \"Deny\"\n    bypass = \"None\"\n  }\n  public_network",
    ) + &endpoint("", "")
        + NETWORK;
    let files = |flag: &str| -> Vec<(&'static str, String)> {
        vec![("main.tf", call(flag)), ("kv/main.tf", inner.to_owned()), ("vault/main.tf", vault.clone())]
    };
    let given = files("true");
    let given: Vec<(&str, &str)> = given.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(mended_files("public-endpoint-enabled", &given), [("main.tf".to_owned(), call("false"))]);
}

#[test]
fn arguments_of_a_known_module_are_changed_and_given() {
    let call = |inside: &str| {
        format!(
            "module \"kv\" {{\n  source              = \"Azure/avm-res-keyvault-vault/azurerm\"\n  name                = \"kv\"\n  location            = \"westeurope\"\n  resource_group_name = \"rg\"\n  tenant_id           = \"t\"\n{inside}}}\n"
        )
    };
    let one = |rule: &str, before: &str, after: &str| {
        assert_eq!(
            mended_files(rule, &[("main.tf", &call(before))]),
            [("main.tf".to_owned(), call(after))],
            "{rule}"
        );
    };
    one("no-purge-protection", "  purge_protection_enabled = false\n", "  purge_protection_enabled = true\n");
    let acls = |action: &str| format!("  network_acls = {{\n    default_action = \"{action}\"\n  }}\n");
    one("public-vault", &acls("Allow"), &acls("Deny"));
    let endpoints = "  private_endpoints = {\n    one = { subnet_resource_id = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s\" }\n  }\n";
    let off = endpoints.to_owned() + "  public_network_access_enabled = false\n";
    one("public-endpoint-enabled", endpoints, &off);
    let flag = |flag: &str| format!("  public_network_access_enabled = {flag} # for now\n{endpoints}");
    one("public-endpoint-enabled", &flag("true"), &flag("false"));
}

#[test]
fn rules_for_subnets_refer_to_them() {
    let app = |rules: &str, subnet: &str| {
        format!(
            r#"resource "azurerm_key_vault" "kv" {{
  name = "kv"
  network_acls {{
    default_action = "Deny"
    bypass         = "None"
    ip_rules       = ["20.50.7.41"]
{rules}  }}
}}
{NETWORK}
resource "azurerm_subnet" "apps" {{
  name                 = "apps"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.hub.name
  address_prefixes     = ["10.0.2.0/24"]
  service_endpoints    = ["Microsoft.KeyVault"]
{subnet}  delegation {{
    name = "web"
    service_delegation {{
      name = "Microsoft.Web/serverFarms"
    }}
  }}
}}
resource "azurerm_linux_web_app" "app" {{
  name                      = "app"
  resource_group_name       = "rg"
  service_plan_id           = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/serverFarms/p"
  virtual_network_subnet_id = azurerm_subnet.apps.id
  app_settings = {{
    SECRET = "@Microsoft.KeyVault(VaultName=kv;SecretName=s)"
  }}
}}
"#
        )
    };
    let own = "azurerm_subnet.apps.id";
    let by = |rules: &str| format!("    virtual_network_subnet_ids = [{rules}]\n");
    assert_eq!(fixed("service-endpoint-hides-ip", &app("", "")), app(&by(own), ""));
    let other =
        "\"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/x\"";
    assert_eq!(
        fixed("service-endpoint-hides-ip", &app(&by(other), "")),
        app(&by(&format!("{other}, {own}")), "")
    );
    // The subnet waits for the vault.
    let project = load(strict(), [("main.tf", &app("", "  depends_on = [azurerm_key_vault.kv]\n"))]);
    assert!(project.check().diagnostics.iter().any(|found| found.rule == "service-endpoint-hides-ip"));
    assert!(project.fix(&["service-endpoint-hides-ip".to_owned()], true).is_empty());
}
