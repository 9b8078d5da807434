//! Evaluates template expressions in a scope that a language provides.

use super::functions::terraform::in_order;
use super::functions::{self, Context};
use super::meter;
use super::terraform;
use super::value::{Assumptions, Field, Kind, Value, distribute};
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl;
use crate::text::{Place, shortened};
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Nested evaluations beyond which a value is given up on; keeps the stack of a WebAssembly instance whole.
const MAX_NESTING: u16 = 160;
/// Steps one check may take; a step is one node, an element that is made, or 64 bytes that are made, copied or read.
const STEPS: u64 = 3_000_000;
/// Fields that are looked at in a step.
const SEARCHED: u64 = 32;
/// Bytes that cost a step.
const BYTES: u64 = 64;

/// Bytes of the reason for a refusal, in which the text may be that is refused.
const MAX_REASON: usize = 1000;

/// Bytes of a kept value that cost a step.
const KEPT_BYTES: u64 = 16;

/// What is known of a resource before its properties are.
pub const KNOWN_PARTS: [&str; 4] = ["id", "name", "type", "apiVersion"];

/// What an expression may refer to. A language implements it for its own scopes.
pub trait Scope {
    /// What built-in functions may know.
    fn context(&self) -> &Context;
    /// The budget that everything in one check shares.
    fn budget(&self) -> &Budget;
    /// The turns that a loop over a list makes at most: Azure's own limit, where a language has no other.
    fn most_turns(&self) -> usize {
        800
    }
    /// The value of a parameter, `None` when nothing declares it.
    fn parameter(&self, name: &str) -> Option<Value>;
    /// The value of a variable, `None` when nothing declares it.
    fn variable(&self, name: &str) -> Option<Value>;
    /// Where an expression is, when it is a place of its own.
    fn place(&self, expr: &Expr) -> Option<Place>;
    /// A resource by its symbolic name and the index of its copy, `None` when nothing declares it.
    fn symbol(&self, name: &str, index: Option<&Value>) -> Option<Value>;
    /// The list of all copies of a resource, `None` when that is not known.
    fn symbols(&self, _name: &str) -> Option<Value> {
        None
    }
    /// One of [`KNOWN_PARTS`] of a resource; `None` in a language that does not know them apart.
    fn symbol_part(&self, _name: &str, _index: Option<&Value>, _part: &str) -> Option<Value> {
        None
    }
    /// The result of a user-defined function, `None` when nothing declares it.
    fn user_function(&self, namespace: Option<&str>, name: &str, args: &[Value]) -> Option<Value>;
    /// A function about the deployment or its resources: `deployment`, `resourceGroup`, `reference`, ….
    /// `None` when this is not such a function.
    fn resource_function(&self, name: &str, args: &[Value]) -> Option<Value>;
    /// Something is wrong with the template: `span` lies in the expression's text.
    fn report(&self, expr: &Expr, problem: Problem);
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing declares this: what kind of thing, and its name.
    Undeclared {
        /// `parameter`, `variable`, `function`.
        what: &'static str,
        /// As the expression writes it.
        name: String,
    },
    /// An object that is written out has no property of this name.
    NoProperty {
        /// As the expression writes it.
        name: Rc<str>,
        /// The names of the properties that it has, in order.
        known: Vec<Rc<str>>,
        /// Where the object is written.
        object: Option<Place>,
        /// The defaults of parameters that it rests on.
        assumed: Assumptions,
    },
    /// Nothing here knows a function of this name: it may be newer.
    UnknownFunction(String),
    /// Azure would refuse the call.
    Refused {
        /// One line, with the function's name, as the message of the finding.
        reason: String,
        /// The defaults of parameters that it rests on.
        assumed: Assumptions,
    },
}

/// Has the memory of WebAssembly grow by megabytes where it would grow by 64 KB: each time costs a host half a millisecond.
/// What is free already is not asked for again.
#[cfg(target_arch = "wasm32")]
fn make_room() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(ROOM)));
}

/// Steps after which there is to be room again, and how much of it.
#[cfg(target_arch = "wasm32")]
const ROOM_STEPS: u64 = 1 << 14;
#[cfg(target_arch = "wasm32")]
const ROOM: usize = 4 << 20;

/// Bounds the work of one check.
#[derive(Debug)]
pub struct Budget {
    steps: Cell<u64>,
    /// What values had been made of when that was last paid.
    paid: Cell<u64>,
    nesting: Cell<u16>,
    exhausted: Cell<Option<&'static str>>,
    /// Set while the expression says what holds instead of a missing property.
    tolerant: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: Cell::new(STEPS),
            paid: Cell::new(meter::made()),
            nesting: Cell::new(0),
            exhausted: Cell::new(None),
            tolerant: Cell::new(false),
        }
    }
}

