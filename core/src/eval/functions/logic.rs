//! Comparisons, conditions and constants.

use super::holes::{all_assumptions, as_call, equal, is_text, least_length};
use super::{
    Context, Function, MANY, Outcome, Unevaluated, arg, known, mistyped, moving, open, partial, verdict,
    wrong,
};
use crate::eval::value::{Kind, Value, distribute};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    moving("and", (1, MANY), |args, _| decide(args, false)),
    partial("any", (1, 1), |args, _| arg(args, 0).cloned()),
    partial("bool", (1, 1), bool),
    moving("coalesce", (1, MANY), coalesce),
    partial("equals", (2, 2), equals),
    known("false", (0, 0), |_, _| Ok(Value::bool(false))),
    partial("greater", (2, 2), |args, _| compare(args, Ordering::is_gt)),
    partial("greaterOrEquals", (2, 2), |args, _| compare(args, Ordering::is_ge)),
    partial("less", (2, 2), |args, _| compare(args, Ordering::is_lt)),
    partial("lessOrEquals", (2, 2), |args, _| compare(args, Ordering::is_le)),
    partial("not", (1, 1), not),
    known("null", (0, 0), |_, _| Ok(Value::null())),
    moving("or", (1, MANY), |args, _| decide(args, true)),
    known("true", (0, 0), |_, _| Ok(Value::bool(true))),
    known("fail", (1, 1), |args, _| wrong(format!("was reached: {}", arg(args, 0)?.display()))),
];

/// One `decisive` argument decides, whatever the others are: the one that rests on the fewest assumptions.
fn decide(args: &[Value], decisive: bool) -> Outcome {
    let name = if decisive { "or" } else { "and" };
    let decides = args.iter().filter(|value| value.as_bool() == Some(decisive));
    if let Some(value) = decides.min_by_key(|value| value.assumed.len()) {
        return Ok(Value::bool(decisive).assuming(&value.assumed));
    }
    if let Some(other) = args.iter().find(|value| value.is_known() && value.as_bool().is_none()) {
        return mistyped(other, "booleans");
    }
    Ok(distribute(args, &|args| {
        if args.iter().any(|value| value.as_bool() == Some(decisive)) {
            return Value::bool(decisive);
        }
        let mut others: Vec<Value> = args.iter().filter(|value| !value.is_known()).cloned().collect();
        match others.len() {
            0 => Value::bool(!decisive),
            1 => others.swap_remove(0),
            _ => Value::call(name, others),
        }
    }))
}

fn not(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match value.as_bool() {
        Some(known) => Ok(Value::bool(!known)),
        None => match as_call(value) {
            Some(("not", [inner])) => Ok(inner.clone()),
            _ => mistyped(value, "a boolean"),
        },
    }
}

fn bool(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Bool(_) => Ok(value.clone()),
        Kind::Int(number) => Ok(Value::bool(*number != 0)),
        Kind::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(Value::bool(true)),
            "false" => Ok(Value::bool(false)),
            _ => open(),
        },
        _ => match as_call(value) {
            Some(("and" | "or" | "not" | "equals" | "empty" | "contains" | "bool", _)) => Ok(value.clone()),
            _ => mistyped(value, "text or a number"),
        },
    }
}

/// The first that is not null. What comes behind one that cannot be null does not matter.
fn coalesce(args: &[Value], _: &Context) -> Outcome {
    let sure = |value: &Value| (value.is_known() && !value.is_null()) || is_text(value);
    let relevant = args.iter().position(sure).map_or(args.len(), |at| at + 1);
    let relevant: Vec<Value> = args.iter().take(relevant).cloned().collect();
    Ok(distribute(&relevant, &|args| {
        let mut candidates: Vec<Value> = Vec::new();
        for value in args.iter().filter(|value| !value.is_null()) {
            candidates.push(value.clone());
            if sure(value) {
                break;
            }
        }
        match candidates.len() {
            0 => args.last().cloned().unwrap_or_default(),
            1 => candidates.swap_remove(0),
            _ => Value::call("coalesce", candidates),
        }
    }))
}

fn equals(args: &[Value], _: &Context) -> Outcome {
    Ok(verdict(equal(arg(args, 0)?, arg(args, 1)?))?.assuming(&all_assumptions(args)))
}

fn compare(args: &[Value], holds: fn(Ordering) -> bool) -> Outcome {
    let (a, b) = (arg(args, 0)?, arg(args, 1)?);
    let order = match (&a.kind, &b.kind) {
        (Kind::Int(a), Kind::Int(b)) => a.cmp(b),
        (Kind::Text(a), Kind::Text(b)) => order(a, b)?,
        (
            Kind::Int(_) | Kind::Text(_) | Kind::Decimal(_),
            Kind::Int(_) | Kind::Text(_) | Kind::Decimal(_),
        ) => {
            return open();
        }
        (Kind::Int(_) | Kind::Text(_) | Kind::Decimal(_), Kind::Term(_)) => return open(),
        (Kind::Int(_) | Kind::Text(_) | Kind::Decimal(_), _) => return mistyped(b, "integers or text"),
        (Kind::Term(_), Kind::Int(b)) => return at_least(a, *b, holds),
        (Kind::Term(_), _) => return open(),
        _ => return mistyped(a, "integers or text"),
    };
    Ok(Value::bool(holds(order)))
}

