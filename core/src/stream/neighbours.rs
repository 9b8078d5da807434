//! Determines the rows with which a row has to be checked: those that its findings depend on. A rule that reads other
//! rows finds less in a stream than in one environment; `tests/tests/comparisons/stream.rs` compares the two.

use super::facts::{About, Everywhere, Fact, Kind, Text};
use crate::sorted::sort;
use std::collections::HashSet;
use std::vec::IntoIter;

/// The facts of all rows, and the rows of each fact.
#[derive(Debug, Default)]
pub(super) struct Index {
    kinds: Vec<Kind>,
    /// The facts of all rows, row after row.
    facts: Vec<Fact>,
    /// The end of each row's facts in `facts`.
    ends: Vec<u32>,
    /// Pairs of fact and row, by buckets of facts, in row order.
    by_fact: Vec<(Fact, u32)>,
    /// The start of each bucket in `by_fact`, and the end of the last one.
    buckets: Vec<u32>,
    everywhere: Vec<(Everywhere, u32)>,
}

const FACTS_OF_A_BUCKET: usize = 4;

/// Azure links a network to one zone of a name, of which there are few (F4.40).
const MAX_ASKED: usize = 8;

/// The bucket of a fact; `buckets` is a power of two.
fn bucket(fact: Fact, buckets: usize) -> usize {
    fact.mixed() & buckets.saturating_sub(1)
}

