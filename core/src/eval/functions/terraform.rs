//! The functions and operators of Terraform, over partial values. Where one means the same as ARM's it is that one.
//!
//! What Terraform would refuse stays an open call: it has converted its arguments before, and says so itself.

use super::collection::{field, joined};
use super::date;
use super::holes::{self, Seen, as_pieces, equal, is_text};
use super::provider;
use super::{Context, Function, MANY, Outcome, Unevaluated, arg, known, moving, open, partial, verdict};
use crate::eval::Truth;
use crate::eval::value::{Field, Kind, MAX_ITEMS, TermKind, Value};
use crate::sorted::sort_by;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ipnet::{IpNet, Ipv4Net};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

const FUNCTIONS: &[Function] = &[
    known("abs", (1, 1), |args, _| Ok(Value::int(number(args, 0)?.saturating_abs()))),
    known("add", (2, 2), |args, _| arithmetic(args, i64::checked_add)),
    partial("alltrue", (1, 1), |args, _| all_of(args, "and", true)),
    moving("and", (2, 2), |args, _| logic("and", args)),
    partial("anytrue", (1, 1), |args, _| all_of(args, "or", false)),
    known("base64decode", (1, 1), base64_decode),
    known("base64encode", (1, 1), |args, _| Ok(Value::text(BASE64_STANDARD.encode(text(args, 0)?)))),
    known("ceil", (1, 1), |args, _| Ok(Value::int(number(args, 0)?))),
    known("chunklist", (2, 2), chunk_list),
    known("cidrhost", (2, 2), cidr_host),
    known("cidrnetmask", (1, 1), cidr_netmask),
    known("cidrsubnet", (3, 3), cidr_subnet),
    known("cidrsubnets", (1, MANY), cidr_subnets),
    partial("coalesce", (1, MANY), coalesce),
    partial("coalescelist", (1, MANY), coalesce_list),
    partial("compact", (1, 1), compact),
    partial("concat", (1, MANY), |args, _| Ok(joined(args, "concat")?.0)),
    partial("contains", (2, 2), |args, _| match &arg(args, 0)?.kind {
        Kind::Array(_) | Kind::Term(_) => library("contains", args),
        _ => open(),
    }),
    known("decimal", (1, 1), |args, _| Ok(Kind::Decimal(Rc::from(text(args, 0)?)).into())),
    partial("distinct", (1, 1), |args, _| distinct(arg(args, 0)?)),
    known("divide", (2, 2), divide),
    partial("element", (2, 2), element),
    partial("endswith", (2, 2), |args, _| {
        affixed(args, |text, affix| text.ends_with(affix), |pieces| pieces.last())
    }),
    partial("equal", (2, 2), |args, _| same(args)),
    partial("flatten", (1, 1), |args, _| flatten(arg(args, 0)?)),
    known("floor", (1, 1), |args, _| Ok(Value::int(number(args, 0)?))),
    partial("format", (1, MANY), |args, _| format(args)),
    known("formatdate", (2, 2), format_date),
    partial("formatlist", (1, MANY), format_list),
    known("greater", (2, 2), |args, _| compare(args, |a, b| a > b)),
    known("greaterOrEquals", (2, 2), |args, _| compare(args, |a, b| a >= b)),
    partial("groups", (1, 1), groups),
    partial("index", (2, 2), |args, _| {
        let found = library("indexOf", args)?;
        if found.as_int().is_some_and(|at| at < 0) { open() } else { Ok(found) }
    }),
    partial("join", (2, MANY), join),
    partial("jsondecode", (1, 1), |args, _| library("json", args)),
    partial("jsonencode", (1, 1), json_encode),
    partial("keys", (1, 1), |args, _| {
        Ok(Value::array(sorted(args)?.into_iter().map(|field| Value::text(field.key.clone())).collect()))
    }),
    partial("length", (1, 1), |args, _| library("length", args)),
    known("less", (2, 2), |args, _| compare(args, |a, b| a < b)),
    known("lessOrEquals", (2, 2), |args, _| compare(args, |a, b| a <= b)),
    partial("lookup", (2, 3), lookup),
    partial("lower", (1, 1), |args, _| library("toLower", args)),
    known("matchkeys", (3, 3), match_keys),
    known("max", (1, MANY), |args, _| extreme(args, i64::max)),
    partial("merge", (0, MANY), |args, _| library("shallowMerge", &[Value::array(args.to_vec())])),
    known("min", (1, MANY), |args, _| extreme(args, i64::min)),
    known("modulo", (2, 2), |args, _| arithmetic(args, i64::checked_rem)),
    known("multiply", (2, 2), |args, _| arithmetic(args, i64::checked_mul)),
    known("negate", (1, 1), |args, _| {
        number(args, 0)?.checked_neg().map(Value::int).ok_or(Unevaluated::Open)
    }),
    moving("nonsensitive", (1, 1), |args, _| arg(args, 0).cloned()),
    partial("not", (1, 1), |args, _| logic("not", args)),
    partial("one", (1, 1), one),
    moving("or", (2, 2), |args, _| logic("or", args)),
    partial("pairs", (1, 1), pairs),
    known("parseint", (2, 2), parse_int),
    known("range", (1, 3), range),
    partial("replace", (3, 3), |args, _| {
        let pattern = text(args, 1)?;
        let is_regex = pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/');
        if is_regex || pattern.is_empty() { open() } else { library("replace", args) }
    }),
    partial("reverse", (1, 1), |args, _| Ok(Value::array(list(args, 0)?.iter().rev().cloned().collect()))),
    moving("sensitive", (1, 1), |args, _| arg(args, 0).cloned()),
    partial("setintersection", (1, MANY), |args, _| library("intersection", args)),
    partial("setproduct", (1, MANY), set_product),
    partial("setsubtract", (2, 2), set_subtract),
    partial("setunion", (0, MANY), |args, _| distinct(&joined(args, "concat")?.0)),
    partial("slice", (3, 3), slice),
    known("sort", (1, 1), |args, _| {
        let mut texts = list(args, 0)?.to_vec();
        sort_by(&mut texts, |a, b| a.as_text().cmp(&b.as_text()));
        Ok(Value::array(texts))
    }),
    partial("splat", (1, 1), splat),
    partial("split", (2, 2), split),
    partial("startswith", (2, 2), |args, _| {
        affixed(args, |text, affix| text.starts_with(affix), |pieces| pieces.first())
    }),
    partial("strcontains", (2, 2), |args, _| match arg(args, 0)?.kind {
        Kind::Text(_) | Kind::Term(_) => library("contains", args),
        _ => open(),
    }),
    known("strrev", (1, 1), |args, _| Ok(Value::text(text(args, 0)?.chars().rev().collect::<String>()))),
    partial("substr", (3, 3), substr),
    known("subtract", (2, 2), |args, _| arithmetic(args, i64::checked_sub)),
    known("sum", (1, 1), |args, _| {
        let numbers = list(args, 0)?;
        let all = (0..numbers.len())
            .try_fold(0i64, |sum, at| number(numbers, at)?.checked_add(sum).ok_or(Unevaluated::Open));
        all.map(Value::int)
    }),
    known("timeadd", (2, 2), time_add),
    known("title", (1, 1), |args, _| {
        let mut starts = true;
        let title = text(args, 0)?.chars().flat_map(|c| {
            let upper = std::mem::replace(&mut starts, !c.is_alphanumeric());
            if upper { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] }
        });
        Ok(Value::text(title.collect::<String>()))
    }),
    partial("tobool", (1, 1), |args, _| to_bool(arg(args, 0)?)),
    partial("tolist", (1, 1), |args, _| arg(args, 0).cloned()),
    partial("tomap", (1, 1), |args, _| arg(args, 0).cloned()),
    partial("tonumber", (1, 1), |args, _| to_number(arg(args, 0)?)),
    partial("toset", (1, 1), to_set),
    partial("tostring", (1, 1), |args, _| Ok(to_text(arg(args, 0)?))),
    known("transpose", (1, 1), transpose),
    known("trim", (2, 2), |args, _| {
        let set = text(args, 1)?;
        Ok(Value::text(text(args, 0)?.trim_matches(|c| set.contains(c))))
    }),
    known("trimprefix", (2, 2), |args, _| {
        let whole = text(args, 0)?;
        Ok(Value::text(whole.strip_prefix(text(args, 1)?).unwrap_or(whole)))
    }),
    partial("trimspace", (1, 1), |args, _| library("trim", args)),
    known("trimsuffix", (2, 2), |args, _| {
        let whole = text(args, 0)?;
        Ok(Value::text(whole.strip_suffix(text(args, 1)?).unwrap_or(whole)))
    }),
    partial("unequal", (2, 2), |args, _| same(args).map(|same| super::library("not", vec![same]))),
    partial("upper", (1, 1), |args, _| library("toUpper", args)),
    partial("values", (1, 1), |args, _| {
        Ok(Value::array(sorted(args)?.into_iter().map(|field| field.value.clone()).collect()))
    }),
    partial("yamldecode", (1, 1), yaml_decode),
    partial("zipmap", (2, 2), zip_map),
];

