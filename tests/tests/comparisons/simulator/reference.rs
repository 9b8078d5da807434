//! A naive evaluator of requests: every outcome that is possible where the world leaves something open.

use crate::simulator::world::{Acl, Caller, Dns, HOST, RIGHT_ZONE, World};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

pub const ALIAS: &str = "kv-one.privatelink.vaultcore.azure.net";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    pub allowed: bool,
    pub via: &'static str,
    pub error: Option<&'static str>,
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lead {
    /// To the endpoint of that number, by an address if one is known.
    Endpoint(usize, Option<String>),
    /// To an address that nobody has.
    Nobody(String),
    Public,
    Nothing,
    /// To wherever a DNS server of somebody else says.
    Anywhere,
}

#[derive(Clone, Copy)]
enum View {
    Internet,
    In(usize),
    /// In a network, and Azure's DNS is asked.
    AzureIn(usize),
}

#[derive(Clone, Copy)]
enum Source {
    Ip(IpAddr),
    Anyone,
    Somewhere,
    Subnet(usize),
    /// The subnet of the endpoints, without anything.
    OtherSubnet,
}

struct Origin {
    trusted: bool,
    view: View,
    source: Source,
    /// A resource of the subscription: yes, no, or nobody knows.
    in_subscription: Option<bool>,
}

fn origins(caller: &Caller) -> Vec<Origin> {
    let one =
        |trusted, view, source, in_subscription| vec![Origin { trusted, view, source, in_subscription }];
    match caller {
        Caller::Internet | Caller::Hosted => one(false, View::Internet, Source::Anyone, Some(false)),
        Caller::Trusted => one(true, View::Internet, Source::Anyone, None),
        Caller::Portal => one(false, View::Internet, Source::Somewhere, Some(false)),
        Caller::OnPremises(None) => one(false, View::Internet, Source::Somewhere, Some(false)),
        Caller::OnPremises(Some(n)) => one(false, View::AzureIn(*n), Source::Somewhere, Some(false)),
        Caller::Ip(text) => {
            one(false, View::Internet, Source::Ip(text.parse().expect("address")), Some(false))
        }
        Caller::Subnet(n) | Caller::PrivateIp(n) => one(false, View::In(*n), Source::Subnet(*n), None),
        Caller::Network(n) => {
            let mut both = one(false, View::In(*n), Source::Subnet(*n), None);
            both.extend(one(false, View::In(*n), Source::OtherSubnet, None));
            both
        }
        Caller::Service(_, true) => one(true, View::Internet, Source::Anyone, None),
        Caller::Service(_, false) => one(false, View::Internet, Source::Somewhere, None),
        Caller::WebApp(None) => one(false, View::Internet, Source::Somewhere, Some(true)),
        Caller::WebApp(Some(n)) => one(false, View::In(*n), Source::Subnet(*n), Some(true)),
        Caller::Gateway(n) => one(true, View::AzureIn(*n), Source::Subnet(*n), Some(true)),
    }
}

pub fn outcomes(world: &World, caller: &Caller) -> BTreeSet<Outcome> {
    let mut all = BTreeSet::new();
    for origin in origins(caller) {
        for lead in leads_from(world, origin.view) {
            match lead {
                Lead::Public => all.extend(public(world, &origin)),
                Lead::Nothing => {
                    all.insert(denied(Some("NXDOMAIN")));
                }
                Lead::Nobody(_) => {
                    all.insert(denied(None));
                }
                Lead::Anywhere => {
                    all.extend(public(world, &origin));
                    // Without an endpoint there is no private address that lets somebody in.
                    if has_alias(world) {
                        all.insert(allowed("private-endpoint"));
                    }
                }
                Lead::Endpoint(endpoint, _) => all.extend(private(world, &origin, endpoint)),
            }
        }
    }
    all
}

pub fn leads(world: &World, caller: &Caller) -> BTreeSet<Lead> {
    // A service of the platform does not ask.
    origins(caller).iter().flat_map(|origin| leads_from(world, origin.view)).collect()
}

fn allowed(via: &'static str) -> Outcome {
    Outcome { allowed: true, via, error: None }
}

fn denied(error: Option<&'static str>) -> Outcome {
    Outcome { allowed: false, via: "none", error }
}

pub fn has_alias(world: &World) -> bool {
    world.endpoints.iter().any(|endpoint| endpoint.there && endpoint.own && !endpoint.manual)
}

fn leads_from(world: &World, view: View) -> Vec<Lead> {
    match view {
        View::Internet => vec![Lead::Public],
        View::AzureIn(n) => azure_dns(world, n),
        View::In(n) => match world.networks[n].dns {
            Dns::Azure | Dns::Wire => azure_dns(world, n),
            Dns::Resolver(of) => azure_dns(world, of),
            Dns::Server(of) => {
                let mut leads = azure_dns(world, of);
                leads.push(Lead::Public);
                leads
            }
            Dns::Foreign => vec![Lead::Anywhere],
        },
    }
}

