//! A vault that uses access policies instead of roles.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::Feature;
use crate::model::{Model, Vault};

pub(super) const RULE: Rule = Rule {
    slug: "rbac-disabled",
    group: Group::Callers,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault that uses access policies instead of roles.",
    facts: &["F1.4", "F1.14", "F6.2"],
    yields_to: &["role-without-rbac"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for vault in cx.vaults().filter(|vault| vault.has(Feature::AccessPolicies)) {
        // Where that is open, it is open whether the role counts, which says more.
        if vault.uses_rbac().is_unknown() && model.assigns_data_role(vault) {
            continue;
        }
        let reason = "whether it uses RBAC";
        cx.when(&vault.resource, vault.uses_rbac().negate(), reason, || {
            let flag = vault.property(&["enableRbacAuthorization"]);
            let properties = vault.resource.body.get("properties");
            let turn_on = can_switch(model, vault)
                .then(|| Change::set(&properties, "enableRbacAuthorization", Literal::Bool(true)))
                .flatten();
            Finding::new(
                &vault.resource,
                &flag,
                format!(
                    "vault `{}` uses access policies, the older permission model",
                    vault.resource.label()
                ),
                "a principal that may write the vault may also give itself access to what is in it, and a \
                 policy holds for everything in it; assign roles, then set `enableRbacAuthorization` to true",
            )
            .unsafe_fix("set `enableRbacAuthorization` to true", turn_on)
        });
    }
}

/// Whether no access is written as a policy, and the API version knows the setting.
fn can_switch(model: &Model, vault: &Vault) -> bool {
    let policies = vault.property(&["accessPolicies"]);
    policies.elements().any().is_false()
        && model.access_policies_of(vault).next().is_none()
        && vault
            .service
            .property_since("enableRbacAuthorization")
            .is_some_and(|since| vault.is_older_than(since).is_false())
}
