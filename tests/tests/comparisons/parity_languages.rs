//! The same network written in Bicep and in Terraform gives the same findings: rule, severity, confidence.

use std::collections::BTreeMap;
use vaultmoat_core::report;
use vaultmoat_tests::fixture::{load, strict};

/// The end of a message that is true only when the resource is created: a vault of `azurerm` without `network_acls` keeps the
/// firewall that it has, and one of a template without `networkAcls` does not.
const WHERE_CREATED: &str = " (for a new resource; an existing one keeps its settings)";

/// Findings by rule, severity and confidence, with how often. One that holds where a resource is created counts as certain.
fn findings(files: &[(&str, &str)]) -> BTreeMap<String, usize> {
    let project = load(strict(), files.iter().map(|(path, text)| (path, text)));
    let mut found = BTreeMap::new();
    for diagnostic in project.check().diagnostics {
        let report::Diagnostic { rule, severity, confidence, message, .. } = diagnostic;
        let rests_on_default = message.contains(" (with the default of ");
        let confidence = match message.ends_with(WHERE_CREATED) && !rests_on_default {
            true => report::Confidence::Certain,
            false => confidence,
        };
        *found.entry(format!("{rule} {severity:?} {confidence:?}")).or_default() += 1;
    }
    found
}

/// Compares one network in two languages, and says what must be among the findings; nothing for none of these rules.
fn same(name: &str, bicep: &str, terraform: &str, expected: &[&str]) {
    same_of(name, &[("main.bicep", bicep)], &[("main.tf", terraform)], expected);
}

fn same_of(name: &str, bicep: &[(&str, &str)], terraform: &[(&str, &str)], expected: &[&str]) {
    let (a, b) = (findings(bicep), findings(terraform));
    assert_eq!(a, b, "{name}: Bicep, then Terraform");
    for rule in expected {
        assert!(
            b.keys().any(|found| found.starts_with(&format!("{rule} "))),
            "{name}: {rule} is not in {b:?}"
        );
    }
}

/// A vault with RBAC and purge protection; `properties` are added.
fn bicep_vault(properties: &str) -> String {
    format!(
        "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'contoso-prod'
  location: 'westeurope'
  properties: {{
    tenantId: '11111111-2222-3333-4444-555555555555'
    sku: {{ family: 'A', name: 'standard' }}
    enableRbacAuthorization: true
    enablePurgeProtection: true
{properties}
  }}
}}
"
    )
}

fn terraform_vault(attributes: &str) -> String {
    format!(
        r#"resource "azurerm_key_vault" "kv" {{
  name                       = "contoso-prod"
  location                   = "westeurope"
  resource_group_name        = "rg"
  tenant_id                  = "11111111-2222-3333-4444-555555555555"
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
{attributes}
}}
"#
    )
}

fn vault(name: &str, bicep: &str, terraform: &str, expected: &[&str]) {
    same(name, &bicep_vault(bicep), &terraform_vault(terraform), expected);
}

fn rules(name: &str, rules: &[&str], expected: &[&str]) {
    let list = |quote: char, separator: &str| {
        let all: Vec<String> = rules.iter().map(|rule| format!("{quote}{rule}{quote}")).collect();
        all.join(separator)
    };
    let bicep: Vec<String> = rules.iter().map(|rule| format!("{{ value: '{rule}' }}")).collect();
    vault(
        name,
        &format!(
            "    networkAcls: {{ defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{}] }}",
            bicep.join(", ")
        ),
        &format!(
            "  network_acls {{\n    default_action = \"Deny\"\n    bypass = \"AzureServices\"\n    ip_rules = [{}]\n  }}",
            list('"', ", ")
        ),
        expected,
    );
}

