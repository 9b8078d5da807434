//! Private endpoints whose target is not a vault.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::SERVICES;
use crate::azure::names;
use crate::eval::{Truth, Value};
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "endpoint-target-mismatch",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint that is meant for a vault and connects to another resource.",
    facts: &["F4.1"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (endpoint, _) in cx.endpoints() {
        for connection in &endpoint.connections {
            let (endpoint, target) = (&endpoint.resource, &connection.target);
            if endpoint.partially_parsed {
                continue;
            }
            let mismatch = is_broken(target).or(is_other(target).and(connection.has_vault_group()));
            // A group may be open, and a target too: then nothing says that a vault is meant.
            if mismatch.is_unknown() && !connection.has_vault_group().is_true() {
                continue;
            }
            cx.when(endpoint, mismatch, "whether the private endpoint connects to a vault", || {
                let name = endpoint.label();
                let message = if target.is_null() {
                    format!("private endpoint `{name}` is meant for a vault and names no target")
                } else {
                    let id = target.display();
                    format!(
                        "private endpoint `{name}` is meant for a vault, and its target is not a vault: \
                         `{id}`"
                    )
                };
                Finding::new(
                    endpoint,
                    target,
                    message,
                    "an endpoint takes the resource id of the vault, \
                     `/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>`; correct \
                     the target, or the group",
                )
            });
        }
    }
}

/// Whether an id of the vaults' provider is that of no vault and no managed HSM.
fn is_broken(target: &Value) -> Truth {
    target.test(&|target| {
        let names = target.normal().to_ascii_lowercase().contains("/providers/microsoft.keyvault/");
        if names { is_no_vault(target) } else { Some(false) }
    })
}

/// Whether this is the id of something that has no group of a vault's name, or no id at all.
fn is_other(target: &Value) -> Truth {
    target.test(&|target| match identity::is_of_type(target, names::RECOVERY_VAULT) {
        // Backup vaults had a group of that name (F4.1).
        Some(true) => Some(false),
        _ => is_no_vault(target),
    })
}

fn is_no_vault(target: &Value) -> Option<bool> {
    let mut none = Some(true);
    for to in SERVICES {
        match identity::is_of_type(target, to.kind) {
            Some(true) => return Some(false),
            Some(false) => {}
            None => none = None,
        }
    }
    none
}
