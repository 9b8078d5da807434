//! Text to bodies and expressions, by recursive descent.

use super::{Attribute, Block, Body, File, Label, MAX_DEPTH, NAMESPACE, Problem};
use crate::syntax::TOO_LARGE;
use crate::syntax::expression::{Expr, ExprKind};
use crate::text::{Span, readable};
use std::rc::Rc;

/// The maximum number of problems; in a broken text, further ones repeat the first.
const MAX_PROBLEMS: usize = 100;
/// The maximum number of words and marks that are parsed.
const MAX_MARKS: usize = 2_000_000;
/// Operators or traversals in a row that are parsed before the height of the tree is computed, which takes time.
const FREE_LINKS: usize = 8;

/// Words that start a block at the top level and are rarely used otherwise.
const TOP_LEVEL: &[&str] = &[
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
];

/// A syntax error.
pub(super) struct Fault {
    pub(super) span: Span,
    pub(super) message: String,
}

pub(super) type Parsed<T> = Result<T, Fault>;

/// Parses a file.
pub fn parse(text: &str) -> File {
    let (file, is_closed) = Parser::new(text, false).file();
    // An unclosed block would contain the rest of the file: parse again, and end it at the next block that starts a
    // line.
    if is_closed { file } else { Parser::new(text, true).file().0 }
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// The end of the text, or of the part that is parsed.
    pub(super) end: usize,
    depth: usize,
    /// Whether a line end is white space.
    pub(super) joined: bool,
    /// The variables of the enclosing `for` expressions.
    pub(super) bound: Vec<Rc<str>>,
    problems: Vec<Problem>,
    comments: Vec<Span>,
    /// Whether a block of the file that starts a line ends every block before it.
    by_line: bool,
    unclosed: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, by_line: bool) -> Self {
        Self {
            text,
            at: 0,
            end: text.len(),
            depth: 0,
            joined: false,
            bound: Vec::new(),
            problems: Vec::new(),
            comments: Vec::new(),
            by_line,
            unclosed: false,
        }
    }

    fn file(mut self) -> (File, bool) {
        self.end = readable(self.text, MAX_MARKS);
        if self.rest().starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        let mut body = self.body(None);
        if self.end < self.text.len() {
            body.partially_parsed = true;
            let span = Span::new(self.end, self.text.len());
            self.problems.push(Problem { span, message: TOO_LARGE.to_owned() });
        }
        let Self { problems, comments, unclosed, .. } = self;
        (File { body, problems, comments }, !unclosed)
    }

    // ---- characters

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn looking_at(&self, word: &str) -> bool {
        self.rest().starts_with(word)
    }

    pub(super) fn take(&mut self, word: &str) -> bool {
        let is_there = self.looking_at(word);
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    pub(super) fn span(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    pub(super) fn fault<T>(&self, message: impl Into<String>) -> Parsed<T> {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        Err(Fault { span: Span::new(self.at, end), message: message.into() })
    }

    fn expected<T>(&self, wanted: &str) -> Parsed<T> {
        let found = match self.peek() {
            None => "the end of the text".to_owned(),
            Some('\n' | '\r') => "the end of the line".to_owned(),
            Some(c) => format!("`{c}`"),
        };
        self.fault(format!("{wanted} is expected here, not {found}"))
    }

    fn report(&mut self, fault: Fault) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { span: fault.span, message: fault.message });
        }
    }

    /// Skips blanks, comments, and line ends where they are white space.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t') => self.at += 1,
                Some('\n' | '\r') if self.joined => self.at += 1,
                // A line end may have two characters; a lone `\r` is a blank.
                Some('\r') if !self.looking_at("\r\n") => self.at += 1,
                Some('#') => self.line_comment(1),
                Some('/') if self.looking_at("//") => self.line_comment(2),
                Some('/') if self.looking_at("/*") => {
                    let start = self.at + 2;
                    let body = self.text.get(start..self.end).unwrap_or_default();
                    let length = body.find("*/").unwrap_or(body.len());
                    self.comment(start, length);
                    self.at = (start + length + 2).min(self.end);
                }
                _ => return,
            }
        }
    }

    fn line_comment(&mut self, marker: usize) {
        let start = self.at + marker;
        let body = self.text.get(start..self.end).unwrap_or_default();
        let length = body.find(['\n', '\r']).unwrap_or(body.len());
        self.comment(start, length);
        self.at = start + length;
    }

    /// Records a comment, unless the text is parsed a second time.
    fn comment(&mut self, start: usize, length: usize) {
        let span = Span::new(start, start + length);
        if self.comments.last().is_none_or(|last| last.start < span.start) {
            self.comments.push(span);
        }
    }

    /// Skips blanks, comments and line ends.
    pub(super) fn lines(&mut self) {
        let joined = std::mem::replace(&mut self.joined, true);
        self.blanks();
        self.joined = joined;
    }

    pub(super) fn name(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
        if !rest.chars().next().is_some_and(starts) {
            return None;
        }
        let length =
            rest.find(|c: char| !(starts(c) || c.is_ascii_digit() || c == '-')).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length)
    }

    /// Parses one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return self.fault("this is nested too deeply");
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    // ---- bodies

    /// The attributes and blocks up to the `}` that closes `block`, or to the end of the file.
    fn body(&mut self, block: Option<Span>) -> Body {
        let mut body = Body::default();
        loop {
            self.lines();
            let start = self.at;
            match (self.peek(), block) {
                (None, None) => return body,
                (None, Some(head)) => {
                    self.unclosed = true;
                    body.partially_parsed = true;
                    self.report(Fault { span: head, message: "this block is not closed".to_owned() });
                    return body;
                }
                (Some('}'), Some(_)) => return body,
                (_, Some(head)) if self.by_line && self.starts_block_of_file() => {
                    body.partially_parsed = true;
                    self.report(Fault { span: head, message: "this block is not closed".to_owned() });
                    return body;
                }
                _ => {}
            }
            if let Err(fault) = self.item(&mut body) {
                body.partially_parsed = true;
                self.report(fault);
                self.recover(start, block.is_some());
            }
        }
    }

    /// Whether a top-level block starts here, at the start of a line.
    fn starts_block_of_file(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default();
        let starts_line = before.is_empty() || before.ends_with(['\n', '\r']);
        let word = self.rest().split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        let rest = self.rest().get(word.len()..).unwrap_or_default().trim_start_matches([' ', '\t']);
        starts_line && TOP_LEVEL.contains(&word) && rest.starts_with(['"', '{'])
    }

    fn item(&mut self, body: &mut Body) -> Parsed<()> {
        let start = self.at;
        let Some(name) = self.name() else { return self.expected("an attribute or a block") };
        let name_span = self.span(start);
        self.blanks();
        if self.looking_at("=") && !self.looking_at("==") {
            self.at += 1;
            self.blanks();
            let value = self.expression()?;
            body.attributes.push(Attribute { name: Rc::from(name), name_span, value });
            return self.end_of_item();
        }
        let mut labels = Vec::new();
        let mut head = name_span;
        while !self.looking_at("{") {
            let at = self.at;
            let label = if self.looking_at("\"") {
                self.label()?
            } else {
                match self.name() {
                    Some(name) => Rc::from(name),
                    None => return self.expected("`=`, a label or `{`"),
                }
            };
            labels.push(Label { text: label, span: self.span(at) });
            head = self.span(start);
            self.blanks();
        }
        self.at += 1;
        let inner = self.nested(|parser| Ok(parser.body(Some(head))))?;
        body.partially_parsed |= inner.partially_parsed;
        self.take("}");
        body.blocks.push(Block { kind: Rc::from(name), labels, head, span: self.span(start), body: inner });
        // An item that ends with the text or at the next block has no line end.
        if self.unclosed || (self.by_line && self.starts_block_of_file()) {
            Ok(())
        } else {
            self.end_of_item()
        }
    }

    fn label(&mut self) -> Parsed<Rc<str>> {
        let start = self.at;
        let inner = self.rest().get(1..).unwrap_or_default();
        match inner.find(['"', '\n', '\r']) {
            Some(length) if inner.get(length..).is_some_and(|rest| rest.starts_with('"')) => {
                self.at = start + length + 2;
                Ok(Rc::from(inner.get(..length).unwrap_or_default()))
            }
            _ => self.fault("this text is not closed"),
        }
    }

    fn end_of_item(&mut self) -> Parsed<()> {
        self.blanks();
        match self.peek() {
            None | Some('\n' | '\r' | '}') => Ok(()),
            Some(_) => self.expected("the end of the line"),
        }
    }

    /// Skips the rest of an item that cannot be parsed: to the end of a line in which no bracket is open.
    fn recover(&mut self, start: usize, in_block: bool) {
        self.joined = false;
        let failed = self.at.max(start);
        // After that many errors the rest is not worth the search.
        if self.problems.len() < MAX_PROBLEMS {
            self.at = start;
            if self.pass_item(failed, in_block) {
                return;
            }
        }
        self.at = failed;
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    /// Skips an item; false if a bracket is left open, and then only its line is skipped.
    fn pass_item(&mut self, failed: usize, in_block: bool) -> bool {
        let mut open = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '\n' | '\r' if open.is_empty() && self.at >= failed => return true,
                '"' => self.pass_text(),
                '#' | '/' => {
                    let at = self.at;
                    self.blanks();
                    if self.at == at {
                        self.at += 1;
                    }
                }
                '(' | '[' | '{' => {
                    open.push(c);
                    self.at += 1;
                }
                ')' | ']' => {
                    open.pop_if(|open| *open != '{');
                    self.at += 1;
                }
                '}' => {
                    // Brackets inside the braces end with them.
                    let brace = open.iter().rposition(|open| *open == '{');
                    if brace.is_none() && in_block && self.at >= failed {
                        return true;
                    }
                    open.truncate(brace.unwrap_or(0));
                    self.at += 1;
                }
                c => self.at += c.len_utf8(),
            }
            if self.by_line && self.at > failed && self.starts_block_of_file() {
                return true;
            }
        }
        open.is_empty()
    }

    /// Skips a quoted text, or only the quote if it is not closed in its line.
    fn pass_text(&mut self) {
        self.at += 1;
        let mut escaped = false;
        for (at, c) in self.rest().char_indices() {
            match c {
                '\n' => return,
                '"' if !escaped => {
                    self.at += at + 1;
                    return;
                }
                _ => escaped = c == '\\' && !escaped,
            }
        }
    }

    // ---- expressions

    /// An expression.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.nested(|parser| {
            let start = parser.at;
            let condition = parser.binary(0)?;
            parser.blanks();
            if !parser.take("?") {
                return Ok(condition);
            }
            parser.blanks();
            let then = parser.expression()?;
            parser.blanks();
            if !parser.take(":") {
                return parser.expected("`:`");
            }
            parser.blanks();
            let otherwise = parser.expression()?;
            let args = vec![condition, then, otherwise];
            Ok(parser.made(start, ExprKind::Call { namespace: None, name: Rc::from("if"), args }))
        })
    }

    pub(super) fn made(&self, start: usize, kind: ExprKind) -> Expr {
        Expr { span: self.span(start), kind }
    }

    fn binary(&mut self, least: u8) -> Parsed<Expr> {
        let start = self.at;
        let mut left = self.unary()?;
        let mut links = 0;
        let mut height = 0;
        loop {
            self.blanks();
            let Some((operator, name, strength)) = self.operator().filter(|(.., strength)| *strength > least)
            else {
                return Ok(left);
            };
            self.at += operator.len();
            self.blanks();
            let right = self.nested(|parser| parser.binary(strength))?;
            self.allow_link(&mut links, &mut height, &left)?;
            left = self.made(start, call(name, vec![left, right]));
        }
    }

    /// Refuses a row of links that would grow the tree too high.
    fn allow_link(&self, links: &mut usize, height: &mut usize, of: &Expr) -> Parsed<()> {
        *links += 1;
        if *links == FREE_LINKS {
            *height = self::height(of);
        }
        if *links > FREE_LINKS && *height + *links > MAX_DEPTH + FREE_LINKS {
            return self.fault("this is nested too deeply");
        }
        Ok(())
    }

    fn operator(&self) -> Option<(&'static str, &'static str, u8)> {
        const OPERATORS: &[(&str, &str, u8)] = &[
            ("||", "or", 1),
            ("&&", "and", 2),
            ("==", "equal", 3),
            ("!=", "unequal", 3),
            ("<=", "lessOrEquals", 4),
            (">=", "greaterOrEquals", 4),
            ("<", "less", 4),
            (">", "greater", 4),
            ("+", "add", 5),
            ("-", "subtract", 5),
            ("*", "multiply", 6),
            ("/", "divide", 6),
            ("%", "modulo", 6),
        ];
        OPERATORS.iter().find(|(sign, ..)| self.looking_at(sign)).copied()
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let name = match self.peek() {
            Some('!') => "not",
            Some('-') => "negate",
            _ => return self.traversal(),
        };
        self.at += 1;
        self.blanks();
        let of = self.nested(Self::unary)?;
        Ok(match (name, &of.kind) {
            ("negate", ExprKind::Int(number)) => self.made(start, ExprKind::Int(number.wrapping_neg())),
            _ => self.made(start, call(name, vec![of])),
        })
    }

    /// A term with the properties, indices and splats after it.
    fn traversal(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let first = self.term()?;
        self.steps(start, first, true)
    }

    /// The steps after a term: all of them, or after `.*` only properties.
    fn steps(&mut self, start: usize, mut of: Expr, with_index: bool) -> Parsed<Expr> {
        let mut links = 0;
        let mut height = 0;
        loop {
            let before = self.at;
            self.blanks();
            let rest = self.rest();
            if rest.starts_with('.') && !rest.starts_with("..") {
                self.at += 1;
                self.blanks();
                self.allow_link(&mut links, &mut height, &of)?;
                if self.take("*") {
                    return self.splat(start, of, false);
                }
                if let Some(name) = self.name() {
                    let kind = ExprKind::Property { of: Box::new(of), name: Rc::from(name), safe: false };
                    of = self.made(start, kind);
                    continue;
                }
                let at = self.at;
                let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
                let Some(index) = self.rest().get(..digits).and_then(|digits| digits.parse().ok()) else {
                    return self.expected("a name");
                };
                self.at += digits;
                let index = self.made(at, ExprKind::Int(index));
                of = self
                    .made(start, ExprKind::Index { of: Box::new(of), index: Box::new(index), safe: false });
            } else if rest.starts_with('[') && with_index {
                self.at += 1;
                self.allow_link(&mut links, &mut height, &of)?;
                let joined = std::mem::replace(&mut self.joined, true);
                self.blanks();
                if self.looking_at("*") {
                    self.at += 1;
                    self.blanks();
                    self.joined = joined;
                    if !self.take("]") {
                        return self.expected("`]`");
                    }
                    return self.splat(start, of, true);
                }
                let index = self.expression();
                self.blanks();
                self.joined = joined;
                let index = index?;
                if !self.take("]") {
                    return self.expected("`]`");
                }
                of = self
                    .made(start, ExprKind::Index { of: Box::new(of), index: Box::new(index), safe: false });
            } else {
                // A line end after the term may be significant.
                self.at = before;
                return Ok(of);
            }
        }
    }

    /// Applies the following steps to every element: after `[*]` all steps, after `.*` the properties.
    fn splat(&mut self, start: usize, of: Expr, full: bool) -> Parsed<Expr> {
        let list = self.made(start, call("splat", vec![of]));
        let item: Rc<str> = Rc::from(EACH);
        let element = self.made(self.at, ExprKind::Name(Rc::clone(&item)));
        let body = self.nested(|parser| parser.steps(start, element, full))?;
        let made = if matches!(body.kind, ExprKind::Name(_)) {
            list
        } else {
            let (list, body) = (Box::new(list), Box::new(body));
            self.made(start, ExprKind::For { item, index: None, list, condition: None, body })
        };
        if full { Ok(made) } else { self.nested(|parser| parser.steps(start, made, true)) }
    }

    fn term(&mut self) -> Parsed<Expr> {
        let start = self.at;
        match self.peek() {
            Some('"') => self.quoted(),
            Some('<') if self.looking_at("<<") => self.heredoc(),
            Some('(') => {
                self.at += 1;
                let joined = std::mem::replace(&mut self.joined, true);
                self.blanks();
                let inner = self.expression();
                self.blanks();
                self.joined = joined;
                let inner = inner?;
                if !self.take(")") {
                    return self.expected("`)`");
                }
                Ok(Expr { span: self.span(start), ..inner })
            }
            Some('[') => self.tuple(),
            Some('{') => self.object(),
            Some(c) if c.is_ascii_digit() => self.number(),
            _ => match self.name() {
                Some(name) => self.named(start, name),
                None => self.expected("a value"),
            },
        }
    }

    fn number(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let digits = |parser: &mut Self| {
            let count = parser.rest().bytes().take_while(u8::is_ascii_digit).count();
            parser.at += count;
            count
        };
        digits(self);
        let mut is_whole = true;
        let mut after = self.rest().bytes();
        if after.next() == Some(b'.') && after.next().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
            digits(self);
            is_whole = false;
        }
        if self.rest().starts_with(['e', 'E']) {
            let at = self.at;
            self.at += 1;
            let _ = self.take("+") || self.take("-");
            if digits(self) == 0 {
                self.at = at;
            } else {
                is_whole = false;
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let kind = match text.parse() {
            Ok(number) if is_whole => ExprKind::Int(number),
            _ => call("decimal", vec![self.made(start, ExprKind::Text(Rc::from(text)))]),
        };
        Ok(self.made(start, kind))
    }

    fn named(&mut self, start: usize, name: &str) -> Parsed<Expr> {
        match name {
            "true" => return Ok(self.made(start, ExprKind::Bool(true))),
            "false" => return Ok(self.made(start, ExprKind::Bool(false))),
            "null" => return Ok(self.made(start, ExprKind::Null)),
            _ => {}
        }
        let mut function = name.to_owned();
        while self.take("::") {
            match self.name() {
                Some(part) => {
                    function.push_str("::");
                    function.push_str(part);
                }
                None => return self.expected("a name"),
            }
        }
        let after_name = self.at;
        self.blanks();
        if self.take("(") {
            let args = self.arguments()?;
            return Ok(self.made(start, call(&function, args)));
        }
        self.at = after_name;
        if self.bound.iter().any(|bound| &**bound == name) {
            return Ok(self.made(start, ExprKind::Name(Rc::from(name))));
        }
        let mut symbol = name.to_owned();
        let parts = match name {
            "data" | "ephemeral" => 2,
            "self" => 0,
            _ => 1,
        };
        for _ in 0..parts {
            if !self.step(&mut symbol) {
                break;
            }
        }
        if name != "module" {
            return Ok(self.made(start, ExprKind::Symbol(Rc::from(symbol.as_str()))));
        }
        // An output is one symbol with its module, so that it can be evaluated without the module's other outputs.
        let before = self.at;
        let index = if self.looking_at("[") && !self.looking_at("[*") {
            self.at += 1;
            let joined = std::mem::replace(&mut self.joined, true);
            self.blanks();
            let index = self.expression();
            self.blanks();
            self.joined = joined;
            let index = index?;
            if self.take("]") { Some(index) } else { return self.expected("`]`") }
        } else {
            None
        };
        if !self.step(&mut symbol) && index.is_none() {
            self.at = before;
        }
        let of = self.made(start, ExprKind::Symbol(Rc::from(symbol.as_str())));
        Ok(match index {
            Some(index) => {
                self.made(start, ExprKind::Index { of: Box::new(of), index: Box::new(index), safe: false })
            }
            None => of,
        })
    }

    /// Adds `.name` to a symbol, if that follows.
    fn step(&mut self, symbol: &mut String) -> bool {
        let before = self.at;
        self.blanks();
        let is_step = self.take(".");
        self.blanks();
        match self.name().filter(|_| is_step) {
            Some(part) => {
                symbol.push('.');
                symbol.push_str(part);
                true
            }
            None => {
                self.at = before;
                false
            }
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        let joined = std::mem::replace(&mut self.joined, true);
        let args = self.list(")");
        self.joined = joined;
        args
    }

    fn tuple(&mut self) -> Parsed<Expr> {
        let start = self.at;
        self.at += 1;
        let joined = std::mem::replace(&mut self.joined, true);
        self.blanks();
        let made = if self.is_for() { self.for_loop("]") } else { self.list("]").map(ExprKind::Array) };
        self.joined = joined;
        Ok(self.made(start, made?))
    }

    /// Values separated by commas, up to `close`.
    fn list(&mut self, close: &str) -> Parsed<Vec<Expr>> {
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.take(close) {
                return Ok(items);
            }
            let start = self.at;
            let item = self.expression()?;
            self.blanks();
            if close == ")" && self.take("...") {
                let spread = ExprKind::Spread(Box::new(item));
                items.push(self.made(start, spread));
                self.blanks();
            } else {
                items.push(item);
            }
            if !self.take(",") && !self.looking_at(close) {
                return self.expected(if close == ")" { "`,` or `)`" } else { "`,` or `]`" });
            }
        }
    }

    fn is_for(&self) -> bool {
        let Some(rest) = self.rest().strip_prefix("for") else { return false };
        let after = rest.trim_start();
        after.len() < rest.len() && after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    }

    /// `for item in list : body if condition`, `for index, item in list : key => value... if condition`.
    fn for_loop(&mut self, close: &str) -> Parsed<ExprKind> {
        self.nested(|parser| {
            parser.at += "for".len();
            let known = parser.bound.len();
            let (index, item, list) = parser.for_head()?;
            if !parser.take(":") {
                return parser.expected("`:`");
            }
            parser.bound.extend(index.clone());
            parser.bound.push(Rc::clone(&item));
            let made = parser.for_body(close, index, item, list);
            parser.bound.truncate(known);
            made
        })
    }

    /// The variables of `for`, and the collection.
    pub(super) fn for_head(&mut self) -> Parsed<(Option<Rc<str>>, Rc<str>, Expr)> {
        self.blanks();
        let Some(first) = self.name() else { return self.expected("a name") };
        let mut names = (None, Rc::from(first));
        self.blanks();
        if self.take(",") {
            self.blanks();
            let Some(second) = self.name() else { return self.expected("a name") };
            names = (Some(Rc::from(first)), Rc::from(second));
            self.blanks();
        }
        if self.name() != Some("in") {
            return self.expected("`in`");
        }
        self.blanks();
        let list = self.expression()?;
        self.blanks();
        Ok((names.0, names.1, list))
    }

    fn for_body(
        &mut self,
        close: &str,
        index: Option<Rc<str>>,
        item: Rc<str>,
        list: Expr,
    ) -> Parsed<ExprKind> {
        let start = self.at;
        self.blanks();
        let mut body = self.expression()?;
        self.blanks();
        let mut maker = None;
        if close == "}" {
            if !self.take("=>") {
                return self.expected("`=>`");
            }
            self.blanks();
            let value = self.expression()?;
            body = self.made(start, ExprKind::Array(vec![body, value]));
            self.blanks();
            maker = Some(if self.take("...") { "groups" } else { "pairs" });
            self.blanks();
        }
        let mut condition = None;
        let before = self.at;
        if self.name() == Some("if") {
            self.blanks();
            condition = Some(Box::new(self.expression()?));
            self.blanks();
        } else {
            self.at = before;
        }
        if !self.take(close) {
            return self.expected(if close == "}" { "`}`" } else { "`]`" });
        }
        let (list, body) = (Box::new(list), Box::new(body));
        let made = ExprKind::For { item, index, list, condition, body };
        Ok(match maker {
            Some(maker) => call(maker, vec![self.made(start, made)]),
            None => made,
        })
    }

    fn object(&mut self) -> Parsed<Expr> {
        let start = self.at;
        self.at += 1;
        let joined = std::mem::replace(&mut self.joined, true);
        self.blanks();
        if self.is_for() {
            let made = self.for_loop("}");
            self.joined = joined;
            return Ok(self.made(start, made?));
        }
        self.joined = false;
        let members = self.members();
        self.joined = joined;
        Ok(self.made(start, ExprKind::Object(members?)))
    }

    fn members(&mut self) -> Parsed<Vec<(Expr, Expr)>> {
        let mut members = Vec::new();
        loop {
            self.lines();
            if self.take("}") {
                return Ok(members);
            }
            let key = self.key()?;
            self.blanks();
            let is_set = !self.looking_at("==") && (self.take("=") || self.take(":"));
            if !is_set {
                return self.expected("`=`");
            }
            self.lines();
            let value = self.expression()?;
            members.push((key, value));
            self.blanks();
            if !self.take(",") && !matches!(self.peek(), None | Some('\n' | '\r' | '}')) {
                return self.expected("`,`, `}` or the end of the line");
            }
        }
    }

    /// A key is an expression, unless it is one name.
    fn key(&mut self) -> Parsed<Expr> {
        let start = self.at;
        if let Some(name) = self.name() {
            let span = self.span(start);
            let after = self.at;
            self.blanks();
            if !self.looking_at("==") && self.rest().starts_with(['=', ':']) {
                self.at = after;
                return Ok(Expr { span, kind: ExprKind::Text(Rc::from(name)) });
            }
            self.at = start;
        }
        let key = self.expression()?;
        Ok(match key.kind {
            ExprKind::Int(number) => {
                Expr { span: key.span, kind: ExprKind::Text(Rc::from(number.to_string().as_str())) }
            }
            _ => key,
        })
    }
}

/// The variable for the element of a splat, which is not a valid name, so that no name in a file conflicts.
pub(super) const EACH: &str = "[*]";

pub(super) fn call(name: &str, args: Vec<Expr>) -> ExprKind {
    ExprKind::Call { namespace: Some(Rc::from(NAMESPACE)), name: Rc::from(name), args }
}

fn height(expr: &Expr) -> usize {
    let most = |exprs: &[Expr]| exprs.iter().map(height).max().unwrap_or(0);
    1 + match &expr.kind {
        ExprKind::Interpolation(parts) | ExprKind::Array(parts) => most(parts),
        ExprKind::Object(members) => {
            members.iter().map(|(key, value)| height(key).max(height(value))).max().unwrap_or(0)
        }
        ExprKind::Call { args, .. } => most(args),
        ExprKind::Property { of, .. } | ExprKind::Spread(of) => height(of),
        ExprKind::Index { of, index, .. } => height(of).max(height(index)),
        ExprKind::For { list, condition, body, .. } => {
            let condition = condition.as_ref().map_or(0, |condition| height(condition));
            height(list).max(height(body)).max(condition)
        }
        _ => 0,
    }
}
