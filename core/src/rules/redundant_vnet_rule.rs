//! Virtual network rules for one subnet.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Assumptions, Kind, TermKind, Truth, Value};
use crate::model::identity;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    slug: "redundant-vnet-rule",
    group: Group::Firewall,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A subnet that is listed twice.",
    facts: &["F1.34"],
    yields_to: &["ineffective-firewall-rule"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let mut seen: HashMap<String, (Value, Assumptions)> = HashMap::new();
        for entry in &vault.firewall.vnet_rules.items {
            let id = entry.value.get("id");
            let twice = id.test(&|id| match &id.kind {
                _ if seen.contains_key(&key(id)) => Some(true),
                Kind::Term(term) => match &term.kind {
                    TermKind::Parameter { allowed, .. } if !allowed.is_empty() => None,
                    // Any other unknown id is taken for another subnet.
                    _ => Some(false),
                },
                _ => Some(false),
            });
            let twice = entry.present.clone().and(twice);
            if let (Truth::False(_), Truth::True(assumed)) = (&twice, &entry.present)
                && !id.is_null()
            {
                let assumed = assumed.and(&id.assumed);
                seen.insert(key(&id), (id, assumed));
                continue;
            }
            cx.when(&vault.resource, twice, "whether a subnet is listed twice", || {
                let (first, rests_on): (Value, Assumptions) =
                    seen.get(&key(&id)).cloned().unwrap_or_default();
                Finding::new(
                    &vault.resource,
                    &id,
                    format!("subnet `{}` is listed twice in `virtualNetworkRules`", name(&id)),
                    "Azure compares ids without case, so both rules mean one subnet; remove one",
                )
                .assuming(&rests_on)
                .about(&vault.resource, id.normal())
                .related(first.place, "first listed here")
                .safe_fix("remove the rule", Change::remove(&entry.value))
            });
        }
    }
}

/// What is the same for the same id: also where it is not known what it is, the same normal form is the same id.
fn key(id: &Value) -> String {
    id.display().trim_matches('/').to_ascii_lowercase()
}

/// The last part of an id, where its parts are known.
fn name(id: &Value) -> String {
    identity::last(id).unwrap_or_else(|| id.clone()).display()
}
