//! `enableSoftDelete: false`: once on, soft delete cannot be taken back.

use super::{Change, Check, Context, Finding, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "soft-delete-disabled",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "`enableSoftDelete: false`: once on, soft delete cannot be taken back.",
    facts: &["F1.15"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (vault, flag, assumed) in cx.vaults_without("enableSoftDelete") {
        cx.report(
            Finding::new(
                &vault.resource,
                &flag,
                assumed,
                format!(
                    "`enableSoftDelete` of vault `{}` is false: once on, soft delete cannot be taken back",
                    vault.resource.label()
                ),
                "it is on by default, so this changes nothing or is refused; leave the property out",
            )
            .unsafe_fix("remove `enableSoftDelete`", Change::remove(&flag)),
        );
    }
}
