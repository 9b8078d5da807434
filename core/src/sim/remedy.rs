//! The smallest changes that would let a caller in.

use super::access::gets_in_through;
use super::dns::resolve_in;
use super::{Caller, Inventory, Origin, Remedy, Source, SubnetSource, View};
use crate::fixes;
use crate::lang::{Change, Literal};
use crate::model::{Model, Vault};
use std::net::IpAddr;

/// The changes of which each one would let a caller in. None changes a resource that is not in the files, and none
/// admits other clients than the caller.
pub(super) fn remedies<'m>(model: &'m Model, vault: &'m Vault, caller: &Caller<'m>) -> Vec<Remedy> {
    let mut found = Vec::new();
    // Several origins would need several changes.
    let [only] = caller.origins.as_slice() else { return found };
    let origin = &only.what;
    if vault.resource.referenced || model.is_in_perimeter(vault).is_true() {
        return found;
    }
    // If the name resolves to a private address or not at all, neither a zone link nor a firewall rule helps.
    if resolve_in(&Inventory::Files, model, vault, &origin.view).kind() != Some("public") {
        return found;
    }
    found.extend(private_path(model, vault, caller, origin));
    let is_secured = vault.is_secured_by_perimeter();
    let is_trusted = origin.trust.as_ref().is_none_or(|trust| trust.holds.is_true());
    if origin.trusted.is_some() && is_trusted && vault.bypasses_trusted().is_false() && is_secured.is_false()
    {
        let change = Change::set(&vault.firewall.value, "bypass", Literal::Text("AzureServices".to_owned()));
        found.extend(change.map(|change| Remedy {
            title: "let trusted services in: set `bypass` to `AzureServices`".to_owned(),
            changes: vec![change],
        }));
    }
    // If public access is disabled, or every client is let in anyway, a rule has no effect (F3.21).
    if vault.is_enabled().is_true() && vault.firewall.denies_by_default().is_true() {
        match &origin.source {
            Source::Address(IpAddr::V4(address)) => {
                let change = fixes::add_rule(vault, "ipRules", "value", Literal::Text(address.to_string()));
                let title = format!("add an IP rule for `{address}`");
                found.extend(change.map(|change| Remedy { title, changes: vec![change] }));
            }
            Source::Subnet(subnet) if vault.service.has_subnet_rules() => {
                found.extend(subnet_rule(vault, subnet))
            }
            _ => {}
        }
    }
    found
}

/// A virtual network rule for a subnet, and the service endpoint that the rule needs (F1.36).
fn subnet_rule(vault: &Vault, source: &SubnetSource) -> Option<Remedy> {
    let subnet = source.subnet?;
    let name = source.label();
    let id = match source.id.as_text() {
        Some(id) if subnet.resource.referenced => Literal::Text(id.to_owned()),
        _ => Literal::Id(subnet.resource.place),
    };
    let mut changes = Vec::new();
    let named = vault
        .firewall
        .subnet_rules()
        .any(|rule| crate::model::identity::same(&rule.id, &source.id).is_true());
    if !named {
        changes.push(fixes::add_rule(vault, "virtualNetworkRules", "id", id)?);
    }
    let lacks_endpoint = !source.has_service_endpoint().is_true();
    if lacks_endpoint {
        changes.push(fixes::add_service_endpoint(subnet)?);
    }
    let title = match (named, lacks_endpoint) {
        (false, true) => format!("add a virtual network rule for `{name}`, and the service endpoint to it"),
        (false, false) => format!("add a virtual network rule for `{name}`"),
        (true, true) => format!("add the service endpoint to `{name}`"),
        (true, false) => return None,
    };
    Some(Remedy { title, changes })
}

/// The zone link with which the caller's network resolves the vault's name to its private endpoint.
fn private_path<'m>(
    model: &'m Model,
    vault: &'m Vault,
    caller: &Caller<'m>,
    origin: &Origin<'m>,
) -> Option<Remedy> {
    let View::Network(view) = &origin.view else { return None };
    if !model.is_served(vault).is_true() {
        return None;
    }
    let zone_name = vault.service.dns(model.cloud_of(vault)).private_zone;
    let mut zones = model.zones.iter().filter(|zone| zone.name().is_word(zone_name).is_true());
    let zone = zones.next().filter(|zone| !zone.resource.referenced)?;
    if zones.next().is_some() || model.is_linked(&zone.resource.id, &view.id).is_true() {
        return None;
    }
    if !gets_in_through(model, vault, caller, origin, zone).is_true() {
        return None;
    }
    let change = fixes::link_zone(model, zone, &view.id)?;
    let title = format!("link zone `{zone_name}` to virtual network `{}`", view.network?.resource.label());
    Some(Remedy { title, changes: vec![change] })
}
