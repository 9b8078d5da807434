//! A virtual network rule whose id is not that of a subnet.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::{Kind, TermKind, Value};
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "malformed-subnet-id",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A virtual network rule whose id is not that of a subnet.",
    facts: &["F1.30"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        for rule in vault.firewall.subnet_rules().filter(|rule| !rule.id.is_null()) {
            let malformed = rule.present.and(rule.id.test(&is_malformed));
            cx.when(&vault.resource, malformed, "whether a rule names a subnet", || {
                Finding::new(
                    &vault.resource,
                    &rule.id,
                    format!(
                        "a virtual network rule of vault `{}` names `{}`, which is not a subnet",
                        vault.resource.label(),
                        rule.id.display()
                    ),
                    "Azure requires the resource id of a subnet: `/subscriptions/…/resourceGroups/…/\
                     providers/Microsoft.Network/virtualNetworks/…/subnets/…`",
                )
            });
        }
    }
}

/// Whether this cannot be the id of a subnet; `None` while open parts may make it one.
fn is_malformed(id: &Value) -> Option<bool> {
    match &id.kind {
        Kind::Text(_) => {}
        Kind::Term(term) if matches!(term.kind, TermKind::Text(_)) => {}
        Kind::Term(_) | Kind::Choice(_) => return None,
        _ => return Some(true),
    }
    let Some(segments) = identity::segments(id) else {
        // Known text that does not start with a slash is not an id; an open beginning may contain one.
        return id.pieces().first().and_then(Value::as_text).map(|_| true);
    };
    match identity::is_of_type(id, names::SUBNET) {
        Some(true) => Some(segments.len() != SEGMENTS),
        // Subnets of the classic networks exist too.
        Some(false) => Some(identity::is_of_type(id, names::CLASSIC_SUBNET) != Some(true)),
        None => id.as_text().map(|_| true),
    }
}

/// `subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/…`
const SEGMENTS: usize = 10;
