//! Static addresses for a part of a vault that it does not have.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::names::ENDPOINT_MEMBER;

pub(super) const RULE: Rule = Rule {
    slug: "wrong-member-name",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A static address of a vault's private endpoint whose member is not `default`.",
    facts: &["F4.6", "F7.10"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for link in cx.model.connections() {
        let endpoint = &link.endpoint.resource;
        for address in link.endpoint.static_addresses() {
            let wrong = address.member.is_word(ENDPOINT_MEMBER).negate();
            let wrong = link.connects.clone().and(address.present.clone()).and(wrong);
            cx.when(endpoint, wrong, "whether the static address names the right member", || {
                let is_set = !address.member.is_null();
                let said = if is_set {
                    format!("names member `{}`", address.member.display())
                } else {
                    "names no member".to_owned()
                };
                let mut finding = Finding::new(
                    endpoint,
                    &address.member,
                    format!("a static address of private endpoint `{}` {said}", endpoint.label()),
                    format!(
                        "the only member of a {} is `{ENDPOINT_MEMBER}`, and Azure asks for an address for \
                         it by that name",
                        link.service.noun
                    ),
                );
                if !is_set {
                    // What Azure does without any name is not known.
                    finding = finding.severity(Severity::Warning);
                }
                let inner = address.value.get("properties");
                let holder = if inner.is_null() { &address.value } else { &inner };
                let change = if is_set {
                    Change::rewrite(endpoint, &address.member, ENDPOINT_MEMBER)
                } else {
                    Change::set(holder, "memberName", Literal::Text(ENDPOINT_MEMBER.to_owned()))
                };
                finding.safe_fix(format!("name `{ENDPOINT_MEMBER}`"), change)
            });
        }
    }
}