/// A length of which the least is known: it may be that or more.
fn at_least(a: &Value, b: i64, holds: fn(Ordering) -> bool) -> Outcome {
    let Some(("length", [of])) = as_call(a) else { return open() };
    let least = match as_call(of) {
        Some(("concat" | "union", parts)) => {
            parts.iter().filter_map(Value::as_array).map(<[Value]>::len).max()
        }
        _ => Some(least_length(of)),
    };
    let least = i64::try_from(least.unwrap_or(0)).unwrap_or(i64::MAX);
    let possible = [Ordering::Greater, Ordering::Equal, Ordering::Less];
    let possible = possible.into_iter().filter(|order| least.cmp(&b) <= *order);
    let mut verdicts = possible.map(holds);
    let first = verdicts.next();
    verdict(first.filter(|first| verdicts.all(|other| other == *first)))
}

/// The order of two texts where every way of sorting text agrees.
fn order(a: &str, b: &str) -> Result<Ordering, Unevaluated> {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (ordinal, without_case) = (a.cmp(b), a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()));
    if ordinal.is_eq() || (ordinal == without_case && plain(a) && plain(b)) { Ok(ordinal) } else { open() }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, context};
    use super::super::{call, find};
    use crate::eval::value::{Assumptions, Value};

    #[test]
    fn one_argument_decides() {
        check(&[
            ("and(true(), x, false())", "false"),
            ("and(true(), x)", "parameters('x')"),
            ("and(x, y)", "and(parameters('x'), parameters('y'))"),
            ("or(x, true())", "true"),
            ("or(false(), false())", "false"),
            ("and(true(), 'a')", "!not text"),
            ("not(false())", "true"),
            ("not(not(x))", "parameters('x')"),
            ("not(1)", "!not an integer"),
        ]);
    }

    #[test]
    fn what_does_not_matter_adds_no_assumption() {
        let assumed = |value: Value| value.assuming(&Assumptions::parameter("p"));
        let of =
            |name: &str, args: &[Value]| call(find(name).unwrap(), args, &context()).unwrap().assumed.len();
        assert_eq!(of("coalesce", &[Value::int(1), assumed(Value::int(2))]), 0);
        assert_eq!(of("coalesce", &[assumed(Value::null()), Value::int(2)]), 1);
        assert_eq!(of("and", &[assumed(Value::bool(true)), Value::bool(false)]), 0);
        assert_eq!(of("and", &[assumed(Value::bool(true)), Value::bool(true)]), 1);
        assert_eq!(
            of("equals", &[Value::array(vec![assumed(Value::int(1))]), Value::array(vec![Value::int(1)])]),
            1
        );
    }

    #[test]
    fn equality_has_case_and_sees_known_ends() {
        check(&[
            ("equals('a', 'A')", "false"),
            ("equals(1, '1')", "false"),
            ("equals({a: 1, b: [2]}, {B: [2], a: 1})", "true"),
            ("equals(x, x)", "true"),
            ("equals(x, y)", "equals(parameters('x'), parameters('y'))"),
            ("equals(concat('kv-', x), 'vault')", "false"),
            ("equals(concat('kv-', x), 'kv-a')", "equals(kv-${parameters('x')}, 'kv-a')"),
            ("equals(concat('kv-', x), concat('st-', y))", "false"),
            ("equals(concat(x, '-a', y, '-b'), 'z-b-a')", "false"),
            ("equals(uniqueString(x), 'short')", "false"),
            ("equals(concat('kv-', x), null())", "false"),
        ]);
    }

    #[test]
    fn the_first_that_is_not_null() {
        check(&[
            ("coalesce(null(), 'a', 'b')", "'a'"),
            ("coalesce(null(), null())", "null"),
            ("coalesce(x, null(), 'a', y)", "coalesce(parameters('x'), 'a')"),
            ("coalesce(concat('kv-', x), 'a')", "kv-${parameters('x')}"),
        ]);
    }

    #[test]
    fn order_is_decided_where_every_sorting_agrees() {
        check(&[
            ("less(1, 2)", "true"),
            ("greaterOrEquals(2, 2)", "true"),
            ("less('a', 'b')", "true"),
            ("less('B', 'a')", "less('B', 'a')"),
            ("greater('a', 'a')", "false"),
            ("less(x, 2)", "less(parameters('x'), 2)"),
            ("less(true(), 2)", "!not a boolean"),
        ]);
    }

    #[test]
    fn booleans_are_read() {
        check(&[
            ("bool('True')", "true"),
            ("bool(0)", "false"),
            ("bool(x)", "bool(parameters('x'))"),
            ("bool(equals(x, y))", "equals(parameters('x'), parameters('y'))"),
            ("fail('no')", "!no"),
        ]);
    }
}
