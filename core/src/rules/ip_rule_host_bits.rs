//! Ranges that are not written by their first address.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "ip-rule-host-bits",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "An IP rule whose address lies inside its range instead of at its start.",
    facts: &["F2.5", "F2.22"],
    yields_to: &["private-ip-rule", "unroutable-ip-rule"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        for rule in vault.firewall.readable_rules() {
            let has_host_bits = rule.is_net(&|rule| rule.has_host_bits);
            cx.when(&vault.resource, has_host_bits, "whether an IP rule has host bits", || {
                let readings = rule.readings();
                let nets: Vec<String> = readings
                    .iter()
                    .filter_map(|(_, read)| read.as_ref().ok())
                    .map(|rule| format!("`{}`", rule.net))
                    .collect();
                let finding = Finding::new(
                    &vault.resource,
                    &rule.value,
                    format!(
                        "IP rule {} has host bits set: its range is {}",
                        rule.display(),
                        nets.join(" or ")
                    ),
                    "the portal and the command line refuse such a range, and one that is stored breaks \
                     later changes; write the range by its first address, or `/32` if one address is meant",
                )
                .about(&vault.resource, rule.part());
                match (rule.value.as_text(), nets.first()) {
                    (Some(_), Some(net)) => {
                        let with = Literal::Text(net.trim_matches('`').to_owned());
                        let change = Change::replace(&rule.value, with);
                        finding.safe_fix(format!("write {net}"), change)
                    }
                    _ => finding,
                }
            });
        }
    }
}
