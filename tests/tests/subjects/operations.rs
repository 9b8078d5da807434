//! The rules about permissions and protection, at the edges of what a template determines.

use vaultmoat_core::Options;
use vaultmoat_core::report::Confidence;
use vaultmoat_tests::cases::{said_by, template};
use vaultmoat_tests::fixture::load;

/// What a rule says of a vault of this API version with these properties, with these resources beside it.
fn said(rule: &str, version: &str, properties: &str, beside: &str) -> Vec<String> {
    let parameters = r#""app": { "type": "string" }"#;
    let text = template(parameters, "", properties, 1).replace("2026-02-01", version);
    let text = text.replacen("\"resources\": [", &format!("\"resources\": [{beside}"), 1);
    let found = said_by(&text);
    assert!(!found.iter().any(|line| line.contains(" syntax: ")), "{found:?}");
    found.into_iter().filter(|line| line.contains(&format!(" {rule}: "))).collect()
}

const POLICIES: &str = r#""accessPolicies": [{ "objectId": "someone" }]"#;

#[test]
fn without_the_setting_the_api_version_decides_whether_policies_count() {
    let ignored = |version, properties| said("access-policies-ignored", version, properties, "").len();
    assert_eq!(ignored("2026-02-01", POLICIES), 1);
    assert_eq!(ignored("2026-03-01-preview", POLICIES), 1);
    assert_eq!(ignored("2025-05-01", POLICIES), 0);
    let set = format!(r#""enableRbacAuthorization": true, {POLICIES}"#);
    assert_eq!(ignored("2025-05-01", &set), 1);
    // That version does not know the setting.
    assert_eq!(ignored("2018-02-14", &set), 0);
    let null = format!(r#""enableRbacAuthorization": null, {POLICIES}"#);
    assert_eq!(ignored("2026-02-01", &null), 1);
}

#[test]
fn policies_beside_a_vault_that_are_removed_are_not_ignored() {
    let beside = |name: &str, policies: &str| {
        format!(
            r#"{{ "type": "Microsoft.KeyVault/vaults/accessPolicies", "apiVersion": "2026-02-01", "name": "{name}",
            "properties": {{ "accessPolicies": {policies} }} }},"#
        )
    };
    let ignored = |beside: &str| {
        said("access-policies-ignored", "2026-02-01", r#""enableRbacAuthorization": true"#, beside).len()
    };
    assert_eq!(ignored(&beside("kv0/add", r#"[{ "objectId": "someone" }]"#)), 1);
    assert_eq!(ignored(&beside("kv0/add", "[]")), 0);
    assert_eq!(ignored(&beside("other/add", r#"[{ "objectId": "someone" }]"#)), 0);
    assert_eq!(ignored(&beside("kv0/remove", r#"[{ "objectId": "someone" }]"#)), 0);
}

#[test]
fn policies_that_are_ignored_go_or_count_by_what_says_so() {
    let titles = |properties: &str, beside: &str| -> Vec<String> {
        let text = template("", "", properties, 1).replacen(
            "\"resources\": [",
            &format!("\"resources\": [{beside}"),
            1,
        );
        let project = load(Options::default(), [("main.json", &text)]);
        let found =
            project.check().diagnostics.into_iter().filter(|found| found.rule == "access-policies-ignored");
        found.flat_map(|found| found.fixes).map(|fix| fix.title).collect()
    };
    let set = r#""enableRbacAuthorization": true"#;
    assert_eq!(titles(&format!("{set}, {POLICIES}"), ""), ["remove the access policies"]);
    assert_eq!(titles(POLICIES, ""), ["set `enableRbacAuthorization` to false"]);
    let beside = r#"{ "type": "Microsoft.KeyVault/vaults/accessPolicies", "apiVersion": "2026-02-01", "name": "kv0/add",
        "properties": { "accessPolicies": [{ "objectId": "someone" }] } },"#;
    assert_eq!(titles(set, beside), [""; 0]);
}

/// A role assignment; the scope and the type are written in one of the ways that ARM has.
fn role(kind: &str, name: &str, scope: &str, id: &str) -> String {
    format!(
        r#"{{ "type": "{kind}", "apiVersion": "2022-04-01", "name": "{name}", {scope}
        "properties": {{ "principalId": "[parameters('app')]", "roleDefinitionId": "{id}" }} }},"#
    )
}

const ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";
const SECRETS_USER: &str = "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]";

#[test]
fn a_role_is_on_the_vault_however_its_scope_is_written() {
    let useless = |role: &str| {
        said("role-without-rbac", "2026-02-01", r#""enableRbacAuthorization": false"#, role).len()
    };
    let on = |scope: &str| useless(&role(ASSIGNMENT, "r", scope, SECRETS_USER));
    assert_eq!(on(r#""scope": "Microsoft.KeyVault/vaults/kv0","#), 1);
    assert_eq!(on(r#""scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv0')]","#), 1);
    assert_eq!(on(r#""scope": "[resourceId('Microsoft.KeyVault/vaults/secrets', 'kv0', 'one')]","#), 1);
    assert_eq!(on(r#""scope": "Microsoft.KeyVault/vaults/other","#), 0);
    assert_eq!(on(""), 0);
    let older = "Microsoft.KeyVault/vaults/providers/roleAssignments";
    assert_eq!(useless(&role(older, "kv0/Microsoft.Authorization/r", "", SECRETS_USER)), 1);
}

#[test]
fn only_roles_for_data_need_rbac() {
    let useless = |id: &str| {
        let role = role(ASSIGNMENT, "r", r#""scope": "Microsoft.KeyVault/vaults/kv0","#, id);
        said("role-without-rbac", "2025-05-01", r#""sku": {}"#, &role).len()
    };
    assert_eq!(useless(SECRETS_USER), 1);
    assert_eq!(
        useless("/providers/Microsoft.Authorization/roleDefinitions/4633458B-17DE-408A-B874-0445C86B69E6"),
        1
    );
    let contributor = "f25e0fa2-a7c8-4377-a976-54943a77a395";
    assert_eq!(useless(&format!("/providers/Microsoft.Authorization/roleDefinitions/{contributor}")), 0);
    assert_eq!(useless("[parameters('app')]"), 0);
}

#[test]
fn a_vault_with_a_useless_role_is_not_told_to_use_roles() {
    let on = role(ASSIGNMENT, "r", r#""scope": "Microsoft.KeyVault/vaults/kv0","#, SECRETS_USER);
    let off = r#""enableRbacAuthorization": false"#;
    assert_eq!(said("rbac-disabled", "2026-02-01", off, &on).len(), 0);
    assert_eq!(said("rbac-disabled", "2026-02-01", off, "").len(), 1);
}

#[test]
fn broad_roles_are_those_of_workloads_and_of_whole_subscriptions() {
    let officer =
        SECRETS_USER.replace("4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7");
    let broad = |scope: &str, id: &str, who: &str| {
        let role = role(ASSIGNMENT, "r", scope, id).replace(r#""principalId": "[parameters('app')]""#, who);
        said("broad-vault-role", "2026-02-01", r#""sku": {}"#, &role).len()
    };
    let vault = r#""scope": "Microsoft.KeyVault/vaults/kv0","#;
    let workload = r#""principalId": "[parameters('app')]", "principalType": "ServicePrincipal""#;
    let person = r#""principalId": "[parameters('app')]", "principalType": "User""#;
    let unsaid = r#""principalId": "[parameters('app')]""#;
    let identity = r#""principalId": "[reference(resourceId('Microsoft.Web/sites', 'app'), '2023-12-01', 'full').identity.principalId]""#;
    assert_eq!(broad(vault, &officer, workload), 1);
    assert_eq!(broad(vault, &officer, identity), 1);
    assert_eq!(broad(vault, &officer, person), 0);
    assert_eq!(broad(vault, &officer, unsaid), 0);
    assert_eq!(broad(vault, SECRETS_USER, workload), 0);
    assert_eq!(broad(r#""scope": "[subscription().id]","#, SECRETS_USER, person), 1);
    assert_eq!(broad(r#""scope": "[resourceGroup().id]","#, SECRETS_USER, person), 0);
    assert_eq!(
        broad(r#""scope": "/providers/Microsoft.Management/managementGroups/mg","#, SECRETS_USER, person),
        1
    );
}

#[test]
fn what_azure_shows_of_a_vault_is_no_deployment() {
    let text = r#"{ "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-one", "name": "kv-one",
        "type": "Microsoft.KeyVault/vaults", "location": "westeurope",
        "properties": { "accessPolicies": [], "enableRbacAuthorization": false, "enableSoftDelete": false } }"#;
    let found = said_by(text);
    assert!(found.iter().any(|line| line.contains("rbac-disabled")), "{found:?}");
    // An empty list is not an order to delete policies, while `false` is what the vault has.
    assert!(!found.iter().any(|line| line.contains("wiped")), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("info soft-delete-disabled")), "{found:?}");
}

fn setting(kind: &str, name: &str, scope: &str, properties: &str) -> String {
    format!(
        r#"{{ "type": "{kind}", "apiVersion": "2021-05-01-preview", "name": "{name}", {scope}
        "properties": {{ {properties} }} }},"#
    )
}

const SETTING: &str = "Microsoft.Insights/diagnosticSettings";
const ON_VAULT: &str = r#""scope": "Microsoft.KeyVault/vaults/kv0","#;

#[test]
fn an_audit_log_is_kept_by_whatever_sends_it_somewhere() {
    let lost = |setting: &str| said("no-audit-log", "2026-02-01", r#""sku": {}"#, setting).len();
    let with =
        |log: &str, to: &str| setting(SETTING, "s", ON_VAULT, &format!(r#"{to} "logs": [{{ {log} }}]"#));
    let to = r#""storageAccountId": "[parameters('app')]","#;
    assert_eq!(lost(""), 1);
    assert_eq!(lost(&with(r#""category": "auditevent", "enabled": true"#, to)), 0);
    assert_eq!(lost(&with(r#""categoryGroup": "allLogs", "enabled": true"#, to)), 0);
    assert_eq!(lost(&with(r#""category": "AuditEvent", "enabled": false"#, to)), 1);
    assert_eq!(lost(&with(r#""category": "AuditEvent", "enabled": true"#, "")), 1);
    let log = r#""workspaceId": "w", "logs": [{ "category": "AuditEvent", "enabled": true }]"#;
    assert_eq!(lost(&setting(SETTING, "s", r#""scope": "Microsoft.KeyVault/vaults/other","#, log)), 1);
    let older = "Microsoft.KeyVault/vaults/providers/diagnosticSettings";
    assert_eq!(lost(&setting(older, "kv0/Microsoft.Insights/s", "", log)), 0);
}

#[test]
fn an_audit_log_that_a_policy_sends_is_kept() {
    let policy = r#"{ "type": "Microsoft.Authorization/policyAssignments", "apiVersion": "2024-04-01", "name": "logs",
        "properties": { "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/951af2fa-529b-416e-ab6e-066fd85ac459" } },"#;
    assert_eq!(said("no-audit-log", "2026-02-01", r#""sku": {}"#, policy), Vec::<String>::new());
}

#[test]
fn retention_of_other_resources_is_none_of_ours() {
    let retained = |scope: &str| {
        let log =
            r#""logs": [{ "category": "AuditEvent", "retentionPolicy": { "enabled": true, "days": 7 } }]"#;
        said("diagnostic-retention", "2026-02-01", r#""sku": {}"#, &setting(SETTING, "s", scope, log)).len()
    };
    assert_eq!(retained(ON_VAULT), 1);
    assert_eq!(retained(r#""scope": "Microsoft.Storage/storageAccounts/one","#), 0);
}

#[test]
fn a_deployment_reads_secrets_of_the_vault_it_names() {
    let blocked = |vault: &str, name: &str| {
        let id = format!("[resourceId('Microsoft.KeyVault/vaults', '{name}')]");
        let deployment = format!(
            r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2024-03-01", "name": "d", "properties": {{
            "mode": "Incremental", "template": {{ "resources": [] }}, "parameters": {{
            "a": {{ "value": 1 }}, "b": {{ "reference": {{ "keyVault": {{ "id": "{id}" }}, "secretName": "s" }} }},
            "c": {{ "reference": {{ "keyVault": {{ "id": "{id}" }}, "secretName": "t" }} }} }} }} }},"#
        );
        said("template-secret-blocked", "2026-02-01", vault, &deployment).len()
    };
    assert_eq!(blocked(r#""enabledForTemplateDeployment": false"#, "kv0"), 1);
    assert_eq!(blocked(r#""enabledForTemplateDeployment": true"#, "kv0"), 0);
    assert_eq!(blocked(r#""sku": {}"#, "other"), 0);
    let shut =
        r#""publicNetworkAccess": "Disabled", "networkAcls": { "defaultAction": "Deny", "bypass": "None" }"#;
    assert_eq!(blocked(&format!(r#""enabledForTemplateDeployment": true, {shut}"#), "kv0"), 1);
}

#[test]
fn policies_of_an_initiative_are_looked_at_too() {
    let initiative = r#"{ "type": "Microsoft.Authorization/policySetDefinitions", "apiVersion": "2024-05-01", "name": "i",
        "properties": { "policyDefinitions": [{
        "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/a6abeaec-4d90-4a02-805f-6b26c4d3fbe9",
        "parameters": { "effect": { "value": "[parameters('effect')]" } } }] } },"#;
    let initiative = initiative.replace("[parameters", "[[parameters");
    assert_eq!(said("vault-policy-parameter-ignored", "2026-02-01", r#""sku": {}"#, &initiative).len(), 1);
}

/// A network with one subnet, and an app in it on a plan.
fn app(subnet: &str, plan: &str, version: &str, properties: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "net", "properties": {{
        "subnets": [{{ "name": "apps", "properties": {{ {subnet} }} }}] }} }},
        {{ "type": "Microsoft.Web/serverfarms", "apiVersion": "2024-11-01", "name": "plan", "sku": {{ {plan} }} }},
        {{ "type": "Microsoft.Web/sites", "apiVersion": "{version}", "name": "app", "identity": {{ "type": "SystemAssigned" }},
        "properties": {{ "serverFarmId": "[resourceId('Microsoft.Web/serverfarms', 'plan')]", {properties} }} }},"#
    )
}

const IN_SUBNET: &str =
    r#""virtualNetworkSubnetId": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'apps')]""#;
const DELEGATED: &str = r#""addressPrefix": "10.0.1.0/26", "delegations": [{ "properties": { "serviceName": "Microsoft.Web/serverFarms" } }]"#;
const DEDICATED: &str = r#""name": "P1v3", "tier": "PremiumV3""#;
const OPEN: &str = r#""sku": {}"#;

#[test]
fn a_subnet_is_delegated_to_the_service_of_its_plan() {
    let wrong = |subnet: &str, plan: &str| {
        let app = app(subnet, plan, "2023-12-01", IN_SUBNET);
        said("integration-subnet-not-delegated", "2026-02-01", OPEN, &app).len()
    };
    let flex = DELEGATED.replace("Microsoft.Web/serverFarms", "microsoft.app/environments");
    assert_eq!(wrong(DELEGATED, DEDICATED), 0);
    assert_eq!(wrong(&flex, DEDICATED), 1);
    assert_eq!(wrong(&flex, r#""name": "FC1", "tier": "FlexConsumption""#), 0);
    assert_eq!(wrong(DELEGATED, r#""name": "FC1""#), 1);
    // Neither is right for any plan, so the plan need not be known.
    assert_eq!(wrong(r#""delegations": []"#, r#""name": "[parameters('app')]""#), 1);
    assert_eq!(wrong(DELEGATED, r#""name": "[parameters('app')]""#), 0);
}

#[test]
fn an_integration_subnet_is_shared_with_what_is_no_app() {
    let shared = |subnet: &str, beside: &str| {
        let app = app(subnet, DEDICATED, "2023-12-01", IN_SUBNET);
        said("shared-integration-subnet", "2026-02-01", OPEN, &format!("{app} {beside}")).len()
    };
    let id = "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'apps')]";
    let cluster = format!(
        r#"{{ "type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2024-09-01", "name": "aks",
        "properties": {{ "agentPoolProfiles": [{{ "vnetSubnetID": "{id}" }}] }} }},"#
    );
    assert_eq!(shared(DELEGATED, ""), 0);
    assert_eq!(shared(DELEGATED, &cluster), 1);
    assert_eq!(shared(&DELEGATED.replace("/26", "/28"), ""), 0);
    assert_eq!(shared(&DELEGATED.replace("/26", "/29"), ""), 1);
}

#[test]
fn only_the_classic_consumption_plan_has_no_integration() {
    let useless = |plan: &str, properties: &str| {
        let app = app(DELEGATED, plan, "2023-12-01", properties);
        said("consumption-plan-integration", "2026-02-01", OPEN, &app).len()
    };
    assert_eq!(useless(r#""name": "Y1""#, IN_SUBNET), 1);
    assert_eq!(useless(r#""tier": "Dynamic""#, IN_SUBNET), 1);
    assert_eq!(useless(r#""name": "EP1""#, IN_SUBNET), 0);
    assert_eq!(useless(r#""name": "Y1""#, r#""siteConfig": {}"#), 0);
}

#[test]
fn settings_of_an_app_are_found_beside_it_too() {
    let found = |rule: &str, properties: &str, settings: &str| {
        let app = app(DELEGATED, DEDICATED, "2023-12-01", &format!("{IN_SUBNET} {properties}"));
        let beside = format!(
            r#"{{ "type": "Microsoft.Web/sites/config", "apiVersion": "2023-12-01", "name": "app/appsettings",
            "properties": {{ {settings} }} }},"#
        );
        said(rule, "2026-02-01", OPEN, &format!("{app} {beside}")).len()
    };
    assert_eq!(found("dns-server-override", "", r#""WEBSITE_DNS_SERVER": "168.63.129.16""#), 1);
    assert_eq!(found("legacy-route-all", "", r#""website_vnet_route_all": "1""#), 1);
    assert_eq!(found("legacy-route-all", "", r#""OTHER": "1""#), 0);
    let inline =
        r#", "siteConfig": { "appSettings": [{ "name": "WEBSITE_DNS_SERVER", "value": "10.0.0.4" }] }"#;
    assert_eq!(found("dns-server-override", inline, ""), 1);
}

#[test]
fn routing_flags_are_replaced_where_the_api_version_has_what_replaces_them() {
    let old = |version: &str, properties: &str| {
        let app = app(DELEGATED, DEDICATED, version, &format!("{IN_SUBNET}, {properties}"));
        said("legacy-route-all", "2026-02-01", OPEN, &app).len()
    };
    assert_eq!(old("2023-12-01", r#""vnetRouteAllEnabled": true"#), 0);
    assert_eq!(old("2024-11-01", r#""vnetRouteAllEnabled": true"#), 1);
    assert_eq!(old("2025-03-01", r#""siteConfig": { "vnetRouteAllEnabled": true }"#), 1);
    assert_eq!(old("2024-11-01", r#""outboundVnetRouting": { "applicationTraffic": true }"#), 0);
}

#[test]
fn an_app_with_a_role_on_a_closed_vault_uses_it() {
    let closed = r#""networkAcls": { "defaultAction": "Deny", "bypass": "None" }"#;
    let bearer = |site: &str| {
        let assignment = role(ASSIGNMENT, "r", r#""scope": "Microsoft.KeyVault/vaults/kv0","#, SECRETS_USER);
        let identity = format!(
            "[reference(resourceId('Microsoft.Web/sites', '{site}'), '2023-12-01', 'full').identity.principalId]"
        );
        assignment.replace("[parameters('app')]", &identity)
    };
    let outside = |properties: &str, site: &str| {
        let app = app(DELEGATED, DEDICATED, "2023-12-01", properties);
        said("app-outside-network", "2026-02-01", closed, &format!("{app} {}", bearer(site))).len()
    };
    assert_eq!(outside(r#""siteConfig": {}"#, "app"), 1);
    assert_eq!(outside(IN_SUBNET, "app"), 0);
    assert_eq!(outside(r#""siteConfig": {}"#, "other"), 0);
}

#[test]
fn a_cluster_reaches_its_key_in_public_or_in_private() {
    let cluster = |kms: &str, rest: &str| {
        format!(
            r#"{{ "type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2024-09-01", "name": "aks",
            "properties": {{ {rest} "securityProfile": {{ "azureKeyVaultKms": {{ "enabled": true, {kms}
            "keyId": "https://kv0.vault.azure.net/keys/etcd/1" }} }} }} }},"#
        )
    };
    let wrong =
        |vault: &str, cluster: &str| said("kms-firewall-unsupported", "2026-02-01", vault, cluster).len();
    let deny = r#""networkAcls": { "defaultAction": "Deny", "ipRules": [{ "value": "20.50.1.7" }] }"#;
    assert_eq!(wrong(deny, &cluster("", "")), 1);
    assert_eq!(wrong(deny, &cluster(r#""keyVaultNetworkAccess": "Public","#, "")), 1);
    assert_eq!(wrong(OPEN, &cluster("", "")), 0);
    assert_eq!(wrong(deny, &cluster("", "").replace("kv0", "other")), 0);
    let private = r#""keyVaultNetworkAccess": "Private","#;
    let whole = r#""keyVaultNetworkAccess": "Private", "keyVaultResourceId": "[resourceId('Microsoft.KeyVault/vaults', 'kv0')]","#;
    let integrated = r#""apiServerAccessProfile": { "enableVnetIntegration": true },"#;
    assert_eq!(wrong(OPEN, &cluster(whole, integrated)), 0);
    assert_eq!(wrong(OPEN, &cluster(private, integrated)), 1);
    assert_eq!(wrong(OPEN, &cluster(private, "")), 2);
    let off = cluster(private, "").replace(r#""enabled": true"#, r#""enabled": false"#);
    assert_eq!(wrong(deny, &off), 0);
}

#[test]
fn a_policy_of_one_group_denies_the_vaults_in_it_only() {
    let vault = "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-one'
  location: 'westeurope'
  properties: { tenantId: tenant().tenantId, sku: { family: 'A', name: 'standard' } }
}
";
    let policy = "resource policy 'Microsoft.Authorization/policyAssignments@2023-04-01' = {
  name: 'endpoints'
  properties: {
    policyDefinitionId: tenantResourceId('Microsoft.Authorization/policyDefinitions', '5f0bc445-3935-4915-9981-011aa2b46147')
    parameters: { effect: { value: 'Deny' } }
  }
}
";
    let found = |group: &str| {
        let module = |name: &str, group: &str| {
            format!(
                "module {name} '{name}.bicep' = {{\n  name: '{name}'\n  scope: resourceGroup({group})\n}}\n"
            )
        };
        let main = format!("targetScope = 'subscription'\nparam other string\n{}", module("vault", "'prod'"));
        let project = load(
            Options::default(),
            [
                ("main.bicep", (main + &module("policy", group)).as_str()),
                ("vault.bicep", vault),
                ("policy.bicep", policy),
            ],
        );
        let found = project.check().diagnostics.into_iter().filter(|found| found.rule == "policy-will-deny");
        found.map(|found| found.confidence).collect::<Vec<_>>()
    };
    assert_eq!(found("'prod'"), [Confidence::Likely]);
    assert_eq!(found("'lab'"), []);
    assert_eq!(found("other"), []);
}
