//! Private endpoints that a service has in a network of its own: managed private endpoints, shared private links.

use super::{Model, Vault, comes_with, identity, property};
use crate::azure::names::{MANAGED_ENDPOINTS, ML_OUTBOUND_RULE, ML_WORKSPACE, STREAM_ANALYTICS_ENDPOINT};
use crate::eval::{Truth, Unknowns, Value};
use crate::lang::Resource;

/// A private endpoint in a network that a service manages. It waits until the owner of the vault approves it, and serves
/// that service alone (F5.42).
#[derive(Clone, Debug)]
pub struct ManagedEndpoint {
    /// The resource that is it, or that has it in a list.
    pub resource: Resource,
    /// Id of what it connects to.
    pub target: Value,
    /// Its state, where that is written.
    pub status: Value,
}

const DESTINATION: &[&str] = &["destination", "serviceResourceId"];

/// Where a resource of that type says what it connects to.
fn path_of_target(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        kind if kind.eq_ignore_ascii_case(ML_OUTBOUND_RULE) => Some(DESTINATION),
        kind if kind.eq_ignore_ascii_case(STREAM_ANALYTICS_ENDPOINT) => {
            Some(&["manualPrivateLinkServiceConnections"])
        }
        kind => {
            let is_one = MANAGED_ENDPOINTS.iter().any(|known| known.eq_ignore_ascii_case(kind));
            is_one.then_some(&["privateLinkResourceId"])
        }
    }
}

impl ManagedEndpoint {
    /// The managed endpoints that a resource of that type (in lower case) is or has.
    pub(super) fn all_of(kind: &str, resource: &Resource) -> Vec<Self> {
        let one = |target: Value, status: Value| Self { resource: resource.clone(), target, status };
        if kind.eq_ignore_ascii_case(ML_WORKSPACE) {
            let rules = property(resource, &["managedNetwork", "outboundRules"]);
            let rules = rules.as_object().map(|rules| rules.fields().to_vec()).unwrap_or_default();
            let rules =
                rules.into_iter().map(|rule| one(rule.value.path(DESTINATION), rule.value.get("status")));
            return rules.filter(|rule| !rule.target.is_null()).collect();
        }
        let is_rule = kind.eq_ignore_ascii_case(ML_OUTBOUND_RULE);
        let Some(path) = path_of_target(kind) else { return Vec::new() };
        let target = property(resource, path);
        let first = target
            .elements()
            .items
            .into_iter()
            .next()
            .filter(|_| path.len() == 1 && target.as_array().is_some());
        let target = match first {
            Some(connection) => super::wrapped(&connection.value, "privateLinkServiceId"),
            None => target,
        };
        let (state, status) =
            (property(resource, &["connectionState", "status"]), property(resource, &["status"]));
        // The state of an outbound rule is whether it is active, which says the same.
        let status = if is_rule || state.is_null() { status } else { state };
        Vec::from_iter(Some(one(target, status)).filter(|one| !one.target.is_null()))
    }

    /// Whether it belongs to the resource of that id, or to what that is a part of.
    fn is_of(&self, id: &Value) -> Truth {
        match (identity::top(&self.resource.id), identity::top(id)) {
            (Some(own), Some(other)) => identity::same(&own, &other),
            _ => Truth::of(false),
        }
    }
}

impl Model {
    /// The managed endpoints that connect to a vault, each with whether they surely do.
    pub fn managed_endpoints_of<'m>(&'m self, vault: &Vault) -> Vec<(&'m ManagedEndpoint, Truth)> {
        let all = self.managed_endpoints.iter();
        let all = all.map(|endpoint| (endpoint, identity::same(&endpoint.target, &vault.resource.id)));
        all.filter(|(_, connects)| !connects.is_false()).collect()
    }

    /// Whether a managed endpoint here connects to a vault.
    pub fn has_managed_endpoint(&self, vault: &Vault) -> Truth {
        self.managed_endpoints_of(vault).into_iter().fold(Truth::of(false), |any, (endpoint, connects)| {
            let dead = endpoint.status.is_word("Rejected").or(endpoint.status.is_word("Disconnected"));
            any.or(connects.and(comes_with(&vault.resource, &endpoint.resource)).and(dead.negate()))
        })
    }

    /// Whether a managed endpoint is approved. That may be done by hand, or by a connection of the vault that the files
    /// have.
    pub fn is_approved(&self, endpoint: &ManagedEndpoint, vault: &Vault) -> Truth {
        let approved = endpoint.status.is_word("Approved").or(endpoint.status.is_word("Active"));
        if !endpoint.status.is_null() {
            return approved;
        }
        let is_approving = vault.connections.iter().any(|connection| {
            connection.endpoint.is_null() && !connection.status.is_word("Approved").is_false()
        });
        match is_approving {
            true => Truth::Unknown(Unknowns::of(format!(
                "whether it is `{}` that the connection approves",
                identity::label(&endpoint.resource.id)
            ))),
            false => Truth::of(false),
        }
    }

    /// Whether a resource reaches a vault through a managed endpoint of its own: open until that is approved.
    pub fn reaches_by_managed_endpoint(&self, vault: &Vault, resource: &Resource) -> Truth {
        self.managed_endpoints_of(vault).into_iter().fold(Truth::of(false), |any, (endpoint, connects)| {
            let is_own =
                endpoint.is_of(&resource.id).and(connects).and(comes_with(resource, &endpoint.resource));
            if is_own.is_false() {
                return any;
            }
            let approved = self.is_approved(endpoint, vault);
            let approved = match approved.is_false() && endpoint.status.is_null() {
                true => Truth::Unknown(Unknowns::of(format!(
                    "the approval of `{}`",
                    identity::label(&endpoint.resource.id)
                ))),
                false => approved,
            };
            any.or(is_own.and(approved))
        })
    }
}
