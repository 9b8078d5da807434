//! Rules for very many addresses.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "broad-ip-rule",
    group: Group::Firewall,
    severity: Severity::Info,
    profile: Profile::Strict,
    fixable: false,
    summary: "An IP rule for more addresses than one organisation is likely to have.",
    facts: &["F2.7"],
    yields_to: &["private-ip-rule", "unroutable-ip-rule", "ip-rules-cover-internet"],
    check: Check::Model(check),
};

/// Wider than this is broad, unless the configuration sets another length: a /16 has 65,536 addresses.
const BROAD: u8 = 16;

fn check(cx: &mut Context) {
    let shortest = cx.setting.prefix.unwrap_or(BROAD);
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        let used = vault.is_enabled().and(vault.refuses_by_default());
        for rule in firewall.readable_rules() {
            let broad = used.clone().and(rule.is_net(&|rule| rule.net.prefix_len() < shortest));
            cx.when(&vault.resource, broad, "whether an IP rule is broad", || {
                let finding = Finding::new(
                    &vault.resource,
                    &rule.value,
                    format!("IP rule {} lets in more than a /{shortest}", rule.display()),
                    "a range this wide usually belongs to a provider, whose other customers are let in too; \
                     list the addresses that are yours",
                );
                let finding = finding.about(&vault.resource, rule.part());
                finding.about(&vault.resource, rule.wide_part())
            });
        }
    }
}
