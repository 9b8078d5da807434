//! One resource of a template after its loops are expanded.

use super::landing::{Landing, Level, scope_id};
use super::scope::Frame;
use super::{Declaration, Deployment, DeploymentId, Loop, MAX_COPIES, World};
use crate::eval::evaluator::loop_index;
use crate::eval::functions::{self, Context};
use crate::eval::ids::{extension_id, name_segments};
use crate::eval::{Kind, Locals, TermKind, Value};
use crate::lang::once::Once;
use crate::lang::{ProblemKind, Resource};
use crate::text::shortened;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// Bytes of an address; no name that Azure accepts makes a longer one.
const MAX_ADDRESS: usize = 1000;

/// Resources of one template, by the normal form of what identifies them, in lower case.
pub(super) type Index<'t> = HashMap<String, Rc<Instance<'t>>>;

/// One copy of a declaration.
pub struct Instance<'t> {
    pub(super) declaration: Rc<dyn Declaration<'t> + 't>,
    /// ARM type with its parents'.
    pub(super) kind: Rc<str>,
    /// Symbolic name, with the index of a copy: `kv[0]`.
    pub(super) symbol: Option<Rc<str>>,
    pub(super) deployment: DeploymentId,
    /// The resource it is written inside of, or names as its parent.
    pub(super) parent: Option<Rc<Instance<'t>>>,
    /// Loop indices.
    pub(super) locals: Locals,
    /// Set when this stands for any number of copies.
    pub(super) repeated: bool,
    /// Whether its loop makes this copy.
    present: Value,
    condition: Once<Value>,
    own_name: Once<Value>,
    name: Once<Value>,
    id: Once<Value>,
    body: Once<Value>,
    /// Its properties as references see them.
    referred: Once<Value>,
    /// Resources that name each other as parents would keep each other alive.
    named_parent: Once<Option<Weak<Instance<'t>>>>,
    nested: Once<Option<DeploymentId>>,
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

