//! A client that a vault refuses, and that is not on the list of trusted services.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity, shared};
use crate::azure::callers::Reach;
use crate::eval::Truth;
use crate::model::{Consumer, Subnet, Vault, is_deployed};
use crate::sim::{Caller, passes_public_gates};

pub(super) const RULE: Rule = Rule {
    slug: "untrusted-service-assumed",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A client that a vault refuses, and that is not on the list of trusted services.",
    facts: &[
        "F3.24", "F3.31", "F5.6", "F5.10", "F5.22", "F5.26", "F5.31", "F5.32", "F5.43", "F5.44", "F5.45",
    ],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.all_vaults() {
        let bypasses = vault.bypasses_trusted().of_any_age();
        for consumer in cx.model.clients_of(vault).filter(|consumer| !consumer.service.trusted) {
            // An app that relies on no exception is `app-outside-network`.
            let relies = if consumer.is_app() { bypasses.clone() } else { Truth::of(true) };
            if relies.is_false() {
                continue;
            }
            let refusal = refusal(cx, vault, consumer);
            let reason = format!("whether `{}` can reach the vault", consumer.resource.address);
            cx.when(&vault.resource, relies.and(refusal.holds), &reason, || {
                let (name, vault_name) = (consumer.resource.label(), vault.resource.label());
                let service = match consumer.is_known() {
                    true => consumer.service_name().to_owned(),
                    false => format!("type `{}`", consumer.service_name()),
                };
                let bypass = match bypasses.is_false() {
                    true => "`bypass` is `None`",
                    false => "`bypass` does not cover it",
                };
                Finding::new(
                    &consumer.resource,
                    &consumer.resource.body,
                    format!(
                        "`{name}` cannot reach vault `{vault_name}`: {service} is not on the list of trusted \
                         services"
                    ),
                    refusal.help,
                )
                .likely_if(refusal.likely || consumer.is_only_permitted(vault))
                .related(vault.firewall.bypass.place, bypass)
                .about(&consumer.resource, vault.resource.id.normal())
                .since(&vault.resource)
            });
        }
    }
}

/// That a vault refuses a consumer.
struct Refusal {
    holds: Truth,
    /// Whether something that the files do not show could let it in after all.
    likely: bool,
    help: &'static str,
}

fn refusal<'m>(cx: &Context<'m>, vault: &'m Vault, consumer: &'m Consumer) -> Refusal {
    if !consumer.subnets.is_empty() && consumer.is_known() {
        let (holds, likely) = refused_in_network(cx, vault, consumer);
        let help = "`bypass` lets only the services through that Azure lists, and the vault admits no subnet of this \
                    one; name the subnet in a virtual network rule, or give the vault a private endpoint whose zone is \
                    linked to its network";
        return Refusal { holds, likely, help };
    }
    match consumer.service.reach {
        Reach::Platform => Refusal {
            holds: cx.model.refuses(vault, consumer),
            // The list may lag behind: the documentation of some services relies on the exception (F5.31). And a rule may be
            // for this one.
            likely: !vault.bypasses_trusted().is_false() || !vault.firewall.ip_rules.any().is_false(),
            help: match consumer.is_made_with_certificate() {
                true => {
                    "while the environment is made, Azure reads the certificate from outside of its network, so a private \
                     endpoint does not serve it; make the environment without it and set it by a request that follows \
                     (`azapi_update_resource`, or a second deployment), or upload the certificate"
                }
                false => {
                    "this service calls from addresses of its own, not from a network of yours, so a private endpoint does \
                   not serve it; let in the addresses that its documentation or the audit log names, or a rule of a \
                   perimeter, or keep what it reads in a vault of its own that is open to it"
                }
            },
        },
        Reach::Sandbox => Refusal {
            holds: cx.model.refuses(vault, consumer),
            likely: false,
            help: "what it runs in Azure calls from addresses that change, so no IP rule can name them; run it on a Hybrid \
                   Runbook Worker in a network that the vault admits or that has a private endpoint",
        },
        Reach::Unknown => {
            // It may be in a network for all that is known, and an endpoint may be for it.
            let without = cx.model.has_endpoint(vault).negate();
            Refusal {
                holds: without.and(cx.model.is_closed_to(vault, consumer)),
                likely: true,
                help: "no rule is known to admit it, and nothing says that the exception for trusted services does; let in \
                       the addresses or the subnet that it calls from, as the audit log names them, or give the vault a \
                       private endpoint in its network",
            }
        }
        _ if cx.model.app_addresses(vault, consumer).is_some() => Refusal {
            holds: cx.model.refuses(vault, consumer),
            likely: true,
            help: shared::addresses_help(cx.model, vault, consumer),
        },
        _ => Refusal {
            holds: cx.model.refuses(vault, consumer),
            likely: false,
            help: "`bypass` lets only the services through that Azure lists, and this one calls from Azure's public \
                   addresses; connect it to a network that the vault admits or that has a private endpoint",
        },
    }
}

/// Whether a vault without a private endpoint refuses a consumer that calls from a network, and whether that is only
/// likely. Where there is an endpoint, it is about DNS, and rules about that say so.
fn refused_in_network<'m>(cx: &Context<'m>, vault: &'m Vault, consumer: &'m Consumer) -> (Truth, bool) {
    let no = (Truth::of(false), false);
    if vault.refuses_by_default().is_false() {
        return no;
    }
    let uses = consumer.uses(vault).and(is_deployed(&consumer.resource));
    let has_endpoint = cx.model.has_endpoint(vault);
    if uses.is_false() || !has_endpoint.is_false() {
        return no;
    }
    let caller = Caller::consumer(cx.model, consumer);
    let refused = uses.and(has_endpoint.negate()).and(passes_public_gates(cx.model, vault, &caller).negate());
    let elsewhere = cx.model.has_endpoint_elsewhere(vault);
    if !elsewhere.is_unknown() {
        return (refused.and(elsewhere.negate()), false);
    }
    // A private endpoint may be outside of the files; a service endpoint says that the other way is meant (F3.24). Where
    // there are IP rules, `service-endpoint-hides-ip` says so.
    let by_service_endpoint = calls_by_service_endpoint(cx, consumer)
        .and(vault.is_enabled())
        .and(vault.firewall.ip_rules.any().negate());
    match by_service_endpoint.is_false() {
        true => (refused.and(elsewhere.negate()), false),
        false => (refused.and(by_service_endpoint.or(elsewhere.negate())), true),
    }
}

/// Whether every subnet that a consumer calls from has the service endpoint.
fn calls_by_service_endpoint(cx: &Context, consumer: &Consumer) -> Truth {
    consumer.subnets.iter().fold(Truth::of(true), |all, id| {
        all.and(cx.model.subnet(id).map_or(Truth::of(false), Subnet::has_vault_service_endpoint))
    })
}
