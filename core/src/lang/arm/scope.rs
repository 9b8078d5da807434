//! What the expressions of a template may refer to.

use super::deployment::DeploymentId;
use super::instance::Instance;
use super::{File, ProblemKind, World, member, object, text};
use crate::eval::evaluator::function_parameter;
use crate::eval::functions::Context;
use crate::eval::{Budget, Locals, Problem, Scope, Value, evaluate};
use crate::syntax::expression::Expr;
use crate::syntax::json::{self, Node, StringLit};
use crate::text::Place;
use std::rc::Rc;

/// A place in a template to evaluate from.
#[derive(Clone)]
pub(super) struct Frame<'w, 't> {
    pub(super) world: &'w World<'t>,
    /// The deployment whose template holds the text.
    pub(super) home: DeploymentId,
    /// The deployment whose parameters and variables the text sees.
    pub(super) scope: DeploymentId,
    pub(super) file: &'t File<'t>,
    pub(super) locals: Locals,
    pub(super) context: Context,
}

impl<'w, 't> Frame<'w, 't> {
    /// From the template's own level: its parameters, variables and outputs.
    pub(super) fn of_deployment(world: &'w World<'t>, id: DeploymentId) -> Self {
        let home = world.deployment(id);
        let scope = home.as_ref().and_then(|home| home.scope).unwrap_or(id);
        // Nested outer scopes see through to the first deployment with a scope of its own.
        let mut seen = scope;
        while let Some(next) = world.deployment(seen).and_then(|deployment| deployment.scope) {
            seen = next;
        }
        let context = world.deployment(seen).map(|deployment| deployment.context.clone());
        Self {
            world,
            home: id,
            scope: seen,
            file: home.as_ref().map_or_else(|| world.entry, |home| home.file),
            locals: home.map(|home| home.locals.clone()).unwrap_or_default(),
            context: context.unwrap_or_else(|| world.empty_context()),
        }
    }

    /// From inside a resource: its loop indices are bound.
    pub(super) fn of_instance(world: &'w World<'t>, instance: &Instance<'t>) -> Self {
        Self { locals: instance.locals.clone(), ..Self::of_deployment(world, instance.deployment) }
    }

    /// The same place with one more name bound.
    pub(super) fn with(&self, name: &str, value: Value) -> Self {
        Self { locals: self.locals.with(name, value), ..self.clone() }
    }

    /// Evaluates an expression that stands in a string of the template.
    pub(super) fn expression(&self, literal: &StringLit<'t>, expr: &Expr) -> Value {
        let here = Here { frame: self, literal };
        let value = evaluate(expr, &here, &self.locals);
        let span = self.file.parsed.span(literal.range);
        value.or_at(Some(Place { file: self.file.id, span }))
    }
}

/// A frame and the string in it that is being evaluated, for places.
struct Here<'f, 'w, 't> {
    frame: &'f Frame<'w, 't>,
    literal: &'f StringLit<'t>,
}

