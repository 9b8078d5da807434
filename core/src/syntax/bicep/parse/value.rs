//! Expressions.

use super::{Body, Height, Mark, Parser, Separator, Until, is_end, starts_value};
use crate::syntax::bicep::{MAX_DEPTH, SyntaxKind, TokenKind};

/// The precedence of an operator, and by how much its call raises the height of its operands.
fn operator(kind: TokenKind) -> Option<(u8, Height)> {
    Some(match kind {
        TokenKind::Star | TokenKind::Slash | TokenKind::Percent => (7, 1),
        TokenKind::Plus | TokenKind::Minus => (6, 1),
        TokenKind::Less | TokenKind::LessOrEqual | TokenKind::Greater | TokenKind::GreaterOrEqual => (5, 1),
        TokenKind::Equal => (4, 1),
        TokenKind::NotEqual | TokenKind::EqualText => (4, 2),
        TokenKind::NotEqualText => (4, 3),
        TokenKind::And => (3, 1),
        TokenKind::Or => (2, 1),
        TokenKind::Coalesce => (1, 1),
        _ => return None,
    })
}

/// Whether an operator may start a line, because no other construct starts with it.
fn leads_line(kind: TokenKind) -> bool {
    operator(kind).is_some()
        && !matches!(kind, TokenKind::Minus | TokenKind::Star | TokenKind::Less | TokenKind::Greater)
}

