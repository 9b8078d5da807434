//! Plans as `terraform show -json` prints them.

use vaultmoat_core::report::{Known, Proof};
use vaultmoat_core::{Language, Options, identify};
use vaultmoat_tests::fixture::load;

const PLAN: &str = include_str!("../../fuzz/seeds/plan_check/plan.json");

#[test]
fn what_a_plan_does_not_know_yet_is_what_it_refers_to() {
    assert_eq!(identify("plan.json", PLAN), Some(Language::TerraformPlan));
    let project = load(Options::default(), [("plan.json", PLAN)]);
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
    let project = load(Options::default(), [("state.json", state)]);
    let found = project.check().diagnostics;
    assert!(found.iter().any(|found| found.rule == "open-despite-private-endpoint"), "{found:#?}");
}

#[test]
fn the_file_of_a_state_is_read_as_what_terraform_prints_of_it() {
    let id = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv";
    let state = |state: &str| {
        format!(
            r#"{{ "version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x", "outputs": {{}}, "resources": [
  {{ "module": "module.vault[\"a\"]", "mode": "managed", "type": "azurerm_key_vault", "name": "kv",
    "provider": "provider[\"registry.terraform.io/hashicorp/azurerm\"]",
    "instances": [{{ "index_key": 0, "schema_version": 2, {state} "attributes": {{ "id": "{id}", "name": "kv",
      "resource_group_name": "rg", "public_network_access_enabled": true, "network_acls": [] }} }}] }},
  {{ "mode": "managed", "type": "azapi_resource", "name": "pe",
    "provider": "provider[\"registry.terraform.io/azure/azapi\"]",
    "instances": [{{ "schema_version": 0, "attributes": {{ "name": "pe", "type": "Microsoft.Network/privateEndpoints@2024-05-01",
      "parent_id": "/subscriptions/1/resourceGroups/rg", "body": {{ "type": ["object", {{}}], "value": {{ "properties": {{
        "privateLinkServiceConnections": [{{ "properties": {{ "groupIds": ["vault"], "privateLinkServiceId": "{id}" }} }}] }} }} }} }} }}] }}
] }}"#
        )
    };
    let configuration = [
        ("main.tf", "module \"vault\" {\n  source = \"./m\"\n  for_each = toset([\"a\"])\n}"),
        (
            "m/main.tf",
            "resource \"azurerm_key_vault\" \"kv\" {\n  count = 1\n  public_network_access_enabled = true\n}",
        ),
    ];
    let text = state("");
    let files = [("terraform.tfstate", text.as_str()), configuration[0], configuration[1]];
    let found = pointed(&files, "open-despite-private-endpoint");
    let expected = [("true".to_owned(), vec!["m/main.tf: true".to_owned()])];
    assert_eq!(found, expected);
    let model = load(Options::default(), [("terraform.tfstate", text.as_str())]).model();
    let endpoints: Vec<_> = model.links.iter().filter(|link| link.kind == "connects").collect();
    let ends: Vec<_> = endpoints.iter().map(|link| (link.from.as_str(), link.to.as_str())).collect();
    assert_eq!(ends, [("azapi_resource.pe", "module.vault[\"a\"].azurerm_key_vault.kv[0]")]);
    // What is deposed is not the vault any more.
    let text = state(r#""deposed": "00000000","#);
    assert_eq!(load(Options::default(), [("terraform.tfstate", text.as_str())]).model().vaults.len(), 0);
}

/// A state with these resources: address, and values as JSON.
fn state(resources: &[(&str, &str)]) -> String {
    let resources = resources.iter().map(|(address, values)| {
        let own = address.rsplit_once("azurerm_").map_or("", |(_, own)| own);
        let kind = own.split('.').next().unwrap_or_default();
        format!(
            r#"{{ "address": {address:?}, "mode": "managed", "type": "azurerm_{kind}",
               "name": {:?}, "values": {values} }}"#,
            own.split(['.', '[']).nth(1).unwrap_or_default()
        )
    });
    let resources: Vec<String> = resources.collect();
    format!(
        r#"{{ "format_version": "1.0", "terraform_version": "1.9.0",
           "values": {{ "root_module": {{ "resources": [{}] }} }} }}"#,
        resources.join(",\n")
    )
}

