//! Rules for very many addresses.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::ranges::{overlapped_private_range, private_range, unroutable_range};
use crate::net::Ipv4Rule;

pub(super) const RULE: Rule = Rule {
    slug: "broad-ip-rule",
    severity: Severity::Info,
    profile: Profile::Strict,
    fixable: false,
    summary: "An IP rule for more addresses than one organisation is likely to have.",
    facts: &["F2.7"],
    check: Check::Model(check),
};

/// Wider than this is broad, where nobody says otherwise: a /16 has 65,536 addresses.
const BROAD: u8 = 16;

fn check(cx: &mut Context) {
    let shortest = cx.setting.prefix.unwrap_or(BROAD);
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        if firewall.covers_internet().is_true() {
            continue;
        }
        let used = vault.is_enabled().and(vault.refuses_by_default());
        for rule in firewall.readable_rules() {
            let broad = used.clone().and(rule.is_net(&|rule| is_broad(rule, shortest)));
            let Some(assumed) = cx.decide(&vault.resource, broad, "whether an IP rule is broad") else {
                continue;
            };
            cx.report(Finding::new(
                &vault.resource,
                &rule.value,
                assumed,
                format!("IP rule {} lets in more than a /{shortest}", rule.display()),
                "a range this wide usually belongs to a provider, whose other customers are let in too; list the \
                 addresses that are yours",
            ));
        }
    }
}

/// Broad, and not already somebody else's fault.
fn is_broad(rule: &Ipv4Rule, shortest: u8) -> bool {
    rule.net.prefix_len() < shortest
        && private_range(&rule.net).is_none()
        && overlapped_private_range(&rule.net).is_none()
        && unroutable_range(&rule.net).is_none()
}
