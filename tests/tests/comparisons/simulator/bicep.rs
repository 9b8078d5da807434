//! Small templates in Bicep, put together from a few settings.

use vaultmoat_core::report::{Decision, Outcome, Resolution, Step};
use vaultmoat_core::sim::{Gate, Verdict};
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::fixture::load;

pub const RIGHT_ZONE: &str = "privatelink.vaultcore.azure.net";

/// What is here is all there is.
pub fn all(parts: &[String]) -> Project {
    project(parts, true)
}

pub fn project(parts: &[String], complete: bool) -> Project {
    load(Options { complete, ..Options::default() }, [("main.bicep", &parts.join("\n"))])
}

pub fn vault(properties: &str) -> String {
    vault_named("kv", "kv-one", properties)
}

pub fn vault_named(symbol: &str, name: &str, properties: &str) -> String {
    format!(
        "resource {symbol} 'Microsoft.KeyVault/vaults@2024-11-01' = {{\n  name: '{name}'\n  location: 'westeurope'\n  \
         properties: {{ tenantId: tenant().tenantId, {properties} }}\n}}\n"
    )
}

/// A network `10.N.0.0/16` with the subnets `app` and `pe`; `more` are more properties, `app` of subnet `app`.
pub fn network(name: &str, n: u8, app: &str, more: &str) -> String {
    format!(
        "resource {name} 'Microsoft.Network/virtualNetworks@2024-05-01' = {{\n  name: '{name}'\n  location: 'westeurope'\n  \
         properties: {{\n    addressSpace: {{ addressPrefixes: ['10.{n}.0.0/16'] }}\n    {more}\n    subnets: [\n      \
         {{ name: 'app', properties: {{ addressPrefix: '10.{n}.0.0/24', {app} }} }}\n      \
         {{ name: 'pe', properties: {{ addressPrefix: '10.{n}.1.0/24' }} }}\n    ]\n  }}\n}}\n"
    )
}

pub const SERVICE_ENDPOINT: &str = "serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]";

/// The id of a subnet.
pub fn subnet(network: &str, name: &str) -> String {
    format!("resourceId('Microsoft.Network/virtualNetworks/subnets', '{network}', '{name}')")
}

/// A firewall that refuses by default.
pub fn deny(more: &str) -> String {
    format!("networkAcls: {{ defaultAction: 'Deny', {more} }}")
}

pub fn subnet_rule(network: &str) -> String {
    format!("virtualNetworkRules: [{{ id: {} }}]", subnet(network, "app"))
}

/// A private endpoint with the address `10.N.1.10`.
pub fn endpoint(symbol: &str, network: &str, address: &str, target: &str) -> String {
    endpoint_in(symbol, network, address, target, "privateLinkServiceConnections")
}

pub fn endpoint_in(symbol: &str, network: &str, address: &str, target: &str, connections: &str) -> String {
    let subnet = subnet(network, "pe");
    format!(
        "resource {symbol} 'Microsoft.Network/privateEndpoints@2024-05-01' = {{\n  name: '{symbol}'\n  location: 'westeurope'\n  \
         properties: {{\n    subnet: {{ id: {subnet} }}\n    ipConfigurations: [{{ name: 'one', properties: {{ \
         groupId: 'vault', memberName: 'default', privateIPAddress: '{address}' }} }}]\n    \
         {connections}: [{{ name: 'one', properties: {{ groupIds: ['vault'], privateLinkServiceId: {target}.id }} }}]\n  }}\n}}\n"
    )
}

pub fn zone(symbol: &str, name: &str) -> String {
    format!(
        "resource {symbol} 'Microsoft.Network/privateDnsZones@2024-06-01' = {{ name: '{name}', location: 'global' }}\n"
    )
}

pub fn link(zone: &str, network: &str, more: &str) -> String {
    format!(
        "resource {zone}_{network} 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {{\n  \
         parent: {zone}\n  name: '{network}'\n  location: 'global'\n  properties: {{ registrationEnabled: false, \
         virtualNetwork: {{ id: {network}.id }}, {more} }}\n}}\n"
    )
}

pub fn group(endpoint: &str, zone: &str) -> String {
    format!(
        "resource {endpoint}_group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {{\n  \
         parent: {endpoint}\n  name: 'default'\n  properties: {{ privateDnsZoneConfigs: [{{ name: 'any', properties: {{ \
         privateDnsZoneId: {zone}.id }} }}] }}\n}}\n"
    )
}

