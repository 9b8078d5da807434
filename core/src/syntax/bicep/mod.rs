//! Bicep and its parameter files: a lossless tree, and the declarations derived from it.
//!
//! [`parse`] never fails. Errors are in [`Tree::problems`]; the intact parts around them are parsed.
//! [`ast::file`] turns a tree into declarations with the expressions of [`super::expression`].

pub mod ast;
mod convert;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

use crate::sorted::sort_by;
use crate::text::Span;
use std::cell::OnceCell;
use std::rc::Rc;

/// The maximum depth of constructs and height of expressions. Deeper ones are reported and not parsed.
pub use super::expression::MAX_DEPTH;

/// The maximum number of problems; in a broken text, further ones repeat the first.
const MAX_PROBLEMS: usize = 100;

/// A text and its tree. It borrows nothing, so that it can be kept between checks.
#[derive(Clone, Debug)]
pub struct Tree {
    text: Rc<str>,
    /// In order, without gaps: each ends where the next one starts.
    tokens: Vec<Token>,
    /// Every node is after the nodes in it; the last one is the root.
    nodes: Vec<NodeData>,
    problems: Vec<Problem>,
    /// The starts of tokens with an error.
    broken: Vec<u32>,
    /// The nodes at the top of the file, computed on first use: there may be tens of thousands.
    top: OnceCell<Vec<u32>>,
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The span in the file; empty where something is missing.
    pub span: Span,
    /// The message for the user.
    pub message: String,
}

/// Adds a problem, up to [`MAX_PROBLEMS`].
fn list(problems: &mut Vec<Problem>, span: Span, message: String) {
    if problems.len() < MAX_PROBLEMS {
        problems.push(Problem { span, message });
    }
}

#[derive(Clone, Copy, Debug)]
struct Token {
    start: u32,
    kind: TokenKind,
}

#[derive(Clone, Copy, Debug)]
struct NodeData {
    kind: SyntaxKind,
    /// Its tokens: `first..end`.
    first: u32,
    end: u32,
    /// The first of the nodes in it, which directly precede it.
    below: u32,
}

/// Kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The byte order mark that some editors write at the start of a file.
    ByteOrderMark,
    /// Blanks and tabs.
    Blank,
    /// `// …` or `/* … */`.
    Comment,
    /// `#disable-next-line …` and similar directives, up to the end of the line.
    Directive,
    /// Line ends that follow one another.
    Newline,
    /// A name; keywords are names in certain places.
    Name,
    /// Digits.
    Integer,
    /// A string without interpolations.
    Text,
    /// The start of a string, up to its first `${`.
    TextStart,
    /// From the `}` of an interpolation to the next `${`.
    TextMiddle,
    /// From the `}` of the last interpolation to the end of the string.
    TextEnd,
    /// An empty token where the line ends inside an interpolation.
    TextBreak,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `[`
    OpenSquare,
    /// `]`
    CloseSquare,
    /// `@`
    At,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `?`
    Question,
    /// `??`
    Coalesce,
    /// `:`
    Colon,
    /// `::`
    DoubleColon,
    /// `=`
    Assign,
    /// `=>`
    Arrow,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `!`
    Bang,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    EqualText,
    /// `!~`
    NotEqualText,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`
    Pipe,
    /// `^`
    Caret,
    /// A character that does not start a token.
    Unknown,
    /// The end of the text; not in the tree.
    End,
}

/// Kinds of nodes; in parentheses the nodes in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxKind {
    /// The whole text (declarations).
    File,
    /// A part that could not be parsed.
    Error,
    /// A name on its own: of a declaration, a property or a variable.
    Name,
    /// `@…` before a declaration (an expression).
    Decorator,
    /// `param` (decorators, name, type, value).
    Param,
    /// `var` (decorators, name, type, value).
    Var,
    /// `resource` (decorators, name, string, existing, body).
    Resource,
    /// `module` (decorators, name, string, body).
    Module,
    /// `test` (decorators, name, string, body).
    Test,
    /// `output` (decorators, name, type, value).
    Output,
    /// `type` (decorators, name, type).
    TypeDeclaration,
    /// `func` (decorators, name, parameters, type, value).
    Func,
    /// `import {…} from` and `import * as` (decorators, items or an alias, string).
    Import,
    /// `extension`, `provider` and `import 'x'` (decorators, name or string, value, alias).
    Extension,
    /// `extensionConfig` (decorators, name, value).
    ExtensionConfig,
    /// `using` (name or string, value).
    Using,
    /// `extends` (string).
    Extends,
    /// `metadata` (decorators, name, value).
    Metadata,
    /// `targetScope` (decorators, value).
    TargetScope,
    /// `assert` (decorators, name, value).
    Assert,
    /// The word `existing`.
    Existing,
    /// The assigned value or configuration (an expression).
    Value,
    /// The type of something (a type).
    TypeClause,
    /// A parameter of a `func` (name, type).
    FuncParameter,
    /// An imported name (name or string, alias).
    ImportItem,
    /// `as name` (name).
    Alias,

    /// A number.
    Integer,
    /// A string (interpolations).
    Text,
    /// The part between `${` and `}` (an expression).
    Hole,
    /// `[…]` (expressions, spreads).
    Array,
    /// `{…}` (members, spreads, resources).
    Object,
    /// `key: value` (name or string, expression).
    Member,
    /// `...x` (an expression).
    Spread,
    /// `(x)`; before `=>` any number of names (expressions).
    Paren,
    /// `x => …` (name or parentheses, expression).
    Lambda,
    /// `f(…)` (name, expressions).
    Call,
    /// `x.f(…)` (expression, name, expressions).
    Method,
    /// `x.y` (expression, name).
    Property,
    /// `x.?y` (expression, name).
    SafeProperty,
    /// `x[y]` (two expressions).
    Index,
    /// `x[?y]` (two expressions).
    SafeIndex,
    /// `x[^y]` (two expressions).
    FromEnd,
    /// `x[?^y]` (two expressions).
    SafeFromEnd,
    /// `x::y` (expression, name).
    Nested,
    /// `x!` (an expression).
    NotNull,
    /// `!x` and `-x` (an expression).
    Unary,
    /// `x + y` (two expressions).
    Binary,
    /// `x ? y : z` (three expressions).
    Ternary,
    /// `[for x in y: z]` (variables, expression, body).
    For,
    /// The variables of a loop (names).
    LoopVariables,
    /// `if (x) …` (expression, body).
    If,

    /// `a | b` (types).
    TypeUnion,
    /// `a?` (a type).
    TypeNullable,
    /// `a[]` (a type).
    TypeArray,
    /// `a.b` (type, name).
    TypeProperty,
    /// `{…}` (members).
    TypeObject,
    /// `key: type` (decorators, name or string, type).
    TypeMember,
    /// `(a)` (types).
    TypeParen,
    /// Any other type.
    TypeOther,
}

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

/// A direct part of a node.
#[derive(Clone, Copy, Debug)]
pub enum Element<'t> {
    /// A node.
    Node(Node<'t>),
    /// A token that is in no node below.
    Token(TokenKind, Span),
}

/// Parses a text. It never fails: errors are in [`Tree::problems`].
pub fn parse(text: Rc<str>) -> Tree {
    let lexed = lex::lex(&text);
    let parsed = parse::parse(&text, &lexed);
    let mut problems = lexed.problems;
    problems.extend(parsed.problems);
    sort_by(&mut problems, |a, b| a.span.cmp(&b.span));
    Tree {
        text,
        tokens: lexed.tokens,
        nodes: parsed.nodes,
        problems,
        broken: lexed.broken,
        top: OnceCell::new(),
    }
}

/// Every comment of a text without its markers, in order; and every directive, with an empty text.
pub fn comments(tree: &Tree) -> Vec<(Span, &str)> {
    let mut found = Vec::new();
    for (at, token) in tree.tokens.iter().enumerate() {
        let span = Span { start: token.start, end: tree.start_of(at + 1) };
        if token.kind == TokenKind::Directive {
            found.push((span, ""));
        } else if token.kind == TokenKind::Comment {
            let words = tree.slice(span);
            let inside = words.get(2..).unwrap_or_default();
            let is_block = words.starts_with("/*");
            found.push((span, if is_block { inside.strip_suffix("*/").unwrap_or(inside) } else { inside }));
        }
    }
    found
}

impl Tree {
    /// The text that was parsed.
    pub fn text(&self) -> &Rc<str> {
        &self.text
    }

    /// Syntax errors, sorted by place.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The node of the whole text.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, index: u32::try_from(self.nodes.len().saturating_sub(1)).unwrap_or(u32::MAX) }
    }

    fn start_of(&self, token: usize) -> u32 {
        self.tokens.get(token).map_or(Span::new(self.text.len(), 0).start, |token| token.start)
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn token(&self, at: u32) -> TokenKind {
        self.tokens.get(at as usize).map_or(TokenKind::End, |token| token.kind)
    }

    fn token_span(&self, at: u32) -> Span {
        Span { start: self.start_of(at as usize), end: self.start_of(at as usize + 1) }
    }
}

impl<'t> Node<'t> {
    fn data(self) -> NodeData {
        let none = NodeData { kind: SyntaxKind::Error, first: 0, end: 0, below: self.index };
        self.tree.nodes.get(self.index as usize).copied().unwrap_or(none)
    }

    /// The kind of the node.
    pub fn kind(self) -> SyntaxKind {
        self.data().kind
    }

    /// The span, without blanks and comments around it.
    pub fn span(self) -> Span {
        let NodeData { first, end, .. } = self.data();
        let start = self.tree.start_of(first as usize);
        Span { start, end: if end > first { self.tree.start_of(end as usize) } else { start } }
    }

    /// Its text.
    pub fn text(self) -> &'t str {
        self.tree.slice(self.span())
    }

    /// Whether a part could not be parsed, so that missing parts may be in it.
    pub fn is_partially_parsed(self) -> bool {
        let nodes = self.tree.nodes.get(self.data().below as usize..=self.index as usize);
        let span = self.span();
        let behind = self.tree.broken.partition_point(|start| *start < span.start);
        nodes.unwrap_or_default().iter().any(|node| node.kind == SyntaxKind::Error)
            || self.tree.broken.get(behind).is_some_and(|start| *start < span.end)
    }

    /// The nodes directly in it, in order.
    pub fn children(self) -> Vec<Node<'t>> {
        let mut found = Vec::new();
        let below = self.data().below;
        let mut behind = self.index;
        while behind > below {
            let child = Node { tree: self.tree, index: behind - 1 };
            behind = child.data().below.min(child.index);
            found.push(child);
        }
        found.reverse();
        found
    }

    /// The first child that contains a span.
    pub fn child_around(self, span: Span) -> Option<Node<'t>> {
        if self.index as usize + 1 < self.tree.nodes.len() {
            return self.children().into_iter().find(|child| child.span().contains(span));
        }
        let node = |index: &u32| Node { tree: self.tree, index: *index };
        let top = self.tree.top.get_or_init(|| self.children().into_iter().map(|node| node.index).collect());
        let before = top.partition_point(|index| node(index).span().end < span.end);
        top.get(before).map(node).filter(|child| child.span().contains(span))
    }

    /// The nodes directly in it and the tokens between them: together its whole text.
    pub fn elements(self) -> Vec<Element<'t>> {
        let mut found = Vec::new();
        let NodeData { first, end, .. } = self.data();
        let mut at = first;
        let tokens = |from: u32, to: u32, found: &mut Vec<Element<'t>>| {
            found.extend((from..to).map(|at| Element::Token(self.tree.token(at), self.tree.token_span(at))));
        };
        for child in self.children() {
            let data = child.data();
            tokens(at, data.first, &mut found);
            found.push(Element::Node(child));
            at = data.end;
        }
        tokens(at, end, &mut found);
        found
    }
}
