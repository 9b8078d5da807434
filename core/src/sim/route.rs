//! Whether a packet from one virtual network gets to a private endpoint in another.

use crate::azure::names;
use crate::eval::{Depends, Truth, Value};
use crate::lang::Resource;
use crate::model::{Model, PrivateEndpoint, identity, is_deployed, property, wrapped};
use crate::text::Place;

/// Whether a network reaches another one: it is that one, or both peer with each other. Peering is not transitive; who
/// goes through a third network needs a router there, which the files do not show.
pub(super) fn reaches(model: &Model, from: &Value, to: &Value) -> Truth {
    let same = identity::same(from, to);
    if same.is_true() {
        return same;
    }
    let both = peers(model, from, to).and(peers(model, to, from));
    let open = || {
        let (from, to) = (identity::label(from), identity::label(to));
        Truth::Unknown(Depends::of(format!("a route from `{from}` to `{to}`")))
    };
    let through_another = model.networks.iter().any(|hub| {
        let hub = &hub.resource.id;
        !peers(model, from, hub).is_false() && !peers(model, hub, to).is_false()
    });
    let closed = model.complete && !through_another;
    let any = same.or(both);
    if closed { any } else { any.or(open()) }
}

/// Whether a network is peered with another one from its own side.
fn peers(model: &Model, from: &Value, to: &Value) -> Truth {
    let mut any = Truth::of(false);
    for (own, remote, deployed) in peerings(model) {
        let is_its = identity::same(&own, from);
        if !is_its.is_false() {
            any = any.or(is_its.and(identity::same(&remote, to)).and(deployed));
        }
    }
    any
}

/// The peerings in the files: the network, the remote network, whether it is deployed.
fn peerings(model: &Model) -> Vec<(Value, Value, Truth)> {
    let mut found = Vec::new();
    for other in model.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(names::PEERING)) {
        let remote = property(other, &["remoteVirtualNetwork", "id"]);
        found.push((identity::parent(&other.id).unwrap_or_default(), remote, is_deployed(other)));
    }
    for network in &model.networks {
        for item in property(&network.resource, &["virtualNetworkPeerings"]).elements().items {
            let remote = wrapped(&item.value, "remoteVirtualNetwork").get("id");
            found.push((
                network.resource.id.clone(),
                remote,
                item.present.and(is_deployed(&network.resource)),
            ));
        }
    }
    found
}

/// Whether the security group of an endpoint's subnet lets calls pass, and the group where there is one that counts. It
/// counts where network policies are on (F4.20); one without a rule that denies lets the whole network in, by default.
pub(super) fn passes_security_group(
    model: &Model,
    endpoint: &PrivateEndpoint,
) -> Option<(String, Truth, Option<Place>)> {
    let (subnet, _) = model.subnet_of(endpoint)?;
    let counts = subnet.security_group.is_set().and(subnet.ignores_security_group().negate());
    if counts.is_false() {
        return None;
    }
    let id = &subnet.security_group;
    let name = identity::label(id);
    let group = model.others.iter().find(|other| {
        other.kind.eq_ignore_ascii_case(names::NETWORK_SECURITY_GROUP)
            && identity::same(&other.id, id).is_true()
    });
    let denies = group.map_or_else(|| Truth::Unknown(Depends::default()), |group| denies(model, group));
    let open = Truth::Unknown(Depends::of(format!("the rules of `{name}` for TCP 443")));
    let passes = match counts.and(denies) {
        Truth::False(assumed) => Truth::False(assumed).negate(),
        _ => open,
    };
    Some((name, passes, id.place))
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
