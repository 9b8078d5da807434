//! Private endpoints.

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
        Self { resource, connections, open, subnet, ip_configurations }
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
        if self.open || self.resource.existing { any.or(Truth::Unknown(identity::open(id))) } else { any }
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