#[test]
fn the_firewall_of_a_vault() {
    vault("open", "", "", &["public-vault"]);
    vault(
        "closed",
        "    publicNetworkAccess: 'Disabled'\n    networkAcls: { defaultAction: 'Deny', bypass: 'None' }",
        "  public_network_access_enabled = false\n  network_acls {\n    default_action = \"Deny\"\n    bypass = \"None\"\n  }",
        &["locked-out-vault"],
    );
    vault(
        "open with rules",
        "    networkAcls: { defaultAction: 'Allow', bypass: 'AzureServices', ipRules: [{ value: '20.50.7.41' }] }",
        "  network_acls {\n    default_action = \"Allow\"\n    bypass = \"AzureServices\"\n    ip_rules = [\"20.50.7.41\"]\n  }",
        &["public-vault"],
    );
    vault(
        "no bypass for disks",
        "    enabledForDiskEncryption: true\n    networkAcls: { defaultAction: 'Deny', bypass: 'None', ipRules: [{ value: '20.50.7.41' }] }",
        "  enabled_for_disk_encryption = true\n  network_acls {\n    default_action = \"Deny\"\n    bypass = \"None\"\n    ip_rules = [\"20.50.7.41\"]\n  }",
        &["bypass-conflict"],
    );
    vault(
        "a word that there is not",
        "    networkAcls: { defaultAction: 'Block', bypass: 'AzureServices' }",
        "  network_acls {\n    default_action = \"Block\"\n    bypass = \"AzureServices\"\n  }",
        &["invalid-network-setting"],
    );
    rules("good", &["20.50.7.41", "20.51.0.0/24"], &[]);
    rules("private", &["10.0.0.0/8"], &["private-ip-rule"]);
    rules("no address", &["20.50.7.300"], &["invalid-ip-rule"]);
    rules("blank", &[""], &["invalid-ip-rule"]);
    rules("IPv6", &["2001:db8::/32"], &["ipv6-ip-rule"]);
    rules("host bits", &["20.50.7.41/24"], &["ip-rule-host-bits"]);
    rules("twice", &["20.50.7.41", "20.50.7.41/32"], &["redundant-ip-rule"]);
    rules("everything", &["0.0.0.0/1", "128.0.0.0/1"], &["ip-rules-cover-internet"]);
}

#[test]
fn policies_and_roles() {
    let policy_bicep =
        "    accessPolicies: [{ tenantId: 't', objectId: 'o', permissions: { secrets: ['get'] } }]";
    let policy = "  access_policy {\n    tenant_id = \"t\"\n    object_id = \"o\"\n    secret_permissions = [\"Get\"]\n  }";
    vault("policies beside RBAC", policy_bicep, policy, &["access-policies-ignored"]);
    let without = |text: String| {
        text.replace("enableRbacAuthorization: true", "enableRbacAuthorization: false")
            .replace("rbac_authorization_enabled = true", "rbac_authorization_enabled = false")
    };
    same(
        "no RBAC",
        &without(bicep_vault(policy_bicep)),
        &without(terraform_vault(policy)),
        &["rbac-disabled"],
    );
    let role_bicep = "
resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '11111111-2222-3333-4444-555555555556'
  scope: kv
  properties: {
    principalId: '11111111-2222-3333-4444-555555555557'
    principalType: 'User'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}
";
    let role = r#"
resource "azurerm_role_assignment" "role" {
  scope                = azurerm_key_vault.kv.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = "11111111-2222-3333-4444-555555555557"
  principal_type       = "User"
}
"#;
    same(
        "a role that does nothing",
        &(without(bicep_vault("")) + role_bicep),
        &(without(terraform_vault("")) + role),
        &["role-without-rbac"],
    );
    same("a role", &(bicep_vault("") + role_bicep), &(terraform_vault("") + role), &["public-vault"]);
}

const BICEP_NETWORK: &str = "
resource vnet 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'hub'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
  }
}
resource subnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {
  parent: vnet
  name: 'endpoints'
  properties: {
    addressPrefix: '10.0.1.0/24'
  }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}
resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'hub'
  location: 'global'
  properties: {
    virtualNetwork: { id: vnet.id }
    registrationEnabled: false
    resolutionPolicy: 'NxDomainRedirect'
  }
}
resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'contoso-prod-pe'
  location: 'westeurope'
  properties: {
    subnet: { id: subnet.id }
    privateLinkServiceConnections: [
      {
        name: 'vault'
        properties: {
          privateLinkServiceId: kv.id
          groupIds: ['vault']
        }
      }
    ]
  }
}
resource group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: pe
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      { name: 'vault', properties: { privateDnsZoneId: zone.id } }
    ]
  }
}
";

const TERRAFORM_NETWORK: &str = r#"
resource "azurerm_virtual_network" "vnet" {
  name                = "hub"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}
resource "azurerm_subnet" "subnet" {
  name                 = "endpoints"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.vnet.name
  address_prefixes     = ["10.0.1.0/24"]
}
resource "azurerm_private_dns_zone" "zone" {
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = "rg"
}
resource "azurerm_private_dns_zone_virtual_network_link" "link" {
  name                  = "hub"
  resource_group_name   = "rg"
  private_dns_zone_name = azurerm_private_dns_zone.zone.name
  virtual_network_id    = azurerm_virtual_network.vnet.id
  registration_enabled  = false
  resolution_policy     = "NxDomainRedirect"
}
resource "azurerm_private_endpoint" "pe" {
  name                = "contoso-prod-pe"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = azurerm_subnet.subnet.id
  private_service_connection {
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.kv.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }
  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.zone.id]
  }
}
"#;

