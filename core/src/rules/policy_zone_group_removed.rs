//! Private endpoints of Terraform that take away the zone group which a policy writes.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Truth, Value};

pub(super) const RULE: Rule = Rule {
    slug: "policy-zone-group-removed",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint in Terraform that removes the zone group that a policy writes.",
    facts: &["F6.24", "F7.11"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        let resource = &own.endpoint.resource;
        // `azapi` keeps what the configuration leaves out, and a plan does not show what Terraform ignores.
        let Some(provider) = resource.provider.as_ref().filter(|provider| provider.checks()) else {
            continue;
        };
        if !provider.shows_ignores || own.endpoint.leaves_zone_group() || resource.referenced {
            continue;
        }
        let groups = model.zone_groups_of(own.endpoint);
        let has_group = groups.into_iter().fold(Truth::of(false), |any, (_, proof)| any.or(proof));
        let removed = own.is_present().and(model.is_registered_by_policy(&own)).and(has_group.negate());
        let reason = "whether Terraform removes the zone group that a policy writes";
        cx.when(resource, removed, reason, || {
            Finding::new(
                resource,
                &Value::null().at(resource.body.anchor),
                format!(
                    "private endpoint `{}` has no zone group here, and Terraform removes the one that a \
                     policy writes",
                    resource.label()
                ),
                "each apply takes the group away, and clients resolve the public address until the policy \
                 writes it anew; ignore changes of `private_dns_zone_group`, or have the module that makes \
                 the endpoint leave all zone groups to the policy",
            )
        });
    }
}
