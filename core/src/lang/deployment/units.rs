//! The deployments of a project: a template with what it links to, once for each parameter file.

use super::{Anchor, Given, Inputs, Template, Templates, lower};
use crate::eval::Budget;
use crate::lang::Lowered;
use crate::lang::documents::Documents;
use crate::lang::frontend::{self, Reading, Unit, notations};
use crate::text::FileId;
use std::cell::RefCell;
use std::rc::Rc;

/// How a language writes deployments. Their files may name those of another language.
pub trait Notation {
    /// The template in a file; in one that its author does not have everything has the place `at`.
    fn template<'d>(
        &self,
        documents: &'d Documents,
        path: &str,
        at: Option<Anchor>,
    ) -> Option<Rc<dyn Template<'d> + 'd>>;

    /// Paths of the parameter files that apply to a template because of where they are: the first that exists.
    fn beside(&self, template: &str) -> Vec<String>;

    /// What a parameter file gives a template, after what the files give that it extends. Empty when there is no such
    /// file, or it is for another template.
    fn given(&self, path: &str, run: &mut Run) -> Vec<Rc<Given>>;
}

/// The evaluation of the parameter files of one template.
pub struct Run<'r, 'd, 't> {
    /// Where templates and parameter files are read from; it records which.
    pub files: &'r Files<'d, 't>,
    /// The path of the template.
    pub template: &'r str,
    /// What the user sets.
    pub inputs: &'r frontend::Inputs<'r>,
    /// Pays for all parameter files.
    pub budget: Budget,
    /// Problems of the parameter files, and what they lack.
    pub found: Lowered,
}

/// The files of a project; it records which are asked for.
pub struct Files<'d, 't> {
    /// Those of the project, of every language.
    pub documents: &'d Documents<'t>,
    asked: RefCell<Vec<String>>,
}

impl<'d> Templates<'d> for Files<'d, '_> {
    fn template(&self, path: &str, at: Option<Anchor>) -> Option<Rc<dyn Template<'d> + 'd>> {
        self.ask(path);
        let template = notations().find_map(|notation| notation.template(self.documents, path, at))?;
        // A template inside of a file changes with it.
        self.documents.get(template.place().file).inspect(|document| self.ask(document.path));
        Some(template)
    }

    fn text(&self, path: &str) -> Option<(FileId, &'d str)> {
        self.ask(path);
        self.documents.text(path)
    }
}

impl Files<'_, '_> {
    /// Records that a file is asked for.
    pub fn ask(&self, path: &str) {
        self.asked.borrow_mut().push(path.to_owned());
    }
}

/// Whether a path names a module in a registry or a template spec, not a file.
pub fn is_in_registry(path: &str) -> bool {
    // A file may well be in a folder of that name.
    let scheme = path.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    let alias = scheme.strip_prefix("br/").or_else(|| scheme.strip_prefix("ts/"));
    matches!(scheme, "br" | "ts") || alias.is_some_and(|alias| !alias.contains('/'))
}

/// A template as what is checked as one.
pub fn unit<'d>(documents: &'d Documents, inputs: &'d frontend::Inputs, template: &'d str) -> Unit<'d> {
    Unit {
        key: format!("template {template}"),
        template: Some(template),
        read: Box::new(move || {
            let files = Files { documents, asked: RefCell::default() };
            let lowered = read(&files, inputs, template);
            Reading { lowered, from: files.asked.take() }
        }),
    }
}

fn read(files: &Files, inputs: &frontend::Inputs, path: &str) -> Vec<Lowered> {
    let mut lowered = Vec::new();
    let Some(template) = files.template(path, None) else { return lowered };
    let (budget, found) = Default::default();
    let mut run = Run { files, template: path, inputs, budget, found };
    for mut inputs in run.all(&*template) {
        let mut read = lower(files, Rc::clone(&template), &inputs);
        let cloud = (run.inputs.cloud_of)(&read);
        // `environment()` gives the names of the cloud that the regions are in.
        if cloud != inputs.cloud {
            inputs.cloud = cloud;
            read = lower(files, Rc::clone(&template), &inputs);
        }
        lowered.push(read);
    }
    if !run.found.problems.is_empty() || !run.found.missing.is_empty() {
        lowered.push(run.found);
    }
    lowered
}

impl Run<'_, '_, '_> {
    /// The inputs of a template: once per parameter file that was named, each over those beside the template.
    fn all(&mut self, template: &dyn Template) -> Vec<Inputs> {
        let mut beside = Vec::new();
        for notation in notations() {
            let paths = notation.beside(self.template);
            let first = paths.iter().map(|path| self.given(path)).find(|given| !given.is_empty());
            beside.extend(first.unwrap_or_default());
        }
        let passed = template.passed().map(Rc::new);
        let inputs = |named: Vec<Rc<Given>>| Inputs {
            cloud: self.inputs.cloud.unwrap_or_default(),
            given: passed.iter().chain(&beside).cloned().chain(named).collect(),
            parameters: self.inputs.values.clone(),
        };
        let named = self.inputs.files.iter().map(|path| self.given(path));
        let named: Vec<_> = named.filter(|all| !all.is_empty()).collect();
        if named.is_empty() { vec![inputs(Vec::new())] } else { named.into_iter().map(inputs).collect() }
    }

    fn given(&mut self, path: &str) -> Vec<Rc<Given>> {
        self.files.ask(path);
        let given = notations().map(|notation| notation.given(path, self));
        given.into_iter().find(|given| !given.is_empty()).unwrap_or_default()
    }
}
