//! Assignments of the built-in policies that vaults currently satisfy.

use super::with_defaults;
use crate::azure::policies;
use crate::eval::{Assumptions, Truth};
use crate::model::Model;
use crate::query::commands::{az, bicep, one_line};
use crate::query::policies::{POLICIES, Policy, Subject, subjects};
use crate::report::{Known, PolicyAssignment};
use crate::sorted::{Map, Set};
use std::fmt::Write;

/// The maximum number of vaults that a message names.
const MAX_NAMED: usize = 5;
/// The maximum number of exclusions of an assignment: Azure's limit for `notScopes`.
const MAX_EXCEPT: usize = 400;

impl Subject<'_> {
    fn address(&self) -> String {
        self.vault().map(|vault| vault.resource.address.clone()).unwrap_or_default()
    }

    fn label(&self) -> String {
        self.vault().map(|vault| one_line(&vault.resource.label().plain())).unwrap_or_default()
    }
}

pub(super) fn assignments<'m>(models: impl Iterator<Item = &'m Model>) -> Vec<PolicyAssignment> {
    let subjects = subjects(models);
    POLICIES.iter().filter_map(|policy| assignment(policy, &subjects)).collect()
}

fn assignment(policy: &Policy, subjects: &[Subject]) -> Option<PolicyAssignment> {
    let (mut kept, mut except) = (Vec::new(), Vec::new());
    let mut assumed = Assumptions::default();
    for subject in subjects {
        if subject.vault().is_none_or(|vault| vault.service != policy.service) {
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
                let _ = write!(
                    why,
                    "; it does not restrict the IP rules, because not every rule of {open} is a known address"
                );
            }
        }
    }
    if !except.is_empty() {
        let _ = write!(why, "; except for {}", named(&except));
    }
    let left_out: Vec<String> = except.iter().map(|subject| scope_of(subject)).collect();
    Some(PolicyAssignment {
        guid: policy.guid.to_owned(),
        name: policy.name.to_owned(),
        effect: policy.effect.to_owned(),
        command: az::assign(policy, &parameters, &left_out),
        bicep: bicep::assign(policy, &parameters, &left_out),
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

/// The addresses in the IP rules of all vaults. The error is the name of a vault whose rules are not all known. For the
/// policy, an empty list allows every address.
fn allowed_addresses(subjects: &[&Subject]) -> Result<Vec<String>, String> {
    let mut nets = Vec::new();
    for subject in subjects {
        for (_, vault) in &subject.runs {
            let firewall = &vault.firewall;
            let sure = firewall.sure_nets();
            // Every entry is certainly present, and a known address.
            if firewall.ip_rules.open.is_some() || sure.len() != firewall.ip_rules.items.len() {
                return Err(format!("`{}`", subject.label()));
            }
            nets.extend(sure.into_iter().map(|sure| sure.net.net));
        }
    }
    Ok(Set::from(nets).into_iter().map(|net| net.to_string()).collect())
}

/// The id of an excluded vault, or a placeholder for it.
fn scope_of(subject: &Subject) -> String {
    match subject.vault().and_then(|vault| vault.resource.id.as_text()) {
        Some(id) => one_line(id),
        None => format!("<id of {}>", subject.label()),
    }
}