impl Budget {
    /// A budget of that many steps, and no more than any.
    pub fn of(steps: u64) -> Self {
        Self { steps: Cell::new(steps.min(STEPS)), ..Self::default() }
    }

    /// Takes steps, or as many as it costs to make the values that were made since the last time, if those are more; false
    /// when there are none left.
    pub fn spend(&self, steps: u64) -> bool {
        let unpaid = meter::made().wrapping_sub(self.paid.get()) / BYTES;
        self.paid.set(self.paid.get().wrapping_add(unpaid * BYTES));
        let steps = steps.max(unpaid);
        let left = self.steps.get();
        #[cfg(target_arch = "wasm32")]
        if left / ROOM_STEPS != left.saturating_sub(steps) / ROOM_STEPS {
            make_room();
        }
        if left < steps {
            self.steps.set(0);
            self.exhausted.set(Some("the template takes too many evaluation steps"));
            return false;
        }
        self.steps.set(left - steps);
        true
    }

    /// Pays for a value that is kept once per resource, however small the text that makes it; a limit value when the
    /// steps do not suffice.
    pub fn keep(&self, value: Value) -> Value {
        self.afford(value.size() as u64 / KEPT_BYTES, value)
    }

    /// Pays for the arguments of a call; false when the steps do not suffice.
    pub(super) fn pay(&self, args: &[Value]) -> bool {
        self.spend(args.iter().fold(1, |sum, arg| sum + arg.size() as u64 / BYTES))
    }

    /// Pays for a value that was made: for what is new in it, or for reading the whole of it once. A limit value when the
    /// steps do not suffice.
    pub fn make(&self, value: Value) -> Value {
        self.afford(value.size() as u64 / BYTES + value.elements_held() as u64, value)
    }

    /// Pays for copying so many bytes; false when the steps do not suffice.
    pub fn copy(&self, bytes: usize) -> bool {
        self.spend(bytes as u64 / BYTES)
    }

    /// Pays for looking for a name among so many.
    pub fn look_through(&self, names: usize) {
        self.spend(names as u64 / SEARCHED);
    }

    /// Pays for looking for a field of an object.
    fn search(&self, value: &Value) {
        self.look_through(value.fields_held());
    }

    fn afford(&self, steps: u64, value: Value) -> Value {
        if self.spend(steps) { value } else { Value::limit("evaluation budget used up").at(value.place) }
    }

    /// Runs something one level deeper; a limit value when that is too deep or the steps are used up.
    pub fn nested(&self, evaluate: impl FnOnce() -> Value) -> Value {
        if let Err(limit) = self.descend() {
            return limit;
        }
        let value = evaluate();
        self.nesting.set(self.nesting.get().saturating_sub(1));
        value
    }

    /// Evaluates something while missing properties are not reported, or are reported again: what is kept for several readers
    /// must not depend on which of them asks first.
    pub fn tolerating<T>(&self, tolerant: bool, evaluate: impl FnOnce() -> T) -> T {
        let before = self.tolerant.replace(tolerant);
        let value = evaluate();
        self.tolerant.set(before);
        value
    }

    /// Goes one level deeper. Apart from what is evaluated there, which would have this once for each kind of it.
    fn descend(&self) -> Result<(), Value> {
        let nesting = self.nesting.get();
        if nesting >= MAX_NESTING {
            self.exhausted.set(Some("the template nests its values too deeply"));
            return Err(Value::limit("nested too deeply"));
        }
        if !self.spend(1) {
            return Err(Value::limit("evaluation budget used up"));
        }
        self.nesting.set(nesting + 1);
        Ok(())
    }

    /// How many steps are left.
    pub fn steps_left(&self) -> u64 {
        self.steps.get()
    }

    /// Whether there are no steps left.
    pub fn is_spent(&self) -> bool {
        self.steps.get() == 0
    }

    /// Meets a bound that is counted elsewhere.
    pub fn give_up(&self, reason: &'static str) {
        self.exhausted.set(Some(reason));
    }

    /// Which bound was met since the last question, if one was.
    pub fn exhausted(&self) -> Option<&'static str> {
        self.exhausted.take()
    }
}

/// Names bound by lambdas and loops, innermost first. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Locals(Option<Rc<Local>>);

#[derive(Debug)]
struct Local {
    name: Rc<str>,
    value: Value,
    outer: Locals,
}

impl Locals {
    /// Whether no name is bound.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// These names and one more.
    #[must_use]
    pub fn with(&self, name: &str, value: Value) -> Self {
        Self(Some(Rc::new(Local { name: Rc::from(name), value, outer: self.clone() })))
    }

