//! One resource of a template after its loops are expanded.

use super::deployment::{Deployment, DeploymentId, Landing, Level};
use super::node::MAX_COPIES;
use super::scope::Frame;
use super::{ProblemKind, Resource, World, member, object, place_of, text};
use crate::azure::Cloud;
use crate::eval::evaluator::loop_index;
use crate::eval::functions::{self, Context};
use crate::eval::ids::{extension_id, name_segments};
use crate::eval::{Field, Kind, Locals, TermKind, Value};
use crate::syntax::json::{self, Node, Object, Ranged};
use crate::text::{Place, shortened};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// Bytes of an address; no name that Azure accepts makes a longer one.
const MAX_ADDRESS: usize = 1000;

pub(super) struct Instance<'t> {
    pub(super) node: &'t Object<'t>,
    /// ARM type with its parents'.
    pub(super) kind: Rc<str>,
    /// Symbolic name, with the index of a copy: `kv[0]`.
    pub(super) symbol: Option<Rc<str>>,
    pub(super) deployment: DeploymentId,
    /// The resource it is written inside of.
    pub(super) parent: Option<Rc<Instance<'t>>>,
    /// Loop indices.
    pub(super) locals: Locals,
    /// Set when this stands for any number of copies.
    pub(super) repeated: bool,
    /// Whether its loop makes this copy.
    present: Value,
    condition: Once<Value>,
    name: Once<Value>,
    id: Once<Value>,
    body: Once<Value>,
    nested: Once<Option<DeploymentId>>,
}

/// What is computed when it is first asked for; asking for it while it is being computed is a cycle.
pub(super) struct Once<T> {
    value: OnceCell<T>,
    busy: Cell<bool>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { value: OnceCell::new(), busy: Cell::new(false) }
    }
}

impl<T: Clone> Once<T> {
    pub(super) fn get(&self, on_cycle: T, compute: impl FnOnce() -> T) -> T {
        if let Some(known) = self.value.get() {
            return known.clone();
        }
        if self.busy.replace(true) {
            return on_cycle;
        }
        let value = compute();
        self.busy.set(false);
        self.value.get_or_init(|| value).clone()
    }
}

impl Instance<'_> {
    /// How the resources of a deployment resource are addressed.
    pub(super) fn path_below(&self, above: &str) -> String {
        match &self.symbol {
            Some(symbol) => format!("{above}{symbol}."),
            None => above.to_owned(),
        }
    }

    pub(super) fn is_deployment(&self) -> bool {
        self.kind.eq_ignore_ascii_case("Microsoft.Resources/deployments")
    }
}

