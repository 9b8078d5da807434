//! Built-in policies that vaults satisfy as they are, as assignments that keep them so (F6.20–F6.30, F6.33).

use super::{one_line, with_defaults};
use crate::azure::{ApiVersion, policies};
use crate::eval::{Assumed, Truth};
use crate::model::{Model, Vault};
use crate::report::{Known, PolicyAssignment};
use crate::sorted::{Map, Set};
use crate::text::Place;
use std::fmt::Write;

/// Vaults that one text names.
const MAX_NAMED: usize = 5;
/// Vaults that an assignment can leave out: Azure takes no more scopes (`notScopes`).
const MAX_EXCEPT: usize = 400;

/// From this version on requests count as ones that know `publicNetworkAccess` (F6.20).
const KNOWS_PUBLIC_ACCESS: ApiVersion = ApiVersion::preview(2021, 6, 1);

/// A built-in policy.
struct Policy {
    guid: &'static str,
    /// What Azure calls it.
    name: &'static str,
    /// What the assignment is called: 24 characters at most, for a management group.
    assignment: &'static str,
    /// Its symbol in Bicep.
    symbol: &'static str,
    for_hsm: bool,
    /// The parameter that its effect comes from.
    effect_parameter: &'static str,
    effect: &'static str,
    /// What is so on a vault that satisfies it.
    keeps: &'static str,
    holds: fn(&Model, &Vault) -> Truth,
}

const POLICIES: &[Policy] = &[
    Policy {
        guid: policies::DISABLE_PUBLIC_ACCESS,
        name: "Azure Key Vault should disable public network access",
        assignment: "kv-no-public-access",
        symbol: "noPublicAccess",
        for_hsm: false,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "public access is off",
        holds: |_, vault| is_off(vault),
    },
    Policy {
        guid: policies::ENABLE_FIREWALL,
        name: "Azure Key Vault should have firewall enabled or public network access disabled",
        assignment: "kv-firewall",
        symbol: "firewall",
        for_hsm: false,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "the firewall denies by default, or public access is off",
        holds: |_, vault| vault.firewall.denies_by_default().or(is_off(vault)),
    },
    Policy {
        guid: policies::USE_PRIVATE_LINK,
        name: "Azure Key Vaults should use private link",
        assignment: "kv-private-link",
        symbol: "privateLink",
        for_hsm: false,
        // Its parameter `effect` is deprecated and does nothing (F6.21).
        effect_parameter: "audit_effect",
        effect: "Audit",
        keeps: "there is an approved private endpoint",
        holds: is_linked,
    },
    Policy {
        guid: policies::ENABLE_LOGS,
        name: "Resource logs in Key Vault should be enabled",
        assignment: "kv-audit-log",
        symbol: "auditLog",
        for_hsm: false,
        effect_parameter: "effect",
        effect: "AuditIfNotExists",
        keeps: "the audit log is kept",
        holds: Model::keeps_audit_log,
    },
    Policy {
        guid: policies::PURGE_PROTECTION,
        name: "Key vaults should have deletion protection enabled",
        assignment: "kv-purge-protection",
        symbol: "purgeProtection",
        for_hsm: false,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "it is protected from purge",
        holds: |_, vault| {
            let soft_delete = vault.property(&["enableSoftDelete"]).is_false().negate();
            vault.property(&["enablePurgeProtection"]).is_true().and(soft_delete)
        },
    },
    Policy {
        guid: policies::USE_RBAC,
        name: "Azure Key Vault should use RBAC permission model",
        assignment: "kv-rbac",
        symbol: "rbac",
        for_hsm: false,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "`enableRbacAuthorization` is true",
        // It asks for the flag, also where that is the default (F6.29).
        holds: |_, vault| vault.property(&["enableRbacAuthorization"]).is_true(),
    },
    Policy {
        guid: policies::HSM_DISABLE_PUBLIC_ACCESS,
        name: "[Preview]: Azure Key Vault Managed HSM should disable public network access",
        assignment: "hsm-firewall",
        symbol: "hsmFirewall",
        for_hsm: true,
        effect_parameter: "effect",
        effect: "Deny",
        // Its name says more than it asks for (F6.30).
        keeps: "the firewall denies by default",
        holds: |_, hsm| hsm.firewall.denies_by_default(),
    },
    Policy {
        guid: policies::HSM_USE_PRIVATE_LINK,
        name: "[Preview]: Azure Key Vault Managed HSM should use private link",
        assignment: "hsm-private-link",
        symbol: "hsmPrivateLink",
        for_hsm: true,
        effect_parameter: "effect",
        effect: "Audit",
        keeps: "there is an approved private endpoint",
        holds: is_linked,
    },
    Policy {
        guid: policies::HSM_ENABLE_LOGS,
        name: "Resource logs in Azure Key Vault Managed HSM should be enabled",
        assignment: "hsm-audit-log",
        symbol: "hsmAuditLog",
        for_hsm: true,
        effect_parameter: "effect",
        effect: "AuditIfNotExists",
        keeps: "the audit log is kept",
        holds: Model::keeps_audit_log,
    },
    Policy {
        guid: policies::HSM_PURGE_PROTECTION,
        name: "Azure Key Vault Managed HSM should have purge protection enabled",
        assignment: "hsm-purge-protection",
        symbol: "hsmPurgeProtection",
        for_hsm: true,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "it is protected from purge",
        holds: |_, hsm| {
            let soft_delete = hsm.property(&["enableSoftDelete"]).is_true();
            hsm.property(&["enablePurgeProtection"]).is_true().and(soft_delete)
        },
    },
];

