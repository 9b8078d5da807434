//! Deployments: templates are expanded into one list of resources. ARM's JSON and Bicep are two ways of writing the
//! same template; what a language has to say of one is [`Template`] and [`Declaration`].

mod deployment_scope;
mod instance;

mod scope;
mod template;
mod units;

pub use deployment_scope::Level;
pub use instance::{Instance, Unfound, both};
pub use scope::{Frame, Where};
pub use template::{Anchor, Bind, Declaration, Given, Loop, Nested, Parameter, Target, Template, Templates};
pub use units::{Files, Notation, Run, is_in_registry, unit};

use super::notes::{MAX_LISTED, Notes};
use super::once::{Memo, Once};
use super::{Lowered, Problem, ProblemKind, Resource, Unread};
use crate::azure::Cloud;
use crate::azure::names;
use crate::eval::functions::Context;
use crate::eval::ids::extension_id;
use crate::eval::{Budget, Field, Kind, Locals, Object, Truth, Value};
use crate::sorted::{Set, sort_by};
use crate::syntax::expression;
use crate::text::{FileId, Place};
use deployment_scope::DeploymentScope;
use instance::{Copies, Declared, Index};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

/// More resources than this are not expanded; a deployment is limited to 800 (nested ones count for themselves).
const MAX_RESOURCES: usize = 20_000;
/// Steps that a deployment costs before anything of it is evaluated: it takes more than a kilobyte.
const DEPLOYMENT: u64 = 16;
/// Deployments nest at most this deep through files, and files import one another.
pub const MAX_LINKS: usize = 16;
/// A loop makes at most this many copies; Azure's own limit.
pub const MAX_COPIES: i64 = 800;

/// What a template is given from outside.
#[derive(Debug, Default)]
pub struct Inputs {
    /// That of the options, otherwise public Azure.
    pub cloud: Cloud,
    /// Parameter files; a later one wins.
    pub given: Vec<Rc<Given>>,
    /// Single values; they win over files.
    pub parameters: Vec<(String, Value)>,
}

/// The resources and outputs of a template and of all that it deploys, within one budget.
pub fn lower<'t>(
    templates: &dyn Templates<'t>,
    entry: Rc<dyn Template<'t> + 't>,
    inputs: &Inputs,
) -> Lowered {
    let (place, parameters) = (entry.place(), entry.parameters());
    let budget = Budget::default();
    let expansion = Expansion::new(templates, inputs, &budget);
    let root = expansion.add(Deployment::root(entry));
    let mut resources = Vec::new();
    expansion.collect(root, &mut resources);
    resources.extend(expansion.secret_reader(root));
    if expansion.deployments.borrow().len() > 1 {
        mark_updates(&mut resources);
    }
    // Collecting has found every deployment.
    let deployments = (0..expansion.deployments.borrow().len()).map(DeploymentId);
    let outputs = deployments.filter_map(|id| expansion.outputs_of(id)).collect();
    Lowered { resources, outputs, parameters, ..expansion.finish(place) }
}

/// A resource that a deployment makes and a later one deploys again is made as the first says. One template may have it
/// only once (F12.15), so that the order is that of the modules.
fn mark_updates(resources: &mut [Resource]) {
    let mut made: HashMap<Rc<str>, Value> = HashMap::new();
    for resource in resources.iter_mut().filter(|one| !one.referenced && !one.repeated && !one.id.is_null()) {
        let is_made = resource.condition.as_bool() == Some(true);
        match made.entry(resource.id.key()) {
            Entry::Occupied(first) => resource.made_as = Some(Box::new(first.get().clone())),
            Entry::Vacant(entry) if is_made => {
                entry.insert(resource.body.clone().assuming(&resource.condition.assumed));
            }
            Entry::Vacant(_) => {}
        }
    }
}

/// Evaluates something at the level of a template, and expands nothing of it. The budget pays for several of them.
pub fn evaluate<'t>(
    templates: &dyn Templates<'t>,
    entry: Rc<dyn Template<'t> + 't>,
    inputs: &Inputs,
    budget: &Budget,
    then: &mut dyn FnMut(&Frame<'_, 't>),
) -> Lowered {
    let place = entry.place();
    let expansion = Expansion::new(templates, inputs, budget);
    let root = expansion.add(Deployment::root(entry));
    then(&Frame::of_deployment(&expansion, root));
    expansion.finish(place)
}

