//! One deployment: a template with its parameters, variables and scope.

use super::instance::{Instance, Once};
use super::{File, ProblemKind, World, member, object, place_of, text};
use crate::eval::functions::Context;
use crate::eval::ids::name_segments;
use crate::eval::{Kind, Locals, TermKind, Value};
use crate::lang::arm::scope::Frame;
use crate::syntax::json::{self, Node, Object, Ranged};
use crate::text::Place;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DeploymentId(pub(super) usize);

/// A value that is computed once, when it is first asked for.
pub(super) enum Memo {
    /// It is being computed: asking again is a cycle.
    Pending,
    Done(Value),
}

/// At which level a template deploys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    ResourceGroup,
    Subscription,
    ManagementGroup,
    Tenant,
}

pub(super) struct Deployment<'t> {
    pub(super) file: &'t File<'t>,
    pub(super) template: &'t Object<'t>,
    /// The deployment resource that holds this template; `None` at the top.
    pub(super) holder: Option<Rc<Instance<'t>>>,
    /// The deployment whose parameters and variables its expressions see: its own, or with outer scope its parent's.
    pub(super) scope: Option<DeploymentId>,
    /// Loop indices around the holder: outer-scope expressions may name them.
    pub(super) locals: Locals,
    pub(super) landing: Landing,
    /// `deployment().name`.
    pub(super) name: Value,
    /// How its resources are addressed: the deployments above it, by symbolic name.
    pub(super) path: String,
    pub(super) instances: OnceCell<Rc<Vec<Rc<Instance<'t>>>>>,
    /// Its resources by symbolic name, by name, and by id.
    pub(super) symbols: Once<Rc<Index<'t>>>,
    pub(super) names: Once<Rc<Index<'t>>>,
    pub(super) ids: Once<Rc<Index<'t>>>,
    parameters: RefCell<HashMap<String, Memo>>,
    variables: RefCell<HashMap<String, Memo>>,
    pub(super) outputs: RefCell<HashMap<String, Memo>>,
    pub(super) all_outputs: Once<Value>,
}

/// Resources of one template, by the normal form of what identifies them, in lower case.
pub(super) type Index<'t> = HashMap<String, Rc<Instance<'t>>>;

/// Where resources land.
#[derive(Clone)]
pub(super) struct Landing {
    /// What functions know of it.
    pub(super) context: Context,
    pub(super) level: Level,
    /// Its id: of a resource group, a subscription or a management group; empty for the tenant.
    pub(super) id: Value,
}

impl Landing {
    /// Below a subscription or a resource group, as the context says.
    pub(super) fn below(context: Context, level: Level) -> Self {
        let subscription = [Value::text("/subscriptions/"), context.subscription.clone()];
        let id = match level {
            Level::ResourceGroup => {
                let group = [Value::text("/resourceGroups/"), context.resource_group.clone()];
                Value::concat(&[subscription, group].concat())
            }
            Level::Subscription => Value::concat(&subscription),
            Level::ManagementGroup => Value::concat(&[
                Value::text("/providers/Microsoft.Management/managementGroups/"),
                Value::call("managementGroup", Vec::new()).get("name"),
            ]),
            Level::Tenant => Value::text(""),
        };
        Self { context, level, id }
    }

    /// Where the `scope` of a deployment resource leads: `/`, an id, or `Microsoft.Management/managementGroups/x`.
    pub(super) fn scope(&self, scope: &Value) -> Self {
        let above = |level, id| {
            let context = Context {
                subscription: Value::null(),
                resource_group: Value::null(),
                ..self.context.clone()
            };
            Self { context, level, id }
        };
        if scope.as_text() == Some("/") {
            return above(Level::Tenant, Value::text(""));
        }
        let segments = name_segments(scope);
        let word = |at: usize| segments.get(at).and_then(Value::as_text).map(str::to_ascii_lowercase);
        match (word(0).as_deref(), word(1).as_deref()) {
            (Some(""), Some("subscriptions")) => {
                let mut context = self.context.clone();
                context.subscription = segments.get(2).cloned().unwrap_or_default();
                context.resource_group = segments.get(4).cloned().unwrap_or_default();
                let level = if segments.len() > 4 { Level::ResourceGroup } else { Level::Subscription };
                Self::below(context, level)
            }
            (Some("microsoft.management"), _) => {
                above(Level::ManagementGroup, Value::concat(&[Value::text("/providers/"), scope.clone()]))
            }
            _ => above(Level::ManagementGroup, scope.clone()),
        }
    }
}

