use crate::report::{LogState, MonitorReport, PolicyAssignment};
use crate::{Options, Project};

fn monitor(text: &str) -> MonitorReport {
    let mut project = Project::new(Options::default());
    project.set("main.bicep", text);
    project.monitor()
}

fn vault_named(symbol: &str, name: &str, properties: &str) -> String {
    format!(
        "resource {symbol} 'Microsoft.KeyVault/vaults@2023-07-01' = {{\n  name: {name}\n  location: 'westeurope'\n  \
         properties: {{\n{properties}\n  }}\n}}\n"
    )
}

fn vault(properties: &str) -> String {
    vault_named("kv", "'kv-shop'", properties)
}

/// The query of a table whose title begins so.
fn query<'r>(report: &'r MonitorReport, table: &str, title: &str) -> &'r str {
    let mut all = report.vaults.iter().flat_map(|vault| &vault.queries);
    let found = all.find(|query| query.table == table && query.title.starts_with(title));
    found.map_or("", |query| query.kql.as_str())
}

fn policy<'r>(report: &'r MonitorReport, guid: &str) -> Option<&'r PolicyAssignment> {
    report.policies.iter().find(|policy| policy.guid.starts_with(guid))
}

#[test]
fn refusals_are_looked_for_by_what_the_service_says() {
    let report = monitor(&vault(""));
    for (table, status) in [("AZKVAuditLogs", "HttpStatusCode"), ("AzureDiagnostics", "httpStatusCode_d")] {
        let kql = query(&report, table, "Requests that were refused");
        for part in [
            "Client address is not authorized",
            "Public network access is disabled",
            "ForbiddenByFirewall",
            "ForbiddenByConnection",
            "| where _ResourceId endswith \"/providers/microsoft.keyvault/vaults/kv-shop\"",
            &format!("| where {status} == 403"),
        ] {
            assert!(kql.contains(part), "{part}: {kql}");
        }
        assert!(!kql.contains("request is not allowed"));
    }
}

#[test]
fn calls_from_outside_are_those_of_no_declared_network() {
    let text = vault(
        "networkAcls: {\n      defaultAction: 'Deny'\n      bypass: 'None'\n      ipRules: [{ value: '203.0.113.7' }, { value: '198.51.100.0/24' }]\n      \
         virtualNetworkRules: [{ id: '${net.id}/subnets/workers' }]\n    }",
    ) + "
resource net 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'net'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [{ name: 'workers', properties: { addressPrefix: '10.0.2.0/24' } }]
  }
}
resource far 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'far'
  properties: {
    addressSpace: { addressPrefixes: ['10.9.0.0/16'] }
    subnets: [{ name: 'endpoints', properties: { addressPrefix: '10.9.1.0/24' } }]
  }
}
resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  properties: {
    subnet: { id: '${far.id}/subnets/endpoints' }
    ipConfigurations: [{ name: 'a', properties: { groupId: 'vault', memberName: 'default', privateIPAddress: '10.9.1.10' } }]
    privateLinkServiceConnections: [{ name: 'kv', properties: { privateLinkServiceId: kv.id, groupIds: ['vault'] } }]
  }
}
";
    let report = monitor(&text);
    let kql = query(&report, "AZKVAuditLogs", "Successful calls");
    assert!(
        kql.contains(
            "let Networks = dynamic([\"10.0.2.0/24\", \"10.9.0.0/16\", \"198.51.100.0/24\", \"203.0.113.7/32\"]);"
        ),
        "{kql}"
    );
    assert!(kql.contains("HttpStatusCode >= 200 and HttpStatusCode < 300"), "{kql}");
    assert!(!kql.contains("10.9.1.10") && !kql.contains("TrustedService"), "{kql}");
}