/// Every function of Terraform, with those of its providers.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().chain(provider::all())
}

/// The result of a function; the open call where there is none.
pub fn terraform(name: &str, args: Vec<Value>) -> Value {
    let context = Context { subscription: Value::null(), resource_group: Value::null() };
    let own = FUNCTIONS.iter().find(|function| function.name == name);
    let Some(function) = own.or_else(|| provider::find(name)) else {
        return Value::call(name, args);
    };
    super::call(function, &args, &context).unwrap_or_else(|_| Value::call(name, args))
}

/// A value as Terraform converts it to text.
pub fn to_text(value: &Value) -> Value {
    let text = match &value.kind {
        Kind::Bool(true) => Value::text("true"),
        Kind::Bool(false) => Value::text("false"),
        Kind::Int(number) => Value::text(number.to_string()),
        Kind::Decimal(number) => Value::text(Rc::clone(number)),
        _ => return value.clone(),
    };
    text.standing(value).assuming(&value.assumed)
}

fn library(name: &str, args: &[Value]) -> Outcome {
    Ok(super::library(name, args.to_vec()))
}

// ---- arguments

fn text(args: &[Value], at: usize) -> Result<&str, Unevaluated> {
    arg(args, at)?.as_text().ok_or(Unevaluated::Open)
}

