//! What is in a value: its parts, through choices and terms.

use super::{Kind, Object, TermKind, Value};
use crate::text::Place;

impl Value {
    /// Nothing, or `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether this is known at its top: not a term and not a choice.
    pub fn is_known(&self) -> bool {
        !matches!(self.kind, Kind::Term(_) | Kind::Choice(_))
    }

    /// Known, and neither an array nor an object.
    pub(super) fn is_scalar(&self) -> bool {
        self.is_known() && !matches!(self.kind, Kind::Array(_) | Kind::Object(_))
    }

    /// Whether nothing inside is open.
    pub fn is_closed(&self) -> bool {
        match &self.kind {
            Kind::Array(array) => array.items.iter().all(Value::is_closed),
            Kind::Object(object) => object.fields.iter().all(|field| field.value.is_closed()),
            Kind::Term(_) | Kind::Choice(_) => false,
            _ => true,
        }
    }

    /// The text, if it is a known one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is a known one.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The boolean, if it is a known one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The elements, if it is a known array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::Array(array) => Some(&array.items),
            _ => None,
        }
    }

    /// The object, if it is a known one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A property, through choices and terms. What is not there is null, at the place of its parent's key; a
    /// property of something that is not an object is null too.
    #[must_use]
    pub fn get(&self, key: &str) -> Value {
        let found = match &self.kind {
            Kind::Object(object) => match (object.field(key), &object.completed) {
                (Some(field), whole) => {
                    let mut value = field.value.clone().or_at(field.key_place);
                    value.anchor = value.anchor.or(field.key_place);
                    match whole {
                        Some(whole) if value.as_object().is_some() => {
                            value.completing(&Value::property(whole.clone(), key))
                        }
                        _ => value,
                    }
                }
                (None, Some(whole)) => Value::property(whole.clone(), key).at(self.place),
                (None, None) => Value::missing(self.anchor.or(self.place)),
            },
            Kind::Term(term) => match &term.kind {
                TermKind::Partial { of, declared } => {
                    let known = declared.get(key);
                    if known.is_null() { Value::property(of.clone(), key).at(self.place) } else { known }
                }
                TermKind::Call { name, args } if matches!(&**name, "union" | "shallowMerge") => {
                    merged_property(name, args, key)
                        .unwrap_or_else(|| Value::property(self.clone(), key))
                        .or_at(self.place)
                }
                _ => Value::property(self.clone(), key).at(self.place),
            },
            Kind::Choice(choice) => {
                Value::choice(choice.condition.clone(), choice.then.get(key), choice.otherwise.get(key))
                    .or_at(self.place)
            }
            _ => Value::missing(self.anchor.or(self.place)),
        };
        found.within(self, || self.key_place(key)).assuming(&self.assumed)
    }

    /// [`Value::get`] along a path of names.
    #[must_use]
    pub fn path(&self, keys: &[&str]) -> Value {
        keys.iter().fold(self.clone(), |value, key| value.get(key))
    }

    /// Where the name of a property is, if this is an object that has it.
    pub fn key_place(&self, key: &str) -> Option<Place> {
        self.as_object().and_then(|object| object.field(key)).and_then(|field| field.key_place)
    }

    pub(super) fn depth(&self) -> u16 {
        match &self.kind {
            Kind::Array(array) => array.depth,
            Kind::Object(object) => object.depth,
            Kind::Term(term) => term.depth,
            Kind::Choice(choice) => choice.depth,
            _ => 0,
        }
    }

    /// About how many bytes its normal form has.
    pub fn size(&self) -> usize {
        match &self.kind {
            Kind::Text(text) | Kind::Decimal(text) => text.len() + 2,
            Kind::Array(array) => array.size,
            Kind::Object(object) => object.size,
            Kind::Term(term) => term.size,
            Kind::Choice(choice) => choice.size,
            _ => 8,
        }
    }

    /// How many fields a name is looked for among.
    pub(in crate::eval) fn fields_held(&self) -> usize {
        match &self.kind {
            Kind::Object(object) => object.fields.len(),
            Kind::Term(term) => match &term.kind {
                TermKind::Partial { declared, .. } => declared.fields_held(),
                _ => 0,
            },
            _ => 0,
        }
    }

    /// Whether it is an object that Azure adds to: as a part of another one it is made anew.
    pub(in crate::eval) fn is_completed(&self) -> bool {
        self.as_object().is_some_and(|object| object.completed.is_some())
    }

    /// How many elements or fields it holds itself.
    pub fn elements_held(&self) -> usize {
        match &self.kind {
            Kind::Array(array) => array.items.len(),
            Kind::Object(object) => object.fields.len(),
            _ => 0,
        }
    }
}

/// A property of merged objects of which some are unknown: later ones replace what earlier ones say.
fn merged_property(function: &str, objects: &[Value], key: &str) -> Option<Value> {
    let lacks = |value: &Value| value.as_object().is_some_and(|object| object.field(key).is_none());
    let last = objects.iter().rposition(|value| !lacks(value))?;
    let earlier = objects.get(..last)?;
    let field = match objects.get(last)?.as_object() {
        Some(object) => object.field(key)?,
        None if earlier.is_empty() => return Some(objects.first()?.get(key)),
        None => return Some(Value::property(Value::call(function, objects.get(..=last)?.to_vec()), key)),
    };
    // `union` merges nested objects in turn, and what is open may be one.
    let replaces =
        function != "union" || matches!(field.value.kind, Kind::Array(_)) || field.value.is_scalar();
    let earlier = match earlier {
        _ if replaces => return Some(field.value.clone().or_at(field.key_place)),
        [] => return Some(field.value.clone().or_at(field.key_place)),
        [only] => only.get(key),
        _ => Value::call(function, earlier.to_vec()).get(key),
    };
    Some(Value::call(function, vec![earlier, field.value.clone()]).at(field.value.place.or(field.key_place)))
}
