//! The functions of ARM templates and Bicep, over partial values.
//!
//! A function gets evaluated arguments. [`call`] distributes choices among them, so that most functions see none.
//! Each says what it [`Takes`]: only what is known through and through, or also values that are known in part,
//! because it can say something about those (`concat`, `length`, `resourceId`). Functions that need unevaluated
//! arguments or the template around them (`if`, `parameters`, `map`, `reference`) belong to the evaluator.

mod array;
mod collection;
mod date;
mod encoding;
mod format;
mod generated;
mod holes;
mod logic;
mod merge;
mod network;
mod number;
mod object;
mod provider;
mod resource;
pub mod terraform;
mod text;

use super::value::{Kind, Value, distribute};
use crate::sorted::sort_by;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// What a function says about its arguments.
pub type Outcome = Result<Value, Unevaluated>;

/// Why a function has no result.
#[derive(Debug)]
pub enum Unevaluated {
    /// The result is unknown: it becomes a term with the function's name.
    Open,
    /// Azure would refuse this call; why, in words that follow the function's name.
    Wrong(String),
}

/// What functions may know about the deployment they are evaluated in.
#[derive(Clone, Debug)]
pub struct Context {
    /// `subscription().subscriptionId`: a GUID or a term; null in a deployment above subscriptions.
    pub subscription: Value,
    /// `resourceGroup().name`: text or a term; null in a deployment at subscription level or above.
    pub resource_group: Value,
}

/// How much a function has to know of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Everything; otherwise the call stays open.
    Known,
    /// It looks at terms itself; choices are distributed.
    Terms,
    /// It only moves its arguments: choices stay where they are.
    Choices,
}

/// A function of the library, for every language that calls it by this name.
#[derive(Debug)]
pub struct Function {
    /// Its name as documentation writes it.
    pub name: &'static str,
    /// The fewest and the most arguments it takes.
    pub arity: (usize, usize),
    /// How much it has to know of them.
    pub takes: Takes,
    /// Called with as many arguments as `arity` allows, of the kind that `takes` names.
    pub apply: fn(&[Value], &Context) -> Outcome,
}

/// Every function, by topic.
const LIBRARY: &[&[Function]] = &[
    array::FUNCTIONS,
    collection::FUNCTIONS,
    date::FUNCTIONS,
    encoding::FUNCTIONS,
    format::FUNCTIONS,
    generated::FUNCTIONS,
    logic::FUNCTIONS,
    merge::FUNCTIONS,
    network::FUNCTIONS,
    number::FUNCTIONS,
    object::FUNCTIONS,
    resource::FUNCTIONS,
    text::FUNCTIONS,
];

static BY_NAME: LazyLock<Vec<&'static Function>> = LazyLock::new(|| {
    let mut all: Vec<&Function> = LIBRARY.iter().copied().flatten().collect();
    sort_by(&mut all, |a, b| without_case(a.name, b.name));
    all
});

/// The function of that name, without case.
pub fn find(name: &str) -> Option<&'static Function> {
    let at = BY_NAME.binary_search_by(|function| without_case(function.name, name)).ok()?;
    BY_NAME.get(at).copied()
}

/// The names of all functions of the library.
pub fn names() -> impl Iterator<Item = &'static str> {
    BY_NAME.iter().map(|function| function.name)
}

