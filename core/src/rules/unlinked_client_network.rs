//! Clients whose network does not ask the zone.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::callers::IN_CLUSTER;
use crate::eval::{Truth, Value};
use crate::fixes;
use crate::lang::Resource;
use crate::model::{Consumer, EndpointConnection, Vault, Zone, dns, identity};

pub(super) const RULE: Rule = Rule {
    slug: "unlinked-client-network",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A client of a vault in a network that is not linked to the vault's private zone.",
    facts: &["F4.39", "F5.10", "F5.20"],
    yields_to: &["unlinked-dns-zone"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    let endpoints: Vec<(EndpointConnection, Vec<&Vault>)> =
        model.vault_endpoints().into_iter().map(|own| (own.clone(), model.vaults_of(own.endpoint))).collect();
    for (consumer, deployed) in cx.consumers() {
        if consumer.subnets.is_empty() {
            continue;
        }
        for (own, vaults) in &endpoints {
            let uses = vaults.iter().fold(Truth::of(false), |any, vault| any.or(consumer.uses(vault)));
            let is_only_permitted = vaults.iter().all(|vault| consumer.is_only_permitted(vault));
            if uses.is_false() {
                continue;
            }
            for (zone, registers) in model.zones_of(own.endpoint) {
                let zone = model.zone(&zone).filter(|zone| !zone.resource.referenced);
                let Some(zone) = zone.filter(|zone| dns::is_private_zone(zone.name()).is_true()) else {
                    continue;
                };
                let uses = uses.clone().and(own.is_present()).and(registers).and(deployed.clone());
                check_client(cx, (consumer, is_only_permitted), own, zone, uses);
            }
        }
    }
}

fn check_client<'m>(
    cx: &mut Context<'m>,
    (consumer, is_only_permitted): (&'m Consumer, bool),
    own: &EndpointConnection<'m>,
    zone: &'m Zone,
    uses: Truth,
) {
    let model = cx.model;
    for subnet in &consumer.subnets {
        let network = identity::network(subnet);
        let unlinked = model.is_linked(&zone.resource.id, &network).negate();
        let unlinked = uses.clone().and(unlinked).and(asks_azure(cx, consumer, &network));
        // In the network of the endpoint the question is the one that `unlinked-dns-zone` leaves open.
        let is_same = identity::same(&network, &own.endpoint.network());
        let is_endpoints = is_same.is_true();
        if unlinked.is_unknown() && is_endpoints {
            continue;
        }
        let unlinked = if is_endpoints { unlinked } else { unlinked.and(is_same.negate()) };
        let reason = "whether the network of the client is linked to the vault's private zone";
        let reported = cx.when(&consumer.resource, unlinked, reason, || {
            // In the network of the endpoint the cause is the zone's: it is not linked to the endpoint either.
            let about: (&Resource, String) = match is_endpoints {
                true => (&zone.resource, own.endpoint.resource.id.normal()),
                false => (&consumer.resource, String::new()),
            };
            Finding::new(
                &consumer.resource,
                subnet,
                format!(
                    "{} `{}` uses a vault with a private endpoint from a network that zone `{}` is not \
                     linked to",
                    consumer.service_name(),
                    consumer.resource.label(),
                    zone.resource.label()
                ),
                "it resolves the vault's public address; peering does not share zones, so link the zone to \
                 this network too",
            )
            // That it is deployed into the cluster of these files is not written.
            .likely_if(is_only_permitted || consumer.service == IN_CLUSTER)
            .about(about.0, about.1)
            .related(Some(zone.resource.place), "the zone")
            .related(Some(own.endpoint.resource.place), "the private endpoint")
            .unsafe_fix("link the zone to the network", fixes::link_zone(model, zone, &network))
        });
        if reported {
            return;
        }
    }
}

/// Whether the client asks Azure's DNS: an Application Gateway does even where its network has servers of its own
/// (F5.20). Of a network that is not in the files that is open.
fn asks_azure(cx: &Context, consumer: &Consumer, network: &Value) -> Truth {
    if consumer.service.name == "Application Gateway" {
        return Truth::of(true);
    }
    match cx.model.network(network).filter(|network| !network.resource.referenced) {
        Some(network) => network.has_own_dns().negate(),
        None => Truth::Unknown(identity::open(network)),
    }
}
