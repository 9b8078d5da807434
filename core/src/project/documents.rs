//! The files of a project as documents: what language each is, and its tree.

use super::Language;
use crate::lang::{File, arm, azure_json, bicep, terraform};
use crate::sorted::Map;
use crate::syntax::hcl;
use crate::syntax::json::{self, Node};
use crate::text::FileId;
use std::cell::RefCell;
use std::rc::Rc;

/// The files of a project, parsed.
#[derive(Debug)]
pub(super) struct Documents<'t> {
    /// Every file, in path order; a [`FileId`] is an index into it.
    pub(super) files: Vec<Document<'t>>,
    /// The JSON documents in them; only those of Azure's own JSON may be several in one file.
    pub(super) json: Vec<File<'t>>,
    /// The Bicep files, parameter files too.
    pub(super) bicep: Vec<bicep::File<'t>>,
    /// The files of Terraform, those with values of variables too.
    pub(super) terraform: Vec<terraform::File<'t>>,
}

/// Files that were read, by their path: a check after a change reads the changed ones alone.
#[derive(Debug, Default)]
pub(super) struct Read {
    bicep: RefCell<Map<String, Rc<bicep::Source>>>,
    terraform: RefCell<Map<String, Rc<hcl::File>>>,
}

impl Read {
    /// A file has changed.
    pub(super) fn forget(&mut self, path: &str) {
        self.bicep.get_mut().remove(path);
        self.terraform.get_mut().remove(path);
    }
}

/// What is known of a file, or what is read of it now.
fn once<T>(known: &RefCell<Map<String, Rc<T>>>, path: &str, read: impl FnOnce() -> T) -> Rc<T> {
    let mut known = known.borrow_mut();
    known.get(path).map(Rc::clone).unwrap_or_else(|| {
        let read = Rc::new(read());
        known.insert(path.to_owned(), Rc::clone(&read));
        read
    })
}

/// One file.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
    pub(super) language: Option<Language>,
}

impl<'t> Documents<'t> {
    pub(super) fn read(texts: &'t Map<String, String>, known: &Read) -> Self {
        let mut files = Vec::with_capacity(texts.len());
        let mut trees = Vec::new();
        let mut sources = Vec::new();
        let mut modules = Vec::new();
        for (index, (path, text)) in texts.iter().enumerate() {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            let named = by_name(path);
            if named.is_some() {
                files.push(Document { path, text, language: named });
            }
            match named {
                Some(Language::Terraform | Language::TerraformVariables) => {
                    let source = once(&known.terraform, path, || terraform::read(path, text));
                    modules.push(terraform::File { id, path: path.replace('\\', "/"), text, source });
                    continue;
                }
                Some(_) => {
                    let source = once(&known.bicep, path, || bicep::Source::read(text));
                    sources.push(bicep::File { id, path, source });
                    continue;
                }
                None => {}
            }
            let (language, parsed) = read(text);
            files.push(Document { path, text, language });
            trees.extend(parsed.into_iter().map(|parsed| File { id, path, parsed }));
        }
        Self { files, json: trees, bicep: sources, terraform: modules }
    }

    /// The files with their ids.
    pub(super) fn all(&self) -> impl Iterator<Item = (FileId, &Document<'t>)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, document)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), document))
    }

    pub(super) fn get(&self, id: FileId) -> Option<&Document<'t>> {
        self.files.get(id.0 as usize)
    }

    pub(super) fn tree(&self, id: FileId) -> Option<&File<'t>> {
        let at = self.json.binary_search_by_key(&id, |file| file.id).ok()?;
        self.json.get(at)
    }

    pub(super) fn bicep(&self, id: FileId) -> Option<&bicep::File<'t>> {
        let at = self.bicep.binary_search_by_key(&id, |file| file.id).ok()?;
        self.bicep.get(at)
    }

    pub(super) fn terraform(&self, id: FileId) -> Option<&terraform::File<'t>> {
        let at = self.terraform.binary_search_by_key(&id, |file| file.id).ok()?;
        self.terraform.get(at)
    }

    pub(super) fn language(&self, id: FileId) -> Option<Language> {
        self.get(id).and_then(|document| document.language)
    }
}

/// The language of a file that its name tells.
fn by_name(path: &str) -> Option<Language> {
    let path = path.to_ascii_lowercase();
    let (_, extension) =
        path.strip_suffix(".json").filter(|path| has_json_twin(path)).unwrap_or(&path).rsplit_once('.')?;
    match extension {
        "tf" => Some(Language::Terraform),
        "tfvars" => Some(Language::TerraformVariables),
        "bicep" => Some(Language::Bicep),
        "bicepparam" => Some(Language::BicepParameters),
        _ => None,
    }
}

/// Whether what this names may be written in JSON too, and is then called so.
fn has_json_twin(path: &str) -> bool {
    path.ends_with(".tf") || path.ends_with(".tfvars")
}

