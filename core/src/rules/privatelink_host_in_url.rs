//! Addresses with the name of the private zone in them.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::azure::SERVICES;
use crate::eval::{Kind, Truth, Value};
use crate::lang::Resource;

pub(super) const RULE: Rule = Rule {
    slug: "privatelink-host-in-url",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A vault's URL with the name of the private zone in its host.",
    facts: &["F4.55"],
    yields_to: &[],
    check: Check::Model(check),
};

/// Values of one resource that are looked at.
const MAX_VISITS: usize = 20_000;

fn check(cx: &mut Context) {
    for (consumer, deployed) in cx.consumers() {
        check_resource(cx, &consumer.resource, &deployed);
    }
    for (other, deployed) in cx.all_others().chain(cx.outputs()) {
        check_resource(cx, other, &deployed);
    }
}

fn check_resource<'m>(cx: &mut Context<'m>, resource: &'m Resource, deployed: &Truth) {
    let mut rest = vec![&resource.body];
    let mut visits = 0;
    while let Some(value) = rest.pop() {
        visits += 1;
        match &value.kind {
            _ if visits > MAX_VISITS => return,
            Kind::Array(array) => rest.extend(array.items().iter().rev()),
            Kind::Object(object) => rest.extend(object.fields().iter().rev().map(|field| &field.value)),
            Kind::Text(_) | Kind::Term(_) | Kind::Choice(_) => check_value(cx, resource, deployed, value),
            _ => {}
        }
    }
}

fn check_value<'m>(cx: &mut Context<'m>, resource: &'m Resource, deployed: &Truth, value: &Value) {
    let wrong = value.test(&|value| {
        let found = match value.as_text() {
            Some(text) => private_host(text).is_some(),
            None => private_host(&value.display()).is_some(),
        };
        Some(found)
    });
    let wrong = wrong.and(deployed.clone());
    if wrong.is_false() {
        return;
    }
    cx.when(resource, wrong, "whether the address has the private zone's name", || {
        let text = value.display();
        let host = private_host(&text).map(|(host, _)| host.to_owned()).unwrap_or_default();
        let mut finding = Finding::new(
            resource,
            value,
            format!("the address of a vault has the private zone's name in it: `{host}`"),
            "the vault's certificate is not valid for that name, so every client refuses it; use the public \
             name, which leads to the private endpoint where the zone is linked",
        );
        if let (Some(text), Some((host, public))) = (value.as_text(), private_host(&text)) {
            let fixed = Literal::Text(text.replace(host, &public));
            finding = finding.safe_fix("use the public name", Change::replace(value, fixed));
        }
        finding
    });
}

/// The host in a text that lies in a private zone of vaults, and the name it should have.
fn private_host(text: &str) -> Option<(&str, String)> {
    // Most texts are not addresses.
    if !text.contains(':') {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    for cloud in Cloud::ALL {
        for names in SERVICES.map(|service| service.dns(cloud)) {
            for zone in [names.private_zone.to_owned(), format!("privatelink.{}", names.suffix)] {
                for (at, zone) in lower.match_indices(&zone) {
                    let (before, end) = (lower.get(..at)?, at + zone.len());
                    let goes_on = lower.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
                    let start = before.rfind("://").map(|start| start + 3);
                    // An expression in the name may hold anything but a slash.
                    let name = start.and_then(|start| text.get(start..at)?.strip_suffix('.'));
                    if let (Some(start), Some(name), false) = (start, name, goes_on)
                        && !name.contains('/')
                    {
                        return Some((text.get(start..end)?, format!("{name}.{}", names.suffix)));
                    }
                }
            }
        }
    }
    None
}
