//! See `docs/secret-before-network.md`.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::model::{EndpointConnection, is_made_before};

pub(super) const RULE: Rule = Rule {
    slug: "secret-before-network",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A secret, key or certificate that Terraform may write before it can reach the vault.",
    facts: &["F7.5", "F3.20"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let closed = vault.is_disabled();
        if closed.is_false() {
            continue;
        }
        let connections = cx.model.connections_of(vault);
        for (content, own, before) in cx.model.contents_of(vault) {
            for EndpointConnection { endpoint, connects, .. } in &connections {
                let endpoint = &endpoint.resource;
                if endpoint.referenced || endpoint.provider.is_none() || is_made_before(endpoint, before) {
                    continue;
                }
                let early = closed.clone().and(own.clone()).and(connects.clone());
                let reason = "whether it is written before the private endpoint is there";
                let reported = cx.when(content, early, reason, || {
                    Finding::new(
                        content,
                        &content.name,
                        format!(
                            "`{}` may be written before private endpoint `{}` is there, and vault `{}` \
                             refuses every client without it",
                            content.address,
                            endpoint.label(),
                            vault.resource.label()
                        ),
                        "Terraform makes at the same time what does not depend on each other, and destroys in the reverse order: add \
                         `depends_on` with the endpoint and the link of its DNS zone, and run it inside the \
                         network",
                    )
                    .related(Some(endpoint.place), "the private endpoint")
                });
                if reported {
                    break;
                }
            }
        }
    }
}
