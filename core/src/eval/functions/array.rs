//! Functions that make or take arrays.

use super::collection::{joined, out_of_range};
use super::object::walk;
use super::{Context, Function, MANY, Outcome, arg, int_arg, mistyped, moving, open, partial, wrong};
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    partial("array", (1, 1), array),
    moving("createArray", (0, MANY), create_array),
    partial("flatten", (1, 1), flatten),
    partial("indexFromEnd", (2, 2), index_from_end),
    partial("range", (2, 2), range),
    partial("tryIndexFromEnd", (2, MANY), try_index_from_end),
];

/// As many numbers as ARM makes at once.
const MAX_RANGE: i64 = 10_000;

fn array(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Array(_) => Ok(value.clone()),
        Kind::Term(_) | Kind::Choice(_) => open(),
        _ => Ok(Value::array(vec![value.clone()]).at(value.place)),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "every function has this signature")]
fn create_array(args: &[Value], _: &Context) -> Outcome {
    Ok(Value::array(args.to_vec()))
}

fn flatten(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match value.as_array() {
        Some([]) => Ok(value.clone()),
        // What is not known through and through reads like a `concat` of what is.
        Some(arrays) => Ok(joined(arrays, "concat")?.0),
        None => mistyped(value, "an array of arrays"),
    }
}

fn range(args: &[Value], _: &Context) -> Outcome {
    let (start, count) = (int_arg(args, 0)?, int_arg(args, 1)?);
    if !(0..=MAX_RANGE).contains(&count) {
        return wrong(format!("makes 0 to {MAX_RANGE} numbers, not {count}"));
    }
    match start.checked_add(count) {
        Some(end) if end <= i64::from(i32::MAX) => Ok(Value::array((start..end).map(Value::int).collect())),
        _ => wrong("counts past 2147483647"),
    }
}

/// The element that many places from the end, counted from 1.
fn from_end(args: &[Value]) -> Result<Option<Value>, super::Unevaluated> {
    let (value, back) = (arg(args, 0)?, int_arg(args, 1)?);
    let Some(items) = value.as_array() else { return mistyped(value, "an array") };
    let at =
        usize::try_from(back).ok().filter(|back| *back > 0).and_then(|back| items.len().checked_sub(back));
    Ok(at.and_then(|at| items.get(at)).cloned())
}

fn index_from_end(args: &[Value], _: &Context) -> Outcome {
    match from_end(args)? {
        Some(value) => Ok(value),
        None => {
            let length = arg(args, 0)?.as_array().map_or(0, <[Value]>::len);
            out_of_range(int_arg(args, 1)?.saturating_neg(), length)
        }
    }
}

fn try_index_from_end(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let found = from_end(args)?.unwrap_or_default().or_at(value.place);
    walk(found, args.get(2..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn arrays_are_made() {
        check(&[
            ("array('a')", "['a']"),
            ("array(['a'])", "['a']"),
            ("array(x)", "array(parameters('x'))"),
            ("createArray()", "[]"),
            ("createArray(1, x)", "[1, parameters('x')]"),
            ("range(5, 3)", "[5, 6, 7]"),
            ("range(0, 0)", "[]"),
            ("range(0, 10001)", "!0 to 10000"),
            ("range(0, -1)", "!0 to 10000"),
            ("range(2147483647, 1)", "!2147483647"),
        ]);
    }

    #[test]
    fn nested_arrays_are_flattened_by_one_level() {
        check(&[
            ("flatten([[1, 2], [[3]]])", "[1, 2, [3]]"),
            ("flatten([[1], x])", "concat([1], parameters('x'))"),
            ("flatten([1])", "!not an integer"),
        ]);
    }

    #[test]
    fn elements_are_counted_from_the_end() {
        check(&[
            ("indexFromEnd(['a', 'b'], 1)", "'b'"),
            ("indexFromEnd(['a', 'b'], 3)", "!of an array of 2"),
            ("indexFromEnd(['a'], 0)", "!of an array of 1"),
            ("tryIndexFromEnd(['a', 'b'], 3)", "null"),
            ("tryIndexFromEnd([{b: {c: 1}}], 1, 'b', 'c')", "1"),
            ("tryIndexFromEnd(x, 1)", "tryIndexFromEnd(parameters('x'), 1)"),
        ]);
    }
}
