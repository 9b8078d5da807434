//! A virtual network rule for a subnet without the service endpoint of Key Vault.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names::KEY_VAULT_SERVICE;
use crate::fixes;

pub(super) const RULE: Rule = Rule {
    slug: "missing-service-endpoint",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A virtual network rule for a subnet without the service endpoint of Key Vault.",
    facts: &["F1.36", "F4.10"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for vault in cx.vaults().filter(|vault| vault.service.has_subnet_rules()) {
        for rule in vault.firewall.subnet_rules() {
            let ignored = rule.ignores_missing_endpoint.is_true();
            let Some((subnet, lacks)) = model.unserved_subnet(vault, &rule) else { continue };
            let refused = lacks.and(ignored.negate());
            let mut endpoints = cx.all_endpoints();
            let reason = "whether the subnet of a rule has the service endpoint";
            cx.when(&vault.resource, refused, reason, || {
                let mut help = "Azure refuses the rule, and with it the vault; give the subnet the service \
                                endpoint"
                    .to_owned();
                let endpoint = endpoints.find(|endpoint| {
                    crate::model::identity::same(&endpoint.subnet, &subnet.resource.id).is_true()
                });
                if endpoint.is_some() {
                    help.push_str(", or remove the rule: the private endpoint in the subnet needs none");
                }
                let name = subnet.resource.label();
                let mut finding = Finding::new(
                    &vault.resource,
                    &rule.id,
                    format!(
                        "a virtual network rule of vault `{}` names subnet `{name}`, which has no service \
                         endpoint `{KEY_VAULT_SERVICE}`",
                        vault.resource.label()
                    ),
                    help,
                )
                .about(&vault.resource, rule.id.normal())
                .related(Some(subnet.resource.place), "the subnet")
                .unsafe_fix("give the subnet the service endpoint", fixes::add_service_endpoint(subnet));
                if let Some(endpoint) = endpoint {
                    finding =
                        finding.related(Some(endpoint.resource.place), "the private endpoint in the subnet");
                }
                finding
            });
        }
    }
}
