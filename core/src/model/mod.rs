//! The network model: what the resources of an environment mean for a vault, and how they refer to one another.

mod absence;
pub mod address_plan;
pub mod app;
mod automation;
mod build;
mod cloud;
mod connections;
pub mod consumer;
mod content;
pub mod diagnostics;
pub mod dns;
pub mod endpoint;
mod exposure;
mod extension;
pub mod identity;
mod ids;
mod incremental;
pub mod ip_rule;
mod links;
mod lookup;
mod managed;
pub mod network;
mod pairs;
pub mod perimeter;
pub mod permission;
mod permitted;
mod presence;
mod properties;
pub mod registration;
mod site;
mod trust;
mod unread;
pub mod vault;

pub use address_plan::AddressPlan;
pub use app::{AppAddresses, Setting};
pub use cloud::{Clouds, region};
pub use connections::EndpointConnection;
pub use consumer::Consumer;
pub use content::is_made_before;
pub use diagnostics::DiagnosticSetting;
pub use dns::{ForwardingRule, Record, Zone, ZoneGroup, ZoneLink};
pub use endpoint::{Connection, PrivateEndpoint, StaticAddress};
pub use identity::key;
pub use ids::Ids;
pub use ip_rule::{IpRule, Reading, SureNet};
pub use managed::ManagedEndpoint;
pub use network::{Network, Subnet};
pub use pairs::MAX_PAIRS;
pub use perimeter::{Association, Perimeter};
pub use permission::RoleAssignment;
pub use presence::{comes_with, is_deployed};
pub use properties::{property, wrapped};
pub use registration::{Registration, is_written_in};
pub use site::{DnsForwarders, Site};
pub use trust::Trust;
pub use unread::Unread;
pub use vault::{Firewall, SubnetRule, Vault, VaultConnection};

use crate::eval::{Assumptions, Truth};
use crate::lang::{Lists, Resource};
use crate::text::Place;
use connections::{ConnectionsOf, Found};
use ids::ByText;
use links::Links;
use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Everything one check sees, typed and linked.
#[derive(Debug, Default)]
pub struct Model {
    /// Vaults and managed HSMs.
    pub vaults: Vec<Vault>,
    /// Private endpoints.
    pub endpoints: Vec<PrivateEndpoint>,
    /// Private endpoints in networks that services manage.
    pub managed_endpoints: Vec<ManagedEndpoint>,
    /// Private DNS zones.
    pub zones: Vec<Zone>,
    /// Links from zones to networks.
    pub zone_links: Vec<ZoneLink>,
    /// Zone groups of endpoints.
    pub zone_groups: Vec<ZoneGroup>,
    /// A records in private zones.
    pub records: Vec<Record>,
    /// Rules of forwarding rulesets.
    pub forwarding_rules: Vec<ForwardingRule>,
    /// Virtual networks.
    pub networks: Vec<Network>,
    /// Subnets, inline ones too.
    pub subnets: Vec<Subnet>,
    /// Resources that call vaults.
    pub consumers: Vec<Consumer>,
    /// Associations of resources with network security perimeters.
    pub associations: Vec<Association>,
    /// Network security perimeters with their rules.
    pub perimeters: Vec<Perimeter>,
    /// Role assignments.
    pub role_assignments: Vec<RoleAssignment>,
    /// Diagnostic settings.
    pub diagnostic_settings: Vec<DiagnosticSetting>,
    /// Everything else.
    pub others: Vec<Resource>,
    /// What deployments give back, each as a resource that has the outputs for properties.
    pub outputs: Vec<Resource>,
    /// Deployments of which it is unknown what they deploy.
    pub unread: Unread,
    /// Set when resources are left out because their ids may mean too many others: the first of them.
    pub bounded_at: Option<Place>,
    /// What parameter defaults leave out: that it is absent rests on them.
    pub left_out: Vec<Resource>,
    /// Whether what is not here does not exist, whatever it is; see [`Model::knows`].
    pub complete: bool,
    /// Which Azure the files are for.
    pub clouds: Clouds,
    /// What the configuration states about the network around the files.
    pub site: Site,
    /// What was listed as a whole.
    lists: Lists,
    /// Which endpoints may connect to a vault, by the normal form of its id; those that surely do not are left out.
    endpoints_by_vault: HashMap<Rc<str>, ConnectionsOf>,
    /// Which endpoints may be a vault's (or a managed HSM's, then it is set): many rules ask.
    of_vaults: OnceCell<Vec<Found>>,
    /// Connections to vaults, as the ids of their targets say.
    to_vaults: OnceCell<Vec<Found>>,
    /// What is written about a vault in resources of their own, by its key.
    extensions: HashMap<Rc<str>, extension::Extensions>,
    /// Networks and subnets by the normal form of their id.
    network_by_id: HashMap<Rc<str>, usize>,
    subnet_by_id: HashMap<Rc<str>, usize>,
    vault_ids: Ids,
    zone_ids: Ids,
    endpoint_ids: Ids,
    network_ids: Ids,
    subnet_ids: Ids,
    /// Links by zone and network.
    links: Links,
    /// Records by their name and their addresses.
    records_by_text: ByText,
    vault_records: dns::RecordsOfVaults,
    /// Which consumers may use a vault, by its key.
    clients: HashMap<Rc<str>, Vec<usize>>,
    /// Associations and what is written into vaults, by the ids that are looked for.
    association_targets: OnceCell<(Ids, Assumptions)>,
    content_vaults: OnceCell<Ids>,
    /// How often something that is left out was compared with an id.
    compared: Cell<u32>,
    /// Which zone groups an endpoint has or may have, by its key.
    groups_of: HashMap<Rc<str>, Vec<(usize, Truth)>>,
}
