//! Nodes to the expressions that every template language shares: operators become calls of ARM's functions.

use super::lex::escape;
use super::{Node, SyntaxKind, TokenKind};
use crate::syntax::expression::{Expr, ExprKind};
use crate::text::Span;
use std::rc::Rc;

/// The expression of a node.
pub(super) fn expression(node: Node) -> Expr {
    let span = node.span();
    let children = node.children();
    let kind = match (node.kind(), children.as_slice()) {
        (SyntaxKind::Paren | SyntaxKind::NotNull, [inner]) => return expression(*inner),
        (SyntaxKind::Name, _) => name(node.text()),
        (SyntaxKind::Integer, _) => integer(node.text(), false),
        (SyntaxKind::Text, _) => text(node, &children),
        (SyntaxKind::Array, items) => ExprKind::Array(items.iter().map(|item| self::item(*item)).collect()),
        (SyntaxKind::Object, members) => object(members),
        (SyntaxKind::Spread, [of]) => ExprKind::Spread(boxed(*of)),
        (SyntaxKind::Lambda, [parameters, body]) => {
            ExprKind::Lambda { parameters: names(*parameters), body: boxed(*body) }
        }
        (SyntaxKind::Call, [name, args @ ..]) => {
            ExprKind::Call { namespace: None, name: word(*name), args: all(args) }
        }
        (SyntaxKind::Method, [of, name, args @ ..]) => {
            ExprKind::Method { of: boxed(*of), name: word(*name), args: all(args) }
        }
        (kind @ (SyntaxKind::Property | SyntaxKind::SafeProperty), [of, name]) => {
            ExprKind::Property { of: boxed(*of), name: word(*name), safe: kind == SyntaxKind::SafeProperty }
        }
        (kind @ (SyntaxKind::Index | SyntaxKind::SafeIndex), [of, index]) => {
            ExprKind::Index { of: boxed(*of), index: boxed(*index), safe: kind == SyntaxKind::SafeIndex }
        }
        (SyntaxKind::FromEnd, args @ [_, _]) => call("indexFromEnd", all(args)),
        (SyntaxKind::SafeFromEnd, args @ [_, _]) => call("tryIndexFromEnd", all(args)),
        (SyntaxKind::Nested, [of, name]) => ExprKind::Nested { of: boxed(*of), name: word(*name) },
        (SyntaxKind::Unary, [of]) => unary(node, *of),
        (SyntaxKind::Binary, [left, right]) => binary(node, *left, *right),
        (SyntaxKind::Ternary, args @ [_, _, _]) => call("if", all(args)),
        (SyntaxKind::For, _) => match for_loop(&children) {
            Some(found) => ExprKind::For {
                item: found.item,
                index: found.index,
                list: Box::new(found.list),
                condition: found.condition.map(Box::new),
                body: Box::new(found.body.map_or(Expr { span, kind: ExprKind::Broken }, expression)),
            },
            None => ExprKind::Broken,
        },
        _ => ExprKind::Broken,
    };
    Expr { span, kind }
}

fn boxed(node: Node) -> Box<Expr> {
    Box::new(expression(node))
}

fn word(node: Node) -> Rc<str> {
    Rc::from(node.text())
}

fn all(nodes: &[Node]) -> Vec<Expr> {
    nodes.iter().map(|node| expression(*node)).collect()
}

fn call(name: &str, args: Vec<Expr>) -> ExprKind {
    ExprKind::Call { namespace: None, name: Rc::from(name), args }
}

fn name(text: &str) -> ExprKind {
    match text {
        "null" => ExprKind::Null,
        "true" => ExprKind::Bool(true),
        "false" => ExprKind::Bool(false),
        _ => ExprKind::Name(Rc::from(text)),
    }
}

fn integer(digits: &str, is_negative: bool) -> ExprKind {
    let number = if is_negative { format!("-{digits}").parse() } else { digits.parse() };
    number.map_or(ExprKind::Broken, ExprKind::Int)
}

