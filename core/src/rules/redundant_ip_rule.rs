//! Rules that other rules contain, and lists near the limit that could be shorter.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Assumptions, Value};
use crate::model::{IpRule, SureNet, Vault};
use crate::net::{Ipv4Net, Ipv4Set, covering, mergeable};

pub(super) const RULE: Rule = Rule {
    slug: "redundant-ip-rule",
    group: Group::Firewall,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "An IP rule that another one already covers.",
    facts: &["F1.34", "F1.38", "F2.6", "F2.40"],
    yields_to: &["ip-rule-host-bits", "ineffective-firewall-rule"],
    check: Check::Model(check),
};

const HELP: &str = "it admits no further client, and stays behind as a hole when the wider rule is \
                    removed; remove it";

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let sure: Vec<SureNet> = vault.firewall.sure_nets();
        let nets: Vec<Ipv4Net> = sure.iter().map(|sure| sure.net.net).collect();
        let covered = covering(&nets);
        for (rule, by) in sure.iter().zip(&covered) {
            if let Some(by) = by.and_then(|by| sure.get(by)) {
                cx.report(contained(vault, rule, by));
            }
        }
        let rests_on = Assumptions::all(sure.iter().map(|sure| &sure.assumed));
        let all: Ipv4Set = nets.iter().copied().collect();
        for rule in vault.firewall.readable_rules().filter(|rule| !is_sure(rule)) {
            let within = rule.is_net(&|rule| all.covers(&rule.net));
            cx.when(&vault.resource, within, "whether an IP rule is redundant", || {
                let message = format!("IP rule {} lies within the other rules", rule.display());
                Finding::new(&vault.resource, &rule.value, message, HELP)
                    .assuming(&rests_on)
                    .about(&vault.resource, rule.part())
            });
        }
        let limit = vault.service.max_ip_rules;
        if nets.len() * 10 < limit * 9 || nets.len() > limit {
            continue;
        }
        let spared: usize = mergeable(&nets).iter().map(|merge| merge.nets.len() - 1).sum();
        if spared > 0 {
            let finding = Finding::new(
                &vault.resource,
                &vault.firewall.ip_rules_value,
                format!("{} of {} IP rules can be spared by joining neighbours", spared, nets.len()),
                format!("Azure takes {limit} rules; neighbouring ranges can be written as one wider range"),
            );
            cx.report(finding.assuming(&rests_on));
        }
    }
}

/// Whether it is among [`Firewall::sure_nets`](crate::model::Firewall::sure_nets), or no net at all.
fn is_sure(rule: &IpRule) -> bool {
    rule.present.is_true() && rule.value.as_text().is_some()
}

fn contained<'m>(vault: &'m Vault, rule: &SureNet, by: &SureNet) -> Finding<'m> {
    let (text, wider) = (&rule.net.original, &by.net.original);
    let how = if rule.net.net == by.net.net { "says the same as" } else { "lies within" };
    let finding =
        Finding::new(&vault.resource, &rule.rule.value, format!("IP rule `{text}` {how} `{wider}`"), HELP)
            .assuming(&rule.assumed)
            .assuming(&by.assumed)
            .related(by.rule.value.place, format!("`{wider}` is here"))
            .about(&vault.resource, rule.rule.part());
    // In one list: then no other list of rules can lack the wider one.
    let holds = |entry: &Value| match (vault.firewall.ip_rules_value.place, entry.place) {
        (Some(list), Some(entry)) => {
            list.file == entry.file
                && list.span.start < entry.span.start
                && entry.span.end < list.span.end
                && list != entry
        }
        _ => false,
    };
    if holds(&rule.rule.entry) && holds(&by.rule.entry) && rule.rule.entry.place != by.rule.entry.place {
        return finding.safe_fix("remove the rule", Change::remove(&rule.rule.entry));
    }
    finding
}
