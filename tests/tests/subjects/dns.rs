//! The rules about private DNS, at the edges of what a template determines.

use vaultmoat_core::{Cloud, Options, Profile};
use vaultmoat_tests::fixture::{arm_template, load};
use vaultmoat_tests::page::severity_word;

const RIGHT: &str = "privatelink.vaultcore.azure.net";
const VAULT: &str = r#"{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "kv-one",
    "location": "westeurope", "properties": { "publicNetworkAccess": "Disabled" } }"#;

/// A rule's report: findings as `severity confidence message`, and `? reason (what it depends on)`.
fn said(rule: &str, options: Options, text: &str) -> String {
    let project = load(Options { profile: Profile::Strict, ..options }, [("main.json", text)]);
    let report = project.check();
    let mut lines = Vec::new();
    for found in report.diagnostics.iter().filter(|found| found.rule == rule) {
        lines.push(format!("{} {:?} {}", severity_word(found.severity), found.confidence, found.message));
    }
    for open in report.undecided.iter().filter(|open| open.rule == rule) {
        lines.push(format!("? {} ({})", open.reason, open.depends_on.join(", ")));
    }
    lines.join("\n")
}

fn network(name: &str, servers: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "{name}",
        "location": "westeurope", "properties": {{ "addressSpace": {{ "addressPrefixes": ["10.0.0.0/16"] }},
        "dhcpOptions": {{ "dnsServers": {servers} }},
        "subnets": [{{ "name": "pe", "properties": {{ "addressPrefix": "10.0.1.0/24" }} }}] }} }}"#
    )
}

/// A private endpoint in a network; `target` is an expression.
fn endpoint_to(name: &str, network: &str, target: &str, groups: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": "{name}",
        "location": "westeurope", "properties": {{
        "subnet": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', '{network}', 'pe')]" }},
        "ipConfigurations": [{{ "name": "one", "properties": {{ "groupId": "vault", "memberName": "default",
          "privateIPAddress": "10.0.1.10" }} }}],
        "privateLinkServiceConnections": [{{ "name": "one", "properties": {{ "groupIds": {groups},
          "privateLinkServiceId": "[{target}]" }} }}] }} }}"#
    )
}

fn endpoint(name: &str, network: &str) -> String {
    endpoint_to(name, network, "resourceId('Microsoft.KeyVault/vaults', 'kv-one')", r#"["vault"]"#)
}

fn zone(name: &str, location: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01", "name": {name},
        "location": {location} }}"#
    )
}

fn link(name: &str, network: &str, properties: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2024-06-01",
        "name": "{RIGHT}/{name}", "location": "global", "properties": {{ {properties}
        "virtualNetwork": {{ "id": {network} }} }} }}"#
    )
}

fn group(endpoint: &str, name: &str, zones: &[&str]) -> String {
    let configs: Vec<String> = zones
        .iter()
        .map(|zone| format!(r#"{{ "name": "any", "properties": {{ "privateDnsZoneId": {zone} }} }}"#))
        .collect();
    format!(
        r#"{{ "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "apiVersion": "2024-05-01",
        "name": "{endpoint}/{name}", "properties": {{ "privateDnsZoneConfigs": [ {} ] }} }}"#,
        configs.join(", ")
    )
}

fn record(name: &str, address: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2024-06-01",
        "name": "{RIGHT}/{name}", "properties": {{ "ttl": 300, "aRecords": [{{ "ipv4Address": {address} }}] }} }}"#
    )
}

