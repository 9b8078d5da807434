//! Tokens to nodes: recursive descent, bounded in depth, with recovery by line, bracket and declaration.

mod declaration;
mod types;
mod value;

use super::lex::Lexed;
use super::{MAX_DEPTH, NodeData, Problem, SyntaxKind, Token, TokenKind, list};
use crate::text::Span;

pub(super) use declaration::is_keyword;

/// The result of parsing.
pub(super) struct Parsed {
    pub(super) nodes: Vec<NodeData>,
    pub(super) problems: Vec<Problem>,
}

pub(super) fn parse(text: &str, lexed: &Lexed) -> Parsed {
    let mut parser = Parser {
        text,
        tokens: &lexed.tokens,
        meaningful: &lexed.meaningful,
        balanced: lexed.balanced,
        at: 0,
        end: 0,
        nodes: Vec::with_capacity(lexed.meaningful.len()),
        problems: Vec::new(),
        broken: &lexed.broken,
        line: 0,
        reported: false,
        faults: 0,
        faults_before: 0,
        is_deep: false,
        open: [0; 3],
    };
    parser.file();
    Parsed { nodes: parser.nodes, problems: parser.problems }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    meaningful: &'t [(TokenKind, u32)],
    /// Whether every bracket of the text is closed by the matching one.
    balanced: bool,
    /// The index of the next significant token.
    at: usize,
    /// Index behind the last token that was taken.
    end: u32,
    nodes: Vec<NodeData>,
    problems: Vec<Problem>,
    broken: &'t [u32],
    /// The start of the current line.
    line: u32,
    /// Whether an error was reported in this line: further errors in it are mostly consequences.
    reported: bool,
    /// The number of errors so far.
    faults: usize,
    /// The number of errors before this declaration.
    faults_before: usize,
    /// Whether this declaration was reported to be too deep.
    is_deep: bool,
    /// The numbers of open braces, parentheses and square brackets.
    open: [u32; 3],
}

/// The height of a tree of nodes.
type Height = usize;

/// Where a node starts.
#[derive(Clone, Copy)]
struct Mark {
    token: u32,
    below: u32,
}

/// Where skipping ends.
#[derive(Clone, Copy, PartialEq)]
enum Until {
    /// At the end of the line.
    Line,
    /// At the end of a member, item or argument.
    Item,
    /// At the end of the hole of a string.
    Hole,
}

/// What the body of a loop or condition is.
#[derive(Clone, Copy, PartialEq)]
enum Body {
    /// Any value.
    Value,
    /// An object.
    Object,
    /// An object in which resources may be declared.
    Resource,
}

/// What separates the entries of a list.
#[derive(Clone, Copy, PartialEq)]
enum Separator {
    /// A comma or the end of a line.
    Line,
    /// A comma; line ends are white space.
    Comma,
}

impl<'t> Parser<'t> {
    fn kind(&self) -> TokenKind {
        self.peek(0)
    }

    fn peek(&self, ahead: usize) -> TokenKind {
        self.meaningful.get(self.at + ahead).map_or(TokenKind::End, |(kind, _)| *kind)
    }

    /// The index among all tokens.
    fn index(&self, at: usize) -> u32 {
        let end = Span::new(self.tokens.len(), 0).start;
        self.meaningful.get(at).map_or(end, |(_, index)| *index)
    }

    fn start_of(&self, token: u32) -> u32 {
        let end = Span::new(self.text.len(), 0).start;
        self.tokens.get(token as usize).map_or(end, |token| token.start)
    }

    fn span_at(&self, at: usize) -> Span {
        let index = self.index(at);
        Span { start: self.start_of(index), end: self.start_of(index.saturating_add(1)) }
    }

