//! What the expressions of a module may refer to.

use super::File;
use super::config::below;
use super::expansion::{Expansion, Turn, Unit};
use crate::eval::functions::Context;
use crate::eval::value::distribute;
use crate::eval::{Budget, Locals, Problem, Scope, Value, evaluate};
use crate::lang::{self, in_its_place};
use crate::syntax::expression::Expr;
use crate::syntax::hcl::parse_template;
use crate::text::Place;
use std::rc::Rc;

/// A `for` makes at most this many turns. Terraform has no limit; this one is ours.
const MAX_TURNS: usize = 10_000;

/// A place in a module to evaluate from.
#[derive(Clone)]
pub(super) struct Frame<'w, 'a> {
    pub(super) expansion: &'w Expansion<'w, 'a>,
    unit: Rc<Unit<'a>>,
    file: &'a File<'a>,
    turn: Option<Turn>,
    /// What `dynamic` blocks bind: an object with `key` and `value`.
    iterators: Locals,
    /// Set in a template of its own: it sees what it is given, and what is in it has no place in a file of the module.
    in_template: bool,
}

impl<'w, 'a> Frame<'w, 'a> {
    pub(super) fn new(expansion: &'w Expansion<'w, 'a>, unit: Rc<Unit<'a>>, file: &'a File<'a>) -> Self {
        Self { expansion, unit, file, turn: None, iterators: Locals::default(), in_template: false }
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

    fn path(&self, name: &str) -> Value {
        let path = match name {
            "module" => self.unit.module.path.clone(),
            // Terraform runs in the root module.
            _ => self.expansion.root(),
        };
        Value::text(if path.is_empty() { "." } else { path.as_str() })
    }

    /// The text of a file that a function reads: below the module that Terraform runs in, if not said otherwise. What is
    /// not here is asked for, unless it is nowhere near.
    fn read(&self, path: &str) -> Option<&'a str> {
        let root = self.expansion.root();
        let path = path.strip_prefix("./").unwrap_or(path);
        let is_whole = root.is_empty() || path.strip_prefix(&*root).is_some_and(|rest| rest.starts_with('/'));
        let from_root = if is_whole { path.to_owned() } else { below(&root, path) };
        let text = (self.expansion.files.text)(&from_root).or_else(|| (self.expansion.files.text)(path));
        if text.is_none() && !(path.starts_with('~') || path.starts_with('/') && !is_whole) {
            self.expansion.notes.miss(&from_root);
        }
        text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// A text as a template that sees what is in an object.
    fn template(&self, text: &str, given: &Value) -> Option<Value> {
        let given = given.as_object()?;
        let pay = u64::try_from(text.len()).unwrap_or(u64::MAX) / 16 + 1;
        if self.in_template || !self.expansion.budget.spend(pay) {
            return None;
        }
        let iterators = given
            .fields()
            .iter()
            .fold(Locals::default(), |all, field| all.with(&field.key, field.value.clone()));
        let inside = Self { iterators, in_template: true, turn: None, ..self.clone() };
        Some(self.expansion.budget.nested(|| inside.evaluate(&parse_template(text))))
    }
}

impl Scope for Frame<'_, '_> {
    fn context(&self) -> &Context {
        &self.expansion.context
    }

    fn budget(&self) -> &Budget {
        &self.expansion.budget
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
        (!self.in_template).then(|| self.file.place(expr.span))
    }

    fn symbol(&self, name: &str, index: Option<&Value>) -> Option<Value> {
        let (expansion, unit) = (self.expansion, &self.unit);
        let (root, rest) = name.split_once('.').unwrap_or((name, ""));
        let open = || Value::named(&format!("{}{name}", unit.prefix));
        if let Some(iterator) = self.iterators.get(root) {
            // An index is for what is behind the symbol.
            return index.is_none().then(|| {
                rest.split('.').filter(|key| !key.is_empty()).fold(iterator.clone(), |of, key| of.get(key))
            });
        }
        if self.in_template {
            return index.is_none().then(|| Value::limit("a template that names what it is not given"));
        }
        let value = match (root, index) {
            ("module", _) => {
                let (name, output) =
                    rest.split_once('.').map_or((rest, None), |(name, rest)| (name, Some(rest)));
                return expansion
                    .module_value(unit, name, output, index)
                    .or_else(|| index.is_none().then(open));
            }
            ("var", None) => expansion.variable(unit, rest),
            ("local", None) => expansion.local(unit, rest),
            ("each", None) => self.turn.as_ref().map(|turn| match rest {
                "key" => turn.key.clone().unwrap_or_default(),
                _ => turn.value.clone(),
            }),
            ("count", None) => self.turn.as_ref().and_then(|turn| turn.key.clone()),
            ("path", None) => Some(self.path(rest)),
            ("var" | "local" | "each" | "count" | "path" | "self", _) => None,
            (_, None) => expansion.whole(unit, name),
            (_, Some(index)) => return expansion.indexed(unit, name, index),
        };
        match index {
            None => Some(value.unwrap_or_else(open)),
            Some(_) => None,
        }
    }

    fn user_function(&self, _: Option<&str>, name: &str, args: &[Value]) -> Option<Value> {
        let is_one = matches!(
            (name, args.len()),
            ("file" | "fileexists", 1)
                | ("templatefile" | "templatestring", 2)
                | ("uuid", 0)
                | ("bcrypt", 1 | 2)
        );
        is_one.then(|| {
            distribute(args, &|args| {
                let first = args.first().and_then(Value::as_text);
                let made = match (name, first, args.get(1)) {
                    ("file", Some(path), _) => self.read(path).map(Value::text),
                    ("fileexists", Some(path), _) => self.read(path).map(|_| Value::bool(true)),
                    ("templatefile", Some(path), Some(given)) => {
                        self.read(path).and_then(|text| self.template(text, given))
                    }
                    ("templatestring", Some(text), Some(given)) => self.template(text, given),
                    // Every call gives another one.
                    ("uuid" | "bcrypt", ..) => {
                        let other = Value::int(self.expansion.next_call());
                        Some(Value::call(name, args.iter().cloned().chain([other]).collect()))
                    }
                    _ => None,
                };
                made.unwrap_or_else(|| Value::call(name, args.to_vec()))
            })
        })
    }

    fn resource_function(&self, _: &str, _: &[Value]) -> Option<Value> {
        None
    }

    fn report(&self, expr: &Expr, problem: Problem) {
        // `terraform validate` reports what is wrong with other expressions.
        let Problem::NoProperty { name, known, object, assumed } = problem else { return };
        if let Some(place) = Scope::place(self, expr).filter(|_| !self.unit.partially_parsed) {
            let message = format!("the object here has no attribute `{name}`{}", in_its_place(&known));
            self.expansion.note(lang::Problem::no_property(place, message, object, assumed));
        }
    }
}

/// A file of values, in which nothing can be referred to.
pub(super) struct Literals<'f, 't> {
    file: &'f File<'t>,
    budget: Budget,
    context: Context,
}

impl<'f, 't> Literals<'f, 't> {
    pub(super) fn new(file: &'f File<'t>, budget: Budget) -> Self {
        let context = Context { subscription: Value::null(), resource_group: Value::null() };
        Self { file, budget, context }
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
