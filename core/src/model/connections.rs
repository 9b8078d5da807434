//! Which private endpoints connect to which vaults, and what that gives a vault.

use super::ids::Ids;
use super::{Connection, Model, PrivateEndpoint, Vault, comes_with, identity, is_deployed, key};
use crate::azure::{SERVICES, Service, names};
use crate::eval::{Assumptions, Truth, Unknowns};
use crate::sorted::sort;

/// A private endpoint connection: which endpoint connects to which vault or managed HSM, and in what state.
#[derive(Clone, Debug)]
pub struct EndpointConnection<'m> {
    /// The endpoint.
    pub endpoint: &'m PrivateEndpoint,
    /// The connection as it is written: the id of the target, groups and state.
    pub written: &'m Connection,
    /// The service that the target is of.
    pub service: &'static Service,
    /// Whether the endpoint connects to the target.
    pub connects: Truth,
}

impl EndpointConnection<'_> {
    /// Whether it is there: the endpoint connects to the target and is deployed.
    pub fn is_present(&self) -> Truth {
        self.connects.clone().and(is_deployed(&self.endpoint.resource))
    }

    /// What it connects to, for a message: ``vault `kv` ``.
    pub fn target(&self) -> String {
        format!("{} `{}`", self.service.noun, identity::label(&self.written.target))
    }
}

/// Where a connection is.
#[derive(Clone, Debug)]
pub(super) struct Found {
    endpoint: usize,
    /// Its place in the list of the endpoint; `None` for one that cannot be seen.
    connection: Option<usize>,
    service: &'static Service,
    connects: Truth,
}

/// The connections of a vault.
#[derive(Debug, Default)]
pub(super) struct ConnectionsOf {
    /// Those that have to be compared.
    near: Vec<Found>,
    /// What it rests on that no other one does: their targets have other names by default.
    apart: Option<Assumptions>,
}

