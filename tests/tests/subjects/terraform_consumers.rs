//! ARM and Terraform have the same consumers of a vault.

use vaultmoat_core::Options;
use vaultmoat_core::report::ModelReport;
use vaultmoat_tests::fixture::load;

/// A resource for the provider, what is in it, its type for ARM, its name there, and the properties.
const CONSUMERS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "mssql_server",
        "name = \"x\"\n  transparent_data_encryption_key_vault_key_id = \"https://kv.vault.azure.net/keys/k/1\"",
        "Microsoft.Sql/servers",
        "x",
        r#""keyId": "https://kv.vault.azure.net/keys/k/1""#,
    ),
    (
        "mssql_server_transparent_data_encryption",
        "server_id = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/x\"\n  key_vault_key_id = azurerm_key_vault_key.k.id",
        "Microsoft.Sql/servers/keys",
        "x/current",
        r#""uri": "https://kv.vault.azure.net/keys/k/1""#,
    ),
    (
        "linux_virtual_machine",
        "name = \"x\"\n  network_interface_ids = []\n  secret {\n    key_vault_id = azurerm_key_vault.kv.id\n    certificate {\n      url = \"https://kv.vault.azure.net/secrets/c/1\"\n    }\n  }",
        "Microsoft.Compute/virtualMachines",
        "x",
        r#""osProfile": { "secrets": [{ "sourceVault": { "id": "[resourceId('Microsoft.KeyVault/vaults', 'kv')]" } }] }"#,
    ),
    (
        "windows_virtual_machine_scale_set",
        "name = \"x\"\n  secret {\n    key_vault_id = azurerm_key_vault.kv.id\n  }",
        "Microsoft.Compute/virtualMachineScaleSets",
        "x",
        r#""virtualMachineProfile": { "osProfile": { "secrets": [{ "sourceVault": { "id": "[resourceId('Microsoft.KeyVault/vaults', 'kv')]" } }] } }"#,
    ),
    (
        "container_app",
        "name = \"x\"\n  secret {\n    name                = \"s\"\n    key_vault_secret_id = \"${azurerm_key_vault.kv.vault_uri}secrets/s\"\n  }",
        "Microsoft.App/containerApps",
        "x",
        r#""configuration": { "secrets": [{ "name": "s", "keyVaultUrl": "https://kv.vault.azure.net/secrets/s" }] }"#,
    ),
    (
        "container_registry",
        "name = \"x\"\n  encryption {\n    key_vault_key_id = azurerm_key_vault_key.k.id\n  }",
        "Microsoft.ContainerRegistry/registries",
        "x",
        r#""encryption": { "keyVaultProperties": { "keyIdentifier": "https://kv.vault.azure.net/keys/k" } }"#,
    ),
    (
        "api_management",
        "name = \"x\"\n  hostname_configuration {\n    proxy {\n      key_vault_certificate_id = \"https://kv.vault.azure.net/secrets/c\"\n    }\n  }\n  virtual_network_configuration {\n    subnet_id = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/apim\"\n  }",
        "Microsoft.ApiManagement/service",
        "x",
        r#""hostnameConfigurations": [{ "keyVaultId": "https://kv.vault.azure.net/secrets/c" }], "virtualNetworkConfiguration": { "subnetResourceId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/apim" }"#,
    ),
    (
        "cosmosdb_account",
        "name = \"x\"\n  key_vault_key_id = azurerm_key_vault_key.k.versionless_id",
        "Microsoft.DocumentDB/databaseAccounts",
        "x",
        r#""keyVaultKeyUri": "https://kv.vault.azure.net/keys/k""#,
    ),
    (
        "machine_learning_workspace",
        "name = \"x\"\n  key_vault_id = azurerm_key_vault.kv.id",
        "Microsoft.MachineLearningServices/workspaces",
        "x",
        r#""keyVault": "[resourceId('Microsoft.KeyVault/vaults', 'kv')]""#,
    ),
    (
        "servicebus_namespace",
        "name = \"x\"\n  customer_managed_key {\n    key_vault_key_id = azurerm_key_vault_key.k.id\n  }",
        "Microsoft.ServiceBus/namespaces",
        "x",
        r#""encryption": { "keyVaultProperties": [{ "keyVaultUri": "https://kv.vault.azure.net" }] }"#,
    ),
    (
        "synapse_workspace",
        "name = \"x\"\n  customer_managed_key {\n    key_versionless_id = azurerm_key_vault_key.k.versionless_id\n  }",
        "Microsoft.Synapse/workspaces",
        "x",
        r#""encryption": { "cmk": { "key": { "keyVaultUrl": "https://kv.vault.azure.net/keys/k" } } }"#,
    ),
    (
        "data_factory_linked_service_key_vault",
        "name = \"l\"\n  data_factory_id = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories/x\"\n  key_vault_id = azurerm_key_vault.kv.id",
        "Microsoft.DataFactory/factories/linkedServices",
        "x/l",
        r#""typeProperties": { "baseUrl": "https://kv.vault.azure.net/" }"#,
    ),
    (
        "linux_web_app_slot",
        "name = \"staging\"\n  app_service_id = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/x\"\n  app_settings = {\n    SECRET = \"@Microsoft.KeyVault(VaultName=kv;SecretName=s)\"\n  }",
        "Microsoft.Web/sites/slots",
        "x/staging",
        r#""siteConfig": { "appSettings": [{ "name": "SECRET", "value": "@Microsoft.KeyVault(VaultName=kv;SecretName=s)" }] }"#,
    ),
    (
        "cdn_frontdoor_secret",
        "name = \"c\"\n  cdn_frontdoor_profile_id = \"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Cdn/profiles/x\"\n  secret {\n    customer_certificate {\n      key_vault_certificate_id = azurerm_key_vault_certificate.c.id\n    }\n  }",
        "Microsoft.Cdn/profiles/secrets",
        "x/c",
        r#""parameters": { "secretSource": { "id": "[resourceId('Microsoft.KeyVault/vaults/secrets', 'kv', 'c')]" } }"#,
    ),
];