/// Whether public access is off, in a way that policies see: with an older API version they count it as on, and what a
/// perimeter secures too (F6.20, F6.33).
fn is_off(vault: &Vault) -> Truth {
    let is_old = vault.is_older_than(KNOWS_PUBLIC_ACCESS).is_true();
    vault.is_disabled().and(Truth::of(!is_old))
}

fn is_linked(model: &Model, vault: &Vault) -> Truth {
    model.is_served(vault).or(vault.has_approved_connection())
}

/// One vault over all runs, with what each comes to.
struct Subject<'m> {
    place: Place,
    runs: Vec<(&'m Model, &'m Vault)>,
}

impl Subject<'_> {
    fn vault(&self) -> Option<&Vault> {
        self.runs.first().map(|(_, vault)| *vault)
    }

    fn address(&self) -> String {
        self.vault().map(|vault| vault.resource.address.clone()).unwrap_or_default()
    }

    fn label(&self) -> String {
        self.vault().map(|vault| one_line(&vault.resource.label())).unwrap_or_default()
    }

    fn holds(&self, policy: &Policy) -> Truth {
        let all = self.runs.iter().map(|(model, vault)| (policy.holds)(model, vault));
        all.reduce(Truth::and).unwrap_or(Truth::of(false))
    }
}

pub(super) fn assignments<'m>(models: impl Iterator<Item = &'m Model>) -> Vec<PolicyAssignment> {
    let mut subjects: Vec<Subject> = Vec::new();
    for model in models {
        for vault in model.vaults.iter().filter(|vault| !vault.resource.existing) {
            let resource = &vault.resource;
            let known = subjects.iter_mut().find(|subject| {
                subject.place == resource.place
                    && subject.runs.iter().any(|(_, other)| other.resource.address == resource.address)
            });
            match known {
                Some(subject) => subject.runs.push((model, vault)),
                None => subjects.push(Subject { place: resource.place, runs: vec![(model, vault)] }),
            }
        }
    }
    POLICIES.iter().filter_map(|policy| assignment(policy, &subjects)).collect()
}

