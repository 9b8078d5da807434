//! What the expressions of a template may refer to.

use super::instance::{Index, Instance, Unfound};
use super::{DeploymentId, Expansion, MAX_COPIES};
use crate::azure::names;
use crate::eval::evaluator::{KNOWN_PARTS, evaluate_as};
use crate::eval::functions::Context;
use crate::eval::value::distribute;
use crate::eval::{Budget, Field, Kind, Locals, Object, Problem, Scope, TermKind, Value};
use crate::lang::{self, ProblemKind, in_its_place};
use crate::syntax::expression::Expr;
use crate::text::{Place, Span};
use std::cell::OnceCell;
use std::rc::Rc;

/// A place in a template to evaluate from.
#[derive(Clone)]
pub struct Frame<'w, 't> {
    /// What everything in one expansion shares.
    pub expansion: &'w Expansion<'w, 't>,
    /// The deployment whose template holds the text.
    home: DeploymentId,
    /// The deployment whose parameters and variables the text sees.
    scope: DeploymentId,
    /// The names that loops and lambdas bind.
    pub locals: Locals,
    /// The resource that the text is in; of a template's own level the one that deploys it.
    within: Option<Rc<Instance<'t>>>,
    context: Context,
}

/// Where an expression is.
pub struct Where<'a> {
    /// The place of a span that the expression has.
    pub locate: &'a dyn Fn(Span) -> Place,
    /// Whether the parts of the expression are places to report and to edit. In a string of JSON only the whole is.
    pub exact: bool,
    /// Whether part of its file could not be read.
    pub partially_parsed: bool,
}

impl<'w, 't> Frame<'w, 't> {
    /// From the template's own level: its parameters, variables and outputs.
    pub(super) fn of_deployment(expansion: &'w Expansion<'w, 't>, id: DeploymentId) -> Self {
        let home = expansion.deployment(id);
        let scope = home.as_ref().and_then(|home| home.scope).unwrap_or(id);
        // Nested outer scopes see through to the first deployment with a scope of its own.
        let mut seen = scope;
        while let Some(next) = expansion.deployment(seen).and_then(|deployment| deployment.scope) {
            seen = next;
        }
        let context =
            expansion.deployment(seen).map(|deployment| deployment.deployment_scope.context.clone());
        Self {
            expansion,
            home: id,
            scope: seen,
            locals: home.as_ref().map(|home| home.locals.clone()).unwrap_or_default(),
            within: home.and_then(|home| home.holder.clone()),
            context: context.unwrap_or_else(|| expansion.empty_context()),
        }
    }

    /// From inside a resource: its loop indices are bound.
    pub(super) fn of_instance(expansion: &'w Expansion<'w, 't>, instance: &Instance<'t>) -> Self {
        let home = Self::of_deployment(expansion, instance.deployment).bound(instance.locals.clone());
        Self { within: instance.this.upgrade().or(home.within), ..home }
    }

    /// A loop that Azure refuses.
    pub fn refuse_count(&self, count: &Value, place: Place) {
        let Some(copies) = count.as_int() else { return };
        let message = format!("a loop makes 0 to {MAX_COPIES} copies, not {copies}");
        let (kind, assumed) = (ProblemKind::InvalidExpression, count.assumed.clone());
        self.problem(lang::Problem { assumed, ..lang::Problem::new(place, kind, message) });
    }

    /// Records what is wrong with the text here; it does not count where the resource around it is not deployed.
    pub fn problem(&self, problem: lang::Problem) {
        self.expansion.note(problem, self.within.as_ref());
    }

    /// The same place with these names bound, and no others.
    pub(super) fn bound(self, locals: Locals) -> Self {
        Self { locals, ..self }
    }

    /// Whether the text here may be evaluated once more, for another copy.
    pub fn is_repeated(&self) -> bool {
        let is_held = || self.expansion.deployment(self.home).is_some_and(|home| home.holder.is_some());
        !self.locals.is_empty() || is_held()
    }

    /// The deployment whose template holds the text.
    pub(super) fn home(&self) -> DeploymentId {
        self.home
    }

    /// The same place with one more name bound.
    #[must_use]
    pub fn with(&self, name: &str, value: Value) -> Self {
        Self { locals: self.locals.with(name, value), ..self.clone() }
    }