fn zone_id(name: &str) -> String {
    format!(r#""[resourceId('dns', 'Microsoft.Network/privateDnsZones', '{name}')]""#)
}

const HERE: &str =
    r#""[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')]""#;
const HUB: &str = r#""[resourceId('Microsoft.Network/virtualNetworks', 'hub')]""#;

fn all(parts: &[&str]) -> String {
    parts.join(",\n")
}

fn check(rule: &str, resources: &str) -> String {
    said(rule, Options::default(), &arm_template("", "", resources))
}

#[test]
fn the_zone_of_vaults_is_evaluated_from_the_suffix() {
    let of = |name: &str| check("wrong-dns-zone", &zone(&format!("{name:?}"), r#""global""#));
    let wrong = "[concat('privatelink', environment().suffixes.keyvaultDns)]";
    assert!(of(wrong).starts_with("error Certain"), "{}", of(wrong));
    let right = "[concat('privatelink', replace(environment().suffixes.keyvaultDns, 'vault', 'vaultcore'))]";
    assert_eq!(of(right), "");
    for other in ["privatelink.blob.core.windows.net", "privatelink.database.windows.net", "contoso.internal"]
    {
        assert_eq!(of(other), "", "{other}");
    }
    let open = arm_template(
        r#""region": { "type": "string" }"#,
        "",
        &zone(r#""[format('privatelink.{0}.azmk8s.io', parameters('region'))]""#, r#""westeurope""#),
    );
    for rule in ["wrong-dns-zone", "dns-zone-not-global"] {
        assert_eq!(said(rule, Options::default(), &open), "", "no such name is the zone of vaults");
    }
}

#[test]
fn one_cause_gives_one_finding() {
    let wrong = "privatelink.vault.azure.net";
    let here = format!(r#""[resourceId('Microsoft.Network/privateDnsZones', '{wrong}')]""#);
    let parts = all(&[
        VAULT,
        &endpoint("pe", "hub"),
        &zone(&format!("{wrong:?}"), r#""global""#),
        &group("pe", "g", &[&here]),
    ]);
    assert_eq!(check("wrong-dns-zone", &parts).lines().count(), 1);
    let foreign = all(&[
        VAULT,
        &endpoint("pe", "hub"),
        &group("pe", "g", &[&zone_id("privatelink.vaultcore.azure.cn")]),
    ]);
    assert_eq!(check("wrong-dns-zone", &foreign), "");
    assert!(check("dns-zone-cloud-mismatch", &foreign).starts_with("error Certain"));
    let public = r#""[resourceId('Microsoft.Network/privateDnsZones', 'vault.azure.net')]""#;
    let suffix = all(&[
        VAULT,
        &endpoint("pe", "hub"),
        &zone(r#""vault.azure.net""#, r#""global""#),
        &group("pe", "g", &[public]),
    ]);
    assert!(check("wrong-dns-zone", &suffix).starts_with("error Certain"));
    // The zone hides vaults from the networks that are linked to it, whatever registers there.
    assert!(check("overridden-public-zone", &suffix).starts_with("warning Certain"));
}

#[test]
fn the_right_zone_beside_others_is_enough() {
    let both = all(&[
        VAULT,
        &endpoint("pe", "hub"),
        &group("pe", "g", &[&zone_id("privatelink.blob.core.windows.net"), &zone_id(RIGHT)]),
    ]);
    assert_eq!(check("wrong-dns-zone", &both), "");
    let wrong = all(&[
        VAULT,
        &endpoint("pe", "hub"),
        &group("pe", "g", &[&zone_id("privatelink.blob.core.windows.net")]),
    ]);
    assert!(check("wrong-dns-zone", &wrong).starts_with("error Certain"));
}

#[test]
fn the_names_of_managed_hsms_outside_public_azure_are_no_error() {
    let target = "resourceId('Microsoft.KeyVault/managedHSMs', 'hsm-one')";
    let hsm = |zone: &str| {
        all(&[&endpoint_to("pe", "hub", target, r#"["managedhsm"]"#), &group("pe", "g", &[&zone_id(zone)])])
    };
    let run = |cloud: Cloud, zone: &str| {
        said(
            "wrong-dns-zone",
            Options { cloud: Some(cloud), ..Options::default() },
            &arm_template("", "", &hsm(zone)),
        )
    };
    assert!(run(Cloud::Public, RIGHT).starts_with("error Certain"), "{}", run(Cloud::Public, RIGHT));
    assert_eq!(run(Cloud::Public, "privatelink.managedhsm.azure.net"), "");
    assert!(run(Cloud::UsGov, "privatelink.vaultcore.usgovcloudapi.net").starts_with("warning Certain"));
    assert_eq!(run(Cloud::China, "privatelink.managedhsm.azure.cn"), "");
}

#[test]
fn endpoints_of_other_services_are_left_alone() {
    let rules = ["wrong-dns-zone", "no-dns-registration", "unlinked-dns-zone", "second-zone-group"];
    for (target, groups) in [
        ("resourceId('Microsoft.Storage/storageAccounts', 'files')", r#"["blob"]"#),
        ("resourceId('Microsoft.RecoveryServices/vaults', 'backup')", r#"["vault"]"#),
        ("parameters('target')", r#"["blob"]"#),
    ] {
        let pe = endpoint_to("pe", "hub", target, groups);
        let parts =
            all(&[&pe, &group("pe", "a", &[&zone_id("contoso.internal")]), &group("pe", "b", &[HERE])]);
        let text = arm_template(r#""target": { "type": "string" }"#, "", &parts);
        for rule in rules {
            assert_eq!(said(rule, Options::default(), &text), "", "{rule}: {target}");
        }
    }
}

#[test]
fn a_target_that_may_be_a_vault_is_open() {
    let pe = endpoint_to("pe", "hub", "parameters('target')", r#"["vault"]"#);
    let text = arm_template(r#""target": { "type": "string" }"#, "", &pe);
    let said = said("no-dns-registration", Options::default(), &text);
    assert_eq!(said, "? whether a name leads to the endpoint of the vault (parameters('target'))");
}

#[test]
fn a_record_or_a_policy_registers_as_well() {
    let pe = endpoint("pe", "hub");
    assert!(check("no-dns-registration", &all(&[VAULT, &pe])).starts_with("warning Certain"));
    assert_eq!(check("no-dns-registration", &all(&[VAULT, &pe, &record("KV-One", r#""10.0.1.10""#)])), "");
    let policy = r#"{ "type": "Microsoft.Authorization/policyAssignments", "apiVersion": "2024-04-01", "name": "dns",
        "properties": { "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/ac673a9a-f77d-4846-b2d8-a57f8e1c01d4" } }"#;
    assert_eq!(check("no-dns-registration", &all(&[VAULT, &pe, policy])), "");
}

#[test]
fn a_zone_group_that_a_default_leaves_out_makes_its_absence_likely() {
    let own = group("pe", "default", &[HERE]).replacen('{', r#"{ "condition": "[parameters('dns')]","#, 1);
    let parts = all(&[VAULT, &endpoint("pe", "hub"), &own]);
    let with = |default: &str| {
        let text = arm_template(&format!(r#""dns": {{ "type": "bool"{default} }}"#), "", &parts);
        said("no-dns-registration", Options::default(), &text)
    };
    let likely = with(r#", "defaultValue": false"#);
    assert!(likely.starts_with("warning Likely") && likely.contains("parameter `dns`"), "{likely}");
    assert_eq!(with(r#", "defaultValue": true"#), "");
    assert!(with("").starts_with("? "), "{}", with(""));
}

#[test]
fn links_are_looked_for_where_the_zone_is() {
    let own = zone(&format!("{RIGHT:?}"), r#""global""#);
    let parts = |zone: &str, more: &str| {
        all(&[VAULT, &network("hub", "[]"), &endpoint("pe", "hub"), zone, &group("pe", "g", &[HERE]), more])
    };
    let rule = "unlinked-dns-zone";
    assert!(check(rule, &parts(&own, VAULT)).starts_with("warning Certain"));
    assert_eq!(check(rule, &parts(&own, &link("hub", HUB, ""))), "");
    let elsewhere = parts(VAULT, VAULT);
    assert_eq!(check(rule, &elsewhere), "", "links of a zone that is not here may be elsewhere");
    let custom = parts(&own, VAULT).replace(r#""dnsServers": []"#, r#""dnsServers": ["192.168.7.4"]"#);
    assert_eq!(check(rule, &custom), "", "what the network's own servers ask is not its links' concern");
}

#[test]
fn a_second_group_has_another_name() {
    let parts = |second: &str| {
        all(&[VAULT, &endpoint("pe", "hub"), &group("pe", "g", &[HERE]), &group("pe", second, &[HERE])])
    };
    assert!(check("second-zone-group", &parts("h")).starts_with("error Certain"));
    assert_eq!(check("second-zone-group", &parts("G")), "");
}

#[test]
fn a_vaults_record_bears_its_name_alone() {
    let parts = |name: &str| all(&[VAULT, &endpoint("pe", "hub"), &record(name, r#""10.0.1.10""#)]);
    assert!(check("dns-record-mismatch", &parts("kv-one.vault.azure.net")).starts_with("error Certain"));
    assert_eq!(check("dns-record-mismatch", &parts("kv-one")), "");
    assert_eq!(check("dns-record-mismatch", &parts("other")), "");
    // Elsewhere the address may be another one's; where the endpoint is, it is the endpoint's.
    let linked = |name: &str| {
        all(&[
            &zone(&format!("{RIGHT:?}"), r#""global""#),
            &network("hub", "[]"),
            &link("hub", HUB, ""),
            &parts(name),
        ])
    };
    assert_eq!(
        check("dns-record-mismatch", &linked("other")),
        "error Certain A record `other` leads to private endpoint `pe`, which is that of `kv-one`"
    );
    assert_eq!(check("dns-record-mismatch", &linked("KV-One")), "");
    let open = arm_template(
        r#""name": { "type": "string" }"#,
        "",
        &linked("@").replace(
            &format!("\"{RIGHT}/@\""),
            &format!("\"[format('{RIGHT}/{{0}}', parameters('name'))]\""),
        ),
    );
    assert_eq!(
        said("dns-record-mismatch", Options::default(), &open),
        "? whether the record has the vault's name (parameters('name'))"
    );
}

#[test]
fn a_client_needs_the_zone_that_holds_a_record_written_by_hand() {
    let app = r#"{ "type": "Microsoft.Web/sites", "apiVersion": "2024-11-01", "name": "app", "location": "westeurope",
        "properties": { "virtualNetworkSubnetId": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'spoke', 'pe')]",
        "siteConfig": { "appSettings": [{ "name": "URL", "value": "https://kv-one.vault.azure.net/" }] } } }"#;
    let parts = all(&[
        VAULT,
        &network("hub", "[]"),
        &network("spoke", "[]"),
        &endpoint("pe", "hub"),
        &zone(&format!("{RIGHT:?}"), r#""global""#),
        &link("hub", HUB, ""),
        &record("kv-one", r#""10.0.1.10""#),
        app,
    ]);
    let said = check("unlinked-client-network", &parts);
    assert!(said.starts_with("warning Certain App Service `app`"), "{said}");
    assert_eq!(offered("unlinked-client-network", &parts), ["link the zone to the network"]);
}

#[test]
fn the_private_name_is_found_in_addresses_only() {
    let app = |setting: &str| {
        let text = arm_template(
            r#""name": { "type": "string" }"#,
            "",
            &format!(
                r#"{{ "type": "Microsoft.Web/sites", "apiVersion": "2024-11-01", "name": "app", "location": "westeurope",
                "properties": {{ "siteConfig": {{ "appSettings": [{{ "name": "URL", "value": {setting} }}] }} }} }}"#
            ),
        );
        said("privatelink-host-in-url", Options::default(), &text)
    };
    for bad in [
        r#""https://kv-one.privatelink.vaultcore.azure.net""#,
        r#""@Microsoft.KeyVault(SecretUri=https://kv-one.privatelink.vaultcore.azure.net/secrets/a)""#,
        r#""[format('https://{0}.privatelink.vaultcore.azure.net/', parameters('name'))]""#,
        r#""[concat('https://', parameters('name'), '.privatelink', environment().suffixes.keyvaultDns)]""#,
    ] {
        assert!(app(bad).starts_with("error Certain"), "{bad}: {}", app(bad));
    }
    for good in [
        r#""https://kv-one.vault.azure.net""#,
        r#""privatelink.vaultcore.azure.net""#,
        r#""https://contoso.com/?zone=privatelink.vaultcore.azure.net""#,
        r#""[parameters('name')]""#,
    ] {
        assert_eq!(app(good), "", "{good}");
    }
}

#[test]
fn forwarding_all_names_or_the_public_one_is_enough() {
    let rule = |name: &str, domain: &str| {
        format!(
            r#"{{ "type": "Microsoft.Network/dnsForwardingRulesets/forwardingRules", "apiVersion": "2022-07-01",
            "name": "set/{name}", "properties": {{ "domainName": "{domain}", "targetDnsServers": [] }} }}"#
        )
    };
    let set = r#"{ "type": "Microsoft.Network/dnsForwardingRulesets", "apiVersion": "2022-07-01", "name": "set",
        "location": "westeurope", "properties": {} }"#;
    let with = |domain: &str| {
        check("wrong-forwarding-rule", &all(&[set, &rule("a", &format!("{RIGHT}.")), &rule("b", domain)]))
    };
    for covered in ["vault.azure.net.", "azure.net.", "net.", "."] {
        assert_eq!(with(covered), "", "{covered}");
    }
    assert!(with("vaultcore.azure.net.").starts_with("warning Certain"));
    let alone = check("wrong-forwarding-rule", &rule("a", &format!("{RIGHT}.")));
    assert!(alone.starts_with("? "), "other rules of the set may be elsewhere: {alone}");
}

#[test]
fn what_a_default_only_names_is_certain() {
    let named = link("[parameters('x')]", HUB, "").replace(
        &format!(r#""{RIGHT}/[parameters('x')]""#),
        &format!(r#""[concat('{RIGHT}/link-', parameters('x'))]""#),
    );
    let parts = all(&[&zone(&format!("{RIGHT:?}"), r#""global""#), &named]);
    let parameters = r#""x": { "type": "string", "defaultValue": "hub" }"#;
    let nxdomain =
        said("nxdomain-for-foreign-vaults", Options::default(), &arm_template(parameters, "", &parts));
    assert!(nxdomain.starts_with("info Certain"), "{nxdomain}");
    let vault = VAULT.replace(r#""kv-one""#, r#""[parameters('x')]""#);
    let target = "resourceId('Microsoft.KeyVault/vaults', parameters('x'))";
    let parts = all(&[&vault, &endpoint_to("pe", "hub", target, r#"["vault"]"#)]);
    let unregistered = said("no-dns-registration", Options::default(), &arm_template(parameters, "", &parts));
    assert!(unregistered.starts_with("warning Certain"), "{unregistered}");
}

/// The titles of the fixes that a rule offers.
fn offered(rule: &str, resources: &str) -> Vec<String> {
    let project = load(Options::default(), [("main.json", &arm_template("", "", resources))]);
    let found = project.check().diagnostics.into_iter().filter(|found| found.rule == rule);
    found.flat_map(|found| found.fixes).map(|fix| fix.title).collect()
}

#[test]
fn a_link_is_offered_where_azure_would_take_it() {
    let (own, pe) = (zone(&format!("{RIGHT:?}"), r#""global""#), endpoint("pe", "hub"));
    let registered = group("pe", "default", &[HERE]);
    let offered = |parts: &[&str]| {
        let resources = all(&[&[VAULT, &own, &pe, &registered][..], parts].concat());
        let said = check("unlinked-dns-zone", &resources);
        assert!(said.starts_with("warning Certain"), "{said}");
        offered("unlinked-dns-zone", &resources).len()
    };
    let hub = network("hub", "[]");
    assert_eq!(offered(&[&hub]), 1);
    assert_eq!(offered(&[]), 0, "a network that is not here");
    let taken = link("hub", HUB, "").replace("'hub'", "'spoke'");
    assert_eq!(offered(&[&hub, &network("spoke", "[]"), &taken]), 0, "the name is taken");
}

#[test]
fn an_endpoint_is_registered_where_that_overwrites_nothing() {
    let (own, pe) = (zone(&format!("{RIGHT:?}"), r#""global""#), endpoint("pe", "hub"));
    let hub = network("hub", "[]");
    let offered =
        |parts: &[&str]| offered("no-dns-registration", &all(&[&[VAULT, &pe][..], parts].concat())).len();
    assert_eq!(offered(&[&hub, &own]), 1);
    assert_eq!(offered(&[&hub]), 0, "no zone");
    assert_eq!(offered(&[&hub, &own, &zone(r#""privatelink.vaultcore.azure.cn""#, r#""global""#)]), 1);
    let open = zone(r#""[concat('internal.', resourceGroup().tags.domain)]""#, r#""global""#);
    assert_eq!(offered(&[&hub, &own, &open]), 1);
    assert_eq!(offered(&[&own]), 0, "the zone could not be linked");
    assert_eq!(offered(&[&network("hub", r#"["10.0.0.4"]"#), &own]), 1, "and need not be");
    assert_eq!(offered(&[&hub, &own, &endpoint("other", "hub")]), 0, "two endpoints of the vault");
}

#[test]
fn of_two_endpoints_in_one_network_the_rule_about_their_record_speaks_where_they_share_one() {
    let (one, two) = (endpoint("one", "hub"), endpoint("two", "hub"));
    let (elsewhere, hub) = (zone_id("contoso.example"), network("hub", "[]"));
    let said = |zone: &str| {
        let groups = [group("one", "default", &[HERE]), group("two", "default", &[zone])];
        let text = all(&[VAULT, &hub, &one, &two, &groups[0], &groups[1]]);
        ["overwritten-dns-record", "duplicate-private-endpoint"].map(|rule| check(rule, &text))
    };
    let [overwritten, duplicate] = said(HERE);
    assert!(overwritten.starts_with("error Certain"), "{overwritten}");
    assert_eq!(duplicate, "");
    let [overwritten, duplicate] = said(&elsewhere);
    assert_eq!(overwritten, "");
    assert!(duplicate.starts_with("warning Certain"), "{duplicate}");
}
