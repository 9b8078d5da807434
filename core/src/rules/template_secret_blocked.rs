//! A deployment that reads a secret of a vault which refuses deployments.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::Feature;
use crate::azure::names;
use crate::eval::Unknowns;
use crate::model::{Vault, comes_with, identity, property};

pub(super) const RULE: Rule = Rule {
    slug: "template-secret-blocked",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A deployment that reads a secret from a vault that refuses deployments.",
    facts: &["F1.16", "F3.28"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (deployment, _) in cx.others(names::DEPLOYMENT) {
        let parameters = property(deployment, &["parameters"]);
        let Some(parameters) = parameters.as_object() else { continue };
        // One vault that is only named by its id is enough to know that the question is open.
        let elsewhere = parameters.fields().iter().find_map(|field| {
            let id = field.value.path(&["reference", "keyVault", "id"]);
            let is_here = |vault: &Vault| !identity::same(&id, &vault.resource.id).is_false();
            (!id.is_null() && !cx.all_vaults().any(is_here)).then_some(id)
        });
        if let Some(id) = elsewhere {
            let depends = Unknowns::of(format!("the settings of vault `{}`", identity::label(&id)));
            let reason = format!("whether deployment `{}` can read its secrets", deployment.label());
            cx.leave_open(deployment, depends, &reason);
        }
        for vault in cx.all_vaults().filter(|vault| vault.has(Feature::TemplateSecrets)) {
            // One vault that refuses is one cause, however many secrets it is asked for.
            let read = parameters.fields().iter().find_map(|field| {
                let id = field.value.path(&["reference", "keyVault", "id"]);
                let same = identity::same(&id, &vault.resource.id);
                (!same.is_false()).then_some((field, same))
            });
            let Some((field, same)) = read else { continue };
            let same = same.and(comes_with(&vault.resource, deployment));
            let flag = vault.property(&["enabledForTemplateDeployment"]);
            let not_allowed = flag.is_true().negate();
            let shut = shuts_out_deployments(cx, vault);
            let is_flag = !not_allowed.is_false();
            let reason = format!("whether deployment `{}` can read its secrets", deployment.label());
            cx.when(deployment, same.and(not_allowed.or(shut)), &reason, || {
                let (place, why) = if is_flag {
                    (&flag, "`enabledForTemplateDeployment` is not true")
                } else {
                    (&vault.firewall.bypass, "its firewall refuses trusted services")
                };
                let set = if is_flag {
                    let properties = vault.resource.body.get("properties");
                    Change::set(&properties, "enabledForTemplateDeployment", Literal::Bool(true))
                } else {
                    Change::set(&vault.firewall.value, "bypass", Literal::Text("AzureServices".to_owned()))
                };
                Finding::new(
                    &vault.resource,
                    place,
                    format!(
                        "deployment `{}` cannot read parameter `{}` from vault `{}`: {why}",
                        deployment.label(),
                        field.key,
                        vault.resource.label()
                    ),
                    "Azure itself reads the secret, as a trusted service that the vault has to allow; it \
                     fails with `KeyVaultParameterReferenceSecretRetrieveFailed`",
                )
                .related(field.value.place, "the secret is asked for here")
                .unsafe_fix("let deployments read secrets", set)
            });
        }
    }
}

fn shuts_out_deployments(cx: &Context, vault: &Vault) -> crate::eval::Truth {
    let refuses = vault.refuses_by_default().and(vault.bypasses_trusted().negate());
    refuses.and(cx.model.is_in_perimeter(vault).negate())
}
