//! What is checked as one: a template with what it links to, per parameter file; all of Azure's own JSON; or, joined,
//! everything.

use super::documents::is_same_path;
use super::{Documents, Language};
use crate::azure::Cloud;
use crate::eval::{Budget, Truth, Value};
use crate::lang::arm::JsonTemplate;
use crate::lang::deployment::{self, Given, Inputs, Stand, Template, Templates};
use crate::lang::{Lowered, Problem, ProblemKind, Resource, arm, azure_json, bicep, relative, terraform};
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

/// What is checked as one.
#[derive(Clone, Copy)]
enum Unit<'d> {
    /// A template, with what it links to.
    Template(&'d str),
    /// A directory of Terraform, with the modules it calls.
    Directory(&'d str),
    /// A plan or a state of Terraform.
    Plan(&'d str),
    /// All of Azure's own JSON.
    Export(&'d [&'d str]),
}

impl Unit<'_> {
    /// Tells it from every other one, and from itself with other files.
    fn key(&self) -> String {
        match self {
            Unit::Template(path) => format!("template {path}"),
            Unit::Directory(path) => format!("directory {path}"),
            Unit::Plan(path) => format!("plan {path}"),
            Unit::Export(paths) => format!("export {}", paths.join("\n")),
        }
    }
}

/// What a unit says.
#[derive(Default)]
struct Reading {
    /// Once per file of parameters that was named.
    lowered: Vec<Lowered>,
    /// Paths of what it was read from or looked for; those of directories end with a slash.
    from: Vec<String>,
}

/// The units of a project as they were found last. Each stands until something changes that it was read from.
#[derive(Debug, Default)]
pub(crate) struct Known(RefCell<Map<String, Rc<Found>>>);

/// A unit that was read.
#[derive(Debug)]
struct Found {
    environments: Vec<Rc<Environment>>,
    /// Paths of templates that are part of it.
    used: Vec<String>,
    from: Set<String>,
}

impl Known {
    /// A file has changed.
    pub(crate) fn forget(&mut self, path: &str) {
        let path = path.replace('\\', "/");
        let directory = format!("{}/", terraform::directory(&path));
        self.0.get_mut().retain(|unit| !unit.from.contains(&path) && !unit.from.contains(&directory));
    }

    /// There are other files than before.
    pub(crate) fn clear(&mut self) {
        self.0.get_mut().retain(|_| false);
    }

    fn find(&self, unit: Unit, read: impl Fn(Unit) -> Reading, options: &Options) -> Rc<Found> {
        let known = self.0.borrow().get(&unit.key()).cloned();
        known.unwrap_or_else(|| Rc::new(Found::new(read(unit), options)))
    }

