//! Services that call vaults: as trusted services, from their customers' machines, through managed private endpoints.

use std::fmt::Write;
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::fixture::load;

fn project(file: &str, text: &str) -> Project {
    load(Options::default(), [(file, text)])
}

/// What some rules say: `rule line severity: message`, and `? rule (what it depends on)`.
fn said(file: &str, text: &str) -> String {
    let rules =
        ["trusted-service-blocked", "locked-out-vault", "endpoint-awaits-approval", "no-private-endpoint"];
    let report = project(file, text).check();
    let mut out = String::new();
    for found in report.diagnostics.iter().filter(|found| rules.contains(&found.rule.as_str())) {
        let line = found.range.start.line + 1;
        let _ = writeln!(out, "{} {line} {:?}: {}", found.rule, found.severity, found.message);
    }
    for open in report.undecided.iter().filter(|open| rules.contains(&open.rule.as_str())) {
        let _ = writeln!(out, "? {} ({})", open.rule, open.depends_on.join(", "));
    }
    let wrong = |rule: &str| matches!(rule, "syntax" | "invalid-expression" | "unresolved-reference");
    assert!(!report.diagnostics.iter().any(|found| wrong(&found.rule)), "{:?}", report.diagnostics);
    out
}

/// What becomes of a call: `allowed`, `denied ForbiddenByFirewall`, `depends (on what)`.
fn decided(file: &str, text: &str, from: &str) -> String {
    let decision = project(file, text).explain(None, from).expect("one vault, and that caller");
    let decision = serde_json::to_value(&decision).expect("a report");
    let word = |key: &str| decision.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let depends: Vec<&str> = decision
        .get("dependsOn")
        .and_then(|list| list.as_array())
        .map(|list| list.iter().filter_map(|one| one.as_str()).collect())
        .unwrap_or_default();
    match word("outcome").as_str() {
        "depends" => format!("depends ({})", depends.join(", ")),
        "denied" => format!("denied {}", word("error")),
        outcome => format!("{outcome} {}", word("via")),
    }
}

const VAULT: &str = "
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'contoso-prod'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: 'Enabled'
    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{ value: '20.50.1.7' }] }
  }
}
";

/// A registry whose key is read with that identity.
fn registry(identity: &str) -> String {
    format!(
        "{VAULT}
param given string
resource id 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {{ name: 'id', location: 'westeurope' }}
resource images 'Microsoft.ContainerRegistry/registries@2023-07-01' = {{
  name: 'images'
  location: 'westeurope'
  sku: {{ name: 'Premium' }}
  identity: {{ type: 'SystemAssigned, UserAssigned', userAssignedIdentities: {{ '${{id.id}}': {{}} }} }}
  properties: {{
    encryption: {{
      status: 'enabled'
      keyVaultProperties: {{
        keyIdentifier: '${{vault.properties.vaultUri}}keys/images'
        {identity}
      }}
    }}
  }}
}}
"
    )
}

#[test]
fn a_registry_is_trusted_with_its_system_assigned_identity_only() {
    let user = registry("identity: id.properties.clientId");
    assert_eq!(
        said("main.bicep", &user),
        "trusted-service-blocked 25 Warning: vault `contoso-prod` refuses `images` (Container Registry): it calls with \
         a user-assigned identity, and only its system-assigned one counts as a trusted service\n"
    );
    assert_eq!(decided("main.bicep", &user, "consumer:images"), "denied ForbiddenByFirewall");
    let client = registry("identity: '11111111-2222-3333-4444-555555555555'");
    assert_eq!(decided("main.bicep", &client, "consumer:images"), "denied ForbiddenByFirewall");
    let system = registry("identity: 'system'");
    assert_eq!(said("main.bicep", &system), "");
    assert_eq!(decided("main.bicep", &system, "consumer:images"), "allowed trusted-service");
    let open = registry("identity: given");
    assert_eq!(said("main.bicep", &open), "? trusted-service-blocked (parameters('given'))\n");
    assert_eq!(decided("main.bicep", &open, "consumer:images"), "depends (parameters('given'))");
    let unsaid = registry("");
    assert_eq!(
        said("main.bicep", &unsaid),
        "? trusted-service-blocked (the identity that `images` calls with)\n"
    );
}

#[test]
fn a_vault_that_lets_everyone_in_needs_no_trust() {
    let open = registry("identity: id.properties.clientId").replace("'Deny'", "'Allow'");
    assert_eq!(said("main.bicep", &open), "");
    assert_eq!(decided("main.bicep", &open, "consumer:images"), "allowed public");
}

