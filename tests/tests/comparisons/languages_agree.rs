//! The examples under one heading of a rule page have the same findings in ARM, Bicep and Terraform. The first example in
//! Bicep must match the first in ARM and so on, including fixes; an example in Terraform must match any, without fixes.

use std::path::PathBuf;
use vaultmoat_core::report::{Applicability, Confidence, Diagnostic, Report, Severity};
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

/// How a finding ends that holds of a resource where it is created.
const WHERE_CREATED: &str = " (for a new resource; an existing one keeps its settings)";

fn strict(example: &Example) -> Report {
    let options = Options { profile: Profile::Strict, ..example.settings().expect("known options") };
    example.project(options).check()
}

/// What is said of an example, without the places, with fixes or without; of what is undecided only that it is, since there resources are called
/// what the language calls them. Notes are taken for the page's own rule alone.
fn said(slug: &str, example: &Example, with_fixes: bool) -> Vec<String> {
    let report = strict(example);
    let shown = |found: &&Diagnostic| found.rule == slug || found.severity > Severity::Info;
    let undecided = report.undecided.iter().filter(|open| open.rule == slug);
    let mut said: Vec<String> =
        report.diagnostics.iter().filter(shown).map(|found| words(found, with_fixes)).collect();
    said.extend(undecided.map(|open| format!("undecided {}", open.rule)));
    said.sort();
    said
}

fn words(found: &Diagnostic, with_fixes: bool) -> String {
    let Diagnostic { rule, severity, confidence, message, fixes, .. } = found;
    let is_of_text = OF_THE_TEXT.contains(&rule.as_str());
    // Names and expressions stand in quotes, as the author of either writes them.
    let message: Vec<&str> = if is_of_text { Vec::new() } else { message.split('`').step_by(2).collect() };
    let message = message.join("`");
    // What rests on defaults is likely, and so is what a provider leaves as it is where nobody writes it.
    let message = message.split(" (with the default of ").next().unwrap_or_default();
    let is_kept = message.contains(WHERE_CREATED);
    let message = message.replace(WHERE_CREATED, "");
    let confidence = if is_kept { &Confidence::Certain } else { confidence };
    let fixes = fixes.iter().filter(|_| with_fixes);
    let fixes: Vec<(&str, Applicability)> =
        fixes.map(|fix| (fix.title.as_str(), fix.applicability)).collect();
    format!("{rule} {severity:?} {confidence:?} {message} {fixes:?}")
}

fn of_language<'p>(page: &'p Page, section: &str, language: Language) -> Vec<&'p Example> {
    let is_one = |example: &&Example| example.section == section && example.language() == language;
    page.examples.iter().filter(is_one).collect()
}

fn differ(one: (usize, &[String]), other: (usize, &[String])) -> Option<String> {
    let [said, otherwise] = [one.1, other.1].map(|said| said.join("\n    "));
    (one.1 != other.1).then(|| {
        format!("the examples at lines {} and {} differ\n    {said}\n  and\n    {otherwise}", one.0, other.0)
    })
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
        faults.extend(differ((arm.line, &said(slug, arm, true)), (bicep.line, &said(slug, bicep, true))));
    }
    faults
}

/// Every example in Terraform says what one in ARM does. Some of either cannot be expressed in the other.
fn faults_of_terraform(slug: &str, page: &Page, section: &str) -> Vec<String> {
    let of = |language| {
        let examples = of_language(page, section, language).into_iter();
        examples.map(|example| (example.line, said(slug, example, false))).collect::<Vec<_>>()
    };
    let (arm, terraform) = (of(Language::Arm), of(Language::Terraform));
    let is_twin = |said: &[String]| arm.iter().any(|(_, in_arm)| in_arm == said);
    let alone = terraform.iter().filter(|(_, said)| !is_twin(said));
    alone
        .filter_map(|(line, said)| {
            arm.first().and_then(|(first, in_arm)| differ((*first, in_arm), (*line, said)))
        })
        .collect()
}

/// What is wrong with any page.
fn of_all_pages(faults: fn(&str, &Page, &str) -> Vec<String>) -> String {
    let docs = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/rules/docs"));
    let mut all = Vec::new();
    for rule in vaultmoat_core::rules() {
        let slug = &rule.slug;
        let text = std::fs::read_to_string(docs.join(format!("{slug}.md"))).unwrap_or_default();
        let page = Page::read(&text);
        for section in ["Bad", "Good", "Undecided"] {
            all.extend(faults(slug, &page, section).into_iter().map(|fault| format!("{slug}: {fault}\n")));
        }
    }
    all.concat()
}

#[test]
fn bicep_is_found_like_its_twin_in_arm() {
    let faults = of_all_pages(faults);
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn terraform_is_found_like_its_twin_in_arm() {
    let faults = of_all_pages(faults_of_terraform);
    assert!(faults.is_empty(), "\n{faults}");
}

/// Words of ARM that are values, and the same in Terraform.
const VALUES: &[&str] = &["allLogs"];

/// Names of ARM's properties in what is said of an example about resources of `azurerm`, which calls them otherwise.
fn foreign_words(slug: &str, page: &Page, section: &str) -> Vec<String> {
    let is_foreign = |word: &&str| {
        let is_name = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_name
            && word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().any(|byte| byte.is_ascii_uppercase())
            && !VALUES.contains(word)
    };
    let mut foreign = Vec::new();
    for example in of_language(page, section, Language::Terraform) {
        let report = strict(example);
        let own = |found: &&Diagnostic| {
            let about = found.resource.as_ref().map_or("", |resource| resource.address.as_str());
            found.rule == slug && about.contains("azurerm_")
        };
        for found in report.diagnostics.iter().filter(own) {
            let titles = found.fixes.iter().map(|fix| &fix.title);
            for text in [&found.message, &found.help].into_iter().chain(titles) {
                let words = text.split('`').skip(1).step_by(2).filter(is_foreign);
                foreign.extend(words.map(|word| format!("line {}: `{word}` in: {text}", example.line)));
            }
        }
    }
    foreign
}

#[test]
fn terraform_is_told_in_its_own_words() {
    let foreign = of_all_pages(foreign_words);
    assert!(foreign.is_empty(), "\n{foreign}");
}
