//! What is checked as one: a template with what it links to, per parameter file; all of Azure's own JSON; or, joined,
//! everything.

use super::{Documents, Language, Options, suppress};
use crate::eval::Value;
use crate::lang::arm::JsonTemplate;
use crate::lang::deployment::{self, Inputs, Template, Templates};
use crate::lang::{File, Lowered, Problem, arm, azure_json};
use crate::model::Model;
use crate::sorted::Set;
use crate::text::{FileId, Place};
use std::rc::Rc;

#[cfg(test)]
mod tests;

/// One environment, with its model.
#[derive(Debug)]
pub(super) struct Environment {
    pub(super) model: Model,
    pub(super) problems: Vec<Problem>,
    pub(super) missing: Vec<String>,
    /// Resources found, by file.
    pub(super) found: Vec<FileId>,
    /// What resources say about findings in them, by the place of the resource.
    pub(super) suppressions: Vec<(Place, Value)>,
}

pub(super) fn all(documents: &Documents, options: &Options) -> Vec<Environment> {
    let of =
        |language| documents.json.iter().filter(move |file| documents.language(file.id) == Some(language));
    let mut lowered: Vec<(&str, Lowered)> = Vec::new();
    let handed = Handed(documents);
    for file in of(Language::Arm) {
        let Some(template) = handed.template(file.path) else { continue };
        for inputs in runs(documents, options, file) {
            lowered.push((file.path, deployment::lower(&handed, Rc::clone(&template), &inputs)));
        }
    }
    // A template that another one links to is checked as its part.
    let used: Vec<String> = lowered.iter().flat_map(|(_, lowered)| lowered.used.iter().cloned()).collect();
    let used = Set::from(used);
    if used.len() < lowered.len() {
        lowered.retain(|(path, _)| !used.contains(*path));
    }
    let mut lowered: Vec<Lowered> = lowered.into_iter().map(|(_, lowered)| lowered).collect();
    if of(Language::AzureJson).next().is_some() {
        lowered.push(azure_json::lower(of(Language::AzureJson)));
    }
    if options.together {
        let mut whole = Lowered::default();
        for part in lowered {
            whole.resources.extend(part.resources);
            whole.problems.extend(part.problems);
            whole.missing.extend(part.missing);
            whole.lists.extend(part.lists);
            whole.damaged |= part.damaged;
        }
        return vec![environment(whole, options.complete)];
    }
    lowered.into_iter().map(|lowered| environment(lowered, options.complete)).collect()
}

/// The files of a project, for the templates among them that name others.
struct Handed<'d>(&'d Documents<'d>);

impl<'d> Templates<'d> for Handed<'d> {
    fn template(&self, path: &str) -> Option<Rc<dyn Template<'d> + 'd>> {
        let file = self.0.json.iter().find(|file| is_same_path(file.path, path))?;
        JsonTemplate::of(file).map(|template| Rc::new(template) as Rc<dyn Template<'d> + 'd>)
    }

    fn text(&self, path: &str) -> Option<(FileId, &'d str)> {
        let found = self.0.all().find(|(_, document)| is_same_path(document.path, path));
        found.map(|(id, document)| (id, document.text))
    }
}

/// Whether a path as a host gave it is this one, whichever slashes it has.
fn is_same_path(given: &str, path: &str) -> bool {
    given == path || (given.contains('\\') && given.replace('\\', "/") == path)
}

fn environment(lowered: Lowered, complete: bool) -> Environment {
    let found = lowered
        .resources
        .iter()
        .filter(|resource| !resource.existing)
        .map(|resource| resource.place.file)
        .collect();
    let suppressions = lowered
        .resources
        .iter()
        .map(|resource| (resource.place, suppress::metadata(resource)))
        .filter(|(_, entries)| !entries.is_null())
        .collect();
    // Files that are missing or broken hide what they declare.
    let complete = complete && lowered.missing.is_empty() && !lowered.damaged;
    Environment {
        suppressions,
        model: Model::new(lowered.resources, lowered.lists, complete),
        problems: lowered.problems,
        missing: lowered.missing,
        found,
    }
}

/// The inputs of a template: one run per parameter file that was named, each over the one that stands beside it.
fn runs(documents: &Documents, options: &Options, template: &File) -> Vec<Inputs> {
    let parameters: Vec<(String, Value)> = options
        .parameter
        .iter()
        .map(|(name, value)| (name.clone(), crate::eval::functions::parse_given(value)))
        .collect();
    let at = |path: &str| {
        documents
            .json
            .iter()
            .find(|file| file.path == path && documents.language(file.id) == Some(Language::ArmParameters))
    };
    let beside = beside(template.path).into_iter().find_map(|path| at(&path));
    let inputs = |named: Option<&File>| Inputs {
        cloud: options.cloud,
        given: beside.into_iter().chain(named).map(|file| Rc::new(arm::parameters(file))).collect(),
        parameters: parameters.clone(),
    };
    let named: Vec<_> = options.parameters.iter().filter_map(|path| at(path)).collect();
    if named.is_empty() {
        vec![inputs(None)]
    } else {
        named.into_iter().map(|file| inputs(Some(file))).collect()
    }
}

/// Paths of the parameter file that applies to a template it stands beside: `main.parameters.json`, and the portal's
/// `template.json` with `parameters.json`.
fn beside(template: &str) -> Vec<String> {
    let stem = template.rsplit_once('.').map_or(template, |(stem, _)| stem);
    let mut paths = vec![format!("{stem}.parameters.json"), format!("{stem}.parameters.jsonc")];
    if let Some(folder) = template.strip_suffix("template.json")
        && (folder.is_empty() || folder.ends_with('/'))
    {
        paths.push(format!("{folder}parameters.json"));
    }
    paths
}
