//! A vault written for an API version that retires.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::versions::{FIRST_NOT_RETIRING, NEWEST_VAULT, RETIREMENT_DATE};

pub(super) const RULE: Rule = Rule {
    slug: "retiring-api-version",
    group: Group::Firewall,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault written for an API version that Azure retires.",
    facts: &["F1.2", "F1.14"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let version = &vault.resource.api_version;
        if version.is_null() {
            continue;
        }
        let old = vault.is_older_than(FIRST_NOT_RETIRING);
        cx.when(&vault.resource, old, "whether the API version retires", || {
            Finding::new(
                &vault.resource,
                version,
                format!("API version `{}` of vaults retires on {RETIREMENT_DATE}", version.display()),
                format!(
                    "templates that name it fail from then on; move to `{NEWEST_VAULT}`, and write \
                     `enableRbacAuthorization`, whose default there is true"
                ),
            )
            .unsafe_fix(
                format!("use API version {NEWEST_VAULT}"),
                Change::replace(version, Literal::Text(NEWEST_VAULT.to_string())),
            )
        });
    }
}
