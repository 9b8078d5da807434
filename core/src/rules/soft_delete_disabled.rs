//! `enableSoftDelete: false`: once on, soft delete cannot be taken back.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Feature;

pub(super) const RULE: Rule = Rule {
    slug: "soft-delete-disabled",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "`enableSoftDelete: false`, although soft delete cannot be turned off once it is on.",
    facts: &["F1.15"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.templated_vaults() {
        let flag = vault.property(&["enableSoftDelete"]);
        let reason = "whether `enableSoftDelete` is false";
        cx.when(&vault.resource, flag.is_false(), reason, || {
            Finding::new(
                &vault.resource,
                &flag,
                format!(
                    "`enableSoftDelete` of vault `{}` is false: once on, soft delete cannot be taken back",
                    vault.resource.label()
                ),
                "it is on by default, so this changes nothing or is refused; leave the property out",
            )
            .unsafe_fix("remove `enableSoftDelete`", Change::remove(&flag))
        });
    }
    // What Azure shows is a state, of a vault that is older than the default.
    for vault in cx.vaults().filter(|vault| vault.has(Feature::DeletionSettings) && vault.resource.is_shown())
    {
        let flag = vault.property(&["enableSoftDelete"]);
        let reason = "whether it has soft delete";
        cx.when(&vault.resource, flag.is_false(), reason, || {
            Finding::new(
                &vault.resource,
                &flag,
                format!("vault `{}` has no soft delete", vault.resource.label()),
                "a deleted vault, key or secret is gone at once; set `enableSoftDelete` to true, which \
                 cannot be undone",
            )
            .severity(Severity::Info)
        });
    }
}
