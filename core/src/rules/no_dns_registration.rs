//! Private endpoints that no name leads to.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::eval::Value;
use crate::fixes;
use crate::model::{EndpointConnection, Model, Zone};

pub(super) const RULE: Rule = Rule {
    slug: "no-dns-registration",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private endpoint of a vault with neither zone group nor A record.",
    facts: &["F4.34", "F4.35", "F4.50", "F6.24"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let (model, cloud) = (cx.model, cx.cloud);
    for own in model.vault_endpoints() {
        let nowhere = own.is_present().and(model.is_registered(&own).negate());
        let mut unregistered = nowhere.clone();
        let mut asked = None;
        if nowhere.is_unknown() {
            for zone in cx.all_zones() {
                let of_vaults = zone.name().is_word(own.service.dns(cloud).private_zone);
                let lacks = own.is_present().and(of_vaults).and(model.lacks_record_of(zone, own.endpoint));
                if lacks.is_true() {
                    asked = Some(zone);
                    unregistered = lacks;
                    break;
                }
            }
        }
        let reason = "whether a name leads to the endpoint of the vault";
        cx.when(&own.endpoint.resource, unregistered, reason, || finding(model, cloud, &own, asked));
    }
}

/// The zone is the one that the endpoint's network asks, where only that is known to have no record.
fn finding<'m>(
    model: &Model,
    cloud: Cloud,
    own: &EndpointConnection<'m>,
    asked: Option<&Zone>,
) -> Finding<'m> {
    let resource = &own.endpoint.resource;
    let zone = own.service.dns(cloud).private_zone;
    let label = resource.label();
    let message = match asked {
        Some(_) => {
            format!("zone `{zone}` is linked to the network of private endpoint `{label}` and has no records")
        }
        None => {
            format!("no name leads to private endpoint `{label}`: it has neither zone group nor A record")
        }
    };
    let consequence = match asked {
        Some(_) => "clients there get NXDOMAIN",
        None => "clients keep resolving the public address",
    };
    Finding::new(
        resource,
        &Value::null().at(resource.body.anchor),
        message,
        format!(
            "{consequence}; give it a zone group that registers it in `{zone}`, unless a policy writes one"
        ),
    )
    .related(asked.map(|zone| zone.resource.place), "the zone")
    .unsafe_fix(
        "register the endpoint in the zone",
        fixes::register_endpoint(model, own, zone).unwrap_or_default(),
    )
}