    /// The value bound to a name; where none is written the same, without case, as ARM compares them.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut alike = None;
        let mut next = self.0.as_deref();
        while let Some(local) = next {
            if &*local.name == name {
                return Some(&local.value);
            }
            if local.name.eq_ignore_ascii_case(name) {
                alike = alike.or(Some(&local.value));
            }
            next = local.outer.0.as_deref();
        }
        alike
    }
}

/// The name under which a loop's index is bound; `None` is the innermost resource loop.
pub fn loop_index(name: Option<&str>) -> String {
    format!("copyIndex({})", name.unwrap_or_default())
}

/// Evaluates an expression. Never fails: what cannot be known is a term, what is wrong is reported.
pub fn evaluate(expr: &Expr, scope: &dyn Scope, locals: &Locals) -> Value {
    evaluate_as(expr, None, scope, locals)
}

/// Evaluates the value of a property or variable: a loop in it is named after it.
pub fn evaluate_as(expr: &Expr, name: Option<&str>, scope: &dyn Scope, locals: &Locals) -> Value {
    let value = scope.budget().nested(|| match &expr.kind {
        ExprKind::Null => Value::null(),
        ExprKind::Bool(value) => Value::bool(*value),
        ExprKind::Int(number) => Value::int(*number),
        ExprKind::Text(text) => Value::text(Rc::clone(text)),
        ExprKind::Interpolation(pieces) => scope.budget().make(Value::concat(&all(pieces, scope, locals))),
        ExprKind::Array(items) => scope.budget().make(array(items, scope, locals)),
        ExprKind::Object(fields) => scope.budget().make(object(fields, scope, locals)),
        ExprKind::Property { of, name, safe } => {
            if let Some(part) = part_of_symbol(of, name, scope, locals) {
                return part;
            }
            let of_value = evaluate(of, scope, locals);
            scope.budget().search(&of_value);
            if !safe && let Some(missing) = no_property(expr, &of_value, name, scope) {
                return missing;
            }
            let found = property(of_value, name);
            if found.is_completed() {
                scope.budget().spend(found.elements_held() as u64);
            }
            // What is only known as a part of something has the place where the part is named.
            if found.place == scope.place(of) { Value { place: None, ..found } } else { found }
        }
        ExprKind::Index { of, index, safe } => {
            let index = evaluate(index, scope, locals);
            let of = match &of.kind {
                ExprKind::Symbol(name) => {
                    if let Some(resource) = copy_of_symbol(name, &index, scope) {
                        return resource;
                    }
                    scope.symbol(name, None).unwrap_or_else(|| unresolved(name)).or_at(scope.place(of))
                }
                _ => evaluate(of, scope, locals),
            };
            scope.budget().search(&of);
            let missing = |name: &str| no_property(expr, &of, name, scope);
            if !safe && let Some(missing) = index.as_text().and_then(missing) {
                return missing;
            }
            distribute(&[of, index], &|args| match args {
                [of, index] => element(of, index),
                _ => Value::null(),
            })
        }
        ExprKind::Name(name) => locals.get(name).cloned().unwrap_or_else(|| Value::local(name)),
        ExprKind::Symbol(name) => {
            scope.symbol(name, None).or_else(|| scope.symbols(name)).unwrap_or_else(|| unresolved(name))
        }
        ExprKind::Nested { of, name } => Value::property(evaluate(of, scope, locals), name),
        ExprKind::Method { of, name, args } => {
            let mut values = vec![evaluate(of, scope, locals)];
            values.extend(all(args, scope, locals));
            Value::call(name, values)
        }
        ExprKind::Spread(of) => evaluate(of, scope, locals),
        ExprKind::For { list, .. } => {
            let list = evaluate(list, scope, locals);
            let turns = |list: &Value| turns(expr, name, list, scope, locals);
            distribute(&[list], &|lists| lists.first().map_or_else(Value::null, &turns))
        }
        ExprKind::Broken => Value::limit("an expression that cannot be read"),
        ExprKind::Lambda { .. } => Value::limit("a lambda outside a function that takes one"),
        ExprKind::Call { namespace, name, args } => {
            call(expr, namespace.as_deref(), name, args, scope, locals)
        }
    });
    value.used_at(scope.place(expr))
}

fn unresolved(symbol: &str) -> Value {
    Value::call("resource", vec![Value::text(symbol)])
}

/// The copy of a resource that an index names, also one of several.
fn copy_of_symbol(name: &str, index: &Value, scope: &dyn Scope) -> Option<Value> {
    of_each_index(index, &|index| scope.symbol(name, Some(index)))
}

