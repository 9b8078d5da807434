//! `enableSoftDelete: false`, which Azure does not accept.

use super::{Change, Check, Context, Finding, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "soft-delete-disabled",
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "`enableSoftDelete: false`, which Azure does not accept.",
    facts: &["F1.15"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.templated_vaults() {
        let flag = vault.property(&["enableSoftDelete"]);
        let reason = "whether `enableSoftDelete` is false";
        let Some(assumed) = cx.decide(&vault.resource, flag.is_false(), reason) else { continue };
        cx.report(
            Finding::new(
                &vault.resource,
                &flag,
                assumed,
                format!(
                    "`enableSoftDelete` of vault `{}` is false: soft delete cannot be turned off",
                    vault.resource.label()
                ),
                "every vault has soft delete, and a deployment that takes it away fails; leave the property out",
            )
            .unsafe_fix("remove `enableSoftDelete`", Change::remove(&flag)),
        );
    }
}
