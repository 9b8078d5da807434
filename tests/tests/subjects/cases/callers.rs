//! The callers of a vault: every resource that refers to the vault to read from it, whatever its type and provider.

use vaultmoat_core::{Options, Project};
use vaultmoat_tests::fixture::{bicep_vault, load};

fn project(path: &str, text: &str) -> Project {
    let project = load(Options::default(), [(path, text)]);
    let report = project.check();
    let faults = ["syntax", "unresolved-reference", "invalid-expression"];
    let fault = report.diagnostics.iter().find(|found| faults.contains(&found.rule.as_str()));
    assert!(fault.is_none(), "{fault:#?}\n{text}");
    project
}

/// What the rules about callers say: the rule, how sure, and about what.
pub(super) fn said(path: &str, text: &str) -> Vec<String> {
    const RULES: &[&str] = &[
        "trusted-service-blocked",
        "untrusted-service-assumed",
        "unlinked-client-network",
        "service-endpoint-hides-ip",
        "app-outside-network",
    ];
    let found = project(path, text).check().diagnostics;
    let found = found.iter().filter(|found| RULES.contains(&found.rule.as_str()));
    let line = |found: &vaultmoat_core::report::Diagnostic| {
        let about = found.resource.as_ref().map(|resource| resource.address.clone()).unwrap_or_default();
        format!("{:?} {} {about}", found.confidence, found.rule).to_lowercase()
    };
    found.map(line).collect()
}

/// The callers in a file, as `explain` and the table of access know them, with what becomes of each.
pub(super) fn callers(path: &str, text: &str) -> Vec<String> {
    let project = project(path, text);
    let decisions = project.access(None).expect("one vault").decisions;
    let mut found = Vec::new();
    for row in decisions.iter().filter(|row| row.from.starts_with("consumer:")) {
        let alone = project.explain(None, &row.from).expect("a caller of the table");
        assert_eq!(alone.outcome, row.outcome, "{}", row.from);
        let address = row.from.trim_start_matches("consumer:");
        found.push(format!("{address} {:?}", row.outcome).to_lowercase());
    }
    found
}

// ---- Bicep

const CLOSED: &str = "networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' }";

fn vault(settings: &str) -> String {
    bicep_vault("kv", "kv-contoso-7", "2026-02-01", settings)
}

/// A network with a subnet for callers.
fn network(name: &str, subnet: &str) -> String {
    format!(
        "resource {name} 'Microsoft.Network/virtualNetworks@2024-05-01' = {{\n  name: '{name}'\n  location: 'westeurope'\n  \
         properties: {{\n    addressSpace: {{ addressPrefixes: ['10.0.0.0/16'] }}\n    \
         subnets: [{{ name: 'one', properties: {{ addressPrefix: '10.0.0.0/24', {subnet} }} }}]\n  }}\n}}\n"
    )
}

/// A private endpoint in the network `hub`, and a zone that is linked to these networks.
fn endpoint(linked: &[&str]) -> String {
    let link = |name: &&str| {
        format!(
            "resource link_{name} 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {{\n  parent: zone\n  \
             name: '{name}'\n  location: 'global'\n  properties: {{ registrationEnabled: false, virtualNetwork: {{ id: {name}.id }} }}\n}}\n"
        )
    };
    let links: String = linked.iter().map(link).collect();
    format!(
        "resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{\n  name: 'privatelink.vaultcore.azure.net'\n  \
         location: 'global'\n}}\n{links}\
         resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {{\n  name: 'pe'\n  location: 'westeurope'\n  properties: {{\n    \
         subnet: {{ id: hub.properties.subnets[0].id }}\n    \
         privateLinkServiceConnections: [{{ name: 'kv', properties: {{ privateLinkServiceId: kv.id, groupIds: ['vault'] }} }}]\n  }}\n\n  \
         resource names 'privateDnsZoneGroups' = {{\n    name: 'default'\n    \
         properties: {{ privateDnsZoneConfigs: [{{ name: 'kv', properties: {{ privateDnsZoneId: zone.id }} }}] }}\n  }}\n}}\n"
    )
}

fn resource(kind: &str, properties: &str) -> String {
    format!(
        "resource caller '{kind}@2024-01-01' = {{\n  name: 'caller'\n  location: 'westeurope'\n  properties: {{ {properties} }}\n}}\n"
    )
}

fn script(properties: &str) -> String {
    resource(
        "Microsoft.Resources/deploymentScripts",
        &format!("azCliVersion: '2.60.0', retentionInterval: 'P1D', {properties}"),
    )
}

fn bicep(parts: &[String]) -> String {
    parts.concat()
}

