//! Every fix of every bad example on the rule pages removes its finding, and adds no worse one.

use std::path::PathBuf;
use std::rc::Rc;
use vaultmoat_core::report::{Applicability, Diagnostic, Report, RuleInfo};
use vaultmoat_core::syntax::{bicep, hcl, json};
use vaultmoat_core::{Options, Profile, Project};
use vaultmoat_tests::fixture::load;
use vaultmoat_tests::page::{Example, Page};

/// Fixes that still change something after so many rounds work against each other.
const MAX_ROUNDS: usize = 10;

fn bad_examples(rule: &RuleInfo) -> Vec<Example> {
    let docs = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/rules/docs"));
    let text = std::fs::read_to_string(docs.join(format!("{}.md", rule.slug))).unwrap_or_default();
    let page = Page::read(&text);
    page.examples.into_iter().filter(|example| example.section == "Bad").collect()
}

fn project(example: &Example) -> Project {
    let options = example.settings().expect("known options");
    example.project(Options { profile: Profile::Strict, ..options })
}

fn of_rule<'r>(report: &'r Report, rule: &'r RuleInfo) -> impl Iterator<Item = &'r Diagnostic> {
    report.diagnostics.iter().filter(|found| found.rule == rule.slug)
}

/// What a finding is, wherever its text has moved to.
fn identity(found: &Diagnostic) -> (&str, &str, Option<&str>) {
    (&found.rule, &found.message, found.resource.as_ref().map(|resource| resource.address.as_str()))
}

fn has(report: &Report, found: &Diagnostic) -> bool {
    report.diagnostics.iter().any(|other| identity(other) == identity(found))
}

/// Whether a fix only brings to light what was open before, or closes a vault to everybody because it was open to
/// everybody and names nobody, which an unsafe fix may do.
fn is_uncovered(before: &Report, rule: &RuleInfo, found: &Diagnostic) -> bool {
    let was_open =
        before.undecided.iter().any(|open| open.rule == found.rule && open.resource == found.resource);
    let mut fixes = of_rule(before, rule).flat_map(|found| &found.fixes);
    let closes = rule.slug == "public-vault" && found.rule == "locked-out-vault";
    was_open || (closes && fixes.all(|fix| fix.applicability == Applicability::Unsafe))
}

/// New findings with at least the severity of the fixed ones.
fn worse(before: &Report, after: &Report, rule: &RuleInfo) -> Vec<String> {
    let mildest =
        of_rule(before, rule).filter(|found| !found.fixes.is_empty()).map(|found| found.severity).min();
    let is_new = |found: &&Diagnostic| {
        Some(found.severity) >= mildest && !has(before, found) && !is_uncovered(before, rule, found)
    };
    after
        .diagnostics
        .iter()
        .filter(is_new)
        .map(|found| format!("{}: {}", found.rule, found.message))
        .collect()
}

/// What is first wrong with a text.
fn problem(path: &str, text: &str) -> Option<String> {
    if path.ends_with("json") || path.ends_with("jsonc") {
        return json::parse(text).problems.first().map(|problem| problem.message.clone());
    }
    if path.ends_with(".tf") {
        return hcl::parse(text).problems.first().map(|problem| problem.message.clone());
    }
    let tree = bicep::parse(Rc::from(text));
    tree.problems().first().map(|problem| problem.message.clone())
}

/// Fixes until nothing changes, checking each text on the way.
fn converge(project: &mut Project, rule: &RuleInfo) -> Result<(), String> {
    for _ in 0..MAX_ROUNDS {
        let changed = project.fix(std::slice::from_ref(&rule.slug), true);
        if changed.is_empty() {
            return Ok(());
        }
        for file in changed {
            if let Some(problem) = problem(&file.file, &file.text) {
                return Err(format!("a fix breaks the text: {problem}\n{}", file.text));
            }
            project.set(&file.file, &file.text);
        }
    }
    Err(format!("fixes still change something after {MAX_ROUNDS} rounds"))
}