impl<'t> World<'t> {
    /// The resources of a deployment's own template.
    pub(super) fn instances(&self, id: DeploymentId) -> Rc<Vec<Rc<Instance<'t>>>> {
        let Some(deployment) = self.deployment(id) else { return Rc::default() };
        if let Some(found) = deployment.instances.get() {
            return Rc::clone(found);
        }
        let mut found = Vec::new();
        let locals = deployment.locals.clone();
        match member(deployment.template, "resources") {
            Some(Node::Array(resources)) => {
                for node in resources.elements.iter().filter_map(object) {
                    self.expand(id, node, None, None, &locals, &mut found);
                }
            }
            Some(Node::Object(resources)) => {
                for prop in &resources.properties {
                    if let Some(node) = object(&prop.value) {
                        self.expand(id, node, Some(prop.name.as_str()), None, &locals, &mut found);
                    }
                }
            }
            _ => {}
        }
        Rc::clone(deployment.instances.get_or_init(|| Rc::new(found)))
    }

    fn expand(
        &self,
        id: DeploymentId,
        node: &'t Object<'t>,
        symbol: Option<&str>,
        parent: Option<&Rc<Instance<'t>>>,
        locals: &Locals,
        into: &mut Vec<Rc<Instance<'t>>>,
    ) {
        let around = parent.map_or_else(|| Value::bool(true), |parent| parent.present.clone());
        let Some(copy) = member(node, "copy").and_then(object) else {
            let once = Copy { symbol: symbol.map(Rc::from), locals: locals.clone(), repeated: false };
            self.push(id, node, once, around, parent, into);
            return;
        };
        let base = Frame { locals: locals.clone(), ..Frame::of_deployment(self, id) };
        let count = member(copy, "count").map_or_else(Value::null, |node| base.value(node));
        let name = member(copy, "name").and_then(text);
        let bind = |index: Value| {
            let locals = locals.with(&loop_index(None), index.clone());
            name.map_or_else(|| locals.clone(), |name| locals.with(&loop_index(Some(name)), index))
        };
        let indexed = |at: &str| symbol.map(|symbol| Rc::from(format!("{symbol}[{at}]").as_str()));
        let any = |present: Value, into: &mut Vec<_>| {
            let locals = bind(Value::local(&loop_index(name)));
            let copy = Copy { symbol: indexed(""), locals, repeated: true };
            self.push(id, node, copy, present, parent, into);
        };
        match most_copies(&count) {
            // None by default: it is there when the parameter says so.
            Some(0) if !count.assumed.is_empty() => {
                any(both(around, Value::bool(false).assuming(&count.assumed)), into);
            }
            Some(most) if (0..=MAX_COPIES).contains(&most) => {
                for index in 0..most {
                    if !self.budget.spend(1) {
                        return;
                    }
                    let present = both(around.clone(), is_greater(&count, index));
                    let locals = bind(Value::int(index));
                    let copy = Copy { symbol: indexed(&index.to_string()), locals, repeated: false };
                    self.push(id, node, copy, present, parent, into);
                }
            }
            Some(_) => {
                if let Some(written) = member(copy, "count") {
                    self.refuse_count(&base, written, &count);
                }
                any(around, into);
            }
            None => any(around, into),
        }
    }

    /// A loop that Azure refuses; one that does so only by default is none.
    pub(super) fn refuse_count(&self, frame: &Frame<'_, 't>, written: &'t Node<'t>, count: &Value) {
        if let (true, Some(count)) = (count.assumed.is_empty(), count.as_int()) {
            self.problem(
                place_of(frame.file, written),
                ProblemKind::InvalidExpression,
                format!("a loop makes 0 to {MAX_COPIES} copies, not {count}"),
            );
        }
    }

    fn push(
        &self,
        id: DeploymentId,
        node: &'t Object<'t>,
        copy: Copy,
        present: Value,
        parent: Option<&Rc<Instance<'t>>>,
        into: &mut Vec<Rc<Instance<'t>>>,
    ) {
        let Copy { symbol, locals, repeated } = copy;
        let frame = Frame { locals: locals.clone(), ..Frame::of_deployment(self, id) };
        let written = member(node, "type").map_or_else(Value::null, |node| frame.value(node)).display();
        // An extension type of a symbolic-name template is written `Provider@version`.
        let written = written.split('@').next().unwrap_or_default().to_owned();
        let kind: Rc<str> = match parent {
            Some(parent) if !written.contains('.') => Rc::from(format!("{}/{written}", parent.kind).as_str()),
            _ => Rc::from(written.as_str()),
        };
        let repeated = repeated || parent.is_some_and(|parent| parent.repeated);
        let instance = Rc::new(Instance {
            node,
            kind,
            symbol,
            deployment: id,
            parent: parent.map(Rc::clone),
            locals: locals.clone(),
            repeated,
            present,
            condition: Once::default(),
            name: Once::default(),
            id: Once::default(),
            body: Once::default(),
            nested: Once::default(),
        });
        into.push(Rc::clone(&instance));
        match member(node, "resources") {
            Some(Node::Array(children)) => {
                for child in children.elements.iter().filter_map(object) {
                    self.expand(id, child, None, Some(&instance), &locals, into);
                }
            }
            Some(Node::Object(children)) => {
                for prop in &children.properties {
                    if let Some(child) = object(&prop.value) {
                        self.expand(id, child, Some(prop.name.as_str()), Some(&instance), &locals, into);
                    }
                }
            }
            _ => {}
        }
    }

    /// The name with the parents' names.
    pub(super) fn name(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.name, || {
            let frame = Frame::of_instance(self, instance);
            let own = member(instance.node, "name").map_or_else(Value::null, |node| frame.value(node));
            // Written inside its parent it has a name of its own only; a full name is tolerated beside a full type.
            let missing = |parent: &Instance| {
                let types = |kind: &str| kind.split('/').count();
                name_segments(&own).len() + types(&parent.kind) <= types(&instance.kind)
            };
            match &instance.parent {
                Some(parent) if is_below(instance, parent) && missing(parent) => {
                    let place = own.place;
                    Value::concat(&[self.name(parent), Value::text("/"), own]).at(place)
                }
                _ => own,
            }
        })
    }

    /// The resource id.
    pub(super) fn id(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.id, || {
            let name = self.name(instance);
            let landing = self.landing(instance);
            if let (Some(scope), false) = (member(instance.node, "scope"), instance.is_deployment()) {
                let scope = Frame::of_instance(self, instance).value(scope);
                return extension_id(&scope_id(&landing, &scope), &instance.kind, &name);
            }
            if instance.kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
                let subscription = landing.context.subscription;
                return Value::concat(&[
                    Value::text("/subscriptions/"),
                    subscription,
                    Value::text("/resourceGroups/"),
                    name,
                ]);
            }
            extension_id(&landing.id, &instance.kind, &name)
        })
    }

    /// Where a resource lands: with its deployment, unless it says otherwise. For a deployment resource that is where
    /// its own resources land too.
    pub(super) fn landing(&self, instance: &Instance<'t>) -> Landing {
        let Some(deployment) = self.deployment(instance.deployment) else {
            return Landing::below(self.empty_context(), Level::Tenant);
        };
        let frame = Frame::of_instance(self, instance);
        let at = |key: &str| {
            member(instance.node, key).map(|node| frame.value(node)).filter(|value| !value.is_null())
        };
        let landing = match at("scope") {
            Some(scope) if instance.is_deployment() => deployment.landing.scope(&scope),
            _ => deployment.landing.clone(),
        };
        let (subscription, resource_group) = (at("subscriptionId"), at("resourceGroup"));
        if subscription.is_none() && resource_group.is_none() {
            return landing;
        }
        let level = if resource_group.is_some() { Level::ResourceGroup } else { Level::Subscription };
        let context = Context {
            subscription: subscription.unwrap_or(landing.context.subscription),
            resource_group: resource_group.unwrap_or_default(),
            ..landing.context
        };
        Landing::below(context, level)
    }

    /// Everything the resource declares, evaluated.
    pub(super) fn body(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.body, || {
            let frame = Frame::of_instance(self, instance);
            // What another template engine evaluates, and what is read elsewhere, is left alone.
            let opaque = instance.kind.to_ascii_lowercase().starts_with("microsoft.resources/");
            // What it waits for says nothing of what it is.
            let mut fields: Vec<Field> = instance
                .node
                .properties
                .iter()
                .filter(|prop| {
                    let key = prop.name.as_str();
                    let apart =
                        ["resources", "copy", "dependsOn"].iter().chain(opaque.then_some(&"properties"));
                    apart.into_iter().all(|part| !key.eq_ignore_ascii_case(part))
                })
                .map(|prop| frame.field(prop))
                .collect();
            if instance.is_deployment() {
                fields.extend(secrets(&frame, instance.node));
            }
            let anchor = json::get(instance.node, "name").and_then(|prop| frame.place(prop.value.range()));
            Value { anchor, ..Value::object(fields).at(frame.place(instance.node.range)) }
        })
    }

    /// The deployment a deployment resource makes.
    pub(super) fn nested(&self, instance: &Rc<Instance<'t>>) -> Option<DeploymentId> {
        if !instance.is_deployment() {
            return None;
        }
        instance
            .nested
            .get(None, || Deployment::nested(self, instance).map(|deployment| self.add(deployment)))
    }

    fn once(&self, cell: &Once<Value>, compute: impl FnOnce() -> Value) -> Value {
        cell.get(Value::limit("defined by itself"), || self.budget.keep(self.budget.nested(compute)))
    }

    /// The instance as the model sees it.
    pub(super) fn resource(&self, instance: &Rc<Instance<'t>>) -> Resource {
        let frame = Frame::of_instance(self, instance);
        let name = self.name(instance);
        let path = self.deployment(instance.deployment).map(|deployment| deployment.path.clone());
        let address = match &instance.symbol {
            Some(symbol) => format!("{}{symbol}", path.unwrap_or_default()),
            None => shortened(format!("{}/{}", instance.kind, name.display()), MAX_ADDRESS),
        };
        let existing =
            matches!(member(instance.node, "existing"), Some(Node::BooleanLit(flag)) if flag.value);
        let span = frame.file.parsed.span(instance.node.range);
        Resource {
            kind: Rc::clone(&instance.kind),
            address,
            id: self.id(instance),
            api_version: member(instance.node, "apiVersion")
                .map_or_else(Value::null, |node| frame.value(node)),
            body: self.body(instance),
            existing,
            condition: self.condition(instance),
            repeated: instance.repeated,
            damaged: frame.file.parsed.is_damaged(instance.node.range),
            place: Place { file: frame.file.id, span },
            name,
        }
    }

    /// Whether its loop surely makes this copy.
    pub(super) fn is_present(&self, instance: &Instance<'t>) -> bool {
        instance.present.is_true().is_true()
    }

    /// Whether it is deployed: its own condition, its loop's count, and the conditions of the deployments around it.
    /// A parent's condition is not its children's: Azure deploys them all the same.
    pub(super) fn condition(&self, instance: &Instance<'t>) -> Value {
        instance.condition.get(Value::limit("defined by itself"), || {
            let frame = Frame::of_instance(self, instance);
            let written = member(instance.node, "condition");
            let own = written.map_or_else(|| Value::bool(true), |node| frame.value(node));
            let own = both(own, instance.present.clone());
            let deployment = self.deployment(instance.deployment);
            match deployment.as_ref().and_then(|deployment| deployment.holder.as_ref()) {
                Some(holder) => both(self.condition(holder), own),
                None => own,
            }
        })
    }
}