#[test]
fn a_script_calls_the_vault_that_its_text_its_arguments_or_its_variables_name() {
    let subnets = "containerSettings: { subnetIds: [{ id: spoke.properties.subnets[0].id }] }";
    let of = |calls: &str, linked: &[&str]| {
        bicep(&[
            vault("publicNetworkAccess: 'Disabled'"),
            network("hub", ""),
            network("spoke", ""),
            endpoint(linked),
            script(&format!("{calls}, {subnets}")),
        ])
    };
    for calls in [
        "scriptContent: 'az keyvault secret show --vault-name ${kv.name} --name db'",
        "scriptContent: 'az keyvault key show --vault-name kv-contoso-7 --name db'",
        "scriptContent: 'Get-AzKeyVaultSecret -VaultName $vault -Name db', arguments: '-vault ${kv.name}'",
        "scriptContent: 'az keyvault secret list --vault-name $KV', environmentVariables: [{ name: 'KV', value: kv.name }]",
        "primaryScriptUri: 'https://contoso.example/run.sh', environmentVariables: [{ name: 'URL', value: kv.properties.vaultUri }]",
        "scriptContent: 'curl https://kv-contoso-7.vault.azure.net/secrets/db'",
    ] {
        assert_eq!(
            said("main.bicep", &of(calls, &["hub"])),
            ["certain unlinked-client-network caller"],
            "{calls}"
        );
        assert_eq!(said("main.bicep", &of(calls, &["hub", "spoke"])), [""; 0], "{calls}");
        assert_eq!(callers("main.bicep", &of(calls, &["hub"])).len(), 1, "{calls}");
    }
}

#[test]
fn a_script_that_only_manages_the_vault_or_names_another_one_does_not_call_it() {
    let of = |calls: &str| bicep(&[vault("publicNetworkAccess: 'Disabled'"), script(calls)]);
    for calls in [
        "scriptContent: 'az keyvault update --name ${kv.name} --retention-days 90'",
        "scriptContent: 'az role assignment list --scope $ID', environmentVariables: [{ name: 'ID', value: kv.id }]",
        "scriptContent: 'az keyvault secret show --vault-name kv-contoso-70 --name db'",
        "scriptContent: 'az keyvault secret show --vault-name my-kv-contoso-7 --name db'",
        "scriptContent: 'echo hello'",
    ] {
        assert_eq!(callers("main.bicep", &of(calls)), [""; 0], "{calls}");
    }
    // It may let itself in, or not.
    let opens = "scriptContent: 'az keyvault network-rule add --name ${kv.name} --ip-address $IP; az keyvault secret show --vault-name ${kv.name} --name db'";
    assert_eq!(said("main.bicep", &of(opens)), [""; 0]);
    // What a secure value is used for is not shown.
    let secure = "scriptContent: 'az keyvault secret list', environmentVariables: [{ name: 'KV', secureValue: kv.name }]";
    assert_eq!(said("main.bicep", &of(secure)), [""; 0]);
}

#[test]
fn a_script_in_a_subnet_that_the_vault_admits_is_let_in() {
    let of = |rules: &str| {
        bicep(&[
            vault(&format!("networkAcls: {{ defaultAction: 'Deny', bypass: 'AzureServices', {rules} }}")),
            network("spoke", "serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]"),
            script(
                "scriptContent: 'az keyvault secret list --vault-name ${kv.name}', \
                 containerSettings: { subnetIds: [{ id: spoke.properties.subnets[0].id }] }",
            ),
        ])
    };
    let admitted = of("virtualNetworkRules: [{ id: spoke.properties.subnets[0].id }]");
    assert_eq!(said("main.bicep", &admitted), [""; 0]);
    assert_eq!(callers("main.bicep", &admitted), ["caller allowed"]);
    // Whom nobody admits, the rule about IP rules says nothing of.
    assert_eq!(said("main.bicep", &of("")), ["likely untrusted-service-assumed caller"]);
    assert_eq!(
        said("main.bicep", &of("ipRules: [{ value: '20.50.1.7' }]")),
        ["certain service-endpoint-hides-ip kv"]
    );
}

#[test]
fn a_service_that_azure_does_not_list_is_refused_whatever_rule_is_there_for_others() {
    let config = "vmAdminCredentials: { usernameKeyVaultSecretUri: '${kv.properties.vaultUri}secrets/user', \
                  passwordKeyVaultSecretUri: '${kv.properties.vaultUri}secrets/password' }";
    let of = |acls: &str| {
        let kind = "Microsoft.DesktopVirtualization/hostPools/sessionHostConfigurations";
        bicep(&[
            vault(&format!("networkAcls: {{ {acls} }}")),
            resource(kind, config).replace("'caller'", "'pool/default'"),
        ])
    };
    let office = of("defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{ value: '20.50.1.0/29' }]");
    assert_eq!(said("main.bicep", &office), ["likely untrusted-service-assumed caller"]);
    let nobody = of("defaultAction: 'Deny', bypass: 'None'");
    assert_eq!(said("main.bicep", &nobody), ["certain untrusted-service-assumed caller"]);
    // Rules for as many addresses as a service has may be for this one.
    let region = of("defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{ value: '20.50.0.0/20' }]");
    assert_eq!(said("main.bicep", &region), [""; 0]);
    let open = of("defaultAction: 'Allow', bypass: 'AzureServices'");
    assert_eq!(said("main.bicep", &open), [""; 0]);
    assert_eq!(callers("main.bicep", &open), ["caller allowed"]);
    for (closed, outcome) in [(office, "caller depends"), (nobody, "caller denied")] {
        assert_eq!(callers("main.bicep", &closed), [outcome]);
    }
}

