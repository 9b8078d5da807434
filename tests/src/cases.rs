//! Small templates, and the strict profile's findings on them.

use crate::fixture::{load, strict};
use crate::page::severity_word;
use vaultmoat_core::report::Report;

/// What the strict profile says of a template with one vault: `severity slug: message`, without the rules named.
pub fn said_of(properties: &str) -> Vec<String> {
    said_by(&template("", "", properties, 1))
}

/// The same of a whole template.
pub fn said_by(text: &str) -> Vec<String> {
    let report = check(text);
    let line = |found: &vaultmoat_core::report::Diagnostic| {
        format!("{} {}: {}", severity_word(found.severity), found.rule, found.message)
    };
    report.diagnostics.iter().map(line).collect()
}

/// A template with vaults of these properties, or with these resources.
pub fn template(parameters: &str, variables: &str, properties: &str, copies: usize) -> String {
    let vaults = format!(
        r#"{{
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2026-02-01",
      "copy": {{ "name": "vaults", "count": {copies} }},
      "name": "[format('kv{{0}}', copyIndex())]",
      "location": "westeurope",
      "properties": {{ {properties} }}
    }}"#
    );
    let resources =
        if properties.starts_with('{') { properties.replace('%', &copies.to_string()) } else { vaults };
    format!(
        r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {{ {parameters} }},
  "variables": {{ {variables} }},
  "resources": [
    {resources}
  ]
}}"#
    )
}

fn check(text: &str) -> Report {
    let project = load(strict(), [("main.json", text)]);
    project.check()
}