/// The whole network, with the vault closed, after replacements in both languages.
fn network(name: &str, bicep: &[(&str, &str)], terraform: &[(&str, &str)], expected: &[&str]) {
    let replaced = |text: String, with: &[(&str, &str)]| {
        with.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{name}: `{from}` is not there");
            text.replace(from, to)
        })
    };
    let closed = bicep_vault("    publicNetworkAccess: 'Disabled'") + BICEP_NETWORK;
    let closed_terraform = terraform_vault("  public_network_access_enabled = false") + TERRAFORM_NETWORK;
    same(name, &replaced(closed, bicep), &replaced(closed_terraform, terraform), expected);
}

#[test]
fn a_private_endpoint_and_its_names() {
    network("as it should be", &[], &[], &[]);
    network(
        "open all the same",
        &[("publicNetworkAccess: 'Disabled'", "publicNetworkAccess: 'Enabled'")],
        &[("public_network_access_enabled = false", "public_network_access_enabled = true")],
        &["open-despite-private-endpoint"],
    );
    network(
        "a wrong zone",
        &[("privatelink.vaultcore.azure.net", "privatelink.vault.azure.net")],
        &[("privatelink.vaultcore.azure.net", "privatelink.vault.azure.net")],
        &["wrong-dns-zone"],
    );
    network(
        "a wrong group",
        &[("groupIds: ['vault']", "groupIds: ['vaults']")],
        &[("subresource_names              = [\"vault\"]", "subresource_names = [\"vaults\"]")],
        &["wrong-group-id"],
    );
    network(
        "a group in capitals",
        &[("groupIds: ['vault']", "groupIds: ['Vault']")],
        &[("subresource_names              = [\"vault\"]", "subresource_names = [\"Vault\"]")],
        &[],
    );
    network(
        "another region",
        &[(
            "name: 'contoso-prod-pe'\n  location: 'westeurope'",
            "name: 'contoso-prod-pe'\n  location: 'northeurope'",
        )],
        &[(
            "name                = \"contoso-prod-pe\"\n  location            = \"westeurope\"",
            "name = \"contoso-prod-pe\"\n  location = \"North Europe\"",
        )],
        &["endpoint-location-mismatch"],
    );
    network(
        "registration of machines",
        &[("registrationEnabled: false", "registrationEnabled: true")],
        &[("registration_enabled  = false", "registration_enabled = true")],
        &["dns-auto-registration"],
    );
    network(
        "no fallback to public DNS",
        &[("    resolutionPolicy: 'NxDomainRedirect'\n", "")],
        &[("  resolution_policy     = \"NxDomainRedirect\"\n", "")],
        &["nxdomain-for-foreign-vaults"],
    );
    network(
        "a delegated subnet",
        &[(
            "addressPrefix: '10.0.1.0/24'",
            "addressPrefix: '10.0.1.0/24'\n    delegations: [{ name: 'web', properties: { serviceName: 'Microsoft.Web/serverFarms' } }]",
        )],
        &[(
            "address_prefixes     = [\"10.0.1.0/24\"]",
            "address_prefixes = [\"10.0.1.0/24\"]\n  delegation {\n    name = \"web\"\n    service_delegation {\n      name = \"Microsoft.Web/serverFarms\"\n    }\n  }",
        )],
        &["endpoint-in-delegated-subnet"],
    );
    network(
        "a static address outside",
        &[(
            "subnet: { id: subnet.id }",
            "subnet: { id: subnet.id }\n    ipConfigurations: [{ name: 'ip', properties: { groupId: 'vault', memberName: 'default', privateIPAddress: '10.0.2.7' } }]",
        )],
        &[(
            "subnet_id           = azurerm_subnet.subnet.id",
            "subnet_id = azurerm_subnet.subnet.id\n  ip_configuration {\n    name = \"ip\"\n    private_ip_address = \"10.0.2.7\"\n    subresource_name = \"vault\"\n    member_name = \"default\"\n  }",
        )],
        &["static-ip-outside-subnet"],
    );
    network(
        "the member that the provider fills in",
        &[(
            "subnet: { id: subnet.id }",
            "subnet: { id: subnet.id }\n    ipConfigurations: [{ name: 'ip', properties: { groupId: 'vault', memberName: 'vault', privateIPAddress: '10.0.1.7' } }]",
        )],
        &[(
            "subnet_id           = azurerm_subnet.subnet.id",
            "subnet_id = azurerm_subnet.subnet.id\n  ip_configuration {\n    name = \"ip\"\n    private_ip_address = \"10.0.1.7\"\n    subresource_name = \"vault\"\n  }",
        )],
        &["wrong-member-name"],
    );
    network(
        "a security group that does nothing",
        &[
            (
                "addressPrefix: '10.0.1.0/24'",
                "addressPrefix: '10.0.1.0/24'\n    networkSecurityGroup: { id: nsg.id }",
            ),
            (
                "resource zone ",
                "resource nsg 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {\n  name: 'nsg'\n  location: 'westeurope'\n}\nresource zone ",
            ),
        ],
        &[(
            "resource \"azurerm_private_dns_zone\" ",
            "resource \"azurerm_network_security_group\" \"nsg\" {\n  name = \"nsg\"\n  location = \"westeurope\"\n  resource_group_name = \"rg\"\n}\nresource \"azurerm_subnet_network_security_group_association\" \"a\" {\n  subnet_id = azurerm_subnet.subnet.id\n  network_security_group_id = azurerm_network_security_group.nsg.id\n}\nresource \"azurerm_private_dns_zone\" ",
        )],
        &["unenforced-network-policy"],
    );
    let group = BICEP_NETWORK.find("resource group").map_or("", |at| &BICEP_NETWORK[at..]);
    network(
        "no names",
        &[(group, "")],
        &[(
            "  private_dns_zone_group {\n    name                 = \"default\"\n    private_dns_zone_ids = [azurerm_private_dns_zone.zone.id]\n  }\n",
            "",
        )],
        &["no-dns-registration"],
    );
    let link = BICEP_NETWORK.find("resource link").zip(BICEP_NETWORK.find("resource pe"));
    let link = link.map_or("", |(from, to)| &BICEP_NETWORK[from..to]);
    let terraform = TERRAFORM_NETWORK
        .find("resource \"azurerm_private_dns_zone_virtual_network_link\"")
        .zip(TERRAFORM_NETWORK.find("resource \"azurerm_private_endpoint\""));
    let terraform = terraform.map_or("", |(from, to)| &TERRAFORM_NETWORK[from..to]);
    network("no link", &[(link, "")], &[(terraform, "")], &["unlinked-dns-zone"]);
}

