//! Facts about a row that determine with which other rows it has to be checked.

use crate::azure::names::lower;
use crate::azure::{names, policies, ranges};
use crate::eval::Value;
use crate::lang::Resource;
use crate::model::{Model, dns, identity};
use crate::net::{Ipv4Net, parse_rule};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The subject of a fact. The text of a fact is an id, a name or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// The row's id.
    Id,
    /// The resource that the row is a part or an extension of.
    Parent,
    /// The resource that an endpoint connects to, or that an association is about.
    Target,
    /// The last name in that id, or the name of the vault of a connection.
    TargetName,
    /// An endpoint that a vault lists.
    Names,
    /// The subnet of an endpoint or a client, or of what a client calls through.
    Subnet,
    /// A network interface or an environment of container apps that a client calls through.
    Through,
    /// A vault that a client names by its id.
    UsesId,
    /// A vault that a client names by its name.
    UsesName,
    /// The name of a vault.
    VaultName,
    /// A zone that a group registers in.
    Zone,
    /// A zone and a network that are linked.
    Linked,
    /// A zone that is linked.
    LinkOf,
    /// A network that a zone of vaults is linked to.
    LinkTo,
    /// The name of a zone of vaults and a network that are linked.
    LinkNamed,
    /// The name of a record of a vault.
    RecordName,
    /// An address in a record of a vault.
    RecordAddress,
    /// An address of a private endpoint, or of an inbound endpoint of a resolver.
    Address,
    /// A range of addresses of a network.
    Prefix,
    // No query looks up rows by the following facts, only their texts.
    /// Another resource that affects the row's findings.
    Refers,
    /// A subnet that a firewall admits.
    Admits,
    /// The network of an endpoint, or of an inbound endpoint of a resolver.
    Network,
    /// The profile of an association.
    Profile,
    /// A subnet written inside its network.
    HasSubnet,
    /// A range that an address is in.
    Within,
    /// The address of a DNS server that a network or a forwarding rule names.
    Server,
    /// The ruleset that a link is of.
    Ruleset,
    // Not facts, but steps that are made once for each text.
    StepToVault,
    StepToReach,
    StepToEndpoint,
    StepToOwnEndpoint,
    StepToRegistrations,
    StepToClient,
    StepToOwnClient,
    StepToUsers,
}

/// Bits of a fact for its subject; the others are for its text.
const BITS: u32 = 6;

/// A fact: its subject and a hash of its text. Two texts with the same hash would only cause a row to be read in vain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Fact(u64);

/// The text of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Text(u64);

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(text.trim_matches('/').to_ascii_lowercase().as_bytes());
        Self(hasher.finish() >> BITS)
    }

    fn of(value: &Value) -> Option<Self> {
        value.as_text().map(Self::new)
    }

    fn net(net: &Ipv4Net) -> Self {
        let mut hasher = DefaultHasher::new();
        net.trunc().hash(&mut hasher);
        Self(hasher.finish() >> BITS)
    }

    /// Two texts as one.
    pub(super) fn with(self, other: Self) -> Self {
        let mut hasher = DefaultHasher::new();
        (self, other).hash(&mut hasher);
        Self(hasher.finish() >> BITS)
    }

    pub(super) fn about(self, about: About) -> Fact {
        Fact(self.0 << BITS | about as u64)
    }
}

impl Fact {
    /// A hash in which every bit depends on all bits of the fact.
    pub(super) fn mixed(self) -> usize {
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
    }

    pub(super) fn text(self, about: About) -> Option<Text> {
        (self.0 & ((1 << BITS) - 1) == about as u64).then_some(Text(self.0 >> BITS))
    }

    /// A fact about a part of the text's subject.
    pub(super) fn with(self, part: Text) -> Self {
        Text(self.0 >> BITS).with(part).about(About::Id).xor(self)
    }

    fn xor(self, other: Self) -> Self {
        Self(self.0 ^ (other.0 & ((1 << BITS) - 1)))
    }

