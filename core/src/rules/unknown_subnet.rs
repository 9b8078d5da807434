//! A virtual network rule for a subnet that its network does not have.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::{Kind, Truth, Value};
use crate::model::{Network, Vault, comes_with, identity};

pub(super) const RULE: Rule = Rule {
    slug: "unknown-subnet",
    group: Group::Firewall,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A virtual network rule for a subnet that its network does not have.",
    facts: &[],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (vault, rule) in cx.subnet_rules() {
        let Some((network, lacks)) = network_without(cx, vault, &rule.id) else { continue };
        let unknown = rule.present.and(lacks).assuming(&rule.id.assumed);
        let reason = "whether the subnet of a rule exists";
        cx.when(&vault.resource, unknown, reason, || {
            let subnet = identity::last(&rule.id).unwrap_or_else(|| rule.id.clone());
            Finding::new(
                &vault.resource,
                &rule.id,
                format!(
                    "a virtual network rule of vault `{}` names subnet `{}`, which network `{}` does not \
                     have",
                    vault.resource.label(),
                    subnet.display(),
                    network.resource.label()
                ),
                "the network lists its subnets and loses all others when it is deployed; correct the name, \
                 or add the subnet to the network",
            )
            .related(Some(network.resource.place), "the network")
        });
    }
}

/// The network here that a subnet is said to be in, and whether it lacks it whenever the vault is deployed.
fn network_without<'m>(cx: &Context<'m>, vault: &Vault, subnet: &Value) -> Option<(&'m Network, Truth)> {
    if let Kind::Choice(choice) = &subnet.kind {
        let branches = [&choice.then, &choice.otherwise].map(|branch| network_without(cx, vault, branch));
        let [then, otherwise] =
            branches.clone().map(|found| found.map_or(Truth::of(false), |(_, lacks)| lacks));
        let (network, _) = branches.into_iter().flatten().next()?;
        return Some((network, identity::of_choice(&choice.condition, then, otherwise)));
    }
    if identity::is_of_type(subnet, names::SUBNET) != Some(true) {
        return None;
    }
    let network = identity::parent(subnet).and_then(|network| cx.model.network(&network))?;
    // One that is only referred to is lost too when the network is deployed without it.
    let none = cx.model.nothing_about(&network.resource.id, names::SUBNET);
    let known = cx.subnets().fold(none, |any, (known, _)| any.or(identity::same(&known.resource.id, subnet)));
    let lacks = known.negate().and(comes_with(&vault.resource, &network.resource));
    network.shows_all_subnets().then_some((network, lacks))
}
