//! Every number of a fact is explained in `facts/`, and every fact there has a source and is used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vaultmoat_core::report::Severity;
use vaultmoat_tests::facts::{self, Fact, STATUSES, numbers, root};

/// Names of folders without sources: what is fetched, built or generated.
const SKIPPED: &[&str] = &["target", "node_modules", "dist", "corpus", "facts"];

/// Folders that the build makes of what is elsewhere.
const GENERATED: &[&str] = &["npm/rules", "npm/wasm", "npm/schema", "npm/facts"];

/// Endings of files that may name facts.
const TEXTS: &[&str] = &["rs", "md", "ts", "js", "json", "tf", "bicep", "html", "py"];

/// Where each number is named, outside of `facts/`.
fn cited() -> BTreeMap<String, String> {
    let mut cited = BTreeMap::new();
    walk(&root(), "", &mut cited);
    cited
}

fn walk(folder: &Path, below: &str, cited: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type().expect("what an entry is");
        if name.starts_with('.') || GENERATED.contains(&path.as_str()) {
            continue;
        }
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            walk(&entry.path(), &path, cited);
        } else if kind.is_file() && name.rsplit('.').next().is_some_and(|ending| TEXTS.contains(&ending)) {
            let text = std::fs::read(entry.path()).expect("a text");
            for number in numbers(&String::from_utf8_lossy(&text)) {
                cited.entry(number).or_insert_with(|| path.clone());
            }
        }
    }
}

#[test]
fn every_number_is_explained_and_every_fact_is_used() {
    let facts = facts::all();
    let known: BTreeSet<&str> = facts.iter().map(|fact| fact.number.as_str()).collect();
    let cited = cited();
    assert!(cited.len() > 150, "only {} numbers are found in the repository", cited.len());
    let mut faults: Vec<String> = cited
        .iter()
        .filter(|(number, _)| !known.contains(number.as_str()))
        .map(|(number, path)| format!("{number} in {path} is not in facts/"))
        .collect();
    for Fact { number, file, .. } in
        facts.iter().filter(|fact| fact.is_unused() == cited.contains_key(&fact.number))
    {
        faults.push(format!("{number} in facts/{file}: named elsewhere or marked `unused`, one of the two"));
    }
    let mut texts: Vec<(String, String)> = facts
        .iter()
        .map(|fact| (fact.number.clone(), format!("{} {}", fact.text, fact.about.join(" "))))
        .collect();
    texts.push((
        "README.md".to_owned(),
        std::fs::read_to_string(root().join("facts/README.md")).expect("a page"),
    ));
    for (place, text) in texts {
        let unknown = numbers(&text).into_iter().filter(|number| !known.contains(number.as_str()));
        faults.extend(unknown.map(|number| format!("{number}, which {place} names, is not in facts/")));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_fact_has_a_status_a_source_and_a_date() {
    let mut faults = Vec::new();
    let mut before: Option<Fact> = None;
    for fact in facts::all() {
        let about: Vec<&str> = fact.about.iter().map(String::as_str).collect();
        let is_date = |date: &str| {
            let parts: Vec<&str> = date.split('-').collect();
            date.len() == 10
                && parts.len() == 3
                && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        };
        let well_formed = match about.as_slice() {
            [status, sources, read] | [status, sources, read, "unused"] => {
                STATUSES.contains(status)
                    && !sources.is_empty()
                    && read.strip_prefix("read ").is_some_and(is_date)
            }
            _ => false,
        };
        let mut fault = |what: String| faults.push(format!("{} in facts/{}: {what}", fact.number, fact.file));
        if !well_formed {
            fault(format!("its last line is {:?}", fact.about.join(" · ")));
        }
        if !fact.unresolved.is_empty() {
            fault(format!("no address is at the end of the file for {:?}", fact.unresolved));
        }
        if fact.is_firm() && !fact.about.get(1).is_some_and(|sources| sources.contains('[')) {
            fault("is documented or observed by other facts alone".to_owned());
        }
        if !fact.file.starts_with(&format!("{}-", fact.section)) {
            fault("is in the file of another section".to_owned());
        }
        if !fact.text.ends_with(['.', '|', '"']) {
            fault("does not end like a sentence or a table".to_owned());
        }
        if before.is_some_and(|before| before.section == fact.section && before.index >= fact.index) {
            fault("is out of order, or there twice".to_owned());
        }
        before = Some(fact);
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_address_in_a_file_of_facts_is_the_source_of_one() {
    let facts = facts::all();
    let files: BTreeSet<&str> = facts.iter().map(|fact| fact.file.as_str()).collect();
    for file in files {
        let text = std::fs::read_to_string(root().join("facts").join(file)).expect("a file of facts");
        for line in text.lines().filter(|line| line.starts_with('[')) {
            let (name, _) = line.split_once(": https://").expect("a name and an address");
            let used = facts
                .iter()
                .any(|fact| fact.file == file && fact.about.iter().any(|part| part.contains(name)));
            assert!(used, "facts/{file}: no fact has the source {name}");
        }
    }
}

#[test]
fn no_error_rests_on_what_is_only_reported_or_inferred() {
    let firm: BTreeSet<String> =
        facts::all().into_iter().filter(Fact::is_firm).map(|fact| fact.number).collect();
    // A syntax error is not a statement about Azure.
    let is_about_azure = |slug: &str| slug != "syntax";
    let rules = vaultmoat_core::rules();
    for rule in rules.iter().filter(|rule| rule.severity == Severity::Error && is_about_azure(&rule.slug)) {
        let rests = rule.facts.iter().any(|number| firm.contains(number));
        assert!(rests, "{} is an error and rests on {:?}", rule.slug, rule.facts);
    }
}

#[test]
fn numbers_are_found_where_they_are_whole() {
    assert_eq!(numbers("(F1.2, F7.10.) `F5.6`–F7.8"), ["F1.2", "F7.10", "F5.6", "F7.8"]);
    assert_eq!(numbers("fn f3_04_a_test() f3_05_ fn f3_x"), ["F3.4"]);
    assert!(numbers("0xF1.2 AF1.2 F1 F.2 F1.x F1.2a F_1.2").is_empty());
}
