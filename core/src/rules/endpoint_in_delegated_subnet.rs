//! Private endpoints in subnets that belong to another service.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::model::wrapped;

pub(super) const RULE: Rule = Rule {
    slug: "endpoint-in-delegated-subnet",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint in a subnet that is delegated to a service.",
    facts: &["F4.22"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let endpoint = &link.endpoint.resource;
        let Some((subnet, is_there)) = cx.model.subnet_of(link.endpoint) else { continue };
        if subnet.resource.referenced {
            continue;
        }
        let delegated = link.connects.clone().and(is_there).and(subnet.delegations.any());
        cx.when(endpoint, delegated, "whether the subnet is delegated", || {
            let first = subnet.delegations.items.first().map(|item| wrapped(&item.value, "serviceName"));
            let service = first.unwrap_or_default();
            Finding::new(
                endpoint,
                &link.endpoint.subnet,
                format!(
                    "private endpoint `{}` is in subnet `{}`, which is delegated to `{}`",
                    endpoint.label(),
                    subnet.label(),
                    service.display()
                ),
                "a delegated subnet belongs to that service, and Azure does not offer it for a new endpoint; \
                 give endpoints a subnet of their own",
            )
            .related(service.place, "delegated here")
        });
    }
}
