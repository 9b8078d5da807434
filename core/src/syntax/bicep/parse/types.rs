//! Types.

use super::{Height, Mark, Parser, Separator};
use crate::syntax::bicep::{MAX_DEPTH, SyntaxKind, TokenKind};

impl Parser<'_> {
    pub(super) fn type_expression(&mut self, depth: usize) -> Height {
        if depth > MAX_DEPTH {
            return self.skip_deep();
        }
        let mark = self.mark();
        let mut is_union = self.take_pipe();
        let mut height = self.unary_type(depth);
        while self.take_pipe() {
            is_union = true;
            height = height.max(self.unary_type(depth));
        }
        if is_union { self.grow(SyntaxKind::TypeUnion, mark, height + 1) } else { height }
    }

    fn take_pipe(&mut self) -> bool {
        if self.kind() == TokenKind::Newline && self.peek(1) == TokenKind::Pipe {
            self.bump();
        }
        self.take(TokenKind::Pipe)
    }

    fn unary_type(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        let mut height = if matches!(self.kind(), TokenKind::Minus | TokenKind::Bang) {
            self.bump();
            let height = self.member_type(depth);
            self.grow(SyntaxKind::Unary, mark, height + 1)
        } else {
            self.member_type(depth)
        };
        loop {
            let kind = match self.kind() {
                TokenKind::Question => SyntaxKind::TypeNullable,
                TokenKind::Bang => SyntaxKind::TypeOther,
                _ => return height,
            };
            self.bump();
            height = self.grow(kind, mark, height + 1);
        }
    }

    fn member_type(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        let mut height = self.primary_type(depth);
        loop {
            height = match self.kind() {
                TokenKind::OpenSquare if self.peek(1) == TokenKind::CloseSquare => {
                    self.bump();
                    self.bump();
                    self.grow(SyntaxKind::TypeArray, mark, height + 1)
                }
                TokenKind::OpenSquare => {
                    let index = self.list(TokenKind::CloseSquare, Separator::Comma, false, &mut |parser| {
                        if parser.take(TokenKind::Star) { 1 } else { parser.expression(depth + 1) }
                    });
                    self.grow(SyntaxKind::TypeOther, mark, height.max(index) + 1)
                }
                TokenKind::Dot => {
                    self.bump();
                    if self.take(TokenKind::Star) {
                        self.grow(SyntaxKind::TypeOther, mark, height + 1)
                    } else if self.name("the name of a type or property") {
                        self.grow(SyntaxKind::TypeProperty, mark, height + 1)
                    } else {
                        self.grow(SyntaxKind::Error, mark, height + 1)
                    }
                }
                TokenKind::Less => {
                    let args = self.list(TokenKind::Greater, Separator::Comma, false, &mut |parser| {
                        parser.type_expression(depth + 1)
                    });
                    self.grow(SyntaxKind::TypeOther, mark, height.max(args) + 1)
                }
                _ => return height,
            };
        }
    }

    fn primary_type(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        match self.kind() {
            TokenKind::Name => {
                let is_resource = self.word(0) == "resource";
                self.name("");
                if is_resource && matches!(self.kind(), TokenKind::Text | TokenKind::TextStart) {
                    let height = self.string(depth);
                    return self.grow(SyntaxKind::TypeOther, mark, height + 1);
                }
                1
            }
            TokenKind::Integer => self.integer(),
            TokenKind::Text | TokenKind::TextStart => self.string(depth),
            TokenKind::OpenBrace => {
                let height = self.list(TokenKind::CloseBrace, Separator::Line, true, &mut |parser| {
                    parser.type_member(depth)
                });
                self.grow(SyntaxKind::TypeObject, mark, height + 1)
            }
            TokenKind::OpenSquare => {
                let height = self.list(TokenKind::CloseSquare, Separator::Line, false, &mut |parser| {
                    parser.decorators(depth);
                    parser.type_expression(depth + 1)
                });
                self.grow(SyntaxKind::TypeOther, mark, height + 1)
            }
            TokenKind::OpenParen => self.paren_type(mark, depth),
            _ => {
                self.missing("a type");
                self.nothing()
            }
        }
    }

    fn paren_type(&mut self, mark: Mark, depth: usize) -> Height {
        let faults = self.faults;
        let height = self.list(TokenKind::CloseParen, Separator::Comma, false, &mut |parser| {
            parser.type_expression(depth + 1)
        });
        if self.children_since(mark) != 1 && self.faults == faults {
            let span = self.span_since(mark);
            self.problem(span, "parentheses hold one type");
        }
        self.finish(SyntaxKind::TypeParen, mark);
        height.max(1)
    }

    fn type_member(&mut self, depth: usize) -> Height {
        let mark = self.mark();
        self.decorators(depth);
        match self.kind() {
            TokenKind::Name => {
                self.name("");
            }
            TokenKind::Text | TokenKind::TextStart => {
                self.string(depth);
            }
            TokenKind::Star => self.bump(),
            _ => {
                self.missing("a property's name or `*`");
                return self.skip_entry();
            }
        }
        let height = if self.take(TokenKind::Colon) {
            self.type_expression(depth + 1)
        } else {
            self.missing("`:` and a type");
            self.nothing()
        };
        self.finish(SyntaxKind::TypeMember, mark);
        height
    }
}
