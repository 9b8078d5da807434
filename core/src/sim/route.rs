//! Whether a packet from one virtual network gets to a private endpoint in another.

use super::caller::other;
use crate::azure::names;
use crate::eval::{Depends, Truth, Value};
use crate::lang::Resource;
use crate::model::{Model, PrivateEndpoint, identity, is_deployed, key, property, wrapped};
use crate::text::Place;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Whether a network reaches another one: it is that one, or both peer with each other. Peering is not transitive; who
/// goes through a third network needs a router there, which the files do not show.
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
    any.or(Truth::Unknown(Depends::of(format!("a route from `{from}` to `{to}`"))))
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

/// Whether other networks between the two are peered so that routers in them could pass packets on.
fn may_go_through(peerings: &[Peering], from: &Value, to: &Value) -> bool {
    // An id that is open may be any network's.
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
                // The peering of the two themselves is another matter.
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

/// Whether the security group of an endpoint's subnet lets calls pass, and why, where one may count. It counts where network policies are on (F4.20); one without a rule that denies lets the whole network in, by default.
pub(super) fn passes_security_group(
    model: &Model,
    endpoint: &PrivateEndpoint,
) -> Option<(String, Truth, Option<Place>)> {
    let (subnet, _) = model.subnet_of(endpoint)?;
    if subnet.resource.existing {
        let open = format!("whether a security group applies in subnet `{}`", subnet.resource.label());
        let because = format!("{open} is open: it is only referred to");
        return Some((because, Truth::Unknown(Depends::of(open)), Some(subnet.resource.place)));
    }
    let counts = subnet.security_group.is_set().and(subnet.ignores_security_group().negate());
    if counts.is_false() {
        return None;
    }
    let id = &subnet.security_group;
    let name = identity::label(id);
    let group = other(model, names::NETWORK_SECURITY_GROUP, id);
    let denies = group.map_or_else(|| Truth::Unknown(Depends::default()), |group| denies(model, group));
    let open = Truth::Unknown(Depends::of(format!("the rules of `{name}` for TCP 443")));
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

/// Whether a security group has an inbound rule that denies something.
fn denies(model: &Model, group: &Resource) -> Truth {
    let is_denial = |rule: &Value| {
        let denies = wrapped(rule, "access").is_word("Allow").negate();
        denies.and(wrapped(rule, "direction").is_word("Outbound").negate())
    };
    let mut any = property(group, &["securityRules"]).elements().any_is(&is_denial);
    for other in &model.others {
        let kind = &other.kind;
        if kind.eq_ignore_ascii_case("Microsoft.Network/networkSecurityGroups/securityRules")
            && identity::parent(&other.id)
                .is_some_and(|parent| !identity::same(&parent, &group.id).is_false())
        {
            any = any.or(is_denial(&other.body));
        }
    }
    if group.existing { Truth::Unknown(Depends::default()) } else { any }
}
