//! How values are made: each in its normal form, and within the bounds.

use super::{
    Array, Assumptions, Choice, Field, Kind, MAX_DEPTH, MAX_ITEMS, MAX_SIZE, MAX_TERM, MAX_TEXT, Object,
    Term, TermKind, Value, distribute,
};
use crate::eval::meter;
use crate::text::Place;
use std::fmt::Write;
use std::rc::Rc;

impl Value {
    /// `null`, or nothing at all.
    pub fn null() -> Self {
        Self::default()
    }

    /// What is not there, and where it is missing from.
    pub(super) fn missing(from: Option<Place>) -> Self {
        Self { place: from, anchor: from, ..Self::default() }
    }

    /// Without a place or assumptions.
    pub fn bool(value: bool) -> Self {
        Kind::Bool(value).into()
    }

    /// Without a place or assumptions.
    pub fn int(value: i64) -> Self {
        Kind::Int(value).into()
    }

    /// Known text; unknown where it is longer than `MAX_TEXT`.
    pub fn text(value: impl Into<Rc<str>>) -> Self {
        let value = value.into();
        meter::count(value.len() + meter::TEXT);
        if value.len() > MAX_TEXT { Self::limit("text too long") } else { Kind::Text(value).into() }
    }

    /// A list of known length, unknown where it is larger or deeper than the bounds.
    pub fn array(items: Vec<Value>) -> Self {
        let depth = deepest(items.iter());
        let size = sizes(&items);
        let array = Array::new(items, depth, size);
        if array.items.len() > MAX_ITEMS || depth > MAX_DEPTH || size > MAX_SIZE {
            return Self::limit("array too large");
        }
        Kind::Array(Rc::new(array)).into()
    }

    /// An array of what is made one by one, and no more of it than an array may hold.
    ///
    /// # Errors
    /// The first error that is made.
    pub fn try_array<E>(made: impl Iterator<Item = Result<Value, E>>) -> Result<Self, E> {
        let mut items: Vec<Value> = Vec::new();
        let mut size = 0usize;
        for item in made {
            let item = item?;
            size = size.saturating_add(item.size());
            items.push(item);
            if items.len() > MAX_ITEMS || size > MAX_SIZE {
                break;
            }
        }
        Ok(Self::array(items))
    }

    /// The same list as a set: which element of several comes first is not known.
    #[must_use]
    pub fn as_set(mut self) -> Self {
        if let Kind::Array(array) = &self.kind {
            let Array { depth, size, .. } = **array;
            let items = array.items.clone();
            self.kind = Kind::Array(Rc::new(Array { is_set: true, ..Array::new(items, depth, size) }));
        }
        self
    }

    /// The same list, without an order if the one that it was made of has none.
    #[must_use]
    pub fn ordered_like(self, other: &Value) -> Self {
        match &other.kind {
            Kind::Array(array) if array.is_set => self.as_set(),
            _ => self,
        }
    }

    /// An object with these fields alone, unknown where it is larger or deeper than the bounds.
    pub fn object(fields: Vec<Field>) -> Self {
        let depth = deepest(fields.iter().map(|field| &field.value));
        let size = fields.iter().fold(0usize, |sum, field| {
            sum.saturating_add(field.key.len() + 4).saturating_add(field.value.size())
        });
        let object = Object::new(fields, depth, size, None);
        if object.fields.len() > MAX_ITEMS || depth > MAX_DEPTH || size > MAX_SIZE {
            return Self::limit("object too large");
        }
        Kind::Object(Rc::new(object)).into()
    }

