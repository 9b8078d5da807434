//! A missing property has its default only where a resource is created; an existing resource keeps its value.

use vaultmoat_core::report::{
    ChangeKind, Confidence, DiffReport, Outcome, PhaseKind, Report, Severity, State,
};
use vaultmoat_core::{Options, Profile, Project};
use vaultmoat_tests::fixture::load;

fn project(files: &[(&str, &str)]) -> Project {
    project_with(Options::default(), files)
}

fn project_with(options: Options, files: &[(&str, &str)]) -> Project {
    load(options, files.iter().map(|(path, text)| (path, text)))
}

/// Who is newly let in, newly refused and so on, and who only where everything is created anew.
fn changes(before: &str, after: &str, path: &str) -> (Vec<ChangeKind>, Vec<ChangeKind>) {
    let report = project(&[(path, before)]).diff(&project(&[(path, after)]));
    let DiffReport { changes, when_created, .. } = report;
    let kinds = |changes: Vec<vaultmoat_core::report::AccessChange>| {
        let internet = changes.into_iter().filter(|change| change.from == "internet");
        internet.map(|change| change.kind).collect()
    };
    (kinds(changes), kinds(when_created))
}

fn said(report: &Report, rule: &str) -> Vec<(Severity, Confidence)> {
    let found = report.diagnostics.iter().filter(|found| found.rule == rule);
    found.map(|found| (found.severity, found.confidence)).collect()
}

fn undecided(report: &Report, rule: &str) -> bool {
    report.undecided.iter().any(|open| open.rule == rule)
}

fn in_terraform(kind: &str, more: &str) -> String {
    format!(
        r#"
resource "azurerm_key_vault" "{kind}" {{
  name                       = "kv-kept"
  location                   = "westeurope"
  resource_group_name        = "rg"
  tenant_id                  = "11111111-2222-3333-4444-555555555555"
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
{more}
}}
"#
    )
}

fn acls(action: &str) -> String {
    format!("  network_acls {{\n    bypass = \"AzureServices\"\n    default_action = \"{action}\"\n  }}")
}

#[test]
fn each_side_of_a_diff_is_described_in_the_terms_of_its_own_files() {
    let because = |before: (&str, &str), after: (&str, &str)| -> Vec<String> {
        let report = project(&[before]).diff(&project(&[after]));
        let changes = report.changes.into_iter().chain(report.when_created);
        let internet = changes.filter(|change| change.from == "internet");
        internet
            .flat_map(|change| [change.before, change.after])
            .flatten()
            .map(|state| state.because)
            .collect()
    };
    let terraform = in_terraform("kv", &acls("Allow"));
    let bicep = "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {\n  name: 'kv-kept'\n  location: 'westeurope'\n  \
                 properties: { tenantId: tenant().tenantId, sku: { family: 'A', name: 'standard' }, \
                 networkAcls: { defaultAction: 'Deny' } }\n}\n";
    let found = because(("main.tf", &terraform), ("main.bicep", bicep));
    assert!(found.iter().any(|text| text.contains("`default_action`")), "{found:?}");
    assert!(found.iter().any(|text| text.contains("`defaultAction`")), "{found:?}");
}

#[test]
fn a_block_that_is_taken_out_leaves_the_firewall_of_a_vault_that_exists() {
    let (closed, without) = (in_terraform("kv", &acls("Deny")), in_terraform("kv", ""));
    let found = changes(&closed, &without, "main.tf");
    assert_eq!(found, (vec![], vec![ChangeKind::NewlyAllowed]));
    let open = in_terraform("kv", &acls("Allow"));
    assert_eq!(changes(&closed, &open, "main.tf"), (vec![ChangeKind::NewlyAllowed], vec![]));
    assert_eq!(changes(&open, &without, "main.tf"), (vec![], vec![]));
    // A block that is written anew is applied.
    assert_eq!(changes(&without, &closed, "main.tf").0, [ChangeKind::NewlyDenied]);
}

