//! The rules about private endpoints, at the edges of what a template determines.

use vaultmoat_core::{Options, Profile};
use vaultmoat_tests::cases::{said_by, template};
use vaultmoat_tests::fixture::{arm_resource, load};

/// What the strict profile says of these resources, without rules about other things.
fn said(resources: &str) -> Vec<String> {
    let parameters = r#""target": { "type": "string" }, "group": { "type": "string" }, "flag": { "type": "bool" },
        "network": { "type": "string", "defaultValue": "hub" }"#;
    let others = ["dns-", "zone", "invalid-vault-name", "public-endpoint-enabled", "no-audit-log", "purge"];
    let mut said = said_by(&template(parameters, "", resources, 1));
    said.retain(|line| !others.iter().any(|other| line.split(':').next().unwrap_or(line).contains(other)));
    said
}

/// Severities and slugs of the same.
fn slugs(resources: &[String]) -> Vec<String> {
    let said = said(&resources.join(","));
    said.iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

/// An endpoint in subnet `pe` of a network, with more members of the resource.
fn endpoint(name: &str, network: &str, target: &str, groups: &str, more: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": "{name}", {more}
        "location": "westeurope", "properties": {{
          "subnet": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', '{network}', 'pe')]" }},
          "privateLinkServiceConnections": [{{ "name": "c", "properties": {{
            "privateLinkServiceId": "{target}", "groupIds": {groups} }} }}] }} }}"#
    )
}

fn vault(kind: &str, properties: &str) -> String {
    arm_resource(&format!("Microsoft.KeyVault/{kind}"), "2026-02-01", "kv1", properties)
}

const KV: &str = "[resourceId('Microsoft.KeyVault/vaults', 'kv1')]";
const HSM: &str = "[resourceId('Microsoft.KeyVault/managedHSMs', 'kv1')]";
const VAULT: &str = r#"["vault"]"#;
const OFFICE: &str = r#""networkAcls": { "bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [{ "value": "20.50.1.7" }] }"#;

