//! What is written in Bicep is found like what is written in ARM: the examples of a page that stand under one heading,
//! the first in Bicep with the first in ARM and so on.

use std::path::PathBuf;
use vaultmoat_core::report::{Applicability, Diagnostic, Severity};
use vaultmoat_core::{Options, Profile};
use vaultmoat_tests::page::{Example, Language, Page};

/// Parts of pages that Bicep cannot express, and why.
const NOT_IN_BICEP: &[(&str, &str, &str)] = &[
    ("ignored-by-api-version", "Undecided", API_VERSION),
    ("legacy-route-all", "Undecided", API_VERSION),
    ("retiring-api-version", "Undecided", API_VERSION),
];
const API_VERSION: &str = "an API version is a part of the type, and always known";

/// Rules about the text itself, which say what is wrong in the language's own words.
const OF_THE_TEXT: &[&str] = &["syntax", "duplicate-key", "unresolved-reference", "unresolved-module"];

/// What is said of an example, without the places; of what is undecided only that it is, since there resources are called
/// what the language calls them. Notes are taken for the page's own rule alone.
fn said(slug: &str, example: &Example) -> Vec<String> {
    let options = Options { profile: Profile::Strict, ..example.settings().expect("known options") };
    let report = example.project(options).check();
    let shown = |found: &&Diagnostic| found.rule == slug || found.severity > Severity::Info;
    let undecided = report.undecided.iter().filter(|open| open.rule == slug);
    let mut said: Vec<String> = report.diagnostics.iter().filter(shown).map(words).collect();
    said.extend(undecided.map(|open| format!("undecided {}", open.rule)));
    said.sort();
    said
}

fn words(found: &Diagnostic) -> String {
    let Diagnostic { rule, severity, confidence, message, fixes, .. } = found;
    let is_of_text = OF_THE_TEXT.contains(&rule.as_str());
    // Names and expressions stand in quotes, as the author of either writes them.
    let message: Vec<&str> = if is_of_text { Vec::new() } else { message.split('`').step_by(2).collect() };
    let fixes: Vec<(&str, Applicability)> =
        fixes.iter().map(|fix| (fix.title.as_str(), fix.applicability)).collect();
    format!("{rule} {severity:?} {confidence:?} {} {fixes:?}", message.join("`"))
}

fn of_language<'p>(page: &'p Page, section: &str, language: Language) -> Vec<&'p Example> {
    let is_one = |example: &&Example| example.section == section && example.language() == language;
    page.examples.iter().filter(is_one).collect()
}

fn faults(slug: &str, page: &Page, section: &str) -> Vec<String> {
    let arm = of_language(page, section, Language::Arm);
    let bicep = of_language(page, section, Language::Bicep);
    let mut faults = Vec::new();
    let excused = NOT_IN_BICEP.iter().any(|(of, part, _)| *of == slug && *part == section);
    if bicep.is_empty() != (arm.is_empty() || excused) {
        faults.push(format!("under `{section}` are {} ARM and {} Bicep examples", arm.len(), bicep.len()));
    }
    if bicep.len() > arm.len() {
        faults.push(format!("under `{section}` more is in Bicep than in ARM"));
    }
    for (arm, bicep) in arm.iter().zip(&bicep) {
        let (in_arm, in_bicep) = (said(slug, arm), said(slug, bicep));
        if in_arm != in_bicep {
            let [in_arm, in_bicep] = [in_arm, in_bicep].map(|said| said.join("\n    "));
            faults.push(format!(
                "the examples at lines {} and {} differ\n    {in_arm}\n  and\n    {in_bicep}",
                arm.line, bicep.line
            ));
        }
    }
    faults
}

#[test]
fn bicep_is_found_like_its_twin_in_arm() {
    let docs = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/rules/docs"));
    let mut all = Vec::new();
    for rule in vaultmoat_core::rules() {
        let slug = &rule.slug;
        let text = std::fs::read_to_string(docs.join(format!("{slug}.md"))).unwrap_or_default();
        let page = Page::read(&text);
        for section in ["Bad", "Good", "Undecided"] {
            all.extend(faults(slug, &page, section).into_iter().map(|fault| format!("{slug}: {fault}")));
        }
    }
    assert!(all.is_empty(), "\n{}\n", all.join("\n"));
}