    /// The same place seen from the level of the template.
    #[must_use]
    pub fn outside(&self) -> Self {
        Self { locals: Locals::default(), ..Self::of_deployment(self.expansion, self.scope) }
    }

    /// Evaluates an expression of the template; a loop that it is has this name.
    pub fn evaluate(&self, expr: &Expr, name: Option<&str>, at: &Where) -> Value {
        evaluate_as(expr, name, &Here { frame: self, at }, &self.locals)
    }

    /// The value of a variable that this place sees.
    pub fn variable(&self, name: &str) -> Option<Value> {
        self.expansion.variable(self.scope, name)
    }

    /// The result of a function that the template here defines.
    pub fn function(&self, namespace: Option<&str>, name: &str, args: &[Value]) -> Option<Value> {
        let deployment = self.expansion.deployment(self.scope)?;
        let compute = || deployment.template.function(namespace, name, args, &self.outside());
        let mut found = true;
        let value = self.expansion.budget.nested(|| {
            compute().unwrap_or_else(|| {
                found = false;
                Value::null()
            })
        });
        found.then_some(value)
    }

    /// The resource of this template with a symbolic name; of several copies the one with this index.
    pub fn resource(&self, symbol: &str, index: Option<&Value>) -> Result<Rc<Instance<'t>>, Unfound> {
        let of = |symbol: &str, at| self.expansion.symbolic(self.home, symbol, at);
        match index {
            None => of(symbol, Turn::Only),
            Some(index) => {
                let known = index.as_int().map(|index| of(symbol, Turn::At(index)));
                known.unwrap_or(Err(Unfound::Undeclared)).or_else(|missing| match missing {
                    Unfound::Cycle => Err(missing),
                    Unfound::Undeclared => of(symbol, Turn::Any),
                })
            }
        }
    }
}

/// What is meant of a symbolic name.
#[derive(Clone, Copy)]
enum Turn {
    /// A resource without a loop.
    Only,
    /// The copy with this index.
    At(i64),
    /// The resource that represents any number of copies.
    Any,
}

/// Why a value that needs itself is not known.
const CYCLE: &str = "defined by itself";

/// A frame and the text in it that is being evaluated.
struct Here<'f, 'w, 't> {
    frame: &'f Frame<'w, 't>,
    at: &'f Where<'f>,
}