/// The findings of a rule in a plan, each as the text it stands at and the text it points to in other files.
fn pointed(files: &[(&str, &str)], rule: &str) -> Vec<(String, Vec<String>)> {
    let project = load(Options::default(), files.iter().map(|(path, text)| (path, text)));
    let text = |path: &str, range: &vaultmoat_core::report::Range| {
        let text = files.iter().find(|(of, _)| *of == path).expect("a file").1;
        text[range.start.offset as usize..range.end.offset as usize].to_owned()
    };
    let of_plan = project.check().diagnostics.into_iter().filter(|found| found.rule == rule);
    of_plan
        .filter(|found| !found.file.ends_with(".tf"))
        .map(|found| {
            let origin = found.related.iter().filter(|related| related.message == "written here");
            let origin =
                origin.map(|related| format!("{}: {}", related.file, text(&related.file, &related.range)));
            (text(&found.file, &found.range), origin.collect())
        })
        .collect()
}

/// A vault in a plan and the files it was made of: what a rule points to there.
fn origin(address: &str, values: &str, files: &[(&str, &str)], rule: &str) -> Vec<String> {
    let plan = state(&[(address, values)]);
    let mut all = vec![("plan.json", plan.as_str())];
    all.extend(files);
    let found = pointed(&all, rule);
    assert!(!found.is_empty(), "no {rule} in the plan");
    let mut origins: Vec<String> = found.into_iter().flat_map(|(_, origins)| origins).collect();
    origins.dedup();
    origins
}

const RULES: &str = r#"{ "name": "kv", "public_network_access_enabled": true,
    "network_acls": [{ "default_action": "Deny", "bypass": "None", "ip_rules": ["10.0.0.1", "20.50.7.41"] }] }"#;

#[test]
fn a_finding_in_a_plan_points_to_where_it_is_written() {
    let kv = "azurerm_key_vault.kv";
    let written = |body: &str| format!("resource \"azurerm_key_vault\" \"kv\" {{\n{body}\n}}\n");
    let acls = |rules: &str| written(&format!("  network_acls {{\n    ip_rules = {rules}\n  }}"));
    for (body, expected) in [
        // A set is listed in another order than it is written in.
        (acls("[\"20.50.7.41\", \"10.0.0.1\"]"), "main.tf: \"10.0.0.1\""),
        (acls("var.offices"), "main.tf: var.offices"),
        (acls("concat([\"10.0.0.1\"], var.more)"), "main.tf: concat([\"10.0.0.1\"], var.more)"),
        (
            written(
                "  dynamic \"network_acls\" {\n    for_each = [1]\n    content {\n      ip_rules = local.all\n    }\n  }",
            ),
            "main.tf: local.all",
        ),
        (written("  network_acls {\n    bypass = \"None\"\n  }"), "main.tf: network_acls"),
        (written("  location = \"westeurope\""), "main.tf: resource \"azurerm_key_vault\" \"kv\""),
    ] {
        assert_eq!(origin(kv, RULES, &[("main.tf", &body)], "private-ip-rule"), [expected], "{body}");
    }
    // Without rules the finding stands at the vault, which is the head of its block.
    let open = r#"{ "name": "kv", "public_network_access_enabled": true }"#;
    let body = written("  public_network_access_enabled = var.open");
    assert_eq!(
        origin(kv, open, &[("main.tf", &body)], "public-vault"),
        ["main.tf: resource \"azurerm_key_vault\" \"kv\""]
    );
    // Nothing points to a file that is not in the project.
    assert_eq!(origin(kv, open, &[], "public-vault"), [""; 0]);
    assert_eq!(origin(kv, open, &[("main.tf", "locals {}\n")], "public-vault"), [""; 0]);
}