impl<'t> Deployment<'t> {
    pub(super) fn root(world: &World<'t>, file: &'t File<'t>, template: &'t Object<'t>) -> Self {
        let level = level_of(template);
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
        let context = Context { cloud: world.inputs.cloud, subscription, resource_group };
        let landing = Landing::below(context, level);
        Self::new(file, template, None, None, Locals::default(), landing, name, String::new())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of the struct, once")]
    fn new(
        file: &'t File<'t>,
        template: &'t Object<'t>,
        holder: Option<Rc<Instance<'t>>>,
        scope: Option<DeploymentId>,
        locals: Locals,
        landing: Landing,
        name: Value,
        path: String,
    ) -> Self {
        Self {
            file,
            template,
            holder,
            scope,
            locals,
            landing,
            name,
            path,
            instances: OnceCell::new(),
            symbols: Once::default(),
            names: Once::default(),
            ids: Once::default(),
            parameters: RefCell::default(),
            variables: RefCell::default(),
            outputs: RefCell::default(),
            all_outputs: Once::default(),
        }
    }

    /// The template of a deployment resource: written inside it, or in a file that was handed over.
    pub(super) fn nested(world: &World<'t>, holder: &Rc<Instance<'t>>) -> Option<Self> {
        let outer = world.deployment(holder.deployment)?;
        let frame = Frame::of_instance(world, holder);
        let properties = member(holder.node, "properties").and_then(object)?;
        let (file, template, inner) = match member(properties, "template").and_then(object) {
            Some(template) => {
                let inner = member(properties, "expressionEvaluationOptions")
                    .and_then(object)
                    .and_then(|options| member(options, "scope"))
                    .and_then(text)
                    .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
                (outer.file, template, inner)
            }
            None => {
                let link = member(properties, "templateLink").and_then(object)?;
                let (file, template) = linked(world, &frame, &outer, link)?;
                (file, template, true)
            }
        };
        let mut landing = world.landing(holder);
        // A template at subscription level declares itself so; within a resource group it would be refused.
        if landing.level == Level::ResourceGroup
            && level_of(template) == Level::Subscription
            && member(holder.node, "resourceGroup").is_none()
        {
            let context = Context { resource_group: Value::null(), ..landing.context };
            landing = Landing::below(context, Level::Subscription);
        }
        let path = holder.path_below(&outer.path);
        let (scope, locals) =
            if inner { (None, Locals::default()) } else { (Some(holder.deployment), holder.locals.clone()) };
        let name = world.name(holder);
        Some(Self::new(file, template, Some(Rc::clone(holder)), scope, locals, landing, name, path))
    }
}

fn level_of(template: &Object) -> Level {
    let schema = member(template, "$schema").and_then(text).unwrap_or_default().to_ascii_lowercase();
    if schema.contains("/subscriptiondeploymenttemplate") {
        Level::Subscription
    } else if schema.contains("/managementgroupdeploymenttemplate") {
        Level::ManagementGroup
    } else if schema.contains("/tenantdeploymenttemplate") {
        Level::Tenant
    } else {
        Level::ResourceGroup
    }
}

/// The file a template link names, if it is named relative to this one.
fn linked<'t>(
    world: &World<'t>,
    frame: &Frame<'_, 't>,
    outer: &Deployment<'t>,
    link: &'t Object<'t>,
) -> Option<(&'t File<'t>, &'t Object<'t>)> {
    let node = member(link, "relativePath").or_else(|| member(link, "uri"))?;
    let value = frame.value(node);
    let is_path = member(link, "relativePath").is_some();
    let relative = if is_path { value.as_text().map(str::to_owned) } else { relative_uri(&value) };
    let at = |path: &str| world.files.iter().find(|file| file.path.replace('\\', "/") == path);
    let (path, file) = match (relative, value.as_text()) {
        (Some(relative), _) => {
            let path = crate::lang::relative(outer.file.path, &relative);
            let file = at(&path);
            (path, file)
        }
        // Published beside this file, and named by where it is published.
        (None, Some(url)) => {
            let (_, published) = url.split_once("://")?;
            let published = published.split(['?', '#']).next().unwrap_or_default();
            let tails = published.match_indices('/').filter_map(|(at, _)| published.get(at + 1..));
            let beside = |tail| at(&crate::lang::relative(outer.file.path, tail));
            let file = tails.filter(|tail| !tail.is_empty()).find_map(beside)?;
            (file.path.to_owned(), Some(file))
        }
        (None, None) => return None,
    };
    match file.and_then(|file| file.parsed.root.as_ref().and_then(object).map(|root| (file, root))) {
        Some((file, root)) => {
            // A file that links to itself, however far round, would never end.
            let mut above = Some(outer.holder.clone());
            let mut depth = 0;
            while let Some(Some(holder)) = above {
                depth += 1;
                above = world.deployment(holder.deployment).map(|deployment| deployment.holder.clone());
            }
            if depth > MAX_LINKS {
                world.budget.give_up("linked templates are nested too deeply");
                return None;
            }
            world.used.borrow_mut().insert(file.path.to_owned());
            Some((file, root))
        }
        None => {
            if world.missing.borrow().len() < 1000 && file.is_none() {
                world.missing.borrow_mut().insert(path.clone());
                world.problem(
                    place_of(outer.file, node),
                    ProblemKind::UnresolvedModule,
                    format!(
                        "the linked template `{path}` was not handed over, so what it deploys is unknown"
                    ),
                );
            }
            None
        }
    }
}

