//! A vault that no client can reach.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "locked-out-vault",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A vault that no client can reach.",
    facts: &["F1.23", "F1.32", "F3.20", "F3.23"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        let locked = model.is_locked_out(vault);
        let reason = "whether a client can reach the vault";
        cx.when(&vault.resource, locked, reason, || {
            let name = vault.resource.label();
            let trusted = vault.bypasses_trusted();
            // A service that is on the list, and calls in another way than the one it is trusted for.
            let mut services = model
                .clients_of(vault)
                .filter(|client| client.service.trusted && !client.is_only_permitted(vault))
                .peekable();
            let is_served =
                services.peek().is_none() || services.any(|client| !model.trust(client).holds.is_false());
            let who = if trusted.is_false() { "no client" } else { "only trusted services" };
            let except = match trusted.is_false() || is_served {
                true => "",
                false => "; the service here that uses it does not call as a trusted one",
            };
            let off = vault.is_disabled().is_true();
            let why = if off { "public access is off" } else { "its firewall has no rules" };
            let is_sure = trusted.is_false() && model.knows_endpoints_of(vault);
            let severity = if is_sure { Severity::Warning } else { Severity::Info };
            let place = if off { &vault.public_network_access } else { &firewall.default_action };
            let mut finding = Finding::new(
                &vault.resource,
                place,
                format!("{who} can reach vault `{name}`: {why}, and it has no private endpoint here{except}"),
                match off && !firewall.denies_by_default().is_true() {
                    true => {
                        "secrets, keys and certificates are out of reach for every client; give the vault a private endpoint; \
                         before public access is switched on again, set `defaultAction` of `networkAcls` to `Deny`, or \
                         everyone is let in"
                    }
                    false => {
                        "secrets, keys and certificates are out of reach for every client; give the vault a private \
                         endpoint, or add rules for the clients that may pass"
                    }
                },
            )
            .severity(severity);
            if trusted.is_false() {
                finding = finding.assuming(&firewall.bypass.assumed);
            }
            for endpoint in &model.of_left_out().endpoints {
                if endpoint.connects_to(&vault.resource.id).is_true() {
                    let place = Some(endpoint.resource.place);
                    finding = finding.related(place, "this private endpoint is left out by default");
                }
            }
            finding
        });
    }
}
