//! What is known of values that are known in part: text with holes, joins of lists, calls of known shape.

use crate::eval::meter;
use crate::eval::value::{Assumptions, Kind, Object, TermKind, Value};
use crate::sorted::sort;
use std::collections::HashSet;
use std::rc::Rc;

/// More open values than this are not compared pair by pair.
const MAX_PAIRS: usize = 200;

/// The name and the arguments of a call that is not evaluated.
pub(super) fn as_call(value: &Value) -> Option<(&str, &[Value])> {
    match &value.kind {
        Kind::Term(term) => match &term.kind {
            TermKind::Call { name, args } => Some((name, args)),
            _ => None,
        },
        _ => None,
    }
}

/// The arguments of a call of that function that is not evaluated.
pub(super) fn call_of<'v>(value: &'v Value, function: &str) -> Option<&'v [Value]> {
    as_call(value).filter(|(name, _)| *name == function).map(|(_, args)| args)
}

/// The pieces of text with holes.
pub(super) fn as_pieces(value: &Value) -> Option<&[Value]> {
    match &value.kind {
        Kind::Term(term) => match &term.kind {
            TermKind::Text(pieces) => Some(pieces),
            _ => None,
        },
        _ => None,
    }
}

/// What is declared of an object that Azure completes.
pub(super) fn declared(value: &Value) -> Option<&Object> {
    match &value.kind {
        Kind::Term(term) => match &term.kind {
            TermKind::Partial { declared, .. } => declared.as_object(),
            _ => None,
        },
        _ => None,
    }
}

/// The assumptions of a value and of everything in it.
pub(super) fn assumptions(value: &Value) -> Assumptions {
    let inside = match &value.kind {
        Kind::Array(array) => all_assumptions(array.items()),
        Kind::Object(object) => object
            .fields()
            .iter()
            .fold(Assumptions::default(), |all, field| all.and(&assumptions(&field.value))),
        Kind::Choice(choice) => assumptions(&choice.condition)
            .and(&assumptions(&choice.then))
            .and(&assumptions(&choice.otherwise)),
        _ => Assumptions::default(),
    };
    value.assumed.and(&inside)
}

/// The assumptions of several values and of everything in them.
pub(super) fn all_assumptions(values: &[Value]) -> Assumptions {
    values.iter().fold(Assumptions::default(), |all, value| all.and(&assumptions(value)))
}

// ---- length

/// Characters as .NET counts them: UTF-16 code units.
pub(super) fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The byte at which that many UTF-16 code units end; `None` behind the end and inside a character.
pub(super) fn byte_at(text: &str, count: usize) -> Option<usize> {
    if text.is_ascii() {
        return (count <= text.len()).then_some(count);
    }
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= count {
            return (seen == count).then_some(at);
        }
        seen += c.len_utf16();
    }
    (seen == count).then_some(text.len())
}

/// The exact length of a text, if it is known: `uniqueString()` always makes 13 characters.
pub(super) fn length(value: &Value) -> Option<usize> {
    if let Some(text) = value.as_text() {
        return Some(units(text));
    }
    if let Some(pieces) = as_pieces(value) {
        return pieces.iter().try_fold(0usize, |sum, piece| Some(sum + length(piece)?));
    }
    match as_call(value)? {
        ("uniqueString", _) => Some(13),
        ("guid" | "newGuid", _) => Some(36),
        ("toLower" | "toUpper", [text]) => length(text),
        ("take", [text, count]) => Some(length(text)?.min(usize::try_from(count.as_int()?).unwrap_or(0))),
        ("skip", [text, count]) => {
            Some(length(text)?.saturating_sub(usize::try_from(count.as_int()?).unwrap_or(0)))
        }
        ("substring", [_, _, count]) => usize::try_from(count.as_int()?).ok(),
        _ => None,
    }
}

