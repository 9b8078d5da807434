//! A small reader of expressions, so that tests are tables of expressions and normal forms.

use super::*;
use crate::eval::value::Field;
use crate::eval::{Budget, meter};
use proptest::prelude::*;
use std::collections::HashSet;
use std::rc::Rc;

/// Evaluates each expression and compares the normal form of its value; `!` and a part of the reason for a wrong one.
/// `x`, `y` and `z` are parameters without a value; `?` chooses by a parameter.
pub(super) fn check(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        let found = match eval(expression) {
            Ok(value) => value.normal(),
            Err(reason) => format!("!{reason}"),
        };
        let holds = match expected.strip_prefix('!') {
            Some(part) => found.starts_with('!') && found.contains(part),
            None => found == *expected,
        };
        assert!(holds, "{expression}\n is {found}\n not {expected}");
    }
}

pub(super) fn context() -> Context {
    Context {
        subscription: Value::call("subscription", Vec::new()).get("subscriptionId"),
        resource_group: Value::text("rg"),
    }
}

pub(super) fn eval(expression: &str) -> Result<Value, String> {
    eval_in(expression, &context())
}

pub(super) fn eval_in(expression: &str, context: &Context) -> Result<Value, String> {
    let mut reader = Reader { rest: expression, context };
    let value = reader.value();
    assert_eq!(reader.rest, "", "behind `{expression}`");
    value
}

struct Reader<'e> {
    rest: &'e str,
    context: &'e Context,
}

impl Reader<'_> {
    fn skip(&mut self, token: &str) -> bool {
        let found = self.rest.strip_prefix(token);
        if let Some(rest) = found {
            self.rest = rest.trim_start();
        }
        found.is_some()
    }

    fn until(&mut self, end: impl Fn(char) -> bool) -> String {
        let at = self.rest.find(end).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(at);
        self.rest = rest;
        token.to_owned()
    }

    fn list(&mut self, end: &str) -> Result<Vec<Value>, String> {
        let mut items = Vec::new();
        while !self.skip(end) {
            items.push(self.value()?);
            self.skip(",");
        }
        Ok(items)
    }

    fn value(&mut self) -> Result<Value, String> {
        if self.skip("[") {
            return Ok(Value::array(self.list("]")?));
        }
        if self.skip("{") {
            let mut fields = Vec::new();
            while !self.skip("}") {
                let key = self.until(|c| c == ':');
                self.skip(":");
                fields.push(Field { key: key.into(), key_place: None, value: self.value()? });
                self.skip(",");
            }
            return Ok(Value::object(fields));
        }
        if let Some(rest) = self.rest.strip_prefix('\'') {
            self.rest = rest;
            let text = self.until(|c| c == '\'');
            self.skip("'");
            return Ok(Value::text(text));
        }
        if self.skip("?") {
            let then = self.value()?;
            self.skip("|");
            let otherwise = self.value()?;
            return Ok(Value::choice(Value::parameter("c", Vec::new()), then, otherwise));
        }
        let word = self.until(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        if self.skip("(") {
            let args = self.list(")")?;
            return call(find(&word).unwrap_or_else(|| panic!("no function `{word}`")), &args, self.context);
        }
        self.rest = self.rest.trim_start();
        Ok(match word.parse() {
            Ok(number) => Value::int(number),
            Err(_) => Value::parameter(&word, Vec::new()),
        })
    }
}

#[test]
fn functions_are_found_without_case_and_have_one_meaning() {
    assert_eq!(find("UNIQUEstring").unwrap().name, "uniqueString");
    assert!(find("uniqueStrin").is_none());
    assert!(find("").is_none());
    for pair in BY_NAME.windows(2) {
        assert!(without_case(pair[0].name, pair[1].name).is_lt(), "{} twice", pair[0].name);
    }
}

#[test]
fn the_number_of_arguments_is_checked() {
    check(&[
        ("toLower()", "!`toLower` takes 1 arguments, not 0"),
        ("substring('a', 1, 2, 3)", "!takes 2 to 3 arguments, not 4"),
        ("max()", "!at least 1"),
    ]);
}

