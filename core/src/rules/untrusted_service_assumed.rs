//! A client that trusts in `bypass`, and is no trusted service.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::eval::Truth;
use crate::model::{Consumer, Vault, is_deployed};
use crate::sim::{Caller, passes_public_gates};

pub(super) const RULE: Rule = Rule {
    slug: "untrusted-service-assumed",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A client that trusts in `bypass`, and is no trusted service.",
    facts: &["F3.31", "F5.6", "F5.10", "F5.22", "F5.26"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let bypasses = vault.bypasses_trusted();
        if bypasses.is_false() {
            continue;
        }
        for consumer in cx.model.clients_of(vault).filter(|consumer| !consumer.service.trusted) {
            let (refused, help) = match consumer.subnets.is_empty() {
                true => (
                    cx.model.refuses(vault, consumer),
                    "`bypass` lets only the services through that Azure lists, and this one calls from Azure's public \
                     addresses; connect it to a network that the vault admits or that has a private endpoint",
                ),
                false => (
                    refused_in_network(cx, vault, consumer),
                    "`bypass` lets only the services through that Azure lists, and the vault admits no subnet of this \
                     one; name the subnet in a virtual network rule, or give the vault a private endpoint whose zone is \
                     linked to its network",
                ),
            };
            let refused = bypasses.clone().and(refused);
            let reason = format!("whether `{}` can reach the vault", consumer.resource.address);
            let Some(assumed) = cx.decide(&vault.resource, refused, &reason) else { continue };
            let service = consumer.service.name;
            let name = consumer.resource.label();
            let vault_name = vault.resource.label();
            cx.report(
                Finding::new(
                    &consumer.resource,
                    &consumer.resource.body,
                    assumed,
                    format!("`{name}` cannot reach vault `{vault_name}`: {service} is no trusted service"),
                    help,
                )
                .related(vault.firewall.bypass.place, "`bypass` does not cover it")
                .since(&vault.resource),
            );
        }
    }
}

/// Whether a vault without a private endpoint refuses a consumer that calls from a network. Where there is an endpoint,
/// it is about DNS, and rules about that speak.
fn refused_in_network<'m>(cx: &Context<'m>, vault: &'m Vault, consumer: &'m Consumer) -> Truth {
    if vault.refuses_by_default().is_false() {
        return Truth::of(false);
    }
    let uses = consumer.uses(vault).and(is_deployed(&consumer.resource));
    let has_endpoint = cx.model.has_endpoint(vault);
    if uses.is_false() || !has_endpoint.is_false() {
        return Truth::of(false);
    }
    let without = has_endpoint.negate().and(cx.model.has_endpoint_elsewhere(vault).negate());
    let caller = Caller::consumer(cx.model, consumer);
    uses.and(without).and(passes_public_gates(cx.model, vault, &caller).negate())
}