#[test]
fn a_block_whose_changes_are_ignored_changes_nothing_of_a_vault_that_exists() {
    let ignoring = |action: &str| {
        let lifecycle = "\n  lifecycle {\n    ignore_changes = [network_acls]\n  }";
        in_terraform("kv", &format!("{}{lifecycle}", acls(action)))
    };
    let found = changes(&ignoring("Deny"), &ignoring("Allow"), "main.tf");
    assert_eq!(found, (vec![], vec![ChangeKind::NewlyAllowed]));
}

#[test]
fn a_vault_without_a_block_is_open_where_it_is_created() {
    let report = project(&[("main.tf", &in_terraform("kv", ""))]).check();
    let found = report.diagnostics.iter().find(|found| found.rule == "public-vault").expect("a finding");
    assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::Likely));
    assert!(
        found.message.contains("for a new resource") && !found.message.contains("networkAcls"),
        "{}",
        found.message
    );
    assert!(found.help.contains("`default_action`"), "{}", found.help);
    let written = project(&[("main.tf", &in_terraform("kv", &acls("Allow")))]).check();
    assert_eq!(said(&written, "public-vault"), [(Severity::Warning, Confidence::Certain)]);
    let closed = project(&[("main.tf", &in_terraform("kv", &acls("Deny")))]).check();
    assert_eq!(said(&closed, "public-vault"), []);
}

#[test]
fn of_a_vault_that_is_imported_the_firewall_is_not_known() {
    let import = "\nimport {\n  to = azurerm_key_vault.kv\n  id = \"/x\"\n}\n";
    let text = format!("{}{import}", in_terraform("kv", ""));
    let report = project(&[("main.tf", &text)]).check();
    assert_eq!(said(&report, "public-vault"), []);
    assert!(undecided(&report, "public-vault"));
    let other = format!("{}{}", in_terraform("kv", ""), import.replace(".kv", ".other"));
    assert_eq!(said(&project(&[("main.tf", &other)]).check(), "public-vault").len(), 1);
}

#[test]
fn a_plan_says_whether_a_vault_is_created() {
    let plan = |actions: &str, acls: &str, unknown: &str| {
        format!(
            r#"{{
  "format_version": "1.2",
  "terraform_version": "1.9.0",
  "planned_values": {{ "root_module": {{ "resources": [{{
    "address": "azurerm_key_vault.kv", "mode": "managed", "type": "azurerm_key_vault", "name": "kv",
    "values": {{ "name": "kv-kept", "resource_group_name": "rg", "location": "westeurope",
      "public_network_access_enabled": true{acls} }} }}] }} }},
  "resource_changes": [{{ "address": "azurerm_key_vault.kv", "mode": "managed", "type": "azurerm_key_vault",
    "name": "kv", "change": {{ "actions": [{actions}], "after_unknown": {{ "id": true{unknown} }} }} }}],
  "configuration": {{ "root_module": {{ "resources": [{{ "address": "azurerm_key_vault.kv",
    "expressions": {{ "name": {{ "constant_value": "kv-kept" }} }} }}] }} }}
}}"#
        )
    };
    let check = |text: String| said(&project(&[("plan.json", &text)]).check(), "public-vault");
    let created = plan("\"create\"", "", ", \"network_acls\": true");
    assert_eq!(check(created), [(Severity::Warning, Confidence::Certain)]);
    let kept =
        r#", "network_acls": [{ "bypass": "AzureServices", "default_action": "Deny", "ip_rules": [] }]"#;
    assert_eq!(check(plan("\"update\"", kept, "")), []);
}

fn in_bicep(decorator: &str, action: &str) -> String {
    format!(
        "{decorator}
resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-kept'
  location: 'westeurope'
  properties: {{
    tenantId: tenant().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    networkAcls: {{ bypass: 'AzureServices', defaultAction: '{action}' }}
  }}
}}
"
    )
}

