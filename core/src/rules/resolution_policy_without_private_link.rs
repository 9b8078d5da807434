//! Links that ask public DNS for the names of a zone that has nothing to do with private link.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::{Kind, Truth, Value};

pub(super) const RULE: Rule = Rule {
    slug: "resolution-policy-without-private-link",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A link with `resolutionPolicy: NxDomainRedirect` of a zone that is not a private link zone.",
    facts: &["F4.43", "F12.7"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (link, deployed) in cx.zone_links() {
        // What Azure shows of one that is there was accepted.
        if link.resource.is_shown() {
            continue;
        }
        let redirects = link.resolution_policy.is_word("NxDomainRedirect");
        let other = is_private_link(&link.zone_name).negate();
        let refused = redirects.and(other).and(deployed);
        // Almost every zone is a good one: what is open as a whole is not worth a word.
        let is_open = [&link.resolution_policy, &link.zone_name]
            .iter()
            .any(|value| matches!(value.kind, Kind::Term(_)));
        if refused.is_unknown() && is_open {
            continue;
        }
        let reason = "whether the zone is one of private link";
        cx.when(&link.resource, refused, reason, || {
            Finding::new(
                &link.resource,
                &link.resolution_policy,
                format!(
                    "link `{}` falls back to public DNS, and zone `{}` is not a private link zone",
                    link.resource.label(),
                    link.zone_name.display()
                ),
                "Azure takes `NxDomainRedirect` on links of `privatelink` zones only and refuses the \
                 deployment; leave `resolutionPolicy` out of the links of other zones",
            )
            .safe_fix("remove `resolutionPolicy`", own(&link.resource, &link.resolution_policy))
        });
    }
}

/// The change that removes the policy where it is written in this link alone.
fn own(link: &crate::lang::Resource, policy: &Value) -> Option<Change> {
    let is_own = link.holds(policy) && policy.as_text().is_some() && policy.assumed.is_empty();
    is_own.then(|| Change::remove(policy)).flatten()
}

/// Whether a zone's name is one that private link uses: a part of it is `privatelink`, as in those with a region.
fn is_private_link(name: &Value) -> Truth {
    name.test(&|name| {
        let pieces = name.pieces();
        let texts = pieces.iter().filter_map(Value::as_text);
        let has = texts.clone().any(|text| text.to_ascii_lowercase().contains("privatelink"));
        match &name.kind {
            _ if has => Some(true),
            Kind::Text(_) => Some(false),
            _ => None,
        }
    })
}
