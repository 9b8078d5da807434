//! Ids that name a resource group in which the deployment does not make what they mean.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::{Truth, Value};
use crate::lang::Resource;
use crate::model::{identity, is_deployed};

pub(super) const RULE: Rule = Rule {
    slug: "reference-in-other-group",
    group: Group::PrivateEndpoint,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An id that names another resource group than the one in which its resource is created.",
    facts: &["F4.59", "F12.17"],
    yields_to: &[],
    check: Check::Model(check),
};

/// What refers to something by its id.
struct Reference<'m> {
    by: &'m Resource,
    /// Whether that is deployed.
    deployed: Truth,
    id: Value,
    what: &'static str,
}

fn check(cx: &mut Context) {
    let model = cx.model;
    let groups: Vec<(&Resource, Truth)> = cx.others(names::RESOURCE_GROUP).collect();
    // Without two of them nothing can be in the wrong one.
    if groups.len() < 2 {
        return;
    }
    let zones = cx.zones().map(|(zone, deployed)| (&zone.resource, deployed));
    let networks = cx.networks().map(|(network, deployed)| (&network.resource, deployed));
    let subnets = cx.subnets().map(|(subnet, deployed)| (&subnet.resource, deployed));
    let vaults = cx.vaults().map(|vault| (&vault.resource, is_deployed(&vault.resource)));
    let declared: Vec<(&Resource, Truth)> = zones.chain(networks).chain(subnets).chain(vaults).collect();
    for Reference { by, deployed, id, what } in references(cx) {
        let Some((group, path)) = identity::in_group(&id) else { continue };
        if declared.iter().any(|(resource, _)| !identity::same(&resource.id, &id).is_false()) {
            continue;
        }
        let is_named = |made: &Resource| identity::same_name(&made.name, &group).is_true();
        let Some((named, named_deployed)) = groups.iter().find(|(made, _)| is_named(made)) else {
            continue;
        };
        let elsewhere = declared.iter().find_map(|(resource, its_deployed)| {
            let (its_group, its_path) = identity::in_group(&resource.id)?;
            let is_its = identity::same_name(&its_group, &group).negate().and(same_path(&path, &its_path));
            let is_its = is_its.and(its_deployed.clone()).and(named_deployed.clone());
            let is_its = is_its.and(identity::same_name(&named.name, &group));
            (!is_its.is_false()).then_some((*resource, its_group, is_its))
        });
        let Some((resource, its_group, is_its)) = elsewhere else { continue };
        let zones = cx.all_zones();
        let reason = "whether what the id names is made in another resource group";
        cx.when(by, is_its.and(deployed), reason, || {
            let (name, group, its_group) = (identity::label(&id), group.display(), its_group.display());
            let existing = zones
                .map(|zone| &zone.resource)
                .find(|zone| zone.referenced && identity::same(&zone.id, &id).is_true());
            Finding::new(
                by,
                &id,
                format!(
                    "`{}` names {what} `{name}` in resource group `{group}`, and this deployment makes it in \
                     `{its_group}`",
                    by.label()
                ),
                "an id without a group, or an `existing` resource without a scope, is in the group of the \
                 module that writes it; give the other group as scope, or pass the id of the resource \
                 that is made",
            )
            .assuming(&id.assumed)
            // The group is made here, and may contain what an earlier deployment or a user made in it.
            .likely_if(!model.complete)
            .related(existing.map(|existing| existing.place), "this refers to the group of its module")
            .related(Some(resource.place), "this is the one that is made")
        });
    }
}

/// The ids of networks, subnets, zones and vaults that something here needs.
fn references<'m>(cx: &Context<'m>) -> Vec<Reference<'m>> {
    let mut found = Vec::new();
    let mut add = |(by, deployed): (&'m Resource, &Truth), id: Value, what: &'static str| {
        found.push(Reference { by, deployed: deployed.clone(), id, what });
    };
    for (group, deployed) in cx.zone_groups() {
        let by = (&group.resource, &deployed);
        group.zones().into_iter().for_each(|id| add(by, id, "zone"));
    }
    for (endpoint, deployed) in cx.endpoints() {
        let by = (&endpoint.resource, &deployed);
        add(by, endpoint.subnet.clone(), "subnet");
        endpoint.connections.iter().for_each(|connection| add(by, connection.target.clone(), "vault"));
    }
    for (link, deployed) in cx.zone_links() {
        let by = (&link.resource, &deployed);
        add(by, link.zone.clone().or_at(link.resource.name.place), "zone");
        add(by, link.network.clone(), "virtual network");
    }
    for (vault, rule) in cx.subnet_rules() {
        add((&vault.resource, &is_deployed(&vault.resource)), rule.id, "subnet");
    }
    found
}

fn same_path(a: &[Value], b: &[Value]) -> Truth {
    if a.len() != b.len() {
        return Truth::of(false);
    }
    a.iter().zip(b).fold(Truth::of(true), |all, (a, b)| all.and(identity::same_name(a, b)))
}
