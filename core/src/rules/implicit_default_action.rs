//! A firewall that does not say what happens to those whom no rule names.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "implicit-default-action",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A firewall without `defaultAction`, which decides about clients that no rule matches.",
    facts: &["F1.31"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        let lacks = firewall.lacks_default_action();
        cx.when(&vault.resource, lacks, "whether `defaultAction` is set", || {
            let used = if vault.is_enabled().is_false() { Severity::Info } else { Severity::Warning };
            let deny = Literal::Text("Deny".to_owned());
            Finding::new(
                &vault.resource,
                &firewall.default_action,
                format!("`networkAcls` of vault `{}` has no `defaultAction`", vault.resource.label()),
                "Azure's tools take that for `Allow`, which lets everyone in and leaves the rules without \
                 effect; write `Deny`, or `Allow` if that is meant",
            )
            .severity(used)
            .unsafe_fix("refuse by default", Change::set(&firewall.value, "defaultAction", deny))
        });
    }
}
