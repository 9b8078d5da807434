//! Private zones that take the place of the public one.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::SERVICES;
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "overridden-public-zone",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private zone with the public name of all vaults.",
    facts: &["F4.31", "F4.32"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let suffixes = SERVICES.map(|service| service.dns(cx.cloud).suffix);
    for (zone, deployed) in cx.zones() {
        let name = zone.name();
        let named = identity::is_one_of(name, &suffixes);
        // A zone of which nothing is known is `wrong-dns-zone`'s to leave open.
        if !named.is_true() && !identity::may_be_one_of(name, &suffixes) {
            continue;
        }
        let overrides = named.and(deployed);
        cx.when(&zone.resource, overrides, "whether the zone takes the public one's place", || {
            Finding::new(
                &zone.resource,
                name,
                format!(
                    "private zone `{}` hides every vault that has no record in it",
                    zone.resource.label()
                ),
                "linked networks ask this zone for all vaults, other people's too, and get no answer; use \
                 the zone that private endpoints register in, or a zone for one vault's full name",
            )
        });
    }
}
