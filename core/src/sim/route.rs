//! Whether a packet from one virtual network reaches a private endpoint in another.

use super::Gate;
use super::caller::{other, subnet_at};
use crate::azure::names;
use crate::eval::{Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::model::{Model, PrivateEndpoint, Subnet, identity, is_deployed, key, property, wrapped};
use crate::net::{Ipv4Net, is_private, parse_rule};
use crate::text::Place;
use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Whether a network reaches another one: they are the same, or both are peered with each other. Peering is not
/// transitive; traffic through a third network needs a router there, which the files do not show.
pub(super) fn reaches(model: &Model, from: &Value, to: &Value) -> Truth {
    let same = identity::same(from, to);
    if same.is_true() {
        return same;
    }
    let peerings = peerings(model);
    let both = peers(&peerings, from, to).and(peers(&peerings, to, from));
    let any = same.or(both).or(model.nothing_about(from, names::PEERING));
    if any.is_true() || model.complete && !may_go_through(&peerings, from, to) {
        return any;
    }
    let (from, to) = (identity::label(from), identity::label(to));
    any.or(Truth::Unknown(Unknowns::of(format!("a route from `{from}` to `{to}`"))))
}

/// One side of a peering.
struct Peering {
    network: Value,
    remote: Value,
    deployed: Truth,
}

/// Whether a network is peered with another one from its own side.
fn peers(peerings: &[Peering], from: &Value, to: &Value) -> Truth {
    peerings.iter().fold(Truth::of(false), |any, peering| {
        let both = identity::same(&peering.network, from).and(identity::same(&peering.remote, to));
        any.or(both.and(peering.deployed.clone()))
    })
}

/// Whether a chain of peerings through other networks connects the two, so that routers in them could forward packets.
fn may_go_through(peerings: &[Peering], from: &Value, to: &Value) -> bool {
    // An unknown id may be that of any network.
    if [from, to].into_iter().chain(peerings.iter().map(|peering| &peering.remote)).any(is_open) {
        return true;
    }
    let sides: HashSet<(Rc<str>, Rc<str>)> =
        peerings.iter().map(|peering| (key(&peering.network), key(&peering.remote))).collect();
    let mut neighbours: HashMap<&str, Vec<&Rc<str>>> = HashMap::new();
    for (network, remote) in &sides {
        if sides.contains(&(remote.clone(), network.clone())) {
            neighbours.entry(network).or_default().push(remote);
        }
    }
    let (start, goal) = (key(from), key(to));
    let (mut seen, mut next) = (HashSet::from([start.clone()]), vec![start]);
    while let Some(at) = next.pop() {
        for neighbour in neighbours.get(&*at).into_iter().flatten() {
            if **neighbour == goal {
                // The direct peering of the two is not a chain.
                if at != key(from) {
                    return true;
                }
            } else if seen.insert((*neighbour).clone()) {
                next.push((*neighbour).clone());
            }
        }
    }
    false
}

fn is_open(id: &Value) -> bool {
    identity::known_name(id).is_none()
}

/// The peerings in the files.
fn peerings(model: &Model) -> Vec<Peering> {
    let mut found = Vec::new();
    for other in model.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(names::PEERING)) {
        found.push(Peering {
            network: identity::parent(&other.id).unwrap_or_default(),
            remote: property(other, &["remoteVirtualNetwork", "id"]),
            deployed: is_deployed(other),
        });
    }
    for network in &model.networks {
        for item in property(&network.resource, &["virtualNetworkPeerings"]).elements().items {
            found.push(Peering {
                network: network.resource.id.clone(),
                remote: wrapped(&item.value, "remoteVirtualNetwork").get("id"),
                deployed: item.present.and(is_deployed(&network.resource)),
            });
        }
    }
    found
}

