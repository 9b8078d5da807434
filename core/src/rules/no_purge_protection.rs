//! A vault whose deleted secrets can be destroyed at once.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::Feature;

pub(super) const RULE: Rule = Rule {
    slug: "no-purge-protection",
    group: Group::Callers,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault whose deleted secrets can be destroyed at once.",
    facts: &["F1.15"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults().filter(|vault| vault.has(Feature::DeletionSettings)) {
        let flag = vault.property(&["enablePurgeProtection"]);
        // In a template `false` is a request, which is `purge-protection-false`; what Azure shows is a state.
        let missing = match vault.resource.is_shown() {
            true => flag.is_true().negate(),
            false => flag.is_set().negate(),
        };
        let reason = "whether it has purge protection";
        cx.when(&vault.resource, missing, reason, || {
            let properties = vault.resource.body.get("properties");
            Finding::new(
                &vault.resource,
                &flag,
                format!("vault `{}` has no purge protection", vault.resource.label()),
                "a principal that may purge can destroy a deleted secret for good before its retention is \
                 over; set `enablePurgeProtection` to true, which cannot be undone",
            )
            .unsafe_fix(
                "set `enablePurgeProtection`",
                Change::set(&properties, "enablePurgeProtection", Literal::Bool(true)),
            )
        });
    }
}