#[test]
fn a_type_that_nobody_knows_is_a_caller_where_it_names_what_is_in_a_vault() {
    let of = |properties: &str, more: &[String]| {
        bicep(&[vault(CLOSED), resource("Contoso.Widgets/things", properties), bicep(more)])
    };
    for properties in [
        "tokenSecretUri: '${kv.properties.vaultUri}secrets/token'",
        "encryption: { keyIdentifier: 'https://kv-contoso-7.vault.azure.net/keys/k/1' }",
        "keyVault: { id: kv.id }",
        "settings: { keyVaultResourceId: kv.id }",
        "source: { keyVaultName: kv.name }",
        "env: [{ name: 'KEY_VAULT_NAME', value: kv.name }]",
    ] {
        let text = of(properties, &[]);
        assert_eq!(said("main.bicep", &text), ["likely untrusted-service-assumed caller"], "{properties}");
        assert_eq!(callers("main.bicep", &text), ["caller depends"], "{properties}");
        // It may be in the network of an endpoint.
        let with_endpoint = of(properties, &[network("hub", ""), endpoint(&["hub"])]);
        assert_eq!(said("main.bicep", &with_endpoint), [""; 0], "{properties}");
    }
    for properties in [
        "resourceId: kv.id",
        "scope: kv.id",
        "tenantId: kv.properties.tenantId",
        "title: 'kv-contoso-7'",
        "target: { id: kv.id }",
    ] {
        assert_eq!(callers("main.bicep", &of(properties, &[])), [""; 0], "{properties}");
    }
}

#[test]
fn what_manages_or_watches_a_vault_does_not_call_it() {
    for (kind, properties) in [
        ("Microsoft.Insights/metricAlerts", "scopes: [kv.id], vaultUri: kv.properties.vaultUri"),
        (
            "Microsoft.Insights/workbooks",
            "sourceId: kv.id, serializedData: '{\"vault\": \"${kv.properties.vaultUri}\"}'",
        ),
        ("Microsoft.Portal/dashboards", "metadata: { keyVaultId: kv.id }"),
        ("Microsoft.EventGrid/systemTopics", "source: kv.id, topicType: 'Microsoft.KeyVault.vaults'"),
        ("Microsoft.Security/pricings", "keyVaultId: kv.id"),
        ("Microsoft.PolicyInsights/remediations", "keyVaultId: kv.id"),
        ("Microsoft.Authorization/policyAssignments", "parameters: { keyVaultId: { value: kv.id } }"),
        ("Microsoft.Resources/templateSpecs", "keyVaultUri: kv.properties.vaultUri"),
        (
            "Microsoft.AppConfiguration/configurationStores/keyValues",
            "value: '{\"uri\":\"${kv.properties.vaultUri}secrets/a\"}'",
        ),
        ("Microsoft.Network/networkWatchers/connectionMonitors", "endpoint: kv.properties.vaultUri"),
    ] {
        let text = bicep(&[vault(CLOSED), resource(kind, properties)]);
        assert_eq!(callers("main.bicep", &text), [""; 0], "{kind}");
        assert_eq!(said("main.bicep", &text), [""; 0], "{kind}");
    }
}

#[test]
fn every_service_calls_by_its_own_way() {
    let key = "keyVaultProperties: { keyIdentifier: '${kv.properties.vaultUri}keys/k' }";
    // Trusted ones are let in by `bypass` alone, the others are not.
    for kind in [
        "Microsoft.Search/searchServices",
        "Microsoft.Purview/accounts",
        "Microsoft.RecoveryServices/vaults",
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DBforMySQL/flexibleServers",
        "Microsoft.OperationalInsights/clusters",
        "Microsoft.Network/firewallPolicies",
        "Microsoft.LoadTestService/loadTests",
        "Microsoft.DevCenter/devcenters/catalogs",
        "Microsoft.Storage/storageAccounts/encryptionScopes",
    ] {
        let of = |bypass: &str| {
            let acls = format!("networkAcls: {{ defaultAction: 'Deny', bypass: '{bypass}' }}");
            bicep(&[vault(&acls), resource(kind, key)])
        };
        assert_eq!(said("main.bicep", &of("AzureServices")), [""; 0], "{kind}");
        assert_eq!(callers("main.bicep", &of("AzureServices")), ["caller allowed"], "{kind}");
        assert_eq!(said("main.bicep", &of("None")), ["certain trusted-service-blocked kv"], "{kind}");
    }
    for kind in [
        "Microsoft.Kusto/clusters",
        "Microsoft.CognitiveServices/accounts",
        "Microsoft.AppConfiguration/configurationStores",
        "Microsoft.HDInsight/clusters",
        "Microsoft.Cache/redisEnterprise",
        "Microsoft.Automation/automationAccounts/variables",
        "Microsoft.ContainerInstance/containerGroups",
        "Microsoft.Web/connections",
    ] {
        let text = bicep(&[vault(CLOSED), resource(kind, key)]);
        // The list may lag behind what the platform does; what is code of the customer's is not on it.
        let is_code = ["Automation", "ContainerInstance", "Web"].iter().any(|code| kind.contains(code));
        let sure = if is_code { "certain" } else { "likely" };
        let expected = format!("{sure} untrusted-service-assumed caller");
        assert_eq!(said("main.bicep", &text), [expected], "{kind}");
    }
}