fn of_each_index(index: &Value, find: &dyn Fn(&Value) -> Option<Value>) -> Option<Value> {
    let all_found = Cell::new(true);
    let found = distribute(std::slice::from_ref(index), &|indices| {
        let found = indices.first().and_then(find);
        found.unwrap_or_else(|| {
            all_found.set(false);
            Value::null()
        })
    });
    all_found.get().then_some(found)
}

/// `resource.id` and its kin, which do not wait for what the resource declares.
fn part_of_symbol(of: &Expr, part: &str, scope: &dyn Scope, locals: &Locals) -> Option<Value> {
    let part = KNOWN_PARTS.into_iter().find(|known| known.eq_ignore_ascii_case(part))?;
    match &of.kind {
        ExprKind::Symbol(name) => scope.symbol_part(name, None, part),
        ExprKind::Index { of, index, .. } => match &of.kind {
            ExprKind::Symbol(name) => {
                let index = evaluate(index, scope, locals);
                of_each_index(&index, &|index| scope.symbol_part(name, Some(index), part))
            }
            _ => None,
        },
        _ => None,
    }
}

fn all(exprs: &[Expr], scope: &dyn Scope, locals: &Locals) -> Vec<Value> {
    exprs.iter().map(|expr| evaluate(expr, scope, locals)).collect()
}

fn array(items: &[Expr], scope: &dyn Scope, locals: &Locals) -> Value {
    let mut lists: Vec<Value> = Vec::new();
    let mut known: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let value = evaluate(item, scope, locals);
        match (&item.kind, &value.kind) {
            (ExprKind::Spread(_), Kind::Array(more)) => {
                known.extend(more.items().iter().map(|item| item.clone().assuming(&value.assumed)));
            }
            (ExprKind::Spread(_), _) => {
                lists.push(Value::array(std::mem::take(&mut known)));
                lists.push(value);
            }
            _ => known.push(value),
        }
    }
    let last = Value::array(known);
    if lists.is_empty() {
        return last;
    }
    lists.push(last);
    functions::library("concat", lists)
}

fn object(fields: &[(Expr, Expr)], scope: &dyn Scope, locals: &Locals) -> Value {
    let mut objects: Vec<Value> = Vec::new();
    let mut known = Vec::with_capacity(fields.len());
    for (key, value) in fields {
        if let ExprKind::Spread(of) = &key.kind {
            objects.push(Value::object(std::mem::take(&mut known)));
            objects.push(evaluate(of, scope, locals));
            continue;
        }
        let key = evaluate(key, scope, locals);
        let Some(name) = key.as_text() else {
            return open_object(fields, scope, locals);
        };
        known.push(Field {
            key: Rc::from(name),
            key_place: key.place,
            value: evaluate_as(value, Some(name), scope, locals).assuming(&key.assumed),
        });
    }
    let last = Value::object(known);
    if objects.is_empty() {
        return last;
    }
    objects.push(last);
    functions::library("shallowMerge", vec![Value::array(objects)])
}

/// An object with a key that is not known: its keys and values by turns, as ARM's function takes them.
fn open_object(fields: &[(Expr, Expr)], scope: &dyn Scope, locals: &Locals) -> Value {
    let pair = |(key, value): &(Expr, Expr)| match &key.kind {
        ExprKind::Spread(of) => [evaluate(of, scope, locals), Value::null()],
        _ => [evaluate(key, scope, locals), evaluate(value, scope, locals)],
    };
    Value::call("createObject", fields.iter().flat_map(pair).collect())
}

/// The list that a loop over a list makes.
fn turns(expr: &Expr, name: Option<&str>, list: &Value, scope: &dyn Scope, locals: &Locals) -> Value {
    let ExprKind::For { item, index, body, .. } = &expr.kind else { return Value::null() };
    let bind = |element: Value, at: Value| {
        let inner = locals.with(item, element);
        index.as_ref().map_or_else(|| inner.clone(), |index| inner.with(index, at))
    };
    // HCL loops over the values of an object too; the index is the key then.
    if let Some(fields) = in_order(list) {
        let keyed = fields.into_iter().map(|field| {
            (
                Value::text(Rc::clone(&field.key)).at(field.key_place),
                field.value.clone().or_at(field.key_place).part_of(list, field.key_place),
            )
        });
        return made(expr, list, keyed, &bind, scope);
    }
    if list.is_null() {
        return Value::array(Vec::new()).assuming(&list.assumed);
    }
    let Kind::Array(array) = &list.kind else {
        let at = Value::local(&loop_index(name.or(Some(item))));
        let inner = bind(element(list, &at), at);
        let count = functions::library("length", vec![list.clone()]);
        return Value::call("copy", vec![count, evaluate(body, scope, &inner)]);
    };
    let most = scope.most_turns();
    if array.items().len() > most {
        let reason = format!("a loop makes 0 to {most} copies, not {}", array.items().len());
        scope.report(expr, Problem::Refused { reason, assumed: list.assumed.clone() });
        return Value::limit("a loop that Azure refuses");
    }
    let items =
        (0i64..).map(Value::int).zip(array.items().iter().map(|item| item.clone().part_of(list, None)));
    made(expr, list, items, &bind, scope)
}

