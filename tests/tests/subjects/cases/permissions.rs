//! A principal with a permission on a vault is a caller; these tests check where its calls come from.

use super::callers::{callers, said};
use vaultmoat_core::Options;
use vaultmoat_tests::fixture::{arm_template, arm_vault, load};

const HEAD: &str = "
resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-contoso-7'
  location: 'westeurope'
  properties: { tenantId: tenant().tenantId, sku: { family: 'A', name: 'standard' }, ACLS }
}
resource id 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id'
  location: 'westeurope'
}
resource net 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'net'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      { name: 'one', properties: { addressPrefix: '10.0.0.0/24', serviceEndpoints: [{ service: 'Microsoft.KeyVault' }] } }
    ]
  }
}
";

const CLOSED: &str =
    "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{ value: '20.50.1.0/29' }] }";

fn bicep(acls: &str, parts: &[&str]) -> String {
    format!("{}{}", HEAD.replace("ACLS", acls), parts.concat())
}

fn role(principal: &str) -> String {
    format!(
        "resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{
  name: guid('role')
  scope: kv
  properties: {{
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
    principalId: {principal}
  }}
}}
"
    )
}

fn policy(principal: &str) -> String {
    format!(
        "resource policies 'Microsoft.KeyVault/vaults/accessPolicies@2026-02-01' = {{
  parent: kv
  name: 'add'
  properties: {{
    accessPolicies: [{{ tenantId: tenant().tenantId, objectId: {principal}, permissions: {{ secrets: ['get'] }} }}]
  }}
}}
"
    )
}

const OWN: &str = "identity: { type: 'SystemAssigned' }";
const ASSIGNED: &str = "identity: { type: 'UserAssigned', userAssignedIdentities: { '${id.id}': {} } }";

fn caller(kind: &str, identity: &str, properties: &str) -> String {
    format!(
        "resource caller '{kind}@2024-01-01' = {{
  name: 'caller'
  location: 'westeurope'
  {identity}
  properties: {{ {properties} }}
}}
"
    )
}

#[test]
fn whoever_has_a_permission_is_a_caller_by_its_own_identity_or_an_assigned_one() {
    let kind = "Microsoft.Automation/automationAccounts";
    let (own, assigned) = (caller(kind, OWN, ""), caller(kind, ASSIGNED, ""));
    for (account, permission) in [
        (&own, role("caller.identity.principalId")),
        (&own, policy("caller.identity.principalId")),
        (&assigned, role("id.properties.principalId")),
        (&assigned, policy("id.properties.principalId")),
    ] {
        let text = bicep(CLOSED, &[account, &permission]);
        assert_eq!(said("main.bicep", &text), ["likely untrusted-service-assumed caller"], "{permission}");
        assert_eq!(callers("main.bicep", &text), ["caller denied"], "{permission}");
        // One that has several permissions is reported once.
        let both = bicep(
            CLOSED,
            &[
                account,
                &permission,
                &permission
                    .replace("resource ", "resource more_")
                    .replace("'role'", "'more'")
                    .replace("'add'", "'replace'"),
            ],
        );
        assert_eq!(said("main.bicep", &both).len(), 1, "{permission}");
    }
    let inside = CLOSED.to_owned()
        + ", accessPolicies: [{ tenantId: tenant().tenantId, objectId: id.properties.principalId, permissions: { keys: ['get'] } }]";
    let text = bicep(&inside, &[&assigned]);
    assert_eq!(said("main.bicep", &text), ["likely untrusted-service-assumed caller"]);
}

#[test]
fn each_of_several_identities_of_a_caller_counts() {
    let kind = "Microsoft.Automation/automationAccounts";
    let other = "resource other 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {\n  name: 'other'\n  location: 'westeurope'\n}\n";
    let two = ASSIGNED.replace("'${id.id}'", "'${other.id}': {}, '${id.id}'");
    let with = |identity: &str, to: &str| {
        said("main.bicep", &bicep(CLOSED, &[other, &caller(kind, identity, ""), &role(to)]))
    };
    for to in ["id.properties.principalId", "other.properties.principalId"] {
        assert_eq!(with(&two, to), ["likely untrusted-service-assumed caller"], "{to}");
    }
    assert_eq!(with(ASSIGNED, "other.properties.principalId"), [""; 0]);
}

