//! The same network written in ARM, Bicep, Terraform with `azurerm` and Terraform with `azapi` is the same model, with the
//! same findings and the same questions left open: the pages in `tests/parity`.
//!
//! A page has a section for each form. The `findings` block under ARM is what every form says; one under another form is
//! where it truly differs, and the page says why: lines that only this form has (`+`) or lacks (`-`). `UPDATE_PAGES=1`
//! writes the first.

use std::collections::BTreeSet;
use std::path::PathBuf;
use vaultmoat_core::report::{
    Confidence, ElementModel, Known, LinkModel, ModelReport, Proof, ResourceRef, VaultModel,
};
use vaultmoat_core::{Options, Profile};
use vaultmoat_tests::page::{Example, Page, severity_word};

const FORMS: [&str; 4] = ["ARM", "Bicep", "azurerm", "azapi"];

/// What is said of an example, in words that all languages share.
fn said(example: &Example) -> Vec<String> {
    let project = example.project(Options { profile: Profile::Strict, ..Options::default() });
    let (report, model) = (project.check(), project.model());
    let mut said = vec![];
    for found in &report.diagnostics {
        let confidence = match found.confidence {
            Confidence::Certain => "certain",
            Confidence::Likely => "likely",
        };
        let severity = severity_word(found.severity);
        said.push(format!("{severity} {confidence} {}: {}", found.rule, called(found.resource.as_ref())));
    }
    for open in &report.undecided {
        said.push(format!("undecided {}: {}", open.rule, called(open.resource.as_ref())));
    }
    said.sort();
    let mut elements: Vec<String> = model.vaults.iter().map(vault).collect();
    elements.extend(others(&model).map(element));
    elements.sort();
    said.extend(elements);
    // Copies may have the same address: their links become one set.
    let links: BTreeSet<String> = model.links.iter().map(|link| of_link(link, &model)).collect();
    said.extend(links);
    said
}

fn others(model: &ModelReport) -> impl Iterator<Item = &ElementModel> {
    [
        &model.private_endpoints,
        &model.dns_zones,
        &model.zone_links,
        &model.zone_groups,
        &model.records,
        &model.virtual_networks,
        &model.subnets,
        &model.consumers,
    ]
    .into_iter()
    .flatten()
}

fn called(resource: Option<&ResourceRef>) -> String {
    resource.map_or_else(String::new, |of| format!("{} {}", last(&of.kind), neutral(&of.name)))
}

fn last(kind: &str) -> &str {
    kind.rsplit('/').next().unwrap_or_default()
}

fn vault(vault: &VaultModel) -> String {
    let acls = &vault.network_acls;
    let list = |all: &[Known]| value(&Known::List(all.to_vec()));
    format!(
        "{}{} {}: publicNetworkAccess {}, networkAcls {} {} {} {} {}, rbac {}, for {} {} {}{}",
        if vault.declared { "" } else { "existing " },
        last(&vault.kind),
        value(&vault.name),
        value(&vault.public_network_access),
        value(&acls.present),
        value(&acls.default_action),
        value(&acls.bypass),
        list(&acls.ip_rules),
        list(&acls.virtual_network_rules),
        value(&vault.rbac),
        value(&vault.enabled_for_deployment),
        value(&vault.enabled_for_disk_encryption),
        value(&vault.enabled_for_template_deployment),
        under(&vault.condition, &vault.assumed),
    )
}

fn element(of: &ElementModel) -> String {
    let properties: Vec<String> = of
        .properties
        .iter()
        .filter(|(_, known)| !matches!(known, Known::Null) && known != &Known::List(vec![]))
        .map(|(key, known)| format!("{key} {}", value(known)))
        .collect();
    format!(
        "{}{} {}: {}{}",
        if of.declared { "" } else { "existing " },
        last(&of.kind),
        value(&of.name),
        properties.join(", "),
        under(&of.condition, &of.assumed)
    )
}

fn under(condition: &Known, assumed: &[String]) -> String {
    let when =
        if *condition == Known::Bool(true) { String::new() } else { format!(" if {}", value(condition)) };
    let assumed: Vec<String> = assumed.iter().map(|name| neutral(name)).collect();
    if assumed.is_empty() { when } else { format!("{when} by default of {}", assumed.join(", ")) }
}

