//! Where private endpoints register, and who resolves from there.

use super::identity::written;
use super::{
    EndpointConnection, Model, Network, PrivateEndpoint, Record, Zone, ZoneGroup, dns, identity, is_deployed,
    key, property, wrapped,
};
use crate::azure::names;
use crate::azure::ranges::WIRE_SERVER;
use crate::eval::{Element, Truth, Unknowns, Value};
use crate::lang::Resource;

/// A zone that an endpoint registers in.
#[derive(Clone, Debug)]
pub struct Registration<'m> {
    /// The zone group.
    pub group: &'m ZoneGroup,
    /// The entry of its `privateDnsZoneConfigs`.
    pub config: Value,
    /// Id of the zone.
    pub zone: Value,
    /// Name of the zone.
    pub zone_name: Value,
    /// Whether it surely registers there.
    pub proof: Truth,
}

impl Model {
    /// The zone groups of an endpoint, each with whether it surely is its.
    pub fn zone_groups_of(&self, endpoint: &PrivateEndpoint) -> Vec<(&ZoneGroup, Truth)> {
        let mut found = Vec::new();
        for (at, own) in self.groups_of.get(&key(&endpoint.resource.id)).into_iter().flatten() {
            if let Some(group) = self.zone_groups.get(*at) {
                found.push((group, own.clone().and(is_deployed(&group.resource))));
            }
        }
        found
    }