#[test]
fn a_subnet_in_a_rule_needs_the_service_endpoint() {
    let bicep = |subnet: &str| {
        bicep_vault(
            "    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', virtualNetworkRules: [{ id: app.id }] }",
        ) + &format!(
            "resource vnet 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'hub'
  location: 'westeurope'
  properties: {{ addressSpace: {{ addressPrefixes: ['10.0.0.0/16'] }} }}
}}
resource app 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {{
  parent: vnet
  name: 'app'
  properties: {{
    addressPrefix: '10.0.2.0/24'
{subnet}
  }}
}}
"
        )
    };
    let terraform = |subnet: &str| {
        terraform_vault(
            "  network_acls {\n    default_action = \"Deny\"\n    bypass = \"AzureServices\"\n    virtual_network_subnet_ids = [azurerm_subnet.app.id]\n  }",
        ) + &format!(
            r#"resource "azurerm_virtual_network" "vnet" {{
  name                = "hub"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}}
resource "azurerm_subnet" "app" {{
  name                 = "app"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.vnet.name
  address_prefixes     = ["10.0.2.0/24"]
{subnet}
}}
"#
        )
    };
    let with = "    serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]";
    same("without", &bicep(""), &terraform(""), &["missing-service-endpoint"]);
    same("a list", &bicep(with), &terraform("  service_endpoints = [\"Microsoft.KeyVault\"]"), &[]);
    let block = "  service_endpoint {\n    service = \"Microsoft.KeyVault\"\n  }";
    same("a block", &bicep(with), &terraform(block), &[]);
}

