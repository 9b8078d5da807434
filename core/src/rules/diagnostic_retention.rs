//! A diagnostic setting with a retention policy, which Azure no longer accepts.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::{Kind, Truth, Value};
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "diagnostic-retention",
    group: Group::Callers,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A diagnostic setting with a retention policy, which Azure no longer accepts.",
    facts: &["F6.11"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (setting, _) in cx.diagnostic_settings() {
        // What Azure shows of one that is there was accepted.
        if setting.resource.is_shown() {
            continue;
        }
        let is_of_vault = identity::is_of(&setting.target, names::VAULT);
        if is_of_vault.is_false() {
            continue;
        }
        let retains = |entry: &Value| {
            let policy = entry.get("retentionPolicy");
            // What Azure refuses is a number of days; none keeps the logs for ever (F6.11).
            let forever = policy.get("days").test(&|days| match days.kind {
                Kind::Int(days) => Some(days == 0),
                Kind::Term(_) => None,
                _ => Some(days.is_null()),
            });
            policy.get("enabled").is_true().and(forever.negate())
        };
        let any =
            setting.entries.iter().fold(Truth::of(false), |any, entries| any.or(entries.any_is(&retains)));
        let reason = "whether it has a retention policy";
        cx.when(&setting.resource, is_of_vault.and(any), reason, || {
            let entries = setting.entries.iter().flat_map(|entries| &entries.items);
            let policies: Vec<Value> = entries
                .filter(|entry| retains(&entry.value).is_true())
                .map(|entry| entry.value.get("retentionPolicy"))
                .collect();
            Finding::new(
                &setting.resource,
                &policies.first().cloned().unwrap_or_default(),
                format!("diagnostic setting `{}` has a retention policy", setting.resource.label()),
                "Azure refuses new settings with one; remove it, and let the storage account or the \
                 workspace say how long logs are kept",
            )
            .safe_fix("remove the retention policy", policies.iter().filter_map(Change::remove))
        });
    }
}