    /// Whether rows are looked up by it.
    pub(super) fn is_asked(self) -> bool {
        self.0 & ((1 << BITS) - 1) < About::Refers as u64
    }
}

/// The kind of a row, as far as it matters for its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Vault,
    /// A private endpoint connection of a vault, as a row.
    Connection,
    /// A resource that configures another one, e.g. a diagnostic setting.
    Extension,
    Association,
    Endpoint {
        of_vault: bool,
    },
    Group,
    Zone {
        is_suffix: bool,
    },
    Link,
    Record,
    ForwardingRule,
    RulesetLink,
    Network,
    Subnet,
    Client,
    /// Settings of an app, as a row.
    ClientPart,
    /// Any other resource that rules check.
    Other,
    /// A resource that is only read as a neighbour.
    Silent,
}

/// The facts of a row.
#[derive(Debug)]
pub(super) struct RowFacts {
    pub(super) kind: Kind,
    pub(super) facts: Vec<Fact>,
    /// Set if the row has to be part of every batch.
    pub(super) everywhere: Option<Everywhere>,
}

/// Why a row is part of every batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Everywhere {
    /// Its region determines the cloud; one row of each cloud is enough.
    Region(u8),
    /// It assigns a policy that affects all vaults or endpoints; one row of each policy is enough.
    Policy(u8),
    /// It is incomplete, so any row may depend on it.
    Unclear,
}

/// Reads the facts of a row. `mentions` returns whether its text contains a word.
pub(super) fn read(resource: Resource, whole: bool, mentions: &dyn Fn(&str) -> bool) -> RowFacts {
    let id = resource.id.clone();
    let unclear = !whole || resource.partially_parsed;
    let region = crate::model::region(&resource).map(|(cloud, _)| Everywhere::Region(cloud as u8));
    let lower = resource.kind.to_ascii_lowercase();
    let mut found = Facts { kind: Kind::Silent, facts: Vec::new() };
    found.add(About::Id, &id);
    let model = Model::of_one(resource);
    found.read(&model, &id, &lower);
    if found.kind == Kind::Silent
        && (lower.starts_with("microsoft.authorization/policy") || mentions("privatelink."))
    {
        found.kind = Kind::Other;
    }
    let policy = || {
        let all = policies::DEPLOY_LOGS.iter().chain([&policies::DEPLOY_ZONE_GROUP]).zip(0..);
        all.into_iter().find(|(policy, _)| model.assigns_policy(policy).is_true()).map(|(_, at)| at)
    };
    let is_policy = lower == names::POLICY_ASSIGNMENT.to_ascii_lowercase();
    let is_seen_by_all = match found.kind {
        Kind::Endpoint { .. } | Kind::Association | Kind::Link | Kind::Record | Kind::Network => true,
        _ => is_policy,
    };
    let everywhere = match () {
        () if unclear && is_seen_by_all => Some(Everywhere::Unclear),
        () if is_policy => policy().map(Everywhere::Policy),
        () => found.everywhere(&model).or(region),
    };
    RowFacts { kind: found.kind, facts: found.facts, everywhere }
}

struct Facts {
    kind: Kind,
    facts: Vec<Fact>,
}

impl Facts {
    fn add(&mut self, about: About, value: &Value) {
        self.facts.extend(Text::of(value).map(|text| text.about(about)));
    }

    fn add_name(&mut self, about: About, id: &Value) {
        self.add(about, &identity::last_name(id));
    }

    /// A subnet that the row is in or names, with its network.
    fn refer_to_subnet(&mut self, subnet: &Value) {
        self.add(About::Refers, subnet);
        self.add(About::Refers, &identity::network(subnet));
    }

    /// What a client calls through, whose network is that of the client.
    fn call_through(&mut self, id: &Value) {
        self.add(About::Refers, id);
        self.add(About::Through, id);
    }

