//! The network model: what the resources of an environment mean for a vault, and how they refer to one another.

pub mod address_plan;
pub mod app;
mod automation;
mod cloud;
pub mod consumer;
mod content;
pub mod diagnostics;
pub mod dns;
pub mod endpoint;
mod extension;
pub mod identity;
mod ids;
pub mod ip_rule;
mod links;
mod managed;
pub mod network;
mod pairs;
pub mod perimeter;
pub mod permission;
mod permitted;
pub mod registration;
mod site;
mod trust;
mod unread;
pub mod vault;

pub use address_plan::AddressPlan;
pub use app::{AppAddresses, Setting};
pub use cloud::{Clouds, region};
pub use consumer::Consumer;
pub use content::is_made_before;
pub use diagnostics::DiagnosticSetting;
pub use dns::{ForwardingRule, Record, Zone, ZoneGroup, ZoneLink};
pub use endpoint::{Connection, PrivateEndpoint, StaticAddress, VaultLink};
pub use ids::Ids;
pub use ip_rule::{IpRule, Reading, SureNet};
pub use managed::ManagedEndpoint;
pub use network::{Network, Subnet};
pub use pairs::MAX_PAIRS;
pub use perimeter::{Association, Perimeter};
pub use permission::RoleAssignment;
pub use registration::{Registration, VaultEndpoint, is_written_in};
pub use site::{DnsForwarders, Site};
pub use trust::Trust;
pub use unread::Unread;
pub use vault::{Firewall, SubnetRule, Vault, VaultConnection};

use crate::azure::names::lower;
use crate::azure::{SERVICES, Service, names};
use crate::eval::{Assumptions, Truth, Unknowns, Value};
use crate::lang::{Lists, Resource};
use crate::text::Place;
use ids::ByText;
use links::Links;
use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How often what parameter defaults leave out is compared with an id.
const MAX_COMPARED: u32 = 200_000;

/// Everything one check sees, typed and linked.
#[derive(Debug, Default)]
pub struct Model {
    /// Vaults and managed HSMs.
    pub vaults: Vec<Vault>,
    /// Private endpoints.
    pub endpoints: Vec<PrivateEndpoint>,
    /// Private endpoints in networks that services manage.
    pub managed_endpoints: Vec<ManagedEndpoint>,
    /// Private DNS zones.
    pub zones: Vec<Zone>,
    /// Links from zones to networks.
    pub zone_links: Vec<ZoneLink>,
    /// Zone groups of endpoints.
    pub zone_groups: Vec<ZoneGroup>,
    /// A records in private zones.
    pub records: Vec<Record>,
    /// Rules of forwarding rulesets.
    pub forwarding_rules: Vec<ForwardingRule>,
    /// Virtual networks.
    pub networks: Vec<Network>,
    /// Subnets, inline ones too.
    pub subnets: Vec<Subnet>,
    /// Resources that call vaults.
    pub consumers: Vec<Consumer>,
    /// Associations of resources with network security perimeters.
    pub associations: Vec<Association>,
    /// Network security perimeters with their rules.
    pub perimeters: Vec<Perimeter>,
    /// Role assignments.
    pub role_assignments: Vec<RoleAssignment>,
    /// Diagnostic settings.
    pub diagnostic_settings: Vec<DiagnosticSetting>,
    /// Everything else.
    pub others: Vec<Resource>,
    /// What deployments give back, each as a resource that has the outputs for properties.
    pub outputs: Vec<Resource>,
    /// Deployments of which it is unknown what they deploy.
    pub unread: Unread,
    /// Set when resources are left out because their ids may mean too many others: the first of them.
    pub bounded_at: Option<Place>,
    /// What parameter defaults leave out: that it is absent rests on them.
    pub left_out: Vec<Resource>,
    /// Whether what is not here does not exist, whatever it is; see [`Model::knows`].
    pub complete: bool,
    /// Which Azure the files are for.
    pub clouds: Clouds,
    /// What the configuration states about the network around the files.
    pub site: Site,
    /// What was listed as a whole.
    lists: Lists,
    /// Which endpoints may connect to a vault, by the normal form of its id; those that surely do not are left out.
    endpoints_by_vault: HashMap<Rc<str>, EndpointLinks>,
    /// Which endpoints may be a vault's (or a managed HSM's, then it is set): many rules ask.
    of_vaults: OnceCell<Vec<(usize, &'static Service, Truth)>>,
    /// Connections to vaults, by endpoint, connection and what it is to.
    to_vaults: OnceCell<Vec<(usize, usize, usize, Truth)>>,
    /// What is written about a vault in resources of their own, by its key.
    extensions: HashMap<Rc<str>, extension::Extensions>,
    /// Networks and subnets by the normal form of their id.
    network_by_id: HashMap<Rc<str>, usize>,
    subnet_by_id: HashMap<Rc<str>, usize>,
    vault_ids: Ids,
    zone_ids: Ids,
    endpoint_ids: Ids,
    network_ids: Ids,
    subnet_ids: Ids,
    /// Links by zone and network.
    links: Links,
    /// Records by their name and their addresses.
    records_by_text: ByText,
    vault_records: dns::RecordsOfVaults,
    /// Which consumers may use a vault, by its key.
    clients: HashMap<Rc<str>, Vec<usize>>,
    /// Associations and what is written into vaults, by the ids that are looked for.
    association_targets: OnceCell<(Ids, Assumptions)>,
    content_vaults: OnceCell<Ids>,
    /// How often something that is left out was compared with an id.
    compared: Cell<u32>,
    /// Which zone groups an endpoint has or may have, by its key.
    groups_of: HashMap<Rc<str>, Vec<(usize, Truth)>>,
}

/// The endpoints of a vault.
#[derive(Debug, Default)]
struct EndpointLinks {
    /// Each endpoint that has to be compared, with whether it connects.
    near: Vec<(usize, Truth)>,
    /// What it rests on that no other one does: their targets have other names by default.
    apart: Option<Assumptions>,
}

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

