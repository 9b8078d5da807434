//! Which private endpoints connect to which vaults, and what that gives a vault.

use super::ids::Ids;
use super::{Model, PrivateEndpoint, Vault, VaultLink, comes_with, is_deployed, key};
use crate::azure::{SERVICES, names};
use crate::eval::{Assumptions, Truth, Unknowns, Value};

/// The endpoints of a vault.
#[derive(Debug, Default)]
pub(super) struct EndpointLinks {
    /// Each endpoint that has to be compared, with whether it connects.
    near: Vec<(usize, Truth)>,
    /// What it rests on that no other one does: their targets have other names by default.
    apart: Option<Assumptions>,
}

impl Model {
    /// Finds out once which endpoint may connect to which vault: many statements ask.
    pub(super) fn link_endpoints(&mut self) {
        let others: Vec<bool> = self.endpoints.iter().map(PrivateEndpoint::is_of_other_service).collect();
        let mut targets = Ids::default();
        for (at, endpoint) in self.endpoints.iter().enumerate() {
            if endpoint.open {
                targets.add_open(at);
                continue;
            }
            endpoint.connections.iter().for_each(|connection| targets.add(at, &connection.target));
        }
        // One that is another vault's by default might be any vault's; one of another service is not.
        let may_be_any = |at: &usize| others.get(*at) == Some(&false);
        let all_of_any = (0..self.endpoints.len()).filter(may_be_any).count();
        let of_any = self.endpoints.iter().zip(&others).filter(|(_, is_other)| !**is_other);
        let of_any = of_any.flat_map(|(endpoint, _)| &endpoint.connections);
        let defaults = Assumptions::all(of_any.map(|connection| &connection.target.assumed));
        for vault in &self.vaults {
            let id = &vault.resource.id;
            let mut near = Vec::new();
            let candidates = targets.candidates(id);
            let is_any_apart = candidates.iter().filter(|at| may_be_any(at)).count() < all_of_any;
            for at in candidates {
                let (Some(endpoint), Some(is_other)) = (self.endpoints.get(at), others.get(at)) else {
                    continue;
                };
                let connects = endpoint.connects_to(id);
                let is_link = match &connects {
                    Truth::False(assumed) => !assumed.is_empty() && !is_other,
                    _ => true,
                };
                if is_link {
                    near.push((at, connects));
                }
            }
            let apart = defaults.and(&id.assumed);
            let apart = Some(apart).filter(|apart| is_any_apart && !apart.is_empty());
            self.endpoints_by_vault.insert(key(id), EndpointLinks { near, apart });
        }
    }

    fn links_of(&self, vault: &Vault) -> impl Iterator<Item = (&PrivateEndpoint, &Truth)> {
        let links = self.endpoints_by_vault.get(&key(&vault.resource.id));
        let links = links.map_or(&[][..], |links| links.near.as_slice());
        links.iter().filter_map(|(at, connects)| Some((self.endpoints.get(*at)?, connects)))
    }

    /// The endpoints that connect to a vault, each with whether they surely do.
    pub fn endpoints_of<'m>(&'m self, vault: &Vault) -> Vec<(&'m PrivateEndpoint, Truth)> {
        let mut found = Vec::new();
        for (endpoint, connects) in self.links_of(vault) {
            if !connects.is_false() {
                found.push((endpoint, connects.clone()));
            }
        }
        found
    }

    /// Whether an endpoint here, of whatever kind this picks, connects to a vault and comes with it.
    fn any_endpoint(&self, vault: &Vault, is_meant: &dyn Fn(&PrivateEndpoint) -> Truth) -> Truth {
        let mut any = self.nothing_about(&vault.resource.id, names::PRIVATE_ENDPOINT);
        for (endpoint, connects) in self.links_of(vault) {
            let meant = match connects.is_false() {
                true => connects.clone(),
                false => {
                    let comes = comes_with(&vault.resource, &endpoint.resource);
                    is_meant(endpoint).and(connects.clone()).and(comes)
                }
            };
            any = any.or(meant);
        }
        let links = self.endpoints_by_vault.get(&key(&vault.resource.id));
        match links.and_then(|links| links.apart.as_ref()) {
            Some(apart) => any.or(Truth::of(false).assuming(apart)),
            None => any,
        }
    }

    /// Whether a private endpoint here connects to a vault, in whatever state.
    pub fn is_connected(&self, vault: &Vault) -> Truth {
        let any = self.any_endpoint(vault, &|_| Truth::of(true));
        any.or(Truth::of(!vault.connections.is_empty())).or(self.has_managed_endpoint(vault))
    }

    /// Whether a client can reach a vault through a private endpoint that is here, maybe once that is approved.
    pub fn has_endpoint(&self, vault: &Vault) -> Truth {
        self.any_endpoint(vault, &PrivateEndpoint::is_live).or(vault.has_approved_connection())
    }

    /// Whether a vault has a private endpoint here that carries traffic from the start.
    pub fn is_served(&self, vault: &Vault) -> Truth {
        let (id, to) = (&vault.resource.id, vault.service);
        self.any_endpoint(vault, &|endpoint| endpoint.serves(id, to))
    }

    /// Whether all endpoints of a vault are here.
    pub fn knows_endpoints_of(&self, vault: &Vault) -> bool {
        vault.names_all_endpoints || self.knows(names::PRIVATE_ENDPOINT, None)
    }

    /// Whether a vault has a private endpoint that is not here.
    pub fn has_endpoint_elsewhere(&self, vault: &Vault) -> Truth {
        if self.knows_endpoints_of(vault) {
            return Truth::of(false);
        }
        let name = vault.resource.label();
        Truth::Unknown(Unknowns::of(format!("private endpoints of `{name}` outside of the files")))
    }

    /// Connections to vaults and managed HSMs, also to those that are not in the files. One whose target is open is
    /// among them when its group is a vault's: other services have groups of their own, but for Recovery Services.
    pub fn vault_links(&self) -> Vec<VaultLink<'_>> {
        let found = self.to_vaults.get_or_init(|| self.find_vault_links());
        let link = |(endpoint, connection, to, is_linked): &(usize, usize, usize, Truth)| {
            let endpoint = self.endpoints.get(*endpoint)?;
            let (connection, to) = (endpoint.connections.get(*connection)?, SERVICES.get(*to)?);
            Some(VaultLink { endpoint, connection, to, is_linked: is_linked.clone() })
        };
        found.iter().filter_map(link).collect()
    }

    fn find_vault_links(&self) -> Vec<(usize, usize, usize, Truth)> {
        let mut found = Vec::new();
        for (endpoint, of) in self.endpoints.iter().enumerate() {
            for (at, connection) in of.connections.iter().enumerate() {
                for (place, to) in SERVICES.iter().enumerate() {
                    let is_linked = connection.is_to(to);
                    if is_linked.is_true()
                        || is_linked.is_unknown() && connection.has_group(to.group).is_true()
                    {
                        found.push((endpoint, at, place, is_linked));
                    }
                }
            }
        }
        found
    }

    /// The endpoints that carry traffic to a vault which only its id names, with that id.
    pub fn endpoints_of_vaults_elsewhere(&self) -> Vec<(&PrivateEndpoint, &Value)> {
        let mut found: Vec<(&PrivateEndpoint, &Value)> = Vec::new();
        for VaultLink { endpoint, connection, to, is_linked } in self.vault_links() {
            let target = &connection.target;
            let serves = || endpoint.serves(target, to).and(is_deployed(&endpoint.resource));
            if is_linked.is_true() && serves().is_true() && !self.has_vault(target) {
                found.push((endpoint, target));
            }
        }
        found
    }
}
