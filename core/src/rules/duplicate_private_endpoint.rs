//! Several private endpoints of one vault in one network.

use super::shared::both_deployed;
use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::limits::PRIVATE_ENDPOINTS_PER_VAULT;
use crate::model::{EndpointConnection, identity};
use crate::sorted::sort_by;
use std::rc::Rc;

pub(super) const RULE: Rule = Rule {
    slug: "duplicate-private-endpoint",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "Two private endpoints of one vault in one virtual network.",
    facts: &["F4.8", "F4.36"],
    yields_to: &["overwritten-dns-record"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let mut by_target: Vec<(Rc<str>, EndpointConnection)> = Vec::new();
    for link in cx.model.connections() {
        if link.connects.is_true() && link.written.is_cut().negate().is_true() {
            by_target.push((link.written.target.key(), link));
        }
    }
    sort_by(&mut by_target, |(a, _), (b, _)| a.cmp(b));
    for links in by_target.chunk_by(|(a, _), (b, _)| a == b) {
        // A vault takes no more, and each is compared with each.
        for (at, (_, link)) in links.iter().take(PRIVATE_ENDPOINTS_PER_VAULT).enumerate() {
            for (_, earlier) in links.iter().take(at) {
                if of_pair(cx, earlier, link) {
                    break;
                }
            }
        }
    }
}

fn of_pair<'m>(
    cx: &mut Context<'m>,
    earlier: &EndpointConnection<'m>,
    link: &EndpointConnection<'m>,
) -> bool {
    let (first, second) = (&earlier.endpoint.resource, &link.endpoint.resource);
    let both = both_deployed(first, second).and(identity::same(&first.id, &second.id).negate());
    let same = earlier.endpoint.shares_network(link.endpoint);
    let reason = "whether the vault has another private endpoint in the network";
    let reported = cx.when(second, both.and(same).and(link.connects.clone()), reason, || {
        Finding::new(
            second,
            &link.written.target,
            format!(
                "{} already has private endpoint `{}` in the network of `{}`",
                link.target(),
                first.label(),
                second.label()
            ),
            "one endpoint serves a whole network, and two of them write one DNS record wherever both \
             register; keep one",
        )
        .about(second, first.id.normal())
        .related(Some(first.place), "the other private endpoint")
    });
    // One that also writes its record in the same zone is another rule's; there may be one that does not.
    reported && !cx.model.register_in_one_zone(earlier.endpoint, link.endpoint).is_true()
}
