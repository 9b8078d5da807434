//! What is checked as one: a template with what it links to, per parameter file; all of Azure's own JSON; or, joined,
//! everything.

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

/// Where a resource says which findings about it are intended.
const ANSWERS: &[&str] = &["metadata", "vaultmoat", "ignore"];

/// One environment, with its model.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) model: Model,
    pub(crate) problems: Vec<Problem>,
    pub(crate) missing: Vec<String>,
    /// Functions that are called and not known.
    pub(crate) unknown_functions: Vec<String>,
    /// The names that values may be given for.
    pub(crate) parameters: Vec<Rc<str>>,
    /// Resources found, by file.
    pub(crate) found: Vec<FileId>,
    /// What resources say about findings in them, by the place of the resource.
    pub(crate) suppressions: Vec<(Place, Value)>,
}

/// The units of a project as they were found last. Each is until something changes that it was read from.
#[derive(Debug, Default)]
pub(crate) struct KnownUnits(RefCell<Map<String, Rc<Found>>>);

/// A unit that was read.
#[derive(Debug)]
struct Found {
    environments: Vec<Rc<Environment>>,
    /// Paths of templates that are part of it.
    used: Vec<String>,
    from: Set<String>,
}

impl KnownUnits {
    /// A file has changed.
    pub(crate) fn forget(&mut self, path: &str) {
        let path = path.replace('\\', "/");
        let directory = format!("{}/", directory(&path));
        self.0.get_mut().retain(|unit| !unit.from.contains(&path) && !unit.from.contains(&directory));
    }

    /// There are other files than before.
    pub(crate) fn clear(&mut self) {
        self.0.get_mut().retain(|_| false);
    }

    fn find(&self, unit: &Unit, options: &Options) -> Rc<Found> {
        let known = self.0.borrow().get(&unit.key).cloned();
        known.unwrap_or_else(|| Rc::new(Found::new((unit.read)(), options)))
    }

    /// Other units need not be known any more.
    fn keep(&self, found: &[(&Unit, Rc<Found>)]) {
        let found = found.iter().map(|(unit, found)| (unit.key.clone(), Rc::clone(found)));
        self.0.replace(Map::from(found.collect::<Vec<_>>()));
    }
}

impl Found {
    fn new(reading: Reading, options: &Options) -> Self {
        let used = reading.lowered.iter().flat_map(|lowered| lowered.used.iter().cloned()).collect();
        let environments = reading.lowered.into_iter().map(|lowered| Rc::new(environment(lowered, options)));
        let from: Vec<String> = reading.from.iter().map(|path| path.replace('\\', "/")).collect();
        Self { environments: environments.collect(), used, from: Set::from(from) }
    }
}

/// Every environment of a project; what is known is not read again.
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
    let roots = |used: Set<String>| {
        let is_part = move |unit: &Unit| unit.template.is_some_and(|path| used.contains(path));
        // Templates that link to each other in a circle are each a part of the other.
        let all = units.iter().all(|unit| unit.template.is_none() || is_part(unit));
        move |unit: &Unit| all || !is_part(unit)
    };
    if options.together {
        let used = |reading: &Reading| -> Vec<String> {
            reading.lowered.iter().flat_map(|lowered| lowered.used.iter().cloned()).collect()
        };
        let read = each(&units, documents, &|unit| (unit.read)(), &used);
        let is_root =
            roots(Set::from(read.iter().flat_map(|(_, reading)| used(reading)).collect::<Vec<_>>()));
        let read = read.into_iter().filter(|(unit, _)| is_root(unit));
        return vec![Rc::new(environment(join(read.flat_map(|(_, reading)| reading.lowered)), options))];
    }
    let find = |unit: &Unit| known.find(unit, options);
    let found = each(&units, documents, &find, &|found: &Rc<Found>| found.used.clone());
    known.keep(&found);
    let used = found.iter().flat_map(|(_, found)| found.used.iter().cloned());
    let is_root = roots(Set::from(used.collect::<Vec<_>>()));
    let found = found.iter().filter(|(unit, _)| is_root(unit));
    found.flat_map(|(_, found)| found.environments.iter().cloned()).collect()
}

/// What is read of each unit, but for templates that turn out to be part of another one: those that others link to are read
/// last, so that a chain of templates is read once and not from each link on.
fn each<'u, 'd, T>(
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

/// Files that the texts name as part of them, and that are not here.
pub(crate) fn references(documents: &Documents) -> Vec<String> {
    let files = documents.all();
    let named: HashMap<&str, Vec<String>> =
        files.iter().map(|document| (document.path, references_of(document))).collect();
    let used: HashSet<&str> = named.values().flatten().map(String::as_str).collect();
    let roots: Vec<&str> = files.iter().map(|file| file.path).collect();
    let own: Vec<&str> = roots.iter().filter(|path| !used.contains(**path)).copied().collect();
    // Files that name each other in a circle are all named.
    let mut level = if own.is_empty() { roots } else { own };
    let mut seen: HashSet<&str> = level.iter().copied().collect();
    let mut missing = Set::default();
    // What is further away is not expanded either.
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

/// The files that a text names as part of it.
fn references_of(document: &Document) -> Vec<String> {
    document.language.map(|language| language.frontend().references(document)).unwrap_or_default()
}

/// All as one.
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

/// Which Azure the files are for.
fn clouds(lowered: &Lowered, given: Option<Cloud>) -> Clouds {
    let is_left_out = |resource: &&Resource| matches!(resource.condition.is_true(), Truth::False(_));
    Clouds::new(given, &lowered.clouds, lowered.resources.iter().filter(|resource| !is_left_out(resource)))
}

/// What was read of one environment, typed and linked.
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
        .map(|resource| (resource.place, resource.body.path(ANSWERS)))
        .filter(|(_, entries)| !entries.is_null())
        .collect();
    // Files that are missing or broken hide what they declare.
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