impl Index {
    /// Adds the next row.
    pub(super) fn add(&mut self, kind: Kind, facts: &[Fact], everywhere: Option<Everywhere>) {
        let row = self.len();
        self.kinds.push(kind);
        self.facts.extend(facts);
        self.ends.push(u32::try_from(self.facts.len()).unwrap_or(u32::MAX));
        self.everywhere.extend(everywhere.map(|why| (why, row)));
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.kinds.len()).unwrap_or(u32::MAX)
    }

    /// Builds the lookup by fact. `counts` selects the rows that no other row replaces.
    pub(super) fn finish(&mut self, counts: &dyn Fn(u32) -> bool) {
        let is_kept = self.kept(counts);
        let kept = || self.facts_by_row().zip(&is_kept).filter(|(_, kept)| **kept).map(|(fact, _)| fact);
        let buckets = (kept().count() / FACTS_OF_A_BUCKET).next_power_of_two();
        let mut starts = vec![0u32; buckets + 1];
        for (fact, _) in kept() {
            if let Some(start) = starts.get_mut(bucket(fact, buckets) + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut by_fact = vec![(Fact::default(), 0); sum as usize];
        for (fact, row) in kept() {
            let Some(at) = next.get_mut(bucket(fact, buckets)) else { continue };
            if let Some(place) = by_fact.get_mut(*at as usize) {
                *place = (fact, row);
            }
            *at += 1;
        }
        self.by_fact = by_fact;
        self.buckets = starts;
        self.everywhere.retain(|(_, row)| counts(*row));
        sort(&mut self.everywhere);
        // All incomplete rows are kept, and one of each other kind.
        let mut last = None;
        self.everywhere.retain(|(why, _)| {
            let kept = match (why, last) {
                (Everywhere::Region(_) | Everywhere::Policy(_), Some(last)) => *why != last,
                _ => true,
            };
            last = Some(*why);
            kept
        });
    }

    /// Every fact with its row.
    fn facts_by_row(&self) -> impl Iterator<Item = (Fact, u32)> + '_ {
        (0..self.len()).flat_map(|row| self.facts_of(row).iter().map(move |fact| (*fact, row)))
    }

    /// Which facts rows are looked up by. Of the records with one name or address in one zone, the first is enough,
    /// since rules only ask whether there is one.
    fn kept(&self, counts: &dyn Fn(u32) -> bool) -> Vec<bool> {
        let mut records = HashSet::new();
        let kept = self.facts_by_row().map(|(fact, row)| {
            let is_records =
                [About::RecordName, About::RecordAddress].iter().any(|about| fact.text(*about).is_some());
            counts(row)
                && fact.is_asked()
                && (!is_records || self.texts(row, About::Parent).all(|zone| records.insert(fact.with(zone))))
        });
        kept.collect()
    }

    pub(super) fn everywhere(&self) -> &[(Everywhere, u32)] {
        &self.everywhere
    }

    pub(super) fn kind(&self, row: u32) -> Kind {
        self.kinds.get(row as usize).copied().unwrap_or(Kind::Silent)
    }

    pub(super) fn facts_of(&self, row: u32) -> &[Fact] {
        let row = row as usize;
        let start =
            row.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let end = self.ends.get(row).map_or(start, |end| *end as usize);
        self.facts.get(start..end).unwrap_or_default()
    }

    /// The texts of a row's facts about a subject. A `Vec`, because each iterator type adds kilobytes to the module.
    pub(super) fn texts(&self, row: u32, about: About) -> IntoIter<Text> {
        let mut found = Vec::new();
        for fact in self.facts_of(row) {
            found.extend(fact.text(about));
        }
        found.into_iter()
    }

    /// The rows with a fact, in row order. A `Vec` for the same reason.
    pub(super) fn who(&self, about: About, text: Text) -> IntoIter<u32> {
        let fact = text.about(about);
        let bucket = bucket(fact, self.buckets.len().saturating_sub(1));
        let bound = |at: usize| self.buckets.get(at).map_or(0, |bound| *bound as usize);
        let mut found = Vec::new();
        for (other, row) in self.by_fact.get(bound(bucket)..bound(bucket + 1)).unwrap_or_default() {
            if *other == fact {
                found.push(*row);
            }
        }
        found.into_iter()
    }

    /// The texts about `to` of the rows that have a fact about `from`.
    fn follow(&self, from: About, text: Text, to: About, found: &mut Vec<Text>) {
        for row in self.who(from, text) {
            found.extend(self.texts(row, to));
        }
    }

    fn first(&self, about: About, text: Text) -> Option<u32> {
        self.who(about, text).next()
    }

    /// The row next to which a row is best checked, so that both are in one batch.
    pub(super) fn home(&self, row: u32) -> u32 {
        let about = match self.kind(row) {
            Kind::Endpoint { .. } | Kind::Association => About::Target,
            Kind::Connection | Kind::Extension | Kind::Group | Kind::ClientPart => About::Parent,
            Kind::Client => About::UsesId,
            Kind::Record => About::RecordName,
            _ => return row,
        };
        let found = self.texts(row, about).find_map(|text| match about {
            About::RecordName => self.first(About::TargetName, text),
            _ => self.first(About::Id, text),
        });
        match found {
            // A zone group and a record lead to the endpoint, and the endpoint to its vault.
            Some(next) if matches!(self.kind(next), Kind::Endpoint { .. }) => {
                let vault = self.texts(next, About::Target).find_map(|text| self.first(About::Id, text));
                vault.unwrap_or(next)
            }
            Some(next) => next,
            None => row,
        }
    }
}

/// The rows of a batch.
#[derive(Debug)]
pub(super) struct Neighbours<'i> {
    index: &'i Index,
    rows: Rows,
    /// The steps that were already made.
    done: HashSet<Fact>,
}

/// A set of rows, in insertion order.
#[derive(Debug)]
struct Rows {
    has: Vec<bool>,
    rows: Vec<u32>,
}

impl Rows {
    fn insert(&mut self, row: u32) {
        if let Some(has @ false) = self.has.get_mut(row as usize) {
            *has = true;
            self.rows.push(row);
        }
    }

    fn extend(&mut self, rows: impl IntoIterator<Item = u32>) {
        rows.into_iter().for_each(|row| self.insert(row));
    }
}

