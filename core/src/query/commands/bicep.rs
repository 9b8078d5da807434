//! Policy assignments in Bicep.

use super::{one_line, written};
use crate::query::policies::Policy;
use crate::report::Known;
use std::fmt::Write;

/// Assigns a policy, with exclusions for the scopes `left_out`.
pub(crate) fn assign(policy: &Policy, parameters: &[(String, Known)], left_out: &[String]) -> String {
    let mut text = String::from("targetScope = 'subscription'\n\n");
    let _ = writeln!(
        text,
        "resource {} 'Microsoft.Authorization/policyAssignments@2024-04-01' = {{",
        policy.symbol
    );
    let _ = writeln!(text, "  name: {}\n  properties: {{", quoted(policy.assignment));
    let _ = writeln!(text, "    displayName: {}", quoted(policy.name));
    let _ = writeln!(
        text,
        "    policyDefinitionId: tenantResourceId('Microsoft.Authorization/policyDefinitions', {})",
        quoted(policy.guid)
    );
    text.push_str("    parameters: {\n");
    for (name, value) in parameters {
        let _ = writeln!(text, "      {name}: {{ value: {} }}", written(value, '\''));
    }
    text.push_str("    }\n");
    if !left_out.is_empty() {
        text.push_str("    notScopes: [\n");
        for scope in left_out {
            let _ = writeln!(text, "      {}", quoted(scope));
        }
        text.push_str("    ]\n");
    }
    text.push_str("  }\n}\n");
    text
}

/// A text as a Bicep string, with everything escaped that would end it or start an interpolation.
fn quoted(text: &str) -> String {
    let text = one_line(text).replace('\\', "\\\\").replace('\'', "\\'").replace("${", "\\${");
    format!("'{text}'")
}