#[test]
fn a_resource_that_is_only_created_changes_nothing_that_exists() {
    for decorator in ["@onlyIfNotExists()", "@sys.onlyIfNotExists()", "@description('x')\n@onlyIfNotExists()"]
    {
        let (open, closed) = (in_bicep(decorator, "Allow"), in_bicep(decorator, "Deny"));
        let found = changes(&open, &closed, "main.bicep");
        assert_eq!(found, (vec![], vec![ChangeKind::NewlyDenied]), "{decorator}");
    }
    let found = changes(&in_bicep("", "Allow"), &in_bicep("", "Deny"), "main.bicep");
    assert_eq!(found, (vec![ChangeKind::NewlyDenied], vec![]));
    let arm = |options: &str, action: &str| {
        format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "languageVersion": "2.0", "contentVersion": "1.0.0.0", "resources": {{ "kv": {{ {options}
    "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "kv-kept", "location": "westeurope",
    "properties": {{ "networkAcls": {{ "bypass": "AzureServices", "defaultAction": "{action}" }} }} }} }} }}"#
        )
    };
    let only = r#""@options": { "onlyIfNotExists": true },"#;
    let found = changes(&arm(only, "Allow"), &arm(only, "Deny"), "main.json");
    assert_eq!(found, (vec![], vec![ChangeKind::NewlyDenied]));
    let found = changes(&arm("", "Allow"), &arm("", "Deny"), "main.json");
    assert_eq!(found, (vec![ChangeKind::NewlyDenied], vec![]));
}

#[test]
fn what_is_said_of_a_resource_that_is_only_created_is_said_of_a_new_one() {
    let report = project(&[("main.bicep", &in_bicep("@onlyIfNotExists()", "Allow"))]).check();
    let found = report.diagnostics.iter().find(|found| found.rule == "public-vault").expect("a finding");
    assert_eq!(found.confidence, Confidence::Likely);
    assert!(found.message.contains("for a new resource"), "{}", found.message);
}

const ENDPOINT: &str = "
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: [ '10.0.0.0/16' ] }
    subnets: [ { name: 'apps', properties: { addressPrefix: '10.0.1.0/24' } } ]
  }
}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  location: 'westeurope'
  properties: {
    subnet: { id: '${network.id}/subnets/apps' }
    privateLinkServiceConnections: [ { name: 'v', properties: { privateLinkServiceId: kv.id, groupIds: [ 'vault' ] } } ]
  }
}
";

#[test]
fn what_a_template_no_longer_has_is_not_deleted() {
    let closed = in_bicep("", "Deny");
    let before = format!("{closed}{ENDPOINT}");
    let report = project(&[("main.bicep", &before)]).diff(&project(&[("main.bicep", &closed)]));
    assert!(
        report.changes.iter().all(|change| change.kind != ChangeKind::NewlyDenied),
        "{:?}",
        report.changes
    );
    // Who says that nothing else exists says that it was deleted.
    let all = || Options { complete: true, ..Options::default() };
    let (before, after) = ([("main.bicep", before.as_str())], [("main.bicep", closed.as_str())]);
    let report = project_with(all(), &before).diff(&project_with(all(), &after));
    assert!(report.when_created.is_empty());
}

#[test]
fn a_vault_that_is_recovered_is_what_it_was() {
    let module = "
param recover bool = false
param location string = 'westeurope'
resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-back'
  location: location
  properties: {
    createMode: recover ? 'recover' : 'default'
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: 'Disabled'
  }
}
";
    let main =
        |given: &str| format!("module vault 'kv.bicep' = {{\n  name: 'kv'\n  params: {{ {given} }}\n}}\n");
    let check = |given: &str| project(&[("main.bicep", &main(given)), ("kv.bicep", module)]).check();
    let fixed = check("recover: true");
    assert_eq!(said(&fixed, "create-mode-recover"), [(Severity::Warning, Confidence::Certain)]);
    assert_eq!(said(&fixed, "locked-out-vault"), []);
    assert!(undecided(&fixed, "locked-out-vault"));
    let plain = check("");
    assert_eq!(said(&plain, "create-mode-recover"), []);
    assert!(!undecided(&plain, "create-mode-recover"));
    assert_eq!(said(&plain, "locked-out-vault").len(), 1);
    let open = project(&[("main.bicep", &module.replace(" = false", ""))]).check();
    assert_eq!(said(&open, "create-mode-recover"), []);
    assert!(undecided(&open, "create-mode-recover"));
}

