//! An app that uses a closed vault, and calls it from Azure's public addresses.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity, shared};

pub(super) const RULE: Rule = Rule {
    slug: "app-outside-network",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An app that calls a vault from Azure's public addresses, which the vault's firewall refuses.",
    facts: &["F5.1", "F5.7", "F5.44"],
    yields_to: &["untrusted-service-assumed"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for vault in cx.all_vaults() {
        for app in model.clients_of(vault).filter(|client| client.is_app()) {
            let refused = model.refuses(vault, app);
            let reason = format!("whether `{}` can reach the vault", app.resource.address);
            cx.when(&vault.resource, refused, &reason, || {
                let by_addresses = model.app_addresses(vault, app).is_some();
                let help = match by_addresses {
                    true => shared::addresses_help(model, vault, app),
                    false => {
                        "the app calls from Azure's public addresses, which the vault refuses; give it \
                         `virtualNetworkSubnetId`, and its network a private endpoint, or name its subnet in \
                         the vault"
                    }
                };
                Finding::new(
                    &app.resource,
                    &app.resource.body,
                    format!(
                        "`{}` cannot reach vault `{}`: it is integrated with no network",
                        app.resource.label(),
                        vault.resource.label()
                    ),
                    help,
                )
                .likely_if(by_addresses || app.is_only_permitted(vault))
                .about(&app.resource, vault.resource.id.normal())
                .related(Some(vault.resource.place), "the vault")
            });
        }
    }
}