#[test]
fn parameters_loops_conditions_and_modules() {
    vault_with(
        "a default",
        "param access string = 'Enabled'\n",
        "    publicNetworkAccess: access",
        "variable \"access\" {\n  default = true\n}\n",
        "  public_network_access_enabled = var.access",
        &["public-vault"],
    );
    vault_with(
        "no default",
        "@allowed(['Enabled', 'Disabled'])\nparam access string\n",
        "    publicNetworkAccess: access",
        "variable \"access\" {\n  type = bool\n}\n",
        "  public_network_access_enabled = var.access",
        &[],
    );
    vault_with(
        "a condition that is open",
        "param private bool\n",
        "    publicNetworkAccess: private ? 'Disabled' : 'Enabled'",
        "variable \"private\" {\n  type = bool\n}\n",
        "  public_network_access_enabled = !var.private",
        &[],
    );
    same(
        "a loop",
        "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = [for name in ['contoso-a', 'contoso-b']: {
  name: name
  location: 'westeurope'
  properties: {
    tenantId: 't'
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [for address in ['10.0.0.1', '20.50.7.41']: { value: address }] }
  }
}]
",
        r#"resource "azurerm_key_vault" "kv" {
  for_each                   = toset(["contoso-a", "contoso-b"])
  name                       = each.key
  location                   = "westeurope"
  resource_group_name        = "rg"
  tenant_id                  = "t"
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  dynamic "network_acls" {
    for_each = { rules = ["10.0.0.1", "20.50.7.41"] }
    content {
      default_action = "Deny"
      bypass         = "AzureServices"
      ip_rules       = [for address in network_acls.value : address]
    }
  }
}
"#,
        &["private-ip-rule"],
    );
    same(
        "a vault on a condition",
        &("param on bool\n".to_owned()
            + &bicep_vault("").replace("= {\n  name: 'contoso", "= if (on) {\n  name: 'contoso")),
        &("variable \"on\" {\n  type = bool\n}\n".to_owned() + &terraform_vault("  count = var.on ? 1 : 0")),
        &["public-vault"],
    );
    let bicep_module = "param name string\nparam access string = 'Enabled'\n".to_owned()
        + &bicep_vault("    publicNetworkAccess: access").replace("'contoso-prod'", "name")
        + "output id string = kv.id\n";
    let module = "variable \"name\" {}\nvariable \"access\" {\n  default = true\n}\n".to_owned()
        + &terraform_vault("  public_network_access_enabled = var.access")
            .replace("\"contoso-prod\"", "var.name")
        + "output \"id\" {\n  value = azurerm_key_vault.kv.id\n}\n";
    let bicep_main =
        "module vault 'vault.bicep' = {\n  name: 'vault'\n  params: { name: 'contoso-prod' }\n}\n".to_owned()
            + &BICEP_NETWORK.replace("kv.id", "vault.outputs.id");
    let main = "module \"vault\" {\n  source = \"./modules/vault\"\n  name = \"contoso-prod\"\n}\n"
        .to_owned()
        + &TERRAFORM_NETWORK.replace("azurerm_key_vault.kv.id", "module.vault.id");
    same_of(
        "a module whose output the endpoint takes",
        &[("main.bicep", &bicep_main), ("vault.bicep", &bicep_module)],
        &[("main.tf", &main), ("modules/vault/main.tf", &module)],
        &["open-despite-private-endpoint"],
    );
}

fn vault_with(name: &str, bicep: &str, property: &str, terraform: &str, attribute: &str, expected: &[&str]) {
    same(
        name,
        &(bicep.to_owned() + &bicep_vault(property)),
        &(terraform.to_owned() + &terraform_vault(attribute)),
        expected,
    );
}

#[test]
fn azapi_is_written_in_arms_shape() {
    let body = |body: &str| {
        format!(
            r#"resource "azapi_resource" "kv" {{
  type      = "Microsoft.KeyVault/vaults@2026-02-01"
  name      = "contoso-prod"
  location  = "westeurope"
  parent_id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
  body      = {body}
}}
"#
        )
    };
    let object = r#"{
    properties = {
      tenantId                = "t"
      sku                     = { family = "A", name = "standard" }
      enableRbacAuthorization = true
      enablePurgeProtection   = true
      networkAcls             = { defaultAction = "Deny", bypass = "AzureServices", ipRules = [{ value = "10.0.0.1" }] }
    }
  }"#;
    let bicep = bicep_vault(
        "    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{ value: '10.0.0.1' }] }",
    );
    same("an object", &bicep, &body(object), &["private-ip-rule"]);
    same("JSON", &bicep, &body(&format!("jsonencode({object})")), &["private-ip-rule"]);
}

#[test]
fn an_app_and_the_log_of_a_vault() {
    let closed = "    publicNetworkAccess: 'Disabled'";
    let bicep = bicep_vault(closed)
        + "
resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan'
  location: 'westeurope'
  sku: { name: 'P1v3' }
}
resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'shop'
  location: 'westeurope'
  properties: {
    serverFarmId: plan.id
    siteConfig: { appSettings: [{ name: 'SECRET', value: '@Microsoft.KeyVault(SecretUri=https://contoso-prod.vault.azure.net/secrets/a)' }] }
  }
}
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: kv
  properties: {
    workspaceId: '/subscriptions/x/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/logs'
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}
";
    let terraform = terraform_vault("  public_network_access_enabled = false")
        + r#"