impl Scope for Here<'_, '_, '_> {
    fn context(&self) -> &Context {
        &self.frame.context
    }

    fn budget(&self) -> &Budget {
        self.frame.expansion.budget
    }

    fn place(&self, expr: &Expr) -> Option<Place> {
        self.at.exact.then(|| (self.at.locate)(expr.span))
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        self.frame.expansion.parameter(self.frame.scope, name)
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.frame.variable(name)
    }

    fn symbol(&self, name: &str, index: Option<&Value>) -> Option<Value> {
        let expansion = self.frame.expansion;
        match self.frame.resource(name, index) {
            Ok(instance) => Some(expansion.symbol(&instance)),
            Err(Unfound::Cycle) => Some(Value::limit(CYCLE)),
            Err(Unfound::Undeclared) => None,
        }
    }

    fn symbols(&self, name: &str) -> Option<Value> {
        self.frame.expansion.symbols(self.frame.home, name)
    }

    fn symbol_part(&self, name: &str, index: Option<&Value>, part: &str) -> Option<Value> {
        let expansion = self.frame.expansion;
        Some(match self.frame.resource(name, index) {
            Ok(instance) => expansion.symbol_part(&instance, part),
            Err(Unfound::Cycle) => Value::limit(CYCLE),
            Err(Unfound::Undeclared) => {
                let open = Value::call("resource", vec![Value::text(name)]);
                let copy = index.map(|index| Value::call("index", vec![open.clone(), index.clone()]));
                Value::property(copy.unwrap_or(open), part)
            }
        })
    }

    fn user_function(&self, namespace: Option<&str>, name: &str, args: &[Value]) -> Option<Value> {
        self.frame.function(namespace, name, args)
    }

    fn resource_function(&self, name: &str, args: &[Value]) -> Option<Value> {
        let frame = self.frame;
        let expansion = frame.expansion;
        let lower = name.to_ascii_lowercase();
        Some(match (lower.as_str(), args) {
            ("resourcegroup", []) => group_object(&frame.context.subscription, &frame.context.resource_group),
            // What Bicep may name as a scope; a function of ARM takes no arguments.
            ("az.resourcegroup", [group]) => group_object(&frame.context.subscription, group),
            ("az.resourcegroup", [subscription, group]) => group_object(subscription, group),
            ("az.subscription", [subscription]) => subscription_object(subscription),
            ("subscription", []) => subscription_object(&frame.context.subscription),
            ("environment", []) => crate::eval::environment(expansion.inputs.cloud),
            ("deployment", []) => {
                let deployment = expansion.deployment(frame.scope)?;
                let own = Value::call("deployment", Vec::new());
                match deployment.holder {
                    Some(_) => {
                        let name = &deployment.name;
                        let base = Value::call("deployment", vec![name.clone()]);
                        Value::partial(base, Value::record([("name", name.clone())]))
                    }
                    None => own,
                }
            }
            ("tenant", _) => Value::call("tenant", args.to_vec()),
            ("managementgroup" | "az.managementgroup", _) => {
                let base = Value::call("managementGroup", args.to_vec());
                let head = Value::text(names::MANAGEMENT_GROUP_PATH);
                let name = args.first().cloned().unwrap_or_else(|| base.get("name"));
                let id = Value::concat(&[head, name]);
                Value::partial(base, Value::record([("id", id)]))
            }
            ("deployer", _) => Value::call("deployer", args.to_vec()),
            ("reference", [target, rest @ ..]) => {
                let full = rest.get(1).is_some_and(is_full);
                distribute(std::slice::from_ref(target), &|targets| {
                    targets
                        .first()
                        .map_or_else(Value::null, |target| expansion.reference(frame, target, full))
                })
            }
            ("references", [target, rest @ ..]) => {
                expansion.references(frame, target, rest.iter().any(is_full))
            }
            ("resourceinfo", [symbol]) => expansion.resource_info(frame, symbol)?,
            ("getsecret", _) => Value::call("getSecret", args.to_vec()),
            // What is deployed already of the resource around.
            _ if lower.starts_with("this.") => Value::call(name, args.to_vec()),
            _ if lower.starts_with("list") => Value::call(name, args.to_vec()),
            _ => return None,
        })
    }

    fn report(&self, expr: &Expr, problem: Problem) {
        // What is not declared may be in the part that cannot be read.
        if matches!(problem, Problem::Undeclared { .. }) && self.at.partially_parsed {
            return;
        }
        let place = (self.at.locate)(expr.span);
        let problem = match problem {
            Problem::Undeclared { what, name } => {
                let message = format!("nothing declares the {what} `{name}`");
                lang::Problem::new(place, ProblemKind::UnresolvedReference, message)
            }
            Problem::Refused { reason: message, assumed } => lang::Problem {
                assumed,
                ..lang::Problem::new(place, ProblemKind::InvalidExpression, message)
            },
            Problem::NoProperty { name, known, object, assumed } => {
                let message = format!("the object here has no property `{name}`{}", in_its_place(&known));
                lang::Problem::no_property(place, message, object, assumed)
            }
            Problem::UnknownFunction(name) => return self.frame.expansion.unknown_function(name),
        };
        self.frame.problem(problem);
    }
}

fn is_full(word: &Value) -> bool {
    word.as_text().is_some_and(|word| word.eq_ignore_ascii_case("full"))
}

fn group_object(subscription: &Value, group: &Value) -> Value {
    let id = Value::concat(&[
        Value::text("/subscriptions/"),
        subscription.clone(),
        Value::text("/resourceGroups/"),
        group.clone(),
    ]);
    let base = scope_object("resourceGroup", group, "name");
    Value::partial(base, Value::record([("name", group.clone()), ("id", id)]))
}

fn subscription_object(subscription: &Value) -> Value {
    let id = Value::concat(&[Value::text("/subscriptions/"), subscription.clone()]);
    let base = scope_object("subscription", subscription, "subscriptionId");
    Value::partial(base, Value::record([("subscriptionId", subscription.clone()), ("id", id)]))
}