impl Model {
    /// Finds out once which endpoint may connect to which vault: many statements ask.
    pub(super) fn link_endpoints(&mut self) {
        let others: Vec<bool> = self.endpoints.iter().map(PrivateEndpoint::is_of_other_service).collect();
        let mut targets = Ids::default();
        for (at, endpoint) in self.endpoints.iter().enumerate() {
            if endpoint.unseen.is_some() {
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
                    let each = endpoint.connections.iter().map(|one| identity::same(&one.target, id));
                    let connection = surest(each);
                    near.push(Found { endpoint: at, connection, service: vault.service, connects });
                }
            }
            let apart = defaults.and(&id.assumed);
            let apart = Some(apart).filter(|apart| is_any_apart && !apart.is_empty());
            self.endpoints_by_vault.insert(key(id), ConnectionsOf { near, apart });
        }
    }

    fn connection<'m>(&'m self, found: &Found) -> Option<EndpointConnection<'m>> {
        let endpoint = self.endpoints.get(found.endpoint)?;
        let seen = found.connection.and_then(|at| endpoint.connections.get(at));
        let written = seen.or(endpoint.unseen.as_ref())?;
        let connects = found.connects.clone();
        Some(EndpointConnection { endpoint, written, service: found.service, connects })
    }

    fn near_connections(&self, vault: &Vault) -> &[Found] {
        let of_vault = self.endpoints_by_vault.get(&key(&vault.resource.id));
        of_vault.map_or(&[], |of_vault| of_vault.near.as_slice())
    }

    /// The connections to a vault, one of each endpoint.
    pub fn connections_of<'m>(&'m self, vault: &Vault) -> Vec<EndpointConnection<'m>> {
        let near = self.near_connections(vault).iter().filter(|found| !found.connects.is_false());
        near.filter_map(|found| self.connection(found)).collect()
    }

    /// Whether an endpoint here, of whatever kind this picks, connects to a vault and comes with it.
    fn any_endpoint(&self, vault: &Vault, is_meant: &dyn Fn(&PrivateEndpoint) -> Truth) -> Truth {
        let mut any = self.nothing_about(&vault.resource.id, names::PRIVATE_ENDPOINT);
        for Found { endpoint, connects, .. } in self.near_connections(vault) {
            let Some(endpoint) = self.endpoints.get(*endpoint) else { continue };
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

    /// Every connection to a vault or managed HSM, as the id of its target says, also to those that are not in the files.
    /// One whose target is open is among them when its group is a vault's: other services have groups of their own, but for
    /// Recovery Services.
    pub fn connections(&self) -> Vec<EndpointConnection<'_>> {
        let found = self.to_vaults.get_or_init(|| self.find_connections());
        found.iter().filter_map(|found| self.connection(found)).collect()
    }

    fn find_connections(&self) -> Vec<Found> {
        let mut all = Vec::new();
        for (endpoint, of) in self.endpoints.iter().enumerate() {
            for (at, connection) in of.connections.iter().enumerate() {
                for service in SERVICES {
                    let connects = connection.is_to(service);
                    if connects.is_true()
                        || connects.is_unknown() && connection.has_group(service.group).is_true()
                    {
                        all.push(Found { endpoint, connection: Some(at), service, connects });
                    }
                }
            }
        }
        all
    }

    /// The connections that carry traffic to a vault which only its id names.
    pub fn connections_elsewhere(&self) -> Vec<EndpointConnection<'_>> {
        let mut all = self.connections();
        all.retain(|EndpointConnection { endpoint, written, service, connects }| {
            let serves = || endpoint.serves(&written.target, service).and(is_deployed(&endpoint.resource));
            connects.is_true() && serves().is_true() && !self.has_vault(&written.target)
        });
        all
    }

    /// The endpoints in the files that are, or may be, a vault's or a managed HSM's, each with one connection.
    pub fn vault_endpoints(&self) -> Vec<EndpointConnection<'_>> {
        let found = self.of_vaults.get_or_init(|| self.find_vault_endpoints());
        found.iter().filter_map(|found| self.connection(found)).collect()
    }

    fn find_vault_endpoints(&self) -> Vec<Found> {
        let mut all = Vec::new();
        for (at, endpoint) in self.endpoints.iter().enumerate() {
            if endpoint.resource.referenced {
                continue;
            }
            let deployed = is_deployed(&endpoint.resource);
            for service in SERVICES {
                let connects = self.is_vault_endpoint(endpoint, service);
                if !connects.clone().and(deployed.clone()).is_false() {
                    let each = endpoint.connections.iter().map(|one| self.targets_vault(one, service));
                    let connection = surest(each);
                    all.push(Found { endpoint: at, connection, service, connects });
                    break;
                }
            }
        }
        all
    }

    /// Whether an endpoint connects to a vault, or to a managed HSM: by the type of the target's id, or because it is
    /// one of those in the files. The group alone proves nothing: other services have a group `vault` too (F4.1).
    pub fn is_vault_endpoint(&self, endpoint: &PrivateEndpoint, service: &Service) -> Truth {
        let mut any = Truth::of(false);
        for connection in &endpoint.connections {
            any = any.or(self.targets_vault(connection, service));
        }
        match endpoint.unseen.is_some() || endpoint.resource.referenced {
            true => any.or(Truth::Unknown(identity::open(&endpoint.resource.id))),
            false => any,
        }
    }

    fn targets_vault(&self, connection: &Connection, service: &Service) -> Truth {
        // That it is one of the files' vaults may rest on fewer defaults than its id does.
        let candidates = self.vault_ids.candidates(&connection.target).into_iter();
        for vault in
            candidates.filter_map(|at| self.vaults.get(at)).filter(|vault| !vault.resource.referenced)
        {
            if let Truth::True(assumed) = identity::same(&vault.resource.id, &connection.target) {
                return Truth::of(vault.service == service).assuming(&assumed);
            }
        }
        let target = connection.target.test(&|id| match id.is_null() {
            true => Some(false),
            false => identity::is_of_type(id, service.kind),
        });
        if !target.is_unknown() {
            return target;
        }
        let groups = connection.group_ids.elements();
        let mut may_be = groups.open.is_some();
        for item in &groups.items {
            may_be |= !item.value.is_word(service.group).is_false();
        }
        if may_be { target } else { Truth::of(false) }
    }

    /// The vaults that an endpoint surely connects to.
    pub fn vaults_of(&self, endpoint: &PrivateEndpoint) -> Vec<&Vault> {
        let mut places: Vec<usize> = match endpoint.unseen.is_some() {
            true => (0..self.vaults.len()).collect(),
            false => {
                let targets = endpoint.connections.iter().map(|connection| &connection.target);
                targets.flat_map(|target| self.vault_ids.candidates(target)).collect()
            }
        };
        sort(&mut places);
        places.dedup();
        let vaults = places.into_iter().filter_map(|at| self.vaults.get(at));
        vaults.filter(|vault| endpoint.connects_to(&vault.resource.id).is_true()).collect()
    }
}

/// The first that holds, or otherwise the first that may.
fn surest(each: impl Iterator<Item = Truth>) -> Option<usize> {
    let mut possible = None;
    for (at, truth) in each.enumerate() {
        match truth {
            Truth::True(_) => return Some(at),
            Truth::Unknown(_) => possible = possible.or(Some(at)),
            Truth::False(_) => {}
        }
    }
    possible
}
