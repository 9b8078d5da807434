//! Private endpoints.

use super::vault::VaultConnection;
use super::{identity, property, wrapped};
use crate::azure::names;
use crate::azure::service::VAULT;
use crate::azure::{SERVICES, Service};
use crate::eval::{Elements, Truth, Value};
use crate::lang::Resource;

/// A private endpoint.
#[derive(Clone, Debug)]
pub struct PrivateEndpoint {
    /// The resource.
    pub resource: Resource,
    /// What it connects to.
    pub connections: Vec<Connection>,
    /// Set when there may be connections that cannot be seen: one of them, of which nothing is known.
    pub unseen: Option<Connection>,
    /// Id of the subnet it has its address in.
    pub subnet: Value,
    /// `ipConfigurations`: static addresses.
    pub ip_configurations: Elements,
    /// `customDnsConfigs`: the names and addresses it got, where no zone group took them; null in a template.
    pub dns_configs: Value,
}

/// One connection as a private endpoint has it written.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// The connection as written.
    pub value: Value,
    /// Id of the resource it connects to.
    pub target: Value,
    /// `groupIds` as written.
    pub group_ids: Value,
    /// Whether the owner of the target has to approve it (F4.2).
    pub manual: bool,
    /// `Pending`, `Approved`, `Rejected` or `Disconnected`; null in a template.
    pub status: Value,
    /// `requestMessage`: the message to the owner who has to approve it.
    pub message: Value,
}

/// An entry of `ipConfigurations`: an address that is not left to Azure.
#[derive(Clone, Debug)]
pub struct StaticAddress {
    /// The entry as written.
    pub value: Value,
    /// Whether it is in the list.
    pub present: Truth,
    /// `groupId`.
    pub group: Value,
    /// `memberName`.
    pub member: Value,
    /// `privateIPAddress`.
    pub address: Value,
}

/// An endpoint has one connection; who says more is not believed for ever.
const MAX_CONNECTIONS: usize = 16;

impl PrivateEndpoint {
    pub(super) fn new(resource: Resource) -> Self {
        let mut connections = Vec::new();
        let mut unseen = None;
        for (key, manual) in
            [("privateLinkServiceConnections", false), ("manualPrivateLinkServiceConnections", true)]
        {
            let list = property(&resource, &[key]).elements();
            unseen = unseen.or(list.open.map(|_| Connection::default()));
            for item in list.items {
                let value = item.value;
                connections.push(Connection {
                    target: wrapped(&value, "privateLinkServiceId"),
                    group_ids: wrapped(&value, "groupIds"),
                    status: wrapped(&value, "privateLinkServiceConnectionState").get("status"),
                    message: wrapped(&value, "requestMessage"),
                    manual,
                    value,
                });
            }
        }
        let subnet = property(&resource, &["subnet", "id"]);
        let ip_configurations = property(&resource, &["ipConfigurations"]).elements();
        let dns_configs = property(&resource, &["customDnsConfigs"]);
        Self { resource, connections, unseen, subnet, ip_configurations, dns_configs }
    }

    /// The endpoint that a vault says it is connected to and that is not in the files: all that is known of it is that.
    pub(super) fn named_by(vault: &Value, shown: &VaultConnection) -> Self {
        let id = shown.endpoint.clone();
        let name = identity::last(&id).unwrap_or_else(|| id.clone());
        let kind = names::PRIVATE_ENDPOINT;
        let place = shown.value.place.unwrap_or_default();
        let mut endpoint = Self::new(Resource {
            kind: kind.into(),
            address: format!("{kind}/{}", name.display()),
            name,
            id,
            api_version: Value::null(),
            body: Value::null().at(Some(place)),
            referenced: true,
            condition: Value::bool(true),
            repeated: false,
            partially_parsed: false,
            only_created: false,
            made_as: None,
            provider: None,
            place,
        });
        endpoint.add(vault, shown);
        endpoint
    }

    /// Adds the connection as the vault with that id shows it.
    pub(super) fn add(&mut self, vault: &Value, shown: &VaultConnection) {
        let full = self.connections.len() >= MAX_CONNECTIONS;
        match self.connections.iter_mut().find(|known| identity::same(&known.target, vault).is_true()) {
            // The endpoint's own word counts; a template has none.
            Some(known) if known.status.is_null() => known.status = shown.status.clone(),
            Some(_) => {}
            None if full => {}
            None => {
                let is_of = |service: &&Service| identity::is_of_type(vault, service.kind) == Some(true);
                let service = SERVICES.into_iter().find(is_of).unwrap_or(&VAULT);
                self.connections.push(Connection {
                    target: vault.clone(),
                    group_ids: Value::array(vec![Value::text(service.group)]),
                    manual: false,
                    status: shown.status.clone(),
                    message: Value::null(),
                    value: shown.value.clone(),
                });
            }
        }
        // There are no others.
        self.unseen = None;
    }

