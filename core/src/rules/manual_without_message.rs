//! See `docs/manual-without-message.md`.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::limits::REQUEST_MESSAGE_LENGTH;

pub(super) const RULE: Rule = Rule {
    slug: "manual-without-message",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A manual connection without a message to the approver, which Terraform refuses.",
    facts: &["F4.2", "F7.10"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let endpoint = &link.endpoint.resource;
        let is_checked = endpoint.provider.as_ref().is_some_and(|provider| provider.checks());
        if !is_checked || endpoint.referenced || !link.written.manual {
            continue;
        }
        // A connection of which it is open whether it is manual is in both lists.
        let is_manual = link.endpoint.connections.iter().all(|connection| connection.manual);
        let silent = link.written.message.is_set().negate().and(link.connects.clone());
        let reason = "whether its manual connection has a request message";
        if silent.is_true() && !is_manual {
            continue;
        }
        cx.when(endpoint, silent, reason, || {
            Finding::new(
                endpoint,
                &link.written.message,
                format!(
                    "the manual connection of private endpoint `{}` has no `request_message`",
                    endpoint.label()
                ),
                format!(
                    "the provider refuses the plan; say in up to {REQUEST_MESSAGE_LENGTH} characters who \
                     asks and why, or let the connection be approved by itself"
                ),
            )
        });
    }
}
