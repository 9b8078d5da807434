//! Resources of the provider `azapi`, which are written in ARM's shape (F7.19).

use super::azurerm::{Arm, attribute, written};
use super::convert::{from_json, like};
use super::overlay;
use crate::eval::ids::{extension_id, name_segments};
use crate::eval::{Field, Value};
use crate::text::{Place, Span};
use std::rc::Rc;

/// A resource whose body is one of ARM's.
pub(super) fn lower(kind: &str, value: &Value) -> Vec<Arm> {
    if !matches!(kind, "azapi_resource" | "azapi_update_resource") {
        return Vec::new();
    }
    let named = attribute(value, "type");
    let Some((arm, version)) = named.as_text().and_then(|text| text.split_once('@')) else {
        return Vec::new();
    };
    let written = written(value);
    let (name, id) = identity(arm, value);
    // It is an object, or before version 2 its JSON.
    let body = from_json(&written.get("body"));
    let mut fields: Vec<Field> = body.as_object().map(|object| object.fields().to_vec()).unwrap_or_default();
    if body.as_object().is_none() && !body.is_null() {
        fields.push(Field { key: Rc::from("properties"), key_place: None, value: body.get("properties") });
    }
    for key in ["location", "identity", "tags"] {
        let value = written.get(key);
        if !value.is_null() && !fields.iter().any(|field| &*field.key == key) {
            fields.push(Field { key: Rc::from(key), key_place: written.key_place(key), value });
        }
    }
    // A connection is made by the resource that requests it: no file declares what is changed.
    let is_change = kind == "azapi_update_resource" && !arm.to_ascii_lowercase().ends_with(CONNECTIONS);
    vec![Arm {
        kind: Rc::from(if is_change { overlay::UPDATE } else { arm }),
        name,
        id,
        api_version: Value::text(version).at(version_place(&named, version)),
        body: like(&written, fields),
        condition: Value::bool(true),
        place: None,
    }]
}

const CONNECTIONS: &str = "/privateendpointconnections";

/// Where the version is in a text that is written out, behind the type.
fn version_place(named: &Value, version: &str) -> Option<Place> {
    let (text, place) = (named.as_text()?, named.place?);
    let Span { start, end } = place.span;
    let length = |text: &str| u32::try_from(text.len()).ok();
    let is_plain = end.checked_sub(start)? == length(text)?.checked_add(2)?;
    let end = end.checked_sub(1)?;
    is_plain.then_some(Place { span: Span { start: end.checked_sub(length(version)?)?, end }, ..place })
}

fn identity(kind: &str, value: &Value) -> (Value, Value) {
    let given = attribute(value, "resource_id");
    if !given.is_null() {
        return (name_segments(&given).pop().unwrap_or_default(), given);
    }
    let (parent, own) = (value.get("parent_id"), attribute(value, "name"));
    let own = if own.is_null() { value.get("name") } else { own };
    let types = kind.split('/').count().saturating_sub(1);
    if types < 2 {
        return (own.clone(), extension_id(&parent, kind, &own));
    }
    let last = kind.rsplit('/').next().unwrap_or_default();
    let id = Value::concat(&[parent.clone(), Value::text(format!("/{last}/")), own.clone()]);
    // Every other part of an id is a name.
    let mut names: Vec<Value> = name_segments(&parent).into_iter().rev().step_by(2).take(types - 1).collect();
    names.reverse();
    names.push(own.clone());
    let mut pieces = Vec::new();
    for name in names {
        if !pieces.is_empty() {
            pieces.push(Value::text("/"));
        }
        pieces.push(name);
    }
    (Value::concat(&pieces).at(own.place), id)
}

/// A resource as expressions see it: what is written, its id, and the rest generated.
pub(super) fn completed(kind: &str, of: Value, written: Value) -> Value {
    let named = written.get("type");
    let partial = Value::partial(of.clone(), written.clone());
    let mut fields: Vec<Field> =
        written.as_object().map(|object| object.fields().to_vec()).unwrap_or_default();
    let arm = named.as_text().and_then(|text| text.split_once('@'));
    if let Some((arm, _)) = arm.filter(|_| kind != "azapi_client_config") {
        fields.push(Field { key: Rc::from("id"), key_place: None, value: identity(arm, &partial).1 });
    }
    Value::partial(of, like(&written, fields))
}
