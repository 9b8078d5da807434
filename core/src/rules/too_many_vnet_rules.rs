//! More virtual network rules than fit.

use super::too_many_ip_rules::count;
use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::limits;

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
        let limit = if vault.is_hsm { limits::HSM_VNET_RULES } else { limits::VAULT_VNET_RULES };
        let list = &vault.firewall.vnet_rules_value;
        let longer = list.is_longer_than(limit);
        let Some(assumed) = cx.decide(&vault.resource, longer, "whether there are too many subnets") else {
            continue;
        };
        let (message, help) = if vault.is_hsm {
            (
                "a managed HSM takes no `virtualNetworkRules`: it has no service endpoints".to_owned(),
                "Azure refuses the deployment; reach the HSM from virtual networks by a private endpoint",
            )
        } else {
            (
                format!(
                    "`virtualNetworkRules` has {} entries, and a vault takes {limit}",
                    count(&vault.firewall.vnet_rules, limit)
                ),
                "Azure refuses the deployment; reach the vault from these networks by private endpoints",
            )
        };
        cx.report(Finding::new(&vault.resource, list, assumed, message, help));
    }
}
