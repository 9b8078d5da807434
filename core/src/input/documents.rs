//! The files of a project as documents: what language each is, and its tree.

use super::Language;
use crate::lang::arm::Wrapped;
use crate::lang::{File, Problem, ProblemKind, arm, azure_json, bicep, relative, terraform};
use crate::sorted::Map;
use crate::syntax::hcl;
use crate::syntax::json::{self, Node, Ranged};
use crate::text::{FileId, Place, Span};
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// The files of a project, parsed.
#[derive(Debug, Default)]
pub(crate) struct Documents<'t> {
    /// Every file, in path order; a [`FileId`] is an index into it.
    pub(crate) files: Vec<Document<'t>>,
    /// Whether a host on Windows gave paths as they are there.
    pub(crate) has_backslashes: bool,
    /// The files in JSON that are ours.
    pub(crate) json: Vec<Json<'t>>,
    /// Templates beside the first one in a file.
    pub(crate) parts: Vec<(FileId, Part)>,
    /// The Bicep files, parameter files too.
    pub(crate) bicep: Vec<bicep::File<'t>>,
    /// The files of Terraform, those with values of variables too.
    pub(crate) terraform: Vec<terraform::File<'t>>,
}

/// A file in JSON.
#[derive(Debug)]
pub(crate) struct Json<'t> {
    pub(crate) id: FileId,
    pub(crate) path: &'t str,
    language: Language,
    text: &'t str,
    problems: Rc<[Problem]>,
    /// Paths of the templates that those in it name.
    pub(crate) links: Rc<[String]>,
    documents: OnceCell<Vec<File<'t>>>,
}

impl<'t> Json<'t> {
    /// Azure's own JSON, as its documents were read.
    pub(crate) fn of_documents(
        id: FileId,
        path: &'t str,
        text: &'t str,
        parsed: Vec<json::Parsed<'t>>,
    ) -> Self {
        let documents: Vec<File> = parsed.into_iter().map(|parsed| File::new(id, path, parsed)).collect();
        let problems = documents.iter().flat_map(|file| text_problems(file, true)).collect();
        let (language, links) = (Language::AzureJson, Rc::default());
        Self { id, path, language, text, problems, links, documents: OnceCell::from(documents) }
    }

    /// What is wrong with the text before anything is evaluated.
    pub(crate) fn problems(&self) -> impl Iterator<Item = Problem> {
        let of = |problem: &Problem| Problem { place: self.place(problem.place.span), ..problem.clone() };
        self.problems.iter().map(of)
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.id, span }
    }

    /// The documents in it: one, but for Azure's own JSON. The text is read when somebody asks.
    fn documents(&self) -> &[File<'t>] {
        self.documents.get_or_init(|| read(self.id, self.path, self.text).1)
    }
}

/// A template of a file that holds several.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What it is called: as the main template links to it, or by its number.
    path: String,
    /// Which document of the file it is.
    at: usize,
    /// Whether nothing in the file links to it.
    is_entry: bool,
}

/// What is known of files that did not change, by their path.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    bicep: RefCell<Map<String, Rc<bicep::Source>>>,
    terraform: RefCell<Map<String, Rc<hcl::File>>>,
    json: RefCell<Map<String, JsonText>>,
}

/// What is known of a text in JSON; its tree is not kept.
#[derive(Clone, Debug)]
struct JsonText {
    language: Option<Language>,
    problems: Rc<[Problem]>,
    parts: Rc<[Part]>,
    links: Rc<[String]>,
}

impl Parsed {
    /// A file has changed.
    pub(crate) fn forget(&mut self, path: &str) {
        self.bicep.get_mut().remove(path);
        self.terraform.get_mut().remove(path);
        self.json.get_mut().remove(path);
    }
}

/// What is known of a file, or what is read of it now.
fn once<T: Clone>(known: &RefCell<Map<String, T>>, path: &str, read: impl FnOnce() -> T) -> T {
    let mut known = known.borrow_mut();
    known.get(path).cloned().unwrap_or_else(|| {
        let read = read();
        known.insert(path.to_owned(), read.clone());
        read
    })
}

/// One file.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    pub(crate) path: &'t str,
    pub(crate) text: &'t str,
    pub(crate) language: Option<Language>,
}

impl<'t> Documents<'t> {
    pub(crate) fn read(texts: &'t Map<String, String>, known: &Parsed) -> Self {
        let has_backslashes = texts.iter().any(|(path, _)| path.contains('\\'));
        let mut all = Self { files: Vec::with_capacity(texts.len()), has_backslashes, ..Self::default() };
        for (index, (path, text)) in texts.iter().enumerate() {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            let language = match by_name(path) {
                Some(language @ (Language::Terraform | Language::TerraformVariables)) => {
                    let source = once(&known.terraform, path, || Rc::new(terraform::read(path, text)));
                    all.terraform.push(terraform::File { id, path: path.replace('\\', "/"), text, source });
                    Some(language)
                }
                Some(language) => {
                    let source = once(&known.bicep, path, || Rc::new(bicep::Source::read(text)));
                    all.bicep.push(bicep::File { id, path, source });
                    Some(language)
                }
                None => all.read_json(id, path, text, known),
            };
            all.files.push(Document { path, text, language });
        }
        all
    }

