//! An app that asks a DNS server of its own instead of its network's.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "dns-server-override",
    group: Group::Callers,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "An app that uses its own DNS server instead of those of its network.",
    facts: &["F5.5"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for app in cx.model.apps().filter(|app| !app.subnets.is_empty()) {
        for setting in cx.model.app_settings(app, "WEBSITE_DNS_SERVER") {
            let reason = "whether it sets `WEBSITE_DNS_SERVER`";
            cx.when(&app.resource, setting.present.clone(), reason, || {
                Finding::new(
                    &app.resource,
                    &setting.value,
                    format!(
                        "`WEBSITE_DNS_SERVER` makes `{}` ask `{}` instead of the DNS servers of its network",
                        app.resource.label(),
                        setting.value.display()
                    ),
                    "an integrated app asks the servers of its network anyhow, and Azure's where it names \
                     none; with the setting, servers that the network gets later are passed by",
                )
                .unsafe_fix("remove `WEBSITE_DNS_SERVER`", Change::remove(&setting.entry))
            });
        }
    }
}