#[test]
fn a_container_app_is_in_the_network_of_its_environment() {
    let of = |linked: &[&str]| {
        let environment = "resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {\n  name: 'env'\n  location: 'westeurope'\n  \
                           properties: { vnetConfiguration: { infrastructureSubnetId: spoke.properties.subnets[0].id } }\n}\n";
        let app = resource(
            "Microsoft.App/containerApps",
            "managedEnvironmentId: env.id, configuration: { secrets: [{ name: 'a', keyVaultUrl: '${kv.properties.vaultUri}secrets/a' }] }",
        );
        let networks = [network("hub", ""), network("spoke", ""), endpoint(linked)].concat();
        bicep(&[vault("publicNetworkAccess: 'Disabled'"), networks, environment.to_owned(), app])
    };
    assert_eq!(said("main.bicep", &of(&["hub"])), ["certain unlinked-client-network caller"]);
    assert_eq!(said("main.bicep", &of(&["hub", "spoke"])), [""; 0]);
}

#[test]
fn the_secrets_of_a_container_app_may_be_read_from_outside_of_its_subnet() {
    let of = |profiles: &str, settings: &str, more: &str, app: &str| {
        let environment = format!(
            "resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {{\n  name: 'env'\n  location: 'westeurope'\n  \
             properties: {{ vnetConfiguration: {{ infrastructureSubnetId: hub.properties.subnets[0].id }} {profiles} }}\n}}\n"
        );
        let app = resource("Microsoft.App/containerApps", &format!("environmentId: env.id, {app}"));
        let hub = network("hub", "serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]");
        callers("main.bicep", &bicep(&[vault(settings), hub, environment, app, more.to_owned()]))
    };
    let admits = "networkAcls: { defaultAction: 'Deny', bypass: 'None', virtualNetworkRules: [{ id: hub.properties.subnets[0].id }] }";
    let reference = "configuration: { secrets: [{ name: 'a', keyVaultUrl: '${kv.properties.vaultUri}secrets/a', identity: 'system' }] }";
    assert_eq!(of("", admits, "", reference), ["caller depends"]);
    let profiles = ", workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]";
    assert_eq!(of(profiles, admits, "", reference), ["caller allowed"]);
    // Code calls from the subnet, and an endpoint is reached from wherever the name leads to it.
    let code =
        "template: { containers: [{ name: 'a', env: [{ name: 'URL', value: kv.properties.vaultUri }] }] }";
    assert_eq!(of("", admits, "", code), ["caller allowed"]);
    assert_eq!(of("", "publicNetworkAccess: 'Disabled'", &endpoint(&["hub"]), reference), ["caller allowed"]);
}

#[test]
fn the_default_of_a_name_decides_only_where_another_name_is_compared_with_it() {
    let of = |url: &str| {
        let vault = vault(CLOSED).replace("'kv-contoso-7'", "vaultName");
        let flow =
            resource("Microsoft.Logic/workflows", &format!("parameters: {{ url: {{ value: {url} }} }}"));
        let text = bicep(&["param vaultName string = 'kv-contoso-7'\n".to_owned(), vault, flow]);
        said("main.bicep", &text)
    };
    for own in [
        "'${kv.properties.vaultUri}secrets/a'",
        "'https://${vaultName}.vault.azure.net/secrets/a'",
        "'${kv.id}/secrets/a'",
    ] {
        assert_eq!(of(own), ["certain untrusted-service-assumed caller"], "{own}");
    }
    let other = "'https://kv-contoso-7.vault.azure.net/secrets/a'";
    assert_eq!(of(other), ["likely untrusted-service-assumed caller"]);
}

/// The domain of an environment of container apps, with the certificate in the vault.
const DOMAIN: &str = "customDomainConfiguration: { dnsSuffix: 'contoso.example', certificateKeyVaultProperties: { identity: 'system', \
                      keyVaultUrl: 'https://kv-contoso-7.vault.azure.net/secrets/tls' } }";