/// One turn of a loop.
struct Copy {
    symbol: Option<Rc<str>>,
    locals: Locals,
    repeated: bool,
}

fn is_below(child: &Instance, parent: &Instance) -> bool {
    let head = child.kind.get(..parent.kind.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(&parent.kind))
        && child.kind.get(parent.kind.len()..).is_some_and(|rest| rest.starts_with('/'))
}

/// The id that a `scope` means: an id as it stands, or `type/name` where the resource lands.
fn scope_id(landing: &Landing, scope: &Value) -> Value {
    let pieces = scope.pieces();
    match pieces.first().and_then(Value::as_text) {
        Some(text) if !text.starts_with('/') && text.contains('/') => {
            Value::concat(&[landing.id.clone(), Value::text("/providers/"), scope.clone()])
        }
        _ => scope.clone(),
    }
}

/// The secrets that a deployment resource reads for its parameters. The rest of its properties is its template's
/// own.
fn secrets<'t>(frame: &Frame<'_, 't>, deployment: &'t Object<'t>) -> Option<Field> {
    let properties = json::get(deployment, "properties")?;
    let parameters = member(object(&properties.value)?, "parameters").and_then(object)?;
    let references = parameters.properties.iter().filter_map(|prop| {
        let reference = json::get(object(&prop.value)?, "reference")?;
        let value = Value::object(vec![frame.field(reference)]).at(frame.place(prop.value.range()));
        Some(Field { key: Rc::from(prop.name.as_str()), key_place: frame.place(prop.name.range()), value })
    });
    secret_properties(references.collect())
}

