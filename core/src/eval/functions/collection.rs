//! Functions that take text, arrays or objects alike.

use super::holes::{self, Side, as_call, as_pieces, call_of, declared, equal, least_length, may_hold, slice};
use super::{Context, Function, MANY, Outcome, arg, int_arg, mistyped, open, partial, verdict, wrong};
use crate::eval::value::{Assumptions, Field, Kind, Value};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[Function] = &[
    partial("concat", (0, MANY), concat),
    partial("contains", (2, 2), contains),
    partial("empty", (1, 1), empty),
    partial("first", (1, 1), |args, _| end(args, First)),
    partial("indexOf", (2, 2), |args, _| index_of(args, First)),
    partial("last", (1, 1), |args, _| end(args, Last)),
    partial("lastIndexOf", (2, 2), |args, _| index_of(args, Last)),
    partial("length", (1, 1), length),
    partial("skip", (2, 2), skip),
    partial("take", (2, 2), take),
];

/// Which end of a list or a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}
use End::{First, Last};

impl End {
    fn of(self, items: &[Value]) -> Option<&Value> {
        match self {
            First => items.first(),
            Last => items.last(),
        }
    }
}

// ---- joining

fn concat(args: &[Value], _: &Context) -> Outcome {
    if args.iter().any(is_list) {
        return Ok(joined(args, "concat")?.0);
    }
    match args.iter().find(|arg| matches!(arg.kind, Kind::Object(_) | Kind::Choice(_))) {
        Some(other) => mistyped(other, "text or arrays"),
        None => Ok(Value::concat(args)),
    }
}

/// Whether this is an array for sure.
pub(super) fn is_list(value: &Value) -> bool {
    match as_call(value) {
        Some(("concat" | "split" | "range" | "objectKeys" | "items" | "flatten" | "pickZones", _)) => true,
        Some(("union" | "intersection" | "take" | "skip", args)) => args.first().is_some_and(is_list),
        _ => value.as_array().is_some(),
    }
}

/// Arrays one behind the other: an array, or a call that keeps what is known; and whether it is an array.
pub(super) fn joined(args: &[Value], function: &str) -> Result<(Value, bool), super::Unevaluated> {
    let mut parts: Vec<Value> = Vec::new();
    let mut known: Vec<Value> = Vec::new();
    let mut place = None;
    let assumed = args.iter().fold(Assumptions::default(), |all, arg| all.and(&arg.assumed));
    for arg in args.iter().flat_map(|arg| call_of(arg, function).unwrap_or(std::slice::from_ref(arg))) {
        if let Some(items) = arg.as_array() {
            place = place.or(arg.place);
            known.extend(items.iter().map(|item| item.clone().assuming(&arg.assumed)));
        } else if arg.is_known() {
            return mistyped(arg, "only arrays beside an array");
        } else {
            if !known.is_empty() {
                parts.push(Value::array(std::mem::take(&mut known)));
            }
            parts.push(arg.clone());
        }
    }
    if parts.is_empty() {
        return Ok((Value::array(known).at(place).assuming(&assumed), true));
    }
    if !known.is_empty() {
        parts.push(Value::array(known));
    }
    let value = if parts.len() == 1 { parts.swap_remove(0) } else { Value::call(function, parts) };
    Ok((value.assuming(&assumed), false))
}

// ---- asking

fn contains(args: &[Value], _: &Context) -> Outcome {
    let (container, item) = (arg(args, 0)?, arg(args, 1)?);
    match &container.kind {
        Kind::Text(text) => match item.as_text() {
            Some(item) => Ok(Value::bool(text.contains(item))),
            None => match item.as_int() {
                Some(number) => Ok(Value::bool(text.contains(&number.to_string()))),
                None => mistyped(item, "text"),
            },
        },
        Kind::Object(object) => match item.as_text() {
            Some(key) => Ok(Value::bool(object.field(key).is_some())),
            None if object.fields().is_empty() && !item.is_known() => Ok(Value::bool(false)),
            None => mistyped(item, "the name of a property"),
        },
        Kind::Array(array) => {
            let mut among = Some(false);
            for other in array.items() {
                match equal(other, item) {
                    Some(true) => return Ok(Value::bool(true).assuming(&holes::assumptions(other))),
                    Some(false) => {}
                    None => among = None,
                }
            }
            Ok(verdict(among)?.assuming(&holes::assumptions(container)))
        }
        Kind::Term(_) => {
            if let (Some(pieces), Some(item)) = (as_pieces(container), item.as_text()) {
                if pieces.iter().filter_map(Value::as_text).any(|piece| piece.contains(item)) {
                    return Ok(Value::bool(true));
                }
                return verdict((!may_hold(pieces, item, Side::Anywhere)).then_some(false));
            }
            if item.as_text().is_some_and(|key| has_field(container, key)) {
                return Ok(Value::bool(true));
            }
            let found = container
                .elements()
                .items
                .iter()
                .any(|element| element.present.is_true() && equal(&element.value, item) == Some(true));
            verdict(found.then_some(true))
        }
        _ => mistyped(container, "text, an array or an object"),
    }
}

