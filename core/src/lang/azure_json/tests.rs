//! Each shape in which Azure prints a network, in small.

use super::rows::is_azure as is_azure_json;
use super::{File, lower};
use crate::eval::Value;
use crate::lang::{Lowered, Problem, ProblemKind, Resource};
use crate::syntax::json;
use crate::text::FileId;
use proptest::prelude::{prop_assert, proptest};

const GROUP: &str = "/subscriptions/0a/resourceGroups/rg-net/providers";

fn read(text: &str) -> Lowered {
    let file = File::new(FileId(0), "shown.json", json::parse(text));
    let mut lowered = lower([&file], false);
    // What is only named is `cases::input`.
    lowered.resources.retain(|resource| !resource.referenced);
    lowered
}

/// The only resource of a text in which `GROUP` is short for where it lives.
fn one(text: &str) -> Resource {
    let mut resources = read(&text.replace("GROUP", GROUP)).resources;
    assert_eq!(resources.len(), 1, "{resources:?}");
    resources.remove(0)
}

fn property(resource: &Resource, path: &[&str]) -> Value {
    resource.body.get("properties").path(path)
}

fn is_azure(text: &str) -> bool {
    let text = text.replace("GROUP", GROUP);
    json::parse(&text).root.is_some_and(|root| is_azure_json(&root))
}

const VAULT: &str = r#"{
  "id": "GROUP/Microsoft.KeyVault/vaults/kv-a",
  "location": "westeurope",
  "name": "kv-a",
  "properties": {
    "networkAcls": null,
    "privateEndpointConnections": null,
    "publicNetworkAccess": "Enabled",
    "sku": { "family": "A", "name": "standard" },
    "tenantId": "11111111-1111-1111-1111-111111111111",
    "vaultUri": "https://kv-a.vault.azure.net/"
  },
  "resourceGroup": "rg-net",
  "systemData": null,
  "tags": {},
  "type": "Microsoft.KeyVault/vaults"
}"#;

const ENDPOINT: &str = r#"{
  "customDnsConfigs": [],
  "etag": "W/\"1\"",
  "id": "GROUP/Microsoft.Network/privateEndpoints/pe-a",
  "ipConfigurations": [],
  "location": "westeurope",
  "manualPrivateLinkServiceConnections": [],
  "name": "pe-a",
  "privateLinkServiceConnections": [
    {
      "groupIds": ["vault"],
      "name": "pe-a",
      "privateLinkServiceConnectionState": { "actionsRequired": "None", "status": "Approved" },
      "privateLinkServiceId": "GROUP/Microsoft.KeyVault/vaults/kv-a"
    }
  ],
  "provisioningState": "Succeeded",
  "subnet": { "id": "GROUP/Microsoft.Network/virtualNetworks/vnet/subnets/pe", "resourceGroup": "rg-net" },
  "type": "Microsoft.Network/privateEndpoints"
}"#;

#[test]
fn a_vault_is_addressed_by_type_and_name_and_keeps_its_places() {
    let vault = one(VAULT);
    assert_eq!(vault.address, "Microsoft.KeyVault/vaults/kv-a");
    assert_eq!(vault.id.as_text(), Some(format!("{GROUP}/Microsoft.KeyVault/vaults/kv-a").as_str()));
    assert!(vault.condition.is_true().is_true() && !vault.referenced && vault.api_version.is_null());
    let text = VAULT.replace("GROUP", GROUP);
    let acls = property(&vault, &["networkAcls"]);
    let place = acls.place.expect("a place");
    assert!(acls.is_null());
    assert_eq!(text.get(place.span.start as usize..place.span.end as usize), Some("null"));
    // A part that is missing is reported at the key of what it is missing from.
    let missing = property(&vault, &["enableRbacAuthorization"]).place.expect("a place");
    let written = text.get(missing.span.start as usize..missing.span.end as usize);
    assert_eq!(written, Some("\"properties\""));
}