/// Whether the security group of an endpoint's subnet allows the request, and why; `None` if no security group applies.
/// It applies only if network policies are enabled (F4.20). A security group without a rule that denies allows traffic
/// from the whole virtual network, by default.
pub(super) fn passes_security_group(
    model: &Model,
    endpoint: &PrivateEndpoint,
) -> Option<(String, Truth, Option<Place>)> {
    let (subnet, _) = model.subnet_of(endpoint)?;
    if subnet.resource.referenced {
        let open = format!("whether a security group applies in subnet `{}`", subnet.resource.label());
        let because = format!("{open} is open: it is only referred to");
        return Some((because, Truth::Unknown(Unknowns::of(open)), Some(subnet.resource.place)));
    }
    let counts = subnet.security_group.is_set().and(subnet.ignores_security_group().negate());
    if counts.is_false() {
        return None;
    }
    let id = &subnet.security_group;
    let name = identity::label(id);
    let group = other(model, names::NETWORK_SECURITY_GROUP, id);
    let denies = group.map_or_else(
        || Truth::Unknown(Unknowns::default()),
        |group| denies(model, group, "Outbound", &|_| Truth::of(true)),
    );
    let open = Truth::Unknown(Unknowns::of(format!("the rules of `{name}` for TCP 443")));
    let passes = match counts.and(denies) {
        Truth::False(assumed) => Truth::False(assumed).negate(),
        _ => open,
    };
    let because = match passes.is_true() {
        true => format!("security group `{name}` applies to the endpoint and denies nothing"),
        false => format!("security group `{name}` applies to the endpoint: it must let in TCP 443"),
    };
    Some((because, passes, id.place))
}

/// The destination of a request.
#[derive(Clone, Copy)]
pub(super) enum Toward<'m> {
    /// A private endpoint.
    Endpoint(&'m PrivateEndpoint),
    /// The vault's public endpoint.
    Public,
}

/// A gate on the caller's side.
pub(super) struct Passage {
    pub(super) gate: Gate,
    pub(super) because: String,
    pub(super) passes: Truth,
    pub(super) facts: &'static [&'static str],
    pub(super) place: Option<Place>,
}

/// The gates on the way of a request out of a subnet: the security group and the route table of the subnet, and the
/// firewall that the routes lead to.
pub(super) fn way_out(model: &Model, subnet: &Subnet, toward: Toward) -> Vec<Passage> {
    // A subnet that is only referred to has these outside of the files.
    if subnet.resource.referenced {
        return Vec::new();
    }
    let mut found: Vec<Passage> = outbound(model, subnet, toward).into_iter().collect();
    found.extend(routed(model, subnet, toward));
    if matches!(toward, Toward::Public) {
        found.extend(through_hub(model, subnet));
    }
    found
}

/// Whether requests to the public endpoint leave a subnet directly, not through a firewall or appliance.
pub(super) fn leaves_directly(model: &Model, subnet: &Subnet) -> bool {
    routed(model, subnet, Toward::Public).is_empty() && through_hub(model, subnet).is_none()
}

fn outbound(model: &Model, subnet: &Subnet, toward: Toward) -> Option<Passage> {
    let counts = subnet.security_group.is_set();
    if counts.is_false() {
        return None;
    }
    let id = &subnet.security_group;
    let name = identity::label(id);
    let group = other(model, names::NETWORK_SECURITY_GROUP, id);
    let denies = group.map_or_else(
        || Truth::Unknown(Unknowns::default()),
        |group| denies(model, group, "Inbound", &|rule| touches_destination(rule, toward)),
    );
    let (passes, because) = match counts.and(denies) {
        Truth::False(assumed) => {
            let because = format!(
                "security group `{name}` of subnet `{}` does not deny such a request",
                subnet.label()
            );
            (Truth::True(assumed), because)
        }
        _ => {
            let because = format!(
                "security group `{name}` of subnet `{}` has to let out TCP 443: its rules are not evaluated",
                subnet.label()
            );
            (Truth::Unknown(Unknowns::of(format!("the outbound rules of `{name}` for TCP 443"))), because)
        }
    };
    Some(Passage { gate: Gate::SourceSecurityGroup, because, passes, facts: &["F12.11"], place: id.place })
}

/// The route that diverts a request to a virtual appliance or gateway, and the firewall that it leads to.
fn routed(model: &Model, subnet: &Subnet, toward: Toward) -> Vec<Passage> {
    let id = &subnet.route_table;
    let counts = subnet.resource.referenced || subnet.route_table.is_set().is_false();
    if counts {
        return Vec::new();
    }
    let name = identity::label(id);
    let passage = |gate, because, place| {
        let passes = Truth::Unknown(Unknowns::of(format!("where route table `{name}` takes the call")));
        Passage { gate, because, passes, facts: &["F4.20", "F12.14"], place }
    };
    let Some(table) = other(model, names::ROUTE_TABLE, id) else {
        // The endpoint's own /32 route takes precedence, except over routes as narrow (F4.20).
        if matches!(toward, Toward::Endpoint(endpoint) if !overrides_endpoints(model, endpoint).is_unknown())
        {
            return Vec::new();
        }
        let because = format!("route table `{name}` of subnet `{}` is not in the files", subnet.label());
        return vec![passage(Gate::Route, because, id.place)];
    };
    for (route, present) in entries(model, table, "routes", names::ROUTE) {
        let hop = wrapped(&route, "nextHopType");
        let is_detour = identity::is_one_of(&hop, &["Internet", "VnetLocal"]).negate();
        let prefix = wrapped(&route, "addressPrefix");
        if is_detour.and(present).and(is_routed(model, &prefix, subnet, toward)).is_false() {
            continue;
        }
        let place = route.place.or(id.place);
        let shown = prefix.display();
        let firewall = firewall_at(model, &wrapped(&route, "nextHopIpAddress"));
        let Some(firewall) = firewall else {
            let because = format!(
                "route table `{name}` sends `{shown}` by next hop `{}`: the path from there on is not evaluated",
                hop.display()
            );
            return vec![passage(Gate::Route, because, place)];
        };
        let fire = firewall.label();
        let because = format!("route table `{name}` sends `{shown}` through firewall `{fire}`");
        let route = Passage { passes: Truth::of(true), ..passage(Gate::Route, because, place) };
        return vec![route, through(firewall)];
    }
    Vec::new()
}

