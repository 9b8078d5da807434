//! Private DNS: zones, links, zone groups, records and forwarding rules.

use super::identity::written;
use super::ids::Ids;
use super::{Model, Network, identity, key, property, wrapped};
use crate::azure::SERVICES;
use crate::azure::cloud::{Cloud, WRONG_VAULT_ZONES};
use crate::azure::names::{self, GLOBAL_LOCATION, INBOUND_ENDPOINT};
use crate::eval::value::MAX_DEPTH;
use crate::eval::{Assumptions, Elements, Kind, TermKind, Truth, Unknowns, Value};
use crate::lang::Resource;
use std::collections::HashMap;
use std::rc::Rc;

/// A private DNS zone; its name is the domain.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The resource.
    pub resource: Resource,
}

/// A link from a zone to a virtual network.
#[derive(Clone, Debug)]
pub struct ZoneLink {
    /// The resource.
    pub resource: Resource,
    /// Id of the zone.
    pub zone: Value,
    /// Name of the zone.
    pub zone_name: Value,
    /// Id of the virtual network.
    pub network: Value,
    /// `registrationEnabled`.
    pub registration: Value,
    /// `resolutionPolicy` (F4.43).
    pub resolution_policy: Value,
    /// `virtualNetworkLinkState`: `InProgress` or `Completed`; null in a template (F1.65).
    pub state: Value,
}

/// A zone group: the zones a private endpoint registers in.
#[derive(Clone, Debug)]
pub struct ZoneGroup {
    /// The resource.
    pub resource: Resource,
    /// Id of the private endpoint.
    pub endpoint: Value,
    /// `privateDnsZoneConfigs` as written.
    pub configs_value: Value,
    /// The entries of `privateDnsZoneConfigs`.
    pub configs: Elements,
}

/// An A record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The resource; its name is `zone/record`.
    pub resource: Resource,
    /// Id of the zone.
    pub zone: Value,
    /// Name of the zone.
    pub zone_name: Value,
    /// The name in the zone.
    pub name: Value,
    /// The `aRecords`.
    pub addresses: Elements,
}

/// A rule of a forwarding ruleset.
#[derive(Clone, Debug)]
pub struct ForwardingRule {
    /// The resource.
    pub resource: Resource,
    /// Id of the ruleset.
    pub ruleset: Value,
    /// `domainName`: what is forwarded, with a dot at its end.
    pub domain: Value,
    /// `forwardingRuleState`.
    pub state: Value,
    /// The addresses of `targetDnsServers`.
    pub targets: Vec<Value>,
}

impl Zone {
    pub(super) fn new(resource: Resource) -> Self {
        Self { resource }
    }

    /// Its name: the domain.
    pub fn name(&self) -> &Value {
        &self.resource.name
    }
}

impl ZoneLink {
    pub(super) fn new(resource: Resource) -> Self {
        let zone = identity::parent(&resource.id).unwrap_or_default();
        Self {
            zone_name: identity::last_name(&zone),
            zone,
            network: property(&resource, &["virtualNetwork", "id"]),
            registration: property(&resource, &["registrationEnabled"]),
            resolution_policy: property(&resource, &["resolutionPolicy"]),
            state: property(&resource, &["virtualNetworkLinkState"]),
            resource,
        }
    }
}

impl ZoneGroup {
    pub(super) fn new(resource: Resource) -> Self {
        let configs_value = property(&resource, &["privateDnsZoneConfigs"]);
        Self {
            endpoint: identity::parent(&resource.id).unwrap_or_default(),
            configs: configs_value.elements(),
            configs_value,
            resource,
        }
    }

    /// Ids of the zones, as far as they can be seen.
    pub fn zones(&self) -> Vec<Value> {
        self.configs.items.iter().map(|item| wrapped(&item.value, "privateDnsZoneId")).collect()
    }

    /// The records that each of its zones got (F4.31); null in a template.
    pub fn record_sets(&self) -> Vec<Value> {
        self.configs.items.iter().map(|item| wrapped(&item.value, "recordSets")).collect()
    }
}

impl Record {
    pub(super) fn new(resource: Resource) -> Self {
        let zone = identity::parent(&resource.id).unwrap_or_default();
        Self {
            zone_name: identity::last_name(&zone),
            zone,
            name: identity::last_name(&resource.id).at(resource.name.place),
            addresses: property(&resource, &["aRecords"]).elements(),
            resource,
        }
    }
}

impl ForwardingRule {
    pub(super) fn new(resource: Resource) -> Self {
        Self {
            ruleset: identity::parent(&resource.id).unwrap_or_default(),
            domain: property(&resource, &["domainName"]),
            state: property(&resource, &["forwardingRuleState"]),
            targets: property(&resource, &["targetDnsServers"])
                .elements()
                .items
                .iter()
                .map(|server| server.value.get("ipAddress"))
                .collect(),
            resource,
        }
    }
}