/// What the turns of a loop over these indices and elements make.
fn made(
    expr: &Expr,
    list: &Value,
    items: impl Iterator<Item = (Value, Value)>,
    bind: &dyn Fn(Value, Value) -> Locals,
    scope: &dyn Scope,
) -> Value {
    let ExprKind::For { condition, body, .. } = &expr.kind else { return Value::null() };
    let mut made = Vec::new();
    // What is left out by a default is left out by the list.
    let mut assumed_out = list.assumed.clone();
    for (at, element) in items {
        if scope.budget().is_spent() {
            return Value::limit("evaluation budget used up");
        }
        let inner = bind(element, at);
        let wanted = condition
            .as_ref()
            .map_or_else(|| Value::bool(true), |condition| evaluate(condition, scope, &inner));
        match wanted.is_true() {
            super::Truth::True(assumed) => made.push(evaluate(body, scope, &inner).assuming(&assumed)),
            super::Truth::False(assumed) => assumed_out = assumed_out.and(&assumed),
            super::Truth::Unknown(_) => return Value::call("filter", vec![list.clone(), wanted]),
        }
    }
    Value::array(made).ordered_like(list).assuming(&assumed_out)
}

/// `value.name`: like [`Value::get`], but text and numbers have no properties to be open about.
fn property(of: Value, name: &str) -> Value {
    let found = of.get(name);
    // A value reached through an expression is the one written elsewhere; one that is missing has no place.
    if found.is_null() { Value { place: None, ..found } } else { found }
}

/// An unknown value in place of a property that an object lacks which is written out; says so.
fn no_property(expr: &Expr, of: &Value, name: &str, scope: &dyn Scope) -> Option<Value> {
    let object = lacking(of, name).filter(|_| !scope.budget().tolerant.get())?;
    let known = object.as_object()?.fields().iter().map(|field| Rc::clone(&field.key)).collect();
    let assumed = of.assumed.and(&object.assumed);
    scope.report(expr, Problem::NoProperty { name: Rc::from(name), known, object: object.place, assumed });
    Some(Value::property(of.clone(), name))
}

/// An object that lacks a property, where a value can be nothing else. Of objects that functions make or Azure completes, the
/// library may not know all properties: all of its names have to be written somewhere.
fn lacking<'v>(of: &'v Value, name: &str) -> Option<&'v Value> {
    match &of.kind {
        Kind::Object(object) => {
            let is_written =
                of.place.is_some() && object.fields().iter().all(|field| field.key_place.is_some());
            (is_written && object.field(name).is_none() && of.get(name).is_null()).then_some(of)
        }
        Kind::Choice(choice) => lacking(&choice.then, name).and(lacking(&choice.otherwise, name)),
        _ => None,
    }
}

/// `value[index]` for an array and a number, or an object and a text.
pub fn element(of: &Value, index: &Value) -> Value {
    let open = || Value::call("index", vec![of.clone(), index.clone()]);
    match (&of.kind, &index.kind) {
        (_, Kind::Text(name)) => property(of.clone(), name),
        (Kind::Array(array), Kind::Int(_)) if array.is_unordered() => open(),
        (Kind::Array(array), Kind::Int(at)) => {
            let found = usize::try_from(*at).ok().and_then(|at| array.items().get(at));
            found.map_or_else(Value::null, |item| item.clone().part_of(of, None).assuming(&of.assumed))
        }
        _ => open(),
    }
}

