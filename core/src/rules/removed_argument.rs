//! See `docs/removed-argument.md`.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Value;
use crate::lang::Resource;

pub(super) const RULE: Rule = Rule {
    slug: "removed-argument",
    group: Group::Callers,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An argument that version 5 of `azurerm`, which the module allows, no longer has or now requires.",
    facts: &["F7.8", "F7.12", "F7.13", "F7.14", "F7.15", "F7.23"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for resource in all(cx) {
        for (name, place) in resource.provider.iter().flat_map(|provider| &provider.wanted) {
            cx.report(Finding::new(
                resource,
                &Value::null().at(Some(*place)),
                format!("version 5 of `azurerm` requires the argument `{name}`, which `{}` lacks", resource.address),
                "what the module requires admits that version, which refuses the resource without it: the default that it \
                 had is gone; write what the vault is to have",
            ));
        }
        let removed = resource.provider.as_ref().map_or(&[][..], |provider| provider.removed.as_slice());
        for argument in removed {
            cx.report(Finding::new(
                resource,
                &Value::null().at(Some(argument.place)),
                format!("version 5 of `azurerm` has no argument `{}` in `{}`", argument.name, resource.address),
                format!(
                    "what the module requires admits that version, and the next upgrade fails; write `{}`, or require a \
                     version below 5",
                    argument.instead
                ),
            ));
        }
    }
}

/// The resources that have such arguments.
fn all<'m>(cx: &Context<'m>) -> Vec<&'m Resource> {
    let mut found: Vec<&Resource> = Vec::new();
    found.extend(cx.vaults().map(|vault| &vault.resource));
    found.extend(cx.zone_links().map(|(link, _)| &link.resource));
    found.extend(cx.records().map(|(record, _)| &record.resource));
    found.extend(cx.subnets().map(|(subnet, _)| &subnet.resource));
    found.extend(cx.diagnostic_settings().map(|(setting, _)| &setting.resource));
    found
}
