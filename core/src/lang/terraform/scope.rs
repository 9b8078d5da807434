//! What the expressions of a module may refer to.

use super::File;
use super::world::{Turn, Unit, World};
use crate::azure::Cloud;
use crate::eval::functions::Context;
use crate::eval::{Budget, Locals, Problem, Scope, Value, evaluate};
use crate::syntax::expression::Expr;
use crate::text::Place;
use std::rc::Rc;

/// A `for` makes at most this many turns. Terraform has no limit; this one is ours.
const MAX_TURNS: usize = 10_000;

/// A place in a module to evaluate from.
#[derive(Clone)]
pub(super) struct Frame<'w, 'a> {
    pub(super) world: &'w World<'w, 'a>,
    unit: Rc<Unit<'a>>,
    file: &'a File<'a>,
    turn: Option<Turn>,
    /// What `dynamic` blocks bind: an object with `key` and `value`.
    iterators: Locals,
}

impl<'w, 'a> Frame<'w, 'a> {
    pub(super) fn new(world: &'w World<'w, 'a>, unit: Rc<Unit<'a>>, file: &'a File<'a>) -> Self {
        Self { world, unit, file, turn: None, iterators: Locals::default() }
    }

    /// The same place in a turn of `count` or `for_each`.
    pub(super) fn in_turn(self, turn: &Turn) -> Self {
        Self { turn: Some(turn.clone()), ..self }
    }

    /// The same place with the iterator of a `dynamic` block.
    pub(super) fn iterating(&self, name: &str, turn: &Turn) -> Self {
        let key = turn.key.clone().unwrap_or_default();
        let iterator = Value::record([("key", key), ("value", turn.value.clone())]);
        Self { iterators: self.iterators.with(name, iterator), ..self.clone() }
    }

    pub(super) fn evaluate(&self, expr: &Expr) -> Value {
        evaluate(expr, self, &Locals::default())
    }

    pub(super) fn place(&self, span: crate::text::Span) -> Place {
        self.file.place(span)
    }

    fn path(&self) -> Value {
        let path = &self.unit.module.path;
        Value::text(if path.is_empty() { "." } else { path.as_str() })
    }

    /// The text of a file that a function reads.
    fn read(&self, path: &Value) -> Option<&'a str> {
        let path = path.as_text()?;
        let path = path.strip_prefix("./").unwrap_or(path);
        let text = (self.world.files.text)(path)?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(text))
    }
}

impl Scope for Frame<'_, '_> {
    fn context(&self) -> &Context {
        &self.world.context
    }

    fn budget(&self) -> &Budget {
        &self.world.budget
    }

    fn most_turns(&self) -> usize {
        MAX_TURNS
    }

    fn parameter(&self, _: &str) -> Option<Value> {
        None
    }

    fn variable(&self, _: &str) -> Option<Value> {
        None
    }

    fn place(&self, expr: &Expr) -> Option<Place> {
        Some(self.file.place(expr.span))
    }

    fn symbol(&self, name: &str, index: Option<&Value>) -> Option<Value> {
        let (world, unit) = (self.world, &self.unit);
        let (root, rest) = name.split_once('.').unwrap_or((name, ""));
        let open = || Value::named(&format!("{}{name}", unit.prefix));
        if let Some(iterator) = self.iterators.get(root) {
            // An index is for what stands behind the symbol.
            return index
                .is_none()
                .then(|| if rest.is_empty() { iterator.clone() } else { iterator.get(rest) });
        }
        let value = match (root, index) {
            ("module", _) => {
                let (name, output) =
                    rest.split_once('.').map_or((rest, None), |(name, rest)| (name, Some(rest)));
                return world.module_value(unit, name, output, index).or_else(|| index.is_none().then(open));
            }
            ("var", None) => world.variable(unit, rest),
            ("local", None) => world.local(unit, rest),
            ("each", None) => self.turn.as_ref().map(|turn| match rest {
                "key" => turn.key.clone().unwrap_or_default(),
                _ => turn.value.clone(),
            }),
            ("count", None) => self.turn.as_ref().and_then(|turn| turn.key.clone()),
            ("path", None) => Some(self.path()),
            ("var" | "local" | "each" | "count" | "path" | "self", _) => None,
            (_, None) => world.whole(unit, name),
            (_, Some(index)) => return world.indexed(unit, name, index),
        };
        match index {
            None => Some(value.unwrap_or_else(open)),
            Some(_) => None,
        }
    }

    fn user_function(&self, _: Option<&str>, name: &str, args: &[Value]) -> Option<Value> {
        match (name, args) {
            ("file", [path]) => self.read(path).map(Value::text),
            ("fileexists", [path]) => self.read(path).map(|_| Value::bool(true)),
            _ => None,
        }
    }

    fn resource_function(&self, _: &str, _: &[Value]) -> Option<Value> {
        None
    }

    fn report(&self, _: &Expr, _: Problem) {}
}

/// A file of values, in which nothing can be referred to.
pub(super) struct Literals<'f, 't> {
    file: &'f File<'t>,
    budget: Budget,
    context: Context,
}

impl<'f, 't> Literals<'f, 't> {
    pub(super) fn new(file: &'f File<'t>) -> Self {
        let context =
            Context { cloud: Cloud::default(), subscription: Value::null(), resource_group: Value::null() };
        Self { file, budget: Budget::default(), context }
    }

    pub(super) fn evaluate(&self, expr: &Expr) -> Value {
        evaluate(expr, self, &Locals::default())
    }
}

impl Scope for Literals<'_, '_> {
    fn context(&self) -> &Context {
        &self.context
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }

    fn parameter(&self, _: &str) -> Option<Value> {
        None
    }

    fn variable(&self, _: &str) -> Option<Value> {
        None
    }

    fn place(&self, expr: &Expr) -> Option<Place> {
        Some(self.file.place(expr.span))
    }

    fn symbol(&self, name: &str, index: Option<&Value>) -> Option<Value> {
        index.is_none().then(|| Value::named(name))
    }

    fn user_function(&self, _: Option<&str>, _: &str, _: &[Value]) -> Option<Value> {
        None
    }

    fn resource_function(&self, _: &str, _: &[Value]) -> Option<Value> {
        None
    }

    fn report(&self, _: &Expr, _: Problem) {}
}