resource "azurerm_service_plan" "plan" {
  name                = "plan"
  location            = "westeurope"
  resource_group_name = "rg"
  os_type             = "Linux"
  sku_name            = "P1v3"
}
resource "azurerm_linux_web_app" "app" {
  name                = "shop"
  location            = "westeurope"
  resource_group_name = "rg"
  service_plan_id     = azurerm_service_plan.plan.id
  app_settings = {
    SECRET = "@Microsoft.KeyVault(SecretUri=https://contoso-prod.vault.azure.net/secrets/a)"
  }
  site_config {}
}
resource "azurerm_monitor_diagnostic_setting" "audit" {
  name                       = "audit"
  target_resource_id         = azurerm_key_vault.kv.id
  log_analytics_workspace_id = "/subscriptions/x/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/logs"
  enabled_log {
    category = "AuditEvent"
  }
}
"#;
    same("an app outside", &bicep, &terraform, &["untrusted-service-assumed"]);
}

#[test]
fn a_module_of_the_registry_is_known_by_what_it_declares() {
    let call = |inside: &str| {
        format!(
            r#"module "vault" {{
  source              = "Azure/avm-res-keyvault-vault/azurerm"
  version             = "0.10.0"
  name                = "contoso-prod"
  location            = "westeurope"
  resource_group_name = "rg"
  tenant_id           = "t"
  sku_name            = "standard"
{inside}
}}
"#
        )
    };
    let expected = |acls: &str| {
        bicep_vault(&format!("    networkAcls: {{ defaultAction: 'Deny', bypass: 'None'{acls} }}"))
    };
    same("its defaults", &expected(""), &call(""), &["locked-out-vault"]);
    same(
        "a rule",
        &expected(", ipRules: [{ value: '10.0.0.1' }]"),
        &call("  network_acls = { ip_rules = [\"10.0.0.1\"] }"),
        &["private-ip-rule"],
    );
    let whole = call("  network_acls = null\n  public_network_access_enabled = false")
        + &TERRAFORM_NETWORK.replace("azurerm_key_vault.kv.id", "module.vault.resource_id");
    same("its output", &(bicep_vault("    publicNetworkAccess: 'Disabled'") + BICEP_NETWORK), &whole, &[]);
}

/// The part of the network in Terraform from one text up to another.
fn part(from: &str, to: &str) -> &'static str {
    let rest = TERRAFORM_NETWORK.find(from).and_then(|at| TERRAFORM_NETWORK.get(at..)).unwrap_or_default();
    rest.find(to).and_then(|at| rest.get(..at)).unwrap_or(rest)
}

/// The network with one part of it made by a module of the registry, by the version that takes the name of a group and
/// by the one that takes its id.
fn called(name: &str, bicep: &[(&str, &str)], parts: &[(&str, String)], expected: &[&str]) {
    for (version, group) in [
        ("by name", "resource_group_name = \"rg\""),
        ("by id", "parent_id = azurerm_resource_group.rg.id"),
        (
            "by a literal id",
            "parent_id = \"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg\"",
        ),
    ] {
        let parts: Vec<(&str, String)> =
            parts.iter().map(|(from, to)| (*from, to.replace("GROUP", group))).collect();
        let mut parts: Vec<(&str, &str)> = parts.iter().map(|(from, to)| (*from, to.as_str())).collect();
        let group =
            "resource \"azurerm_resource_group\" \"rg\" {\n  name = \"rg\"\n  location = \"westeurope\"\n}\n";
        let vault = format!("{group}resource \"azurerm_key_vault\" ");
        parts.push(("resource \"azurerm_key_vault\" ", &vault));
        network(&format!("{name}, {version}"), bicep, &parts, expected);
    }
}

