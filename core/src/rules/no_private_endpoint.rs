//! Vaults that no private endpoint leads to.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::model::Vault;

pub(super) const RULE: Rule = Rule {
    slug: "no-private-endpoint",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A vault without a private endpoint.",
    facts: &["F3.20", "F6.21"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let is_known = cx.model.knows_endpoints_of(vault);
        if !is_asked(cx, vault) {
            continue;
        }
        // Where nobody is left, `locked-out-vault` speaks.
        let is_settled = cx.model.is_connected(vault).or(cx.model.is_locked_out(vault).of_any_age());
        let none = is_settled.or(vault.is_secured_by_perimeter()).negate();
        let Some(assumed) = cx.decide(&vault.resource, none, "whether the vault has a private endpoint")
        else {
            continue;
        };
        let to = vault.private_link();
        let (name, noun) = (vault.resource.label(), to.noun);
        let message = format!("{noun} `{name}` has no private endpoint");
        let help = if is_known {
            format!("add a private endpoint with group `{}`, a private DNS zone and a link to it", to.group)
        } else {
            format!(
                "add a private endpoint with group `{}`, a private DNS zone and a link to it, or check this together \
                 with the files that hold them",
                to.group
            )
        };
        cx.report(Finding::new(&vault.resource, &vault.public_network_access, assumed, message, help));
    }
}

/// Whether a vault without an endpoint here is worth a warning: where other files may hold the endpoint, only who asks for
/// everything is told.
pub(super) fn is_asked(cx: &Context, vault: &Vault) -> bool {
    cx.model.knows_endpoints_of(vault) || cx.profile == Profile::Strict
}