#[test]
fn an_identity_whose_name_is_open_is_assigned_in_compiled_templates_as_in_bicep() {
    let kind = "Microsoft.Automation/automationAccounts";
    let open = bicep(CLOSED, &[&caller(kind, ASSIGNED, ""), &role("id.properties.principalId")]);
    let open = format!("param called string{}", open.replace("name: 'id'", "name: called"));
    let identity = "Microsoft.ManagedIdentity/userAssignedIdentities";
    let compiled = |assigned: &str| {
        let head = r#""location": "westeurope", "apiVersion""#;
        format!(
            r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "languageVersion": "2.0",
  "parameters": {{ "called": {{ "type": "string" }}, "other": {{ "type": "string" }} }},
  "resources": {{
    "kv": {{ "type": "Microsoft.KeyVault/vaults", {head}: "2026-02-01", "name": "kv-contoso-7", "properties": {{
      "tenantId": "[tenant().tenantId]", "sku": {{ "family": "A", "name": "standard" }},
      "networkAcls": {{ "defaultAction": "Deny", "bypass": "AzureServices", "ipRules": [{{ "value": "20.50.1.0/29" }}] }} }} }},
    "id": {{ "type": "{identity}", {head}: "2023-01-31", "name": "[parameters('called')]" }},
    "caller": {{ "type": "{kind}", {head}: "2024-01-01", "name": "caller", "properties": {{}},
      "identity": {{ "type": "UserAssigned", "userAssignedIdentities": {{
        "[format('{{0}}', resourceId('{identity}', parameters('{assigned}')))]": {{}} }} }} }},
    "role": {{ "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('role')]",
      "scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv-contoso-7')]", "properties": {{
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]",
        "principalId": "[reference('id').principalId]" }} }}
  }}
}}"#
        )
    };
    assert_eq!(said("main.bicep", &open), ["likely untrusted-service-assumed caller"]);
    assert_eq!(said("main.json", &compiled("called")), ["likely untrusted-service-assumed caller"]);
    assert_eq!(said("main.json", &compiled("other")), [""; 0]);
}

#[test]
fn who_has_no_permission_to_use_what_is_in_the_vault_is_no_caller() {
    let kind = "Microsoft.Automation/automationAccounts";
    let (own, assigned) = (caller(kind, OWN, ""), caller(kind, ASSIGNED, ""));
    let manages = role("caller.identity.principalId")
        .replace("4633458b-17de-408a-b874-0445c86b69e6", "f25e0fa2-a7c8-4377-a976-54943a77a395");
    let removed = policy("caller.identity.principalId").replace("'add'", "'remove'");
    let elsewhere = role("caller.identity.principalId").replace("scope: kv", "scope: net");
    for (account, permission) in [
        (&own, manages),
        (&own, removed),
        (&own, elsewhere),
        (&own, role("id.properties.principalId")),
        (&assigned, role("deployer().objectId")),
    ] {
        let text = bicep(CLOSED, &[account, &permission]);
        assert_eq!(callers("main.bicep", &text), [""; 0], "{permission}");
        assert_eq!(said("main.bicep", &text), [""; 0], "{permission}");
    }
    // What assigns policies has an identity, and calls no vault with it.
    let policies = caller("Microsoft.Authorization/policyAssignments", OWN, "");
    let text = bicep(CLOSED, &[&policies, &role("caller.identity.principalId")]);
    assert_eq!(callers("main.bicep", &text), [""; 0]);
}

#[test]
fn a_role_on_what_a_vault_is_in_is_a_role_on_the_vault() {
    let with_rbac = format!("enableRbacAuthorization: true, {CLOSED}");
    let account = caller("Microsoft.Automation/automationAccounts", OWN, "");
    let role = |scope: &str| role("caller.identity.principalId").replace("  scope: kv\n", scope);
    let refused = ["likely untrusted-service-assumed caller"];
    let of = |acls: &str, role: &str| bicep(acls, &[&account, role]);
    let on_group = of(&with_rbac, &role(""));
    assert_eq!(said("main.bicep", &on_group), refused);
    assert_eq!(callers("main.bicep", &on_group), ["caller denied"]);
    // There it counts for nothing.
    let policies = of(&format!("enableRbacAuthorization: false, accessPolicies: [], {CLOSED}"), &role(""));
    assert_eq!(callers("main.bicep", &policies), [""; 0]);
    let manages =
        role("").replace("4633458b-17de-408a-b874-0445c86b69e6", "f25e0fa2-a7c8-4377-a976-54943a77a395");
    assert_eq!(callers("main.bicep", &of(&with_rbac, &manages)), [""; 0]);
}