/// The least length a text can have.
pub(super) fn least_length(value: &Value) -> usize {
    match as_pieces(value) {
        Some(pieces) => pieces.iter().fold(0, |sum, piece| sum + least_length(piece)),
        None => length(value).unwrap_or(0),
    }
}

/// Whether this is text for sure.
pub(super) fn is_text(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(_) => true,
        // Two unknowns joined may as well be arrays.
        Kind::Term(_) => match as_pieces(value) {
            Some(pieces) => pieces.iter().any(is_text),
            None => as_call(value).is_some_and(|(name, _)| makes_text(name)),
        },
        _ => false,
    }
}

fn makes_text(function: &str) -> bool {
    matches!(
        function,
        "base64"
            | "base64ToString"
            | "cidrHost"
            | "cidrSubnet"
            | "dataUri"
            | "dataUriToString"
            | "dateTimeAdd"
            | "dateTimeFromEpoch"
            | "extensionResourceId"
            | "format"
            | "guid"
            | "join"
            | "managementGroupResourceId"
            | "newGuid"
            | "padLeft"
            | "replace"
            | "resourceId"
            | "string"
            | "subscriptionResourceId"
            | "substring"
            | "tenantResourceId"
            | "toLower"
            | "toUpper"
            | "trim"
            | "uniqueString"
            | "uri"
            | "uriComponent"
            | "uriComponentToString"
            | "utcNow"
    )
}

/// Whether a hole may have this character in it.
pub(super) fn may_contain(hole: &Value, c: char) -> bool {
    if let Kind::Term(term) = &hole.kind
        && let TermKind::Property { of, name } = &term.kind
        && &**name == "subscriptionId"
        && as_call(of).is_some_and(|(function, _)| function == "subscription")
    {
        return is_of_guid(c);
    }
    match as_call(hole) {
        Some(("uniqueString", _)) => c.is_ascii_lowercase() || c.is_ascii_digit(),
        Some(("guid" | "newGuid", _)) => c == '-' || matches!(c, '0'..='9' | 'a'..='f'),
        _ => true,
    }
}

fn is_of_guid(c: char) -> bool {
    c == '-' || c.is_ascii_hexdigit()
}

/// Whether text with holes is a resource id, or the beginning of one: its holes are names, which have no slash.
pub(super) fn is_resource_id(pieces: &[Value]) -> bool {
    let starts = pieces.first().and_then(Value::as_text).is_some_and(|text| text.starts_with('/'));
    let is_path = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("/providers/") || text.contains("/resourcegroups/")
    };
    starts && pieces.iter().filter_map(Value::as_text).any(is_path)
}

/// Where something is looked for in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    Anywhere,
    End,
    /// It is the whole text.
    Both,
}

/// How much work one look at text with holes may be: characters of the text times those of what is looked for.
const MAX_LOOK: usize = 50_000;