fn number(args: &[Value], at: usize) -> Result<i64, Unevaluated> {
    let value = arg(args, at)?;
    let number = value.as_int().or_else(|| value.as_text()?.trim().parse().ok());
    number.ok_or(Unevaluated::Open)
}

fn list(args: &[Value], at: usize) -> Result<&[Value], Unevaluated> {
    arg(args, at)?.as_array().ok_or(Unevaluated::Open)
}

/// A list whose first element is known to be that.
fn ordered(args: &[Value]) -> Result<&[Value], Unevaluated> {
    match &arg(args, 0)?.kind {
        Kind::Array(array) if !array.is_unordered() => Ok(array.items()),
        _ => Err(Unevaluated::Open),
    }
}

/// The fields of an object in the order in which Terraform goes through them.
pub(in crate::eval) fn in_order(value: &Value) -> Option<Vec<&Field>> {
    let mut fields: Vec<&Field> = value.as_object()?.fields().iter().collect();
    sort_by(&mut fields, |a, b| a.key.cmp(&b.key));
    Some(fields)
}

fn sorted(args: &[Value]) -> Result<Vec<&Field>, Unevaluated> {
    in_order(arg(args, 0)?).ok_or(Unevaluated::Open)
}

fn index(count: i64) -> Result<usize, Unevaluated> {
    usize::try_from(count).map_err(|_| Unevaluated::Open)
}

// ---- operators

fn arithmetic(args: &[Value], operation: fn(i64, i64) -> Option<i64>) -> Outcome {
    operation(number(args, 0)?, number(args, 1)?).map(Value::int).ok_or(Unevaluated::Open)
}

fn divide(args: &[Value], _: &Context) -> Outcome {
    let (whole, by) = (number(args, 0)?, number(args, 1)?);
    match (whole.checked_rem(by), whole.checked_div(by)) {
        (Some(0), Some(part)) => Ok(Value::int(part)),
        _ => open(),
    }
}

fn compare(args: &[Value], holds: fn(i64, i64) -> bool) -> Outcome {
    Ok(Value::bool(holds(number(args, 0)?, number(args, 1)?)))
}

fn logic(operator: &str, args: &[Value]) -> Outcome {
    let flags = args.iter().map(|value| to_bool(value).unwrap_or_else(|_| value.clone()));
    Ok(super::library(operator, flags.collect()))
}

fn to_bool(value: &Value) -> Outcome {
    match value.as_text() {
        Some("true") => Ok(Value::bool(true).standing(value)),
        Some("false") => Ok(Value::bool(false).standing(value)),
        Some(_) => open(),
        None => Ok(value.clone()),
    }
}

fn to_number(value: &Value) -> Outcome {
    match value.as_text().map(str::parse) {
        Some(Ok(number)) => Ok(Value::int(number).standing(value)),
        Some(Err(_)) => open(),
        None => Ok(value.clone()),
    }
}

/// Whether a value is null: `None` where that is open.
fn is_null(value: &Value) -> Option<bool> {
    if is_text(value) {
        return Some(false);
    }
    match &value.kind {
        Kind::Term(term) if matches!(term.kind, TermKind::Partial { .. }) => Some(false),
        _ => match value.is_set() {
            Truth::True(_) => Some(false),
            Truth::False(_) => Some(true),
            Truth::Unknown(_) => None,
        },
    }
}

