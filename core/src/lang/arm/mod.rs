//! ARM templates: nested and linked deployments are expanded into one list of resources.

mod addition;
mod deployment;
mod edit;
#[cfg(test)]
mod edit_tests;
mod instance;
mod layout;
mod node;
mod scope;
#[cfg(test)]
mod tests;

pub use edit::render;

use super::source::{member, object, place_of, text};
use super::{File, Lists, Lowered, Problem, ProblemKind, Resource};
use crate::azure::Cloud;
use crate::eval::ids::extension_id;
use crate::eval::{Budget, Field, Value};
use crate::lang::source::literal;
use crate::sorted::Set;
use crate::syntax::json::{self, Node, Object, Ranged};
use crate::text::{FileId, Place};
use deployment::{Deployment, DeploymentId};
use scope::Frame;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What a template is given from outside.
#[derive(Debug, Default)]
pub struct Inputs<'t> {
    /// Which Azure.
    pub cloud: Cloud,
    /// Parameter files; a later one wins.
    pub parameter_files: Vec<&'t File<'t>>,
    /// Single values; they win over files.
    pub parameters: Vec<(String, Value)>,
}

/// Whether a document is an ARM template: by its schema, or by its parts where it names none.
pub fn is_template(root: &Object) -> bool {
    match json::get(root, "$schema").and_then(|prop| text(&prop.value)) {
        Some(schema) => {
            let schema = schema.to_ascii_lowercase();
            schema.contains("deploymenttemplate.json")
        }
        None => {
            json::get(root, "resources")
                .is_some_and(|prop| matches!(prop.value, Node::Array(_) | Node::Object(_)))
                && json::get(root, "contentVersion").is_some()
        }
    }
}

/// Whether a document is an ARM parameter file.
pub fn is_parameters(root: &Object) -> bool {
    match json::get(root, "$schema").and_then(|prop| text(&prop.value)) {
        Some(schema) => schema.to_ascii_lowercase().contains("deploymentparameters.json"),
        None => {
            json::get(root, "contentVersion").is_some()
                && json::get(root, "parameters").is_some()
                && json::get(root, "resources").is_none()
        }
    }
}

/// Expands a template.
pub fn lower<'t>(files: &'t [File<'t>], entry: &'t File<'t>, inputs: &'t Inputs<'t>) -> Lowered {
    let Some(Node::Object(template)) = &entry.parsed.root else {
        return Lowered::default();
    };
    let world = World {
        entry,
        files,
        inputs,
        budget: Budget::default(),
        deployments: RefCell::default(),
        problems: RefCell::default(),
        missing: RefCell::default(),
        used: RefCell::default(),
        expressions: RefCell::default(),
    };
    let root = world.add(Deployment::root(&world, entry, template));
    let mut resources = Vec::new();
    world.collect(root, &mut resources);
    resources.extend(world.secret_reader(root));
    // Collecting has found every deployment.
    let deployments = (0..world.deployments.borrow().len()).map(DeploymentId);
    let outputs = deployments.filter_map(|id| world.outputs_of(id)).collect();
    let damaged = world.is_damaged();
    let mut problems = world.problems.into_inner();
    if let Some(reason) = world.budget.exhausted() {
        problems.insert(Problem {
            place: Place { file: entry.id, span: entry.parsed.span(template.range) },
            kind: ProblemKind::EvaluationLimit,
            message: reason.to_owned(),
        });
    }
    Lowered {
        resources,
        outputs,
        problems: problems.into_iter().collect(),
        damaged,
        missing: world.missing.into_inner().into_iter().collect(),
        used: world.used.into_inner().into_iter().collect(),
        lists: Lists::default(),
    }
}

/// Everything one expansion shares. Deployments refer to one another by index, so that nothing keeps itself alive.
struct World<'t> {
    entry: &'t File<'t>,
    files: &'t [File<'t>],
    inputs: &'t Inputs<'t>,
    budget: Budget,
    deployments: RefCell<Vec<Rc<Deployment<'t>>>>,
    problems: RefCell<Set<Problem>>,
    missing: RefCell<Set<String>>,
    used: RefCell<Set<String>>,
    /// Strings that were read in loops, by where they start.
    expressions: RefCell<HashMap<(FileId, usize), Rc<node::Read>>>,
}

impl<'t> World<'t> {
    fn add(&self, deployment: Deployment<'t>) -> DeploymentId {
        let mut deployments = self.deployments.borrow_mut();
        deployments.push(Rc::new(deployment));
        DeploymentId(deployments.len() - 1)
    }