#[test]
fn choices_are_distributed() {
    check(&[
        ("toLower(?'A'|'B')", "if(parameters('c'), 'a', 'b')"),
        ("concat('kv-', ?'a'|'b')", "if(parameters('c'), 'kv-a', 'kv-b')"),
        ("equals(?'a'|'b', 'z')", "false"),
        ("coalesce(?null()|'b', 'z')", "if(parameters('c'), 'z', 'b')"),
        // One wrong branch does not make the whole wrong.
        ("div(6, ?0|3)", "if(parameters('c'), div(6, 0), 2)"),
        // Lists keep a choice as one element.
        ("createArray(?'a'|'b')", "[if(parameters('c'), 'a', 'b')]"),
        ("length(createArray(?'a'|'b'))", "1"),
    ]);
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::null()),
        any::<bool>().prop_map(Value::bool),
        prop_oneof![any::<i64>(), -3i64..40].prop_map(Value::int),
        prop_oneof![
            any::<String>(),
            "[a-z/{}0-9:,'\" -]{0,12}",
            Just("/subscriptions/a/providers/b/c/d".to_owned()),
            Just("Microsoft.Network/virtualNetworks/subnets".to_owned()),
            Just("10.0.0.0/16".to_owned()),
            Just("2026-01-31T12:00:00Z".to_owned()),
            Just("P1Y2M3DT4H".to_owned()),
            Just("{0,-12:D3}{1}".to_owned()),
        ]
        .prop_map(Value::text),
        Just(Value::from(Kind::Decimal("1.5".into()))),
        Just(Value::parameter("x", Vec::new())),
        Just(Value::call("uniqueString", vec![Value::parameter("y", Vec::new())])),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 24, 4, |inner| {
        let items = prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            items.clone().prop_map(Value::array),
            items.clone().prop_map(|pieces| Value::concat(&pieces)),
            items.clone().prop_map(|args| Value::call("concat", args)),
            items.prop_map(|args| Value::call("union", args)),
            prop::collection::vec(("[a-cA-C]{1,2}", inner.clone()), 0..4)
                .prop_map(|fields| Value::record(fields.iter().map(|(k, v)| (k.as_str(), v.clone())))),
            (inner.clone(), inner).prop_map(|(a, b)| Value::choice(Value::parameter("c", Vec::new()), a, b)),
        ]
    })
}

/// What a value takes that others do not have already: its texts, and the elements of its lists and objects. Slow, and from
/// nothing but what is there.
fn taken(value: &Value, known: &mut HashSet<*const u8>) -> usize {
    let mut is_new = |part: *const u8| known.insert(part);
    match &value.kind {
        Kind::Text(text) | Kind::Decimal(text) if is_new(text.as_ptr()) => text.len(),
        Kind::Array(array) if is_new(Rc::as_ptr(array).cast()) => {
            array.items().iter().map(|item| meter::ELEMENT + taken(item, known)).sum()
        }
        Kind::Object(object) if is_new(Rc::as_ptr(object).cast()) => {
            object.fields().iter().map(|field| meter::ELEMENT + taken(&field.value, known)).sum()
        }
        Kind::Choice(choice) if is_new(Rc::as_ptr(choice).cast()) => {
            [&choice.condition, &choice.then, &choice.otherwise].iter().map(|of| taken(of, known)).sum()
        }
        _ => 0,
    }
}

/// Large arguments of every kind.
fn large() -> Vec<Value> {
    let texts: Vec<Value> = (0..200).map(|at| Value::text(format!("10.0.{at}.0/24"))).collect();
    let fields: Vec<(String, Value)> = (0..200).map(|at| (format!("k{at}"), Value::text("v"))).collect();
    let fields = Value::record(fields.iter().map(|(key, value)| (key.as_str(), value.clone())));
    let list = Value::array(texts);
    let pairs = Value::array(vec![Value::array(vec![Value::text("a"), Value::int(1)]); 200]);
    let lists = Value::record([("a", list.clone()), ("b", list.clone())]);
    let long = Value::text("a,b ".repeat(1_000));
    let json = Value::text(format!("[{}1]", "{\"a\": [1, \"b\"]},".repeat(200)));
    let choice = Value::choice(Value::parameter("c", Vec::new()), list.clone(), Value::array(Vec::new()));
    let numbers = Value::array((0..200).map(Value::int).collect());
    let open = Value::array(vec![Value::parameter("x", Vec::new()), long.clone()]);
    let pattern = Value::text(format!("%s{}", "a".repeat(1_000)));
    let few = [Value::text(","), Value::text("10.0.0.0/8"), Value::int(3), Value::int(200)];
    [list, fields, pairs, lists, long, json, choice, numbers, open, pattern].into_iter().chain(few).collect()
}

