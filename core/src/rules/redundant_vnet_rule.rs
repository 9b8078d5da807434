//! Virtual network rules for one subnet.

use super::{Change, Check, Context, Finding, Profile, Rule, Severity};
use crate::eval::{Assumed, Truth, Value};
use crate::model::identity;
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    slug: "redundant-vnet-rule",
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A subnet that is listed twice.",
    facts: &["F1.34"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let list = &vault.firewall.vnet_rules;
        let mut seen: BTreeMap<String, (Value, Assumed)> = BTreeMap::new();
        for entry in &list.items {
            let (Truth::True(assumed), id) = (entry.present.clone(), entry.value.get("id")) else { continue };
            if id.is_null() {
                continue;
            }
            let assumed = assumed.and(&id.assumed);
            // The same normal form is the same id, also where it is not known what it is.
            let key = id.display().trim_matches('/').to_ascii_lowercase();
            match seen.get(&key) {
                Some((first, first_assumed)) => cx.report(
                    Finding::new(
                        &vault.resource,
                        &id,
                        assumed.and(first_assumed),
                        format!("subnet `{}` is listed twice in `virtualNetworkRules`", name(&id)),
                        "Azure compares ids without case, so both rules mean one subnet; remove one",
                    )
                    .related(first.place, "first listed here")
                    .safe_fix("remove the rule", Change::remove(&entry.value)),
                ),
                None => {
                    seen.insert(key, (id, assumed));
                }
            }
        }
    }
}

/// The last part of an id, where its parts are known.
fn name(id: &Value) -> String {
    match identity::segments(id).and_then(|mut segments| segments.pop()) {
        Some(last) => Value::concat(&last).display(),
        None => id.display(),
    }
}