#[test]
fn a_vault_that_names_no_connections_has_none() {
    assert_eq!(property(&one(VAULT), &["privateEndpointConnections"]).as_array().map(<[_]>::len), Some(0));
    // Answers of an API version that does not know them tell nothing.
    let old = VAULT.replace(r#""publicNetworkAccess": "Enabled","#, "");
    let old = old.replace(r#""privateEndpointConnections": null,"#, "");
    assert!(property(&one(&old), &["privateEndpointConnections"]).as_array().is_none());
    let access = property(&one(&old), &["publicNetworkAccess"]);
    assert!(access.is_word("Enabled").is_unknown() && access.is_word("Disabled").is_unknown());
    assert!(access.is_set().is_true());
}

#[test]
fn a_flattened_resource_is_wrapped() {
    let endpoint = one(ENDPOINT);
    assert_eq!(endpoint.address, "Microsoft.Network/privateEndpoints/pe-a");
    assert!(property(&endpoint, &["subnet", "id"]).as_text().is_some_and(|id| id.ends_with("/subnets/pe")));
    assert_eq!(endpoint.body.get("location").as_text(), Some("westeurope"));
    assert!(endpoint.body.get("subnet").is_null(), "nothing is reported twice");
}

#[test]
fn what_a_row_leaves_out_of_its_resource_is_open() {
    for properties in
        [r#""properties": null"#, r#""sku": null"#, r#""vaultUri": "https://kv-a.vault.azure.net/""#]
    {
        let listed = one(&format!(
            r#"[{{ "id": "GROUP/Microsoft.KeyVault/vaults/kv-a", "name": "kv-a", {properties},
                   "type": "Microsoft.KeyVault/vaults" }}]"#
        ));
        assert!(property(&listed, &["publicNetworkAccess"]).is_set().is_unknown(), "{properties}");
        assert!(!property(&listed, &["networkAcls", "defaultAction"]).is_known(), "{properties}");
    }
}

#[test]
fn a_resource_shown_twice_counts_once_as_a_whole() {
    let row = r#"{ "id": "GROUP/microsoft.keyvault/vaults/KV-A", "name": "kv-a", "type": "Microsoft.KeyVault/vaults" }"#;
    for text in [format!("[{row}, {VAULT}]"), format!("[{VAULT}, {row}, {VAULT}]")] {
        assert_eq!(property(&one(&text), &["publicNetworkAccess"]).as_text(), Some("Enabled"));
    }
}