fn through(firewall: &Resource) -> Passage {
    let name = firewall.label();
    Passage {
        gate: Gate::Firewall,
        because: format!("firewall `{name}` is on the way: its rules are not evaluated"),
        passes: Truth::Unknown(Unknowns::of(format!("the rules of firewall `{name}`"))),
        facts: &[],
        place: Some(firewall.place),
    }
}

/// The firewall of the virtual hub to which the subnet's network sends traffic to the internet.
fn through_hub(model: &Model, subnet: &Subnet) -> Option<Passage> {
    let of =
        |kind: &'static str| model.others.iter().filter(move |other| other.kind.eq_ignore_ascii_case(kind));
    of(names::HUB_CONNECTION).next()?;
    let network = identity::parent(&subnet.resource.id)?;
    let connection = of(names::HUB_CONNECTION).find(|connection| {
        let secures = property(connection, &["enableInternetSecurity"]).is_true();
        let remote = property(connection, &["remoteVirtualNetwork", "id"]);
        !secures.and(identity::same(&remote, &network)).is_false()
    })?;
    let hub = identity::parent(&connection.id)?;
    of(names::AZURE_FIREWALL)
        .find(|firewall| !identity::same(&property(firewall, &["virtualHub", "id"]), &hub).is_false())
        .map(through)
}

/// The firewall in the files with this address: one that comes from it, or one in its subnet, which it has for itself.
pub(super) fn firewall_at<'m>(model: &'m Model, address: &Value) -> Option<&'m Resource> {
    let subnet = address.as_text().and_then(|text| subnet_at(model, text.parse().ok()?));
    let Some(subnet) = subnet else { return model.firewall_of(address) };
    let its = |config: &Value| identity::same(&wrapped(config, "subnet").get("id"), &subnet.resource.id);
    model
        .firewalls()
        .find(|firewall| property(firewall, &["ipConfigurations"]).elements().any_is(&its).is_true())
}

/// Whether a route with this prefix applies to the request.
fn is_routed(model: &Model, prefix: &Value, subnet: &Subnet, toward: Toward) -> Truth {
    let net = |holds: &dyn Fn(&str, Option<Ipv4Net>) -> bool| {
        prefix.test(&|value| {
            let Some(text) = value.as_text() else { return value.is_known().then_some(false) };
            Some(holds(text, parse_rule(text).ok().map(|rule| rule.net)))
        })
    };
    match toward {
        Toward::Public => {
            // The routes of a service endpoint are narrower, and take precedence.
            let wide = net(&|_, net| net.is_some_and(|net| net.prefix_len() < 8));
            let meant = net(&|text, net| net.map_or_else(|| is_vault_tag(text), |net| !is_private(&net)));
            meant.and(wide.and(subnet.has_vault_service_endpoint()).negate())
        }
        Toward::Endpoint(endpoint) => {
            let address = address_of(endpoint);
            let holds =
                |net: &Ipv4Net| address.map_or_else(|| is_private(net), |address| net.contains(&address));
            let exact = net(&|_, net| net.is_some_and(|net| net.prefix_len() == 32 && holds(&net)));
            // A route that is wider than the virtual network never applies (F4.20).
            let wide = net(&|_, net| net.is_some_and(|net| net.prefix_len() > 0 && holds(&net)));
            exact.or(wide.and(overrides_endpoints(model, endpoint)))
        }
    }
}