impl Scope for Here<'_, '_, '_> {
    fn context(&self) -> &Context {
        &self.frame.context
    }

    fn budget(&self) -> &Budget {
        &self.frame.world.budget
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        self.frame.world.parameter(self.frame.scope, name)
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.frame.world.variable(self.frame.scope, name)
    }

    fn user_function(&self, namespace: Option<&str>, name: &str, args: &[Value]) -> Option<Value> {
        let frame = self.frame;
        let deployment = frame.world.deployment(frame.scope)?;
        let Some(Node::Array(namespaces)) = member(deployment.template, "functions") else { return None };
        let same = |given: &str, wanted: &str| given.eq_ignore_ascii_case(wanted);
        let declared = namespaces.elements.iter().filter_map(object).find(|entry| {
            member(entry, "namespace").and_then(text).is_some_and(|n| same(n, namespace.unwrap_or_default()))
        })?;
        let body = member(member(declared, "members").and_then(object)?, name).and_then(object)?;
        let mut inner = Frame { locals: Locals::default(), ..Frame::of_deployment(frame.world, frame.scope) };
        if let Some(Node::Array(parameters)) = member(body, "parameters") {
            for (parameter, value) in parameters.elements.iter().filter_map(object).zip(args) {
                if let Some(name) = member(parameter, "name").and_then(text) {
                    inner = inner.with(&function_parameter(name), value.clone());
                }
            }
        }
        let output = member(member(body, "output").and_then(object)?, "value")?;
        Some(frame.world.budget.nested(|| inner.value(output)))
    }

    fn resource_function(&self, name: &str, args: &[Value]) -> Option<Value> {
        let frame = self.frame;
        let world = frame.world;
        let lower = name.to_ascii_lowercase();
        Some(match (lower.as_str(), args) {
            ("resourcegroup", []) => {
                let group = &frame.context.resource_group;
                let id = Value::concat(&[
                    Value::text("/subscriptions/"),
                    frame.context.subscription.clone(),
                    Value::text("/resourceGroups/"),
                    group.clone(),
                ]);
                let base = scope_object("resourceGroup", group, "name");
                Value::partial(base, Value::record([("name", group.clone()), ("id", id)]))
            }
            ("subscription", []) => {
                let subscription = &frame.context.subscription;
                let id = Value::concat(&[Value::text("/subscriptions/"), subscription.clone()]);
                let base = scope_object("subscription", subscription, "subscriptionId");
                Value::partial(base, Value::record([("subscriptionId", subscription.clone()), ("id", id)]))
            }
            ("environment", []) => crate::eval::environment(world.inputs.cloud),
            ("deployment", []) => {
                let name = world.deployment(frame.scope).map(|deployment| deployment.name.clone());
                let base = Value::call("deployment", Vec::new());
                match name {
                    Some(name) if name.is_closed() => Value::partial(base, Value::record([("name", name)])),
                    _ => base,
                }
            }
            ("tenant", _) => Value::call("tenant", args.to_vec()),
            ("managementgroup", _) => Value::call("managementGroup", args.to_vec()),
            ("deployer", _) => Value::call("deployer", args.to_vec()),
            ("reference", [target, rest @ ..]) => {
                let full = rest
                    .get(1)
                    .and_then(Value::as_text)
                    .is_some_and(|full| full.eq_ignore_ascii_case("full"));
                world.reference(frame, target, full)
            }
            ("references", [target, ..]) => world.references(frame, target),
            ("resourceinfo", [symbol]) => world.resource_info(frame, symbol)?,
            ("getsecret", _) => Value::call("getSecret", args.to_vec()),
            _ if lower.starts_with("list") => Value::call(name, args.to_vec()),
            _ => return None,
        })
    }

    fn report(&self, expr: &Expr, problem: Problem) {
        let file = self.frame.file;
        let span = file.parsed.span_in(self.literal, expr.span.start as usize, expr.span.end as usize);
        let (kind, message) = match problem {
            Problem::Undeclared { what, name } => {
                (ProblemKind::UnresolvedReference, format!("nothing declares the {what} `{name}`"))
            }
            Problem::Refused(reason) => (ProblemKind::InvalidExpression, reason),
        };
        self.frame.world.problem(Place { file: file.id, span }, kind, message);
    }
}

/// `resourceGroup()` here, `resourceGroup('other')` for another one: the identity of what Azure completes.
fn scope_object(function: &str, name: &Value, property: &str) -> Value {
    let own = Value::call(function, Vec::new());
    if name.same(&own.get(property)) == Some(true) { own } else { Value::call(function, vec![name.clone()]) }
}

// ---- references to resources of the template

impl<'t> World<'t> {
    pub(super) fn empty_context(&self) -> Context {
        Context { cloud: self.inputs.cloud, subscription: Value::null(), resource_group: Value::null() }
    }

