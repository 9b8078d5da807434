//! Joining arrays without repeating elements, merging objects, and what they have in common.

use super::collection::{is_list, joined};
use super::holes::{self, Seen, call_of, equal};
use super::{Context, Function, MANY, Outcome, mistyped, open, partial};
use crate::eval::value::{Field, Kind, MAX_DEPTH, Object, Value};
use std::collections::HashMap;

pub(super) const FUNCTIONS: &[Function] = &[
    partial("distinct", (1, 1), distinct),
    partial("intersection", (1, MANY), intersection),
    partial("union", (1, MANY), union),
];

/// An array without what is in it before.
fn distinct(args: &[Value], _: &Context) -> Outcome {
    match args {
        [list] if is_list(list) => union_of_arrays(args),
        [list] => mistyped(list, "an array"),
        _ => open(),
    }
}

fn union(args: &[Value], _: &Context) -> Outcome {
    if args.iter().any(is_list) {
        return union_of_arrays(args);
    }
    if args.iter().all(|arg| !arg.is_known()) {
        return open();
    }
    merged(args, "union", &|into, from| merge(into, from, 0))
}

fn union_of_arrays(args: &[Value]) -> Outcome {
    let (all, known) = joined(args, "union")?;
    let Some(items) = all.as_array().filter(|_| known) else {
        return Ok(all);
    };
    let mut seen = Seen::default();
    let mut kept = Vec::new();
    for item in items {
        match seen.has(item) {
            Some(true) => {}
            Some(false) => {
                seen.add(item);
                kept.push(item.clone());
            }
            // It may be one of those before it: still in the list, but who knows how often.
            None => return open(),
        }
    }
    Ok(Value::array(kept).at(all.place).assuming(&holes::assumptions(&all)))
}

/// Objects merged from left to right: an object, or a call that keeps what is known between the unknowns.
pub(super) fn merged(objects: &[Value], function: &str, merge: &dyn Fn(&mut Vec<Field>, &Object)) -> Outcome {
    let mut parts: Vec<Value> = Vec::new();
    let mut fields: Option<Vec<Field>> = None;
    let mut place = None;
    for value in objects.iter().flat_map(|arg| call_of(arg, function).unwrap_or(std::slice::from_ref(arg))) {
        match &value.kind {
            Kind::Null => {}
            Kind::Object(object) => {
                place = value.place.or(place);
                let fields = fields.get_or_insert_default();
                merge(fields, object);
            }
            Kind::Term(_) | Kind::Choice(_) => {
                parts.extend(fields.take().filter(|fields| !fields.is_empty()).map(Value::object));
                parts.push(value.clone());
            }
            _ => return mistyped(value, "only objects beside an object"),
        }
    }
    if parts.is_empty() {
        return Ok(Value::object(fields.unwrap_or_default()).at(place));
    }
    parts.extend(fields.filter(|fields| !fields.is_empty()).map(Value::object));
    Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Value::call(function, parts) })
}

/// Adds the fields of an object: later ones replace earlier ones of the same name, objects are merged in turn,
/// arrays are not.
fn merge(into: &mut Vec<Field>, from: &Object, depth: u16) {
    put_all(into, from, &|old, new| match (&old.kind, &new.kind) {
        (Kind::Object(a), Kind::Object(b)) if depth < MAX_DEPTH => {
            let mut fields = a.fields().to_vec();
            merge(&mut fields, b, depth + 1);
            Value::object(fields).at(new.place).assuming(&old.assumed).assuming(&new.assumed)
        }
        // Which it is depends on what kind of value the unknown one is.
        (Kind::Term(_) | Kind::Choice(_), Kind::Object(_)) => {
            Value::call("union", vec![old.clone(), new.clone()]).at(new.place)
        }
        (Kind::Object(_), Kind::Term(_) | Kind::Choice(_)) => {
            Value::call("union", vec![old.clone(), new.clone()]).at(new.place)
        }
        _ => new.clone(),
    });
}

/// Adds the fields of an object; `both` merges the values of a name that is there already.
pub(super) fn put_all(into: &mut Vec<Field>, from: &Object, both: &dyn Fn(&Value, &Value) -> Value) {
    let mut at: HashMap<String, usize> =
        into.iter().enumerate().map(|(at, field)| (field.key.to_ascii_lowercase(), at)).collect();
    for field in from.fields() {
        let key = field.key.to_ascii_lowercase();
        match at.get(&key).and_then(|at| into.get_mut(*at)) {
            Some(old) => {
                let value = both(&old.value, &field.value);
                *old = Field { key: old.key.clone(), key_place: field.key_place.or(old.key_place), value };
            }
            None => {
                at.insert(key, into.len());
                into.push(field.clone());
            }
        }
    }
}