/// `resourceGroup()` here, `resourceGroup('other')` for another one: the identity of what Azure completes.
fn scope_object(function: &str, name: &Value, property: &str) -> Value {
    let own = Value::call(function, Vec::new());
    if name.same(&own.get(property)) == Some(true) { own } else { Value::call(function, vec![name.clone()]) }
}

// ---- references to resources of the template

impl<'t> Expansion<'_, 't> {
    pub(super) fn empty_context(&self) -> Context {
        Context { subscription: Value::null(), resource_group: Value::null() }
    }

    /// The resource of a deployment with a symbolic name. Of two of which surely only one is deployed, it is that.
    fn symbolic(&self, id: DeploymentId, symbol: &str, turn: Turn) -> Result<Rc<Instance<'t>>, Unfound> {
        let copies = self.copies_of(id, symbol)?;
        let is_it = |copy: &&Rc<Instance<'t>>| {
            let behind = copy.symbol.as_deref().and_then(|full| full.get(symbol.len()..));
            match turn {
                Turn::Only => behind == Some(""),
                Turn::Any => behind == Some("[]"),
                Turn::At(index) => {
                    let written = behind.and_then(|turn| turn.strip_prefix('[')?.strip_suffix(']'));
                    written.is_some_and(|turn| turn.parse() == Ok(index))
                }
            }
        };
        let direct = match turn {
            Turn::At(index) => usize::try_from(index).ok().and_then(|index| copies.get(index)).filter(is_it),
            _ => None,
        };
        let mut all = copies.iter().filter(is_it);
        let first = direct.or_else(|| all.next()).ok_or(Unfound::Undeclared)?;
        let is_out = |copy: &Rc<Instance<'t>>| self.condition(copy).is_true().is_false();
        let other = if direct.is_none() && all.clone().next().is_some() && is_out(first) {
            all.find(|copy| !is_out(copy))
        } else {
            None
        };
        Ok(Rc::clone(other.unwrap_or(first)))
    }

    /// What a symbolic name means in ARM's functions, which write the index of a copy into it.
    fn named(&self, id: DeploymentId, symbol: &Value) -> Option<Rc<Instance<'t>>> {
        let symbol = symbol.as_text()?;
        let indexed = symbol.strip_suffix(']').and_then(|symbol| symbol.split_once('['));
        let (symbol, turn) = match indexed {
            Some((symbol, index)) => (symbol, Turn::At(index.parse().ok()?)),
            None => (symbol, Turn::Only),
        };
        self.symbolic(id, symbol, turn).ok()
    }

    /// The resource that a symbolic name, id or name means, looked for from `frame` outwards.
    fn target(&self, frame: &Frame<'_, 't>, target: &Value) -> Option<Rc<Instance<'t>>> {
        let key = identity(target)?;
        let mut next = Some(frame.home);
        while let Some(id) = next {
            let deployment = self.deployment(id)?;
            let by_id = || self.index(id, &deployment.ids, |of| self.id(of)).get(&key).map(Rc::clone);
            let by_name = || self.index(id, &deployment.names, |of| self.name(of)).get(&key).map(Rc::clone);
            if let Some(found) = self.named(id, target).or_else(by_id).or_else(by_name) {
                return Some(found);
            }
            next = deployment.holder.as_ref().map(|holder| holder.deployment);
        }
        None
    }

    /// The resources of a deployment by one of their identities. Of two that have the same one, of which surely only
    /// one is deployed, it is that.
    fn index(
        &self,
        id: DeploymentId,
        known: &OnceCell<Rc<Index<'t>>>,
        identify: impl Fn(&Instance<'t>) -> Value,
    ) -> Rc<Index<'t>> {
        if let Some(known) = known.get() {
            return Rc::clone(known);
        }
        let instances = self.instances(id);
        self.budget.spend(instances.len() as u64);
        let mut index = Index::new();
        for instance in instances.iter() {
            let Some(key) = identity(&identify(instance)) else { continue };
            match index.get(&key) {
                Some(first) if !self.condition(first).is_true().is_false() => {}
                _ => {
                    index.insert(key, Rc::clone(instance));
                }
            }
        }
        let index = Rc::new(index);
        // What lacks the copies of a loop that is being made is good for now only.
        let is_whole = self.deployment(id).is_some_and(|deployment| deployment.instances.get().is_some());
        if is_whole { Rc::clone(known.get_or_init(|| index)) } else { index }
    }

    fn reference(&self, frame: &Frame<'_, 't>, target: &Value, full: bool) -> Value {
        let Some(instance) = self.target(frame, target) else {
            return Value::call("reference", vec![target.clone()]);
        };
        self.referenced(&instance, full)
    }

    /// What `reference` gives for a resource of the template: what it declares, and the rest generated.
    fn referenced(&self, instance: &Rc<Instance<'t>>, full: bool) -> Value {
        self.budget.nested(|| {
            let of = Value::call("reference", vec![self.id(instance)]);
            if let Some(nested) = self.nested(instance) {
                let outputs = Value::partial(Value::property(of.clone(), "outputs"), self.outputs(nested));
                let outputs = Value::record([("outputs", outputs)]);
                return if full {
                    Value::partial(of, Value::record([("properties", outputs)]))
                } else {
                    Value::partial(of, outputs)
                };
            }
            if full {
                Value::partial(
                    of.clone(),
                    Value::object(self.completed(instance, &of)).at(self.body(instance).place),
                )
            } else {
                Value::completed(of, self.properties(instance))
            }
        })
    }

    /// The properties that a resource declares. What Azure makes a resource of its own of, the subnets that a network
    /// lists, has an id.
    pub(super) fn with_ids(&self, instance: &Rc<Instance<'t>>) -> Value {
        let properties = self.body(instance).get("properties");
        let Some(object) = properties
            .as_object()
            .filter(|_| instance.kind.to_ascii_lowercase().starts_with("microsoft.network/"))
        else {
            return properties;
        };
        let id = self.id(instance);
        let fields = object.fields().iter().map(|field| Field {
            value: with_ids(
                &field.value,
                &Value::concat(&[id.clone(), Value::text(format!("/{}/", field.key))]),
            ),
            ..field.clone()
        });
        Value { kind: Value::object(fields.collect()).kind, ..properties.clone() }
    }

    /// What a resource declares, as far as Azure leaves it alone: it adds to two parts as it does to the whole, the id
    /// of an identity and the address of a vault.
    fn completed(&self, instance: &Rc<Instance<'t>>, of: &Value) -> Vec<Field> {
        let mut fields =
            self.body(instance).as_object().map(|body| body.fields().to_vec()).unwrap_or_default();
        for field in &mut fields {
            let is_completed =
                ["identity", "properties"].iter().any(|key| field.key.eq_ignore_ascii_case(key));
            if is_completed && field.value.as_object().is_some() {
                let part = Value::property(of.clone(), &field.key);
                let declared = match field.key.eq_ignore_ascii_case("properties") {
                    true => self.properties(instance),
                    false => std::mem::take(&mut field.value),
                };
                field.value = Value::completed(part, declared);
            }
        }
        fields
    }

    fn references(&self, frame: &Frame<'_, 't>, target: &Value, full: bool) -> Value {
        let open = || Value::call("references", vec![target.clone()]);
        let Some(symbol) = target.as_text() else { return open() };
        let Ok(copies) = self.copies_of(frame.home, symbol) else { return open() };
        if copies.iter().any(|copy| copy.repeated || !self.is_present(copy)) {
            return open();
        }
        all_of(&copies, copies.iter().map(|copy| self.referenced(copy, full)).collect())
    }

    fn resource_info(&self, frame: &Frame<'_, 't>, symbol: &Value) -> Option<Value> {
        let instance = self.target(frame, symbol)?;
        let of = Value::call("resourceInfo", vec![self.id(&instance)]);
        let declared = Value::record([
            ("id", placeless(self.id(&instance))),
            ("name", placeless(self.name(&instance))),
            ("type", Value::text(Rc::clone(&instance.kind))),
        ]);
        Some(Value::partial(of, declared))
    }

    /// One of [`KNOWN_PARTS`].
    fn symbol_part(&self, instance: &Rc<Instance<'t>>, part: &str) -> Value {
        match part {
            "id" => placeless(self.id(instance)),
            "name" => placeless(self.own_name(instance)),
            "type" => Value::text(Rc::clone(&instance.kind)),
            _ => instance.declaration.api_version(&Frame::of_instance(self, instance)),
        }
    }

    /// What the symbolic name of a loop gives without an index: the list of its copies.
    fn symbols(&self, id: DeploymentId, symbol: &str) -> Option<Value> {
        let copies = self.copies_of(id, symbol).ok()?;
        if copies.iter().any(|copy| copy.repeated || !self.is_present(copy)) {
            return None;
        }
        let items = copies.iter().map(|copy| {
            let item = self.symbol(copy);
            // With an index, outputs are objects that hold the value, as the file's own expressions read them.
            match self.nested(copy) {
                Some(_) => with_plain_outputs(&item),
                None => item,
            }
        });
        Some(self.budget.make(all_of(&copies, items.collect())))
    }

    /// What a symbolic name alone gives: what the resource declares, and the rest generated.
    fn symbol(&self, instance: &Rc<Instance<'t>>) -> Value {
        self.budget.spend(self.body(instance).elements_held() as u64);
        let of = Value::call("reference", vec![self.id(instance)]);
        let properties = match self.nested(instance) {
            Some(_) => ("outputs", self.referenced(instance, false).get("outputs")),
            None => ("properties", self.referenced(instance, false)),
        };
        let mut known = vec![properties];
        known.extend(KNOWN_PARTS.map(|part| (part, self.symbol_part(instance, part))));
        let mut fields = self.completed(instance, &of);
        fields.retain(|field| known.iter().all(|(key, _)| !field.key.eq_ignore_ascii_case(key)));
        let known =
            known.into_iter().map(|(key, value)| Field { key: Rc::from(key), key_place: None, value });
        fields.extend(known);
        Value::partial(of, Value::object(fields))
    }
}