#[test]
fn a_role_of_a_module_holds_where_the_module_is_deployed() {
    let account = caller("Microsoft.Automation/automationAccounts", OWN, "");
    let module = role("principal").replace("  scope: kv\n", "");
    let found = |target: &str, scope: &str| {
        let call = format!(
            "module roles 'roles.bicep' = {{\n  name: 'roles'\n  {scope}\n  params: {{ principal: caller.identity.principalId }}\n}}\n"
        );
        let text = bicep(&format!("enableRbacAuthorization: true, {CLOSED}"), &[&account, &call]);
        let module = format!("targetScope = '{target}'\nparam principal string\n{module}");
        let project =
            load(Options::default(), [("main.bicep", text.as_str()), ("roles.bicep", module.as_str())]);
        let report = project.check();
        let is_ours = |rule: &str| rule == "untrusted-service-assumed";
        let said = report.diagnostics.iter().filter(|found| is_ours(&found.rule)).count();
        (said, report.undecided.iter().filter(|open| is_ours(&open.rule)).count())
    };
    assert_eq!(found("resourceGroup", ""), (1, 0));
    assert_eq!(
        found("resourceGroup", "scope: resourceGroup('others')"),
        (0, 1),
        "the group may have that name"
    );
    assert_eq!(found("subscription", "scope: subscription()"), (1, 0));
    assert_eq!(found("subscription", "scope: subscription('11111111-2222-3333-4444-555555555555')"), (0, 1));
    // Nothing says which subscriptions are in it.
    assert_eq!(found("managementGroup", "scope: managementGroup('corp')"), (0, 1));
    assert_eq!(found("tenant", "scope: tenant()"), (1, 0));
}

#[test]
fn a_role_of_a_template_may_have_a_scope_of_its_own() {
    let found = |scope: &str| {
        let role = format!(
            r#"{{ "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "[guid('role')]"{scope},
               "properties": {{
                 "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]",
                 "principalId": "[reference('account', '2023-11-01', 'full').identity.principalId]" }} }}"#
        );
        let account = r#"{ "type": "Microsoft.Automation/automationAccounts", "apiVersion": "2023-11-01", "name": "account",
            "location": "westeurope", "identity": { "type": "SystemAssigned" }, "properties": {} }"#;
        let account = account.to_owned();
        let role =
            role.replace("'account'", "resourceId('Microsoft.Automation/automationAccounts', 'account')");
        let vault = arm_vault(
            r#""enableRbacAuthorization": true, "networkAcls": { "defaultAction": "Deny", "bypass": "None" }"#,
        );
        let text = arm_template("", "", &[vault, account, role].join(","));
        said("main.json", &text)
    };
    assert_eq!(
        found(""),
        ["likely untrusted-service-assumed Microsoft.Automation/automationAccounts/account".to_lowercase()]
    );
    assert_eq!(found(r#", "scope": "[resourceId('Microsoft.Storage/storageAccounts', 'other')]""#), [""; 0]);
}

#[test]
fn a_permission_alone_makes_a_finding_likely_and_a_name_makes_it_certain() {
    let closed = "networkAcls: { defaultAction: 'Deny', bypass: 'None' }";
    let role = role("caller.identity.principalId");
    for (kind, rule) in [
        ("Microsoft.Web/sites", "app-outside-network caller"),
        ("Microsoft.Logic/workflows", "untrusted-service-assumed caller"),
        ("Microsoft.DataFactory/factories", "trusted-service-blocked kv"),
        ("Microsoft.Storage/storageAccounts", "trusted-service-blocked kv"),
        ("Contoso.Widgets/things", "untrusted-service-assumed caller"),
    ] {
        let permitted = bicep(closed, &[&caller(kind, OWN, ""), &role]);
        assert_eq!(said("main.bicep", &permitted), [format!("likely {rule}")], "{kind}");
        let named = caller(kind, OWN, "keyVaultProperties: { keyVaultUri: kv.properties.vaultUri }");
        let sure = if kind.starts_with("Contoso") { "likely" } else { "certain" };
        let text = bicep(closed, &[&named, &role]);
        assert_eq!(said("main.bicep", &text), [format!("{sure} {rule}")], "{kind}");
        let open = bicep("networkAcls: { defaultAction: 'Allow', bypass: 'None' }", &[&named, &role]);
        assert_eq!(said("main.bicep", &open), [""; 0], "{kind}");
    }
}

#[test]
fn a_machine_with_a_permission_calls_from_the_subnet_of_its_interface() {
    let interface = "resource nic 'Microsoft.Network/networkInterfaces@2024-05-01' = {
  name: 'nic'
  location: 'westeurope'
  properties: { ipConfigurations: [{ name: 'a', properties: { subnet: { id: net.properties.subnets[0].id } } }] }
}
";
    let machine = caller(
        "Microsoft.Compute/virtualMachines",
        OWN,
        "networkProfile: { networkInterfaces: [{ id: nic.id }] }",
    );
    let set = caller(
        "Microsoft.Compute/virtualMachineScaleSets",
        OWN,
        "virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [{ name: 'a', properties: { ipConfigurations: [{ name: 'b', properties: { subnet: { id: net.properties.subnets[0].id } } }] } }] } }",
    );
    for machine in [machine, set] {
        let of = |acls: &str| bicep(acls, &[interface, &machine, &role("caller.identity.principalId")]);
        let nobody = of("networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' }");
        assert_eq!(said("main.bicep", &nobody), ["likely untrusted-service-assumed caller"]);
        let admitted = of(
            "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', virtualNetworkRules: [{ id: net.properties.subnets[0].id }] }",
        );
        assert_eq!(said("main.bicep", &admitted), [""; 0]);
        assert_eq!(callers("main.bicep", &admitted), ["caller allowed"]);
        assert_eq!(said("main.bicep", &of(CLOSED)), ["likely service-endpoint-hides-ip kv"]);
    }
}

