//! Private endpoints with two zone groups.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Value;
use crate::model::{EndpointConnection, identity};

pub(super) const RULE: Rule = Rule {
    slug: "second-zone-group",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint of a vault with more than one zone group.",
    facts: &["F4.35", "F6.24"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        let groups = model.zone_groups_of(own.endpoint);
        for (at, (group, proof)) in groups.iter().enumerate() {
            for (first, first_proof) in groups.iter().take(at) {
                let distinct = identity::same(&first.resource.id, &group.resource.id).negate();
                let second = own.is_present().and(proof.clone()).and(first_proof.clone()).and(distinct);
                let reason = "whether the endpoint has another zone group";
                let reported = cx.when(&group.resource, second, reason, || {
                    let endpoint = own.endpoint.resource.label();
                    Finding::new(
                        &group.resource,
                        &Value::null().at(group.resource.body.anchor),
                        format!(
                            "private endpoint `{endpoint}` has a second zone group, `{}`",
                            group.resource.label()
                        ),
                        "an endpoint has one zone group, and Azure refuses another; put the zones into one \
                         group",
                    )
                    .related(Some(first.resource.place), "the first zone group")
                });
                if reported {
                    break;
                }
            }
        }
        beside_policy(cx, &own);
    }
}

/// A zone group beside the one that a policy writes (F6.24).
fn beside_policy(cx: &mut Context, own: &EndpointConnection) {
    let by_policy = cx.model.is_registered_by_policy(own);
    if own.endpoint.leaves_zone_group() || by_policy.is_false() {
        return;
    }
    for (group, proof) in cx.model.zone_groups_of(own.endpoint) {
        let second = own.is_present().and(proof).and(by_policy.clone());
        let reason = "whether a policy writes another zone group";
        cx.when(&group.resource, second, reason, || {
            let endpoint = own.endpoint.resource.label();
            let finding = Finding::new(
                &group.resource,
                &Value::null().at(group.resource.body.anchor),
                format!("private endpoint `{endpoint}` has a zone group here, and a policy writes one too"),
                "an endpoint has one zone group, so the policy and this file undo or block each other; leave \
                 it to the policy",
            );
            finding.severity(Severity::Warning)
        });
    }
}
