//! A firewall that refuses by default and lists the whole internet.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::net::covers_internet;

pub(super) const RULE: Rule = Rule {
    slug: "ip-rules-cover-internet",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "IP rules that together let in the whole internet.",
    facts: &["F2.4"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        let open = vault.is_enabled().and(firewall.denies_by_default()).and(firewall.covers_internet());
        cx.when(&vault.resource, open, "whether the IP rules let everyone in", || {
            let widest = firewall.sure_nets().into_iter().min_by_key(|sure| sure.net.net.prefix_len());
            let alone = widest.filter(|sure| covers_internet(&sure.net.net.into()));
            let (place, who) = match &alone {
                Some(sure) => (&sure.rule.value, format!("IP rule `{}` lets", sure.net.original)),
                None => (&firewall.ip_rules_value, "the IP rules together let".to_owned()),
            };
            let finding = Finding::new(
                &vault.resource,
                place,
                format!("{who} the whole internet in to vault `{}`", vault.resource.label()),
                "`defaultAction` is `Deny`, so the vault looks closed and is open: anyone with a token may \
                 try it from anywhere; list the ranges that are yours",
            );
            let entries = firewall.readable_rules();
            entries.fold(finding.about(&vault.resource, ""), |finding, entry| {
                finding.about(&vault.resource, entry.part()).about(&vault.resource, entry.wide_part())
            })
        });
    }
}
