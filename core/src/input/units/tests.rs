//! What is known of an environment that Azure itself shows.

use crate::eval::Value;
use crate::lang::{File, Lists, azure_json};
use crate::model::Model;
use crate::syntax::json;
use crate::text::FileId;

const GROUP: &str = "/subscriptions/0a/resourceGroups/rg/providers";

/// The model of Azure's own JSON in which `GROUP` is short for where everything lives.
fn model(text: &str) -> Model {
    let text = text.replace("GROUP", GROUP);
    let file = File::new(FileId(0), "shown.json", json::parse(&text));
    let lowered = azure_json::lower([&file], false);
    Model::new(lowered.resources, lowered.lists, false)
}

fn vault(connections: &str) -> String {
    format!(
        r#"{{ "id": "GROUP/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "Microsoft.KeyVault/vaults",
              "properties": {{ "tenantId": "t", "vaultUri": "u", "publicNetworkAccess": "Disabled",
                               "privateEndpointConnections": {connections} }} }}"#
    )
}

const ENDPOINT: &str = "GROUP/Microsoft.Network/privateEndpoints/pe";

fn statuses(model: &Model) -> Vec<String> {
    let of_vault = model.connections_of(&model.vaults[0]);
    assert!(of_vault.iter().all(|own| own.connects.is_true()), "{of_vault:?}");
    of_vault
        .iter()
        .flat_map(|own| &own.endpoint.connections)
        .map(|connection| connection.status.display())
        .collect()
}

#[test]
fn an_endpoint_that_only_the_vault_names_is_known_with_its_state() {
    let flat = format!(
        r#"[{{ "id": "c", "privateEndpoint": {{ "id": "{ENDPOINT}" }},
               "privateLinkServiceConnectionState": {{ "status": "Rejected" }} }}]"#
    );
    let wrapped = format!(
        r#"[{{ "id": "c", "properties": {{ "privateEndpoint": {{ "id": "{ENDPOINT}" }},
               "privateLinkServiceConnectionState": {{ "status": "Rejected" }} }} }}]"#
    );
    for connections in [flat, wrapped] {
        let model = model(&vault(&connections));
        assert_eq!(statuses(&model), ["Rejected"]);
        let endpoint = &model.endpoints[0];
        assert_eq!(endpoint.resource.address, "Microsoft.Network/privateEndpoints/pe");
        assert!(endpoint.resource.referenced && !endpoint.subnet.is_known());
        assert!(model.knows_endpoints_of(&model.vaults[0]));
    }
}

#[test]
fn an_endpoint_that_is_shown_too_is_one_and_speaks_for_itself() {
    let connections = format!(
        r#"[{{ "privateEndpoint": {{ "id": "{}" }}, "privateLinkServiceConnectionState": {{ "status": "Pending" }} }}]"#,
        ENDPOINT.to_lowercase().replace("group", "GROUP")
    );
    let endpoint = |state: &str| {
        format!(
            r#"{{ "id": "{ENDPOINT}", "name": "pe", "manualPrivateLinkServiceConnections": [],
                  "privateLinkServiceConnections": [{{ "groupIds": ["vault"],
                    "privateLinkServiceId": "GROUP/Microsoft.KeyVault/vaults/kv",
                    "privateLinkServiceConnectionState": {state} }}] }}"#
        )
    };
    let both = |state: &str| model(&format!("[{}, {}]", vault(&connections), endpoint(state)));
    assert_eq!(statuses(&both(r#"{ "status": "Approved" }"#)), ["Approved"]);
    assert_eq!(statuses(&both("null")), ["Pending"], "the vault knows where the endpoint does not say");
    assert_eq!(both("null").endpoints.len(), 1);
}

#[test]
fn connections_shown_beside_the_vault_are_its() {
    let connection = format!(
        r#"{{ "id": "GROUP/Microsoft.KeyVault/vaults/kv/privateEndpointConnections/c", "name": "c",
              "properties": {{ "privateEndpoint": {{ "id": "{ENDPOINT}" }},
                               "privateLinkServiceConnectionState": {{ "status": "Approved" }} }} }}"#
    );
    let listed = r#"{ "id": "GROUP/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "Microsoft.KeyVault/vaults" }"#;
    assert_eq!(statuses(&model(&format!("[{listed}, {connection}]"))), ["Approved"]);
    let alone = model(&connection);
    assert_eq!(alone.endpoints.len(), 1, "the endpoint exists, whether its vault is here or not");
}

