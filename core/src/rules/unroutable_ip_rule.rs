//! Rules with addresses that are never a source on the internet.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::ranges::unroutable_range;

pub(super) const RULE: Rule = Rule {
    slug: "unroutable-ip-rule",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An IP rule that no request can come from.",
    facts: &["F2.3", "F2.4"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        for rule in vault.firewall.readable_rules() {
            let unroutable = rule.is_net(&|rule| unroutable_range(&rule.net).is_some());
            cx.when(&vault.resource, unroutable, "whether an IP rule is routable", || {
                let readings = rule.readings();
                let range = readings.iter().find_map(|(_, read)| unroutable_range(&read.as_ref().ok()?.net));
                let name = range.map_or("reserved", |range| range.name);
                Finding::new(
                    &vault.resource,
                    &rule.value,
                    format!("IP rule {} matches no request from the internet: {name}", rule.display()),
                    "the rule admits no client, and Azure may refuse it; list the public address that the \
                     clients leave from, and let trusted Azure services in by `bypass`",
                )
                .about(&vault.resource, rule.part())
            });
        }
    }
}
