//! How a JSON text is laid out, and how to add to it and take from it without disturbing that.

use super::edit::entry;
use crate::sorted::{Set, sort_by};
use crate::syntax::json::{self, Node, Range, Ranged};
use crate::text::beginning;

/// A range of the text and what is written there instead.
pub(super) type Text = (Range, String);

/// The layout of one text.
pub(super) struct Layout<'t> {
    text: &'t str,
    newline: &'static str,
}

/// JSON to write: brackets, and between them everything else as text.
pub(super) enum Written {
    Token(String),
    List(Vec<Written>),
    Object(Vec<(String, Written)>),
}

/// A new member of an object, with its name, or of an array.
pub(super) type Member = (Option<String>, Written);

/// An object or array in its text.
pub(super) struct Entries<'n, 't> {
    pub(super) node: &'n Node<'t>,
    /// Where the member that it is starts, and those around it, from the inside out.
    pub(super) above: Vec<usize>,
}

/// How new members of one object or array are written.
pub(super) struct Style<'l> {
    /// What a member's line starts with; `None` when all are on one line.
    pub(super) lines: Option<String>,
    unit: &'l str,
    newline: &'static str,
    /// Between a colon or comma and what follows it on the line.
    space: &'static str,
}

impl Entries<'_, '_> {
    pub(super) fn child(&self, index: usize) -> Option<Range> {
        entry(self.node, index)
    }

    fn len(&self) -> usize {
        match self.node {
            Node::Object(object) => object.properties.len(),
            Node::Array(array) => array.elements.len(),
            _ => 0,
        }
    }

    fn last(&self) -> Option<Range> {
        self.len().checked_sub(1).and_then(|last| self.child(last))
    }

    /// What is between the brackets.
    fn inside(&self) -> Range {
        Range::new(self.node.start() + 1, self.node.end().saturating_sub(1))
    }
}

