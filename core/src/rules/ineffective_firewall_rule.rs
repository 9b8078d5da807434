//! Firewall rules that nothing looks at.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Truth;
use crate::model::{IpRule, Vault};

pub(super) const RULE: Rule = Rule {
    slug: "ineffective-firewall-rule",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "Firewall rules that have no effect.",
    facts: &["F1.32", "F3.21", "F3.22", "F3.40", "F3.42"],
    yields_to: &["public-vault", "open-despite-private-endpoint"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        let allows = firewall.default_action.is_word("Allow");
        let reasons: [(Truth, &str); 4] = [
            (vault.is_disabled(), "`publicNetworkAccess` is `Disabled`"),
            (vault.is_secured_by_perimeter(), "`publicNetworkAccess` is `SecuredByPerimeter`"),
            (cx.model.is_enforced_by_perimeter(vault), "a perimeter is enforced for the vault"),
            (allows, "`defaultAction` is `Allow`"),
        ];
        let dead = reasons.iter().fold(Truth::of(false), |any, (reason, _)| any.or(reason.clone()));
        let dead = firewall.has_rules().and(dead);
        cx.when(&vault.resource, dead, "whether the rules of the firewall are used", || {
            let why = reasons.iter().find(|(reason, _)| reason.is_true()).map_or("", |(_, why)| why);
            finding(vault, why)
        });
    }
}

fn finding<'m>(vault: &'m Vault, why: &str) -> Finding<'m> {
    let firewall = &vault.firewall;
    let lists = [
        ("ipRules", &firewall.ip_rules_value, &firewall.ip_rules),
        ("virtualNetworkRules", &firewall.vnet_rules_value, &firewall.vnet_rules),
    ];
    let used: Vec<_> = lists.into_iter().filter(|(_, _, list)| list.any().is_true()).collect();
    let place = used.first().map_or(&firewall.value, |(_, value, _)| *value);
    let keys: Vec<String> = used.iter().map(|(key, ..)| format!("`{key}`")).collect();
    let keys = if keys.is_empty() { "the rules".to_owned() } else { keys.join(" and ") };
    let verb = if used.len() == 1 { "has" } else { "have" };
    let subnets = firewall.subnet_rules().map(|rule| rule.id.normal());
    let entries: Vec<String> = firewall.readable_rules().map(IpRule::part).chain(subnets).collect();
    let changes: Vec<Change> = used.iter().filter_map(|(_, value, _)| Change::remove(value)).collect();
    // An export shows what is there, not what its author expects of it.
    let is_guard =
        vault.resource.is_shown() && vault.is_disabled().is_true() && firewall.denies_by_default().is_true();
    let finding = Finding::new(
        &vault.resource,
        place,
        format!("{keys} of vault `{}` {verb} no effect: {why}", vault.resource.label()),
        match is_guard {
            true => {
                "they count again once public access is on: switch it on if they are intended; keep them otherwise, since \
                 without rules and `defaultAction` `Deny` a vault that is switched on lets everyone in"
            }
            false => {
                "their clients are treated like all others, until a change of that setting makes the rules effective; \
                 remove them, or change the setting if they are intended"
            }
        },
    )
    .severity(if is_guard { Severity::Info } else { RULE.severity })
    .unsafe_fix("remove the rules", changes)
    .about(&vault.resource, "");
    entries.into_iter().fold(finding, |finding, entry| finding.about(&vault.resource, entry))
}