    /// Other units need not be known any more.
    fn keep(&self, found: &[(Unit, Rc<Found>)]) {
        let found = found.iter().map(|(unit, found)| (unit.key(), Rc::clone(found)));
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
pub(crate) fn all(documents: &Documents, options: &Options, known: &Known) -> Vec<Rc<Environment>> {
    let asked = RefCell::<Vec<String>>::default();
    let text = |path: &str| {
        asked.borrow_mut().push(path.to_owned());
        documents.text(path).map(|(_, text)| text)
    };
    let terraform = || documents.terraform.iter().filter(|file| documents.is(file.id, Language::Terraform));
    let summaries = terraform::summaries(terraform());
    let files = terraform::Files::new(terraform().chain(&summaries), &text);
    let exports: Vec<&str> = documents.paths(Language::AzureJson).collect();
    let mut units: Vec<Unit> = entries(documents).into_iter().map(Unit::Template).collect();
    units.extend(files.entries().into_iter().map(Unit::Directory));
    units.extend(documents.paths(Language::TerraformPlan).map(Unit::Plan));
    units.extend((!exports.is_empty()).then_some(Unit::Export(&exports)));
    let read = |unit: Unit| match unit {
        Unit::Template(path) => read_template(documents, options, path),
        Unit::Directory(path) => {
            let lowered = read_directory(documents, options, &files, path);
            let mut from = asked.take();
            from.extend(files.asked().into_iter().chain([path.to_owned()]).map(|path| format!("{path}/")));
            from.extend(options.parameters.iter().cloned());
            Reading { lowered, from }
        }
        // Findings in a plan point into the files that it is of.
        Unit::Plan(path) => Reading {
            lowered: documents.json_at(path).map(terraform::lower_plan).into_iter().collect(),
            from: terraform().map(|file| file.path.clone()).chain([path.to_owned()]).collect(),
        },
        Unit::Export(paths) => Reading {
            lowered: vec![azure_json::lower(documents.json(Language::AzureJson), options.before)],
            from: paths.iter().map(|path| (*path).to_owned()).collect(),
        },
    };
    let lost = Lowered { missing: without_template(documents, options), ..Lowered::default() };
    let roots = |used: Set<String>| {
        let is_part = move |unit: &Unit| matches!(unit, Unit::Template(path) if used.contains(*path));
        // Templates that link to each other in a circle are each a part of the other.
        let all = units.iter().all(|unit| !matches!(unit, Unit::Template(_)) || is_part(unit));
        move |unit: &Unit| all || !is_part(unit)
    };
    if options.together {
        let used = |reading: &Reading| -> Vec<String> {
            reading.lowered.iter().flat_map(|lowered| lowered.used.iter().cloned()).collect()
        };
        let read = each(&units, documents, &read, &used);
        let is_root =
            roots(Set::from(read.iter().flat_map(|(_, reading)| used(reading)).collect::<Vec<_>>()));
        let read = read.into_iter().filter(|(unit, _)| is_root(unit));
        return vec![Rc::new(environment(
            join(lost, read.flat_map(|(_, reading)| reading.lowered)),
            options,
        ))];
    }
    let find = |unit| known.find(unit, read, options);
    let found = each(&units, documents, &find, &|found: &Rc<Found>| found.used.clone());
    known.keep(&found);
    let used = found.iter().flat_map(|(_, found)| found.used.iter().cloned());
    let is_root = roots(Set::from(used.collect::<Vec<_>>()));
    let found = found.iter().filter(|(unit, _)| is_root(unit));
    let mut environments: Vec<_> = found.flat_map(|(_, found)| found.environments.iter().cloned()).collect();
    if !lost.missing.is_empty() {
        environments.push(Rc::new(environment(lost, options)));
    }
    environments
}

/// What is read of each unit, but for templates that turn out to be part of another one: those that others link to are read
/// last, so that a chain of templates is read once and not from each link on.
fn each<'d, T>(
    units: &[Unit<'d>],
    documents: &Documents,
    read: &dyn Fn(Unit<'d>) -> T,
    used: &dyn Fn(&T) -> Vec<String>,
) -> Vec<(Unit<'d>, T)> {
    let linked: HashSet<&str> =
        documents.json.iter().flat_map(|file| file.links.iter()).map(String::as_str).collect();
    let mut parts: HashSet<String> = HashSet::new();
    let mut all: Vec<Option<T>> = units.iter().map(|_| None).collect();
    for is_last in [false, true] {
        for (unit, place) in units.iter().zip(&mut all) {
            let path = match unit {
                Unit::Template(path) => *path,
                _ => "",
            };
            if linked.contains(path) == is_last && !parts.contains(path) {
                let found = read(*unit);
                parts.extend(used(&found));
                *place = Some(found);
            }
        }
    }
    units.iter().copied().zip(all).filter_map(|(unit, found)| Some((unit, found?))).collect()
}

/// Files that the texts name as part of them, and that are not here.
pub(crate) fn references(documents: &Documents) -> Vec<String> {
    let mut named: HashMap<&str, Vec<String>> = HashMap::new();
    for file in &documents.bicep {
        let source = &file.source;
        let all = source.modules().chain(source.imports()).chain(source.extends());
        let all = all.filter(|path| !bicep::is_in_registry(path));
        named.insert(file.path, all.map(|path| relative(file.path, path)).collect());
    }
    for file in &documents.json {
        named.insert(file.path, file.links.to_vec());
    }
    let used: HashSet<&str> = named.values().flatten().map(String::as_str).collect();
    let roots: Vec<&str> = documents.files.iter().map(|file| file.path).collect();
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

/// All as one.
fn join(mut whole: Lowered, parts: impl Iterator<Item = Lowered>) -> Lowered {
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

/// Templates that named parameter files are for, and that are not here.
fn without_template(documents: &Documents, options: &Options) -> Vec<String> {
    let named = documents.bicep.iter().filter(|file| options.parameters.iter().any(|path| path == file.path));
    let using = |file: &bicep::File| {
        let using = file.source.using().filter(|using| !bicep::is_in_registry(using))?;
        Some(relative(file.path, using)).filter(|path| documents.text(path).is_none())
    };
    named.filter_map(using).collect()
}

/// A template, once for each file of parameters that was named.
fn read_template(documents: &Documents, options: &Options, path: &str) -> Reading {
    let handed = Handed { documents, asked: RefCell::default() };
    let mut lowered = Vec::new();
    if let Some(template) = handed.template(path, None) {
        let mut given = Lowered::default();
        for mut inputs in runs(&handed, options, path, &mut given) {
            let mut read = deployment::lower(&handed, Rc::clone(&template), &inputs);
            let cloud = clouds(&read, options.cloud).first();
            // `environment()` gives the names of the cloud that the regions are in.
            if cloud != inputs.cloud {
                inputs.cloud = cloud;
                read = deployment::lower(&handed, Rc::clone(&template), &inputs);
            }
            lowered.push(read);
        }
        if !given.problems.is_empty() || !given.missing.is_empty() {
            lowered.push(given);
        }
    }
    Reading { lowered, from: handed.asked.take() }
}

/// A directory of Terraform, once for each file of values that was named.
fn read_directory(
    documents: &Documents,
    options: &Options,
    files: &terraform::Files,
    directory: &str,
) -> Vec<Lowered> {
    let of = |language| documents.terraform.iter().filter(move |file| documents.is(file.id, language));
    let of_directory =
        of(Language::TerraformVariables).filter(|file| terraform::directory(&file.path) == directory);
    let (plain, auto): (Vec<_>, Vec<_>) = of_directory
        .filter(|file| terraform::is_read_by_itself(&file.path))
        .partition(|file| !terraform::is_automatic(&file.path));
    let beside: Vec<&terraform::File> = plain.into_iter().chain(auto).collect();
    let inputs = |named: Option<&terraform::File>| {
        let given = || beside.iter().copied().chain(named);
        terraform::Inputs {
            cloud: options.cloud.unwrap_or_default(),
            given: given().flat_map(terraform::given).collect(),
            parameters: given_parameters(options),
            partially_parsed: given().any(|file| file.source.body.partially_parsed),
        }
    };
    let file = |path: &String| of(Language::TerraformVariables).find(|file| is_same_path(&file.path, path));
    let named: Vec<&terraform::File> = options.parameters.iter().filter_map(file).collect();
    let runs = if named.is_empty() { vec![None] } else { named.into_iter().map(Some).collect() };
    runs.into_iter().map(|named| terraform::lower(files, directory, &inputs(named))).collect()
}

fn given_parameters(options: &Options) -> Vec<(String, Value)> {
    let read = |(name, value): &(String, String)| (name.clone(), crate::eval::functions::parse_given(value));
    options.parameter.iter().map(read).collect()
}

/// The templates that are checked for themselves: not those that are part of another one by their text.
fn entries<'d>(documents: &'d Documents) -> Vec<&'d str> {
    let arm = documents.paths(Language::Arm).chain(documents.further_templates());
    let arm = arm.filter(|path| !bicep::is_in_registry(path));
    let is_template = |file: &&bicep::File| documents.is(file.id, Language::Bicep);
    let modules = documents.bicep.iter().filter(is_template).flat_map(|file| {
        file.source.modules().map(|path| relative(file.path, path)).filter(|path| path != file.path)
    });
    let modules = Set::from(modules.collect::<Vec<_>>());
    let bicep = || documents.bicep.iter().filter(is_template).map(|file| file.path);
    let own: Vec<&str> = bicep().filter(|path| !modules.contains(path.replace('\\', "/").as_str())).collect();
    // Files that deploy each other in a circle are part of one another.
    let bicep = if own.is_empty() { bicep().collect() } else { own };
    arm.chain(bicep).collect()
}

/// The files of a project, for the templates among them that name others, and which of them they asked for.
struct Handed<'d, 't> {
    documents: &'d Documents<'t>,
    asked: RefCell<Vec<String>>,
}

impl<'d, 't> Templates<'d> for Handed<'d, 't> {
    fn template(&self, path: &str, at: Option<Stand>) -> Option<Rc<dyn Template<'d> + 'd>> {
        self.asks(path);
        if let Some(file) = self.documents.bicep_at(path) {
            return Some(Rc::new(file.template()));
        }
        let file = self.documents.json_at(path)?;
        self.documents.get(file.id).inspect(|document| self.asks(document.path));
        // Only what comes from a registry is not among the author's files.
        JsonTemplate::of(file, at.filter(|_| bicep::is_in_registry(path)))
            .map(|template| Rc::new(template) as Rc<dyn Template<'d> + 'd>)
    }

    fn text(&self, path: &str) -> Option<(FileId, &'d str)> {
        self.asks(path);
        self.documents.text(path)
    }
}

impl Handed<'_, '_> {
    fn asks(&self, path: &str) {
        self.asked.borrow_mut().push(path.to_owned());
    }
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

/// The inputs of a template: one run per parameter file that was named, each over those that stand beside it.
fn runs(handed: &Handed, options: &Options, template: &str, found: &mut Lowered) -> Vec<Inputs> {
    let parameters = given_parameters(options);
    let budget = Budget::default();
    let mut read = |path: &str| given(handed, options, template, path, &budget, found);
    let (json, own) = beside(template);
    let json = json.iter().map(|path| read(path)).find(|given| !given.is_empty()).unwrap_or_default();
    let beside: Vec<Rc<Given>> = json.into_iter().chain(own.iter().flat_map(|path| read(path))).collect();
    let passed = handed.documents.json_at(template).and_then(arm::passed).map(Rc::new);
    let inputs = |named: Vec<Rc<Given>>| Inputs {
        cloud: options.cloud.unwrap_or_default(),
        given: passed.iter().chain(&beside).cloned().chain(named).collect(),
        parameters: parameters.clone(),
    };
    let named: Vec<_> =
        options.parameters.iter().map(|path| read(path)).filter(|all| !all.is_empty()).collect();
    if named.is_empty() { vec![inputs(Vec::new())] } else { named.into_iter().map(inputs).collect() }
}

/// Parameter files that add to one another, at most.
const MAX_EXTENDS: usize = 16;

/// What a parameter file gives a template: it and, before it, those it adds to. Nothing when there is no such file, or it
/// is for another template.
fn given(
    handed: &Handed,
    options: &Options,
    template: &str,
    path: &str,
    budget: &Budget,
    found: &mut Lowered,
) -> Vec<Rc<Given>> {
    let documents = handed.documents;
    handed.asks(path);
    if let Some(file) = documents.json_at(path).filter(|file| documents.is(file.id, Language::ArmParameters))
    {
        return vec![Rc::new(arm::parameters(file))];
    }
    let at = |path: &str| {
        handed.asks(path);
        documents.bicep_at(path).filter(|file| documents.is(file.id, Language::BicepParameters))
    };
    let Some(file) = at(path) else { return Vec::new() };
    let is_for = file.source.using().is_none_or(|using| is_same_path(template, &relative(file.path, using)));
    if !is_for {
        return Vec::new();
    }
    let mut chain = vec![file];
    let mut is_cut = false;
    while let Some((last, path)) = chain.last().and_then(|file| Some((*file, file.source.extends()?))) {
        let path = relative(last.path, path);
        if chain.len() == MAX_EXTENDS {
            let span = last.source.extends_at().unwrap_or_default();
            let message = format!(
                "more than {MAX_EXTENDS} parameter files extend one another, and what this one extends is not read"
            );
            let place = Place { file: last.id, span };
            found.problems.push(Problem::new(place, ProblemKind::EvaluationLimit, message));
            is_cut = true;
            break;
        }
        match at(&path) {
            Some(next) if chain.iter().all(|file| file.id != next.id) => chain.push(next),
            Some(_) => break,
            None => {
                found.missing.extend(handed.text(&path).is_none().then_some(path));
                break;
            }
        }
    }
    let read = chain.into_iter().rev().enumerate().map(|(at, file)| {
        let (mut given, mut lowered) = bicep::given(handed, file, options.cloud.unwrap_or_default(), budget);
        given.partially_parsed |= is_cut && at == 0;
        found.problems.append(&mut lowered.problems);
        found.missing.append(&mut lowered.missing);
        found.unknown_functions.append(&mut lowered.unknown_functions);
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
