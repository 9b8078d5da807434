//! Partial evaluation: values, terms, three-valued truth, and the template function library.

pub mod functions;
pub mod truth;
pub mod value;

pub use truth::{Depends, Truth};
pub use value::{Array, Assumed, Choice, Element, Elements, Field, Kind, Object, Term, TermKind, Value};
