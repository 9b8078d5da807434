//! Two resources of one type and name in one place.

use super::shared::both_deployed;
use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::names;
use crate::eval::Truth;
use crate::lang::Resource;
use crate::sorted::sort_by;
use std::rc::Rc;

pub(super) const RULE: Rule = Rule {
    slug: "duplicate-resource",
    group: Group::PrivateEndpoint,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "Two resources of the same type with the same name in one resource group.",
    facts: &["F12.15"],
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
