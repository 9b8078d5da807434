//! Resource ids as text, with holes where a part is open.

use super::Value;

/// `/subscriptions/…/resourceGroups/…/providers/<type with names>`; a null subscription or resource group leaves that
/// level out.
pub fn resource_id(subscription: &Value, resource_group: &Value, kind: &str, name: &Value) -> Value {
    let mut pieces = Vec::new();
    for (label, part) in [("/subscriptions/", subscription), ("/resourceGroups/", resource_group)] {
        if !part.is_null() {
            pieces.extend([Value::text(label), part.clone()]);
        }
    }
    extension_id(&Value::concat(&pieces), kind, name)
}

/// `<scope>/providers/<type with names>`.
pub fn extension_id(scope: &Value, kind: &str, name: &Value) -> Value {
    let mut types = kind.split('/');
    let mut pieces =
        vec![scope.clone(), Value::text("/providers/"), Value::text(types.next().unwrap_or_default())];
    let mut names = name_segments(name).into_iter();
    let types: Vec<&str> = types.collect();
    for (at, part) in types.iter().enumerate() {
        pieces.extend([Value::text("/"), Value::text(*part), Value::text("/")]);
        if at + 1 == types.len() {
            // What is left over belongs to the last name: a name that cannot be taken apart stays whole.
            let rest: Vec<Value> = names.by_ref().collect();
            pieces.push(join(&rest));
        } else {
            pieces.push(names.next().unwrap_or_default());
        }
    }
    Value::concat(&pieces).at(name.place)
}

/// The parts of a name or an id between slashes; an open piece holds no slash.
pub fn name_segments(name: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let mut current: Vec<Value> = Vec::new();
    for piece in name.pieces() {
        match piece.as_text() {
            Some(text) => {
                for (at, part) in text.split('/').enumerate() {
                    if at > 0 {
                        all.push(Value::concat(&std::mem::take(&mut current)).assuming(&name.assumed));
                    }
                    if !part.is_empty() {
                        current.push(Value::text(part).assuming(&piece.assumed));
                    }
                }
            }
            None => current.push(piece),
        }
    }
    all.push(Value::concat(&current).assuming(&name.assumed));
    all
}

fn join(parts: &[Value]) -> Value {
    let mut pieces = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            pieces.push(Value::text("/"));
        }
        pieces.push(part.clone());
    }
    Value::concat(&pieces)
}