/// Whether holes can be filled so that the text has this in it. Without case: a text that cannot have it in any case does
/// not have it in this one.
pub(super) fn may_hold(pieces: &[Value], wanted: &str, side: Side) -> bool {
    enum Part<'v> {
        Is(char),
        /// Any number of characters of the hole.
        Of(&'v Value, bool),
    }
    let is_id = is_resource_id(pieces);
    let mut parts = Vec::new();
    let mut before = String::new();
    for piece in pieces {
        match piece.as_text() {
            Some(text) => {
                before = text.to_ascii_lowercase();
                parts.extend(folded(text).chars().map(Part::Is));
            }
            None => parts.push(Part::Of(piece, std::mem::take(&mut before).ends_with("/subscriptions/"))),
        }
        if parts.len() > MAX_LOOK {
            return true;
        }
    }
    let wanted = folded(wanted);
    if parts.len().saturating_mul(wanted.chars().count()) > MAX_LOOK {
        return true;
    }
    let takes = |part: &Part, c: char| match part {
        Part::Is(known) => *known == c,
        Part::Of(_, _) if is_id && c == '/' => false,
        Part::Of(_, true) if is_id => is_of_guid(c),
        // A hole has its own case.
        Part::Of(hole, _) => may_contain(hole, c) || may_contain(hole, c.to_ascii_lowercase()),
    };
    // Where in the parts a match may be, as the characters that are looked for are taken one by one.
    let mut here = vec![matches!(side, Side::Anywhere | Side::End); parts.len() + 1];
    if let Some(start) = here.first_mut() {
        *start = true;
    }
    let skip_holes = |here: &mut Vec<bool>| {
        for at in 0..parts.len() {
            if here.get(at) == Some(&true)
                && matches!(parts.get(at), Some(Part::Of(..)))
                && let Some(next) = here.get_mut(at + 1)
            {
                *next = true;
            }
        }
    };
    skip_holes(&mut here);
    for c in wanted.chars() {
        let mut next = vec![false; parts.len() + 1];
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| here.get(*at) == Some(&true)) {
            let to = if matches!(part, Part::Of(..)) { at } else { at + 1 };
            if takes(part, c)
                && let Some(next) = next.get_mut(to)
            {
                *next = true;
            }
        }
        here = next;
        skip_holes(&mut here);
    }
    match side {
        Side::Start | Side::Anywhere => here.contains(&true),
        Side::End | Side::Both => here.last() == Some(&true),
    }
}

// ---- cutting

/// How a hole is cut: from where, and how many characters if not all.
pub(super) type Cut = fn(&Value, usize, Option<usize>) -> Value;

/// The part of a text behind `skip` characters, `take` long; `None` when holes of unknown length hide where that is.
pub(super) fn slice(text: &Value, skip: usize, take: Option<usize>, cut: Cut) -> Option<Value> {
    let whole = std::slice::from_ref(text);
    let pieces = as_pieces(text).unwrap_or(whole);
    let mut out = Vec::new();
    let (mut skip, mut take) = (skip, take);
    for (at, piece) in pieces.iter().enumerate() {
        if take == Some(0) {
            break;
        }
        let Some(has) = length(piece) else {
            if skip == 0 && take.is_none() {
                out.push(piece.clone());
                continue;
            }
            if at + 1 != pieces.len() {
                return None;
            }
            out.push(cut(piece, skip, take));
            break;
        };
        if skip >= has {
            skip -= has;
            continue;
        }
        let left = has - skip;
        let part = take.map_or(left, |take| take.min(left));
        if part == has {
            out.push(piece.clone());
        } else if let Some(text) = piece.as_text() {
            let (start, end) = (byte_at(text, skip)?, byte_at(text, skip + part)?);
            out.push(Value::text(text.get(start..end)?));
        } else {
            out.push(cut(piece, skip, (part < left).then_some(part)));
        }
        skip = 0;
        take = take.map(|take| take - part);
    }
    Some(Value::concat(&out))
}

// ---- equality

/// [`Value::same`], and what the known pieces of text with holes rule out.
pub(super) fn equal(a: &Value, b: &Value) -> Option<bool> {
    a.same(b).or_else(|| differ(a, b).then_some(false))
}

fn differ(a: &Value, b: &Value) -> bool {
    if (is_text(a) && b.is_known() && b.as_text().is_none())
        || (is_text(b) && a.is_known() && a.as_text().is_none())
    {
        return true;
    }
    match (a.as_text(), b.as_text()) {
        (Some(text), None) => !may_be(b, text),
        (None, Some(text)) => !may_be(a, text),
        _ => match (as_pieces(a), as_pieces(b)) {
            (Some(a), Some(b)) => heads_differ(a, b) || tails_differ(a, b),
            _ => false,
        },
    }
}

fn heads_differ(a: &[Value], b: &[Value]) -> bool {
    let heads = (a.first().and_then(Value::as_text), b.first().and_then(Value::as_text));
    matches!(heads, (Some(a), Some(b)) if !a.starts_with(b) && !b.starts_with(a))
}

