//! How a Bicep text is laid out, and how to add to it and take from it without disturbing that.

use super::edit::Text;
use crate::syntax::bicep::{Node, SyntaxKind};
use crate::text::{Span, beginning};

/// The layout of one text.
pub(super) struct Layout<'t> {
    text: &'t str,
    pub(super) newline: &'static str,
    unit: &'t str,
}

/// A member with its name, or an element.
pub(super) type Added = (Option<String>, Written);

/// A value as it is to be written.
#[derive(PartialEq, Eq)]
pub(super) enum Written {
    /// Written as it is here, with its quotes.
    Token(String),
    /// `[…]`
    List(Vec<Written>),
    /// `{…}`
    Object(Vec<(String, Written)>),
}

impl<'t> Layout<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let first = beginning(text).split_inclusive('\n').next().unwrap_or_default();
        let newline = if first.ends_with("\r\n") { "\r\n" } else { "\n" };
        let blanks = |line: &'t str| {
            let rest = line.trim_start_matches([' ', '\t']);
            line.get(..line.len() - rest.len()).filter(|blanks| !blanks.is_empty() && !rest.trim().is_empty())
        };
        let unit = beginning(text).lines().find_map(blanks).unwrap_or("  ");
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

    /// Whether nothing but blanks is before a place on its line.
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

    /// What is between the brackets of an object or array and the nodes in it.
    fn gaps(&self, holder: Node) -> Vec<&'t str> {
        let span = holder.span();
        let mut at = span.start.saturating_add(1);
        let mut gaps = Vec::new();
        for child in holder.children() {
            gaps.push(self.slice(at, child.span().start));
            at = child.span().end;
        }
        gaps.push(self.slice(at, span.end.saturating_sub(1)));
        gaps
    }

    /// Whether what an object or array holds is in one row with its brackets.
    pub(super) fn is_inline(&self, holder: Node) -> bool {
        self.gaps(holder).iter().all(|gap| !gap.contains('\n'))
    }

    /// Takes nodes out of an object or array, by their index, and adds others behind the last member or element. What is
    /// empty is written like what is around it: `is_inline` says how that is.
    pub(super) fn change(
        &self,
        holder: Node,
        is_inline: bool,
        removed: &[usize],
        added: &[Added],
    ) -> Vec<Text> {
        let all = holder.children();
        let span = holder.span();
        let inside = Span { start: span.start.saturating_add(1), end: span.end.saturating_sub(1) };
        let (Some(first), Some(last)) = (all.first(), all.last()) else {
            return vec![self.fill(inside, is_inline, added)];
        };
        let kept = |at: &usize| !removed.contains(at);
        if !(0..all.len()).any(|at| kept(&at)) {
            let is_bare =
                self.gaps(holder).iter().all(|gap| gap.trim_matches([' ', '\t', '\r', '\n', ',']).is_empty());
            if added.is_empty() && is_bare {
                return vec![(inside, String::new())];
            }
            let indent = (!self.is_inline(holder)).then(|| self.indent_of(first.span().start));
            let whole = Span { start: first.span().start, end: last.span().end };
            if is_bare {
                return vec![(whole, self.added(added, indent))];
            }
            let mut edits: Vec<Text> =
                self.rows(&all).iter().map(|row| (self.cut_row(row), String::new())).collect();
            if let (false, Some(edit)) = (added.is_empty(), edits.first_mut()) {
                *edit = (first.span(), self.added(added, indent));
            }
            return edits;
        }
        let mut edits = Vec::new();
        let mut at = 0;
        // New members are before the resources that are declared in a body.
        let is_member = |at: &usize| all.get(*at).is_some_and(|node| node.kind() != SyntaxKind::Resource);
        let anchor =
            (0..all.len()).rev().find(|at| kept(at) && is_member(at)).or((0..all.len()).rev().find(kept));
        for row in self.rows(&all) {
            let indices: Vec<usize> = (at..at + row.len()).collect();
            at += row.len();
            let Some(last_kept) = indices.iter().rev().copied().find(|at| kept(at)) else {
                edits.push((self.cut_row(&row), String::new()));
                continue;
            };
            for (index, pair) in indices.iter().zip(row.windows(2)) {
                if let ([node, next], true) = (pair, *index < last_kept && !kept(index)) {
                    edits.push((Span { start: node.span().start, end: next.span().start }, String::new()));
                }
            }
            let (Some(end_kept), Some(end)) = (all.get(last_kept), row.last()) else { continue };
            let tail = Span { start: end_kept.span().end, end: end.span().end };
            let mut text = String::new();
            if anchor == Some(last_kept) && !added.is_empty() {
                if self.slice(end.span().end, inside.end).contains('\n') {
                    // A comment on the line of the last one is about that one.
                    let line_end = self.line_end(end.span().end);
                    let indent = self.indent_of(end_kept.span().start);
                    let text = format!("{}{indent}{}", self.newline, self.added(added, Some(indent)));
                    edits.push((Span { start: line_end, end: line_end }, text));
                } else {
                    text = format!(", {}", self.added(added, None));
                }
            }
            if tail.start < tail.end || !text.is_empty() {
                edits.push((tail, text));
            }
        }
        edits
    }

    /// Fills an object or array that is empty but for comments.
    fn fill(&self, inside: Span, is_inline: bool, added: &[Added]) -> Text {
        let held = self.slice(inside.start, inside.end);
        let is_object = self.slice(inside.end, inside.end.saturating_add(1)) == "}";
        if is_inline && held.trim().is_empty() {
            let text = self.added(added, None);
            return (inside, if is_object { format!(" {text} ") } else { text });
        }
        let outer = self.indent_of(inside.start);
        let inner = format!("{outer}{}", self.unit);
        let start = inside.start.saturating_add(u32::try_from(held.trim_end().len()).unwrap_or(0));
        let text = format!("{0}{inner}{1}{0}{outer}", self.newline, self.added(added, Some(&inner)));
        (Span { start, end: inside.end }, text)
    }

    /// What is added, one on a line whose indentation this is, or all in one row.
    fn added(&self, added: &[Added], indent: Option<&str>) -> String {
        let one = |(key, value): &Added| match key {
            Some(key) => format!("{}: {}", key_text(key), self.write(value, indent)),
            None => self.write(value, indent),
        };
        let between = indent.map_or_else(|| ", ".to_owned(), |indent| format!("{}{indent}", self.newline));
        added.iter().map(one).collect::<Vec<_>>().join(&between)
    }

    /// The nodes by the rows that they are in.
    fn rows<'n>(&self, nodes: &[Node<'n>]) -> Vec<Vec<Node<'n>>> {
        let mut rows: Vec<Vec<Node<'n>>> = Vec::new();
        for node in nodes {
            match rows.last_mut() {
                Some(row)
                    if row.last().is_some_and(|last| {
                        !self.slice(last.span().end, node.span().start).contains('\n')
                    }) =>
                {
                    row.push(*node);
                }
                _ => rows.push(vec![*node]),
            }
        }
        rows
    }

    /// What belongs to a row: its lines, but for a comment at their end.
    fn cut_row(&self, row: &[Node]) -> Span {
        let start = row.first().map_or(0, |node| node.span().start);
        let end = row.last().map_or(start, |node| node.span().end);
        let line_end = self.line_end(end);
        let behind = self.slice(end, line_end);
        let rest = behind.trim_start_matches([' ', '\t', ',']);
        if !self.starts_line(start) || !rest.is_empty() {
            let blanks = if rest.starts_with(['/', '#']) { behind.len() - rest.len() } else { 0 };
            return Span { start, end: end.saturating_add(u32::try_from(blanks).unwrap_or(0)) };
        }
        let indent = u32::try_from(self.indent_of(start).len()).unwrap_or(0);
        let next = self.text.get(line_end as usize..).unwrap_or_default();
        let brk = if next.starts_with("\r\n") { 2 } else { u32::from(next.starts_with('\n')) };
        Span { start: start.saturating_sub(indent), end: line_end.saturating_add(brk) }
    }

    /// A value whose line starts with `indent`; without one, all of it in one row.
    pub(super) fn write(&self, value: &Written, indent: Option<&str>) -> String {
        let inner = indent.map(|indent| format!("{indent}{}", self.unit));
        let (members, open, close): (Vec<String>, _, _) = match value {
            Written::Token(text) => return text.clone(),
            Written::List(items) => {
                (items.iter().map(|item| self.write(item, inner.as_deref())).collect(), '[', ']')
            }
            Written::Object(fields) => {
                let field = |(key, value): &(String, Written)| {
                    format!("{}: {}", key_text(key), self.write(value, inner.as_deref()))
                };
                (fields.iter().map(field).collect(), '{', '}')
            }
        };
        match (inner, indent) {
            _ if members.is_empty() => format!("{open}{close}"),
            (Some(inner), Some(indent)) => {
                let line = self.newline;
                let lines: String = members.iter().map(|member| format!("{line}{inner}{member}")).collect();
                format!("{open}{lines}{line}{indent}{close}")
            }
            _ if open == '{' => format!("{{ {} }}", members.join(", ")),
            _ => format!("[{}]", members.join(", ")),
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