/// Everything one expansion shares. Deployments refer to one another by index, so that nothing keeps itself alive.
pub struct Expansion<'w, 't> {
    templates: &'w dyn Templates<'t>,
    inputs: &'w Inputs,
    budget: &'w Budget,
    deployments: RefCell<Vec<Rc<Deployment<'t>>>>,
    /// Files that others import from, by path.
    libraries: RefCell<HashMap<String, DeploymentId>>,
    /// What is wrong with the text, and the resource around each.
    problems: RefCell<Vec<(Problem, Option<Rc<Instance<'t>>>)>>,
    unknown_functions: RefCell<Set<String>>,
    notes: Notes,
    /// What a language found out about a file and a name in it.
    remembered: RefCell<HashMap<String, Option<String>>>,
    /// Strings that were read in loops, by where they start.
    expressions: RefCell<HashMap<(FileId, usize), Rc<Read>>>,
}

/// What a string of a template means, or why it cannot be read.
pub type Read = Result<Option<expression::Template>, expression::ExprError>;

/// A deployment of one expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeploymentId(usize);

/// One deployment: a template with its parameters, variables and scope.
struct Deployment<'t> {
    template: Rc<dyn Template<'t> + 't>,
    /// The deployment resource that holds this template; `None` at the top.
    holder: Option<Rc<Instance<'t>>>,
    /// The deployment whose parameters and variables its expressions see: its own, or with outer scope its parent's.
    scope: Option<DeploymentId>,
    /// Loop indices around the holder: outer-scope expressions may name them.
    locals: Locals,
    deployment_scope: DeploymentScope,
    /// Of a file that others import from, how many import one another before it.
    imported: usize,
    /// `deployment().name`.
    name: Value,
    /// How its resources are addressed: the deployments above it, by symbolic name.
    path: String,
    declared: OnceCell<Vec<Declared<'t>>>,
    instances: OnceCell<Copies<'t>>,
    /// Where each symbolic name, in lower case, is declared: below which of the declarations above it, outermost first.
    symbols: OnceCell<HashMap<String, Vec<usize>>>,
    /// Its resources by name, and by id.
    names: OnceCell<Rc<Index<'t>>>,
    ids: OnceCell<Rc<Index<'t>>>,
    parameters: Memo,
    variables: Memo,
    outputs: Memo,
    all_outputs: Once<Value>,
}

impl<'t> Deployment<'t> {
    fn root(template: Rc<dyn Template<'t> + 't>) -> Self {
        let level = template.level();
        let name = Value::property(Value::call("deployment", Vec::new()), "name");
        let subscription = match level {
            Level::ResourceGroup | Level::Subscription => {
                Value::property(Value::call("subscription", Vec::new()), "subscriptionId")
            }
            Level::ManagementGroup | Level::Tenant => Value::null(),
        };
        let resource_group = match level {
            Level::ResourceGroup => Value::property(Value::call("resourceGroup", Vec::new()), "name"),
            _ => Value::null(),
        };
        let context = Context { subscription, resource_group };
        Self::new(template, None, DeploymentScope::below(context, level), name)
    }

    fn new(
        template: Rc<dyn Template<'t> + 't>,
        holder: Option<Rc<Instance<'t>>>,
        deployment_scope: DeploymentScope,
        name: Value,
    ) -> Self {
        Self {
            template,
            holder,
            scope: None,
            locals: Locals::default(),
            deployment_scope,
            imported: 0,
            name,
            path: String::new(),
            declared: OnceCell::new(),
            instances: OnceCell::new(),
            symbols: OnceCell::new(),
            names: OnceCell::new(),
            ids: OnceCell::new(),
            parameters: Memo::default(),
            variables: Memo::default(),
            outputs: Memo::default(),
            all_outputs: Once::default(),
        }
    }

    /// Its resources as they are declared.
    fn declared(&self) -> &[Declared<'t>] {
        self.declared.get_or_init(|| Declared::all(self.template.resources()))
    }

