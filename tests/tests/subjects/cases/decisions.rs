//! Verdicts about one caller, in `explain`, its table and `check`.

use serde_json::Value as Json;
use vaultmoat_core::report::{Decision, Gate, Outcome, OutsideKind, Step, Verdict};
use vaultmoat_core::{Cloud, Options, Project};
use vaultmoat_tests::fixture::load;

fn project(path: &str, text: &str, complete: bool) -> Project {
    load(Options { complete, ..Options::default() }, [(path, text)])
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

/// The world with what stands on the side of subnet `app`.
fn behind(vault: &str, subnet: &str, more: &str) -> Project {
    project("main.bicep", &(world(vault, "", subnet) + more), true)
}

fn group(rules: &str) -> String {
    format!(
        "resource nsg 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {{
  name: 'nsg-app'
  location: 'westeurope'
  properties: {{ securityRules: [{{ name: 'r', properties: {{ {rules} }} }}] }}
}}
"
    )
}

fn table(route: &str) -> String {
    format!(
        "resource rt 'Microsoft.Network/routeTables@2024-05-01' = {{
  name: 'rt-app'
  location: 'westeurope'
  properties: {{ routes: [{{ name: 'r', properties: {{ {route} }} }}] }}
}}
"
    )
}

const DENY_OUT: &str = "access: 'Deny', direction: 'Outbound', priority: 200, protocol: '*', \
                        destinationPortRange: '*', destinationAddressPrefix: ";
const NSG: &str = "networkSecurityGroup: { id: nsg.id }";
const RT: &str = "routeTable: { id: rt.id }";
const APPLIANCE: &str = "nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.1.9.4', addressPrefix: ";

#[test]
fn a_security_group_on_the_side_of_the_caller_is_looked_at() {
    let open = "networkAcls: { defaultAction: 'Allow', bypass: 'None' }";
    let asked =
        |rules: &str, vault: &str, more: &str| ask(&behind(vault, NSG, &(group(rules) + more)), "subnet:app");
    let decision = asked(&format!("{DENY_OUT}'Internet'"), open, "");
    assert_eq!(decision.outcome, Outcome::Depends);
    assert_eq!(decision.depends_on, ["the outbound rules of `nsg-app` for TCP 443"]);
    assert_eq!(at(&decision, Gate::SourceSecurityGroup).verdict, Verdict::Open);
    // Rules about something else leave the way open: another direction, port, protocol or destination.
    for rules in [
        "access: 'Deny', direction: 'Inbound', priority: 200, protocol: '*', destinationPortRange: '*'",
        "access: 'Deny', direction: 'Outbound', priority: 200, protocol: 'Tcp', destinationPortRange: '22'",
        "access: 'Deny', direction: 'Outbound', priority: 200, protocol: 'Udp', destinationPortRange: '*'",
        "access: 'Allow', direction: 'Outbound', priority: 200, protocol: '*', destinationPortRange: '*'",
        &format!("{DENY_OUT}'10.9.0.0/16'"),
    ] {
        assert_eq!(asked(rules, open, "").outcome, Outcome::Allowed, "{rules}");
    }
    // On the way to a private endpoint the internet is not what counts.
    assert_eq!(asked(&format!("{DENY_OUT}'Internet'"), CLOSED, ENDPOINT).outcome, Outcome::Allowed);
    assert_eq!(asked(&format!("{DENY_OUT}'VirtualNetwork'"), CLOSED, ENDPOINT).outcome, Outcome::Depends);
    // Whom the vault refuses is refused.
    assert_eq!(asked(&format!("{DENY_OUT}'*'"), CLOSED, "").outcome, Outcome::Denied);
}

#[test]
fn a_route_to_an_appliance_is_not_taken_to_let_the_call_pass() {
    let open = "networkAcls: { defaultAction: 'Allow', bypass: 'None' }";
    let asked = |route: &str, vault: &str, subnet: &str, more: &str| {
        ask(&behind(vault, &format!("{RT}, {subnet}"), &(table(route) + more)), "subnet:app")
    };
    let all = format!("{APPLIANCE}'0.0.0.0/0'");
    let decision = asked(&all, open, "", "");
    assert_eq!(decision.outcome, Outcome::Depends);
    assert_eq!(at(&decision, Gate::Route).verdict, Verdict::Open);
    assert_eq!(
        asked("nextHopType: 'Internet', addressPrefix: '0.0.0.0/0'", open, "", "").outcome,
        Outcome::Allowed
    );
    assert_eq!(asked(&format!("{APPLIANCE}'10.0.0.0/8'"), open, "", "").outcome, Outcome::Allowed);
    // The routes of the service endpoint are narrower.
    let admits = "networkAcls: { defaultAction: 'Deny', bypass: 'None', virtualNetworkRules: [{ id: '${net.id}/subnets/app' }] }";
    let service = "serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]";
    assert_eq!(asked(&all, admits, service, "").outcome, Outcome::Allowed);
    assert_eq!(asked(&format!("{APPLIANCE}'AzureKeyVault'"), admits, service, "").outcome, Outcome::Depends);
    // A private endpoint has a route of its own, which wins unless network policies are on (F4.20).
    assert_eq!(asked(&all, CLOSED, "", ENDPOINT).outcome, Outcome::Allowed);
    let wide = format!("{APPLIANCE}'10.0.0.0/8'");
    assert_eq!(asked(&wide, CLOSED, "", ENDPOINT).outcome, Outcome::Allowed);
    let on = "privateEndpointNetworkPolicies: 'RouteTableEnabled'";
    assert_eq!(asked(&wide, CLOSED, on, ENDPOINT).outcome, Outcome::Depends);
}

