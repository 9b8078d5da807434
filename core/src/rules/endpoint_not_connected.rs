//! Private endpoints that were rejected or cut.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "endpoint-not-connected",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A private endpoint whose connection was rejected or disconnected.",
    facts: &["F4.3"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let (endpoint, status) = (&link.endpoint.resource, &link.written.status);
        let cut = link.connects.clone().and(link.written.is_cut());
        cx.when(endpoint, cut, "whether the private endpoint is connected", || {
            let help = if status.is_word("Disconnected").is_true() {
                "it keeps its address and carries no traffic, for good; create a new endpoint and delete \
                 this one"
            } else {
                "it keeps its address and carries no traffic; have the connection approved, or delete the \
                 endpoint"
            };
            Finding::new(
                endpoint,
                status,
                format!(
                    "private endpoint `{}` has no connection to {}: `{}`",
                    endpoint.label(),
                    link.target(),
                    status.display()
                ),
                help,
            )
        });
    }
}