    fn read_json(&mut self, id: FileId, path: &'t str, text: &'t str, known: &Parsed) -> Option<Language> {
        let documents = OnceCell::new();
        let JsonText { language, problems, parts, links } = once(&known.json, path, || {
            let (language, read) = read(id, path, text);
            let read = documents.get_or_init(|| read);
            // A fault in the text around several templates is reported once.
            let told = |at: usize| at == 0 || language != Some(Language::Arm);
            let problems = read.iter().enumerate().flat_map(|(at, file)| text_problems(file, told(at)));
            let problems = problems.collect();
            JsonText { language, problems, parts: parts(language, read), links: links(language, read) }
        });
        let language = language?;
        self.parts.extend(parts.iter().map(|part| (id, part.clone())));
        self.json.push(Json { id, path, language, text, problems, links, documents });
        Some(language)
    }

    /// The files with their ids.
    pub(crate) fn all(&self) -> impl Iterator<Item = (FileId, &Document<'t>)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, document)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), document))
    }

    pub(crate) fn get(&self, id: FileId) -> Option<&Document<'t>> {
        self.files.get(id.0 as usize)
    }

    /// A file by its path, with any slashes.
    fn find(&self, path: &str) -> Option<FileId> {
        let found = match self.files.binary_search_by(|document| document.path.cmp(path)) {
            Ok(at) => Some(at),
            Err(_) if self.has_backslashes => {
                self.files.iter().position(|document| is_same_path(document.path, path))
            }
            Err(_) => None,
        };
        found.and_then(|at| u32::try_from(at).ok()).map(FileId)
    }

    /// The text of a file by its path.
    pub(crate) fn text(&self, path: &str) -> Option<(FileId, &'t str)> {
        let id = self.find(path)?;
        self.get(id).map(|document| (id, document.text))
    }

    /// A Bicep file by its path.
    pub(crate) fn bicep_at(&self, path: &str) -> Option<&bicep::File<'t>> {
        self.bicep(self.find(path)?)
    }

    /// The paths of the files in a language.
    pub(crate) fn paths(&self, language: Language) -> impl Iterator<Item = &str> {
        let of = self.files.iter().filter(move |document| document.language == Some(language));
        of.map(|document| document.path)
    }

    /// The documents in JSON of a language.
    pub(crate) fn json(&self, language: Language) -> impl Iterator<Item = &File<'t>> {
        self.json.iter().filter(move |file| file.language == language).flat_map(Json::documents)
    }

    /// A file in JSON by its path, or a template in one by what it is called.
    pub(crate) fn json_at(&self, path: &str) -> Option<&File<'t>> {
        match self.find(path) {
            Some(id) => self.tree(id),
            None => {
                let (id, part) = self.parts.iter().find(|(_, part)| part.path == path)?;
                self.all_in(*id)?.get(part.at)
            }
        }
    }

    /// What the templates are called that stand in files behind another one, and that nothing there links to.
    pub(crate) fn further_templates(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|(_, part)| part.is_entry).map(|(_, part)| part.path.as_str())
    }

    pub(crate) fn tree(&self, id: FileId) -> Option<&File<'t>> {
        self.all_in(id)?.first()
    }

    /// The document of a file in JSON that a place is in.
    pub(crate) fn tree_at(&self, place: Place) -> Option<&File<'t>> {
        let all = self.all_in(place.file)?;
        let has = |file: &&File| {
            file.parsed.root.as_ref().is_some_and(|root| file.parsed.span(root.range()).contains(place.span))
        };
        all.iter().find(has).or(all.first())
    }

    fn all_in(&self, id: FileId) -> Option<&[File<'t>]> {
        let at = self.json.binary_search_by_key(&id, |file| file.id).ok()?;
        Some(self.json.get(at)?.documents())
    }

    pub(crate) fn bicep(&self, id: FileId) -> Option<&bicep::File<'t>> {
        let at = self.bicep.binary_search_by_key(&id, |file| file.id).ok()?;
        self.bicep.get(at)
    }

    pub(crate) fn terraform(&self, id: FileId) -> Option<&terraform::File<'t>> {
        let at = self.terraform.binary_search_by_key(&id, |file| file.id).ok()?;
        self.terraform.get(at)
    }

    pub(crate) fn language(&self, id: FileId) -> Option<Language> {
        self.get(id).and_then(|document| document.language)
    }

    pub(crate) fn is(&self, id: FileId, language: Language) -> bool {
        self.language(id) == Some(language)
    }
}

/// Whether a path as a host gave it is this one, whichever slashes it has.
pub(crate) fn is_same_path(given: &str, path: &str) -> bool {
    given == path || (given.contains('\\') && given.replace('\\', "/") == path)
}