/// The order of two names without case.
pub fn without_case(a: &str, b: &str) -> Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Applies a function; choices among the arguments are distributed, and what it cannot say becomes a term.
///
/// # Errors
/// Why Azure would refuse the call: too few arguments, a wrong type, an index out of range.
pub fn call(function: &Function, args: &[Value], context: &Context) -> Result<Value, String> {
    let (fewest, most) = function.arity;
    if args.len() < fewest || args.len() > most {
        let wanted = match (fewest, most) {
            (few, usize::MAX) => format!("at least {few}"),
            (few, many) if few == many => few.to_string(),
            (few, many) => format!("{few} to {many}"),
        };
        return Err(format!("`{}` takes {wanted} arguments, not {}", function.name, args.len()));
    }
    let wrong = RefCell::new(None);
    let apply = |args: &[Value]| {
        if function.takes == Takes::Known && !args.iter().all(Value::is_closed) {
            return Value::call(function.name, args.to_vec());
        }
        (function.apply)(args, context).unwrap_or_else(|reason| {
            if let Unevaluated::Wrong(reason) = reason {
                wrong.replace(Some(format!("`{}` {reason}", function.name)));
            }
            Value::call(function.name, args.to_vec())
        })
    };
    let value = if function.takes == Takes::Choices { apply(args) } else { distribute(args, &apply) };
    match wrong.into_inner() {
        // One branch of a choice may be wrong without the whole being so.
        Some(reason) if args.iter().all(Value::is_known) => Err(reason),
        _ => Ok(value),
    }
}

/// A value given on a command line: JSON where it is JSON, text otherwise.
pub fn parse_given(text: &str) -> Value {
    encoding::strict_json(text).unwrap_or_else(|| Value::text(text))
}

/// A function that knows nothing of where it is called; where its arguments do not suit it, the open call.
pub fn library(name: &str, args: Vec<Value>) -> Value {
    let context = Context { subscription: Value::null(), resource_group: Value::null() };
    let result = find(name).and_then(|function| call(function, &args, &context).ok());
    result.unwrap_or_else(|| Value::call(name, args))
}

// ---- declaring functions

/// As many arguments as one likes.
const MANY: usize = usize::MAX;

type Apply = fn(&[Value], &Context) -> Outcome;

/// A function of known arguments.
const fn known(name: &'static str, arity: (usize, usize), apply: Apply) -> Function {
    Function { name, arity, takes: Takes::Known, apply }
}

/// A function that looks at terms itself.
const fn partial(name: &'static str, arity: (usize, usize), apply: Apply) -> Function {
    Function { name, arity, takes: Takes::Terms, apply }
}

/// A function that only moves its arguments.
const fn moving(name: &'static str, arity: (usize, usize), apply: Apply) -> Function {
    Function { name, arity, takes: Takes::Choices, apply }
}

// ---- reading arguments

fn wrong<T>(reason: impl Into<String>) -> Result<T, Unevaluated> {
    Err(Unevaluated::Wrong(reason.into()))
}

fn open<T>() -> Result<T, Unevaluated> {
    Err(Unevaluated::Open)
}

/// The verdict as a value; open when there is none.
fn verdict(decided: Option<bool>) -> Outcome {
    decided.map(Value::bool).ok_or(Unevaluated::Open)
}

fn arg(args: &[Value], at: usize) -> Result<&Value, Unevaluated> {
    args.get(at).ok_or(Unevaluated::Open)
}

fn text_arg(args: &[Value], at: usize) -> Result<&str, Unevaluated> {
    let value = arg(args, at)?;
    value.as_text().map_or_else(|| mistyped(value, "text"), Ok)
}

fn int_arg(args: &[Value], at: usize) -> Result<i64, Unevaluated> {
    let value = arg(args, at)?;
    value.as_int().map_or_else(|| mistyped(value, "an integer"), Ok)
}

/// An unknown value leaves the call open; one of another kind makes it wrong.
fn mistyped<T>(value: &Value, wanted: &str) -> Result<T, Unevaluated> {
    match a_kind(value) {
        Some(kind) => wrong(format!("takes {wanted}, not {kind}")),
        None => open(),
    }
}

fn a_kind(value: &Value) -> Option<&'static str> {
    Some(match value.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "a boolean",
        Kind::Int(_) => "an integer",
        Kind::Decimal(_) => "a decimal number",
        Kind::Text(_) => "text",
        Kind::Array(_) => "an array",
        Kind::Object(_) => "an object",
        Kind::Term(_) | Kind::Choice(_) => return None,
    })
}

#[cfg(test)]
mod tests;
