//! The files that a host passes: each is read once, and what is checked together is evaluated once.

mod parsed;
mod units;

pub(crate) use parsed::Parsed;
pub(crate) use units::{Environment, KnownUnits, all, environment, references};