#[test]
fn an_environment_gets_its_certificate_from_outside_of_its_network_while_it_is_made() {
    let subnet = "vnetConfiguration: { infrastructureSubnetId: spoke.properties.subnets[0].id }";
    let of = |linked: &[&str], properties: &str, more: &str| {
        let networks = [network("hub", ""), network("spoke", ""), endpoint(linked)].concat();
        let environment = resource("Microsoft.App/managedEnvironments", &format!("{subnet}, {properties}"));
        bicep(&[vault("publicNetworkAccess: 'Disabled'"), networks, environment, more.to_owned()])
    };
    let refused = ["likely untrusted-service-assumed caller"];
    let both = ["hub", "spoke"];
    assert_eq!(said("main.bicep", &of(&both, DOMAIN, "")), refused);
    // A part of it is made when it is there.
    let part = |kind: &str, properties: &str| {
        format!(
            "resource part 'Microsoft.App/managedEnvironments/{kind}@2024-03-01' = {{\n  parent: caller\n  name: 'a'\n  \
             properties: {{ {properties} }}\n}}\n"
        )
    };
    let url = "https://kv-contoso-7.vault.azure.net/secrets/tls";
    for part in [
        part(
            "certificates",
            &format!("certificateKeyVaultProperties: {{ identity: 'system', keyVaultUrl: '{url}' }}"),
        ),
        part(
            "daprComponents",
            "componentType: 'secretstores.azure.keyvault', metadata: [{ name: 'vaultName', value: kv.name }]",
        ),
    ] {
        assert_eq!(said("main.bicep", &of(&both, "", &part)), [""; 0], "{part}");
        let found = said("main.bicep", &of(&["hub"], "", &part));
        assert_eq!(found, ["certain unlinked-client-network part"], "{part}");
    }
}

#[test]
fn an_environment_that_is_deployed_again_gets_its_certificate_through_its_network() {
    let module = "param subnet string\nparam domain object = {}\n\
         resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {\n  name: 'env'\n  location: 'westeurope'\n  \
         properties: { vnetConfiguration: { infrastructureSubnetId: subnet }, customDomainConfiguration: domain }\n}\n";
    let domain = DOMAIN.trim_start_matches("customDomainConfiguration: ");
    let step = |name: &str, domain: &str| {
        format!(
            "module {name} 'env.bicep' = {{\n  name: '{name}'\n  params: {{ subnet: spoke.properties.subnets[0].id, domain: {domain} }}\n}}\n"
        )
    };
    let of = |steps: &[String]| {
        let networks = [network("hub", ""), network("spoke", ""), endpoint(&["hub", "spoke"])].concat();
        let main = [vault("publicNetworkAccess: 'Disabled'"), networks, steps.concat()].concat();
        let project = load(Options::default(), [("main.bicep", main.as_str()), ("env.bicep", module)]);
        let found = project.check().diagnostics;
        found.iter().filter(|found| found.rule == "untrusted-service-assumed").count()
    };
    assert_eq!(of(&[step("one", domain)]), 1);
    assert_eq!(of(&[step("one", "{}"), step("two", domain)]), 0);
    assert_eq!(of(&[step("one", domain), step("two", "{}")]), 1);
}

// ---- Terraform

fn terraform(acls: &str, more: &str) -> String {
    format!(
        r#"resource "azurerm_key_vault" "kv" {{
  name                          = "kv-contoso-7"
  location                      = "westeurope"
  resource_group_name           = "rg"
  tenant_id                     = "11111111-2222-3333-4444-555555555555"
  sku_name                      = "standard"
  purge_protection_enabled      = true
  rbac_authorization_enabled    = true
  network_acls {{
    default_action = "Deny"
    {acls}
  }}
}}
resource "azurerm_key_vault_key" "k" {{
  name         = "k"
  key_vault_id = azurerm_key_vault.kv.id
  key_type     = "RSA"
  key_opts     = ["wrapKey"]
}}
locals {{
  uri = azurerm_key_vault.kv.vault_uri
}}
{more}
"#
    )
}

const TRUSTING: &str = "bypass = \"AzureServices\"";

