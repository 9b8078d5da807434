//! Every rule has a page whose statements are true. `UPDATE_PAGES=1` writes the actual reports into the pages.

use similar::TextDiff;
use std::collections::BTreeSet;
use std::path::PathBuf;
use vaultmoat_core::report::{Applicability, RuleInfo};
use vaultmoat_tests::facts::{self, Fact};
use vaultmoat_tests::page::{Example, FRAGMENTS, Language, Page, SECTIONS, Said, severity_word};

fn pages() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/rules/docs"))
}

#[test]
fn every_rule_has_a_page_that_tells_the_truth() {
    let mut faults = Vec::new();
    let facts = facts::all();
    for rule in vaultmoat_core::rules() {
        let path = pages().join(format!("{}.md", rule.slug));
        let Ok(mut text) = std::fs::read_to_string(&path) else {
            faults.push(format!("{}: has no page core/src/rules/docs/{0}.md", rule.slug));
            continue;
        };
        if std::env::var_os("UPDATE_PAGES").is_some() {
            text = with_facts(&rule, &facts, &Page::read(&text).update(&text, &rule.slug));
            std::fs::write(&path, &text).expect("the page can be written");
        }
        if text != with_facts(&rule, &facts, &text) {
            faults.push(format!(
                "{}: its section `Facts` is out of date; UPDATE_PAGES=1 rewrites it",
                rule.slug
            ));
        }
        let page = Page::read(&text);
        faults.extend(form(&rule, &page).into_iter().map(|fault| format!("{}: {fault}", rule.slug)));
        faults.extend(layout(&page).into_iter().map(|fault| format!("{}: {fault}", rule.slug)));
        faults.extend(fixes(&rule, &page).into_iter().map(|fault| format!("{}: {fault}", rule.slug)));
        for example in &page.examples {
            faults.extend(truth(&rule, example).map(|fault| format!("{}: {fault}", rule.slug)));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_page_has_a_rule() {
    let rules: BTreeSet<String> = vaultmoat_core::rules().into_iter().map(|rule| rule.slug).collect();
    for entry in std::fs::read_dir(pages()).expect("the folder of pages") {
        let name = entry.expect("an entry").file_name().into_string().expect("a readable name");
        let slug = name.strip_suffix(".md").unwrap_or(&name);
        assert!(rules.contains(slug), "core/src/rules/docs/{name} is the page of no rule");
    }
}

/// The text of a page with the section that says what its rule rests on.
fn with_facts(rule: &RuleInfo, facts: &[Fact], text: &str) -> String {
    let (before, behind) = match text.split_once("\n## Facts\n") {
        Some((before, old)) => (before, old.find("\n## ").map_or("", |at| &old[at..])),
        None => text.find("\n## Controls\n").map_or((text, ""), |at| text.split_at(at)),
    };
    if rule.facts.is_empty() {
        return format!("{before}{behind}");
    }
    let of_rule = rule.facts.iter().filter_map(|number| facts.iter().find(|fact| fact.number == *number));
    let items = of_rule.map(|fact| {
        let first = fact.text.split("\n\n").next().unwrap_or_default();
        filled(&format!("- [{}]({}): {first}", fact.number, fact.url()))
    });
    format!("{before}\n## Facts\n\n{}{behind}", items.collect::<String>())
}

/// An item of a list, in lines of at most 130 characters where it can be.
fn filled(item: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in item.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > 130 {
            text.push_str("\n  ");
            width = 2;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
    }
    text + "\n"
}

/// What is wrong with the form of a page.
fn form(rule: &RuleInfo, page: &Page) -> Vec<String> {
    let mut faults = page.faults.clone();
    let mut same = |what: &str, said: &str, is: &str| {
        if said != is {
            faults.push(format!("the page says {what} `{said}` where it is `{is}`"));
        }
    };
    same("title", &page.title, &rule.slug);
    same("summary", &page.summary, &rule.summary);
    let fix = if !rule.fixable {
        "none"
    } else {
        ["safe and unsafe", "safe", "unsafe"]
            .into_iter()
            .find(|fix| page.about.contains(&format!(" Fix: {fix}")))
            .unwrap_or("safe|unsafe|safe and unsafe")
    };
    let mut about =
        format!("Severity: {} · Profile: {} · Fix: {fix}", severity_word(rule.severity), rule.profile);
    if !rule.yields_to.is_empty() {
        about += &format!(" · Yields to: {}", rule.yields_to.join(", "));
    }
    same("line", &page.about, &about);
    let known: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
    let order: Vec<Option<usize>> =
        page.sections.iter().map(|name| known.iter().position(|k| k == name)).collect();
    if order.contains(&None) || !order.is_sorted() {
        faults.push(format!("its sections are {:?}; they are among {known:?}, in this order", page.sections));
    }
    for (name, optional) in SECTIONS {
        if !optional && !page.sections.iter().any(|section| section == name) {
            faults.push(format!("has no section `{name}`"));
        }
    }
    for section in ["Bad", "Good"] {
        if !page.examples.iter().any(|example| example.section == section) {
            faults.push(format!("has no example under `{section}`"));
        }
    }
    faults
}

/// What is wrong with the order of a page's languages, and with what is folded.
fn layout(page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    let first = page.examples.iter().map(Example::language).min();
    for example in &page.examples {
        let (line, language) = (example.line, example.language());
        let name = language.name();
        match &example.folded {
            None if Some(language) != first => {
                faults.push(format!("the example at line {line} must be folded under `{name}`"));
            }
            Some(heading) if !heading.starts_with(name) => {
                faults.push(format!("the example at line {line} is folded under `{heading}`, not `{name}`"));
            }
            Some(_) if Some(language) == first => {
                faults.push(format!("the example at line {line} is in the page's language, and folded"));
            }
            _ => {}
        }
        let is_default = |text: &str| {
            text.starts_with("{\n  \"$schema\": ") && !text.contains("/subscriptionDeploymentTemplate.json#")
        };
        let whole = example.files.iter().filter(|(path, _)| !example.fragments.contains(path));
        if language == Language::Arm && whole.clone().any(|(_, text)| is_default(text)) {
            faults.push(format!("the example at line {line} has `$schema`, which is left out"));
        }
    }
    for (one, next) in page.examples.iter().zip(page.examples.iter().skip(1)) {
        if one.section == next.section && one.language() > next.language() {
            faults
                .push(format!("the example at line {} comes before the one at line {}", next.line, one.line));
        }
    }
    if page.has_note != page.examples.iter().any(|example| !example.fragments.is_empty()) {
        faults.push(format!("its head has this if and only if it shows fragments: {FRAGMENTS}"));
    }
    faults
}

/// What is wrong with the fixes that the rule offers for the bad examples.
fn fixes(rule: &RuleInfo, page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    let mut kinds = [(Applicability::Safe, "safe", false), (Applicability::Unsafe, "unsafe", false)];
    for example in page.examples.iter().filter(|example| example.section == "Bad") {
        let Ok(fixed) = example.fix(&rule.slug) else { continue };
        for (kind, _, offered) in &mut kinds {
            *offered |= fixed.offered.contains(kind);
        }
        let left = fixed.left.iter().filter(|found| !found.fixes.is_empty() || found.rule == "syntax");
        faults.extend(left.filter(|_| !fixed.offered.is_empty()).map(|found| {
            format!("the example at line {} has after its fixes still: {}", example.line, found.message)
        }));
    }
    let offered: Vec<&str> =
        kinds.iter().filter(|(.., offered)| *offered).map(|(_, name, _)| *name).collect();
    let offered = if offered.is_empty() { "none".to_owned() } else { offered.join(" and ") };
    if !page.about.contains(&format!(" Fix: {offered} ·"))
        && !page.about.ends_with(&format!(" Fix: {offered}"))
    {
        faults.push(format!("the fixes of the bad examples are: {offered}; the page says `{}`", page.about));
    }
    faults
}

/// What an example says that is not so.
fn truth(rule: &RuleInfo, example: &Example) -> Option<String> {
    let at = format!("the example at line {} (under `{}`)", example.line, example.section);
    let said: Said = match example.run(&rule.slug) {
        Ok(said) => said,
        Err(fault) => return Some(fault),
    };
    let mention = format!(" {}: ", rule.slug);
    let reported = said.findings.iter().any(|line| line.contains(&mention));
    if example.section == "Bad" && !reported {
        return Some(format!("{at} shows no finding of the rule\n{}", said.findings.join("\n")));
    }
    if example.section == "Good" && !said.findings.is_empty() {
        return Some(format!("{at} has findings\n{}", said.findings.join("\n")));
    }
    if example.section == "Undecided" && (reported || said.undecided.is_empty()) {
        return Some(format!("{at} is decided\n{}", said.findings.join("\n")));
    }
    let differs = |what: &str, page: Option<&Vec<String>>, is: &[String]| {
        let page = page.map(|lines| lines.join("\n") + "\n").unwrap_or_default();
        let is = if is.is_empty() { String::new() } else { is.join("\n") + "\n" };
        let diff = TextDiff::from_lines(&page, &is);
        (page != is).then(|| {
            format!(
                "{at}: {what} differ; UPDATE_PAGES=1 rewrites them\n{}",
                diff.unified_diff().header("page", "tool")
            )
        })
    };
    differs("findings", example.findings.as_ref(), &said.findings).or_else(|| {
        let expected = example.undecided.is_some() || example.section == "Undecided";
        if expected {
            differs("what is undecided", example.undecided.as_ref(), &said.undecided)
        } else {
            None
        }
    })
}

#[test]
fn every_finding_says_in_one_line_what_to_do_and_where_to_read_more() {
    let mut faults = Vec::new();
    for rule in vaultmoat_core::rules() {
        let text = std::fs::read_to_string(pages().join(format!("{}.md", rule.slug))).unwrap_or_default();
        for example in Page::read(&text).examples {
            let Ok(settings) = example.settings() else { continue };
            for found in example.project(settings).check().diagnostics {
                let is_line = |text: &str| !text.is_empty() && !text.contains('\n') && !text.ends_with('.');
                if !is_line(&found.message) || !is_line(&found.help) {
                    faults.push(format!("{}: {:?}, and to do: {:?}", found.rule, found.message, found.help));
                }
                if !found.url.ends_with(&format!("/{}.md", found.rule)) {
                    faults.push(format!("{}: its page is {:?}", found.rule, found.url));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
