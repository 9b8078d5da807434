//! Changes to the network settings of vaults, and to the subnets that their rules name.

use crate::azure::ApiVersion;
use crate::azure::names::KEY_VAULT_SERVICE;
use crate::lang::{Change, Literal};
use crate::model::{Subnet, Vault};

/// Has the firewall refuse whom no rule names; trusted services still pass, as they do now.
pub fn refuse_by_default(vault: &Vault) -> Option<Change> {
    let deny = Literal::Text("Deny".to_owned());
    if !vault.firewall.value.is_null() {
        return Change::set(&vault.firewall.value, "defaultAction", deny);
    }
    let since = vault.service.property_since("networkAcls");
    if since.is_some_and(|since| vault.is_older_than(since).is_true()) {
        return None;
    }
    let bypass = ("bypass", Literal::Text("AzureServices".to_owned()));
    let rules = Literal::Object(vec![bypass, ("defaultAction", deny)]);
    Change::set(&vault.resource.body.get("properties"), "networkAcls", rules)
}

/// Sets `publicNetworkAccess` to `Disabled`.
pub fn disable_public_access(vault: &Vault) -> Option<Change> {
    let properties = vault.resource.body.get("properties");
    Change::set(&properties, "publicNetworkAccess", Literal::Text("Disabled".to_owned()))
}

/// Closes the public endpoint. Old API versions do not know `publicNetworkAccess`: there the firewall refuses by default.
pub fn close_public_endpoint(vault: &Vault) -> Option<Change> {
    let since = vault.service.property_since("publicNetworkAccess");
    let version = vault.resource.api_version.as_text().and_then(ApiVersion::parse);
    if version.is_some_and(|version| since.is_some_and(|since| version < since)) {
        return refuse_by_default(vault);
    }
    let access = &vault.public_network_access;
    if access.is_null() {
        disable_public_access(vault)
    } else {
        Change::rewrite(&vault.resource, access, "Disabled")
    }
}

/// Adds a rule to a list of the firewall: `ipRules` with a `value`, or `virtualNetworkRules` with an `id`.
pub fn add_rule(vault: &Vault, list: &'static str, key: &'static str, names: Literal) -> Option<Change> {
    Change::append(&vault.firewall.value, list, Literal::Object(vec![(key, names)]))
}

/// Gives a subnet the service endpoint.
pub fn add_service_endpoint(subnet: &Subnet) -> Option<Change> {
    let properties = subnet.resource.body.get("properties");
    let holder = if properties.is_null() { subnet.resource.body.clone() } else { properties };
    let endpoint = Literal::Object(vec![("service", Literal::Text(KEY_VAULT_SERVICE.to_owned()))]);
    Change::append(&holder, "serviceEndpoints", endpoint)
}
