//! `enablePurgeProtection: false`, which Azure does not accept.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "purge-protection-false",
    group: Group::Callers,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "`enablePurgeProtection: false`, which Azure does not accept.",
    facts: &["F1.15"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.templated_vaults() {
        let flag = vault.property(&["enablePurgeProtection"]);
        let reason = "whether `enablePurgeProtection` is false";
        cx.when(&vault.resource, flag.is_false(), reason, || {
            Finding::new(
                &vault.resource,
                &flag,
                format!(
                    "`enablePurgeProtection` of vault `{}` is false: Azure accepts only true",
                    vault.resource.label()
                ),
                "the deployment fails; leave the property out, or set it to true, which cannot be undone",
            )
            .safe_fix("remove `enablePurgeProtection`", Change::remove(&flag))
        });
    }
}
