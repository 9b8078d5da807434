//! One expression, in a template that declares something to refer to.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vaultmoat_core::{Options, Project};

const BEFORE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "p": { "type": "string" }, "d": { "type": "string", "defaultValue": "a,b" }, "b": { "type": "bool" } },
  "variables": { "o": { "a": [1, "x", null], "b": "[parameters('p')]" }, "x": ""#;
const AFTER: &str = r#"" },
  "resources": [{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "[variables('x')]",
    "properties": { "networkAcls": { "ipRules": "[variables('x')]" } } }]
}"#;

fuzz_target!(|expression: &str| {
    let escaped = expression.replace('\\', "\\\\").replace('"', "\\\"");
    let mut project = Project::new(Options::default());
    project.set("main.json", &format!("{BEFORE}[{escaped}]{AFTER}"));
    project.check();
    project.model();
});
