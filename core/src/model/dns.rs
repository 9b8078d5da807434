//! Private DNS: zones, links, zone groups and records.

use super::{property, wrapped};
use crate::eval::{Elements, Value};
use crate::lang::Resource;

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
    /// `privateDnsZoneConfigs`.
    pub configs: Elements,
}

/// An A record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The resource; its name is `zone/record`.
    pub resource: Resource,
    /// Id of the zone.
    pub zone: Value,
    /// The `aRecords`.
    pub addresses: Elements,
}

impl Zone {
    pub(super) fn new(resource: Resource) -> Self {
        Self { resource }
    }
}

impl ZoneLink {
    pub(super) fn new(resource: Resource) -> Self {
        Self {
            zone: super::identity::parent(&resource.id).unwrap_or_default(),
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
        Self {
            endpoint: super::identity::parent(&resource.id).unwrap_or_default(),
            configs: property(&resource, &["privateDnsZoneConfigs"]).elements(),
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
        Self {
            zone: super::identity::parent(&resource.id).unwrap_or_default(),
            addresses: property(&resource, &["aRecords"]).elements(),
            resource,
        }
    }
}