fn intersection(args: &[Value], _: &Context) -> Outcome {
    let nothing = |value: &Value| {
        value.as_array().is_some_and(|items| items.is_empty())
            || value.as_object().is_some_and(|object| object.fields().is_empty())
    };
    if let Some(empty) = args.iter().find(|arg| nothing(arg)) {
        return Ok(empty.clone());
    }
    let Some((first, others)) = args.split_first() else { return open() };
    if args.iter().any(|arg| !arg.is_known()) {
        return open();
    }
    let assumed = holes::all_assumptions(args);
    match &first.kind {
        Kind::Array(array) => {
            let mut sets = Vec::new();
            for other in others {
                match other.as_array() {
                    Some(items) => sets.push(Seen::of(items)),
                    None => return mistyped(other, "only arrays beside an array"),
                }
            }
            let mut kept = Vec::new();
            let mut seen = Seen::default();
            for item in array.items() {
                let everywhere = all_true(sets.iter().map(|set| set.has(item)));
                match (everywhere, seen.has(item)) {
                    (Some(true), Some(false)) => {
                        seen.add(item);
                        kept.push(item.clone());
                    }
                    (Some(false), _) | (_, Some(true)) => {}
                    _ => return open(),
                }
            }
            Ok(Value::array(kept).at(first.place).assuming(&assumed))
        }
        Kind::Object(object) => {
            let mut maps = Vec::new();
            for other in others {
                match other.as_object() {
                    Some(object) => maps.push(by_name(object)),
                    None => return mistyped(other, "only objects beside an object"),
                }
            }
            let mut kept = Vec::new();
            for field in object.fields() {
                let key = field.key.to_ascii_lowercase();
                let everywhere = all_true(maps.iter().map(|map| match map.get(&key) {
                    Some(other) => equal(&field.value, other),
                    None => Some(false),
                }));
                match everywhere {
                    Some(true) => kept.push(field.clone()),
                    Some(false) => {}
                    None => return open(),
                }
            }
            Ok(Value::object(kept).at(first.place).assuming(&assumed))
        }
        _ => mistyped(first, "arrays or objects"),
    }
}

fn by_name(object: &Object) -> HashMap<String, &Value> {
    object.fields().iter().map(|field| (field.key.to_ascii_lowercase(), &field.value)).collect()
}

fn all_true(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, eval};

    #[test]
    fn distinct_keeps_the_first_of_each() {
        check(&[
            ("distinct(['a', 'b', 'a', 'A'])", "['a', 'b', 'A']"),
            ("distinct([])", "[]"),
            ("distinct(['a', x])", "distinct(['a', parameters('x')])"),
            ("distinct(x)", "distinct(parameters('x'))"),
            ("distinct('a')", "!an array, not text"),
        ]);
    }

    #[test]
    fn unions_of_arrays_drop_what_is_there_for_sure() {
        check(&[
            ("union(['a', 'b'], ['b', 'c'])", "['a', 'b', 'c']"),
            ("union([{a: 1, b: 2}], [{B: 2, A: 1}])", "[{a: 1, b: 2}]"),
            ("union(['a'], x)", "union(['a'], parameters('x'))"),
            ("union(['a'], [x])", "union(['a'], [parameters('x')])"),
            ("union([x], [x])", "[parameters('x')]"),
        ]);
    }

    #[test]
    fn unions_of_objects_merge_deeply_and_replace_arrays() {
        check(&[
            (
                "union({property: {one: 'a', three: 'c1'}, list: [1, 2]}, {PROPERTY: {three: 'c2'}, list: [3]})",
                "{property: {one: 'a', three: 'c2'}, list: [3]}",
            ),
            ("union(x, {a: 1}, {b: 2})", "union(parameters('x'), {a: 1, b: 2})"),
            ("union(union(x, {a: 1}), {b: 2})", "union(parameters('x'), {a: 1, b: 2})"),
            ("union({a: 1}, {a: x})", "{a: parameters('x')}"),
            ("union({}, x)", "parameters('x')"),
            ("union({a: 1}, 'b')", "!only objects"),
        ]);
    }

    #[test]
    fn intersections() {
        check(&[
            (
                "intersection({one: 'a', two: 'b', three: 'c'}, {one: 'a', two: 'z', three: 'c'})",
                "{one: 'a', three: 'c'}",
            ),
            ("intersection(['one', 'two', 'three'], ['two', 'three'])", "['two', 'three']"),
            ("intersection(['a', x], [x])", "intersection(['a', parameters('x')], [parameters('x')])"),
            ("intersection([x], [x, 'a'])", "[parameters('x')]"),
            ("intersection(x, [])", "[]"),
        ]);
        assert!(eval("intersection(['a'], {})").is_ok(), "nothing in common with nothing");
    }

    #[test]
    fn what_a_known_object_says_last_is_known() {
        check(&[
            ("tryGet(union(x, {a: 1}), 'A')", "1"),
            ("tryGet(union(x, {a: 1}), 'b')", "parameters('x').b"),
            ("tryGet(union({a: 1}, x), 'a')", "union({a: 1}, parameters('x')).a"),
            ("tryGet(union({a: 1}, x, {b: 2}), 'a')", "union({a: 1}, parameters('x')).a"),
            ("tryGet(union(x, {a: {b: 1}}), 'a', 'b')", "1"),
            ("tryGet(union(x, {a: {b: 1}}), 'a', 'c')", "parameters('x').a.c"),
            ("tryGet(union(x, {a: y}), 'a')", "union(parameters('x').a, parameters('y'))"),
            ("tryGet(shallowMerge([x, {a: {b: 1}}]), 'a', 'c')", "null"),
        ]);
    }
}
