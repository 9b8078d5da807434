//! A vault that leaves its firewall to a perimeter it is not in.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::{Truth, Unknowns};

pub(super) const RULE: Rule = Rule {
    slug: "perimeter-lockdown",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A vault secured by a perimeter that it is not associated with.",
    facts: &["F3.42"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let mut associated = cx.model.is_in_perimeter(vault);
        if !cx.model.knows(names::PERIMETER_ASSOCIATION, None) {
            associated =
                associated.or(Truth::Unknown(Unknowns::of("a perimeter association declared elsewhere")));
        }
        let locked = vault.is_secured_by_perimeter().and(associated.negate());
        cx.when(&vault.resource, locked, "whether the vault is in a perimeter", || {
            Finding::new(
                &vault.resource,
                &vault.public_network_access,
                format!(
                    "vault `{}` is secured by a perimeter, and no perimeter is associated with it",
                    vault.resource.label()
                ),
                "until one is, only private endpoints pass, and trusted services do not; associate the vault \
                 with a profile of a perimeter, or choose `Disabled` or `Enabled`",
            )
        });
    }
}
