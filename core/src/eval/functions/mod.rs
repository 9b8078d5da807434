//! The functions of ARM templates and Bicep, over partial values.
//!
//! A function gets evaluated arguments of which none is a choice: [`call`] distributes those. Most functions need
//! arguments that are known; those marked `open` look at terms themselves, because they can say something about
//! a value that is only partly known (`concat`, `length`, `resourceId`). Functions that need unevaluated
//! arguments or the template around them (`if`, `parameters`, `map`, `reference`) belong to the evaluator.

use super::value::{Value, distribute};
use crate::project::Cloud;

/// What a function can say about its arguments.
#[derive(Debug)]
pub enum Outcome {
    /// The result.
    Value(Value),
    /// The result is unknown: it becomes a term that bears the function's name.
    Open,
    /// Azure would refuse this call; why, in words.
    Wrong(String),
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

/// What functions may know about the deployment they are evaluated in.
#[derive(Clone, Debug)]
pub struct Context {
    /// Which Azure.
    pub cloud: Cloud,
    /// `subscription().subscriptionId`: a GUID or a term.
    pub subscription: Value,
    /// `resourceGroup().name`: text or a term; null in a deployment at subscription level or above.
    pub resource_group: Value,
}

/// One function.
#[derive(Debug)]
pub struct Function {
    /// Its name as documentation writes it.
    pub name: &'static str,
    /// The fewest and the most arguments it takes.
    pub arity: (usize, usize),
    /// Whether it looks at terms itself.
    pub open: bool,
    /// The function.
    pub apply: fn(&[Value], &Context) -> Outcome,
}

/// Every function, by topic.
const LIBRARY: &[&[Function]] = &[];

/// The function of that name, without case.
pub fn find(name: &str) -> Option<&'static Function> {
    LIBRARY.iter().flat_map(|topic| topic.iter()).find(|function| function.name.eq_ignore_ascii_case(name))
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
    let wrong = std::cell::RefCell::new(None);
    let value = distribute(args, &|args| {
        if !function.open && args.iter().any(|arg| !arg.is_known()) {
            return Value::call(function.name, args.to_vec());
        }
        match (function.apply)(args, context) {
            Outcome::Value(value) => value,
            Outcome::Open => Value::call(function.name, args.to_vec()),
            Outcome::Wrong(reason) => {
                wrong.replace(Some(reason));
                Value::call(function.name, args.to_vec())
            }
        }
    });
    match wrong.into_inner() {
        // One branch of a choice may be wrong without the whole being so.
        Some(reason) if args.iter().all(Value::is_known) => Err(reason),
        _ => Ok(value),
    }
}

/// A value given on a command line: JSON where it is JSON, text otherwise.
pub fn parse_given(text: &str) -> Value {
    Value::text(text)
}
