use crate::report::{Control, ControlState, ControlsReport};
use crate::{Options, Project};
use ControlState::{Met, NotMet, Undecided};

const NO_PUBLIC_ACCESS: &str = "405c5871";
const FIREWALL: &str = "55615ac9";
const PRIVATE_LINK: &str = "a6abeaec";
const LOGS: &str = "cf820ca0";
const PURGE: &str = "0b60c0b2";
const RBAC: &str = "12d4fa5e";

fn controls_with(text: &str, complete: bool) -> ControlsReport {
    let mut project = Project::new(Options { complete, ..Options::default() });
    project.set("main.bicep", text);
    project.controls()
}

fn controls(text: &str) -> ControlsReport {
    controls_with(text, false)
}

fn control<'r>(report: &'r ControlsReport, guid: &str) -> Option<&'r Control> {
    report.controls.iter().find(|control| control.guid.starts_with(guid))
}

fn state(report: &ControlsReport, guid: &str) -> Option<ControlState> {
    control(report, guid).map(|control| control.state)
}

fn vault_of(api: &str, properties: &str) -> String {
    format!(
        "resource kv 'Microsoft.KeyVault/vaults@{api}' = {{\n  name: 'kv-shop'\n  properties: {{\n    {properties}\n  \
         }}\n}}\n"
    )
}

fn vault(properties: &str) -> String {
    vault_of("2023-07-01", properties)
}

fn hsm(properties: &str) -> String {
    format!(
        "resource hsm 'Microsoft.KeyVault/managedHSMs@2023-07-01' = {{\n  name: 'hsm-shop'\n  properties: {{\n    \
         {properties}\n  }}\n}}\n"
    )
}

fn endpoint(of: &str, group: &str, connections: &str) -> String {
    format!(
        "resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {{\n  name: 'pe'\n  properties: {{\n    \
         {connections}: [{{ name: 'c', properties: {{ privateLinkServiceId: {of}.id, groupIds: ['{group}'] }} }}]\n  \
         }}\n}}\n"
    )
}

fn setting(of: &str, log: &str) -> String {
    format!(
        "resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {{\n  name: 'audit'\n  scope: \
         {of}\n  properties: {{ workspaceId: '/subscriptions/s/workspace', logs: [{log}] }}\n}}\n"
    )
}

/// What a property decides: met, not met, undecided for an open value, and met with a default.
fn follows(guid: &str, text: &dyn Fn(&str) -> String, kind: &str, meets: &str, fails: &str) {
    assert_eq!(state(&controls(&text(meets)), guid), Some(Met), "{guid}: {meets}");
    let report = controls(&text(fails));
    assert_eq!(state(&report, guid), Some(NotMet), "{guid}: {fails}");

    let report = controls(&format!("param p {kind}\n{}", text("p")));
    let open = control(&report, guid).unwrap();
    assert_eq!(open.state, Undecided, "{guid}");
    assert!(open.because.starts_with("the files leave open whether "), "{}", open.because);
    assert_eq!((open.depends_on.as_slice(), open.assumed.len()), (&["parameters('p')".to_owned()][..], 0));

    let report = controls(&format!("param p {kind} = {meets}\n{}", text("p")));
    let assumed = control(&report, guid).unwrap();
    assert_eq!((assumed.state, assumed.assumed.as_slice()), (Met, &["p".to_owned()][..]), "{guid}");
    assert!(assumed.depends_on.is_empty());
}

#[test]
fn public_access_is_off_where_it_says_so() {
    let text = |value: &str| vault(&format!("publicNetworkAccess: {value}"));
    follows(NO_PUBLIC_ACCESS, &text, "string", "'Disabled'", "'Enabled'");
    assert_eq!(state(&controls(&vault("")), NO_PUBLIC_ACCESS), Some(NotMet));
    for (api, value, because) in [
        ("2023-07-01", "'SecuredByPerimeter'", "SecuredByPerimeter"),
        ("2019-09-01", "'Disabled'", "older than `2021-06-01-preview`"),
    ] {
        let report = controls(&vault_of(api, &format!("publicNetworkAccess: {value}")));
        let control = control(&report, NO_PUBLIC_ACCESS).unwrap();
        assert_eq!(control.state, NotMet, "{value}");
        assert!(control.because.contains(because), "{}", control.because);
    }
}