#[test]
fn a_firewall_that_the_routes_lead_to_is_a_gate_of_its_own() {
    let open = "networkAcls: { defaultAction: 'Allow', bypass: 'None' }";
    let firewall = "resource fw 'Microsoft.Network/azureFirewalls@2024-05-01' = {
  name: 'fw-hub'
  location: 'westeurope'
  properties: { ipConfigurations: [{ name: 'c', properties: { subnet: { id: '${net.id}/subnets/app' } } }] }
}
";
    let route = "nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.1.1.4', addressPrefix: '0.0.0.0/0'";
    let decision = ask(&behind(open, RT, &(table(route) + firewall)), "subnet:app");
    assert_eq!(
        (decision.outcome, decision.depends_on),
        (Outcome::Depends, vec!["the rules of firewall `fw-hub`".to_owned()])
    );
}

#[test]
fn terraform_has_the_same_gates_on_the_side_of_the_caller() {
    let text = |rule: &str, route: &str| {
        format!(
            r#"
resource "azurerm_virtual_network" "net" {{
  name                = "net"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.1.0.0/16"]
}}
resource "azurerm_subnet" "app" {{
  name                 = "app"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.net.name
  address_prefixes     = ["10.1.1.0/24"]
}}
resource "azurerm_network_security_group" "nsg" {{
  name                = "nsg"
  location            = "westeurope"
  resource_group_name = "rg"
  security_rule {{
    name                       = "out"
    priority                   = 100
    direction                  = "Outbound"
    access                     = "{rule}"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = "443"
    source_address_prefix      = "*"
    destination_address_prefix = "Internet"
  }}
}}
resource "azurerm_subnet_network_security_group_association" "nsg" {{
  subnet_id                 = azurerm_subnet.app.id
  network_security_group_id = azurerm_network_security_group.nsg.id
}}
resource "azurerm_route_table" "rt" {{
  name                = "rt"
  location            = "westeurope"
  resource_group_name = "rg"
}}
resource "azurerm_route" "all" {{
  name                = "all"
  resource_group_name = "rg"
  route_table_name    = azurerm_route_table.rt.name
  address_prefix      = "0.0.0.0/0"
  next_hop_type       = "{route}"
}}
resource "azurerm_subnet_route_table_association" "rt" {{
  subnet_id      = azurerm_subnet.app.id
  route_table_id = azurerm_route_table.rt.id
}}
resource "azurerm_key_vault" "kv" {{
  name                = "kv-ledger"
  location            = "westeurope"
  resource_group_name = "rg"
  tenant_id           = "11111111-1111-1111-1111-111111111111"
  sku_name            = "standard"
}}
"#
        )
    };
    let gates = |rule: &str, route: &str| {
        let decision = ask(&project("main.tf", &text(rule, route), false), "subnet:app");
        let open = decision.steps.iter().filter(|step| step.verdict == Verdict::Open);
        (decision.outcome, open.map(|step| step.gate).collect::<Vec<_>>())
    };
    assert_eq!(gates("Allow", "Internet"), (Outcome::Allowed, vec![]));
    assert_eq!(gates("Deny", "Internet"), (Outcome::Depends, vec![Gate::SourceSecurityGroup]));
    assert_eq!(gates("Allow", "VirtualAppliance"), (Outcome::Depends, vec![Gate::Route]));
}