// ---- Automation

#[test]
fn runbooks_in_azure_come_from_addresses_that_no_rule_names() {
    let account = caller("Microsoft.Automation/automationAccounts", OWN, "");
    let of = |acls: &str| bicep(acls, &[&account, &role("caller.identity.principalId")]);
    let region = of(
        "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{ value: '20.50.0.0/20' }] }",
    );
    assert_eq!(said("main.bicep", &region), [""; 0]);
    assert_eq!(callers("main.bicep", &region), ["caller depends"]);
    let subnet = of(
        "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', virtualNetworkRules: [{ id: net.properties.subnets[0].id }] }",
    );
    assert_eq!(said("main.bicep", &subnet), ["likely untrusted-service-assumed caller"]);
    assert_eq!(callers("main.bicep", &subnet), ["caller denied"]);
}

#[test]
fn runbooks_on_a_hybrid_worker_come_from_its_network() {
    let account = caller("Microsoft.Automation/automationAccounts", OWN, "");
    let group =
        "resource group 'Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups@2023-11-01' = {
  parent: caller
  name: 'office'
  properties: {}
}
";
    let machine = "resource nic 'Microsoft.Network/networkInterfaces@2024-05-01' = {
  name: 'nic'
  location: 'westeurope'
  properties: { ipConfigurations: [{ name: 'a', properties: { subnet: { id: net.properties.subnets[0].id } } }] }
}
resource vm 'Microsoft.Compute/virtualMachines@2024-07-01' = {
  name: 'vm'
  location: 'westeurope'
  properties: { networkProfile: { networkInterfaces: [{ id: nic.id }] } }
}
resource worker 'Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups/hybridRunbookWorkers@2023-11-01' = {
  parent: group
  name: '11111111-2222-3333-4444-555555555555'
  properties: { vmResourceId: vm.id }
}
";
    let schedule = |on: &str| {
        format!(
            "resource schedule 'Microsoft.Automation/automationAccounts/jobSchedules@2023-11-01' = {{
  parent: caller
  name: '21111111-2222-3333-4444-555555555555'
  properties: {{ runbook: {{ name: 'a' }}, schedule: {{ name: 'b' }} {on} }}
}}
"
        )
    };
    let role = role("caller.identity.principalId");
    let of = |acls: &str, parts: &[&str]| bicep(acls, &[&account, &role, &parts.concat()]);
    let (there, here) = (schedule(", runOn: 'office'"), schedule(""));
    let subnet = "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', virtualNetworkRules: [{ id: net.properties.subnets[0].id }] }";
    // A machine that is not here may be anywhere.
    let outside = of(CLOSED, &[group, &there]);
    assert_eq!(said("main.bicep", &outside), [""; 0]);
    assert_eq!(callers("main.bicep", &outside), ["caller depends"]);
    let admitted = of(subnet, &[group, machine, &there]);
    assert_eq!(said("main.bicep", &admitted), [""; 0]);
    assert_eq!(callers("main.bicep", &admitted), ["caller allowed"]);
    let refused =
        of("networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' }", &[group, machine, &there]);
    assert_eq!(said("main.bicep", &refused), ["likely untrusted-service-assumed caller"]);
    // A schedule without a group runs in Azure.
    let sandbox = of(subnet, &[group, machine, &here]);
    assert_eq!(callers("main.bicep", &sandbox), ["caller depends"]);
}