fn same(args: &[Value]) -> Outcome {
    let (a, b) = (arg(args, 0)?, arg(args, 1)?);
    let decided = match (a.is_null(), b.is_null()) {
        (true, true) => Some(true),
        (true, false) => is_null(b),
        (false, true) => is_null(a),
        (false, false) => equal(a, b),
    };
    match decided {
        Some(same) => Ok(Value::bool(same).assuming(&holes::all_assumptions(args))),
        None => Ok(Value::call("equals", args.to_vec())),
    }
}

fn all_of(args: &[Value], operator: &str, none: bool) -> Outcome {
    let items = list(args, 0)?;
    Ok(if items.is_empty() { Value::bool(none) } else { logic(operator, items)? })
}

// ---- lists and maps

fn splat(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    Ok(match &value.kind {
        Kind::Array(_) => value.clone(),
        Kind::Null => Value::array(Vec::new()).standing(value),
        // An unknown may be a list; what is declared is none.
        Kind::Term(term) if !matches!(term.kind, TermKind::Partial { .. }) => value.clone(),
        _ => Value::array(vec![value.clone()]).standing(value),
    })
}

/// The object of pairs of a key and a value.
fn pairs(args: &[Value], _: &Context) -> Outcome {
    let mut fields = Vec::new();
    for pair in list(args, 0)? {
        let Some([key, value]) = pair.as_array() else { return open() };
        let key = to_text(key);
        let Some(name) = key.as_text() else { return open() };
        fields.push(Field {
            key: Rc::from(name),
            key_place: key.place,
            value: value.clone().assuming(&pair.assumed),
        });
    }
    Ok(Value::object(fields))
}

/// The object of pairs in which the values of one key are a list.
fn groups(args: &[Value], _: &Context) -> Outcome {
    let pairs = list(args, 0)?.iter().map(|pair| match pair.as_array() {
        Some([key, value]) => Ok((name_of(key)?, value.clone())),
        _ => open(),
    });
    Ok(Value::object(grouped(pairs.collect::<Result<_, _>>()?)))
}

/// A value as the name of a field.
fn name_of(value: &Value) -> Result<Rc<str>, Unevaluated> {
    match to_text(value).kind {
        Kind::Text(text) => Ok(text),
        _ => open(),
    }
}

