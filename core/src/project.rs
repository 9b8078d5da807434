//! Files and options, and every question that a host may ask about them.

use crate::check::{self, Results};
use crate::input::{self, Documents, Environment, Known, Parsed};
use crate::options::Options;
use crate::query::{access, controls, diff, graph, model, monitor};
use crate::report::{
    AccessReport, ControlsReport, Decision, DiffReport, FileEdits, GraphReport, ModelReport, MonitorReport,
    Plan, Report, Resolution,
};
use crate::sorted::Map;
use std::rc::Rc;

/// Files and options; checking is a pure function of the two.
#[derive(Debug, Default)]
pub struct Project {
    options: Options,
    files: Map<String, String>,
    parsed: Parsed,
    known: Known,
    results: Results,
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

    /// Paths of the files that the texts name as part of them, and that are not here: modules, linked templates, imports
    /// and the parameter files that one adds to. A check asks for what expressions name, too, but costs more.
    pub fn references(&self) -> Vec<String> {
        input::references(&Documents::read(&self.files, &self.parsed))
    }

    /// Runs every rule of the profile.
    pub fn check(&self) -> Report {
        let (documents, environments) = self.read();
        check::report(&documents, &environments, &self.options, &self.results)
    }

    /// The edits of fixes that can be made at once: safe fixes, and unsafe ones when asked for, of these rules or,
    /// when none is named, of every rule. A fix that meets another one waits: set the new texts and ask again until
    /// nothing is left.
    pub fn fix(&self, rules: &[String], unsafe_fixes: bool) -> Vec<FileEdits> {
        self.apply(&self.check(), rules, unsafe_fixes)
    }

    /// The same for a report of these files that the host already has.
    pub fn apply(&self, report: &Report, rules: &[String], unsafe_fixes: bool) -> Vec<FileEdits> {
        check::edits(report, &self.files, rules, unsafe_fixes)
    }

    /// The network model that was found.
    pub fn model(&self) -> ModelReport {
        let (documents, environments) = self.read();
        model::report(&documents, &environments)
    }

    /// What becomes of a request to a vault: `from` is written as in [`crate::sim::caller::FORMS`]. The vault need not be
    /// named where there is one.
    ///
    /// # Errors
    ///
    /// One line that says which of the two is not found, or is not one.
    pub fn explain(&self, vault: Option<&str>, from: &str) -> Result<Decision, String> {
        let (documents, environments) = self.read();
        access::decision(&documents, &environments, &access::Question { vault, from })
    }

    /// What becomes of a request of every caller in the files, of the internet and of trusted services, to every vault or
    /// to one.
    ///
    /// # Errors
    ///
    /// One line that says that there is no such vault.
    pub fn access(&self, vault: Option<&str>) -> Result<AccessReport, String> {
        let (documents, environments) = self.read();
        access::table(&documents, &environments, vault)
    }

    /// What a vault's name resolves to, as somebody sees it; arguments and errors as for [`Project::explain`].
    ///
    /// # Errors
    ///
    /// As for [`Project::explain`].
    pub fn resolve(&self, vault: Option<&str>, from: &str) -> Result<Resolution, String> {
        let (documents, environments) = self.read();
        access::resolution(&documents, &environments, &access::Question { vault, from })
    }

    /// The way of a vault from public to private access, and how far the files are on it.
    ///
    /// # Errors
    ///
    /// One line that says that there is no such vault.
    pub fn plan(&self, vault: Option<&str>) -> Result<Plan, String> {
        let (documents, environments) = self.read();
        access::plan(&documents, &environments, vault)
    }

    /// What changes for whom from these files to others. Vaults and callers are the same where their names are.
    pub fn diff(&self, after: &Project) -> DiffReport {
        diff::report(&self.read().1, &after.read().1)
    }

    /// The network around the vaults, with the findings where they are.
    pub fn graph(&self) -> GraphReport {
        let (documents, environments) = self.read();
        graph::report(&documents, &environments, &self.options, &self.results)
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
        let environments = input::all(&documents, &self.options, &self.known);
        (documents, environments)
    }
}
