//! One resource of a template after its loops are expanded.

use super::deployment_scope::{DeploymentScope, Level, scope_id};
use super::scope::Frame;
use super::{Declaration, Deployment, DeploymentId, Expansion, Loop, MAX_COPIES};
use crate::azure::names;
use crate::eval::evaluator::loop_index;
use crate::eval::functions::{self, Context};
use crate::eval::ids::{extension_id, name_segments};
use crate::eval::{Assumptions, Kind, Locals, TermKind, Value};
use crate::lang::Resource;
use crate::lang::once::Once;
use crate::text::shortened;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// Bytes of an address; no name that Azure accepts makes a longer one.
const MAX_ADDRESS: usize = 1000;

/// Steps that a copy costs before anything of it is evaluated: it takes about a kilobyte.
const INSTANCE: u64 = 8;

/// Resources of one template, by the normal form of what identifies them, in lower case.
pub(super) type Index<'t> = HashMap<String, Rc<Instance<'t>>>;

/// The copies of a declaration.
pub(super) type Copies<'t> = Rc<Vec<Rc<Instance<'t>>>>;

/// A declaration and, once one of them was needed, its copies. What one loop runs over may thus name the
/// resources of another one.
pub(super) struct Declared<'t> {
    declaration: Rc<dyn Declaration<'t> + 't>,
    /// `None` while they are being made.
    copies: Once<Option<Copies<'t>>>,
}

impl<'t> Declared<'t> {
    pub(super) fn all(declarations: Vec<Rc<dyn Declaration<'t> + 't>>) -> Vec<Self> {
        let declared = |declaration| Self { declaration, copies: Once::default() };
        declarations.into_iter().map(declared).collect()
    }
}

/// Why no resource is found by its symbolic name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfound {
    /// No resource of the template has this symbolic name.
    Undeclared,
    /// The loop that makes it runs over what it makes.
    Cycle,
}

/// One copy of a declaration.
pub struct Instance<'t> {
    pub(super) this: Weak<Instance<'t>>,
    pub(super) declaration: Rc<dyn Declaration<'t> + 't>,
    /// ARM type with its parents'.
    pub(super) kind: Rc<str>,
    /// Symbolic name, with the index of a copy: `kv[0]`.
    pub(super) symbol: Option<Rc<str>>,
    pub(super) deployment: DeploymentId,
    /// The resource it is written inside of, or names as its parent.
    parent: Option<Weak<Instance<'t>>>,
    /// The index of this copy, and the indices of the loops around it, by the loop's name.
    pub(super) locals: Locals,
    /// Set when this represents any number of copies.
    pub(super) repeated: bool,
    /// Whether its loop makes this copy.
    pub(super) present: Value,
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
    /// The resources written inside it.
    children: OnceCell<Vec<Declared<'t>>>,
}

impl<'t> Instance<'t> {
    fn children(&self) -> &[Declared<'t>] {
        self.children.get_or_init(|| Declared::all(self.declaration.children()))
    }

    /// How the resources of a deployment resource are addressed.
    pub(super) fn path_below(&self, above: &str) -> String {
        match &self.symbol {
            Some(symbol) => format!("{above}{symbol}."),
            None => above.to_owned(),
        }
    }

    pub(super) fn is_deployment(&self) -> bool {
        self.kind.eq_ignore_ascii_case(names::DEPLOYMENT)
    }
}

