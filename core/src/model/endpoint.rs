//! Private endpoints.

use super::vault::VaultConnection;
use super::{identity, property, wrapped};
use crate::azure::names::{HSM_GROUP, VAULT_GROUP};
use crate::eval::{Elements, Truth, Value};
use crate::lang::Resource;

/// A private endpoint.
#[derive(Clone, Debug)]
pub struct PrivateEndpoint {
    /// The resource.
    pub resource: Resource,
    /// What it connects to.
    pub connections: Vec<Connection>,
    /// Set when there may be connections that cannot be seen.
    pub open: bool,
    /// Id of the subnet it has its address in.
    pub subnet: Value,
    /// `ipConfigurations`: static addresses.
    pub ip_configurations: Elements,
    /// `customDnsConfigs`: the names and addresses it got, where no zone group took them; null in a template.
    pub dns_configs: Value,
}

/// One connection of a private endpoint.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The connection as written.
    pub value: Value,
    /// Id of the resource it connects to.
    pub target: Value,
    /// `groupIds` as written.
    pub group_ids: Value,
    /// Whether somebody has to approve it (F4.2).
    pub manual: bool,
    /// `Pending`, `Approved`, `Rejected` or `Disconnected`; null in a template.
    pub status: Value,
}

/// An endpoint has one connection; who says more is not believed for ever.
const MAX_CONNECTIONS: usize = 16;

impl PrivateEndpoint {
    pub(super) fn new(resource: Resource) -> Self {
        let mut connections = Vec::new();
        let mut open = false;
        for (key, manual) in
            [("privateLinkServiceConnections", false), ("manualPrivateLinkServiceConnections", true)]
        {
            let list = property(&resource, &[key]).elements();
            open |= list.open.is_some();
            for item in list.items {
                let value = item.value;
                connections.push(Connection {
                    target: wrapped(&value, "privateLinkServiceId"),
                    group_ids: wrapped(&value, "groupIds"),
                    status: wrapped(&value, "privateLinkServiceConnectionState").get("status"),
                    manual,
                    value,
                });
            }
        }
        let subnet = property(&resource, &["subnet", "id"]);
        let ip_configurations = property(&resource, &["ipConfigurations"]).elements();
        let dns_configs = property(&resource, &["customDnsConfigs"]);
        Self { resource, connections, open, subnet, ip_configurations, dns_configs }
    }

    /// The endpoint that a vault says it is connected to and that is not in the files: all that is known of it is that.
    pub(super) fn named_by(vault: &Value, told: &VaultConnection) -> Self {
        let id = told.endpoint.clone();
        let name = identity::last(&id).unwrap_or_else(|| id.clone());
        let kind = "Microsoft.Network/privateEndpoints";
        let place = told.value.place.unwrap_or_default();
        let mut endpoint = Self::new(Resource {
            kind: kind.into(),
            address: format!("{kind}/{}", name.display()),
            name,
            id,
            api_version: Value::null(),
            body: Value::null().at(Some(place)),
            existing: true,
            condition: Value::bool(true),
            repeated: false,
            damaged: false,
            place,
        });
        endpoint.add(vault, told);
        endpoint
    }

    /// What the vault with that id says of its connection to this endpoint.
    pub(super) fn add(&mut self, vault: &Value, told: &VaultConnection) {
        let full = self.connections.len() >= MAX_CONNECTIONS;
        match self.connections.iter_mut().find(|known| identity::same(&known.target, vault).is_true()) {
            // The endpoint's own word counts; a template has none.
            Some(known) if known.status.is_null() => known.status = told.status.clone(),
            Some(_) => {}
            None if full => {}
            None => {
                // A vault has one group, a managed HSM another (F4.1).
                let is_hsm = identity::is_of_type(vault, "Microsoft.KeyVault/managedHSMs") == Some(true);
                self.connections.push(Connection {
                    target: vault.clone(),
                    group_ids: Value::array(vec![Value::text(if is_hsm { "managedhsm" } else { "vault" })]),
                    manual: false,
                    status: told.status.clone(),
                    value: told.value.clone(),
                });
            }
        }
        // There are no others.
        self.open = false;
    }

    /// Whether requests may pass: one of its connections is not known to be refused or cut (F4.3).
    pub fn is_live(&self) -> Truth {
        let dead = |status: &Value| status.is_word("Rejected").or(status.is_word("Disconnected"));
        let all_dead = self
            .connections
            .iter()
            .fold(Truth::of(!self.open), |all, connection| all.and(dead(&connection.status)));
        all_dead.negate()
    }

    /// Whether it connects to the resource of that id.
    pub fn connects_to(&self, id: &Value) -> Truth {
        let mut any = Truth::of(false);
        for connection in &self.connections {
            let same = identity::same(&connection.target, id);
            // What may be any resource is no vault when its group is another service's (F4.1).
            any = any.or(if same.is_unknown() { same.and(connection.may_be_vault()) } else { same });
        }
        if self.open { any.or(Truth::Unknown(identity::open(id))) } else { any }
    }
}

impl Connection {
    /// Whether its groups are those of a vault or managed HSM, as far as they can be seen.
    fn may_be_vault(&self) -> Truth {
        let groups = self.group_ids.elements();
        let known = groups.items.iter().fold(Truth::of(groups.items.is_empty()), |any, group| {
            any.or(group.value.is_word(VAULT_GROUP)).or(group.value.is_word(HSM_GROUP))
        });
        match groups.open {
            Some(depends) => known.or(Truth::Unknown(depends)),
            None => known,
        }
    }
}
