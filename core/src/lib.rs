//! vaultmoat: reads Azure templates, builds a model of the network around the Key Vaults in them, and reports faults.
//!
//! The engine is pure: no I/O, no clock, no environment variables. A host passes texts with their paths and gets plain
//! data back.

pub mod azure;
mod check;
pub mod eval;
pub mod fixes;
mod input;
pub mod lang;
pub mod model;
pub mod net;
mod options;
mod project;
mod query;
mod render;
pub mod report;
pub mod rules;
pub mod sim;
pub mod sorted;
mod stream;
pub mod syntax;
pub mod text;

pub use azure::Cloud;
pub use check::names_vault;
pub use lang::{Language, identify};
pub use model::{DnsForwarders, Site};
pub use options::{Ignore, Options, unknown_rule};
pub use project::Project;
pub use rules::{Level, Profile, RuleSetting, Severity};
pub use stream::{Part, Stream};

/// Every rule, in catalogue order.
pub fn rules() -> Vec<report::RuleInfo> {
    rules::RULES
        .iter()
        .map(|rule| report::RuleInfo {
            slug: rule.slug.to_owned(),
            group: rule.group.name().to_owned(),
            severity: rule.severity,
            summary: rule.summary.to_owned(),
            profile: rule.profile.name().to_owned(),
            fixable: rule.fixable,
            facts: rule.facts.iter().map(|fact| (*fact).to_owned()).collect(),
            yields_to: rule.yields_to.iter().map(|slug| (*slug).to_owned()).collect(),
            url: rules::url(rule.slug),
        })
        .collect()
}