fn assignment(policy: &Policy, subjects: &[Subject]) -> Option<PolicyAssignment> {
    let (mut kept, mut except) = (Vec::new(), Vec::new());
    let mut assumed = Assumed::default();
    for subject in subjects {
        if subject.vault().is_none_or(|vault| vault.is_hsm != policy.for_hsm) {
            continue;
        }
        match subject.holds(policy) {
            Truth::True(rests_on) => {
                assumed = assumed.and(&rests_on);
                kept.push(subject);
            }
            _ => except.push(subject),
        }
    }
    if kept.is_empty() || except.len() > MAX_EXCEPT {
        return None;
    }
    let mut parameters = vec![(policy.effect_parameter.to_owned(), Known::Text(policy.effect.to_owned()))];
    let mut why = with_defaults(&format!("{}: {}", named(&kept), policy.keeps), &assumed);
    if policy.guid == policies::ENABLE_FIREWALL {
        match allowed_addresses(&kept) {
            Ok(allowed) if allowed.is_empty() => {}
            Ok(allowed) => {
                let allowed = allowed.into_iter().map(Known::Text).collect();
                parameters.push(("restrictIPAddresses".to_owned(), Known::Text("Yes".to_owned())));
                parameters.push(("allowedIPAddresses".to_owned(), Known::List(allowed)));
                why.push_str("; no other address can be added to the IP rules");
            }
            Err(open) => {
                let _ =
                    write!(why, "; the IP rules stay free, because not each of {open} is a known address");
            }
        }
    }
    if !except.is_empty() {
        let _ = write!(why, "; not of {}, which it leaves out", named(&except));
    }
    let left_out: Vec<String> = except.iter().map(|subject| scope_of(subject)).collect();
    Some(PolicyAssignment {
        guid: policy.guid.to_owned(),
        name: policy.name.to_owned(),
        effect: policy.effect.to_owned(),
        command: command(policy, &parameters, &left_out),
        bicep: bicep(policy, &parameters, &left_out),
        parameters: Map::from(parameters),
        why: one_line(&why),
        vaults: kept.iter().map(|subject| subject.address()).collect(),
        except: except.iter().map(|subject| subject.address()).collect(),
    })
}

fn named(subjects: &[&Subject]) -> String {
    let names: Vec<String> =
        subjects.iter().take(MAX_NAMED).map(|subject| format!("`{}`", subject.label())).collect();
    match subjects.len().saturating_sub(MAX_NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The addresses that the IP rules of vaults name; the name of a vault whose rules are not all known. An empty list
/// admits all.
fn allowed_addresses(subjects: &[&Subject]) -> Result<Vec<String>, String> {
    let mut nets = Vec::new();
    for subject in subjects {
        for (_, vault) in &subject.runs {
            let firewall = &vault.firewall;
            let sure = firewall.sure_nets();
            // Each entry is one that is surely there and an address.
            if firewall.ip_rules.open.is_some() || sure.len() != firewall.ip_rules.items.len() {
                return Err(format!("`{}`", subject.label()));
            }
            nets.extend(sure.into_iter().map(|sure| sure.net.net));
        }
    }
    Ok(Set::from(nets).into_iter().map(|net| net.to_string()).collect())
}

/// The id of a vault that is left out, or a placeholder for it.
fn scope_of(subject: &Subject) -> String {
    match subject.vault().and_then(|vault| vault.resource.id.as_text()) {
        Some(id) => one_line(id),
        None => format!("<id of {}>", subject.label()),
    }
}

fn command(policy: &Policy, parameters: &[(String, Known)], left_out: &[String]) -> String {
    let fields: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("\"{name}\":{{\"value\":{}}}", written(value, '"')))
        .collect();
    let mut words = vec![
        "az policy assignment create".to_owned(),
        format!("--name {}", shell(policy.assignment)),
        format!("--display-name {}", shell(policy.name)),
        format!("--policy {}", shell(policy.guid)),
        format!("--scope {}", shell("<id of the subscription or resource group>")),
        format!("--params {}", shell(&format!("{{{}}}", fields.join(",")))),
    ];
    if !left_out.is_empty() {
        let scopes: Vec<String> = left_out.iter().map(|scope| shell(scope)).collect();
        words.push(format!("--not-scopes {}", scopes.join(" ")));
    }
    words.join(" \\\n  ")
}

fn bicep(policy: &Policy, parameters: &[(String, Known)], left_out: &[String]) -> String {
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

/// A parameter's value; its texts are ours, or addresses.
fn written(value: &Known, quote: char) -> String {
    match value {
        Known::List(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item, quote)).collect();
            format!("[{}]", items.join(", "))
        }
        Known::Text(text) => format!("{quote}{text}{quote}"),
        _ => "null".to_owned(),
    }
}

/// A word of a POSIX shell: no text ends it.
fn shell(text: &str) -> String {
    format!("'{}'", one_line(text).replace('\'', "'\\''"))
}

/// A string of Bicep: no text ends it, or is read as an expression.
fn quoted(text: &str) -> String {
    let text = one_line(text).replace('\\', "\\\\").replace('\'', "\\'").replace("${", "\\${");
    format!("'{text}'")
}
