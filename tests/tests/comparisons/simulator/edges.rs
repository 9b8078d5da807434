//! Resources that the random worlds leave out: managed HSMs, security groups, forwarding rulesets.

use vaultmoat_core::Project;
use vaultmoat_core::report::{AnswerKind, Gate, Outcome, Verdict};
use vaultmoat_tests::fixture::{complete, load};

fn project(text: &str) -> Project {
    load(complete(), [("main.bicep", text)])
}

fn outcome(text: &str, from: &str) -> Outcome {
    project(text).explain(None, from).expect("a decision").outcome
}

/// A vault or HSM with an endpoint and its zone in a network with two subnets.
fn network(target: &str, group: &str, zone: &str, endpoints: &str, more: &str) -> String {
    format!(
        r"
{target}
resource group 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {{
  name: 'nsg'
  location: 'westeurope'
  properties: {{ securityRules: [ {more} ] }}
}}
resource vnet 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'vnet'
  location: 'westeurope'
  properties: {{
    addressSpace: {{ addressPrefixes: [ '10.0.0.0/16' ] }}
    subnets: [
      {{ name: 'endpoints', properties: {{ addressPrefix: '10.0.0.0/24', {endpoints} }} }}
      {{ name: 'apps', properties: {{ addressPrefix: '10.0.1.0/24' }} }}
    ]
  }}
}}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: 'pe'
  location: 'westeurope'
  properties: {{
    subnet: {{ id: '${{vnet.id}}/subnets/endpoints' }}
    privateLinkServiceConnections: [
      {{ name: 'c', properties: {{ privateLinkServiceId: target.id, groupIds: [ '{group}' ] }} }}
    ]
  }}
  resource zones 'privateDnsZoneGroups' = {{
    name: 'default'
    properties: {{ privateDnsZoneConfigs: [ {{ name: 'z', properties: {{ privateDnsZoneId: zone.id }} }} ] }}
  }}
}}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{
  name: '{zone}'
  location: 'global'
  resource link 'virtualNetworkLinks' = {{
    name: 'link'
    location: 'global'
    properties: {{ registrationEnabled: false, virtualNetwork: {{ id: vnet.id }} }}
  }}
}}
"
    )
}

const VAULT: &str = r"
resource target 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-edge'
  location: 'westeurope'
  properties: { sku: { family: 'A', name: 'standard' }, tenantId: tenant().tenantId, publicNetworkAccess: 'Disabled' }
}";

const HSM: &str = r"
resource target 'Microsoft.KeyVault/managedHSMs@2026-02-01' = {
  name: 'hsm-edge'
  location: 'westeurope'
  sku: { family: 'B', name: 'Standard_B1' }
  properties: {
    tenantId: tenant().tenantId
    networkAcls: { bypass: 'None', defaultAction: 'Deny', ipRules: [ { value: '20.30.40.50' } ] }
  }
}";

fn vault(endpoints: &str, rules: &str) -> String {
    network(VAULT, "vault", "privatelink.vaultcore.azure.net", endpoints, rules)
}

#[test]
fn a_managed_hsm_has_names_and_a_group_of_its_own() {
    let text = network(HSM, "managedhsm", "privatelink.managedhsm.azure.net", "delegations: []", "");
    assert_eq!(outcome(&text, "subnet:apps"), Outcome::Allowed);
    assert_eq!(outcome(&text, "internet"), Outcome::Denied);
    assert_eq!(outcome(&text, "ip:20.30.40.50"), Outcome::Allowed);
    assert_eq!(outcome(&text, "trusted-services"), Outcome::Denied);
    let resolution = project(&text).resolve(None, "vnet:vnet").expect("a resolution");
    assert_eq!(resolution.answer.kind, AnswerKind::Private);
    assert_eq!(resolution.name, "hsm-edge.managedhsm.azure.net");
    // The zone of vaults is none of an HSM.
    let wrong = network(HSM, "managedhsm", "privatelink.vaultcore.azure.net", "delegations: []", "");
    let resolution = project(&wrong).resolve(None, "vnet:vnet").expect("a resolution");
    assert_eq!(resolution.answer.kind, AnswerKind::Public);
}

