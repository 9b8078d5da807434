//! Functions that make or take objects.

use super::collection::field;
use super::merge::{merged, put_all};
use super::{Context, Function, MANY, Outcome, arg, mistyped, moving, open, partial, without_case, wrong};
use crate::eval::value::{Field, Kind, Value};
use crate::sorted::sort_by;

pub(super) const FUNCTIONS: &[Function] = &[
    moving("createObject", (0, MANY), create_object),
    partial("items", (1, 1), items),
    partial("objectKeys", (1, 1), object_keys),
    partial("shallowMerge", (1, 1), shallow_merge),
    partial("tryGet", (2, MANY), try_get),
];

fn create_object(args: &[Value], _: &Context) -> Outcome {
    if !args.len().is_multiple_of(2) {
        return wrong("takes names and values in pairs");
    }
    let mut fields = Vec::new();
    for pair in args.chunks_exact(2) {
        let [key, value] = pair else { return open() };
        match key.as_text() {
            Some(name) => {
                let value = value.clone().assuming(&key.assumed);
                fields.push(Field { key: name.into(), key_place: key.place, value });
            }
            None => return mistyped(key, "text as the name of a property"),
        }
    }
    Ok(Value::object(fields))
}

/// The fields in the order in which Azure lists them.
fn sorted(value: &Value) -> Result<Vec<&Field>, super::Unevaluated> {
    let Some(object) = value.as_object() else { return mistyped(value, "an object") };
    let mut fields: Vec<&Field> = object.fields().iter().collect();
    sort_by(&mut fields, |a, b| without_case(&a.key, &b.key).then_with(|| a.key.cmp(&b.key)));
    Ok(fields)
}

fn items(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    let item = |item: &Field| {
        let key = Value::text(item.key.clone()).at(item.key_place);
        Value::object(vec![field("key", key), field("value", item.value.clone())]).at(item.value.place)
    };
    Ok(Value::array(sorted(value)?.into_iter().map(item).collect()).at(value.place))
}

fn object_keys(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    let key = |field: &Field| Value::text(field.key.clone()).at(field.key_place);
    Ok(Value::array(sorted(value)?.into_iter().map(key).collect()).at(value.place))
}

fn shallow_merge(args: &[Value], _: &Context) -> Outcome {
    let value = arg(args, 0)?;
    let Some(objects) = value.as_array() else { return mistyped(value, "an array of objects") };
    let last_wins = |into: &mut Vec<Field>, from: &_| put_all(into, from, &|_, new| new.clone());
    merged(objects, "shallowMerge", &last_wins)
}

fn try_get(args: &[Value], _: &Context) -> Outcome {
    walk(arg(args, 0)?.clone(), args.get(1..).unwrap_or_default())
}

/// Follows names and indices; what is not there is null.
pub(super) fn walk(from: Value, path: &[Value]) -> Outcome {
    let mut value = from;
    for (at, key) in path.iter().enumerate() {
        value = match (&value.kind, &key.kind) {
            (Kind::Null, _) => return Ok(value),
            (Kind::Array(array), Kind::Int(index)) => {
                let item = usize::try_from(*index).ok().and_then(|index| array.items().get(index));
                item.cloned().unwrap_or_default().or_at(value.place).assuming(&value.assumed)
            }
            (Kind::Term(_) | Kind::Choice(_) | Kind::Object(_), Kind::Text(name)) => value.get(name),
            // As the evaluator writes `value[index]`, so that both are the same.
            (Kind::Term(_) | Kind::Choice(_), Kind::Int(_)) => Value::call("index", vec![value, key.clone()]),
            (Kind::Term(_) | Kind::Choice(_), _) | (_, Kind::Term(_) | Kind::Choice(_)) => {
                let mut args = vec![value];
                args.extend(path.iter().skip(at).cloned());
                return Ok(Value::call("tryGet", args));
            }
            _ => Value::null().at(value.place),
        };
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn objects_are_made() {
        check(&[
            ("createObject('a', 1, 'b', x)", "{a: 1, b: parameters('x')}"),
            ("createObject()", "{}"),
            ("createObject('a')", "!in pairs"),
            ("createObject(x, 1)", "createObject(parameters('x'), 1)"),
            ("createObject(1, 1)", "!not an integer"),
        ]);
    }

    #[test]
    fn fields_are_listed_by_name() {
        check(&[
            ("items({b: x, a: 1})", "[{key: 'a', value: 1}, {key: 'b', value: parameters('x')}]"),
            ("objectKeys({b: 1, a: 2})", "['a', 'b']"),
            ("items([])", "!not an array"),
            ("items(x)", "items(parameters('x'))"),
        ]);
    }

    #[test]
    fn a_shallow_merge_replaces_objects() {
        check(&[
            ("shallowMerge([{a: {b: 1}}, {A: {c: 2}, d: 3}])", "{a: {c: 2}, d: 3}"),
            ("shallowMerge([x, {a: 1}])", "shallowMerge(parameters('x'), {a: 1})"),
            ("shallowMerge([])", "{}"),
        ]);
    }

    #[test]
    fn paths_end_in_null_where_nothing_is() {
        check(&[
            ("tryGet({a: {b: x}}, 'A', 'b')", "parameters('x')"),
            ("tryGet({a: 1}, 'b', 'c')", "null"),
            ("tryGet(['a', 'b'], 1)", "'b'"),
            ("tryGet(['a'], 5)", "null"),
            ("tryGet(['a'], -1)", "null"),
            ("tryGet(null(), 'a')", "null"),
            ("tryGet(x, 'a', 'b')", "parameters('x').a.b"),
            ("tryGet(x, 0, 'b')", "index(parameters('x'), 0).b"),
            ("tryGet({a: 1}, x)", "tryGet({a: 1}, parameters('x'))"),
        ]);
    }
}