#[test]
fn what_a_part_of_an_account_names_is_called_by_the_account() {
    let account = caller("Microsoft.Automation/automationAccounts", OWN, "");
    let variable = "resource variable 'Microsoft.Automation/automationAccounts/variables@2023-11-01' = {
  parent: caller
  name: 'Vault'
  properties: { value: '\"${kv.properties.vaultUri}\"' }
}
";
    let text = bicep(CLOSED, &[&account, variable, &role("caller.identity.principalId")]);
    assert_eq!(said("main.bicep", &text), ["certain untrusted-service-assumed caller"]);
    assert_eq!(callers("main.bicep", &text), ["caller denied"]);
}

// ---- addresses of apps

const APP: &str = "kind: 'functionapp'";

fn app(properties: &str) -> String {
    caller("Microsoft.Web/sites", APP, properties)
}

const URL: &str =
    "siteConfig: { appSettings: [{ name: 'URL', value: 'https://kv-contoso-7.vault.azure.net' }] }";
const REFERENCE: &str = "siteConfig: { appSettings: [{ name: 'DB', value: '@Microsoft.KeyVault(SecretUri=https://kv-contoso-7.vault.azure.net/secrets/db)' }] }";

fn addresses(bypass: &str, list: &str) -> String {
    format!(
        "networkAcls: {{ defaultAction: 'Deny', bypass: '{bypass}', ipRules: map({list}, one => {{ value: one }}) }}"
    )
}

#[test]
fn rules_that_are_the_addresses_of_an_app_let_its_code_in() {
    for list in [
        "split(caller.properties.outboundIpAddresses, ',')",
        "split(caller.properties.possibleOutboundIpAddresses, ',')",
        "concat(['20.50.1.7'], split(caller.properties.possibleOutboundIpAddresses, ','))",
    ] {
        let text = bicep(&addresses("None", list), &[&app(URL)]);
        assert_eq!(said("main.bicep", &text), [""; 0], "{list}");
        assert_eq!(callers("main.bicep", &text), ["caller allowed"], "{list}");
    }
    // Some of them are not all of them.
    let some =
        bicep(&addresses("None", "take(split(caller.properties.outboundIpAddresses, ','), 2)"), &[&app(URL)]);
    assert_eq!(callers("main.bicep", &some), ["caller depends"]);
    // In a network it calls from there.
    let integrated = app(&format!("virtualNetworkSubnetId: net.properties.subnets[0].id, {URL}"));
    let own = "split(caller.properties.outboundIpAddresses, ',')";
    let text = bicep(&addresses("None", own), &[&integrated]);
    assert_eq!(callers("main.bicep", &text), ["caller denied"]);
}

#[test]
fn rules_that_are_the_addresses_of_an_app_may_miss_its_references() {
    let own = "split(caller.properties.outboundIpAddresses, ',')";
    for (bypass, rule) in [("None", "app-outside-network"), ("AzureServices", "untrusted-service-assumed")] {
        let text = bicep(&addresses(bypass, own), &[&app(REFERENCE)]);
        assert_eq!(said("main.bicep", &text), [format!("likely {rule} caller")]);
        assert_eq!(callers("main.bicep", &text), ["caller depends"]);
    }
}