#[test]
fn what_a_request_sets_afterwards_is_not_there_when_a_resource_is_made() {
    let environment = |properties: &str| {
        format!(
            r#"resource "azapi_resource" "env" {{
  type      = "Microsoft.App/managedEnvironments@2025-01-01"
  name      = "env"
  parent_id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
  location  = "westeurope"
  body = {{
    properties = {{
      vnetConfiguration = {{ infrastructureSubnetId = azurerm_subnet.apps.id }}
      {properties}
    }}
  }}
}}
resource "azurerm_subnet" "apps" {{
  name                 = "apps"
  resource_group_name  = "rg"
  virtual_network_name = "net"
  address_prefixes     = ["10.0.0.0/24"]
  service_endpoints    = ["Microsoft.KeyVault"]
}}
"#
        )
    };
    let domain = r#"customDomainConfiguration = {
        dnsSuffix = "contoso.example"
        certificateKeyVaultProperties = { identity = "system", keyVaultUrl = "${local.uri}secrets/tls" }
      }"#;
    let update = |count: &str| {
        format!(
            r#"resource "azapi_update_resource" "domain" {{
  {count}
  type        = "Microsoft.App/managedEnvironments@2025-01-01"
  resource_id = azapi_resource.env.id
  body = {{ properties = {{ {domain} }} }}
}}
"#
        )
    };
    let admits = "bypass = \"None\"\n virtual_network_subnet_ids = [azurerm_subnet.apps.id]";
    let with = |parts: &[&str]| said("main.tf", &terraform(admits, &parts.concat()));
    assert_eq!(with(&[&environment(domain)]), ["certain untrusted-service-assumed azapi_resource.env"]);
    assert_eq!(with(&[&environment(""), &update("")]), [""; 0]);
    let reaches = callers("main.tf", &terraform(admits, &[environment(""), update("")].concat()));
    assert_eq!(reaches, ["azapi_resource.env allowed"]);
    // What it is made with stays, whatever changes it afterwards.
    let with_both = with(&[&environment(domain), &update("count = 1")]);
    assert_eq!(with_both, ["certain untrusted-service-assumed azapi_resource.env"]);
}

#[test]
fn a_resource_of_any_provider_calls_the_vault_that_it_names() {
    // What it is, what is in it, what is said where trusted services pass.
    let untrusted = ["certain untrusted-service-assumed"].as_slice();
    let likely = ["likely untrusted-service-assumed"].as_slice();
    for (kind, inside, expected) in [
        (
            "databricks_secret_scope",
            "name = \"x\"\n keyvault_metadata {\n resource_id = azurerm_key_vault.kv.id\n dns_name = azurerm_key_vault.kv.vault_uri\n }",
            [].as_slice(),
        ),
        (
            "azuredevops_variable_group",
            "name = \"x\"\n key_vault {\n name = azurerm_key_vault.kv.name\n service_endpoint_id = \"1\"\n }\n variable {\n name = \"db\"\n }",
            untrusted,
        ),
        (
            "azurerm_kusto_cluster_customer_managed_key",
            "cluster_id = \"c\"\n key_vault_id = azurerm_key_vault.kv.id\n key_name = \"k\"",
            likely,
        ),
        (
            "azurerm_cosmosdb_account",
            "name = \"x\"\n key_vault_key_id = azurerm_key_vault_key.k.versionless_id",
            likely,
        ),
        (
            "azurerm_resource_deployment_script_azure_cli",
            "name = \"x\"\n script_content = \"az keyvault secret list --vault-name ${azurerm_key_vault.kv.name}\"",
            untrusted,
        ),
        (
            "azurerm_container_group",
            "name = \"x\"\n container {\n name = \"c\"\n environment_variables = {\n URL = local.uri\n }\n }",
            untrusted,
        ),
        ("azurerm_widget", "name = \"x\"\n secret_url = \"${local.uri}secrets/a\"", likely),
        (
            "mongodbatlas_encryption_at_rest",
            "azure_key_vault_config {\n key_vault_name = azurerm_key_vault.kv.name\n key_identifier = azurerm_key_vault_key.k.id\n }",
            likely,
        ),
        (
            "azurerm_search_service",
            "name = \"x\"\n tags = {\n vault = azurerm_key_vault.kv.vault_uri\n }",
            [].as_slice(),
        ),
    ] {
        let text = terraform(TRUSTING, &format!("resource \"{kind}\" \"x\" {{\n{inside}\n}}"));
        let expected: Vec<String> = expected.iter().map(|rule| format!("{rule} {kind}.x")).collect();
        assert_eq!(said("main.tf", &text), expected, "{kind}");
    }
    let scope = "resource \"databricks_secret_scope\" \"x\" {\n name = \"x\"\n keyvault_metadata {\n resource_id = azurerm_key_vault.kv.id\n dns_name = local.uri\n }\n}";
    let refused = terraform("bypass = \"None\"", scope);
    assert_eq!(said("main.tf", &refused), ["certain trusted-service-blocked azurerm_key_vault.kv"]);
    assert_eq!(callers("main.tf", &refused), ["databricks_secret_scope.x denied"]);
    assert_eq!(callers("main.tf", &terraform(TRUSTING, scope)), ["databricks_secret_scope.x allowed"]);
}

