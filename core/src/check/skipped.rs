//! Files that mention a vault and are in a language that vaultmoat does not read. They are reported, because silence
//! would look as if they had no faults.

use crate::lang::Documents;
use crate::report::{SkipReason, Skipped};

/// Words that occur only in texts about Azure Key Vault, in lower case.
const WORDS: &[&str] = &[
    // Azure, its command line and its modules for PowerShell.
    "microsoft.keyvault",
    "az keyvault",
    "-azkeyvault",
    "-azurermkeyvault",
    // Hosts of vaults and of managed HSMs in each cloud, and the private zones (F4.1).
    ".vault.azure.net",
    ".vault.azure.cn",
    ".vault.usgovcloudapi.net",
    ".managedhsm.azure.net",
    ".managedhsm.azure.cn",
    ".managedhsm.usgovcloudapi.net",
    "privatelink.vaultcore.",
    // Terraform and its kin.
    "azurerm_key_vault",
    "azurerm-key-vault",
    "azurerm/lib/key-vault",
    // Pulumi, in its languages.
    "azure-native:keyvault",
    "azure-native/keyvault",
    "azure-native-sdk/keyvault",
    "azure_native.keyvault",
    "azurenative.keyvault",
    "azure:keyvault",
    "keyvault.vault(",
    "keyvault.newvault(",
    "keyvault.vaultargs",
    // Ansible, Kubernetes and pipelines.
    "azure_rm_keyvault",
    "keyvault.azure.",
    "azurekeyvault@",
    "get-keyvault-secrets",
    "keyvaultname",
    "key_vault_name",
    "key_vault_id",
];

/// Files of Terragrunt and Terraform Stacks, which pass values to Terraform modules.
const CALLERS: &[&str] =
    &[".tfcomponent.hcl", ".tfdeploy.hcl", ".tfstack.hcl", "terragrunt.hcl", "terragrunt.stack.hcl"];
/// Words for a vault in such a file. Whether it creates one is known only from the module that it calls.
const IN_CALLERS: &[&str] = &["vault", "\"kv-"];

/// Whether a text mentions a vault, its resources or the commands for them.
pub fn names_vault(path: &str, text: &str) -> bool {
    let (path, text) = (path.to_ascii_lowercase(), text.to_ascii_lowercase());
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_caller = CALLERS.iter().any(|ending| path.ends_with(ending));
    names(WORDS) || is_caller && names(IN_CALLERS)
}

/// The files of a project that mention a vault and are in no supported language.
pub(super) fn files(documents: &Documents) -> Vec<Skipped> {
    documents
        .all()
        .iter()
        .filter(|document| document.language.is_none() && names_vault(document.path, document.text))
        .map(|document| Skipped { path: document.path.to_owned(), reason: SkipReason::UnsupportedLanguage })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::names_vault;
    use crate::report::SkipReason;
    use crate::{Options, Project};

    #[test]
    fn a_text_names_a_vault_by_type_command_host_or_module() {
        for (path, text) in [
            ("deploy.sh", "az keyvault create --name kv-a"),
            ("deploy.ps1", "New-AzKeyVault -Name kv-a"),
            ("index.ts", "new azure_native.keyvault.Vault('a')"),
            ("Pulumi.yaml", "type: azure-native:keyvault:Vault"),
            ("secrets.yaml", "parameters:\n  keyvaultName: kv-a"),
            ("app.nomad", "URL = \"https://kv-a.vault.azure.net\""),
            ("policy.json", r#"{"field": "Microsoft.KeyVault/vaults/networkAcls.defaultAction"}"#),
            ("live/terragrunt.hcl", "terraform {\n  source = \"../modules/vault\"\n}"),
            ("live/main.tfdeploy.hcl", "inputs = { name = \"kv-a\" }"),
        ] {
            assert!(names_vault(path, text), "{path}");
        }
        for (path, text) in [
            // HashiCorp's own.
            ("policy.hcl", "path \"secret/*\" {}\nvault { address = \"https://vault.contoso.com\" }"),
            ("package.json", r#"{"dependencies": {"@azure/keyvault-secrets": "4"}}"#),
            ("root.hcl", "remote_state { backend = \"azurerm\" }"),
            ("terragrunt.hcl", "terraform { source = \"../modules/network\" }"),
            ("notes.md", "the vault is open"),
        ] {
            assert!(!names_vault(path, text), "{path}");
        }
    }

    #[test]
    fn a_file_that_names_a_vault_and_is_not_read_is_reported() {
        let mut project = Project::new(Options::default());
        project.set("deploy.sh", "az keyvault create --name kv-a");
        project.set(
            "main.bicep",
            "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' existing = { name: 'kv-a' }",
        );
        project.set("package.json", "{}");
        let skipped = project.check().skipped;
        let found: Vec<_> = skipped.iter().map(|one| (one.path.as_str(), one.reason)).collect();
        assert_eq!(found, [("deploy.sh", SkipReason::UnsupportedLanguage)]);
    }
}
