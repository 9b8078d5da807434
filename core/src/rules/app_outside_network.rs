//! An app that uses a closed vault, and calls it from Azure's public addresses.

use super::{Check, Context, Finding, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "app-outside-network",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An app that uses a closed vault, and calls it from Azure's public addresses.",
    facts: &["F5.1", "F5.7"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        // Where trusted services pass, `untrusted-service-assumed` says that apps are none.
        let refuses_all = vault.bypasses_trusted().negate();
        if refuses_all.is_false() {
            continue;
        }
        for app in cx.model.clients_of(vault).filter(|client| client.is_app()) {
            let refused = refuses_all.clone().and(cx.model.refuses(vault, app));
            let reason = format!("whether `{}` can reach the vault", app.resource.address);
            let Some(assumed) = cx.decide(&vault.resource, refused, &reason) else { continue };
            cx.report(
                Finding::new(
                    &app.resource,
                    &app.resource.body,
                    assumed,
                    format!(
                        "`{}` cannot reach vault `{}`: it is integrated with no network",
                        app.resource.label(),
                        vault.resource.label()
                    ),
                    "the app calls from Azure's public addresses, which the vault refuses; give it \
                     `virtualNetworkSubnetId`, and its network a private endpoint, or name its subnet in the vault",
                )
                .related(Some(vault.resource.place), "the vault"),
            );
        }
    }
}
