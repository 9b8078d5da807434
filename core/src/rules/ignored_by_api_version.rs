//! A setting that the vault's API version does not know.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::ApiVersion;
use crate::azure::versions::{NEWEST_VAULT, RBAC_BY_DEFAULT, VAULT_VERSIONS};
use crate::eval::Value;
use crate::lang::Resource;
use crate::model::Vault;

pub(super) const RULE: Rule = Rule {
    slug: "ignored-by-api-version",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A setting that the vault's API version does not have.",
    facts: &["F1.3", "F1.4", "F1.14"],
    yields_to: &[],
    check: Check::Model(check),
};

/// Settings that decide who can use the vault.
const SETTINGS: [&str; 3] = ["networkAcls", "publicNetworkAccess", "enableRbacAuthorization"];

fn check(cx: &mut Context) {
    for vault in cx.vaults().filter(|vault| !vault.resource.api_version.is_null()) {
        for setting in SETTINGS {
            let Some(since) = vault.service.property_since(setting) else { continue };
            let value = vault.property(&[setting]);
            let unknown = value.is_set().and(vault.is_older_than(since));
            let reason = format!("whether its API version knows `{setting}`");
            cx.when(&vault.resource, unknown, &reason, || {
                let version = &vault.resource.api_version;
                let target = version_with_same_defaults(vault);
                let finding = Finding::new(
                    &vault.resource,
                    &value,
                    format!(
                        "vault `{}` sets `{setting}`, which API version `{}` does not have: {since} is the \
                         first that does",
                        vault.resource.label(),
                        version.display()
                    ),
                    "whether Azure applies it is not documented, so the vault may be deployed without it; \
                     use a newer API version",
                )
                .related(version.place, "the API version");
                let title = format!("use API version {target}");
                let change = Change::replace(version, Literal::Text(target.to_string()));
                match may_refuse_more(vault) {
                    true => finding.unsafe_fix(title, change),
                    false => finding.safe_fix(title, change),
                }
            });
        }
    }
}

/// Whether a version that has all of the settings may refuse someone who is let in now: by closing the public endpoint, or
/// by ignoring the access policies.
fn may_refuse_more(vault: &Vault) -> bool {
    // Without a version nothing says that a setting is too new.
    let resource = Resource { api_version: Value::null(), ..vault.resource.clone() };
    let newer = Vault { resource, ..vault.clone() };
    let closes = newer.is_open().negate().and(vault.refuses_by_default().negate());
    let roles = vault.property(&["enableRbacAuthorization"]).is_true();
    !closes.or(roles.and(vault.applies("enableRbacAuthorization").negate())).is_false()
}

/// The newest stable version that gives the properties the vault does not set the defaults they have now (F1.14).
fn version_with_same_defaults(vault: &Vault) -> ApiVersion {
    if vault.property(&["enableRbacAuthorization"]).is_set().is_true() {
        return NEWEST_VAULT;
    }
    let stable =
        VAULT_VERSIONS.iter().rev().find(|version| !version.is_preview() && **version < RBAC_BY_DEFAULT);
    stable.copied().unwrap_or(NEWEST_VAULT)
}
