//! What the expressions of a template may refer to.

use super::deployment::{DeploymentId, Index};
use super::instance::Instance;
use super::{File, ProblemKind, World, member, object, text};
use crate::eval::evaluator::function_parameter;
use crate::eval::functions::Context;
use crate::eval::value::distribute;
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
        let context = world.deployment(seen).map(|deployment| deployment.landing.context.clone());
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
        let (frame, namespace) = (self.frame, namespace?);
        let deployment = frame.world.deployment(frame.scope)?;
        let Some(Node::Array(namespaces)) = member(deployment.template, "functions") else { return None };
        let same = |given: &str, wanted: &str| given.eq_ignore_ascii_case(wanted);
        let declared =
            namespaces.elements.iter().filter_map(object).find(|entry| {
                member(entry, "namespace").and_then(text).is_some_and(|n| same(n, namespace))
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
                let deployment = world.deployment(frame.scope)?;
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
            ("managementgroup", _) => {
                let base = Value::call("managementGroup", args.to_vec());
                let head = Value::text("/providers/Microsoft.Management/managementGroups/");
                let id = Value::concat(&[head, base.get("name")]);
                Value::partial(base, Value::record([("id", id)]))
            }
            ("deployer", _) => Value::call("deployer", args.to_vec()),
            ("reference", [target, rest @ ..]) => {
                let full = rest.get(1).is_some_and(is_full);
                distribute(std::slice::from_ref(target), &|targets| {
                    targets.first().map_or_else(Value::null, |target| world.reference(frame, target, full))
                })
            }
            ("references", [target, rest @ ..]) => world.references(frame, target, rest.iter().any(is_full)),
            ("resourceinfo", [symbol]) => world.resource_info(frame, symbol)?,
            ("getsecret", _) => Value::call("getSecret", args.to_vec()),
            _ if lower.starts_with("list") => Value::call(name, args.to_vec()),
            _ => return None,
        })
    }

    fn report(&self, expr: &Expr, problem: Problem) {
        let file = self.frame.file;
        // What is not declared may stand in the part that cannot be read.
        if matches!(problem, Problem::Undeclared { .. }) && !file.parsed.lost.is_empty() {
            return;
        }
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

fn is_full(word: &Value) -> bool {
    word.as_text().is_some_and(|word| word.eq_ignore_ascii_case("full"))
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

    /// The resource that a symbolic name, id or name means, looked for from `frame` outwards.
    fn target(&self, frame: &Frame<'_, 't>, target: &Value) -> Option<Rc<Instance<'t>>> {
        let key = identity(target)?;
        let mut next = Some(frame.home);
        while let Some(id) = next {
            let deployment = self.deployment(id)?;
            let found = |index: Rc<Index<'t>>| index.get(&key).map(Rc::clone);
            let symbolic = || {
                let symbols = || self.index(id, |instance| instance.symbol.as_deref().map(Value::text));
                found(deployment.symbols.get(Rc::default(), symbols))
            };
            let by_id = || {
                found(
                    deployment.ids.get(Rc::default(), || self.index(id, |instance| Some(self.id(instance)))),
                )
            };
            let named = || {
                let names = || self.index(id, |instance| Some(self.name(instance)));
                found(deployment.names.get(Rc::default(), names))
            };
            if let Some(found) = symbolic().or_else(by_id).or_else(named) {
                return Some(found);
            }
            next = deployment.holder.as_ref().map(|holder| holder.deployment);
        }
        None
    }

    /// The resources of a deployment by one of their identities. Of two that have the same one, of which surely only
    /// one is deployed, it is that.
    fn index(&self, id: DeploymentId, identify: impl Fn(&Instance<'t>) -> Option<Value>) -> Rc<Index<'t>> {
        let mut index = Index::new();
        for instance in self.instances(id).iter() {
            let Some(key) = identify(instance).as_ref().and_then(identity) else { continue };
            match index.get(&key) {
                Some(first) if !self.condition(first).is_true().is_false() => {}
                _ => {
                    index.insert(key, Rc::clone(instance));
                }
            }
        }
        Rc::new(index)
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
            let body = self.body(instance);
            if !full {
                return Value::partial(of, body.get("properties"));
            }
            // Azure adds to these two as it does to the whole: the id of an identity, the address of a vault.
            let mut fields = body.as_object().map(|body| body.fields().to_vec()).unwrap_or_default();
            for field in &mut fields {
                let is_completed =
                    ["identity", "properties"].iter().any(|key| field.key.eq_ignore_ascii_case(key));
                if is_completed && field.value.as_object().is_some() {
                    let part = Value::property(of.clone(), &field.key);
                    field.value = Value::partial(part, std::mem::take(&mut field.value));
                }
            }
            Value::partial(of, Value::object(fields).at(body.place))
        })
    }

    fn references(&self, frame: &Frame<'_, 't>, target: &Value, full: bool) -> Value {
        let open = || Value::call("references", vec![target.clone()]);
        let Some(symbol) = target.as_text() else { return open() };
        let instances = self.instances(frame.home);
        let prefix = format!("{symbol}[");
        let is_copy =
            |name: &str| name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(&prefix));
        let copies: Vec<_> =
            instances.iter().filter(|instance| instance.symbol.as_deref().is_some_and(is_copy)).collect();
        if copies.iter().any(|copy| copy.repeated || !self.is_present(copy)) {
            return open();
        }
        Value::array(copies.into_iter().map(|copy| self.referenced(copy, full)).collect())
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

    pub(super) fn outputs(&self, id: DeploymentId) -> Value {
        let Some(deployment) = self.deployment(id) else { return Value::null() };
        let Some(outputs) = member(deployment.template, "outputs").and_then(object) else {
            return Value::record([]);
        };
        deployment.all_outputs.get(Value::limit("defined by itself"), || {
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
        })
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

/// What names and ids compare by: their normal form without case.
fn identity(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.normal().to_ascii_lowercase())
}
