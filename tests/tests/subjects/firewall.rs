//! The firewall rules, at the edges of what a template determines.

use std::fmt::Write;
use vaultmoat_core::Options;
use vaultmoat_tests::fixture::{arm_resource, arm_template, arm_vault, load};

fn written_for(api_version: &str, properties: &str) -> String {
    arm_resource("Microsoft.KeyVault/vaults", api_version, "kv-one", properties)
}

fn network(subnets: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "net",
        "location": "westeurope", "properties": {{ "subnets": [ {subnets} ] }} }}"#
    )
}

fn rule_for(subnet: &str) -> String {
    let id = format!("[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', {subnet})]");
    format!(r#""networkAcls": {{ "defaultAction": "Deny", "virtualNetworkRules": [{{ "id": "{id}" }}] }}"#)
}

/// What a rule says: `severity confidence: message`, and `? reason (what it depends on)`.
fn said(rule: &str, template: &str) -> String {
    checked(rule, template, Options { profile: vaultmoat_core::Profile::Strict, ..Options::default() })
}

fn checked(rule: &str, template: &str, options: Options) -> String {
    let project = load(options, [("main.json", template)]);
    let report = project.check();
    let mut out = String::new();
    for found in report.diagnostics.iter().filter(|found| found.rule == rule) {
        let _ = writeln!(out, "{:?} {:?}: {}", found.severity, found.confidence, found.message);
    }
    for open in report.undecided.iter().filter(|open| open.rule == rule) {
        let _ = writeln!(out, "? {} ({})", open.reason, open.depends_on.join(", "));
    }
    assert!(!report.diagnostics.iter().any(|found| found.rule == "syntax"), "{:?}", report.diagnostics);
    out
}

#[test]
fn a_rule_that_another_one_follows_from_is_silent() {
    let open =
        arm_vault(r#""networkAcls": { "defaultAction": "Allow", "ipRules": [{ "value": "20.50.1.7" }] }"#);
    assert_eq!(said("ineffective-firewall-rule", &arm_template("", "", &open)), "");
    assert_ne!(said("public-vault", &arm_template("", "", &open)), "");
    let implicit = arm_vault(r#""networkAcls": { "ipRules": [{ "value": "20.50.1.7" }] }"#);
    assert_eq!(said("public-vault", &arm_template("", "", &implicit)), "");
    assert_ne!(said("implicit-default-action", &arm_template("", "", &implicit)), "");
}

#[test]
fn a_subnet_counts_whether_it_is_written_inside_its_network_or_beside_it() {
    let beside = |endpoints: &str| {
        format!(
            r#"{{ "type": "Microsoft.Network/virtualNetworks/subnets", "apiVersion": "2024-05-01",
            "name": "net/apps", "properties": {{ "serviceEndpoints": [ {endpoints} ] }} }}"#
        )
    };
    let rule = arm_vault(&rule_for("'apps'"));
    for (service, findings) in [("", 1), ("Microsoft.Storage", 1), ("microsoft.keyvault", 0)] {
        let endpoints =
            if service.is_empty() { String::new() } else { format!(r#"{{ "service": "{service}" }}"#) };
        let inside = network(&format!(
            r#"{{ "name": "apps", "properties": {{ "serviceEndpoints": [ {endpoints} ] }} }}"#
        ));
        for subnet in [inside, beside(&endpoints)] {
            let said = said("missing-service-endpoint", &arm_template("", "", &format!("{subnet}, {rule}")));
            assert_eq!(said.matches("Error Certain").count(), findings, "{service}: {said}");
        }
    }
}

#[test]
fn service_endpoints_from_outside_are_undecided() {
    let subnet = r#"{ "name": "apps", "properties": { "serviceEndpoints": "[parameters('list')]" } }"#;
    let resources = format!("{}, {}", network(subnet), arm_vault(&rule_for("'apps'")));
    let said =
        said("missing-service-endpoint", &arm_template(r#""list": { "type": "array" }"#, "", &resources));
    assert_eq!(said, "? whether the subnet of a rule has the service endpoint (parameters('list'))\n");
}

#[test]
fn subnets_of_a_network_that_lists_none_may_be_anywhere() {
    let bare = r#"{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "net",
        "location": "westeurope", "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] } } }"#;
    let resources = format!("{bare}, {}", arm_vault(&rule_for("'apps'")));
    assert_eq!(said("unknown-subnet", &arm_template("", "", &resources)), "");
    let resources = format!("{}, {}", network(r#"{ "name": "other" }"#), arm_vault(&rule_for("'apps'")));
    assert!(said("unknown-subnet", &arm_template("", "", &resources)).starts_with("Warning Certain"));
    let resources =
        format!("{}, {}", network(r#"{ "name": "other" }"#), arm_vault(&rule_for("parameters('name')")));
    let parameters = r#""name": { "type": "string" }"#;
    assert!(said("unknown-subnet", &arm_template(parameters, "", &resources)).starts_with("? "));
}

#[test]
fn an_endpoint_that_a_default_leaves_out_makes_a_lock_out_likely() {
    let endpoint = r#"{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": "pe",
        "condition": "[parameters('private')]", "location": "westeurope", "properties": {
        "privateLinkServiceConnections": [{ "name": "pe", "properties": { "groupIds": ["vault"],
        "privateLinkServiceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-one')]" } }] } }"#;
    let resources = format!("{endpoint}, {}", arm_vault(r#""publicNetworkAccess": "Disabled""#));
    let with = |default: &str| {
        let parameters = format!(r#""private": {{ "type": "bool"{default} }}"#);
        said("locked-out-vault", &arm_template(&parameters, "", &resources))
    };
    let left_out = with(r#", "defaultValue": false"#);
    assert!(left_out.starts_with("Warning Likely") && left_out.contains("`private`"), "{left_out}");
    assert_eq!(with(r#", "defaultValue": true"#), "");
    assert!(with("").starts_with("? "));
}

#[test]
fn an_endpoint_of_another_service_is_no_way_in() {
    let endpoint = r#"{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": "pe",
        "location": "westeurope", "properties": { "privateLinkServiceConnections": [{ "name": "pe",
        "properties": { "groupIds": ["blob"], "privateLinkServiceId": "[parameters('target')]" } }] } }"#;
    let resources = format!("{endpoint}, {}", arm_vault(r#""publicNetworkAccess": "Disabled""#));
    let said = said("locked-out-vault", &arm_template(r#""target": { "type": "string" }"#, "", &resources));
    assert!(said.starts_with("Warning Certain"), "{said}");
}

#[test]
fn only_a_complete_set_without_trusted_services_is_a_lock_out_for_sure() {
    let resources = arm_template(
        "",
        "",
        &arm_vault(r#""publicNetworkAccess": "Disabled", "networkAcls": { "bypass": "None" }"#),
    );
    let complete = Options { complete: true, ..Options::default() };
    assert!(checked("locked-out-vault", &resources, complete).starts_with("Warning Certain"));
    assert!(checked("locked-out-vault", &resources, Options::default()).starts_with("Info Certain"));
}

#[test]
fn whether_a_firewall_that_the_api_version_lacks_locks_anybody_out_is_open() {
    let resources = written_for("2016-10-01", r#""networkAcls": { "defaultAction": "Deny" }"#);
    assert!(said("locked-out-vault", &arm_template("", "", &resources)).starts_with("? "));
    assert!(said("ignored-by-api-version", &arm_template("", "", &resources)).starts_with("Warning Certain"));
}

#[test]
fn a_conflict_on_a_disabled_vault_is_no_error() {
    let resources = arm_vault(
        r#""enabledForDeployment": true, "publicNetworkAccess": "Disabled", "networkAcls": { "bypass": "None" }"#,
    );
    assert!(said("bypass-conflict", &arm_template("", "", &resources)).starts_with("Warning Certain"));
}

#[test]
fn settings_compare_without_case_and_null_is_nothing() {
    let resources = arm_vault(
        r#""publicNetworkAccess": "securedbyperimeter",
        "networkAcls": { "defaultAction": "deny", "bypass": null, "ipRules": [], "virtualNetworkRules": null }"#,
    );
    assert_eq!(said("invalid-network-setting", &arm_template("", "", &resources)), "");
}

#[test]
fn shapes_that_azure_refuses_are_found() {
    for (properties, message) in [
        (r#""networkAcls": "Deny""#, "`networkAcls` of vault `kv-one` is not an object"),
        (
            r#""networkAcls": { "defaultAction": "Deny", "ipRules": "1.2.3.4" }"#,
            "`ipRules` of vault `kv-one` is not a list",
        ),
        (r#""publicNetworkAccess": false"#, "`publicNetworkAccess` of vault `kv-one` is `false`"),
        (
            r#""networkAcls": { "defaultAction": "Deny", "ipRules": [{ "addressRange": "1.2.3.4" }] }"#,
            "an entry of `ipRules` of vault `kv-one` is not an object with `value`",
        ),
        (
            r#""networkAcls": { "defaultAction": "Deny", "virtualNetworkRules":
                ["[resourceId('Microsoft.Network/virtualNetworks/subnets', 'n', 's')]"] }"#,
            "an entry of `virtualNetworkRules` of vault `kv-one` is not an object with `id`",
        ),
        (
            r#""networkAcls": { "defaultAction": "Deny", "vnet": [] }"#,
            "`vnet` in `networkAcls` of vault `kv-one`",
        ),
    ] {
        let said = said("invalid-network-setting", &arm_template("", "", &arm_vault(properties)));
        assert!(said.contains(message), "{properties}: {said}");
        assert_eq!(said.lines().count(), 1, "{properties}: {said}");
    }
}

#[test]
fn names_are_judged_by_what_is_known_of_them() {
    let named = |name: &str| {
        let vault = arm_vault("").replace("kv-one", name);
        said("invalid-vault-name", &arm_template(r#""env": { "type": "string" }"#, "", &vault))
    };
    for (name, fault) in [
        ("1vault", "does not start with a letter"),
        ("kv--one", "two hyphens"),
        ("kv-", "ends with a hyphen"),
        ("kv", "fewer than 3"),
        ("contoso-production-vault-1", "more than 24"),
        ("kv.one", "not a letter, digit or hyphen"),
        ("[concat('kv_', parameters('env'))]", "not a letter, digit or hyphen"),
        ("[concat('1-', parameters('env'))]", "does not start with a letter"),
        ("[concat(parameters('env'), '-')]", "ends with a hyphen"),
        ("[concat('contoso-prod', uniqueString(resourceGroup().id))]", "more than 24"),
    ] {
        let said = named(name);
        assert!(said.starts_with("Error Certain") && said.contains(fault), "{name}: {said}");
    }
    for name in ["kv-one", "A23", "[concat('kv', uniqueString(resourceGroup().id))]"] {
        assert_eq!(named(name), "", "{name}");
    }
    for name in [
        "[parameters('env')]",
        "[concat('kv-', parameters('env'))]",
        "[take(concat('contoso-keyvault-', parameters('env'), uniqueString('x')), 24)]",
    ] {
        assert!(named(name).starts_with("? "), "{name}");
    }
}

#[test]
fn versions_behind_a_default_are_likely() {
    let parameters = r#""api": { "type": "string", "defaultValue": "2019-09-01" }"#;
    let resources = written_for("[parameters('api')]", r#""publicNetworkAccess": "Disabled""#);
    for rule in ["ignored-by-api-version", "retiring-api-version"] {
        let said = said(rule, &arm_template(parameters, "", &resources));
        assert!(said.contains(" Likely: ") && said.contains("parameter `api`"), "{rule}: {said}");
    }
    let preview = written_for("2021-06-01-preview", r#""publicNetworkAccess": "Disabled""#);
    assert_eq!(said("ignored-by-api-version", &arm_template("", "", &preview)), "");
    let newest = written_for("2026-03-01-preview", "");
    assert_eq!(said("retiring-api-version", &arm_template("", "", &newest)), "");
}

const PLAN: &str = r#"{ "type": "Microsoft.Web/serverfarms", "apiVersion": "2023-12-01", "name": "plan", "location": "westeurope" }"#;

fn app(more: &str, setting: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Web/sites", "apiVersion": "2023-12-01", "name": "app", "location": "westeurope",
        "properties": {{ {more} "serverFarmId": "[resourceId('Microsoft.Web/serverfarms', 'plan')]",
        "siteConfig": {{ "appSettings": [{{ "name": "DB", "value": "{setting}" }}] }} }} }}"#
    )
}

#[test]
fn an_app_uses_the_vault_that_its_settings_name() {
    let closed = arm_vault(r#""networkAcls": { "defaultAction": "Deny" }"#);
    let with = |setting: &str| {
        let resources = format!("{PLAN}, {}, {closed}", app("", setting));
        said("untrusted-service-assumed", &arm_template(r#""uri": { "type": "string" }"#, "", &resources))
    };
    for setting in [
        "@Microsoft.KeyVault(SecretUri=https://kv-one.vault.azure.net/secrets/db)",
        "@Microsoft.KeyVault(VaultName=KV-One;SecretName=db)",
        "[concat('@Microsoft.KeyVault(SecretUri=', reference(resourceId('Microsoft.KeyVault/vaults', 'kv-one')).vaultUri, 'secrets/db)')]",
        "[concat('@Microsoft.KeyVault(SecretUri=https://kv-one', environment().suffixes.keyvaultDns, '/secrets/db)')]",
    ] {
        assert!(with(setting).starts_with("Warning Certain"), "{setting}: {}", with(setting));
    }
    for setting in [
        "plain",
        "@Microsoft.KeyVault(SecretUri=https://kv-one-more.vault.azure.net/secrets/db)",
        "@Microsoft.KeyVault(VaultName=kv-one-more;SecretName=db)",
        "[reference(resourceId('Microsoft.KeyVault/vaults', 'kv-one-more')).vaultUri]",
    ] {
        assert_eq!(with(setting), "", "{setting}");
    }
    assert!(with("[concat('@Microsoft.KeyVault(SecretUri=', parameters('uri'), ')')]").starts_with("? "));
}

#[test]
fn settings_beside_an_app_and_its_network_are_its_own() {
    let closed = arm_vault(r#""networkAcls": { "defaultAction": "Deny" }"#);
    let settings = r#"{ "type": "Microsoft.Web/sites/config", "apiVersion": "2023-12-01", "name": "app/appsettings",
        "properties": { "DB": "@Microsoft.KeyVault(VaultName=kv-one;SecretName=db)" } }"#;
    let joined = r#"{ "type": "Microsoft.Web/sites/networkConfig", "apiVersion": "2023-12-01",
        "name": "app/virtualNetwork", "properties": { "subnetResourceId":
        "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'apps')]" } }"#;
    let of = |parts: &[&str]| said("untrusted-service-assumed", &arm_template("", "", &parts.join(", ")));
    let app = app("", "plain");
    assert!(of(&[PLAN, &app, settings, &closed]).contains("`app` cannot reach"));
    let elsewhere = "private endpoints of `kv-one` outside of the files";
    let open = of(&[PLAN, &app, settings, joined, &closed]);
    assert!(open.starts_with("? ") && open.contains(elsewhere), "{open}");
    assert!(of(&[settings, &closed]).starts_with("? "));
}

#[test]
fn a_key_names_the_vault_it_is_in() {
    let closed = arm_vault(r#""networkAcls": { "defaultAction": "Deny", "bypass": "None" }"#);
    let storage = |vault: &str| {
        format!(
            r#"{{ "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2024-01-01", "name": "data",
            "location": "westeurope", "properties": {{ "encryption": {{ "keySource": "Microsoft.Keyvault",
            "keyvaultproperties": {{ "keyname": "k", "keyvaulturi": "{vault}" }} }} }} }}"#
        )
    };
    let with = |uri: &str| {
        let resources = format!("{}, {closed}", storage(uri));
        said("trusted-service-blocked", &arm_template(r#""on": { "type": "bool" }"#, "", &resources))
    };
    assert!(with("https://kv-one.vault.azure.net").starts_with("Warning Certain"));
    assert!(with("[reference('kv-one').vaultUri]").starts_with("Warning Certain"));
    assert_eq!(with("https://kv-two.vault.azure.net"), "");
    assert!(with("[if(parameters('on'), 'https://kv-one.vault.azure.net', '')]").starts_with("? "));
}

#[test]
fn a_perimeter_counts_for_the_vault_it_names() {
    let association = |mode: &str, vault: &str| {
        format!(
            r#"{{ "type": "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
            "apiVersion": "2024-07-01", "name": "edge/kv", "properties": {{ {mode}
            "privateLinkResource": {{ "id": "[resourceId('Microsoft.KeyVault/vaults', '{vault}')]" }},
            "profile": {{ "id": "[resourceId('Microsoft.Network/networkSecurityPerimeters/profiles', 'edge', 'p')]" }} }} }}"#
        )
    };
    let access = |name: &str| {
        format!(
            r#"{{ "type": "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules",
            "apiVersion": "2024-07-01", "name": "edge/{name}/office",
            "properties": {{ "direction": "Inbound", "addressPrefixes": ["20.50.1.0/24"] }} }}"#
        )
    };
    let with = |rule: &str, mode: &str, vault_name: &str, profile: &str, properties: &str| {
        let resources = [association(mode, vault_name), access(profile), arm_vault(properties)].join(", ");
        said(rule, &arm_template("", "", &resources))
    };
    let off = r#""publicNetworkAccess": "Disabled""#;
    let opens = "perimeter-opens-vault";
    // Learning is the default.
    assert!(with(opens, "", "kv-one", "p", off).starts_with("Warning Certain"));
    assert_eq!(with(opens, r#""accessMode": "Enforced","#, "kv-one", "p", off), "");
    assert_eq!(with(opens, "", "kv-two", "p", off), "");
    assert_eq!(with(opens, "", "kv-one", "q", off), "");
    let rules = r#""networkAcls": { "defaultAction": "Deny", "ipRules": [{ "value": "20.50.1.7" }] }"#;
    let idle = "ineffective-firewall-rule";
    assert!(
        with(idle, r#""accessMode": "Enforced","#, "kv-one", "p", rules).contains("a perimeter is enforced")
    );
    assert_eq!(with(idle, "", "kv-one", "p", rules), "");
    let public = "public-vault";
    assert_eq!(with(public, r#""accessMode": "Enforced","#, "kv-one", "p", ""), "");
    assert!(with(public, "", "kv-one", "p", "").starts_with("Warning Certain"));
    assert!(with(public, r#""accessMode": "Enforced","#, "kv-two", "p", "").starts_with("Warning Certain"));
}

#[test]
fn rules_that_are_open_as_a_whole_are_recorded_once() {
    let parameters = r#""x": { "type": "array" }, "y": { "type": "object" }"#;
    let recorded = |properties: &str| {
        let project =
            load(Options::default(), [("main.json", &arm_template(parameters, "", &arm_vault(properties)))]);
        let undecided = project.check().undecided;
        let of_rules = undecided.into_iter().filter(|open| open.rule.starts_with("invalid-"));
        of_rules.map(|open| format!("{}: {}", open.rule, open.reason)).collect::<Vec<_>>()
    };
    let usable = "invalid-ip-rule: whether every entry of `ipRules` is a usable address";
    let list = r#""networkAcls": { "defaultAction": "Deny", "ipRules": "[parameters('x')]" }"#;
    assert_eq!(recorded(list), [usable]);
    let entry = r#""networkAcls": { "defaultAction": "Deny", "ipRules": ["[parameters('y')]"] }"#;
    assert_eq!(recorded(entry), [usable]);
    assert_eq!(
        recorded(r#""networkAcls": "[parameters('y')]""#),
        [usable, "invalid-network-setting: whether `networkAcls` is an object"]
    );
}

#[test]
fn a_misspelt_setting_is_mended_where_one_word_is_meant() {
    for (written, meant) in [
        (r#""Disab""#, Some("Disabled")),
        (r#""Dis""#, None),
        (r#""Enalbed""#, Some("Enabled")),
        (r#""disabled for all""#, Some("Disabled")),
        (r#""Public""#, None),
        ("true", Some("Enabled")),
        ("false", Some("Disabled")),
    ] {
        let project = load(
            Options::default(),
            [(
                "main.json",
                &arm_template("", "", &arm_vault(&format!(r#""publicNetworkAccess": {written}"#))),
            )],
        );
        let report = project.check();
        let found = report.diagnostics.iter().find(|found| found.rule == "invalid-network-setting");
        let titles: Vec<&str> =
            found.expect("a finding").fixes.iter().map(|fix| fix.title.as_str()).collect();
        let wanted: Vec<String> = meant.iter().map(|word| format!("write `{word}`")).collect();
        assert_eq!(titles, wanted, "{written}");
    }
}

#[test]
fn a_newer_version_is_one_with_the_defaults_that_the_vault_has() {
    let titles = |properties: &str| -> Vec<String> {
        let project = load(
            Options::default(),
            [("main.json", &arm_template("", "", &written_for("2019-09-01", properties)))],
        );
        let diagnostics = project.check().diagnostics.into_iter();
        let found = diagnostics.filter(|found| found.rule == "ignored-by-api-version");
        found.flat_map(|found| found.fixes).map(|fix| fix.title).collect()
    };
    let disabled = r#""publicNetworkAccess": "Disabled""#;
    assert_eq!(titles(disabled), ["use API version 2025-05-01"]);
    assert_eq!(
        titles(&format!(r#"{disabled}, "enableRbacAuthorization": false"#)),
        ["use API version 2026-02-01"]
    );
}