#[test]
fn a_security_group_counts_where_network_policies_are_on() {
    let deny =
        "{ name: 'd', properties: { access: 'Deny', direction: 'Inbound', priority: 100, protocol: '*' } }";
    let group = "networkSecurityGroup: { id: group.id }";
    let on = format!("{group}, privateEndpointNetworkPolicies: 'Enabled'");
    let asked = |text: &str| {
        let decision = project(text).explain(None, "subnet:apps").expect("a decision");
        let step = decision.steps.into_iter().find(|step| step.gate == Gate::SecurityGroup);
        (decision.outcome, step.map(|step| step.verdict))
    };
    // Off by default (F4.20): nobody asks it.
    assert_eq!(asked(&vault(group, deny)), (Outcome::Allowed, None));
    assert_eq!(asked(&vault(&on, "")), (Outcome::Allowed, Some(Verdict::Continues)));
    assert_eq!(asked(&vault(&on, deny)), (Outcome::Depends, Some(Verdict::Open)));
    // A rule may stand beside its group.
    let beside = "resource denial 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: group
  name: 'denial'
  properties: { access: 'Deny', direction: 'Inbound', priority: 100, protocol: '*' }
}";
    assert_eq!(asked(&format!("{}{beside}", vault(&on, ""))), (Outcome::Depends, Some(Verdict::Open)));
    // What a subnet has that is only referred to is not in the files.
    let referred = vault("delegations: []", "")
        .replace("subnet: { id: '${vnet.id}/subnets/endpoints' }", "subnet: { id: there.id }");
    let there = "resource far 'Microsoft.Network/virtualNetworks@2024-05-01' existing = { name: 'far' }
resource there 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' existing = { parent: far, name: 'pe' }";
    assert_eq!(asked(&format!("{referred}{there}")).1, Some(Verdict::Open));
}

#[test]
fn what_the_servers_of_a_ruleset_answer_is_open() {
    let ruleset = r"
resource ruleset 'Microsoft.Network/dnsForwardingRulesets@2022-07-01' = {
  name: 'rules'
  location: 'westeurope'
  properties: { dnsResolverOutboundEndpoints: [] }
  resource rule 'forwardingRules' = {
    name: 'vaults'
    properties: { domainName: 'vault.azure.net.', targetDnsServers: [ { ipAddress: '10.9.0.4', port: 53 } ] }
  }
  resource toNetwork 'virtualNetworkLinks' = {
    name: 'link'
    properties: { virtualNetwork: { id: vnet.id } }
  }
}";
    let text = format!("{}{ruleset}", vault("delegations: []", ""));
    assert_eq!(outcome(&text, "subnet:apps"), Outcome::Depends);
    let elsewhere = text.replace("vault.azure.net.", "contoso.com.");
    assert_eq!(outcome(&elsewhere, "subnet:apps"), Outcome::Allowed);
}

#[test]
fn a_managed_hsm_takes_no_rule_for_a_subnet() {
    let subnets = "
resource vnet 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: [ '10.0.0.0/16' ] }
    subnets: [ { name: 'apps', properties: { addressPrefix: '10.0.1.0/24' } } ]
  }
}
";
    let titles = |text: &str| -> Vec<String> {
        let decision = project(text).explain(None, "subnet:apps").expect("a decision");
        assert_ne!(decision.outcome, Outcome::Allowed);
        decision.fixes.into_iter().map(|fix| fix.title).collect()
    };
    assert_eq!(titles(&format!("{HSM}{subnets}")), [""; 0]);
    let firewall = "publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny' }";
    let vault = VAULT.replace("publicNetworkAccess: 'Disabled'", firewall);
    assert_eq!(
        titles(&format!("{vault}{subnets}")),
        ["add a virtual network rule for `apps`, and the service endpoint to it"]
    );
}
