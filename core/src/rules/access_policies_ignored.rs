//! Access policies of a vault that uses RBAC.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::Feature;
use crate::eval::Truth;
use crate::lang::Resource;
use crate::model::{Vault, comes_with, property};

pub(super) const RULE: Rule = Rule {
    slug: "access-policies-ignored",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault with access policies that uses RBAC, so that Azure ignores them.",
    facts: &["F1.11", "F1.12", "F1.14", "F6.2"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults().filter(|vault| vault.has(Feature::AccessPolicies)) {
        let uses_rbac = vault.uses_rbac();
        let own = vault.property(&["accessPolicies"]).elements().any();
        report(cx, vault, &vault.resource, own.and(uses_rbac.clone()));
        for (beside, adds) in cx.model.access_policies_of(vault) {
            report(cx, vault, beside, adds.and(uses_rbac.clone()));
        }
    }
}

fn report<'m>(cx: &mut Context<'m>, vault: &'m Vault, holder: &'m Resource, ignored: Truth) {
    let ignored = ignored.and(comes_with(holder, &vault.resource));
    cx.when(holder, ignored, "whether its access policies count", || {
        let policies = property(holder, &["accessPolicies"]);
        let flag = vault.property(&["enableRbacAuthorization"]);
        let is_said = flag.is_set().is_true();
        let why = if is_said {
            "`enableRbacAuthorization` is true".to_owned()
        } else {
            format!(
                "API version `{}` makes a new vault use RBAC unless `enableRbacAuthorization` is false",
                vault.resource.api_version.display()
            )
        };
        let mut finding = Finding::new(
            holder,
            &policies,
            format!("the access policies of vault `{}` are ignored: {why}", vault.resource.label()),
            "the principals that they name have no access; assign roles on the vault instead, or turn RBAC \
             off",
        )
        .related(
            if is_said { flag.place } else { vault.resource.api_version.place },
            "this makes it use RBAC",
        );
        if !is_said {
            let properties = vault.resource.body.get("properties");
            finding = finding.unsafe_fix(
                "set `enableRbacAuthorization` to false",
                Change::set(&properties, "enableRbacAuthorization", Literal::Bool(false)),
            );
        } else if std::ptr::eq(holder, &raw const vault.resource) {
            finding = finding.unsafe_fix("remove the access policies", Change::remove(&policies));
        }
        finding
    });
}