    fn symbols(&self) -> &HashMap<String, Vec<usize>> {
        fn find<'t>(
            declarations: &[Rc<dyn Declaration<'t> + 't>],
            above: &[usize],
            found: &mut HashMap<String, Vec<usize>>,
        ) {
            for (at, declaration) in declarations.iter().enumerate() {
                let path = [above, &[at]].concat();
                if let Some(symbol) = declaration.symbol() {
                    found.entry(symbol.to_ascii_lowercase()).or_insert_with(|| path.clone());
                }
                find(&declaration.children(), &path, found);
            }
        }
        self.symbols.get_or_init(|| {
            let mut found = HashMap::new();
            find(&self.template.resources(), &[], &mut found);
            found
        })
    }

    /// The template of a deployment resource: written inside it, or in another file of the project.
    fn nested(expansion: &Expansion<'_, 't>, holder: &Rc<Instance<'t>>) -> Option<Self> {
        let outer = expansion.deployment(holder.deployment)?;
        let frame = Frame::of_instance(expansion, holder);
        let Nested { template, outer_scope } = holder.declaration.nested(&frame)?;
        let mut deployment_scope = expansion.deployment_scope(holder);
        // A template at subscription level declares itself so; within a resource group it would be refused.
        if deployment_scope.level == Level::ResourceGroup
            && template.level() == Level::Subscription
            && holder.declaration.target(&frame).resource_group.is_none()
        {
            let context = Context { resource_group: Value::null(), ..deployment_scope.context };
            deployment_scope = DeploymentScope::below(context, Level::Subscription);
        }
        let (scope, locals) = if outer_scope {
            (Some(holder.deployment), holder.locals.clone())
        } else {
            (None, Locals::default())
        };
        let path = holder.path_below(&outer.path);
        let nested = Self::new(template, Some(Rc::clone(holder)), deployment_scope, expansion.name(holder));
        Some(Self { scope, locals, path, ..nested })
    }
}

impl<'w, 't> Expansion<'w, 't> {
    fn new(templates: &'w dyn Templates<'t>, inputs: &'w Inputs, budget: &'w Budget) -> Self {
        Self {
            templates,
            inputs,
            budget,
            deployments: RefCell::default(),
            libraries: RefCell::default(),
            problems: RefCell::default(),
            unknown_functions: RefCell::default(),
            notes: Notes::default(),
            remembered: RefCell::default(),
            expressions: RefCell::default(),
        }
    }

    /// What was found beside the resources.
    fn finish(self, place: Place) -> Lowered {
        let partially_parsed = self.is_partially_parsed();
        let problems = self.real_problems();
        Lowered {
            unknown_functions: self.unknown_functions.take().into_iter().collect(),
            partially_parsed,
            ..self.notes.finish(problems, self.budget, place, "template")
        }
    }

    /// Pays for the work of one expansion.
    pub fn budget(&self) -> &Budget {
        self.budget
    }

    /// The text of a file that a template reads, whatever it is; one that is not here is missing.
    pub fn text(&self, path: &str) -> Option<(FileId, &'t str)> {
        let found = self.templates.text(path);
        if found.is_none() {
            self.notes.miss(path);
        }
        found
    }

    fn add(&self, deployment: Deployment<'t>) -> DeploymentId {
        self.budget.spend(DEPLOYMENT);
        let mut deployments = self.deployments.borrow_mut();
        deployments.push(Rc::new(deployment));
        DeploymentId(deployments.len() - 1)
    }