fn of_link(link: &LinkModel, model: &ModelReport) -> String {
    let name = |address: &str| {
        let vaults = model.vaults.iter().map(|vault| (&vault.address, &vault.kind, &vault.name));
        let others = others(model).map(|of| (&of.address, &of.kind, &of.name));
        let names = vaults.chain(others).filter(|(of, ..)| *of == address);
        // A zone group that is written inside an endpoint has its address.
        let names: BTreeSet<String> = names
            .filter(|(_, kind, _)| !kind.ends_with("/privateDnsZoneGroups"))
            .map(|(_, kind, name)| format!("{} {}", last(kind), value(name)))
            .collect();
        Vec::from_iter(names).join(" | ")
    };
    let proof = match link.proof {
        Proof::Proved => "",
        Proof::Possible => "perhaps ",
    };
    format!("{} {proof}{} {}", name(&link.from), link.kind, name(&link.to))
}

/// A value that is in effect, as every language has it.
fn value(known: &Known) -> String {
    match known {
        Known::Null => "null".to_owned(),
        Known::Bool(known) => known.to_string(),
        Known::Int(known) => known.to_string(),
        Known::Text(known) => neutral(known),
        // Most of them are sets, which Terraform sorts.
        Known::List(all) => {
            let mut all: Vec<String> = all.iter().map(value).collect();
            all.sort();
            format!("[{}]", all.join(" "))
        }
        Known::Object(fields) => {
            let fields = fields.iter().filter(|(_, known)| !matches!(known, Known::Null));
            let fields: Vec<String> = fields.map(|(key, known)| format!("{key} {}", value(known))).collect();
            format!("({})", fields.join(" "))
        }
        Known::Unknown { unknown } => {
            let open = neutral(unknown);
            if unknown.contains("/providers/") { open } else { format!("?{open}") }
        }
        Known::Default { value: known, .. } => value(known),
    }
}

/// A text without what only its language says: how a parameter is written, and where the deployment goes to.
fn neutral(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some((before, rest)) = text.split_once("parameters('") {
        let Some((name, rest)) = rest.split_once("')") else { break };
        text = format!("{before}var.{name}{rest}");
    }
    text = text.replace("()", "");
    // An id begins with what only a deployment knows.
    while let Some(at) = text.find("/providers/") {
        let start = text[..at].rfind([' ', '[', '(', '\'']).map_or(0, |at| at + 1);
        text.replace_range(start..at + "/providers/".len(), "");
    }
    text.replace("var.", "")
}

fn faults(path: &PathBuf) -> Vec<String> {
    let mut text = std::fs::read_to_string(path).expect("a page");
    let page = Page::read(&text);
    let sections: Vec<&str> = page.examples.iter().map(|example| example.section.as_str()).collect();
    if sections != FORMS {
        return vec![format!("has an example in {sections:?}, not in {FORMS:?}")];
    }
    let mut faults = page.faults.clone();
    let all: Vec<Vec<String>> = page.examples.iter().map(said).collect();
    let (common, rest) = all.split_first().expect("four forms");
    let written = page.examples[0].findings.clone().unwrap_or_default();
    if *common != written {
        if std::env::var_os("UPDATE_PAGES").is_some() {
            let (arm, rest) = text.split_once("\n## Bicep\n").expect("a section for Bicep");
            let arm = arm.split("\n```findings\n").next().unwrap_or_default();
            let common = common.join("\n");
            text = format!("{arm}\n```findings\n{common}\n```\n\n## Bicep\n{rest}");
            std::fs::write(path, &text).expect("the page can be written");
        } else {
            faults.push(format!("ARM\n{}", difference(&written, common).join("\n")));
        }
    }
    for (example, said) in page.examples.iter().skip(1).zip(rest) {
        let differs = difference(common, said);
        if differs != example.findings.clone().unwrap_or_default() {
            faults.push(format!("{}\n{}", example.section, differs.join("\n")));
        }
    }
    faults
}

/// The lines of one list that are not in the other.
fn difference(of: &[String], other: &[String]) -> Vec<String> {
    let missing = of.iter().filter(|line| !other.contains(line)).map(|line| format!("- {line}"));
    let more = other.iter().filter(|line| !of.contains(line)).map(|line| format!("+ {line}"));
    missing.chain(more).collect()
}

#[test]
fn four_languages_say_the_same() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/parity");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the pages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.sort();
    let named = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        faults(path).into_iter().map(move |fault| format!("{name}: {fault}\n"))
    };
    let all: Vec<String> = pages.iter().flat_map(named).collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
    assert!(pages.len() >= 20, "{} pages", pages.len());
}
