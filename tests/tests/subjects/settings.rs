//! A project's settings: severities of rules, and the environment around its files.

use vaultmoat_core::{DnsForwarders, Level, Options, Profile, Project, RuleSetting, Severity, Site};
use vaultmoat_tests::fixture::{arm_template, arm_vault, load};

/// What one rule says of a text: `severity message`, and `? reason (what it depends on)`.
fn said(rule: &str, path: &str, text: &str, options: Options) -> Vec<String> {
    let project = load(options, [(path, text)]);
    let report = project.check();
    let found = report.diagnostics.iter().filter(|found| found.rule == rule);
    let found = found.map(|found| format!("{:?} {}", found.severity, found.message));
    let open = report.undecided.iter().filter(|open| open.rule == rule);
    found.chain(open.map(|open| format!("? {} ({})", open.reason, open.depends_on.join(", ")))).collect()
}

fn setting(rule: &str, level: Option<Level>, prefix: Option<u8>) -> Options {
    let rules = vec![(rule.to_owned(), RuleSetting { level, prefix })];
    Options { rules: rules.into(), ..Options::default() }
}

fn around(environment: Site) -> Options {
    Options { environment, ..Options::default() }
}

fn template(resources: &str) -> String {
    arm_template("", "", resources)
}

fn vault(acls: &str) -> String {
    template(&arm_vault(&format!(r#""networkAcls": {acls}"#)))
}

const OPEN: &str = r#"{ "defaultAction": "Allow" }"#;
const BROAD: &str = r#"{ "defaultAction": "Deny", "ipRules": [{ "value": "20.0.0.0/18" }] }"#;

#[test]
fn a_level_is_the_severity_of_every_finding_of_the_rule() {
    let of = |level| {
        let said =
            said("public-vault", "main.json", &vault(OPEN), setting("public-vault", Some(level), None));
        said.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(Level::As(Severity::Error)), ["Error"]);
    assert_eq!(of(Level::As(Severity::Info)), ["Info"]);
    assert_eq!(of(Level::Off), [""; 0]);
}

#[test]
fn what_a_level_changes_is_counted() {
    let mut project = Project::new(setting("public-vault", Some(Level::As(Severity::Error)), None));
    project.set("main.json", &vault(OPEN));
    let raised = project.check().summary.errors;
    let project = load(Options::default(), [("main.json", &vault(OPEN))]);
    assert_eq!(raised, project.check().summary.errors + 1);
}

#[test]
fn a_level_turns_a_rule_on_that_the_profile_leaves_out() {
    let wide = vault(&BROAD.replace("/18", "/8"));
    let rule = "broad-ip-rule";
    assert_eq!(said(rule, "main.json", &wide, Options::default()), [""; 0]);
    let on = said(rule, "main.json", &wide, setting(rule, Some(Level::As(Severity::Warning)), None));
    assert_eq!(on, ["Warning IP rule `20.0.0.0/8` lets in more than a /16"]);
    // And with it, what only the strict profile wants of it.
    let rule = "no-private-endpoint";
    let asked = setting(rule, Some(Level::As(Severity::Warning)), None);
    let strict = Options { profile: Profile::Strict, ..Options::default() };
    let of = |options| said(rule, "main.json", &vault(OPEN), options).len();
    let usual = of(Options::default());
    assert!(of(asked) >= usual && of(strict) >= usual);
}

#[test]
fn rules_about_the_text_have_levels_too() {
    let broken = "param x string =\n";
    let syntax = |options| said("syntax", "main.bicep", broken, options);
    assert!(syntax(Options::default()).iter().all(|line| line.starts_with("Error ")));
    assert!(!syntax(Options::default()).is_empty());
    let info = syntax(setting("syntax", Some(Level::As(Severity::Info)), None));
    assert!(!info.is_empty() && info.iter().all(|line| line.starts_with("Info ")));
    assert_eq!(syntax(setting("syntax", Some(Level::Off), None)), [""; 0]);
}

#[test]
fn how_broad_a_rule_may_be_can_be_said() {
    let rule = "broad-ip-rule";
    let of = |prefix| {
        let options = Options { profile: Profile::Strict, ..setting(rule, None, prefix) };
        said(rule, "main.json", &vault(BROAD), options)
    };
    assert_eq!(of(None), [""; 0]);
    assert_eq!(of(Some(18)), [""; 0]);
    assert_eq!(of(Some(20)), ["Info IP rule `20.0.0.0/18` lets in more than a /20"]);
}

fn endpoint(connections: &str) -> String {
    template(&format!(
        r#"{{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": "pe",
        "location": "westeurope", "properties": {{
        "subnet": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'pe')]" }},
        "{connections}": [{{ "name": "one", "properties": {{ "groupIds": ["vault"],
          "privateLinkServiceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv-one')]" }} }}] }} }}"#
    ))
}

#[test]
fn a_policy_that_somebody_speaks_of_registers_endpoints() {
    let of = |connections, policy_managed_dns| {
        let environment = Site { policy_managed_dns, ..Site::default() };
        said("no-dns-registration", "main.json", &endpoint(connections), around(environment)).len()
    };
    assert_eq!(of("privateLinkServiceConnections", false), 1);
    assert_eq!(of("privateLinkServiceConnections", true), 0);
    // The policy leaves alone what has to be approved.
    assert_eq!(of("manualPrivateLinkServiceConnections", true), 1);
}