/// The language of a file that its name tells.
fn by_name(path: &str) -> Option<Language> {
    let path = path.to_ascii_lowercase();
    let (_, extension) =
        path.strip_suffix(".json").filter(|path| has_json_twin(path)).unwrap_or(&path).rsplit_once('.')?;
    match extension {
        "tf" | "tofu" => Some(Language::Terraform),
        "tfvars" => Some(Language::TerraformVariables),
        "bicep" => Some(Language::Bicep),
        "bicepparam" => Some(Language::BicepParameters),
        _ => None,
    }
}

/// Whether what this names may be written in JSON too, and is then called so.
fn has_json_twin(path: &str) -> bool {
    [".tf", ".tofu", ".tfvars"].iter().any(|ending| path.ends_with(ending))
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
    read(FileId(0), path, text).0
}

/// The language of a text with its documents: one, or several that follow one another as Azure's tools print rows. No
/// documents when it is none of ours.
fn read<'t>(id: FileId, path: &'t str, text: &'t str) -> (Option<Language>, Vec<File<'t>>) {
    let parsed = json::parse(text);
    match language(&parsed) {
        Some(Language::AzureJson) | None if !parsed.problems.is_empty() && !json::is_one(text) => {
            // One more than is read tells that there are more.
            let documents = json::documents(text, azure_json::MAX_ROWS + 1);
            let rows = |parsed: &json::Parsed| language(parsed) == Some(Language::AzureJson);
            let several = documents.iter().filter(|document| document.root.is_some()).count() > 1;
            if several && documents.iter().take(SAMPLE).any(rows) {
                let documents = documents.into_iter().map(|parsed| File::new(id, path, parsed));
                return (Some(Language::AzureJson), documents.collect());
            }
        }
        _ => {}
    }
    match language(&parsed) {
        Some(Language::Arm) => (Some(Language::Arm), unwrapped(File::new(id, path, parsed))),
        Some(language) => (Some(language), vec![File::new(id, path, parsed)]),
        None => (None, Vec::new()),
    }
}

/// A template, or the templates that something is wrapped around.
fn unwrapped(mut file: File<'_>) -> Vec<File<'_>> {
    if !file.parsed.root.as_ref().is_some_and(arm::holds_templates) {
        return vec![file];
    }
    let (id, path) = (file.id, file.path.clone());
    let json::Parsed { text, shift, .. } = file.parsed;
    let lost = file.parsed.lost.clone();
    let wrapped = file.parsed.root.take().map(arm::templates).unwrap_or_default();
    let problems = file.parsed.problems;
    let each = wrapped.into_iter().enumerate().map(|(at, Wrapped { template, passed, linked })| File {
        id,
        path: match linked {
            Some(linked) => Cow::Owned(relative(&path, &linked)),
            None if at == 0 => path.clone(),
            None => Cow::Owned(format!("{path}#{}", at + 1)),
        },
        parsed: json::Parsed {
            root: Some(template),
            problems: problems.clone(),
            lost: lost.clone(),
            text,
            shift,
        },
        passed,
    });
    each.collect()
}

/// The templates in a file beside the first one.
fn parts(language: Option<Language>, read: &[File]) -> Rc<[Part]> {
    let of = |(at, file): (usize, &File)| {
        let path = file.path.clone().into_owned();
        Part { is_entry: path.ends_with(&format!("#{}", at + 1)), path, at }
    };
    let all = read.iter().enumerate().skip(1).filter(|_| language == Some(Language::Arm));
    all.map(of).collect()
}

/// Paths of the templates that those in a file name.
fn links(language: Option<Language>, read: &[File]) -> Rc<[String]> {
    let templates = read.iter().filter(|_| language == Some(Language::Arm));
    let of = |file: &File| {
        let Some(Node::Object(root)) = &file.parsed.root else { return Vec::new() };
        arm::links(root).iter().map(|link| relative(&file.path, link)).collect()
    };
    templates.flat_map(of).collect()
}

/// What is wrong with a text before anything is evaluated: its syntax too, where nobody else tells that.
fn text_problems(file: &File, tells_syntax: bool) -> Vec<Problem> {
    let at = |span: Span| Place { file: file.id, span };
    let mut found: Vec<Problem> = file
        .parsed
        .problems
        .iter()
        .filter(|_| tells_syntax)
        .map(|problem| Problem::new(at(problem.span), ProblemKind::Syntax, problem.message.clone()))
        .collect();
    if let Some(root) = &file.parsed.root {
        found.extend(json::duplicate_keys(root, true).into_iter().map(|duplicate| {
            Problem::new(
                at(duplicate.second.shifted(file.parsed.shift)),
                ProblemKind::DuplicateKey,
                format!("`{}` is given twice in one object, and the last one wins", duplicate.key),
            )
        }));
    }
    found
}

/// How many documents of a file are looked at to tell what it is.
const SAMPLE: usize = 16;

fn language(parsed: &json::Parsed) -> Option<Language> {
    match parsed.root.as_ref()? {
        Node::Object(root) if arm::is_template(root) => Some(Language::Arm),
        root if arm::holds_templates(root) => Some(Language::Arm),
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
