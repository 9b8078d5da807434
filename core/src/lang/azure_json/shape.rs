//! What Azure's output of each type looks like.

use crate::azure::names;
use crate::lang::source::{member, object, text};
use crate::syntax::json::{Node, Object};

/// One type as Azure prints it.
pub(super) struct Shape {
    /// ARM type, as documentation spells it.
    pub(super) kind: &'static str,
    /// Properties of which Azure prints at least one: a row without any of them shows only part of the resource
    /// (`az resource list`, a projection), and what it lacks is unknown. Empty when nothing but the name matters.
    pub(super) always: &'static [&'static str],
    /// Properties that together tell the type of a row that names none.
    tell: &'static [&'static str],
}

/// The types whose parts decide about a network. Sources: F1.60, F1.61, F1.63, F1.64, F1.65.
const SHAPES: &[Shape] = &[
    Shape { kind: names::VAULT, always: &["sku", "tenantId", "vaultUri"], tell: &["vaultUri", "tenantId"] },
    Shape { kind: names::MANAGED_HSM, always: &["hsmUri", "tenantId"], tell: &["hsmUri", "tenantId"] },
    Shape {
        kind: names::VAULT_PRIVATE_ENDPOINT_CONNECTION,
        always: &["privateLinkServiceConnectionState", "privateEndpoint"],
        tell: &[],
    },
    Shape {
        kind: names::HSM_PRIVATE_ENDPOINT_CONNECTION,
        always: &["privateLinkServiceConnectionState", "privateEndpoint"],
        tell: &[],
    },
    Shape {
        kind: names::PRIVATE_ENDPOINT,
        always: &["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"],
        tell: &["privateLinkServiceConnections", "manualPrivateLinkServiceConnections", "provisioningState"],
    },
    Shape {
        kind: names::ZONE_GROUP,
        always: &["privateDnsZoneConfigs"],
        tell: &["privateDnsZoneConfigs", "provisioningState"],
    },
    Shape {
        kind: names::PRIVATE_DNS_ZONE,
        always: &[],
        tell: &["numberOfRecordSets", "numberOfVirtualNetworkLinks"],
    },
    Shape {
        kind: names::ZONE_LINK,
        always: &["virtualNetwork"],
        tell: &["virtualNetwork", "registrationEnabled", "provisioningState"],
    },
    Shape { kind: names::A_RECORD, always: &["aRecords", "ttl"], tell: &["aRecords", "ttl", "fqdn"] },
    Shape {
        kind: names::VIRTUAL_NETWORK,
        always: &["addressSpace"],
        tell: &["addressSpace", "subnets", "provisioningState"],
    },
    Shape {
        kind: names::SUBNET,
        always: &["addressPrefix", "addressPrefixes"],
        tell: &["privateEndpointNetworkPolicies", "provisioningState"],
    },
    Shape { kind: names::PERIMETER_ACCESS_RULE, always: &["direction", "addressPrefixes"], tell: &[] },
    Shape { kind: names::PERIMETER_ASSOCIATION, always: &["privateLinkResource"], tell: &[] },
];

/// The shape of a type, in any case.
pub(super) fn of_kind(kind: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.kind.eq_ignore_ascii_case(kind))
}

/// The shape of a row that names neither an id nor a type.
pub(super) fn of_row(row: &Object) -> Option<&'static Shape> {
    let properties = member(row, "properties").and_then(object).unwrap_or(row);
    SHAPES.iter().find(|shape| {
        !shape.tell.is_empty() && shape.tell.iter().all(|key| member(properties, key).is_some())
    })
}

/// Whether this is the rule set of a vault and nothing else, as `az keyvault network-rule list` prints it (F1.62).
pub(super) fn is_rule_set(row: &Object) -> bool {
    const KEYS: &[&str] = &["bypass", "defaultAction", "ipRules", "virtualNetworkRules", "serviceTags"];
    let is_list = |key| matches!(member(row, key), Some(Node::Array(_) | Node::NullKeyword(_)));
    row.properties.iter().all(|prop| KEYS.iter().any(|key| prop.name.as_str().eq_ignore_ascii_case(key)))
        && member(row, "defaultAction").is_some_and(|node| text(node).is_some())
        && member(row, "bypass").is_some()
        && is_list("ipRules")
        && is_list("virtualNetworkRules")
}
