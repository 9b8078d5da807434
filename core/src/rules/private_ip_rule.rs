//! Rules with private addresses (RFC 1918).

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::ranges::{overlapped_private_range, private_range};
use crate::net::Ipv4Rule;

pub(super) const RULE: Rule = Rule {
    slug: "private-ip-rule",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An IP rule with private addresses.",
    facts: &["F2.1", "F2.4"],
    yields_to: &["ip-rules-cover-internet"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        let is_refused = |rule: &Ipv4Rule| private_range(&rule.net).is_some();
        let reaches_in = |rule: &Ipv4Rule| overlapped_private_range(&rule.net).is_some();
        for rule in firewall.readable_rules() {
            let private = rule.is_net(&|rule| is_refused(rule) || reaches_in(rule));
            cx.when(&vault.resource, private, "whether an IP rule is private", || {
                if rule.is_net(&is_refused).is_true() {
                    Finding::new(
                        &vault.resource,
                        &rule.value,
                        format!(
                            "IP rule {} is private, and Azure takes public addresses only",
                            rule.display()
                        ),
                        "Azure refuses the whole deployment; list the public address that these clients \
                         leave from, or admit their subnet by a virtual network rule or a private endpoint",
                    )
                    .about(&vault.resource, rule.part())
                } else {
                    Finding::new(
                        &vault.resource,
                        &rule.value,
                        format!(
                            "IP rule {} contains private addresses, which Azure may refuse",
                            rule.display()
                        ),
                        "private addresses never reach the public endpoint; list only the public ranges that \
                         are meant",
                    )
                    .severity(Severity::Warning)
                    .about(&vault.resource, rule.wide_part())
                }
            });
        }
    }
}
