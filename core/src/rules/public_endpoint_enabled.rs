//! A vault whose public endpoint is on, although its firewall refuses by default.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::fixes;

pub(super) const RULE: Rule = Rule {
    slug: "public-endpoint-enabled",
    group: Group::Firewall,
    severity: Severity::Info,
    profile: Profile::Strict,
    fixable: true,
    summary: "A vault whose public endpoint is on, although its firewall refuses by default.",
    facts: &["F1.22", "F6.20", "F6.33"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let enabled = vault.is_enabled().and(vault.refuses_by_default());
        cx.when(&vault.resource, enabled, "whether the public endpoint is on", || {
            let how = if vault.public_network_access.is_null() {
                "`publicNetworkAccess` is not set, which means `Enabled`"
            } else {
                "`publicNetworkAccess` is `Enabled`"
            };
            let mut finding = Finding::new(
                &vault.resource,
                &vault.public_network_access,
                format!(
                    "vault `{}` keeps its public endpoint behind a firewall: {how}",
                    vault.resource.label()
                ),
                "the policy that wants vaults closed to the public accepts `Disabled` alone; set it once \
                 every client has a private endpoint, since it turns the rules of the firewall off too",
            );
            // Without another way in, or with rules that would lose their effect, it takes more than one word.
            let has_endpoint = cx.model.connections_of(vault).iter().any(|own| own.connects.is_true());
            if has_endpoint && vault.firewall.has_rules().is_false() {
                finding = finding.unsafe_fix("disable public access", fixes::disable_public_access(vault));
            }
            finding
        });
    }
}
