//! JSON as Azure reads it: comments and strings over several lines are allowed, everything else is strict.
//!
//! The tree is that of `jsonc-parser`, borrowed from the text. That parser stops at the first error. A text that it
//! refuses is passed to [`repair`], which reports every error and overwrites the broken parts with blanks without
//! moving a byte; the intact parts are then parsed again at their places.

mod repair;
mod scan;
#[cfg(test)]
mod tests;

use crate::sorted::sort_by;
use crate::syntax::TOO_LARGE;
use crate::text::{Span, readable};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use std::borrow::Cow;
use std::collections::HashMap;

pub use jsonc_parser::ast::{Array, Object, ObjectProp, ObjectPropName, StringLit, Value as Node};
pub use jsonc_parser::common::{Range, Ranged};

/// The maximum depth of brackets. Deeper ones are reported and left out, so that walking and dropping a tree does not
/// exhaust the stack.
pub const MAX_DEPTH: usize = 200;

/// The number of times a text is cut and repaired before no tree is returned.
const MAX_TRIES: usize = 3;

/// The maximum number of words and marks that are parsed: several times those of the largest template that Azure
/// accepts.
const MAX_MARKS: usize = 8_000_000;

const BOM: &str = "\u{feff}";

/// A parsed text.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The tree. Its ranges count from the start of [`Parsed::text`]; [`Parsed::span`] turns them into places.
    pub root: Option<Node<'t>>,
    /// Syntax errors, sorted by place; empty if the text is valid.
    pub problems: Vec<Problem>,
    /// Spans that are not in the tree. Properties or items that a surrounding object or array lacks may be in them.
    pub lost: Vec<Span>,
    /// The text that was parsed: without a byte order mark, and one document only.
    pub text: &'t str,
    /// The offset of [`Parsed::text`] in the file.
    pub shift: u32,
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The span in the file.
    pub span: Span,
    /// The message for the user.
    pub message: String,
}

impl Parsed<'_> {
    /// The span in the file of a range of the tree.
    pub fn span(&self, range: Range) -> Span {
        Span::new(range.start, range.end).shifted(self.shift)
    }

    /// The span in the file of `start..end` of a string's value.
    pub fn span_in(&self, string: &StringLit, start: usize, end: usize) -> Span {
        let range =
            Range::new(source_offset(self.text, string, start), source_offset(self.text, string, end));
        self.span(range)
    }

    /// Whether something inside this range (of the tree) was left out.
    pub fn is_partially_parsed(&self, range: Range) -> bool {
        let span = self.span(range);
        self.lost.iter().any(|lost| span.contains(*lost))
    }
}

/// Parses one document. It never fails: errors are in [`Parsed::problems`], the intact parts in [`Parsed::root`].
pub fn parse(text: &str) -> Parsed<'_> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    parse_part(body, text.len() - body.len(), readable(body, MAX_MARKS))
}

/// Whether a text holds no more than one document.
pub fn is_one(text: &str) -> bool {
    scan::documents(text.get(..readable(text, MAX_MARKS)).unwrap_or(text)).len() < 2
}

/// Parses the first `most` of several documents that follow one another, as in newline-delimited JSON.
pub fn documents(text: &str, most: usize) -> Vec<Parsed<'_>> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let shift = text.len() - body.len();
    let readable = readable(body, MAX_MARKS);
    let ranges = scan::documents(body.get(..readable).unwrap_or(body));
    // The part beyond the size limit belongs to the last document.
    let last = (readable < body.len()).then(|| ranges.len().saturating_sub(1));
    let of = |(at, range): (usize, std::ops::Range<usize>)| {
        let end = if Some(at) == last { body.len() } else { range.end };
        Some(parse_part(body.get(range.start..end)?, shift + range.start, range.len()))
    };
    ranges.into_iter().enumerate().take(most).filter_map(of).collect()
}

/// Parses one document that starts `shift` bytes into its file.
pub fn document(text: &str, shift: usize) -> Parsed<'_> {
    parse_part(text, shift, readable(text, MAX_MARKS))
}

