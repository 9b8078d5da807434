//! The same network written in ARM, Bicep, Terraform with `azurerm` and Terraform with `azapi` is the same model, with the
//! same findings and the same questions left open: the pages in `tests/parity`.
//!
//! A page has a section for each form. Under ARM, `findings` has what is reported of every form, and `model` the resources,
//! each with its fields, and the links between them. A block under another form is where it truly differs, and the page says
//! why: lines that only this form has (`+`) or lacks (`-`), a field with its resource. `UPDATE_PAGES=1` writes the blocks.

use std::collections::BTreeSet;
use std::path::PathBuf;
use vaultmoat_core::report::{
    Confidence, ElementModel, Known, LinkModel, ModelReport, Proof, ResourceRef, VaultModel,
};
use vaultmoat_core::{Options, Profile};
use vaultmoat_tests::page::{Example, Page, severity_word};

const FORMS: [&str; 4] = ["ARM", "Bicep", "azurerm", "azapi"];

/// What is said of an example, in words that all languages share.
#[derive(PartialEq, Eq)]
struct Said {
    findings: Vec<String>,
    model: Vec<Row>,
}

/// A resource and its fields, or a link, which has none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    title: String,
    fields: Vec<String>,
}

impl Row {
    fn written(&self) -> impl Iterator<Item = String> {
        let fields = self.fields.iter().map(|field| format!("  {field}"));
        std::iter::once(self.title.clone()).chain(fields)
    }

    /// Lines that mean the same in any order.
    fn alone(&self) -> impl Iterator<Item = String> {
        let fields = self.fields.iter().map(|field| format!("{}, {field}", self.title));
        std::iter::once(self.title.clone()).chain(fields)
    }
}

fn said(example: &Example) -> Said {
    let project = example.project(Options { profile: Profile::Strict, ..Options::default() });
    let (report, model) = (project.check(), project.model());
    let mut findings = vec![];
    for found in &report.diagnostics {
        let confidence = match found.confidence {
            Confidence::Certain => "certain",
            Confidence::Likely => "likely",
        };
        let severity = severity_word(found.severity);
        findings.push(format!("{severity} {confidence} {}: {}", found.rule, called(found.resource.as_ref())));
    }
    for open in &report.undecided {
        findings.push(format!("undecided {}: {}", open.rule, called(open.resource.as_ref())));
    }
    findings.sort();
    let mut rows: Vec<Row> = model.vaults.iter().map(vault).collect();
    rows.extend(others(&model).map(element));
    rows.sort();
    let are_distinct = rows.windows(2).all(|two| two[0].title != two[1].title);
    assert!(
        are_distinct,
        "two resources have one title, so a field of one would be taken for one of the other"
    );
    // Copies may have the same address: their links become one set.
    let links: BTreeSet<String> = model.links.iter().map(|link| of_link(link, &model)).collect();
    rows.extend(links.into_iter().map(|title| Row { title, fields: vec![] }));
    Said { findings, model: rows }
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

fn vault(vault: &VaultModel) -> Row {
    let acls = &vault.network_acls;
    let list = |all: &[Known]| Known::List(all.to_vec());
    let given = [
        ("publicNetworkAccess", vault.public_network_access.clone()),
        ("has networkAcls", acls.present.clone()),
        ("networkAcls.defaultAction", acls.default_action.clone()),
        ("networkAcls.bypass", acls.bypass.clone()),
        ("networkAcls.ipRules", list(&acls.ip_rules)),
        ("networkAcls.virtualNetworkRules", list(&acls.virtual_network_rules)),
        ("enableRbacAuthorization", vault.rbac.clone()),
        ("enabledForDeployment", vault.enabled_for_deployment.clone()),
        ("enabledForDiskEncryption", vault.enabled_for_disk_encryption.clone()),
        ("enabledForTemplateDeployment", vault.enabled_for_template_deployment.clone()),
    ];
    let mut all = vec![];
    given.iter().for_each(|(name, known)| fields(name, known, &mut all));
    row(vault.declared, &vault.kind, &vault.name, all, (&vault.condition, &vault.assumed))
}

fn element(of: &ElementModel) -> Row {
    let mut all = vec![];
    of.properties.iter().for_each(|(name, known)| fields(name, known, &mut all));
    row(of.declared, &of.kind, &of.name, all, (&of.condition, &of.assumed))
}

fn row(
    is_declared: bool,
    kind: &str,
    name: &Known,
    mut fields: Vec<String>,
    (condition, assumed): (&Known, &[String]),
) -> Row {
    if *condition != Known::Bool(true) {
        fields.push(format!("deployed if: {}", value(condition)));
    }
    if !assumed.is_empty() {
        let assumed: Vec<String> = assumed.iter().map(|name| neutral(name)).collect();
        fields.push(format!("by the default of: {}", assumed.join(", ")));
    }
    let existing = if is_declared { "" } else { "existing " };
    Row { title: format!("{existing}{} {}", last(kind), value(name)), fields }
}

/// A line for each value, with its path. What is not there has no line.
fn fields(path: &str, known: &Known, all: &mut Vec<String>) {
    match known {
        Known::Null => {}
        Known::Default { value, .. } => fields(path, value, all),
        Known::Object(members) => {
            members.iter().for_each(|(name, known)| fields(&format!("{path}.{name}"), known, all));
        }
        Known::List(items) if items.iter().any(|item| matches!(item, Known::Object(_))) => {
            let mut items: Vec<&Known> = items.iter().collect();
            items.sort_by_cached_key(|item| value(item));
            for (index, item) in items.iter().enumerate() {
                fields(&format!("{path}[{index}]"), item, all);
            }
        }
        Known::List(items) if items.is_empty() => {}
        _ => all.push(format!("{path}: {}", value(known))),
    }
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
    let text = std::fs::read_to_string(path).expect("a page");
    let page = Page::read(&text);
    let sections: Vec<&str> = page.examples.iter().map(|example| example.section.as_str()).collect();
    if sections != FORMS {
        return vec![format!("has an example in {sections:?}, not in {FORMS:?}")];
    }
    let mut faults = page.faults.clone();
    let all: Vec<Said> = page.examples.iter().map(said).collect();
    let common = all.first().expect("four forms");
    let blocks = |section: &str| {
        let at = sections.iter().position(|other| *other == section)?;
        let said = all.get(at)?;
        Some(if at == 0 {
            let model = said.model.iter().flat_map(Row::written).collect();
            vec![("findings", said.findings.clone()), ("model", model)]
        } else {
            let rows = |said: &Said| said.model.iter().flat_map(Row::alone).collect::<Vec<_>>();
            let model = difference(&rows(common), &rows(said));
            vec![("findings", difference(&common.findings, &said.findings)), ("model", model)]
        })
    };
    if std::env::var_os("UPDATE_PAGES").is_some() {
        let text = page.rewrite(&text, |example| blocks(&example.section));
        std::fs::write(path, text).expect("the page can be written");
        return faults;
    }
    for example in &page.examples {
        for (name, lines) in blocks(&example.section).unwrap_or_default() {
            let written = if name == "model" { &example.model } else { &example.findings };
            let written = written.clone().unwrap_or_default();
            if written != lines {
                let differs = difference(&written, &lines).join("\n");
                faults.push(format!("{}, block `{name}`\n{differs}", example.section));
            }
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
