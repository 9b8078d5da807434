//! Plans as `terraform show -json` prints them.

use vaultmoat_core::report::{Known, Proof};
use vaultmoat_core::{Language, Options, Project, identify};

const PLAN: &str = r#"{
  "format_version": "1.2", "terraform_version": "1.9.0",
  "planned_values": { "root_module": {
    "resources": [
      { "address": "azurerm_private_endpoint.pe[0]", "mode": "managed", "type": "azurerm_private_endpoint", "name": "pe",
        "values": { "name": "pe", "location": "westeurope", "resource_group_name": "rg",
          "subnet_id": "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s",
          "private_dns_zone_group": [{ "name": "default" }],
          "private_service_connection": [{ "name": "kv", "is_manual_connection": false, "subresource_names": ["vault"] }] } },
      { "address": "azurerm_private_dns_zone.zone", "mode": "managed", "type": "azurerm_private_dns_zone", "name": "zone",
        "values": { "name": "privatelink.vaultcore.azure.net", "resource_group_name": "rg" } }
    ],
    "child_modules": [ { "address": "module.vault", "resources": [
      { "address": "module.vault.azurerm_key_vault.kv", "mode": "managed", "type": "azurerm_key_vault", "name": "kv",
        "values": { "name": "kv-prod", "resource_group_name": "rg", "public_network_access_enabled": false } }
    ] } ]
  } },
  "resource_changes": [
    { "address": "azurerm_private_endpoint.pe[0]", "change": { "after_unknown": { "id": true,
      "private_dns_zone_group": [{ "id": true, "private_dns_zone_ids": true }],
      "private_service_connection": [{ "private_connection_resource_id": true, "subresource_names": [false] }] } } },
    { "address": "module.vault.azurerm_key_vault.kv", "change": { "after_unknown": { "id": true, "vault_uri": true } } }
  ],
  "configuration": { "root_module": {
    "resources": [ { "address": "azurerm_private_endpoint.pe", "mode": "managed", "type": "azurerm_private_endpoint", "name": "pe",
      "expressions": {
        "private_dns_zone_group": [{ "private_dns_zone_ids": { "references": ["azurerm_private_dns_zone.zone.id", "azurerm_private_dns_zone.zone"] } }],
        "private_service_connection": [{ "private_connection_resource_id": { "references": ["module.vault.id", "module.vault"] } }] } } ],
    "module_calls": { "vault": { "module": {
      "outputs": { "id": { "expression": { "references": ["azurerm_key_vault.kv.id", "azurerm_key_vault.kv"] } } },
      "resources": [ { "address": "azurerm_key_vault.kv", "expressions": { "name": { "constant_value": "kv-prod" } } } ] } } }
  } }
}"#;

#[test]
fn what_a_plan_does_not_know_yet_is_what_it_refers_to() {
    assert_eq!(identify("plan.json", PLAN), Some(Language::TerraformPlan));
    let mut project = Project::new(Options::default());
    project.set("plan.json", PLAN);
    let model = project.model();
    assert_eq!((model.vaults.len(), model.private_endpoints.len(), model.dns_zones.len()), (1, 1, 1));
    assert_eq!(model.vaults[0].address, "module.vault.azurerm_key_vault.kv");
    assert_eq!(model.vaults[0].public_network_access, Known::Text("Disabled".to_owned()));
    let links: Vec<_> = model
        .links
        .iter()
        .map(|link| (link.kind.as_str(), link.from.as_str(), link.to.as_str(), link.proof))
        .collect();
    let endpoint = "azurerm_private_endpoint.pe[0]";
    assert_eq!(
        links,
        [
            ("registers", endpoint, "azurerm_private_dns_zone.zone", Proof::Proved),
            ("connects", endpoint, "module.vault.azurerm_key_vault.kv", Proof::Proved),
        ]
    );
}

#[test]
fn a_state_knows_the_ids() {
    let state = r#"{ "format_version": "1.0", "terraform_version": "1.9.0", "values": { "root_module": { "resources": [
      { "address": "azurerm_key_vault.kv", "mode": "managed", "type": "azurerm_key_vault", "name": "kv",
        "values": { "id": "/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv", "name": "kv",
          "resource_group_name": "rg", "public_network_access_enabled": true, "network_acls": [] } },
      { "address": "azurerm_private_endpoint.pe", "mode": "managed", "type": "azurerm_private_endpoint", "name": "pe",
        "values": { "name": "pe", "resource_group_name": "rg", "private_service_connection": [{ "is_manual_connection": false,
          "subresource_names": ["vault"],
          "private_connection_resource_id": "/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv" }] } }
    ] } } }"#;
    let mut project = Project::new(Options::default());
    project.set("state.json", state);
    let found = project.check().diagnostics;
    assert!(found.iter().any(|found| found.rule == "open-despite-private-endpoint"), "{found:#?}");
}
