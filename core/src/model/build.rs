//! How a model is made of resources: each is typed, and then linked with the others.

use super::dns::{self, ForwardingRule, Record, Zone, ZoneGroup, ZoneLink};
use super::ids::Ids;
use super::links::Links;
use super::{
    Association, Consumer, DiagnosticSetting, ManagedEndpoint, Model, Network, Perimeter, PrivateEndpoint,
    RoleAssignment, Subnet, Vault, VaultConnection, comes_with, consumer, extension, identity, key,
};
use crate::azure::Service;
use crate::azure::names::lower;
use crate::eval::Truth;
use crate::lang::{Lists, Resource};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

impl Model {
    /// Types and links the resources. Those that are surely not deployed are left out.
    pub fn new(resources: Vec<Resource>, lists: Lists, complete: bool) -> Self {
        let mut deployed = Vec::with_capacity(resources.len());
        let mut left_out = Vec::new();
        for resource in resources {
            match resource.condition.is_true() {
                Truth::False(assumed) if assumed.is_empty() => {}
                Truth::False(_) => left_out.push(resource),
                _ => deployed.push(resource),
            }
        }
        Self { left_out, ..Self::typed(deployed, lists, complete) }
    }

    /// The model of what parameter defaults leave out.
    #[must_use]
    pub fn of_left_out(&self) -> Self {
        Self::typed(self.left_out.clone(), Lists::default(), false)
    }

    /// One resource, typed: with the endpoints that it shows, and linked to nothing.
    #[must_use]
    pub fn of_one(resource: Resource) -> Self {
        let mut model = Self::default();
        let connections = model.classify(vec![resource]);
        model.add_named_endpoints(connections);
        model
    }

    fn typed(mut resources: Vec<Resource>, lists: Lists, complete: bool) -> Self {
        drop_references(&mut resources);
        let mut model = Self { complete, lists, ..Self::default() };
        let connections = model.classify(resources);
        model.merge_subnets();
        model.bounded_at = model.leave_out_pairs();
        model.add_named_endpoints(connections);
        model.link();
        model
    }

    /// Types resources; gives back the connections that are shown by themselves.
    fn classify(&mut self, resources: Vec<Resource>) -> Vec<Resource> {
        let model = self;
        let mut connections = Vec::new();
        for resource in resources {
            let kind = resource.kind.to_ascii_lowercase();
            let managed = ManagedEndpoint::all_of(&kind, &resource);
            let is_managed_endpoint = !managed.is_empty() && !kind.ends_with("/workspaces");
            model.managed_endpoints.extend(managed);
            if let Some(service) = Service::of_type(&kind) {
                model.vaults.push(Vault::new(resource, service));
                continue;
            }
            if kind.strip_suffix("/privateendpointconnections").and_then(Service::of_type).is_some() {
                connections.push(resource);
                continue;
            }
            match kind.as_str() {
                lower::PRIVATE_ENDPOINT => model.endpoints.push(PrivateEndpoint::new(resource)),
                lower::ZONE_GROUP => {
                    model.zone_groups.push(ZoneGroup::new(resource));
                }
                lower::PRIVATE_DNS_ZONE => model.zones.push(Zone::new(resource)),
                lower::ZONE_LINK => {
                    model.zone_links.push(ZoneLink::new(resource));
                }
                lower::A_RECORD => model.records.push(Record::new(resource)),
                lower::FORWARDING_RULE => {
                    model.forwarding_rules.push(ForwardingRule::new(resource));
                }
                lower::VIRTUAL_NETWORK => {
                    let network = Network::new(resource);
                    model.subnets.extend(network.inline_subnets());
                    model.networks.push(network);
                }
                lower::SUBNET => model.subnets.push(Subnet::new(resource)),
                lower::PERIMETER_ASSOCIATION => {
                    model.associations.push(Association::new(resource));
                }
                lower::PERIMETER | lower::PERIMETER_ACCESS_RULE => {
                    model.perimeters.push(Perimeter::new(resource));
                }
                extension if extension.ends_with("/roleassignments") => {
                    model.role_assignments.push(RoleAssignment::new(resource));
                }
                extension if extension.ends_with("/diagnosticsettings") => {
                    model.diagnostic_settings.push(DiagnosticSetting::new(resource));
                }
                _ => match Consumer::new(&kind, &resource).filter(|_| !is_managed_endpoint) {
                    Some(consumer) => model.consumers.push(consumer),
                    None => model.others.push(resource),
                },
            }
        }
        connections
    }

