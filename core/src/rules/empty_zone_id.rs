//! Zone groups that name no zone.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Kind, Value};
use crate::model::wrapped;

pub(super) const RULE: Rule = Rule {
    slug: "empty-zone-id",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A zone group whose zone has no id.",
    facts: &["F4.35", "F12.17"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        for (group, proof) in model.zone_groups_of(own.endpoint) {
            // What Azure shows of one that is there was accepted.
            if group.resource.referenced || group.resource.is_shown() || group.resource.partially_parsed {
                continue;
            }
            for item in &group.configs.items {
                let zone = wrapped(&item.value, "privateDnsZoneId");
                let empty =
                    own.is_present().and(proof.clone()).and(item.present.clone()).and(zone.test(&is_empty));
                // Almost every id is a good one: what is open as a whole is not worth a word.
                if empty.is_unknown() && matches!(zone.kind, Kind::Term(_)) {
                    continue;
                }
                let reason = "whether the zone group names a zone";
                cx.when(&group.resource, empty, reason, || {
                    let finding = Finding::new(
                        &group.resource,
                        &zone,
                        format!("zone group `{}` has a zone without an id", group.resource.label()),
                        "Azure refuses the group, so the endpoint is registered nowhere; give it the id of \
                         the zone, or leave the group out where there is none",
                    );
                    // How Azure answers to an entry without any id is reported, not documented: too little for an error.
                    let is_missing = zone.is_null();
                    if is_missing { finding.severity(Severity::Warning) } else { finding }
                });
            }
        }
    }
}

fn is_empty(zone: &Value) -> Option<bool> {
    match &zone.kind {
        Kind::Null => Some(true),
        Kind::Text(id) => Some(id.trim().is_empty()),
        Kind::Term(_) | Kind::Choice(_) => None,
        _ => Some(false),
    }
}
