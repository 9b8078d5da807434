//! A vault that everyone on the internet can reach.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::fixes;

pub(super) const RULE: Rule = Rule {
    slug: "public-vault",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault whose public endpoint answers everyone.",
    facts: &["F1.22", "F1.32", "F3.11", "F3.22", "F3.40"],
    yields_to: &["open-despite-private-endpoint"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        // `implicit-default-action` reports a missing `defaultAction`.
        let open = model.is_public(vault);
        cx.when(&vault.resource, open, "whether the vault is open to everyone", || {
            let name = vault.resource.label();
            let why = if firewall.default_action.is_word("Allow").is_true() {
                "`defaultAction` is `Allow`"
            } else if firewall.value.is_null() {
                "it has no `networkAcls`"
            } else if firewall.is_present().is_false() {
                "its `networkAcls` is empty"
            } else {
                "nothing in `networkAcls` says `Deny`"
            };
            let rules = if firewall.has_rules().is_true() { ", and its rules have no effect" } else { "" };
            let learning = model.learning_associations_of(vault);
            let (meant, enforce) = match learning.first() {
                Some(association) => (
                    format!(
                        ", and association `{}` does not enforce its perimeter",
                        association.resource.label()
                    ),
                    "; with `accessMode` `Enforced` on the association only the rules of the perimeter \
                     count, until then they only let in more",
                ),
                None => (String::new(), ""),
            };
            // The provider leaves as it is what the configuration does not set (F7.1).
            let kept = match firewall.value.is_null()
                && firewall.value.assumed.is_created()
                && !vault.resource.only_created
            {
                true => {
                    "; of a vault that exists the provider keeps the firewall: taking `networkAcls` out \
                     neither opens nor closes it, so write `defaultAction` out"
                }
                false => "",
            };
            let mut finding = Finding::new(
                &vault.resource,
                &firewall.default_action,
                format!("vault `{name}` is open to the internet: {why}{rules}{meant}"),
                format!(
                    "anyone with a token may try it from anywhere; refuse by default and name who may pass, \
                     or disable public access and use a private endpoint{kept}{enforce}"
                ),
            )
            .unsafe_fix("refuse by default", fixes::refuse_by_default(vault));
            for association in learning {
                let properties = association.resource.body.get("properties");
                let enforced = Literal::Text("Enforced".to_owned());
                finding = finding
                    .related(Some(association.resource.place), "this association only learns")
                    .unsafe_fix("enforce the perimeter", Change::set(&properties, "accessMode", enforced));
            }
            finding
        });
    }
}
