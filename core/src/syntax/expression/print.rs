//! Expressions as ARM writes them, without the outer brackets.

use super::{Expr, ExprKind};
use std::fmt::{Display, Formatter, Result, Write};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            ExprKind::Null => f.write_str("null()"),
            ExprKind::Bool(value) => write!(f, "{value}()"),
            ExprKind::Int(value) => write!(f, "{value}"),
            ExprKind::Text(text) => quoted(f, text),
            ExprKind::Interpolation(parts) => call(f, "concat", parts.iter()),
            ExprKind::Array(items) => call(f, "createArray", items.iter()),
            ExprKind::Object(members) => {
                call(f, "createObject", members.iter().flat_map(|(key, value)| [key, value]))
            }
            ExprKind::Call { namespace, name, args } => {
                if let Some(namespace) = namespace {
                    write!(f, "{namespace}.")?;
                }
                call(f, name, args.iter())
            }
            ExprKind::Property { of, name, safe } => {
                write!(f, "{of}{}{name}", if *safe { ".?" } else { "." })
            }
            ExprKind::Index { of, index, safe } => {
                write!(f, "{of}[{}{index}]", if *safe { "?" } else { "" })
            }
            ExprKind::Name(name) => f.write_str(name),
            ExprKind::Spread(of) => write!(f, "...{of}"),
            ExprKind::For { item, index, list, condition, body } => {
                match index {
                    Some(index) => write!(f, "[for ({item}, {index}) in {list}: ")?,
                    None => write!(f, "[for {item} in {list}: ")?,
                }
                if let Some(condition) = condition {
                    write!(f, "if ({condition}) ")?;
                }
                write!(f, "{body}]")
            }
            ExprKind::Nested { of, name } => write!(f, "{of}::{name}"),
            ExprKind::Method { of, name, args } => {
                write!(f, "{of}.")?;
                call(f, name, args.iter())
            }
            ExprKind::Broken => f.write_str("?"),
            ExprKind::Lambda { parameters, body } => {
                f.write_str("lambda(")?;
                for parameter in parameters {
                    quoted(f, parameter)?;
                    f.write_str(", ")?;
                }
                write!(f, "{body})")
            }
        }
    }
}

fn call<'e>(f: &mut Formatter<'_>, name: &str, args: impl Iterator<Item = &'e Expr>) -> Result {
    write!(f, "{name}(")?;
    for (index, arg) in args.enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{arg}")?;
    }
    f.write_char(')')
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    write!(f, "'{}'", text.replace('\'', "''"))
}