    /// The resource that a name, symbolic name or id means, looked for from `frame` outwards.
    fn target(&self, frame: &Frame<'_, 't>, target: &Value) -> Option<Rc<Instance<'t>>> {
        let mut next = Some(frame.home);
        let wanted = target.as_text().map(str::to_owned);
        while let Some(id) = next {
            let instances = self.instances(id);
            if let Some(wanted) = &wanted {
                let symbolic = instances.iter().find(|instance| {
                    instance.symbol.as_deref().is_some_and(|symbol| symbol.eq_ignore_ascii_case(wanted))
                });
                if let Some(found) = symbolic {
                    return Some(Rc::clone(found));
                }
            }
            let is_id =
                target.pieces().first().and_then(Value::as_text).is_some_and(|text| text.starts_with('/'));
            let named = instances.iter().find(|instance| {
                let identity = if is_id { self.id(instance) } else { self.name(instance) };
                same_identity(&identity, target)
            });
            if let Some(found) = named {
                return Some(Rc::clone(found));
            }
            next = self
                .deployment(id)
                .and_then(|deployment| deployment.holder.as_ref().map(|holder| holder.deployment));
        }
        None
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
                let outputs = Value::record([("outputs", self.outputs(nested))]);
                return if full {
                    Value::partial(of, Value::record([("properties", outputs)]))
                } else {
                    Value::partial(of, outputs)
                };
            }
            let body = self.body(instance);
            if full { Value::partial(of, body) } else { Value::partial(of, body.get("properties")) }
        })
    }

    fn references(&self, frame: &Frame<'_, 't>, target: &Value) -> Value {
        let open = || Value::call("references", vec![target.clone()]);
        let Some(symbol) = target.as_text() else { return open() };
        let instances = self.instances(frame.home);
        let prefix = format!("{symbol}[");
        let copies: Vec<_> = instances
            .iter()
            .filter(|instance| instance.symbol.as_deref().is_some_and(|name| name.starts_with(&prefix)))
            .collect();
        if copies.is_empty() || copies.iter().any(|copy| copy.repeated) {
            return open();
        }
        Value::array(copies.into_iter().map(|copy| self.referenced(copy, false)).collect())
    }

    fn resource_info(&self, frame: &Frame<'_, 't>, symbol: &Value) -> Option<Value> {
        let instance = self.target(frame, symbol)?;
        let of = Value::call("resourceInfo", vec![self.id(&instance)]);
        let declared = Value::record([
            ("id", self.id(&instance)),
            ("name", self.name(&instance)),
            ("type", Value::text(Rc::clone(&instance.kind))),
        ]);
        Some(Value::partial(of, declared))
    }

    fn outputs(&self, id: DeploymentId) -> Value {
        let Some(deployment) = self.deployment(id) else { return Value::null() };
        let Some(outputs) = member(deployment.template, "outputs").and_then(object) else {
            return Value::record([]);
        };
        let frame = Frame::of_deployment(self, id);
        let fields = outputs.properties.iter().filter_map(|prop| {
            let declaration = object(&prop.value)?;
            let secure = member(declaration, "type").and_then(text).is_some_and(|kind| {
                kind.eq_ignore_ascii_case("securestring") || kind.eq_ignore_ascii_case("secureobject")
            });
            if secure {
                return None;
            }
            let value = self.output(id, &frame, prop)?;
            Some((prop.name.as_str(), Value::record([("value", value)])))
        });
        Value::record(fields)
    }

    fn output(
        &self,
        id: DeploymentId,
        frame: &Frame<'_, 't>,
        prop: &'t json::ObjectProp<'t>,
    ) -> Option<Value> {
        let declaration = object(&prop.value)?;
        let deployment = self.deployment(id)?;
        self.memoized(&deployment.outputs, prop.name.as_str(), || {
            if let Some(node) = member(declaration, "value") {
                return frame.value(node);
            }
            member(declaration, "copy")
                .and_then(object)
                .map_or_else(Value::null, |copy| frame.copied(copy, None))
        })
    }
}

/// Names and ids compare without case.
pub(super) fn same_identity(a: &Value, b: &Value) -> bool {
    match (a.as_text(), b.as_text()) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        (None, None) => a.size() == b.size() && !a.is_null() && a.normal().eq_ignore_ascii_case(&b.normal()),
        _ => false,
    }
}
