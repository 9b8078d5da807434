//! Texts in quotes and heredocs: literal parts, `${…}` and `%{…}`.

use super::parse::{Parsed, Parser, call};
use crate::syntax::expression::{Expr, ExprKind};
use crate::text::Span;
use std::rc::Rc;

/// How a template is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// In quotes, with escapes.
    Quoted,
    /// Without escapes: a heredoc, or a text whose quotes were already removed.
    Plain,
}

/// One part of a template.
enum Part {
    Literal(String, Span),
    Hole(Expr),
}

/// The end of a list of parts.
enum Stop {
    /// The end of the text.
    End,
    /// `%{else}`.
    Else,
    /// `%{endif}`.
    EndIf,
    /// `%{endfor}`.
    EndFor,
}

/// The expression for a text with `${…}` and `%{…}`; the literal text if it contains neither, or they cannot be parsed.
pub fn parse_template(text: &str) -> Expr {
    let mut parser = Parser::new(text, false);
    let whole = Span::new(0, text.len());
    let made = parser.template(Style::Plain, 0);
    made.map_or_else(|_| Expr { span: whole, kind: ExprKind::Broken }, |parts| join(parts, whole, true))
}

impl Parser<'_> {
    /// A text in quotes.
    pub(super) fn quoted(&mut self) -> Parsed<Expr> {
        let start = self.at;
        self.at += 1;
        let parts = self.nested(|parser| parser.template(Style::Quoted, 0))?;
        if !self.take("\"") {
            return self.fault("this text is not closed");
        }
        Ok(join(parts, self.span(start), true))
    }

    /// `<<MARK` or `<<-MARK`, up to a line with the mark alone.
    pub(super) fn heredoc(&mut self) -> Parsed<Expr> {
        let start = self.at;
        self.at += 2;
        let is_indented = self.take("-");
        let Some(mark) = self.name() else {
            return self.fault("the mark of a text over several lines is expected here");
        };
        let _ = self.take("\r");
        if !self.take("\n") {
            return self.fault("a text over several lines starts in the next line");
        }
        let body_start = self.at;
        let mut body_end = None;
        let mut next = self.at;
        for line in self.rest().split_inclusive('\n') {
            if line.trim() == mark {
                body_end = Some(next);
                break;
            }
            next += line.len();
        }
        let Some(body_end) = body_end else {
            return self.fault(format!("no line ends this text: `{mark}` is expected alone in one"));
        };
        let body = self.text.get(body_start..body_end).unwrap_or_default();
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let lines = body.lines().filter(|line| !line.trim().is_empty());
        let indent = if is_indented { lines.map(indent).min().unwrap_or(0) } else { 0 };
        let end = std::mem::replace(&mut self.end, body_end);
        let parts = self.nested(|parser| parser.template(Style::Plain, indent));
        self.end = end;
        let parts = parts?;
        // The line with the mark.
        self.at = body_end;
        let line = self.rest();
        self.at += line.len() - line.trim_start_matches([' ', '\t']).len() + mark.len();
        Ok(join(parts, self.span(start), false))
    }

    fn template(&mut self, style: Style, indent: usize) -> Parsed<Vec<Part>> {
        let (parts, stop) = self.parts(style, indent)?;
        match stop {
            Stop::End => Ok(parts),
            _ => self.fault("this ends a directive that was not begun"),
        }
    }

    fn parts(&mut self, style: Style, indent: usize) -> Parsed<(Vec<Part>, Stop)> {
        let mut parts: Vec<Part> = Vec::new();
        let mut text = String::new();
        let mut start = self.at;
        let mut trim_next = false;
        self.indent(indent);
        while let Some(c) = self.peek() {
            match c {
                '"' if style == Style::Quoted => break,
                '\n' if style == Style::Quoted => return self.fault("this text is not closed"),
                '\\' if style == Style::Quoted => self.escape(&mut text)?,
                '\n' => {
                    self.at += 1;
                    text.push('\n');
                    self.indent(indent);
                }
                '$' | '%' if self.looking_at("$${") || self.looking_at("%%{") => {
                    text.push(c);
                    text.push('{');
                    self.at += 3;
                }
                '$' | '%' if self.looking_at("${") || self.looking_at("%{") => {
                    if std::mem::take(&mut trim_next) {
                        text = trim_start(&text).to_owned();
                    }
                    let literal = self.span(start);
                    self.at += 2;
                    if self.take("~") {
                        text.truncate(trim_end(&text).len());
                    }
                    if !text.is_empty() {
                        parts.push(Part::Literal(std::mem::take(&mut text), literal));
                    }
                    let stop = if c == '$' {
                        parts.push(Part::Hole(self.hole(&mut trim_next)?));
                        None
                    } else {
                        self.directive(style, indent, &mut parts, &mut trim_next)?
                    };
                    if let Some(stop) = stop {
                        return Ok((parts, stop));
                    }
                    start = self.at;
                }
                c => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        if trim_next {
            text = trim_start(&text).to_owned();
        }
        if !text.is_empty() || parts.is_empty() {
            let span = self.span(start);
            parts.push(Part::Literal(text, span));
        }
        Ok((parts, Stop::End))
    }

    /// Skips the common indentation of a heredoc.
    fn indent(&mut self, indent: usize) {
        for _ in 0..indent {
            if !(self.take(" ") || self.take("\t")) {
                return;
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Parsed<()> {
        self.at += 1;
        let c = self.peek();
        let simple = match c {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('"') => '"',
            Some('\\') => '\\',
            Some('u' | 'U') => {
                let digits = if c == Some('u') { 4 } else { 8 };
                let code = self.rest().get(1..=digits).and_then(|code| u32::from_str_radix(code, 16).ok());
                let Some(found) = code.and_then(char::from_u32) else {
                    return self.fault("this is not the code of a character");
                };
                text.push(found);
                self.at += 1 + digits;
                return Ok(());
            }
            _ => return self.fault("there is no such escape"),
        };
        text.push(simple);
        self.at += 1;
        Ok(())
    }

    /// The expression between `${` and `}`.
    fn hole(&mut self, trim_next: &mut bool) -> Parsed<Expr> {
        let joined = std::mem::replace(&mut self.joined, true);
        self.blanks();
        let hole = self.expression();
        self.blanks();
        self.joined = joined;
        let hole = hole?;
        self.close(trim_next)?;
        Ok(hole)
    }

    fn close(&mut self, trim_next: &mut bool) -> Parsed<()> {
        *trim_next = self.take("~");
        if self.take("}") { Ok(()) } else { self.fault("`}` is expected here") }
    }

    /// The directive after `%{`.
    fn directive(
        &mut self,
        style: Style,
        indent: usize,
        parts: &mut Vec<Part>,
        trim_next: &mut bool,
    ) -> Parsed<Option<Stop>> {
        let start = self.at;
        let joined = std::mem::replace(&mut self.joined, true);
        self.blanks();
        let word = self.name().unwrap_or_default().to_owned();
        let head = match word.as_str() {
            "if" => {
                self.blanks();
                self.expression().map(|condition| (None, Rc::from(""), condition))
            }
            "for" => self.for_head(),
            _ => Ok((None, Rc::from(""), self.made(start, ExprKind::Null))),
        };
        self.blanks();
        self.joined = joined;
        let (index, item, head) = head?;
        self.close(trim_next)?;
        let stop = match word.as_str() {
            "else" => Stop::Else,
            "endif" => Stop::EndIf,
            "endfor" => Stop::EndFor,
            "if" => {
                let (then, stop) = self.inner(style, indent, trim_next)?;
                let otherwise = match stop {
                    Stop::Else => {
                        let (otherwise, stop) = self.inner(style, indent, trim_next)?;
                        if !matches!(stop, Stop::EndIf) {
                            return self.fault("`%{endif}` is expected before this");
                        }
                        otherwise
                    }
                    Stop::EndIf => self.made(self.at, ExprKind::Text(Rc::from(""))),
                    _ => return self.fault("`%{endif}` is expected before this"),
                };
                let kind = ExprKind::Call {
                    namespace: None,
                    name: Rc::from("if"),
                    args: vec![head, then, otherwise],
                };
                parts.push(Part::Hole(self.made(start, kind)));
                return Ok(None);
            }
            "for" => {
                let known = self.bound.len();
                self.bound.extend(index.clone());
                self.bound.push(Rc::clone(&item));
                let inner = self.inner(style, indent, trim_next);
                self.bound.truncate(known);
                let (body, stop) = inner?;
                if !matches!(stop, Stop::EndFor) {
                    return self.fault("`%{endfor}` is expected before this");
                }
                let (list, body) = (Box::new(head), Box::new(body));
                let made = self.made(start, ExprKind::For { item, index, list, condition: None, body });
                let nothing = self.made(start, ExprKind::Text(Rc::from("")));
                parts.push(Part::Hole(self.made(start, call("join", vec![nothing, made]))));
                return Ok(None);
            }
            _ => return self.fault("`if`, `for`, `else`, `endif` or `endfor` is expected before this"),
        };
        Ok(Some(stop))
    }

    /// The parts inside a directive, and how they end.
    fn inner(&mut self, style: Style, indent: usize, trim_next: &mut bool) -> Parsed<(Expr, Stop)> {
        let start = self.at;
        let trim_first = std::mem::take(trim_next);
        let (mut parts, stop) =
            self.nested(|parser| parser.parts(style, if indent > 0 { indent } else { 0 }))?;
        if let Some(Part::Literal(text, _)) = parts.first_mut().filter(|_| trim_first) {
            *text = trim_start(text).to_owned();
        }
        Ok((join(parts, self.span(start), false), stop))
    }
}

/// Removes white space as `~` does: up to and with one line end, and the indentation after it.
fn trim_start(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches([' ', '\t', '\n', '\r'])
}

/// The value of the parts of a template. With `bare`, a single interpolation is its value, not a string.
fn join(mut parts: Vec<Part>, span: Span, bare: bool) -> Expr {
    if parts.len() > 1 {
        parts.retain(|part| !matches!(part, Part::Literal(text, _) if text.is_empty()));
    }
    if parts.len() == 1 {
        match parts.pop() {
            Some(Part::Literal(text, _)) => {
                return Expr { span, kind: ExprKind::Text(Rc::from(text.as_str())) };
            }
            Some(Part::Hole(hole)) if bare => return Expr { span, ..hole },
            other => parts.extend(other),
        }
    }
    let parts = parts.into_iter().map(|part| match part {
        Part::Literal(text, span) => Expr { span, kind: ExprKind::Text(Rc::from(text.as_str())) },
        Part::Hole(hole) => Expr { span: hole.span, kind: call("tostring", vec![hole]) },
    });
    Expr { span, kind: ExprKind::Interpolation(parts.collect()) }
}
