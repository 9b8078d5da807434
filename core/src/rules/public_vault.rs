//! A vault that everyone on the internet can reach.

use super::{Change, Check, Context, Finding, Literal, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "public-vault",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault whose public endpoint answers everyone.",
    facts: &["F1.22", "F1.32", "F3.11", "F3.22", "F3.40"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        // With a private endpoint it is `open-despite-private-endpoint` that speaks.
        if cx.model.is_served(vault).is_true() {
            continue;
        }
        let firewall = &vault.firewall;
        // Where `defaultAction` is missing, `implicit-default-action` speaks.
        let open = cx.model.is_public(vault);
        let Some(assumed) = cx.decide(&vault.resource, open, "whether the vault is open to everyone") else {
            continue;
        };
        let name = vault.resource.label();
        let why = if firewall.default_action.is_word("Allow").is_true() {
            "`defaultAction` is `Allow`"
        } else if firewall.is_present().is_false() {
            "it has no `networkAcls`"
        } else {
            "nothing in `networkAcls` says `Deny`"
        };
        let rules = if firewall.has_rules().is_true() { ", and its rules have no effect" } else { "" };
        let fix = Change::set(&firewall.value, "defaultAction", Literal::Text("Deny".to_owned()));
        let mut finding = Finding::new(
            &vault.resource,
            &firewall.default_action,
            assumed,
            format!("vault `{name}` is open to the internet: {why}{rules}"),
            "anyone with a token may try it from anywhere; refuse by default and name who may pass, or disable \
             public access and use a private endpoint",
        );
        if let Some(fix) = fix {
            finding = finding.unsafe_fix("refuse by default", vec![fix]);
        }
        cx.report(finding);
    }
}
