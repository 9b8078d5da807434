//! Links that leave other people's vaults without an answer.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::versions::{ApiVersion, RESOLUTION_POLICY};
use crate::lang::Resource;
use crate::model::dns;

pub(super) const RULE: Rule = Rule {
    slug: "nxdomain-for-foreign-vaults",
    group: Group::Dns,
    severity: Severity::Info,
    profile: Profile::Strict,
    fixable: true,
    summary: "A zone link without `resolutionPolicy: NxDomainRedirect`.",
    facts: &["F4.43", "F4.51"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (link, deployed) in cx.zone_links() {
        let private = dns::is_private_zone(&link.zone_name);
        if private.is_unknown() {
            continue;
        }
        let redirects = link.resolution_policy.is_word("NxDomainRedirect");
        let stuck = private.and(redirects.negate()).and(deployed);
        let reason = "whether the link falls back to public DNS";
        cx.when(&link.resource, stuck, reason, || {
            let mut finding = Finding::new(
                &link.resource,
                &link.resolution_policy,
                format!(
                    "other people's vaults do not resolve in a network linked to `{}`",
                    link.zone_name.display()
                ),
                "a vault with a private endpoint elsewhere has no record here, and the answer is NXDOMAIN; \
                 set `resolutionPolicy` to `NxDomainRedirect` (API 2024-06-01) to ask public DNS then",
            );
            if let Some(changes) = changes(&link.resource) {
                finding = finding.unsafe_fix("ask public DNS for what has no record", changes);
            }
            finding
        });
    }
}

/// Sets the policy, with an API version that has it.
fn changes(link: &Resource) -> Option<Vec<Change>> {
    let policy = Literal::Text("NxDomainRedirect".to_owned());
    let mut changes = vec![Change::set(&link.body.get("properties"), "resolutionPolicy", policy)?];
    let version = link.api_version.as_text().and_then(ApiVersion::parse)?;
    if version < RESOLUTION_POLICY {
        changes.push(Change::replace(&link.api_version, Literal::Text(RESOLUTION_POLICY.to_string()))?);
    }
    Some(changes)
}
