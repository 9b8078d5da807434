//! Settings that need trusted services, beside a firewall that refuses them.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::eval::Truth;

pub(super) const RULE: Rule = Rule {
    slug: "bypass-conflict",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "Settings that need trusted services, beside a firewall that refuses them.",
    facts: &["F1.37"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let flags = ["enabledForDeployment", "enabledForDiskEncryption"];
        let set = flags.map(|flag| (flag, vault.property(&[flag]).is_true()));
        let any = set.iter().fold(Truth::of(false), |any, (_, is_set)| any.or(is_set.clone()));
        let refuses = vault.bypasses_trusted().negate();
        let conflict = refuses.and(any);
        cx.when(&vault.resource, conflict, "whether `bypass` admits what the vault needs", || {
            let named: Vec<String> =
                set.iter().filter(|(_, set)| set.is_true()).map(|(flag, _)| format!("`{flag}`")).collect();
            let verb = if named.len() == 1 { "needs" } else { "need" };
            let admit = Literal::Text("AzureServices".to_owned());
            // That Azure checks this on a vault without public access has not been seen.
            let severity = if vault.is_enabled().is_true() { Severity::Error } else { Severity::Warning };
            let mut finding = Finding::new(
                &vault.resource,
                &vault.firewall.bypass,
                format!(
                    "{} of vault `{}` {verb} trusted services, and `bypass` is `None`",
                    named.join(" and "),
                    vault.resource.label()
                ),
                "Azure refuses the two together; let trusted services pass with `AzureServices`, or set the \
                 flag to false if no machine takes certificates or disk keys from this vault",
            )
            .severity(severity)
            .unsafe_fix("let trusted services pass", Change::set(&vault.firewall.value, "bypass", admit));
            for (flag, _) in set.iter().filter(|(_, set)| set.is_true()) {
                finding = finding.related(vault.property(&[flag]).place, "this needs trusted services");
            }
            finding
        });
    }
}