#[test]
fn a_firewall_denies_or_public_access_is_off() {
    let text = |value: &str| vault(&format!("networkAcls: {{ defaultAction: {value} }}"));
    follows(FIREWALL, &text, "string", "'Deny'", "'Allow'");
    let off =
        controls(&vault("publicNetworkAccess: 'Disabled'\n    networkAcls: { defaultAction: 'Allow' }"));
    assert_eq!(state(&off, FIREWALL), Some(Met));
    let old = controls(&vault_of("2019-09-01", "publicNetworkAccess: 'Disabled'"));
    assert!(control(&old, FIREWALL).unwrap().because.contains("older than `2021-06-01-preview`"));
}

#[test]
fn protection_and_roles_are_asked_for_by_their_flags() {
    let text = |value: &str| vault(&format!("enablePurgeProtection: {value}"));
    follows(PURGE, &text, "bool", "true", "false");
    let undone = controls(&vault("enablePurgeProtection: true\n    enableSoftDelete: false"));
    assert_eq!(state(&undone, PURGE), Some(NotMet));
    let text = |value: &str| vault(&format!("enableRbacAuthorization: {value}"));
    follows(RBAC, &text, "bool", "true", "false");
    // The policy asks for the flag, also where that is the default.
    assert_eq!(state(&controls(&vault_of("2026-02-01", "")), RBAC), Some(NotMet));
}

#[test]
fn an_endpoint_may_be_in_other_files() {
    let with = |connections: &str| vault("") + &endpoint("kv", "vault", connections);
    let served = controls(&with("privateLinkServiceConnections"));
    assert_eq!(state(&served, PRIVATE_LINK), Some(Met));
    for text in [vault(""), with("manualPrivateLinkServiceConnections")] {
        let report = controls(&text);
        let open = control(&report, PRIVATE_LINK).unwrap();
        assert_eq!(open.state, Undecided, "{text}");
        assert_eq!(open.depends_on, ["private endpoints of `kv-shop` outside of the files"]);
    }
    let whole = controls_with(&vault(""), true);
    assert_eq!(state(&whole, PRIVATE_LINK), Some(NotMet));
    assert!(control(&whole, PRIVATE_LINK).unwrap().depends_on.is_empty());

    let given = |default: &str| {
        format!("param private bool{default}\n")
            + &with("privateLinkServiceConnections").replace("2024-05-01' =", "2024-05-01' = if (private)")
    };
    let report = controls_with(&given(" = true"), true);
    let assumed = control(&report, PRIVATE_LINK).unwrap();
    assert_eq!((assumed.state, assumed.assumed.as_slice()), (Met, &["private".to_owned()][..]));
    let report = controls_with(&given(" = false"), true);
    let assumed = control(&report, PRIVATE_LINK).unwrap();
    assert_eq!((assumed.state, assumed.assumed.as_slice()), (NotMet, &["private".to_owned()][..]));
    assert_eq!(state(&controls_with(&given(""), true), PRIVATE_LINK), Some(Undecided));
}

#[test]
fn a_diagnostic_setting_may_be_in_other_files() {
    let kept = vault("") + &setting("kv", "{ categoryGroup: 'audit', enabled: true }");
    assert_eq!(state(&controls(&kept), LOGS), Some(Met));
    let lost = vault("") + &setting("kv", "{ category: 'AuditEvent', enabled: false }");
    for text in [vault(""), lost] {
        let report = controls(&text);
        let open = control(&report, LOGS).unwrap();
        assert_eq!(open.state, Undecided, "{text}");
        assert_eq!(open.depends_on, ["diagnostic settings of `kv-shop` outside of the files"]);
        assert_eq!(state(&controls_with(&text, true), LOGS), Some(NotMet), "{text}");
    }
    let flag = |default: &str| {
        format!("param on bool{default}\n")
            + &vault("")
            + &setting("kv", "{ category: 'AuditEvent', enabled: on }")
    };
    let report = controls_with(&flag(" = true"), true);
    let assumed = control(&report, LOGS).unwrap();
    assert_eq!((assumed.state, assumed.assumed.as_slice()), (Met, &["on".to_owned()][..]));
    assert_eq!(state(&controls_with(&flag(""), true), LOGS), Some(Undecided));
}

#[test]
fn a_policy_that_deploys_settings_leaves_open_whether_there_is_one() {
    let assigned = "resource logs 'Microsoft.Authorization/policyAssignments@2024-04-01' = {
  name: 'logs'
  properties: { policyDefinitionId: tenantResourceId('Microsoft.Authorization/policyDefinitions', '951af2fa-529b-416e-ab6e-066fd85ac459') }
}
";
    let report = controls_with(&(vault("") + assigned), true);
    assert_eq!(state(&report, LOGS), Some(Undecided));
}

