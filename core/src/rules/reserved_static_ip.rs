//! Static addresses that Azure keeps for itself.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "reserved-static-ip",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A static address of a private endpoint that Azure reserves in every subnet.",
    facts: &["F4.7"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let endpoint = &link.endpoint.resource;
        let Some((subnet, is_there)) = cx.model.subnet_of(link.endpoint) else { continue };
        let plan = subnet.address_plan();
        for address in link.endpoint.static_addresses() {
            let kept = link.connects.clone().and(address.present.clone()).and(is_there.clone());
            // Without a known prefix it is already open whether the address is in the subnet at all.
            let Some(net) = plan.nets.first() else { continue };
            let kept = kept.and(plan.keeps(&address.address));
            cx.when(endpoint, kept, "whether Azure keeps the static address for itself", || {
                Finding::new(
                    endpoint,
                    &address.address,
                    format!(
                        "static address `{}` of private endpoint `{}` is one that Azure keeps in subnet `{}`",
                        address.address.display(),
                        endpoint.label(),
                        subnet.label(),
                    ),
                    format!(
                        "of `{net}` Azure keeps the first four addresses and the last; choose one between \
                         them, or leave the choice to Azure"
                    ),
                )
                .related(subnet.address_prefixes.place, "the addresses of the subnet")
            });
        }
    }
}