#[test]
fn what_the_files_leave_open_is_a_placeholder() {
    let text = "param office array\nparam suffix string\n".to_owned()
        + &vault_named("kv", "'kv-${suffix}'", "networkAcls: { defaultAction: 'Deny', ipRules: office }");
    let report = monitor(&text);
    let kql = query(&report, "AzureDiagnostics", "Successful calls");
    assert!(kql.contains("vaults/<name of the vault: kv-"), "{kql}");
    assert!(kql.contains("// placeholder: add the IP rules of `parameters('office')` to Networks"), "{kql}");
    assert!(!kql.contains("let Networks"), "{kql}");
    // A trusted service bypasses this firewall, and the shared table does not mark its requests.
    assert!(kql.contains("requests of trusted services are included"), "{kql}");
}

#[test]
fn rules_that_have_no_effect_are_no_networks() {
    let report = monitor(&vault(
        "publicNetworkAccess: 'Disabled'\n    networkAcls: { ipRules: [{ value: '203.0.113.7' }] }",
    ));
    let kql = query(&report, "AZKVAuditLogs", "Successful calls");
    assert!(!kql.contains("203.0.113.7"), "{kql}");
}

#[test]
fn names_cannot_break_out() {
    let name = r#"'a"; AzureActivity | take 1 //\n| evil\u{2028}x\'y${'$'}{z}'"#;
    let text = vault_named("a", name, "publicNetworkAccess: 'Enabled'")
        + &vault_named("b", "'kv-off'", "publicNetworkAccess: 'Disabled'");
    let report = monitor(&text);
    for query in report.vaults.iter().flat_map(|vault| &vault.queries) {
        for line in query.kql.lines() {
            let is_ours = ["//", "|", "let ", "    ", "AZKVAuditLogs", "AzureDiagnostics"]
                .iter()
                .any(|start| line.starts_with(start));
            assert!(is_ours && !line.starts_with("| evil"), "{line}");
            let bare = line.replace("\\\\", "").replace("\\\"", "");
            assert_eq!(
                bare.matches('"').count() % 2,
                if line.starts_with("//") { bare.matches('"').count() % 2 } else { 0 }
            );
        }
        assert!(!query.kql.contains('\u{2028}'));
    }
    let off = policy(&report, "405c5871").expect("one vault is off");
    assert_eq!(off.except, ["a"]);
    assert!(off.command.contains(r"'\''y"), "{}", off.command);
    assert!(off.bicep.contains(r"\'y\${z}"), "{}", off.bicep);
    parses(&off.bicep);
}

/// The Bicep that is printed is Bicep.
fn parses(bicep: &str) {
    let mut project = Project::new(Options::default());
    project.set("policy.bicep", bicep);
    let report = project.check();
    assert_eq!(report.diagnostics, [], "{bicep}");
    assert_eq!(report.summary.resources, 1);
}

#[test]
fn policies_are_those_that_hold() {
    let report = monitor(&vault(
        "publicNetworkAccess: 'Disabled'\n    enablePurgeProtection: true\n    enableRbacAuthorization: true",
    ));
    let guids: Vec<&str> =
        report.policies.iter().filter_map(|policy| policy.guid.split('-').next()).collect();
    assert_eq!(guids, ["405c5871", "55615ac9", "0b60c0b2", "12d4fa5e"]);
    for policy in &report.policies {
        parses(&policy.bicep);
        assert!(policy.command.contains(&format!("--policy '{}'", policy.guid)));
        assert_eq!(policy.except, Vec::<String>::new());
    }
}

#[test]
fn a_vault_that_a_perimeter_secures_does_not_pass_for_one_that_is_off() {
    let report = monitor(&vault(
        "publicNetworkAccess: 'SecuredByPerimeter'\n    networkAcls: { defaultAction: 'Deny' }",
    ));
    assert!(policy(&report, "405c5871").is_none());
    assert!(policy(&report, "55615ac9").is_some());
    // Policy takes what an old API version sends for on.
    let old = vault("publicNetworkAccess: 'Disabled'").replace("2023-07-01", "2019-09-01");
    assert!(policy(&monitor(&old), "405c5871").is_none());
}