pub fn record(zone: &str, name: &str, address: &str) -> String {
    format!(
        "resource {zone}_record 'Microsoft.Network/privateDnsZones/A@2024-06-01' = {{\n  parent: {zone}\n  name: '{name}'\n  \
         properties: {{ ttl: 60, aRecords: [{{ ipv4Address: '{address}' }}] }}\n}}\n"
    )
}

pub fn peering(from: &str, to: &str) -> String {
    format!(
        "resource {from}_{to} 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-05-01' = {{\n  parent: {from}\n  \
         name: 'to-{to}'\n  properties: {{ remoteVirtualNetwork: {{ id: {to}.id }} }}\n}}\n"
    )
}

/// A vault with these settings, a private endpoint in `hub`, and DNS that is right there.
pub fn private(properties: &str) -> Vec<String> {
    vec![
        vault(properties),
        network("hub", 0, "", ""),
        endpoint("pe", "hub", "10.0.1.10", "kv"),
        zone("zone", RIGHT_ZONE),
        link("zone", "hub", ""),
        group("pe", "zone"),
    ]
}

pub fn with(mut parts: Vec<String>, more: impl IntoIterator<Item = String>) -> Vec<String> {
    parts.extend(more);
    parts
}

/// A perimeter with a rule, and the association of `kv` with it.
pub fn perimeter(association: &str, rule: &str) -> String {
    format!(
        "resource nsp 'Microsoft.Network/networkSecurityPerimeters@2024-07-01' = {{ name: 'nsp', location: 'westeurope' }}\n\
         resource profile 'Microsoft.Network/networkSecurityPerimeters/profiles@2024-07-01' = {{ parent: nsp, name: 'main' }}\n\
         resource rule 'Microsoft.Network/networkSecurityPerimeters/profiles/accessRules@2024-07-01' = {{\n  parent: profile\n  \
         name: 'rule'\n  properties: {{ {rule} }}\n}}\n{}",
        associate("kv", association)
    )
}

pub fn associate(resource: &str, mode: &str) -> String {
    format!(
        "resource {resource}_in 'Microsoft.Network/networkSecurityPerimeters/resourceAssociations@2024-07-01' = {{\n  \
         parent: nsp\n  name: '{resource}'\n  properties: {{ privateLinkResource: {{ id: {resource}.id }}, \
         profile: {{ id: profile.id }}, {mode} }}\n}}\n"
    )
}

pub fn explain(project: &Project, from: &str) -> Decision {
    let decision = project.explain(Some("kv-one"), from);
    decision.unwrap_or_else(|error| panic!("{from}: {error}: {:?}", project.check().diagnostics))
}

pub fn resolve(project: &Project, from: &str) -> Resolution {
    project.resolve(Some("kv-one"), from).unwrap_or_else(|error| panic!("{from}: {error}"))
}

/// The outcome in words: `allowed private-endpoint`, `denied ForbiddenByFirewall`, `depends`.
pub fn said(project: &Project, from: &str) -> String {
    let decision = explain(project, from);
    match decision.outcome {
        Outcome::Allowed => {
            let via = serde_json::to_value(decision.via).expect("JSON");
            format!("allowed {}", via.as_str().expect("a word"))
        }
        Outcome::Denied => format!("denied {}", decision.error.unwrap_or_default()).trim_end().to_owned(),
        Outcome::Depends => "depends".to_owned(),
    }
}

/// Every one of these callers is answered so.
pub fn each(project: &Project, answers: &[(&str, &str)]) {
    for (from, expected) in answers {
        let decision = explain(project, from);
        assert_eq!(said(project, from), *expected, "{from}: {:#?}", decision.steps);
    }
}

/// The step of a gate that came to this.
pub fn step(decision: &Decision, gate: Gate, verdict: Verdict) -> Step {
    let found = decision.steps.iter().find(|step| step.gate == gate && step.verdict == verdict);
    found.unwrap_or_else(|| panic!("no {gate:?} {verdict:?} in {:#?}", decision.steps)).clone()
}

/// The text that a step points to.
pub fn pointed_at(parts: &[String], step: &Step) -> String {
    let range = step.range.expect("a place");
    parts.join("\n")[range.start.offset as usize..range.end.offset as usize].to_owned()
}
