//! A virtual network rule for a subnet that its network does not have.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::Truth;
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "unknown-subnet",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A virtual network rule for a subnet that its network does not have.",
    facts: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (vault, rule) in cx.subnet_rules() {
        if identity::is_of_type(&rule.id, names::SUBNET) != Some(true) {
            continue;
        }
        let network = identity::parent(&rule.id).and_then(|network| cx.model.network(&network));
        let Some(network) = network.filter(|network| network.shows_all_subnets()) else { continue };
        let known = cx.model.subnets.iter().fold(Truth::of(false), |any, subnet| {
            any.or(identity::same(&subnet.resource.id, &rule.id))
        });
        let unknown = rule.present.and(known.negate()).assuming(&rule.id.assumed);
        let reason = "whether the subnet of a rule exists";
        let Some(assumed) = cx.decide(&vault.resource, unknown, reason) else { continue };
        let subnet = identity::last(&rule.id).unwrap_or_default();
        cx.report(
            Finding::new(
                &vault.resource,
                &rule.id,
                assumed,
                format!(
                    "a virtual network rule of vault `{}` names subnet `{}`, which network `{}` does not have",
                    vault.resource.label(),
                    subnet.display(),
                    network.resource.label()
                ),
                "the network lists its subnets and loses all others when it is deployed; correct the name, or \
                 add the subnet to the network",
            )
            .related(Some(network.resource.place), "the network"),
        );
    }
}