impl Model {
    /// The inbound endpoint here that may have an address, with the id of its network and whether it has it. Of several, one
    /// that surely has it.
    pub fn inbound_endpoint_at(&self, address: &Value) -> Option<(&Resource, Value, Truth)> {
        let endpoints = self.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(INBOUND_ENDPOINT));
        let mut found = None;
        for endpoint in endpoints {
            let configs = property(endpoint, &["ipConfigurations"]).elements();
            let subnet = configs.items.first().map(|config| wrapped(&config.value, "subnet").get("id"));
            let Some(subnet) = subnet.filter(|subnet| !subnet.is_null()) else { continue };
            let its: Vec<Value> =
                configs.items.iter().map(|config| wrapped(&config.value, "privateIpAddress")).collect();
            let is_its = address.test(&|address| match address.as_text() {
                Some(text) => Some(its.iter().any(|own| own.is_word(text).is_true())),
                None => comes_from(address, &endpoint.id, 0).then_some(true),
            });
            let assumed = its.iter().fold(Assumptions::default(), |all, own| all.and(&own.assumed));
            let is_its = is_its.assuming(&assumed);
            let is_sure = is_its.is_true();
            if is_sure || (found.is_none() && is_its.is_unknown()) {
                found = Some((endpoint, identity::network(&subnet), is_its));
            }
            if is_sure {
                break;
            }
        }
        found
    }

    /// The Azure Firewall here that an address is taken from.
    pub fn firewall_of(&self, address: &Value) -> Option<&Resource> {
        self.firewalls().find(|firewall| comes_from(address, &firewall.id, 0))
    }

    /// The Azure Firewalls here.
    pub fn firewalls(&self) -> impl Iterator<Item = &Resource> {
        self.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(names::AZURE_FIREWALL))
    }

    /// The DNS servers that a firewall asks for its clients, and whether it does: it is a DNS proxy by its policy (F4.61).
    pub fn proxied_servers(&self, firewall: &Resource) -> (Truth, Elements) {
        let unknown = || {
            Truth::Unknown(Unknowns::of(format!("whether firewall `{}` is a DNS proxy", firewall.label())))
        };
        let id = property(firewall, &["firewallPolicy", "id"]);
        let mut policies =
            self.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(names::FIREWALL_POLICY));
        let Some(policy) = policies.find(|policy| identity::same(&policy.id, &id).is_true()) else {
            return (unknown(), Elements::default());
        };
        let settings = property(policy, &["dnsSettings"]);
        // A policy that says nothing may have the settings of the one it is based on.
        if settings.is_null() && !property(policy, &["basePolicy"]).is_null() {
            return (unknown(), Elements::default());
        }
        (settings.get("enableProxy").is_true(), settings.get("servers").elements())
    }

    /// The network that an Azure Firewall is in, or the virtual hub.
    pub fn network_of_firewall(firewall: &Resource) -> Value {
        let first = property(firewall, &["ipConfigurations"]).elements().items.into_iter().next();
        match first {
            Some(config) => identity::network(&wrapped(&config.value, "subnet").get("id")),
            None => property(firewall, &["virtualHub", "id"]),
        }
    }

    /// Whether a network asks DNS servers of its own, instead of Azure's or beside it (F4.52). An address that comes from a
    /// resolver or a firewall is not Azure's.
    pub fn asks_own_dns(&self, network: &Network) -> Truth {
        let own = network.has_own_dns();
        let is_here = |server: &Value| {
            self.inbound_endpoint_at(server).is_some_and(|(.., is_its)| is_its.is_true())
                || self.firewall_of(server).is_some()
        };
        let servers = if own.is_unknown() { network.dns_servers.elements().items } else { Vec::new() };
        match servers.iter().any(|item| item.present == Truth::of(true) && is_here(&item.value)) {
            true => Truth::of(true),
            false => own,
        }
    }

    /// Whether an inbound endpoint here surely has an address.
    pub fn is_inbound_endpoint(&self, address: &str) -> bool {
        self.inbound_endpoint_at(&Value::text(address)).is_some_and(|(.., is_its)| is_its.is_true())
    }
}

/// Whether a value is computed from properties that Azure returns for the resource with this id.
pub fn comes_from(value: &Value, id: &Value, depth: u16) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let Kind::Term(term) = &value.kind else { return false };
    match &term.kind {
        TermKind::Call { args: parts, .. } | TermKind::Text(parts) => {
            parts.iter().any(|part| identity::same(part, id).is_true() || comes_from(part, id, depth + 1))
        }
        TermKind::Property { of, .. } | TermKind::Partial { of, .. } => {
            identity::same(of, id).is_true() || comes_from(of, id, depth + 1)
        }
        _ => false,
    }
}

/// Whether a zone of this name resolves the private endpoints of vaults or HSMs in some cloud.
pub fn is_private_zone(name: &Value) -> Truth {
    identity::is_one_of(name, &zones_of(&Cloud::ALL, false))
}