#[test]
fn an_endpoint_by_a_module_of_the_registry() {
    let plain = part("resource \"azurerm_private_endpoint\"", "no end");
    let call = |inside: &str| {
        let text = format!(
            r#"module "pe" {{
  source                         = "Azure/avm-res-network-privateendpoint/azurerm"
  version                        = "0.2.0"
  name                           = "contoso-prod-pe"
  location                       = "westeurope"
  GROUP
  network_interface_name         = "nic"
  private_connection_resource_id = azurerm_key_vault.kv.id
  subnet_resource_id             = azurerm_subnet.subnet.id
  {inside}
}}
"#
        );
        vec![(plain, text)]
    };
    let zone = "private_dns_zone_resource_ids = [azurerm_private_dns_zone.zone.id]";
    let vault = "subresource_names = [\"vault\"]";
    called("as it should be", &[], &call(&format!("{vault}\n  {zone}")), &[]);
    called(
        "a wrong group",
        &[("groupIds: ['vault']", "groupIds: ['vaults']")],
        &call(&format!("subresource_names = [\"vaults\"]\n  {zone}")),
        &["wrong-group-id"],
    );
    let ip = |member: &str| {
        format!(
            "subnet: {{ id: subnet.id }}\n    ipConfigurations: [{{ name: 'ip', properties: {{ groupId: 'vault', memberName: '{member}', privateIPAddress: '10.0.2.7' }} }}]"
        )
    };
    called(
        "a static address outside",
        &[("subnet: { id: subnet.id }", &ip("default"))],
        &call(&format!(
            "{vault}\n  {zone}\n  ip_configurations = {{ a = {{ name = \"ip\", private_ip_address = \"10.0.2.7\", subresource_name = \"vault\" }} }}"
        )),
        &["static-ip-outside-subnet"],
    );
    called(
        "another member",
        &[("subnet: { id: subnet.id }", &ip("vault"))],
        &call(&format!(
            "{vault}\n  {zone}\n  ip_configurations = {{ a = {{ name = \"ip\", private_ip_address = \"10.0.2.7\", subresource_name = \"vault\", member_name = \"vault\" }} }}"
        )),
        &["wrong-member-name"],
    );
    let group = BICEP_NETWORK.find("resource group").map_or("", |at| &BICEP_NETWORK[at..]);
    called("no names", &[(group, "")], &call(vault), &["no-dns-registration"]);
}

#[test]
fn a_zone_by_a_module_of_the_registry() {
    let plain = part("resource \"azurerm_private_dns_zone\"", "resource \"azurerm_private_endpoint\"");
    let call = |inside: &str| {
        let text = format!(
            r#"module "zone" {{
  source      = "Azure/avm-res-network-privatednszone/azurerm"
  version     = "0.4.0"
  domain_name = "privatelink.vaultcore.azure.net"
  GROUP
  {inside}
}}
"#
        );
        vec![(plain, text), ("azurerm_private_dns_zone.zone.id", "module.zone.resource_id".to_owned())]
    };
    let linked = |inside: &str| {
        call(&format!(
            "virtual_network_links = {{ hub = {{ vnetlinkname = \"hub\", vnetid = azurerm_virtual_network.vnet.id, {inside} }} }}"
        ))
    };
    let redirect = "resolution_policy = \"NxDomainRedirect\"";
    called("as it should be", &[], &linked(redirect), &[]);
    called(
        "by the newer names",
        &[],
        &call(&format!(
            "virtual_network_links = {{ hub = {{ name = \"hub\", virtual_network_id = azurerm_virtual_network.vnet.id, {redirect} }} }}"
        )),
        &[],
    );
    called(
        "no fallback to public DNS",
        &[("    resolutionPolicy: 'NxDomainRedirect'\n", "")],
        &linked("autoregistration = false"),
        &["nxdomain-for-foreign-vaults"],
    );
    for key in ["autoregistration", "registration_enabled"] {
        called(
            "registration of machines",
            &[("registrationEnabled: false", "registrationEnabled: true")],
            &linked(&format!("{redirect}, {key} = true")),
            &["dns-auto-registration"],
        );
    }
    let link = BICEP_NETWORK.find("resource link").zip(BICEP_NETWORK.find("resource pe"));
    let link = link.map_or("", |(from, to)| &BICEP_NETWORK[from..to]);
    called("no link", &[(link, "")], &call(""), &["unlinked-dns-zone"]);
    let record = "resource a 'Microsoft.Network/privateDnsZones/A@2024-06-01' = {
  parent: zone
  name: 'contoso-prod'
  properties: { ttl: 300, aRecords: [{ ipv4Address: '20.1.2.3' }] }
}
resource pe ";
    for addresses in ["records", "ip_addresses"] {
        let mut parts = linked(redirect);
        for (_, text) in parts.iter_mut().take(1) {
            *text = text.replace(
                "domain_name",
                &format!("a_records = {{ kv = {{ name = \"contoso-prod\", ttl = 300, {addresses} = [\"20.1.2.3\"] }} }}\n  domain_name"),
            );
        }
        called("a record", &[("resource pe ", record)], &parts, &["dns-record-mismatch"]);
    }
}

