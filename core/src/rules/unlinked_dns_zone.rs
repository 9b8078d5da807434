//! Zones that the endpoint's own network does not ask.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Truth, Unknowns, Value};
use crate::fixes;
use crate::lang::{self, Resource};
use crate::model::{Model, PrivateEndpoint, dns, identity};

pub(super) const RULE: Rule = Rule {
    slug: "unlinked-dns-zone",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private zone for Key Vault that is not linked to the network of the endpoint.",
    facts: &["F4.39", "F4.51", "F4.52"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        let network = own.endpoint.network();
        for (id, registers) in model.zones_of(own.endpoint) {
            // The link of a zone that is not here may be elsewhere too, and that is the usual case.
            let Some((resource, name)) = shown(model, own.endpoint, &id) else { continue };
            if !dns::is_about_vaults(&name).is_true() {
                continue;
            }
            let unlinked = model.is_linked(&id, &network).negate();
            let truth =
                own.is_present().and(registers).and(unlinked).and(asks_elsewhere(cx, &id, &network).negate());
            let reason = "whether the zone is linked to the network of the endpoint";
            let endpoint = &own.endpoint.resource;
            cx.when_since(resource, endpoint, truth, reason, || {
                let label = model.zone(&id).map_or_else(|| lang::label(&name), |zone| zone.resource.label());
                let mut finding = Finding::new(
                    resource,
                    &name,
                    format!(
                        "zone `{label}` is not linked to the network of private endpoint `{}`",
                        endpoint.label()
                    ),
                    "clients there do not ask the zone and keep the public address; link it to every network \
                     whose clients use the vault",
                )
                .about(resource, endpoint.id.normal())
                .related(Some(endpoint.place), "the private endpoint")
                .related(own.endpoint.subnet.place, "its subnet");
                if let Some(zone) = model.zone(&id) {
                    finding = finding
                        .unsafe_fix("link the zone to the network", fixes::link_zone(model, zone, &network));
                }
                finding
            });
        }
    }
}

/// What a zone is reported at, with its name: itself where it is in the files, or the zone group that names it where
/// Azure listed its links.
fn shown<'m>(model: &'m Model, endpoint: &PrivateEndpoint, id: &Value) -> Option<(&'m Resource, Value)> {
    match model.zone(id) {
        Some(zone) if !zone.resource.referenced => Some((&zone.resource, zone.name().clone())),
        _ if model.lists_links_of(id) => {
            let mut all = model.registrations_of(endpoint).into_iter();
            let by = all.find(|registration| identity::same(&registration.zone, id).is_true())?;
            Some((&by.group.resource, by.zone_name.at(by.zone.place)))
        }
        _ => None,
    }
}

/// Whether the network asks DNS servers of its own instead of the zones linked to it (F4.52). Of a network that is not
/// in the files that is open where the zone is linked to another one, as a hub's is.
fn asks_elsewhere(cx: &Context, zone: &Value, network: &Value) -> Truth {
    match cx.model.network(network).filter(|network| !network.resource.referenced) {
        Some(network) => cx.model.asks_own_dns(network),
        None => {
            if cx.model.may_have_links(zone) {
                Truth::Unknown(Unknowns::of(format!("DNS servers of {}", network.display())))
            } else {
                Truth::of(false)
            }
        }
    }
}
