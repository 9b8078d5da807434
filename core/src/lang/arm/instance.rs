//! One resource of a template after its loops are expanded.

use super::deployment::{Deployment, DeploymentId, Level};
use super::node::MAX_COPIES;
use super::scope::Frame;
use super::{Resource, World, member, object, text};
use crate::eval::evaluator::loop_index;
use crate::eval::ids::{extension_id, resource_id};
use crate::eval::{Kind, Locals, Value};
use crate::syntax::json::{Node, Object, Ranged};
use crate::text::Place;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

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
    name: Once<Value>,
    id: Once<Value>,
    body: Once<Value>,
    nested: Once<Option<DeploymentId>>,
}

/// What is computed when it is first asked for; asking for it while it is being computed is a cycle.
struct Once<T> {
    value: OnceCell<T>,
    busy: Cell<bool>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { value: OnceCell::new(), busy: Cell::new(false) }
    }
}

impl<T: Clone> Once<T> {
    fn get(&self, on_cycle: T, compute: impl FnOnce() -> T) -> T {
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

    fn is_deployment(&self) -> bool {
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
        let base = Frame { locals: locals.clone(), ..Frame::of_deployment(self, id) };
        let Some(copy) = member(node, "copy").and_then(object) else {
            self.push(id, node, symbol.map(Rc::from), parent, locals.clone(), false, into);
            return;
        };
        let count = member(copy, "count").map_or_else(Value::null, |node| base.value(node));
        let name = member(copy, "name").and_then(text);
        let bind = |index: Value| {
            let locals = locals.with(&loop_index(None), index.clone());
            name.map_or_else(|| locals.clone(), |name| locals.with(&loop_index(Some(name)), index))
        };
        match count.as_int() {
            Some(count) if (0..=MAX_COPIES).contains(&count) => {
                for index in 0..count {
                    if !self.budget.spend(1) {
                        return;
                    }
                    let symbol = symbol.map(|symbol| Rc::from(format!("{symbol}[{index}]").as_str()));
                    self.push(id, node, symbol, parent, bind(Value::int(index)), false, into);
                }
            }
            _ => {
                let index = Value::local(&loop_index(name));
                let symbol = symbol.map(|symbol| Rc::from(format!("{symbol}[]").as_str()));
                self.push(id, node, symbol, parent, bind(index), true, into);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one resource as it was found")]
    fn push(
        &self,
        id: DeploymentId,
        node: &'t Object<'t>,
        symbol: Option<Rc<str>>,
        parent: Option<&Rc<Instance<'t>>>,
        locals: Locals,
        repeated: bool,
        into: &mut Vec<Rc<Instance<'t>>>,
    ) {
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
            let relative =
                member(instance.node, "type").and_then(text).is_some_and(|kind| !kind.contains('.'));
            match &instance.parent {
                Some(parent) if relative => {
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
            let scope = member(instance.node, "scope");
            if let Some(scope) = scope {
                let scope = Frame::of_instance(self, instance).value(scope);
                if instance.is_deployment() {
                    return Value::call("deployment", vec![scope, name]);
                }
                return extension_id(&self.scope_id(instance, &scope), &instance.kind, &name);
            }
            let Some(deployment) = self.deployment(instance.deployment) else { return Value::null() };
            let mut context = deployment.context.clone();
            match deployment.level {
                Level::ResourceGroup => {}
                Level::Subscription => context.resource_group = Value::null(),
                Level::ManagementGroup | Level::Tenant => {
                    context.subscription = Value::null();
                    context.resource_group = Value::null();
                }
            }
            // An existing resource may live in another resource group or subscription.
            let frame = Frame::of_instance(self, instance);
            for (key, part) in [
                ("subscriptionId", &mut context.subscription),
                ("resourceGroup", &mut context.resource_group),
            ] {
                if let Some(node) = member(instance.node, key) {
                    *part = frame.value(node);
                }
            }
            if instance.kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
                return Value::concat(&[
                    Value::text("/subscriptions/"),
                    context.subscription,
                    Value::text("/resourceGroups/"),
                    name,
                ]);
            }
            resource_id(&context.subscription, &context.resource_group, &instance.kind, &name)
        })
    }

    /// The id that a `scope` means: an id as it stands, or `type/name` in the deployment's own scope.
    fn scope_id(&self, instance: &Instance<'t>, scope: &Value) -> Value {
        let first = scope.pieces();
        let absolute = first.first().and_then(Value::as_text).is_some_and(|text| text.starts_with('/'));
        let Some(deployment) = self.deployment(instance.deployment) else { return scope.clone() };
        if absolute || first.first().and_then(Value::as_text).is_none_or(|text| !text.contains('/')) {
            return scope.clone();
        }
        let context = &deployment.context;
        let head = match deployment.level {
            Level::ResourceGroup => Value::concat(&[
                Value::text("/subscriptions/"),
                context.subscription.clone(),
                Value::text("/resourceGroups/"),
                context.resource_group.clone(),
            ]),
            Level::Subscription => {
                Value::concat(&[Value::text("/subscriptions/"), context.subscription.clone()])
            }
            Level::ManagementGroup | Level::Tenant => Value::text(""),
        };
        Value::concat(&[head, Value::text("/providers/"), scope.clone()])
    }

    /// Everything the resource declares, evaluated.
    pub(super) fn body(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.body, || {
            let frame = Frame::of_instance(self, instance);
            // What another template engine evaluates, and what is read elsewhere, is left alone.
            let opaque = instance.kind.to_ascii_lowercase().starts_with("microsoft.resources/");
            let fields = instance
                .node
                .properties
                .iter()
                .filter(|prop| {
                    let key = prop.name.as_str();
                    !key.eq_ignore_ascii_case("resources")
                        && !key.eq_ignore_ascii_case("copy")
                        && !(opaque && key.eq_ignore_ascii_case("properties"))
                })
                .map(|prop| frame.field(prop))
                .collect();
            let anchor = crate::syntax::json::get(instance.node, "name")
                .and_then(|prop| frame.place(prop.value.range()));
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
        cell.get(Value::limit("defined by itself"), || self.budget.nested(compute))
    }

    /// The instance as the model sees it.
    pub(super) fn resource(&self, instance: &Rc<Instance<'t>>) -> Resource {
        let frame = Frame::of_instance(self, instance);
        let name = self.name(instance);
        let path = self.deployment(instance.deployment).map(|deployment| deployment.path.clone());
        let address = match &instance.symbol {
            Some(symbol) => format!("{}{symbol}", path.unwrap_or_default()),
            None => format!("{}/{}", instance.kind, name.display()),
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

    /// Whether it is deployed: its own condition and those of everything around it.
    fn condition(&self, instance: &Instance<'t>) -> Value {
        let frame = Frame::of_instance(self, instance);
        let own =
            member(instance.node, "condition").map_or_else(|| Value::bool(true), |node| frame.value(node));
        let around = match &instance.parent {
            Some(parent) => Some(Rc::clone(parent)),
            None => self.deployment(instance.deployment).and_then(|deployment| deployment.holder.clone()),
        };
        around.map_or_else(|| own.clone(), |around| both(self.condition(&around), own.clone()))
    }
}

fn both(a: Value, b: Value) -> Value {
    match (&a.kind, &b.kind) {
        (Kind::Bool(true), _) => b.assuming(&a.assumed),
        (_, Kind::Bool(true)) => a.assuming(&b.assumed),
        (Kind::Bool(false), _) => a,
        (_, Kind::Bool(false)) => b,
        _ => Value::call("and", vec![a, b]),
    }
}
