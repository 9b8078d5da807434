//! Forwarding rules that send a network's questions back to that network.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::SERVICES;
use crate::azure::{Cloud, names};
use crate::eval::Kind;
use crate::model::{dns, identity, is_deployed, property};

pub(super) const RULE: Rule = Rule {
    slug: "forwarding-loop",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A forwarding ruleset that is linked to the network of the resolver that it forwards to.",
    facts: &["F4.58"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    let covering = covering_vaults();
    for (link, deployed) in cx.others(names::FORWARDING_RULESET_LINK) {
        let network = property(link, &["virtualNetwork", "id"]);
        let ruleset = identity::parent(&link.id).unwrap_or_default();
        for (rule, rule_deployed) in cx.forwarding_rules() {
            let of = identity::same(&rule.ruleset, &ruleset);
            let forwards = identity::is_one_of(&rule.domain, &covering);
            // Almost every domain and server is a good one: what is open as a whole is not worth a word.
            let is_open = forwards.is_unknown() && !identity::may_be_one_of(&rule.domain, &covering);
            if of.is_false() || forwards.is_false() || is_open {
                continue;
            }
            let Some(server) = rule.targets.first() else { continue };
            let Some((endpoint, there, is_its)) = model.inbound_endpoint_at(server) else { continue };
            if is_its.is_unknown() && matches!(server.kind, Kind::Term(_)) {
                continue;
            }
            let active = rule_deployed.and(rule.state.is_word("Disabled").negate());
            let loops = of
                .and(forwards)
                .and(active)
                .and(is_its)
                .and(identity::same(&there, &network))
                .and(deployed.clone())
                .and(is_deployed(endpoint));
            let reason = "whether the ruleset forwards to the network that it is linked to";
            cx.when(link, loops, reason, || {
                let name = identity::label(&network);
                Finding::new(
                    link,
                    &network,
                    format!(
                        "rule `{}` sends `{}` to `{}` in virtual network `{name}`, and the ruleset is linked \
                         to that network: the name is forwarded in a loop",
                        identity::label(&rule.resource.id),
                        rule.domain.display(),
                        identity::label(&endpoint.id),
                    ),
                    "what an inbound endpoint receives it resolves as its network does, which asks it again; \
                     remove this link: the network resolves private names by the zones that are linked to it",
                )
                .related(rule.domain.place.or(Some(rule.resource.place)), "this rule")
                .related(Some(endpoint.place), "the inbound endpoint")
            });
        }
    }
}

/// The domains of vaults' names, and those above them.
fn covering_vaults() -> Vec<&'static str> {
    let mut domains = dns::zones_of(&Cloud::ALL, false);
    for cloud in Cloud::ALL {
        domains.extend(SERVICES.map(|service| service.dns(cloud).suffix));
    }
    let mut covering: Vec<&'static str> = domains.clone();
    for domain in domains {
        let mut rest = domain;
        while let Some((_, above)) = rest.split_once('.') {
            covering.push(above);
            rest = above;
        }
    }
    covering.push("");
    covering
}
