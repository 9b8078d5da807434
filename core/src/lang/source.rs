//! A JSON file, and its nodes as values. What the languages that are written in JSON share.

use crate::eval::{Field, Kind, Value};
use crate::syntax::json::{self, Node, Object, Ranged};
use crate::text::{FileId, Place};
use std::rc::Rc;

/// One JSON document of a file.
#[derive(Debug)]
pub struct File<'t> {
    /// The index of its file in the project.
    pub id: FileId,
    /// The path of its file as the host named it.
    pub path: &'t str,
    /// Its tree.
    pub parsed: json::Parsed<'t>,
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