/// Whether what must have the location `global` has another one (F4.37). A resource group is always in a region.
pub fn is_regional(location: &Value) -> Truth {
    location.test(&|location| match &location.kind {
        Kind::Null => Some(false),
        Kind::Text(text) => Some(!text.eq_ignore_ascii_case(GLOBAL_LOCATION)),
        Kind::Term(_) => {
            let from = location.normal();
            let is_region = ["resourceGroup().location", "deployment().location"]
                .iter()
                .any(|region| from.eq_ignore_ascii_case(region));
            is_region.then_some(true)
        }
        _ => Some(true),
    })
}

/// The private zones of these clouds that are of vaults and managed HSMs, and, when asked for, the mistaken ones.
pub fn zones_of(clouds: &[Cloud], mistaken: bool) -> Vec<&'static str> {
    let mut zones = Vec::new();
    for cloud in clouds {
        zones.extend(SERVICES.map(|service| service.dns(*cloud).private_zone));
    }
    for (cloud, zone) in WRONG_VAULT_ZONES {
        if mistaken && clouds.contains(cloud) {
            zones.push(*zone);
        }
    }
    zones
}

/// Whether this is what the public names of vaults or HSMs end in, in some cloud.
pub fn is_public_suffix(name: &Value) -> bool {
    let suffixes: Vec<&str> =
        Cloud::ALL.iter().flat_map(|cloud| SERVICES.map(|service| service.dns(*cloud).suffix)).collect();
    identity::is_one_of(name, &suffixes).is_true()
}

/// Whether a zone of this name is about vaults or HSMs: the right one of some cloud, or one that people take for it
/// (F4.31).
pub fn is_about_vaults(name: &Value) -> Truth {
    identity::is_one_of(name, &zones_of(&Cloud::ALL, true))
}

/// A link or record names its zone and itself in one text, which rests on more than the zone's own name does.
pub(super) fn link(model: &mut Model) {
    let mut names: HashMap<Rc<str>, Value> = HashMap::new();
    for zone in &model.zones {
        names.insert(key(&zone.resource.id), zone.resource.name.clone());
    }
    for link in &mut model.zone_links {
        if let Some(name) = names.get(&key(&link.zone)) {
            link.zone_name = name.clone();
        }
    }
    for record in &mut model.records {
        if let Some(name) = names.get(&key(&record.zone)) {
            record.zone_name = name.clone();
        }
    }
    for (at, record) in model.records.iter().enumerate() {
        let addresses = record.addresses.items.iter().map(|item| item.value.get("ipv4Address"));
        let texts: Option<Vec<String>> =
            std::iter::once(record.name.clone()).chain(addresses).map(|value| written(&value)).collect();
        model.records_by_text.add(at, texts);
    }
    let of_vaults = model.records.iter().filter(|record| !is_private_zone(&record.zone_name).is_false());
    let (mut names, mut addresses) = (Vec::new(), Vec::new());
    for record in of_vaults {
        names.push(record.name.assumed.clone());
        addresses.extend(record.addresses.items.iter().map(|item| item.value.get("ipv4Address").assumed));
    }
    model.vault_records = RecordsOfVaults {
        count: names.len(),
        names: Assumptions::all(&names),
        addresses: Assumptions::all(&addresses),
    };
    link_groups(model);
}

/// The records that may be in the zones of vaults.
#[derive(Debug, Default)]
pub(super) struct RecordsOfVaults {
    pub(super) count: usize,
    /// The defaults that their names rest on.
    pub(super) names: Assumptions,
    /// And their addresses.
    pub(super) addresses: Assumptions,
}

/// A zone group that surely belongs to one endpoint belongs to no other; one without a sure endpoint may belong to any.
fn link_groups(model: &mut Model) {
    let mut groups_of: HashMap<Rc<str>, Vec<(usize, Truth)>> = HashMap::new();
    let mut endpoints: HashMap<Rc<str>, &Value> = HashMap::new();
    for endpoint in &model.endpoints {
        endpoints.insert(key(&endpoint.resource.id), &endpoint.resource.id);
    }
    model.endpoint_ids = Ids::new(model.endpoints.iter().map(|endpoint| &endpoint.resource.id));
    for (at, group) in model.zone_groups.iter().enumerate() {
        let owner = key(&group.endpoint);
        let meant: Vec<(Rc<str>, &Value)> = match endpoints.get(&owner) {
            Some(id) => vec![(owner, *id)],
            None => {
                let candidates = model.endpoint_ids.candidates(&group.endpoint).into_iter();
                let candidates = candidates.filter_map(|at| model.endpoints.get(at));
                candidates.map(|endpoint| (key(&endpoint.resource.id), &endpoint.resource.id)).collect()
            }
        };
        for (key, id) in &meant {
            let own = identity::same(&group.endpoint, id);
            if !own.is_false() {
                groups_of.entry(key.clone()).or_default().push((at, own));
            }
        }
    }
    model.groups_of = groups_of;
}