impl Parser<'_> {
    pub(super) fn expression(&mut self, depth: usize) -> Height {
        if depth > MAX_DEPTH {
            return self.skip_deep();
        }
        let mark = self.mark();
        let height = self.binary(depth, 0);
        if !self.take_ahead(TokenKind::Question) {
            return height;
        }
        self.skip_newline();
        let yes = self.expression(depth + 1);
        let no = if self.take_ahead(TokenKind::Colon) {
            self.skip_newline();
            self.expression(depth + 1)
        } else {
            self.missing("`:` and the value for when the condition is false");
            self.nothing()
        };
        self.grow(SyntaxKind::Ternary, mark, height.max(yes).max(no) + 1)
    }

    /// Consumes a token, and a line end before it.
    fn take_ahead(&mut self, kind: TokenKind) -> bool {
        let is_ahead = self.kind() == TokenKind::Newline && self.peek(1) == kind;
        if is_ahead {
            self.bump();
        }
        self.take(kind)
    }

    fn binary(&mut self, depth: usize, tighter_than: u8) -> Height {
        let mark = self.mark();
        let mut height = self.unary(depth);
        loop {
            let is_ahead = self.kind() == TokenKind::Newline && leads_line(self.peek(1));
            let Some((binds, weight)) = operator(self.peek(usize::from(is_ahead))) else { break };
            if binds <= tighter_than {
                break;
            }
            if is_ahead {
                self.bump();
            }
            self.bump();
            if self.kind() == TokenKind::Newline && starts_value(self.peek(1)) {
                self.skip_newline();
            }
            let right = self.binary(depth, binds);
            height = self.grow(SyntaxKind::Binary, mark, height.max(right) + weight);
        }
        height
    }

    fn unary(&mut self, depth: usize) -> Height {
        if !matches!(self.kind(), TokenKind::Bang | TokenKind::Minus) {
            return self.postfix(depth);
        }
        if depth > MAX_DEPTH {
            return self.skip_deep();
        }
        let mark = self.mark();
        self.bump();
        let height = self.unary(depth + 1);
        self.grow(SyntaxKind::Unary, mark, height + 1)
    }

    fn postfix(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        let mut height = self.primary(depth);
        loop {
            if self.kind() == TokenKind::Newline && self.peek(1) == TokenKind::Dot {
                self.bump();
            }
            height = match self.kind() {
                TokenKind::Dot => self.property(mark, height, depth),
                TokenKind::OpenSquare => self.index_of(mark, height, depth),
                TokenKind::DoubleColon => {
                    self.bump();
                    if self.name("the name of a nested resource") {
                        self.grow(SyntaxKind::Nested, mark, height + 1)
                    } else {
                        self.grow(SyntaxKind::Error, mark, height + 1)
                    }
                }
                TokenKind::Bang => {
                    self.bump();
                    self.grow(SyntaxKind::NotNull, mark, height + 1)
                }
                _ => return height,
            };
        }
    }

    fn property(&mut self, mark: Mark, height: Height, depth: usize) -> Height {
        self.bump();
        let safe = self.take(TokenKind::Question);
        if self.kind() == TokenKind::Integer {
            let message = "numbers are whole; a fraction is written `json('1.5')`";
            self.problem(self.span_at(self.at), message);
            self.bump();
            return self.grow(SyntaxKind::Error, mark, height + 1);
        }
        if !self.name("a property's name") {
            return self.grow(SyntaxKind::Error, mark, height + 1);
        }
        if self.kind() == TokenKind::OpenParen {
            let args = self.arguments(depth);
            return self.grow(SyntaxKind::Method, mark, height.max(args) + 1);
        }
        self.grow(if safe { SyntaxKind::SafeProperty } else { SyntaxKind::Property }, mark, height + 1)
    }

    fn index_of(&mut self, mark: Mark, height: Height, depth: usize) -> Height {
        let mut kind = SyntaxKind::Index;
        let index = self.list(TokenKind::CloseSquare, Separator::Comma, false, &mut |parser| {
            let safe = parser.take(TokenKind::Question);
            let from_end = parser.take(TokenKind::Caret);
            kind = match (safe, from_end) {
                (false, false) => SyntaxKind::Index,
                (true, false) => SyntaxKind::SafeIndex,
                (false, true) => SyntaxKind::FromEnd,
                (true, true) => SyntaxKind::SafeFromEnd,
            };
            parser.expression(depth + 1)
        });
        if index == 0 {
            self.missing("an index");
            self.nothing();
        }
        self.grow(kind, mark, height.max(index) + 1)
    }

    fn arguments(&mut self, depth: usize) -> Height {
        self.list(TokenKind::CloseParen, Separator::Comma, false, &mut |parser| parser.expression(depth + 1))
    }

    fn primary(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        match self.kind() {
            TokenKind::Name => {
                self.name("");
                match self.kind() {
                    TokenKind::OpenParen => {
                        let args = self.arguments(depth);
                        self.grow(SyntaxKind::Call, mark, args + 1)
                    }
                    TokenKind::Arrow => self.lambda(mark, depth),
                    _ => 1,
                }
            }
            TokenKind::Text | TokenKind::TextStart => self.string(depth),
            TokenKind::Integer => self.integer(),
            TokenKind::OpenBrace => self.object(depth, false),
            TokenKind::OpenSquare if self.is_loop() => self.for_loop(depth, Body::Value),
            TokenKind::OpenSquare => {
                let height = self.list(TokenKind::CloseSquare, Separator::Line, false, &mut |parser| {
                    if parser.kind() == TokenKind::Ellipsis {
                        parser.spread(depth)
                    } else {
                        parser.expression(depth + 1)
                    }
                });
                self.grow(SyntaxKind::Array, mark, height + 1)
            }
            TokenKind::OpenParen => {
                let faults = self.faults;
                let height = self.arguments(depth);
                let count = self.children_since(mark);
                self.finish(SyntaxKind::Paren, mark);
                if self.kind() == TokenKind::Arrow {
                    return self.lambda(mark, depth);
                }
                if count != 1 && self.faults == faults {
                    let span = self.span_since(mark);
                    self.problem(span, "parentheses hold one value, or the parameters before `=>`");
                }
                height.max(1)
            }
            TokenKind::Unknown => {
                let text = self.text_at(self.at);
                let message = if text.starts_with('"') {
                    "a string is written in single quotes: `'…'`"
                } else {
                    "this means nothing; a value is missing here"
                };
                self.problem(self.span_at(self.at), message);
                self.bump();
                self.finish(SyntaxKind::Error, mark);
                1
            }
            _ => {
                self.missing("a value");
                self.nothing()
            }
        }
    }

    /// How many nodes directly follow a mark.
    pub(super) fn children_since(&self, mark: Mark) -> usize {
        let mut count = 0;
        let mut behind = self.count();
        while behind > mark.below {
            let child = behind - 1;
            behind = self.nodes.get(child as usize).map_or(0, |node| node.below.min(child));
            count += 1;
        }
        count
    }

    pub(super) fn integer(&mut self) -> Height {
        let mark = self.mark();
        let text = self.text_at(self.at);
        let is_negative =
            self.at.checked_sub(1).and_then(|before| self.meaningful.get(before)).map(|(kind, _)| *kind)
                == Some(TokenKind::Minus);
        // The range of negative numbers is larger by one.
        let most = i64::MAX.unsigned_abs() + u64::from(is_negative);
        let fits = text.parse::<u64>().is_ok_and(|value| value <= most);
        if !fits {
            self.problem(self.span_at(self.at), "this number does not fit in 64 bits");
        }
        self.bump();
        self.finish(if fits { SyntaxKind::Integer } else { SyntaxKind::Error }, mark);
        1
    }

    fn lambda(&mut self, mark: Mark, depth: usize) -> Height {
        self.bump();
        self.skip_newline();
        let height = self.expression(depth + 1);
        self.grow(SyntaxKind::Lambda, mark, height + 1)
    }

    pub(super) fn string(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        let mut has_hole = self.kind() == TokenKind::TextStart;
        self.bump();
        let mut height = 0;
        while has_hole {
            let hole = self.mark();
            self.skip_newline();
            height = height.max(self.expression(depth + 1));
            self.skip_newline();
            if !matches!(self.kind(), TokenKind::TextMiddle | TokenKind::TextEnd | TokenKind::TextBreak) {
                self.missing("`}`");
                if !matches!(self.kind(), TokenKind::Newline | TokenKind::End) {
                    self.skip(Until::Hole);
                }
            }
            self.finish(SyntaxKind::Hole, hole);
            has_hole = self.take(TokenKind::TextMiddle);
            if !has_hole && matches!(self.kind(), TokenKind::TextEnd | TokenKind::TextBreak) {
                self.bump();
            }
        }
        self.grow(SyntaxKind::Text, mark, height + 1)
    }

    pub(super) fn object(&mut self, depth: usize, has_resources: bool) -> Height {
        let mark = self.mark();
        let height = self.list(TokenKind::CloseBrace, Separator::Line, true, &mut |parser| {
            parser.member(depth, has_resources)
        });
        self.grow(SyntaxKind::Object, mark, height + 1)
    }

    fn member(&mut self, depth: usize, has_resources: bool) -> Height {
        let mark = self.mark();
        match self.kind() {
            TokenKind::Ellipsis => return self.spread(depth),
            TokenKind::At if has_resources => return self.nested_resource(depth),
            TokenKind::Name
                if has_resources && self.word(0) == "resource" && self.peek(1) == TokenKind::Name =>
            {
                return self.nested_resource(depth);
            }
            TokenKind::Name => {
                self.name("");
            }
            TokenKind::Text | TokenKind::TextStart => {
                self.string(depth);
            }
            _ => {
                self.missing("a property's name");
                return self.skip_entry();
            }
        }
        let height = if self.take(TokenKind::Colon) {
            self.expression(depth + 1)
        } else {
            self.missing("`:` and a value");
            if starts_value(self.kind()) { self.expression(depth + 1) } else { self.nothing() }
        };
        self.finish(SyntaxKind::Member, mark);
        height
    }

    fn spread(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        self.bump();
        let height = self.expression(depth + 1);
        self.grow(SyntaxKind::Spread, mark, height + 1)
    }

    /// Whether `[` starts a loop: `for` may also be a variable's name.
    pub(super) fn is_loop(&self) -> bool {
        let newline = usize::from(self.peek(1) == TokenKind::Newline);
        self.word(1 + newline) == "for"
            && matches!(self.peek(2 + newline), TokenKind::Name | TokenKind::OpenParen)
    }

    pub(super) fn for_loop(&mut self, depth: usize, body: Body) -> Height {
        let mark = self.mark();
        let opener = self.at;
        let mut height = 0;
        self.bump();
        if let Some(open) = self.opened(TokenKind::CloseSquare) {
            *open += 1;
        }
        self.skip_newline();
        self.bump();
        let variables = self.mark();
        if self.kind() == TokenKind::OpenParen {
            let faults = self.faults;
            self.list(TokenKind::CloseParen, Separator::Comma, false, &mut |parser| {
                if !parser.name("the name of the item or its index") {
                    parser.skip_entry();
                }
                1
            });
            if self.children_since(variables) != 2 && self.faults == faults {
                let span = self.span_since(variables);
                self.problem(
                    span,
                    "parentheses hold two variables, for the item and its index: `(item, index)`",
                );
            }
        } else {
            self.name("the name of the loop's variable");
        }
        self.finish(SyntaxKind::LoopVariables, variables);
        if self.word(0) == "in" {
            self.bump();
        } else {
            self.missing("`in` and what the loop goes through");
        }
        height = height.max(self.expression(depth + 1));
        if !self.take(TokenKind::Colon) {
            self.missing("`:` and the body of the loop");
        }
        self.skip_newline();
        height = height.max(if self.word(0) == "if" && self.peek(1) == TokenKind::OpenParen {
            self.condition(depth + 1, body)
        } else if body == Body::Value {
            self.expression(depth + 1)
        } else if self.kind() == TokenKind::OpenBrace {
            self.object(depth + 1, body == Body::Resource)
        } else {
            self.missing("the body of the loop, `{` or `if`,");
            self.nothing()
        });
        self.skip_newline();
        if !self.take(TokenKind::CloseSquare) {
            if self.ends_list(true) || self.kind() == TokenKind::Newline {
                self.problem(self.span_at(opener), "this `[` is never closed");
                self.nothing();
            } else {
                self.missing("`]`");
                self.skip(Until::Item);
                self.take(TokenKind::CloseSquare);
            }
        }
        if let Some(open) = self.opened(TokenKind::CloseSquare) {
            *open = open.saturating_sub(1);
        }
        self.grow(SyntaxKind::For, mark, height + 1)
    }

    /// Skips an entry of a list that cannot be parsed.
    pub(super) fn skip_entry(&mut self) -> Height {
        if is_end(self.kind()) && self.kind() != TokenKind::Colon {
            return self.nothing();
        }
        self.skip(Until::Item);
        1
    }

    /// `if (x) …`
    pub(super) fn condition(&mut self, depth: usize, body: Body) -> Height {
        let mark = self.mark();
        self.bump();
        let mut height = if self.kind() == TokenKind::OpenParen {
            let paren = self.mark();
            let faults = self.faults;
            let height = self.arguments(depth);
            if self.children_since(paren) != 1 && self.faults == faults {
                let span = self.span_since(paren);
                self.problem(span, "`if` has one condition in its parentheses");
            }
            self.finish(SyntaxKind::Paren, paren);
            height
        } else {
            self.missing("`(` and a condition");
            self.nothing()
        };
        if self.kind() == TokenKind::Newline && self.peek(1) == TokenKind::OpenBrace {
            self.bump();
        }
        height = height.max(if self.kind() == TokenKind::OpenBrace {
            self.object(depth + 1, body == Body::Resource)
        } else if body == Body::Value {
            self.expression(depth + 1)
        } else {
            self.missing("`{`");
            self.nothing()
        });
        self.grow(SyntaxKind::If, mark, height + 1)
    }
}
