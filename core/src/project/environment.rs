//! What is checked as one: a template with what it links to, per parameter file; all of Azure's own JSON; or, joined,
//! everything.

use super::{Documents, Language, Options, suppress};
use crate::eval::Value;
use crate::lang::arm::JsonTemplate;
use crate::lang::deployment::{self, Given, Inputs, Stand, Template, Templates};
use crate::lang::{File, Lowered, Problem, arm, azure_json, bicep, relative, terraform};
use crate::model::{Model, Unread};
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
    let mut given = Lowered::default();
    for entry in entries(documents) {
        let Some(template) = handed.template(entry, None) else { continue };
        for inputs in runs(&handed, options, entry, &mut given) {
            lowered.push((entry, deployment::lower(&handed, Rc::clone(&template), &inputs)));
        }
    }
    for file in documents.bicep.iter().filter(|file| options.parameters.iter().any(|path| path == file.path))
    {
        let using = file.source.using().filter(|using| !bicep::is_in_registry(using));
        given.missing.extend(using.map(|using| relative(file.path, using)).filter(|path| !handed.has(path)));
    }
    // A template that another one links to is checked as its part.
    let used: Vec<String> = lowered.iter().flat_map(|(_, lowered)| lowered.used.iter().cloned()).collect();
    let used = Set::from(used);
    if used.len() < lowered.len() {
        lowered.retain(|(path, _)| !used.contains(*path));
    }
    let mut lowered: Vec<Lowered> = lowered.into_iter().map(|(_, lowered)| lowered).collect();
    // What is wrong with parameter files is said once, however many templates they are for.
    match lowered.first_mut() {
        Some(first) => {
            first.problems.append(&mut given.problems);
            first.missing.append(&mut given.missing);
        }
        None => lowered.push(given),
    }
    lowered.extend(modules(documents, options));
    lowered.extend(of(Language::TerraformPlan).map(terraform::lower_plan));
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
            whole.summarized.extend(part.summarized);
            whole.unread.extend(part.unread);
            whole.lists.extend(part.lists);
            whole.damaged |= part.damaged;
        }
        return vec![environment(whole, options)];
    }
    lowered.into_iter().map(|lowered| environment(lowered, options)).collect()
}

/// The directories of Terraform that no other one calls as a module, each once per file of values that was named.
fn modules(documents: &Documents, options: &Options) -> Vec<Lowered> {
    let of = |language| {
        documents.terraform.iter().filter(move |file| documents.language(file.id) == Some(language))
    };
    let text = |path: &str| {
        let found = documents.all().find(|(_, document)| is_same_path(document.path, path));
        found.map(|(_, document)| document.text)
    };
    let summaries = terraform::summaries(of(Language::Terraform));
    let files = terraform::Files::new(of(Language::Terraform).chain(&summaries), &text);
    let mut lowered = Vec::new();
    for directory in files.entries() {
        let of_directory =
            of(Language::TerraformVariables).filter(|file| terraform::directory(&file.path) == directory);
        let (plain, auto): (Vec<_>, Vec<_>) = of_directory
            .filter(|file| terraform::is_read_by_itself(&file.path))
            .partition(|file| !terraform::is_automatic(&file.path));
        let beside: Vec<&terraform::File> = plain.into_iter().chain(auto).collect();
        let inputs = |named: Option<&terraform::File>| {
            let given = || beside.iter().copied().chain(named);
            terraform::Inputs {
                cloud: options.cloud,
                given: given().flat_map(terraform::given).collect(),
                parameters: given_parameters(options),
                damaged: given().any(|file| file.source.body.damaged),
            }
        };
        let named: Vec<&terraform::File> = options
            .parameters
            .iter()
            .filter_map(|path| of(Language::TerraformVariables).find(|file| is_same_path(&file.path, path)))
            .collect();
        if named.is_empty() {
            lowered.push(terraform::lower(&files, directory, &inputs(None)));
        }
        lowered
            .extend(named.into_iter().map(|file| terraform::lower(&files, directory, &inputs(Some(file)))));
    }
    lowered
}

fn given_parameters(options: &Options) -> Vec<(String, Value)> {
    let read = |(name, value): &(String, String)| (name.clone(), crate::eval::functions::parse_given(value));
    options.parameter.iter().map(read).collect()
}

/// The templates that are checked for themselves: not those that are part of another one by their text.
fn entries<'d>(documents: &Documents<'d>) -> Vec<&'d str> {
    let arm = documents.json.iter().filter(|file| {
        documents.language(file.id) == Some(Language::Arm) && !bicep::is_in_registry(file.path)
    });
    let is_template = |file: &&bicep::File| documents.language(file.id) == Some(Language::Bicep);
    let modules = documents.bicep.iter().filter(is_template).flat_map(|file| {
        file.source.modules().map(|path| relative(file.path, path)).filter(|path| path != file.path)
    });
    let modules = Set::from(modules.collect::<Vec<_>>());
    let bicep = || documents.bicep.iter().filter(is_template).map(|file| file.path);
    let own: Vec<&str> = bicep().filter(|path| !modules.contains(path.replace('\\', "/").as_str())).collect();
    // Files that deploy each other in a circle are part of one another.
    let bicep = if own.is_empty() { bicep().collect() } else { own };
    arm.map(|file| file.path).chain(bicep).collect()
}