/// What a text is, by the ending of its name or by its content; `None` for JSON that is none of ours. Never fails:
/// broken text that starts like a template is one.
pub fn identify(path: &str, text: &str) -> Option<Language> {
    if let Some(language) = by_name(path) {
        return Some(language);
    }
    // Most JSON is none of ours, and says none of these words.
    const WORDS: &[&str] = &[
        "microsoft.",
        "deploymenttemplate",
        "deploymentparameters",
        "contentversion",
        "defaultaction",
        "privatednszone",
        "provisioningstate",
        "arecords",
        "vaulturi",
        "hsmuri",
        "numberofrecordsets",
        "/subscriptions/",
        "total_records",
        "resulttruncated",
        "terraform_version",
    ];
    let lower = text.to_ascii_lowercase();
    if !WORDS.iter().any(|word| lower.contains(word)) {
        return None;
    }
    read(text).0
}

/// The language of a text with its documents: one, or several that follow one another as Azure's tools print rows. No
/// documents when it is none of ours.
fn read(text: &str) -> (Option<Language>, Vec<json::Parsed<'_>>) {
    let parsed = json::parse(text);
    match language(&parsed) {
        Some(Language::AzureJson) | None if !parsed.problems.is_empty() => {
            let documents = json::documents(text);
            let rows = |parsed: &json::Parsed| language(parsed) == Some(Language::AzureJson);
            let several = documents.iter().filter(|document| document.root.is_some()).count() > 1;
            if several && documents.iter().take(SAMPLE).any(rows) {
                return (Some(Language::AzureJson), documents);
            }
        }
        _ => {}
    }
    match language(&parsed) {
        Some(language) => (Some(language), vec![parsed]),
        None => (None, Vec::new()),
    }
}

/// How many documents of a file are looked at to tell what it is.
const SAMPLE: usize = 16;

fn language(parsed: &json::Parsed) -> Option<Language> {
    match parsed.root.as_ref()? {
        Node::Object(root) if arm::is_template(root) => Some(Language::Arm),
        Node::Object(root) if arm::is_parameters(root) => Some(Language::ArmParameters),
        Node::Object(root) if terraform::is_plan(root) => Some(Language::TerraformPlan),
        root if azure_json::is_azure_json(root) => Some(Language::AzureJson),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Project};

    const ROW: &str = r#"{"id":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/NAME","name":"NAME","type":"Microsoft.KeyVault/vaults","properties":{"tenantId":"t","vaultUri":"u","publicNetworkAccess":"Enabled"}}"#;

    fn row(name: &str) -> String {
        ROW.replace("NAME", name)
    }

    #[test]
    fn texts_are_told_apart_by_their_content() {
        let template = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0", "resources": [] }"#;
        assert_eq!(identify("a.json", template), Some(Language::Arm));
        assert_eq!(identify("a.json", &row("a")), Some(Language::AzureJson));
        assert_eq!(
            identify("a.json", &format!("\u{feff}{}\r\n{}\r\n", row("a"), row("b"))),
            Some(Language::AzureJson)
        );
        assert_eq!(identify("package.json", r#"{ "name": "x", "main": "microsoft.js" }"#), None);
        assert_eq!(identify("a.json", r#"{"contentVersion": 1}{"contentVersion": 2}"#), None);
    }

    #[test]
    fn rows_that_follow_one_another_are_read_one_by_one() {
        let mut project = Project::new(Options::default());
        project.set("rows.ndjson", &format!("{}\n{}\n{}\n", row("kv-a"), row("kv-b"), r#"{"note": "mine"}"#));
        let report = project.check();
        assert_eq!(report.files[0].resources, 2);
        let found: Vec<_> = report
            .diagnostics
            .iter()
            .filter(|found| found.rule == "public-vault")
            .map(|found| {
                (
                    found.rule.as_str(),
                    found.range.start.line,
                    found.resource.as_ref().map(|of| of.address.as_str()),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("public-vault", 0, Some("Microsoft.KeyVault/vaults/kv-a")),
                ("public-vault", 1, Some("Microsoft.KeyVault/vaults/kv-b")),
            ]
        );
    }

    #[test]
    fn a_broken_row_does_not_hide_the_others() {
        let mut project = Project::new(Options::default());
        let broken = row("b").replace("\"name\":", "\"name\" ");
        project.set("rows.ndjson", &format!("{}\n{broken}\n{}\n", row("a"), row("c")));
        assert_eq!(project.model().vaults.len(), 3);
        let syntax: Vec<_> =
            project.check().diagnostics.into_iter().filter(|found| found.rule == "syntax").collect();
        assert_eq!(syntax.iter().map(|found| found.range.start.line).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn all_of_azures_output_is_one_environment() {
        let endpoint = r#"{"id":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe","name":"pe","type":"Microsoft.Network/privateEndpoints","privateLinkServiceConnections":[{"groupIds":["vault"],"privateLinkServiceId":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/a"}],"manualPrivateLinkServiceConnections":[]}"#;
        let mut project = Project::new(Options::default());
        project.set("vault.json", &row("a"));
        project.set("endpoint.json", endpoint);
        let links = project.model().links;
        assert_eq!(links.len(), 1);
        assert_eq!(
            (links[0].kind.as_str(), links[0].to.as_str()),
            ("connects", "Microsoft.KeyVault/vaults/a")
        );
    }
}