/// The names that a node is or holds: the parameters of a lambda, the variables of a loop.
fn names(node: Node) -> Vec<Rc<str>> {
    let of = |node: &Node| (node.kind() == SyntaxKind::Name).then(|| Rc::from(node.text()));
    match of(&node) {
        Some(name) => vec![name],
        None => node.children().iter().filter_map(of).collect(),
    }
}

/// An item; a part that could not be parsed may have been any number of items.
fn item(node: Node) -> Expr {
    if node.kind() == SyntaxKind::Error { lost(node.span()) } else { expression(node) }
}

/// An unknown value of unknown length.
fn lost(span: Span) -> Expr {
    Expr { span, kind: ExprKind::Spread(Box::new(Expr { span, kind: ExprKind::Broken })) }
}

/// An object without the resources declared in it.
fn object(nodes: &[Node]) -> ExprKind {
    let mut members = Vec::with_capacity(nodes.len());
    // A lost part comes first, since it does not override properties that are written elsewhere in the object.
    if let Some(error) = nodes.iter().find(|node| node.kind() == SyntaxKind::Error) {
        members.push((lost(error.span()), Expr { span: error.span(), kind: ExprKind::Null }));
    }
    for node in nodes {
        match (node.kind(), node.children().as_slice()) {
            (SyntaxKind::Member, [key, value]) => members.push((self::key(*key), expression(*value))),
            (SyntaxKind::Spread, _) => {
                members.push((expression(*node), Expr { span: node.span(), kind: ExprKind::Null }));
            }
            _ => {}
        }
    }
    ExprKind::Object(members)
}

/// A key as a text; a keyword is a key too.
fn key(node: Node) -> Expr {
    match node.kind() {
        SyntaxKind::Name => Expr { span: node.span(), kind: ExprKind::Text(Rc::from(node.text())) },
        _ => expression(node),
    }
}

fn unary(node: Node, of: Node) -> ExprKind {
    let is_minus = node.text().starts_with('-');
    match of.kind() {
        SyntaxKind::Integer if is_minus => integer(of.text(), true),
        _ if is_minus => {
            let zero = Expr { span: node.span(), kind: ExprKind::Int(0) };
            call("sub", vec![zero, expression(of)])
        }
        _ => call("not", vec![expression(of)]),
    }
}

fn binary(node: Node, left: Node, right: Node) -> ExprKind {
    let span = node.span();
    let tree = node.tree;
    let between = left.data().end..right.data().first;
    let operator = between.map(|at| tree.token(at)).find(|kind| {
        !matches!(kind, TokenKind::Blank | TokenKind::Comment | TokenKind::Directive | TokenKind::Newline)
    });
    let operator = operator.unwrap_or(TokenKind::Unknown);
    let name = match operator {
        TokenKind::Plus => "add",
        TokenKind::Minus => "sub",
        TokenKind::Star => "mul",
        TokenKind::Slash => "div",
        TokenKind::Percent => "mod",
        TokenKind::Less => "less",
        TokenKind::LessOrEqual => "lessOrEquals",
        TokenKind::Greater => "greater",
        TokenKind::GreaterOrEqual => "greaterOrEquals",
        TokenKind::And => "and",
        TokenKind::Or => "or",
        TokenKind::Coalesce => "coalesce",
        _ => "equals",
    };
    let mut sides = all(&[left, right]);
    if matches!(operator, TokenKind::EqualText | TokenKind::NotEqualText) {
        let lower = |side: Expr| Expr { span: side.span, kind: call("toLower", vec![side]) };
        sides = sides.into_iter().map(lower).collect();
    }
    let found = call(name, sides);
    match operator {
        TokenKind::NotEqual | TokenKind::NotEqualText => call("not", vec![Expr { span, kind: found }]),
        _ => found,
    }
}

/// A loop, of a value or a resource.
pub(super) struct For<'t> {
    pub(super) item: Rc<str>,
    pub(super) index: Option<Rc<str>>,
    pub(super) list: Expr,
    pub(super) condition: Option<Expr>,
    pub(super) body: Option<Node<'t>>,
}