impl<'t> Expansion<'_, 't> {
    /// The resources of a deployment's own template. Asked for by what a loop runs over, they lack what that loop makes.
    pub(super) fn instances(&self, id: DeploymentId) -> Copies<'t> {
        let Some(deployment) = self.deployment(id) else { return Rc::default() };
        if let Some(found) = deployment.instances.get() {
            return Rc::clone(found);
        }
        let mut found = Vec::new();
        let is_whole = self.gather(id, deployment.declared(), None, &mut found);
        let found = Rc::new(found);
        self.budget.spend(found.len() as u64);
        if is_whole { Rc::clone(deployment.instances.get_or_init(|| found)) } else { found }
    }

    /// All copies of declarations and of what is written inside them, each before what is in it; false when some are
    /// just being made.
    fn gather(
        &self,
        id: DeploymentId,
        declared: &[Declared<'t>],
        parent: Option<&Rc<Instance<'t>>>,
        into: &mut Vec<Rc<Instance<'t>>>,
    ) -> bool {
        let mut is_whole = true;
        for declared in declared {
            let Some(copies) = self.copies(id, declared, parent) else {
                is_whole = false;
                continue;
            };
            for copy in copies.iter() {
                into.push(Rc::clone(copy));
                is_whole &= self.gather(id, copy.children(), Some(copy), into);
            }
        }
        is_whole
    }

    /// The copies of one declaration; `None` when what its loop runs over asks for them.
    fn copies(
        &self,
        id: DeploymentId,
        declared: &Declared<'t>,
        parent: Option<&Rc<Instance<'t>>>,
    ) -> Option<Copies<'t>> {
        declared.copies.get(None, || {
            let deployment = self.deployment(id)?;
            let locals = parent.map_or(&deployment.locals, |parent| &parent.locals);
            let mut found = Vec::new();
            self.expand(id, &declared.declaration, parent, locals, &mut found);
            Some(Rc::new(found))
        })
    }

    /// The copies of what has this symbolic name, in the order of their indices.
    pub(super) fn copies_of(&self, id: DeploymentId, symbol: &str) -> Result<Copies<'t>, Unfound> {
        let deployment = self.deployment(id).ok_or(Unfound::Undeclared)?;
        let path = deployment.symbols().get(&symbol.to_ascii_lowercase()).ok_or(Unfound::Undeclared)?;
        let (first, inner) = path.split_first().ok_or(Unfound::Undeclared)?;
        let declared = deployment.declared().get(*first).ok_or(Unfound::Undeclared)?;
        let mut found = self.copies(id, declared, None).ok_or(Unfound::Cycle)?;
        for step in inner {
            let mut below = Vec::new();
            for outer in found.iter() {
                let declared = outer.children().get(*step).ok_or(Unfound::Undeclared)?;
                let copies = self.copies(id, declared, Some(outer)).ok_or(Unfound::Cycle)?;
                below.extend(copies.iter().cloned());
            }
            self.budget.spend(below.len() as u64);
            found = Rc::new(below);
        }
        Ok(found)
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
        let any = |present: Value, index: Value, into: &mut Vec<_>| {
            let copy = Copy { symbol: indexed(""), locals: bind(locals, index), repeated: true };
            self.push(id, declaration, copy, present, parent, into);
        };
        match most_copies(&count) {
            // None by default: it is there when the parameter says so.
            Some(0) if !count.assumed.is_empty() => {
                let present = both(around, Value::bool(false).assuming(&count.assumed));
                any(present, Value::local(&loop_index(name.as_deref())), into);
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
                base.refuse_count(&count, place);
                let index = open_index(&count, name.as_deref());
                any(around, index, into);
            }
            None => any(around, Value::local(&loop_index(name.as_deref())), into),
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
        self.budget.spend(INSTANCE);
        into.push(Rc::new_cyclic(|this| Instance {
            this: Weak::clone(this),
            declaration: Rc::clone(declaration),
            kind,
            symbol,
            deployment: id,
            parent: parent.map(Rc::downgrade),
            locals,
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
            children: OnceCell::new(),
        }));
    }

    /// The resource it is written inside of, or names as its parent.
    fn parent(&self, instance: &Instance<'t>) -> Option<Rc<Instance<'t>>> {
        let named = || instance.declaration.parent(&Frame::of_instance(self, instance));
        let named = || instance.named_parent.get(None, || named().as_ref().map(Rc::downgrade));
        instance.parent.as_ref().and_then(Weak::upgrade).or_else(|| named()?.upgrade())
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

    /// The resource id, from the scope of the deployment unless the resource sets `scope`.
    pub(super) fn id(&self, instance: &Instance<'t>) -> Value {
        self.once(&instance.id, || {
            let name = self.name(instance);
            let base = self.base(instance);
            if instance.kind.eq_ignore_ascii_case(names::RESOURCE_GROUP) {
                return Value::concat(&[base, Value::text("/resourceGroups/"), name]);
            }
            extension_id(&base, &instance.kind, &name)
        })
    }

    /// What its id starts with: the id of where it lands, or of what it extends.
    fn base(&self, instance: &Instance<'t>) -> Value {
        let deployment_scope = self.deployment_scope(instance);
        if instance.kind.eq_ignore_ascii_case(names::RESOURCE_GROUP) {
            return Value::concat(&[Value::text("/subscriptions/"), deployment_scope.context.subscription]);
        }
        if instance.is_deployment() {
            return deployment_scope.id;
        }
        let own = instance.declaration.target(&Frame::of_instance(self, instance)).scope;
        match (own, self.parent(instance)) {
            (Some(scope), _) => scope_id(&deployment_scope, &scope),
            (None, Some(parent)) if is_below(instance, &parent) => self.base(&parent),
            (None, _) => deployment_scope.id,
        }
    }

    /// Where a resource lands: with its deployment, unless it says otherwise. For a deployment resource that is where
    /// its own resources land too.
    pub(super) fn deployment_scope(&self, instance: &Instance<'t>) -> DeploymentScope {
        let Some(deployment) = self.deployment(instance.deployment) else {
            return DeploymentScope::below(self.empty_context(), Level::Tenant);
        };
        let target = instance.declaration.target(&Frame::of_instance(self, instance));
        let deployment_scope = match &target.scope {
            Some(scope) if instance.is_deployment() => deployment.deployment_scope.scope(scope),
            _ => deployment.deployment_scope.clone(),
        };
        if target.subscription.is_none() && target.resource_group.is_none() {
            return deployment_scope;
        }
        let level = if target.resource_group.is_some() { Level::ResourceGroup } else { Level::Subscription };
        let context = Context {
            subscription: target.subscription.unwrap_or(deployment_scope.context.subscription),
            resource_group: target.resource_group.unwrap_or_default(),
        };
        DeploymentScope::below(context, level)
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
        let only_created = declaration.is_only_created();
        let body = self.body(instance);
        let body = if only_created { body.assuming(&Assumptions::created()) } else { body };
        Resource {
            kind: Rc::clone(&instance.kind),
            address,
            id: self.id(instance),
            api_version: declaration.api_version(&frame),
            body,
            referenced: declaration.is_existing(),
            condition: self.condition(instance),
            repeated: instance.repeated,
            partially_parsed: declaration.is_partially_parsed(),
            only_created,
            made_as: None,
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

/// The index of a loop that Azure refuses, whatever copy it is of: it depends on the parameters that say how many there
/// are.
fn open_index(count: &Value, name: Option<&str>) -> Value {
    let parameters: Vec<Value> =
        count.assumed.names().map(|name| Value::parameter(name, Vec::new())).collect();
    if parameters.is_empty() { Value::local(&loop_index(name)) } else { Value::call("copyIndex", parameters) }
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