    /// An object of names and values without places.
    pub fn record<'k>(fields: impl IntoIterator<Item = (&'k str, Value)>) -> Self {
        Self::object(
            fields
                .into_iter()
                .map(|(key, value)| Field { key: Rc::from(key), key_place: None, value })
                .collect(),
        )
    }

    /// A parameter without a value.
    pub fn parameter(name: &str, allowed: Vec<Value>) -> Self {
        Self::term(TermKind::Parameter { name: Rc::from(name), allowed })
    }

    /// A function whose result is not known.
    pub fn call(name: &str, args: Vec<Value>) -> Self {
        let assumed = args.iter().fold(Assumptions::default(), |all, arg| all.and(&arg.assumed));
        Self::term(TermKind::Call { name: Rc::from(name), args }).assuming(&assumed)
    }

    /// An object that Azure completes.
    pub fn partial(of: Value, declared: Value) -> Self {
        Self::term(TermKind::Partial { of, declared })
    }

    /// An object that Azure completes, and each object in it.
    pub fn completed(of: Value, declared: Value) -> Self {
        let declared = declared.completing(&of);
        Self::partial(of, declared)
    }

    /// The same object, where fields that it lacks are properties of what Azure makes of it.
    pub(super) fn completing(mut self, of: &Value) -> Self {
        if let Kind::Object(object) = &self.kind {
            let Object { depth, size, .. } = **object;
            let fields = object.fields.clone();
            self.kind = Kind::Object(Rc::new(Object::new(fields, depth, size, Some(of.clone()))));
        }
        self
    }

    /// A property that is generated as this many letters and digits.
    pub fn generated(of: Value, name: &str, length: i64) -> Self {
        Self::property(Self::partial(of, Self::record([("length", Self::int(length))])), name)
    }

    /// The length of what is generated out of letters, digits and single hyphens.
    pub fn generated_length(&self) -> Option<usize> {
        let Kind::Term(term) = &self.kind else { return None };
        match &term.kind {
            TermKind::Call { name, .. } => [("uniqueString", 13), ("guid", 36), ("newGuid", 36)]
                .into_iter()
                .find_map(|(known, length)| name.eq_ignore_ascii_case(known).then_some(length)),
            TermKind::Property { of: Value { kind: Kind::Term(of), .. }, .. } => match &of.kind {
                // A property of what is declared otherwise is one of what it is made into.
                TermKind::Partial { declared, .. } => usize::try_from(declared.get("length").as_int()?).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A property that Azure generates.
    pub fn property(of: Value, name: &str) -> Self {
        Self::term(TermKind::Property { of, name: Rc::from(name) })
    }

    /// A variable of a lambda or a loop.
    pub fn local(name: &str) -> Self {
        Self::term(TermKind::Local(Rc::from(name)))
    }

    /// Something that is known by a name alone.
    pub fn named(name: &str) -> Self {
        Self::term(TermKind::Named(Rc::from(name)))
    }

    /// A value given up on.
    pub fn limit(reason: &'static str) -> Self {
        Kind::Term(Rc::new(Term::new(TermKind::Limit(reason), 1, reason.len()))).into()
    }

    pub(super) fn term(kind: TermKind) -> Self {
        let (depth, size) = match &kind {
            TermKind::Parameter { name, .. } => (1, name.len() + 14),
            TermKind::Call { name, args } => (deepest(args.iter()), name.len() + 2 + sizes(args)),
            TermKind::Property { of, name } => (of.depth() + 1, of.size() + name.len() + 1),
            // What is declared has its own bounds and is not a part of the identity.
            TermKind::Partial { of, declared } => (of.depth().max(declared.depth()) + 1, of.size()),
            TermKind::Text(parts) => (deepest(parts.iter()), sizes(parts)),
            TermKind::Local(name) | TermKind::Named(name) => (1, name.len()),
            TermKind::Limit(reason) => (1, reason.len()),
        };
        if depth > MAX_DEPTH || size > MAX_TERM {
            return Self::limit("term too large");
        }
        Kind::Term(Rc::new(Term::new(kind, depth, size))).into()
    }

    /// Text from pieces, each text, a number, a boolean or unknown; nested texts are joined, so that two ways of
    /// writing the same text have the same normal form. Choices among the pieces are distributed.
    pub fn concat(pieces: &[Value]) -> Self {
        distribute(pieces, &|pieces| {
            let mut parts: Vec<Value> = Vec::new();
            let mut text = String::new();
            for piece in pieces {
                match &piece.kind {
                    Kind::Null => {}
                    Kind::Bool(true) => text.push_str("True"),
                    Kind::Bool(false) => text.push_str("False"),
                    Kind::Int(number) => {
                        let _ = write!(text, "{number}");
                    }
                    Kind::Decimal(piece) | Kind::Text(piece) => text.push_str(piece),
                    Kind::Term(term) => {
                        let inner = match &term.kind {
                            TermKind::Text(inner) => inner.as_slice(),
                            _ => std::slice::from_ref(piece),
                        };
                        for part in inner {
                            match &part.kind {
                                Kind::Text(piece) => text.push_str(piece),
                                _ => {
                                    flush(&mut text, &mut parts);
                                    parts.push(part.clone());
                                }
                            }
                        }
                    }
                    Kind::Array(_) | Kind::Object(_) | Kind::Choice(_) => {
                        flush(&mut text, &mut parts);
                        parts.push(piece.clone());
                    }
                }
                if text.len() > MAX_TEXT || parts.len() > MAX_ITEMS {
                    return Value::limit("text too long");
                }
            }
            if parts.is_empty() {
                return Value::text(text);
            }
            flush(&mut text, &mut parts);
            match (parts.len(), parts.pop()) {
                // A lone unknown piece is the unknown itself: `'${x}'` is `x` as text.
                (1, Some(only)) => only,
                (_, Some(last)) => {
                    parts.push(last);
                    Value::term(TermKind::Text(parts))
                }
                (_, None) => Value::text(""),
            }
        })
    }

    /// A value that depends on a condition; a known condition decides, and equal branches need none.
    pub fn choice(condition: Value, then: Value, otherwise: Value) -> Self {
        match condition.kind {
            Kind::Bool(true) => return then.assuming(&condition.assumed),
            Kind::Bool(false) => return otherwise.assuming(&condition.assumed),
            _ => {}
        }
        if then.same(&otherwise) == Some(true) {
            return then;
        }
        // One normal form for both orders of the branches.
        if let Some(negated) = condition.negated() {
            return Self::choice(negated.assuming(&condition.assumed), otherwise, then);
        }
        if then.as_bool() == Some(true) && otherwise.as_bool() == Some(false) {
            let assumed = then.assumed.and(&otherwise.assumed);
            return Value { place: None, anchor: None, ..condition }.assuming(&assumed);
        }
        let depth = deepest([&condition, &then, &otherwise].into_iter());
        let size = condition.size().saturating_add(then.size()).saturating_add(otherwise.size());
        if depth > MAX_DEPTH || size > MAX_TEXT {
            return Self::limit("choice too large");
        }
        meter::count(3 * meter::ELEMENT);
        Kind::Choice(Rc::new(Choice { condition, then, otherwise, depth, size })).into()
    }

    /// What this is the `not` of.
    fn negated(&self) -> Option<Value> {
        match &self.kind {
            Kind::Term(term) => match &term.kind {
                TermKind::Call { name, args } if &**name == "not" => args.first().cloned(),
                _ => None,
            },
            _ => None,
        }
    }
}

fn flush(text: &mut String, parts: &mut Vec<Value>) {
    if !text.is_empty() {
        parts.push(Value::text(std::mem::take(text)));
    }
}

pub(super) fn deepest<'v>(values: impl Iterator<Item = &'v Value>) -> u16 {
    values.map(Value::depth).max().unwrap_or(0).saturating_add(1)
}

pub(super) fn sizes(values: &[Value]) -> usize {
    values.iter().fold(0usize, |sum, value| sum.saturating_add(value.size()).saturating_add(2))
}
