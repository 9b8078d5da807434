//! Forwarding rules that send a network's questions back to that network.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::{Cloud, names};
use crate::model::{ForwardingRule, dns, identity, is_deployed, property};

pub(super) const RULE: Rule = Rule {
    slug: "forwarding-loop",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A forwarding ruleset that is linked to the network of the resolver it forwards to.",
    facts: &["F4.58"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    let links = model.others.iter().filter(|other| {
        !other.existing && other.kind.eq_ignore_ascii_case(names::FORWARDING_RULESET_LINK)
    });
    for link in links {
        let network = property(link, &["virtualNetwork", "id"]);
        let ruleset = identity::parent(&link.id).unwrap_or_default();
        for rule in &model.forwarding_rules {
            let of = identity::same(&rule.ruleset, &ruleset);
            if of.is_false() || !forwards_vaults(rule) {
                continue;
            }
            let Some((endpoint, there)) = model.inbound_endpoint_of(rule) else { continue };
            let active = is_deployed(&rule.resource).and(rule.state.is_word("Disabled").negate());
            let loops = of.and(active).and(identity::same(&there, &network)).and(is_deployed(endpoint));
            let reason = "whether the ruleset forwards to the network that it is linked to";
            let Some(assumed) = cx.decide(link, loops, reason) else { continue };
            let name = identity::label(&network);
            cx.report(
                Finding::new(
                    link,
                    &network,
                    assumed,
                    format!(
                        "rule `{}` sends `{}` to `{}` in virtual network `{name}`, and the ruleset is linked to that \
                         network: the name is forwarded in a loop",
                        identity::label(&rule.resource.id),
                        rule.domain.display(),
                        identity::label(&endpoint.id),
                    ),
                    "what an inbound endpoint receives it resolves as its network does, which asks it again; remove this \
                     link: the network resolves private names by the zones that are linked to it",
                )
                .related(rule.domain.place.or(Some(rule.resource.place)), "this rule")
                .related(Some(endpoint.place), "the inbound endpoint"),
            );
        }
    }
}

/// Whether a rule is for names of vaults, or for all names.
fn forwards_vaults(rule: &ForwardingRule) -> bool {
    let mut domains = dns::zones_of(&Cloud::ALL, false);
    for cloud in Cloud::ALL {
        for is_hsm in [false, true] {
            domains.push(dns::names(cloud, is_hsm).suffix);
        }
    }
    let mut covering: Vec<&str> = domains.clone();
    for domain in domains {
        let mut rest = domain;
        while let Some((_, above)) = rest.split_once('.') {
            covering.push(above);
            rest = above;
        }
    }
    covering.push("");
    identity::may_be_one_of(&rule.domain, &covering)
}
