//! Links that one network cannot have together.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Truth;
use crate::model::{Ids, ZoneLink, dns, identity};

pub(super) const RULE: Rule = Rule {
    slug: "conflicting-zone-links",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A network linked to two private zones with the same name, or twice to one zone.",
    facts: &["F4.40"],
    yields_to: &[],
    check: Check::Model(check),
};

/// More pairs of links are not compared; it takes many that are open to come so far.
const MAX_COMPARED: usize = 80_000;

fn check(cx: &mut Context) {
    let links: Vec<(&ZoneLink, Truth)> =
        cx.zone_links().filter(|(link, _)| dns::is_about_vaults(&link.zone_name).is_true()).collect();
    let mut seen = Ids::default();
    let mut left = MAX_COMPARED;
    for (at, (link, deployed)) in links.iter().enumerate() {
        let candidates = seen.candidates(&link.network).into_iter().take(left);
        seen.add(at, &link.network);
        for (first, first_deployed) in candidates.filter_map(|before| links.get(before)) {
            left = left.saturating_sub(1);
            let distinct = identity::same(&first.resource.id, &link.resource.id).negate();
            let conflict = identity::same_name(&first.zone_name, &link.zone_name)
                .and(identity::same(&first.network, &link.network))
                .and(distinct)
                .and(first_deployed.clone())
                .and(deployed.clone());
            let reason = "whether the network is linked to the zone, or to one of its name, already";
            let reported = cx.when(&link.resource, conflict, reason, || {
                let twice = identity::same(&first.zone, &link.zone).is_true();
                let zone = link.zone_name.display();
                let message = match twice {
                    true => format!("a network is linked to zone `{zone}` twice"),
                    false => format!("a network is linked to two zones named `{zone}`"),
                };
                Finding::new(
                    &link.resource,
                    &link.network,
                    message,
                    "Azure refuses the second link, since it could not tell which zone answers; keep one",
                )
                .related(first.network.place, "the other link")
            });
            if reported {
                break;
            }
        }
    }
}
