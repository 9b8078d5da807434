//! Files and options, with a method for each question that a host can ask about them.

use crate::check::{self, Results};
use crate::input::{self, Environment, KnownUnits, Parsed};
use crate::lang::Documents;
use crate::options::Options;
use crate::query::{access, controls, diff, graph, model, monitor};
use crate::report::{
    AccessReport, ControlsReport, Decision, DiffReport, FileEdits, GraphReport, ModelReport, MonitorReport,
    Plan, Report, Resolution,
};
use crate::sorted::Map;
use std::rc::Rc;

/// Every question about a project. The methods of [`Project`], the binding, and the TypeScript of the library, the worker
/// and the command line come from these rows: `then` is the macro that takes them.
///
/// In a row: the arguments, the report, the function that answers (without one, the method is written below), and the
/// command that prints the report, with its line in the list of commands if it has the question's name. The sentence above
/// is in the documentation of the library.
#[macro_export]
macro_rules! questions {
    ($then:ident) => {
        $then! {
            /// Runs the rules.
            check() -> Report, check "report what is wrong (the default command, on the current folder by default)";

            /// The fixes that can be applied at once, as edits per file. The project does not change: set the new texts and call this
            /// again until there are none, since of overlapping fixes only one is returned.
            fix(options) -> Vec<FileEdits>;

            /// The network model of the files.
            model() -> ModelReport = model::report, model "print the network model of the files";

            /// The outcome of a caller's request, gate by gate, and changes that would allow it. Fails for an unknown vault or caller.
            explain(vault, from) -> Decision = access::decision,
                explain "show who can reach a vault and by which path, and who cannot and why";

            /// The outcomes for all callers in the files, the internet and trusted services.
            access(vault) -> AccessReport = access::table, explain;

            /// A plan for a vault from public to private access, with the steps that are done.
            plan(vault) -> Plan = access::plan,
                plan "plan the change of a vault from public to private access, with the callers that would lose access at each step";

            /// Whose access changes from this project to another one.
            diff(after) -> DiffReport, diff "show whose access changes between two templates, exports or parameter files";

            /// What a vault's name resolves to for a caller.
            resolve(vault, from) -> Resolution = access::resolution,
                resolve "show what a vault's name resolves to, and where resolution leaves the private path";

            /// The network around the vaults, with findings; `vaultmoat/graph` draws it.
            graph() -> GraphReport, graph "draw the network around the vaults";

            /// Queries that watch the vaults, and policies that keep them as they are.
            monitor() -> MonitorReport = monitor::report,
                monitor "print queries that watch the vaults, and policies that keep them as they are";

            /// The built-in policies that each vault satisfies and why, and the requirements that this is evidence for.
            controls() -> ControlsReport = controls::report;
        }
    };
}

/// The methods of the rows that name the function that answers.
macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident $arguments:tt -> $report:ty
        $(= $answer:path)? $(, $command:ident $($line:literal)?)?;)*) => {
        impl Project {
            $(method! { $(#[$doc])* $name $arguments -> $report $(= $answer)? })*
        }
    };
}

macro_rules! method {
    ($(#[$doc:meta])* $name:ident() -> $report:ty = $answer:path) => {
        $(#[$doc])*
        pub fn $name(&self) -> $report {
            let (documents, environments) = self.read();
            $answer(&documents, &environments)
        }
    };
    ($(#[$doc:meta])* $name:ident(vault) -> $report:ty = $answer:path) => {
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// One line if the vault does not exist.
        pub fn $name(&self, vault: Option<&str>) -> Result<$report, String> {
            let (documents, environments) = self.read();
            $answer(&documents, &environments, vault)
        }
    };
    ($(#[$doc:meta])* $name:ident(vault, from) -> $report:ty = $answer:path) => {
        $(#[$doc])*
        ///
        /// `from` has one of the [forms](crate::sim::caller::FORMS). `vault` may be `None` if the files contain only one.
        ///
        /// # Errors
        ///
        /// One line that says which of the two was not found, or is invalid.
        pub fn $name(&self, vault: Option<&str>, from: &str) -> Result<$report, String> {
            let (documents, environments) = self.read();
            $answer(&documents, &environments, &access::Question { vault, from })
        }
    };
    ($(#[$doc:meta])* $name:ident $arguments:tt -> $report:ty) => {};
}

questions!(methods);

/// Files and options. Every answer is a pure function of the two.
#[derive(Debug, Default)]
pub struct Project {
    options: Options,
    files: Map<String, String>,
    parsed: Parsed,
    known: KnownUnits,
    results: Results,
}

impl Project {
    /// An empty project.
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// Adds or replaces a file. Reports use `path` as its name, and relative references are resolved against it.
    pub fn set(&mut self, path: &str, text: &str) {
        self.parsed.forget(path);
        // What is kept refers to files by index, and a new file shifts the indices of others.
        match self.files.get(path).is_some() {
            true => self.known.forget(path),
            false => self.known.clear(),
        }
        self.files.insert(path.to_owned(), text.to_owned());
    }

    /// Removes a file; an unknown path is ignored.
    pub fn remove(&mut self, path: &str) {
        self.parsed.forget(path);
        if self.files.remove(path) {
            self.known.clear();
        }
    }

    /// Paths of files that the texts refer to and that were not passed: modules, linked templates, imports and
    /// parameter files that another one extends. A check also reports paths that result from expressions, but costs
    /// more.
    pub fn references(&self) -> Vec<String> {
        input::references(&self.parsed.documents(&self.files))
    }

    /// Runs every rule of the profile.
    pub fn check(&self) -> Report {
        let (documents, environments) = self.read();
        check::report(&documents, &environments, &self.options, &self.results)
    }

    /// The edits of fixes that can be applied together: of safe fixes, and with `unsafe_fixes` of unsafe ones, limited
    /// to `rules` unless that is empty. Of two fixes whose edits overlap, only one is included: set the new texts and
    /// call this again until it returns nothing.
    pub fn fix(&self, rules: &[String], unsafe_fixes: bool) -> Vec<FileEdits> {
        self.apply(&self.check(), rules, unsafe_fixes)
    }

    /// Like [`Project::fix`], for a report of these files that the host already has.
    pub fn apply(&self, report: &Report, rules: &[String], unsafe_fixes: bool) -> Vec<FileEdits> {
        check::edits(report, &self.files, rules, unsafe_fixes)
    }

    /// Which callers gain or lose access between these files and `after`. Vaults and callers are matched by name.
    pub fn diff(&self, after: &Project) -> DiffReport {
        let (before, after) = (self.read(), after.read());
        diff::report((&before.0, &before.1), (&after.0, &after.1))
    }

    /// The network around the vaults as nodes and edges, with the findings attached to them.
    pub fn graph(&self) -> GraphReport {
        let (documents, environments) = self.read();
        graph::report(&documents, &environments, &self.options, &self.results)
    }

    /// The files as documents, and the environments that they form.
    fn read(&self) -> (Documents<'_>, Vec<Rc<Environment>>) {
        let documents = self.parsed.documents(&self.files);
        let environments = input::all(&documents, &self.options, &self.known);
        (documents, environments)
    }
}
