//! A perimeter that lets requests into a vault whose public access is off.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Truth;

pub(super) const RULE: Rule = Rule {
    slug: "perimeter-opens-vault",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A perimeter that lets requests into a vault whose public access is off.",
    facts: &["F3.40", "F3.41", "F3.44"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.all_vaults() {
        let disabled = vault.is_disabled();
        let mut opens = Truth::of(false);
        let mut rules = Vec::new();
        for (association, is_its) in cx.model.associations_of(vault) {
            let learns = is_its.and(association.is_learning());
            for (rule, admits) in cx.model.inbound_rules(association) {
                let one = disabled.clone().and(learns.clone()).and(admits);
                if one.is_true() {
                    rules.push(rule);
                }
                opens = opens.or(one);
            }
        }
        cx.when(&vault.resource, opens, "whether a perimeter lets requests in", || {
            let mut finding = Finding::new(
                &vault.resource,
                &vault.public_network_access,
                format!(
                    "vault `{}` has public access disabled, and its perimeter in learning mode lets requests \
                     in",
                    vault.resource.label()
                ),
                "in learning mode the inbound rules of a perimeter are added to what the vault allows, also \
                 to nothing; remove the rules, or enforce the perimeter once they say what is meant",
            );
            for rule in rules {
                finding = finding.related(Some(rule.resource.place), "this rule lets requests in");
            }
            finding
        });
    }
}