    fn deployment(&self, id: DeploymentId) -> Option<Rc<Deployment<'t>>> {
        self.deployments.borrow().get(id.0).cloned()
    }

    fn problem(&self, place: Place, kind: ProblemKind, message: String) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() < 1000 {
            problems.insert(Problem { place, kind, message });
        }
    }

    /// Whether part of the text could not be read: what seems to be missing may stand there.
    fn is_damaged(&self) -> bool {
        let used = self.used.borrow();
        let read = self.files.iter().filter(|file| file.id == self.entry.id || used.contains(file.path));
        read.chain(self.inputs.parameter_files.iter().copied()).any(|file| !file.parsed.lost.is_empty())
    }

    /// The deployment at the top as a resource, if its parameter file has it read secrets from a vault.
    fn secret_reader(&self, root: DeploymentId) -> Option<Resource> {
        let deployment = self.deployment(root)?;
        let declared = member(deployment.template, "parameters").and_then(object)?;
        let mut place = None;
        let references = declared.properties.iter().filter_map(|prop| {
            let name = prop.name.as_str();
            if self.inputs.parameters.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
                return None;
            }
            let (file, entry) = self.given_in_file(name)?;
            let reference = member(object(&entry.value)?, "reference")?;
            let at = |range| Some(Place { file: file.id, span: file.parsed.span(range) });
            let (here, key) = (at(entry.value.range()), at(entry.name.range()));
            place = place.or(here);
            let value = Value::record([("reference", literal(file, reference))]).at(here);
            Some(Field { key: Rc::from(name), key_place: key, value })
        });
        let properties = instance::secret_properties(references.collect())?;
        let kind = "Microsoft.Resources/deployments";
        Some(Resource {
            kind: Rc::from(kind),
            address: format!("{kind}/{}", deployment.name.display()),
            id: extension_id(&deployment.landing.id, kind, &deployment.name),
            name: deployment.name.clone(),
            api_version: Value::null(),
            body: Value::object(vec![properties]).at(place),
            existing: false,
            condition: Value::bool(true),
            repeated: false,
            damaged: false,
            place: place?,
        })
    }

    /// What a deployment gives back; secret outputs stay out.
    fn outputs_of(&self, id: DeploymentId) -> Option<Resource> {
        let deployment = self.deployment(id)?;
        let declared = member(deployment.template, "outputs").and_then(object)?;
        let (frame, all) = (Frame::of_deployment(self, id), self.outputs(id));
        let given = declared.properties.iter().map(|prop| {
            let name = prop.name.as_str();
            let value = all.get(name).get("value");
            let condition = object(&prop.value).and_then(|output| member(output, "condition"));
            let value = match condition.map(|condition| frame.value(condition)) {
                Some(condition) => {
                    let place = value.place;
                    Value::choice(condition, value, Value::null()).or_at(place)
                }
                None => value,
            };
            Field { key: Rc::from(name), key_place: frame.place(prop.name.range()), value }
        });
        let body = Value::object(given.collect()).at(frame.place(declared.range));
        let holder = deployment.holder.as_ref();
        let kind = "Microsoft.Resources/deployments";
        Some(Resource {
            kind: Rc::from(kind),
            address: format!("{kind}/{}", deployment.name.display()),
            id: extension_id(&deployment.landing.id, kind, &deployment.name),
            name: deployment.name.clone(),
            api_version: Value::null(),
            place: body.place?,
            body,
            existing: false,
            condition: holder.map_or_else(|| Value::bool(true), |holder| self.condition(holder)),
            repeated: holder.is_some_and(|holder| holder.repeated),
            damaged: false,
        })
    }

    /// The resources of a deployment and of those nested in it.
    fn collect(&self, id: DeploymentId, into: &mut Vec<Resource>) {
        for instance in self.instances(id).iter() {
            if !self.budget.spend(1) || into.len() > MAX_RESOURCES {
                self.budget.give_up("the template expands to too many resources");
                return;
            }
            if let Some(nested) = self.nested(instance) {
                into.push(self.resource(instance));
                self.collect(nested, into);
            } else {
                into.push(self.resource(instance));
            }
        }
    }
}

/// More resources than this are not expanded; a deployment is limited to 800 (nested ones count for themselves).
const MAX_RESOURCES: usize = 20_000;
