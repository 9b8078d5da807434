//! Private endpoints that no name leads to.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::eval::Value;
use crate::fixes;
use crate::model::{EndpointConnection, Model};

pub(super) const RULE: Rule = Rule {
    slug: "no-dns-registration",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private endpoint of a vault with neither zone group nor A record.",
    facts: &["F4.35", "F4.50", "F6.24"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let (model, cloud) = (cx.model, cx.cloud);
    for own in model.vault_endpoints() {
        let unregistered = own.is_present().and(model.is_registered(&own).negate());
        let reason = "whether a name leads to the endpoint of the vault";
        cx.when(&own.endpoint.resource, unregistered, reason, || finding(model, cloud, &own));
    }
}

fn finding<'m>(model: &Model, cloud: Cloud, own: &EndpointConnection<'m>) -> Finding<'m> {
    let resource = &own.endpoint.resource;
    let zone = own.service.dns(cloud).private_zone;
    Finding::new(
        resource,
        &Value::null().at(resource.body.anchor),
        format!(
            "no name leads to private endpoint `{}`: it has neither zone group nor A record",
            resource.label()
        ),
        format!(
            "clients keep resolving the public address; give it a zone group that registers it in `{zone}`, \
             unless a policy writes one"
        ),
    )
    .unsafe_fix(
        "register the endpoint in the zone",
        fixes::register_endpoint(model, own, zone).unwrap_or_default(),
    )
}
