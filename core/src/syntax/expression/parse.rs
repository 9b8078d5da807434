//! Recursive descent over the text between the outer brackets.

use super::{Expr, ExprError, ExprKind, MAX_DEPTH};
use crate::text::Span;
use std::rc::Rc;

/// Reads an expression; `text` includes the outer brackets.
pub fn parse(text: &str) -> Result<Expr, ExprError> {
    let mut parser = Parser { text, at: 1, end: text.len().saturating_sub(1) };
    if !text.starts_with('[') || !text.ends_with(']') || text.len() < 2 {
        return Err(parser.error(0, text.len(), "an expression is written in brackets: `[…]`"));
    }
    if parser.peek().is_none() {
        return Err(parser.error(0, text.len(), "the expression is empty; a literal `[` is written `[[`"));
    }
    let (expr, _) = parser.expression(1)?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.unexpected("the expression ends before this")),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// Offset of the closing outer bracket.
    end: usize,
}

/// An expression and the height of its tree.
type Grown = (Expr, usize);

impl<'t> Parser<'t> {
    fn expression(&mut self, depth: usize) -> Result<Grown, ExprError> {
        let start = self.skip_blanks();
        if depth > MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        let mut grown = self.primary(depth)?;
        loop {
            let (of, height) = grown;
            grown = match self.peek() {
                Some('.') => self.property(start, of, height)?,
                Some('[') => self.index(start, of, height, depth)?,
                _ => return Ok((of, height)),
            };
            if grown.1 > MAX_DEPTH {
                return Err(self.too_deep(start));
            }
        }
    }

    fn primary(&mut self, depth: usize) -> Result<Grown, ExprError> {
        let start = self.at;
        match self.peek() {
            Some('\'') => {
                let text = self.string()?;
                Ok((self.expr(start, ExprKind::Text(text)), 1))
            }
            Some(c) if c.is_ascii_digit() || matches!(c, '-' | '+') => {
                let value = self.integer()?;
                Ok((self.expr(start, ExprKind::Int(value)), 1))
            }
            Some(c) if is_name_start(c) => self.call(depth),
            Some('"') => Err(self.unexpected("a string in an expression is written in single quotes")),
            Some(')' | ']' | ',') => Err(self.unexpected("a value is missing before this")),
            Some(_) => Err(self.unexpected("a value is a function call, a 'string' or an integer")),
            None => Err(self.error(start, start, "a value is missing at the end of the expression")),
        }
    }

    fn call(&mut self, depth: usize) -> Result<Grown, ExprError> {
        let start = self.at;
        let mut name = self.name();
        let mut namespace = None;
        if self.peek() == Some('.') {
            self.advance(1);
            self.skip_blanks();
            namespace = Some(name);
            name = self.name();
        }
        if name.is_empty() || self.peek() != Some('(') {
            let written = self.text.get(start..self.at).unwrap_or_default().trim_end();
            let message =
                format!("`{written}` is not a value; a function is called with parentheses: `{written}()`");
            return Err(self.error(start, self.at, message));
        }
        let opened = self.at;
        self.advance(1);
        let mut args = Vec::new();
        let mut height = 0;
        if self.peek() == Some(')') {
            self.advance(1);
        } else {
            loop {
                let (arg, arg_height) = self.expression(depth + 1)?;
                args.push(arg);
                height = height.max(arg_height);
                match self.peek() {
                    Some(',') => self.advance(1),
                    Some(')') => {
                        self.advance(1);
                        break;
                    }
                    Some(_) => return Err(self.unexpected("a comma or `)` is missing before this")),
                    None => return Err(self.error(opened, opened + 1, "this `(` is never closed")),
                }
            }
        }
        let kind = ExprKind::Call { namespace: namespace.map(Rc::from), name: Rc::from(name), args };
        Ok((self.expr(start, kind), height + 1))
    }

    fn property(&mut self, start: usize, of: Expr, height: usize) -> Result<Grown, ExprError> {
        let dot = self.at;
        self.advance(1);
        let safe = self.rest().starts_with('?');
        if safe {
            self.advance(1);
        }
        self.skip_blanks();
        let name = self.name();
        if name.is_empty() {
            return Err(self.error(dot, self.at, "a property name is missing after the dot"));
        }
        let kind = ExprKind::Property { of: Box::new(of), name: Rc::from(name), safe };
        Ok((self.expr(start, kind), height + 1))
    }

    fn index(&mut self, start: usize, of: Expr, height: usize, depth: usize) -> Result<Grown, ExprError> {
        let opened = self.at;
        self.advance(1);
        let safe = self.peek() == Some('?');
        if safe {
            self.advance(1);
        }
        let (index, index_height) = self.expression(depth + 1)?;
        match self.peek() {
            Some(']') => self.advance(1),
            Some(_) => return Err(self.unexpected("`]` is missing before this")),
            None => return Err(self.error(opened, opened + 1, "this `[` is never closed")),
        }
        let kind = ExprKind::Index { of: Box::new(of), index: Box::new(index), safe };
        Ok((self.expr(start, kind), height.max(index_height) + 1))
    }

    /// A string in single quotes; a quote in it is doubled.
    fn string(&mut self) -> Result<Rc<str>, ExprError> {
        let start = self.at;
        self.advance(1);
        let mut value = String::new();
        loop {
            let rest = self.rest();
            let Some(length) = rest.find('\'') else {
                let message = "this string is never closed; a quote inside a string is written twice";
                return Err(self.error(start, self.end, message));
            };
            value.push_str(rest.get(..length).unwrap_or_default());
            self.advance(length + 1);
            if !self.rest().starts_with('\'') {
                return Ok(Rc::from(value));
            }
            value.push('\'');
            self.advance(1);
        }
    }

    fn integer(&mut self) -> Result<i64, ExprError> {
        let start = self.at;
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '_');
        let rest = self.rest();
        let mut length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        // `1.5` is refused as a whole, and `1.name` is not valid either.
        if rest.get(length..).is_some_and(|rest| rest.starts_with('.')) {
            length +=
                1 + rest.get(length + 1..).map_or(0, |rest| rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
        }
        let digits = rest.get(..length).unwrap_or_default();
        self.advance(length);
        digits.parse().map_err(|_| {
            let message =
                format!("`{digits}` is not an integer of 64 bits, the only numbers in an expression");
            self.error(start, self.at, message)
        })
    }

    /// A name, possibly empty. Hyphens are accepted: there is no subtraction they could be mistaken for.
    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
        self.advance(length);
        rest.get(..length).unwrap_or_default()
    }

    fn expr(&self, start: usize, kind: ExprKind) -> Expr {
        Expr { span: Span::new(start, self.at), kind }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    /// The next character that is not blank, to which the parser moves.
    fn peek(&mut self) -> Option<char> {
        let end = self.at;
        self.skip_blanks();
        let next = self.rest().chars().next();
        if next.is_none() {
            // At the end, spans end where the last token ended.
            self.at = end;
        }
        next
    }

    fn skip_blanks(&mut self) -> usize {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.at
    }

    fn advance(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.end);
    }

    fn too_deep(&self, start: usize) -> ExprError {
        let message = format!("the expression is nested more than {MAX_DEPTH} deep");
        self.error(start, self.at, message)
    }

    fn unexpected(&self, message: &str) -> ExprError {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.error(self.at, self.at + length, message)
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> ExprError {
        ExprError { span: Span::new(start, end.max(start)), message: message.into() }
    }
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$')
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-')
}