/// Walks the chain of names; a private zone linked to the network ends it.
fn azure_dns(world: &World, network: usize) -> Vec<Lead> {
    let mut chain = vec![HOST];
    if has_alias(world) {
        chain.push(ALIAS);
    }
    chain.push("data-prod-weu.vaultcore.azure.net");
    for name in chain {
        let mut best: Option<(usize, usize)> = None;
        for (at, zone) in world.zones.iter().enumerate() {
            let inside = name == zone.name || name.ends_with(&format!(".{}", zone.name));
            let link = zone.links.iter().position(|link| link.there && link.network == network);
            if let (true, Some(link)) = (inside, link)
                && best.is_none_or(|(best, _)| world.zones[best].name.len() < zone.name.len())
            {
                best = Some((at, link));
            }
        }
        if let Some((zone, link)) = best {
            return in_zone(world, zone, link, name);
        }
    }
    vec![Lead::Public]
}

fn in_zone(world: &World, at: usize, link: usize, name: &str) -> Vec<Lead> {
    let zone = &world.zones[at];
    let wanted = match name.strip_suffix(zone.name) {
        Some("") => "@",
        Some(rest) => rest.trim_end_matches('.'),
        None => unreachable!(),
    };
    let mut found = Vec::new();
    // The right zone is the only one that zone groups write to.
    if zone.name == RIGHT_ZONE {
        for (number, endpoint) in world.endpoints.iter().enumerate() {
            if endpoint.there && endpoint.own && endpoint.zones.contains(&at) && wanted == "kv-one" {
                found.push(Lead::Endpoint(number, endpoint.address.clone()));
            }
        }
    }
    for record in &zone.records {
        if record.name.eq_ignore_ascii_case(wanted) {
            found.extend(behind(world, &record.address));
        }
    }
    if !found.is_empty() {
        return found;
    }
    let falls_back =
        zone.links[link].policy == Some("NxDomainRedirect") && zone.name.starts_with("privatelink.");
    vec![if falls_back { Lead::Public } else { Lead::Nothing }]
}

/// Who may have a private address.
fn behind(world: &World, address: &str) -> Vec<Lead> {
    let endpoints = || world.endpoints.iter().enumerate().filter(|(_, endpoint)| endpoint.there);
    for (number, endpoint) in endpoints() {
        if endpoint.address.as_deref() == Some(address) {
            return vec![Lead::Endpoint(number, Some(address.to_owned()))];
        }
    }
    let mut found = vec![Lead::Nobody(address.to_owned())];
    for (number, endpoint) in endpoints() {
        let may_be = address.starts_with(&format!("10.{}.1.", endpoint.network));
        if endpoint.address.is_none() && may_be {
            found.push(Lead::Endpoint(number, Some(address.to_owned())));
        }
    }
    found
}

fn peered(world: &World, a: usize, b: usize) -> bool {
    world.peerings.contains(&(a, b)) && world.peerings.contains(&(b, a))
}

fn private(world: &World, origin: &Origin, number: usize) -> Vec<Outcome> {
    let endpoint = &world.endpoints[number];
    let mut all = Vec::new();
    if let View::In(from) | View::AzureIn(from) = origin.view {
        let to = endpoint.network;
        if from != to && !peered(world, from, to) {
            all.push(denied(None));
            let hub = 3 - from - to;
            // A router in a third network may take it there, or a peering that the files do not show.
            if world.complete && !(peered(world, from, hub) && peered(world, hub, to)) {
                return all;
            }
        }
    }
    all.push(if !endpoint.own {
        denied(Some("This TCP connection does not allow access to"))
    } else if endpoint.manual {
        denied(None)
    } else {
        allowed("private-endpoint")
    });
    all
}

