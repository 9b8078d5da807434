//! Template expressions: the tree every template language lowers to, and the parser for the ones in ARM
//! templates, such as `[concat('kv-', parameters('name'))]`.

mod parse;
mod print;
#[cfg(test)]
mod tests;

use crate::text::Span;
use std::rc::Rc;

pub use parse::parse;

/// How high a tree may grow; a template that nests deeper is reported, not read.
pub const MAX_DEPTH: usize = 64;

/// The longest expression Azure Resource Manager accepts, in characters.
pub const MAX_LENGTH: usize = 24_576;

/// One expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it is, counted in the string that holds the expression (its outer brackets included).
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is. Names keep their case and compare without it.
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
    /// Parts that are joined to a string. Not written in ARM.
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
        /// What it is given.
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
        /// Which item.
        index: Box<Expr>,
        /// Null instead of an error when the item is missing.
        safe: bool,
    },
    /// A bare name: a parameter, a variable, a resource or a local variable. Not written in ARM.
    Name(Rc<str>),
    /// `...x`: an item of an array, or in an object the key of a member whose value is null. Not written in ARM.
    Spread(Box<Expr>),
    /// `[for item in list: body]`. Not written in ARM.
    For {
        /// The variable of the item.
        item: Rc<str>,
        /// The variable of the index.
        index: Option<Rc<str>>,
        /// What it goes through.
        list: Box<Expr>,
        /// Which items count.
        condition: Option<Box<Expr>>,
        /// What each becomes.
        body: Box<Expr>,
    },
    /// `of::name`: a resource in another one. Not written in ARM.
    Nested {
        /// The outer resource.
        of: Box<Expr>,
        /// The inner one.
        name: Rc<str>,
    },
    /// `of.name(args)`. Not written in ARM.
    Method {
        /// What the function is of: a value, a resource or a namespace.
        of: Box<Expr>,
        /// The function.
        name: Rc<str>,
        /// What it is given.
        args: Vec<Expr>,
    },
    /// What could not be read.
    Broken,
    /// A function literal. ARM writes `lambda('x', …)`, which is a call.
    Lambda {
        /// The parameters' names.
        parameters: Vec<Rc<str>>,
        /// What it returns.
        body: Box<Expr>,
    },
}

/// What a string of a template means when it is not simply itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// The text `[[x]` stands for: `[x]`.
    Literal(String),
    /// An expression to evaluate.
    Expression(Expr),
}

/// Why an expression cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// Where, counted in the string that holds the expression.
    pub span: Span,
    /// Why, in words.
    pub message: String,
}

/// Whether a string is an expression: in brackets, the first of which is not doubled.
pub fn is_expression(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[")
}

/// What a string means; `None` when it is simply itself.
pub fn read(text: &str) -> Result<Option<Template>, ExprError> {
    if is_expression(text) {
        return parse(text).map(|expr| Some(Template::Expression(expr)));
    }
    let escaped = text.strip_prefix('[').filter(|rest| rest.starts_with('[') && rest.ends_with(']'));
    Ok(escaped.map(|rest| Template::Literal(rest.to_owned())))
}
