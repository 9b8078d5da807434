//! Static addresses that are not in the subnet of their private endpoint.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Unknowns, Value};
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "static-ip-outside-subnet",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A static address of a private endpoint outside of its subnet.",
    facts: &["F4.7"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let endpoint = &link.endpoint.resource;
        let subnet = cx.model.subnet_of(link.endpoint);
        for address in link.endpoint.static_addresses() {
            let reason = "whether the static address is in its subnet";
            let Some((subnet, is_there)) = &subnet else {
                if link.connects.is_true() && !address.address.is_null() {
                    cx.leave_open(endpoint, what_is_open(&link.endpoint.subnet), reason);
                }
                continue;
            };
            let plan = subnet.address_plan();
            let outside = link.connects.clone().and(address.present.clone()).and(is_there.clone());
            let outside = outside.and(plan.lacks(&address.address));
            cx.when(endpoint, outside, reason, || {
                Finding::new(
                    endpoint,
                    &address.address,
                    format!(
                        "static address `{}` of private endpoint `{}` is not in subnet `{}`, which has {}",
                        address.address.display(),
                        endpoint.label(),
                        subnet.label(),
                        plan.display()
                    ),
                    "Azure refuses it; choose a free address of the subnet, or leave the choice to Azure",
                )
                .related(subnet.address_prefixes.place, "the addresses of the subnet")
            });
        }
    }
}

/// The subnet that is not here, or what its id comes from.
fn what_is_open(subnet: &Value) -> Unknowns {
    if identity::segments(subnet).is_some() { Unknowns::of(subnet.display()) } else { subnet.depends() }
}
