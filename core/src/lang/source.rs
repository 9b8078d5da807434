//! A JSON file, and its nodes as values. What the languages that are written in JSON share.

use crate::eval::{Field, Kind, Value};
use crate::syntax::json::{self, Node, Object, Ranged};
use crate::text::{FileId, Place};
use std::borrow::Cow;
use std::rc::Rc;

/// One JSON document of a file.
#[derive(Debug)]
pub struct File<'t> {
    /// The index of its file in the project.
    pub id: FileId,
    /// The path of its file as the host named it; of a template beside the first one in a file a path of its own.
    pub path: Cow<'t, str>,
    /// Its tree; what was not read for errors is listed in `parsed.lost`.
    pub parsed: json::Parsed<'t>,
    /// Parameters that are passed to it in its own file.
    pub passed: Option<Node<'t>>,
}

impl<'t> File<'t> {
    /// The one document of a file.
    pub fn new(id: FileId, path: &'t str, parsed: json::Parsed<'t>) -> Self {
        Self { id, path: Cow::Borrowed(path), parsed, passed: None }
    }
}

pub(super) fn text<'n>(node: &'n Node) -> Option<&'n str> {
    match node {
        Node::StringLit(literal) => Some(&literal.value),
        _ => None,
    }
}

pub(super) fn object<'n, 't>(node: &'n Node<'t>) -> Option<&'n Object<'t>> {
    match node {
        Node::Object(object) => Some(object),
        _ => None,
    }
}

pub(super) fn member<'n, 't>(of: &'n Object<'t>, key: &str) -> Option<&'n Node<'t>> {
    json::get(of, key).map(|prop| &prop.value)
}

pub(super) fn place_of(file: &File, node: &impl Ranged) -> Place {
    Place { file: file.id, span: file.parsed.span(node.range()) }
}

/// The value of a node in which no expression is evaluated: a parameter file, or Azure's own output.
pub(super) fn literal(file: &File, node: &Node) -> Value {
    let place = place_of(file, node);
    let kind = match node {
        Node::StringLit(literal) => Value::text(Rc::from(&*literal.value)).kind,
        Node::NumberLit(number) => match number.value.parse() {
            Ok(number) => Kind::Int(number),
            Err(_) => Kind::Decimal(Rc::from(number.value)),
        },
        Node::BooleanLit(flag) => Kind::Bool(flag.value),
        Node::NullKeyword(_) => Kind::Null,
        Node::Array(array) => {
            return Value::array(array.elements.iter().map(|node| literal(file, node)).collect())
                .at(Some(place));
        }
        Node::Object(object) => {
            let fields = object.properties.iter().map(|prop| literal_field(file, prop));
            return Value::object(fields.collect()).at(Some(place));
        }
    };
    Value { kind, ..Value::null().at(Some(place)) }
}

/// A property with its name, as [`literal`] reads it.
pub(super) fn literal_field(file: &File, prop: &json::ObjectProp) -> Field {
    Field {
        key: Rc::from(prop.name.as_str()),
        key_place: Some(place_of(file, &prop.name)),
        value: literal(file, &prop.value),
    }
}

/// Expressions that only a deployment can evaluate, as a what-if prints them: unknown values.
pub(super) fn open_expressions(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Text(text) if text.starts_with('[') && !text.starts_with("[[") && text.ends_with(']') => {
            Value::local(text).kind
        }
        Kind::Array(array) => Value::array(array.items().iter().map(open_expressions).collect()).kind,
        Kind::Object(object) => {
            let fields = object
                .fields()
                .iter()
                .map(|field| Field { value: open_expressions(&field.value), ..field.clone() });
            Value::object(fields.collect()).kind
        }
        _ => return value.clone(),
    };
    Value { kind, ..value.clone() }
}
