//! `createMode: 'recover'` that every deployment says.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "create-mode-recover",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "`createMode: 'recover'`, which works only while a deleted vault of that name exists.",
    facts: &["F1.13"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.templated_vaults() {
        let mode = &vault.create_mode;
        let reason = "whether it recovers a deleted vault";
        cx.when(&vault.resource, mode.is_word("recover"), reason, || {
            let is_own = vault.resource.holds(mode);
            Finding::new(
                &vault.resource,
                mode,
                format!("`createMode` of vault `{}` is `recover`", vault.resource.label()),
                "Azure takes it only while a deleted vault of that name exists: any other deployment fails \
                 with `SoftDeletedVaultDoesNotExist`, and a recovery brings the vault back as it was, \
                 without what is written here; leave `createMode` out, or set it for the one deployment that \
                 recovers",
            )
            .unsafe_fix("remove `createMode`", is_own.then(|| Change::remove(mode)).flatten())
        });
    }
}