    fn link(&mut self) {
        let model = self;
        model.vault_ids = Ids::new(model.vaults.iter().map(|vault| &vault.resource.id));
        model.link_endpoints();
        consumer::link(model);
        let ids = model.networks.iter().map(|network| key(&network.resource.id));
        model.network_by_id = ids.zip(0..).collect();
        let ids = model.subnets.iter().map(|subnet| key(&subnet.resource.id));
        model.subnet_by_id = ids.zip(0..).collect();
        model.network_ids = Ids::new(model.networks.iter().map(|network| &network.resource.id));
        model.subnet_ids = Ids::new(model.subnets.iter().map(|subnet| &subnet.resource.id));
        model.zone_ids = Ids::new(model.zones.iter().map(|zone| &zone.resource.id));
        model.links = Links::new(&model.zone_links);
        dns::link(model);
        extension::link(model);
    }

    /// Endpoints that a vault says it is connected to exist, also where they are not in the files. `shown` are the
    /// connections that are resources of their own.
    fn add_named_endpoints(&mut self, shown: Vec<Resource>) {
        let vaults: HashMap<Rc<str>, usize> =
            self.vaults.iter().enumerate().map(|(at, vault)| (key(&vault.resource.id), at)).collect();
        let mut named = Vec::new();
        for resource in shown {
            let id = identity::parent(&resource.id).unwrap_or_default();
            let connection = VaultConnection::new(resource.body);
            match vaults.get(&key(&id)).and_then(|at| self.vaults.get_mut(*at)) {
                Some(vault) if vault.names_all_endpoints => {}
                Some(vault) => vault.connections.push(connection),
                None => named.push((id, connection)),
            }
        }
        for vault in &self.vaults {
            let id = &vault.resource.id;
            named.extend(vault.connections.iter().map(|connection| (id.clone(), connection.clone())));
        }
        let mut endpoints: HashMap<Rc<str>, usize> = self
            .endpoints
            .iter()
            .enumerate()
            .map(|(at, endpoint)| (key(&endpoint.resource.id), at))
            .collect();
        for (vault, connection) in named.iter().filter(|(_, connection)| !connection.endpoint.is_null()) {
            let at = *endpoints.entry(key(&connection.endpoint)).or_insert(self.endpoints.len());
            match self.endpoints.get_mut(at) {
                Some(endpoint) => endpoint.add(vault, connection),
                None => self.endpoints.push(PrivateEndpoint::named_by(vault, connection)),
            }
        }
    }

    /// One subnet may be written inline in its network and again as a resource of its own: the latter counts, unless
    /// that only refers to it.
    fn merge_subnets(&mut self) {
        let mut inline = HashMap::new();
        let mut separate = HashSet::new();
        for subnet in &self.subnets {
            let id = key(&subnet.resource.id);
            match (subnet.inline, subnet.resource.referenced) {
                (true, _) => drop(inline.insert(id, subnet.resource.clone())),
                (false, false) => drop(separate.insert(id)),
                (false, true) => {}
            }
        }
        self.subnets.retain(|subnet| {
            let id = key(&subnet.resource.id);
            match (subnet.inline, subnet.resource.referenced) {
                (true, _) => !separate.contains(&id),
                (false, true) => !inline.get(&id).is_some_and(|of| is_about(&subnet.resource, of)),
                (false, false) => true,
            }
        });
    }
}

/// Takes out what only refers to a resource that is declared here too, in another file or for one of its properties.
fn drop_references(resources: &mut Vec<Resource>) {
    let references = resources.iter().filter(|resource| resource.referenced);
    let references: HashSet<Rc<str>> = references.map(|resource| key(&resource.id)).collect();
    if references.is_empty() {
        return;
    }
    let declared: HashMap<Rc<str>, Resource> = resources
        .iter()
        .filter(|resource| !resource.referenced)
        .map(|resource| (key(&resource.id), resource))
        .filter(|(key, _)| references.contains(key))
        .map(|(key, resource)| (key, resource.clone()))
        .collect();
    resources.retain(|resource| {
        !resource.referenced
            || !declared.get(&key(&resource.id)).is_some_and(|declared| is_about(resource, declared))
    });
}

/// Whether everything about what is referred to is in this declaration.
fn is_about(reference: &Resource, declared: &Resource) -> bool {
    !declared.referenced && comes_with(reference, declared) == Truth::of(true)
}