#[test]
fn what_holds_a_value_for_somebody_else_in_terraform_does_not_call() {
    for (kind, inside) in [
        (
            "azurerm_management_lock",
            "name = \"x\"\n scope = azurerm_key_vault.kv.id\n lock_level = \"CanNotDelete\"",
        ),
        ("azurerm_monitor_metric_alert", "name = \"x\"\n scopes = [azurerm_key_vault.kv.id]"),
        ("azurerm_eventgrid_system_topic", "name = \"x\"\n source_arm_resource_id = azurerm_key_vault.kv.id"),
        (
            "azurerm_resource_group_template_deployment",
            "name = \"x\"\n parameters_content = jsonencode({ keyVaultUri = { value = local.uri } })",
        ),
        ("azurerm_key_vault_certificate_contacts", "key_vault_id = azurerm_key_vault.kv.id"),
        (
            "azurerm_app_configuration_key",
            "type = \"vault\"\n vault_key_reference = \"${local.uri}secrets/a\"",
        ),
        ("github_actions_secret", "plaintext_value = local.uri"),
        ("local_file", "content = local.uri"),
        ("null_resource", "triggers = {\n vault = local.uri\n }"),
        ("terraform_data", "input = azurerm_key_vault.kv.vault_uri"),
    ] {
        let text = terraform(TRUSTING, &format!("resource \"{kind}\" \"x\" {{\n{inside}\n}}"));
        assert_eq!(callers("main.tf", &text), [""; 0], "{kind}");
        assert_eq!(said("main.tf", &text), [""; 0], "{kind}");
    }
}

#[test]
fn what_is_deployed_into_the_only_cluster_calls_from_its_subnets() {
    let of = |rules: &str, inside: &str| {
        let acls = format!("{TRUSTING}\n    {rules}");
        terraform(
            &acls,
            &format!(
                r#"resource "azurerm_virtual_network" "net" {{
  name                = "net"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}}
resource "azurerm_subnet" "nodes" {{
  name                 = "nodes"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.net.name
  address_prefixes     = ["10.0.0.0/22"]
  service_endpoints    = ["Microsoft.KeyVault"]
}}
resource "azurerm_kubernetes_cluster" "aks" {{
  name                = "aks"
  location            = "westeurope"
  resource_group_name = "rg"
  default_node_pool {{
    name           = "system"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }}
}}
{inside}"#
            ),
        )
    };
    let manifest = r#"resource "kubernetes_manifest" "spc" {
  manifest = {
    apiVersion = "secrets-store.csi.x-k8s.io/v1"
    kind       = "SecretProviderClass"
    metadata   = { name = "kv" }
    spec = {
      provider   = "azure"
      parameters = { keyvaultName = azurerm_key_vault.kv.name }
    }
  }
}"#;
    let release = r#"resource "helm_release" "app" {
  name   = "app"
  values = [yamlencode({ vault = { url = azurerm_key_vault.kv.vault_uri } })]
}"#;
    for (inside, address) in [(manifest, "kubernetes_manifest.spc"), (release, "helm_release.app")] {
        let refused = said("main.tf", &of("", inside));
        assert_eq!(refused, [format!("likely untrusted-service-assumed {address}")], "{inside}");
        let admitted = of("virtual_network_subnet_ids = [azurerm_subnet.nodes.id]", inside);
        assert_eq!(said("main.tf", &admitted), [""; 0], "{inside}");
        assert!(callers("main.tf", &admitted).contains(&format!("{address} allowed")), "{inside}");
    }
}

#[test]
fn linked_services_of_synapse_call_from_the_runtime_that_they_name() {
    let terraform = |runtime: &str| {
        terraform(
            TRUSTING,
            &format!(
                r#"resource "azurerm_synapse_workspace" "ws" {{
  name                = "ws"
  location            = "westeurope"
  resource_group_name = "rg"
}}
resource "azurerm_synapse_integration_runtime_{runtime}" "machine" {{
  name                 = "machine"
  synapse_workspace_id = azurerm_synapse_workspace.ws.id
}}
resource "azurerm_synapse_linked_service" "store" {{
  name                 = "store"
  synapse_workspace_id = azurerm_synapse_workspace.ws.id
  type                 = "AzureKeyVault"
  type_properties_json = jsonencode({{ baseUrl = azurerm_key_vault.kv.vault_uri }})
}}
resource "azurerm_synapse_linked_service" "sales" {{
  name                 = "sales"
  synapse_workspace_id = azurerm_synapse_workspace.ws.id
  type                 = "SqlServer"
  integration_runtime {{
    name = azurerm_synapse_integration_runtime_{runtime}.machine.name
  }}
  type_properties_json = jsonencode({{
    password = {{
      type       = "AzureKeyVaultSecret"
      store      = {{ referenceName = "store", type = "LinkedServiceReference" }}
      secretName = "sales"
    }}
  }})
}}"#
            ),
        )
    };
    assert_eq!(
        said("main.tf", &terraform("self_hosted")),
        ["certain trusted-service-blocked azurerm_synapse_linked_service.sales"]
    );
    assert_eq!(said("main.tf", &terraform("azure")), [""; 0]);
    let bicep = |runtime: &str| {
        format!(
            "{}
resource ws 'Microsoft.Synapse/workspaces@2021-06-01' = {{ name: 'ws', location: 'westeurope' }}
resource machine 'Microsoft.Synapse/workspaces/integrationRuntimes@2021-06-01' = {{
  parent: ws
  name: 'machine'
  properties: {{ type: '{runtime}' }}
}}
resource store 'Microsoft.Synapse/workspaces/linkedServices@2019-06-01-preview' = {{
  parent: ws
  name: 'store'
  properties: {{
    type: 'AzureKeyVault'
    typeProperties: {{ baseUrl: kv.properties.vaultUri }}
    connectVia: {{ referenceName: machine.name, type: 'IntegrationRuntimeReference' }}
  }}
}}
",
            vault(CLOSED)
        )
    };
    assert_eq!(said("main.bicep", &bicep("SelfHosted")), ["certain trusted-service-blocked store"]);
    assert_eq!(said("main.bicep", &bicep("Managed")), [""; 0]);
}

