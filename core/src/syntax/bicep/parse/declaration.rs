//! The declarations of a file.

use super::{Body, Height, Mark, NodeData, Parser, Separator, Until, starts_value};
use crate::syntax::bicep::lex::find;
use crate::syntax::bicep::{MAX_DEPTH, SyntaxKind, TokenKind};
use crate::text::Span;

/// The keywords that start a declaration.
const KEYWORDS: &[(&str, SyntaxKind)] = &[
    ("param", SyntaxKind::Param),
    ("var", SyntaxKind::Var),
    ("resource", SyntaxKind::Resource),
    ("module", SyntaxKind::Module),
    ("output", SyntaxKind::Output),
    ("type", SyntaxKind::TypeDeclaration),
    ("func", SyntaxKind::Func),
    ("import", SyntaxKind::Import),
    ("extension", SyntaxKind::Extension),
    ("provider", SyntaxKind::Extension),
    ("extensionConfig", SyntaxKind::ExtensionConfig),
    ("using", SyntaxKind::Using),
    ("extends", SyntaxKind::Extends),
    ("metadata", SyntaxKind::Metadata),
    ("targetScope", SyntaxKind::TargetScope),
    ("assert", SyntaxKind::Assert),
    ("test", SyntaxKind::Test),
];

fn keyword(word: &str) -> Option<SyntaxKind> {
    KEYWORDS.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

/// Whether a declaration starts with a word.
pub(in crate::syntax::bicep) fn is_keyword(word: &str) -> bool {
    keyword(word).is_some()
}

impl Parser<'_> {
    pub(super) fn file(&mut self) {
        loop {
            self.take(TokenKind::Newline);
            if self.kind() == TokenKind::End {
                break;
            }
            self.is_deep = false;
            self.reported = false;
            self.faults_before = self.faults;
            self.open = [0; 3];
            self.declaration();
        }
        let end = Span::new(self.tokens.len(), 0).start;
        self.nodes.push(NodeData { kind: SyntaxKind::File, first: 0, end, below: 0 });
    }

    fn declaration(&mut self) {
        let mark = self.mark();
        let has_decorators = self.decorators(1);
        let word = self.word(0);
        match keyword(word) {
            Some(kind) => self.declare(kind, mark),
            None => {
                let span = self.span_at(self.at);
                if has_decorators {
                    self.missing("the declaration that the decorators are of");
                } else if word.is_empty() {
                    self.problem(span, "this starts no declaration");
                } else {
                    let message = format!(
                        "`{word}` starts no declaration; one starts with `param`, `var`, `resource`, `module`, \
                         `output` or the like"
                    );
                    self.problem(span, message);
                }
                self.skip_to_declaration();
                self.finish(SyntaxKind::Error, mark);
            }
        }
    }

    /// Skips lines up to the next one that starts a declaration.
    fn skip_to_declaration(&mut self) {
        loop {
            match self.kind() {
                TokenKind::End => return,
                TokenKind::Newline if self.peek(1) == TokenKind::At || is_keyword(self.word(1)) => return,
                _ => self.bump(),
            }
        }
    }

    /// The resource that is declared in the body of another one.
    pub(super) fn nested_resource(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        if depth >= MAX_DEPTH {
            return self.skip_deep();
        }
        self.decorators(depth);
        if self.word(0) == "resource" {
            self.bump();
            self.resource(mark, depth + 1);
        } else {
            self.missing("`resource`");
            self.skip_entry();
            self.finish(SyntaxKind::Error, mark);
        }
        1
    }

    /// Everything with `@` up to a declaration; false when there is none.
    pub(super) fn decorators(&mut self, depth: usize) -> bool {
        let mut found = false;
        while self.kind() == TokenKind::At {
            found = true;
            let mark = self.mark();
            self.bump();
            if self.kind() == TokenKind::Name {
                self.expression(depth + 1);
            } else {
                self.missing("a decorator's name");
            }
            self.finish(SyntaxKind::Decorator, mark);
            if !matches!(self.kind(), TokenKind::Newline | TokenKind::End) {
                self.missing("a new line");
                if self.kind() != TokenKind::Name && self.kind() != TokenKind::At {
                    self.skip_entry();
                }
            }
            self.take(TokenKind::Newline);
        }
        found
    }

    fn declare(&mut self, kind: SyntaxKind, mark: Mark) {
        self.bump();
        match kind {
            SyntaxKind::Param => {
                self.name("the parameter's name");
                self.optional_type();
                if self.kind() == TokenKind::Assign {
                    self.value();
                } else if !self.is_inline(mark) && !self.follows_type() {
                    self.missing("a type");
                    self.nothing();
                }
            }
            SyntaxKind::Var => {
                self.name("the variable's name");
                self.optional_type();
                self.value();
            }
            SyntaxKind::Output => {
                self.name("the output's name");
                if self.kind() == TokenKind::Assign {
                    self.missing("a type");
                    self.nothing();
                }
                self.optional_type();
                self.value();
            }
            SyntaxKind::Metadata | SyntaxKind::Assert => {
                self.name("a name");
                self.value();
            }
            SyntaxKind::TargetScope => self.value(),
            SyntaxKind::TypeDeclaration => {
                self.name("the type's name");
                if !self.take(TokenKind::Assign) {
                    self.missing("`=`");
                }
                self.type_clause(1);
            }
            SyntaxKind::Func => self.func(),
            SyntaxKind::Resource => return self.resource(mark, 1),
            SyntaxKind::Module => {
                self.name("the module's symbolic name");
                self.plain_string("the module's path");
                self.body(1, Body::Object);
            }
            SyntaxKind::Test => {
                self.name("the test's name");
                self.plain_string("the path of what is tested");
                self.value();
            }
            SyntaxKind::Import => return self.import(mark),
            SyntaxKind::Extension => {
                self.name_or_string("the name of an extension");
                self.with_clause();
                self.alias();
            }
            SyntaxKind::ExtensionConfig => {
                self.name("the name of an extension");
                self.with_clause();
            }
            SyntaxKind::Using => {
                self.name_or_string("the path of a file or `none`");
                self.with_clause();
            }
            _ => self.plain_string("the path of a file"),
        }
        self.finish_line(kind, mark);
    }

    /// Ends a declaration with its line.
    fn finish_line(&mut self, kind: SyntaxKind, mark: Mark) {
        if !matches!(self.kind(), TokenKind::Newline | TokenKind::End) {
            self.missing("a new line");
            self.skip(Until::Line);
        }
        let goes_on = self.peek(1) != TokenKind::End && self.kind() == TokenKind::Newline;
        if self.faults > self.faults_before && goes_on {
            // Following lines that do not start a declaration are the rest of this one.
            let rest = self.mark();
            let at = self.at;
            self.skip_to_declaration();
            if self.at > at {
                self.finish(SyntaxKind::Error, rest);
            }
        }
        self.finish(kind, mark);
    }

    fn follows_type(&self) -> bool {
        self.nodes.last().is_some_and(|node| node.kind == SyntaxKind::TypeClause)
    }

    /// Whether a parameter is marked `@inline`.
    fn is_inline(&self, mark: Mark) -> bool {
        let span = self.span_since(mark);
        let written = self.text.as_bytes().get(span.start as usize..span.end as usize);
        find(written.unwrap_or_default(), b"inline()").is_some()
    }

    fn optional_type(&mut self) {
        if !matches!(self.kind(), TokenKind::Assign | TokenKind::Newline | TokenKind::End) {
            self.type_clause(1);
        }
    }

    fn type_clause(&mut self, depth: usize) {
        let mark = self.mark();
        self.type_expression(depth);
        self.finish(SyntaxKind::TypeClause, mark);
    }

    /// `= x`
    fn value(&mut self) {
        let mark = self.mark();
        if self.take(TokenKind::Assign) {
            let is_indented = self.kind() == TokenKind::Newline
                && starts_value(self.peek(1))
                && self.is_indented(self.at + 1);
            if is_indented {
                self.bump();
            }
            self.expression(1);
        } else {
            self.missing("`=` and a value");
            if !starts_value(self.kind()) {
                self.nothing();
                return;
            }
            self.expression(1);
        }
        self.finish(SyntaxKind::Value, mark);
    }

    /// Whether blanks are before a token in its line.
    fn is_indented(&self, at: usize) -> bool {
        let before = self.index(at).checked_sub(1).and_then(|before| self.tokens.get(before as usize));
        before.is_some_and(|token| token.kind == TokenKind::Blank)
    }

    /// `with {…}`
    fn with_clause(&mut self) {
        if self.word(0) == "with" {
            let mark = self.mark();
            self.bump();
            if self.kind() == TokenKind::OpenBrace {
                self.object(1, false);
            } else {
                self.missing("`{`");
                self.nothing();
            }
            self.finish(SyntaxKind::Value, mark);
        }
    }

    /// `as x`
    fn alias(&mut self) -> bool {
        let is_there = self.word(0) == "as";
        if is_there {
            let mark = self.mark();
            self.bump();
            self.name("the new name");
            self.finish(SyntaxKind::Alias, mark);
        }
        is_there
    }

    fn name_or_string(&mut self, what: &str) {
        if self.kind() == TokenKind::Name {
            self.name(what);
        } else {
            self.plain_string(what);
        }
    }

    /// A string without interpolations.
    fn plain_string(&mut self, what: &str) {
        match self.kind() {
            TokenKind::Text => {
                self.string(1);
            }
            TokenKind::TextStart => {
                let mark = self.mark();
                self.string(1);
                let span = self.span_since(mark);
                self.problem(span, format!("{what} is written without `${{…}}`"));
            }
            _ => {
                self.missing(what);
                self.nothing();
            }
        }
    }

    pub(super) fn span_since(&self, mark: Mark) -> Span {
        let start = self.start_of(mark.token.min(self.end));
        Span { start, end: self.start_of(self.end).max(start) }
    }

    fn func(&mut self) {
        self.name("the function's name");
        if self.kind() == TokenKind::OpenParen {
            self.list(TokenKind::CloseParen, Separator::Comma, false, &mut |parser| {
                let mark = parser.mark();
                if parser.name("the parameter's name") {
                    parser.type_clause(2);
                } else {
                    parser.skip_entry();
                }
                parser.finish(SyntaxKind::FuncParameter, mark);
                1
            });
        } else {
            self.missing("`(` and the parameters");
            self.nothing();
        }
        if self.kind() == TokenKind::Arrow {
            self.missing("the type of the result");
            self.nothing();
        } else {
            self.type_clause(1);
        }
        let mark = self.mark();
        if !self.take(TokenKind::Arrow) {
            self.missing("`=>` and the result");
            self.nothing();
            return;
        }
        self.skip_newline();
        self.expression(1);
        self.finish(SyntaxKind::Value, mark);
    }

    fn resource(&mut self, mark: Mark, depth: usize) {
        self.name("the resource's symbolic name");
        self.plain_string("the resource's type and API version, `'type@version'`,");
        if self.word(0) == "existing" {
            let mark = self.mark();
            self.bump();
            self.finish(SyntaxKind::Existing, mark);
        }
        self.body(depth, Body::Resource);
        if depth == 1 {
            self.finish_line(SyntaxKind::Resource, mark);
        } else {
            self.finish(SyntaxKind::Resource, mark);
        }
    }

    /// `= {…}`, `= if (…) {…}` or `= [for …]`
    fn body(&mut self, depth: usize, body: Body) {
        if !self.take(TokenKind::Assign) {
            self.missing("`=` and a body");
        }
        if self.kind() == TokenKind::Newline && (self.peek(1) == TokenKind::OpenBrace || self.word(1) == "if")
        {
            self.bump();
        }
        match self.kind() {
            TokenKind::OpenBrace => {
                self.object(depth, body == Body::Resource);
            }
            TokenKind::OpenSquare if self.is_loop() => {
                self.for_loop(depth, body);
            }
            TokenKind::Name if self.word(0) == "if" => {
                self.condition(depth, body);
            }
            _ => {
                self.missing("a body, `{`, `if` or `[for`,");
                self.nothing();
            }
        }
    }

    fn import(&mut self, mark: Mark) {
        match self.kind() {
            TokenKind::Text | TokenKind::TextStart => {
                self.plain_string("the name of an extension");
                self.with_clause();
                self.alias();
                return self.finish_line(SyntaxKind::Extension, mark);
            }
            TokenKind::OpenBrace => {
                self.list(TokenKind::CloseBrace, Separator::Line, true, &mut |parser| {
                    let mark = parser.mark();
                    match parser.kind() {
                        TokenKind::Name => {
                            parser.name("");
                        }
                        TokenKind::Text => {
                            parser.string(2);
                        }
                        _ => {
                            parser.missing("the name of what is imported");
                            parser.skip_entry();
                        }
                    }
                    parser.alias();
                    parser.finish(SyntaxKind::ImportItem, mark);
                    1
                });
            }
            TokenKind::Star => {
                self.bump();
                if !self.alias() {
                    self.missing("`as` and a name");
                    self.nothing();
                }
            }
            _ => {
                self.missing("what is imported, `{…}` or `* as name`,");
                self.nothing();
            }
        }
        if self.word(0) == "from" {
            self.bump();
            self.plain_string("the path of a file");
        } else {
            self.missing("`from` and the path of a file");
            self.nothing();
        }
        self.finish_line(SyntaxKind::Import, mark);
    }
}