#[test]
fn what_a_service_is_trusted_for_is_said_of_the_service_too() {
    let text = registry("identity: 'system'");
    let decision =
        project("main.bicep", &text).explain(None, "service:Container Registry").expect("a service");
    let said = serde_json::to_string(&decision).expect("a report");
    assert!(said.contains("read with the registry's system-assigned identity"), "{said}");
}

const TERRAFORM: &str = r#"
resource "azurerm_key_vault" "main" {
  name                = "contoso-prod"
  location            = "westeurope"
  resource_group_name = "prod"
  tenant_id           = "11111111-2222-3333-4444-555555555555"
  sku_name            = "standard"
  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}
resource "azurerm_user_assigned_identity" "id" {
  name                = "id"
  location            = "westeurope"
  resource_group_name = "prod"
}
"#;

#[test]
fn the_providers_attributes_for_the_identity_are_read() {
    let registry = format!(
        r#"{TERRAFORM}
resource "azurerm_container_registry" "images" {{
  name                = "images"
  location            = "westeurope"
  resource_group_name = "prod"
  sku                 = "Premium"
  encryption {{
    key_vault_key_id   = "${{azurerm_key_vault.main.vault_uri}}keys/images"
    identity_client_id = azurerm_user_assigned_identity.id.client_id
  }}
}}
"#
    );
    let found = said("main.tf", &registry);
    assert!(found.contains("trusted-service-blocked 26 Warning"), "{found}");
    let gateway = |identity: &str| {
        format!(
            r#"{TERRAFORM}
resource "azurerm_api_management" "api" {{
  name                = "api"
  location            = "westeurope"
  resource_group_name = "prod"
  publisher_name      = "x"
  publisher_email     = "x@contoso.com"
  sku_name            = "Developer_1"
  hostname_configuration {{
    proxy {{
      host_name                = "api.contoso.com"
      key_vault_certificate_id = "${{azurerm_key_vault.main.vault_uri}}secrets/api"
      {identity}
    }}
  }}
}}
"#
        )
    };
    let user = gateway("ssl_keyvault_identity_client_id = azurerm_user_assigned_identity.id.client_id");
    assert!(
        said("main.tf", &user).contains("trusted-service-blocked 30 Warning"),
        "{}",
        said("main.tf", &user)
    );
    let system = gateway("");
    assert!(!said("main.tf", &system).contains("trusted-service-blocked"), "{}", said("main.tf", &system));
}

#[test]
fn a_vault_that_only_such_a_service_uses_is_locked_for_it_too() {
    let text = format!(
        r#"{TERRAFORM}
resource "azurerm_container_registry" "images" {{
  name                = "images"
  location            = "westeurope"
  resource_group_name = "prod"
  sku                 = "Premium"
  encryption {{
    key_vault_key_id   = "${{azurerm_key_vault.main.vault_uri}}keys/images"
    identity_client_id = azurerm_user_assigned_identity.id.client_id
  }}
}}
"#
    );
    assert!(said("main.tf", &text).contains("does not call as a trusted one"), "{}", said("main.tf", &text));
}

/// A factory with a linked service that takes its password out of a vault, by way of a runtime of that kind.
fn factory(runtime: &str, rules: &str) -> String {
    format!(
        "
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {{
  name: 'contoso-prod'
  location: 'westeurope'
  properties: {{
    tenantId: tenant().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    networkAcls: {{ defaultAction: 'Deny', bypass: 'AzureServices', ipRules: {rules} }}
  }}
}}
resource factory 'Microsoft.DataFactory/factories@2018-06-01' = {{ name: 'etl', location: 'westeurope' }}
{runtime}
resource store 'Microsoft.DataFactory/factories/linkedservices@2018-06-01' = {{
  parent: factory
  name: 'store'
  properties: {{ type: 'AzureKeyVault', typeProperties: {{ baseUrl: vault.properties.vaultUri }} }}
}}
resource sales 'Microsoft.DataFactory/factories/linkedservices@2018-06-01' = {{
  parent: factory
  name: 'sales'
  properties: {{
    type: 'SqlServer'
    connectVia: {{ referenceName: 'machine', type: 'IntegrationRuntimeReference' }}
    typeProperties: {{
      server: 'sql.contoso.local'
      password: {{
        type: 'AzureKeyVaultSecret'
        store: {{ referenceName: 'store', type: 'LinkedServiceReference' }}
        secretName: 'sales'
      }}
    }}
  }}
}}
"
    )
}

fn runtime(kind: &str) -> String {
    format!(
        "resource machine 'Microsoft.DataFactory/factories/integrationRuntimes@2018-06-01' = {{
  parent: factory
  name: 'machine'
  properties: {{ type: '{kind}' }}
}}"
    )
}

