//! Zone groups with more zones than Azure takes.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::limits::ZONES_PER_ZONE_GROUP;
use crate::eval::{Elements, Truth};

pub(super) const RULE: Rule = Rule {
    slug: "too-many-zone-configs",
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A zone group of a vault's endpoint with more than five zones.",
    facts: &["F4.35"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        for (group, proof) in model.zone_groups_of(own.endpoint) {
            let too_many = own.proof.clone().and(proof).and(exceeds(&group.configs));
            let reason = "whether the zone group has more zones than Azure takes";
            let Some(assumed) = cx.decide(&group.resource, too_many, reason) else { continue };
            cx.report(Finding::new(
                &group.resource,
                &group.configs_value,
                assumed,
                format!(
                    "zone group `{}` has {} zones, and Azure takes {ZONES_PER_ZONE_GROUP}",
                    group.resource.label(),
                    group.configs.items.len()
                ),
                "Azure refuses it; a vault needs one zone",
            ));
        }
    }
}

/// Whether a list is surely longer than allowed.
fn exceeds(configs: &Elements) -> Truth {
    let mut assumed = Truth::of(true);
    let mut sure = 0usize;
    let mut open = configs.open.clone();
    for item in &configs.items {
        match &item.present {
            Truth::True(_) => {
                sure += 1;
                assumed = assumed.and(item.present.clone());
            }
            Truth::Unknown(depends) => open = Some(open.unwrap_or_default().and(depends.clone())),
            Truth::False(_) => {}
        }
    }
    match open {
        _ if sure > ZONES_PER_ZONE_GROUP => assumed,
        Some(depends) => Truth::Unknown(depends),
        None => Truth::of(false),
    }
}
