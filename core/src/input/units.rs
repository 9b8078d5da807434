//! From documents to environments.
//!
//! The languages divide the documents of a project into units: a template with the files that it deploys, a directory of
//! Terraform, all of Azure's own JSON. Each unit gives an environment per parameter file. A unit is read again only after one
//! of its files has changed. With the option `together`, all units are one environment.

use crate::azure::Cloud;
use crate::eval::functions::parse_given;
use crate::eval::{Truth, Value};
use crate::lang::{
    self, Document, Documents, Inputs, Lowered, Problem, ProblemKind, Reading, Resource, Unit, deployment,
    directory,
};
use crate::model::{Clouds, MAX_PAIRS, Model, Unread};
use crate::options::Options;
use crate::sorted::{Map, Set};
use crate::text::{FileId, Place};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

#[cfg(test)]
mod tests;

/// The path in a resource to the list of findings that are intended.
const SUPPRESSIONS: &[&str] = &["metadata", "vaultmoat", "ignore"];

/// What is checked as one: its model, and what was found while it was read.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) model: Model,
    pub(crate) problems: Vec<Problem>,
    /// Paths of files that the host did not pass, with those that a summary replaces.
    pub(crate) missing: Vec<String>,
    /// Names of functions that are called and that vaultmoat does not know.
    pub(crate) unknown_functions: Vec<String>,
    /// The parameters or variables that a user may give values for.
    pub(crate) parameters: Vec<Rc<str>>,
    /// The file of each declared resource, once per resource.
    pub(crate) found: Vec<FileId>,
    /// The suppressions that are written in resources, each with the place of its resource.
    pub(crate) suppressions: Vec<(Place, Value)>,
}

/// The units of the last check, by their keys. Each is kept until a file that it was read from changes.
#[derive(Debug, Default)]
pub(crate) struct KnownUnits(RefCell<Map<String, Rc<Environments>>>);

/// The environments of one unit.
#[derive(Debug)]
struct Environments {
    all: Vec<Rc<Environment>>,
    /// Paths of templates that are part of the unit, and so are not units themselves.
    used: Vec<String>,
    /// Paths of files, and of directories with `/` at the end, whose change makes this outdated.
    from: Set<String>,
}

impl KnownUnits {
    /// Discards what was read from a file, or from the directory that the file is in.
    pub(crate) fn forget(&mut self, path: &str) {
        let path = path.replace('\\', "/");
        let directory = format!("{}/", directory(&path));
        self.0.get_mut().retain(|unit| !unit.from.contains(&path) && !unit.from.contains(&directory));
    }

    /// Discards everything, because files were added or removed.
    pub(crate) fn clear(&mut self) {
        self.0.get_mut().retain(|_| false);
    }

    fn get_or_read(&self, unit: &Unit, options: &Options) -> Rc<Environments> {
        let known = self.0.borrow().get(&unit.key).cloned();
        known.unwrap_or_else(|| Rc::new(Environments::new((unit.read)(), options)))
    }

    /// Keeps these units and discards all others.
    fn keep_only(&self, found: &[(&Unit, Rc<Environments>)]) {
        let found = found.iter().map(|(unit, found)| (unit.key.clone(), Rc::clone(found)));
        self.0.replace(Map::from(found.collect::<Vec<_>>()));
    }
}

impl Environments {
    fn new(reading: Reading, options: &Options) -> Self {
        let used = used(&reading);
        let all = reading.lowered.into_iter().map(|lowered| Rc::new(environment(lowered, options)));
        let from: Vec<String> = reading.from.iter().map(|path| path.replace('\\', "/")).collect();
        Self { all: all.collect(), used, from: Set::from(from) }
    }
}

/// Paths of templates that were read as part of a unit.
fn used(reading: &Reading) -> Vec<String> {
    reading.lowered.iter().flat_map(|lowered| lowered.used.iter().cloned()).collect()
}

/// Every environment of a project; a known unit is not read again.
pub(crate) fn all(documents: &Documents, options: &Options, known: &KnownUnits) -> Vec<Rc<Environment>> {
    let cloud_of = |lowered: &Lowered| clouds(lowered, options.cloud).first();
    let value = |(name, value): &(String, String)| (name.clone(), parse_given(value));
    let inputs = Inputs {
        cloud: options.cloud,
        files: &options.parameters,
        values: options.parameter.iter().map(value).collect(),
        before: options.before,
        cloud_of: &cloud_of,
    };
    let units = lang::units(documents, &inputs);
    if options.together {
        let read = read_each(&units, documents, &|unit| (unit.read)(), &used);
        let lowered = roots(&units, read, &used).into_iter().flat_map(|reading| reading.lowered);
        return vec![Rc::new(environment(join(lowered), options))];
    }
    let used = |found: &Rc<Environments>| found.used.clone();
    let found = read_each(&units, documents, &|unit| known.get_or_read(unit, options), &used);
    known.keep_only(&found);
    roots(&units, found, &used).iter().flat_map(|found| found.all.iter().cloned()).collect()
}

