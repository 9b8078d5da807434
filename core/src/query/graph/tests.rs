use crate::report::{EdgeKind, GraphReport, NodeKind, Proof};
use crate::{Options, Project};

fn graph(file: &str, text: &str) -> GraphReport {
    let mut project = Project::new(Options::default());
    project.set(file, text);
    project.graph()
}

fn bicep(text: &str) -> GraphReport {
    graph("main.bicep", text)
}

fn vault(properties: &str) -> String {
    format!(
        "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{\n  name: 'kv'\n  location: 'westeurope'\n  \
         properties: {{\n{properties}\n  }}\n}}\n"
    )
}

/// The edges as `from kind to: label`, by the labels of nodes; possible ones with a `?`.
fn edges(graph: &GraphReport) -> Vec<String> {
    let label = |id: &str| {
        let node = graph.nodes.iter().find(|node| node.id == id);
        node.map_or("?", |node| node.label.as_str()).to_owned()
    };
    graph
        .edges
        .iter()
        .map(|edge| {
            let open = if edge.proof == Proof::Possible { "?" } else { "" };
            format!("{} {:?}{open} {}: {}", label(&edge.from), edge.kind, label(&edge.to), edge.label)
        })
        .collect()
}

#[test]
fn an_open_vault_is_reached_by_everyone() {
    let graph = bicep(&vault("networkAcls: { defaultAction: 'Allow', bypass: 'None' }"));
    assert_eq!(
        edges(&graph),
        [
            "the internet Reaches kv: public endpoint",
            "trusted services Blocked kv: bypass does not admit them"
        ]
    );
    let vault = graph.nodes.iter().find(|node| node.kind == NodeKind::Vault).expect("the vault");
    assert!(vault.findings.iter().any(|finding| finding.rule == "public-vault"));
    assert_eq!((vault.address.as_deref(), vault.file.as_deref()), (Some("kv"), Some("main.bicep")));
}

#[test]
fn what_decides_says_why_not() {
    let off = "publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Allow', ipRules: [{ value: '203.0.113.7' }] }";
    let secured = "publicNetworkAccess: 'SecuredByPerimeter'";
    assert_eq!(
        edges(&bicep(&vault(&off.replace(", networkAcls", "\n    networkAcls")))),
        [
            "the internet Blocked kv: public access is off",
            "trusted services Reaches kv: bypass",
            "203.0.113.7 Blocked kv: public access is off"
        ]
    );
    assert_eq!(
        edges(&bicep(&vault(secured))),
        [
            "the internet Blocked kv: only its perimeter grants access",
            "trusted services Blocked kv: its perimeter decides"
        ]
    );
}

#[test]
fn what_the_template_leaves_open_is_possible_and_says_on_what_it_depends() {
    let text = format!("param access string\n{}", vault("publicNetworkAccess: access"));
    let found = edges(&bicep(&text));
    assert!(
        found.contains(
            &"the internet Reaches? kv: public endpoint, depends on parameters('access')".to_owned()
        ),
        "{found:?}"
    );
    // The effect of `networkAcls` without `defaultAction` is not documented.
    let found = edges(&bicep(&vault("networkAcls: { ipRules: [] }")));
    assert!(found.iter().any(|edge| edge.starts_with("the internet Reaches? kv")), "{found:?}");
}

#[test]
fn rules_on_the_whole_internet_open_the_vault() {
    let rules =
        "networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '0.0.0.0/1' }, { value: '128.0.0.0/1' }] }";
    assert!(edges(&bicep(&vault(rules))).contains(&"the internet Reaches kv: public endpoint".to_owned()));
}

#[test]
fn rules_that_admit_nobody_are_blocked() {
    let rules = "networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '10.0.0.0/8' }, { value: 'office' }, { value: '203.0.113.7' }] }";
    let found = edges(&bicep(&vault(rules)));
    for edge in [
        "10.0.0.0/8 Blocked kv: no public IPv4 address or range",
        "office Blocked kv: no public IPv4 address or range",
        "203.0.113.7 Reaches kv: IP rule",
    ] {
        assert!(found.contains(&edge.to_owned()), "{found:?}");
    }
}

#[test]
fn a_default_is_named_on_the_edge() {
    let text = format!("param access string = 'Enabled'\n{}", vault("publicNetworkAccess: access"));
    let graph = bicep(&text);
    let internet =
        graph.edges.iter().find(|edge| edge.kind == EdgeKind::Reaches && edge.from.starts_with("internet"));
    assert_eq!(internet.map(|edge| edge.assumed.clone()), Some(vec!["access".to_owned()]));
}

const PRIVATE: &str = "
resource net 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'net'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      { name: 'endpoints', properties: { addressPrefix: '10.0.1.0/24' } }
      { name: 'workers', properties: { addressPrefix: '10.0.2.0/24' } }
    ]
  }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}
resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'net'
  location: 'westeurope'
  properties: { registrationEnabled: false, virtualNetwork: { id: net.id } }
}
resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  location: 'westeurope'
  properties: {
    subnet: { id: '${net.id}/subnets/endpoints' }
    privateLinkServiceConnections: [{ name: 'kv', properties: { privateLinkServiceId: kv.id, groupIds: ['vault'] } }]
  }
  resource zones 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: 'kv', properties: { privateDnsZoneId: zone.id } }] }
  }
}
";

#[test]
fn endpoints_stand_in_subnets_and_subnets_in_networks() {
    let closed = "publicNetworkAccess: 'Disabled'\n    networkAcls: { defaultAction: 'Deny', bypass: 'None', \
                  virtualNetworkRules: [{ id: '${net.id}/subnets/workers' }] }";
    let graph = bicep(&(vault(closed) + PRIVATE));
    let node = |label: &str| graph.nodes.iter().find(|node| node.label == label).expect("a node");
    assert_eq!(node("pe").parent.as_deref(), Some(node("endpoints").id.as_str()));
    assert_eq!(node("endpoints").parent.as_deref(), Some(node("net").id.as_str()));
    assert_eq!(node("endpoints").detail, "10.0.1.0/24");
    let found = edges(&graph);
    for edge in [
        "pe Connects kv: private link",
        "pe Registers privatelink.vaultcore.azure.net: zone group",
        "privatelink.vaultcore.azure.net Links net: zone link",
        "workers Blocked kv: no service endpoint for vaults",
    ] {
        assert!(found.contains(&edge.to_owned()), "{edge}: {found:#?}");
    }
    // The location of the link is wrong: the finding is shown at the link.
    let link = graph.edges.iter().find(|edge| edge.kind == EdgeKind::Links).expect("the link");
    assert!(link.findings.iter().any(|finding| finding.rule == "dns-zone-not-global"), "{:?}", link.findings);
}

#[test]
fn every_finding_is_somewhere_once_per_place() {
    let text = vault("networkAcls: { defaultAction: 'Allow' }") + PRIVATE + "param unused string = foo()\n";
    let mut project = Project::new(Options::default());
    project.set("main.bicep", &text);
    let (graph, report) = (project.graph(), project.check());
    let nodes = graph.nodes.iter().flat_map(|node| &node.findings);
    let edges = graph.edges.iter().flat_map(|edge| &edge.findings);
    let mut shown: Vec<_> =
        nodes.chain(edges).chain(&graph.findings).map(|found| (&found.rule, &found.message)).collect();
    let mut said: Vec<_> = report.diagnostics.iter().map(|found| (&found.rule, &found.message)).collect();
    shown.sort();
    said.sort();
    assert_eq!(shown, said);
}

#[test]
fn an_endpoint_of_a_vault_elsewhere_brings_that_vault() {
    let text = "param vaultId string\n".to_owned()
        + &PRIVATE.replace("kv.id", "resourceId('Microsoft.KeyVault/vaults', 'far')");
    let graph = bicep(&text);
    let far = graph.nodes.iter().find(|node| node.label == "far").expect("the vault");
    assert_eq!(
        (far.kind, far.file.as_deref(), far.detail.as_str()),
        (NodeKind::Vault, None, "only referred to")
    );
    assert!(edges(&graph).contains(&"pe Connects far: private link".to_owned()));
}

#[test]
fn of_a_vault_that_is_only_referred_to_nothing_is_said() {
    let text =
        "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' existing = { name: 'kv' }\n".to_owned() + PRIVATE;
    let graph = bicep(&text);
    let found = edges(&graph);
    assert!(found.contains(&"pe Connects kv: private link".to_owned()), "{found:?}");
    assert!(graph.nodes.iter().all(|node| node.kind != NodeKind::Internet), "{found:?}");
}

#[test]
fn a_manual_connection_carries_nothing_yet() {
    let manual = PRIVATE.replace("privateLinkServiceConnections", "manualPrivateLinkServiceConnections");
    let found = edges(&bicep(&(vault("publicNetworkAccess: 'Disabled'") + &manual)));
    assert!(found.contains(&"pe Blocked kv: awaits approval".to_owned()), "{found:?}");
}

#[test]
fn too_many_vaults_are_counted_and_not_drawn() {
    let text = "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = [for i in range(0, 700): {\n  name: 'kv-${i}'\n  \
                location: 'westeurope'\n  properties: {}\n}]\n";
    let graph = bicep(text);
    assert_eq!(graph.nodes.len(), super::MAX_NODES);
    assert!(graph.nodes_left_out > 190, "{}", graph.nodes_left_out);
    assert!(graph.edges.len() <= super::MAX_EDGES);
    let ids: std::collections::HashSet<_> = graph.nodes.iter().map(|node| &node.id).collect();
    assert_eq!(ids.len(), graph.nodes.len());
}
