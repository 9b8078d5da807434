//! Attributes and blocks into properties in ARM's shape, by tables.

use super::body::only;
use crate::eval::value::distribute;
use crate::eval::{Field, Kind, TermKind, Value, functions};
use std::rc::Rc;

/// How an attribute becomes a property.
pub(super) enum How {
    /// The same value under another name.
    Same,
    /// A boolean as one of two words: for true, for false.
    Words(&'static str, &'static str),
    /// A list of texts as a list of objects with this one property.
    Each(&'static str),
    /// The only block of this kind as an object.
    Block(&'static [Part]),
    /// The blocks of this kind as a list of objects.
    Blocks(&'static [Part]),
    /// Whatever this makes of it.
    By(fn(&Value) -> Value),
}

/// A property in ARM's shape, and the attributes that it is made from.
pub(super) struct Part {
    /// Its path below `properties`, or below the object it is in, with dots; a leading `/` starts at the top of the
    /// resource.
    pub(super) to: &'static str,
    /// The attributes it may be written as, the newest spelling first; a dot goes into the only block of a kind.
    pub(super) from: &'static [&'static str],
    pub(super) how: How,
}

impl Part {
    /// Whether a text that names the property calls it so: by the end of its path.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.to.rsplit(['.', '/']).next() == Some(name)
    }

    /// The newest spelling of its attribute, without the blocks around it.
    pub(super) fn attribute(&self) -> &'static str {
        self.from.first().and_then(|path| path.rsplit('.').next()).unwrap_or_default()
    }
}

/// A property that is made of one of these attributes.
pub(super) const fn part(to: &'static str, from: &'static [&'static str], how: How) -> Part {
    Part { to, from, how }
}

/// A property with the value of an attribute.
pub(super) const fn same(to: &'static str, from: &'static [&'static str]) -> Part {
    part(to, from, How::Same)
}

/// The properties that a table makes of an object of attributes. What is missing from them is reported where it is
/// missing from the object.
pub(super) fn fields(parts: &[Part], attributes: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    for part in parts {
        let all = || part.from.iter().map(|name| read(attributes, name));
        // What is null by default only may be something.
        let by_default = |(_, value): &(_, Value)| value.is_null() && !value.assumed.is_empty();
        let found = all().find(|(_, value)| !value.is_null()).or_else(|| all().find(by_default));
        let Some((key_place, value)) = found else { continue };
        let value = converted(&part.how, &value);
        if !value.is_null() || !value.assumed.is_empty() {
            put(&mut fields, part.to, Field { key: Rc::from(part.to), key_place, value }, attributes);
        }
    }
    fields
}

/// An object with these fields, in the place of another one.
pub(super) fn like(of: &Value, fields: Vec<Field>) -> Value {
    Value { anchor: of.anchor, ..Value::object(fields).standing(of).assuming(&of.assumed) }
}

/// An attribute, with the place of its name; a dot goes into the only block of a kind.
pub(super) fn read(attributes: &Value, path: &str) -> (Option<crate::text::Place>, Value) {
    match path.split_once('.') {
        Some((block, rest)) => read(&only(&attributes.get(block)), rest),
        None => (attributes.key_place(path), attributes.get(path)),
    }
}

/// An object that may be written as its JSON.
pub(super) fn from_json(value: &Value) -> Value {
    let read = functions::library("json", vec![value.clone()]);
    if read.as_object().is_some() { read.or_at(value.place) } else { value.clone() }
}

/// Puts a property at the end of a path of objects.
fn put(into: &mut Vec<Field>, path: &str, field: Field, holder: &Value) {
    match path.split_once('.') {
        None => into.push(Field { key: Rc::from(path), ..field }),
        Some((first, rest)) => {
            let at = into.iter().position(|known| &*known.key == first);
            let mut inner: Vec<Field> = at
                .and_then(|at| into.get(at))
                .and_then(|known| known.value.as_object())
                .map(|object| object.fields().to_vec())
                .unwrap_or_default();
            let key_place = field.key_place;
            put(&mut inner, rest, field, holder);
            let value = like(holder, inner);
            match at.and_then(|at| into.get_mut(at)) {
                Some(known) => known.value = value,
                None => into.push(Field { key: Rc::from(first), key_place, value }),
            }
        }
    }
}

fn converted(how: &How, value: &Value) -> Value {
    match how {
        How::Same => value.clone(),
        How::Words(on, off) => words(value, on, off),
        How::Each(key) => each(value, key),
        How::Block(parts) => block(&only(value), parts),
        How::Blocks(parts) => items(value, &|item| block(item, parts)),
        How::By(make) => make(value),
    }
}

/// One of two words for a boolean.
pub(super) fn words(value: &Value, on: &str, off: &str) -> Value {
    distribute(std::slice::from_ref(value), &|values| {
        let Some(value) = values.first() else { return Value::null() };
        let flag = functions::terraform::terraform("tobool", vec![value.clone()]);
        match flag.kind {
            Kind::Bool(true) => Value::text(on),
            Kind::Bool(false) => Value::text(off),
            Kind::Null => Value::null(),
            _ => Value::choice(flag, Value::text(on), Value::text(off)),
        }
    })
    .standing(value)
}

/// The object that a block is in ARM's shape; open where the block is.
fn block(value: &Value, parts: &[Part]) -> Value {
    distribute(std::slice::from_ref(value), &|values| match values.first() {
        Some(value) if value.as_object().is_some() => like(value, fields(parts, value)),
        Some(value) => value.clone(),
        None => Value::null(),
    })
    .or_at(value.place)
}

/// A list with every element that can be seen made into another one.
pub(super) fn items(list: &Value, make: &dyn Fn(&Value) -> Value) -> Value {
    // What a function makes has no place of its own.
    let made_of = |item: &Value| match item.place {
        Some(_) => make(item),
        None => make(&item.clone().standing(list)),
    };
    let made = match &list.kind {
        Kind::Array(array) => Value::array(array.items().iter().map(made_of).collect()).ordered_like(list),
        Kind::Object(_) => Value::array(vec![make(list)]),
        Kind::Choice(choice) => {
            Value::choice(choice.condition.clone(), items(&choice.then, make), items(&choice.otherwise, make))
        }
        Kind::Term(term) => match &term.kind {
            TermKind::Call { name, args } if matches!(&**name, "concat" | "union") => {
                Value::call(name, args.iter().map(|arg| items(arg, make)).collect())
            }
            _ => return list.clone(),
        },
        _ => return list.clone(),
    };
    made.standing(list).assuming(&list.assumed)
}

/// A list of texts as a list of objects with one property.
pub(super) fn each(list: &Value, key: &'static str) -> Value {
    items(list, &|item| Value::record([(key, item.clone())]).standing(item))
}
