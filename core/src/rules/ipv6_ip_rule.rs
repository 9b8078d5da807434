//! Rules with IPv6 addresses.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::net::NotIpv4Kind;

pub(super) const RULE: Rule = Rule {
    slug: "ipv6-ip-rule",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An IP rule with an IPv6 address.",
    facts: &["F2.2"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        for rule in vault.firewall.readable_rules() {
            let ipv6 = rule.test(&|read| read.as_ref().is_err_and(|not| not.kind == NotIpv4Kind::Ipv6));
            cx.when(&vault.resource, ipv6, "whether an IP rule is an IPv6 address", || {
                let finding = Finding::new(
                    &vault.resource,
                    &rule.value,
                    format!("IP rule {} is IPv6, and vault firewalls know IPv4 only", rule.display()),
                    "Azure refuses the deployment; the public endpoint has no IPv6 address, so clients call \
                     it over IPv4: list the IPv4 address they leave from",
                );
                finding.about(&vault.resource, rule.part())
            });
        }
    }
}
