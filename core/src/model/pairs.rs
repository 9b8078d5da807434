//! Bounds how many ids have to be compared with one another.

use super::Model;
use super::identity;
use super::ids::Ids;
use crate::azure::names;
use crate::eval::Value;
use crate::lang::Resource;
use crate::text::Place;

/// Pairs of an id that is written and a resource that it may mean for all that is known, in one environment. Ids that are
/// known are found, and none of these; those that are open have to be compared, by one rule after the other.
pub const MAX_PAIRS: usize = 100_000;

/// What ids may mean.
#[derive(Clone, Copy)]
enum Kind {
    Vault,
    Endpoint,
    Zone,
    Network,
    Subnet,
}

/// Ids of one kind of resource.
#[derive(Default)]
struct Side {
    /// Those that resources have.
    own: Ids,
    /// Those that are written to mean one.
    written: Ids,
}

/// The ids so far, and how many pairs they make.
#[derive(Default)]
struct Pairs {
    sides: [Side; 5],
    count: usize,
    left_out: Option<Place>,
}

impl Pairs {
    /// Whether there is room for a resource with its own id, if that may be meant somewhere, and the ids in it.
    fn admit(&mut self, resource: &Resource, own: Option<Kind>, written: &[(Kind, Value)]) -> bool {
        let side = |kind: Kind| self.sides.get(kind as usize);
        let of_own = own.and_then(side).map_or(0, |side| side.written.may_be(&resource.id));
        let of_written = written.iter().filter_map(|(kind, id)| Some(side(*kind)?.own.may_be(id)));
        let count = of_written.fold(self.count.saturating_add(of_own), usize::saturating_add);
        if count > MAX_PAIRS {
            self.left_out = self.left_out.or(Some(resource.place));
            return false;
        }
        self.count = count;
        if let Some(side) = own.and_then(|kind| self.sides.get_mut(kind as usize)) {
            side.own.push(&resource.id);
        }
        for (kind, id) in written {
            if let Some(side) = self.sides.get_mut(*kind as usize) {
                side.written.push(id);
            }
        }
        true
    }
}

impl Model {
    /// Leaves out resources whose ids may mean too many others; returns the place of the first.
    pub(super) fn leave_out_pairs(&mut self) -> Option<Place> {
        use Kind::{Endpoint, Network, Subnet, Vault, Zone};
        let owners = self.vaults.len() + self.endpoints.len() + self.zones.len() + self.networks.len();
        let owners = owners + self.subnets.len();
        let writers = owners + self.zone_links.len() + self.zone_groups.len() + self.records.len();
        let extensions = self.associations.len() + self.role_assignments.len();
        let writers = writers + extensions + self.diagnostic_settings.len() + self.consumers.len();
        // Most models are so small that there is nothing to count.
        if owners.saturating_mul(writers) <= MAX_PAIRS {
            return None;
        }
        let mut pairs = Pairs::default();
        let parent = |resource: &Resource| identity::parent(&resource.id).unwrap_or_default();
        self.vaults.retain(|vault| pairs.admit(&vault.resource, Some(Vault), &[]));
        self.endpoints.retain(|endpoint| {
            let targets = endpoint.connections.iter().map(|connection| (Vault, connection.target.clone()));
            let written: Vec<_> = targets.chain([(Subnet, endpoint.subnet.clone())]).collect();
            pairs.admit(&endpoint.resource, Some(Endpoint), &written)
        });
        self.networks.retain(|network| pairs.admit(&network.resource, Some(Network), &[]));
        self.subnets.retain(|subnet| {
            pairs.admit(&subnet.resource, Some(Subnet), &[(Network, parent(&subnet.resource))])
        });
        self.zones.retain(|zone| pairs.admit(&zone.resource, Some(Zone), &[]));
        self.zone_links.retain(|link| {
            pairs.admit(&link.resource, None, &[(Zone, link.zone.clone()), (Network, link.network.clone())])
        });
        self.zone_groups.retain(|group| {
            let zones = group.zones().into_iter().map(|zone| (Zone, zone));
            let written: Vec<_> = zones.chain([(Endpoint, group.endpoint.clone())]).collect();
            pairs.admit(&group.resource, None, &written)
        });
        self.records.retain(|record| pairs.admit(&record.resource, None, &[(Zone, record.zone.clone())]));
        self.consumers.retain(|consumer| {
            let vaults = consumer.vault_ids().into_iter().map(|id| (Vault, id));
            let written: Vec<_> =
                vaults.chain(consumer.subnets.iter().map(|id| (Subnet, id.clone()))).collect();
            pairs.admit(&consumer.resource, None, &written)
        });
        self.associations.retain(|association| {
            pairs.admit(&association.resource, None, &[(Vault, association.target.clone())])
        });
        self.role_assignments
            .retain(|role| pairs.admit(&role.resource, None, &[(Vault, role.scope.clone())]));
        self.diagnostic_settings
            .retain(|setting| pairs.admit(&setting.resource, None, &[(Vault, setting.target.clone())]));
        self.others.retain(|other| {
            !other.kind.eq_ignore_ascii_case(names::VAULT_ACCESS_POLICIES)
                || pairs.admit(other, None, &[(Vault, parent(other))])
        });
        pairs.left_out
    }
}