#[test]
fn a_network_by_a_module_of_the_registry() {
    let plain = part("resource \"azurerm_virtual_network\"", "resource \"azurerm_private_dns_zone\"");
    let call = |inside: &str, subnet: &str| {
        let text = format!(
            r#"module "vnet" {{
  source        = "Azure/avm-res-network-virtualnetwork/azurerm"
  version       = "0.8.1"
  name          = "hub"
  location      = "westeurope"
  address_space = ["10.0.0.0/16"]
  GROUP
  subnets = {{
    pe = {{
      name = "endpoints"
      {subnet}
    }}
  }}
  {inside}
}}
"#
        );
        vec![
            (plain, text),
            ("azurerm_subnet.subnet.id", "module.vnet.subnets[\"pe\"].resource_id".to_owned()),
            ("azurerm_virtual_network.vnet.id", "module.vnet.resource_id".to_owned()),
        ]
    };
    let prefixes = "address_prefixes = [\"10.0.1.0/24\"]";
    let subnet = "addressPrefix: '10.0.1.0/24'";
    called("as it should be", &[], &call("", prefixes), &[]);
    called("one prefix", &[], &call("", "address_prefix = \"10.0.1.0/24\""), &[]);
    let delegated = "addressPrefix: '10.0.1.0/24'\n    delegations: [{ name: 'web', properties: { serviceName: 'Microsoft.Web/serverFarms' } }]";
    for key in ["delegation", "delegations"] {
        called(
            "a delegated subnet",
            &[(subnet, delegated)],
            &call(
                "",
                &format!(
                    "{prefixes}\n      {key} = [{{ name = \"web\", service_delegation = {{ name = \"Microsoft.Web/serverFarms\" }} }}]"
                ),
            ),
            &["endpoint-in-delegated-subnet"],
        );
    }
    let nsg = "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg";
    for (policies, bicep, expected) in [
        ("", "Enabled", None),
        ("private_endpoint_network_policies = \"Disabled\"", "Disabled", Some("unenforced-network-policy")),
    ] {
        let secured = format!(
            "{subnet}\n    networkSecurityGroup: {{ id: '{nsg}' }}\n    privateEndpointNetworkPolicies: '{bicep}'"
        );
        called(
            "a security group",
            &[(subnet, &secured)],
            &call(
                "",
                &format!("{prefixes}\n      network_security_group = {{ id = \"{nsg}\" }}\n      {policies}"),
            ),
            &Vec::from_iter(expected),
        );
    }
    called(
        "a DNS server",
        &[(
            "addressSpace: { addressPrefixes: ['10.0.0.0/16'] }",
            "addressSpace: { addressPrefixes: ['10.0.0.0/16'] }\n    dhcpOptions: { dnsServers: ['10.9.0.4'] }",
        )],
        &call("dns_servers = { dns_servers = [\"10.9.0.4\"] }", prefixes),
        &["custom-dns-bypasses-zone"],
    );
}

#[test]
fn a_subnet_of_a_module_has_its_service_endpoints() {
    let rule = "    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', virtualNetworkRules: [{ id: subnet.id }] }";
    let network = |endpoints: &str| {
        bicep_vault(rule)
            + &format!(
                "resource vnet 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  name: 'hub'
  location: 'westeurope'
  properties: {{ addressSpace: {{ addressPrefixes: ['10.0.0.0/16'] }} }}
}}
resource subnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {{
  parent: vnet
  name: 'app'
  properties: {{ addressPrefix: '10.0.1.0/24'{endpoints} }}
}}
"
            )
    };
    for (name, inside, endpoints, expected) in [
        ("none", "", "", Some("missing-service-endpoint")),
        (
            "by name",
            "service_endpoints = [\"Microsoft.KeyVault\"]",
            ", serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]",
            None,
        ),
        (
            "with regions",
            "service_endpoints_with_location = [{ service = \"Microsoft.KeyVault\" }]",
            ", serviceEndpoints: [{ service: 'Microsoft.KeyVault', locations: ['*'] }]",
            None,
        ),
    ] {
        let terraform = terraform_vault(
            "  network_acls {\n    default_action = \"Deny\"\n    bypass = \"AzureServices\"\n    virtual_network_subnet_ids = [module.vnet.subnets.app.resource_id]\n  }",
        ) + &format!(
            r#"module "vnet" {{
  source              = "Azure/avm-res-network-virtualnetwork/azurerm"
  name                = "hub"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
  subnets = {{
    app = {{
      name             = "app"
      address_prefixes = ["10.0.1.0/24"]
      {inside}
    }}
  }}
}}
"#
        );
        same(name, &network(endpoints), &terraform, &Vec::from_iter(expected));
    }
}
