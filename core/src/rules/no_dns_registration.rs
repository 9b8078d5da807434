//! Private endpoints that no name leads to.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::policies::DEPLOY_ZONE_GROUP;
use crate::eval::{Assumed, Depends, Truth};
use crate::lang::Resource;
use crate::model::{VaultEndpoint, dns, property};

pub(super) const RULE: Rule = Rule {
    slug: "no-dns-registration",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint of a vault with neither zone group nor A record.",
    facts: &["F4.35", "F4.50", "F6.24"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        let endpoint = own.endpoint;
        let mut registered = by_azure(&endpoint.resource);
        for (group, proof) in model.zone_groups_of(endpoint) {
            registered = registered.or(proof.and(group.configs.any()));
        }
        for (record, proof) in model.vault_records() {
            registered = registered.or(proof.and(model.is_record_of(record, endpoint)));
        }
        if !own.is_hsm && endpoint.connections.iter().any(|connection| !connection.manual) {
            registered = registered.or(model.assigns_policy(DEPLOY_ZONE_GROUP));
        }
        let unregistered = own.proof.clone().and(registered.negate());
        let reason = "whether a name leads to the endpoint of the vault";
        if let Some(assumed) = cx.decide(&endpoint.resource, unregistered, reason) {
            cx.report(finding(cx, &own, assumed));
        }
    }
}

/// Azure lists the names of an endpoint only while no zone group takes care of them.
fn by_azure(endpoint: &Resource) -> Truth {
    let names = property(endpoint, &["customDnsConfigs"]);
    if names.as_array().is_some_and(<[_]>::is_empty) && !property(endpoint, &["provisioningState"]).is_null() {
        Truth::Unknown(Depends::of(format!("zone groups of {}", endpoint.id.display())))
    } else {
        Truth::of(false)
    }
}

fn finding<'m>(cx: &Context, own: &VaultEndpoint<'m>, assumed: Assumed) -> Finding<'m> {
    let resource = &own.endpoint.resource;
    let zone = dns::names(cx.cloud, own.is_hsm).private_zone;
    Finding::new(
        resource,
        &resource.name,
        assumed,
        format!("no name leads to private endpoint `{}`: it has neither zone group nor A record", resource.label()),
        format!(
            "clients keep resolving the public address; give it a zone group that registers it in `{zone}`, unless a \
             policy writes one"
        ),
    )
}
