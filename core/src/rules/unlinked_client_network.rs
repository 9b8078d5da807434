//! Clients in a network that does not resolve the vault's name through its private zone.

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
    let endpoints: Vec<(EndpointConnection, Vec<&Vault>)> = model
        .vault_endpoints()
        .into_iter()
        .map(|connection| (connection.clone(), model.vaults_of(connection.endpoint)))
        .collect();
    for (consumer, deployed) in cx.consumers() {
        if consumer.subnets.is_empty() {
            continue;
        }
        for (connection, vaults) in &endpoints {
            let uses = vaults.iter().fold(Truth::of(false), |any, vault| any.or(consumer.uses(vault)));
            let is_only_permitted = vaults.iter().all(|vault| consumer.is_only_permitted(vault));
            if uses.is_false() {
                continue;
            }
            for (zone, registers) in model.zones_of(connection.endpoint) {
                let zone = model.zone(&zone).filter(|zone| !zone.resource.referenced);
                let Some(zone) = zone.filter(|zone| dns::is_private_zone(zone.name()).is_true()) else {
                    continue;
                };
                let uses = uses.clone().and(connection.is_present()).and(registers).and(deployed.clone());
                check_client(cx, (consumer, is_only_permitted), connection, zone, uses);
            }
        }
    }
}

fn check_client<'m>(
    cx: &mut Context<'m>,
    (consumer, is_only_permitted): (&'m Consumer, bool),
    connection: &EndpointConnection<'m>,
    zone: &'m Zone,
    uses: Truth,
) {
    let model = cx.model;
    for subnet in &consumer.subnets {
        let network = identity::network(subnet);
        let unlinked = model.is_linked(&zone.resource.id, &network).negate();
        let unlinked = uses.clone().and(unlinked).and(asks_azure(cx, consumer, &network));
        // In the endpoint's network, `unlinked-dns-zone` records the same question as undecided.
        let is_same = identity::same(&network, &connection.endpoint.network());
        let is_in_endpoints_network = is_same.is_true();
        if unlinked.is_unknown() && is_in_endpoints_network {
            continue;
        }
        let unlinked = if is_in_endpoints_network { unlinked } else { unlinked.and(is_same.negate()) };
        let reason = "whether the network of the client is linked to the vault's private zone";
        let reported = cx.when(&consumer.resource, unlinked, reason, || {
            // In the endpoint's network, `unlinked-dns-zone` reports the zone and the endpoint instead.
            let (subject, part): (&Resource, String) = match is_in_endpoints_network {
                true => (&zone.resource, connection.endpoint.resource.id.normal()),
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
            // The files do not show that it runs in this cluster.
            .likely_if(is_only_permitted || consumer.service == IN_CLUSTER)
            .about(subject, part)
            .related(Some(zone.resource.place), "the zone")
            .related(Some(connection.endpoint.resource.place), "the private endpoint")
            .unsafe_fix("link the zone to the network", fixes::link_zone(model, zone, &network))
        });
        if reported {
            return;
        }
    }
}

/// Whether the client asks Azure's DNS: an Application Gateway does even where its network has servers of its own
/// (F5.20). For a network that is not in the files this is open.
fn asks_azure(cx: &Context, consumer: &Consumer, network: &Value) -> Truth {
    if consumer.service.name == "Application Gateway" {
        return Truth::of(true);
    }
    match cx.model.network(network).filter(|network| !network.resource.referenced) {
        Some(network) => cx.model.asks_own_dns(network).negate(),
        None => Truth::Unknown(identity::open(network)),
    }
}