#[test]
fn settings_of_a_vault_that_is_only_referred_to_are_undecided() {
    let bicep = "
param subnetId string
resource shared 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'kv-shared'
  scope: resourceGroup('rg-shared')
}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  location: 'westeurope'
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [ { name: 'v', properties: { privateLinkServiceId: shared.id, groupIds: [ 'vault' ] } } ]
  }
}
";
    let by_id =
        bicep.replace("shared.id", "resourceId('rg-shared', 'Microsoft.KeyVault/vaults', 'kv-shared')");
    let (_, by_id) = by_id.split_once("}\n").expect("the rest");
    let terraform = r#"
variable "subnet_id" {}
data "azurerm_key_vault" "shared" {
  name                = "kv-shared"
  resource_group_name = "rg-shared"
}
resource "azurerm_private_endpoint" "pe" {
  name                = "pe"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = var.subnet_id
  private_service_connection {
    name                           = "v"
    private_connection_resource_id = data.azurerm_key_vault.shared.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }
}
"#;
    let by_id = format!("param subnetId string\n{by_id}");
    for (path, text) in [("main.bicep", bicep), ("main.bicep", &by_id), ("main.tf", terraform)] {
        let report = project(&[(path, text)]).check();
        assert!(undecided(&report, "open-despite-private-endpoint"), "{text}\n{:?}", report.undecided);
        assert_eq!(said(&report, "open-despite-private-endpoint"), []);
    }
    let secret = "
resource shared 'Microsoft.KeyVault/vaults@2026-02-01' existing = { name: 'kv-shared' }
module inner 'inner.bicep' = { name: 'inner', params: { secret: shared.getSecret('x') } }
";
    let inner = "@secure()\nparam secret string\noutput length int = length(secret)\n";
    let report = project(&[("main.bicep", secret), ("inner.bicep", inner)]).check();
    assert!(undecided(&report, "template-secret-blocked"), "{:?}", report.undecided);
}

#[test]
fn a_vault_that_is_open_on_every_branch_is_open() {
    let vault = |properties: &str| {
        format!(
            "param strict bool\nresource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{\n  name: 'kv-both'\n  location: 'westeurope'\n  properties: {{\n    tenantId: tenant().tenantId\n    sku: {{ family: 'A', name: 'standard' }}\n    {properties}\n  }}\n}}\n"
        )
    };
    let certain = [(Severity::Warning, Confidence::Certain)];
    for open in [
        "networkAcls: strict ? { defaultAction: 'Allow', bypass: 'None' } : null",
        "networkAcls: strict ? { defaultAction: 'Allow' } : {}",
        "publicNetworkAccess: strict ? 'Enabled' : null",
    ] {
        let report = project(&[("main.bicep", &vault(open))]).check();
        assert_eq!(said(&report, "public-vault"), certain, "{open}");
        let decision =
            project(&[("main.bicep", &vault(open))]).explain(None, "internet").expect("a decision");
        assert_eq!(decision.outcome, Outcome::Allowed, "{open}");
    }
    for closed in [
        // Whatever the parameter is, one of the two closes it.
        "publicNetworkAccess: strict ? 'Disabled' : 'Enabled'\n    networkAcls: { defaultAction: strict ? 'Allow' : 'Deny' }",
        "publicNetworkAccess: strict ? 'Disabled' : 'Enabled'\n    networkAcls: { defaultAction: 'Deny' }",
    ] {
        let report = project(&[("main.bicep", &vault(closed))]).check();
        assert_eq!(said(&report, "public-vault"), [], "{closed}");
        assert!(!undecided(&report, "public-vault"), "{closed}");
        let decision =
            project(&[("main.bicep", &vault(closed))]).explain(None, "ip:52.1.2.3").expect("a decision");
        assert_eq!(decision.outcome, Outcome::Denied, "{closed}");
    }
    let open = vault("networkAcls: strict ? { defaultAction: 'Deny' } : null");
    let report = project(&[("main.bicep", &open)]).check();
    assert_eq!(said(&report, "public-vault"), []);
    assert!(undecided(&report, "public-vault"));
}