/// Parses the first `readable` bytes of one document.
fn parse_part(text: &str, shift: usize, readable: usize) -> Parsed<'_> {
    let shift = Span::new(shift, shift).start;
    let mut parsed = Parsed { root: None, problems: Vec::new(), lost: Vec::new(), text, shift };
    if readable == text.len()
        && !scan::is_deeper_than(text, MAX_DEPTH)
        && let Ok(result) = parse_to_ast(text, &collect_nothing(), &options(false))
    {
        parsed.root = result.value;
        if parsed.root.is_none() {
            parsed.problems.push(Problem {
                span: parsed.span(Range::new(0, 0)),
                message: "the file contains no JSON value".to_owned(),
            });
        }
        return parsed;
    }

    let rest = Range::new(readable, text.len());
    let mut readable = text.get(..readable).unwrap_or(text);
    for _ in 0..MAX_TRIES {
        let repaired = repair::repair(readable);
        let result = parse_to_ast(&repaired.text, &collect_nothing(), &options(true));
        if parsed.problems.is_empty() {
            let problem = |(range, message)| Problem { span: parsed.span(range), message };
            parsed.problems = repaired.problems.into_iter().map(problem).collect();
        }
        parsed.lost = repaired.lost.into_iter().map(|range| parsed.span(range)).collect();
        match result {
            Ok(result) => {
                parsed.root = result.value.and_then(|node| reborrow(node, text));
                break;
            }
            Err(error) => {
                let at = error.range().start;
                if parsed.problems.is_empty() {
                    let message = error.kind().to_string().to_ascii_lowercase();
                    parsed.problems.push(Problem { span: parsed.span(error.range()), message });
                }
                match readable.get(..at) {
                    Some(before) if at < readable.len() => readable = before,
                    _ => break,
                }
            }
        }
    }
    if rest.start < rest.end {
        let span = parsed.span(rest);
        parsed.lost.push(span);
        parsed.problems.push(Problem { span, message: TOO_LARGE.to_owned() });
    }
    sort_by(&mut parsed.problems, |a, b| a.span.cmp(&b.span));
    parsed
}

fn collect_nothing() -> CollectOptions {
    CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false }
}

fn options(repaired: bool) -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: false,
        allow_trailing_commas: repaired,
        allow_missing_commas: repaired,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// The same tree, borrowed from the original text instead of its repaired copy: no kept token moved.
fn reborrow<'t>(node: Node<'_>, text: &'t str) -> Option<Node<'t>> {
    let clamp = |range: Range| Range::new(range.start.min(text.len()), range.end.min(text.len()));
    Some(match node {
        Node::StringLit(string) => Node::StringLit(reborrow_string(string, text)?),
        Node::NumberLit(mut number) => {
            number.range = clamp(number.range);
            let value = text.get(number.range.start..number.range.end)?;
            Node::NumberLit(jsonc_parser::ast::NumberLit { range: number.range, value })
        }
        Node::BooleanLit(literal) => Node::BooleanLit(literal),
        Node::NullKeyword(literal) => Node::NullKeyword(literal),
        Node::Array(array) => Node::Array(Array {
            range: clamp(array.range),
            elements: array.elements.into_iter().filter_map(|element| reborrow(element, text)).collect(),
        }),
        Node::Object(object) => Node::Object(Object {
            range: clamp(object.range),
            properties: object
                .properties
                .into_iter()
                .filter_map(|property| {
                    let ObjectPropName::String(name) = property.name else { return None };
                    Some(ObjectProp {
                        range: clamp(property.range),
                        name: ObjectPropName::String(reborrow_string(name, text)?),
                        value: reborrow(property.value, text)?,
                    })
                })
                .collect(),
        }),
    })
}

fn reborrow_string<'t>(string: StringLit<'_>, text: &'t str) -> Option<StringLit<'t>> {
    let value = match string.value {
        Cow::Owned(value) => Cow::Owned(value),
        Cow::Borrowed(_) => {
            let inside = content(&string);
            Cow::Borrowed(text.get(inside.start..inside.end)?)
        }
    };
    Some(StringLit { range: string.range, value })
}

/// The range of a node; add [`Parsed::shift`] (or use [`Parsed::span`]) for its place in the file.
pub fn span_of(node: &Node) -> Span {
    let range = node.range();
    Span::new(range.start, range.end)
}

