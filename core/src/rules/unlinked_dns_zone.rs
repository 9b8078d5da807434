//! Zones that the endpoint's own network does not ask.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::sim::additions;
use crate::eval::{Depends, Truth, Value};
use crate::model::{Zone, dns, identity};

pub(super) const RULE: Rule = Rule {
    slug: "unlinked-dns-zone",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private zone of vaults that is not linked to the network of the endpoint.",
    facts: &["F4.39", "F4.51", "F4.52"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        let network = own.endpoint.network();
        for (zone, registers) in model.zones_of(own.endpoint) {
            // The link of a zone that is not here may be elsewhere too, and that is the usual case.
            let is_known = |zone: &&Zone| !zone.resource.existing || model.knows_links_of(&zone.resource.id);
            let Some(zone) = model.zone(&zone).filter(is_known) else { continue };
            if !dns::is_about_vaults(zone.name()).is_true() {
                continue;
            }
            let unlinked = model.is_linked(&zone.resource.id, &network).negate();
            let truth = own
                .proof
                .clone()
                .and(registers)
                .and(unlinked)
                .and(asks_elsewhere(cx, &zone.resource.id, &network).negate());
            let reason = "whether the zone is linked to the network of the endpoint";
            let endpoint = &own.endpoint.resource;
            let Some(assumed) = cx.decide_since(&zone.resource, Some(endpoint), truth, reason) else { continue };
            cx.report(
                Finding::new(
                    &zone.resource,
                    zone.name(),
                    assumed,
                    format!(
                        "zone `{}` is not linked to the network of private endpoint `{}`",
                        zone.resource.label(),
                        endpoint.label()
                    ),
                    "clients there do not ask the zone and keep the public address; link it to every network whose \
                     clients use the vault",
                )
                .since(endpoint)
                .related(Some(endpoint.place), "the private endpoint")
                .related(own.endpoint.subnet.place, "its subnet")
                .unsafe_fix("link the zone to the network", additions::link(model, zone, &network)),
            );
        }
    }
}

/// Whether the network asks DNS servers of its own instead of the zones linked to it (F4.52). Of a network that is not
/// in the files that is open where the zone is linked to another one, as a hub's is.
fn asks_elsewhere(cx: &Context, zone: &Value, network: &Value) -> Truth {
    match cx.model.network(network).filter(|network| !network.resource.existing) {
        Some(network) => network.has_own_dns(),
        None => {
            let links = &cx.model.zone_links;
            let is_linked = links.iter().any(|link| !identity::same(&link.zone, zone).is_false());
            if is_linked {
                Truth::Unknown(Depends::of(format!("DNS servers of {}", network.display())))
            } else {
                Truth::of(false)
            }
        }
    }
}
