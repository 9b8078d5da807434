//! See `docs/runner-blocked.md`.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Truth, Unknowns};
use crate::lang::Resource;
use crate::model::Vault;
use crate::sim::{Caller, explain};
use std::net::IpAddr;

pub(super) const RULE: Rule = Rule {
    slug: "runner-blocked",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A secret, key or certificate that Terraform reads from outside of a vault that refuses outside clients.",
    facts: &["F3.29", "F7.4"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for vault in cx.all_vaults() {
        let contents = model.contents_of(vault);
        let Some((first, ..)) = contents.first() else { continue };
        let written = contents.iter().fold(Truth::of(false), |any, (_, own, _)| any.or(own.clone()));
        let runners = runners(cx);
        if !runners.is_empty() {
            check_runners(cx, vault, first, &written, runners);
            continue;
        }
        let closed =
            vault.is_disabled().or(vault.firewall.has_rules().negate()).and(vault.refuses_by_default());
        let outside = written.and(model.is_in_perimeter(vault).negate());
        let blocked = outside.clone().and(closed);
        // Some are let in, and the configuration does not say whether the runner is one of them.
        let ruled = outside.and(vault.refuses_by_default()).and(vault.firewall.has_rules());
        let blocked = match blocked.is_false() && ruled.is_true() {
            true => Truth::Unknown(Unknowns::of("where Terraform runs")),
            false => blocked,
        };
        let reason = "whether it lets in who runs Terraform";
        cx.when(&vault.resource, blocked, reason, || {
            let others = match contents.len() {
                1 => String::new(),
                2 => " and one other".to_owned(),
                more => format!(" and {} others", more - 1),
            };
            // Where there is an endpoint, the runner may well be in its network.
            let is_reachable = !model.has_endpoint(vault).is_false();
            let severity = if is_reachable { Severity::Info } else { Severity::Warning };
            Finding::new(
                first,
                &first.name,
                format!(
                    "`{}`{others} can only be planned from inside the network of vault `{}`, which refuses \
                     all others",
                    first.address,
                    vault.resource.label()
                ),
                "every plan reads it through the data plane, and a hosted agent gets 403; run Terraform in \
                 the network, or write the secret through the control plane: `azapi_resource` of type \
                 `Microsoft.KeyVault/vaults/secrets`",
            )
            .severity(severity)
            .related(Some(vault.resource.place), "the vault")
        });
    }
}

/// More runners than these are not asked for.
const MAX_RUNNERS: usize = 20;

/// Where pipelines run, as the configuration says; an error names a subnet that is not in the files.
fn runners<'m>(cx: &Context<'m>) -> Vec<Result<Caller<'m>, String>> {
    let known = &cx.model.site;
    let addresses = known.runner_addresses.iter();
    let addresses =
        addresses.map(|address| Ok(Caller::at(cx.model, &format!("ip:{address}"), IpAddr::V4(*address))));
    let subnets = known.runner_subnets.iter();
    let subnets = subnets.map(|name| {
        Caller::parse(cx.model, &format!("subnet:{name}"))
            .map_err(|_| format!("subnet `{name}` of the runners"))
    });
    addresses.chain(subnets).take(MAX_RUNNERS).collect()
}

/// The first runner that the vault refuses, if any.
fn check_runners<'m>(
    cx: &mut Context<'m>,
    vault: &'m Vault,
    first: &'m Resource,
    written: &Truth,
    runners: Vec<Result<Caller<'m>, String>>,
) {
    for runner in runners {
        let (label, refused, because) = match runner {
            Ok(runner) => {
                let decision = explain(cx.model, vault, runner);
                let (because, refused) = (decision.because(), decision.refused());
                (decision.caller.label, refused, because)
            }
            Err(unknown) => (unknown.clone(), Truth::Unknown(Unknowns::of(unknown)), String::new()),
        };
        let reason = format!("whether it lets in {label}, where pipelines run");
        let blocked = written.clone().and(refused);
        let reported = cx.when(&vault.resource, blocked, &reason, || {
            Finding::new(
                first,
                &first.name,
                format!(
                    "`{}` cannot be planned where pipelines run: vault `{}` refuses {label}",
                    first.address,
                    vault.resource.label()
                ),
                format!("{because}; let the runner in, or write the secret through the control plane"),
            )
            .related(Some(vault.resource.place), "the vault")
        });
        if reported {
            return;
        }
    }
}