#[test]
fn endpoints_of_other_services_are_left_alone() {
    for (target, groups) in [
        ("[resourceId('Microsoft.Storage/storageAccounts', 'st')]", r#"["blob"]"#),
        ("[resourceId('Microsoft.RecoveryServices/vaults', 'backup')]", VAULT),
        ("[resourceId('Microsoft.RecoveryServices/vaults', 'backup')]", r#"["AzureBackup"]"#),
        ("[parameters('target')]", r#"["blob"]"#),
        ("[parameters('target')]", r#"["[parameters('group')]"]"#),
        ("[parameters('target')]", VAULT),
    ] {
        assert_eq!(said(&endpoint("pe", "hub", target, groups, "")), [""; 0], "{target} {groups}");
    }
}

#[test]
fn a_vault_that_is_not_in_the_files_is_known_by_the_type_in_its_id() {
    for target in [
        "[resourceId('other', 'Microsoft.KeyVault/vaults', 'kv1')]",
        "[concat(parameters('target'), '/providers/microsoft.keyvault/vaults/kv1')]",
        "/subscriptions/s/resourceGroups/r/providers/Microsoft.KeyVault/Vaults/kv1",
    ] {
        let said = said(&endpoint("pe", "hub", target, r#"["blob"]"#, ""));
        assert_eq!(
            said,
            [
                "error wrong-group-id: private endpoint `pe` asks for group `blob`, and connects to vault `kv1`"
            ],
            "{target}"
        );
    }
}

#[test]
fn a_managed_hsm_has_its_own_group() {
    assert_eq!(said(&endpoint("pe", "hub", HSM, r#"["managedHsm"]"#, "")), [""; 0]);
    let said = said(&endpoint("pe", "hub", HSM, VAULT, ""));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("wrong-group-id") && said[0].contains("managed HSM `kv1`"), "{said:?}");
}

#[test]
fn what_is_no_vault_is_a_mismatch_only_where_a_vault_is_meant() {
    let slugs = |target: &str, groups: &str| slugs(&[endpoint("pe", "hub", target, groups, "")]);
    let mismatch = ["warning endpoint-target-mismatch"];
    assert_eq!(slugs("[resourceId('Microsoft.Storage/storageAccounts', 'st')]", VAULT), mismatch);
    assert_eq!(slugs("https://kv1.vault.azure.net", VAULT), mismatch);
    assert_eq!(slugs("[concat(parameters('target'), '/providers/Microsoft.KeyVault/kv1')]", "[]"), mismatch);
    assert_eq!(
        slugs("[concat(resourceId('Microsoft.KeyVault/vaults', 'kv1'), '/secrets/s')]", VAULT),
        mismatch
    );
}

#[test]
fn an_open_vault_has_one_finding_with_and_without_an_endpoint() {
    let open = || vault("vaults", "");
    let with = |groups, more| slugs(&[open(), endpoint("pe", "hub", KV, groups, more)]);
    assert_eq!(slugs(&[open()]), ["warning no-private-endpoint", "warning public-vault"]);
    assert_eq!(with(VAULT, ""), ["warning open-despite-private-endpoint"]);
    assert_eq!(with(r#"["secret"]"#, ""), ["warning public-vault", "error wrong-group-id"]);
    assert_eq!(with(VAULT, r#""condition": "[parameters('flag')]","#), ["warning public-vault"]);
    let hsm = [vault("managedHSMs", ""), endpoint("pe", "hub", HSM, r#"["managedhsm"]"#, "")];
    assert_eq!(slugs(&hsm), ["warning open-despite-private-endpoint"]);
}

#[test]
fn a_vault_that_nobody_reaches_has_one_finding() {
    let closed =
        r#""publicNetworkAccess": "Disabled", "networkAcls": { "bypass": "None", "defaultAction": "Deny" }"#;
    assert_eq!(slugs(&[vault("vaults", closed)]), ["warning locked-out-vault"]);
}

#[test]
fn the_missing_endpoint_does_not_depend_on_who_else_reaches_the_vault() {
    let access = "[if(parameters('flag'), 'Enabled', 'Disabled')]";
    let maybe = vault("vaults", &format!(r#""publicNetworkAccess": "{access}", {OFFICE}"#));
    assert_eq!(slugs(std::slice::from_ref(&maybe)), ["warning no-private-endpoint"]);
    assert_eq!(slugs(&[maybe, endpoint("pe", "hub", KV, VAULT, "")]), [""; 0]);
}

#[test]
fn the_missing_endpoint_is_told_where_everything_is_known() {
    let text = template("", "", &vault("vaults", OFFICE), 1);
    let fires = |options: Options| {
        let project = load(options, [("main.json", &text)]);
        project.check().diagnostics.iter().any(|found| found.rule == "no-private-endpoint")
    };
    assert!(!fires(Options::default()));
    assert!(fires(Options { complete: true, ..Options::default() }));
    assert!(fires(Options { profile: Profile::Strict, ..Options::default() }));
}

#[test]
fn two_endpoints_of_one_vault_in_one_network_are_one_too_many() {
    let pair = |network: &str, target: &str, more: &str, other: &str| {
        let pair = [endpoint("a", "hub", KV, VAULT, more), endpoint("b", network, target, VAULT, other)];
        let mut said = said(&pair.join(","));
        said.retain(|line| line.contains("duplicate-private-endpoint"));
        said
    };
    let told = "warning duplicate-private-endpoint: vault `kv1` already has private endpoint `a` in the network of `b`";
    assert_eq!(pair("hub", KV, "", ""), [told]);
    assert_eq!(pair("HUB", KV, "", ""), [told]);
    assert_eq!(pair("spoke", KV, "", ""), [""; 0]);
    assert_eq!(pair("hub", "[resourceId('Microsoft.KeyVault/vaults', 'kv2')]", "", ""), [""; 0]);
    let when = r#""condition": "[parameters('flag')]","#;
    let unless = r#""condition": "[not(parameters('flag'))]","#;
    assert_eq!(pair("hub", KV, when, unless), [""; 0]);
    assert_eq!(pair("hub", KV, when, when), [told]);
    assert_eq!(pair("hub", KV, when, ""), [""; 0]);
}

#[test]
fn names_made_of_one_parameter_are_the_same_whatever_it_is() {
    let network = r#"{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "[parameters('network')]",
        "location": "northeurope", "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] } } }"#;
    let endpoint = |name: &str| endpoint("pe", "hub", KV, VAULT, "").replace("'hub'", name);
    let by_parameter = said(&[network, &endpoint("parameters('network')")].join(","));
    assert_eq!(
        by_parameter,
        [
            "error endpoint-location-mismatch: private endpoint `pe` is in `westeurope` and its network `hub` in `northeurope`"
        ]
    );
    let by_default = said(&[network, &endpoint("'hub'")].join(","));
    assert!(by_default[0].ends_with("(with the default of parameter `network`)"), "{by_default:?}");
}

#[test]
fn a_known_part_of_a_message_can_be_too_long_already() {
    let long = "x".repeat(141);
    let message = format!(r#"["vault"], "requestMessage": "[concat('{long}', parameters('group'))]""#);
    assert_eq!(
        said(&endpoint("pe", "hub", KV, &message, "")),
        ["error message-too-long: the request message of private endpoint `pe` has at least 141 characters"]
    );
}

#[test]
fn an_old_vault_is_closed_by_its_firewall() {
    let old = vault("vaults", "").replace("2026-02-01", "2019-09-01");
    let text = template("", "", &[old, endpoint("pe", "hub", KV, VAULT, "")].join(","), 1);
    let project = load(Options::default(), [("main.json", &text)]);
    let fixed = project.fix(&["open-despite-private-endpoint".to_owned()], true);
    assert!(fixed[0].text.contains(r#""defaultAction": "Deny""#), "{}", fixed[0].text);
    assert!(!fixed[0].text.contains("publicNetworkAccess"), "{}", fixed[0].text);
}
