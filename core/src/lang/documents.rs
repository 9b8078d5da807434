//! The files of a project: which language each is in, and what was read of it.

use super::frontend::{FRONTENDS, Language};
use super::{File, Problem, ProblemKind, bicep, terraform};
use crate::syntax::hcl;
use crate::syntax::json::{self, Ranged};
use crate::text::{FileId, Place, Span};
use std::cell::OnceCell;
use std::rc::Rc;

/// The files of a project.
#[derive(Debug, Default)]
pub struct Documents<'t> {
    /// In path order; a [`FileId`] is an index into it.
    files: Vec<Document<'t>>,
    /// Whether a host on Windows passed paths with backslashes.
    has_backslashes: bool,
}

/// A file that the host passed, parsed once.
#[derive(Debug)]
pub struct Document<'t> {
    /// Its index in the project.
    pub id: FileId,
    /// Its path as the host passed it.
    pub path: &'t str,
    /// The whole text, which places count from, with any byte order mark.
    pub text: &'t str,
    /// `None` for a file that no language reads.
    pub language: Option<Language>,
    source: Option<Source<'t>>,
}

/// A file by its syntax.
#[derive(Debug)]
enum Source<'t> {
    Json(Json<'t>),
    Bicep(bicep::File<'t>),
    Hcl(terraform::File<'t>),
}

/// What a project keeps of a text until it changes. It borrows nothing.
#[derive(Clone, Debug)]
pub struct Kept {
    language: Option<Language>,
    tree: Tree,
}

/// What was read of a text, by its syntax.
#[derive(Clone, Debug)]
pub enum Tree {
    /// Bicep, resolved.
    Bicep(Rc<bicep::Source>),
    /// HCL, or Terraform's form of it in JSON.
    Hcl(Rc<hcl::File>),
    /// JSON. Its tree borrows the text, and is read again when something needs it.
    Json(Rc<JsonText>),
}

/// What is kept of a text in JSON.
#[derive(Debug, Default)]
pub struct JsonText {
    problems: Vec<Problem>,
    parts: Vec<Part>,
    links: Vec<String>,
}

/// A template of a file that holds several.
#[derive(Debug)]
struct Part {
    /// The path by which the main template links to it, or the path of the file with a number.
    path: String,
    /// Its index among the documents of the file.
    at: usize,
    /// Whether no template of the file links to it.
    is_entry: bool,
}

/// A file in JSON.
#[derive(Debug)]
struct Json<'t> {
    id: FileId,
    path: &'t str,
    text: &'t str,
    kept: Rc<JsonText>,
    documents: OnceCell<Vec<File<'t>>>,
}

impl<'t> Json<'t> {
    /// One document, but for templates in one file and rows that follow one another.
    fn documents(&self) -> &[File<'t>] {
        self.documents.get_or_init(|| read_json(self.id, self.path, self.text).documents)
    }
}

impl<'t> Document<'t> {
    /// Reads a file; what is known of its text is not read again.
    pub fn read(id: FileId, path: &'t str, text: &'t str, known: Option<Kept>) -> (Self, Kept) {
        let documents = OnceCell::new();
        let kept = known.unwrap_or_else(|| match by_name(path) {
            Some((language, tree)) => Kept { language: Some(language), tree: tree(path, text) },
            None => {
                let read = read_json(id, path, text);
                let tree = Tree::Json(Rc::new(JsonText::new(&read)));
                let language = read.language;
                documents.get_or_init(|| read.documents);
                Kept { language, tree }
            }
        });
        let source = kept.language.map(|_| match kept.tree.clone() {
            Tree::Bicep(source) => Source::Bicep(bicep::File { id, path, source }),
            Tree::Hcl(source) => {
                Source::Hcl(terraform::File { id, path: path.replace('\\', "/"), text, source })
            }
            Tree::Json(kept) => Source::Json(Json { id, path, text, kept, documents }),
        });
        (Self { id, path, text, language: kept.language, source }, kept)
    }

    /// A file of Azure's own JSON whose rows were parsed one by one.
    pub fn of_rows(id: FileId, path: &'t str, text: &'t str, rows: Vec<json::Parsed<'t>>) -> Self {
        let language = Some(Language::AzureJson);
        let documents = rows.into_iter().map(|row| File::new(id, path, row)).collect();
        let read = ReadJson { language, documents, is_sequence: true };
        let kept = Rc::new(JsonText::new(&read));
        let json = Json { id, path, text, kept, documents: OnceCell::from(read.documents) };
        Self { id, path, text, language, source: Some(Source::Json(json)) }
    }

    /// The file as Bicep.
    pub fn bicep(&self) -> Option<&bicep::File<'t>> {
        match &self.source {
            Some(Source::Bicep(file)) => Some(file),
            _ => None,
        }
    }

    /// The file as HCL.
    pub fn terraform(&self) -> Option<&terraform::File<'t>> {
        match &self.source {
            Some(Source::Hcl(file)) => Some(file),
            _ => None,
        }
    }

    /// The documents of a file in JSON.
    pub fn json(&self) -> &[File<'t>] {
        self.as_json().map(Json::documents).unwrap_or_default()
    }

    fn as_json(&self) -> Option<&Json<'t>> {
        match &self.source {
            Some(Source::Json(json)) => Some(json),
            _ => None,
        }
    }

    /// The document of a file in JSON that a place is in.
    pub fn json_around(&self, place: Place) -> Option<&File<'t>> {
        let all = self.json();
        let has = |file: &&File| {
            file.parsed.root.as_ref().is_some_and(|root| file.parsed.span(root.range()).contains(place.span))
        };
        all.iter().find(has).or(all.first())
    }

    /// Paths of the files that a text in JSON links to.
    pub fn json_links(&self) -> &[String] {
        self.as_json().map(|json| json.kept.links.as_slice()).unwrap_or_default()
    }

    /// What is wrong with a text in JSON before anything is evaluated.
    pub fn json_problems(&self) -> Vec<Problem> {
        let kept = self.as_json().map(|json| json.kept.problems.as_slice()).unwrap_or_default();
        // A file gets another number when files before it come and go.
        let of = |problem: &Problem| {
            let place = Place { file: self.id, ..problem.place };
            Problem { place, ..problem.clone() }
        };
        kept.iter().map(of).collect()
    }

    fn part(&self, path: &str) -> Option<&File<'t>> {
        let part = self.as_json()?.kept.parts.iter().find(|part| part.path == path)?;
        self.json().get(part.at)
    }
}

