//! What sets one language apart from the others: how its files are recognised, read, put together, and written.

use super::deployment::Notation;
use super::documents::{Document, Documents, Parse};
use super::{Change, File, Lowered, Problem, Resource, arm, azure_json, bicep, terraform};
use crate::azure::Cloud;
use crate::eval::Value;
use crate::syntax::json::{self, Node};
use crate::text::{Edit, Place, Span};

/// What a text is, by its ending or its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSON with the schema of a deployment template, or that looks like one.
    Arm,
    /// An ARM parameter file.
    ArmParameters,
    /// `*.bicep`.
    Bicep,
    /// A Bicep parameter file.
    BicepParameters,
    /// A file of a Terraform module.
    Terraform,
    /// A file with values of Terraform's variables.
    TerraformVariables,
    /// What `terraform show -json` prints of a plan or a state.
    TerraformPlan,
    /// JSON as Azure itself prints it: `az … show|list`, Resource Graph, what-if.
    AzureJson,
}

/// The languages in the order in which they are asked what a text is.
pub(super) const FRONTENDS: [&dyn Frontend; 4] =
    [&arm::Frontend, &bicep::Frontend, &terraform::Frontend, &azure_json::Frontend];

impl Language {
    /// Every kind of text.
    pub const ALL: [Language; 8] = [
        Language::Arm,
        Language::ArmParameters,
        Language::Bicep,
        Language::BicepParameters,
        Language::Terraform,
        Language::TerraformVariables,
        Language::TerraformPlan,
        Language::AzureJson,
    ];

    /// Its name in reports, and what reads it.
    const fn parts(self) -> (&'static str, &'static dyn Frontend) {
        let [arm, bicep, terraform, azure_json] = FRONTENDS;
        match self {
            Language::Arm => ("arm", arm),
            Language::ArmParameters => ("arm-parameters", arm),
            Language::Bicep => ("bicep", bicep),
            Language::BicepParameters => ("bicep-parameters", bicep),
            Language::Terraform => ("terraform", terraform),
            Language::TerraformVariables => ("terraform-variables", terraform),
            Language::TerraformPlan => ("terraform-plan", terraform),
            Language::AzureJson => ("azure-json", azure_json),
        }
    }

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        self.parts().0
    }

    /// The language that reads it.
    pub fn frontend(self) -> &'static dyn Frontend {
        self.parts().1
    }
}

/// A language. What most languages have in common is the default of a method; so are the answers of a language that is
/// written in JSON.
pub trait Frontend: Sync {
    /// What a file is by its path, in lower case, and how its text is read. For a syntax other than JSON.
    fn by_name(&self, _path: &str) -> Option<(Language, Parse)> {
        None
    }

    /// What a document in JSON is.
    fn by_content(&self, _root: &Node) -> Option<Language> {
        None
    }

    /// Words of which each document in JSON that is recognised has at least one, in lower case: others are not parsed.
    fn words(&self) -> &'static [&'static str] {
        &[]
    }

    /// How many documents are read that follow one another in a file; `None` where a file is one.
    fn max_rows(&self) -> Option<usize> {
        None
    }

    /// The documents inside of one in JSON.
    fn documents<'t>(&self, file: File<'t>) -> Vec<File<'t>> {
        vec![file]
    }

    /// Paths of the files that a document in JSON links to.
    fn links(&self, _file: &File) -> Vec<String> {
        Vec::new()
    }

    /// Paths of the files that a file names as part of it.
    fn references(&self, document: &Document) -> Vec<String> {
        document.json_links().to_vec()
    }

    /// Whether a path is of a file that its author got from elsewhere and cannot change, such as a downloaded module.
    fn is_foreign(&self, _path: &str) -> bool {
        false
    }

    /// What is wrong with a text before anything is evaluated.
    fn problems(&self, document: &Document) -> Vec<Problem> {
        document.json_problems()
    }

    /// The comments of a text, each with the words behind its marker.
    fn comments<'d>(&self, document: &'d Document) -> Vec<(Span, &'d str)> {
        json::comments(document.text)
    }

    /// What is checked as one among the files.
    fn units<'d>(&self, documents: &'d Documents, inputs: &'d Inputs) -> Vec<Unit<'d>>;

    /// How the language writes deployments, if it does.
    fn notation(&self) -> Option<&'static dyn Notation> {
        None
    }

    /// Writes changes as edits.
    fn editor<'d>(&self, _documents: &'d Documents) -> Editor<'d> {
        Box::new(|_, _| None)
    }

    /// A message about a resource in the terms of the language.
    fn in_own_words(&self, text: &str, _resource: &Resource) -> String {
        text.to_owned()
    }

    /// Finds where something that a copy shows is written, when the files are copies such as plans.
    fn origins<'d>(&self, _documents: &'d Documents) -> Option<Box<dyn Fn(Place) -> Option<Place> + 'd>> {
        None
    }
}