/// Deployments nest at most this deep through links.
const MAX_LINKS: usize = 16;

/// `uri(deployment().properties.templateLink.uri, 'nested/kv.json')` names a file beside this one; what follows a `?`,
/// or an access token put behind the name, does not count.
fn relative_uri(value: &Value) -> Option<String> {
    let Kind::Term(term) = &value.kind else { return None };
    let TermKind::Call { name, args } = &term.kind else { return None };
    let [base, relative] = args.as_slice() else { return None };
    if !name.eq_ignore_ascii_case("uri")
        || !base.normal().to_ascii_lowercase().ends_with(".properties.templatelink.uri")
    {
        return None;
    }
    let pieces = relative.pieces();
    let path = pieces.first()?.as_text()?.split('?').next()?;
    path.rsplit('/').next().is_some_and(|file| file.contains('.')).then(|| path.to_owned())
}

// ---- parameters and variables

impl<'t> World<'t> {
    /// A parameter as the expressions of this deployment see it.
    pub(super) fn parameter(&self, id: DeploymentId, name: &str) -> Option<Value> {
        let deployment = self.deployment(id)?;
        if let Some(outer) = deployment.scope {
            return self.parameter(outer, name);
        }
        let declared = member(deployment.template, "parameters").and_then(object)?;
        let prop = json::get(declared, name)?;
        self.memoized(&deployment.parameters, name, || {
            let key = Some(Place {
                file: deployment.file.id,
                span: deployment.file.parsed.span(prop.name.range()),
            });
            self.read_parameter(id, &deployment, prop.name.as_str(), &prop.value).or_at(key)
        })
    }

    fn read_parameter(
        &self,
        id: DeploymentId,
        deployment: &Deployment<'t>,
        name: &str,
        declaration: &'t Node<'t>,
    ) -> Value {
        let declaration = Declaration::read(deployment, declaration);
        let is_root = deployment.holder.is_none();
        if declaration.secure && is_root {
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
            if is_root { value.assuming(&crate::eval::Assumed::parameter(name)) } else { value }
        };
        // Nothing is passed, or null, which is the same.
        let without = match declaration.default {
            Some(default) => {
                let value = frame.value(default);
                // Made anew with every deployment: the parameter is what all its uses share.
                let is_fresh = !value.is_closed()
                    && ["newGuid()", "utcNow("].iter().any(|fresh| value.normal().contains(fresh));
                Some(if is_fresh { Value::parameter(name, Vec::new()) } else { assume(value) })
            }
            None if declaration.nullable => Some(assume(Value::null())),
            None => None,
        };
        match (given, without) {
            (Some(given), Some(without)) => return instead_of_null(&given, &without),
            (Some(value), None) | (None, Some(value)) => return value,
            (None, None) => {}
        }
        let allowed = match declaration.allowed {
            Some(Node::Array(allowed)) => allowed.elements.iter().map(|node| frame.value(node)).collect(),
            _ => Vec::new(),
        };
        Value::parameter(name, allowed)
    }

    /// The entry of the last parameter file that gives this parameter, for the template at the top.
    pub(super) fn given_in_file(&self, name: &str) -> Option<(&'t File<'t>, &'t json::ObjectProp<'t>)> {
        self.inputs.parameter_files.iter().rev().find_map(|file| {
            let root = file.parsed.root.as_ref().and_then(object)?;
            let given = member(root, "parameters").and_then(object)?;
            Some((*file, json::get(given, name)?))
        })
    }

