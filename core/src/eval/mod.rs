//! Partial evaluation: values, terms, three-valued truth, and the template function library.

mod environment;
pub mod evaluator;
pub mod functions;
pub mod ids;
pub mod meter;
mod terraform;
pub mod truth;
pub mod value;

pub use environment::environment;
pub use evaluator::{Budget, Locals, Problem, Scope, evaluate};
pub use truth::{Truth, Unknowns};
pub use value::{
    Array, Assumptions, Choice, Element, Elements, Field, Kind, Object, Term, TermKind, Used, Value,
};
