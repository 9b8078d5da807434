//! A virtual network rule for the subnet of the vault's own private endpoint.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::model::{EndpointConnection, comes_with, identity};

pub(super) const RULE: Rule = Rule {
    slug: "endpoint-subnet-rule",
    group: Group::Firewall,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A virtual network rule for the subnet of the vault's own private endpoint.",
    facts: &["F3.10", "F4.10"],
    yields_to: &["missing-service-endpoint", "ignored-service-endpoint-check", "ineffective-firewall-rule"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (vault, rule) in cx.subnet_rules() {
        for EndpointConnection { endpoint, connects, .. } in cx.model.connections_of(vault) {
            let same = identity::same(&endpoint.subnet, &rule.id);
            let is_there = comes_with(&vault.resource, &endpoint.resource);
            let idle = rule.present.clone().and(connects).and(same).and(is_there);
            let reason = "whether a rule names the subnet of a private endpoint";
            cx.when(&vault.resource, idle, reason, || {
                let subnet = identity::last(&rule.id).unwrap_or_else(|| rule.id.clone());
                Finding::new(
                    &vault.resource,
                    &rule.id,
                    format!(
                        "a virtual network rule of vault `{}` does nothing for private endpoint `{}` in \
                         subnet `{}`",
                        vault.resource.label(),
                        endpoint.resource.label(),
                        subnet.display()
                    ),
                    "requests through a private endpoint pass without any rule; remove the rule, unless \
                     clients in that subnet use the public name of the vault over the service endpoint",
                )
                .about(&vault.resource, rule.id.normal())
                .related(Some(endpoint.resource.place), "the private endpoint")
                .unsafe_fix("remove the rule", Change::remove(&rule.value))
            });
        }
    }
}
