//! Ids of resources whose type is not valid in that property.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::{Kind, Truth, Value};
use crate::lang::Resource;
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "wrong-reference-type",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An id of a resource whose type is not valid in that property.",
    facts: &["F3.48", "F4.59"],
    yields_to: &[],
    check: Check::Model(check),
};

/// An id, and what it has to be the id of.
struct Slot<'m> {
    by: &'m Resource,
    /// Whether that is deployed.
    deployed: Truth,
    id: Value,
    /// The only valid type; `None` if every type with private links of its own is valid.
    kind: Option<&'static str>,
    wanted: &'static str,
    help: &'static str,
}

fn check(cx: &mut Context) {
    for Slot { by, deployed, id, kind, wanted, help } in slots(cx) {
        let is_wrong = id.test(&|id| {
            let found = identity::resource_type(id).filter(|found| !found.is_empty())?;
            Some(match kind {
                Some(kind) => !found.eq_ignore_ascii_case(kind),
                None => found.starts_with("microsoft.network/"),
            })
        });
        // An id that is unknown as a whole is passed in, and almost always right.
        if is_wrong.is_unknown() && matches!(id.kind, Kind::Term(_)) {
            continue;
        }
        let endpoints = cx.all_endpoints().map(|endpoint| &endpoint.resource);
        let mut candidates = endpoints.chain(cx.all_others().map(|(other, _)| other));
        cx.when(by, is_wrong.and(deployed), "whether the id is of the right type", || {
            let meant = candidates.find(|other| identity::same(&other.id, &id).is_true());
            Finding::new(
                by,
                &id,
                format!("`{}` names {} where Azure wants {wanted}", by.label(), described(&id)),
                help,
            )
            .related(meant.map(|meant| meant.place), "this is what it names")
        });
    }
}

/// A resource by its id: `` `pe` (Microsoft.Network/privateEndpoints) ``.
fn described(id: &Value) -> String {
    format!("`{}` (`{}`)", identity::label(id), identity::known_type(id))
}

fn slots<'m>(cx: &Context<'m>) -> Vec<Slot<'m>> {
    let mut found = Vec::new();
    for (association, deployed) in cx.associations() {
        found.push(Slot {
            by: &association.resource,
            deployed,
            id: association.target.clone(),
            kind: None,
            wanted: "a resource that a perimeter can take, such as a vault",
            help: "a perimeter takes a service with private links of its own, not a private endpoint or \
                   another part of a network; the vault that is meant stays outside of it: write the id of \
                   the vault",
        });
    }
    for (link, deployed) in cx.zone_links() {
        found.push(Slot {
            by: &link.resource,
            deployed,
            id: link.network.clone(),
            kind: Some(names::VIRTUAL_NETWORK),
            wanted: "a virtual network",
            help: "a zone is linked to a network as a whole; write the id of the network, not of one of its \
                   subnets",
        });
    }
    for (endpoint, deployed) in cx.endpoints() {
        found.push(Slot {
            by: &endpoint.resource,
            deployed,
            id: endpoint.subnet.clone(),
            kind: Some(names::SUBNET),
            wanted: "a subnet",
            help: "an endpoint has its address in one subnet; write the id of that, not of its network",
        });
    }
    found.retain(|slot| !slot.by.is_shown());
    found
}