#[test]
fn rules_that_are_the_addresses_of_another_app_may_miss_this_one() {
    let other = |plan: &str| {
        format!(
            "resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {{\n  name: 'plan'\n  location: 'westeurope'\n}}
resource other 'Microsoft.Web/sites@2024-01-01' = {{
  name: 'other'
  location: 'westeurope'
  properties: {{ serverFarmId: {plan} }}
}}
"
        )
    };
    let list = addresses("None", "split(other.properties.outboundIpAddresses, ',')");
    let of = |plan: &str, more: &str| bicep(&list, &[&other(plan), &app(&format!("{more}{URL}"))]);
    let apart = of("plan.id", "");
    assert_eq!(said("main.bicep", &apart), ["likely app-outside-network caller"]);
    assert_eq!(callers("main.bicep", &apart), ["other allowed", "caller depends"]);
    // On one plan they have the same.
    let together = of("plan.id", "serverFarmId: plan.id, ");
    assert_eq!(said("main.bicep", &together), [""; 0]);
    assert_eq!(callers("main.bicep", &together), ["other allowed", "caller allowed"]);
}

// ---- Terraform

fn terraform(rules: &str, more: &str) -> String {
    format!(
        r#"resource "azurerm_key_vault" "kv" {{
  name                       = "kv-contoso-7"
  location                   = "westeurope"
  resource_group_name        = "rg"
  tenant_id                  = "11111111-2222-3333-4444-555555555555"
  sku_name                   = "standard"
  purge_protection_enabled   = true
  rbac_authorization_enabled = true
  network_acls {{
    default_action = "Deny"
    bypass         = "AzureServices"
    {rules}
  }}
}}
{more}
"#
    )
}

#[test]
fn permissions_and_identities_of_the_provider_are_read() {
    let account = |identity: &str| {
        format!(
            r#"resource "azurerm_user_assigned_identity" "id" {{
  name                = "id"
  location            = "westeurope"
  resource_group_name = "rg"
}}
resource "azurerm_automation_account" "x" {{
  name                = "aa"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Basic"
  identity {{
    {identity}
  }}
}}
"#
        )
    };
    let own = account("type = \"SystemAssigned\"");
    let assigned =
        account("type = \"UserAssigned\"\n    identity_ids = [azurerm_user_assigned_identity.id.id]");
    let role = |principal: &str| {
        format!(
            "resource \"azurerm_role_assignment\" \"r\" {{\n  scope = azurerm_key_vault.kv.id\n  role_definition_name = \"Key Vault Secrets User\"\n  principal_id = {principal}\n}}\n"
        )
    };
    let policy = |principal: &str| {
        format!(
            "resource \"azurerm_key_vault_access_policy\" \"r\" {{\n  key_vault_id = azurerm_key_vault.kv.id\n  tenant_id = \"t\"\n  secret_permissions = [\"Get\"]\n  object_id = {principal}\n}}\n"
        )
    };
    let (by_own, by_assigned) = (
        "azurerm_automation_account.x.identity[0].principal_id",
        "azurerm_user_assigned_identity.id.principal_id",
    );
    for more in [
        own.clone() + &role(by_own),
        own + &policy(by_own),
        assigned.clone() + &role(by_assigned),
        assigned.clone() + &policy(by_assigned),
    ] {
        let text = terraform("", &more);
        assert_eq!(
            said("main.tf", &text),
            ["likely untrusted-service-assumed azurerm_automation_account.x"],
            "{more}"
        );
    }
    let workers = assigned
        + &role(by_assigned)
        + r#"resource "azurerm_automation_hybrid_runbook_worker_group" "w" {
  name                    = "office"
  resource_group_name     = "rg"
  automation_account_name = azurerm_automation_account.x.name
}
"#;
    assert_eq!(said("main.tf", &terraform("", &workers)), [""; 0]);
    // A resource that no table reads, and that names no vault.
    let search = r#"resource "azurerm_cognitive_account" "x" {
  name                = "x"
  location            = "westeurope"
  resource_group_name = "rg"
  identity {
    type = "SystemAssigned"
  }
}
"#;
    let text =
        terraform("", &format!("{search}{}", role("azurerm_cognitive_account.x.identity[0].principal_id")));
    assert_eq!(said("main.tf", &text), ["likely untrusted-service-assumed azurerm_cognitive_account.x"]);
    assert_eq!(said("main.tf", &terraform("", search)), [""; 0]);
}