fn model(path: &str, text: &str) -> ModelReport {
    let project = load(Options::default(), [(path, text)]);
    let found = project.check().diagnostics;
    assert!(found.iter().all(|found| found.rule != "syntax"), "{found:#?}\n{text}");
    project.model()
}

/// What is said of the consumers: all but where they stand.
fn said(model: &ModelReport) -> String {
    let [consumer] = model.consumers.as_slice() else { panic!("{:#?}", model.consumers) };
    let uses: Vec<String> = model
        .links
        .iter()
        .filter(|link| link.kind == "uses")
        .map(|link| format!("{:?}", link.proof))
        .collect();
    let said = serde_json::to_value(consumer).expect("plain data");
    let of = |key: &str| said.get(key).map(ToString::to_string).unwrap_or_default();
    format!("{} {} {} {} {uses:?}", of("name"), of("service"), of("trusted"), of("subnets"))
}

#[test]
fn consumers_are_the_same_in_arm_and_in_terraform() {
    for (kind, inside, arm_kind, arm_name, properties) in CONSUMERS {
        let terraform = model(
            "main.tf",
            &format!(
                r#"resource "azurerm_key_vault" "kv" {{
  name                = "kv"
  resource_group_name = "rg"
}}
resource "azurerm_key_vault_key" "k" {{
  name         = "k"
  key_vault_id = azurerm_key_vault.kv.id
}}
resource "azurerm_key_vault_certificate" "c" {{
  name         = "c"
  key_vault_id = azurerm_key_vault.kv.id
}}
resource "azurerm_{kind}" "x" {{
  {inside}
}}
"#
            ),
        );
        let arm = model(
            "main.json",
            &format!(
                r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {{
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2024-11-01",
      "name": "kv",
      "properties": {{}}
    }},
    {{
      "type": "{arm_kind}",
      "apiVersion": "2024-01-01",
      "name": "{arm_name}",
      "properties": {{ {properties} }}
    }}
  ]
}}
"#
            ),
        );
        assert_eq!(said(&terraform), said(&arm), "{kind}");
        assert!(said(&terraform).contains("Proved"), "{kind}: {}", said(&terraform));
    }
}