#[test]
fn ip_rules_are_kept_as_they_are_when_all_are_known() {
    let rules = |list: &str| vault(&format!("networkAcls: {{ defaultAction: 'Deny', ipRules: {list} }}"));
    let report = monitor(&rules("[{ value: '203.0.113.7' }]"));
    let firewall = policy(&report, "55615ac9").expect("the firewall denies");
    assert!(
        firewall.command.contains(
            r#"--params '{"effect":{"value":"Deny"},"restrictIPAddresses":{"value":"Yes"},"allowedIPAddresses":{"value":["203.0.113.7/32"]}}'"#
        ),
        "{}",
        firewall.command
    );
    parses(&firewall.bicep);
    // An empty list would admit every address.
    let none = monitor(&rules("[]"));
    assert!(!policy(&none, "55615ac9").expect("it denies").command.contains("restrictIPAddresses"));
    let open = monitor(&format!("param office array\n{}", rules("office")));
    assert!(!policy(&open, "55615ac9").expect("it denies").command.contains("restrictIPAddresses"));
}

#[test]
fn private_link_takes_its_own_effect_parameter() {
    let text = vault("publicNetworkAccess: 'Disabled'")
        + "param subnetId string
resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [{ name: 'kv', properties: { privateLinkServiceId: kv.id, groupIds: ['vault'] } }]
  }
}
";
    let report = monitor(&text);
    let link = policy(&report, "a6abeaec").expect("there is an endpoint");
    assert!(link.command.contains(r#"{"audit_effect":{"value":"Audit"}}"#), "{}", link.command);
    let manual = text.replace("privateLinkServiceConnections", "manualPrivateLinkServiceConnections");
    assert!(policy(&monitor(&manual), "a6abeaec").is_none());
}

#[test]
fn whether_logs_arrive_is_said_with_its_place() {
    let setting = |logs: &str| {
        vault("")
            + &format!(
                "resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {{\n  scope: kv\n  name: 'audit'\n  \
                 properties: {{\n    workspaceId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w'\n    \
                 logAnalyticsDestinationType: 'Dedicated'\n    logs: [{logs}]\n  }}\n}}\n"
            )
    };
    let kept = monitor(&setting("{ categoryGroup: 'allLogs', enabled: true }"));
    let logged = &kept.vaults.first().expect("the vault").logged;
    assert_eq!((logged.state, logged.table.as_deref()), (LogState::Kept, Some("AZKVAuditLogs")));
    assert_eq!(logged.message, "diagnostic setting `audit` keeps the audit log in workspace `w`");
    assert_eq!(logged.range.start.line, 7);
    let lost = monitor(&setting("{ categoryGroup: 'allLogs', enabled: false }"));
    assert_eq!(lost.vaults.first().expect("the vault").logged.state, LogState::Lost);
    let open = monitor(&format!("param on bool\n{}", setting("{ category: 'AuditEvent', enabled: on }")));
    assert_eq!(open.vaults.first().expect("the vault").logged.state, LogState::Open);
    assert!(policy(&kept, "cf820ca0").is_some() && policy(&open, "cf820ca0").is_none());
}

#[test]
fn many_vaults_are_counted_and_not_all_told() {
    let text = "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for i in range(0, 300): {\n  name: 'kv-${i}'\n  \
                location: 'westeurope'\n  properties: {}\n}]\n";
    let report = monitor(text);
    assert_eq!((report.vaults.len(), report.vaults_left_out), (super::MAX_VAULTS, 100));
}

#[test]
fn a_diagnostic_setting_of_a_managed_hsm_is_its_own() {
    let report = monitor(
        "resource hsm 'Microsoft.KeyVault/managedHSMs@2023-07-01' = { name: 'hsm-shop' }
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: hsm
  properties: {
    workspaceId: '/subscriptions/s/workspace'
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}
",
    );
    assert_eq!(report.vaults.first().map(|hsm| hsm.logged.state), Some(LogState::Kept));
}