#[test]
fn addresses_of_an_app_of_the_provider_are_known_by_reference() {
    let app = |setting: &str| {
        format!(
            r#"resource "azurerm_linux_web_app" "x" {{
  name                = "x"
  location            = "westeurope"
  resource_group_name = "rg"
  service_plan_id     = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Web/serverfarms/p"
  site_config {{}}
  app_settings = {{
    V = "{setting}"
  }}
}}
"#
        )
    };
    let (code, reference) = (
        app("https://kv-contoso-7.vault.azure.net"),
        app("@Microsoft.KeyVault(SecretUri=https://kv-contoso-7.vault.azure.net/secrets/a)"),
    );
    for list in [
        "azurerm_linux_web_app.x.outbound_ip_address_list",
        "azurerm_linux_web_app.x.possible_outbound_ip_address_list",
        "split(\",\", azurerm_linux_web_app.x.possible_outbound_ip_addresses)",
        "[for one in split(\",\", azurerm_linux_web_app.x.outbound_ip_addresses) : \"${one}/32\"]",
    ] {
        let rules = format!("ip_rules = {list}");
        // The plan is not here, and may be in a network.
        assert_eq!(
            callers("main.tf", &terraform(&rules, &code)),
            ["azurerm_linux_web_app.x depends"],
            "{list}"
        );
        assert_eq!(said("main.tf", &terraform(&rules, &code)), [""; 0], "{list}");
        let plan = r#"resource "azurerm_service_plan" "p" {
  name                = "p"
  location            = "westeurope"
  resource_group_name = "rg"
  os_type             = "Linux"
  sku_name            = "P1v3"
}
"#;
        let with_plan = |app: &str| {
            let id = app
                .split("service_plan_id     = ")
                .nth(1)
                .and_then(|rest| rest.lines().next())
                .unwrap_or_default();
            terraform(&rules, &format!("{plan}{}", app.replace(id, "azurerm_service_plan.p.id")))
        };
        assert_eq!(callers("main.tf", &with_plan(&code)), ["azurerm_linux_web_app.x allowed"], "{list}");
        assert_eq!(said("main.tf", &with_plan(&code)), [""; 0], "{list}");
        let referring = said("main.tf", &with_plan(&reference));
        assert_eq!(referring, ["likely untrusted-service-assumed azurerm_linux_web_app.x"], "{list}");
    }
}

#[test]
fn roles_of_the_provider_hold_below_their_scope() {
    let of = |scope: &str| {
        let more = format!(
            r#"data "azurerm_subscription" "current" {{}}
data "azurerm_management_group" "corp" {{
  name = "corp"
}}
variable "scope" {{}}
resource "azurerm_resource_group" "rg" {{
  name     = "rg"
  location = "westeurope"
}}
resource "azurerm_resource_group" "other" {{
  name     = "other"
  location = "westeurope"
}}
resource "azurerm_automation_account" "x" {{
  name                = "aa"
  location            = "westeurope"
  resource_group_name = "rg"
  sku_name            = "Basic"
  identity {{
    type = "SystemAssigned"
  }}
}}
module "roles" {{
  source    = "./roles"
  scope     = {scope}
  principal = azurerm_automation_account.x.identity[0].principal_id
}}
"#
        );
        let module = r#"variable "scope" {}
variable "principal" {}
resource "azurerm_role_assignment" "r" {
  scope                = var.scope
  role_definition_name = "Key Vault Secrets User"
  principal_id         = var.principal
}
"#;
        let text = terraform("", &more);
        let project = load(Options::default(), [("main.tf", text.as_str()), ("roles/main.tf", module)]);
        let report = project.check();
        let is_ours = |rule: &str| rule == "untrusted-service-assumed";
        let said = report.diagnostics.iter().filter(|found| is_ours(&found.rule)).count();
        (said, report.undecided.iter().filter(|open| is_ours(&open.rule)).count())
    };
    assert_eq!(of("azurerm_key_vault.kv.id"), (1, 0));
    assert_eq!(of("azurerm_resource_group.rg.id"), (1, 0));
    assert_eq!(of("data.azurerm_subscription.current.id"), (1, 0));
    assert_eq!(of("azurerm_resource_group.other.id"), (0, 0));
    assert_eq!(of("data.azurerm_management_group.corp.id"), (0, 1));
    assert_eq!(of("var.scope"), (0, 1));
}
