//! A service that a vault lets in only as a trusted one, and does not.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::eval::{Truth, Unknowns, Value};
use crate::model::{Consumer, Vault, comes_with};

pub(super) const RULE: Rule = Rule {
    slug: "trusted-service-blocked",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A service that the vault would let in only as a trusted service, and does not.",
    facts: &["F3.20", "F3.42", "F5.20", "F5.21", "F5.24", "F5.26", "F5.40", "F5.41"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.all_vaults() {
        let secured = vault.is_secured_by_perimeter();
        let refuses = vault.refuses_by_default().and(vault.bypasses_trusted().negate());
        // A perimeter may name whom it lets in.
        let refuses = refuses.or(secured.clone()).and(cx.model.is_in_perimeter(vault).negate());
        calls_that_are_not_trusted(cx, vault);
        if refuses.is_false() {
            continue;
        }
        let mut blocked = Truth::of(false);
        let mut services = Vec::new();
        let mut is_seen = false;
        for consumer in cx.model.clients_of(vault).filter(|consumer| consumer.service.trusted) {
            let uses = consumer.uses(vault).and(comes_with(&vault.resource, &consumer.resource));
            let own_way = has_own_way(cx, vault, consumer)
                .or(cx.model.reaches_by_managed_endpoint(vault, &consumer.resource));
            let one = refuses.clone().and(uses).and(own_way.negate());
            if one.is_true() {
                is_seen |= !consumer.is_only_permitted(vault);
                services.push(consumer);
            }
            blocked = blocked.or(one);
        }
        let reason = "whether a service that relies on being trusted is refused";
        cx.when(&vault.resource, blocked, reason, || {
            let (place, why) = if secured.is_true() {
                (&vault.public_network_access, "`publicNetworkAccess` is `SecuredByPerimeter`")
            } else {
                (&vault.firewall.bypass, "`bypass` is `None`")
            };
            let named: Vec<String> = services
                .iter()
                .map(|consumer| format!("`{}` ({})", consumer.resource.label(), consumer.service.name))
                .collect();
            let admit = (!secured.is_true()).then(|| Literal::Text("AzureServices".to_owned()));
            let admit = admit.and_then(|admit| Change::set(&vault.firewall.value, "bypass", admit));
            let mut finding = Finding::new(
                &vault.resource,
                place,
                format!("vault `{}` refuses {}: {why}", vault.resource.label(), named.join(", ")),
                "Azure runs this service outside of your networks, and it passes the firewall only as a \
                 trusted one; let trusted services pass, they still need permission to read anything",
            )
            .likely_if(!is_seen)
            .unsafe_fix("let trusted services pass", admit);
            for consumer in services {
                finding = finding.related(Some(consumer.resource.place), "this service uses the vault");
            }
            finding
        });
    }
}

/// Services that a vault would let in as trusted ones, and that call in another way than the one they are trusted for.
fn calls_that_are_not_trusted<'m>(cx: &mut Context<'m>, vault: &'m Vault) {
    let refuses = vault.refuses_by_default().and(vault.is_secured_by_perimeter().negate());
    let refuses = refuses.and(vault.bypasses_trusted()).and(cx.model.is_in_perimeter(vault).negate());
    if refuses.is_false() {
        return;
    }
    for consumer in cx.model.clients_of(vault).filter(|consumer| consumer.service.trusted) {
        let trust = cx.model.trust(consumer);
        // How one calls that only has a permission is not shown.
        if trust.holds.is_true() || trust.is_store || consumer.is_only_permitted(vault) {
            continue;
        }
        let resource = &consumer.resource;
        let uses = consumer.uses(vault).and(comes_with(resource, &vault.resource));
        let own_way = match trust.own_machine {
            true => {
                let by_rule = vault.is_enabled().and(vault.firewall.has_rules());
                let way = by_rule.or(cx.model.has_endpoint(vault));
                if way.is_false() { way } else { Truth::Unknown(Unknowns::of(resource.address.clone())) }
            }
            false => has_own_way(cx, vault, consumer),
        };
        let own_way = own_way.or(cx.model.reaches_by_managed_endpoint(vault, resource));
        let blocked = refuses.clone().and(uses).and(trust.holds.negate()).and(own_way.negate());
        let reason = format!("whether `{}` counts as a trusted service", resource.address);
        cx.when(&vault.resource, blocked, &reason, || {
            let place = Value::null().at(trust.place);
            Finding::new(
                resource,
                &place,
                format!(
                    "vault `{}` refuses `{}` ({}): it {}",
                    vault.resource.label(),
                    resource.label(),
                    consumer.service.name,
                    trust.why
                ),
                trust.instead,
            )
            .related(
                vault.firewall.default_action.place.or(vault.firewall.value.place),
                "this firewall refuses by default",
            )
            .since(&vault.resource)
        });
    }
}

/// Whether a service may reach the vault from its own network: where it has one and the vault has a rule or an
/// endpoint, that is open.
fn has_own_way(cx: &Context, vault: &Vault, consumer: &Consumer) -> Truth {
    let way = vault.firewall.vnet_rules.any().or(cx.model.has_endpoint(vault));
    let way = way.and(cx.model.calls_from_network(consumer));
    if way.is_false() { way } else { Truth::Unknown(Unknowns::of(consumer.resource.address.clone())) }
}
