//! Private endpoints with two zone groups.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::eval::Value;
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "second-zone-group",
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint of a vault with more than one zone group.",
    facts: &["F4.35"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        let groups = model.zone_groups_of(own.endpoint);
        for (at, (group, proof)) in groups.iter().enumerate() {
            for (first, first_proof) in groups.iter().take(at) {
                let distinct = identity::same(&first.resource.id, &group.resource.id).negate();
                let second = own.proof.clone().and(proof.clone()).and(first_proof.clone()).and(distinct);
                let reason = "whether the endpoint has another zone group";
                let Some(assumed) = cx.decide(&group.resource, second, reason) else { continue };
                let endpoint = own.endpoint.resource.label();
                cx.report(
                    Finding::new(
                        &group.resource,
                        &Value::null().at(group.resource.body.anchor),
                        assumed,
                        format!("private endpoint `{endpoint}` has a second zone group, `{}`", group.resource.label()),
                        "an endpoint has one zone group, and Azure refuses another; put the zones into one group",
                    )
                    .related(Some(first.resource.place), "the first zone group"),
                );
                break;
            }
        }
    }
}