impl<'t> Documents<'t> {
    /// Documents in path order.
    pub fn new(files: Vec<Document<'t>>) -> Self {
        let has_backslashes = files.iter().any(|file| file.path.contains('\\'));
        Self { files, has_backslashes }
    }

    /// Every file, in path order.
    pub fn all(&self) -> &[Document<'t>] {
        &self.files
    }

    /// A file by its index.
    pub fn get(&self, id: FileId) -> Option<&Document<'t>> {
        self.files.get(id.0 as usize)
    }

    /// A file by its path, with any slashes.
    pub fn find(&self, path: &str) -> Option<&Document<'t>> {
        match self.files.binary_search_by(|document| document.path.cmp(path)) {
            Ok(at) => self.files.get(at),
            Err(_) if self.has_backslashes => {
                self.files.iter().find(|document| is_same_path(document.path, path))
            }
            Err(_) => None,
        }
    }

    /// The text of a file by its path.
    pub fn text(&self, path: &str) -> Option<(FileId, &'t str)> {
        self.find(path).map(|document| (document.id, document.text))
    }

    /// The files in a language.
    pub fn of(&self, language: Language) -> impl Iterator<Item = &Document<'t>> {
        self.files.iter().filter(move |document| document.language == Some(language))
    }

    /// The files in a language that are written in HCL.
    pub fn terraform(&self, language: Language) -> impl Iterator<Item = &terraform::File<'_>> {
        self.of(language).filter_map(|document| document.terraform())
    }

    /// A file in JSON by its path, or a template in one by the path that it has there.
    pub fn json_at(&self, path: &str) -> Option<&File<'t>> {
        match self.find(path) {
            Some(document) => document.json().first(),
            None => self.files.iter().find_map(|document| document.part(path)),
        }
    }

    /// Paths of the templates that follow another one in a file, and that no template there links to.
    pub fn further_templates(&self) -> impl Iterator<Item = &str> {
        let parts = self.files.iter().filter_map(Document::as_json).flat_map(|json| &json.kept.parts);
        parts.filter(|part| part.is_entry).map(|part| part.path.as_str())
    }

    /// The language of a file.
    pub fn language(&self, id: FileId) -> Option<Language> {
        self.get(id).and_then(|document| document.language)
    }

    /// Whether a file is in a language.
    pub fn is(&self, id: FileId, language: Language) -> bool {
        self.language(id) == Some(language)
    }
}

/// Whether a path as a host passed it is this one, whichever slashes it has.
pub fn is_same_path(given: &str, path: &str) -> bool {
    given == path || (given.contains('\\') && given.replace('\\', "/") == path)
}

/// How a language reads a text of its own syntax.
pub(super) type Parse = fn(&str, &str) -> Tree;

