//! Code that the tests in `tests/` share.

pub mod cases;
pub mod deciding;
pub mod facts;
pub mod fixture;
pub mod growth;
pub mod hostile;
pub mod metamorphic;
pub mod page;
#[cfg(test)]
mod typescript;
