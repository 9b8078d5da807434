//! A role that is meant as one of Key Vault's, and is not.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::access;
use crate::model::identity;
use std::cell::RefCell;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-role",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A role id or name that looks like a Key Vault role but does not exist.",
    facts: &["F6.1"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (assignment, _) in cx.role_assignments() {
        let definition = &assignment.definition;
        let found = RefCell::new(None);
        let misses = identity::has_name(definition, &|name| {
            let meant = access::nearest(name);
            if let Some(role) = meant {
                *found.borrow_mut() = Some((name.to_owned(), role));
            }
            meant.is_some()
        });
        // Almost every id is a good one: without one that is not, what is open is not worth a word.
        let Some((written, role)) = found.into_inner() else { continue };
        let reason = "whether the role exists";
        cx.when(&assignment.resource, misses, reason, || {
            let message = if role.name.eq_ignore_ascii_case(&written) {
                format!("role `{}` is named where its GUID belongs: `{}`", role.name, role.id)
            } else {
                format!("`{written}` is not a built-in role; `{}` is `{}`", role.name, role.id)
            };
            Finding::new(
                &assignment.resource,
                definition,
                message,
                "Azure looks roles up by their GUID and refuses an assignment of one it does not have",
            )
        });
    }
}