/// Converts the nodes in a loop; `None` if it has no variable.
pub(super) fn for_loop<'t>(children: &[Node<'t>]) -> Option<For<'t>> {
    let [variables, list, body, ..] = children else { return None };
    let mut names = names(*variables).into_iter();
    let item = names.next()?;
    let (condition, body) = match body.kind() {
        SyntaxKind::If => {
            let (condition, body) = self::condition(&body.children());
            (condition, body)
        }
        _ => (None, Some(*body)),
    };
    Some(For { item, index: names.next(), list: expression(*list), condition, body })
}

/// Converts the nodes in an `if`.
pub(super) fn condition<'t>(children: &[Node<'t>]) -> (Option<Expr>, Option<Node<'t>>) {
    (children.first().map(|condition| expression(*condition)), children.get(1).copied())
}

/// A string with its interpolations.
fn text(node: Node, holes: &[Node]) -> ExprKind {
    let tree = node.tree;
    let data = node.data();
    let opening = node.text();
    let is_lines = opening.starts_with('$') || opening.starts_with("'''");
    let dollars = opening.bytes().take_while(|byte| *byte == b'$').count();
    let mut pieces = Vec::new();
    let mut at = data.first;
    let mut holes = holes.iter();
    loop {
        let (kind, span) = (tree.token(at), tree.token_span(at));
        let raw = tree.slice(span);
        let is_first = matches!(kind, TokenKind::Text | TokenKind::TextStart);
        let opens_hole = matches!(kind, TokenKind::TextStart | TokenKind::TextMiddle);
        let before = match (is_first, is_lines) {
            (true, true) => dollars + 3,
            _ => 1,
        };
        let behind = match (opens_hole, is_lines) {
            (true, true) => dollars + 1,
            (true, false) => 2,
            (false, true) => 3,
            (false, false) => 1,
        };
        let closes = match (opens_hole, is_lines) {
            (true, _) => "{",
            (false, true) => "'''",
            (false, false) => "'",
        };
        let inside = raw.get(before..raw.len().saturating_sub(behind)).filter(|_| raw.ends_with(closes));
        let value = match inside {
            Some(inside) if is_lines && is_first => Some(without_line_end(inside).to_owned()),
            Some(inside) if is_lines => Some(inside.to_owned()),
            Some(inside) => unescape(inside),
            None => None,
        };
        let Some(value) = value else { return ExprKind::Broken };
        if kind == TokenKind::Text {
            return ExprKind::Text(Rc::from(value));
        }
        if !value.is_empty() {
            pieces.push(Expr { span: inner(span, before, behind), kind: ExprKind::Text(Rc::from(value)) });
        }
        if !opens_hole {
            return ExprKind::Interpolation(pieces);
        }
        let Some(hole) = holes.next() else { return ExprKind::Broken };
        match hole.children().as_slice() {
            [of] => pieces.push(expression(*of)),
            _ => pieces.push(Expr { span: hole.span(), kind: ExprKind::Broken }),
        }
        at = hole.data().end;
        while !matches!(
            tree.token(at),
            TokenKind::TextMiddle | TokenKind::TextEnd | TokenKind::TextBreak | TokenKind::End
        ) {
            at += 1;
        }
        if at >= data.end {
            return ExprKind::Broken;
        }
    }
}

fn inner(span: Span, before: usize, behind: usize) -> Span {
    Span::new(span.start as usize + before, span.end as usize - behind)
}

fn without_line_end(text: &str) -> &str {
    let text = text.strip_prefix('\r').unwrap_or(text);
    text.strip_prefix('\n').unwrap_or(text)
}

/// The value of a string in one line; `None` if it contains a quote or an invalid escape.
fn unescape(raw: &str) -> Option<String> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '\'']) {
        value.push_str(rest.get(..at)?);
        let (length, c) = escape(rest.get(at..).filter(|rest| rest.starts_with('\\'))?)?;
        value.push(c);
        rest = rest.get(at + length..)?;
    }
    value.push_str(rest);
    Some(value)
}
