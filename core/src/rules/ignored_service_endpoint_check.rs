//! A virtual network rule that matches nothing, since its subnet has no service endpoint.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names::KEY_VAULT_SERVICE;
use crate::fixes;

pub(super) const RULE: Rule = Rule {
    slug: "ignored-service-endpoint-check",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A virtual network rule that matches no request, since its subnet has no service endpoint.",
    facts: &["F1.36"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults().filter(|vault| vault.service.has_subnet_rules()) {
        for rule in vault.firewall.subnet_rules() {
            let ignored = rule.ignores_missing_endpoint.is_true();
            let Some((subnet, lacks)) = cx.model.unserved_subnet(vault, &rule) else { continue };
            let idle = ignored.and(lacks);
            let reason = "whether a rule that skips the check for the service endpoint matches anything";
            cx.when(&vault.resource, idle, reason, || {
                Finding::new(
                    &vault.resource,
                    &rule.ignores_missing_endpoint,
                    format!(
                        "a virtual network rule of vault `{}` skips the check for the service endpoint, and \
                         subnet `{}` has no `{KEY_VAULT_SERVICE}`",
                        vault.resource.label(),
                        subnet.resource.label()
                    ),
                    "Azure stores the rule, which admits no client until the subnet has the service \
                     endpoint; add it",
                )
                .about(&vault.resource, rule.id.normal())
                .related(Some(subnet.resource.place), "the subnet")
                .unsafe_fix("give the subnet the service endpoint", fixes::add_service_endpoint(subnet))
            });
        }
    }
}