impl<'t> Layout<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let first_line = beginning(text).split_inclusive('\n').next().unwrap_or_default();
        let newline = if first_line.ends_with("\r\n") { "\r\n" } else { "\n" };
        Self { text, newline }
    }

    /// The blanks before `at`, when nothing else is before it on its line.
    fn indent(&self, at: usize) -> Option<&'t str> {
        let before = self.text.get(..at)?;
        let rest = before.trim_end_matches([' ', '\t']);
        if rest.is_empty() || rest.ends_with('\n') { before.get(rest.len()..) } else { None }
    }

    /// The indentation of the line in which these entries start.
    pub(super) fn indent_above(&self, entries: &Entries) -> String {
        entries.above.iter().find_map(|at| self.indent(*at)).unwrap_or_default().to_owned()
    }

    /// One step of indentation, as the lines around use it.
    fn unit(&self, entries: &Entries) -> &'t str {
        let inner = entries.child(0).map(|range| range.start);
        let starts = inner.into_iter().chain(entries.above.iter().copied());
        let indents: Vec<&str> = starts.filter_map(|at| self.indent(at)).chain([""]).collect();
        let step = |pair: &[&'t str]| match pair {
            [inner, outer] => inner.strip_prefix(outer).filter(|step| !step.is_empty()),
            _ => None,
        };
        indents.windows(2).find_map(step).unwrap_or("  ")
    }

    /// How new members are written beside those that are there.
    pub(super) fn style(&self, entries: &Entries) -> Style<'t> {
        let inside = entries.inside();
        let text = self.text.get(inside.start..inside.end).unwrap_or_default();
        let unit = self.unit(entries);
        let is_split = match entries.last() {
            Some(_) => beginning(text).contains('\n'),
            // An empty one that has a line to itself is opened.
            None => entries.above.first().is_none_or(|at| self.indent(*at).is_some()),
        };
        let own = entries.last().and_then(|last| self.indent(last.start)).map(str::to_owned);
        let lines = is_split.then(|| own.unwrap_or_else(|| self.indent_above(entries) + unit));
        let is_tight = match entries.node {
            Node::Object(object) => object.properties.first().is_some_and(|prop| {
                let between = self.text.get(prop.name.end()..prop.value.start()).unwrap_or_default();
                between.ends_with(':')
            }),
            _ => false,
        };
        Style { lines, unit, newline: self.newline, space: if is_tight { "" } else { " " } }
    }

    /// Adds members behind the last one.
    pub(super) fn insert(&self, entries: &Entries, style: &Style, written: &str) -> Vec<Text> {
        let at = |at| Range::new(at, at);
        let break_line = match &style.lines {
            Some(indent) => format!("{}{indent}", self.newline),
            None => style.space.to_owned(),
        };
        let Some(last) = entries.last() else {
            let inside = entries.inside();
            let text = self.text.get(inside.start..inside.end).unwrap_or_default();
            let comments = text.trim_end();
            if comments.is_empty() {
                let close = match &style.lines {
                    Some(_) => format!("{}{}", self.newline, self.indent_above(entries)),
                    None => style.space.to_owned(),
                };
                return vec![(inside, format!("{break_line}{written}{close}"))];
            }
            return vec![(at(inside.start + comments.len()), format!("{break_line}{written}"))];
        };
        // A comment on the line of the last member is about that one.
        match style.lines.as_ref().and_then(|_| self.comments_end(last.end)) {
            Some(end) => vec![(at(last.end), ",".to_owned()), (at(end), format!("{break_line}{written}"))],
            None => vec![(at(last.end), format!(",{break_line}{written}"))],
        }
    }

    /// The end of the comments that follow on the same line.
    fn comments_end(&self, from: usize) -> Option<usize> {
        let mut found = None;
        let mut at = from;
        loop {
            let rest = self.text.get(at..)?;
            at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let Some(end) = json::comment_end(self.text, at) else { return found };
            found = Some(end);
            if self.text.get(at..end)?.contains('\n') {
                return found;
            }
            at = end;
        }
    }

    /// Takes members away, each with the comma that is too many then.
    pub(super) fn remove(&self, entries: &Entries, removed: &Set<usize>) -> Option<Vec<Text>> {
        let count = entries.len();
        let last_kept = (0..count).rev().find(|index| !removed.contains(index));
        let mut cuts = Vec::new();
        for index in removed.iter().copied().chain(last_kept) {
            let range = entries.child(index)?;
            if Some(index) != last_kept {
                cuts.push(range);
            } else if removed.last().is_none_or(|last| *last < index) {
                continue;
            }
            if index + 1 < count {
                cuts.push(self.comma(range.end)?);
            }
        }
        sort_by(&mut cuts, |a, b| a.start.cmp(&b.start));
        let mut joined: Vec<Range> = Vec::new();
        for cut in cuts {
            match joined.last_mut() {
                Some(last) if self.is_blank(last.end, cut.start) => last.end = cut.end,
                _ => joined.push(cut),
            }
        }
        let inside = entries.inside();
        if let (None, [all]) = (last_kept, joined.as_slice())
            && self.is_blank(inside.start, all.start)
            && self.is_blank(all.end, inside.end)
        {
            return Some(vec![(inside, String::new())]);
        }
        Some(joined.into_iter().map(|cut| (self.with_blanks(cut), String::new())).collect())
    }

    fn is_blank(&self, start: usize, end: usize) -> bool {
        self.text.get(start..end).is_some_and(|between| between.trim().is_empty())
    }

    /// The comma between a member and the next.
    fn comma(&self, from: usize) -> Option<Range> {
        let mut at = from;
        loop {
            let rest = self.text.get(at..)?;
            at += rest.len() - rest.trim_start().len();
            match json::comment_end(self.text, at) {
                Some(end) => at = end,
                None => return self.text.get(at..)?.starts_with(',').then(|| Range::new(at, at + 1)),
            }
        }
    }

    /// A cut with the blanks that would be left over: the whole line where nothing else is on it.
    fn with_blanks(&self, cut: Range) -> Range {
        let before = self.text.get(..cut.start).unwrap_or_default();
        let after = self.text.get(cut.end..).unwrap_or_default();
        let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
        let rest = after.trim_start_matches([' ', '\t', '\r']);
        match (self.indent(cut.start), rest.strip_prefix('\n')) {
            (Some(indent), Some(next)) => Range::new(cut.start - indent.len(), self.text.len() - next.len()),
            (Some(_), None) => Range::new(cut.start, cut.end + blanks),
            (None, Some(_)) => Range::new(before.trim_end_matches([' ', '\t']).len(), cut.end),
            (None, None) if before.ends_with([' ', '\t', '[', '{']) => {
                Range::new(cut.start, cut.end + blanks)
            }
            (None, None) => cut,
        }
    }
}

impl Style<'_> {
    /// New members, with what is between them.
    pub(super) fn members(&self, members: &[Member]) -> String {
        let written: Vec<String> = members
            .iter()
            .map(|(key, value)| match key {
                Some(key) => self.property(key, value, self.lines.as_deref()),
                None => self.write(value, self.lines.as_deref()),
            })
            .collect();
        let between = match &self.lines {
            Some(indent) => format!(",{}{indent}", self.newline),
            None => format!(",{}", self.space),
        };
        written.join(&between)
    }

    fn property(&self, key: &str, value: &Written, lines: Option<&str>) -> String {
        format!("{}:{}{}", quoted(key), self.space, self.write(value, lines))
    }

    /// A value whose line starts with `lines`; on one line when that is `None`.
    pub(super) fn write(&self, value: &Written, lines: Option<&str>) -> String {
        let inner = lines.map(|indent| format!("{indent}{}", self.unit));
        let members = |members: Vec<String>, open: char, close: char| match (&inner, lines) {
            _ if members.is_empty() => format!("{open}{close}"),
            (Some(inner), Some(indent)) => {
                let (newline, between) = (self.newline, format!(",{}{inner}", self.newline));
                format!("{open}{newline}{inner}{}{newline}{indent}{close}", members.join(&between))
            }
            _ => {
                let members = members.join(&format!(",{}", self.space));
                let pad = if open == '{' { self.space } else { "" };
                format!("{open}{pad}{members}{pad}{close}")
            }
        };
        match value {
            Written::Token(token) => token.clone(),
            Written::List(items) => {
                let items = items.iter().map(|item| self.write(item, inner.as_deref()));
                members(items.collect(), '[', ']')
            }
            Written::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| self.property(key, value, inner.as_deref()));
                members(fields.collect(), '{', '}')
            }
        }
    }
}

pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
