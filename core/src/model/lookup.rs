//! Which of the resources here an id means.

use super::ids::Ids;
use super::{Model, Network, PrivateEndpoint, Subnet, Zone, ZoneGroup, ZoneLink, comes_with, identity, key};
use crate::eval::{Truth, Value};
use crate::lang::Resource;

impl Model {
    /// Every resource that it was made of, without those that its defaults leave out.
    pub fn resources(&self) -> Vec<&Resource> {
        let mut all: Vec<&Resource> = Vec::new();
        all.extend(self.vaults.iter().map(|one| &one.resource));
        all.extend(self.endpoints.iter().map(|one| &one.resource));
        all.extend(self.zones.iter().map(|one| &one.resource));
        all.extend(self.zone_links.iter().map(|one| &one.resource));
        all.extend(self.zone_groups.iter().map(|one| &one.resource));
        all.extend(self.records.iter().map(|one| &one.resource));
        all.extend(self.forwarding_rules.iter().map(|one| &one.resource));
        all.extend(self.networks.iter().map(|one| &one.resource));
        all.extend(self.subnets.iter().filter(|one| !one.inline).map(|one| &one.resource));
        all.extend(self.consumers.iter().map(|one| &one.resource));
        all.extend(self.associations.iter().map(|one| &one.resource));
        all.extend(self.perimeters.iter().map(|one| &one.resource));
        all.extend(self.role_assignments.iter().map(|one| &one.resource));
        all.extend(self.diagnostic_settings.iter().map(|one| &one.resource));
        all.extend(&self.others);
        all
    }

    /// Whether a vault in the files has this id, for all that is known.
    pub fn has_vault(&self, id: &Value) -> bool {
        let mut candidates = self.vault_ids.candidates(id).into_iter().filter_map(|at| self.vaults.get(at));
        candidates.any(|vault| !identity::same(id, &vault.resource.id).is_false())
    }

    /// The endpoints that an id means, in the same way.
    pub fn endpoints_named(&self, id: &Value) -> Vec<(&PrivateEndpoint, Truth)> {
        named(&self.endpoint_ids, &self.endpoints, id, |endpoint| &endpoint.resource)
    }

    /// The network that an id means, if one surely does.
    pub fn network(&self, id: &Value) -> Option<&Network> {
        let mut candidates =
            self.network_ids.candidates(id).into_iter().filter_map(|at| self.networks.get(at));
        candidates.find(|network| identity::same(&network.resource.id, id).is_true())
    }

    /// The networks that an id means, in the same way.
    pub fn networks_named(&self, id: &Value) -> Vec<(&Network, Truth)> {
        named(&self.network_ids, &self.networks, id, |network| &network.resource)
    }

    /// The network that an endpoint has its address in, in the same way.
    pub fn network_of(&self, endpoint: &PrivateEndpoint) -> Option<(&Network, Truth)> {
        let id = identity::parent(&endpoint.subnet)?;
        let network = self.networks.get(*self.network_by_id.get(&key(&id))?)?;
        Some((network, Self::belongs(endpoint, &id, &network.resource)))
    }

    /// The subnet here that has this id.
    pub fn subnet(&self, id: &Value) -> Option<&Subnet> {
        self.subnets.get(*self.subnet_by_id.get(&key(id))?)
    }

    /// The subnets that an id means, each with whether it surely does.
    pub fn subnets_of(&self, id: &Value) -> Vec<(&Subnet, Truth)> {
        named(&self.subnet_ids, &self.subnets, id, |subnet| &subnet.resource)
    }

    /// The subnet that an endpoint has its address in, if that is in the files, and whether it is there whenever the
    /// endpoint is.
    pub fn subnet_of(&self, endpoint: &PrivateEndpoint) -> Option<(&Subnet, Truth)> {
        let subnet = self.subnet(&endpoint.subnet)?;
        Some((subnet, Self::belongs(endpoint, &endpoint.subnet, &subnet.resource)))
    }

    fn belongs(endpoint: &PrivateEndpoint, id: &Value, to: &Resource) -> Truth {
        comes_with(&endpoint.resource, to).and(identity::same(id, &to.id))
    }

    /// The zones that an id means, in the same way.
    pub fn zones_named(&self, id: &Value) -> Vec<(&Zone, Truth)> {
        named(&self.zone_ids, &self.zones, id, |zone| &zone.resource)
    }

    /// The zones that a zone group names, each once.
    pub fn zones_of_group(&self, group: &ZoneGroup) -> Vec<(&Zone, Truth)> {
        let mut found: Vec<(&Zone, Truth)> = Vec::new();
        for (zone, truth) in group.zones().iter().flat_map(|id| self.zones_named(id)) {
            match found.iter_mut().find(|(known, _)| std::ptr::eq(*known, zone)) {
                Some((_, any)) => *any = any.clone().or(truth),
                None => found.push((zone, truth)),
            }
        }
        found
    }

    /// The links, of all zones, that may lead to a network or have the name that is given.
    pub fn links_near(&self, network: &Value, name: &Value) -> impl Iterator<Item = &ZoneLink> {
        self.links.near(network, name).into_iter().filter_map(|at| self.zone_links.get(at))
    }
}

/// What an id means, each with whether it surely does.
fn named<'m, T>(ids: &Ids, all: &'m [T], id: &Value, resource: fn(&T) -> &Resource) -> Vec<(&'m T, Truth)> {
    let mut found = Vec::new();
    for one in ids.candidates(id).into_iter().filter_map(|at| all.get(at)) {
        let same = identity::same(&resource(one).id, id);
        if !same.is_false() {
            found.push((one, same));
        }
    }
    found
}
