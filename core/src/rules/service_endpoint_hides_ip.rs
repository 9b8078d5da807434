//! A client that IP rules cannot admit, since its subnet has the service endpoint.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::eval::{Truth, Value};
use crate::model::{Subnet, Vault, comes_with, identity};

pub(super) const RULE: Rule = Rule {
    slug: "service-endpoint-hides-ip",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A client that IP rules cannot let in, since its subnet has the service endpoint.",
    facts: &["F3.24"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let firewall = &vault.firewall;
        let by_ip_only = vault
            .is_enabled()
            .and(firewall.denies_by_default())
            .and(firewall.ip_rules.any())
            .and(cx.model.has_endpoint(vault).negate());
        if by_ip_only.is_false() {
            continue;
        }
        for consumer in cx.model.clients_of(vault) {
            let uses = consumer.uses(vault).and(comes_with(&vault.resource, &consumer.resource));
            let uses = by_ip_only.clone().and(uses);
            if uses.is_false() || consumer.service.trusted {
                continue;
            }
            for (id, (subnet, same)) in consumer
                .subnets
                .iter()
                .flat_map(|id| cx.model.subnets_of(id).into_iter().map(move |found| (id, found)))
            {
                let hidden = uses
                    .clone()
                    .and(same)
                    .and(subnet.has_vault_service_endpoint())
                    .and(is_admitted(vault, id).negate());
                let reason = format!("whether IP rules can admit `{}`", consumer.resource.address);
                cx.when(&vault.resource, hidden, &reason, || {
                    finding(vault, &consumer.resource, subnet)
                        .likely_if(consumer.is_only_permitted(vault))
                        .unsafe_fix("add a rule for the subnet", admit(vault, subnet))
                });
            }
        }
    }
}

/// Whether a virtual network rule admits the subnet of that id.
fn is_admitted(vault: &Vault, subnet: &Value) -> Truth {
    let rules = vault.firewall.subnet_rules();
    let any =
        rules.fold(Truth::of(false), |any, rule| any.or(rule.present.and(identity::same(&rule.id, subnet))));
    match &vault.firewall.vnet_rules.open {
        Some(depends) => any.or(Truth::Unknown(depends.clone())),
        // That no rule admits it rests on what the list rests on.
        None => any.assuming(&vault.firewall.vnet_rules.assumed),
    }
}

/// Adds a virtual network rule for a subnet.
fn admit(vault: &Vault, subnet: &Subnet) -> Option<Change> {
    let rule = Literal::Object(vec![("id", Literal::Id(subnet.resource.place))]);
    Change::append(&vault.firewall.value, "virtualNetworkRules", rule)
}

fn finding<'m>(vault: &'m Vault, client: &crate::lang::Resource, subnet: &Subnet) -> Finding<'m> {
    Finding::new(
        &vault.resource,
        &vault.firewall.ip_rules_value,
        format!(
            "the IP rules of vault `{}` cannot admit `{}`: its subnet `{}` has the service endpoint",
            vault.resource.label(),
            client.label(),
            subnet.resource.label()
        ),
        "over a service endpoint requests come from private addresses, which no IP rule can name; add a \
         virtual network rule for the subnet",
    )
    .related(Some(client.place), "the client")
    .related(Some(subnet.resource.place), "its subnet")
}
