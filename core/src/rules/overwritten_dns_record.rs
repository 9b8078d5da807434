//! Two private endpoints that write one record.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Truth;
use crate::model::{EndpointConnection, Ids, Registration, identity};
use crate::sorted::sort;

pub(super) const RULE: Rule = Rule {
    slug: "overwritten-dns-record",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "Two private endpoints of one vault that register in one zone.",
    facts: &["F4.36"],
    yields_to: &[],
    check: Check::Model(check),
};

/// More pairs of registrations are not compared; it takes many that are open to come so far.
const MAX_COMPARED: usize = 80_000;

fn check(cx: &mut Context) {
    let endpoints = cx.model.vault_endpoints();
    let mut registered: Vec<(&EndpointConnection, Registration)> = Vec::new();
    for own in &endpoints {
        for registration in cx.model.registrations_of(own.endpoint) {
            registered.push((own, registration));
        }
    }
    let mut seen = Ids::default();
    let mut left = MAX_COMPARED;
    for (at, (own, registration)) in registered.iter().enumerate() {
        let targets = || own.endpoint.connections.iter().map(|connection| &connection.target);
        let mut candidates: Vec<usize> = targets().flat_map(|target| seen.candidates(target)).collect();
        sort(&mut candidates);
        candidates.dedup();
        let candidates = candidates.into_iter().take(left);
        targets().for_each(|target| seen.add(at, target));
        for (earlier, first) in candidates.filter_map(|before| registered.get(before)) {
            left = left.saturating_sub(1);
            let overwrites = overwrites(earlier, first, own, registration);
            let reason = "whether two endpoints of the vault register in one zone";
            let reported =
                cx.when(&registration.group.resource, overwrites, reason, || {
                    let (one, other) = (own.endpoint.resource.label(), earlier.endpoint.resource.label());
                    let keep = match own.endpoint.shares_network(earlier.endpoint).is_true() {
                        true => "one endpoint serves a whole network, so keep one",
                        false => "give each network its own zone of that name",
                    };
                    Finding::new(
                    &registration.group.resource,
                    &registration.zone,
                    format!("private endpoint `{one}` overwrites the record that `{other}` of the same vault \
                             writes"),
                    format!(
                        "the zone has one record for the vault: the later address replaces the earlier one, \
                         and deleting either endpoint deletes the record; {keep}"
                    ),
                )
                .about(&own.endpoint.resource, earlier.endpoint.resource.id.normal())
                .about(&earlier.endpoint.resource, own.endpoint.resource.id.normal())
                .related(first.zone.place, format!("`{other}` registers here"))
                });
            if reported {
                break;
            }
        }
    }
}

fn overwrites(
    a: &EndpointConnection,
    in_a: &Registration,
    b: &EndpointConnection,
    in_b: &Registration,
) -> Truth {
    let distinct = identity::same(&a.endpoint.resource.id, &b.endpoint.resource.id).negate();
    if distinct.is_false() || a.service != b.service {
        return Truth::of(false);
    }
    let zone = identity::same(&in_a.zone, &in_b.zone);
    let mut target = Truth::of(false);
    for one in &a.endpoint.connections {
        for other in &b.endpoint.connections {
            target = target.or(identity::same(&one.target, &other.target));
        }
    }
    let both = zone.and(target).and(distinct);
    both.and(a.is_present()).and(b.is_present()).and(in_a.proof.clone()).and(in_b.proof.clone())
}