/// The steps at the beginning of `facts/3-decision.md`, without the first.
fn public(world: &World, origin: &Origin) -> Vec<Outcome> {
    let access = world.access.map_or_else(|| "enabled".to_owned(), str::to_ascii_lowercase);
    let mode = match &world.perimeter {
        Some(perimeter) if perimeter.there => {
            perimeter.mode.map_or_else(|| "learning".to_owned(), str::to_ascii_lowercase)
        }
        _ => "none".to_owned(),
    };
    let mut bypass = true;
    let mut defaults = vec![true];
    let mut by_address = vec![false];
    let mut by_subnet = false;
    if let Acl::Present(rules) = &world.acl {
        bypass = !rules.bypass.is_some_and(|word| word.eq_ignore_ascii_case("None"));
        let is_empty = rules.default.is_none()
            && rules.bypass.is_none()
            && rules.addresses.is_empty()
            && rules.subnets.is_empty();
        defaults = match rules.default {
            Some(word) => vec![word.eq_ignore_ascii_case("Allow")],
            None if is_empty => vec![true],
            None => vec![true, false],
        };
        let hidden = matches!(origin.source, Source::Subnet(n) if world.networks[n].service_endpoint);
        if !hidden {
            by_address = matches(world, origin.source, &rules.addresses);
        }
        by_subnet = matches!(origin.source, Source::Subnet(n) if hidden && rules.subnets.contains(&n));
    }
    let mut by_perimeter = vec![false];
    if let Some(perimeter) = &world.perimeter {
        let is_inbound = |word: Option<&str>| !word.is_some_and(|word| word.eq_ignore_ascii_case("Outbound"));
        let inbound: Vec<_> = perimeter.rules.iter().filter(|rule| is_inbound(rule.direction)).collect();
        let prefixes: Vec<&str> = inbound.iter().flat_map(|rule| rule.prefixes.iter().copied()).collect();
        let hidden = matches!(origin.source, Source::Subnet(n) if world.networks[n].service_endpoint);
        let by_prefix = match origin.source {
            // What a perimeter makes of the private address is not documented.
            Source::Subnet(_) if hidden => matches(world, Source::Somewhere, &prefixes),
            // Unlike a vault it knows IPv6; there is one such rule, and one such caller in it.
            Source::Ip(IpAddr::V6(_)) => vec![prefixes.contains(&"2001:db8::/32")],
            source => matches(world, source, &prefixes),
        };
        let by_subscription = match (inbound.iter().any(|rule| rule.subscription), origin.in_subscription) {
            (false, _) | (_, Some(false)) => vec![false],
            (true, Some(true)) => vec![true],
            (true, None) => vec![false, true],
        };
        by_perimeter = either(&by_prefix, &by_subscription);
    }
    let mut all = Vec::new();
    for default in &defaults {
        for address in &by_address {
            for rule in &by_perimeter {
                all.push(decide(
                    &mode,
                    &access,
                    *rule,
                    origin.trusted && bypass,
                    by_subnet,
                    *address || *default,
                ));
            }
        }
    }
    all
}

fn decide(mode: &str, access: &str, rule: bool, trusted: bool, by_subnet: bool, open: bool) -> Outcome {
    let firewall = if by_subnet {
        Some("service-endpoint")
    } else if open {
        Some("public")
    } else {
        None
    };
    if mode == "enforced" {
        return if rule { allowed("perimeter") } else { denied(None) };
    }
    if mode == "learning" && rule {
        return allowed("perimeter");
    }
    if access == "securedbyperimeter" {
        return denied(None);
    }
    if trusted {
        return allowed("trusted-service");
    }
    if access == "disabled" {
        return denied(Some("ForbiddenByConnection"));
    }
    match firewall {
        Some(via) => allowed(via),
        None => denied(Some("ForbiddenByFirewall")),
    }
}

fn either(a: &[bool], b: &[bool]) -> Vec<bool> {
    let mut all: Vec<bool> = a.iter().flat_map(|a| b.iter().map(move |b| *a || *b)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether one of these nets holds the source's public address: each answer that is possible.
fn matches(world: &World, source: Source, nets: &[&str]) -> Vec<bool> {
    let public: Vec<(Ipv4Addr, u32)> = nets.iter().filter_map(|net| read(net)).collect();
    let holds = |net: &(Ipv4Addr, u32), address: Ipv4Addr| {
        let mask = if net.1 == 0 { 0 } else { u32::MAX << (32 - net.1) };
        u32::from(net.0) & mask == u32::from(address) & mask
    };
    let all = ["0.0.0.1", "255.0.0.1"]
        .iter()
        .all(|end| public.iter().any(|net| net.1 <= 1 && holds(net, end.parse().expect("address"))));
    match source {
        Source::Ip(IpAddr::V4(address)) => vec![public.iter().any(|net| holds(net, address))],
        Source::Ip(IpAddr::V6(_)) => vec![false],
        Source::Subnet(n) if world.networks[n].nat.is_some() => {
            let address = world.networks[n].nat.expect("checked").parse().expect("address");
            matches(world, Source::Ip(address), nets)
        }
        Source::Anyone => vec![all],
        Source::Somewhere | Source::Subnet(_) | Source::OtherSubnet if all => vec![true],
        // A private net holds no public address.
        _ if public.iter().all(|net| net.0.is_private()) => vec![false],
        _ => vec![false, true],
    }
}

fn read(net: &str) -> Option<(Ipv4Addr, u32)> {
    let (address, length) = net.split_once('/').unwrap_or((net, "32"));
    Some((address.parse().ok()?, length.parse().ok()?))
}

/// Whether a zone answers for the vault's own name, so that its alias is not asked for.
pub fn ends_at_host(world: &World, caller: &Caller) -> bool {
    let network = match origins(caller)[0].view {
        View::Internet => return false,
        View::AzureIn(n) => n,
        View::In(n) => match world.networks[n].dns {
            Dns::Azure | Dns::Wire => n,
            Dns::Resolver(of) | Dns::Server(of) => of,
            Dns::Foreign => return false,
        },
    };
    world.zones.iter().any(|zone| {
        let inside = HOST == zone.name || HOST.ends_with(&format!(".{}", zone.name));
        inside && zone.links.iter().any(|link| link.there && link.network == network)
    })
}