fn call(
    expr: &Expr,
    namespace: Option<&str>,
    name: &str,
    args: &[Expr],
    scope: &dyn Scope,
    locals: &Locals,
) -> Value {
    if namespace.is_none()
        && let Some(value) = special(expr, name, args, scope, locals)
    {
        return value;
    }
    if namespace == Some(hcl::NAMESPACE) {
        return terraform::call(name, args, scope, locals);
    }
    let values = all(args, scope, locals);
    if !scope.budget().pay(&values) {
        return Value::limit("evaluation budget used up");
    }
    if let Some(value) = scope.user_function(namespace, name, &values) {
        return value;
    }
    if namespace.is_none() {
        if let Some(function) = functions::find(name) {
            let value = match functions::call(function, &values, scope.context()) {
                Ok(value) => value,
                Err(reason) => {
                    let reason = shortened(reason, MAX_REASON);
                    let assumed =
                        values.iter().fold(Assumptions::default(), |all, arg| all.and(&arg.assumed));
                    scope.report(expr, Problem::Refused { reason, assumed });
                    Value::call(function.name, values)
                }
            };
            return scope.budget().make(value);
        }
        if let Some(value) = scope.resource_function(name, &values) {
            return value;
        }
    } else if let Some(value) =
        scope.resource_function(&format!("{}.{name}", namespace.unwrap_or_default()), &values)
    {
        return value;
    }
    let form = FORMS.iter().find(|(known, _)| namespace.is_none() && known.eq_ignore_ascii_case(name));
    if let Some((known, takes)) = form {
        let given = values.len();
        let reason = format!("`{known}` takes {takes}, and gets {given}");
        scope.report(expr, Problem::Refused { reason, assumed: Assumptions::default() });
        return Value::call(known, values);
    }
    let name = namespace.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}.{name}"));
    let value = Value::call(&name, values);
    // What has a namespace is declared in this template, or nowhere.
    scope.report(
        expr,
        match namespace {
            Some(_) => Problem::Undeclared { what: "function", name },
            None => Problem::UnknownFunction(name),
        },
    );
    value
}

/// Functions that are not in the library, and what they take; met here only when that is not what they get.
const FORMS: &[(&str, &str)] = &[
    ("coalesce", "at least 1 argument"),
    ("copyIndex", "0 to 2 arguments"),
    ("deployment", "no arguments"),
    ("environment", "no arguments"),
    ("filter", "an array and a lambda"),
    ("groupBy", "an array and a lambda"),
    ("if", "3 arguments"),
    ("lambdaVariables", "1 argument"),
    ("map", "an array and a lambda"),
    ("mapValues", "an object and a lambda"),
    ("parameters", "1 argument"),
    ("reduce", "an array, a start and a lambda"),
    ("reference", "1 to 3 arguments"),
    ("references", "1 or 2 arguments"),
    ("resourceGroup", "no arguments"),
    ("resourceInfo", "the symbolic name of a resource"),
    ("sort", "an array and a lambda"),
    ("subscription", "no arguments"),
    ("toObject", "an array and one or two lambdas"),
    ("variables", "1 argument"),
];

/// The names of the functions that a template may call, except for those that it declares.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    functions::names().chain(FORMS.iter().map(|(name, _)| *name))
}

/// Functions that do not evaluate all their arguments, or that bind names.
fn special(expr: &Expr, name: &str, args: &[Expr], scope: &dyn Scope, locals: &Locals) -> Option<Value> {
    let lower = name.to_ascii_lowercase();
    let value = match (lower.as_str(), args) {
        ("parameters" | "variables", [arg]) => {
            let parameter = lower == "parameters";
            let named = evaluate(arg, scope, locals);
            match named.as_text() {
                Some(name) => {
                    // The parameters of a user-defined function are locals of its body.
                    let bound = if parameter { locals.get(&function_parameter(name)).cloned() } else { None };
                    let found = bound
                        .or_else(|| if parameter { scope.parameter(name) } else { scope.variable(name) });
                    found.unwrap_or_else(|| {
                        let what = if parameter { "parameter" } else { "variable" };
                        scope.report(expr, Problem::Undeclared { what, name: name.to_owned() });
                        Value::call(if parameter { "parameters" } else { "variables" }, vec![named.clone()])
                    })
                }
                None => Value::call(&lower, vec![named]),
            }
        }
        ("if", [condition, then, otherwise]) => {
            let condition = evaluate(condition, scope, locals);
            match condition.is_true() {
                super::Truth::True(_) => evaluate(then, scope, locals).assuming(&condition.assumed),
                super::Truth::False(_) => evaluate(otherwise, scope, locals).assuming(&condition.assumed),
                super::Truth::Unknown(_) => {
                    let then = evaluate(then, scope, locals);
                    let otherwise = evaluate(otherwise, scope, locals);
                    decide(condition, then, otherwise)
                }
            }
        }
        ("coalesce", [first, rest @ ..]) => {
            let mut value = scope.budget().tolerating(true, || evaluate(first, scope, locals));
            for next in rest {
                if value.is_set().is_true() {
                    break;
                }
                let next = evaluate(next, scope, locals);
                value = coalesce(value, next);
            }
            value
        }
        // An argument of a function that is not known: nothing says what it is given.
        ("lambda", _) => Value::limit("a lambda outside a function that takes one"),
        ("lambdavariables", [arg]) => {
            let named = evaluate(arg, scope, locals);
            let name = named.as_text()?;
            locals.get(name).cloned().unwrap_or_else(|| {
                scope.report(expr, Problem::Undeclared { what: "lambda variable", name: name.to_owned() });
                Value::local(name)
            })
        }
        ("copyindex", [] | [_] | [_, _]) => {
            let values = all(args, scope, locals);
            let (name, offset) = match values.as_slice() {
                [only] if only.as_text().is_some() => (only.as_text(), Value::int(0)),
                [offset] => (None, offset.clone()),
                [name, offset] => (name.as_text(), offset.clone()),
                _ => (None, Value::int(0)),
            };
            match locals.get(&loop_index(name)) {
                Some(index) => match (index.as_int(), offset.as_int()) {
                    (_, Some(0)) => index.clone(),
                    (Some(index), Some(offset)) => Value::int(index.saturating_add(offset)),
                    _ => Value::call("add", vec![index.clone(), offset]),
                },
                None => {
                    let reason = "`copyIndex` is outside the loop that it names".to_owned();
                    scope.report(expr, Problem::Refused { reason, assumed: Assumptions::default() });
                    Value::call("copyIndex", values)
                }
            }
        }
        ("map" | "filter" | "sort" | "groupby" | "toobject" | "mapvalues" | "reduce", [list, rest @ ..]) => {
            let list = evaluate(list, scope, locals);
            let apply = |list: &Value| lambda::apply(&lower, list, rest, scope, locals);
            distribute(&[list], &|lists| lists.first().map_or_else(Value::null, &apply))
        }
        _ => return None,
    };
    Some(value)
}