fn linked_network(servers: &str) -> String {
    template(&format!(
        r#"{{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "hub",
          "location": "westeurope", "properties": {{ "addressSpace": {{ "addressPrefixes": ["10.0.0.0/16"] }},
          "dhcpOptions": {{ "dnsServers": {servers} }},
          "subnets": [{{ "name": "dns", "properties": {{ "addressPrefix": "10.0.1.0/24" }} }}] }} }},
        {{ "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01",
          "name": "privatelink.vaultcore.azure.net", "location": "global" }},
        {{ "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2024-06-01",
          "name": "privatelink.vaultcore.azure.net/hub", "location": "global", "properties": {{
          "registrationEnabled": false,
          "virtualNetwork": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks', 'hub')]" }} }} }},
        {{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "kv-one",
          "location": "westeurope", "properties": {{ "publicNetworkAccess": "Disabled" }} }}"#
    ))
}

fn these(addresses: &[&str]) -> DnsForwarders {
    DnsForwarders::These(addresses.iter().filter_map(|address| address.parse().ok()).collect())
}

#[test]
fn dns_servers_that_forward_do_not_bypass_the_zone() {
    let of = |servers: &str, dns_forwarders| {
        let environment = Site { dns_forwarders, ..Site::default() };
        said("custom-dns-bypasses-zone", "main.json", &linked_network(servers), around(environment))
    };
    let outside = r#"["192.168.7.4", "192.168.7.5"]"#;
    assert_eq!(of(outside, DnsForwarders::Unknown).len(), 1);
    assert_eq!(of(outside, these(&["192.168.9.9"])).len(), 1);
    assert_eq!(of(outside, DnsForwarders::All), [""; 0]);
    assert_eq!(of(outside, these(&["192.168.7.5", "192.168.7.4"])), [""; 0]);
    assert_eq!(
        of(outside, these(&["192.168.7.4"])),
        ["? whether the network's DNS servers forward the names of vaults to Azure (DNS server 192.168.7.5)"]
    );
}

#[test]
fn the_simulator_follows_a_dns_server_that_forwards() {
    let steps = |dns_forwarders| {
        let environment = Site { dns_forwarders, ..Site::default() };
        let project = load(around(environment), [("main.json", &linked_network(r#"["10.0.1.4"]"#))]);
        let found = project.resolve(None, "subnet:dns").expect("a vault and a subnet");
        (found.depends_on, found.steps.into_iter().map(|step| step.because).collect::<Vec<_>>().join("; "))
    };
    let open = "whether DNS server `10.0.1.4` forwards to Azure's";
    let (depends, _) = steps(DnsForwarders::Unknown);
    assert!(depends.iter().any(|on| on == open), "{depends:?}");
    let (depends, because) = steps(these(&["10.0.1.4"]));
    assert!(!depends.iter().any(|on| on == open), "{depends:?}");
    assert!(because.contains("`10.0.1.4` forwards to `168.63.129.16`"), "{because}");
}

#[test]
fn an_address_on_premises_is_in_no_subnet() {
    let depends = |ranges: &[&str]| {
        let on_premises = ranges.iter().filter_map(|range| Site::net(range).ok()).collect();
        let mut project = Project::new(around(Site { on_premises, ..Site::default() }));
        let both = template(
            r#"{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2026-02-01", "name": "kv-one",
            "location": "westeurope", "properties": { "networkAcls": { "defaultAction": "Deny",
            "ipRules": [{ "value": "20.1.2.3" }] } } }"#,
        );
        project.set("main.json", &both);
        project.explain(None, "ip:172.16.3.4").expect("a vault").depends_on
    };
    assert!(depends(&[]).iter().any(|on| on == "the subnet that `172.16.3.4` is in"));
    let outside = depends(&["172.16.0.0/12"]);
    assert!(outside.iter().all(|on| on != "the subnet that `172.16.3.4` is in"), "{outside:?}");
    assert!(outside.iter().any(|on| on == "the public address of the site"), "{outside:?}");
}

fn secret(rules: &str) -> String {
    format!(
        r#"resource "azurerm_key_vault" "main" {{
  name                = "contoso-prod"
  location            = "westeurope"
  resource_group_name = "secrets"
  tenant_id           = "11111111-2222-3333-4444-555555555555"
  sku_name            = "standard"
  network_acls {{
    default_action = "Deny"
    bypass         = "None"
    {rules}
  }}
}}
resource "azurerm_key_vault_secret" "password" {{
  name         = "password"
  value        = "x"
  key_vault_id = azurerm_key_vault.main.id
}}
"#
    )
}

#[test]
fn who_runs_terraform_can_be_said() {
    let of = |rules: &str, addresses: &[&str], subnets: &[&str]| {
        let environment = Site {
            runner_addresses: addresses.iter().filter_map(|address| address.parse().ok()).collect(),
            runner_subnets: subnets.iter().map(|&name| name.to_owned()).collect(),
            ..Site::default()
        };
        said("runner-blocked", "main.tf", &secret(rules), around(environment))
    };
    let office = r#"ip_rules = ["20.50.7.41"]"#;
    assert_eq!(of(office, &[], &[]), ["? whether it lets in who runs Terraform (where Terraform runs)"]);
    assert_eq!(of(office, &["20.50.7.41"], &[]), [""; 0]);
    assert_eq!(
        of(office, &["20.50.7.41", "20.50.7.42"], &[]),
        [
            "Warning `azurerm_key_vault_secret.password` cannot be planned where pipelines run: vault `contoso-prod` \
          refuses a client at `20.50.7.42`"
        ]
    );
    let agents = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/ci/providers/Microsoft.Network/virtualNetworks/ci/subnets/agents";
    let rule = format!(r#"virtual_network_subnet_ids = ["{agents}"]"#);
    assert!(of(&rule, &[], &[agents]).iter().all(|line| line.starts_with('?')));
    assert_eq!(
        of("", &[], &["agents"]),
        [
            "? whether it lets in subnet `agents` of the runners, where pipelines run (subnet `agents` of the runners)"
        ]
    );
}
