//! Projects and declarations that tests start from.

use vaultmoat_core::{Options, Profile, Project};

/// A project with these files.
pub fn load<P: AsRef<str>, T: AsRef<str>>(
    options: Options,
    files: impl IntoIterator<Item = (P, T)>,
) -> Project {
    let mut project = Project::new(options);
    for (path, text) in files {
        project.set(path.as_ref(), text.as_ref());
    }
    project
}

/// Options with which all rules run.
pub fn strict() -> Options {
    Options { profile: Profile::Strict, ..Options::default() }
}

/// Options with which the files are all that exists.
pub fn complete() -> Options {
    Options { complete: true, ..Options::default() }
}

/// An ARM template; each part is what stands between its braces or brackets.
pub fn arm_template(parameters: &str, variables: &str, resources: &str) -> String {
    format!(
        r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "parameters": {{ {parameters} }}, "variables": {{ {variables} }},
        "resources": [ {resources} ] }}"#
    )
}

/// A resource of an ARM template.
pub fn arm_resource(kind: &str, api_version: &str, name: &str, properties: &str) -> String {
    format!(
        r#"{{ "type": "{kind}", "apiVersion": "{api_version}", "name": "{name}",
        "location": "westeurope", "properties": {{ {properties} }} }}"#
    )
}

/// A vault of an ARM template, called `kv-one`.
pub fn arm_vault(properties: &str) -> String {
    arm_resource("Microsoft.KeyVault/vaults", "2026-02-01", "kv-one", properties)
}

/// A vault in Bicep with the properties that every vault needs, and these; `properties` are lines.
pub fn bicep_vault(symbol: &str, name: &str, api_version: &str, properties: &str) -> String {
    format!(
        "resource {symbol} 'Microsoft.KeyVault/vaults@{api_version}' = {{\n  name: '{name}'\n  location: 'westeurope'\n  \
         properties: {{\n    tenantId: tenant().tenantId\n    sku: {{ family: 'A', name: 'standard' }}\n    {properties}\n  \
         }}\n}}\n"
    )
}
