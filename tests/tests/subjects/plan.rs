//! `plan` and `diff`: the clients that a plan lists as losing access are those that lose it after the plan's edits.

use std::collections::BTreeMap;
use std::fmt::Write;
use vaultmoat_core::Project;
use vaultmoat_core::report::{AccessReport, Action, ChangeKind, Outcome, PhaseKind, Plan, State, TextEdit};
use vaultmoat_tests::fixture::{complete, load};

/// A vault with rules, an endpoint, a linked zone, a network without a link, an app in each, and a caller by address.
const NETWORK: &str = r"
param access string = 'Enabled'
param action string = 'Allow'

resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-plan'
  location: 'westeurope'
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: tenant().tenantId
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
      ipRules: [ { value: '20.30.40.0/24' } ]
    }
  }
}
resource home 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-home'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: [ '10.0.0.0/16' ] }
    subnets: [
      { name: 'endpoints', properties: { addressPrefix: '10.0.0.0/24' } }
      { name: 'apps', properties: { addressPrefix: '10.0.1.0/24' } }
    ]
  }
}
resource far 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-far'
  location: 'northeurope'
  properties: {
    addressSpace: { addressPrefixes: [ '10.1.0.0/16' ] }
    subnets: [ { name: 'apps', properties: { addressPrefix: '10.1.1.0/24' } } ]
  }
}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-plan'
  location: 'westeurope'
  properties: {
    subnet: { id: '${home.id}/subnets/endpoints' }
    privateLinkServiceConnections: [
      { name: 'vault', properties: { privateLinkServiceId: kv.id, groupIds: [ 'vault' ] } }
    ]
  }
  resource group 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [ { name: 'vault', properties: { privateDnsZoneId: zone.id } } ] }
  }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
  resource link 'virtualNetworkLinks' = {
    name: 'home'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: home.id } }
  }
}
";

fn project(text: &str) -> Project {
    load(complete(), [("main.bicep", text)])
}

fn outcomes(report: &AccessReport) -> BTreeMap<String, Outcome> {
    report.decisions.iter().map(|decision| (decision.from.clone(), decision.outcome)).collect()
}

fn edited(text: &str, edits: &[TextEdit]) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let mut edits: Vec<&TextEdit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start.offset));
    for edit in edits {
        let (start, end) = (edit.range.start.offset as usize, edit.range.end.offset as usize);
        units.splice(start..end, edit.text.encode_utf16());
    }
    String::from_utf16(&units).expect("text")
}

fn phase(plan: &Plan, kind: PhaseKind) -> &vaultmoat_core::report::Phase {
    plan.phases.iter().find(|phase| phase.phase == kind).expect("every phase")
}

fn edits(actions: &[Action]) -> Vec<TextEdit> {
    let open = actions.iter().filter(|action| !action.done);
    open.filter_map(|action| action.fix.as_ref()).flat_map(|fix| fix.edits.clone()).collect()
}

#[test]
fn what_a_step_takes_away_is_what_its_edits_take_away() {
    let mut text = NETWORK.to_owned();
    for kind in [PhaseKind::Deny, PhaseKind::Disable] {
        let before = project(&text);
        let plan = before.plan(None).expect("a plan");
        let phase = phase(&plan, kind);
        let edits = edits(&phase.actions);
        assert!(!edits.is_empty(), "{kind:?} offers its edit");
        let next = edited(&text, &edits);
        let (was, is) = (
            outcomes(&before.access(None).expect("access")),
            outcomes(&project(&next).access(None).expect("access")),
        );
        let lost: BTreeMap<String, Outcome> =
            is.into_iter().filter(|(from, outcome)| was.get(from) != Some(outcome)).collect();
        let told: BTreeMap<String, Outcome> =
            phase.losses.iter().map(|loss| (loss.from.clone(), loss.after)).collect();
        assert_eq!(told, lost, "{kind:?}");
        text = next;
    }
    let done = project(&text).plan(None).expect("a plan");
    assert_eq!(phase(&done, PhaseKind::Deny).state, State::Done);
    assert_eq!(phase(&done, PhaseKind::Disable).state, State::Done);
}

