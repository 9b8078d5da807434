//! What a verdict may say: `explain`, its table and `check` about one caller.

use serde_json::Value as Json;
use vaultmoat_core::report::{Decision, Gate, Outcome, OutsideKind, Step, Verdict};
use vaultmoat_core::{Options, Project};

fn project(path: &str, text: &str, complete: bool) -> Project {
    let mut project = Project::new(Options { complete, ..Options::default() });
    project.set(path, text);
    project
}

fn bicep(text: &str) -> Project {
    project("main.bicep", text, false)
}

fn ask(project: &Project, from: &str) -> Decision {
    project.explain(None, from).unwrap_or_else(|error| panic!("{from}: {error}"))
}

fn kinds(decision: &Decision) -> Vec<OutsideKind> {
    decision.unless.iter().map(|outside| outside.kind).collect()
}

fn at(decision: &Decision, gate: Gate) -> &Step {
    let found = decision.steps.iter().find(|step| step.gate == gate);
    found.unwrap_or_else(|| panic!("no {gate:?} in {:#?}", decision.steps))
}

/// A vault of these properties, and a network with a subnet `app`.
fn world(vault: &str, network: &str, subnet: &str) -> String {
    format!(
        "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-ledger'
  location: 'westeurope'
  properties: {{ tenantId: tenant().tenantId, sku: {{ family: 'A', name: 'standard' }}, {vault} }}
}}
resource net 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'net'
  location: 'westeurope'
  properties: {{
    addressSpace: {{ addressPrefixes: ['10.1.0.0/16'] }}
    {network}
    subnets: [{{ name: 'app', properties: {{ addressPrefix: '10.1.1.0/24', {subnet} }} }}]
  }}
}}
"
    )
}

const CLOSED: &str = "publicNetworkAccess: 'Disabled'";

/// An endpoint of the vault in the network, registered in a zone that is linked to it.
const ENDPOINT: &str = "resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  location: 'westeurope'
  properties: {
    subnet: { id: '${net.id}/subnets/app' }
    privateLinkServiceConnections: [{ name: 'c', properties: { privateLinkServiceId: kv.id, groupIds: ['vault'] } }]
  }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = { name: 'privatelink.vaultcore.azure.net', location: 'global' }
resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'link'
  location: 'global'
  properties: { registrationEnabled: false, virtualNetwork: { id: net.id } }
}
resource group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: pe
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: 'z', properties: { privateDnsZoneId: zone.id } }] }
}
";

#[test]
fn what_only_an_endpoint_elsewhere_could_change_is_denied_unless_it_is_there() {
    let text = world(CLOSED, "", "");
    let decision = ask(&bicep(&text), "subnet:app");
    assert_eq!(
        (decision.outcome, decision.error.as_deref()),
        (Outcome::Denied, Some("ForbiddenByConnection"))
    );
    assert_eq!(kinds(&decision), [OutsideKind::EndpointOutside, OutsideKind::ZoneLinkOutside]);
    assert!(decision.depends_on.is_empty());
    let json = serde_json::to_value(&decision).expect("JSON");
    assert_eq!(json["unless"][0]["kind"], Json::from("endpoint-outside"));
    // The internet has no private path, and when everything was given nobody has.
    assert!(ask(&bicep(&text), "internet").unless.is_empty());
    let decision = ask(&project("main.bicep", &text, true), "subnet:app");
    assert_eq!((decision.outcome, kinds(&decision)), (Outcome::Denied, Vec::new()));
}

#[test]
fn what_a_parameter_leaves_open_depends_on_it_and_on_nothing_elsewhere() {
    let text = format!("param access string\n{}", world("publicNetworkAccess: access", "", ""));
    let decision = ask(&bicep(&text), "subnet:app");
    assert_eq!(
        (decision.outcome, decision.depends_on),
        (Outcome::Depends, vec!["parameters('access')".to_owned()])
    );
    assert!(decision.unless.is_empty());
}

#[test]
fn a_zone_that_may_be_linked_elsewhere_is_a_reservation_of_its_own() {
    let text = world(CLOSED, "", "") + ENDPOINT;
    let there = "resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = { name: 'privatelink.vaultcore.azure.net' }";
    let unlinked = text
        .replace("resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = { name: 'privatelink.vaultcore.azure.net', location: 'global' }", there)
        .replace("virtualNetwork: { id: net.id }", "virtualNetwork: { id: other.id }")
        + "resource other 'Microsoft.Network/virtualNetworks@2024-05-01' existing = { name: 'other' }";
    let decision = ask(&bicep(&unlinked), "subnet:app");
    assert_eq!((decision.outcome, kinds(&decision)), (Outcome::Denied, vec![OutsideKind::ZoneLinkOutside]));
    assert_eq!(ask(&bicep(&text), "subnet:app").outcome, Outcome::Allowed);
}

#[test]
fn whatever_a_dns_server_answers_no_private_address_lets_in_without_an_endpoint() {
    let text = world(CLOSED, "dhcpOptions: { dnsServers: ['10.60.0.4'] }", "");
    let decision = ask(&project("main.bicep", &text, true), "subnet:app");
    assert_eq!(
        (decision.outcome, decision.error.as_deref()),
        (Outcome::Denied, Some("ForbiddenByConnection"))
    );
    assert_eq!(at(&decision, Gate::PrivateEndpoint).verdict, Verdict::Continues);
    // With one it depends on what the server answers.
    let decision = ask(&project("main.bicep", &(text + ENDPOINT), true), "subnet:app");
    assert_eq!(decision.outcome, Outcome::Depends);
    assert_eq!(decision.depends_on, ["what DNS server `10.60.0.4` answers"]);
}