/// Everything wrong with the fixes of one example.
fn faults(rule: &RuleInfo, example: &Example) -> Vec<String> {
    let mut faults = Vec::new();
    let mut project = project(example);
    let before = project.check();
    if let Err(fault) = converge(&mut project, rule) {
        faults.push(fault);
    }
    let after = project.check();
    let fixed = of_rule(&before, rule).filter(|found| !found.fixes.is_empty());
    faults.extend(
        fixed.filter(|found| has(&after, found)).map(|found| format!("still there: {}", found.message)),
    );
    faults.extend(worse(&before, &after, rule).into_iter().map(|found| format!("new after fixing: {found}")));
    faults.extend(each_alone(rule, example, &before));
    faults
}

/// A reader may choose any fix that is offered, and only that one.
fn each_alone(rule: &RuleInfo, example: &Example, before: &Report) -> Vec<String> {
    let mut faults = Vec::new();
    for found in of_rule(before, rule) {
        for fix in &found.fixes {
            let mut chosen = before.clone();
            chosen.diagnostics = vec![Diagnostic { fixes: vec![fix.clone()], ..found.clone() }];
            let mut project = project(example);
            for file in project.apply(&chosen, &[], true) {
                project.set(&file.file, &file.text);
            }
            let after = project.check();
            if fix.title.is_empty() {
                faults.push("a fix has no title".to_owned());
            }
            if has(&after, found) {
                faults.push(format!("`{}` does not fix: {}", fix.title, found.message));
            }
            let new = worse(before, &after, rule);
            faults.extend(new.into_iter().map(|new| format!("new after `{}`: {new}", fix.title)));
        }
    }
    faults
}

#[test]
fn every_fix_mends_its_finding_and_makes_nothing_worse() {
    let mut all = Vec::new();
    for rule in vaultmoat_core::rules() {
        for example in bad_examples(&rule) {
            let at = format!("{} (example at line {})", rule.slug, example.line);
            all.extend(faults(&rule, &example).into_iter().map(|fault| format!("{at}: {fault}")));
        }
    }
    assert!(all.is_empty(), "\n{}\n", all.join("\n"));
}

#[test]
fn a_rule_offers_fixes_when_it_says_so_and_never_otherwise() {
    let mut all = Vec::new();
    for rule in vaultmoat_core::rules() {
        let offered = bad_examples(&rule)
            .iter()
            .any(|example| of_rule(&project(example).check(), &rule).any(|found| !found.fixes.is_empty()));
        if offered != rule.fixable {
            all.push(format!("{}: fixable is {}, and a fix is offered: {offered}", rule.slug, rule.fixable));
        }
    }
    assert!(all.is_empty(), "\n{}\n", all.join("\n"));
}

#[test]
fn a_newer_version_is_an_unsafe_fix_where_it_may_refuse_someone() {
    let fixes = |version: &str, properties: &str| -> Vec<Applicability> {
        let text = format!(
            "param flag bool
resource vault 'Microsoft.KeyVault/vaults@{version}' = {{
  name: 'contoso-prod'
  location: 'westeurope'
  properties: {{ tenantId: tenant().tenantId, sku: {{ family: 'A', name: 'standard' }}, {properties} }}
}}
"
        );
        let project = load(Options::default(), [("main.bicep", &text)]);
        let diagnostics = project.check().diagnostics.into_iter();
        let found = diagnostics.filter(|found| found.rule == "ignored-by-api-version");
        found.flat_map(|found| found.fixes).map(|fix| fix.applicability).collect()
    };
    for (version, properties) in [
        ("2019-09-01", "publicNetworkAccess: 'Disabled'"),
        ("2019-09-01", "publicNetworkAccess: 'SecuredByPerimeter'"),
        ("2019-09-01", "publicNetworkAccess: flag ? 'Enabled' : 'Disabled'"),
        ("2019-09-01", "publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' }"),
        ("2016-10-01", "networkAcls: { defaultAction: 'Deny' }"),
        ("2018-02-14", "enableRbacAuthorization: true"),
    ] {
        assert_eq!(fixes(version, properties), [Applicability::Unsafe], "{version} {properties}");
    }
    for (version, properties) in [
        ("2019-09-01", "publicNetworkAccess: 'Enabled'"),
        ("2019-09-01", "publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny' }"),
        ("2016-10-01", "networkAcls: { defaultAction: 'Allow' }"),
        ("2018-02-14", "enableRbacAuthorization: false"),
    ] {
        assert_eq!(fixes(version, properties), [Applicability::Safe], "{version} {properties}");
    }
}