#[test]
fn a_network_that_does_not_resolve_the_endpoint_blocks_until_its_link_is_there() {
    let before = project(NETWORK);
    let plan = before.plan(None).expect("a plan");
    let resolution = phase(&plan, PhaseKind::Resolution);
    assert_eq!(resolution.state, State::Blocked);
    let [blocker] = resolution.blockers.as_slice() else { panic!("one blocker: {:?}", resolution.blockers) };
    assert!(blocker.text.contains("vnet-far"), "{}", blocker.text);
    let prepare = phase(&plan, PhaseKind::Prepare);
    assert_eq!(prepare.state, State::Todo);
    let linked = edited(NETWORK, &edits(&prepare.actions));
    let after = project(&linked).plan(None).expect("a plan");
    assert_eq!(phase(&after, PhaseKind::Prepare).state, State::Done);
    assert_eq!(phase(&after, PhaseKind::Resolution).state, State::Done);
}

#[test]
fn two_endpoints_in_one_zone_block_the_preparation() {
    let second = NETWORK.replace(
        "resource endpoint",
        "resource other 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-far'
  location: 'northeurope'
  properties: {
    subnet: { id: '${far.id}/subnets/apps' }
    privateLinkServiceConnections: [
      { name: 'vault', properties: { privateLinkServiceId: kv.id, groupIds: [ 'vault' ] } }
    ]
  }
  resource group 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [ { name: 'vault', properties: { privateDnsZoneId: zone.id } } ] }
  }
}
resource endpoint",
    );
    let plan = project(&second).plan(None).expect("a plan");
    let prepare = phase(&plan, PhaseKind::Prepare);
    assert_eq!(prepare.state, State::Blocked);
    assert!(prepare.blockers.iter().any(|note| note.text.contains("overwrites")), "{:?}", prepare.blockers);
    assert_eq!(plan.regions.len(), 2);
}

#[test]
fn a_zone_of_another_name_blocks_the_preparation() {
    let wrong = NETWORK.replace("privatelink.vaultcore.azure.net", "privatelink.vault.azure.net");
    let plan = project(&wrong).plan(None).expect("a plan");
    let prepare = phase(&plan, PhaseKind::Prepare);
    assert_eq!(prepare.state, State::Blocked);
    assert!(
        prepare.blockers.iter().any(|note| note.text.contains("do not resolve through it")),
        "{:?}",
        prepare.blockers
    );
}

#[test]
fn the_way_back_never_opens_the_vault() {
    let plan = project(NETWORK).plan(None).expect("a plan");
    for command in plan.phases.iter().flat_map(|phase| &phase.rollback) {
        let run = command.split('#').next().unwrap_or_default();
        assert!(!run.contains("default-action Allow"), "{command}");
    }
}

#[test]
fn a_name_that_a_shell_would_read_is_a_placeholder_in_commands() {
    let subnet = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/a; rm -rf $(x)";
    let app = APP.replace("${far.id}/subnets/apps", &subnet.replace('$', "\\$"));
    let hostile = NETWORK
        .replace("'kv-plan'", "'kv; rm -rf $(x)'")
        .replace("      ipRules: [ { value: '20.30.40.0/24' } ]\n", "")
        + &app;
    let plan = project(&hostile).plan(None).expect("a plan");
    for phase in &plan.phases {
        let commands = phase.actions.iter().filter_map(|action| action.command.as_ref());
        for command in commands.chain(&phase.verification).chain(&phase.rollback) {
            assert!(!command.contains("rm -rf"), "{command}");
        }
    }
}

/// What is to be done, and how, one action a line.
fn to_do(plan: &Plan) -> String {
    let mut out = String::new();
    for phase in &plan.phases {
        let _ = writeln!(out, "{:?}: {:?}", phase.phase, phase.state);
        for action in &phase.actions {
            let _ = writeln!(out, "  {} {}", if action.done { "[x]" } else { "[ ]" }, action.title);
            if let Some(command) = &action.command {
                let _ = writeln!(out, "      {command}");
            }
        }
        for blocker in &phase.blockers {
            let _ = writeln!(out, "  ! {}", blocker.text);
        }
    }
    out
}

const UNREGISTERED: &str = "\
Prepare: Todo
  [x] create a private endpoint for `kv-plan` and have it approved
  [ ] register `pe-plan` in a private zone `privatelink.vaultcore.azure.net`
      az network private-endpoint dns-zone-group create -g GROUP --endpoint-name pe-plan -n default --zone-name vault --private-dns-zone privatelink.vaultcore.azure.net
  [x] create a private zone `privatelink.vaultcore.azure.net`
  [x] link zone `privatelink.vaultcore.azure.net` to virtual network `vnet-home`
  [ ] link zone `privatelink.vaultcore.azure.net` to virtual network `vnet-far`
      az network private-dns link vnet create -g GROUP -z privatelink.vaultcore.azure.net -n vnet-far -v vnet-far --registration-enabled false