    /// What is passed for a parameter from outside the template.
    fn given(&self, deployment: &Deployment<'t>, name: &str) -> Option<Value> {
        let Some(holder) = &deployment.holder else {
            let single = self.inputs.parameters.iter().rev();
            if let Some((_, value)) = single.into_iter().find(|(given, _)| given.eq_ignore_ascii_case(name)) {
                return Some(value.clone());
            }
            let (file, entry) = self.given_in_file(name)?;
            return passed(object(&entry.value)?, name, &|node| crate::lang::source::literal(file, node));
        };
        let frame = Frame::of_instance(self, holder);
        let properties = member(holder.node, "properties").and_then(object)?;
        match member(properties, "parameters")? {
            Node::Object(given) => {
                let entry = member(given, name)?;
                match entry {
                    // A loop that makes the value: `{"copy": [{"name": "value", …}]}`.
                    Node::Object(looped) if member(looped, "copy").is_some() => {
                        Some(frame.value(entry).get("value"))
                    }
                    Node::Object(entry) => passed(entry, name, &|node| frame.value(node)),
                    // The whole entry may be an expression that gives `{"value": …}`.
                    entry => Some(frame.value(entry).get("value")),
                }
            }
            all => {
                let entry = frame.value(all).get(name);
                if entry.is_null() { None } else { Some(entry.get("value")) }
            }
        }
    }

    /// A variable as the expressions of this deployment see it.
    pub(super) fn variable(&self, id: DeploymentId, name: &str) -> Option<Value> {
        let deployment = self.deployment(id)?;
        if let Some(outer) = deployment.scope {
            return self.variable(outer, name);
        }
        let declared = member(deployment.template, "variables").and_then(object)?;
        if let Some(prop) = json::get(declared, name) {
            return self
                .memoized(&deployment.variables, name, || Frame::of_deployment(self, id).value(&prop.value));
        }
        let Some(Node::Array(copies)) = member(declared, "copy") else { return None };
        let copy = copies.elements.iter().filter_map(object).find(|copy| {
            member(copy, "name").and_then(text).is_some_and(|given| given.eq_ignore_ascii_case(name))
        })?;
        self.memoized(&deployment.variables, name, || Frame::of_deployment(self, id).copied(copy, Some(name)))
    }

    pub(super) fn memoized(
        &self,
        memo: &RefCell<HashMap<String, Memo>>,
        name: &str,
        compute: impl FnOnce() -> Value,
    ) -> Option<Value> {
        let key = name.to_ascii_lowercase();
        match memo.borrow().get(&key) {
            Some(Memo::Done(value)) => return Some(value.clone()),
            Some(Memo::Pending) => return Some(Value::limit("defined by itself")),
            None => {}
        }
        memo.borrow_mut().insert(key.clone(), Memo::Pending);
        let value = self.budget.nested(compute);
        memo.borrow_mut().insert(key, Memo::Done(value.clone()));
        Some(value)
    }
}

/// The value of one entry of a `parameters` object: a value, or a reference to a secret, which stays unknown.
fn passed<'t>(entry: &'t Object<'t>, name: &str, value: &dyn Fn(&'t Node<'t>) -> Value) -> Option<Value> {
    if let Some(node) = member(entry, "value") {
        return Some(value(node));
    }
    member(entry, "reference").map(|_| Value::call("getSecret", vec![Value::text(name)]))
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

/// What a parameter's declaration says, through `$ref` into `definitions`.
struct Declaration<'t> {
    default: Option<&'t Node<'t>>,
    allowed: Option<&'t Node<'t>>,
    nullable: bool,
    secure: bool,
}

impl<'t> Declaration<'t> {
    fn read(deployment: &Deployment<'t>, declaration: &'t Node<'t>) -> Self {
        let mut read = Self { default: None, allowed: None, nullable: false, secure: false };
        let mut next = object(declaration);
        // A type may refer to a type; a chain this long refers to itself.
        for _ in 0..16 {
            let Some(object_node) = next else { break };
            read.default = read.default.or_else(|| member(object_node, "defaultValue"));
            read.allowed = read.allowed.or_else(|| member(object_node, "allowedValues"));
            read.nullable |= matches!(member(object_node, "nullable"), Some(Node::BooleanLit(b)) if b.value);
            read.secure |= member(object_node, "type").and_then(text).is_some_and(|kind| {
                kind.eq_ignore_ascii_case("securestring") || kind.eq_ignore_ascii_case("secureobject")
            });
            let target = member(object_node, "$ref").and_then(text);
            next = target.and_then(|target| target.strip_prefix("#/definitions/")).and_then(|name| {
                let definitions = member(deployment.template, "definitions").and_then(object)?;
                member(definitions, name).and_then(object)
            });
        }
        read
    }
}
