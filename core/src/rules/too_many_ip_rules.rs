//! More IP rules than fit.

use super::shared::count;
use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "too-many-ip-rules",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "More IP rules than Azure allows.",
    facts: &["F1.38", "F1.51"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let (limit, what) = (vault.service.max_ip_rules, vault.service.noun);
        let list = &vault.firewall.ip_rules_value;
        let longer = list.is_longer_than(limit);
        // `invalid-ip-rule` reports a list that cannot be read.
        if longer.is_unknown() && vault.firewall.ip_rules.open.is_some() {
            continue;
        }
        cx.when(&vault.resource, longer, "whether there are too many IP rules", || {
            Finding::new(
                &vault.resource,
                list,
                format!(
                    "`ipRules` has {} entries, and a {what} takes {limit}",
                    count(&vault.firewall.ip_rules, limit)
                ),
                "Azure refuses the deployment; join neighbouring ranges into wider ones, or admit clients by \
                 a private endpoint",
            )
        });
    }
}