fn empty(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Null => Ok(Value::bool(true)),
        Kind::Text(text) => Ok(Value::bool(text.is_empty())),
        Kind::Array(array) => Ok(Value::bool(array.items().is_empty())),
        Kind::Object(object) => Ok(Value::bool(object.fields().is_empty())),
        Kind::Term(_) => verdict(has_something(value).then_some(false)),
        _ => mistyped(value, "text, an array or an object"),
    }
}

/// Whether there is a character, an element or a property for sure.
fn has_something(value: &Value) -> bool {
    match as_call(value) {
        Some(("concat" | "union", args)) => args.iter().any(|arg| match &arg.kind {
            Kind::Array(array) => !array.items().is_empty(),
            Kind::Object(object) => !object.fields().is_empty(),
            _ => has_something(arg),
        }),
        // At least the text itself.
        Some(("split", _)) => true,
        _ => least_length(value) > 0 || declared(value).is_some_and(|object| !object.fields().is_empty()),
    }
}

/// Whether an object that is known in part has a property for sure.
fn has_field(value: &Value, key: &str) -> bool {
    match as_call(value) {
        Some(("union" | "shallowMerge", args)) => args.iter().any(|arg| match arg.as_object() {
            Some(object) => object.field(key).is_some(),
            None => has_field(arg, key),
        }),
        _ => declared(value).is_some_and(|object| object.field(key).is_some()),
    }
}

fn length(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    let count = match &value.kind {
        Kind::Array(array) => array.items().len(),
        Kind::Object(object) => object.fields().len(),
        Kind::Text(_) | Kind::Term(_) => match holes::length(value) {
            Some(length) => length,
            None => return open(),
        },
        _ => return mistyped(value, "text, an array or an object"),
    };
    Ok(Value::int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn index_of(args: &[Value], end: End) -> Outcome {
    let (container, item) = (arg(args, 0)?, arg(args, 1)?);
    let found = match &container.kind {
        Kind::Array(array) => {
            let verdicts = array.items().iter().map(|other| equal(other, item));
            let found = match end {
                First => first_true(verdicts.enumerate()),
                Last => first_true(verdicts.enumerate().rev()),
            };
            let assumed = holes::assumptions(container);
            return Ok(position(found.ok_or(super::Unevaluated::Open)?).assuming(&assumed));
        }
        Kind::Text(text) => {
            let Some(item) = item.as_text() else { return mistyped(item, "text") };
            let (text, item) = (holes::folded(text), holes::folded(item));
            let byte = match end {
                First => text.find(&item),
                Last => text.rfind(&item),
            };
            byte.and_then(|byte| text.get(..byte)).map(holes::units)
        }
        // Only what comes first can be seen first.
        Kind::Term(_) => {
            let pieces = as_pieces(container).unwrap_or_default();
            let is_absent = |item: &str| !pieces.is_empty() && !may_hold(pieces, item, Side::Anywhere);
            if item.as_text().is_some_and(is_absent) {
                return Ok(position(None));
            }
            let head = pieces.first().and_then(Value::as_text);
            let (Some(head), Some(item), First) = (head, item.as_text(), end) else { return open() };
            let (head, item) = (holes::folded(head), holes::folded(item));
            match head.find(&item).and_then(|byte| head.get(..byte)) {
                Some(before) => Some(holes::units(before)),
                None => return open(),
            }
        }
        _ => return mistyped(container, "text or an array"),
    };
    Ok(position(found))
}

fn position(found: Option<usize>) -> Value {
    Value::int(found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
}

/// The first that is true, unless one before it is open.
fn first_true(verdicts: impl Iterator<Item = (usize, Option<bool>)>) -> Option<Option<usize>> {
    for (at, verdict) in verdicts {
        if verdict? {
            return Some(Some(at));
        }
    }
    Some(None)
}

// ---- cutting

fn end(args: &[Value], end: End) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Array(array) => Ok(end.of(array.items()).cloned().unwrap_or_default().or_at(value.place)),
        Kind::Text(text) => character(text, end),
        Kind::Term(_) => {
            if let Some(pieces) = as_pieces(value) {
                let Some(piece) = end.of(pieces) else { return open() };
                return match piece.as_text() {
                    Some(text) => character(text, end),
                    None if least_length(piece) > 0 => Ok(Value::call(end.name(), vec![piece.clone()])),
                    None => open(),
                };
            }
            match as_call(value) {
                Some(("concat", args)) => {
                    let items = end.of(args).and_then(Value::as_array);
                    items.and_then(|items| end.of(items)).cloned().ok_or(super::Unevaluated::Open)
                }
                Some(("union", args)) if end == First => {
                    let items = args.first().and_then(Value::as_array);
                    items.and_then(|items| items.first()).cloned().ok_or(super::Unevaluated::Open)
                }
                Some(("split", [text, delimiter])) => end_of_split(text, delimiter, end),
                _ => open(),
            }
        }
        _ => mistyped(value, "text or an array"),
    }
}

impl End {
    fn name(self) -> &'static str {
        match self {
            First => "first",
            Last => "last",
        }
    }
}

