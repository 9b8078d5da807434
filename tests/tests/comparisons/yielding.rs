//! A rule that is switched off silences no other one: which finding replaces which is declared by the rules, and takes
//! effect only where both report about the same thing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use vaultmoat_core::report::{Diagnostic, Severity, TextEdit};
use vaultmoat_core::{Ignore, Level, Options, Profile, Project, RuleSetting};
use vaultmoat_tests::fixture::load;
use vaultmoat_tests::page::Page;

/// Files that are checked together, with where they come from.
struct Example {
    name: String,
    files: Vec<(String, String)>,
    options: Options,
}

impl Example {
    fn project(&self, options: Options) -> Project {
        load(options, self.files.iter().map(|(path, text)| (path, text)))
    }

    fn found(&self, options: Options) -> Vec<Diagnostic> {
        self.project(options).check().diagnostics
    }

    /// Its options in the strict profile, without some rules.
    fn without(&self, off: &[&str]) -> Options {
        let mut options = Options { profile: Profile::Strict, ..self.options.clone() };
        for slug in off {
            let setting = RuleSetting { level: Some(Level::Off), ..RuleSetting::default() };
            options.rules.insert((*slug).to_owned(), setting);
        }
        options
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every example of the pages, and every folder of the examples.
fn examples() -> Vec<Example> {
    let mut all = Vec::new();
    for folder in ["core/src/rules/docs", "tests/parity"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("the folder of pages") {
            let path = entry.expect("an entry").path();
            let page = Page::read(&std::fs::read_to_string(&path).expect("a page"));
            for example in page.examples {
                let name = format!("{}:{}", path.display(), example.line);
                let options = example.settings().unwrap_or_default();
                all.push(Example { name, files: example.files, options });
            }
        }
    }
    folders(&root().join("examples/templates"), &mut all);
    folders(&root().join("examples/problems"), &mut all);
    all.extend(shown_here());
    all
}

fn folders(folder: &Path, all: &mut Vec<Example>) {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of examples") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            folders(&path, all);
            continue;
        }
        let is_checked = ["json", "bicep", "bicepparam", "tf", "tfvars"]
            .iter()
            .any(|ending| path.extension().is_some_and(|extension| extension == *ending));
        if let (true, Ok(text)) = (is_checked, std::fs::read_to_string(&path)) {
            files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
        }
    }
    all.push(Example { name: folder.display().to_string(), files, options: Options::default() });
}

/// Small networks in which one finding replaces another, beside those that the pages have.
fn shown_here() -> Vec<Example> {
    let example = |name: &str, path: &str, text: String| Example {
        name: name.to_owned(),
        files: vec![(path.to_owned(), text)],
        options: Options::default(),
    };
    let rules = |list: &str| format!("networkAcls: {{ defaultAction: 'Deny', ipRules: [{list}] }}");
    let closed = |properties: &str| format!("publicNetworkAccess: 'Disabled'\n{properties}");
    let subnet = "networkAcls: { defaultAction: 'Deny', virtualNetworkRules: [{ id: subnet.id }] }";
    let served = "serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]";
    let ignored = subnet.replace("subnet.id", "subnet.id, ignoreMissingVnetServiceEndpoint: true");
    let allowed = "networkAcls: { defaultAction: 'Allow', ipRules: [{ value: '20.50.1.7' }] }";
    let zone = |name: &str| {
        format!(
            "resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{ name: '{name}', location: 'global' }}\n"
        )
    };
    let right = zone("privatelink.vaultcore.azure.net");
    let group = |of: &str| {
        format!(
            "resource {of}Group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {{
  parent: {of}
  name: 'default'
  properties: {{ privateDnsZoneConfigs: [{{ name: 'vault', properties: {{ privateDnsZoneId: zone.id }} }}] }}
}}
"
        )
    };
    let two = format!("{right}{}{}{}", group("first"), endpoint("second"), group("second"));
    let client = format!("{right}{}{APP}", group("first"));
    let public = format!("{}{}", zone("vault.azure.net"), group("first"));
    vec![
        example("wide and unroutable", "main.bicep", network(&rules("{ value: '100.64.0.0/10' }"), "", "")),
        example(
            "everyone",
            "main.bicep",
            network(
                &rules("{ value: '0.0.0.0/1' }, { value: '128.0.0.0/1' }, { value: '11.0.0.0/8' }"),
                "",
                "",
            ),
        ),
        example("host bits, private", "main.bicep", network(&rules("{ value: '10.0.0.1/24' }"), "", "")),
        example("host bits, unroutable", "main.bicep", network(&rules("{ value: '100.64.0.1/24' }"), "", "")),
        example(
            "host bits, contained",
            "main.bicep",
            network(&rules("{ value: '20.50.1.0/24' }, { value: '20.50.1.7/25' }"), "", ""),
        ),
        example(
            "dead and contained",
            "main.bicep",
            network(&closed(&rules("{ value: '20.50.1.0/24' }, { value: '20.50.1.7' }")), "", ""),
        ),
        example(
            "dead and twice",
            "main.bicep",
            network(
                &closed(&subnet.replace("}]", "}, { id: toUpper(subnet.id) }, { id: subnet.id }]")),
                served,
                "",
            ),
        ),
        example("no service endpoint", "main.bicep", network(subnet, "", "")),
        example("no service endpoint, ignored", "main.bicep", network(&ignored, "", "")),
        example("dead and of the endpoint", "main.bicep", network(&closed(subnet), served, "")),
        example("open, with rules", "main.bicep", network(allowed, "", "")),
        example("two endpoints", "main.bicep", network("publicNetworkAccess: 'Disabled'", "", &two)),
        example("the public zone", "main.bicep", network("publicNetworkAccess: 'Disabled'", "", &public)),
        example(
            "a client beside the endpoint",
            "main.bicep",
            network("publicNetworkAccess: 'Disabled'", "", &client),
        ),
        example("a zone of another cloud", "group.json", EXPORT.to_owned()),
    ]
}