#[test]
fn managed_hsms_have_policies_of_their_own() {
    let (firewall, link, logs, purge) = ("19ea9d63", "59fee2f4", "a2a5b911", "c39ba22d");
    let text = |value: &str| hsm(&format!("networkAcls: {{ defaultAction: {value} }}"));
    follows(firewall, &text, "string", "'Deny'", "'Allow'");
    let text = |value: &str| hsm(&format!("enableSoftDelete: true\n    enablePurgeProtection: {value}"));
    follows(purge, &text, "bool", "true", "false");

    let bare = hsm("");
    let report = controls(&bare);
    assert!(report.requirements.iter().all(|one| !one.framework.starts_with("CIS")), "those are of vaults");
    let guids: Vec<&str> = report.controls.iter().filter_map(|control| control.guid.get(..8)).collect();
    assert_eq!(guids, [firewall, link, logs, purge]);
    let whole = controls_with(&bare, true);
    for (guid, by) in [
        (link, endpoint("hsm", "managedhsm", "privateLinkServiceConnections")),
        (logs, setting("hsm", "{ category: 'AuditEvent', enabled: true }")),
    ] {
        assert_eq!(state(&report, guid), Some(Undecided));
        assert_eq!(state(&whole, guid), Some(NotMet));
        let report = controls(&(bare.clone() + &by));
        let met = control(&report, guid).unwrap();
        assert_eq!(met.state, Met, "{met:?}");
    }
}

#[test]
fn only_policies_about_the_network_are_evidence_for_frameworks() {
    let report = controls(&(vault("") + &hsm("")));
    let supporting: Vec<&str> = report
        .controls
        .iter()
        .filter(|control| !control.frameworks.is_empty())
        .filter_map(|control| control.guid.get(..8))
        .collect();
    assert_eq!(supporting, [NO_PUBLIC_ACCESS, FIREWALL, PRIVATE_LINK, "19ea9d63", "59fee2f4"]);
    let frameworks = &control(&report, FIREWALL).unwrap().frameworks;
    let names: Vec<&str> = frameworks.iter().map(|framework| framework.framework.as_str()).collect();
    assert_eq!(names, ["PCI DSS 4.0", "HIPAA", "SOC 2", "ISO 27001"]);
    let cis = |guid| control(&report, guid).unwrap().frameworks.last().unwrap().requirement.clone();
    assert!(cis(NO_PUBLIC_ACCESS).starts_with("8.3.7: ") && cis(PRIVATE_LINK).starts_with("8.3.8: "));
}

#[test]
fn a_control_stands_where_its_property_is() {
    let report = controls(&vault("enableRbacAuthorization: false"));
    let line = |guid| control(&report, guid).map(|control| control.range.start.line);
    assert_eq!((line(RBAC), line(PRIVATE_LINK)), (Some(3), Some(0)));
}

#[test]
fn every_file_of_values_has_to_satisfy_a_policy() {
    let mut project = Project::new(Options {
        parameters: vec!["a.bicepparam".to_owned(), "b.bicepparam".to_owned()],
        ..Options::default()
    });
    project.set("main.bicep", &format!("param p string\n{}", vault("publicNetworkAccess: p")));
    project.set("a.bicepparam", "using 'main.bicep'\nparam p = 'Disabled'\n");
    project.set("b.bicepparam", "using 'main.bicep'\nparam p = 'Enabled'\n");
    let report = project.controls();
    assert_eq!(report.controls.len(), 6);
    let control = control(&report, NO_PUBLIC_ACCESS).unwrap();
    assert_eq!((control.state, control.file.as_str()), (NotMet, "b.bicepparam"));
    project.set("b.bicepparam", "using 'main.bicep'\nparam p = 'Disabled'\n");
    assert_eq!(state(&project.controls(), NO_PUBLIC_ACCESS), Some(Met));
}

#[test]
fn vaults_that_are_only_referred_to_have_no_controls_and_too_many_are_counted() {
    let existing = "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'kv' }\n";
    assert_eq!(controls(existing).controls, []);
    let many = "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for i in range(0, 203): { name: 'kv-${i}' }]\n";
    let report = controls(many);
    assert_eq!((report.controls.len(), report.vaults_left_out), (1200, 3));
}

