//! One row as a resource in ARM's shape.

use super::rows::Row;
use super::{identifier, powershell, shape};
use crate::azure::{SERVICES, names};
use crate::eval::ids::resource_id;
use crate::eval::{Field, Value};
use crate::lang::Resource;
use crate::lang::source::{File, literal, literal_field, member, open_expressions, place_of, text};
use crate::syntax::json::Node;
use std::rc::Rc;

/// A row that represents a resource.
pub(super) struct Read {
    pub(super) resource: Resource,
    /// Whether the row shows the whole of it.
    pub(super) whole: bool,
}

/// What a flattened row has beside the properties.
const ENVELOPE: &[&str] = &[
    "apiVersion",
    "changedTime",
    "createdTime",
    "etag",
    "extendedLocation",
    "id",
    "identity",
    "kind",
    "location",
    "managedBy",
    "name",
    "plan",
    "resourceGroup",
    "resourceGroupName",
    "resourceId",
    "resourceName",
    "resourceType",
    "sku",
    "subscriptionId",
    "systemData",
    "tags",
    "type",
    "zones",
];

/// Reads the row that is the `number`th of its file (from 1); `None` when it does not show what it represents.
pub(super) fn read(file: &File, row: &Row, number: usize) -> Option<Read> {
    let object = row.object;
    let unknown = || export(file, number);
    let is_rule_set = shape::is_rule_set(object);
    let is_id = |node: &&Node| text(node).is_some_and(|id| id.starts_with('/'));
    let written = |key| member(object, key).filter(is_id);
    let id_node = written("id").or_else(|| written("resourceId")).or_else(|| row.change?.id.filter(is_id));
    let id = id_node.and_then(text);
    let kind = id
        .and_then(identifier::kind)
        .or_else(|| {
            let kind = |key| member(object, key).and_then(text).filter(|kind| kind.contains('/'));
            kind("type").or_else(|| kind("resourceType")).map(str::to_owned)
        })
        .or_else(|| shape::of_row(object).map(|shape| shape.kind.to_owned()))
        .or_else(|| is_rule_set.then(|| names::VAULT.to_owned()))?;
    let shape = shape::of_kind(&kind);
    let kind: Rc<str> = shape.map_or(Rc::from(kind), |shape| Rc::from(shape.kind));

    let place = place_of(file, object);
    let name_node = member(object, "name").filter(|node| text(node).is_some());
    let name_place = name_node.or(id_node).map_or(place, |node| place_of(file, node));
    let name = match id.and_then(identifier::name) {
        Some(name) => Value::text(name),
        None => full_name(&kind, name_node.and_then(text), &unknown),
    };
    let name = name.at(Some(name_place));
    let id = match id_node {
        Some(node) => literal(file, node),
        None => {
            let part = |key| match member(object, key).and_then(text) {
                Some(part) => Value::text(part),
                None => Value::property(unknown(), key),
            };
            let group = match member(object, "resourceGroupName") {
                Some(_) => "resourceGroupName",
                None => "resourceGroup",
            };
            resource_id(&part("subscriptionId"), &part(group), &kind, &name)
        }
    };

    let (body, whole) = body(file, row, &kind, shape, &unknown);
    let body = if row.change.is_some() { open_expressions(&body) } else { body };
    let potential = row.change.is_some_and(|change| change.potential);
    Some(Read {
        resource: Resource {
            address: format!("{kind}/{}", name.display()),
            kind,
            name,
            id,
            api_version: Value::null(),
            body: Value { anchor: Some(name_place), ..body.at(Some(place)) },
            referenced: false,
            condition: if potential { Value::property(unknown(), "deployed") } else { Value::bool(true) },
            repeated: false,
            partially_parsed: file.parsed.is_partially_parsed(object.range),
            only_created: false,
            made_as: None,
            provider: None,
            place,
        },
        whole,
    })
}

/// What is known by the row that is the `number`th of its file (from 1).
pub(super) fn export(file: &File, number: usize) -> Value {
    let mut args = vec![Value::text(&*file.path)];
    if number > 1 {
        args.push(Value::int(i64::try_from(number).unwrap_or(i64::MAX)));
    }
    Value::call("export", args)
}

/// A name with its parents' names, of which a row without an id has only the last.
fn full_name(kind: &str, own: Option<&str>, unknown: &dyn Fn() -> Value) -> Value {
    let own = own.map_or_else(|| Value::property(unknown(), "name"), Value::text);
    if own.as_text().is_some_and(|name| name.contains('/')) {
        return own;
    }
    let types: Vec<&str> = kind.split('/').skip(1).collect();
    let mut pieces = Vec::new();
    for parent in types.iter().take(types.len().saturating_sub(1)) {
        pieces.extend([Value::property(unknown(), parent), Value::text("/")]);
    }
    pieces.push(own);
    Value::concat(&pieces)
}