/// A field for each name, with the list of all of its values, in the order of the first of each.
fn grouped(pairs: Vec<(Rc<str>, Value)>) -> Vec<Field> {
    let mut groups: Vec<(Rc<str>, Vec<Value>)> = Vec::new();
    let mut places: HashMap<Rc<str>, usize> = HashMap::new();
    for (name, value) in pairs {
        let at = *places.entry(Rc::clone(&name)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    groups.into_iter().map(|(name, values)| field(name, Value::array(values))).collect()
}

fn zip_map(args: &[Value], _: &Context) -> Outcome {
    let (keys, values) = (list(args, 0)?, list(args, 1)?);
    let mut fields = Vec::new();
    for (key, value) in keys.iter().zip(values) {
        fields.push(field(to_text(key).as_text().ok_or(Unevaluated::Open)?, value.clone()));
    }
    Ok(Value::object(fields))
}

fn lookup(args: &[Value], _: &Context) -> Outcome {
    let (map, key) = (arg(args, 0)?, text(args, 1)?);
    let otherwise = || args.get(2).cloned().ok_or(Unevaluated::Open);
    match &map.kind {
        Kind::Object(object) if object.has(key) => Ok(map.get(key)),
        Kind::Object(_) | Kind::Null => otherwise(),
        _ => open(),
    }
}

fn element(args: &[Value], _: &Context) -> Outcome {
    let (items, at) = (ordered(args)?, number(args, 1)?);
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = at.checked_rem_euclid(length).ok_or(Unevaluated::Open)?;
    items.get(index(at)?).cloned().ok_or(Unevaluated::Open)
}

fn one(args: &[Value], _: &Context) -> Outcome {
    match arg(args, 0)? {
        Value { kind: Kind::Null, .. } => Ok(Value::null()),
        value => match value.as_array() {
            Some([]) => Ok(Value::null()),
            Some([only]) => Ok(only.clone()),
            _ => open(),
        },
    }
}

fn slice(args: &[Value], _: &Context) -> Outcome {
    let (items, from, to) = (ordered(args)?, index(number(args, 1)?)?, index(number(args, 2)?)?);
    items.get(from..to).map(|part| Value::array(part.to_vec())).ok_or(Unevaluated::Open)
}

fn chunk_list(args: &[Value], _: &Context) -> Outcome {
    let (items, size) = (list(args, 0)?, index(number(args, 1)?)?);
    let size = if size == 0 { items.len().max(1) } else { size };
    Ok(Value::array(items.chunks(size).map(|chunk| Value::array(chunk.to_vec())).collect()))
}

fn range(args: &[Value], _: &Context) -> Outcome {
    let (start, end) =
        if args.len() == 1 { (0, number(args, 0)?) } else { (number(args, 0)?, number(args, 1)?) };
    let step = if args.len() > 2 {
        number(args, 2)?
    } else if end < start {
        -1
    } else {
        1
    };
    let mut numbers = Vec::new();
    let mut next = start;
    while if step > 0 { next < end } else { step < 0 && next > end } {
        // Terraform stops there too.
        if numbers.len() >= 1024 {
            return open();
        }
        numbers.push(Value::int(next));
        next = next.checked_add(step).ok_or(Unevaluated::Open)?;
    }
    Ok(Value::array(numbers))
}

fn distinct(value: &Value) -> Outcome {
    let Some(items) = value.as_array() else { return Ok(value.clone()) };
    let mut seen = Seen::default();
    let mut kept = Vec::new();
    for item in items {
        match seen.has(item) {
            Some(true) => {}
            // What may be one of those before it is in the list all the same.
            Some(false) | None => {
                seen.add(item);
                kept.push(item.clone());
            }
        }
    }
    Ok(Value::array(kept).standing(value).ordered_like(value))
}

fn to_set(args: &[Value], _: &Context) -> Outcome {
    let set = distinct(arg(args, 0)?)?;
    let Some(items) = set.as_array().filter(|items| items.iter().all(|item| item.as_text().is_some())) else {
        return Ok(set);
    };
    let mut items = items.to_vec();
    sort_by(&mut items, |a, b| a.as_text().cmp(&b.as_text()));
    Ok(Value::array(items).at(set.place).assuming(&set.assumed))
}

fn set_subtract(args: &[Value], _: &Context) -> Outcome {
    let gone = Seen::of(list(args, 1)?);
    let mut kept = Vec::new();
    for item in list(args, 0)? {
        match gone.has(item) {
            Some(true) => {}
            Some(false) => kept.push(item.clone()),
            None => return open(),
        }
    }
    Ok(Value::array(kept))
}

fn set_product(args: &[Value], _: &Context) -> Outcome {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for at in 0..args.len() {
        let items = list(args, at)?;
        if rows.len().saturating_mul(items.len()) > MAX_ITEMS {
            return open();
        }
        rows = rows
            .iter()
            .flat_map(|row| items.iter().map(move |item| row.iter().cloned().chain([item.clone()]).collect()))
            .collect();
    }
    Ok(Value::array(rows.into_iter().map(Value::array).collect()))
}

fn match_keys(args: &[Value], _: &Context) -> Outcome {
    let wanted = Seen::of(list(args, 2)?);
    let pairs = list(args, 0)?.iter().zip(list(args, 1)?);
    let kept = pairs.filter(|(_, key)| wanted.has(key) == Some(true)).map(|(value, _)| value.clone());
    Ok(Value::array(kept.collect()))
}

fn transpose(args: &[Value], _: &Context) -> Outcome {
    let mut pairs: Vec<(Rc<str>, Value)> = Vec::new();
    for field in sorted(args)? {
        let values = field.value.as_array().ok_or(Unevaluated::Open)?;
        if pairs.len().saturating_add(values.len()) > MAX_ITEMS {
            return open();
        }
        for value in values {
            pairs.push((name_of(value)?, Value::text(field.key.clone())));
        }
    }
    let mut fields = grouped(pairs);
    sort_by(&mut fields, |a, b| a.key.cmp(&b.key));
    Ok(Value::object(fields))
}

/// Lists in lists, however deep, as one list.
fn flatten(value: &Value) -> Outcome {
    let Some(items) = value.as_array() else { return open() };
    let mut parts: Vec<Value> = Vec::new();
    for item in items {
        parts.push(match &item.kind {
            Kind::Array(_) => flatten(item)?.assuming(&item.assumed),
            // Text is an element; another unknown may be a list of them.
            Kind::Term(_) | Kind::Choice(_) if !is_text(item) => item.clone(),
            _ => Value::array(vec![item.clone()]),
        });
    }
    if parts.is_empty() { Ok(value.clone()) } else { Ok(joined(&parts, "concat")?.0.standing(value)) }
}

fn compact(args: &[Value], _: &Context) -> Outcome {
    let mut kept = Vec::new();
    for item in list(args, 0)? {
        match is_empty_text(item) {
            Some(true) => {}
            Some(false) => kept.push(item.clone()),
            None => return open(),
        }
    }
    let list = arg(args, 0)?;
    Ok(Value::array(kept).standing(list).ordered_like(list))
}

/// Whether a value is null or the empty text.
fn is_empty_text(value: &Value) -> Option<bool> {
    match &value.kind {
        Kind::Text(text) => Some(text.is_empty()),
        Kind::Null => Some(true),
        Kind::Term(_) => (holes::least_length(value) > 0).then_some(false),
        Kind::Choice(_) => None,
        _ => Some(false),
    }
}

fn coalesce(args: &[Value], _: &Context) -> Outcome {
    first_that(args, "coalesce", &is_empty_text)
}

fn coalesce_list(args: &[Value], _: &Context) -> Outcome {
    first_that(args, "coalescelist", &|value| match &value.kind {
        Kind::Array(array) => Some(array.items().is_empty()),
        Kind::Null => Some(true),
        _ => None,
    })
}

/// The first that is not empty; a call that keeps the candidates where that is open.
fn first_that(args: &[Value], function: &str, is_empty: &dyn Fn(&Value) -> Option<bool>) -> Outcome {
    let mut candidates = Vec::new();
    for value in args {
        match is_empty(value) {
            Some(true) => {}
            Some(false) => {
                candidates.push(value.clone());
                break;
            }
            None => candidates.push(value.clone()),
        }
    }
    Ok(if candidates.len() == 1 { candidates.swap_remove(0) } else { Value::call(function, candidates) })
}

// ---- numbers

fn extreme(args: &[Value], pick: fn(i64, i64) -> i64) -> Outcome {
    let mut numbers = (0..args.len()).map(|at| number(args, at));
    let first = numbers.next().ok_or(Unevaluated::Open)??;
    numbers.try_fold(first, |best, next| Ok(pick(best, next?))).map(Value::int)
}

fn parse_int(args: &[Value], _: &Context) -> Outcome {
    let base = u32::try_from(number(args, 1)?).ok().filter(|base| (2..=36).contains(base));
    let parsed = base.and_then(|base| i64::from_str_radix(text(args, 0).ok()?, base).ok());
    parsed.map(Value::int).ok_or(Unevaluated::Open)
}

// ---- text

fn affixed(args: &[Value], holds: fn(&str, &str) -> bool, end: fn(&[Value]) -> Option<&Value>) -> Outcome {
    let (whole, affix) = (arg(args, 0)?, text(args, 1)?);
    if let Some(whole) = whole.as_text() {
        return Ok(Value::bool(holds(whole, affix)));
    }
    let Some(known) = as_pieces(whole).and_then(end).and_then(Value::as_text) else { return open() };
    if holds(known, affix) {
        return Ok(Value::bool(true));
    }
    // `kv-` followed by anything may start with `kv-a`, but not with `vault`.
    verdict((!holds(affix, known)).then_some(false))
}

fn split(args: &[Value], _: &Context) -> Outcome {
    if text(args, 0)?.is_empty() {
        let letters = text(args, 1)?.chars().map(|c| Value::text(c.to_string()));
        return Ok(Value::array(letters.collect()));
    }
    library("split", &[arg(args, 1)?.clone(), arg(args, 0)?.clone()])
}

fn join(args: &[Value], _: &Context) -> Outcome {
    let (delimiter, lists) = args.split_first().ok_or(Unevaluated::Open)?;
    let all = joined(lists, "concat")?.0;
    let all = match all.as_array() {
        Some(items) => Value::array(items.iter().map(to_text).collect()),
        None => all,
    };
    Ok(super::library("join", vec![all, delimiter.clone()]))
}

fn substr(args: &[Value], _: &Context) -> Outcome {
    let (whole, from, count) = (arg(args, 0)?, number(args, 1)?, number(args, 2)?);
    let from = match (from < 0, whole.as_text()) {
        (false, _) => from,
        (true, Some(text)) => {
            i64::try_from(text.chars().count()).unwrap_or(i64::MAX).saturating_add(from).max(0)
        }
        (true, None) => return open(),
    };
    let rest = super::library("skip", vec![whole.clone(), Value::int(from)]);
    Ok(if count < 0 { rest } else { super::library("take", vec![rest, Value::int(count)]) })
}

fn json_encode(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    match &value.kind {
        Kind::Text(text) => {
            let quoted = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            Ok(Value::text(format!("\"{quoted}\"")))
        }
        Kind::Null => Ok(Value::text("null")),
        Kind::Bool(_) => Ok(to_text(value)),
        _ => library("string", args),
    }
}

fn base64_decode(args: &[Value], _: &Context) -> Outcome {
    let bytes = BASE64_STANDARD.decode(text(args, 0)?.trim()).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map(Value::text).ok_or(Unevaluated::Open)
}

/// What is JSON too, and what was encoded here; YAML that people write stays open.
fn yaml_decode(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    if let Kind::Term(term) = &value.kind
        && let TermKind::Call { name, args } = &term.kind
        && let ("yamlencode", [encoded]) = (&**name, args.as_slice())
    {
        return Ok(encoded.clone());
    }
    if text(args, 0)?.trim_start().starts_with(['{', '[']) { library("json", args) } else { open() }
}

// ---- times

fn time_add(args: &[Value], _: &Context) -> Outcome {
    let (from, duration) = (date::seconds(text(args, 0)?), text(args, 1)?);
    let (sign, duration) = match duration.strip_prefix('-') {
        Some(rest) => (-1i64, rest),
        None => (1, duration),
    };
    let mut by = 0i64;
    for part in duration.split_inclusive(|c: char| c.is_ascii_alphabetic()) {
        let units = [('h', 3600i64), ('m', 60), ('s', 1)];
        let (unit, worth) = units.iter().find(|(unit, _)| part.ends_with(*unit)).ok_or(Unevaluated::Open)?;
        let count =
            part.strip_suffix(*unit).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
        let count = count.and_then(|digits| digits.parse::<i64>().ok()).ok_or(Unevaluated::Open)?;
        by = count.checked_mul(*worth).and_then(|more| by.checked_add(more)).ok_or(Unevaluated::Open)?;
    }
    let at = from.and_then(|from| from.checked_add(by.checked_mul(sign)?)).ok_or(Unevaluated::Open)?;
    if duration.is_empty() { open() } else { date::date(at) }
}

/// Digits of a date, and what is between them; words for months and days stay open.
fn format_date(args: &[Value], _: &Context) -> Outcome {
    let seconds = date::seconds(text(args, 1)?).ok_or(Unevaluated::Open)?;
    let (year, month, day) = date::civil(seconds.div_euclid(date::DAY));
    let time = seconds.rem_euclid(date::DAY);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    let half = if hour % 12 == 0 { 12 } else { hour % 12 };
    let spec = text(args, 0)?;
    let mut made = String::new();
    let mut rest = spec;
    while let Some(first) = rest.chars().next() {
        let after = rest.trim_start_matches(first);
        let count = (rest.len() - after.len()) / first.len_utf8();
        let digits = |number: i64| match count {
            1 => Ok(number.to_string()),
            2 => Ok(format!("{number:02}")),
            _ => Err(Unevaluated::Open),
        };
        let part = match first {
            'Y' if count == 4 => format!("{year:04}"),
            'Y' if count == 2 => format!("{:02}", year % 100),
            'M' => digits(month)?,
            'D' => digits(day)?,
            'h' => digits(hour)?,
            'H' => digits(half)?,
            'm' => digits(minute)?,
            's' => digits(second)?,
            'Z' if count == 1 => "Z".to_owned(),
            _ if first.is_ascii_alphabetic() || first == '\'' => return open(),
            _ => rest.get(..rest.len() - after.len()).unwrap_or_default().to_owned(),
        };
        made.push_str(&part);
        rest = after;
    }
    Ok(Value::text(made))
}

/// `%s`, `%d`, `%v`, `%q` and `%%`, with widths.
fn format(args: &[Value]) -> Outcome {
    let pattern = text(args, 0)?;
    let mut pieces: Vec<Value> = Vec::new();
    let mut next = args.iter().skip(1);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        pieces.push(Value::text(before));
        let flags = after.len()
            - after.trim_start_matches(|c: char| c.is_ascii_digit() || "+-# .[]".contains(c)).len();
        let flags_text = after.get(..flags).unwrap_or_default();
        let mut chars = after.get(flags..).unwrap_or_default().chars();
        let verb = chars.next().ok_or(Unevaluated::Open)?;
        rest = chars.as_str();
        if verb == '%' {
            pieces.push(Value::text("%"));
            continue;
        }
        let value = next.next().ok_or(Unevaluated::Open)?;
        let plain = to_text(value);
        pieces.push(match (verb, flags_text, plain.as_text()) {
            ('s' | 'v' | 'd' | 't', "", _) => plain,
            ('d', width, Some(number)) => Value::text(padded(number, width).ok_or(Unevaluated::Open)?),
            ('s' | 'v', width, Some(text)) => Value::text(aligned(text, width).ok_or(Unevaluated::Open)?),
            ('q', "", Some(text)) => Value::text(format!("\"{text}\"")),
            _ => Value::call("format", vec![Value::text(format!("%{flags_text}{verb}")), value.clone()]),
        });
    }
    pieces.push(Value::text(rest));
    Ok(Value::concat(&pieces))
}

/// The most blanks or zeros that are put before a number or a text.
const MAX_WIDTH: usize = 1000;

fn padded(number: &str, width: &str) -> Option<String> {
    let (zeros, width) = match width.strip_prefix('0') {
        Some(width) => (true, width),
        None => (false, width),
    };
    let width = width.parse::<usize>().ok().filter(|width| *width <= MAX_WIDTH)?;
    Some(if zeros { format!("{number:0>width$}") } else { format!("{number:>width$}") })
}

fn aligned(text: &str, width: &str) -> Option<String> {
    let (left, width) = match width.strip_prefix('-') {
        Some(width) => (true, width),
        None => (false, width),
    };
    let width = width.parse::<usize>().ok().filter(|width| *width <= MAX_WIDTH)?;
    Some(if left { format!("{text:<width$}") } else { format!("{text:>width$}") })
}

fn format_list(args: &[Value], _: &Context) -> Outcome {
    let lists = args.iter().filter_map(Value::as_array);
    let Some(length) = lists.map(<[Value]>::len).max() else { return open() };
    let rows = (0..length).map(|at| {
        let row: Option<Vec<Value>> = args
            .iter()
            .map(|arg| match arg.as_array() {
                Some(items) => items.get(at).cloned(),
                None => Some(arg.clone()),
            })
            .collect();
        format(&row.ok_or(Unevaluated::Open)?)
    });
    Value::try_array(rows)
}

// ---- addresses

fn network(args: &[Value]) -> Result<IpNet, Unevaluated> {
    text(args, 0)?.parse::<IpNet>().map(|net| net.trunc()).map_err(|_| Unevaluated::Open)
}

fn offset(first: IpAddr, by: u128) -> Option<IpAddr> {
    match first {
        IpAddr::V4(first) => {
            Some(Ipv4Addr::from_bits(first.to_bits().checked_add(u32::try_from(by).ok()?)?).into())
        }
        IpAddr::V6(first) => Some(Ipv6Addr::from_bits(first.to_bits().checked_add(by)?).into()),
    }
}

fn cidr_host(args: &[Value], _: &Context) -> Outcome {
    let (network, number) = (network(args)?, number(args, 1)?);
    let bits = u32::from(network.max_prefix_len() - network.prefix_len());
    let by = match u128::try_from(number) {
        Ok(by) => by,
        // Counted from the end.
        Err(_) => {
            let size = 1u128.checked_shl(bits).ok_or(Unevaluated::Open)?;
            size.checked_sub(u128::from(number.unsigned_abs())).ok_or(Unevaluated::Open)?
        }
    };
    match offset(network.network(), by).filter(|host| network.contains(host)) {
        Some(host) => Ok(Value::text(host.to_string())),
        None => open(),
    }
}

fn cidr_netmask(args: &[Value], _: &Context) -> Outcome {
    let network: Ipv4Net = text(args, 0)?.parse().map_err(|_| Unevaluated::Open)?;
    Ok(Value::text(network.netmask().to_string()))
}

fn cidr_subnet(args: &[Value], _: &Context) -> Outcome {
    let network = network(args)?;
    let length = number(args, 1)?.checked_add(i64::from(network.prefix_len())).ok_or(Unevaluated::Open)?;
    super::find("cidrSubnet").map_or_else(open, |function| {
        let args = [Value::text(network.to_string()), Value::int(length), Value::int(number(args, 2)?)];
        let context = Context { subscription: Value::null(), resource_group: Value::null() };
        (function.apply)(&args, &context)
    })
}

/// Ranges that follow one another, each as large as its number of bits says.
fn cidr_subnets(args: &[Value], _: &Context) -> Outcome {
    let network = network(args)?;
    let mut next = Some(network.network());
    let mut made = Vec::new();
    for at in 1..args.len() {
        let bits = u8::try_from(number(args, at)?).map_err(|_| Unevaluated::Open)?;
        let length = network.prefix_len().checked_add(bits).ok_or(Unevaluated::Open)?;
        let first = next.ok_or(Unevaluated::Open)?;
        let mut subnet = IpNet::new(first, length).map_err(|_| Unevaluated::Open)?;
        if subnet.network() != first {
            // The next one that starts where such a range may.
            let after = offset(subnet.broadcast(), 1).ok_or(Unevaluated::Open)?;
            subnet = IpNet::new(after, length).map_err(|_| Unevaluated::Open)?;
        }
        if !network.contains(&subnet.network()) {
            return open();
        }
        made.push(Value::text(subnet.to_string()));
        next = offset(subnet.broadcast(), 1);
    }
    Ok(Value::array(made))
}