    /// What this model becomes where everything of an earlier one that a deployment keeps is still there; nothing where it
    /// keeps nothing. An incremental deployment deletes nothing that the template no longer has.
    pub fn standing_on(&self, before: &Model) -> Option<Self> {
        let earlier: HashMap<Rc<str>, &Resource> = before
            .resources()
            .into_iter()
            .filter(|one| !one.referenced)
            .map(|one| (key(&one.id), one))
            .collect();
        let (mut all, mut keeps) = (Vec::new(), false);
        let mut seen: HashSet<Rc<str>> = HashSet::new();
        for resource in self.resources() {
            let id = key(&resource.id);
            let was = earlier
                .get(&id)
                .filter(|was| was.kind.eq_ignore_ascii_case(&resource.kind) && !resource.referenced);
            let body = was.and_then(|was| resource.kept_of(was));
            keeps |= body.is_some();
            all.push(Resource { body: body.unwrap_or_else(|| resource.body.clone()), ..resource.clone() });
            seen.insert(id);
        }
        let is_template = |one: &Resource| one.provider.is_none() && !one.is_shown() && !one.referenced;
        // Who says that nothing else exists says that it was deleted.
        if !self.complete && all.iter().any(is_template) {
            let is_network = |one: &Resource| {
                let callers = before.vaults.iter().map(|vault| &vault.resource);
                let mut callers = callers.chain(before.consumers.iter().map(|consumer| &consumer.resource));
                !callers.any(|caller| std::ptr::eq(caller, one))
            };
            let left = before
                .resources()
                .into_iter()
                .filter(|one| is_template(one) && !seen.contains(&key(&one.id)));
            let left: Vec<Resource> = left.filter(|one| is_network(one)).cloned().collect();
            keeps |= !left.is_empty();
            all.extend(left);
        }
        keeps.then(|| {
            let mut model = Self::new(all, self.lists.clone(), self.complete);
            model.left_out.clone_from(&self.left_out);
            model.site = self.site.clone();
            model.outputs.clone_from(&self.outputs);
            model.unread = self.unread.clone();
            model
        })
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

    /// Whether everything of an ARM type is here (of a child type: everything of it below the parent with that id), so
    /// that what is not here does not exist. That is so when the whole environment was given, and for what Azure listed.
    pub fn knows(&self, kind: &str, parent: Option<&Value>) -> bool {
        self.bounded_at.is_none() && (self.complete || self.lists.hold_all(kind, parent))
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

    /// Finds out once which endpoint may connect to which vault: many statements ask.
    fn link_endpoints(&mut self) {
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

    /// Whether everyone on the internet can reach a vault.
    pub fn is_public(&self, vault: &Vault) -> Truth {
        vault.is_open().and(self.is_enforced_by_perimeter(vault).negate())
    }

    /// Whether no client but trusted services can reach a vault, as far as the files show (F3.20, F3.23).
    pub fn is_locked_out(&self, vault: &Vault) -> Truth {
        let refuses = vault.in_each_case(&|vault| {
            let names_nobody = vault.is_disabled().or(vault.firewall.has_rules().negate());
            // Whatever public access is set to, it is refused where the firewall denies and has no rules.
            let firewall = vault.firewall.denies_by_default().and(vault.applies("networkAcls"));
            let whatever = match vault.is_secured_by_perimeter().is_true() {
                true => Truth::of(false),
                false => firewall.and(vault.firewall.has_rules().negate()),
            };
            vault.refuses_by_default().and(names_nobody).or(whatever)
        });
        let has_endpoint = self.has_endpoint(vault).or(self.has_managed_endpoint(vault));
        refuses.and(has_endpoint.negate()).and(self.is_in_perimeter(vault).negate())
    }

    /// That nothing of this type is here about all of these resources: false, under the defaults that leave some out.
    fn nothing(&self, ids: &[&Value], kind: &str) -> Truth {
        let of_kind = self.left_out.iter().filter(|resource| resource.kind.eq_ignore_ascii_case(kind));
        let left_out = of_kind.filter(|resource| self.may_concern(resource, ids));
        left_out.fold(Truth::of(false), |none, resource| none.assuming(&resource.condition.assumed))
    }

    /// Whether something that is left out may be about all of these: a record or a zone is when it is one for vaults,
    /// anything else when it is a part of them or refers to them. Past a bound everything may be.
    fn may_concern(&self, resource: &Resource, ids: &[&Value]) -> bool {
        let is_of_vaults = |zone: &Value| !dns::is_private_zone(zone).is_false();
        if resource.kind.eq_ignore_ascii_case(names::PRIVATE_DNS_ZONE) {
            return is_of_vaults(&resource.name);
        }
        if resource.kind.eq_ignore_ascii_case(names::A_RECORD) {
            let zone = identity::parent(&resource.id).map(|zone| identity::last_name(&zone));
            return zone.is_none_or(|zone| is_of_vaults(&zone));
        }
        let compared = self.compared.get().saturating_add(1);
        self.compared.set(compared);
        compared > MAX_COMPARED || ids.iter().all(|id| identity::concerns(resource, id))
    }

    /// That nothing of this type is here about the resource of an id: unknown where a deployment that cannot be read is
    /// given it.
    pub fn nothing_about(&self, id: &Value, kind: &str) -> Truth {
        self.nothing(&[id], kind).or(self.unread.may_be_about(id))
    }

    /// The same for something that is about two resources at once, as a link is about its zone and its network.
    pub fn nothing_between(&self, one: &Value, other: &Value, kind: &str) -> Truth {
        let unread = self.unread.may_be_about(one).or(self.unread.may_be_about(other));
        self.nothing(&[one, other], kind).or(unread)
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

    /// Whether a vault in the files has this id, for all that is known.
    pub fn has_vault(&self, id: &Value) -> bool {
        let mut candidates = self.vault_ids.candidates(id).into_iter().filter_map(|at| self.vaults.get(at));
        candidates.any(|vault| !identity::same(id, &vault.resource.id).is_false())
    }

    /// The links, of all zones, that may lead to a network or have the name that is given.
    pub fn links_near(&self, network: &Value, name: &Value) -> impl Iterator<Item = &ZoneLink> {
        self.links.near(network, name).into_iter().filter_map(|at| self.zone_links.get(at))
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

    /// The subnet that an endpoint has its address in, if that is in the files, and whether it is there whenever the
    /// endpoint is.
    pub fn subnet_of(&self, endpoint: &PrivateEndpoint) -> Option<(&Subnet, Truth)> {
        let subnet = self.subnet(&endpoint.subnet)?;
        Some((subnet, Self::belongs(endpoint, &endpoint.subnet, &subnet.resource)))
    }

    /// The network that an endpoint has its address in, in the same way.
    pub fn network_of(&self, endpoint: &PrivateEndpoint) -> Option<(&Network, Truth)> {
        let id = identity::parent(&endpoint.subnet)?;
        let network = self.networks.get(*self.network_by_id.get(&key(&id))?)?;
        Some((network, Self::belongs(endpoint, &id, &network.resource)))
    }

    fn belongs(endpoint: &PrivateEndpoint, id: &Value, to: &Resource) -> Truth {
        comes_with(&endpoint.resource, to).and(identity::same(id, &to.id))
    }

    /// The subnet here that has this id.
    pub fn subnet(&self, id: &Value) -> Option<&Subnet> {
        self.subnets.get(*self.subnet_by_id.get(&key(id))?)
    }

    /// The subnets that an id means, each with whether it surely does.
    pub fn subnets_of(&self, id: &Value) -> Vec<(&Subnet, Truth)> {
        named(&self.subnet_ids, &self.subnets, id, |subnet| &subnet.resource)
    }

    /// The networks that an id means, in the same way.
    pub fn networks_named(&self, id: &Value) -> Vec<(&Network, Truth)> {
        named(&self.network_ids, &self.networks, id, |network| &network.resource)
    }

    /// The zones that an id means, in the same way.
    pub fn zones_named(&self, id: &Value) -> Vec<(&Zone, Truth)> {
        named(&self.zone_ids, &self.zones, id, |zone| &zone.resource)
    }

    /// The endpoints that an id means, in the same way.
    pub fn endpoints_named(&self, id: &Value) -> Vec<(&PrivateEndpoint, Truth)> {
        named(&self.endpoint_ids, &self.endpoints, id, |endpoint| &endpoint.resource)
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

    /// The subnet that a rule of a firewall names, with whether it lacks the service endpoint that the rule needs
    /// (F1.36) whenever the vault is deployed. Nothing when no subnet here can be meant.
    pub fn unserved_subnet(&self, vault: &Vault, rule: &SubnetRule) -> Option<(&Subnet, Truth)> {
        let found = self.subnets_of(&rule.id);
        let (subnet, same) = found.iter().find(|(_, same)| same.is_true()).or(found.first())?;
        let is_meant =
            same.clone().and(rule.present.clone()).and(comes_with(&vault.resource, &subnet.resource));
        let lacks = is_meant.and(subnet.has_vault_service_endpoint().negate());
        // Of several that may be meant, each may have it.
        Some((subnet, lacks))
    }

    /// The network that an id means, if one surely does.
    pub fn network(&self, id: &Value) -> Option<&Network> {
        let mut candidates =
            self.network_ids.candidates(id).into_iter().filter_map(|at| self.networks.get(at));
        candidates.find(|network| identity::same(&network.resource.id, id).is_true())
    }

    /// The associations that may be with the resource of an id, and that the others are not.
    fn near_associations(&self, id: &Value) -> (Vec<&Association>, Truth) {
        let (targets, defaults) = self.association_targets.get_or_init(|| {
            let targets = self.associations.iter().map(|association| &association.target);
            (Ids::new(targets.clone()), Assumptions::all(targets.map(|target| &target.assumed)))
        });
        let candidates = targets.candidates(id).into_iter();
        let near: Vec<&Association> = candidates.filter_map(|at| self.associations.get(at)).collect();
        let apart = match near.len() < self.associations.len() {
            true => Truth::of(false).assuming(defaults).assuming(&id.assumed),
            false => Truth::of(false),
        };
        (near, apart)
    }

    /// Associations of a vault with a perimeter, each with whether they surely are its.
    pub fn associations_of<'m>(&'m self, vault: &Vault) -> Vec<(&'m Association, Truth)> {
        let (near, _) = self.near_associations(&vault.resource.id);
        near.into_iter()
            .filter_map(|association| {
                let same = identity::same(&association.target, &vault.resource.id);
                if same.is_false() { None } else { Some((association, same)) }
            })
            .collect()
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

/// What equal ids have in common.
pub fn key(id: &Value) -> Rc<str> {
    id.key()
}

/// Whether a resource is deployed for sure whenever the whole is.
pub fn is_deployed(resource: &Resource) -> Truth {
    let deployed = resource.condition.is_true();
    if resource.repeated {
        deployed.and(Truth::Unknown(crate::eval::Unknowns::of(format!(
            "the number of copies of `{}`",
            resource.address
        ))))
    } else {
        deployed
    }
}

/// Whether `other` is deployed whenever `resource` is: always, or on the same condition.
pub fn comes_with(resource: &Resource, other: &Resource) -> Truth {
    let (ours, theirs) = (&resource.condition, &other.condition);
    let same_condition = ours.same(theirs) == Some(true) && ours.assumed == theirs.assumed;
    if same_condition && !other.repeated { Truth::of(true) } else { is_deployed(other) }
}

/// A property of a resource, `properties.…` or, in the flattened shape of Azure's CLI, at its top (F1.61, F1.63).
pub fn property(resource: &Resource, path: &[&str]) -> Value {
    let properties = resource.body.get("properties");
    let holder = if properties.is_null() { resource.body.clone() } else { properties };
    readable(resource, holder.path(path))
}

/// What a resource that is broken in the text seems to lack is unknown, and so is all of one that is only referred to.
fn readable(resource: &Resource, value: Value) -> Value {
    if !value.is_null() {
        return value;
    }
    let place = value.place;
    if resource.referenced {
        Value::property(Value::call("existing", vec![resource.id.clone()]), "properties").at(place)
    } else if resource.partially_parsed {
        Value::limit("text that cannot be read").at(place)
    } else {
        value
    }
}

/// A property of a part of a resource: `part.key`, or `part.properties.key` in ARM's wrapped shape.
pub fn wrapped(part: &Value, key: &str) -> Value {
    let inner = part.get("properties");
    let found = if inner.is_null() { part.get(key) } else { inner.get(key) };
    if found.is_null() && !inner.is_null() { part.get(key).or_at(found.place) } else { found }
}