/// The files of a project, for the templates among them that name others.
struct Handed<'d>(&'d Documents<'d>);

impl<'d> Templates<'d> for Handed<'d> {
    fn template(&self, path: &str, at: Option<Stand>) -> Option<Rc<dyn Template<'d> + 'd>> {
        if let Some(file) = self.0.bicep.iter().find(|file| is_same_path(file.path, path)) {
            return Some(Rc::new(file.template()));
        }
        let file = self.0.json.iter().find(|file| is_same_path(file.path, path))?;
        // Only what comes from a registry is not among the author's files.
        JsonTemplate::of(file, at.filter(|_| bicep::is_in_registry(path)))
            .map(|template| Rc::new(template) as Rc<dyn Template<'d> + 'd>)
    }

    fn text(&self, path: &str) -> Option<(FileId, &'d str)> {
        let found = self.0.all().find(|(_, document)| is_same_path(document.path, path));
        found.map(|(id, document)| (id, document.text))
    }
}

impl Handed<'_> {
    fn has(&self, path: &str) -> bool {
        self.text(path).is_some()
    }
}

/// Whether a path as a host gave it is this one, whichever slashes it has.
fn is_same_path(given: &str, path: &str) -> bool {
    given == path || (given.contains('\\') && given.replace('\\', "/") == path)
}

/// What was read of one environment, typed and linked.
pub(super) fn environment(lowered: Lowered, options: &Options) -> Environment {
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
    let hides = !lowered.missing.is_empty() || !lowered.unread.is_empty() || lowered.damaged;
    let complete = options.complete && !hides;
    let mut model = Model::new(lowered.resources, lowered.lists, complete);
    model.surroundings = options.environment.clone();
    model.outputs = lowered.outputs;
    model.unread = Unread::new(&lowered.unread);
    let missing = lowered.missing.into_iter().chain(lowered.summarized).collect();
    Environment { suppressions, model, problems: lowered.problems, missing, found }
}

/// The inputs of a template: one run per parameter file that was named, each over those that stand beside it.
fn runs(handed: &Handed, options: &Options, template: &str, found: &mut Lowered) -> Vec<Inputs> {
    let parameters = given_parameters(options);
    let mut read = |path: &str| given(handed, options, template, path, found);
    let (json, own) = beside(template);
    let json = json.iter().map(|path| read(path)).find(|given| !given.is_empty()).unwrap_or_default();
    let beside: Vec<Rc<Given>> = json.into_iter().chain(own.iter().flat_map(|path| read(path))).collect();
    let inputs = |named: Vec<Rc<Given>>| Inputs {
        cloud: options.cloud,
        given: beside.iter().cloned().chain(named).collect(),
        parameters: parameters.clone(),
    };
    let named: Vec<_> =
        options.parameters.iter().map(|path| read(path)).filter(|all| !all.is_empty()).collect();
    if named.is_empty() { vec![inputs(Vec::new())] } else { named.into_iter().map(inputs).collect() }
}

/// What a parameter file gives a template: it and, before it, those it adds to. Nothing when there is no such file, or it
/// is for another template.
fn given(
    handed: &Handed,
    options: &Options,
    template: &str,
    path: &str,
    found: &mut Lowered,
) -> Vec<Rc<Given>> {
    let documents = handed.0;
    let is_json =
        |file: &&File| file.path == path && documents.language(file.id) == Some(Language::ArmParameters);
    if let Some(file) = documents.json.iter().find(is_json) {
        return vec![Rc::new(arm::parameters(file))];
    }
    let at = |path: &str| {
        let of = |file: &&bicep::File| {
            is_same_path(file.path, path) && documents.language(file.id) == Some(Language::BicepParameters)
        };
        documents.bicep.iter().find(of)
    };
    let Some(file) = at(path) else { return Vec::new() };
    let is_for = file.source.using().is_none_or(|using| is_same_path(template, &relative(file.path, using)));
    if !is_for {
        return Vec::new();
    }
    let mut chain = vec![file];
    while let Some(next) = chain.last().and_then(|file| at(&relative(file.path, file.source.extends()?)))
        && chain.iter().all(|file| file.id != next.id)
    {
        chain.push(next);
    }
    let base = chain.last().and_then(|file| Some(relative(file.path, file.source.extends()?)));
    found.missing.extend(base.filter(|path| !handed.has(path)));
    let read = chain.into_iter().rev().map(|file| {
        let (given, mut lowered) = bicep::given(handed, file, options.cloud);
        found.problems.append(&mut lowered.problems);
        found.missing.append(&mut lowered.missing);
        Rc::new(given)
    });
    read.collect()
}

/// Paths of the parameter files that apply to a template they stand beside: of those in JSON the first that is there,
/// `main.parameters.json` or the portal's `template.json` with `parameters.json`; and `main.bicepparam`.
fn beside(template: &str) -> (Vec<String>, Option<String>) {
    let stem = template.rsplit_once('.').map_or(template, |(stem, _)| stem);
    let mut paths = vec![format!("{stem}.parameters.json"), format!("{stem}.parameters.jsonc")];
    if let Some(folder) = template.strip_suffix("template.json")
        && (folder.is_empty() || folder.ends_with('/'))
    {
        paths.push(format!("{folder}parameters.json"));
    }
    (paths, template.ends_with(".bicep").then(|| format!("{stem}.bicepparam")))
}
