//! A client that trusts in `bypass`, and is no trusted service.

use super::{Check, Context, Finding, Profile, Rule, Severity};

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
            let refused = bypasses.clone().and(cx.model.refuses(vault, consumer));
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
                    "`bypass` lets only the services through that Azure lists, and this one calls from Azure's public \
                     addresses; connect it to a network that the vault admits or that has a private endpoint",
                )
                .related(vault.firewall.bypass.place, "`bypass` does not cover it"),
            );
        }
    }
}
