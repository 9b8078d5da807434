use super::*;
use crate::model::{Model, identity};
use crate::syntax::json;

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
    let parsed = json::parse(PLAN);
    assert_eq!(parsed.problems, []);
    let file = crate::lang::File { id: FileId(0), path: "plan.json", parsed };
    let lowered = lower_plan(&file);
    let model = Model::new(lowered.resources, lowered.lists, false);
    assert_eq!((model.vaults.len(), model.endpoints.len(), model.zones.len()), (1, 1, 1));
    let vault = &model.vaults[0];
    assert_eq!(vault.resource.address, "module.vault.azurerm_key_vault.kv");
    assert!(vault.is_disabled().is_true());
    assert!(model.endpoints[0].connects_to(&vault.resource.id).is_true());
    let zones = model.zone_groups[0].zones();
    assert_eq!(zones.len(), 1, "{:?}", model.zone_groups[0].configs_value.normal());
    assert!(identity::same(&zones[0], &model.zones[0].resource.id).is_true());
}
