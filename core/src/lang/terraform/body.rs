//! The body of a resource as a value: attributes as they are, blocks as lists of objects by their kind.

use super::convert::{items, like};
use super::expansion::COPY_STEPS;
use super::scope::Frame;
use crate::eval::value::distribute;
use crate::eval::{Field, Kind, TermKind, Truth, Value, functions};
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{Block, Body, NAMESPACE};
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Blocks nest at most this deep.
const MAX_BLOCKS: usize = 32;

/// What is about the resource and no part of it.
pub(super) const META: &[&str] = &["count", "for_each", "provider", "depends_on", "providers"];

/// Blocks that are about the resource and no part of it.
const META_BLOCKS: &[&str] = &["lifecycle", "provisioner", "connection", "timeouts"];

/// The attributes and blocks of a body.
pub(super) fn fields(body: &Body, frame: &Frame) -> Vec<Field> {
    within(body, frame, 0)
}

fn within(body: &Body, frame: &Frame, depth: usize) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for attribute in body.attributes.iter().filter(|attribute| !META.contains(&&*attribute.name)) {
        fields.push(Field {
            key: Rc::clone(&attribute.name),
            key_place: Some(frame.place(attribute.name_span)),
            value: frame.evaluate(decoded(&attribute.value)),
        });
    }
    if depth > MAX_BLOCKS {
        return fields;
    }
    let mut places: HashMap<Rc<str>, usize> = HashMap::new();
    if !body.blocks.is_empty() {
        for (at, field) in fields.iter().enumerate() {
            places.entry(Rc::clone(&field.key)).or_insert(at);
        }
    }
    // Blocks that follow what there is of their kind, each with where that is: they are joined at once.
    let mut following: HashMap<usize, Vec<Value>> = HashMap::new();
    let join = |known: &mut Value, more: Value| {
        let joined = functions::terraform::terraform("concat", vec![known.clone(), more]);
        *known = frame.expansion.budget.make(joined);
    };
    for block in &body.blocks {
        if META_BLOCKS.contains(&&*block.kind) {
            continue;
        }
        let is_dynamic = &*block.kind == "dynamic" && block.label(0).is_some();
        let (kind, made) = match block.label(0) {
            Some(kind) if is_dynamic => (Rc::from(kind), dynamic(block, kind, frame, depth)),
            _ => (Rc::clone(&block.kind), object(block, block, frame, depth)),
        };
        let (place, span) = (frame.place(block.head), Some(frame.place(block.span)));
        let list =
            |made: Value| if is_dynamic { made.or_at(span) } else { Value::array(vec![made]).at(span) };
        let at = *places.entry(Rc::clone(&kind)).or_insert(fields.len());
        match fields.get_mut(at) {
            Some(known) if !is_dynamic && known.value.as_array().is_some() => {
                following.entry(at).or_default().push(made);
            }
            Some(known) => {
                if let Some(earlier) = following.remove(&at) {
                    join(&mut known.value, Value::array(earlier));
                }
                join(&mut known.value, list(made));
            }
            None => fields.push(Field { key: kind, key_place: Some(place), value: list(made) }),
        }
    }
    for (at, more) in following {
        if let Some(known) = fields.get_mut(at) {
            join(&mut known.value, Value::array(more));
        }
    }
    fields
}

/// What is encoded as JSON is read where it is written: the receiver decodes it.
fn decoded(value: &Expr) -> &Expr {
    match &value.kind {
        ExprKind::Call { namespace: Some(namespace), name, args }
            if &**namespace == NAMESPACE && &**name == "jsonencode" =>
        {
            args.first().unwrap_or(value)
        }
        _ => value,
    }
}

/// A block as an object; its missing parts are reported at the head of `shown`.
fn object(block: &Block, shown: &Block, frame: &Frame, depth: usize) -> Value {
    let fields = within(&block.body, frame, depth + 1);
    let made = frame.expansion.budget.make(Value::object(fields)).at(Some(frame.place(shown.span)));
    Value { anchor: Some(frame.place(shown.head)), ..made }
}

