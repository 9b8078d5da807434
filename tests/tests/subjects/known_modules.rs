//! Known modules: the same resources written out and made by a module give the same findings, and each fix of a finding has
//! its counterpart at the call.

use std::collections::BTreeMap;
use vaultmoat_core::Project;
use vaultmoat_core::report::Diagnostic;
use vaultmoat_tests::fixture::{load, strict};

/// One network twice.
struct Row {
    what: &'static str,
    /// The name of the file, whose ending says the language.
    file: &'static str,
    /// What both have.
    shared: &'static str,
    module: String,
    written: String,
    /// Findings that both must have.
    expected: &'static [&'static str],
}

/// Findings by rule and severity, with how often. A default may make a finding likely.
fn findings(project: &Project) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for finding in project.check().diagnostics {
        *found.entry(format!("{} {:?}", finding.rule, finding.severity)).or_default() += 1;
    }
    found
}

fn of<'d>(found: &'d [Diagnostic], rule: &str) -> Vec<&'d Diagnostic> {
    found.iter().filter(|finding| finding.rule == rule).collect()
}

/// Applies the fixes of a rule and says what it still reports, with what the text has become.
fn fixed(project: &mut Project, rule: &str) -> (usize, String) {
    let changed = project.fix(&[rule.to_owned()], true);
    let text = changed.iter().map(|file| file.text.clone()).collect();
    for file in &changed {
        project.set(&file.file, &file.text);
    }
    let left = project.check().diagnostics;
    (of(&left, rule).len() + of(&left, "syntax").len(), text)
}

/// What differs between the two.
fn faults(row: &Row) -> Vec<String> {
    let of_text = |text: &str| load(strict(), [(row.file, format!("{}{text}", row.shared))]);
    let (module, written) = (of_text(&row.module), of_text(&row.written));
    let mut faults = Vec::new();
    let (by_module, by_hand) = (findings(&module), findings(&written));
    if by_module != by_hand {
        faults.push(format!("{}: by the module {by_module:?}, written out {by_hand:?}", row.what));
    }
    for rule in row.expected {
        let (by_module, by_hand) = (module.check().diagnostics, written.check().diagnostics);
        if of(&by_module, rule).is_empty() {
            faults.push(format!("{}: no {rule}", row.what));
        }
        let has_fix = |found: &[Diagnostic]| of(found, rule).iter().any(|found| !found.fixes.is_empty());
        if has_fix(&by_module) != has_fix(&by_hand) {
            faults.push(format!("{}: {rule} has a fix in one of them", row.what));
        }
        if has_fix(&by_module) {
            let (left, text) = fixed(&mut of_text(&row.module), rule);
            if left > 0 {
                faults.push(format!("{}: {rule} is still there in\n{text}", row.what));
            }
        }
    }
    faults
}

