//! A role for the data of a vault that uses access policies.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Feature;
use crate::model::comes_with;

pub(super) const RULE: Rule = Rule {
    slug: "role-without-rbac",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A role for the data of a vault that uses access policies.",
    facts: &["F1.14", "F6.2"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.all_vaults().filter(|vault| vault.has(Feature::AccessPolicies)) {
        let ignores_roles = vault.uses_rbac().negate();
        for (assignment, is_on) in cx.model.roles_on(vault) {
            let for_data = assignment.grants(&|role| role.is_data_plane);
            let is_on = is_on.and(comes_with(&assignment.resource, &vault.resource));
            let useless = for_data.and(is_on).and(ignores_roles.clone());
            let reason = "whether the role counts on its vault";
            cx.when(&assignment.resource, useless, reason, || {
                let role = assignment.role().map_or("a role for data", |role| role.name);
                Finding::new(
                    &assignment.resource,
                    &assignment.definition,
                    format!(
                        "`{role}` gives no access to vault `{}`: it uses access policies, not RBAC",
                        vault.resource.label()
                    ),
                    "set `enableRbacAuthorization` of the vault to true, or write an access policy",
                )
                .about(&vault.resource, "")
                .related(vault.property(&["enableRbacAuthorization"]).place, "the vault does not use RBAC")
            });
        }
    }
}
