//! How the words of `--from` select a caller.

use crate::simulator::bicep::*;

#[test]
fn a_network_that_is_only_referred_to_is_meant_by_its_name() {
    let hub = "resource hub 'Microsoft.Network/virtualNetworks@2024-05-01' existing = { name: 'hub' }";
    let open = all(&[vault(""), hub.to_owned()]);
    each(&open, &[("vnet:hub", "allowed public")]);
}

#[test]
fn a_network_that_is_not_in_the_files_is_meant_by_its_id_alone() {
    let (closed, open) = (
        all(&[vault("publicNetworkAccess: 'Disabled'")]),
        all(&[vault(&deny("ipRules: [{ value: '198.51.100.7' }]"))]),
    );
    let id = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/prod/providers/Microsoft.Network/virtualNetworks/hub";
    // Wherever its DNS servers lead: there is no endpoint. What it goes out with is another matter.
    each(&closed, &[(&format!("vnet:{id}"), "denied ForbiddenByConnection")]);
    each(&open, &[(&format!("vnet:{id}"), "depends")]);
    let refused = closed.explain(Some("kv-one"), "vnet:hub").expect_err("no such network");
    assert!(refused.contains("no virtual network `hub` is in the files"), "{refused}");
}

#[test]
fn a_subnet_goes_out_by_its_own_gateway() {
    let nat = |name: &str, address: &str| {
        format!(
            "resource {name}_ip 'Microsoft.Network/publicIPAddresses@2024-05-01' = {{ name: '{name}-ip', location: 'westeurope', \
             properties: {{ ipAddress: '{address}' }} }}\n\
             resource {name} 'Microsoft.Network/natGateways@2024-05-01' = {{ name: '{name}', location: 'westeurope', \
             properties: {{ publicIpAddresses: [{{ id: {name}_ip.id }}] }} }}\n"
        )
    };
    let (first, second) = (nat("first", "198.51.100.7"), nat("second", "203.0.113.7"));
    let of = |rules: &str| {
        let app = "natGateway: { id: second.id }";
        all(&[vault(&deny(rules)), network("spoke", 1, app, ""), first.clone(), second.clone()])
    };
    each(&of("ipRules: [{ value: '203.0.113.7' }]"), &[("subnet:spoke/app", "allowed public")]);
    each(&of("ipRules: [{ value: '198.51.100.7' }]"), &[("subnet:spoke/app", "denied ForbiddenByFirewall")]);
}

#[test]
fn what_calls_from_several_subnets_depends_on_which_one_where_they_differ() {
    let script = format!(
        "resource script 'Microsoft.Resources/deploymentScripts@2023-08-01' = {{\n  name: 'script'\n  location: 'westeurope'\n  \
         kind: 'AzureCLI'\n  properties: {{\n    azCliVersion: '2.60.0'\n    environmentVariables: [{{ name: 'VAULT', value: kv.properties.vaultUri }}]\n    retentionInterval: 'P1D'\n    \
         scriptContent: 'curl $VAULT'\n    \
         containerSettings: {{ subnetIds: [{{ id: {} }}, {{ id: {} }}] }}\n  }}\n}}\n",
        subnet("hub", "app"),
        subnet("spoke", "app")
    );
    let of = |rules: &str| {
        let networks = [network("hub", 0, SERVICE_ENDPOINT, ""), network("spoke", 1, SERVICE_ENDPOINT, "")];
        all(&with(vec![vault(&deny(rules)), script.clone()], networks))
    };
    let one = of(&subnet_rule("hub"));
    each(&one, &[("consumer:script", "depends")]);
    assert_eq!(explain(&one, "consumer:script").depends_on, ["the subnet that `script` calls from"]);
    let both = format!(
        "virtualNetworkRules: [{{ id: {} }}, {{ id: {} }}]",
        subnet("hub", "app"),
        subnet("spoke", "app")
    );
    each(&of(&both), &[("consumer:script", "allowed service-endpoint")]);
}

#[test]
fn a_decision_names_the_caller_as_it_was_asked_for() {
    let project = all(&[vault(""), network("hub", 0, "", "")]);
    for from in ["subnet:hub/app", "subnet:app", "vnet:hub", "ip:198.51.100.7", "internet"] {
        assert_eq!(explain(&project, from).from, from);
    }
}

#[test]
fn a_trusted_service_in_a_subnet_is_still_one() {
    let gateway = format!(
        "resource gateway 'Microsoft.Network/applicationGateways@2024-05-01' = {{\n  name: 'gateway'\n  location: 'westeurope'\n  \
         properties: {{\n    gatewayIPConfigurations: [{{ name: 'one', properties: {{ subnet: {{ id: {} }} }} }}]\n    \
         sslCertificates: [{{ name: 'one', properties: {{ keyVaultSecretId: '${{kv.properties.vaultUri}}secrets/one' }} }}]\n  }}\n}}\n",
        subnet("hub", "app")
    );
    let of = |bypass: &str| {
        all(&[vault(&deny(&format!("bypass: '{bypass}'"))), network("hub", 0, "", ""), gateway.clone()])
    };
    each(&of("AzureServices"), &[("consumer:gateway", "allowed trusted-service")]);
    each(&of("None"), &[("consumer:gateway", "denied ForbiddenByFirewall")]);
}