/// The row in ARM's shape, and whether it shows the whole resource.
fn body(
    file: &File,
    row: &Row,
    kind: &str,
    shape: Option<&shape::Shape>,
    unknown: &dyn Fn() -> Value,
) -> (Value, bool) {
    let object = row.object;
    if row.change.is_some_and(|change| !change.has_resource) {
        let properties = Value::partial(Value::property(unknown(), "properties"), Value::null());
        return (Value::record([("properties", properties)]), false);
    }
    let (envelope, flat): (Vec<_>, Vec<_>) = object
        .properties
        .iter()
        .filter(|prop| !prop.name.as_str().eq_ignore_ascii_case("properties"))
        .partition(|prop| ENVELOPE.iter().any(|key| prop.name.as_str().eq_ignore_ascii_case(key)));
    let mut fields: Vec<Field> = if shape::is_rule_set(object) {
        Vec::new()
    } else {
        envelope.iter().map(|prop| literal_field(file, prop)).collect()
    };
    // What was deployed long ago, and templates that are kept for later, tell nothing of what is there.
    if kind.to_ascii_lowercase().starts_with("microsoft.resources/") {
        return (Value::object(fields), true);
    }
    let wrapped =
        crate::syntax::json::get(object, "properties").filter(|prop| matches!(prop.value, Node::Object(_)));
    let place = Some(place_of(file, object));
    let (key_place, properties) = match wrapped {
        Some(prop) => {
            (Some(place_of(file, &prop.name)), powershell::open_cut_off(&literal(file, &prop.value)))
        }
        None if powershell::is_vault(object) => (None, powershell::vault(file, object)),
        None if shape::is_rule_set(object) => {
            let set = Value::object(object.properties.iter().map(|prop| literal_field(file, prop)).collect());
            (None, Value::record([("networkAcls", set.at(place))]))
        }
        None => {
            let flat = Value::object(flat.iter().map(|prop| literal_field(file, prop)).collect()).at(place);
            (None, powershell::open_cut_off(&flat))
        }
    };
    let has = |key: &str| properties.as_object().is_some_and(|object| object.field(key).is_some());
    let whole = match shape {
        // Azure never flattens a vault (F1.61): one without `properties` is a projection.
        Some(_) if is_vault(kind) && wrapped.is_none() => false,
        Some(shape) => shape.always.is_empty() || shape.always.iter().any(|key| has(key)),
        None => properties.as_object().is_some_and(|object| !object.fields().is_empty()),
    };
    let properties = if !whole {
        Value::partial(Value::property(unknown(), "properties"), properties)
    } else if row.change.is_none() && !file.parsed.is_partially_parsed(object.range) {
        with_access(kind, with_connections(kind, properties), unknown)
    } else {
        properties
    };
    fields.push(Field { key: Rc::from("properties"), key_place, value: properties });
    (Value::object(fields), whole)
}

pub(super) fn is_vault(kind: &str) -> bool {
    SERVICES.iter().any(|service| service.kind == kind)
}

/// A vault names its private endpoint connections: where it names none, there are none. Answers of API versions that
/// knew no connections do not count; they know no `publicNetworkAccess` either (F1.3).
fn with_connections(kind: &str, properties: Value) -> Value {
    const CONNECTIONS: &str = "privateEndpointConnections";
    let Some(object) = properties.as_object().filter(|_| is_vault(kind)) else { return properties };
    let current = object.field("publicNetworkAccess").or_else(|| object.field(CONNECTIONS)).is_some();
    if !current || !properties.get(CONNECTIONS).is_null() {
        return properties;
    }
    let mut fields: Vec<Field> = object
        .fields()
        .iter()
        .filter(|field| !field.key.eq_ignore_ascii_case(CONNECTIONS))
        .cloned()
        .collect();
    let none = Value::array(Vec::new()).at(properties.place);
    fields.push(Field { key: Rc::from(CONNECTIONS), key_place: None, value: none });
    Value { kind: Value::object(fields).kind, ..properties }
}

/// A vault always says whether public access is on (F1.22): one that does not was read by an API version that knew of no
/// such thing (F1.3), and it may be off.
fn with_access(kind: &str, properties: Value, unknown: &dyn Fn() -> Value) -> Value {
    const ACCESS: &str = "publicNetworkAccess";
    let Some(object) = properties.as_object().filter(|_| kind == names::VAULT) else { return properties };
    if object.field(ACCESS).is_some() {
        return properties;
    }
    let open = Value::property(unknown(), ACCESS);
    let secured = Value::property(open.clone(), "perimeter");
    let off = Value::choice(secured, Value::text("SecuredByPerimeter"), Value::text("Disabled"));
    let open = Value::choice(open, Value::text("Enabled"), off).at(properties.place);
    let mut fields = object.fields().to_vec();
    fields.push(Field { key: Rc::from(ACCESS), key_place: None, value: open });
    Value { kind: Value::object(fields).kind, ..properties }
}
