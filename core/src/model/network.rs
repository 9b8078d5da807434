//! Virtual networks and subnets.

use super::{AddressPlan, identity, property, wrapped};
use crate::azure::names;
use crate::eval::{Elements, Truth, Value};
use crate::lang::Resource;
use crate::text::Name;
use std::rc::Rc;

/// A virtual network.
#[derive(Clone, Debug)]
pub struct Network {
    /// The resource.
    pub resource: Resource,
    /// `addressSpace.addressPrefixes`.
    pub address_prefixes: Value,
    /// `dhcpOptions.dnsServers`: its own DNS servers instead of Azure's (F4.52).
    pub dns_servers: Value,
    /// The subnets written inside it.
    pub subnets: Elements,
}

/// A subnet.
#[derive(Clone, Debug)]
pub struct Subnet {
    /// The resource; for one written inside its network, made up from it.
    pub resource: Resource,
    /// Whether it is written inside its network.
    pub inline: bool,
    /// `addressPrefix`, or `addressPrefixes`.
    pub address_prefixes: Value,
    /// `serviceEndpoints`.
    pub service_endpoints: Elements,
    /// `delegations`.
    pub delegations: Elements,
    /// `privateEndpointNetworkPolicies`.
    pub network_policies: Value,
    /// Id of its network security group.
    pub security_group: Value,
    /// Id of its route table.
    pub route_table: Value,
}

impl Network {
    /// Whether an export names it by its id and shows nothing of it: then it is like any network that is not in the files.
    pub fn is_named_only(&self) -> bool {
        self.resource.referenced && self.resource.is_shown()
    }

    pub(super) fn new(resource: Resource) -> Self {
        Self {
            address_prefixes: property(&resource, &["addressSpace", "addressPrefixes"]),
            dns_servers: property(&resource, &["dhcpOptions", "dnsServers"]),
            subnets: property(&resource, &["subnets"]).elements(),
            resource,
        }
    }

    /// The subnets written inside it, as resources of their own.
    pub fn inline_subnets(&self) -> Vec<Subnet> {
        let parent = &self.resource;
        self.subnets
            .items
            .iter()
            .map(|item| {
                let name = item.value.get("name");
                let slash = |a: &Value, b: Value| Value::concat(&[a.clone(), Value::text("/"), b]);
                let full_name = slash(&parent.name, name.clone());
                let kind: Rc<str> = Rc::from(names::SUBNET);
                let mut subnet = Subnet::new(Resource {
                    address: format!("{kind}/{}", full_name.display()),
                    id: Value::concat(&[parent.id.clone(), Value::text("/subnets/"), name]),
                    name: full_name,
                    kind,
                    body: item.value.clone(),
                    place: item.value.place.unwrap_or(parent.place),
                    ..parent.clone()
                });
                subnet.inline = true;
                subnet
            })
            .collect()
    }

    /// The addresses it has.
    pub fn address_plan(&self) -> AddressPlan {
        AddressPlan::read(&self.address_prefixes)
    }

    /// Whether all its subnets are in the files: none of them can be written where we do not see it. A network that
    /// lists subnets has no others once it is deployed; one without a list may get them elsewhere.
    pub fn shows_all_subnets(&self) -> bool {
        let lists = !property(&self.resource, &["subnets"]).is_null();
        lists && self.subnets.open.is_none() && !self.resource.referenced && !self.resource.partially_parsed
    }
}

impl Subnet {
    pub(super) fn new(resource: Resource) -> Self {
        let one = property(&resource, &["addressPrefix"]);
        let one = if one.is_null() {
            one
        } else {
            Value::array(vec![one.clone()]).standing(&one).assuming(&one.assumed)
        };
        let many = property(&resource, &["addressPrefixes"]);
        let address_prefixes = if many.is_null() { one } else { many };
        Self {
            inline: false,
            address_prefixes,
            service_endpoints: property(&resource, &["serviceEndpoints"]).elements(),
            delegations: property(&resource, &["delegations"]).elements(),
            network_policies: property(&resource, &["privateEndpointNetworkPolicies"]),
            security_group: property(&resource, &["networkSecurityGroup", "id"]),
            route_table: property(&resource, &["routeTable", "id"]),
            resource,
        }
    }

    /// The addresses it has.
    pub fn address_plan(&self) -> AddressPlan {
        AddressPlan::read(&self.address_prefixes)
    }

    /// Its own name, without its network's.
    pub fn label(&self) -> Name {
        identity::label(&self.resource.id)
    }

    /// Whether its security group does nothing for the private endpoints in it: one is set, and network policies that
    /// would apply it are off, as they are by default (F4.20).
    pub fn ignores_security_group(&self) -> Truth {
        self.security_group.is_set().and(self.enforces("NetworkSecurityGroupEnabled").negate())
    }

    /// Whether its route table does nothing for the private endpoints in it (F4.20).
    pub fn ignores_route_table(&self) -> Truth {
        self.route_table.is_set().and(self.enforces("RouteTableEnabled").negate())
    }

    /// Whether routes of clients count for the private endpoints in it (F4.20).
    pub fn applies_routes(&self) -> Truth {
        self.enforces("RouteTableEnabled")
    }

    fn enforces(&self, word: &str) -> Truth {
        self.network_policies.is_word("Enabled").or(self.network_policies.is_word(word))
    }

    /// Whether it belongs to this service.
    pub fn is_delegated_to(&self, service: &str) -> Truth {
        self.delegations.any_is(&|value| wrapped(value, "serviceName").is_word(service))
    }

    /// A property of the subnet; null where it is not set.
    pub fn property(&self, name: &str) -> Value {
        property(&self.resource, &[name])
    }

    /// Whether traffic to vaults leaves it through the service endpoint (F3.24). `Microsoft.KeyVault.Global` and other
    /// longer names are not it.
    pub fn has_vault_service_endpoint(&self) -> Truth {
        self.service_endpoints.any_is(&|value| value.get("service").is_word(names::KEY_VAULT_SERVICE))
    }
}