#[test]
fn copies_and_modules_are_found_by_their_address() {
    let vault =
        "resource \"azurerm_key_vault\" \"kv\" {\n  network_acls {\n    ip_rules = var.rules\n  }\n}\n";
    let counted = "azurerm_key_vault.kv[1]";
    assert_eq!(origin(counted, RULES, &[("main.tf", vault)], "private-ip-rule"), ["main.tf: var.rules"]);
    // A key may look like anything.
    for key in ["prod", "module.x.azurerm_key_vault.kv", "a].b[", "q\\\"]."] {
        let address = format!("azurerm_key_vault.kv[\"{key}\"]");
        assert_eq!(
            origin(&address, RULES, &[("main.tf", vault)], "private-ip-rule"),
            ["main.tf: var.rules"],
            "{key}"
        );
    }
    let inner = "modules/inner/kv.tf";
    let files = [
        ("main.tf", "module \"outer\" {\n  source = \"./modules/outer\"\n}\n"),
        ("modules/outer/main.tf", "module \"inner\" {\n  source = \"../inner\"\n}\n"),
        (inner, vault),
    ];
    let address = "module.outer[\"a.b\"].module.inner[0].azurerm_key_vault.kv[\"c\"]";
    assert_eq!(origin(address, RULES, &files, "private-ip-rule"), ["modules/inner/kv.tf: var.rules"]);
    // What is in a module of a registry, its caller decides.
    let call = "module \"vault\" {\n  source = \"example/vault/azurerm\"\n}\n";
    let address = "module.vault.azurerm_key_vault.kv";
    assert_eq!(
        origin(address, RULES, &[("main.tf", call)], "private-ip-rule"),
        ["main.tf: module \"vault\""]
    );
}

#[test]
fn overrides_json_and_other_directories_are_found() {
    let kv = "azurerm_key_vault.kv";
    let vault =
        "resource \"azurerm_key_vault\" \"kv\" {\n  network_acls {\n    ip_rules = var.rules\n  }\n}\n";
    let over = vault.replace("var.rules", "var.others");
    let files = [("main.tf", vault), ("override.tf", over.as_str())];
    assert_eq!(origin(kv, RULES, &files, "private-ip-rule"), ["override.tf: var.others"]);
    let json = r#"{ "resource": { "azurerm_key_vault": { "kv": { "network_acls": { "ip_rules": ["10.0.0.1"] } } } } }"#;
    assert_eq!(
        origin(kv, RULES, &[("main.tf.json", json)], "private-ip-rule"),
        ["main.tf.json: \"10.0.0.1\""]
    );
    // Of several directories the one that the plan lies in.
    let plan = state(&[(kv, RULES)]);
    let all = [("a/main.tf", vault), ("b/main.tf", over.as_str()), ("b/plan.json", plan.as_str())];
    let found = pointed(&all, "private-ip-rule");
    assert_eq!(found, [("\"10.0.0.1\"".to_owned(), vec!["b/main.tf: var.others".to_owned()])]);
}

#[test]
fn what_is_silenced_in_the_files_is_silent_in_their_plan() {
    let plan = state(&[("azurerm_key_vault.kv", RULES)]);
    let vault = "resource \"azurerm_key_vault\" \"kv\" {\n  network_acls {\n    # vaultmoat-ignore private-ip-rule: a test network\n    ip_rules = [\"10.0.0.1\"]\n  }\n}\n";
    assert_eq!(pointed(&[("plan.json", &plan), ("main.tf", vault)], "private-ip-rule"), []);
    assert_eq!(pointed(&[("plan.json", &plan)], "private-ip-rule").len(), 1);
}

