//! A vault whose audit log is not kept.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Feature;

pub(super) const RULE: Rule = Rule {
    slug: "no-audit-log",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A vault whose audit log is not kept.",
    facts: &["F6.10", "F6.13", "F6.28"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    // A setting is often written elsewhere, by policy for one.
    let severity = if cx.profile == Profile::Strict { Severity::Warning } else { Severity::Info };
    let by_policy = model.keeps_logs_by_policy();
    for vault in cx.vaults().filter(|vault| vault.has(Feature::AuditLog)) {
        let lost = model.keeps_audit_log(vault).or(by_policy.clone()).negate();
        let reason = "whether its audit log is kept";
        cx.when(&vault.resource, lost, reason, || {
            let name = vault.resource.label();
            let help = "without it there is no record of who read a secret, or of whom the firewall refused; \
                        send `AuditEvent`, or the group `audit` or `allLogs`, to a workspace, a storage \
                        account or an event hub";
            let without = model.diagnostics_of(vault).find(|(_, is_its)| is_its.is_true());
            let finding = match without {
                Some((setting, _))
                    if setting.has_destination().is_false() && setting.lists_audit_log().is_true() =>
                {
                    let message = format!(
                        "diagnostic setting `{}` has no destination, so that it does not keep the audit log \
                         of vault `{name}`",
                        setting.resource.label()
                    );
                    Finding::new(&setting.resource, &setting.lacking_destination(), message, help)
                }
                Some((setting, _)) => {
                    let message = format!(
                        "diagnostic setting `{}` does not keep the audit log of vault `{name}`",
                        setting.resource.label()
                    );
                    Finding::new(&setting.resource, &setting.logs, message, help)
                }
                None => {
                    let message = format!("no diagnostic setting here keeps the audit log of vault `{name}`");
                    Finding::new(&vault.resource, &vault.resource.name, message, help)
                }
            };
            finding.severity(severity)
        });
    }
}