fn character(text: &str, end: End) -> Outcome {
    let c = match end {
        First => text.chars().next(),
        Last => text.chars().next_back(),
    };
    match c {
        None => Ok(Value::text("")),
        // Azure would give half of it.
        Some(c) if c.len_utf16() > 1 => open(),
        Some(c) => Ok(Value::text(c.to_string())),
    }
}

/// The known end of a text with holes is enough when the delimiter is in it.
fn end_of_split(text: &Value, delimiter: &Value, end: End) -> Outcome {
    let piece = as_pieces(text).and_then(|pieces| end.of(pieces)).and_then(Value::as_text);
    let (Some(piece), Some(delimiter)) = (piece, delimiter.as_text().filter(|text| !text.is_empty())) else {
        return open();
    };
    let part = match end {
        First => piece.split_once(delimiter).map(|(before, _)| before),
        Last => piece.rsplit_once(delimiter).map(|(_, after)| after),
    };
    part.map(Value::text).ok_or(super::Unevaluated::Open)
}

fn take(args: &[Value], _: &Context) -> Outcome {
    let (value, count) = (arg(args, 0)?, count(args)?);
    match &value.kind {
        Kind::Array(array) => {
            let items: Vec<Value> = array.items().iter().take(count).cloned().collect();
            Ok(Value::array(items).at(value.place))
        }
        Kind::Text(_) => slice(value, 0, Some(count), cut_take).ok_or(super::Unevaluated::Open),
        Kind::Term(_) => {
            if let Some([first, ..]) = call_of(value, "concat") {
                let items = first.as_array().filter(|items| items.len() >= count).unwrap_or_default();
                if items.len() < count {
                    return open();
                }
                return Ok(Value::array(items.iter().take(count).cloned().collect()));
            }
            match as_pieces(value).is_some() || holes::length(value).is_some_and(|length| length <= count) {
                true => slice(value, 0, Some(count), cut_take).ok_or(super::Unevaluated::Open),
                false => open(),
            }
        }
        _ => mistyped(value, "text or an array"),
    }
}

fn cut_take(hole: &Value, skip: usize, take: Option<usize>) -> Value {
    let rest = cut_skip(hole, skip, None);
    match take {
        Some(count) => Value::call("take", vec![rest, number(count)]),
        None => rest,
    }
}