#[test]
fn what_rows_of_one_resource_say_differently_is_open() {
    let differing = |text: &str| {
        let lowered = read(&text.replace("GROUP", GROUP));
        let message = |problem: &Problem| crate::text::unmarked(problem.message.clone());
        let messages: Vec<String> = lowered.problems.iter().map(message).collect();
        (lowered.resources, messages)
    };
    let off = VAULT.replace(r#""Enabled""#, r#""Disabled""#);
    let part = r#"{ "id": "GROUP/Microsoft.KeyVault/vaults/kv-a", "name": "kv-a", "properties": { "publicNetworkAccess": "Disabled" } }"#;
    for (text, count) in [
        (format!("[{VAULT}, {off}]"), 1),
        (format!("[{VAULT}, {off}, {VAULT}]"), 2),
        (format!("[{part}, {VAULT}]"), 1),
        (format!("[{VAULT}, {part}]"), 1),
    ] {
        let (resources, messages) = differing(&text);
        let expected = "`kv-a` is shown more than once, with different `publicNetworkAccess`";
        assert_eq!(messages, vec![expected; count], "{text}");
        let [vault] = resources.as_slice() else { panic!("{resources:?}") };
        let access = property(vault, &["publicNetworkAccess"]);
        for possible in ["Enabled", "Disabled"] {
            assert!(access.is_word_or_unset(possible).is_unknown(), "{text}: {access:?}");
        }
        assert_eq!(property(vault, &["vaultUri"]).as_text(), Some("https://kv-a.vault.azure.net/"), "{text}");
    }
    // The book-keeping, another order, what only one of them shows, and an empty list instead of null do not differ.
    let vault = |properties: &str| VAULT.replace(r#""networkAcls": null"#, properties);
    let endpoint = |flat: &str| {
        format!(
            r#"{{ "id": "GROUP/Microsoft.Network/privateEndpoints/pe", "name": "pe", "type": "Microsoft.Network/privateEndpoints", {flat} }}"#
        )
    };
    let first = r#""networkAcls": { "bypass": "None", "defaultAction": "Deny", "ipRules": [{ "value": "a" }, { "value": "b" }], "virtualNetworkRules": [{ "id": "GROUP/s", "resourceGroup": "rg" }] }, "provisioningState": "Succeeded", "accessPolicies": null"#;
    let second = r#""networkAcls": { "bypass": "none", "defaultAction": "Deny", "ipRules": [{ "value": "b" }, { "value": "a" }], "virtualNetworkRules": [{ "id": "GROUP/S" }] }, "provisioningState": "Updating", "accessPolicies": []"#;
    let flat = r#""privateLinkServiceConnections": [{ "name": "c", "groupIds": ["vault"] }], "customDnsConfigs": []"#;
    let wrapped = r#""properties": { "privateLinkServiceConnections": [{ "name": "c", "properties": { "groupIds": ["vault"] } }] }"#;
    // Two elements of one name.
    let twice = r#""networkAcls": { "defaultAction": "Deny", "ipRules": [{ "name": "c", "value": "a" }, { "name": "c", "value": "a" }] }"#;
    for pair in
        [[vault(twice), vault(twice)], [vault(first), vault(second)], [endpoint(flat), endpoint(wrapped)]]
    {
        assert_eq!(differing(&format!("[{}]", pair.join(","))).1, [""; 0]);
    }
    // One rule more, and an endpoint's state.
    let third = first.replace(r#"{ "value": "a" }, "#, "");
    assert_eq!(differing(&format!("[{}, {}]", vault(first), vault(&third))).1.len(), 1);
    let state =
        |state: &str| {
            endpoint(&flat.replace(
                r#""name": "c""#,
                &format!(r#""name": "c", "state": "{state}x", "status": "{state}""#),
            ))
        };
    assert_eq!(differing(&format!("[{}, {}]", state("Pending"), state("Approved"))).1.len(), 1);
}

#[test]
fn types_are_spelled_as_documented_whatever_the_row_says() {
    let row = one(
        r#"{ "data": [{ "id": "GROUP/microsoft.network/privatednszones/zone.example/virtualnetworklinks/l",
             "name": "l", "type": "microsoft.network/privatednszones/virtualnetworklinks",
             "properties": { "virtualNetwork": { "id": "GROUP/Microsoft.Network/virtualNetworks/v" } } }] }"#,
    );
    assert_eq!(&*row.kind, "Microsoft.Network/privateDnsZones/virtualNetworkLinks");
    assert_eq!(row.name.as_text(), Some("zone.example/l"));
}

#[test]
fn a_rule_set_alone_is_a_vault_of_which_nothing_else_is_known() {
    let vault = one(r#"{ "bypass": "AzureServices", "defaultAction": "Deny",
             "ipRules": [{ "value": "198.51.100.0/24" }],
             "virtualNetworkRules": [{ "id": "GROUP/Microsoft.Network/virtualNetworks/v/subnets/s" }] }"#);
    assert_eq!(&*vault.kind, "Microsoft.KeyVault/vaults");
    assert_eq!(vault.name.normal(), "export('shown.json').name");
    assert_eq!(property(&vault, &["networkAcls", "defaultAction"]).as_text(), Some("Deny"));
    assert!(property(&vault, &["publicNetworkAccess"]).is_set().is_unknown());
}

#[test]
fn the_rule_set_of_a_vault_that_is_shown_too_is_its() {
    let set = r#"{ "bypass": "None", "defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": [] }"#;
    let vault = VAULT.replace(r#""networkAcls": null"#, &format!(r#""networkAcls": {set}"#));
    assert_eq!(one(&format!("[{set}, {vault}]")).name.as_text(), Some("kv-a"));
    // Another list beside it is another answer about it, if it can be: two are of other vaults, or one is.
    let other = |bypass: &str| set.replace("None", bypass);
    let all = |rows: &[&str]| read(&format!("[{}]", rows.join(",")).replace("GROUP", GROUP));
    let both = all(&[&other("AzureServices"), &vault]);
    assert_eq!((both.resources.len(), both.problems.len()), (1, 1));
    assert!(!property(&both.resources[0], &["networkAcls", "bypass"]).is_known());
    for lists in [[&other("AzureServices"), set], [&other("AzureServices"), &other("x")]] {
        let left = lists.iter().filter(|list| **list != set).count();
        let several = all(&[lists[0], lists[1], &vault]);
        assert_eq!((several.resources.len(), several.problems.len()), (1 + left, 0));
    }
    let second = vault.replace("kv-a", "kv-b");
    assert_eq!(all(&[&other("AzureServices"), &vault, &second]).resources.len(), 3);
}

#[test]
fn a_zone_group_without_an_id_belongs_to_an_unknown_endpoint() {
    let group = one(r#"[{ "name": "default", "provisioningState": "Succeeded", "privateDnsZoneConfigs": [
             { "name": "z", "privateDnsZoneId": "GROUP/Microsoft.Network/privateDnsZones/z", "recordSets": [] }] }]"#);
    assert_eq!(&*group.kind, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups");
    assert_eq!(group.name.normal(), "${export('shown.json').privateEndpoints}/default");
    let known = one(r#"{ "id": "GROUP/Microsoft.Network/privateEndpoints/pe-a/privateDnsZoneGroups/default",
             "name": "default", "privateDnsZoneConfigs": [] }"#);
    assert_eq!(known.name.as_text(), Some("pe-a/default"));
}

#[test]
fn rows_without_an_id_are_not_one_and_the_same() {
    let zone = r#"{ "name": "z", "numberOfRecordSets": 1, "numberOfVirtualNetworkLinks": 0 }"#;
    let resources = read(&format!("[{zone}, {zone}]")).resources;
    let ids: Vec<_> = resources.iter().map(|zone| zone.id.normal()).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn every_type_is_told_by_its_shape_where_a_row_names_none() {
    let shapes = [
        ("Microsoft.KeyVault/vaults", r#""properties": { "vaultUri": "https://x/", "tenantId": "t" }"#),
        ("Microsoft.KeyVault/managedHSMs", r#""properties": { "hsmUri": "https://x/", "tenantId": "t" }"#),
        (
            "Microsoft.Network/privateEndpoints",
            r#""privateLinkServiceConnections": [], "manualPrivateLinkServiceConnections": [],
               "provisioningState": "Succeeded""#,
        ),
        ("Microsoft.Network/privateDnsZones", r#""numberOfRecordSets": 1, "numberOfVirtualNetworkLinks": 0"#),
        (
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
            r#""virtualNetwork": { "id": "/v" }, "registrationEnabled": false, "provisioningState": "Succeeded""#,
        ),
        ("Microsoft.Network/privateDnsZones/A", r#""aRecords": [], "ttl": 10, "fqdn": "a.z.""#),
        (
            "Microsoft.Network/virtualNetworks",
            r#""addressSpace": {}, "subnets": [], "provisioningState": "Succeeded""#,
        ),
        (
            "Microsoft.Network/virtualNetworks/subnets",
            r#""privateEndpointNetworkPolicies": "Disabled", "provisioningState": "Succeeded""#,
        ),
    ];
    for (kind, parts) in shapes {
        let text = format!(r#"{{ "name": "x", {parts} }}"#);
        assert_eq!(&*one(&text).kind, kind);
        assert!(is_azure(&text), "{kind}");
    }
}

#[test]
fn a_what_if_shows_what_will_be() {
    let change = |kind: &str, before: &str, after: &str, name: &str| {
        format!(
            r#"{{ "resourceId": "GROUP/Microsoft.KeyVault/vaults/{name}", "changeType": "{kind}",
                  "before": {before}, "after": {after}, "delta": null }}"#
        )
    };
    let vault = |name: &str, access: &str| VAULT.replace("kv-a", name).replace("Enabled", access);
    let changes = [
        change("Modify", &vault("modified", "Enabled"), &vault("modified", "Disabled"), "modified"),
        change("Create", "null", &vault("created", "Disabled"), "created"),
        change("Delete", &vault("gone", "Enabled"), "null", "gone"),
        change("Ignore", &vault("ignored", "Disabled"), "null", "ignored"),
        change("Deploy", "null", "null", "deployed"),
    ];
    let whole = |wrap: &dyn Fn(String) -> String| {
        let text = wrap(format!(r#""changes": [{}]"#, changes.join(", "))).replace("GROUP", GROUP);
        read(&text).resources
    };
    for resources in [
        whole(&|changes| format!(r#"{{ "status": "Succeeded", {changes} }}"#)),
        whole(&|changes| format!(r#"{{ "status": "Succeeded", "properties": {{ {changes} }} }}"#)),
    ] {
        let names: Vec<_> = resources.iter().map(|vault| vault.name.display()).collect();
        assert_eq!(names, ["modified", "created", "ignored", "deployed"]);
        for vault in &resources[..3] {
            assert_eq!(property(vault, &["publicNetworkAccess"]).as_text(), Some("Disabled"));
            assert!(property(vault, &["privateEndpointConnections"]).is_null(), "it may get some");
        }
        assert!(property(&resources[3], &["publicNetworkAccess"]).is_set().is_unknown());
    }
}

#[test]
fn what_a_what_if_cannot_evaluate_is_open() {
    let after = VAULT.replace(r#""Enabled""#, r#""[reference('x').access]""#);
    let text = format!(
        r#"{{ "changes": [{{ "changeType": "Create", "resourceId": "GROUP/Microsoft.KeyVault/vaults/kv-a", "after": {after} }}] }}"#
    );
    assert!(property(&one(&text), &["publicNetworkAccess"]).is_word("Disabled").is_unknown());
    let potential = text.replace(r#""changes""#, r#""changes": [], "potentialChanges""#);
    assert!(one(&potential).condition.is_true().is_unknown());
}

#[test]
fn every_wrapping_holds_the_same_rows() {
    let (vault, endpoint) = (VAULT, ENDPOINT);
    for text in [
        format!("[{vault}, {endpoint}]"),
        format!(r#"{{ "value": [{vault}, {endpoint}], "nextLink": null }}"#),
        format!(r#"{{ "count": 2, "data": [{vault}, {endpoint}], "skip_token": null, "total_records": 2 }}"#),
        format!(r#"[{{ "value": [{vault}] }}, {{ "value": [{endpoint}] }}]"#),
    ] {
        let text = text.replace("GROUP", GROUP);
        let names: Vec<_> = read(&text).resources.iter().map(|found| found.name.display()).collect();
        assert_eq!(names, ["kv-a", "pe-a"], "{text}");
    }
}

#[test]
fn a_list_holds_all_of_its_types_unless_it_is_cut_off() {
    let knows = |text: &str, kind: &str| read(&text.replace("GROUP", GROUP)).lists.hold_all(kind, None);
    let vaults = "Microsoft.KeyVault/vaults";
    assert!(knows(&format!("[{VAULT}]"), vaults));
    assert!(knows(&format!(r#"{{ "value": [{VAULT}] }}"#), vaults));
    assert!(!knows(&format!("[{VAULT}]"), "Microsoft.Network/privateEndpoints"), "not asked for");
    assert!(!knows(VAULT, vaults), "shown alone");
    for cut in [
        r#""nextLink": "https://example.org/2""#,
        r#""resultTruncated": "true""#,
        r#""resultTruncated": true"#,
        r#""skip_token": "more""#,
        r#""count": 1, "total_records": 7"#,
    ] {
        assert!(!knows(&format!(r#"{{ "data": [{VAULT}], {cut} }}"#), vaults), "{cut}");
    }
}

#[test]
fn a_list_of_children_of_one_parent_holds_all_of_that_one() {
    let link = |zone: &str| {
        format!(
            r#"{{ "id": "GROUP/Microsoft.Network/privateDnsZones/{zone}/virtualNetworkLinks/l", "name": "l",
                  "virtualNetwork": {{ "id": "GROUP/Microsoft.Network/virtualNetworks/v" }} }}"#
        )
    };
    let kind = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";
    let zone = |name: &str| Value::text(format!("{GROUP}/Microsoft.Network/privateDnsZones/{name}"));
    let lists = |text: String| read(&text.replace("GROUP", GROUP)).lists;
    let of_one = lists(format!("[{}]", link("a")));
    assert!(of_one.hold_all(kind, Some(&zone("a"))) && !of_one.hold_all(kind, Some(&zone("c"))));
    let of_all = lists(format!("[{}, {}]", link("a"), link("b")));
    assert!(of_all.hold_all(kind, Some(&zone("c"))));
}

#[test]
fn json_of_others_is_left_alone() {
    for text in [
        r#"{ "name": "app", "version": "1.0.0", "dependencies": {} }"#,
        r#"{ "compilerOptions": { "strict": true }, "include": ["src"] }"#,
        r#"{ "name": "x", "type": "Microsoft.Authorization/policyDefinitions", "properties": { "policyRule": {} } }"#,
        r#"[{ "id": "/subscriptions/0/providers/Microsoft.Authorization/policyDefinitions/x", "name": "x",
              "properties": {} }]"#,
        r#"{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv", "properties": {} }"#,
        r#"{ "type": "Microsoft.KeyVault/vaults", "name": "[parameters('name')]", "properties": {} }"#,
        r#"{ "type": "Microsoft.DataFactory/factories/pipelines", "name": "p", "properties": {} }"#,
        r#"{ "id": "https://kv-a.vault.azure.net/secrets/x", "name": "x", "value": "y" }"#,
        r#"{ "ipRules": [], "virtualNetworkRules": [], "bypass": "None", "defaultAction": "Deny", "kind": "mine" }"#,
        r#"{ "value": [1, 2, 3] }"#,
        r#"{ "data": { "a": 1 }, "count": 3 }"#,
        "[]",
        "3",
    ] {
        assert!(!is_azure(text), "{text}");
    }
    assert!(is_azure(VAULT) && is_azure(ENDPOINT));
    assert!(is_azure(r#"{ "count": 0, "data": [], "total_records": 0 }"#));
}

#[test]
fn templates_that_are_kept_in_azure_declare_nothing() {
    let deployment = one(r#"{ "id": "GROUP/Microsoft.Resources/deployments/d", "name": "d",
             "properties": { "template": { "resources": [{ "type": "Microsoft.KeyVault/vaults" }] } } }"#);
    assert!(deployment.body.get("properties").is_null());
}

#[test]
fn rows_beyond_the_bound_are_told_and_left() {
    let row = r#"{"id":"/subscriptions/0/providers/a.b/c/"#;
    let rows: Vec<_> = (0..super::MAX_ROWS + 2).map(|at| format!(r#"{row}{at}","name":""}}"#)).collect();
    let lowered = read(&format!("[{}]", rows.join(",")));
    assert_eq!(lowered.resources.len(), super::MAX_ROWS);
    assert_eq!(lowered.problems.first().map(|problem| problem.kind), Some(ProblemKind::EvaluationLimit));
}

#[test]
fn deep_nesting_costs_the_part_not_the_row() {
    let deep = format!("{}1{}", "[".repeat(150), "]".repeat(150));
    let vault = one(&VAULT.replace(r#""tags": {}"#, &format!(r#""tags": {deep}"#)));
    assert_eq!(property(&vault, &["publicNetworkAccess"]).as_text(), Some("Enabled"));
    let wrapped = format!("{}{VAULT}{}", "[".repeat(150), "]".repeat(150)).replace("GROUP", GROUP);
    assert_eq!(read(&wrapped).resources.len(), 0);
}

proptest! {
    #[test]
    fn mutated_output_never_panics(at in 0usize..3000, length in 0usize..200, put in r#"[\[\]{}":,a\\/ 0é\n]{0,8}"#) {
        let text = format!(r#"{{ "data": [{VAULT}, {ENDPOINT}], "count": 2 }}"#).replace("GROUP", GROUP);
        let end = (at + length).min(text.len());
        if let (Some(head), Some(tail)) = (text.get(..at), text.get(end..)) {
            let lowered = read(&format!("{head}{put}{tail}"));
            prop_assert!(lowered.resources.len() <= 8);
        }
    }
}

#[test]
fn truncated_output_never_panics_and_keeps_what_is_whole() {
    let text = format!(r#"{{ "data": [{VAULT}, {ENDPOINT}], "count": 2 }}"#).replace("GROUP", GROUP);
    let second = text.find("customDnsConfigs").expect("the second row");
    for end in 0..text.len() {
        let Some(begun) = text.get(..end) else { continue };
        let lowered = read(begun);
        assert!(!lowered.lists.hold_all("Microsoft.KeyVault/vaults", None));
        if end > second {
            assert_eq!(lowered.resources.first().map(|vault| vault.name.display()).as_deref(), Some("kv-a"));
            assert!(!lowered.resources[0].partially_parsed);
        }
        for cut in lowered.resources.iter().filter(|found| found.partially_parsed) {
            assert!(property(cut, &["privateEndpointConnections"]).as_array().is_none());
        }
    }
}