/// Two vaults by `for_each`, an endpoint for each that takes the id of its vault by these references, and what it
/// connects to.
fn connects(references: &str, for_each: &str, module: &str) -> Vec<(String, String, Proof)> {
    let vault = |key: &str| {
        format!(
            r#"{{ "address": "azurerm_key_vault.kv[\"{key}\"]", "mode": "managed", "type": "azurerm_key_vault", "name": "kv",
               "values": {{ "name": "kv-{key}", "resource_group_name": "rg" }} }}"#
        )
    };
    let (prefix, index) =
        if module.is_empty() { ("", "[\\\"{}\\\"]") } else { ("module.pe[\\\"{}\\\"].", "") };
    let address = |key: &str| format!("{prefix}azurerm_private_endpoint.pe{index}").replace("{}", key);
    let endpoint = |key: &str| {
        format!(
            r#"{{ "address": "{}", "mode": "managed", "type": "azurerm_private_endpoint", "name": "pe",
               "values": {{ "name": "pe-{key}", "resource_group_name": "rg",
                 "private_service_connection": [{{ "is_manual_connection": false, "subresource_names": ["vault"] }}] }} }}"#,
            address(key)
        )
    };
    let unknown = |key: &str| {
        format!(
            r#"{{ "address": "{}", "change": {{ "after_unknown": {{
               "private_service_connection": [{{ "private_connection_resource_id": true }}] }} }} }}"#,
            address(key)
        )
    };
    let (own, children) = match module {
        "" => (format!("{}, {}", endpoint("a"), endpoint("b")), String::new()),
        _ => {
            let child = |key: &str| {
                format!(r#"{{ "address": "module.pe[\"{key}\"]", "resources": [{}] }}"#, endpoint(key))
            };
            (String::new(), format!("{}, {}", child("a"), child("b")))
        }
    };
    let comma = if own.is_empty() { "" } else { ", " };
    let resource = |references: &str| {
        format!(
            r#"{{ "address": "azurerm_private_endpoint.pe", "for_each_expression": {{ "references": {for_each} }},
               "expressions": {{ "private_service_connection": [{{
                 "private_connection_resource_id": {{ "references": {references} }} }}] }} }}"#
        )
    };
    let configuration = match module {
        "" => format!(r#"{{ "resources": [{}] }}"#, resource(references)),
        argument => format!(
            r#"{{ "module_calls": {{ "pe": {{ "for_each_expression": {{ "references": {for_each} }},
               "expressions": {{ "vault_id": {{ "references": {references} }} }},
               "module": {{ "resources": [{}] }} }} }} }}"#,
            resource(argument)
        ),
    };
    let plan = format!(
        r#"{{ "format_version": "1.2", "terraform_version": "1.9.0",
           "planned_values": {{ "root_module": {{ "resources": [{}, {}{comma}{own}], "child_modules": [{children}] }} }},
           "resource_changes": [{}, {}],
           "configuration": {{ "root_module": {configuration} }} }}"#,
        vault("a"),
        vault("b"),
        unknown("a"),
        unknown("b"),
    );
    let project = load(Options::default(), [("plan.json", &plan)]);
    let links = project.model().links.into_iter().filter(|link| link.kind == "connects");
    links.map(|link| (link.from, link.to, link.proof)).collect()
}

#[test]
fn copies_refer_to_the_copies_with_their_key() {
    let to =
        |from: &str, to: &str| (from.to_owned(), format!("azurerm_key_vault.kv[\"{to}\"]"), Proof::Proved);
    let own = [to("azurerm_private_endpoint.pe[\"a\"]", "a"), to("azurerm_private_endpoint.pe[\"b\"]", "b")];
    let by_key = r#"["azurerm_key_vault.kv", "each.key"]"#;
    assert_eq!(connects(by_key, r#"["local.names"]"#, ""), own);
    let chained = r#"["each.value.id", "each.value"]"#;
    assert_eq!(connects(chained, r#"["azurerm_key_vault.kv"]"#, ""), own);
    let inner = [
        to("module.pe[\"a\"].azurerm_private_endpoint.pe", "a"),
        to("module.pe[\"b\"].azurerm_private_endpoint.pe", "b"),
    ];
    assert_eq!(connects(by_key, r#"["local.names"]"#, r#"["var.vault_id"]"#), inner);
    assert_eq!(connects(chained, r#"["azurerm_key_vault.kv"]"#, r#"["var.vault_id"]"#), inner);
}

#[test]
fn which_of_several_references_is_meant_is_open() {
    let either = r#"["azurerm_key_vault.kv[\"a\"].id", "azurerm_key_vault.kv[\"a\"]",
        "azurerm_key_vault.kv[\"b\"].id", "azurerm_key_vault.kv[\"b\"]", "var.first"]"#;
    let found = connects(either, "[]", "");
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().all(|(_, _, proof)| *proof == Proof::Possible), "{found:#?}");
    let one = r#"["azurerm_key_vault.kv[\"b\"].id", "azurerm_key_vault.kv[\"b\"]", "var.first"]"#;
    let found = connects(one, "[]", "");
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|(_, to, _)| to.contains("\"b\"")), "{found:#?}");
}
