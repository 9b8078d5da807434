//! HCL, the syntax of Terraform: bodies of attributes and blocks, with the expressions of [`super::expression`].
//!
//! [`parse`] never fails: errors are in [`File::problems`], and the intact parts around them are parsed.
//!
//! Features of HCL that the shared tree does not have are calls in the namespace [`NAMESPACE`]: operators, functions,
//! splats, and maps from `for`. A reference such as `var.name`, `azurerm_key_vault.main` or `data.azurerm_subnet.main`
//! is a single symbol with its dots, followed by properties and indices.

mod parse;
mod template;
#[cfg(test)]
mod tests;

use crate::syntax::expression::{Expr, ExprKind};
use crate::text::Span;
use std::rc::Rc;

pub use parse::parse;
pub use template::parse_template;

/// The maximum depth of constructs and height of expressions. Deeper ones are reported and not parsed.
pub use super::expression::MAX_DEPTH;

/// The namespace of features that only HCL has.
pub const NAMESPACE: &str = "tf";

/// A parsed file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The attributes and blocks at the top level.
    pub body: Body,
    /// Syntax errors, sorted by place.
    pub problems: Vec<Problem>,
    /// The spans of comments, without their markers.
    pub comments: Vec<Span>,
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The span in the file.
    pub span: Span,
    /// The message for the user.
    pub message: String,
}

/// Attributes and blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The attributes, in order.
    pub attributes: Vec<Attribute>,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// Whether a part could not be parsed, so that missing attributes may be in it.
    pub partially_parsed: bool,
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its name.
    pub name: Rc<str>,
    /// The span of the name.
    pub name_span: Span,
    /// Its value.
    pub value: Expr,
}

/// `kind "label" "label" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its first word.
    pub kind: Rc<str>,
    /// The labels after it.
    pub labels: Vec<Label>,
    /// The first word and the labels.
    pub head: Span,
    /// The whole block.
    pub span: Span,
    /// The attributes and blocks between its braces.
    pub body: Body,
}

/// A label of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its text.
    pub text: Rc<str>,
    /// The span, with its quotes.
    pub span: Span,
}

impl Body {
    /// The attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The value of an attribute.
    pub fn value(&self, name: &str) -> Option<&Expr> {
        self.attribute(name).map(|attribute| &attribute.value)
    }

    /// The blocks of a kind.
    pub fn blocks(&self, kind: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

impl Block {
    /// The text of a label.
    pub fn label(&self, at: usize) -> Option<&str> {
        self.labels.get(at).map(|label| &*label.text)
    }
}

/// The symbols that an expression refers to, with their places.
pub fn symbols(expr: &Expr, found: &mut dyn FnMut(&str, Span)) {
    match &expr.kind {
        ExprKind::Symbol(name) => found(name, expr.span),
        ExprKind::Interpolation(parts) | ExprKind::Array(parts) | ExprKind::Call { args: parts, .. } => {
            parts.iter().for_each(|part| symbols(part, found));
        }
        ExprKind::Object(members) => {
            for (key, value) in members {
                symbols(key, found);
                symbols(value, found);
            }
        }
        ExprKind::Property { of, .. } | ExprKind::Spread(of) => symbols(of, found),
        ExprKind::Index { of, index, .. } => {
            symbols(of, found);
            symbols(index, found);
        }
        ExprKind::For { list, condition, body, .. } => {
            symbols(list, found);
            condition.iter().for_each(|condition| symbols(condition, found));
            symbols(body, found);
        }
        _ => {}
    }
}

/// Sets the span of an expression that was parsed elsewhere, and of all expressions in it.
pub fn move_to(expr: &mut Expr, span: Span) {
    expr.span = span;
    match &mut expr.kind {
        ExprKind::Interpolation(parts) | ExprKind::Array(parts) | ExprKind::Call { args: parts, .. } => {
            parts.iter_mut().for_each(|part| move_to(part, span));
        }
        ExprKind::Object(members) => {
            for (key, value) in members {
                move_to(key, span);
                move_to(value, span);
            }
        }
        ExprKind::Property { of, .. } | ExprKind::Spread(of) => move_to(of, span),
        ExprKind::Index { of, index, .. } => {
            move_to(of, span);
            move_to(index, span);
        }
        ExprKind::For { list, condition, body, .. } => {
            move_to(list, span);
            condition.iter_mut().for_each(|condition| move_to(condition, span));
            move_to(body, span);
        }
        _ => {}
    }
}