#[test]
fn a_list_of_dns_servers_is_judged_entry_by_entry() {
    let with = |servers: &str| {
        let network = format!("dhcpOptions: {{ dnsServers: [{servers}] }}");
        project("main.bicep", &(world(CLOSED, &network, "") + ENDPOINT), true)
    };
    let mixed = with("'168.63.129.16', '8.8.8.8'");
    let decision = ask(&mixed, "subnet:app");
    assert_eq!(decision.outcome, Outcome::Depends);
    assert!(
        decision.depends_on.iter().any(|name| name == "which DNS server of `net` answers"),
        "{:?}",
        decision.depends_on
    );
    assert!(
        decision.steps.iter().all(|step| !step.because.contains("not consulted")),
        "{:#?}",
        decision.steps
    );
    let message = |project: &Project| {
        let found = project.check().diagnostics.into_iter();
        found
            .filter(|found| found.rule == "custom-dns-bypasses-zone")
            .map(|found| found.message)
            .collect::<Vec<_>>()
    };
    assert!(
        message(&mixed)[0].contains("mixes DNS servers: `168.63.129.16` answers"),
        "{:?}",
        message(&mixed)
    );
    assert_eq!(
        (message(&with("'168.63.129.16'")).len(), ask(&with("'168.63.129.16'"), "subnet:app").outcome),
        (0, Outcome::Allowed)
    );
    assert!(message(&with("'8.8.8.8', '8.8.4.4'"))[0].contains("DNS servers of its own"));
}

#[test]
fn an_open_ip_rule_may_name_the_agent_that_runs_now() {
    let acls =
        |rules: &str| format!("networkAcls: {{ defaultAction: 'Deny', bypass: 'None', ipRules: [{rules}] }}");
    let text = format!(
        "param agent string\n{}",
        world(&acls("{ value: '198.51.100.7' }, { value: '${agent}/32' }"), "", "")
    );
    for from in ["hosted-agent", "internet", "portal"] {
        let decision = ask(&bicep(&text), from);
        assert_eq!(
            (decision.outcome, at(&decision, Gate::IpRules).verdict),
            (Outcome::Depends, Verdict::Open),
            "{from}"
        );
    }
    let decision = ask(&bicep(&text), "hosted-agent");
    assert_eq!(decision.depends_on, ["parameters('agent')"]);
    let known = bicep(&world(&acls("{ value: '198.51.100.7' }"), "", ""));
    assert_eq!(ask(&known, "hosted-agent").outcome, Outcome::Denied);
}

#[test]
fn a_service_that_is_not_on_the_list_is_not_trusted_and_a_misspelt_one_is_asked_about() {
    let admits = "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' }";
    let project = bicep(&world(admits, "", ""));
    let decision = ask(&project, "service:Azure Virtual Desktop");
    assert_eq!((decision.outcome, decision.caller.as_str()), (Outcome::Denied, "Azure Virtual Desktop"));
    assert_eq!(ask(&project, "service:Storage").outcome, Outcome::Allowed);
    let error = project.explain(None, "service:Azure Storrage").expect_err("a suggestion");
    assert!(error.contains("`Azure Storage`"), "{error}");
}

#[test]
fn what_an_export_names_by_id_can_be_asked_about_by_name() {
    let id = |rest: &str| {
        format!("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/{rest}")
    };
    let vault = format!(
        r#"{{ "id": "{}", "name": "kv-ledger", "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
  "properties": {{ "publicNetworkAccess": "Disabled", "privateEndpointConnections": [ {{ "id": "x", "properties": {{
    "privateEndpoint": {{ "id": "{}" }}, "privateLinkServiceConnectionState": {{ "status": "Rejected" }} }} }} ],
    "vaultUri": "https://kv-ledger.vault.azure.net/" }} }}"#,
        id("Microsoft.KeyVault/vaults/kv-ledger"),
        id("Microsoft.Network/privateEndpoints/pe")
    );
    let endpoint = format!(
        r#"{{ "id": "{}", "name": "pe", "type": "Microsoft.Network/privateEndpoints", "location": "westeurope",
  "privateLinkServiceConnections": [ {{ "name": "c", "groupIds": ["vault"], "privateLinkServiceId": "{}",
    "privateLinkServiceConnectionState": {{ "status": "Rejected" }} }} ],
  "subnet": {{ "id": "{}" }} }}"#,
        id("Microsoft.Network/privateEndpoints/pe"),
        id("Microsoft.KeyVault/vaults/kv-ledger"),
        id("Microsoft.Network/virtualNetworks/net-far/subnets/app")
    );
    let project = load(Options::default(), [("vault.json", &vault), ("endpoint.json", &endpoint)]);
    for from in ["subnet:app", "subnet:net-far/app", "vnet:net-far"] {
        assert_eq!(ask(&project, from).outcome, Outcome::Denied, "{from}");
        assert!(project.resolve(None, from).is_ok(), "{from}");
    }
    assert!(project.explain(None, "subnet:nowhere").is_err());
}