Resolution: Blocked
  [ ] `kv-plan.vault.azure.net` resolves to a private endpoint in virtual network `vnet-home`
  [ ] `kv-plan.vault.azure.net` resolves to a private endpoint in virtual network `vnet-far`
  ! in virtual network `vnet-home`: zone `privatelink.vaultcore.azure.net` has no record for `kv-plan`: it answers with NXDOMAIN
  ! in virtual network `vnet-far`: no zone `privatelink.vaultcore.azure.net` is linked to `vnet-far`: the name resolves to the public address
Consumers: Open
Rules: Todo
  [ ] let in a client in subnet `vnet-far/apps` by a rule, or bring it onto the private path
      az keyvault network-rule add -n kv-plan --subnet SUBNET_ID
Deny: Todo
  [ ] refuse callers that no rule matches: `defaultAction` `Deny`
      az keyvault update -n kv-plan --default-action Deny --bypass AzureServices
Disable: Todo
  [ ] close the public endpoint: `publicNetworkAccess` `Disabled`
      az keyvault update -n kv-plan --public-network-access Disabled
";

#[test]
fn every_action_says_how_it_is_done() {
    let group = NETWORK.find("  resource group").expect("the zone group");
    let end = group + NETWORK[group..].find("\n  }\n").expect("its end") + 5;
    let unregistered = format!("{}{}", &NETWORK[..group], &NETWORK[end..]);
    let closed_to_rules = unregistered.replace("      ipRules: [ { value: '20.30.40.0/24' } ]\n", "");
    let plan = project(&closed_to_rules).plan(None).expect("a plan");
    assert_eq!(to_do(&plan), UNREGISTERED);
}

#[test]
fn a_managed_hsm_has_commands_of_its_own() {
    let hsm = "resource hsm 'Microsoft.KeyVault/managedHSMs@2026-02-01' = {
  name: 'hsm-plan'
  location: 'westeurope'
  properties: { networkAcls: { defaultAction: 'Allow' } }
}
";
    let plan = project(hsm).plan(None).expect("a plan");
    let commands: Vec<&String> = plan
        .phases
        .iter()
        .flat_map(|phase| phase.actions.iter().filter_map(|action| action.command.as_ref()))
        .collect();
    assert!(commands.iter().any(|command| command.starts_with(
        "az keyvault update-hsm --hsm-name hsm-plan --default-action Deny --bypass AzureServices"
    )));
    assert!(commands.iter().all(|command| !command.contains("keyvault update -n")), "{commands:?}");
    let deny = phase(&plan, PhaseKind::Deny);
    assert!(
        deny.rollback[0].starts_with("az keyvault network-rule add --hsm-name hsm-plan "),
        "{:?}",
        deny.rollback
    );
}

#[test]
fn a_vault_by_itself_is_not_closed_before_it_has_an_endpoint() {
    let bare = "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-plan'
  location: 'westeurope'
  properties: { sku: { family: 'A', name: 'standard' }, tenantId: tenant().tenantId }
}
";
    let plan = project(bare).plan(None).expect("a plan");
    let create = &phase(&plan, PhaseKind::Prepare).actions[0];
    assert!(!create.done);
    assert_eq!(
        create.command.as_deref(),
        Some(
            "az network private-endpoint create -g GROUP -n pe-kv-plan --subnet SUBNET_ID \
             --private-connection-resource-id $(az keyvault show -n kv-plan --query id -o tsv) --group-id vault \
             --connection-name pe-kv-plan"
        )
    );
    let disable = phase(&plan, PhaseKind::Disable);
    assert_eq!(disable.state, State::Blocked);
    assert_eq!(
        disable.blockers[0].text,
        "no private endpoint of the vault is approved: only trusted services would be left"
    );
    // Where nothing says `networkAcls`, all of it is written.
    let denying = edited(bare, &edits(&phase(&plan, PhaseKind::Deny).actions));
    let denied = project(&denying).explain(None, "internet").expect("a decision");
    assert_eq!(denied.outcome, Outcome::Denied, "{denying}");
    let trusted = project(&denying).explain(None, "trusted-services").expect("a decision");
    assert_eq!(trusted.outcome, Outcome::Allowed, "{denying}");
}

