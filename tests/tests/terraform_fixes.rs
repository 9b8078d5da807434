//! Fixes as edits of HCL: what is around them stays as it is.

use vaultmoat_core::{Options, Profile, Project};

/// The text after the fixes of a rule, which then finds nothing any more.
fn mended(rule: &str, text: &str) -> String {
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    project.set("main.tf", text);
    let finds = |project: &Project| project.check().diagnostics.iter().any(|found| found.rule == rule);
    assert!(finds(&project), "{rule} finds nothing in\n{text}");
    let mut mended = text.to_owned();
    for file in project.fix(&[rule.to_owned()], true) {
        mended = file.text;
    }
    project.set("main.tf", &mended);
    let left = project.check().diagnostics;
    assert!(left.iter().all(|found| found.rule != rule && found.rule != "syntax"), "{mended}\n{left:#?}");
    mended
}

fn vault(inside: &str) -> String {
    format!(
        "resource \"azurerm_key_vault\" \"kv\" {{\n  name     = \"kv-prod\" # ours\n  sku_name = \"standard\"\n{inside}}}\n"
    )
}

#[test]
fn attributes_and_blocks_are_added() {
    assert_eq!(
        mended("public-vault", &vault("")),
        vault(
            "\n  network_acls {\n    bypass         = \"AzureServices\"\n    default_action = \"Deny\"\n  }\n"
        )
    );
    assert_eq!(
        mended("no-purge-protection", &vault("  tenant_id                = \"t\"\n")),
        vault("  tenant_id                = \"t\"\n  purge_protection_enabled = true\n")
    );
    let windows = vault("").replace('\n', "\r\n");
    assert_eq!(
        mended("no-purge-protection", &windows),
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
    assert_eq!(mended("public-vault", &acls("Allow", "")), acls("Deny", ""));
    assert_eq!(
        mended("ip-rule-host-bits", &acls("Deny", "\"20.50.7.41/24\", \"20.51.0.1\"")),
        acls("Deny", "\"20.50.7.0/24\", \"20.51.0.1\"")
    );
    assert_eq!(
        mended("redundant-ip-rule", &acls("Deny", "\"20.50.7.41\", \"20.50.7.41/32\"")),
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
    assert_eq!(mended("public-endpoint-enabled", &access("true")), access("false"));
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
        mended("wrong-dns-zone", &zone("privatelink.vault.azure.net")),
        zone("privatelink.vaultcore.azure.net")
    );
}

#[test]
fn what_is_computed_is_left_alone() {
    let text = "variable \"on\" {\n  default = true\n}\n".to_owned()
        + &vault(
            "  public_network_access_enabled = var.on\n  network_acls {\n    default_action = \"Deny\"\n    bypass         = \"None\"\n    ip_rules       = [\"20.50.7.41\"]\n  }\n",
        );
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    project.set("main.tf", &text);
    assert!(project.check().diagnostics.iter().any(|found| found.rule == "public-endpoint-enabled"));
    assert!(project.fix(&["public-endpoint-enabled".to_owned()], true).is_empty());
}
