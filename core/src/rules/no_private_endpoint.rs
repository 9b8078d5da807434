//! Vaults that no private endpoint leads to.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "no-private-endpoint",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A vault without a private endpoint.",
    facts: &["F3.20", "F6.21"],
    yields_to: &["locked-out-vault"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let is_known = cx.model.knows_endpoints_of(vault);
        // Where other files may hold the endpoint, only the strict profile reports it.
        if !is_known && cx.profile != Profile::Strict {
            continue;
        }
        let none = cx.model.is_connected(vault).or(vault.is_secured_by_perimeter()).negate();
        cx.when(&vault.resource, none, "whether the vault has a private endpoint", || {
            let to = vault.service;
            let (name, noun) = (vault.resource.label(), to.noun);
            let message = format!("{noun} `{name}` has no private endpoint");
            let help = if is_known {
                format!(
                    "add a private endpoint with group `{}`, a private DNS zone and a link to it",
                    to.group
                )
            } else {
                format!(
                    "add a private endpoint with group `{}`, a private DNS zone and a link to it, or check \
                     this together with the files that hold them",
                    to.group
                )
            };
            Finding::new(&vault.resource, &vault.public_network_access, message, help)
        });
    }
}