/// `properties` of a deployment that reads these secrets.
pub(super) fn secret_properties(references: Vec<Field>) -> Option<Field> {
    let parameters = (!references.is_empty()).then(|| Value::object(references))?;
    Some(Field {
        key: Rc::from("properties"),
        key_place: None,
        value: Value::record([("parameters", parameters)]),
    })
}

/// The largest number of copies, where every possible number is known.
fn most_copies(count: &Value) -> Option<i64> {
    match &count.kind {
        Kind::Int(count) => Some(*count),
        Kind::Choice(choice) => Some(most_copies(&choice.then)?.max(most_copies(&choice.otherwise)?)),
        Kind::Term(term) => match &term.kind {
            TermKind::Parameter { allowed, .. } => {
                allowed.iter().map(Value::as_int).collect::<Option<Vec<_>>>()?.into_iter().max()
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_greater(count: &Value, index: i64) -> Value {
    call("greater", [count.clone(), Value::int(index)])
}

fn both(a: Value, b: Value) -> Value {
    match (&a.kind, &b.kind) {
        (Kind::Bool(true), _) => b.assuming(&a.assumed),
        (_, Kind::Bool(true)) => a.assuming(&b.assumed),
        (Kind::Bool(false), _) => a,
        (_, Kind::Bool(false)) => b,
        _ => call("and", [a, b]),
    }
}

fn call(name: &str, args: [Value; 2]) -> Value {
    let context =
        Context { cloud: Cloud::default(), subscription: Value::null(), resource_group: Value::null() };
    let result = functions::find(name).and_then(|function| functions::call(function, &args, &context).ok());
    result.unwrap_or_else(|| Value::call(name, args.to_vec()))
}