fn skip(args: &[Value], _: &Context) -> Outcome {
    let (value, count) = (arg(args, 0)?, count(args)?);
    match &value.kind {
        Kind::Array(array) => {
            let items: Vec<Value> = array.items().iter().skip(count).cloned().collect();
            Ok(Value::array(items).at(value.place))
        }
        Kind::Text(_) => slice(value, count, None, cut_skip).ok_or(super::Unevaluated::Open),
        Kind::Term(_) if count == 0 || as_pieces(value).is_some() => {
            slice(value, count, None, cut_skip).ok_or(super::Unevaluated::Open)
        }
        Kind::Term(_) => open(),
        _ => mistyped(value, "text or an array"),
    }
}

fn cut_skip(hole: &Value, skip: usize, _: Option<usize>) -> Value {
    if skip == 0 { hole.clone() } else { Value::call("skip", vec![hole.clone(), number(skip)]) }
}

/// How many to take or to skip; less than none is none.
fn count(args: &[Value]) -> Result<usize, super::Unevaluated> {
    Ok(usize::try_from(int_arg(args, 1)?.max(0)).unwrap_or(usize::MAX))
}

fn number(count: usize) -> Value {
    Value::int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// One field of an object that a function makes.
pub(super) fn field(key: impl Into<Rc<str>>, value: Value) -> Field {
    Field { key: key.into(), key_place: None, value }
}

/// What is wrong with an index, in words.
pub(super) fn out_of_range(index: i64, length: usize) -> Outcome {
    wrong(format!("cannot read element {index} of an array of {length}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;
    use crate::text::{FileId, Place, Span};

    #[test]
    fn text_is_joined_into_one_normal_form() {
        check(&[
            ("concat('kv-', 'a', 1)", "'kv-a1'"),
            ("concat('kv-', x)", "kv-${parameters('x')}"),
            ("concat(concat('k', 'v-'), concat(x, '-', y))", "kv-${parameters('x')}-${parameters('y')}"),
            ("concat(x)", "parameters('x')"),
            ("concat('a', {})", "!not an object"),
        ]);
    }

    #[test]
    fn joined_arrays_keep_what_is_known() {
        check(&[
            ("concat(['a'], ['b', x])", "['a', 'b', parameters('x')]"),
            ("concat(['a'], ['b'], x, ['c'])", "concat(['a', 'b'], parameters('x'), ['c'])"),
            ("concat(concat(['a'], x), ['b'], ['c'])", "concat(['a'], parameters('x'), ['b', 'c'])"),
            ("concat([], x)", "parameters('x')"),
            ("concat(['a'], 'b')", "!only arrays beside an array, not text"),
        ]);
    }

    #[test]
    fn containers_are_searched_as_far_as_they_are_known() {
        check(&[
            ("contains('OneTwo', 'eT')", "true"),
            ("contains('OneTwo', 'et')", "false"),
            ("contains(concat('kv-', x), 'kv')", "true"),
            ("contains(concat('kv-', x), 'a')", "contains(kv-${parameters('x')}, 'a')"),
            ("contains({One: 1}, 'oNE')", "true"),
            ("contains({One: 1}, 'two')", "false"),
            ("contains(['a', 'B'], 'b')", "false"),
            ("contains(['a', x], 'a')", "true"),
            ("contains(['a', x], x)", "true"),
            ("contains(['a', x], 'b')", "contains(['a', parameters('x')], 'b')"),
            ("contains([concat('kv-', x)], 'vault')", "false"),
            ("contains(concat(['a'], x), 'a')", "true"),
            ("contains(concat(['a'], x), 'b')", "contains(concat(['a'], parameters('x')), 'b')"),
            ("contains([[1], {a: 2}], {A: 2})", "true"),
            ("contains(x, 'a')", "contains(parameters('x'), 'a')"),
            ("contains(union(x, {a: 1}), 'A')", "true"),
            ("contains(null(), 'a')", "!not null"),
        ]);
    }

    #[test]
    fn emptiness_and_length() {
        check(&[
            ("empty(null())", "true"),
            ("empty('')", "true"),
            ("empty([])", "true"),
            ("empty({a: 1})", "false"),
            ("empty(concat('kv-', x))", "false"),
            ("empty(concat(x, y))", "empty(${parameters('x')}${parameters('y')})"),
            ("empty(concat(['a'], x))", "false"),
            ("empty(union(x, {a: 1}))", "false"),
            ("empty(uniqueString(x))", "false"),
            ("empty(x)", "empty(parameters('x'))"),
            ("empty(1)", "!not an integer"),
            ("length('héé')", "3"),
            ("length('😀')", "2"),
            ("length([x, y])", "2"),
            ("length({a: x})", "1"),
            ("length(concat('kv', uniqueString(x)))", "15"),
            ("length(concat(['a'], x))", "length(concat(['a'], parameters('x')))"),
        ]);
    }

    #[test]
    fn ends_of_lists_and_texts() {
        check(&[
            ("first('One')", "'O'"),
            ("last('')", "''"),
            ("first(['a', x])", "'a'"),
            ("last(['a', x])", "parameters('x')"),
            ("first([])", "null"),
            ("first(concat('kv', x))", "'k'"),
            ("last(concat('kv', x))", "last(kv${parameters('x')})"),
            ("last(concat(x, ['a']))", "'a'"),
            ("first(concat(x, ['a']))", "first(concat(parameters('x'), ['a']))"),
            ("last(split(concat(x, '/subnets/snet'), '/'))", "'snet'"),
            ("first(split(concat('kv-', x), '-'))", "'kv'"),
        ]);
    }

    #[test]
    fn an_element_keeps_its_place() {
        let place = Some(Place { file: FileId(1), span: Span::new(3, 4) });
        let list = Value::array(vec![Value::text("a").at(place), Value::text("b")]);
        for name in ["first", "take", "union"] {
            let args = if name == "take" { vec![list.clone(), Value::int(1)] } else { vec![list.clone()] };
            let value =
                super::super::call(super::super::find(name).unwrap(), &args, &super::super::tests::context());
            let value = value.unwrap();
            let first = value.as_array().and_then(|items| items.first()).unwrap_or(&value);
            assert_eq!(first.place, place, "{name}");
        }
    }

    #[test]
    fn positions_are_found_without_case_in_text_and_with_case_in_lists() {
        check(&[
            ("indexOf('testT', 'T')", "0"),
            ("lastIndexOf('testT', 't')", "4"),
            ("indexOf('abcdef', 'CD')", "2"),
            ("indexOf('abcdef', 'z')", "-1"),
            ("indexOf(['a', 'A'], 'A')", "1"),
            ("indexOf([x, 'A'], 'A')", "indexOf([parameters('x'), 'A'], 'A')"),
            ("lastIndexOf([x, 'A'], 'A')", "1"),
            ("indexOf(concat('kv-', x), '-')", "2"),
            ("lastIndexOf(concat('kv-', x), '-')", "lastIndexOf(kv-${parameters('x')}, '-')"),
        ]);
    }

    #[test]
    fn taking_and_skipping() {
        check(&[
            ("take('one two', 2)", "'on'"),
            ("take('one', 9)", "'one'"),
            ("take('one', -1)", "''"),
            ("skip('one two', 4)", "'two'"),
            ("skip(['a', x, 'c'], 1)", "[parameters('x'), 'c']"),
            ("take(['a', x], 1)", "['a']"),
            ("take(concat(['a'], x), 1)", "['a']"),
            ("take(concat('kv-', x), 2)", "'kv'"),
            ("take(concat('kv-', x), 5)", "kv-${take(parameters('x'), 2)}"),
            ("take(concat('kv', uniqueString(x)), 24)", "kv${uniqueString(parameters('x'))}"),
            ("take(concat(x, '-kv'), 5)", "take(${parameters('x')}-kv, 5)"),
            ("skip(concat('kv-', x, '-a'), 3)", "${parameters('x')}-a"),
            ("take(x, 5)", "take(parameters('x'), 5)"),
            ("take(5, 5)", "!text or an array"),
        ]);
    }

    #[test]
    fn what_an_answer_rests_on_is_kept() {
        let assumed = crate::eval::Assumptions::parameter("p");
        let list = Value::array(vec![Value::text("a"), Value::text("b").assuming(&assumed)]);
        let has = |item: &str| {
            let args = [list.clone(), Value::text(item)];
            contains(&args, &super::super::tests::context()).unwrap().assumed.len()
        };
        assert_eq!((has("a"), has("b"), has("c")), (0, 1, 1));
    }
}