#[test]
fn what_azure_says_is_missing_is_absent_and_what_was_not_asked_for_is_unknown() {
    let alone = model(&vault("null"));
    let vault_of = |model: &Model| model.vaults[0].clone();
    assert!(alone.connections_of(&vault_of(&alone)).is_empty());
    assert!(alone.knows_endpoints_of(&vault_of(&alone)), "the vault names none");
    assert!(!alone.knows("Microsoft.Network/privateDnsZones", None));
    let zones = r#"{ "id": "GROUP/Microsoft.Network/privateDnsZones/z", "name": "z", "location": "global" }"#;
    let listed = model(&format!("[{}, {zones}]", vault("null")));
    assert!(listed.knows("Microsoft.Network/privateDnsZones", None));
    assert!(!listed.knows("Microsoft.Network/privateDnsZones/virtualNetworkLinks", None));
    assert!(!listed.knows("Microsoft.Network/networkSecurityPerimeters/resourceAssociations", None));
}

#[test]
fn the_whole_environment_is_known_when_the_caller_says_so() {
    let model = Model::new(Vec::new(), Lists::default(), true);
    assert!(model.knows("Microsoft.Network/privateDnsZones", None));
}

#[test]
fn a_vault_whose_endpoints_are_not_shown_may_have_some() {
    let listed = r#"{ "id": "GROUP/Microsoft.KeyVault/vaults/kv", "name": "kv", "type": "Microsoft.KeyVault/vaults" }"#;
    let model = model(listed);
    assert!(!model.knows_endpoints_of(&model.vaults[0]));
}

#[test]
fn inline_subnets_in_azures_flattened_shape_are_read() {
    let model = model(
        r#"{ "id": "GROUP/Microsoft.Network/virtualNetworks/v", "name": "v", "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
             "subnets": [{ "id": "GROUP/Microsoft.Network/virtualNetworks/v/subnets/s", "name": "s",
                           "addressPrefix": "10.0.0.0/24", "serviceEndpoints": [{ "service": "Microsoft.KeyVault" }] }] }"#,
    );
    assert_eq!(model.subnets.len(), 1);
    assert!(model.subnets[0].has_vault_service_endpoint().is_true());
    let id = Value::text(format!("{GROUP}/Microsoft.Network/virtualNetworks/V/subnets/S"));
    assert!(model.subnets_of(&id).first().is_some_and(|(_, same)| same.is_true()));
}

#[test]
fn records_and_registrations_of_a_running_environment_are_read() {
    let model = model(
        r#"[{ "id": "GROUP/Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default", "name": "default",
              "privateDnsZoneConfigs": [{ "privateDnsZoneId": "GROUP/Microsoft.Network/privateDnsZones/z",
                "recordSets": [{ "fqdn": "kv.z", "ipAddresses": ["10.0.0.4"] }] }] },
            { "id": "GROUP/Microsoft.Network/privateDnsZones/z/A/kv", "name": "kv", "type": "Microsoft.Network/privateDnsZones/A",
              "aRecords": [{ "ipv4Address": "10.0.0.4" }], "ttl": 10 },
            { "id": "GROUP/Microsoft.Network/privateDnsZones/z/virtualNetworkLinks/l", "name": "l",
              "virtualNetwork": { "id": "GROUP/Microsoft.Network/virtualNetworks/v" }, "virtualNetworkLinkState": "InProgress" }]"#,
    );
    assert_eq!(model.zone_groups[0].record_sets()[0].as_array().map(<[_]>::len), Some(1));
    assert_eq!(model.records[0].addresses.items[0].value.get("ipv4Address").as_text(), Some("10.0.0.4"));
    assert_eq!(model.zone_links[0].state.as_text(), Some("InProgress"));
}