/// The name under which a parameter of a user-defined function is bound in its body.
pub fn function_parameter(name: &str) -> String {
    format!("parameters({name})")
}

/// `if` on a condition that is open; one that is itself a choice decides through its branches.
fn decide(condition: Value, then: Value, otherwise: Value) -> Value {
    let assumed = condition.assumed.clone();
    match &condition.kind {
        Kind::Choice(choice) => Value::choice(
            choice.condition.clone(),
            decide(choice.then.clone(), then.clone(), otherwise.clone()),
            decide(choice.otherwise.clone(), then, otherwise),
        ),
        _ => Value::choice(condition, then, otherwise),
    }
    .assuming(&assumed)
}

fn coalesce(first: Value, next: Value) -> Value {
    match &first.kind {
        Kind::Null => next.assuming(&first.assumed),
        Kind::Choice(choice) => Value::choice(
            choice.condition.clone(),
            coalesce(choice.then.clone(), next.clone()),
            coalesce(choice.otherwise.clone(), next),
        )
        .assuming(&first.assumed),
        Kind::Term(_) => match first.is_set() {
            super::Truth::True(_) => first,
            _ => Value::call("coalesce", vec![first, next]),
        },
        _ => first,
    }
}

mod lambda {
    //! `map`, `filter`, `reduce`, `sort`, `groupBy`, `toObject`, `mapValues`.

    use super::*;