#[test]
fn an_endpoint_that_waits_for_approval_blocks_the_preparation() {
    let waiting = NETWORK.replace("privateLinkServiceConnections", "manualPrivateLinkServiceConnections");
    let plan = project(&waiting).plan(None).expect("a plan");
    let prepare = phase(&plan, PhaseKind::Prepare);
    assert_eq!(prepare.state, State::Blocked, "{}", to_do(&plan));
    assert_eq!(
        prepare.blockers[0].text,
        "private endpoint `pe-plan` waits for approval: until then it carries no traffic"
    );
}

const OWN_DNS: &str = "addressSpace: { addressPrefixes: [ '10.1.0.0/16' ] }
    dhcpOptions: { dnsServers: [ '10.9.9.9' ] }";

const APP: &str = "
resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'app'
  location: 'northeurope'
  properties: { virtualNetworkSubnetId: '${far.id}/subnets/apps', vnetRouteAllEnabled: true }
}
";

#[test]
fn what_the_servers_of_a_network_answer_leaves_a_step_open() {
    let open = NETWORK.replace("addressSpace: { addressPrefixes: [ '10.1.0.0/16' ] }", OWN_DNS) + APP;
    let plan = project(&open).plan(None).expect("a plan");
    assert_eq!(phase(&plan, PhaseKind::Resolution).state, State::Open, "{}", to_do(&plan));
    assert_eq!(phase(&plan, PhaseKind::Consumers).state, State::Open, "{}", to_do(&plan));
}

#[test]
fn who_uses_the_vault_from_a_network_without_a_way_blocks_the_step_that_shuts_it_out() {
    let text = NETWORK.replace("      ipRules: [ { value: '20.30.40.0/24' } ]\n", "") + APP;
    let plan = project(&text).plan(None).expect("a plan");
    let blockers =
        |kind| -> Vec<&str> { phase(&plan, kind).blockers.iter().map(|note| note.text.as_str()).collect() };
    assert_eq!(
        blockers(PhaseKind::Deny),
        ["App Service `app` would be refused: `defaultAction` is `Deny`, and no rule matches this caller"]
    );
    // It has been refused by then.
    assert_eq!(blockers(PhaseKind::Disable), [""; 0]);
}

#[test]
fn a_trusted_service_is_let_in_by_the_bypass_and_blocks_nothing() {
    let storage = "
resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'contosoprod'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    encryption: {
      keySource: 'Microsoft.Keyvault'
      keyvaultproperties: { keyname: 'one', keyvaulturi: kv.properties.vaultUri }
    }
  }
}
";
    let text = NETWORK.replace("bypass: 'AzureServices'", "bypass: 'None'") + storage;
    let plan = project(&text).plan(None).expect("a plan");
    let rules = phase(&plan, PhaseKind::Rules);
    assert_eq!(rules.state, State::Todo, "{}", to_do(&plan));
    let titles: Vec<&str> =
        rules.actions.iter().filter_map(|action| action.fix.as_ref()).map(|fix| fix.title.as_str()).collect();
    assert!(titles.contains(&"let trusted services in: set `bypass` to `AzureServices`"), "{titles:?}");
}

#[test]
fn what_is_compared_is_reachability() {
    let kinds = |after: &str| -> Vec<(String, ChangeKind)> {
        let report = project(NETWORK).diff(&project(after));
        report.changes.into_iter().map(|change| (change.from, change.kind)).collect()
    };
    assert_eq!(kinds(NETWORK), []);
    // Other text, same access.
    assert_eq!(kinds(&NETWORK.replace("'20.30.40.0/24'", "'20.30.40.0/25'")), []);
    let closed = NETWORK.replace("defaultAction: 'Allow'", "defaultAction: 'Deny'");
    let denied = kinds(&closed);
    assert!(denied.contains(&("internet".to_owned(), ChangeKind::NewlyDenied)), "{denied:?}");
    // A range that is let in no more, and one that is now.
    let narrowed = closed
        .replace("20.30.40.0/24", "20.30.40.0/25")
        .replace("ipRules: [", "ipRules: [ { value: '20.30.50.7' },");
    let report = project(&closed).diff(&project(&narrowed));
    let changes: Vec<_> = report.changes.iter().map(|change| (change.from.as_str(), change.kind)).collect();
    assert_eq!(
        changes,
        [("ip:20.30.50.7", ChangeKind::NewlyAllowed), ("ip:20.30.40.128", ChangeKind::NewlyDenied)]
    );
}

#[test]
fn vaults_that_are_only_on_one_side_are_told() {
    let empty = project("param x string");
    let report = empty.diff(&project(NETWORK));
    assert_eq!(report.added.len(), 1);
    let report = project(NETWORK).diff(&empty);
    assert_eq!(report.removed.len(), 1);
}