#[test]
fn a_vault_that_nobody_reaches_is_locked_whatever_an_export_leaves_out() {
    let export = |access: &str, acls: &str| {
        format!(
            r#"{{ "id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-x",
  "name": "kv-x", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
  "properties": {{ "enablePurgeProtection": true, "enableRbacAuthorization": true, {access}
    "networkAcls": {acls}, "privateEndpointConnections": null, "vaultUri": "https://kv-x.vault.azure.net/" }} }}"#
        )
    };
    let check = |access: &str, acls: &str| project(&[("vault.json", &export(access, acls))]).check();
    let closed = r#"{ "bypass": "None", "defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": [] }"#;
    let locked = [(Severity::Warning, Confidence::Certain)];
    assert_eq!(said(&check("", closed), "locked-out-vault"), locked);
    let admits = closed.replace("\"ipRules\": []", "\"ipRules\": [{ \"value\": \"20.50.1.7/32\" }]");
    assert!(undecided(&check("", &admits), "locked-out-vault"));
    // Rules behind public access that is off are what is left when it is switched on again.
    let off = "\"publicNetworkAccess\": \"Disabled\",";
    let rules = "ineffective-firewall-rule";
    assert_eq!(said(&check(off, &admits), rules), [(Severity::Info, Confidence::Certain)]);
    assert_eq!(said(&check(off, &admits.replace("Deny", "Allow")), rules), locked);
    let help = |acls: &str| {
        let found = check(off, acls).diagnostics;
        let found = found.iter().find(|found| found.rule == "locked-out-vault").expect("a finding");
        found.help.contains("switched on again")
    };
    assert!(help("null"));
    assert!(!help(closed));
}

#[test]
fn a_last_rule_that_is_taken_out_makes_nothing_milder() {
    let export = |rules: &str| {
        format!(
            r#"{{ "id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-x",
  "name": "kv-x", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
  "properties": {{ "enablePurgeProtection": true, "enableRbacAuthorization": true, "publicNetworkAccess": "Enabled",
    "networkAcls": {{ "bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [{rules}], "virtualNetworkRules": [] }},
    "privateEndpointConnections": [], "vaultUri": "https://kv-x.vault.azure.net/" }} }}"#
        )
    };
    let check = |rules: &str| project(&[("vault.json", &export(rules))]).check();
    assert_eq!(
        said(&check("{ \"value\": \"20.50.1.7/32\" }"), "no-private-endpoint"),
        [(Severity::Warning, Confidence::Certain)]
    );
    assert_eq!(said(&check(""), "locked-out-vault"), [(Severity::Warning, Confidence::Certain)]);
    let switched = format!(
        "param endpointSubnetId string = ''\n{}{}",
        in_bicep("", "Deny"),
        ENDPOINT
            .replace(
                "'Microsoft.Network/privateEndpoints@2024-05-01' =",
                "'Microsoft.Network/privateEndpoints@2024-05-01' = if (!empty(endpointSubnetId))"
            )
            .replace("'${network.id}/subnets/apps'", "endpointSubnetId")
    );
    let strict = Options { profile: Profile::Strict, ..Options::default() };
    let report = project_with(strict, &[("main.bicep", &switched)]).check();
    let found = report.diagnostics.iter().find(|found| found.rule == "locked-out-vault").expect("a finding");
    assert_eq!((found.severity, found.confidence), (Severity::Warning, Confidence::Likely));
    assert!(found.message.contains("`endpointSubnetId`"), "{}", found.message);
    assert_eq!(found.related.len(), 1);
    let report = project(&[("main.bicep", &switched)]).check();
    assert_eq!(said(&report, "locked-out-vault"), [(Severity::Info, Confidence::Likely)]);
}