/// The property with this name, compared without case; the last one if there are several.
pub fn get<'n, 't>(object: &'n Object<'t>, key: &str) -> Option<&'n ObjectProp<'t>> {
    object.properties.iter().rfind(|property| property.name.as_str().eq_ignore_ascii_case(key))
}

/// The kind of a node's value, for messages.
pub fn type_name(node: &Node) -> &'static str {
    match node {
        Node::StringLit(_) => "string",
        Node::NumberLit(_) => "number",
        Node::BooleanLit(_) => "boolean",
        Node::Object(_) => "object",
        Node::Array(_) => "array",
        Node::NullKeyword(_) => "null",
    }
}

/// The range inside the quotes of a string.
pub fn content(string: &StringLit) -> Range {
    let Range { start, end } = string.range;
    Range::new((start + 1).min(end), end.saturating_sub(1).max(start))
}

/// The offset in `text` (the text of its tree) of the byte `decoded` of a string's value. Bytes of an escaped character
/// map to its backslash.
pub fn source_offset(text: &str, string: &StringLit, decoded: usize) -> usize {
    let inside = content(string);
    if matches!(string.value, Cow::Borrowed(_)) {
        return (inside.start + decoded).min(inside.end);
    }
    let raw = text.get(inside.start..inside.end).unwrap_or_default();
    let mut at = 0;
    let mut value = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, decoded_length) = scan::character(rest);
        if value + decoded_length > decoded {
            break;
        }
        at += length;
        value += decoded_length;
    }
    inside.start + at
}

/// Every comment of a text without its markers, in order.
pub fn comments(text: &str) -> Vec<(Span, &str)> {
    scan::comments(text)
}

/// The offset behind the comment that starts at `start`; `None` when none starts there.
pub fn comment_end(text: &str, start: usize) -> Option<usize> {
    scan::comment_end(text.as_bytes(), start)
}

/// A name that occurs twice in an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The name, as the later one is written.
    pub key: String,
    /// The range of the first occurrence (of the quoted name, in the tree's text).
    pub first: Span,
    /// The range of the second occurrence.
    pub second: Span,
}

/// Every property name that occurs more than once in one object, anywhere under `root`.
pub fn duplicate_keys(root: &Node, ignore_case: bool) -> Vec<Duplicate> {
    let mut found = Vec::new();
    collect_duplicates(root, ignore_case, &mut found);
    found
}

fn collect_duplicates(node: &Node, ignore_case: bool, found: &mut Vec<Duplicate>) {
    match node {
        Node::Array(array) => {
            for element in &array.elements {
                collect_duplicates(element, ignore_case, found);
            }
        }
        Node::Object(object) => {
            duplicates_of(object, ignore_case, found);
            for property in &object.properties {
                collect_duplicates(&property.value, ignore_case, found);
            }
        }
        _ => {}
    }
}

/// Objects up to this size are compared pairwise, which is faster than hashing their names.
const SMALL_OBJECT: usize = 12;

fn duplicates_of(object: &Object, ignore_case: bool, found: &mut Vec<Duplicate>) {
    let mut report = |first: &ObjectProp, again: &ObjectProp| {
        let span = |property: &ObjectProp| {
            let range = property.name.range();
            Span::new(range.start, range.end)
        };
        found.push(Duplicate {
            key: again.name.as_str().to_owned(),
            first: span(first),
            second: span(again),
        });
    };
    let same = |a: &ObjectProp, b: &ObjectProp| {
        let (a, b) = (a.name.as_str(), b.name.as_str());
        if ignore_case { a.eq_ignore_ascii_case(b) } else { a == b }
    };
    if object.properties.len() <= SMALL_OBJECT {
        for (index, property) in object.properties.iter().enumerate() {
            if let Some(first) = object.properties.iter().take(index).find(|first| same(first, property)) {
                report(first, property);
            }
        }
        return;
    }
    let mut seen: HashMap<Cow<str>, &ObjectProp> = HashMap::with_capacity(object.properties.len());
    for property in &object.properties {
        let name = property.name.as_str();
        let key = if ignore_case { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) };
        match seen.get(&key) {
            Some(first) => report(first, property),
            None => {
                seen.insert(key, property);
            }
        }
    }
}