impl<'i> Neighbours<'i> {
    pub(super) fn new(index: &'i Index) -> Self {
        let mut rows = Rows { has: vec![false; index.len() as usize], rows: Vec::new() };
        rows.extend(index.everywhere.iter().map(|(_, row)| *row));
        Self { index, rows, done: HashSet::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.rows.len()
    }

    /// Removes rows added after the first `len`. No rows can be added afterwards, since `done` keeps their steps.
    pub(super) fn truncate(&mut self, len: usize) {
        self.rows.rows.truncate(len);
    }

    /// The rows, in order.
    pub(super) fn into_rows(self) -> Vec<u32> {
        let mut rows = self.rows.rows;
        sort(&mut rows);
        rows
    }

    /// Adds a row with the rows that its findings depend on.
    pub(super) fn own(&mut self, row: u32) {
        let index = self.index;
        self.rows.insert(row);
        let texts = |about| index.texts(row, about);
        match index.kind(row) {
            Kind::Vault => texts(About::Id).for_each(|vault| self.vault(vault)),
            Kind::Connection => texts(About::Parent).for_each(|vault| self.vault(vault)),
            Kind::Extension => {
                for of in texts(About::Parent) {
                    if index.first(About::Id, of).is_some_and(|row| index.kind(row) == Kind::Vault) {
                        self.vault(of);
                    }
                }
            }
            Kind::Endpoint { .. } => texts(About::Id).for_each(|endpoint| self.own_endpoint(endpoint)),
            Kind::Group => texts(About::Parent).for_each(|endpoint| self.own_endpoint(endpoint)),
            Kind::Zone { is_suffix: true } => texts(About::Id).for_each(|zone| self.first_registered(zone)),
            Kind::Link => {
                texts(About::Parent).for_each(|zone| self.add(About::Id, zone));
                texts(About::LinkNamed).for_each(|both| self.add_first(About::LinkNamed, both));
            }
            Kind::Record => self.own_record(row),
            Kind::ForwardingRule => {
                for ruleset in texts(About::Parent) {
                    self.add(About::Parent, ruleset);
                    self.add(About::Id, ruleset);
                }
            }
            Kind::RulesetLink => {
                for ruleset in texts(About::Ruleset) {
                    self.add(About::Id, ruleset);
                    for rule in index.who(About::Parent, ruleset) {
                        self.rows.insert(rule);
                        self.inbound_endpoints(rule);
                    }
                }
            }
            Kind::Network => self.own_network(row),
            Kind::Subnet => {
                texts(About::Parent).for_each(|network| self.add(About::Id, network));
                texts(About::Id).for_each(|subnet| self.own_subnet(subnet));
            }
            Kind::Client => texts(About::Id).for_each(|client| self.own_client(client)),
            Kind::ClientPart => {
                for part in texts(About::Id) {
                    self.own_client(part);
                }
                texts(About::Parent).for_each(|client| self.own_client(client));
            }
            Kind::Association | Kind::Zone { .. } | Kind::Other | Kind::Silent => {}
        }
    }

    /// Marks a step as made; false if it already was.
    fn begins(&mut self, step: About, text: Text) -> bool {
        self.done.insert(text.about(step))
    }

    fn add(&mut self, about: About, text: Text) {
        self.rows.extend(self.index.who(about, text));
    }

    fn add_first(&mut self, about: About, text: Text) {
        self.rows.extend(self.index.first(about, text));
    }

    /// Adds the rows that a row refers to.
    fn referred(&mut self, row: u32) {
        for other in self.index.texts(row, About::Refers) {
            self.add(About::Id, other);
        }
    }

    fn vault(&mut self, vault: Text) {
        if !self.begins(About::StepToVault, vault) {
            return;
        }
        let index = self.index;
        self.reach(vault);
        for endpoint in index.endpoints_of(vault) {
            self.add(About::Parent, endpoint);
            // An endpoint without a row of its own is checked with the vault that lists it.
            if index.first(About::Id, endpoint).is_none() {
                self.own_endpoint(endpoint);
            }
        }
        let rows: Vec<u32> = index.who(About::Id, vault).collect();
        for row in rows {
            self.referred(row);
            for subnet in index.texts(row, About::Admits) {
                // Rules only ask whether an endpoint is in the subnet, so one is enough.
                let is_endpoint = |row: &u32| matches!(index.kind(*row), Kind::Endpoint { .. });
                self.rows.extend(index.who(About::Subnet, subnet).find(is_endpoint));
            }
            for name in index.texts(row, About::VaultName) {
                index.who(About::UsesName, name).for_each(|row| self.client_of(row));
            }
        }
        index.who(About::UsesId, vault).for_each(|row| self.client_of(row));
    }

    /// Adds the rows that determine who reaches a vault other than through its firewall.
    fn reach(&mut self, vault: Text) {
        if !self.begins(About::StepToReach, vault) {
            return;
        }
        let index = self.index;
        self.add(About::Id, vault);
        self.add(About::Parent, vault);
        self.add(About::Target, vault);
        for endpoint in index.endpoints_of(vault) {
            self.endpoint(endpoint);
        }
        for association in index.who(About::Target, vault) {
            for profile in index.texts(association, About::Profile) {
                self.add(About::Parent, profile);
            }
        }
    }

    /// Adds an endpoint and its connections, including those that vaults list.
    fn endpoint(&mut self, endpoint: Text) {
        if self.begins(About::StepToEndpoint, endpoint) {
            let index = self.index;
            self.add(About::Id, endpoint);
            for row in index.who(About::Names, endpoint) {
                self.rows.insert(row);
                // A row of a connection is redundant if its vault lists all connections.
                index.texts(row, About::Parent).for_each(|vault| self.add(About::Id, vault));
            }
        }
    }

    fn own_endpoint(&mut self, endpoint: Text) {
        if !self.begins(About::StepToOwnEndpoint, endpoint) {
            return;
        }
        let index = self.index;
        self.endpoint(endpoint);
        self.registrations(endpoint);
        for row in index.who(About::Id, endpoint) {
            self.referred(row);
            // The zones that its network asks, which may be empty.
            for network in index.texts(row, About::Network) {
                self.add(About::Id, network);
                for link in index.who(About::LinkTo, network).take(MAX_ASKED) {
                    self.rows.insert(link);
                    index.texts(link, About::Parent).for_each(|zone| self.add(About::Id, zone));
                }
            }
        }
        for vault in index.vaults_of(endpoint) {
            self.add(About::Id, vault);
            for other in index.endpoints_of(vault) {
                self.endpoint(other);
                self.add(About::Parent, other);
            }
        }
    }

    /// Adds the registrations of an endpoint, and the links between those zones and its network.
    fn registrations(&mut self, endpoint: Text) {
        if !self.begins(About::StepToRegistrations, endpoint) {
            return;
        }
        let index = self.index;
        self.add(About::Parent, endpoint);
        for zone in index.zones_of(endpoint, &mut self.rows) {
            self.add(About::Id, zone);
            self.add_first(About::LinkOf, zone);
            for row in index.who(About::Id, endpoint) {
                for network in index.texts(row, About::Network) {
                    self.add(About::Linked, zone.with(network));
                }
            }
        }
    }

    /// Adds the client that a row is, or is a part of.
    fn client_of(&mut self, row: u32) {
        let index = self.index;
        self.rows.insert(row);
        let about = if index.kind(row) == Kind::ClientPart { About::Parent } else { About::Id };
        index.texts(row, About::Id).for_each(|client| self.client(client));
        index.texts(row, about).for_each(|client| self.client(client));
    }

    /// Adds a client with its parts, the networks that it calls from, and the vaults that it names.
    fn client(&mut self, client: Text) {
        if !self.begins(About::StepToClient, client) {
            return;
        }
        let index = self.index;
        for row in index.with_parts(client) {
            self.rows.insert(row);
            self.referred(row);
            for through in index.texts(row, About::Through) {
                index.who(About::Id, through).for_each(|row| self.referred(row));
            }
            for name in index.texts(row, About::UsesName) {
                self.add(About::VaultName, name);
            }
            for vault in index.texts(row, About::UsesId) {
                self.add(About::Id, vault);
            }
        }
    }

    fn own_client(&mut self, client: Text) {
        if !self.begins(About::StepToOwnClient, client) {
            return;
        }
        let index = self.index;
        self.client(client);
        let parts = index.with_parts(client);
        let mut networks: Vec<Text> = Vec::new();
        for row in &parts {
            networks.extend(index.texts(*row, About::Refers));
            for through in index.texts(*row, About::Through) {
                index.follow(About::Id, through, About::Refers, &mut networks);
            }
        }
        for vault in parts.iter().flat_map(|row| index.used_by(*row)) {
            self.reach(vault);
            for endpoint in index.endpoints_of(vault) {
                self.registrations(endpoint);
                for zone in index.zones_of(endpoint, &mut self.rows) {
                    networks.iter().for_each(|network| self.add(About::Linked, zone.with(*network)));
                }
            }
        }
    }

    /// For a zone that overrides the public one: adds one endpoint of a vault that registers there.
    fn first_registered(&mut self, zone: Text) {
        let index = self.index;
        for group in index.who(About::Zone, zone) {
            for endpoint in index.texts(group, About::Parent) {
                let row = index.first(About::Id, endpoint);
                let Some(is_sure) = row.and_then(|row| index.is_of_vault(row)) else { continue };
                self.rows.insert(group);
                self.endpoint(endpoint);
                if is_sure {
                    return;
                }
            }
        }
    }

    fn own_record(&mut self, row: u32) {
        let index = self.index;
        index.texts(row, About::Parent).for_each(|zone| self.add(About::Id, zone));
        for name in index.texts(row, About::RecordName) {
            for endpoint in index.who(About::TargetName, name) {
                self.connected(endpoint);
            }
            for vault in index.who(About::VaultName, name) {
                for vault in index.texts(vault, About::Id) {
                    index.endpoints_of(vault).into_iter().for_each(|endpoint| self.endpoint(endpoint));
                    self.add(About::Id, vault);
                }
            }
        }
        // Of the endpoints with its address, the first one whose network the zone is linked to.
        for address in index.texts(row, About::RecordAddress) {
            for endpoint in index.who(About::Address, address) {
                let mut pairs = index.texts(row, About::Parent).flat_map(|zone| {
                    index.texts(endpoint, About::Network).map(move |network| zone.with(network))
                });
                let linked = pairs.find(|both| index.first(About::Linked, *both).is_some());
                let (Some(linked), Some(is_sure)) = (linked, index.is_of_vault(endpoint)) else { continue };
                self.connected(endpoint);
                self.add_first(About::Linked, linked);
                if is_sure {
                    break;
                }
            }
        }
        // A network that contains its public address; one is enough.
        let networks = index.texts(row, About::Within).flat_map(|net| index.first(About::Prefix, net));
        self.rows.extend(networks);
    }

    fn connected(&mut self, endpoint: u32) {
        let index = self.index;
        let about = if index.kind(endpoint) == Kind::Connection { About::Names } else { About::Id };
        index.texts(endpoint, about).for_each(|id| self.endpoint(id));
        index.texts(endpoint, About::Target).for_each(|vault| self.add(About::Id, vault));
    }

    fn own_network(&mut self, row: u32) {
        let index = self.index;
        for network in index.texts(row, About::Id) {
            self.add(About::Parent, network);
            self.linked(network);
        }
        // A linked network that contains its DNS server; one is enough.
        for net in index.texts(row, About::Within) {
            let linked = index.who(About::Prefix, net).find_map(|other| {
                let network = index.texts(other, About::Id).next()?;
                index.first(About::LinkTo, network).map(|_| (other, network))
            });
            if let Some((other, network)) = linked {
                self.rows.insert(other);
                self.linked(network);
            }
        }
        index.texts(row, About::HasSubnet).for_each(|subnet| self.own_subnet(subnet));
        self.inbound_endpoints(row);
    }

    /// Adds the inbound endpoints of resolvers that are the DNS servers of a row, with a link of their networks.
    fn inbound_endpoints(&mut self, row: u32) {
        let index = self.index;
        for server in index.texts(row, About::Server) {
            let is_inbound = |row: &u32| index.kind(*row) == Kind::Silent;
            for inbound in index.who(About::Address, server).filter(is_inbound) {
                self.rows.insert(inbound);
                index.texts(inbound, About::Network).for_each(|network| self.linked(network));
            }
        }
    }

    /// Adds the users of a subnet, and the first endpoint of a vault in it, which a finding about them names.
    fn own_subnet(&mut self, subnet: Text) {
        let index = self.index;
        self.users(subnet);
        for endpoint in index.who(About::Subnet, subnet) {
            let Some(is_sure) = index.is_of_vault(endpoint) else { continue };
            self.connected(endpoint);
            if is_sure {
                break;
            }
        }
    }

    /// Adds the first link from a vault zone to a network.
    fn linked(&mut self, network: Text) {
        let index = self.index;
        if let Some(link) = index.first(About::LinkTo, network) {
            self.rows.insert(link);
            index.texts(link, About::Parent).for_each(|zone| self.add(About::Id, zone));
        }
    }

    /// Adds the apps of a subnet, and its other users if there are apps.
    fn users(&mut self, subnet: Text) {
        if !self.begins(About::StepToUsers, subnet) {
            return;
        }
        let index = self.index;
        let mut clients = Vec::new();
        for row in index.who(About::Subnet, subnet) {
            if matches!(index.kind(row), Kind::Client | Kind::ClientPart) {
                clients.push(row);
            }
            for through in index.texts(row, About::Id) {
                clients.extend(index.who(About::Through, through));
            }
        }
        if !clients.is_empty() {
            self.add(About::Subnet, subnet);
            clients.into_iter().for_each(|row| self.client_of(row));
        }
    }
}

impl Index {
    /// Whether an endpoint is certainly that of a vault; `None` if it is not one.
    fn is_of_vault(&self, endpoint: u32) -> Option<bool> {
        let mut ids = self.texts(endpoint, About::Id);
        match self.kind(endpoint) {
            Kind::Endpoint { of_vault: true } => Some(true),
            _ => ids.any(|id| self.first(About::Names, id).is_some()).then_some(false),
        }
    }

