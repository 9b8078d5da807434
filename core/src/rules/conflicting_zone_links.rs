//! Links that one network cannot have together.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::model::{ZoneLink, dns, identity, is_deployed};

pub(super) const RULE: Rule = Rule {
    slug: "conflicting-zone-links",
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A network linked to two private zones of one name, or twice to one.",
    facts: &["F4.40"],
    check: Check::Model(check),
};

/// More links than this are not compared with each other.
const MAX_COMPARED: usize = 400;

fn check(cx: &mut Context) {
    let mut links: Vec<&ZoneLink> = Vec::new();
    for link in &cx.model.zone_links {
        let is_vaults = dns::is_about_vaults(&link.zone_name);
        if !link.resource.existing && is_vaults.is_true() && links.len() < MAX_COMPARED {
            links.push(link);
        }
    }
    for (at, link) in links.iter().enumerate() {
        for first in links.iter().take(at) {
            let distinct = identity::same(&first.resource.id, &link.resource.id).negate();
            let conflict = identity::same_name(&first.zone_name, &link.zone_name)
                .and(identity::same(&first.network, &link.network))
                .and(distinct)
                .and(is_deployed(&first.resource))
                .and(is_deployed(&link.resource));
            let reason = "whether the network is linked to the zone, or to one of its name, already";
            let Some(assumed) = cx.decide(&link.resource, conflict, reason) else { continue };
            let twice = identity::same(&first.zone, &link.zone).is_true();
            let zone = link.zone_name.display();
            let message = match twice {
                true => format!("a network is linked to zone `{zone}` twice"),
                false => format!("a network is linked to two zones named `{zone}`"),
            };
            cx.report(
                Finding::new(
                    &link.resource,
                    &link.network,
                    assumed,
                    message,
                    "Azure refuses the second link, since it could not tell which zone answers; keep one",
                )
                .related(first.network.place, "the other link"),
            );
            break;
        }
    }
}
