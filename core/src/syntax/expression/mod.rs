//! Template expressions: the tree every template language lowers to, and the parser for the ones in ARM
//! templates, such as `[concat('kv-', parameters('name'))]`.

mod parse;
mod print;
#[cfg(test)]
mod tests;

use crate::text::Span;
use std::rc::Rc;

pub use parse::parse;

/// The maximum height of a tree, which bounds recursion. Deeper nesting is reported and not parsed.
pub const MAX_DEPTH: usize = 64;

/// The longest expression Azure Resource Manager accepts, in characters.
pub const MAX_LENGTH: usize = 24_576;

/// One expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// The span, relative to the string that contains the expression (with its outer brackets).
    pub span: Span,
    /// The kind, with the operands.
    pub kind: ExprKind,
}

/// Kinds of expressions. Names keep their case and are compared without it.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// The null literal. ARM writes `null()`, which is a call.
    Null,
    /// A boolean literal. ARM writes `true()`, which is a call.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string, unescaped.
    Text(Rc<str>),
    /// Parts that are concatenated to a string. Not written in ARM.
    Interpolation(Vec<Expr>),
    /// An array literal. Not written in ARM.
    Array(Vec<Expr>),
    /// An object literal. Not written in ARM.
    Object(Vec<(Expr, Expr)>),
    /// `name(args)` or `namespace.name(args)`.
    Call {
        /// The namespace of a user-defined function.
        namespace: Option<Rc<str>>,
        /// The function.
        name: Rc<str>,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `of.name`, or `of.?name` when safe.
    Property {
        /// The object.
        of: Box<Expr>,
        /// The property.
        name: Rc<str>,
        /// Null instead of an error when the property is missing.
        safe: bool,
    },
    /// `of[index]`, or `of[?index]` when safe.
    Index {
        /// The array or object.
        of: Box<Expr>,
        /// The index of an item, or the name of a property.
        index: Box<Expr>,
        /// Null instead of an error when the item is missing.
        safe: bool,
    },
    /// A bare identifier: in Bicep a symbol of the file, or a variable of a loop or lambda.
    Name(Rc<str>),
    /// A resource by its symbolic name.
    Symbol(Rc<str>),
    /// `of::name`, a resource declared inside another one.
    Nested {
        /// The outer resource.
        of: Box<Expr>,
        /// The inner one's symbolic name.
        name: Rc<str>,
    },
    /// `of.name(args)`.
    Method {
        /// A namespace, an import or a resource.
        of: Box<Expr>,
        /// The function.
        name: Rc<str>,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `...of`: an item of an array, or in an object the key of a member whose value is null.
    Spread(Box<Expr>),
    /// `[for item, index in list: if (condition) body]`.
    For {
        /// The variable of the element.
        item: Rc<str>,
        /// The variable of the index.
        index: Option<Rc<str>>,
        /// The array that is looped over.
        list: Box<Expr>,
        /// The filter.
        condition: Option<Box<Expr>>,
        /// The result for each element.
        body: Box<Expr>,
    },
    /// A part that could not be parsed.
    Broken,
    /// A function literal. ARM writes `lambda('x', …)`, which is a call.
    Lambda {
        /// The parameters' names.
        parameters: Vec<Rc<str>>,
        /// The expression that is returned.
        body: Box<Expr>,
    },
}

/// A string of a template that is not a plain literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// The text `[x]`, written as `[[x]`.
    Literal(String),
    /// An expression to evaluate.
    Expression(Expr),
}

/// Why an expression cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// The span, relative to the string that contains the expression.
    pub span: Span,
    /// The message for the user.
    pub message: String,
}

/// Whether a string is an expression: it is in brackets, and the opening one is not doubled.
pub fn is_expression(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[")
}

/// Parses a string; `None` for a plain literal.
pub fn read(text: &str) -> Result<Option<Template>, ExprError> {
    if is_expression(text) {
        return parse(text).map(|expr| Some(Template::Expression(expr)));
    }
    let escaped = text.strip_prefix('[').filter(|rest| rest.starts_with('[') && rest.ends_with(']'));
    Ok(escaped.map(|rest| Template::Literal(rest.to_owned())))
}
