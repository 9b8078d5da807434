//! Types of variables: what they make of a value.

use super::scope::Frame;
use crate::eval::functions::terraform::{terraform, to_text};
use crate::eval::value::distribute;
use crate::eval::{Field, Value};
use crate::syntax::expression::{Expr, ExprKind};
use std::rc::Rc;

/// Types nest at most this deep.
const MAX_TYPES: usize = 32;

/// A value as a type has it: attributes that are optional are filled in, what is none of the type's is left out.
pub(super) fn convert(value: &Value, ty: &Expr, frame: &Frame) -> Value {
    within(value, ty, frame, 0)
}

fn within(value: &Value, ty: &Expr, frame: &Frame, depth: usize) -> Value {
    if depth > MAX_TYPES || value.is_null() {
        return value.clone();
    }
    let each = |ty: Option<&Expr>| {
        distribute(std::slice::from_ref(value), &|values| {
            let Some(value) = values.first() else { return Value::null() };
            let Some(ty) = ty else { return value.clone() };
            if let Some(items) = value.as_array() {
                let items = items.iter().map(|item| within(item, ty, frame, depth + 1));
                return like(value, Value::array(items.collect()));
            }
            let Some(object) = value.as_object() else { return value.clone() };
            let fields = object
                .fields()
                .iter()
                .map(|field| Field { value: within(&field.value, ty, frame, depth + 1), ..field.clone() });
            like(value, Value::object(fields.collect()))
        })
    };
    match &ty.kind {
        ExprKind::Symbol(name) => match &**name {
            "string" => to_text(value),
            "number" => terraform("tonumber", vec![value.clone()]).or_at(value.place),
            "bool" => terraform("tobool", vec![value.clone()]).or_at(value.place),
            _ => value.clone(),
        },
        ExprKind::Call { name, args, .. } => match (&**name, args.as_slice()) {
            ("list" | "map", [of]) => each(Some(of)),
            ("set", [of]) => {
                let set = each(Some(of));
                terraform("toset", vec![set.clone()]).or_at(set.place)
            }
            ("object", [Expr { kind: ExprKind::Object(members), .. }]) => {
                distribute(std::slice::from_ref(value), &|values| {
                    values.first().map_or_else(Value::null, |value| object(value, members, frame, depth))
                })
            }
            ("optional", [of, ..]) => within(value, of, frame, depth + 1),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

fn like(value: &Value, made: Value) -> Value {
    Value { anchor: value.anchor, ..made.standing(value).assuming(&value.assumed) }
}

fn object(value: &Value, members: &[(Expr, Expr)], frame: &Frame, depth: usize) -> Value {
    let Some(object) = value.as_object() else { return value.clone() };
    let mut fields = Vec::with_capacity(members.len());
    for (key, ty) in members {
        let ExprKind::Text(name) = &key.kind else { continue };
        let written = object.field(name);
        let (inner, default) = match &ty.kind {
            ExprKind::Call { name, args, .. } if &**name == "optional" => (args.first(), args.get(1)),
            _ => (Some(ty), None),
        };
        let Some(inner) = inner else { continue };
        let given = match written {
            Some(field) if !field.value.is_null() || default.is_none() => field.value.clone(),
            _ => default.map_or_else(Value::null, |default| frame.evaluate(default)),
        };
        fields.push(Field {
            key: Rc::clone(name),
            key_place: written.and_then(|field| field.key_place),
            value: within(&given, inner, frame, depth + 1),
        });
    }
    like(value, Value::object(fields))
}
