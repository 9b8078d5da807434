//! Zone groups with more zones than Azure takes.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::limits::ZONES_PER_ZONE_GROUP;

pub(super) const RULE: Rule = Rule {
    slug: "too-many-zone-configs",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A zone group of a vault's endpoint with more than five zones.",
    facts: &["F4.35"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        for (group, proof) in model.zone_groups_of(own.endpoint) {
            let too_many =
                own.is_present().and(proof).and(group.configs_value.is_longer_than(ZONES_PER_ZONE_GROUP));
            let reason = "whether the zone group has more zones than Azure takes";
            cx.when(&group.resource, too_many, reason, || {
                Finding::new(
                    &group.resource,
                    &group.configs_value,
                    format!(
                        "zone group `{}` has {} zones, and Azure takes {ZONES_PER_ZONE_GROUP}",
                        group.resource.label(),
                        group.configs.items.len()
                    ),
                    "Azure refuses it; a vault needs one zone",
                )
            });
        }
    }
}