    /// Whether requests may pass: one of its connections is not known to be refused or cut (F4.3).
    pub fn is_live(&self) -> Truth {
        let dead = |status: &Value| status.is_word("Rejected").or(status.is_word("Disconnected"));
        let all_dead = self
            .connections
            .iter()
            .fold(Truth::of(self.unseen.is_none()), |all, connection| all.and(dead(&connection.status)));
        all_dead.negate()
    }

    /// Whether another one may connect to what it connects to.
    pub fn may_share_target(&self, other: &Self) -> bool {
        let mut pairs =
            self.connections.iter().flat_map(|one| other.connections.iter().map(move |two| (one, two)));
        self.unseen.is_some()
            || other.unseen.is_some()
            || pairs.any(|(one, two)| !identity::same(&one.target, &two.target).is_false())
    }

    /// Whether another one is in the same network: the ids of their networks are the same, or those of their subnets.
    pub fn shares_network(&self, other: &Self) -> Truth {
        let (a, b) = (&self.subnet, &other.subnet);
        match (identity::parent(a), identity::parent(b)) {
            (Some(a), Some(b)) => identity::same(&a, &b),
            _ => {
                let same = identity::same(a, b);
                if same.is_true() { same } else { Truth::Unknown(a.depends().and(b.depends())) }
            }
        }
    }

    /// Whether all that it connects to is of a service without vaults.
    pub(super) fn is_of_other_service(&self) -> bool {
        self.unseen.is_none()
            && self.connections.iter().all(|connection| connection.may_be_to_vault().is_false())
    }

    /// Whether it connects to the resource of that id.
    pub fn connects_to(&self, id: &Value) -> Truth {
        let mut any = Truth::of(false);
        for connection in &self.connections {
            let same = identity::same(&connection.target, id);
            // What may be any resource is not a vault when its group is another service's (F4.1).
            any = any.or(if same.is_unknown() { same.and(connection.may_be_to_vault()) } else { same });
        }
        if self.unseen.is_some() { any.or(Truth::Unknown(identity::open(id))) } else { any }
    }
}

impl PrivateEndpoint {
    /// Whether Terraform ignores changes of its zone group, as who leaves that to a policy does (F7.11).
    pub fn leaves_zone_group(&self) -> bool {
        self.resource.provider.as_ref().is_some_and(|provider| {
            provider.ignores.iter().any(|name| matches!(&**name, "*" | "private_dns_zone_group"))
        })
    }

    /// Its static addresses, as far as they can be seen.
    pub fn static_addresses(&self) -> Vec<StaticAddress> {
        let mut found = Vec::with_capacity(self.ip_configurations.items.len());
        for item in &self.ip_configurations.items {
            found.push(StaticAddress {
                group: wrapped(&item.value, "groupId"),
                member: wrapped(&item.value, "memberName"),
                address: wrapped(&item.value, "privateIPAddress"),
                value: item.value.clone(),
                present: item.present.clone(),
            });
        }
        found
    }

    /// Whether it carries traffic to the resource of that id, which is such a resource.
    pub fn serves(&self, id: &Value, to: &Service) -> Truth {
        let mut any = Truth::of(false);
        for connection in &self.connections {
            let serves = identity::same(&connection.target, id).and(connection.has_group(to.group));
            any = any.or(serves.and(connection.is_live()));
        }
        if self.unseen.is_some() { any.or(Truth::Unknown(identity::open(id))) } else { any }
    }
}

impl Connection {
    /// The object with its properties: itself in the flattened shape.
    pub fn properties(&self) -> Value {
        let inner = self.value.get("properties");
        if inner.is_null() { self.value.clone() } else { inner }
    }

    /// Whether its target is such a resource: the id says so, also of one that is not in the files.
    pub fn is_to(&self, to: &Service) -> Truth {
        identity::is_of(&self.target, to.kind)
    }

    /// Whether its groups, if it has any, are those of a vault or managed HSM.
    fn may_be_to_vault(&self) -> Truth {
        self.group_ids.elements().any().negate().or(self.has_vault_group())
    }

    /// Whether it names that group (F4.1).
    pub fn has_group(&self, group: &str) -> Truth {
        self.group_ids.elements().any_is(&|value| value.is_word(group))
    }

    /// Whether one of its groups is a vault's or managed HSM's.
    pub fn has_vault_group(&self) -> Truth {
        let mut any = Truth::of(false);
        for to in SERVICES {
            any = any.or(self.has_group(to.group));
        }
        any
    }

    /// Whether it still awaits approval (F4.2, F4.3). A template says no state: a manual connection starts so.
    pub fn awaits_approval(&self) -> Truth {
        let starts_pending = Truth::of(self.manual).and(self.status.is_set().negate());
        self.status.is_word("Pending").or(starts_pending)
    }

    /// Whether it was rejected or cut (F4.3).
    pub fn is_cut(&self) -> Truth {
        self.status.is_word("Rejected").or(self.status.is_word("Disconnected"))
    }

    /// Whether it carries traffic: only an approved one does (F4.3).
    pub fn is_live(&self) -> Truth {
        self.awaits_approval().or(self.is_cut()).negate()
    }
}
