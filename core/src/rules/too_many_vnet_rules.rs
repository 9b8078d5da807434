//! More virtual network rules than fit.

use super::shared::count;
use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "too-many-vnet-rules",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "More virtual network rules than Azure allows.",
    facts: &["F1.38", "F1.51"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let service = vault.service;
        let (noun, it, limit) = (service.noun, service.short_noun, service.max_subnet_rules);
        let list = &vault.firewall.vnet_rules_value;
        let longer = list.is_longer_than(limit);
        cx.when(&vault.resource, longer, "whether there are too many subnets", || {
            let (message, help) = if service.has_subnet_rules() {
                let entries = count(&vault.firewall.vnet_rules, limit);
                (
                    format!("`virtualNetworkRules` has {entries} entries, and a {noun} takes {limit}"),
                    format!(
                        "Azure refuses the deployment; reach the {it} from these networks by private \
                         endpoints"
                    ),
                )
            } else {
                (
                    format!("a {noun} takes no `virtualNetworkRules`: it has no service endpoints"),
                    format!(
                        "Azure refuses the deployment; reach the {it} from virtual networks by a private \
                         endpoint"
                    ),
                )
            };
            Finding::new(&vault.resource, list, message, help)
        });
    }
}