    /// Where an endpoint registers.
    pub fn registrations_of(&self, endpoint: &PrivateEndpoint) -> Vec<Registration<'_>> {
        let mut found = Vec::new();
        for (group, own) in self.zone_groups_of(endpoint) {
            for item in &group.configs.items {
                found.push(Registration {
                    group,
                    config: item.value.clone(),
                    zone_name: self.zone_name(item),
                    zone: wrapped(&item.value, "privateDnsZoneId"),
                    proof: own.clone().and(item.present.clone()),
                });
            }
        }
        found
    }

    /// The name of the zone that an entry of a zone group registers in.
    pub fn zone_name(&self, config: &Element) -> Value {
        let zone = wrapped(&config.value, "privateDnsZoneId");
        let here = self.zone(&zone).map(|zone| zone.resource.name.clone());
        here.unwrap_or_else(|| identity::last_name(&zone))
    }

    /// Ids of the zones an endpoint is registered in, by its zone groups and by hand.
    pub fn zones_of(&self, endpoint: &PrivateEndpoint) -> Vec<(Value, Truth)> {
        let mut zones: Vec<(Value, Truth)> = Vec::new();
        for registration in self.registrations_of(endpoint) {
            zones.push((registration.zone, registration.proof));
        }
        for (record, proof) in self.vault_records_for(endpoint) {
            let known = zones.iter().any(|(zone, _)| identity::same(zone, &record.zone).is_true());
            let own = self.is_record_of(record, endpoint);
            if !known && own.is_true() {
                zones.push((record.zone.clone(), proof.and(own)));
            }
        }
        zones
    }

    /// Whether two endpoints are there and register in one zone.
    pub fn register_in_one_zone(&self, a: &PrivateEndpoint, b: &PrivateEndpoint) -> Truth {
        let mut any = Truth::of(false);
        let others = self.registrations_of(b);
        for one in self.registrations_of(a) {
            for other in &others {
                let both = one.proof.clone().and(other.proof.clone());
                any = any.or(identity::same(&one.zone, &other.zone).and(both));
            }
        }
        any.and(is_deployed(&a.resource)).and(is_deployed(&b.resource))
    }

    /// Whether a record resolves the vault of an endpoint: it has the vault's name, or the endpoint's address.
    pub fn is_record_of(&self, record: &Record, endpoint: &PrivateEndpoint) -> Truth {
        let mut any = Truth::of(false);
        for connection in &endpoint.connections {
            any = any.or(identity::same_name(&record.name, &identity::last_name(&connection.target)));
        }
        for address in endpoint.addresses() {
            for item in &record.addresses.items {
                any = any.or(identity::same_name(&item.value.get("ipv4Address"), &address));
            }
        }
        any
    }

    /// The zone of that id, if one in the files surely has it.
    pub fn zone(&self, id: &Value) -> Option<&Zone> {
        let mut candidates = self.zone_ids.candidates(id).into_iter().filter_map(|at| self.zones.get(at));
        candidates.find(|zone| identity::same(&zone.resource.id, id).is_true())
    }

    /// Whether a zone is linked to a network. Links of a zone that is not in the files may be elsewhere.
    pub fn is_linked(&self, zone: &Value, network: &Value) -> Truth {
        let here = self.is_linked_here(zone, network);
        if self.shows_links_of(zone) { here } else { here.or(Truth::Unknown(identity::open(zone))) }
    }

    /// Whether a link here may be one of a zone's.
    pub fn may_have_links(&self, zone: &Value) -> bool {
        self.links.of(zone).next().is_some()
    }

    /// Whether all links of a zone are in the files.
    pub fn shows_links_of(&self, zone: &Value) -> bool {
        self.knows_links_of(zone)
    }

    /// Whether a link in the files joins a zone and a network.
    pub fn is_linked_here(&self, zone: &Value, network: &Value) -> Truth {
        let mut any = self.nothing_between(zone, network, names::ZONE_LINK);
        for (of_zone, _) in self.links.of(zone) {
            let near = of_zone.near(network);
            if near.len() < of_zone.len() {
                // The others lead to networks with other names, by default.
                any = any.or(Truth::of(false).assuming(&of_zone.defaults).assuming(&network.assumed));
            }
            for link in near.into_iter().filter_map(|at| self.zone_links.get(at)) {
                let linked = identity::same(&link.zone, zone).and(identity::same(&link.network, network));
                any = any.or(linked.and(is_deployed(&link.resource)));
            }
        }
        any
    }

    /// Whether a name leads to an endpoint: a zone group registers it, a record of the vault is in the files, or the
    /// policy is assigned that writes zone groups (F6.24).
    pub fn is_registered(&self, own: &EndpointConnection) -> Truth {
        let endpoint = own.endpoint;
        let mut registered = self
            .nothing_about(&endpoint.resource.id, names::ZONE_GROUP)
            .or(self.nothing_about(&endpoint.resource.id, names::A_RECORD));
        for (group, proof) in self.zone_groups_of(endpoint) {
            registered = registered.or(proof.and(group.configs.any()));
        }
        let records = self.vault_records_for(endpoint);
        let all = &self.vault_records;
        if records.len() < all.count {
            // The others have other names and addresses, by default.
            let mut apart = Truth::of(false);
            for connection in &endpoint.connections {
                apart = apart.assuming(&connection.target.assumed).assuming(&all.names);
            }
            for address in endpoint.addresses() {
                apart = apart.assuming(&address.assumed).assuming(&all.addresses);
            }
            registered = registered.or(apart);
        }
        for (record, proof) in records {
            registered = registered.or(proof.and(self.is_record_of(record, endpoint)));
        }
        registered = registered.or(self.is_registered_by_policy(own));
        if endpoint.leaves_zone_group() {
            registered = registered.or(Truth::Unknown(Unknowns::of("a policy that writes the zone group")));
        }
        // What shows an endpoint shows neither its zone groups nor records (F1.63).
        let (id, shown) = (&endpoint.resource.id, !is_declared(&endpoint.resource));
        if shown && !self.knows(names::ZONE_GROUP, Some(id)) {
            registered =
                registered.or(Truth::Unknown(Unknowns::of(format!("zone groups of {}", id.display()))));
        }
        if shown && !self.knows(names::A_RECORD, None) {
            registered = registered.or(Truth::Unknown(Unknowns::of(format!("records of {}", id.display()))));
        }
        registered
    }

    /// Whether Azure listed all links of a zone.
    pub fn lists_links_of(&self, zone: &Value) -> bool {
        self.bounded_at.is_none() && self.lists.hold_all(names::ZONE_LINK, Some(zone))
    }

    /// Whether all links of a zone are here: it is declared here, Azure listed them, or it is shown with their number.
    pub fn knows_links_of(&self, zone: &Value) -> bool {
        let links = || {
            let sure = self.links.of(zone).filter(|(_, is_it)| *is_it);
            sure.map(|(of_zone, _)| of_zone.len()).sum()
        };
        self.is_declared_zone(zone)
            || self.shows_below(zone, names::ZONE_LINK, "numberOfVirtualNetworkLinks", links)
    }

    /// Whether all records of a zone are here.
    pub fn knows_records_of(&self, zone: &Value) -> bool {
        self.is_declared_zone(zone) || self.shows_records_of(zone)
    }

    /// Whether Azure shows all records that a zone has: it listed them, or it shows the zone with their number.
    pub fn shows_records_of(&self, zone: &Value) -> bool {
        let in_zone = |record: &&Record| identity::same(&record.zone, zone).is_true();
        // Azure counts the zone's own record, too.
        let records = || self.records.iter().filter(in_zone).count() + 1;
        self.shows_below(zone, names::A_RECORD, "numberOfRecordSets", records)
    }

    fn is_declared_zone(&self, zone: &Value) -> bool {
        self.zone(zone).is_some_and(|zone| is_declared(&zone.resource))
    }

    fn shows_below(&self, zone: &Value, kind: &str, number: &str, found: impl Fn() -> usize) -> bool {
        let has_all = |zone: &Zone| {
            let shown = property(&zone.resource, &[number]).as_int();
            shown.is_some_and(|shown| usize::try_from(shown).is_ok_and(|shown| shown <= found()))
        };
        self.knows(kind, Some(zone)) || self.zone(zone).is_some_and(has_all)
    }

    /// Whether a zone that the network of an endpoint asks has no records at all, as Azure shows both: a zone group would have
    /// written one.
    pub fn lacks_record_of(&self, zone: &Zone, endpoint: &PrivateEndpoint) -> Truth {
        let id = &zone.resource.id;
        // The zone's own record is counted, too (F1.66).
        let is_empty =
            property(&zone.resource, &["numberOfRecordSets"]).as_int().is_some_and(|number| number <= 1);
        if !endpoint.resource.is_shown() || !zone.resource.is_shown() || !is_empty {
            return Truth::of(false);
        }
        let network = endpoint.network();
        let own_dns = match self.network(&network) {
            Some(network) => self.asks_own_dns(network),
            None => Truth::Unknown(Unknowns::of(format!("DNS servers of {}", network.display()))),
        };
        let asked = self.is_linked_here(id, &network).and(own_dns.negate());
        let records = self.vault_records_for(endpoint);
        records.into_iter().fold(asked, |lacks, (record, proof)| {
            let is_there =
                proof.and(identity::same(&record.zone, id)).and(self.is_record_of(record, endpoint));
            lacks.and(is_there.negate())
        })
    }

    /// Whether a policy writes the zone group of an endpoint: one that is assigned here, or that the configuration states. The
    /// built-in one is for vaults, and for endpoints that need no approval (F6.24).
    pub fn is_registered_by_policy(&self, own: &EndpointConnection) -> Truth {
        if !own.endpoint.connections.iter().any(|connection| !connection.manual) {
            return Truth::of(false);
        }
        let somewhere = Truth::of(self.site.policy_managed_dns);
        match own.service.zone_policy {
            Some(policy) => somewhere.or(self.assigns_policy(policy)),
            None => somewhere,
        }
    }

    /// The records of vaults that may be in the zone of an endpoint's kind.
    pub fn vault_records(&self) -> Vec<(&Record, Truth)> {
        Self::of_vaults(self.records.iter())
    }

    /// Those that may be an endpoint's.
    fn vault_records_for(&self, endpoint: &PrivateEndpoint) -> Vec<(&Record, Truth)> {
        let names = endpoint.connections.iter().map(|connection| identity::last_name(&connection.target));
        let texts: Option<Vec<String>> =
            names.chain(endpoint.addresses()).map(|value| written(&value)).collect();
        let candidates = self.records_by_text.candidates(texts.as_deref(), self.records.len());
        Self::of_vaults(candidates.into_iter().filter_map(|at| self.records.get(at)))
    }

    fn of_vaults<'m>(records: impl Iterator<Item = &'m Record>) -> Vec<(&'m Record, Truth)> {
        let mut found = Vec::new();
        for record in records {
            let of_vaults = dns::is_private_zone(&record.zone_name);
            if !of_vaults.is_false() {
                found.push((record, of_vaults.and(is_deployed(&record.resource))));
            }
        }
        found
    }

    /// Whether a built-in policy is assigned in the files.
    pub fn assigns_policy(&self, guid: &str) -> Truth {
        let mut any = Truth::of(false);
        for other in &self.others {
            if other.kind.eq_ignore_ascii_case(names::POLICY_ASSIGNMENT) {
                let definition = property(other, &["policyDefinitionId"]);
                let named = identity::is_one_of(&identity::last_name(&definition), &[guid]);
                any = any.or(named.and(is_deployed(other)));
            }
        }
        any
    }
}

