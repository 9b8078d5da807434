//! Forwarding rules for a name that no client queries.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Service;
use crate::azure::{Cloud, names};
use crate::eval::{Truth, Value};
use crate::model::{ForwardingRule, dns, identity};

pub(super) const RULE: Rule = Rule {
    slug: "wrong-forwarding-rule",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A forwarding rule for the private zone without one for the public name.",
    facts: &["F4.53", "F4.54"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (rule, deployed) in cx.forwarding_rules() {
        let private = dns::is_private_zone(&rule.domain);
        // Almost every name is a good one: what is open as a whole is not worth a word.
        if private.is_unknown() && !identity::may_be_one_of(&rule.domain, &dns::zones_of(&Cloud::ALL, false))
        {
            continue;
        }
        let suffix = Service::of_domain(&rule.domain.display()).dns(cx.cloud).suffix;
        let wrong = private.and(is_active(rule, deployed)).and(forwards(cx, rule, suffix).negate());
        let reason = "whether the public name of vaults is forwarded too";
        cx.when(&rule.resource, wrong, reason, || {
            Finding::new(
                &rule.resource,
                &rule.domain,
                format!(
                    "rule `{}` forwards `{}`, a name that no client queries",
                    rule.resource.label(),
                    rule.domain.display()
                ),
                format!(
                    "clients query `{suffix}`, and the private name appears only while that is resolved; \
                     forward `{suffix}.` to a server in a network that is linked to the zone"
                ),
            )
        });
    }
}

fn is_active(rule: &ForwardingRule, deployed: Truth) -> Truth {
    deployed.and(rule.state.is_word("Disabled").negate())
}

/// Whether another rule of the ruleset forwards the public name, or all names.
fn forwards(cx: &Context, rule: &ForwardingRule, suffix: &str) -> Truth {
    let mut covering = vec![suffix];
    while let Some((_, above)) = covering.last().and_then(|name| name.split_once('.')) {
        covering.push(above);
    }
    covering.push("");
    let mut any = Truth::of(false);
    for (other, deployed) in cx.forwarding_rules() {
        let same = identity::same(&other.ruleset, &rule.ruleset);
        if !same.is_false() {
            any = any
                .or(same.and(identity::is_one_of(&other.domain, &covering)).and(is_active(other, deployed)));
        }
    }
    if shows_rules(cx, &rule.ruleset) { any } else { any.or(Truth::Unknown(identity::open(&rule.ruleset))) }
}

/// Whether the ruleset is in the files, and its other rules with it.
fn shows_rules(cx: &Context, ruleset: &Value) -> bool {
    cx.model.knows(names::FORWARDING_RULE, Some(ruleset))
        || cx.others(names::FORWARDING_RULESET).any(|(other, _)| identity::same(&other.id, ruleset).is_true())
}
