//! A records that lead past the vault's endpoint.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::SERVICES;
use crate::azure::ranges::{private_range, unroutable_range};
use crate::eval::{Kind, Truth, Value};
use crate::model::{PrivateEndpoint, Record, comes_with, identity, is_deployed, is_written_in};
use crate::net::{Ipv4Net, parse_rule};

pub(super) const RULE: Rule = Rule {
    slug: "dns-record-mismatch",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "An A record for a vault with another name than the vault's, or another address than its \
              endpoint's.",
    facts: &["F3.4", "F4.34", "F4.38"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for (record, in_zone) in model.vault_records() {
        if record.resource.referenced || !in_zone.is_true() {
            continue;
        }
        if !check_name(cx, record, &in_zone) {
            check_addresses(cx, record, &in_zone);
        }
    }
}

/// Whether the name is wrong: no vault has a dot in its name (F1.40).
fn check_name<'m>(cx: &mut Context<'m>, record: &'m Record, in_zone: &Truth) -> bool {
    let dotted = record.name.test(&|name| match &name.kind {
        Kind::Text(name) => Some(name.contains('.')),
        Kind::Term(_) => {
            let pieces = name.pieces();
            let dotted = pieces.iter().any(|piece| piece.as_text().is_some_and(|text| text.contains('.')));
            dotted.then_some(true)
        }
        _ => Some(false),
    });
    let reason = "whether the record has the vault's name";
    cx.when(&record.resource, in_zone.clone().and(dotted), reason, || {
        let name = record.name.display();
        let first = name.split('.').next().unwrap_or_default();
        Finding::new(
            &record.resource,
            &record.resource.name,
            format!("A record `{name}` does not resolve a vault: its name must be the vault's name alone"),
            format!("the zone appends its own name; call the record `{first}`"),
        )
    })
}

fn check_addresses<'m>(cx: &mut Context<'m>, record: &'m Record, in_zone: &Truth) {
    let model = cx.model;
    let mut own: Vec<&PrivateEndpoint> = Vec::new();
    let mut addresses = Vec::new();
    let mut surely = is_deployed(&record.resource);
    for (endpoint, _) in cx.endpoints() {
        let named = endpoint.connections.iter().any(|connection| {
            identity::same_name(&record.name, &identity::last_name(&connection.target)).is_true()
        });
        let is_vaults = SERVICES
            .iter()
            .fold(Truth::of(false), |any, service| any.or(model.is_vault_endpoint(endpoint, service)));
        if named && !is_vaults.is_false() {
            own.push(endpoint);
            surely = surely.and(is_vaults).and(comes_with(&record.resource, &endpoint.resource));
            addresses.push(endpoint.addresses());
        }
    }
    if own.is_empty() {
        check_owner(cx, record, in_zone);
    }
    // An endpoint whose address is not in the files may have any.
    let all_known = !own.is_empty() && addresses.iter().all(|list| !list.is_empty());
    for item in &record.addresses.items {
        let address = item.value.get("ipv4Address");
        let here = in_zone.clone().and(item.present.clone()).and(surely.clone());
        if all_known {
            let mut matches = Truth::of(false);
            for known in addresses.iter().flatten() {
                matches = matches.or(identity::same_name(&address, known));
            }
            let reason = "whether the record holds the address of the vault's private endpoint";
            cx.when(&record.resource, here.and(matches.negate()), reason, || {
                elsewhere(record, &address, own.first().copied(), addresses.first())
            });
        } else {
            let public = address.test(&|address| match &address.kind {
                Kind::Text(text) => Some(parse_rule(text).is_ok_and(|rule| is_public(cx, &rule.net))),
                // What is computed is computed from an endpoint.
                _ => Some(false),
            });
            let reason = "whether the record holds a public address";
            cx.when(&record.resource, here.and(public), reason, || {
                Finding::new(
                    &record.resource,
                    &address,
                    format!(
                        "A record `{}` leads to the public address `{}`",
                        record.name.display(),
                        address.display()
                    ),
                    "the record of a vault holds the private address of its endpoint; a zone group keeps it \
                     right",
                )
                // A network may have public addresses of its owner's.
                .severity(Severity::Warning)
            });
        }
    }
}