impl PrivateEndpoint {
    /// Id of the network it is in.
    pub fn network(&self) -> Value {
        identity::network(&self.subnet)
    }

    /// Its addresses, where the files say them: static ones, and those Azure gave it.
    pub fn addresses(&self) -> Vec<Value> {
        let mut found = Vec::new();
        for item in &self.ip_configurations.items {
            found.push(wrapped(&item.value, "privateIPAddress"));
        }
        for config in self.dns_configs.elements().items {
            for address in config.value.get("ipAddresses").elements().items {
                found.push(address.value);
            }
        }
        found.retain(|address| !address.is_null());
        found
    }
}

impl Network {
    /// Whether Azure's DNS is among the servers that it names.
    pub fn asks_azure_too(&self) -> Truth {
        self.dns_servers.elements().any_is(&|server| server.is_word(&WIRE_SERVER.to_string()))
    }

    /// Whether it asks DNS servers of its own, instead of Azure's or beside it (F4.52).
    pub fn has_own_dns(&self) -> Truth {
        let is_another = |server: &Value| server.is_word(&WIRE_SERVER.to_string()).negate();
        self.dns_servers.elements().any_is(&is_another)
    }
}

/// Whether this is a declaration, with what belongs to it in the files, and not an export of what exists.
fn is_declared(resource: &Resource) -> bool {
    !resource.referenced && !resource.is_shown()
}

/// Whether the literal that decides a value is in this resource and not in a parameter or variable.
pub fn is_written_in(resource: &Resource, value: &Value) -> bool {
    let (Some(value), whole) = (value.place, resource.place) else { return false };
    value.file == whole.file && whole.span.start <= value.span.start && value.span.end <= whole.span.end
}
