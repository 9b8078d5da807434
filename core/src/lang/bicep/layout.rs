//! How a Bicep text is laid out, and how to add to it and take from it without disturbing that.

use super::edit::Text;
use crate::syntax::bicep::Node;
use crate::text::Span;

/// The layout of one text.
pub(super) struct Layout<'t> {
    text: &'t str,
    pub(super) newline: &'static str,
    unit: &'t str,
}

/// A value as it is to be written.
pub(super) enum Written {
    /// As it stands.
    Token(String),
    /// `[…]`
    List(Vec<Written>),
    /// `{…}`
    Object(Vec<(String, Written)>),
}

impl<'t> Layout<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let first = text.split_inclusive('\n').next().unwrap_or_default();
        let newline = if first.ends_with("\r\n") { "\r\n" } else { "\n" };
        let blanks = |line: &'t str| {
            let rest = line.trim_start_matches([' ', '\t']);
            line.get(..line.len() - rest.len()).filter(|blanks| !blanks.is_empty() && !rest.trim().is_empty())
        };
        let unit = text.lines().find_map(blanks).unwrap_or("  ");
        Self { text, newline, unit }
    }

    fn slice(&self, start: u32, end: u32) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The blanks that the line of a place starts with.
    pub(super) fn indent_of(&self, at: u32) -> &'t str {
        let before = self.slice(0, at);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let rest = line.trim_start_matches([' ', '\t']);
        line.get(..line.len() - rest.len()).unwrap_or_default()
    }

    /// Whether nothing but blanks stands before a place on its line.
    fn starts_line(&self, at: u32) -> bool {
        self.slice(0, at).rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
    }

    /// The end of the line of a place, before its line break.
    pub(super) fn line_end(&self, at: u32) -> u32 {
        let rest = self.text.get(at as usize..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX))
    }

    /// Adds a member to an object, or an element to an array, behind the last one.
    pub(super) fn insert(&self, holder: Node, key: Option<&str>, value: &Written) -> Text {
        let span = holder.span();
        let with = |indent: &str| match key {
            Some(key) => format!("{}: {}", key_text(key), self.write(value, indent)),
            None => self.write(value, indent),
        };
        let close = span.end.saturating_sub(1);
        let outer = self.indent_of(span.start);
        let Some(last) = holder.children().last().copied() else {
            let inner = format!("{outer}{}", self.unit);
            let inside = self.slice(span.start + 1, close);
            let kept = inside.trim_end();
            let at = span.start + 1 + u32::try_from(kept.len()).unwrap_or(0);
            let text = format!("{0}{inner}{1}{0}{outer}", self.newline, with(&inner));
            return (Span { start: at, end: close }, text);
        };
        if self.slice(last.span().end, close).contains('\n') {
            // A comment on the line of the last one is about that one.
            let end = self.line_end(last.span().end);
            let indent = self.indent_of(last.span().start);
            return (Span { start: end, end }, format!("{}{indent}{}", self.newline, with(indent)));
        }
        let end = last.span().end;
        (Span { start: end, end }, format!(", {}", with(outer)))
    }

    /// What goes when a member or element goes: its line, or it and the comma that is too many then.
    pub(super) fn cut(&self, holder: Node, member: Node) -> Span {
        let span = member.span();
        let line_end = self.line_end(span.end);
        let behind = self.slice(span.end, line_end);
        let is_alone = self.starts_line(span.start) && behind.trim_start_matches([' ', '\t', ',']).is_empty();
        if is_alone {
            let start = span.start - u32::try_from(self.indent_of(span.start).len()).unwrap_or(0);
            let next = self.slice(line_end, u32::try_from(self.text.len()).unwrap_or(u32::MAX));
            let brk = if next.starts_with("\r\n") { 2 } else { u32::from(next.starts_with('\n')) };
            return Span { start, end: line_end + brk };
        }
        let all = holder.children();
        let at = all.iter().position(|child| child.span() == span);
        let before =
            at.and_then(|at| at.checked_sub(1)).and_then(|at| all.get(at)).map(|node| node.span().end);
        let after = at.and_then(|at| all.get(at + 1)).map(|node| node.span().start);
        match (before, after) {
            (_, Some(next)) => Span { start: span.start, end: next },
            (Some(last), None) => Span { start: last, end: span.end },
            (None, None) => Span { start: holder.span().start + 1, end: holder.span().end.saturating_sub(1) },
        }
    }

    /// A value whose line starts with `indent`.
    pub(super) fn write(&self, value: &Written, indent: &str) -> String {
        let inner = format!("{indent}{}", self.unit);
        let lines = |members: Vec<String>, open: char, close: char| {
            if members.is_empty() {
                return format!("{open}{close}");
            }
            let mut out = String::from(open);
            for member in members {
                out.push_str(self.newline);
                out.push_str(&inner);
                out.push_str(&member);
            }
            out.push_str(self.newline);
            out.push_str(indent);
            out.push(close);
            out
        };
        match value {
            Written::Token(text) => text.clone(),
            Written::List(items) => {
                lines(items.iter().map(|item| self.write(item, &inner)).collect(), '[', ']')
            }
            Written::Object(fields) => {
                let field = |(key, value): &(String, Written)| {
                    format!("{}: {}", key_text(key), self.write(value, &inner))
                };
                lines(fields.iter().map(field).collect(), '{', '}')
            }
        }
    }
}

/// The name of a member as it is written.
fn key_text(key: &str) -> String {
    let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !key.starts_with(|first: char| first.is_ascii_digit());
    if is_name { key.to_owned() } else { quoted(key) }
}

/// A text as a string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}
