//! What several rows say of one resource: what they say alike, and both where they differ.

use crate::eval::{Field, Kind, TermKind, Value};
use crate::sorted::Set;

/// Properties that differ between two answers about one state: the book-keeping of Azure and of its command line.
const BOOK_KEEPING: &[&str] =
    &["etag", "provisioningState", "resourceGroup", "resourceGuid", "state", "systemData"];

/// Two rows of one resource.
pub(super) struct Rows<'v> {
    /// Whether the second one is how the resource is.
    pub(super) is_second: &'v Value,
    /// Whether a property that one of them lacks is not set there. Otherwise it may be in another place: the command line
    /// flattens most resources.
    pub(super) are_whole: bool,
    /// Paths of what differs, also from rows before.
    pub(super) differing: &'v mut Vec<String>,
}

impl Rows<'_> {
    /// The bodies of both as one.
    pub(super) fn merged(&mut self, first: &Value, second: &Value) -> Value {
        let Some(body) = first.as_object() else { return first.clone() };
        let fields = body.fields().iter().map(|field| match field.key.eq_ignore_ascii_case("properties") {
            true => Field {
                value: self.value(&field.value, &second.get("properties"), "", self.are_whole),
                ..field.clone()
            },
            false => field.clone(),
        });
        Value { kind: Value::object(fields.collect()).kind, ..first.clone() }
    }

    /// Of a property, at a path below `properties`.
    pub(super) fn value(&mut self, first: &Value, second: &Value, path: &str, are_whole: bool) -> Value {
        let kind = match (&first.kind, &second.kind) {
            // What is declared of a resource that is shown in part.
            (Kind::Term(term), _) => match &term.kind {
                TermKind::Partial { of, declared } => {
                    Value::partial(of.clone(), self.value(declared, second, path, false)).kind
                }
                _ if second.is_null() => return first.clone(),
                _ => return second.clone(),
            },
            (_, Kind::Term(term)) => match &term.kind {
                TermKind::Partial { declared, .. } => return self.value(first, declared, path, false),
                _ => return first.clone(),
            },
            _ if self.differing.iter().any(|known| known == path) => return self.either(first, second),
            (Kind::Choice(_), _) if !second.is_null() => return second.clone(),
            (Kind::Choice(_), _) | (_, Kind::Choice(_)) => return first.clone(),
            (Kind::Object(_), Kind::Object(_)) => self.object(first, second, path, are_whole).kind,
            (Kind::Array(_), Kind::Array(_)) => return self.array(first, second, path),
            _ if is_nothing(first) && is_nothing(second) => return first.clone(),
            (Kind::Null, _) if !are_whole => return second.clone(),
            (_, Kind::Null) if !are_whole => return first.clone(),
            _ if scalar(first).is_some() && scalar(first) == scalar(second) => return first.clone(),
            _ => return self.differ(first, second, path),
        };
        Value { kind, ..first.clone() }
    }

    fn object(&mut self, first: &Value, second: &Value, path: &str, are_whole: bool) -> Value {
        let fields =
            |value: &Value| value.as_object().map(|object| object.fields().to_vec()).unwrap_or_default();
        let mut merged = Vec::new();
        for field in fields(first) {
            let path = below(path, &field.key);
            let value = match BOOK_KEEPING.iter().any(|key| field.key.eq_ignore_ascii_case(key)) {
                true => field.value.clone(),
                false => self.value(&field.value, &second.get(&field.key), &path, are_whole),
            };
            merged.push(Field { value, ..field });
        }
        let known = first.as_object();
        for field in fields(second) {
            let is_new = known.is_none_or(|known| known.field(&field.key).is_none());
            if is_new && !BOOK_KEEPING.iter().any(|key| field.key.eq_ignore_ascii_case(key)) {
                let path = below(path, &field.key);
                let value = self.value(&Value::null(), &field.value, &path, are_whole);
                merged.push(Field { value, ..field });
            }
        }
        Value::object(merged)
    }

    /// Of lists: their elements are the same in any order, and those with a name or an id are compared with each other.
    fn array(&mut self, first: &Value, second: &Value, path: &str) -> Value {
        let (Some(a), Some(b)) = (first.as_array(), second.as_array()) else { return first.clone() };
        // A name that two elements have distinguishes neither from the other.
        let names = |items: &[Value]| {
            let names: Vec<String> = items.iter().map(name_of).collect::<Option<_>>()?;
            let distinct = Set::from(names.clone());
            (distinct.len() == names.len()).then_some(names)
        };
        let in_order = (0..a.len()).map(|at| (String::new(), at)).collect();
        let pairs: Option<Vec<(String, usize)>> = match (names(a), names(b)) {
            _ if a.len() != b.len() => None,
            (Some(names), Some(others)) => {
                let other = |name: &String| others.iter().position(|other| other == name);
                names.into_iter().map(|name| other(&name).map(|at| (name, at))).collect()
            }
            _ => Some(in_order),
        };
        let Some(pairs) = pairs else { return self.differ(first, second, path) };
        let mut items = Vec::new();
        for (item, (name, at)) in a.iter().zip(pairs) {
            let other = b.get(at).unwrap_or(item);
            items.push(self.value(item, other, &below(path, &name), false));
        }
        Value { kind: Value::array(items).kind, ..first.clone() }
    }

    fn differ(&mut self, first: &Value, second: &Value, path: &str) -> Value {
        self.differing.push(path.to_owned());
        self.either(first, second)
    }

    fn either(&self, first: &Value, second: &Value) -> Value {
        Value::choice(self.is_second.clone(), second.clone(), first.clone())
            .or_at(second.place.or(first.place))
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") }
}

/// A text, number or boolean in the way in which Azure compares them.
fn scalar(value: &Value) -> Option<String> {
    let is_scalar = value.is_known() && !matches!(value.kind, Kind::Array(_) | Kind::Object(_) | Kind::Null);
    is_scalar.then(|| value.normal().to_ascii_lowercase())
}

/// What Azure prints as well as leaves out.
fn is_nothing(value: &Value) -> bool {
    match &value.kind {
        Kind::Null | Kind::Bool(false) => true,
        Kind::Text(text) => text.is_empty(),
        Kind::Array(array) => array.items().is_empty(),
        Kind::Object(object) => object.fields().iter().all(|field| is_nothing(&field.value)),
        _ => false,
    }
}

/// What distinguishes an element of a list from the others.
fn name_of(item: &Value) -> Option<String> {
    let keys = ["id", "value", "name"];
    scalar(item).or_else(|| keys.iter().find_map(|key| scalar(&item.as_object()?.field(key)?.value)))
}
