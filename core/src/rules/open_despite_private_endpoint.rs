//! Vaults with a private endpoint that are open to the internet all the same.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Unknowns;
use crate::fixes;
use crate::model::identity;

pub(super) const RULE: Rule = Rule {
    slug: "open-despite-private-endpoint",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault with a private endpoint whose public endpoint still answers everyone.",
    facts: &["F3.11", "F1.22", "F1.32"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.all_vaults() {
        let served = cx.model.is_served(vault);
        // Where it is open whether the vault has an endpoint, `public-vault` is true in both cases.
        if !served.is_true() {
            continue;
        }
        let open = served.and(cx.model.is_public(vault));
        cx.when(&vault.resource, open, "whether the vault is open to everyone", || {
            let (name, noun) = (vault.resource.label(), vault.service.noun);
            let place = if vault.public_network_access.is_null() {
                &vault.firewall.default_action
            } else {
                &vault.public_network_access
            };
            let mut finding = Finding::new(
                &vault.resource,
                place,
                format!("{noun} `{name}` has a private endpoint and is open to the internet all the same"),
                "a private endpoint adds a way in and closes none; disable public network access once all \
                 callers use the endpoint",
            );
            if let Some(own) = cx.model.connections_of(vault).first() {
                finding = finding.related(Some(own.endpoint.resource.place), "the private endpoint");
            }
            finding.unsafe_fix("close the public endpoint", fixes::close_public_endpoint(vault))
        });
    }
    // A vault that is only named by its id may be open as well.
    for own in cx.model.connections_elsewhere() {
        let name = identity::label(&own.written.target);
        let depends = Unknowns::of(format!("the settings of vault `{name}`"));
        cx.leave_open(&own.endpoint.resource, depends, "whether the vault is open to everyone");
    }
}