    /// The parameters and the body of a lambda argument: `lambda('x', …)` in ARM, `x => …` in Bicep.
    fn parts<'e>(arg: &'e Expr, scope: &dyn Scope, locals: &Locals) -> Option<(Vec<Rc<str>>, &'e Expr)> {
        match &arg.kind {
            ExprKind::Lambda { parameters, body } => Some((parameters.clone(), body)),
            ExprKind::Call { namespace: None, name, args } if name.eq_ignore_ascii_case("lambda") => {
                let (body, names) = args.split_last()?;
                let names = names
                    .iter()
                    .map(|name| evaluate(name, scope, locals).as_text().map(Rc::from))
                    .collect::<Option<Vec<_>>>()?;
                Some((names, body))
            }
            _ => None,
        }
    }

    fn invoke(arg: &Expr, values: &[Value], scope: &dyn Scope, locals: &Locals) -> Value {
        match parts(arg, scope, locals) {
            Some((names, body)) => {
                let mut inner = locals.clone();
                for (name, value) in names.iter().zip(values) {
                    inner = inner.with(name, value.clone());
                }
                evaluate(body, scope, &inner)
            }
            None => Value::limit("a function wants a lambda here"),
        }
    }

    /// A placeholder for any element, so that the result of a function over an unknown list has an identity.
    fn any_element() -> Value {
        Value::local("element")
    }

    pub(super) fn apply(
        function: &str,
        list: &Value,
        rest: &[Expr],
        scope: &dyn Scope,
        locals: &Locals,
    ) -> Value {
        let entries = match (&list.kind, function) {
            (Kind::Object(object), "mapvalues") => {
                let fields = object
                    .fields()
                    .iter()
                    .map(|field| Field {
                        value: first(rest, std::slice::from_ref(&field.value), scope, locals),
                        ..field.clone()
                    })
                    .collect();
                return Value::object(fields);
            }
            (Kind::Array(array), _) => array.items(),
            (Kind::Null, _) => &[],
            _ => {
                let body = first(rest, &[any_element(), any_element()], scope, locals);
                return Value::call(canonical(function), vec![list.clone(), body]);
            }
        };
        let open = |args: Vec<Value>| Value::call(canonical(function), args);
        match function {
            "map" => Value::array(indexed(entries, rest, scope, locals)),
            "filter" => {
                let (mut kept, mut assumed_out) = (Vec::new(), Assumptions::default());
                let verdicts = indexed(entries, rest, scope, locals);
                for (item, verdict) in entries.iter().zip(&verdicts) {
                    match verdict.is_true() {
                        super::super::Truth::True(assumed) => kept.push(item.clone().assuming(&assumed)),
                        super::super::Truth::False(assumed) => assumed_out = assumed_out.and(&assumed),
                        super::super::Truth::Unknown(_) => {
                            return open(vec![list.clone(), Value::array(verdicts)]);
                        }
                    }
                }
                Value::array(kept).assuming(&assumed_out)
            }
            "sort" => sort(entries, rest, scope, locals).unwrap_or_else(|| open(vec![list.clone()])),
            "reduce" => {
                let [initial, function, ..] = rest else { return open(vec![list.clone()]) };
                let mut value = evaluate(initial, scope, locals);
                for (at, item) in entries.iter().enumerate() {
                    let index = Value::int(i64::try_from(at).unwrap_or(i64::MAX));
                    value = invoke(function, &[value, item.clone(), index], scope, locals);
                }
                value
            }
            "groupby" => group(entries, rest, scope, locals).unwrap_or_else(|| open(vec![list.clone()])),
            "toobject" => to_object(entries, rest, scope, locals).unwrap_or_else(|| open(vec![list.clone()])),
            _ => open(vec![list.clone()]),
        }
    }

    fn canonical(function: &str) -> &'static str {
        match function {
            "map" => "map",
            "filter" => "filter",
            "sort" => "sort",
            "groupby" => "groupBy",
            "toobject" => "toObject",
            "mapvalues" => "mapValues",
            _ => "reduce",
        }
    }

    fn first(rest: &[Expr], values: &[Value], scope: &dyn Scope, locals: &Locals) -> Value {
        rest.first().map_or_else(Value::null, |function| invoke(function, values, scope, locals))
    }

    fn indexed(entries: &[Value], rest: &[Expr], scope: &dyn Scope, locals: &Locals) -> Vec<Value> {
        let with_index = |(at, item): (usize, &Value)| {
            first(rest, &[item.clone(), Value::int(i64::try_from(at).unwrap_or(i64::MAX))], scope, locals)
        };
        entries.iter().enumerate().map(with_index).collect()
    }

    /// Insertion by the template's own "less" function; `None` when it is open or the list is long.
    fn sort(entries: &[Value], rest: &[Expr], scope: &dyn Scope, locals: &Locals) -> Option<Value> {
        let mut sorted: Vec<Value> = Vec::new();
        if entries.len() > 1000 {
            return None;
        }
        for item in entries {
            let (mut low, mut high) = (0, sorted.len());
            while low < high {
                let middle = low.midpoint(high);
                let less = first(rest, &[item.clone(), sorted.get(middle)?.clone()], scope, locals);
                if less.as_bool()? { high = middle } else { low = middle + 1 }
            }
            sorted.insert(low, item.clone());
        }
        Some(Value::array(sorted))
    }

    fn group(entries: &[Value], rest: &[Expr], scope: &dyn Scope, locals: &Locals) -> Option<Value> {
        let mut groups: Vec<(Rc<str>, Vec<Value>)> = Vec::new();
        let mut places: HashMap<Rc<str>, usize> = HashMap::new();
        for item in entries {
            let key: Rc<str> = Rc::from(first(rest, std::slice::from_ref(item), scope, locals).as_text()?);
            let place = *places.entry(Rc::clone(&key)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, items)) => items.push(item.clone()),
                None => groups.push((key, vec![item.clone()])),
            }
        }
        Some(Value::object(
            groups
                .into_iter()
                .map(|(key, items)| Field { key, key_place: None, value: Value::array(items) })
                .collect(),
        ))
    }

    fn to_object(entries: &[Value], rest: &[Expr], scope: &dyn Scope, locals: &Locals) -> Option<Value> {
        let mut fields: Vec<Field> = Vec::new();
        for item in entries {
            let key = first(rest, std::slice::from_ref(item), scope, locals);
            let value = match rest.get(1) {
                Some(function) => invoke(function, std::slice::from_ref(item), scope, locals),
                None => item.clone(),
            };
            let value = value.assuming(&key.assumed);
            fields.push(Field { key: Rc::from(key.as_text()?), key_place: key.place, value });
        }
        Some(Value::object(fields))
    }
}