    fn text_at(&self, at: usize) -> &'t str {
        let span = self.span_at(at);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The name that is `ahead`; empty when something else is.
    fn word(&self, ahead: usize) -> &'t str {
        if self.peek(ahead) == TokenKind::Name { self.text_at(self.at + ahead) } else { "" }
    }

    fn bump(&mut self) {
        if let Some((kind, index)) = self.meaningful.get(self.at) {
            self.end = index + 1;
            self.at += 1;
            if *kind == TokenKind::Newline {
                self.line = self.start_of(self.end);
                self.reported = false;
            }
        }
    }

    fn take(&mut self, kind: TokenKind) -> bool {
        let is_there = self.kind() == kind;
        if is_there {
            self.bump();
        }
        is_there
    }

    fn mark(&self) -> Mark {
        Mark { token: self.index(self.at), below: self.count() }
    }

    fn count(&self) -> u32 {
        Span::new(self.nodes.len(), 0).start
    }

    /// Makes a node of everything since a mark.
    fn finish(&mut self, kind: SyntaxKind, mark: Mark) {
        // An empty node is directly after the last token, before the blanks, and may be the first child of a node.
        let first = mark.token.min(self.end);
        let first = match self.nodes.get(mark.below as usize) {
            Some(below) => first.min(below.first),
            None => first,
        };
        self.nodes.push(NodeData { kind, first, end: self.end, below: mark.below });
    }

    /// Makes a node of everything since a mark, unless it would be too high.
    fn grow(&mut self, kind: SyntaxKind, mark: Mark, height: Height) -> Height {
        if height <= MAX_DEPTH {
            self.finish(kind, mark);
            return height;
        }
        self.too_deep(Span { start: self.start_of(mark.token), end: self.start_of(self.end) });
        self.finish(SyntaxKind::Error, mark);
        1
    }

    fn too_deep(&mut self, span: Span) {
        if !self.is_deep {
            self.is_deep = true;
            let message = format!("this is nested more than {MAX_DEPTH} deep and is not read");
            list(&mut self.problems, span, message);
        }
    }

    fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.faults += 1;
        let behind = self.broken.partition_point(|start| *start < self.line);
        let start = self.start_of(self.index(self.at));
        let is_broken = self.broken.get(behind).is_some_and(|broken| *broken <= start);
        if !self.reported && !is_broken {
            self.reported = true;
            list(&mut self.problems, span, message.into());
        }
    }

    /// Reports that `what` is missing before the next token.
    fn missing(&mut self, what: &str) {
        let end = self.start_of(self.end);
        let behind = Span { start: end, end };
        match self.kind() {
            TokenKind::Newline | TokenKind::TextBreak => {
                self.problem(behind, format!("{what} is missing at the end of this line"));
            }
            TokenKind::End => self.problem(behind, format!("{what} is missing at the end of the file")),
            _ => self.problem(self.span_at(self.at), format!("{what} is missing before this")),
        }
    }

    /// An empty error node for a missing part.
    fn nothing(&mut self) -> Height {
        let mark = self.mark();
        self.finish_empty(SyntaxKind::Error, mark);
        1
    }

    fn finish_empty(&mut self, kind: SyntaxKind, mark: Mark) {
        self.nodes.push(NodeData { kind, first: self.end, end: self.end, below: mark.below });
    }

    fn name(&mut self, what: &str) -> bool {
        let is_there = self.kind() == TokenKind::Name;
        if is_there {
            let mark = self.mark();
            self.bump();
            self.finish(SyntaxKind::Name, mark);
        } else {
            self.missing(what);
            self.nothing();
        }
        is_there
    }

    /// Whether a token is the keyword of a declaration at the start of a line. Brackets that are open there were not
    /// closed, because such a line has no other meaning.
    fn declares(&self, at: usize) -> bool {
        let Some((kind, index)) = self.meaningful.get(at).copied() else { return false };
        let before = index.checked_sub(1).and_then(|before| self.tokens.get(before as usize));
        if before.is_some_and(|token| token.kind != TokenKind::Newline) {
            return false;
        }
        // A nested resource in a body without indentation looks the same.
        let in_body = self.balanced && self.open != [0; 3];
        match kind {
            TokenKind::At => !in_body,
            TokenKind::Name => {
                let word = self.text_at(at);
                let next = self.meaningful.get(at + 1).map(|(kind, _)| *kind);
                let goes_on = matches!(
                    next,
                    Some(
                        TokenKind::Name
                            | TokenKind::Text
                            | TokenKind::TextStart
                            | TokenKind::OpenBrace
                            | TokenKind::Star
                            | TokenKind::Assign
                    )
                );
                goes_on && is_keyword(word) && (word != "resource" || !in_body)
            }
            _ => false,
        }
    }

    /// Skips a line end, unless a declaration follows.
    fn skip_newline(&mut self) {
        if self.kind() == TokenKind::Newline && !self.declares(self.at + 1) {
            self.bump();
        }
    }

    /// Skips at least one token that cannot be parsed; an opening bracket is skipped with its contents.
    fn skip(&mut self, until: Until) {
        let mark = self.mark();
        let mut level = 0usize;
        let start = self.at;
        loop {
            let ends = match self.kind() {
                TokenKind::End => true,
                TokenKind::Newline => (level == 0 && until != Until::Hole) || self.declares(self.at + 1),
                TokenKind::OpenBrace
                | TokenKind::OpenParen
                | TokenKind::OpenSquare
                | TokenKind::TextStart => {
                    level += 1;
                    false
                }
                TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseSquare if level == 0 => {
                    until == Until::Item && self.at > start
                }
                TokenKind::TextEnd | TokenKind::TextBreak | TokenKind::TextMiddle if level == 0 => {
                    until != Until::Line && self.at > start
                }
                TokenKind::CloseBrace
                | TokenKind::CloseParen
                | TokenKind::CloseSquare
                | TokenKind::TextEnd
                | TokenKind::TextBreak => {
                    level -= 1;
                    false
                }
                TokenKind::Comma => level == 0 && until == Until::Item && self.at > start,
                _ => false,
            };
            if ends {
                break;
            }
            self.bump();
        }
        self.finish(SyntaxKind::Error, mark);
    }

    /// Skips a construct that is nested too deep.
    fn skip_deep(&mut self) -> Height {
        self.too_deep(self.span_at(self.at));
        if is_end(self.kind()) {
            return self.nothing();
        }
        self.skip(Until::Item);
        1
    }

    fn opened(&mut self, close: TokenKind) -> Option<&mut u32> {
        let [braces, parens, squares] = &mut self.open;
        match close {
            TokenKind::CloseBrace => Some(braces),
            TokenKind::CloseParen => Some(parens),
            TokenKind::CloseSquare => Some(squares),
            _ => None,
        }
    }

    /// Whether a list ends here although it is not closed.
    fn ends_list(&mut self, members: bool) -> bool {
        let newline = usize::from(self.kind() == TokenKind::Newline);
        match self.peek(newline) {
            TokenKind::End | TokenKind::TextMiddle | TokenKind::TextEnd | TokenKind::TextBreak => true,
            close @ (TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseSquare) => {
                newline == 0 && self.opened(close).is_some_and(|open| *open > 0)
            }
            TokenKind::Name | TokenKind::Text if !members && self.peek(newline + 1) == TokenKind::Colon => {
                self.begins_line(self.at + newline)
            }
            _ => self.declares(self.at + newline),
        }
    }

    fn begins_line(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| self.meaningful.get(before))
            .is_some_and(|(kind, _)| *kind == TokenKind::Newline)
    }

    /// Everything from an opening bracket to the closing one.
    fn list(
        &mut self,
        close: TokenKind,
        separator: Separator,
        members: bool,
        entry: &mut dyn FnMut(&mut Self) -> Height,
    ) -> Height {
        let opener = self.at;
        self.bump();
        if let Some(open) = self.opened(close) {
            *open += 1;
        }
        let mut height = 0;
        self.skip_newline();
        loop {
            if self.take(close) {
                break;
            }
            if self.ends_list(members) {
                let message = format!("this `{}` is never closed", self.text_at(opener));
                self.problem(self.span_at(opener), message);
                // Further entries may be missing.
                self.nothing();
                break;
            }
            let before = self.at;
            height = height.max(entry(self));
            let is_stuck = self.at == before;
            match self.kind() {
                kind if kind == close => {}
                _ if self.ends_list(members) => {}
                TokenKind::Newline => {
                    self.bump();
                    let goes_on = self.kind() != close && self.kind() != TokenKind::Comma;
                    if separator == Separator::Comma {
                        if goes_on && !self.ends_list(members) {
                            self.missing("a comma");
                        }
                        if self.take(TokenKind::Comma) {
                            self.skip_newline();
                        }
                    }
                }
                TokenKind::Comma => {
                    let comma = self.span_at(self.at);
                    self.bump();
                    if self.kind() == TokenKind::Newline && separator == Separator::Line {
                        self.problem(comma, "a new line separates by itself; it takes no comma before it");
                    }
                    self.skip_newline();
                    if separator == Separator::Comma && self.kind() == close {
                        self.missing("a value");
                    }
                }
                kind => {
                    let goes_on = if separator == Separator::Line {
                        self.missing("a comma or a new line");
                        self.peek(1) == TokenKind::Colon
                    } else {
                        self.missing(if close == TokenKind::CloseParen {
                            "a comma or `)`"
                        } else {
                            "a comma"
                        });
                        starts_value(kind)
                    };
                    if is_stuck || !goes_on {
                        self.skip(Until::Item);
                    }
                }
            }
        }
        if let Some(open) = self.opened(close) {
            *open = open.saturating_sub(1);
        }
        height
    }
}

/// Whether a token ends any construct before it.
fn is_end(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::End
            | TokenKind::Newline
            | TokenKind::CloseBrace
            | TokenKind::CloseParen
            | TokenKind::CloseSquare
            | TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::TextMiddle
            | TokenKind::TextEnd
            | TokenKind::TextBreak
    )
}

/// Whether a value can start with a token.
fn starts_value(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Integer
            | TokenKind::Text
            | TokenKind::TextStart
            | TokenKind::OpenBrace
            | TokenKind::OpenParen
            | TokenKind::OpenSquare
            | TokenKind::Bang
            | TokenKind::Minus
    )
}