#[test]
fn terraform_is_told_in_its_own_words() {
    let mut project = Project::new(Options::default());
    let text = "resource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv-shop\"\n  rbac_authorization_enabled = false\n}\n";
    project.set("main.tf", text);
    let report = project.controls();
    let rbac = control(&report, RBAC).unwrap();
    assert_eq!((rbac.state, rbac.range.start.line), (NotMet, 2));
    assert_eq!(rbac.because, "`rbac_authorization_enabled` is not true");
}

/// The states of a vault in JSON that Azure prints, by the start of the policy's name.
fn states_of(export: &str) -> Vec<(String, ControlState)> {
    let mut project = Project::new(Options::default());
    project.set("export.json", export);
    let report = project.controls();
    assert!(!report.controls.is_empty(), "{export}");
    report.controls.iter().map(|control| (control.guid.chars().take(8).collect(), control.state)).collect()
}

#[test]
fn what_a_listing_leaves_out_is_undecided() {
    let id =
        "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault";
    let type_of = |kind: &str| format!(r#""type": "Microsoft.KeyVault/{kind}""#);
    // What `az keyvault list` and `az resource list` print, and projections of it.
    for (kind, rest) in [
        ("vaults", r#""location": "westeurope", "resourceGroup": "rg", "tags": {}"#),
        ("vaults", r#""location": "westeurope", "properties": null"#),
        ("vaults", r#""properties": {}"#),
        ("vaults", r#""properties": { "enableSoftDelete": true }"#),
        ("vaults", r#""properties": { "provisioningState": "Succeeded" }"#),
        ("managedHSMs", r#""location": "westeurope""#),
        ("managedHSMs", r#""properties": { "provisioningState": "Succeeded" }"#),
    ] {
        let listing = format!(r#"[{{ "id": "{id}/{kind}/kv", "name": "kv", {}, {rest} }}]"#, type_of(kind));
        for (guid, state) in states_of(&listing) {
            assert_eq!(state, Undecided, "{guid}: {listing}");
        }
    }
    // What it shows decides.
    let shown = format!(
        r#"[{{ "id": "{id}/vaults/kv", "name": "kv", {}, "properties": {{ "publicNetworkAccess": "Enabled" }} }}]"#,
        type_of("vaults")
    );
    let states = states_of(&shown);
    assert_eq!(
        states.iter().find(|(guid, _)| guid == NO_PUBLIC_ACCESS).map(|(_, state)| *state),
        Some(NotMet)
    );
    assert_eq!(states.iter().find(|(guid, _)| guid == FIREWALL).map(|(_, state)| *state), Some(Undecided));
}

#[test]
fn a_requirement_is_in_the_worst_state_of_its_evidence() {
    let of = |text: &str, complete: bool| {
        let report = controls_with(text, complete);
        let pci = report.requirements.iter().find(|one| one.framework == "PCI DSS 4.0").unwrap();
        assert_eq!(pci.guids.len(), 3);
        assert_eq!(pci.vault.name, "kv-shop");
        pci.state
    };
    let off = vault("publicNetworkAccess: 'Disabled'");
    let linked = off.clone() + &endpoint("kv", "vault", "privateLinkServiceConnections");
    assert_eq!(of(&linked, false), Met);
    assert_eq!(of(&off, false), Undecided);
    assert_eq!(of(&off, true), NotMet);
    assert_eq!(of(&vault("publicNetworkAccess: 'Enabled'"), false), NotMet);

    let two = linked + &vault_of("2023-07-01", "publicNetworkAccess: 'Enabled'").replace("kv", "other");
    let report = controls(&two);
    let of_other = report.requirements.iter().filter(|one| one.vault.name == "other-shop");
    assert!(of_other.clone().count() > 0 && of_other.into_iter().all(|one| one.state != Met));
    let mut expected: Vec<(&str, &str, &str)> = Vec::new();
    for control in &report.controls {
        for framework in &control.frameworks {
            let one =
                (control.vault.name.as_str(), framework.framework.as_str(), framework.requirement.as_str());
            if !expected.contains(&one) {
                expected.push(one);
            }
        }
    }
    let found: Vec<(&str, &str, &str)> = report
        .requirements
        .iter()
        .map(|one| (one.vault.name.as_str(), one.framework.as_str(), one.requirement.as_str()))
        .collect();
    assert_eq!(found, expected);
}