    /// The endpoints of a vault: those that connect to it, and those that it lists.
    fn endpoints_of(&self, vault: Text) -> Vec<Text> {
        let mut found = Vec::new();
        self.follow(About::Target, vault, About::Id, &mut found);
        self.follow(About::Id, vault, About::Names, &mut found);
        self.follow(About::Parent, vault, About::Names, &mut found);
        found
    }

    /// The vaults of an endpoint, likewise.
    fn vaults_of(&self, endpoint: Text) -> Vec<Text> {
        let mut found = Vec::new();
        self.follow(About::Id, endpoint, About::Target, &mut found);
        for row in self.who(About::Names, endpoint) {
            let about = if self.kind(row) == Kind::Vault { About::Id } else { About::Parent };
            found.extend(self.texts(row, about));
        }
        found
    }

    /// The zones that an endpoint is registered in, by its zone groups or by a record. The records are added to
    /// `records`.
    fn zones_of(&self, endpoint: Text, records: &mut Rows) -> Vec<Text> {
        let mut zones = Vec::new();
        self.follow(About::Parent, endpoint, About::Zone, &mut zones);
        let (mut addresses, mut names) = (Vec::new(), Vec::new());
        self.follow(About::Id, endpoint, About::Address, &mut addresses);
        self.follow(About::Id, endpoint, About::TargetName, &mut names);
        self.follow(About::Names, endpoint, About::VaultName, &mut names);
        self.follow(About::Names, endpoint, About::TargetName, &mut names);
        let asked = [(About::RecordAddress, addresses), (About::RecordName, names)];
        for (about, texts) in asked {
            for text in texts {
                for record in self.who(about, text) {
                    records.insert(record);
                    zones.extend(self.texts(record, About::Parent));
                }
            }
        }
        zones
    }

    /// The rows of a client and its parts.
    fn with_parts(&self, client: Text) -> Vec<u32> {
        let mut found: Vec<u32> = self.who(About::Id, client).collect();
        for row in self.who(About::Parent, client) {
            if self.kind(row) == Kind::ClientPart {
                found.push(row);
            }
        }
        found
    }

    /// The vaults that a client names.
    fn used_by(&self, row: u32) -> Vec<Text> {
        let mut found: Vec<Text> = self.texts(row, About::UsesId).collect();
        for name in self.texts(row, About::UsesName) {
            self.follow(About::VaultName, name, About::Id, &mut found);
        }
        found
    }
}