#[test]
fn a_self_hosted_runtime_is_an_ordinary_client() {
    let hosted = factory(&runtime("SelfHosted"), "[]");
    let found = said("main.bicep", &hosted);
    assert!(
        found.contains(
            "trusted-service-blocked 27 Warning: vault `contoso-prod` refuses `etl/sales` (Data Factory): it calls from \
             a self-hosted integration runtime, which is not a trusted service"
        ),
        "{found}"
    );
    // One finding, at who calls, and not at what names the vault for it.
    assert_eq!(found.matches("trusted-service-blocked").count(), 1, "{found}");
    let machine = factory(&runtime("SelfHosted"), "[{ value: '20.50.1.7' }]");
    assert_eq!(said("main.bicep", &machine), "? trusted-service-blocked (sales)\n");
}

#[test]
fn a_runtime_in_azure_is_trusted() {
    let managed = factory(&runtime("Managed"), "[]");
    assert!(!said("main.bicep", &managed).contains("trusted-service-blocked"));
    assert_eq!(decided("main.bicep", &managed, "consumer:sales"), "allowed trusted-service");
    assert_eq!(decided("main.bicep", &managed, "consumer:store"), "allowed trusted-service");
}

#[test]
fn a_runtime_that_is_not_in_the_files_may_be_any() {
    let elsewhere = factory("", "[]");
    assert!(
        said("main.bicep", &elsewhere)
            .contains("? trusted-service-blocked (the integration runtime `machine`)"),
        "{}",
        said("main.bicep", &elsewhere)
    );
}

#[test]
fn the_providers_linked_services_name_runtime_and_store() {
    let text = format!(
        r#"{TERRAFORM}
resource "azurerm_data_factory" "etl" {{
  name                = "etl"
  location            = "westeurope"
  resource_group_name = "prod"
}}
resource "azurerm_data_factory_integration_runtime_self_hosted" "machine" {{
  name            = "machine"
  data_factory_id = azurerm_data_factory.etl.id
}}
resource "azurerm_data_factory_linked_service_key_vault" "store" {{
  name            = "store"
  data_factory_id = azurerm_data_factory.etl.id
  key_vault_id    = azurerm_key_vault.main.id
}}
resource "azurerm_data_factory_linked_service_sql_server" "sales" {{
  name                     = "sales"
  data_factory_id          = azurerm_data_factory.etl.id
  integration_runtime_name = azurerm_data_factory_integration_runtime_self_hosted.machine.name
  connection_string        = "Server=sql;"
  key_vault_password {{
    linked_service_name = azurerm_data_factory_linked_service_key_vault.store.name
    secret_name         = "sales"
  }}
}}
"#
    );
    let found = said("main.tf", &text);
    assert!(found.contains("refuses `etl/sales` (Data Factory): it calls from a self-hosted"), "{found}");
}

/// A vault that lets in nobody, a factory with a managed endpoint to it, and more.
fn managed(more: &str) -> String {
    format!(
        "
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {{
  name: 'contoso-prod'
  location: 'westeurope'
  properties: {{
    tenantId: tenant().tenantId
    sku: {{ family: 'A', name: 'standard' }}
    publicNetworkAccess: 'Disabled'
    networkAcls: {{ defaultAction: 'Deny', bypass: 'None' }}
  }}
}}
resource factory 'Microsoft.DataFactory/factories@2018-06-01' = {{ name: 'etl', location: 'westeurope' }}
resource store 'Microsoft.DataFactory/factories/linkedservices@2018-06-01' = {{
  parent: factory
  name: 'store'
  properties: {{ type: 'AzureKeyVault', typeProperties: {{ baseUrl: vault.properties.vaultUri }} }}
}}
resource net 'Microsoft.DataFactory/factories/managedVirtualNetworks@2018-06-01' = {{
  parent: factory
  name: 'default'
  properties: {{}}
}}
resource toVault 'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints@2018-06-01' = {{
  parent: net
  name: 'to-vault'
  properties: {{ privateLinkResourceId: vault.id, groupId: 'vault' }}
}}
{more}
"
    )
}

#[test]
fn a_managed_private_endpoint_waits_and_then_lets_its_service_in() {
    let waiting = managed("");
    assert_eq!(
        said("main.bicep", &waiting),
        "endpoint-awaits-approval 26 Info: managed private endpoint `to-vault` carries no traffic until the owner of \
         vault `contoso-prod` approves it\n? trusted-service-blocked (the approval of `to-vault`)\n"
    );
    assert_eq!(decided("main.bicep", &waiting, "consumer:store"), "depends (the approval of `to-vault`)");
    let approved = managed(
        "resource approval 'Microsoft.KeyVault/vaults/privateEndpointConnections@2024-11-01' = {
  parent: vault
  name: 'factory'
  properties: { privateLinkServiceConnectionState: { status: 'Approved' } }
}",
    );
    let found = said("main.bicep", &approved);
    assert!(found.lines().all(|line| line.starts_with('?')), "{found}");
}

