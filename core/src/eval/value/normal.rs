//! The normal form of a value, which is the identity of what is unknown.

use super::{Kind, TermKind, Value};
use crate::eval::meter;
use std::fmt::Write;
use std::rc::Rc;

impl Value {
    /// The normal form: for a term its identity, for a known value its literal.
    pub fn normal(&self) -> String {
        let mut out = String::new();
        self.write_normal(&mut out, false);
        meter::count(out.len());
        out
    }

    /// `folded` marks the capitals in what is known by a name alone, which counts with case, so that they survive when the
    /// rest is compared without.
    fn write_normal(&self, out: &mut String, folded: bool) {
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Int(number) => {
                let _ = write!(out, "{number}");
            }
            Kind::Decimal(text) => out.push_str(text),
            Kind::Text(text) => {
                out.push('\'');
                out.push_str(&text.replace('\'', "''"));
                out.push('\'');
            }
            Kind::Array(array) => {
                out.push('[');
                write_list(&array.items, out, folded);
                out.push(']');
            }
            Kind::Object(object) => {
                out.push('{');
                for (at, field) in object.fields.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    out.push_str(&field.key);
                    out.push_str(": ");
                    field.value.write_normal(out, folded);
                }
                out.push('}');
            }
            Kind::Term(term) => match &term.kind {
                TermKind::Parameter { name, .. } => {
                    let _ = write!(out, "parameters('{name}')");
                }
                TermKind::Call { name, args } => {
                    out.push_str(name);
                    out.push('(');
                    write_list(args, out, folded);
                    out.push(')');
                }
                TermKind::Property { of, name } => {
                    of.write_normal(out, folded);
                    out.push('.');
                    out.push_str(name);
                }
                TermKind::Partial { of, .. } => of.write_normal(out, folded),
                TermKind::Text(parts) => write_text(parts, out, folded),
                TermKind::Named(name) if folded => {
                    for c in name.chars() {
                        if c.is_ascii_uppercase() {
                            out.push('\u{1}');
                        }
                        out.push(c);
                    }
                }
                TermKind::Local(name) | TermKind::Named(name) => out.push_str(name),
                TermKind::Limit(reason) => {
                    let _ = write!(out, "limit('{reason}')");
                }
            },
            Kind::Choice(choice) => {
                out.push_str("if(");
                choice.condition.write_normal(out, folded);
                out.push_str(", ");
                choice.then.write_normal(out, folded);
                out.push_str(", ");
                choice.otherwise.write_normal(out, folded);
                out.push(')');
            }
        }
    }

    /// Whether both have the same normal form, without case where names in it have none.
    pub fn is_alike(&self, other: &Value) -> bool {
        if let (Kind::Term(a), Kind::Term(b)) = (&self.kind, &other.kind)
            && Rc::ptr_eq(a, b)
        {
            return true;
        }
        self.size() == other.size()
            && match (self.as_text(), other.as_text()) {
                (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
                _ => self.key() == other.key(),
            }
    }

    /// What values with the same normal form, without case, have in common.
    pub fn key(&self) -> Rc<str> {
        let of = || {
            let mut folded = String::new();
            self.write_normal(&mut folded, true);
            meter::count(folded.len());
            folded.make_ascii_lowercase();
            Rc::from(folded)
        };
        match &self.kind {
            Kind::Term(term) => Rc::clone(term.key.get_or_init(of)),
            _ => of(),
        }
    }

    /// As a reader would name it: plain text for known text, the normal form for the rest.
    pub fn display(&self) -> String {
        match self.as_text() {
            Some(text) => text.to_owned(),
            None => self.normal(),
        }
    }

    /// The pieces of text: one for known text, several for text with holes, the value itself otherwise.
    pub fn pieces(&self) -> Vec<Value> {
        match &self.kind {
            Kind::Term(term) => match &term.kind {
                TermKind::Text(parts) => parts.clone(),
                _ => vec![self.clone()],
            },
            _ => vec![self.clone()],
        }
    }

    /// What is between the slashes of a text, empty parts left out; an open piece holds no slash.
    pub fn parts(&self) -> Rc<[Value]> {
        match &self.kind {
            Kind::Term(term) if matches!(term.kind, TermKind::Text(_)) => {
                Rc::clone(term.parts.get_or_init(|| between_slashes(&self.pieces())))
            }
            _ => between_slashes(&self.pieces()),
        }
    }
}

fn between_slashes(pieces: &[Value]) -> Rc<[Value]> {
    let mut all: Vec<Value> = Vec::new();
    let mut current: Vec<Value> = Vec::new();
    let end = |current: &mut Vec<Value>, all: &mut Vec<Value>| match current.pop() {
        Some(only) if current.is_empty() => all.push(only),
        Some(last) => {
            current.push(last);
            all.push(Value::concat(&std::mem::take(current)));
        }
        None => {}
    };
    for piece in pieces {
        match piece.as_text() {
            Some(text) => {
                for (at, part) in text.split('/').enumerate() {
                    if at > 0 {
                        end(&mut current, &mut all);
                    }
                    if !part.is_empty() {
                        current.push(Value::text(part).assuming(&piece.assumed));
                    }
                }
            }
            None => current.push(piece.clone()),
        }
    }
    end(&mut current, &mut all);
    all.into()
}

fn write_list(items: &[Value], out: &mut String, folded: bool) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        item.write_normal(out, folded);
    }
}

/// Text with holes, `kv-${parameters('x')}`. The ids of the subscription and resource group a template deploys to
/// are at the start of every resource id, so they are written as the properties they are.
fn write_text(parts: &[Value], out: &mut String, folded: bool) {
    let is = |part: Option<&Value>, text: &str| part.and_then(Value::as_text) == Some(text);
    let is_property = |part: Option<&Value>, function: &str, property: &str| {
        let Some(Kind::Term(term)) = part.map(|part| &part.kind) else { return false };
        let TermKind::Property { of, name } = &term.kind else { return false };
        let Kind::Term(of) = &of.kind else { return false };
        &**name == property
            && matches!(&of.kind, TermKind::Call { name, args } if &**name == function && args.is_empty())
    };
    let mut rest = parts;
    if is(parts.first(), "/subscriptions/") && is_property(parts.get(1), "subscription", "subscriptionId") {
        let in_group =
            is(parts.get(2), "/resourceGroups/") && is_property(parts.get(3), "resourceGroup", "name");
        let (id, used) = if in_group { ("resourceGroup().id", 4) } else { ("subscription().id", 2) };
        rest = parts.get(used..).unwrap_or_default();
        if rest.is_empty() {
            out.push_str(id);
            return;
        }
        let _ = write!(out, "${{{id}}}");
    }
    for part in rest {
        if let Some(text) = part.as_text() {
            out.push_str(&text.replace("${", "\\${"));
        } else {
            out.push_str("${");
            part.write_normal(out, folded);
            out.push('}');
        }
    }
}
