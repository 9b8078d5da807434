//! vaultmoat: reads Azure templates, builds one network model of a Key Vault, and says what is wrong with it.
//!
//! The engine is pure: no I/O, no clock, no environment. A host hands over texts with their paths and gets
//! plain data back.

pub mod azure;
pub mod eval;
pub mod lang;
pub mod model;
pub mod net;
pub mod project;
pub mod report;
pub mod rules;
pub mod sim;
pub mod sorted;
pub mod syntax;
pub mod text;

pub use azure::Cloud;
pub use model::{DnsForwarders, Surroundings};
pub use project::{Estate, Ignore, Language, Options, Part, Project, identify, names_vault, unknown_rule};
pub use rules::{Level, Profile, RuleSetting, Severity};

/// Every rule, in catalogue order.
pub fn rules() -> Vec<report::RuleInfo> {
    rules::RULES
        .iter()
        .map(|rule| report::RuleInfo {
            slug: rule.slug.to_owned(),
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