/// A network with a vault that has these properties, its endpoint and more.
fn network(vault: &str, subnet: &str, more: &str) -> String {
    format!(
        "resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'network'
  location: 'westeurope'
  properties: {{
    addressSpace: {{ addressPrefixes: ['10.0.0.0/16'] }}
    subnets: [
      {{ name: 'endpoints', properties: {{
        addressPrefix: '10.0.1.0/24'
        {subnet}
      }} }}
      {{ name: 'apps', properties: {{
        addressPrefix: '10.0.2.0/24'
        delegations: [{{ name: 'apps', properties: {{ serviceName: 'Microsoft.Web/serverFarms' }} }}]
      }} }}
    ]
  }}
}}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' existing = {{ parent: network, name: 'endpoints' }}
resource apps 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' existing = {{ parent: network, name: 'apps' }}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-yield'
  location: 'westeurope'
  properties: {{
    tenantId: tenant().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    enablePurgeProtection: true
    {vault}
  }}
}}

{}{more}",
        endpoint("first")
    )
}

fn endpoint(symbol: &str) -> String {
    format!(
        "resource {symbol} 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: 'pe-{symbol}'
  location: 'westeurope'
  properties: {{
    subnet: {{ id: subnet.id }}
    privateLinkServiceConnections: [
      {{ name: 'vault', properties: {{ privateLinkServiceId: vault.id, groupIds: ['vault'] }} }}
    ]
  }}
}}
"
    )
}

const APP: &str = "resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'app-yield'
  location: 'westeurope'
  properties: {
    virtualNetworkSubnetId: apps.id
    siteConfig: { appSettings: [{ name: 'SECRET', value: '@Microsoft.KeyVault(VaultName=kv-yield;SecretName=s)' }] }
  }
}
";

/// What Azure prints of an endpoint and its zone group, which names a zone of another cloud.
const EXPORT: &str = r#"[
  {
    "id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe",
    "type": "Microsoft.Network/privateEndpoints",
    "name": "pe",
    "location": "westeurope",
    "properties": {
      "subnet": { "id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/n/subnets/s" },
      "privateLinkServiceConnections": [{ "name": "vault", "properties": {
        "privateLinkServiceId": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-yield",
        "groupIds": ["vault"],
        "privateLinkServiceConnectionState": { "status": "Approved" } } }]
    }
  },
  {
    "id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default",
    "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "name": "pe/default",
    "properties": {
      "provisioningState": "Succeeded",
      "privateDnsZoneConfigs": [{ "name": "vault", "properties": {
        "privateDnsZoneId": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.cn",
        "recordSets": [] } }]
    }
  }
]"#;

/// What a finding is, whatever its severity.
fn identity(found: &Diagnostic) -> String {
    format!("{}:{:?} {}: {}", found.file, found.range.start, found.rule, found.message)
}

