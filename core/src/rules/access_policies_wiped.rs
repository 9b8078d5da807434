//! An empty list of access policies, which removes those the vault has.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "access-policies-wiped",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An empty list of access policies, which removes those the vault has.",
    facts: &["F1.11", "F1.12", "F1.13"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.templated_vaults() {
        let policies = vault.property(&["accessPolicies"]);
        let is_empty = policies
            .test(&|list| list.is_known().then(|| list.as_array().is_some_and(|items| items.is_empty())));
        let recovers = vault.property(&["createMode"]).is_word("recover");
        let wiped = is_empty.and(vault.uses_rbac().negate()).and(recovers.negate());
        let reason = "whether it removes the access policies of the vault";
        cx.when(&vault.resource, wiped, reason, || {
            Finding::new(
                &vault.resource,
                &policies,
                format!(
                    "an empty `accessPolicies` removes every access policy that vault `{}` has",
                    vault.resource.label()
                ),
                "each deployment replaces the list, so what `vaults/accessPolicies` or a person added goes; \
                 write the policies here, or use RBAC",
            )
        });
    }
}
