//! The findings on the example templates: these rules, and no others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::page::severity_word;

/// Files that are checked together, and their findings: `severity rule`, once per finding.
type Expected = (&'static [&'static str], &'static [&'static str]);

const TEMPLATES: &[Expected] = &[
    (&["private-endpoint.json"], &[]),
    (&["private-endpoint.bicep"], &[]),
    (&["open-vault.json"], &["info no-audit-log", "warning public-vault"]),
    (&["open-vault.bicep"], &["info no-audit-log", "warning public-vault"]),
    (&["verified-modules.bicep"], &["error private-ip-rule", "warning public-vault"]),
    (
        &["modules/main.bicep", "modules/main.bicepparam", "modules/vault.bicep"],
        &[
            "error private-ip-rule",
            "info locked-out-vault",
            "info no-audit-log",
            "info no-audit-log",
            "warning ineffective-firewall-rule",
        ],
    ),
    (&["office-only.json"], &["error invalid-ip-rule", "error private-ip-rule", "info no-audit-log"]),
    (
        &["rules-without-effect.json"],
        &["error missing-service-endpoint", "info no-audit-log", "warning public-vault"],
    ),
    (
        &["az-keyvault-show.json"],
        &[
            "info no-purge-protection",
            "info rbac-disabled",
            "info redundant-ip-rule",
            "warning no-private-endpoint",
        ],
    ),
    (
        &["linked/main.json", "linked/main.parameters.json", "linked/vault.json"],
        &[
            "error private-ip-rule",
            "info locked-out-vault",
            "info no-audit-log",
            "info no-audit-log",
            "warning ineffective-firewall-rule",
        ],
    ),
];

const ARTICLES: &[Expected] = &[
    (
        &["articles/app-dns-settings.json"],
        &["info dns-server-override", "info legacy-route-all", "info no-audit-log"],
    ),
    (
        &["articles/dead-rules.json"],
        &[
            "info locked-out-vault",
            "info no-audit-log",
            "info no-purge-protection",
            "info retiring-api-version",
            "warning ineffective-firewall-rule",
            "warning unroutable-ip-rule",
        ],
    ),
    (&["articles/app-dns-settings.bicep"], &["info dns-server-override", "info legacy-route-all"]),
    (
        &["articles/dead-rules.bicep"],
        &[
            "info locked-out-vault",
            "info no-audit-log",
            "info no-purge-protection",
            "info retiring-api-version",
            "warning ineffective-firewall-rule",
            "warning unroutable-ip-rule",
        ],
    ),
    (&["articles/endpoint-and-zone.bicep"], &[]),
    (&["articles/vault-role.bicep"], &[]),
    (&["articles/log-retention.json"], &["error diagnostic-retention"]),
    (
        &["articles/manual-endpoint.json"],
        &["info endpoint-awaits-approval", "info no-audit-log", "warning public-vault"],
    ),
    (
        &["articles/migration-phase-two.json"],
        &[
            "error missing-service-endpoint",
            "error missing-service-endpoint",
            "info no-audit-log",
            "warning unroutable-ip-rule",
        ],
    ),
    (
        &["articles/open-beside-endpoint.json"],
        &["info no-audit-log", "warning open-despite-private-endpoint"],
    ),
    (&["articles/policy-effect.json"], &["warning vault-policy-parameter-ignored"]),
    (
        &["articles/private-range.json"],
        &["error private-ip-rule", "info no-audit-log", "warning unroutable-ip-rule"],
    ),
    (&["articles/two-regions.json"], &["error overwritten-dns-record", "info no-audit-log"]),
    (
        &["articles/unlinked-zone.json"],
        &[
            "info no-audit-log",
            "info no-purge-protection",
            "info retiring-api-version",
            "warning unlinked-dns-zone",
        ],
    ),
    (
        &["articles/endpoint-without-link/main.tf"],
        &["info no-audit-log", "info removed-argument", "warning unlinked-dns-zone"],
    ),
];

#[test]
fn example_templates_show_what_they_are_meant_to_and_nothing_else() {
    assert_said(TEMPLATES);
}

#[test]
fn templates_after_articles_show_exactly_their_findings() {
    assert_said(ARTICLES);
}

#[test]
fn every_example_template_is_expected_to_say_something_or_nothing() {
    let expected: BTreeSet<PathBuf> =
        TEMPLATES.iter().chain(ARTICLES).flat_map(|(files, _)| files.iter()).map(PathBuf::from).collect();
    let mut found = BTreeSet::new();
    templates(Path::new(""), &mut found);
    assert_eq!(found, expected);
}

fn assert_said(expected: &[Expected]) {
    let faults: Vec<String> = expected
        .iter()
        .filter_map(|(files, expected)| {
            let said = said_of(files);
            (said != *expected).then(|| format!("{files:?} gives {said:#?}, not {expected:#?}"))
        })
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn said_of(files: &[&str]) -> Vec<String> {
    let mut project = Project::new(Options::default());
    for file in files {
        let text = std::fs::read_to_string(folder().join(file)).expect("the example can be read");
        project.set(file, &text);
    }
    let report = project.check();
    let mut said: Vec<String> = report
        .diagnostics
        .iter()
        .map(|found| format!("{} {}", severity_word(found.severity), found.rule))
        .collect();
    said.sort();
    said
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/templates"))
}

fn templates(under: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder().join(under)).expect("the folder of examples") {
        let path = under.join(entry.expect("an entry").file_name());
        if folder().join(&path).is_dir() {
            templates(&path, found);
        } else if path.extension().is_some_and(|extension| extension != "md") {
            found.insert(path);
        }
    }
}
