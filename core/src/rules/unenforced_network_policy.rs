//! Security groups and route tables that do nothing for private endpoints.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::model::comes_with;
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    slug: "unenforced-network-policy",
    group: Group::PrivateEndpoint,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A security group or route table that has no effect on the private endpoint in its subnet.",
    facts: &["F4.20"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let mut seen = HashSet::new();
    for link in cx.model.connections() {
        let Some((subnet, is_there)) = cx.model.subnet_of(link.endpoint) else { continue };
        // One subnet, one finding, however many endpoints are in it.
        if subnet.resource.referenced || !seen.insert(subnet.resource.id.normal()) {
            continue;
        }
        let (group, table) = (subnet.ignores_security_group(), subnet.ignores_route_table());
        let what = match (group.is_true(), table.is_true()) {
            (true, true) => "security group and route table",
            (false, true) => "route table",
            _ => "security group",
        };
        let verb = if group.is_true() && table.is_true() { "do" } else { "does" };
        let is_there = is_there.and(comes_with(&subnet.resource, &link.endpoint.resource));
        let ignored = link.connects.clone().and(is_there).and(group.or(table));
        let reason = "whether network policies apply to the private endpoint";
        cx.when(&subnet.resource, ignored, reason, || {
            let finding = Finding::new(
                &subnet.resource,
                &subnet.network_policies,
                format!(
                    "the {what} of subnet `{}` {verb} nothing for private endpoint `{}`",
                    subnet.label(),
                    link.endpoint.resource.label()
                ),
                "`privateEndpointNetworkPolicies` is off unless a subnet says otherwise; set it to `Enabled` \
                 if traffic to the endpoint is to be filtered or routed",
            )
            .related(Some(link.endpoint.resource.place), "the private endpoint");
            let policies = &subnet.network_policies;
            let enabled = Literal::Text("Enabled".to_owned());
            let change = if policies.is_null() {
                Change::set(
                    &subnet.resource.body.get("properties"),
                    "privateEndpointNetworkPolicies",
                    enabled,
                )
            } else {
                Change::rewrite(&subnet.resource, policies, "Enabled")
            };
            finding.unsafe_fix("apply network policies to endpoints", change)
        });
    }
}
