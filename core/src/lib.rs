//! vaultmoat: reads Azure templates, builds one network model of a Key Vault, and says what is wrong with it.
//!
//! The engine is pure: no I/O, no clock, no environment. A host hands over texts with their paths and gets
//! plain data back.

pub mod eval;
pub mod project;
pub mod report;
pub mod syntax;
pub mod text;

pub use project::{Cloud, Language, Options, Profile, Project, identify};

/// Every rule, in catalogue order.
pub fn rules() -> Vec<report::RuleInfo> {
    Vec::new()
}