impl<'t> World<'_, 't> {
    /// The resources of a deployment's own template.
    pub(super) fn instances(&self, id: DeploymentId) -> Rc<Vec<Rc<Instance<'t>>>> {
        let Some(deployment) = self.deployment(id) else { return Rc::default() };
        if let Some(found) = deployment.instances.get() {
            return Rc::clone(found);
        }
        let mut found = Vec::new();
        for declaration in deployment.template.resources() {
            self.expand(id, &declaration, None, &deployment.locals, &mut found);
        }
        Rc::clone(deployment.instances.get_or_init(|| Rc::new(found)))
    }

    fn expand(
        &self,
        id: DeploymentId,
        declaration: &Rc<dyn Declaration<'t> + 't>,
        parent: Option<&Rc<Instance<'t>>>,
        locals: &Locals,
        into: &mut Vec<Rc<Instance<'t>>>,
    ) {
        let around = parent.map_or_else(|| Value::bool(true), |parent| parent.present.clone());
        let base = Frame::of_deployment(self, id).bound(locals.clone());
        let symbol = declaration.symbol();
        let Some(looped) = declaration.looped(&base) else {
            let once = Copy { symbol: symbol.map(Rc::from), locals: locals.clone(), repeated: false };
            self.push(id, declaration, once, around, parent, into);
            return;
        };
        let Loop { count, name, bind, place } = looped;
        let indexed = |at: &str| symbol.map(|symbol| Rc::from(format!("{symbol}[{at}]").as_str()));
        let any = |present: Value, into: &mut Vec<_>| {
            let locals = bind(locals, Value::local(&loop_index(name.as_deref())));
            let copy = Copy { symbol: indexed(""), locals, repeated: true };
            self.push(id, declaration, copy, present, parent, into);
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
                    let locals = bind(locals, Value::int(index));
                    let copy = Copy { symbol: indexed(&index.to_string()), locals, repeated: false };
                    self.push(id, declaration, copy, present, parent, into);
                }
            }
            Some(_) => {
                self.refuse_count(&count, place);
                any(around, into);
            }
            None => any(around, into),
        }
    }

    /// A loop that Azure refuses; one that does so only by default is none.
    pub fn refuse_count(&self, count: &Value, place: crate::text::Place) {
        if let (true, Some(count)) = (count.assumed.is_empty(), count.as_int()) {
            self.problem(
                place,
                ProblemKind::InvalidExpression,
                format!("a loop makes 0 to {MAX_COPIES} copies, not {count}"),
            );
        }
    }

    fn push(
        &self,
        id: DeploymentId,
        declaration: &Rc<dyn Declaration<'t> + 't>,
        copy: Copy,
        present: Value,
        parent: Option<&Rc<Instance<'t>>>,
        into: &mut Vec<Rc<Instance<'t>>>,
    ) {
        let Copy { symbol, locals, repeated } = copy;
        let frame = Frame::of_deployment(self, id).bound(locals.clone());
        let written = declaration.kind(&frame).display();
        // An extension type of a symbolic-name template is written `Provider@version`.
        let written = written.split('@').next().unwrap_or_default().to_owned();
        let kind: Rc<str> = match parent {
            Some(parent) if !written.contains('.') => Rc::from(format!("{}/{written}", parent.kind).as_str()),
            _ => Rc::from(written.as_str()),
        };
        let repeated = repeated || parent.is_some_and(|parent| parent.repeated);
        let instance = Rc::new(Instance {
            declaration: Rc::clone(declaration),
            kind,
            symbol,
            deployment: id,
            parent: parent.map(Rc::clone),
            locals: locals.clone(),
            repeated,
            present,
            condition: Once::default(),
            own_name: Once::default(),
            name: Once::default(),
            id: Once::default(),
            body: Once::default(),
            referred: Once::default(),
            named_parent: Once::default(),
            nested: Once::default(),
        });
        into.push(Rc::clone(&instance));
        for child in declaration.children() {
            self.expand(id, &child, Some(&instance), &locals, into);
        }
    }

    /// The resource it is written inside of, or names as its parent.
    fn parent(&self, instance: &Instance<'t>) -> Option<Rc<Instance<'t>>> {
        let named = || instance.declaration.parent(&Frame::of_instance(self, instance));
        let named = || instance.named_parent.get(None, || named().as_ref().map(Rc::downgrade));
        instance.parent.clone().or_else(|| named()?.upgrade())
    }

    /// The name as it is written.
    pub(super) fn own_name(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.own_name, || instance.declaration.name(&Frame::of_instance(self, instance)))
    }

    /// The name with the parents' names.
    pub(super) fn name(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.name, || {
            let own = self.own_name(instance);
            // Written inside its parent it has a name of its own only; a full name is tolerated beside a full type.
            let missing = |parent: &Instance| {
                let types = |kind: &str| kind.split('/').count();
                name_segments(&own).len() + types(&parent.kind) <= types(&instance.kind)
            };
            match self.parent(instance) {
                Some(parent) if is_below(instance, &parent) && missing(&parent) => {
                    let place = own.place;
                    Value::concat(&[self.name(&parent), Value::text("/"), own]).at(place)
                }
                _ => own,
            }
        })
    }

    /// The resource id.
    pub(super) fn id(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.id, || {
            let name = self.name(instance);
            let base = self.base(instance);
            if instance.kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
                return Value::concat(&[base, Value::text("/resourceGroups/"), name]);
            }
            extension_id(&base, &instance.kind, &name)
        })
    }

    /// What its id starts with: the id of where it lands, or of what it extends.
    fn base(&self, instance: &Instance<'t>) -> Value {
        let landing = self.landing(instance);
        if instance.kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
            return Value::concat(&[Value::text("/subscriptions/"), landing.context.subscription]);
        }
        if instance.is_deployment() {
            return landing.id;
        }
        let own = instance.declaration.target(&Frame::of_instance(self, instance)).scope;
        match (own, self.parent(instance)) {
            (Some(scope), _) => scope_id(&landing, &scope),
            (None, Some(parent)) if is_below(instance, &parent) => self.base(&parent),
            (None, _) => landing.id,
        }
    }

    /// Where a resource lands: with its deployment, unless it says otherwise. For a deployment resource that is where
    /// its own resources land too.
    pub(super) fn landing(&self, instance: &Instance<'t>) -> Landing {
        let Some(deployment) = self.deployment(instance.deployment) else {
            return Landing::below(self.empty_context(), Level::Tenant);
        };
        let target = instance.declaration.target(&Frame::of_instance(self, instance));
        let landing = match &target.scope {
            Some(scope) if instance.is_deployment() => deployment.landing.scope(scope),
            _ => deployment.landing.clone(),
        };
        if target.subscription.is_none() && target.resource_group.is_none() {
            return landing;
        }
        let level = if target.resource_group.is_some() { Level::ResourceGroup } else { Level::Subscription };
        let context = Context {
            subscription: target.subscription.unwrap_or(landing.context.subscription),
            resource_group: target.resource_group.unwrap_or_default(),
            ..landing.context
        };
        Landing::below(context, level)
    }

    /// Everything the resource declares, evaluated.
    pub(super) fn body(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.body, || instance.declaration.body(&Frame::of_instance(self, instance)))
    }

    /// Its properties with what Azure adds to them.
    pub(super) fn properties(&self, instance: &Rc<Instance<'t>>) -> Value {
        self.once(&instance.referred, || self.with_ids(instance))
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
        let declaration = &instance.declaration;
        Resource {
            kind: Rc::clone(&instance.kind),
            address,
            id: self.id(instance),
            api_version: declaration.api_version(&frame),
            body: self.body(instance),
            existing: declaration.is_existing(),
            condition: self.condition(instance),
            repeated: instance.repeated,
            damaged: declaration.is_damaged(),
            provider: None,
            place: declaration.place(),
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
            let written = instance.declaration.condition(&Frame::of_instance(self, instance));
            let own = both(written.unwrap_or_else(|| Value::bool(true)), instance.present.clone());
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
    functions::library("greater", vec![count.clone(), Value::int(index)])
}

/// Whether two conditions hold.
pub fn both(a: Value, b: Value) -> Value {
    match (&a.kind, &b.kind) {
        (Kind::Bool(true), _) => b.assuming(&a.assumed),
        (_, Kind::Bool(true)) => a.assuming(&b.assumed),
        (Kind::Bool(false), _) => a,
        (_, Kind::Bool(false)) => b,
        _ => functions::library("and", vec![a, b]),
    }
}