fn tails_differ(a: &[Value], b: &[Value]) -> bool {
    let tails = (a.last().and_then(Value::as_text), b.last().and_then(Value::as_text));
    matches!(tails, (Some(a), Some(b)) if !a.ends_with(b) && !b.ends_with(a))
}

/// Whether the holes can be filled so that the result is `text`.
fn may_be(value: &Value, text: &str) -> bool {
    match length(value) {
        Some(length) if length != units(text) => return false,
        None if least_length(value) > units(text) => return false,
        _ => {}
    }
    let Some(pieces) = as_pieces(value) else {
        return as_call(value).is_none() || text.chars().all(|c| may_contain(value, c));
    };
    if !may_hold(pieces, text, Side::Both) {
        return false;
    }
    let mut rest = text;
    for (at, piece) in pieces.iter().enumerate() {
        let Some(known) = piece.as_text() else { continue };
        let found = if at == 0 {
            rest.strip_prefix(known)
        } else if at + 1 == pieces.len() {
            return rest.ends_with(known);
        } else {
            rest.split_once(known).map(|(_, after)| after)
        };
        match found {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// What two closed values share exactly when they are equal: names of fields compare without case and order.
fn identity(value: &Value) -> String {
    match &value.kind {
        Kind::Array(array) => {
            let items: Vec<String> = array.items().iter().map(identity).collect();
            let all = format!("[{}]", items.join(","));
            meter::count(all.len());
            all
        }
        Kind::Object(object) => {
            let mut fields: Vec<String> = object
                .fields()
                .iter()
                .map(|field| format!("{:?}:{}", field.key.to_ascii_lowercase(), identity(&field.value)))
                .collect();
            sort(&mut fields);
            let all = format!("{{{}}}", fields.join(","));
            meter::count(all.len());
            all
        }
        _ => value.normal(),
    }
}

/// A set of values in which looking one up may be open.
#[derive(Default)]
pub(super) struct Seen {
    /// Most values are texts, which are their own identity.
    texts: HashSet<Rc<str>>,
    closed: HashSet<String>,
    values: Vec<Value>,
    open: usize,
}

impl Seen {
    /// The set of these values.
    pub(super) fn of(values: &[Value]) -> Self {
        let mut seen = Self::default();
        values.iter().for_each(|value| seen.add(value));
        seen
    }

    /// Counts a known value once, and every open one, since two open ones may differ.
    pub(super) fn add(&mut self, value: &Value) {
        meter::count(meter::ELEMENT);
        match &value.kind {
            Kind::Text(text) => drop(self.texts.insert(Rc::clone(text))),
            _ if value.is_closed() => drop(self.closed.insert(identity(value))),
            _ => self.open += 1,
        }
        self.values.push(value.clone());
    }

    /// Whether the set has a value equal to this one: `None` when that is open.
    pub(super) fn has(&self, value: &Value) -> Option<bool> {
        let is_among = match &value.kind {
            Kind::Text(text) => Some(self.texts.contains(text)),
            _ => value.is_closed().then(|| self.closed.contains(&identity(value))),
        };
        match is_among {
            Some(true) => return Some(true),
            Some(false) if self.open == 0 => return Some(false),
            _ => {}
        }
        if self.values.len() > MAX_PAIRS {
            return None;
        }
        meter::count(self.values.len() * meter::ELEMENT);
        let mut verdict = Some(false);
        for other in &self.values {
            match equal(other, value) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => verdict = None,
            }
        }
        verdict
    }
}

// ---- case

/// One character in lower case; those that become several stay as they are, as in .NET.
pub(super) fn lower(c: char) -> char {
    single(c, c.to_lowercase())
}

/// One character in upper case; those that become several stay as they are, as in .NET.
pub(super) fn upper(c: char) -> char {
    single(c, c.to_uppercase())
}

fn single(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// Text as .NET compares it without case.
pub(super) fn folded(text: &str) -> String {
    text.chars().map(upper).collect()
}