/// Reads each unit that is not part of one read before. Templates that others refer to come last, so that a chain of
/// templates is read once, and not once from each of its links on.
fn read_each<'u, 'd, T>(
    units: &'u [Unit<'d>],
    documents: &Documents,
    read: &dyn Fn(&Unit) -> T,
    used: &dyn Fn(&T) -> Vec<String>,
) -> Vec<(&'u Unit<'d>, T)> {
    let linked: HashSet<String> = documents.all().iter().flat_map(references_of).collect();
    let mut parts: HashSet<String> = HashSet::new();
    let mut all: Vec<Option<T>> = units.iter().map(|_| None).collect();
    for is_last in [false, true] {
        for (unit, place) in units.iter().zip(&mut all) {
            let path = unit.template.unwrap_or_default();
            if linked.contains(path) == is_last && !parts.contains(path) {
                let found = read(unit);
                parts.extend(used(&found));
                *place = Some(found);
            }
        }
    }
    units.iter().zip(all).filter_map(|(unit, found)| Some((unit, found?))).collect()
}

/// Of what was read, the units that are not part of another one.
fn roots<T>(units: &[Unit], read: Vec<(&Unit, T)>, used: &dyn Fn(&T) -> Vec<String>) -> Vec<T> {
    let used = Set::from(read.iter().flat_map(|(_, read)| used(read)).collect::<Vec<_>>());
    let is_part = |unit: &Unit| unit.template.is_some_and(|path| used.contains(path));
    // Templates that link to each other in a circle are each a part of the other.
    let is_circle = units.iter().all(|unit| unit.template.is_none() || is_part(unit));
    read.into_iter().filter(|(unit, _)| is_circle || !is_part(unit)).map(|(_, read)| read).collect()
}

/// Paths of files that the documents refer to as parts of themselves, and that the host has not passed.
pub(crate) fn references(documents: &Documents) -> Vec<String> {
    let files = documents.all();
    let named: HashMap<&str, Vec<String>> =
        files.iter().map(|document| (document.path, references_of(document))).collect();
    let used: HashSet<&str> = named.values().flatten().map(String::as_str).collect();
    let all: Vec<&str> = files.iter().map(|file| file.path).collect();
    let roots: Vec<&str> = all.iter().filter(|path| !used.contains(**path)).copied().collect();
    // In a circle of files, each is referred to.
    let mut level = if roots.is_empty() { all } else { roots };
    let mut seen: HashSet<&str> = level.iter().copied().collect();
    let mut missing = Set::default();
    // The evaluation follows no more links than these.
    for _ in 0..=deployment::MAX_LINKS {
        let mut next = Vec::new();
        for path in level.iter().filter_map(|path| named.get(path)).flatten() {
            if documents.text(path).is_none() {
                missing.insert(path.clone());
            } else if seen.insert(path) {
                next.push(path.as_str());
            }
        }
        level = next;
    }
    missing.into_iter().collect()
}

/// Paths of the files that a document refers to as parts of itself.
fn references_of(document: &Document) -> Vec<String> {
    document.language.map(|language| language.frontend().references(document)).unwrap_or_default()
}

/// One environment's input from those of all units, for the option `together`.
fn join(parts: impl Iterator<Item = Lowered>) -> Lowered {
    let mut whole = Lowered::default();
    for part in parts {
        whole.resources.extend(part.resources);
        whole.outputs.extend(part.outputs);
        whole.parameters.extend(part.parameters);
        whole.problems.extend(part.problems);
        whole.missing.extend(part.missing);
        whole.summarized.extend(part.summarized);
        whole.unread.extend(part.unread);
        whole.unknown_functions.extend(part.unknown_functions);
        whole.lists.extend(part.lists);
        whole.clouds.extend(part.clouds);
        whole.partially_parsed |= part.partially_parsed;
    }
    whole
}

/// The clouds that the files are for, judging by the resources whose condition is not false.
fn clouds(lowered: &Lowered, given: Option<Cloud>) -> Clouds {
    let is_left_out = |resource: &&Resource| matches!(resource.condition.is_true(), Truth::False(_));
    Clouds::new(given, &lowered.clouds, lowered.resources.iter().filter(|resource| !is_left_out(resource)))
}

/// Builds the model of one environment.
pub(crate) fn environment(lowered: Lowered, options: &Options) -> Environment {
    let found = lowered
        .resources
        .iter()
        .filter(|resource| !resource.referenced)
        .map(|resource| resource.place.file)
        .collect();
    let suppressions = lowered
        .resources
        .iter()
        .map(|resource| (resource.place, resource.body.path(SUPPRESSIONS)))
        .filter(|(_, entries)| !entries.is_null())
        .collect();
    // Missing and broken files may declare more, so that nothing counts as absent.
    let hides = !lowered.missing.is_empty() || !lowered.unread.is_empty() || lowered.partially_parsed;
    let complete = options.complete && !hides;
    let clouds = clouds(&lowered, options.cloud);
    let mut model = Model::new(lowered.resources, lowered.lists, complete);
    model.clouds = clouds;
    model.site = options.environment.clone();
    model.outputs = lowered.outputs;
    model.unread = Unread::new(&lowered.unread);
    let mut problems = lowered.problems;
    if let Some(place) = model.bounded_at {
        model.unread.add_anything("what is left out of the network");
        let message = format!(
            "too many ids are open: they make more than {MAX_PAIRS} pairs that may be the same, and the rest is left out"
        );
        problems.push(Problem::new(place, ProblemKind::EvaluationLimit, message));
    }
    let missing = lowered.missing.into_iter().chain(lowered.summarized).collect();
    let unknown_functions = lowered.unknown_functions;
    Environment {
        model,
        problems,
        missing,
        unknown_functions,
        parameters: lowered.parameters,
        found,
        suppressions,
    }
}