    fn deployment(&self, id: DeploymentId) -> Option<Rc<Deployment<'t>>> {
        self.deployments.borrow().get(id.0).cloned()
    }

    /// Records what is wrong with the text, whatever is deployed.
    pub fn problem(&self, place: Place, kind: ProblemKind, message: String) {
        self.note(Problem::new(place, kind, message), None);
    }

    fn note(&self, problem: Problem, within: Option<&Rc<Instance<'t>>>) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() < MAX_RESOURCES {
            problems.push((problem, within.cloned()));
        }
    }

    /// What is wrong with what is deployed: Azure evaluates neither the properties of a resource whose condition does
    /// not hold nor, of a deployment, its template. Which conditions hold is known once all is expanded.
    fn real_problems(&self) -> Vec<Problem> {
        let noted = self.problems.take().into_iter();
        let mut found: Vec<Problem> = noted
            .filter_map(|(mut problem, within)| {
                match within.map(|within| self.condition(&within).is_true()) {
                    Some(Truth::False(_)) => return None,
                    Some(Truth::True(assumed)) => problem.assumed = problem.assumed.and(&assumed),
                    Some(Truth::Unknown(_)) | None => {}
                }
                Some(problem)
            })
            .collect();
        // Of several copies the one that rests on the fewest defaults is the reason.
        sort_by(&mut found, |a, b| {
            let text = (&a.place, a.kind, &a.message).cmp(&(&b.place, b.kind, &b.message));
            text.then(a.assumed.len().cmp(&b.assumed.len()))
        });
        found.dedup_by(|b, a| (&a.place, a.kind, &a.message) == (&b.place, b.kind, &b.message));
        found
    }

    fn unknown_function(&self, name: String) {
        let mut names = self.unknown_functions.borrow_mut();
        if names.len() < MAX_LISTED {
            names.insert(name);
        }
    }

    /// The template in another file that a deployment names. One that is not in the project is missing, and `place`,
    /// where it is named, is notified.
    pub fn linked(
        &self,
        from: &Frame<'_, 't>,
        path: &str,
        place: Place,
        what: &str,
        at: Option<Anchor>,
    ) -> Option<Rc<dyn Template<'t> + 't>> {
        let Some(template) = self.templates.template(path, at) else {
            if self.templates.text(path).is_none() && self.notes.miss(path) {
                let message = format!(
                    "the {what} `{path}` is not among the checked files, so what it deploys is unknown"
                );
                self.problem(place, ProblemKind::UnresolvedModule, message);
            }
            return None;
        };
        let mut depth = 0;
        let mut above = self.deployment(from.home());
        while let Some(next) = above {
            depth += 1;
            if next.template.path() == template.path() {
                self.budget.give_up("a template deploys itself, so that this never ends");
                return None;
            }
            above = next.holder.as_ref().and_then(|holder| self.deployment(holder.deployment));
        }
        if depth > MAX_LINKS {
            self.budget.give_up("templates in other files are nested too deeply");
            return None;
        }
        self.notes.read(template.path());
        Some(template)
    }

    /// What was found out under this key before, or is now.
    pub fn remember(&self, key: String, find: impl FnOnce() -> Option<String>) -> Option<String> {
        let known = self.remembered.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let found = find();
            self.remembered.borrow_mut().insert(key, found.clone());
            found
        })
    }

    /// Records that the host did not pass a file, and that a summary replaces it.
    pub fn summarize(&self, path: &str) {
        self.notes.summarize(path);
    }

    /// The text of a file, whatever it is, if that is here.
    pub fn find(&self, path: &str) -> Option<&'t str> {
        self.templates.text(path).map(|(_, text)| text)
    }

    /// Whether there is a file of this path, whatever it is.
    pub fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// A frame in another file, for what is imported from it.
    pub fn library(&'w self, from: &Frame<'_, 't>, path: &str, place: Place) -> Option<Frame<'w, 't>> {
        let depth = self.deployment(from.home()).map_or(0, |home| home.imported) + 1;
        if depth > MAX_LINKS {
            self.budget.give_up("files import one another too deeply");
            return None;
        }
        let known = self.libraries.borrow().get(path).copied();
        let id = match known {
            Some(id) => id,
            None => {
                let anchor = Anchor { declaration: place, name: place };
                let Some(template) = self.templates.template(path, Some(anchor)) else {
                    if self.templates.text(path).is_none() && self.notes.miss(path) {
                        let message = format!(
                            "the file `{path}` is not among the checked files, so what it exports is unknown"
                        );
                        self.problem(place, ProblemKind::UnresolvedModule, message);
                    }
                    return None;
                };
                let id = self.add(Deployment { imported: depth, ..Deployment::root(template) });
                self.libraries.borrow_mut().insert(path.to_owned(), id);
                id
            }
        };
        Some(Frame::of_deployment(self, id))
    }

    /// What a string of a template means. In a loop it is read once for all copies.
    pub fn read_string(&self, place: (FileId, usize), text: &str, in_loop: bool) -> Rc<Read> {
        if !in_loop {
            return Rc::new(expression::read(text));
        }
        let mut known = self.expressions.borrow_mut();
        Rc::clone(known.entry(place).or_insert_with(|| Rc::new(expression::read(text))))
    }

    /// Whether part of the text could not be read: what seems to be missing may be there.
    fn is_partially_parsed(&self) -> bool {
        self.deployments.borrow().iter().any(|deployment| deployment.template.is_partially_parsed())
            || self.inputs.given.iter().any(|given| given.partially_parsed)
    }

    /// The deployment at the top as a resource, if its parameter file has it read secrets from a vault.
    fn secret_reader(&self, root: DeploymentId) -> Option<Resource> {
        let deployment = self.deployment(root)?;
        let mut place = None;
        let mut references: Vec<Field> = Vec::new();
        for (at, given) in self.inputs.given.iter().enumerate() {
            for secret in &given.secrets {
                let is_declared = deployment.template.parameter(&secret.key).is_some();
                let is_replaced = self.replaced(&secret.key).is_some()
                    || self.inputs.given.iter().skip(at + 1).any(|later| later.value(&secret.key).is_some());
                if is_declared && !is_replaced {
                    place = place.or(secret.value.place);
                    references.push(secret.clone());
                }
            }
        }
        let properties = secret_properties(references)?;
        let kind = names::DEPLOYMENT;
        Some(Resource {
            kind: Rc::from(kind),
            address: format!("{kind}/{}", deployment.name.display()),
            id: extension_id(&deployment.deployment_scope.id, kind, &deployment.name),
            name: deployment.name.clone(),
            api_version: Value::null(),
            body: Value::object(vec![properties]).at(place),
            referenced: false,
            condition: Value::bool(true),
            repeated: false,
            partially_parsed: false,
            only_created: false,
            made_as: None,
            provider: None,
            place: place?,
        })
    }

    /// What a deployment gives back; secret outputs stay out.
    fn outputs_of(&self, id: DeploymentId) -> Option<Resource> {
        let deployment = self.deployment(id)?;
        let names = deployment.template.outputs();
        let place = names.first().map(|(_, place)| *place)?;
        let all = self.outputs(id);
        let fields = all.as_object().map_or(&[][..], Object::fields);
        let known: HashMap<&str, &Value> = fields.iter().map(|field| (&*field.key, &field.value)).collect();
        let given = names.into_iter().map(|(key, place)| {
            let value = known.get(&*key).map_or_else(|| all.get(&key), |value| (*value).clone()).get("value");
            Field { key, key_place: Some(place), value }
        });
        let body = Value::object(given.collect()).at(Some(place));
        let holder = deployment.holder.as_ref();
        let kind = names::DEPLOYMENT;
        Some(Resource {
            kind: Rc::from(kind),
            address: format!("{kind}/{}", deployment.name.display()),
            id: extension_id(&deployment.deployment_scope.id, kind, &deployment.name),
            name: deployment.name.clone(),
            api_version: Value::null(),
            place,
            body,
            referenced: false,
            condition: holder.map_or_else(|| Value::bool(true), |holder| self.condition(holder)),
            repeated: holder.is_some_and(|holder| holder.repeated),
            partially_parsed: false,
            only_created: false,
            made_as: None,
            provider: None,
        })
    }

    /// The resources of a deployment and of those nested in it.
    fn collect(&self, id: DeploymentId, into: &mut Vec<Resource>) {
        for instance in self.instances(id).iter() {
            if !self.budget.spend(1) {
                return;
            }
            if into.len() > MAX_RESOURCES {
                self.budget.give_up("the template expands to too many resources");
                return;
            }
            into.push(self.resource(instance));
            match self.nested(instance) {
                Some(nested) => self.collect(nested, into),
                None if instance.is_deployment() && !instance.declaration.is_existing() => {
                    let arguments = instance.declaration.arguments(&Frame::of_instance(self, instance));
                    let name = self.name(instance).display();
                    self.notes.leave_unread(Unread { name, arguments });
                }
                None => {}
            }
        }
    }

    fn replaced(&self, name: &str) -> Option<&Value> {
        let mut single = self.inputs.parameters.iter().rev();
        single.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// `properties` of a deployment that reads these secrets.
pub fn secret_properties(references: Vec<Field>) -> Option<Field> {
    let parameters = (!references.is_empty()).then(|| Value::object(references))?;
    Some(Field {
        key: Rc::from("properties"),
        key_place: None,
        value: Value::record([("parameters", parameters)]),
    })
}

// ---- parameters and variables

impl<'t> Expansion<'_, 't> {
    /// A parameter as the expressions of this deployment see it.
    fn parameter(&self, id: DeploymentId, name: &str) -> Option<Value> {
        let deployment = self.deployment(id)?;
        if let Some(outer) = deployment.scope {
            return self.parameter(outer, name);
        }
        let declared = deployment.template.parameter(name)?;
        deployment.parameters.get(&declared.name, self.budget, || {
            Some(self.read_parameter(id, &deployment, &declared).or_at(declared.place))
        })
    }

    fn read_parameter(&self, id: DeploymentId, deployment: &Deployment<'t>, declared: &Parameter) -> Value {
        let (template, name) = (&deployment.template, &*declared.name);
        let is_root = deployment.holder.is_none();
        if declared.secure && is_root {
            return Value::parameter(name, Vec::new());
        }
        let given = self.given(deployment, name);
        if let Some(value) = &given
            && !may_be_null(value)
        {
            return value.clone();
        }
        let frame = Frame::of_deployment(self, id);
        let assume = |value: Value| {
            // A nested deployment gets what its parent passes: what is not passed surely has its default.
            if is_root { value.assuming(&crate::eval::Assumptions::parameter(name)) } else { value }
        };
        // Nothing is passed, or null, which is the same.
        let without = match template.default(name, &frame) {
            Some(value) => {
                // Made anew with every deployment: the parameter is what all its uses share.
                let is_fresh = !value.is_closed()
                    && ["newGuid()", "utcNow("].iter().any(|fresh| value.normal().contains(fresh));
                Some(if is_fresh { Value::parameter(name, Vec::new()) } else { assume(value) })
            }
            None if declared.nullable => Some(assume(Value::null())),
            None => None,
        };
        match (given, without) {
            (Some(given), Some(without)) => instead_of_null(&given, &without),
            (Some(value), None) | (None, Some(value)) => value,
            (None, None) => Value::parameter(name, template.allowed(name, &frame)),
        }
    }

    /// What is passed for a parameter from outside the template.
    fn given(&self, deployment: &Deployment<'t>, name: &str) -> Option<Value> {
        let Some(holder) = &deployment.holder else {
            return self
                .replaced(name)
                .or_else(|| self.inputs.given.iter().rev().find_map(|given| given.value(name)))
                .cloned();
        };
        holder.declaration.argument(name, &Frame::of_instance(self, holder)).map(Value::passed)
    }

    /// A variable as the expressions of this deployment see it.
    fn variable(&self, id: DeploymentId, name: &str) -> Option<Value> {
        let deployment = self.deployment(id)?;
        if let Some(outer) = deployment.scope {
            return self.variable(outer, name);
        }
        let compute = || deployment.template.variable(name, &Frame::of_deployment(self, id));
        deployment.variables.get(&name.to_ascii_lowercase(), self.budget, compute)
    }

    fn outputs(&self, id: DeploymentId) -> Value {
        let Some(deployment) = self.deployment(id) else { return Value::null() };
        deployment.all_outputs.get(Value::limit("defined by itself"), || {
            let frame = Frame::of_deployment(self, id);
            let names = deployment.template.outputs();
            let fields = names.iter().filter_map(|(name, _)| {
                let compute = || deployment.template.output(name, &frame);
                let value = deployment.outputs.get(&name.to_ascii_lowercase(), self.budget, compute)?;
                Some((&**name, Value::record([("value", value.given_back())])))
            });
            Value::record(fields)
        })
    }
}

fn may_be_null(value: &Value) -> bool {
    match &value.kind {
        Kind::Null => true,
        Kind::Choice(choice) => may_be_null(&choice.then) || may_be_null(&choice.otherwise),
        _ => false,
    }
}

/// The value, with another one where it is null.
fn instead_of_null(value: &Value, other: &Value) -> Value {
    match &value.kind {
        Kind::Null => other.clone().assuming(&value.assumed),
        Kind::Choice(choice) => Value::choice(
            choice.condition.clone(),
            instead_of_null(&choice.then, other),
            instead_of_null(&choice.otherwise, other),
        )
        .assuming(&value.assumed),
        _ => value.clone(),
    }
}