#[test]
fn a_rule_that_is_switched_off_takes_no_other_finding_along() {
    let mut faults = Vec::new();
    let mut shown = BTreeSet::new();
    let yields: BTreeMap<String, Vec<String>> =
        vaultmoat_core::rules().into_iter().map(|rule| (rule.slug, rule.yields_to)).collect();
    let examples = examples();
    for example in &examples {
        let all = example.found(example.without(&[]));
        let rules: BTreeSet<&str> = all.iter().map(|found| found.rule.as_str()).collect();
        for off in rules {
            let left: Vec<Diagnostic> = example.found(example.without(&[off]));
            let known: BTreeSet<String> = left.iter().map(identity).collect();
            let others = all.iter().filter(|found| found.rule != off);
            faults.extend(
                others
                    .map(identity)
                    .filter(|found| !known.contains(found))
                    .map(|found| format!("{} without `{off}`: no more {found}", example.name)),
            );
            let before: BTreeSet<String> = all.iter().map(identity).collect();
            for more in left.iter().filter(|found| !before.contains(&identity(found))) {
                shown.insert((more.rule.clone(), off.to_owned()));
                if !yields.get(&more.rule).is_some_and(|to| to.iter().any(|to| to == off)) {
                    faults.push(format!(
                        "{}: `{}` does not declare that it yields to `{off}`",
                        example.name, more.rule
                    ));
                }
            }
        }
    }
    for (rule, to) in yields.iter().flat_map(|(rule, to)| to.iter().map(move |to| (rule, to))) {
        // Where several replace the finding, it comes up when none of them runs.
        let others: Vec<&str> =
            yields[rule].iter().map(String::as_str).filter(|other| *other != to).collect();
        let all: Vec<&str> = yields[rule].iter().map(String::as_str).collect();
        let count = |example: &Example, off: &[&str]| {
            let found = example.found(example.without(off));
            found.iter().filter(|found| found.rule == *rule).count()
        };
        let is_shown = || examples.iter().any(|example| count(example, &others) < count(example, &all));
        if !shown.contains(&(rule.clone(), to.clone())) && !is_shown() {
            faults.push(format!("no example shows that `{rule}` yields to `{to}`"));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn two_rules_do_not_offer_the_same_change() {
    let mut faults = BTreeSet::new();
    for example in examples() {
        let all = example.found(example.without(&[]));
        let mut offered: BTreeMap<String, &str> = BTreeMap::new();
        for found in &all {
            for fix in &found.fixes {
                let edits: &Vec<TextEdit> = &fix.edits;
                let first = offered.entry(format!("{edits:?}")).or_insert(&found.rule);
                if *first != found.rule {
                    faults.insert(format!("{}: `{first}` and `{}`: {}", example.name, found.rule, fix.title));
                }
            }
        }
    }
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn rules_yield_to_rules_that_exist_and_not_in_a_circle() {
    let rules: BTreeMap<String, Vec<String>> =
        vaultmoat_core::rules().into_iter().map(|rule| (rule.slug, rule.yields_to)).collect();
    for (slug, to) in &rules {
        let mut seen = BTreeSet::new();
        let mut rest: Vec<&String> = to.iter().collect();
        while let Some(next) = rest.pop() {
            assert!(rules.contains_key(next), "`{slug}` yields to `{next}`, which does not exist");
            assert_ne!(next, slug, "`{slug}` yields to itself");
            if seen.insert(next) {
                rest.extend(&rules[next]);
            }
        }
    }
}

/// A vault whose rules are dead, for two rules to see.
const DEAD: &str = "resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-yield'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enablePurgeProtection: true
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Allow'
      ipRules: [{ value: '203.0.113.7' }]
    }
  }
}
";

fn said_of_dead(options: Options) -> Vec<(String, Severity)> {
    let project = load(options, [("main.bicep", DEAD)]);
    let report = project.check();
    let rules = ["public-vault", "ineffective-firewall-rule"];
    let found = report.diagnostics.into_iter().filter(|found| rules.contains(&found.rule.as_str()));
    found.map(|found| (found.rule, found.severity)).collect()
}

fn level(slug: &str, level: Level) -> Options {
    let mut options = Options::default();
    options.rules.insert(slug.to_owned(), RuleSetting { level: Some(level), ..RuleSetting::default() });
    options
}

#[test]
fn a_finding_that_somebody_answered_replaces_none() {
    let public = ("public-vault".to_owned(), Severity::Warning);
    let dead = ("ineffective-firewall-rule".to_owned(), Severity::Warning);
    assert_eq!(said_of_dead(Options::default()), [public]);
    let ignore = Ignore {
        rule: "public-vault".to_owned(),
        resource: "*".to_owned(),
        file: None,
        reason: "a demo".to_owned(),
        place: None,
    };
    assert_eq!(
        said_of_dead(Options { ignore: vec![ignore], ..Options::default() }),
        std::slice::from_ref(&dead)
    );
    assert_eq!(said_of_dead(level("public-vault", Level::Off)), [dead]);
}

#[test]
fn what_replaces_a_finding_has_the_higher_severity_of_the_two() {
    let of = |options| said_of_dead(options).into_iter().map(|(_, severity)| severity).collect::<Vec<_>>();
    assert_eq!(of(level("ineffective-firewall-rule", Level::As(Severity::Error))), [Severity::Error]);
    assert_eq!(of(level("ineffective-firewall-rule", Level::As(Severity::Info))), [Severity::Warning]);
    // What a project wants of a rule stays as it is.
    assert_eq!(of(level("public-vault", Level::As(Severity::Info))), [Severity::Info]);
}