/// The list of what is made of all copies of a resource: how many there are may rest on defaults.
fn all_of(copies: &[Rc<Instance<'_>>], items: Vec<Value>) -> Value {
    copies.iter().fold(Value::array(items), |all, copy| all.assuming(&copy.present.assumed))
}

/// A module whose outputs are their values.
fn with_plain_outputs(module: &Value) -> Value {
    let outputs = module.get("outputs");
    let Kind::Term(term) = &outputs.kind else { return module.clone() };
    let TermKind::Partial { of, declared } = &term.kind else { return module.clone() };
    let fields = declared.as_object().map(Object::fields).unwrap_or_default().iter();
    let plain = fields.map(|field| Field { value: field.value.get("value"), ..field.clone() });
    let outputs = Value::partial(of.clone(), Value::object(plain.collect()));
    let own = ["id", "name"].map(|part| (part, module.get(part)));
    Value::partial(
        Value::property(of.clone(), "module"),
        Value::record(own.into_iter().chain([("outputs", outputs)])),
    )
}

/// A list whose entries have ids below `parent`, as far as it lists what has a name and properties.
fn with_ids(list: &Value, parent: &Value) -> Value {
    let with_id = |item: &Value| {
        let name = item.get("name");
        let Some(object) =
            item.as_object().filter(|object| object.field("properties").is_some() && !name.is_null())
        else {
            return item.clone();
        };
        let id = Value::concat(&[parent.clone(), name]);
        let mut fields = object.fields().to_vec();
        fields.push(Field { key: Rc::from("id"), key_place: None, value: placeless(id.clone()) });
        let declared = Value { kind: Value::object(fields).kind, ..item.clone() };
        Value::partial(Value::call("reference", vec![id]), declared).at(item.place)
    };
    let kind = match &list.kind {
        Kind::Array(array) => Value::array(array.items().iter().map(with_id).collect()).kind,
        Kind::Choice(choice) => {
            let (then, otherwise) = (with_ids(&choice.then, parent), with_ids(&choice.otherwise, parent));
            Value::choice(choice.condition.clone(), then, otherwise).kind
        }
        _ => return list.clone(),
    };
    Value { kind, ..list.clone() }
}

/// What a resource is called elsewhere is written there: to change it there is not to rename the resource.
fn placeless(value: Value) -> Value {
    Value { place: None, ..value }
}

/// What names and ids compare by: their normal form without case.
fn identity(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.normal().to_ascii_lowercase())
}
