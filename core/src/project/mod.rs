//! The files a host handed over, and how they are checked.

mod controls;
mod describe;
mod diagnose;
mod diff;
mod documents;
mod environment;
mod estate;
mod explain;
mod fix;
mod graph;
mod ignore;
mod monitor;
mod policies;
mod skipped;
mod suppress;
mod yields;

pub use documents::identify;
pub use estate::{Estate, Part};
pub use ignore::{Ignore, unknown_rule};
pub use skipped::names_vault;

use crate::azure::Cloud;
use crate::model::Surroundings;
use crate::report::{
    AccessReport, ControlsReport, Decision, DiffReport, FileEdits, GraphReport, ModelReport, MonitorReport,
    Plan, Report, Resolution,
};
use crate::rules::{Level, Profile, Rule, RuleSetting};
use crate::sorted::Map;
use documents::Documents;
use environment::Environment;
use std::rc::Rc;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// An ARM template.
    Arm,
    /// An ARM parameter file.
    ArmParameters,
    /// A Bicep file.
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

impl Language {
    /// Every language.
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

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Language::Arm => "arm",
            Language::ArmParameters => "arm-parameters",
            Language::Bicep => "bicep",
            Language::BicepParameters => "bicep-parameters",
            Language::Terraform => "terraform",
            Language::TerraformVariables => "terraform-variables",
            Language::TerraformPlan => "terraform-plan",
            Language::AzureJson => "azure-json",
        }
    }
}

/// How a project is checked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which Azure. Default: what the files say, by the provider's `environment` or their regions, and public where they
    /// say nothing.
    pub cloud: Option<Cloud>,
    /// Which rules. Default: recommended.
    pub profile: Profile,
    /// What is not in the files does not exist.
    pub complete: bool,
    /// All files are one environment.
    pub together: bool,
    /// What a what-if shows is read as it is before the deployment, not after it.
    pub before: bool,
    /// Paths (as given to [`Project::set`]) of parameter files; each gives one run.
    pub parameters: Vec<String>,
    /// Values for parameters by name, as JSON text or plain text; they win over every file.
    pub parameter: Vec<(String, String)>,
    /// What is wanted of rules, by slug.
    pub rules: Map<String, RuleSetting>,
    /// What is around the files, as far as somebody says.
    pub environment: Surroundings,
    /// Findings that are meant.
    pub ignore: Vec<Ignore>,
    /// What stands before every path where a pattern for paths is looked at: `infra/` for the files of that folder.
    pub folder: String,
}

impl Options {
    fn setting(&self, rule: &Rule) -> RuleSetting {
        self.rules.get(rule.slug).copied().unwrap_or_default()
    }

    /// Whether a rule runs: as its level says, or else as the profile does.
    fn runs(&self, rule: &Rule) -> bool {
        match self.setting(rule).level {
            Some(level) => level != Level::Off,
            None => rule.profile <= self.profile,
        }
    }
}

/// Files and options; checking is a pure function of the two.
#[derive(Debug, Default)]
pub struct Project {
    options: Options,
    files: Map<String, String>,
    parsed: documents::Parsed,
    known: environment::Known,
}

impl Project {
    /// An empty project.
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// Adds or replaces a file. `path` is what reports call it; relative references resolve against it.
    pub fn set(&mut self, path: &str, text: &str) {
        self.parsed.forget(path);
        // A file is known by its number, and a new one moves the others'.
        match self.files.get(path).is_some() {
            true => self.known.forget(path),
            false => self.known.clear(),
        }
        self.files.insert(path.to_owned(), text.to_owned());
    }

    /// Forgets a file; unknown paths are ignored.
    pub fn remove(&mut self, path: &str) {
        self.parsed.forget(path);
        if self.files.remove(path) {
            self.known.clear();
        }
    }

    /// Runs every rule of the profile.
    pub fn check(&self) -> Report {
        let (documents, environments) = self.read();
        diagnose::report(&documents, &environments, &self.options)
    }

    /// The edits that mend what can be mended at once: safe fixes, and unsafe ones when asked for, of these rules or,
    /// when none is named, of every rule. A fix that meets another one waits: set the new texts and ask again until
    /// nothing is left.
    pub fn fix(&self, rules: &[String], unsafe_fixes: bool) -> Vec<FileEdits> {
        self.apply(&self.check(), rules, unsafe_fixes)
    }

    /// The same for a report of these files that the host already has.
    pub fn apply(&self, report: &Report, rules: &[String], unsafe_fixes: bool) -> Vec<FileEdits> {
        fix::edits(report, &self.files, rules, unsafe_fixes)
    }

    /// The network model that was found.
    pub fn model(&self) -> ModelReport {
        let (documents, environments) = self.read();
        describe::report(&documents, &environments)
    }

    /// What becomes of a request to a vault: `from` is written as in [`crate::sim::caller::FORMS`]. The vault need not be
    /// named where there is one.
    ///
    /// # Errors
    ///
    /// One line that says which of the two is not found, or is not one.
    pub fn explain(&self, vault: Option<&str>, from: &str) -> Result<Decision, String> {
        let (documents, environments) = self.read();
        explain::decision(&documents, &environments, &explain::Question { vault, from })
    }

    /// What becomes of a request of every caller in the files, of the internet and of trusted services, to every vault or
    /// to one.
    ///
    /// # Errors
    ///
    /// One line that says that there is no such vault.
    pub fn access(&self, vault: Option<&str>) -> Result<AccessReport, String> {
        let (documents, environments) = self.read();
        explain::table(&documents, &environments, vault)
    }

    /// What a vault's name resolves to, as somebody sees it; arguments and errors as for [`Project::explain`].
    ///
    /// # Errors
    ///
    /// As for [`Project::explain`].
    pub fn resolve(&self, vault: Option<&str>, from: &str) -> Result<Resolution, String> {
        let (documents, environments) = self.read();
        explain::resolution(&documents, &environments, &explain::Question { vault, from })
    }

    /// The way of a vault from public to private access, and how far the files are on it.
    ///
    /// # Errors
    ///
    /// One line that says that there is no such vault.
    pub fn plan(&self, vault: Option<&str>) -> Result<Plan, String> {
        let (documents, environments) = self.read();
        explain::plan(&documents, &environments, vault)
    }

    /// What changes for whom from these files to others. Vaults and callers are the same where their names are.
    pub fn diff(&self, after: &Project) -> DiffReport {
        diff::report(self, after)
    }

    /// The network around the vaults, with the findings where they are.
    pub fn graph(&self) -> GraphReport {
        let (documents, environments) = self.read();
        graph::report(&documents, &environments, &self.options)
    }

    /// How to watch the vaults, and which policies keep them as they are.
    pub fn monitor(&self) -> MonitorReport {
        let (documents, environments) = self.read();
        monitor::report(&documents, &environments)
    }

    /// Which built-in policies each vault satisfies, on what, and what that is evidence for.
    pub fn controls(&self) -> ControlsReport {
        let (documents, environments) = self.read();
        controls::report(&documents, &environments)
    }

    /// The files as documents, and what is checked as one among them.
    fn read(&self) -> (Documents<'_>, Vec<Rc<Environment>>) {
        let documents = Documents::read(&self.files, &self.parsed);
        let environments = environment::all(&documents, &self.options, &self.known);
        (documents, environments)
    }
}