/// Whether the record leads to the endpoint of a vault with another name, where clients beside that ask the zone. Elsewhere
/// the address may be that of another endpoint.
fn check_owner<'m>(cx: &mut Context<'m>, record: &'m Record, in_zone: &Truth) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        let known = own.endpoint.addresses();
        let leads_there =
            |address: &Value| known.iter().any(|known| identity::same_name(address, known).is_true());
        let mut addresses = record.addresses.items.iter().filter(|item| item.present.is_true());
        let Some(item) = addresses.find(|item| leads_there(&item.value.get("ipv4Address"))) else { continue };
        let mut other = in_zone.clone().and(own.is_present()).and(is_deployed(&record.resource));
        for connection in &own.endpoint.connections {
            let named = identity::same_name(&record.name, &identity::last_name(&connection.target));
            other = other.and(named.negate());
        }
        let linked = model.is_linked(&record.zone, &own.endpoint.network());
        if !linked.is_true() {
            continue;
        }
        let other = other.and(linked);
        // That an open name is open has been said.
        if other.is_unknown() && !record.name.is_known() {
            continue;
        }
        let reason = "whether the record has the name of the vault whose endpoint it leads to";
        let reported = cx.when(&record.resource, other, reason, || {
            let address = item.value.get("ipv4Address");
            let vault = own
                .endpoint
                .connections
                .first()
                .map(|one| identity::label(&one.target).to_string())
                .unwrap_or_default();
            let endpoint = &own.endpoint.resource;
            Finding::new(
                &record.resource,
                &record.resource.name,
                format!(
                    "A record `{}` leads to private endpoint `{}`, which is that of `{vault}`",
                    record.name.display(),
                    endpoint.label()
                ),
                "the endpoint refuses requests for any other vault, and its own has no record; name the \
                 record after the vault alone",
            )
            .assuming(&address.assumed)
            .related(Some(endpoint.place), "the private endpoint")
        });
        if reported {
            return;
        }
    }
}

fn elsewhere<'m>(
    record: &'m Record,
    address: &Value,
    endpoint: Option<&'m PrivateEndpoint>,
    known: Option<&Vec<Value>>,
) -> Finding<'m> {
    let right = known.and_then(|known| known.first()).map(Value::display).unwrap_or_default();
    let name = endpoint.map(|endpoint| endpoint.resource.label().to_string()).unwrap_or_default();
    let mut finding = Finding::new(
        &record.resource,
        address,
        format!(
            "A record `{}` leads to `{}`, and private endpoint `{name}` has the address `{right}`",
            record.name.display(),
            address.display()
        ),
        "connections time out, or reach the endpoint of something else; write the endpoint's address, or let \
         a zone group keep the record",
    )
    .related(endpoint.map(|endpoint| endpoint.resource.place), "the private endpoint");
    let is_only = known.is_some_and(|known| matches!(known.as_slice(), [only] if only.as_text().is_some()));
    if is_only && is_written_in(&record.resource, address) {
        let change = Change::replace(address, Literal::Text(right.clone()));
        finding = finding.safe_fix(format!("write `{right}`"), change);
    }
    finding
}

/// Whether an address is in no private range and in no network of the files.
fn is_public(cx: &Context, net: &Ipv4Net) -> bool {
    private_range(net).is_none()
        && unroutable_range(net).is_none()
        && !cx.all_networks().filter(|network| !network.is_named_only()).any(|network| {
            let prefixes = network.address_prefixes.elements();
            prefixes.open.is_some()
                || prefixes.items.iter().any(|item| {
                    item.value
                        .as_text()
                        .is_none_or(|text| parse_rule(text).is_ok_and(|prefix| prefix.net.contains(net)))
                })
        })
}
