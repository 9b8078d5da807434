//! What is checked as one: a template with what it links to, per parameter file; all of Azure's own JSON; or, joined,
//! everything.

use super::{Documents, Language, Options, suppress};
use crate::eval::Value;
use crate::lang::{File, Lowered, Problem, arm, azure_json};
use crate::model::Model;
use crate::sorted::Set;
use crate::text::{FileId, Place};

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
    for file in of(Language::Arm) {
        for inputs in runs(documents, options, file) {
            lowered.push((file.path, arm::lower(&documents.json, file, &inputs)));
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
            whole.outputs.extend(part.outputs);
            whole.problems.extend(part.problems);
            whole.missing.extend(part.missing);
            whole.lists.extend(part.lists);
            whole.damaged |= part.damaged;
        }
        return vec![environment(whole, options.complete)];
    }
    lowered.into_iter().map(|lowered| environment(lowered, options.complete)).collect()
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
    let mut model = Model::new(lowered.resources, lowered.lists, complete);
    model.outputs = lowered.outputs;
    Environment { suppressions, model, problems: lowered.problems, missing: lowered.missing, found }
}

/// The inputs of a template: one run per parameter file that was named, each over the one that stands beside it.
fn runs<'d>(documents: &'d Documents<'d>, options: &Options, template: &File) -> Vec<arm::Inputs<'d>> {
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
    let inputs = |named: Option<&'d File<'d>>| arm::Inputs {
        cloud: options.cloud,
        parameter_files: beside.into_iter().chain(named).collect(),
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
