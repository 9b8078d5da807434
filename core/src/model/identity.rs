//! Whether two resource ids mean the same resource: proved, possible, or absent.

use crate::eval::value::distribute;
use crate::eval::{Kind, TermKind, Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::text::Name;
use std::cell::Cell;
use std::rc::Rc;

/// What equal ids have in common.
pub fn key(id: &Value) -> Rc<str> {
    id.key()
}

/// Whether two ids are the same. True: the same normal form, without case (F1.34). False: they differ in a part that
/// both know. Unknown: open parts may meet.
pub fn same(a: &Value, b: &Value) -> Truth {
    let assumed = a.assumed.and(&b.assumed);
    if a.is_null() || b.is_null() {
        return Truth::of(false).assuming(&assumed);
    }
    if a.assumed == b.assumed && a.is_alike(b) {
        // Both rest on the same defaults, and stay the same when those change.
        return Truth::of(true);
    }
    if let (Kind::Choice(left), Kind::Choice(right)) = (&a.kind, &b.kind)
        && left.condition.is_alike(&right.condition)
    {
        // One condition decides both.
        let (then, otherwise) = (same(&left.then, &right.then), same(&left.otherwise, &right.otherwise));
        return of_choice(&left.condition, then, otherwise).assuming(&assumed);
    }
    if let Kind::Choice(choice) = &a.kind {
        return of_choice(&choice.condition, same(&choice.then, b), same(&choice.otherwise, b))
            .assuming(&assumed);
    }
    if let Kind::Choice(choice) = &b.kind {
        return of_choice(&choice.condition, same(a, &choice.then), same(a, &choice.otherwise))
            .assuming(&assumed);
    }
    let truth = match (a.as_text(), b.as_text()) {
        (Some(a), Some(b)) => Truth::of(trim(a).eq_ignore_ascii_case(trim(b))),
        _ if a.is_alike(b) => Truth::of(true),
        _ => match (segments(a), segments(b)) {
            (Some(left), Some(right)) if left.len() == right.len() => same_segments(&left, &right),
            (Some(_), Some(_)) => Truth::of(false),
            _ => Truth::Unknown(a.depends().and(b.depends())),
        },
    };
    if truth.is_true() && a.assumed == b.assumed {
        // Both are made of the same parameters, by the same steps: they are the same whatever those are.
        return truth;
    }
    truth.assuming(&assumed)
}

/// What holds of a choice, by what holds of its branches.
pub fn of_choice(condition: &Value, then: Truth, otherwise: Truth) -> Truth {
    match (&then, &otherwise) {
        (Truth::True(a), Truth::True(b)) => Truth::True(a.and(b)),
        (Truth::False(a), Truth::False(b)) => Truth::False(a.and(b)),
        _ => Truth::Unknown(condition.depends().and(then.depends()).and(otherwise.depends())),
    }
}

fn trim(id: &str) -> &str {
    id.trim_matches('/')
}

/// The parts of an id between slashes. `None` when the whole may be anything: an id passed in as a parameter.
/// An unknown piece is (a part of) one name: names hold no slash.
pub fn segments(id: &Value) -> Option<Rc<[Value]>> {
    let starts = match &id.kind {
        Kind::Text(text) => text.starts_with('/'),
        Kind::Term(term) => match &term.kind {
            TermKind::Text(pieces) => {
                pieces.first().and_then(Value::as_text).is_some_and(|text| text.starts_with('/'))
            }
            _ => false,
        },
        _ => false,
    };
    starts.then(|| id.parts())
}

/// Most ids differ in their last name.
fn same_segments(a: &[Value], b: &[Value]) -> Truth {
    let mut all = Truth::of(true);
    for (a, b) in a.iter().zip(b).rev() {
        all = all.and(same_segment(a, b));
        if all.is_false() {
            break;
        }
    }
    all
}

fn same_segment(a: &Value, b: &Value) -> Truth {
    match (a.as_text(), b.as_text()) {
        (Some(x), Some(y)) => Truth::of(x.eq_ignore_ascii_case(y)),
        _ if a.is_alike(b) => Truth::of(true),
        _ if ends_clash(a, b) => Truth::of(false),
        _ => Truth::Unknown(a.depends().and(b.depends())),
    }
}

/// Whether the known beginnings or ends of two texts exclude each other.
fn ends_clash(a: &Value, b: &Value) -> bool {
    let (a, b) = (a.pieces(), b.pieces());
    let clash = |a: Option<&Value>, b: Option<&Value>, is_end: bool| {
        let text =
            |piece: Option<&Value>| piece.and_then(Value::as_text).map(str::as_bytes).map(<[u8]>::to_vec);
        let (Some(a), Some(b)) = (text(a), text(b)) else { return false };
        let n = a.len().min(b.len());
        let part = |text: &[u8]| {
            if is_end { text.get(text.len() - n..) } else { text.get(..n) }.map(<[u8]>::to_ascii_lowercase)
        };
        part(&a) != part(&b)
    };
    clash(a.first(), b.first(), false) || clash(a.last(), b.last(), true)
}

/// What is compared of a text that is known, also where it rests on defaults: two that differ are not the same.
pub(super) fn written(value: &Value) -> Option<String> {
    value.as_text().map(|text| trim(text).to_ascii_lowercase())
}

/// What is compared of a text that is known and rests on no default.
pub(super) fn plain(value: &Value) -> Option<String> {
    written(value).filter(|_| value.assumed.is_empty())
}

/// The id without its last `type/name` pair: of a subnet its network's; of a choice of ids a choice.
pub fn parent(id: &Value) -> Option<Value> {
    if let Kind::Choice(choice) = &id.kind {
        let (then, otherwise) = (parent(&choice.then)?, parent(&choice.otherwise)?);
        return Some(Value::choice(choice.condition.clone(), then, otherwise).assuming(&id.assumed));
    }
    let segments = segments(id)?;
    Some(joined(segments.get(..segments.len().checked_sub(2)?)?).assuming(&id.assumed))
}

/// Leaves of one resource that are compared with an id; with more it may be about anything.
const MAX_LEAVES: usize = 200;

/// Whether a resource may be about the one with this id: it is a part of that one, or an id in it leads there.
pub fn concerns(resource: &Resource, id: &Value) -> bool {
    let mut left = MAX_LEAVES;
    may_be_in(&resource.id, id) || names(&resource.body, id, &mut left)
}

/// What says nothing of other resources, even where it is open.
const SAYS_NOTHING: [&str; 6] = ["kind", "location", "name", "sku", "tags", "zones"];

fn names(value: &Value, id: &Value, left: &mut usize) -> bool {
    *left = left.saturating_sub(1);
    if *left == 0 {
        return true;
    }
    match &value.kind {
        Kind::Array(array) => array.items().iter().any(|item| names(item, id, left)),
        Kind::Object(object) => object.fields().iter().any(|field| {
            let is_apart = SAYS_NOTHING.iter().any(|key| field.key.eq_ignore_ascii_case(key));
            !is_apart && names(&field.value, id, left)
        }),
        Kind::Choice(choice) => names(&choice.then, id, left) || names(&choice.otherwise, id, left),
        Kind::Text(_) | Kind::Term(_) => may_be_in(value, id),
        _ => false,
    }
}

/// Whether an id may be the other one, or one below it.
fn may_be_in(inner: &Value, outer: &Value) -> bool {
    if let Kind::Choice(choice) = &outer.kind {
        return may_be_in(inner, &choice.then) || may_be_in(inner, &choice.otherwise);
    }
    if let Kind::Choice(choice) = &inner.kind {
        return may_be_in(&choice.then, outer) || may_be_in(&choice.otherwise, outer);
    }
    match (segments(inner), segments(outer)) {
        (Some(inner), Some(outer)) => {
            inner.len() >= outer.len()
                && inner.iter().zip(&*outer).all(|(inner, outer)| !same_segment(inner, outer).is_false())
        }
        // Text that does not begin as an id does is not one.
        (None, _) => inner.pieces().first().is_some_and(|piece| piece.as_text().is_none()),
        (Some(_), None) => true,
    }
}

/// The id of the whole that the resource of an id is a part of: of a linked service its factory's.
pub fn top(id: &Value) -> Option<Value> {
    let segments = segments(id)?;
    let end = provider(&segments)? + 3;
    Some(joined(segments.get(..end)?).assuming(&id.assumed))
}

/// Whether a part of an id is this word of its grammar.
fn is_keyword(part: &Value, word: &str) -> bool {
    part.as_text().is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// Where the namespace of the last provider is: of an extension resource its own.
fn provider(parts: &[Value]) -> Option<usize> {
    parts.iter().rposition(|part| is_keyword(part, "providers")).map(|at| at + 1)
}

fn joined(segments: &[Value]) -> Value {
    let pieces: Vec<Value> =
        segments.iter().flat_map(|segment| [Value::text("/"), segment.clone()]).collect();
    Value::concat(&pieces)
}

/// The resource group of an id, and what follows it.
pub fn in_group(id: &Value) -> Option<(Value, Vec<Value>)> {
    let segments = segments(id)?;
    let at = segments.iter().position(|part| is_keyword(part, "resourceGroups"))?;
    let group = segments.get(at + 1)?;
    Some((group.clone().assuming(&id.assumed), segments.get(at + 2..)?.to_vec()))
}

/// The last name in an id.
pub fn last(id: &Value) -> Option<Value> {
    segments(id)?.last().cloned()
}

/// The last name in an id, or the id itself, for a message.
pub fn label(id: &Value) -> Name {
    match id.parts().last() {
        Some(last) => crate::lang::label(last),
        None if id.is_known() => Name::new(id.display()),
        None => Name::of_expression(id.display()),
    }
}

/// The last name in an id, also where the beginning of the id is open; of a choice of ids a choice.
pub fn last_name(id: &Value) -> Value {
    distribute(std::slice::from_ref(id), &|ids| ids.first().and_then(tail).unwrap_or_default()).standing(id)
}

fn tail(id: &Value) -> Option<Value> {
    let mut name = Vec::new();
    for (at, piece) in id.pieces().iter().rev().enumerate() {
        let text = piece.as_text().map(|text| if at == 0 { text.trim_end_matches('/') } else { text });
        match text.and_then(|text| text.rsplit_once('/')) {
            Some((_, tail)) => {
                name.push(Value::text(tail));
                name.reverse();
                return Some(Value::concat(&name));
            }
            None => name.push(piece.clone()),
        }
    }
    // An id that is open as a whole has an open name.
    if id.is_known() { None } else { Some(id.clone()) }
}

/// The id of the network that a subnet is in; of a choice of subnets a choice.
pub fn network(subnet: &Value) -> Value {
    distribute(std::slice::from_ref(subnet), &|ids| {
        let Some(id) = ids.first() else { return Value::null() };
        // An id that is open as a whole is that of its network, too.
        parent(id).unwrap_or_else(|| id.clone())
    })
}

/// Whether two names are the same, without case. What is known of open ones may exclude it.
pub fn same_name(a: &Value, b: &Value) -> Truth {
    if a.is_null() || b.is_null() {
        return Truth::of(false);
    }
    let verdict = |truth: Truth| match truth {
        Truth::True(_) => Some(true),
        Truth::False(_) => Some(false),
        Truth::Unknown(_) => None,
    };
    // The side that varies is the one that is tested.
    let (a, b) = if a.is_known() { (b, a) } else { (a, b) };
    let truth = a.test(&|a| verdict(same_segment(a, b)));
    truth.assuming(&b.assumed)
}

/// Whether a name is one of these texts, without case. What is known of an open name may exclude them.
pub fn is_one_of(name: &Value, texts: &[&str]) -> Truth {
    name.test(&|name| match &name.kind {
        Kind::Text(name) => {
            Some(texts.iter().any(|text| name.trim_end_matches('.').eq_ignore_ascii_case(text)))
        }
        Kind::Term(_) if texts.iter().any(|text| !ends_clash(name, &Value::text(*text))) => None,
        _ => Some(false),
    })
}

/// Whether one of the values that an open name has in a branch, or is allowed to have, is one of these texts.
pub fn may_be_one_of(name: &Value, texts: &[&str]) -> bool {
    let found = Cell::new(false);
    name.test(&|name| {
        let is_one = is_one_of(name, texts);
        found.set(found.get() || is_one.is_true());
        (!is_one.is_unknown()).then(|| is_one.is_true())
    });
    found.get()
}

/// What an extension resource is about: its id before the last `/providers/`.
pub fn scope(id: &Value) -> Value {
    distribute(std::slice::from_ref(id), &|ids| ids.first().and_then(before_provider).unwrap_or_default())
}

fn before_provider(id: &Value) -> Option<Value> {
    let pieces = id.pieces();
    for (at, piece) in pieces.iter().enumerate().rev() {
        let Some(text) = piece.as_text() else { continue };
        if let Some(cut) = text.to_ascii_lowercase().rfind("/providers/") {
            let mut before: Vec<Value> = pieces.iter().take(at).cloned().collect();
            before.push(Value::text(text.get(..cut)?));
            return Some(Value::concat(&before).assuming(&id.assumed));
        }
    }
    None
}

/// The last name in an id, or the name that represents one, where it is known.
pub fn known_name(id: &Value) -> Option<String> {
    let pieces = id.pieces();
    let text = pieces.last()?.as_text()?.trim_end_matches('/');
    match text.rsplit_once('/') {
        Some((_, name)) => Some(name.to_owned()),
        None => (pieces.len() == 1).then(|| text.to_owned()),
    }
}

/// Whether the last name in an id is such a one.
pub fn has_name(id: &Value, is_such: &dyn Fn(&str) -> bool) -> Truth {
    id.test(&|id| match known_name(id) {
        Some(name) => Some(is_such(&name)),
        None => id.is_known().then_some(false),
    })
}

/// Whether this is an id of that ARM type: `None` when that is open.
pub fn is_of_type(id: &Value, kind: &str) -> Option<bool> {
    if let Some(text) = id.as_text()
        && !text.starts_with('/')
    {
        return Some(false);
    }
    let found = resource_type(id);
    if found.is_none() && (id.is_null() || id.as_text().is_some()) {
        return Some(false);
    }
    found.map(|found| found.eq_ignore_ascii_case(kind))
}

/// Whether this is an id of that ARM type, whatever it is in the end.
pub fn is_of(id: &Value, kind: &str) -> Truth {
    id.test(&|id| is_of_type(id, kind))
}

/// The ARM type in an id, also where the id's beginning is open; empty when it ends in the middle of one. `None` when
/// there is none, or it is open.
pub fn resource_type(id: &Value) -> Option<String> {
    let parts = id.parts();
    let rest = parts.get(provider(&parts)?..)?;
    // providers / namespace / type / name / type / name …
    let mut found = rest.first()?.as_text()?.to_ascii_lowercase();
    for word in rest.iter().skip(1).step_by(2) {
        found.push('/');
        found.push_str(&word.as_text()?.to_ascii_lowercase());
    }
    let is_whole = rest.len() > 2 && rest.len() % 2 == 1;
    Some(if is_whole { found } else { String::new() })
}

/// What is known of the ARM type in an id, for a message.
pub fn known_type(id: &Value) -> String {
    let parts = id.parts();
    let rest = parts.iter().skip(provider(&parts).unwrap_or(0)).enumerate();
    let words = rest.filter(|(at, _)| *at == 0 || at % 2 == 1);
    let words: Vec<&str> = words.filter_map(|(_, word)| word.as_text()).collect();
    words.join("/")
}

/// Depends on an id that is not in the files.
pub fn open(id: &Value) -> Unknowns {
    let depends = id.depends();
    if depends.names().next().is_some() { depends } else { Unknowns::of(id.display()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(group: Value, name: Value) -> Value {
        Value::concat(&[
            Value::text("/subscriptions/s/resourceGroups/"),
            group,
            Value::text("/providers/Microsoft.Network/virtualNetworks/v/subnets/"),
            name,
        ])
    }

    fn unknown(name: &str) -> Value {
        Value::parameter(name, Vec::new())
    }

    #[test]
    fn ids_compare_without_case_and_part_by_part() {
        let a = id(Value::text("RG"), unknown("name"));
        assert!(same(&a, &id(Value::text("rg"), unknown("NAME"))).is_true());
        assert!(same(&a, &id(Value::text("other"), unknown("name"))).is_false());
        assert!(same(&a, &id(Value::text("rg"), unknown("other"))).is_unknown());
        assert!(same(&a, &unknown("subnetId")).is_unknown());
    }

    #[test]
    fn known_ends_of_open_names_can_exclude_each_other() {
        let named = |tail: &str| id(Value::text("rg"), Value::concat(&[unknown("x"), Value::text(tail)]));
        assert!(same(&named("-pe"), &named("-app")).is_false());
        assert!(same(&named("-pe"), &named("-my-pe")).is_unknown());
    }

    #[test]
    fn the_parent_of_a_subnet_is_its_network() {
        let subnet = id(Value::text("rg"), unknown("x"));
        let network = parent(&subnet).map(|id| id.display());
        assert_eq!(
            network.as_deref(),
            Some("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v")
        );
        assert_eq!(is_of_type(&subnet, "Microsoft.Network/virtualNetworks/subnets"), Some(true));
        assert_eq!(is_of_type(&subnet, "Microsoft.Network/virtualNetworks"), Some(false));
        assert_eq!(is_of_type(&unknown("x"), "Microsoft.Network/virtualNetworks"), None);
    }
}