fn mismatches(path: &str, text: &str) -> Vec<String> {
    let project = load(Options::default(), [(path, text)]);
    let found = project.check().diagnostics;
    let found = found.iter().filter(|found| found.rule == "dns-zone-cloud-mismatch");
    found.map(|found| format!("{:?} {:?}", found.severity, found.confidence)).collect()
}

const CERTAIN: &str = "Error Certain";
const LIKELY: &str = "Error Likely";

fn in_region(location: &str, zone: &str) -> String {
    format!(
        "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv-ledger'
  location: {location}
  properties: {{ tenantId: tenant().tenantId, sku: {{ family: 'A', name: 'standard' }}, {CLOSED} }}
}}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{ name: {zone}, location: 'global' }}
"
    )
    .replace(", location: 'global'", "\n  location: 'global'\n")
}

const PUBLIC: &str = "'privatelink.vaultcore.azure.net'";
const USGOV: &str = "'privatelink.vaultcore.usgovcloudapi.net'";

#[test]
fn a_region_that_only_one_cloud_has_says_which_cloud_the_zones_must_be_of() {
    for (location, zone, wanted) in [
        ("'usgovarizona'", PUBLIC, vec![CERTAIN]),
        ("'usgovarizona'", USGOV, vec![]),
        ("'chinanorth3'", PUBLIC, vec![CERTAIN]),
        ("'chinanorth3'", "'privatelink.vaultcore.azure.cn'", vec![]),
        ("'northeurope'", USGOV, vec![CERTAIN]),
        ("'northeurope'", PUBLIC, vec![]),
        ("resourceGroup().location", USGOV, vec![LIKELY]),
        ("resourceGroup().location", PUBLIC, vec![]),
        // The names that `environment()` gives are those of the cloud that the region is in.
        (
            "'usgovarizona'",
            "'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'",
            vec![],
        ),
    ] {
        assert_eq!(mismatches("main.bicep", &in_region(location, zone)), wanted, "{location} {zone}");
    }
    let by_default = format!("param region string = 'usgovarizona'\n{}", in_region("region", PUBLIC));
    assert_eq!(mismatches("main.bicep", &by_default), [LIKELY]);
    // Files for two clouds have zones of both.
    let both = in_region("'usgovarizona'", USGOV)
        + &in_region("'northeurope'", PUBLIC).replace("kv", "kw").replace("zone ", "zone2 ");
    assert_eq!(mismatches("main.bicep", &both), [""; 0]);
}

#[test]
fn what_is_asked_for_wins_over_regions_and_all_commands_say_the_same() {
    let text = in_region("'usgovarizona'", PUBLIC);
    let run = |cloud| {
        let project = load(Options { cloud, ..Options::default() }, [("main.bicep", &text)]);
        project.resolve(None, "internet").expect("an answer").name
    };
    assert_eq!(run(None), "kv-ledger.vault.usgovcloudapi.net");
    assert_eq!(run(Some(Cloud::Public)), "kv-ledger.vault.azure.net");
}

#[test]
fn the_environment_of_a_provider_says_which_cloud_it_is() {
    let of = |provider: &str, zone: &str| {
        format!(
            "{provider}
resource \"azurerm_private_dns_zone\" \"zone\" {{
  name                = {}
  resource_group_name = \"dns\"
}}
",
            zone.replace('\'', "\"")
        )
    };
    let usgov = "provider \"azurerm\" {\n  environment = \"usgovernment\"\n  features {}\n}";
    let silent = "provider \"azurerm\" {\n  features {}\n}";
    let by_default = "variable \"cloud\" {\n  default = \"usgovernment\"\n}\nprovider \"azurerm\" {\n  environment = var.cloud\n  features {}\n}";
    for (provider, zone, wanted) in [
        (usgov, USGOV, vec![]),
        (usgov, PUBLIC, vec![CERTAIN]),
        (silent, USGOV, vec![LIKELY]),
        (silent, PUBLIC, vec![]),
        (by_default, USGOV, vec![]),
        (by_default, PUBLIC, vec![LIKELY]),
    ] {
        assert_eq!(mismatches("main.tf", &of(provider, zone)), wanted, "{provider} {zone}");
    }
    for (cloud, zone) in
        [("global", PUBLIC), ("DoD", USGOV), ("usgovernmentl4", USGOV), ("usgovernmentl5", USGOV)]
    {
        let other = if zone == PUBLIC { USGOV } else { PUBLIC };
        let provider = usgov.replace("usgovernment", cloud);
        assert_eq!(mismatches("main.tf", &of(&provider, zone)), Vec::<&str>::new(), "{cloud}");
        assert_eq!(mismatches("main.tf", &of(&provider, other)), vec![CERTAIN], "{cloud}");
    }
}