    fn read(&mut self, model: &Model, id: &Value, kind: &str) {
        let parent = identity::parent(id).unwrap_or_default();
        for vault in &model.vaults {
            self.kind = Kind::Vault;
            self.add(About::VaultName, &vault.resource.name);
            for rule in vault.firewall.subnet_rules() {
                self.add(About::Admits, &rule.id);
                self.refer_to_subnet(&rule.id);
            }
        }
        for endpoint in &model.endpoints {
            if endpoint.resource.referenced {
                self.add(About::Names, &endpoint.resource.id);
                if self.kind != Kind::Vault {
                    self.kind = Kind::Connection;
                    self.add(About::Parent, &parent);
                    self.add_name(About::TargetName, &parent);
                }
                continue;
            }
            self.kind = Kind::Endpoint { of_vault: !model.vault_endpoints().is_empty() };
            for connection in &endpoint.connections {
                self.add(About::Target, &connection.target);
                self.add_name(About::TargetName, &connection.target);
            }
            self.add(About::Subnet, &endpoint.subnet);
            self.add(About::Network, &endpoint.network());
            self.refer_to_subnet(&endpoint.subnet);
            for address in endpoint.addresses() {
                self.add(About::Address, &address);
            }
        }
        for group in &model.zone_groups {
            self.kind = Kind::Group;
            self.add(About::Parent, &parent);
            group.zones().iter().for_each(|zone| self.add(About::Zone, zone));
        }
        for zone in &model.zones {
            let is_suffix = dns::is_public_suffix(zone.name());
            self.kind = Kind::Zone { is_suffix };
        }
        for link in &model.zone_links {
            self.kind = Kind::Link;
            self.add(About::Parent, &parent);
            let (zone, network) = (Text::of(&link.zone), Text::of(&link.network));
            self.add(About::LinkOf, &link.zone);
            self.facts
                .extend(zone.zip(network).map(|(zone, network)| zone.with(network).about(About::Linked)));
            if dns::is_private_zone(&link.zone_name).is_true() {
                self.add(About::LinkTo, &link.network);
            }
            if dns::is_about_vaults(&link.zone_name).is_true() {
                let name = Text::of(&link.zone_name);
                self.facts.extend(
                    name.zip(network).map(|(name, network)| name.with(network).about(About::LinkNamed)),
                );
            }
        }
        for record in &model.records {
            self.kind = Kind::Record;
            self.add(About::Parent, &parent);
            if model.vault_records().is_empty() {
                continue;
            }
            self.add(About::RecordName, &record.name);
            for item in &record.addresses.items {
                let address = item.value.get("ipv4Address");
                self.add(About::RecordAddress, &address);
                self.within(&address, true);
            }
        }
        for rule in &model.forwarding_rules {
            self.kind = Kind::ForwardingRule;
            self.add(About::Parent, &parent);
            rule.targets.iter().for_each(|server| self.add(About::Server, server));
        }
        for network in &model.networks {
            self.kind = Kind::Network;
            for item in network.address_prefixes.elements().items {
                if let Some(Ok(prefix)) = item.value.as_text().map(parse_rule) {
                    self.facts.push(Text::net(&prefix.net).about(About::Prefix));
                }
            }
            for server in network.dns_servers.elements().items {
                self.add(About::Server, &server.value);
                self.within(&server.value, false);
            }
        }
        for subnet in &model.subnets {
            if subnet.inline {
                self.add(About::HasSubnet, &subnet.resource.id);
            } else {
                self.kind = Kind::Subnet;
                self.add(About::Parent, &parent);
            }
        }
        for association in &model.associations {
            self.kind = Kind::Association;
            self.add(About::Target, &association.target);
            self.add(About::Profile, &association.profile);
        }
        for _ in &model.perimeters {
            self.kind = Kind::Other;
            self.add(About::Parent, &parent);
        }
        let roles = model.role_assignments.iter().map(|role| &role.scope);
        for scope in roles.chain(model.diagnostic_settings.iter().map(|setting| &setting.target)) {
            self.kind = Kind::Extension;
            self.add(About::Parent, scope);
            // A role assignment may be on a secret in the vault.
            self.add(About::Parent, &identity::parent(scope).unwrap_or_default());
        }
        let is_part = kind.strip_prefix(lower::WEB_SITE).is_some_and(|rest| rest.starts_with('/'))
            && kind != lower::WEB_SLOT;
        for client in &model.consumers {
            self.kind = if is_part { Kind::ClientPart } else { Kind::Client };
            let (ids, names) = client.named();
            ids.into_iter().for_each(|id| self.add(About::UsesId, id));
            self.facts.extend(names.into_iter().map(|name| Text::new(name).about(About::UsesName)));
            for subnet in &client.subnets {
                self.add(About::Subnet, subnet);
                self.refer_to_subnet(subnet);
            }
            let refers = crate::model::property;
            self.add(About::Refers, &refers(&client.resource, &["serverFarmId"]));
            let interfaces = refers(&client.resource, &["networkProfile", "networkInterfaces"]);
            for item in interfaces.elements().items {
                self.call_through(&item.value.get("id"));
            }
            for key in ["managedEnvironmentId", "environmentId"] {
                self.call_through(&refers(&client.resource, &[key]));
            }
            if identity::is_of_type(&parent, names::CONTAINER_ENVIRONMENT) == Some(true) {
                self.call_through(&parent);
            }
        }
        let environments = model.others.iter().chain(model.consumers.iter().map(|client| &client.resource));
        for environment in environments.filter(|_| kind == lower::CONTAINER_ENVIRONMENT) {
            let subnet =
                crate::model::property(environment, &["vnetConfiguration", "infrastructureSubnetId"]);
            self.add(About::Subnet, &subnet);
            self.refer_to_subnet(&subnet);
        }
        if is_part {
            self.kind = Kind::ClientPart;
            self.add(About::Parent, &parent);
        }
        for other in &model.others {
            match kind {
                lower::VAULT_ACCESS_POLICIES => {
                    self.kind = Kind::Extension;
                    self.add(About::Parent, &parent);
                }
                lower::FORWARDING_RULESET_LINK => {
                    self.kind = Kind::RulesetLink;
                    self.add(About::Ruleset, &parent);
                }
                lower::INBOUND_ENDPOINT => {
                    for config in crate::model::property(other, &["ipConfigurations"]).elements().items {
                        let subnet = crate::model::wrapped(&config.value, "subnet").get("id");
                        self.add(About::Network, &identity::network(&subnet));
                        self.add(About::Address, &crate::model::wrapped(&config.value, "privateIpAddress"));
                    }
                }
                lower::NETWORK_INTERFACE => {
                    for config in crate::model::property(other, &["ipConfigurations"]).elements().items {
                        let subnet = crate::model::wrapped(&config.value, "subnet").get("id");
                        self.add(About::Subnet, &subnet);
                        self.refer_to_subnet(&subnet);
                    }
                }
                _ if is_part => {
                    let subnet = crate::model::property(other, &["subnetResourceId"]);
                    self.add(About::Subnet, &subnet);
                    self.refer_to_subnet(&subnet);
                }
                _ => {}
            }
        }
    }

    /// The ranges that may contain an address, except those that are private everywhere.
    fn within(&mut self, address: &Value, if_public: bool) {
        let Some(Ok(address)) = address.as_text().map(parse_rule) else { return };
        if if_public && ranges::private_range(&address.net).is_some() {
            return;
        }
        for length in (0..=address.net.prefix_len()).rev() {
            let net = Ipv4Net::new(address.net.addr(), length).ok();
            self.facts.extend(net.map(|net| Text::net(&net).about(About::Within)));
        }
    }

    /// A network with unknown prefixes may contain any address.
    fn everywhere(&self, model: &Model) -> Option<Everywhere> {
        let is_open = model.networks.iter().any(|network| {
            let prefixes = network.address_prefixes.elements();
            prefixes.open.is_some() || prefixes.items.iter().any(|item| item.value.as_text().is_none())
        });
        is_open.then_some(Everywhere::Unclear)
    }
}
