//! Private endpoints that the owner of the vault has to approve.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "endpoint-awaits-approval",
    group: Group::PrivateEndpoint,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint that carries no traffic until the vault's owner approves it.",
    facts: &["F4.2", "F4.3", "F5.42"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    managed(cx);
    for link in cx.model.connections() {
        let (endpoint, connection) = (&link.endpoint.resource, link.written);
        let awaits = link.connects.clone().and(connection.awaits_approval());
        cx.when(endpoint, awaits, "whether the private endpoint awaits approval", || {
            let name = endpoint.label();
            let (value, message) = if connection.status.is_null() {
                let target = link.target();
                (
                    &connection.value,
                    format!(
                        "private endpoint `{name}` asks the owner of {target} for approval and works only \
                         after it"
                    ),
                )
            } else {
                (
                    &connection.status,
                    format!("private endpoint `{name}` to {} still awaits approval", link.target()),
                )
            };
            Finding::new(
                endpoint,
                value,
                message,
                "it has an address already, and maybe a DNS record, but carries no traffic; have the \
                 connection approved, or do not make it a manual connection if the deploying identity may \
                 approve it",
            )
        });
    }
}

/// Managed private endpoints, which always wait (F5.42).
fn managed(cx: &mut Context) {
    for vault in cx.vaults() {
        for (endpoint, connects) in cx.model.managed_endpoints_of(vault) {
            let status = &endpoint.status;
            let awaits = match status.is_null() {
                true => cx.model.is_approved(endpoint, vault).negate(),
                false => status.is_word("Pending"),
            };
            let resource = &endpoint.resource;
            let reason = "whether the managed private endpoint awaits approval";
            cx.when(resource, connects.and(awaits), reason, || {
                let place = if status.is_null() { &endpoint.target } else { status };
                let (name, vault) = (identity::label(&resource.id), vault.resource.label());
                Finding::new(
                    resource,
                    place,
                    format!(
                        "managed private endpoint `{name}` carries no traffic until the owner of vault \
                         `{vault}` approves it"
                    ),
                    "until then the vault's firewall decides about the service; approve the connection in \
                     the vault, by hand or as part of the deployment",
                )
            });
        }
    }
}
