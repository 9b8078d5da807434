//! Networks whose DNS servers do not ask the zone.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::ranges::WIRE_SERVER;
use crate::azure::service::VAULT;
use crate::eval::{Truth, Unknowns, Value};
use crate::model::{DnsForwarders, Model, Network, ZoneLink, dns, identity};
use crate::net::{is_private, parse_rule};

pub(super) const RULE: Rule = Rule {
    slug: "custom-dns-bypasses-zone",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A network with custom DNS servers that relies on a linked private zone.",
    facts: &["F4.52", "F4.53", "F4.61"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let (model, cloud) = (cx.model, cx.cloud);
    for (network, deployed) in cx.networks() {
        let own = model.asks_own_dns(network);
        if own.is_false() {
            continue;
        }
        let Some((link, linked)) = links_to(cx, network).into_iter().next() else { continue };
        let relies = own.and(linked).and(deployed).and(forwards(cx, network).negate());
        let reason = "whether the network's DNS servers forward the names of vaults to Azure";
        let servers = network.dns_servers.elements().items.into_iter().map(|item| item.value);
        let (right, others): (Vec<Value>, Vec<Value>) = servers.partition(|server| is_azure(cx, server));
        cx.when(&network.resource, relies, reason, || {
            let (name, zone) = (network.resource.label(), link.zone_name.display());
            let quoted = |servers: &[Value]| {
                servers.iter().map(|server| format!("`{}`", server.display())).collect::<Vec<_>>().join(", ")
            };
            let zones = VAULT.dns(cloud).forwarded_zones.join("` and `");
            let (message, help) = if right.is_empty() {
                (
                    format!(
                        "network `{name}` asks DNS servers of its own ({}) and not zone `{zone}` linked to \
                         it",
                        quoted(&others)
                    ),
                    format!(
                        "those servers must forward `{zones}` to {WIRE_SERVER} from a network that is linked \
                         to the zone, or to the inbound endpoint of a private resolver in one; {WIRE_SERVER} \
                         answers only inside Azure"
                    ),
                )
            } else {
                (
                    format!(
                        "network `{name}` mixes DNS servers: {} answers from zone `{zone}` linked to it, {} \
                         does not, and whichever answers first decides",
                        quoted(&right),
                        quoted(&others)
                    ),
                    format!(
                        "calls fail now and then, when the other server has answered; remove {}, or name a \
                         server instead that forwards `{zones}` to Azure's DNS",
                        quoted(&others)
                    ),
                )
            };
            Finding::new(&network.resource, &network.dns_servers, message, help)
                .related(Some(link.resource.place), "the link")
        });
    }
}

/// Links of vault zones to a network.
fn links_to<'m>(cx: &Context<'m>, network: &Network) -> Vec<(&'m ZoneLink, Truth)> {
    let mut found = Vec::new();
    for (link, deployed) in cx.zone_links() {
        if dns::is_private_zone(&link.zone_name).is_true() {
            let linked = identity::same(&link.network, &network.resource.id).and(deployed);
            if !linked.is_false() {
                found.push((link, linked));
            }
        }
    }
    found
}

/// Whether a server surely is Azure's, or answers as that does in a network that may be linked to a zone of vaults.
fn is_azure(cx: &Context, server: &Value) -> bool {
    answers(cx, server, None, 0) == Some(true)
}

/// Whether a server knows a zone of vaults: Azure's, the inbound endpoint of a resolver, or a firewall that asks such ones
/// (F4.53, F4.61), by the network in which it asks. Nothing where the files do not show what it is.
fn answers(cx: &Context, server: &Value, inside: Option<&Value>, depth: u8) -> Option<bool> {
    if server.is_word(&WIRE_SERVER.to_string()).is_true() {
        return Some(inside.is_none_or(|network| may_be_linked(cx, network)));
    }
    let inbound = cx.model.inbound_endpoint_at(server).filter(|(.., is_its)| is_its.is_true());
    if let Some((_, network, _)) = inbound {
        return Some(may_be_linked(cx, &network));
    }
    let firewall = cx.model.firewall_of(server).filter(|_| depth < 4)?;
    let network = Model::network_of_firewall(firewall);
    let (is_proxy, servers) = cx.model.proxied_servers(firewall);
    if !is_proxy.is_true() || servers.open.is_some() {
        return None;
    }
    let mut all = servers.items.iter().map(|item| answers(cx, &item.value, Some(&network), depth + 1));
    let Some(first) = all.next() else { return Some(may_be_linked(cx, &network)) };
    first.filter(|first| all.all(|other| other == Some(*first)))
}

/// Whether a zone of vaults may be linked to a network: by a link here, or by one of a zone whose links are elsewhere.
fn may_be_linked(cx: &Context, network: &Value) -> bool {
    cx.zone_links().any(|(link, deployed)| {
        let linked = identity::same(&link.network, network).and(deployed);
        let of_vaults = !dns::is_private_zone(&link.zone_name).is_false();
        of_vaults && (!linked.is_false() || !cx.model.shows_links_of(&link.zone))
    })
}

/// Whether the DNS servers can ask Azure where the zone answers: a server inside a linked network may forward there or
/// not, which no template says; the configuration may.
fn forwards(cx: &Context, network: &Network) -> Truth {
    let forwarders = &cx.model.site.dns_forwarders;
    let mut servers = network.dns_servers.elements();
    let is_known = |server: &Value| server.as_text().is_some_and(|server| forwarders.contain(server));
    let before = servers.items.len();
    servers.items.retain(|item| !is_azure(cx, &item.value));
    if servers.items.is_empty() && before > 0 && servers.open.is_none() {
        return Truth::of(true);
    }
    // A server on the internet does not know the zone, whatever those beside it do.
    let is_elsewhere = |server: &Value| matches!(server.as_text().map(parse_rule), Some(Ok(address)) if !is_private(&address.net));
    if servers
        .items
        .iter()
        .any(|item| item.present == Truth::of(true) && !is_known(&item.value) && is_elsewhere(&item.value))
    {
        return Truth::of(false);
    }
    if matches!(forwarders, DnsForwarders::All) {
        return Truth::of(true);
    }
    let (known, others): (Vec<_>, Vec<_>) = servers.items.into_iter().partition(|item| is_known(&item.value));
    if !known.is_empty() {
        // Which of several servers a client asks first is not documented.
        let other = others.first().map(|other| format!("DNS server {}", other.value.display()));
        let open = other.map(Unknowns::of).or(servers.open);
        return open.map_or(Truth::of(true), Truth::Unknown);
    }
    for server in others {
        let unknown = || Truth::Unknown(Unknowns::of(format!("DNS server {}", server.value.display())));
        if answers(cx, &server.value, None, 0) == Some(false) {
            continue;
        }
        if !server.value.is_known() {
            return unknown();
        }
        let Some(Ok(address)) = server.value.as_text().map(parse_rule) else { continue };
        let inside = cx.all_networks().any(|other| {
            let prefixes = other.address_prefixes.elements();
            let within = prefixes.items.iter().any(|item| {
                let prefix = item.value.as_text().map(parse_rule);
                matches!(prefix, Some(Ok(prefix)) if prefix.net.contains(&address.net))
            });
            within && links_to(cx, other).iter().any(|(_, linked)| !linked.is_false())
        });
        if inside {
            return unknown();
        }
    }
    Truth::of(false)
}
