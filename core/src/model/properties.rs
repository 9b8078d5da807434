//! How properties of resources are read, in each shape that Azure and templates write them in.

use crate::eval::Value;
use crate::lang::Resource;

/// A property of a resource, `properties.…` or, in the flattened shape of Azure's CLI, at its top (F1.61, F1.63).
pub fn property(resource: &Resource, path: &[&str]) -> Value {
    let properties = resource.body.get("properties");
    let holder = if properties.is_null() { resource.body.clone() } else { properties };
    readable(resource, holder.path(path))
}

/// What a resource that is broken in the text seems to lack is unknown, and so is all of one that is only referred to.
fn readable(resource: &Resource, value: Value) -> Value {
    if !value.is_null() {
        return value;
    }
    let place = value.place;
    if resource.referenced {
        Value::property(Value::call("existing", vec![resource.id.clone()]), "properties").at(place)
    } else if resource.partially_parsed {
        Value::limit("text that cannot be read").at(place)
    } else {
        value
    }
}

/// A property of a part of a resource: `part.key`, or `part.properties.key` in ARM's wrapped shape.
pub fn wrapped(part: &Value, key: &str) -> Value {
    let inner = part.get("properties");
    let found = if inner.is_null() { part.get(key) } else { inner.get(key) };
    if found.is_null() && !inner.is_null() { part.get(key).or_at(found.place) } else { found }
}