/// The language of a file by the ending of its name, and how it is read.
fn by_name(path: &str) -> Option<(Language, Parse)> {
    let path = path.to_ascii_lowercase();
    FRONTENDS.iter().find_map(|frontend| frontend.by_name(&path))
}

/// The language of a text, by the ending of its name or by its content; `None` for JSON that no language reads. Never
/// fails: broken text that starts like a template is one.
pub fn identify(path: &str, text: &str) -> Option<Language> {
    if let Some((language, _)) = by_name(path) {
        return Some(language);
    }
    // Most JSON has none of these words, and need not be parsed.
    let lower = text.to_ascii_lowercase();
    let mut words = FRONTENDS.iter().flat_map(|frontend| frontend.words());
    if !words.any(|word| lower.contains(word)) {
        return None;
    }
    read_json(FileId(0), path, text).language
}

/// A text in JSON.
struct ReadJson<'t> {
    language: Option<Language>,
    /// One, or several that follow one another as Azure's tools print rows; none when no language reads it.
    documents: Vec<File<'t>>,
    /// Whether they follow one another, instead of being parts of one document.
    is_sequence: bool,
}

/// How many documents of a file are looked at to determine its language.
const SAMPLE: usize = 16;

fn read_json<'t>(id: FileId, path: &'t str, text: &'t str) -> ReadJson<'t> {
    let parsed = json::parse(text);
    let language = by_content(&parsed);
    if let Some(rows) = read_rows(id, path, text, &parsed, language) {
        return rows;
    }
    let documents = language.map(|language| language.frontend().documents(File::new(id, path, parsed)));
    ReadJson { language, documents: documents.unwrap_or_default(), is_sequence: false }
}

/// The rows of a text that is not one document, where a language reads those.
fn read_rows<'t>(
    id: FileId,
    path: &'t str,
    text: &'t str,
    first: &json::Parsed,
    language: Option<Language>,
) -> Option<ReadJson<'t>> {
    let max_rows = |language: Language| language.frontend().max_rows();
    let max = language.map_or_else(|| FRONTENDS.iter().find_map(|of| of.max_rows()), max_rows)?;
    if first.problems.is_empty() || json::is_one(text) {
        return None;
    }
    // One more than is read shows that there are more.
    let documents = json::documents(text, max + 1);
    let mut sample = documents.iter().take(SAMPLE).filter_map(by_content);
    let language = sample.find(|language| max_rows(*language).is_some())?;
    let is_sequence = documents.iter().filter(|document| document.root.is_some()).count() > 1;
    let documents = documents.into_iter().map(|parsed| File::new(id, path, parsed)).collect();
    is_sequence.then_some(ReadJson { language: Some(language), documents, is_sequence })
}

fn by_content(parsed: &json::Parsed) -> Option<Language> {
    let root = parsed.root.as_ref()?;
    FRONTENDS.iter().find_map(|frontend| frontend.by_content(root))
}

impl JsonText {
    fn new(read: &ReadJson) -> Self {
        let Some(language) = read.language else { return Self::default() };
        let mut problems = Vec::new();
        for (at, file) in read.documents.iter().enumerate() {
            // What is wrong with the text around several templates is reported once.
            if at == 0 || read.is_sequence {
                problems.extend(syntax_problems(file));
            }
            problems.extend(duplicate_keys(file));
        }
        let of = |(at, file): (usize, &File)| {
            let path = file.path.clone().into_owned();
            Part { is_entry: path.ends_with(&format!("#{}", at + 1)), path, at }
        };
        let beside = read.documents.iter().enumerate().skip(1).filter(|_| !read.is_sequence);
        let links = read.documents.iter().flat_map(|file| language.frontend().links(file));
        Self { problems, parts: beside.map(of).collect(), links: links.collect() }
    }
}

fn syntax_problems(file: &File) -> impl Iterator<Item = Problem> {
    let at = |span: Span| Place { file: file.id, span };
    let problems = file.parsed.problems.iter();
    problems.map(move |problem| Problem::new(at(problem.span), ProblemKind::Syntax, problem.message.clone()))
}

fn duplicate_keys(file: &File) -> Vec<Problem> {
    let Some(root) = &file.parsed.root else { return Vec::new() };
    let of = |duplicate: json::Duplicate| {
        let span = duplicate.second.shifted(file.parsed.shift);
        let message = format!("`{}` is given twice in one object, and the last one wins", duplicate.key);
        Problem::new(Place { file: file.id, span }, ProblemKind::DuplicateKey, message)
    };
    json::duplicate_keys(root, true).into_iter().map(of).collect()
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