#[test]
fn what_azure_shows_as_false_is_so() {
    let export = |flags: &str| {
        let text = format!(
            r#"{{ "id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-x",
  "name": "kv-x", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
  "properties": {{ {flags}, "vaultUri": "https://kv-x.vault.azure.net/" }} }}"#
        );
        project(&[("vault.json", &text)]).check()
    };
    let off = export(r#""enablePurgeProtection": false, "enableSoftDelete": false"#);
    assert_eq!(said(&off, "no-purge-protection"), [(Severity::Info, Confidence::Certain)]);
    assert_eq!(said(&off, "soft-delete-disabled"), [(Severity::Info, Confidence::Certain)]);
    assert_eq!(said(&off, "purge-protection-false"), []);
    let on = export(r#""enablePurgeProtection": true, "enableSoftDelete": true"#);
    assert_eq!(said(&on, "no-purge-protection"), []);
    assert_eq!(said(&on, "soft-delete-disabled"), []);
}

#[test]
fn a_retention_of_no_days_is_not_refused() {
    let check = |policy: &str| {
        let setting = format!(
            "param ws string
resource d 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {{
  name: 'd'
  scope: kv
  properties: {{ workspaceId: ws, logs: [ {{ category: 'AuditEvent', enabled: true, retentionPolicy: {policy} }} ] }}
}}
"
        );
        said(
            &project(&[("main.bicep", &format!("{}{setting}", in_bicep("", "Deny")))]).check(),
            "diagnostic-retention",
        )
    };
    assert_eq!(check("{ enabled: true, days: 0 }"), []);
    assert_eq!(check("{ enabled: false, days: 30 }"), []);
    assert_eq!(check("{ enabled: true, days: 30 }"), [(Severity::Error, Confidence::Certain)]);
}

#[test]
fn a_perimeter_that_only_learns_is_named() {
    let association = |mode: &str| {
        format!(
            "{}
resource nsp 'Microsoft.Network/networkSecurityPerimeters@2024-07-01' = {{
  name: 'nsp'
  location: 'westeurope'
  resource profile 'profiles' = {{ name: 'default' }}
}}
resource assoc 'Microsoft.Network/networkSecurityPerimeters/resourceAssociations@2024-07-01' = {{
  parent: nsp
  name: 'joins'
  properties: {{ privateLinkResource: {{ id: kv.id }}, profile: {{ id: nsp::profile.id }}{mode} }}
}}
",
            in_bicep("", "Allow")
        )
    };
    let learning = project(&[("main.bicep", &association(""))]);
    let report = learning.check();
    let found = report.diagnostics.iter().find(|found| found.rule == "public-vault").expect("a finding");
    assert!(
        found.message.contains("joins") && found.help.contains("`accessMode` `Enforced`"),
        "{}",
        found.help
    );
    assert_eq!(found.fixes.len(), 2);
    let decision = learning.explain(None, "internet").expect("a decision");
    assert_eq!(decision.outcome, Outcome::Allowed);
    assert!(decision.steps.iter().any(|step| step.because.contains("`accessMode`")));
    let plan = learning.plan(None).expect("a plan");
    assert!(plan.notes.iter().any(|note| note.text.contains("`accessMode`")));
    let enforced = project(&[("main.bicep", &association(", accessMode: 'Enforced'"))]).check();
    assert_eq!(said(&enforced, "public-vault"), []);
}

#[test]
fn a_plan_ticks_what_is_so_in_the_files() {
    let plan = |access: &str, action: &str, parameters: &str| {
        let text = format!(
            "{parameters}{}",
            in_bicep("", "X")
                .replace("tenantId:", &format!("publicNetworkAccess: {access}\n    tenantId:"))
                .replace("'X'", action)
        );
        let plan = project(&[("main.bicep", &text)]).plan(None).expect("a plan");
        let state = |kind| plan.phases.iter().find(|phase| phase.phase == kind).expect("a phase").state;
        (state(PhaseKind::Rules), state(PhaseKind::Deny), state(PhaseKind::Disable))
    };
    let (rules, deny, disable) = plan("'Disabled'", "'Allow'", "");
    assert_eq!((rules, deny, disable), (State::NotNeeded, State::NotNeeded, State::Done));
    let (_, deny, disable) = plan("'Disabled'", "'Deny'", "");
    assert_eq!((deny, disable), (State::Done, State::Done));
    let (_, deny, disable) =
        plan("access", "action", "param access string = 'Disabled'\nparam action string = 'Deny'\n");
    assert_eq!((deny, disable), (State::Open, State::Open));
    let (_, deny, disable) = plan("'Enabled'", "'Allow'", "");
    assert_eq!((deny, disable), (State::Todo, State::Blocked));
}