/// Whether routes of a client's subnet take precedence over the endpoint's own /32 route (F4.20).
fn overrides_endpoints(model: &Model, endpoint: &PrivateEndpoint) -> Truth {
    match model.subnet_of(endpoint) {
        Some((subnet, _)) => subnet.applies_routes(),
        None => {
            Truth::Unknown(Unknowns::of(format!("the network policies of `{}`", endpoint.subnet.display())))
        }
    }
}

fn address_of(endpoint: &PrivateEndpoint) -> Option<Ipv4Addr> {
    endpoint.addresses().iter().find_map(|address| address.as_text()?.parse().ok())
}

/// Whether a service tag includes the addresses of vaults.
fn is_vault_tag(text: &str) -> bool {
    let tag = text.split('.').next().unwrap_or_default();
    ["AzureKeyVault", "AzureCloud"].iter().any(|known| tag.eq_ignore_ascii_case(known))
}

/// Whether a rule of a security group matches the destination.
fn touches_destination(rule: &Value, toward: Toward) -> Truth {
    let about = |value: &Value| {
        value.test(&|value| {
            let Some(text) = value.as_text() else { return value.is_known().then_some(true) };
            let net = parse_rule(text).ok().map(|rule| rule.net);
            Some(match (toward, net) {
                (_, None) if text == "*" => true,
                (Toward::Public, None) => text.eq_ignore_ascii_case("Internet") || is_vault_tag(text),
                (Toward::Endpoint(_), None) => text.eq_ignore_ascii_case("VirtualNetwork"),
                (Toward::Public, Some(net)) => !is_private(&net),
                (Toward::Endpoint(endpoint), Some(net)) => match address_of(endpoint) {
                    Some(address) => net.contains(&address),
                    None => net.prefix_len() == 0 || is_private(&net),
                },
            })
        })
    };
    any_of(rule, "destinationAddressPrefix", "destinationAddressPrefixes", &about)
}

/// Whether a rule of a security group matches TCP port 443.
fn touches_port(rule: &Value) -> Truth {
    let is_other = identity::is_one_of(&wrapped(rule, "protocol"), &["Udp", "Icmp", "Esp", "Ah"]);
    let about = |value: &Value| {
        value.test(&|value| {
            if let Some(port) = value.as_int() {
                return Some(port == 443);
            }
            let Some(text) = value.as_text() else { return value.is_known().then_some(true) };
            let (from, to) = text.split_once('-').unwrap_or((text, text));
            Some(match (from.trim().parse::<u16>(), to.trim().parse::<u16>()) {
                (Ok(from), Ok(to)) => from <= 443 && 443 <= to,
                _ => true,
            })
        })
    };
    any_of(rule, "destinationPortRange", "destinationPortRanges", &about).and(is_other.negate())
}

/// Whether `holds` is true for a part of a rule that is written as one value or as a list. If neither is written, it is
/// true.
fn any_of(rule: &Value, one: &str, many: &str, holds: &dyn Fn(&Value) -> Truth) -> Truth {
    let (single, list) = (wrapped(rule, one), wrapped(rule, many).elements());
    let nothing = single.is_null() && list.items.is_empty() && list.open.is_none();
    let single = if single.is_null() { Truth::of(nothing) } else { holds(&single) };
    single.or(list.any_is(holds))
}

/// The entries of a list property, and the resources of type `kind` that add entries to it.
fn entries(model: &Model, of: &Resource, list: &str, kind: &str) -> Vec<(Value, Truth)> {
    let inside = property(of, &[list]).elements();
    let mut found: Vec<(Value, Truth)> =
        inside.items.into_iter().map(|item| (item.value, item.present)).collect();
    found.extend(inside.open.map(|depends| (Value::limit("a list that is open"), Truth::Unknown(depends))));
    for other in model.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(kind)) {
        let same = identity::parent(&other.id).map(|parent| identity::same(&parent, &of.id));
        if let Some(same) = same.filter(|same| !same.is_false()) {
            found.push((other.body.clone(), same.and(is_deployed(other))));
        }
    }
    found
}

/// Whether a security group has a rule that denies matching traffic, in any direction other than `not`.
fn denies(model: &Model, group: &Resource, not: &str, is_about: &dyn Fn(&Value) -> Truth) -> Truth {
    if group.referenced {
        return Truth::Unknown(Unknowns::default());
    }
    let rules = entries(model, group, "securityRules", names::SECURITY_RULE);
    rules.iter().fold(Truth::of(false), |any, (rule, present)| {
        let denies = wrapped(rule, "access").is_word("Allow").negate();
        let denies = denies.and(wrapped(rule, "direction").is_word(not).negate());
        any.or(denies.and(touches_port(rule)).and(is_about(rule)).and(present.clone()))
    })
}