#[test]
fn a_managed_private_endpoint_of_another_service_lets_in_nobody_else() {
    let text = managed("").replace("resource toVault 'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints@2018-06-01' = {
  parent: net", "resource search 'Microsoft.Search/searchServices@2025-05-01' = { name: 'find', location: 'westeurope' }
resource toVault 'Microsoft.Search/searchServices/sharedPrivateLinkResources@2025-05-01' = {
  parent: search");
    let found = said("main.bicep", &text);
    assert!(found.contains("endpoint-awaits-approval"), "{found}");
    assert!(found.contains("refuses `etl/store` (Data Factory): `bypass` is `None`"), "{found}");
    assert_eq!(decided("main.bicep", &text, "consumer:store"), "denied ForbiddenByConnection");
}

#[test]
fn the_providers_managed_private_endpoints_are_read() {
    let target = "target_resource_id = azurerm_key_vault.main.id\n  subresource_name = \"vault\"";
    let below = |attribute: &str| {
        format!(
            "name = \"to-vault\"\n  {attribute} = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.X/ys/z\"\n  {target}"
        )
    };
    let ml = "name = \"to-vault\"\n  workspace_id = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.X/ys/z\"\n  service_resource_id = azurerm_key_vault.main.id\n  sub_resource_target = \"vault\"";
    for (kind, inside) in [
        ("data_factory_managed_private_endpoint", below("data_factory_id").as_str()),
        ("synapse_managed_private_endpoint", below("synapse_workspace_id").as_str()),
        ("search_shared_private_link_service", below("search_service_id").as_str()),
        ("machine_learning_workspace_network_outbound_rule_private_endpoint", ml),
    ] {
        let text = format!("{TERRAFORM}\nresource \"azurerm_{kind}\" \"to_vault\" {{\n  {inside}\n}}\n");
        let found = said("main.tf", &text);
        assert!(
            found.contains("endpoint-awaits-approval") && found.contains("`to-vault`"),
            "{kind}: {found}"
        );
        assert!(!found.contains("locked-out-vault"), "{kind}: {found}");
    }
}

/// What the rules about references and loops say of Bicep files: `rule line`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let rules = ["wrong-reference-type", "forwarding-loop", "reference-in-other-group", "invalid-expression"];
    let project = load(Options::default(), files.iter().map(|(path, text)| (path, text)));
    let report = project.check();
    let found = report.diagnostics.iter().filter(|found| rules.contains(&found.rule.as_str()));
    found.map(|found| format!("{} {}", found.rule, found.range.start.line + 1)).collect()
}

#[test]
fn a_link_names_a_network_and_an_endpoint_a_subnet() {
    let text = |network: &str, subnet: &str| {
        format!(
            "resource net 'Microsoft.Network/virtualNetworks@2024-05-01' existing = {{ name: 'net' }}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {{ name: 'privatelink.vaultcore.azure.net', location: 'global' }}
resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {{
  parent: zone
  name: 'net'
  location: 'global'
  properties: {{ registrationEnabled: false, virtualNetwork: {{ id: {network} }} }}
}}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {{
  name: 'pe'
  location: 'westeurope'
  properties: {{ subnet: {{ id: {subnet} }} }}
}}
"
        )
    };
    let subnet = "'${net.id}/subnets/apps'";
    let wrong = found(&[("main.bicep", &text(subnet, "net.id"))]);
    assert_eq!(wrong, ["wrong-reference-type 7", "wrong-reference-type 12"]);
    assert_eq!(found(&[("main.bicep", &text("net.id", subnet))]), [""; 0]);
}

#[test]
fn a_loop_needs_a_list_that_is_known_before_the_deployment() {
    let app = "resource app 'Microsoft.Web/sites@2024-04-01' existing = { name: 'app' }\n";
    let late = format!(
        "{app}var addresses = split(app.properties.possibleOutboundIpAddresses, ',')\n\
         output rules array = [for address in addresses: {{ value: address }}]\n"
    );
    assert_eq!(found(&[("main.bicep", &late)]), ["invalid-expression 3"]);
    let early = format!("{app}output ids array = [for id in [app.id, app.name]: '${{id}}/x']\n");
    assert_eq!(found(&[("main.bicep", &early)]), [""; 0]);
    let handed = format!(
        "{app}module rules 'rules.bicep' = {{\n  name: 'rules'\n  params: {{ addresses: \
         split(app.properties.possibleOutboundIpAddresses, ',') }}\n}}\n"
    );
    let module =
        "param addresses array\noutput rules array = [for address in addresses: { value: address }]\n";
    assert_eq!(found(&[("main.bicep", &handed), ("rules.bicep", module)]), [""; 0]);
}