#[test]
fn every_function_pays_for_what_it_makes() {
    let all = large();
    let mut has_made: HashSet<&str> = HashSet::new();
    let functions = BY_NAME.iter().copied().chain(terraform::all());
    for function in functions {
        let (fewest, most) = function.arity;
        for count in fewest..=most.min(3) {
            // Of many combinations some, in each of which other arguments are the first.
            let combinations = all.len().pow(count as u32);
            for at in (0..combinations).step_by((combinations / 300) | 1) {
                let args: Vec<Value> =
                    (0..count as u32).map(|arg| all[at / all.len().pow(arg) % all.len()].clone()).collect();
                let mut known = HashSet::new();
                for arg in &args {
                    let _ = taken(arg, &mut known);
                }
                let budget = Budget::of(100_000);
                let Ok(value) = call(function, &args, &context()) else { continue };
                let value = budget.make(value);
                let taken = taken(&value, &mut known);
                let paid = 100_000 - budget.steps_left();
                if taken > 1_000 {
                    has_made.insert(function.name);
                }
                assert!(paid >= taken as u64 / 64, "{}: {paid} steps for {taken} bytes", function.name);
            }
        }
    }
    // They are what this test is about.
    for name in ["concat", "json", "range", "union", "setproduct", "transpose"] {
        assert!(has_made.contains(name), "`{name}` makes nothing large, as do all but {has_made:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]
    #[test]
    fn no_function_panics(at in 0..BY_NAME.len(), args in prop::collection::vec(any_value(), 0..5)) {
        let _ = call(BY_NAME[at], &args, &context());
    }

    #[test]
    fn what_is_said_of_text_with_holes_holds_for_every_filling(
        head in "[abV/ -]{0,4}", hole in "[abV/ -]{0,4}", tail in "[abV/ -]{0,4}",
        needle in "[abV/ -]{0,2}", from in 0i64..5, count in 0i64..6, at in 0usize..16,
    ) {
        let names = ["startsWith", "endsWith", "contains", "replace", "split", "substring", "take", "skip", "trim",
            "toLower", "toUpper", "first", "last", "length", "empty", "indexOf"];
        let partly = Value::concat(&[Value::text(head.as_str()), Value::parameter("x", Vec::new()), Value::text(tail.as_str())]);
        let whole = Value::text(format!("{head}{hole}{tail}"));
        let name = names[at];
        let rest: Vec<Value> = match name {
            "startsWith" | "endsWith" | "contains" | "split" | "indexOf" => vec![Value::text(needle)],
            "replace" => vec![Value::text(needle), Value::text("Q")],
            "substring" => vec![Value::int(from), Value::int(count)],
            "take" | "skip" => vec![Value::int(from)],
            _ => Vec::new(),
        };
        let function = find(name).unwrap();
        let with = |text: &Value| [std::slice::from_ref(text), &rest].concat();
        if let (Ok(open), Ok(known)) = (call(function, &with(&partly), &context()), call(function, &with(&whole), &context())) {
            let filled = fill(&open, &hole);
            if let Some(filled) = filled {
                prop_assert_eq!(filled.normal(), known.normal(), "{} of {} was {}", name, whole.normal(), open.normal());
            }
        }
    }
}

/// The value with the parameter replaced by text, if every call in it can then be evaluated.
fn fill(value: &Value, hole: &str) -> Option<Value> {
    match &value.kind {
        Kind::Term(term) => match &term.kind {
            crate::eval::value::TermKind::Parameter { .. } => Some(Value::text(hole)),
            crate::eval::value::TermKind::Text(pieces) => Some(Value::concat(
                &pieces.iter().map(|piece| fill(piece, hole)).collect::<Option<Vec<_>>>()?,
            )),
            crate::eval::value::TermKind::Call { name, args } => {
                let args: Vec<Value> = args.iter().map(|arg| fill(arg, hole)).collect::<Option<_>>()?;
                call(find(name)?, &args, &context()).ok().filter(Value::is_known)
            }
            _ => None,
        },
        Kind::Array(array) => {
            Some(Value::array(array.items().iter().map(|item| fill(item, hole)).collect::<Option<_>>()?))
        }
        _ => Some(value.clone()),
    }
}