/// The blocks that a `dynamic` block makes.
fn dynamic(block: &Block, kind: &str, frame: &Frame, depth: usize) -> Value {
    let Some(content) = block.body.blocks("content").next() else { return Value::null() };
    let iterator = match block.body.value("iterator").map(|iterator| &iterator.kind) {
        Some(ExprKind::Symbol(name)) => name,
        _ => kind,
    };
    let list = block.body.value("for_each").map_or_else(Value::null, |each| frame.evaluate(each));
    distribute(&[list], &|lists| {
        let Some(list) = lists.first() else { return Value::null() };
        let turns = frame.expansion.each(list);
        let mut made = Vec::new();
        for turn in &turns {
            if frame.expansion.budget.is_spent() {
                return Value::limit("evaluation budget used up");
            }
            if matches!(turn.present.is_true(), Truth::False(_)) {
                continue;
            }
            frame.expansion.budget.spend(COPY_STEPS);
            let part = object(content, block, &frame.iterating(iterator, turn), depth);
            if turn.repeated {
                let count = functions::library("length", vec![list.clone()]);
                return Value::call("copy", vec![count, part]).assuming(&list.assumed);
            }
            made.push(part);
        }
        // No block is not a list without blocks, which would take away what there is.
        let blocks = if made.is_empty() { Value::null() } else { Value::array(made) };
        blocks.assuming(&list.assumed)
    })
}

/// More elements of one value than this are not counted: they cost more steps than there are.
const MAX_COUNTED: usize = 150_000;

/// How many elements and fields a value has, with those in them.
pub(super) fn elements(value: &Value) -> usize {
    let mut count = 0;
    count_elements(value, &mut count);
    count
}

fn count_elements(value: &Value, count: &mut usize) {
    let mut within = |value: &Value| {
        *count += 1;
        if *count < MAX_COUNTED {
            count_elements(value, count);
        }
    };
    match &value.kind {
        Kind::Array(array) => array.items().iter().take(MAX_COUNTED).for_each(within),
        Kind::Object(object) => object.fields().iter().for_each(|field| within(&field.value)),
        Kind::Term(term) => {
            if let TermKind::Partial { declared, .. } = &term.kind {
                within(declared);
            }
        }
        Kind::Choice(choice) => {
            within(&choice.then);
            within(&choice.otherwise);
        }
        _ => {}
    }
}

/// Blocks as expressions elsewhere see them: what is written in each, and the rest as the provider makes it. `name` is what
/// they are called together.
pub(super) fn completed(blocks: &Value, name: &str) -> Value {
    completed_within(blocks, name, 0)
}

fn completed_within(blocks: &Value, name: &str, depth: usize) -> Value {
    let holds_blocks = match &blocks.kind {
        Kind::Array(array) => array.items().iter().any(|item| item.as_object().is_some()),
        Kind::Choice(_) => true,
        Kind::Term(term) => matches!(&term.kind, TermKind::Call { name, .. } if &**name == "concat"),
        _ => false,
    };
    if depth > MAX_BLOCKS || !holds_blocks {
        return blocks.clone();
    }
    let count = Cell::new(0usize);
    items(blocks, &|block| {
        let Some(object) = block.as_object() else { return block.clone() };
        let of = format!("{name}[{}]", count.replace(count.get() + 1));
        let inner = object.fields().iter().map(|field| {
            let value = completed_within(&field.value, &format!("{of}.{}", field.key), depth + 1);
            Field { value, ..field.clone() }
        });
        let declared = like(block, inner.collect());
        Value { place: block.place, ..Value::partial(Value::named(&of), declared) }
    })
}

/// The only block of a kind: null when there is none, open when there may be one.
pub(super) fn only(list: &Value) -> Value {
    distribute(std::slice::from_ref(list), &|lists| {
        let Some(list) = lists.first() else { return Value::null() };
        match &list.kind {
            Kind::Array(array) => array.items().first().cloned().unwrap_or_default(),
            // A file in JSON, and a data source, may write an object.
            Kind::Object(_) | Kind::Null => list.clone(),
            Kind::Term(term) if matches!(&term.kind, TermKind::Partial { .. }) => list.clone(),
            _ => Value::call("one", vec![list.clone()]),
        }
    })
    .or_at(list.place)
}