#[test]
fn what_api_management_takes_from_a_vault_says_with_which_identity() {
    let named = |identity: &str| {
        of_gateway("named_value", &format!("value_from_key_vault {{\n    SECRET\n    {identity}\n  }}"))
    };
    let certificate = |identity: &str| of_gateway("certificate", &format!("key_vault_SECRET\n  {identity}"));
    let domain = |identity: &str| {
        let name = format!("host_name = \"a.contoso.com\"\n    key_vault_SECRET\n    {identity}");
        of_gateway("custom_domain", &format!("gateway {{\n    {name}\n  }}"))
    };
    let id = "identity_client_id = azurerm_user_assigned_identity.id.client_id";
    for (own, users, kind) in [
        (named(""), named(id), "named_value"),
        (certificate(""), certificate(&format!("key_vault_{id}")), "certificate"),
        (domain(""), domain(&format!("ssl_keyvault_{id}")), "custom_domain"),
    ] {
        assert_eq!(said("main.tf", &own), [""; 0], "{own}");
        let blocked = format!("certain trusted-service-blocked azurerm_api_management_{kind}.part");
        assert_eq!(said("main.tf", &users), [blocked], "{users}");
    }
}

/// An API Management service in a subnet that the firewall admits, with or without a certificate of the vault.
fn gateway_in_network(bypass: &str, names: &str) -> String {
    let acls = format!(
        "networkAcls: {{ defaultAction: 'Deny', bypass: '{bypass}', virtualNetworkRules: [{{ id: hub.properties.subnets[0].id }}] }}"
    );
    let service = resource(
        "Microsoft.ApiManagement/service",
        &format!(
            "virtualNetworkType: 'Internal', virtualNetworkConfiguration: {{ subnetResourceId: hub.properties.subnets[0].id }}{names}"
        ),
    );
    bicep(&[network("hub", "serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]"), vault(&acls), service])
}

#[test]
fn the_management_of_a_gateway_calls_from_no_subnet_of_it() {
    let certificate = ", hostnameConfigurations: [{ type: 'Proxy', hostName: 'a.contoso.com', \
                       keyVaultId: '${kv.properties.vaultUri}secrets/tls' }]";
    let closed = gateway_in_network("None", certificate);
    assert_eq!(said("main.bicep", &closed), ["certain trusted-service-blocked kv"]);
    assert_eq!(callers("main.bicep", &closed), ["caller denied"]);
    let trusting = gateway_in_network("AzureServices", certificate);
    assert_eq!(said("main.bicep", &trusting), [""; 0]);
    assert_eq!(callers("main.bicep", &trusting), ["caller allowed"]);
    // A named value is a resource of its own, and in no network.
    let value = |bypass: &str| {
        let part = resource(
            "Microsoft.ApiManagement/service/namedValues",
            "displayName: 'key', secret: true, keyVault: { secretIdentifier: '${kv.properties.vaultUri}secrets/key' }",
        );
        let part = part.replace("'caller'", "'apim/key'").replace("resource caller", "resource key");
        bicep(&[gateway_in_network(bypass, ""), part])
    };
    assert_eq!(said("main.bicep", &value("None")), ["certain trusted-service-blocked kv"]);
    assert_eq!(said("main.bicep", &value("AzureServices")), [""; 0]);
}

/// A vault that trusts services, and a part of an API Management service that names it.
fn of_gateway(kind: &str, inside: &str) -> String {
    let secret = r#"secret_id = "${azurerm_key_vault.kv.vault_uri}secrets/s""#;
    let certificate = secret.replace("secret_id", "certificate_id");
    let secret = if kind == "custom_domain" { &certificate } else { secret };
    let inside = inside.replace("SECRET", secret);
    terraform(
        TRUSTING,
        &format!(
            r#"resource "azurerm_user_assigned_identity" "id" {{
  name                = "id"
  location            = "westeurope"
  resource_group_name = "rg"
}}
resource "azurerm_api_management_{kind}" "part" {{
  name                = "part"
  api_management_name = "apim"
  resource_group_name = "rg"
  {inside}
}}"#
        ),
    )
}
