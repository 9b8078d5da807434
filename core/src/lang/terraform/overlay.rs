//! Resources that only change another one: associations of subnets, servers of a network, updates of `azapi`.

use super::azurerm::written;
use crate::eval::{Assumptions, Budget, Field, Value, functions};
use crate::lang::Resource;
use std::collections::HashMap;
use std::rc::Rc;

/// The type of a resource of `azapi` that changes the one with its id.
pub(super) const UPDATE: &str = "azapi_update_resource";

/// Types of `azurerm` that set one property of another resource: the attribute that names that one, the path of the
/// property, and the attribute it gets.
const SETTERS: &[(&str, &str, &[&str], &str)] = &[
    (
        "azurerm_subnet_network_security_group_association",
        "subnet_id",
        &["networkSecurityGroup", "id"],
        "network_security_group_id",
    ),
    ("azurerm_subnet_route_table_association", "subnet_id", &["routeTable", "id"], "route_table_id"),
    (
        "azurerm_virtual_network_dns_servers",
        "virtual_network_id",
        &["dhcpOptions", "dnsServers"],
        "dns_servers",
    ),
    (
        "azurerm_storage_account_customer_managed_key",
        "storage_account_id",
        &["encryption", "keyvaultproperties", "keyvaulturi"],
        "key_vault_id",
    ),
    (
        "azurerm_eventhub_namespace_customer_managed_key",
        "eventhub_namespace_id",
        &["encryption", "keyVaultProperties"],
        "key_vault_key_ids",
    ),
];

/// Whether a type of `azurerm` only changes another resource.
pub(super) fn is_setter(kind: &str) -> bool {
    SETTERS.iter().any(|(setter, ..)| *setter == kind)
}

/// The id of what a setter changes, and the change as a body.
pub(super) fn change(kind: &str, value: &Value) -> Option<(Value, Value)> {
    let (_, target, path, attribute) = SETTERS.iter().find(|(setter, ..)| *setter == kind)?;
    let written = written(value);
    let mut body = written.get(attribute);
    let key_place = written.key_place(attribute);
    for key in ["properties"].iter().chain(*path).rev() {
        let field = Field { key: Rc::from(*key), key_place, value: body };
        body = Value::object(vec![field]).at(written.place);
    }
    Some((written.get(target), body))
}

/// Puts what changes another resource into that one.
pub(super) fn apply(resources: &mut Vec<Resource>, budget: &Budget) {
    let is_change = |resource: &Resource| &*resource.kind == UPDATE || is_setter(&resource.kind);
    let (changes, mut rest): (Vec<_>, Vec<_>) = std::mem::take(resources).into_iter().partition(is_change);
    let mut places: HashMap<Rc<str>, usize> = HashMap::new();
    if !changes.is_empty() {
        places = rest.iter().map(|resource| key(&resource.id)).zip(0..).collect();
    }
    for change in changes {
        let Some(target) = places.get(&key(&change.id)).and_then(|at| rest.get_mut(*at)) else { continue };
        let made_by_default = change.condition.as_bool();
        let assumed = &change.condition.assumed;
        if target.referenced || made_by_default == Some(false) && assumed.is_empty() {
            continue;
        }
        // What is changed any further is not known.
        if !budget.spend(1) {
            target.body = Value::limit("evaluation budget used up").at(target.body.place);
            continue;
        }
        let body = target.body.clone();
        let changed = resting_on(assumed, &change.body, &body, made_by_default != Some(false));
        let merged = functions::library("union", vec![body.clone(), changed]);
        let with = standing_like(&body, merged);
        let comes_along = change.condition.same(&target.condition) == Some(true) && !change.repeated;
        let comes_along = comes_along || made_by_default.is_some() && !change.repeated;
        let made = if comes_along { with } else { Value::choice(change.condition, with, body.clone()) };
        target.body = Value { anchor: body.anchor, ..made.at(body.place) };
        target.made_as.get_or_insert_with(|| Box::new(body));
    }
    *resources = rest;
}

fn key(id: &Value) -> Rc<str> {
    id.key()
}

/// What a change sets, or where defaults leave the change out what was there before: as much as is set rests on the defaults.
fn resting_on(assumed: &Assumptions, change: &Value, before: &Value, is_made: bool) -> Value {
    let Some(object) = change.as_object() else {
        return if is_made { change } else { before }.clone().assuming(assumed);
    };
    let fields = object.fields().iter().map(|field| Field {
        value: resting_on(assumed, &field.value, &before.get(&field.key), is_made),
        ..field.clone()
    });
    Value { anchor: change.anchor, ..Value::object(fields.collect()).at(change.place) }
        .assuming(&change.assumed)
}

/// A merged body keeps the place of the body, and so do its parts.
fn standing_like(body: &Value, merged: Value) -> Value {
    let Some(object) = merged.as_object() else { return merged };
    let fields = object.fields().iter().map(|field| {
        let old = body.get(&field.key);
        let mut value = field.value.clone();
        if old.as_object().is_some() {
            (value.anchor, value.place) = (old.anchor, old.place);
        }
        Field { value, ..field.clone() }
    });
    let made = Value::object(fields.collect());
    Value { anchor: body.anchor, place: body.place, assumed: merged.assumed.clone(), ..made }
}