fn check(rows: &[Row]) {
    let faults: Vec<String> = rows.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn by_bicep(arguments: &str) -> String {
    format!(
        "module kv 'br/public:avm/res/key-vault/vault:0.13.0' = {{\n  params: {{\n    name: 'kv-contoso'\n{arguments}  }}\n}}\n"
    )
}

/// A vault in Bicep as the module writes it, but for these properties.
fn bicep(properties: &str) -> String {
    format!(
        "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{\n  name: 'kv-contoso'\n  location: resourceGroup().location\n  \
         properties: {{\n    tenantId: subscription().tenantId\n    sku: {{ family: 'A', name: 'premium' }}\n    \
         enabledForDeployment: true\n    enabledForTemplateDeployment: true\n    enabledForDiskEncryption: true\n    \
         accessPolicies: []\n{properties}  }}\n}}\n"
    )
}

const RBAC: &str = "    enableRbacAuthorization: true\n    enablePurgeProtection: true\n";
const DENIES: &str =
    "    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [{ value: '20.1.2.3' }] }\n";

/// A secret or key and a role on it, written out.
fn child(kind: &str, role: &str) -> String {
    format!(
        "resource child 'Microsoft.KeyVault/vaults/{kind}s@2024-11-01' = {{\n  parent: kv\n  name: 'one'\n}}\n\
         resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{\n  name: guid('x')\n  scope: child\n  \
         properties: {{\n    principalId: principal\n    principalType: 'ServicePrincipal'\n    roleDefinitionId: \
         subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{role}')\n  }}\n}}\n"
    )
}

const ADMINISTRATOR: &str = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
const SUBNET: &str =
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s";

fn assigned(role: &str) -> String {
    format!(
        "roleAssignments: [{{ principalId: principal, principalType: 'ServicePrincipal', roleDefinitionIdOrName: '{role}' }}]"
    )
}

#[test]
fn what_a_module_of_bicep_makes_is_checked_like_what_is_written() {
    let row = |what, module: String, written: String, expected| Row {
        what,
        file: "main.bicep",
        shared: "param principal string\nparam subnetId string\n",
        module,
        written,
        expected,
    };
    let children = |kind: &str, role: &str, id: &str| {
        let role = assigned(role);
        let list = match kind {
            "secret" => format!("    secrets: [{{ name: 'one', value: principal, {role} }}]\n"),
            _ => format!("    keys: [{{ name: 'one', {role} }}]\n"),
        };
        (by_bicep(&format!("{DENIES}{list}")), bicep(&format!("{RBAC}{DENIES}")) + &child(kind, id))
    };
    let endpoint = format!(
        "resource pe 'Microsoft.Network/privateEndpoints@2024-10-01' = {{\n  name: 'pep-kv-contoso-vault-0'\n  location: 'westeurope'\n  \
         properties: {{\n    subnet: {{ id: '{SUBNET}' }}\n    privateLinkServiceConnections: [{{ name: 'kv', properties: \
         {{ privateLinkServiceId: kv.id, groupIds: ['vault'] }} }}]\n  }}\n}}\n"
    );
    let endpoints =
        format!("    privateEndpoints: [{{ location: 'westeurope', subnetResourceId: '{SUBNET}' }}]\n");
    let zone = |of: &str| {
        format!(
            "/subscriptions/s/resourceGroups/{of}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net"
        )
    };
    let each = |of: &[&str], entry: &dyn Fn(String) -> String| {
        of.iter().map(|of| entry(zone(of))).collect::<Vec<_>>().join(", ")
    };
    let zoned = |of: &[&str]| {
        let entries = each(of, &|id| format!("{{ privateDnsZoneResourceId: '{id}' }}"));
        endpoints.replace(
            " }]",
            &format!(", privateDnsZoneGroup: {{ privateDnsZoneGroupConfigs: [{entries}] }} }}]"),
        )
    };
    let group = |of: &[&str]| {
        let entries = each(of, &|id| {
            format!(
                "{{ name: 'privatelink.vaultcore.azure.net', properties: {{ privateDnsZoneId: '{id}' }} }}"
            )
        });
        format!(
            "resource group 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-10-01' = {{\n  parent: pe\n  name: \
             'default'\n  properties: {{ privateDnsZoneConfigs: [{entries}] }}\n}}\n"
        )
    };
    let disks = |id: &str| {
        format!(
            "resource disks 'Microsoft.Compute/diskEncryptionSets@2024-03-02' = {{\n  name: 'des'\n  location: 'westeurope'\n  \
             properties: {{ activeKey: {{ sourceVault: {{ id: {id} }}, keyUrl: 'https://kv-contoso.vault.azure.net/keys/one' }} }}\n}}\n"
        )
    };
    let closed =
        "    networkAcls: { defaultAction: 'Deny', bypass: 'None', ipRules: [{ value: '20.1.2.3' }] }\n";
    let mut rows = vec![
        row("nothing set", by_bicep(""), bicep(RBAC), &["public-vault"]),
        row("an empty firewall", by_bicep("    networkAcls: {}\n"), bicep(RBAC), &["public-vault"]),
        row("null for a firewall", by_bicep("    networkAcls: null\n"), bicep(RBAC), &["public-vault"]),
        row(
            "no purge protection",
            by_bicep("    enablePurgeProtection: false\n"),
            bicep("    enableRbacAuthorization: true\n"),
            &["no-purge-protection"],
        ),
        row(
            "access policies",
            by_bicep("    enableRbacAuthorization: false\n"),
            bicep("    enableRbacAuthorization: false\n    enablePurgeProtection: true\n"),
            &["rbac-disabled", "access-policies-wiped"],
        ),
        row(
            "services that do not pass",
            by_bicep(closed) + &disks("kv.outputs.resourceId"),
            bicep(&format!("{RBAC}{closed}")) + &disks("kv.id"),
            &["bypass-conflict"],
        ),
        row(
            "a mode of creation",
            by_bicep("    createMode: 'recover'\n"),
            bicep(&format!("{RBAC}    createMode: 'recover'\n")),
            &["create-mode-recover"],
        ),
        row(
            "soft delete",
            by_bicep("    enableSoftDelete: false\n"),
            bicep(&format!("{RBAC}    enableSoftDelete: false\n")),
            &["soft-delete-disabled"],
        ),
        row(
            "a word that Azure does not know",
            by_bicep("    publicNetworkAccess: 'enable'\n"),
            bicep(&format!("{RBAC}    publicNetworkAccess: 'enable'\n")),
            &["invalid-network-setting"],
        ),
        row(
            "an endpoint that no name leads to, beside a firewall",
            by_bicep(&format!("{DENIES}{endpoints}")),
            bicep(&format!("{RBAC}{DENIES}")) + &endpoint,
            &["no-dns-registration", "public-endpoint-enabled"],
        ),
        row(
            "an endpoint alone",
            by_bicep(&endpoints),
            bicep(&format!("{RBAC}    publicNetworkAccess: 'Disabled'\n")) + &endpoint,
            &[],
        ),
        row(
            "zones of one name",
            by_bicep(&format!("{DENIES}{}", zoned(&["a", "b"]))),
            bicep(&format!("{RBAC}{DENIES}")) + &endpoint + &group(&["a", "b"]),
            &["duplicate-resource"],
        ),
        row(
            "a role that does not exist",
            by_bicep(&format!("{DENIES}    {}\n", assigned("Key Vault Secret User"))),
            bicep(&format!("{RBAC}{DENIES}"))
                + &child("secret", "Key Vault Secret User").replace("scope: child", "scope: kv"),
            &["unknown-role"],
        ),
    ];
    for kind in ["secret", "key"] {
        let module = format!(
            "module one 'br/public:avm/res/key-vault/vault/{kind}:0.1.0' = {{\n  params: {{\n    keyVaultName: kv.name\n    name: \
             'one'\n    {}\n  }}\n}}\n",
            assigned("Key Vault Administrator")
        );
        rows.push(row(
            "a child by its own module",
            bicep(&format!("{RBAC}{DENIES}")) + &module,
            bicep(&format!("{RBAC}{DENIES}")) + &child(kind, ADMINISTRATOR),
            &["broad-vault-role"],
        ));
    }
    let policy = "[{ objectId: principal, tenantId: tenant().tenantId, permissions: { secrets: ['get'] } }]";
    rows.push(row(
        "access policies by their own module",
        bicep(&format!("{RBAC}{DENIES}"))
            + &format!(
                "module policies 'br/public:avm/res/key-vault/vault/access-policy:0.1.0' = {{\n  params: {{\n    keyVaultName: \
                 kv.name\n    accessPolicies: {policy}\n  }}\n}}\n"
            ),
        bicep(&format!("{RBAC}{DENIES}"))
            + &format!(
                "resource policies 'Microsoft.KeyVault/vaults/accessPolicies@2026-02-01' = {{\n  parent: kv\n  name: 'add'\n  \
                 properties: {{ accessPolicies: {policy} }}\n}}\n"
            ),
        &["access-policies-ignored"],
    ));
    // An app that may read one secret uses the vault.
    let app = "resource app 'Microsoft.Web/sites@2024-04-01' = {\n  name: 'app'\n  location: 'westeurope'\n  identity: { type: \
               'SystemAssigned' }\n  properties: {}\n}\n";
    let (module, written) =
        children("secret", "Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6");
    let reads = |text: String| {
        let closed = text.replace(DENIES, "    publicNetworkAccess: 'Disabled'\n");
        app.to_owned() + &closed.replace("principalId: principal", "principalId: app.identity.principalId")
    };
    rows.push(row(
        "an app that reads a secret",
        reads(module),
        reads(written),
        &["untrusted-service-assumed"],
    ));
    // The first versions had the secrets in an object.
    let (module, written) = children("secret", "Key Vault Reade", "Key Vault Reade");
    let older = module.replace("secrets: [", "secrets: { secureList: [").replace(" }] }]\n", " }] }] }\n");
    rows.push(row("secrets in an object", older, written, &["unknown-role"]));
    for kind in ["secret", "key"] {
        let (module, written) = children(kind, "Key Vault Administrator", ADMINISTRATOR);
        rows.push(row("a broad role on a child", module, written, &["broad-vault-role"]));
        let (module, written) = children(kind, "Key Vault Reade", "Key Vault Reade");
        rows.push(row("an unknown role on a child", module, written, &["unknown-role"]));
    }
    check(&rows);
}

fn by_terraform(arguments: &str) -> String {
    format!(
        "module \"kv\" {{\n  source              = \"Azure/avm-res-keyvault-vault/azurerm\"\n  version             = \"0.10.0\"\n  \
         name                = \"kv-contoso\"\n  location            = \"westeurope\"\n  resource_group_name = \"rg\"\n  \
         tenant_id           = \"11111111-1111-1111-1111-111111111111\"\n{arguments}}}\n"
    )
}

/// A vault of the provider as the module writes it, but for these attributes.
fn terraform(attributes: &str) -> String {
    format!(
        "resource \"azurerm_key_vault\" \"kv\" {{\n  name                = \"kv-contoso\"\n  location            = \"westeurope\"\n  \
         resource_group_name = \"rg\"\n  tenant_id           = \"11111111-1111-1111-1111-111111111111\"\n  \
         sku_name            = \"premium\"\n{attributes}}}\n"
    )
}

const TERRAFORM_RBAC: &str = "  rbac_authorization_enabled = true\n  purge_protection_enabled   = true\n";

fn acls(members: &str) -> String {
    format!("  network_acls {{\n{members}  }}\n")
}

/// A secret or key and a role on it, written out.
fn terraform_child(kind: &str, role: &str) -> String {
    let more = if kind == "key" { "  key_type     = \"RSA\"\n" } else { "" };
    format!(
        "resource \"azurerm_key_vault_{kind}\" \"one\" {{\n  name         = \"one\"\n  key_vault_id = azurerm_key_vault.kv.id\n{more}}}\n\
         resource \"azurerm_role_assignment\" \"one\" {{\n  scope                = azurerm_key_vault_{kind}.one.resource_versionless_id\n  \
         role_definition_name = \"{role}\"\n  principal_id         = var.principal\n  principal_type       = \"ServicePrincipal\"\n}}\n"
    )
}

#[test]
fn what_a_module_of_terraform_makes_is_checked_like_what_is_written() {
    let row = |what, module: String, written: String, expected| Row {
        what,
        file: "main.tf",
        shared: "variable \"principal\" {\n  type = string\n}\n",
        module,
        written,
        expected,
    };
    let none = acls("    bypass         = \"None\"\n    default_action = \"Deny\"\n");
    let rule = acls(
        "    bypass         = \"None\"\n    default_action = \"Deny\"\n    ip_rules       = [\"20.1.2.3\"]\n",
    );
    let given = "  network_acls = {\n    ip_rules = [\"20.1.2.3\"]\n  }\n";
    let assigned = |role: &str| {
        format!(
            "role_assignments = {{ one = {{ principal_id = var.principal, principal_type = \"ServicePrincipal\", role_definition_id_or_name = \"{role}\" }} }}"
        )
    };
    let endpoint = format!(
        "resource \"azurerm_private_endpoint\" \"pe\" {{\n  name                = \"pe-kv-contoso\"\n  location            = \"westeurope\"\n  \
         resource_group_name = \"rg\"\n  subnet_id           = \"{SUBNET}\"\n  private_service_connection {{\n    \
         name                           = \"pse-kv-contoso\"\n    is_manual_connection           = false\n    \
         private_connection_resource_id = azurerm_key_vault.kv.id\n    subresource_names              = [\"vault\"]\n  }}\n}}\n"
    );
    let endpoints = format!("  private_endpoints = {{ one = {{ subnet_resource_id = \"{SUBNET}\" }} }}\n");
    let mut rows = vec![
        row(
            "nothing set",
            by_terraform(""),
            terraform(&format!("{TERRAFORM_RBAC}{none}")),
            &["locked-out-vault"],
        ),
        row(
            "no firewall",
            by_terraform("  network_acls = null\n"),
            terraform(TERRAFORM_RBAC),
            &["public-vault"],
        ),
        row(
            "services that do not pass",
            by_terraform("  enabled_for_disk_encryption = true\n"),
            terraform(&format!("{TERRAFORM_RBAC}  enabled_for_disk_encryption = true\n{none}")),
            &["bypass-conflict"],
        ),
        row(
            "services that do not pass, and an address that does",
            by_terraform(&format!("  enabled_for_disk_encryption = true\n{given}")),
            terraform(&format!("{TERRAFORM_RBAC}  enabled_for_disk_encryption = true\n{rule}")),
            &["bypass-conflict"],
        ),
        row(
            "no purge protection",
            by_terraform(&format!("  purge_protection_enabled = false\n{given}")),
            terraform(&format!("  rbac_authorization_enabled = true\n{rule}")),
            &["no-purge-protection"],
        ),
        row(
            "access policies",
            by_terraform(&format!("  legacy_access_policies_enabled = true\n{given}")),
            terraform(&format!(
                "  rbac_authorization_enabled = false\n  purge_protection_enabled = true\n{rule}"
            )),
            &["rbac-disabled"],
        ),
        row(
            "an endpoint that no name leads to",
            by_terraform(&format!("{endpoints}{given}")),
            terraform(&format!("{TERRAFORM_RBAC}{rule}")) + &endpoint,
            &["no-dns-registration", "public-endpoint-enabled"],
        ),
        row(
            "a role that does not exist",
            by_terraform(&format!("{given}  {}\n", assigned("Key Vault Secret User"))),
            terraform(&format!("{TERRAFORM_RBAC}{rule}"))
                + "resource \"azurerm_role_assignment\" \"one\" {\n  scope = azurerm_key_vault.kv.id\n  role_definition_name = \"Key Vault Secret User\"\n  principal_id = var.principal\n  principal_type = \"ServicePrincipal\"\n}\n",
            &["unknown-role"],
        ),
    ];
    for (kind, list) in [("secret", "secrets"), ("key", "keys")] {
        for (role, expected) in
            [("Key Vault Administrator", &["broad-vault-role"][..]), ("Key Vault Reade", &["unknown-role"])]
        {
            let type_ = if kind == "key" { "key_type = \"RSA\", " } else { "" };
            let module = by_terraform(&format!(
                "{given}  {list} = {{ one = {{ name = \"one\", {type_}{} }} }}\n",
                assigned(role)
            ));
            let written = terraform(&format!("{TERRAFORM_RBAC}{rule}")) + &terraform_child(kind, role);
            let key_type = if kind == "key" { "  type                  = \"RSA\"\n" } else { "" };
            let part = terraform(&format!("{TERRAFORM_RBAC}{rule}"))
                + &format!(
                    "module \"one\" {{\n  source                = \"Azure/avm-res-keyvault-vault/azurerm//modules/{kind}\"\n  \
                     name                  = \"one\"\n  key_vault_resource_id = azurerm_key_vault.kv.id\n{key_type}  {}\n}}\n",
                    assigned(role)
                );
            rows.push(row("a child by its own module", part, written.clone(), expected));
            rows.push(row("a role on a child", module, written, expected));
        }
    }
    check(&rows);
}