/// Writes changes of one file as edits; the place is that of the first. `None` when one of them cannot be made in the text,
/// or when the text is a copy, so that changing it changes nothing.
pub(super) type Editor<'d> = Box<dyn Fn(Place, &[&Change]) -> Option<Vec<Edit>> + 'd>;

/// The editors of a report. They keep what they read: a report may have thousands of fixes in one file.
pub struct Editors<'d>(Vec<(Language, Editor<'d>)>);

impl<'d> Editors<'d> {
    /// An editor for each language.
    pub fn new(documents: &'d Documents) -> Self {
        let editor = |language: Language| (language, language.frontend().editor(documents));
        Self(Language::ALL.into_iter().map(editor).collect())
    }

    /// Changes of a file in a language, as edits.
    pub fn edits(&self, language: Language, place: Place, changes: &[&Change]) -> Option<Vec<Edit>> {
        let (_, edit) = self.0.iter().find(|(of, _)| *of == language)?;
        edit(place, changes)
    }
}

/// What a user sets for the evaluation.
pub struct Inputs<'o> {
    /// Which Azure; `None` when the files decide.
    pub cloud: Option<Cloud>,
    /// Paths of parameter files; each gives one run.
    pub files: &'o [String],
    /// Values of single parameters; they win over files.
    pub values: Vec<(String, Value)>,
    /// Whether a what-if is read as it is before the deployment.
    pub before: bool,
    /// The cloud that the resources are in.
    pub cloud_of: &'o dyn Fn(&Lowered) -> Cloud,
}

/// What is checked as one.
pub struct Unit<'d> {
    /// Differs from that of every other unit, and from that of the same one with other files.
    pub key: String,
    /// The path of its template, when other templates may deploy it as a part of them.
    pub template: Option<&'d str>,
    /// Evaluates the unit anew with each call; `input::units` keeps the result.
    pub read: Box<dyn Fn() -> Reading + 'd>,
}

/// A unit, evaluated.
#[derive(Default)]
pub struct Reading {
    /// Once per parameter file that was named.
    pub lowered: Vec<Lowered>,
    /// Paths of what was read, or looked for and not found; those of directories end with a slash.
    pub from: Vec<String>,
}

/// Whether a path is of a file that its author cannot change.
pub fn is_foreign(path: &str) -> bool {
    FRONTENDS.iter().any(|frontend| frontend.is_foreign(path))
}

/// What is checked as one among the files.
pub fn units<'d>(documents: &'d Documents, inputs: &'d Inputs) -> Vec<Unit<'d>> {
    FRONTENDS.iter().flat_map(|frontend| frontend.units(documents, inputs)).collect()
}

/// Finds where something that a copy shows is written.
pub fn origins<'d>(documents: &'d Documents) -> impl Fn(Place) -> Option<Place> + 'd {
    let all: Vec<_> = FRONTENDS.iter().filter_map(|frontend| frontend.origins(documents)).collect();
    move |place| all.iter().find_map(|origin| origin(place))
}

pub(super) fn notations() -> impl Iterator<Item = &'static dyn Notation> {
    FRONTENDS.iter().filter_map(|frontend| frontend.notation())
}
