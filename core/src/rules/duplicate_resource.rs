//! Two resources of one type and name in one place, and two entries of one name in a zone group.

use super::shared::both_deployed;
use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::{Truth, Value};
use crate::lang::Resource;
use crate::model::{ZoneGroup, identity, wrapped};
use crate::sorted::sort_by;
use std::rc::Rc;

pub(super) const RULE: Rule = Rule {
    slug: "duplicate-resource",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "Two resources of the same type with the same name in one resource group, or two such entries in a zone group.",
    facts: &["F12.15", "F12.18"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let mut by_id: Vec<(Rc<str>, &Resource)> =
        all(cx).into_iter().map(|resource| (resource.id.key(), resource)).collect();
    sort_by(&mut by_id, |(a, _), (b, _)| a.cmp(b));
    for same in by_id.chunk_by(|(a, _), (b, _)| a == b) {
        for pair in same.windows(2) {
            if let [(_, first), (_, second)] = pair {
                of_pair(cx, first, second);
            }
        }
    }
    for own in cx.model.vault_endpoints() {
        for (group, proof) in cx.model.zone_groups_of(own.endpoint) {
            in_group(cx, group, &own.is_present().and(proof));
        }
    }
}

/// Entries of a zone group that have one name.
fn in_group<'m>(cx: &mut Context<'m>, group: &'m ZoneGroup, of_vault: &Truth) {
    // What Azure shows of one that is there was accepted.
    if group.resource.referenced || group.resource.is_shown() || group.resource.partially_parsed {
        return;
    }
    let mut known: Vec<(String, &Value, Truth)> = Vec::new();
    for item in &group.configs.items {
        let written = item.value.get("name");
        // `azurerm` names an entry by the zone.
        let is_by_zone = written.is_null() && group.resource.provider.is_some();
        let zone = wrapped(&item.value, "privateDnsZoneId");
        let (name, from) = match is_by_zone {
            true => (identity::known_name(&zone), zone),
            false => (written.as_text().map(str::to_owned), written),
        };
        let Some(name) = name else { continue };
        let present = item.present.clone().and(Truth::of(true).assuming(&from.assumed));
        let first = known.iter().find(|(other, ..)| other.eq_ignore_ascii_case(&name));
        let Some((_, other, before)) = first else {
            known.push((name, &item.value, present));
            continue;
        };
        let both = of_vault.clone().and(before.clone()).and(present);
        // Names are mostly good: what is open is not worth a word.
        if both.is_unknown() {
            continue;
        }
        cx.when(&group.resource, both, "whether an entry of its name is there already", || {
            let message = format!("zone group `{}` has two zones named `{name}`", group.resource.label());
            let help = if is_by_zone {
                "the provider names each entry by its zone, and Azure refuses two of one name; an endpoint is \
                 registered in one zone of a name: link that one to the networks that need it"
            } else {
                "Azure refuses two entries of one name in a group; give each a name of its own"
            };
            Finding::new(&group.resource, &from, message, help).related(other.place, "the other one")
        });
    }
}

/// What can be there once: subnets are left out, since a network may list those that are written by themselves too.
fn all<'m>(cx: &Context<'m>) -> Vec<&'m Resource> {
    let mut found: Vec<&Resource> = Vec::new();
    found.extend(cx.vaults().map(|vault| &vault.resource));
    found.extend(cx.endpoints().map(|(endpoint, _)| &endpoint.resource));
    found.extend(cx.zones().map(|(zone, _)| &zone.resource));
    found.extend(cx.zone_links().map(|(link, _)| &link.resource));
    found.extend(cx.networks().map(|(network, _)| &network.resource));
    found.retain(|resource| {
        let is_one = !resource.repeated && !resource.partially_parsed && !resource.is_shown();
        is_one && !resource.name.is_null() && !resource.id.is_null()
    });
    found
}

fn of_pair<'m>(cx: &mut Context<'m>, first: &'m Resource, second: &'m Resource) {
    let both = both_deployed(first, second);
    // Whether two are the same rests on names that are mostly good: what is open is not worth a word.
    if !is_one_deployment(cx, first, second) || !both.is_true() {
        return;
    }
    let both = both.and(Truth::of(true).assuming(&first.id.assumed.and(&second.id.assumed)));
    cx.when(second, both, "whether it is there already", || {
        let help = match second.provider {
            Some(_) => {
                "both are one resource for Azure, and the provider refuses to create what exists already; \
                 give each a name of its own"
            }
            None => {
                "a template that defines one resource twice is refused; give each a name of its own, or \
                 leave one out"
            }
        };
        let message =
            format!("another resource of its type is named `{}` in the same resource group", second.label());
        Finding::new(second, &second.name, message, help).related(Some(first.place), "the other one")
    });
}

/// Whether both are made by one deployment, or in one state of Terraform: a resource that a module deploys again is an
/// update of it.
fn is_one_deployment(cx: &Context, first: &Resource, second: &Resource) -> bool {
    if first.place.file != second.place.file || first.provider.is_some() != second.provider.is_some() {
        return false;
    }
    if let Some(provider) = &first.provider {
        return !provider.chosen_by_copy
            && first.address != second.address
            && block_of(&first.address) == block_of(&second.address);
    }
    let is_symbolic = |resource: &Resource| !resource.address.contains('/');
    if is_symbolic(first) && is_symbolic(second) {
        return first.address != second.address && module_of(&first.address) == module_of(&second.address);
    }
    let is_within = |resource: &Resource, of: &Resource| {
        let (whole, part) = (of.place.span, resource.place.span);
        of.place.file == resource.place.file && whole.start < part.start && part.end < whole.end
    };
    let mut deployments = cx.others(names::DEPLOYMENT);
    first.place != second.place && !deployments.any(|(of, _)| is_within(first, of) || is_within(second, of))
}

/// The block of a resource with `count` or `for_each`. What is written in another block, or made by another call of a module,
/// may be in another subscription by an alias of its provider.
fn block_of(address: &str) -> &str {
    address.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')).map_or(address, |(block, _)| block)
}

/// The modules above a resource of Bicep, in its address.
fn module_of(address: &str) -> &str {
    address.rsplit_once('.').map_or("", |(module, _)| module)
}
