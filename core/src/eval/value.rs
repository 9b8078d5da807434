//! The value domain: what a template determines, what it leaves open, and where each part came from.
//!
//! A [`Value`] is known (null, bool, int, text, array, object), a [`Term`] (unknown, with an identity), or a
//! [`Choice`] (an unknown condition with both branches). Two terms are equal when their normal forms are equal.

use super::truth::{Truth, Unknowns};
use crate::sorted::Set;
use crate::text::Place;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt::Write;
use std::rc::Rc;

/// Nesting of arrays, objects, terms and choices beyond which a value becomes a limit term.
pub const MAX_DEPTH: u16 = 120;
/// Bytes of text beyond which a value becomes a limit term.
pub const MAX_TEXT: usize = 256 * 1024;
/// Bytes of a term's normal form beyond which it becomes a limit term.
pub const MAX_TERM: usize = 32 * 1024;
/// Elements of one array or object beyond which a value becomes a limit term.
pub const MAX_ITEMS: usize = 50_000;
/// Bytes of the normal form of one array or object beyond which it becomes a limit term; templates may have 4 MB.
const MAX_SIZE: usize = 8 << 20;
/// Elements of a list that are looked at; no list of the network model may have more.
const MAX_ELEMENTS: usize = 5_000;
/// Parameters that a value is said to rest on the defaults of: a reader needs no more, and each value that is made of others
/// would have all of theirs.
pub const MAX_ASSUMED: usize = 64;
/// How many combinations of branches are looked at before a value counts as open.
const MAX_CASES: usize = 64;

/// A partial value with provenance.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it was written; for what is missing, the place of its parent's key.
    pub place: Option<Place>,
    /// Of an object: the place of its key, where its missing parts are reported.
    pub anchor: Option<Place>,
    /// Where it is used, when it is written elsewhere.
    pub used: Option<Rc<Used>>,
    /// The parameter defaults it rests on.
    pub assumed: Assumptions,
}

/// Where a value is used that is written elsewhere: in a parameter, a variable, another resource, another file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// The innermost place: in a resource, the expression that its property has.
    pub at: Place,
    /// The argument of the module it is passed to, of several modules in one another the outermost.
    pub passed: Option<Place>,
}

/// What a value is.
#[derive(Clone, Debug, Default)]
pub enum Kind {
    /// `null`, and what is not there: ARM treats both alike.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that is not an integer, as it was written: nothing in the network model computes with it.
    Decimal(Rc<str>),
    /// A string.
    Text(Rc<str>),
    /// An array.
    Array(Rc<Array>),
    /// An object.
    Object(Rc<Object>),
    /// Something unknown with an identity.
    Term(Rc<Term>),
    /// An unknown condition with both branches.
    Choice(Rc<Choice>),
}

/// The elements of an array.
#[derive(Debug, Default)]
pub struct Array {
    items: Vec<Value>,
    depth: u16,
    size: usize,
    /// Whether it is a set, in which no element is known to be the first.
    is_set: bool,
}

/// The fields of an object, in the order they were written.
#[derive(Debug, Default)]
pub struct Object {
    fields: Vec<Field>,
    depth: u16,
    size: usize,
    /// What Azure makes of it: a field that it lacks is a property of this.
    completed: Option<Value>,
}

/// One field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name as written.
    pub key: Rc<str>,
    /// Where the name is.
    pub key_place: Option<Place>,
    /// Its value.
    pub value: Value,
}

/// Something unknown. Its normal form is its identity.
#[derive(Debug)]
pub struct Term {
    /// What made it.
    pub kind: TermKind,
    depth: u16,
    size: usize,
    /// Of text: what is between its slashes. Ids are compared so often that this is kept.
    parts: OnceCell<Rc<[Value]>>,
    /// The normal form in lower case.
    key: OnceCell<Rc<str>>,
}

impl Term {
    fn new(kind: TermKind, depth: u16, size: usize) -> Self {
        Self { kind, depth, size, parts: OnceCell::new(), key: OnceCell::new() }
    }
}

/// What made a term.
#[derive(Debug)]
pub enum TermKind {
    /// A parameter without a value; `allowed` are the only values it can have, if it says so.
    Parameter {
        /// Its name.
        name: Rc<str>,
        /// Its allowed values; empty when it may be anything.
        allowed: Vec<Value>,
    },
    /// A function whose result is not known.
    Call {
        /// Its name.
        name: Rc<str>,
        /// Its arguments.
        args: Vec<Value>,
    },
    /// A property of something unknown.
    Property {
        /// What it is a property of.
        of: Value,
        /// Its name.
        name: Rc<str>,
    },
    /// An object that Azure completes: what is declared of it is known, the rest is generated.
    Partial {
        /// Its identity: `reference(…)`, `resourceGroup()`.
        of: Value,
        /// What is declared.
        declared: Value,
    },
    /// Text with holes: known pieces and unknown ones.
    Text(Vec<Value>),
    /// A variable of a lambda or a loop.
    Local(Rc<str>),
    /// Something that is known by this name alone: a variable without a value, a resource of another provider.
    Named(Rc<str>),
    /// A value given up on, and why.
    Limit(&'static str),
}

/// An unknown condition with both branches.
#[derive(Debug)]
pub struct Choice {
    /// What decides.
    pub condition: Value,
    /// The value when it holds.
    pub then: Value,
    /// The value when it does not.
    pub otherwise: Value,
    depth: u16,
    size: usize,
}

/// What a value rests on without that being certain: the defaults of parameters, and that a resource is created. Of the
/// names of more than [`MAX_ASSUMED`] parameters the first ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumptions(Option<Rc<Set<Rc<str>>>>);

/// It is among the names of parameters, none of which is empty, and before them.
const CREATED: &str = "";

impl Assumptions {
    /// Rests on the resource being created: one that exists may have something else.
    pub fn created() -> Self {
        Self::parameter(CREATED)
    }

    /// Whether it rests on a resource being created.
    pub fn is_created(&self) -> bool {
        self.0.as_ref().is_some_and(|set| set.contains(CREATED))
    }

    /// Rests on the default of this parameter.
    pub fn parameter(name: &str) -> Self {
        Self(Some(Rc::new(Set::from(vec![Rc::from(name)]))))
    }

    /// Rests on nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Without the assumption that the resource is created.
    #[must_use]
    pub fn without_created(&self) -> Self {
        let mut rest = self.clone();
        if let Some(set) = rest.0.as_mut().filter(|set| set.contains(CREATED)) {
            let names: Vec<Rc<str>> = set.iter().filter(|name| &***name != CREATED).cloned().collect();
            rest.0 = (!names.is_empty()).then(|| Rc::new(Set::from(names)));
        }
        rest
    }

    /// Number of assumptions.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |set| set.len())
    }

    /// Rests on both.
    #[must_use]
    pub fn and(&self, other: &Assumptions) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(a), Some(b)) if Rc::ptr_eq(a, b) || a.is_superset(b) => self.clone(),
            (Some(a), Some(b)) => {
                let mut all = a.union(b);
                all.truncate(MAX_ASSUMED);
                if all == **a { self.clone() } else { Self(Some(Rc::new(all))) }
            }
        }
    }

    /// Rests on all of these. They are joined by halves: one after the other would copy what there is each time.
    pub fn all<'s>(sets: impl IntoIterator<Item = &'s Assumptions>) -> Self {
        let mut sets: Vec<Assumptions> = sets.into_iter().filter(|set| !set.is_empty()).cloned().collect();
        while sets.len() > 1 {
            let join = |pair: &[Assumptions]| pair.iter().fold(Self::default(), |all, set| all.and(set));
            sets = sets.chunks(2).map(join).collect();
        }
        sets.pop().unwrap_or_default()
    }

    /// The names of the parameters, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|set| set.iter().map(AsRef::as_ref)).filter(|name| *name != CREATED)
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Self { kind, place: None, anchor: None, used: None, assumed: Assumptions::default() }
    }
}

impl Object {
    /// The fields in the order they were written.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of that name; ARM names are case-insensitive. The last one wins, as in Azure's parser, but one that is
    /// written the same wins over others: Terraform's names have case.
    pub fn field(&self, key: &str) -> Option<&Field> {
        let mut alike = None;
        for field in self.fields.iter().rev().filter(|field| field.key.eq_ignore_ascii_case(key)) {
            if &*field.key == key {
                return Some(field);
            }
            alike = alike.or(Some(field));
        }
        alike
    }

    /// Whether a field has that very name.
    pub fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|field| &*field.key == key)
    }
}

impl Array {
    /// The elements.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// Whether it is not known which element comes first.
    pub fn is_unordered(&self) -> bool {
        self.is_set && self.items.len() > 1
    }
}

// ---- making values

impl Value {
    /// `null`, or nothing at all.
    pub fn null() -> Self {
        Self::default()
    }

    /// What is not there, and where it is missing from.
    fn missing(from: Option<Place>) -> Self {
        Self { place: from, anchor: from, ..Self::default() }
    }

    /// A boolean.
    pub fn bool(value: bool) -> Self {
        Kind::Bool(value).into()
    }

    /// An integer.
    pub fn int(value: i64) -> Self {
        Kind::Int(value).into()
    }

    /// A string.
    pub fn text(value: impl Into<Rc<str>>) -> Self {
        let value = value.into();
        if value.len() > MAX_TEXT { Self::limit("text too long") } else { Kind::Text(value).into() }
    }

    /// An array.
    pub fn array(items: Vec<Value>) -> Self {
        let depth = deepest(items.iter());
        let size = sizes(&items);
        if items.len() > MAX_ITEMS || depth > MAX_DEPTH || size > MAX_SIZE {
            return Self::limit("array too large");
        }
        Kind::Array(Rc::new(Array { items, depth, size, is_set: false })).into()
    }

    /// The same list as a set: which element of several comes first is not known.
    #[must_use]
    pub fn as_set(mut self) -> Self {
        if let Kind::Array(array) = &self.kind {
            let Array { depth, size, .. } = **array;
            let items = array.items.clone();
            self.kind = Kind::Array(Rc::new(Array { items, depth, size, is_set: true }));
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

    /// An object.
    pub fn object(fields: Vec<Field>) -> Self {
        let depth = deepest(fields.iter().map(|field| &field.value));
        let size = fields.iter().fold(0usize, |sum, field| {
            sum.saturating_add(field.key.len() + 4).saturating_add(field.value.size())
        });
        if fields.len() > MAX_ITEMS || depth > MAX_DEPTH || size > MAX_SIZE {
            return Self::limit("object too large");
        }
        Kind::Object(Rc::new(Object { fields, depth, size, completed: None })).into()
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
    fn completing(mut self, of: &Value) -> Self {
        if let Kind::Object(object) = &self.kind {
            let Object { depth, size, .. } = **object;
            let fields = object.fields.clone();
            self.kind = Kind::Object(Rc::new(Object { fields, depth, size, completed: Some(of.clone()) }));
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

    fn term(kind: TermKind) -> Self {
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

    /// The same value, written at `place`.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        if place.is_some() {
            (self.place, self.used) = (place, None);
        }
        self
    }

    /// The same value, written and used where another one is.
    #[must_use]
    pub fn standing(self, like: &Value) -> Self {
        Self { place: like.place.or(self.place), used: like.used.clone(), ..self }
    }

    /// The same value, used at `here`, where it is also written unless it is known where else.
    #[must_use]
    pub fn used_at(mut self, here: Option<Place>) -> Self {
        let Some(here) = here else { return self };
        match self.place {
            None => self.at(Some(here)),
            Some(place) if here.contains(place) => self,
            Some(_) => {
                if !self.used.as_ref().is_some_and(|used| here.contains(used.at)) {
                    let passed = self.used.as_ref().and_then(|used| used.passed);
                    self.used = Some(Rc::new(Used { at: here, passed }));
                }
                self
            }
        }
    }

    /// The same value as the argument of a module.
    #[must_use]
    pub fn passed(mut self) -> Self {
        let used = self.used.as_deref().copied();
        if let Some(at) = used.map(|used| used.at).or(self.place) {
            let passed = used.and_then(|used| used.passed).or(Some(at));
            self.used = Some(Rc::new(Used { at, passed }));
        }
        self
    }

    /// The same value as a module gives it back: its user is not the one who passed it.
    #[must_use]
    pub fn given_back(mut self) -> Self {
        if let Some(Used { at, passed: Some(_) }) = self.used.as_deref().copied() {
            self.used = Some(Rc::new(Used { at, passed: None }));
        }
        self
    }

    /// The same value as a part of another one, under a key that is at `key`: it is used where the whole is, unless
    /// it is written or used in there.
    #[must_use]
    pub fn part_of(self, whole: &Value, key: Option<Place>) -> Self {
        self.within(whole, || key)
    }

    fn within(mut self, whole: &Value, key: impl FnOnce() -> Option<Place>) -> Self {
        let at = |value: &Value| value.used.as_ref().map(|used| used.at).or(value.place);
        let (Some(around), Some(inner)) = (at(whole), at(&self)) else { return self };
        let passed = whole.used.as_ref().and_then(|used| used.passed);
        if !around.contains(inner) {
            let at = key().filter(|key| around.contains(*key)).unwrap_or(around);
            let is_in = passed.zip(self.place).is_some_and(|(passed, place)| passed.contains(place));
            let passed = if is_in { self.place } else { passed };
            self.used = Some(Rc::new(Used { at, passed }));
        }
        self
    }

    /// The same value, written at `place` unless it already has one.
    #[must_use]
    pub fn or_at(self, place: Option<Place>) -> Self {
        if self.place.is_none() { self.at(place) } else { self }
    }

    /// The same value, resting on more assumptions.
    #[must_use]
    pub fn assuming(mut self, assumed: &Assumptions) -> Self {
        if !assumed.is_empty() {
            self.assumed = self.assumed.and(assumed);
        }
        self
    }
}

fn flush(text: &mut String, parts: &mut Vec<Value>) {
    if !text.is_empty() {
        parts.push(Value::text(std::mem::take(text)));
    }
}

fn deepest<'v>(values: impl Iterator<Item = &'v Value>) -> u16 {
    values.map(Value::depth).max().unwrap_or(0).saturating_add(1)
}

fn sizes(values: &[Value]) -> usize {
    values.iter().fold(0usize, |sum, value| sum.saturating_add(value.size()).saturating_add(2))
}

/// Applies a function to arguments of which some are choices: once per combination of branches, up to a bound;
/// beyond it the choices stay arguments.
pub fn distribute(args: &[Value], apply: &dyn Fn(&[Value]) -> Value) -> Value {
    let assumed = args.iter().fold(Assumptions::default(), |all, arg| all.and(&arg.assumed));
    let branches = args.iter().fold(1usize, |n, arg| n.saturating_mul(arg.branches()));
    let result = if branches == 1 || branches > MAX_CASES { apply(args) } else { split(args, apply) };
    result.assuming(&assumed)
}

fn split(args: &[Value], apply: &dyn Fn(&[Value]) -> Value) -> Value {
    let Some(at) = args.iter().position(|arg| matches!(arg.kind, Kind::Choice(_))) else {
        return apply(args);
    };
    let Some(Kind::Choice(choice)) = args.get(at).map(|arg| arg.kind.clone()) else {
        return apply(args);
    };
    // One condition decides all its uses: the other arguments follow it.
    let with = |branch: &Value, holds: bool| {
        let follow = |(other, arg): (usize, &Value)| match other == at {
            true => branch.under(&choice.condition, holds),
            false => arg.under(&choice.condition, holds),
        };
        let args: Vec<Value> = args.iter().enumerate().map(follow).collect();
        split(&args, apply).assuming(&branch.assumed)
    };
    let then = with(&choice.then, true);
    let otherwise = with(&choice.otherwise, false);
    Value::choice(choice.condition.clone(), then, otherwise)
}

// ---- reading values

impl Value {
    /// The value where a condition is known to hold, or not to.
    fn under(&self, condition: &Value, holds: bool) -> Value {
        let Kind::Choice(choice) = &self.kind else { return self.clone() };
        let chosen =
            |branch: &Value| branch.under(condition, holds).assuming(&self.assumed).or_at(self.place);
        if choice.condition.same(condition) == Some(true) {
            return chosen(if holds { &choice.then } else { &choice.otherwise });
        }
        let (then, otherwise) =
            (choice.then.under(condition, holds), choice.otherwise.under(condition, holds));
        let value = Value::choice(choice.condition.clone(), then, otherwise);
        Value { anchor: self.anchor, ..value.assuming(&self.assumed).or_at(self.place) }
    }

    fn depth(&self) -> u16 {
        match &self.kind {
            Kind::Array(array) => array.depth,
            Kind::Object(object) => object.depth,
            Kind::Term(term) => term.depth,
            Kind::Choice(choice) => choice.depth,
            _ => 0,
        }
    }

    /// About how many bytes its normal form has.
    pub fn size(&self) -> usize {
        match &self.kind {
            Kind::Text(text) | Kind::Decimal(text) => text.len() + 2,
            Kind::Array(array) => array.size,
            Kind::Object(object) => object.size,
            Kind::Term(term) => term.size,
            Kind::Choice(choice) => choice.size,
            _ => 8,
        }
    }

    /// How many fields a name is looked for among.
    pub(super) fn fields_held(&self) -> usize {
        match &self.kind {
            Kind::Object(object) => object.fields.len(),
            Kind::Term(term) => match &term.kind {
                TermKind::Partial { declared, .. } => declared.fields_held(),
                _ => 0,
            },
            _ => 0,
        }
    }

    /// Whether it is an object that Azure adds to: as a part of another one it is made anew.
    pub(super) fn is_completed(&self) -> bool {
        self.as_object().is_some_and(|object| object.completed.is_some())
    }

    /// How many lists and objects it is made of, with their elements and fields.
    pub(super) fn all_elements(&self) -> usize {
        let parts: usize = match &self.kind {
            Kind::Array(array) => array.items.iter().map(Value::all_elements).sum(),
            Kind::Object(object) => object.fields.iter().map(|field| field.value.all_elements()).sum(),
            _ => return 0,
        };
        1 + parts + self.elements_held()
    }

    /// How many elements or fields it holds itself.
    pub fn elements_held(&self) -> usize {
        match &self.kind {
            Kind::Array(array) => array.items.len(),
            Kind::Object(object) => object.fields.len(),
            _ => 0,
        }
    }

    fn branches(&self) -> usize {
        match &self.kind {
            Kind::Choice(choice) => choice.then.branches().saturating_add(choice.otherwise.branches()),
            _ => 1,
        }
    }

    /// Nothing, or `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether this is known at its top: not a term and not a choice.
    pub fn is_known(&self) -> bool {
        !matches!(self.kind, Kind::Term(_) | Kind::Choice(_))
    }

    /// Known, and neither an array nor an object.
    fn is_scalar(&self) -> bool {
        self.is_known() && !matches!(self.kind, Kind::Array(_) | Kind::Object(_))
    }

    /// Whether nothing inside is open.
    pub fn is_closed(&self) -> bool {
        match &self.kind {
            Kind::Array(array) => array.items.iter().all(Value::is_closed),
            Kind::Object(object) => object.fields.iter().all(|field| field.value.is_closed()),
            Kind::Term(_) | Kind::Choice(_) => false,
            _ => true,
        }
    }

    /// The text, if it is a known one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is a known one.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The boolean, if it is a known one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The elements, if it is a known array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::Array(array) => Some(&array.items),
            _ => None,
        }
    }

    /// The object, if it is a known one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A property, through choices and terms. What is not there is null, at the place of its parent's key; a
    /// property of something that is not an object is null too.
    #[must_use]
    pub fn get(&self, key: &str) -> Value {
        let found = match &self.kind {
            Kind::Object(object) => match (object.field(key), &object.completed) {
                (Some(field), whole) => {
                    let mut value = field.value.clone().or_at(field.key_place);
                    value.anchor = value.anchor.or(field.key_place);
                    match whole {
                        Some(whole) if value.as_object().is_some() => {
                            value.completing(&Value::property(whole.clone(), key))
                        }
                        _ => value,
                    }
                }
                (None, Some(whole)) => Value::property(whole.clone(), key).at(self.place),
                (None, None) => Value::missing(self.anchor.or(self.place)),
            },
            Kind::Term(term) => match &term.kind {
                TermKind::Partial { of, declared } => {
                    let known = declared.get(key);
                    if known.is_null() { Value::property(of.clone(), key).at(self.place) } else { known }
                }
                TermKind::Call { name, args } if matches!(&**name, "union" | "shallowMerge") => {
                    merged_property(name, args, key)
                        .unwrap_or_else(|| Value::property(self.clone(), key))
                        .or_at(self.place)
                }
                _ => Value::property(self.clone(), key).at(self.place),
            },
            Kind::Choice(choice) => {
                Value::choice(choice.condition.clone(), choice.then.get(key), choice.otherwise.get(key))
                    .or_at(self.place)
            }
            _ => Value::missing(self.anchor.or(self.place)),
        };
        found.within(self, || self.key_place(key)).assuming(&self.assumed)
    }

    /// [`Value::get`] along a path of names.
    #[must_use]
    pub fn path(&self, keys: &[&str]) -> Value {
        keys.iter().fold(self.clone(), |value, key| value.get(key))
    }

    /// Where the name of a property is, if this is an object that has it.
    pub fn key_place(&self, key: &str) -> Option<Place> {
        self.as_object().and_then(|object| object.field(key)).and_then(|field| field.key_place)
    }

    /// Whether two values are equal: `None` when that is open. Text compares with case, as ARM's `equals` does.
    pub fn same(&self, other: &Value) -> Option<bool> {
        match (&self.kind, &other.kind) {
            (Kind::Null, Kind::Null) => Some(true),
            (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
            (Kind::Int(a), Kind::Int(b)) => Some(a == b),
            (Kind::Decimal(a), Kind::Decimal(b)) | (Kind::Text(a), Kind::Text(b)) => Some(a == b),
            (Kind::Array(a), Kind::Array(b)) => {
                if Rc::ptr_eq(a, b) {
                    return Some(true);
                }
                if a.items.len() != b.items.len() {
                    return Some(false);
                }
                all_same(a.items.iter().zip(&b.items).map(|(a, b)| a.same(b)))
            }
            (Kind::Object(a), Kind::Object(b)) => {
                if Rc::ptr_eq(a, b) {
                    return Some(true);
                }
                if a.fields.len() != b.fields.len() {
                    return Some(false);
                }
                // Comparing every name with every other would take too long on large objects.
                let names: HashMap<String, &Value> =
                    b.fields.iter().map(|field| (field.key.to_ascii_lowercase(), &field.value)).collect();
                all_same(a.fields.iter().map(|field| match names.get(&field.key.to_ascii_lowercase()) {
                    Some(other) => field.value.same(other),
                    None => Some(false),
                }))
            }
            (Kind::Term(a), Kind::Term(b)) => {
                if Rc::ptr_eq(a, b) || (a.size == b.size && self.normal() == other.normal()) {
                    Some(true)
                } else {
                    None
                }
            }
            (Kind::Choice(a), Kind::Choice(b)) => {
                let equal = a.condition.same(&b.condition) == Some(true)
                    && a.then.same(&b.then) == Some(true)
                    && a.otherwise.same(&b.otherwise) == Some(true);
                equal.then_some(true)
            }
            (Kind::Term(_) | Kind::Choice(_), _) | (_, Kind::Term(_) | Kind::Choice(_)) => None,
            _ => Some(false),
        }
    }

    /// Three-valued test of a leaf predicate over every value this may have: branches of choices and allowed
    /// values of parameters. The predicate says `None` for what it cannot decide.
    pub fn test(&self, predicate: &dyn Fn(&Value) -> Option<bool>) -> Truth {
        let truth = match &self.kind {
            Kind::Choice(choice) => {
                if self.branches() > MAX_CASES {
                    return Truth::Unknown(self.depends());
                }
                let then = choice.then.test(predicate);
                let otherwise = choice.otherwise.test(predicate);
                match (&then, &otherwise) {
                    (Truth::True(a), Truth::True(b)) => Truth::True(a.and(b)),
                    (Truth::False(a), Truth::False(b)) => Truth::False(a.and(b)),
                    _ => Truth::Unknown(
                        choice.condition.depends().and(then.depends()).and(otherwise.depends()),
                    ),
                }
            }
            Kind::Term(term) => match predicate(self) {
                Some(decided) => Truth::of(decided),
                None => match &term.kind {
                    TermKind::Parameter { allowed, .. }
                        if !allowed.is_empty() && allowed.len() <= MAX_CASES =>
                    {
                        let mut verdicts = allowed.iter().map(predicate);
                        let first = verdicts.next().flatten();
                        match first {
                            Some(first) if verdicts.all(|verdict| verdict == Some(first)) => Truth::of(first),
                            _ => Truth::Unknown(self.depends()),
                        }
                    }
                    _ => Truth::Unknown(self.depends()),
                },
            },
            _ => predicate(self).map_or_else(|| Truth::Unknown(self.depends()), Truth::of),
        };
        truth.assuming(&self.assumed)
    }

    /// Whether this is set to something: not null. `{}` is something; see the model for where it is not.
    pub fn is_set(&self) -> Truth {
        self.test(&|value| match &value.kind {
            // Text with holes is text, whatever fills them.
            Kind::Term(term) => matches!(term.kind, TermKind::Text(_)).then_some(true),
            Kind::Choice(_) => None,
            _ => Some(!value.is_null()),
        })
    }

    /// Whether this is that word, without case: enums of the resource providers are compared so (F1.21).
    pub fn is_word(&self, word: &str) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Text(text) => Some(text.eq_ignore_ascii_case(word)),
            Kind::Term(_) => None,
            _ => Some(false),
        })
    }

    /// Whether this is that word, or not set.
    pub fn is_word_or_unset(&self, word: &str) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Null => Some(true),
            Kind::Text(text) => Some(text.eq_ignore_ascii_case(word)),
            Kind::Term(_) => None,
            _ => Some(false),
        })
    }

    /// Whether this is `true`.
    pub fn is_true(&self) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Bool(flag) => Some(*flag),
            Kind::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Kind::Term(_) => None,
            _ => Some(false),
        })
    }

    /// Whether this is set, and not `true`.
    pub fn is_false(&self) -> Truth {
        self.test(&|value| match &value.kind {
            Kind::Null => Some(false),
            Kind::Bool(flag) => Some(!flag),
            Kind::Text(text) => Some(!text.eq_ignore_ascii_case("true")),
            Kind::Term(_) => None,
            _ => Some(true),
        })
    }

    /// What decides between the branches of this.
    pub fn condition(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Choice(choice) => Some(&choice.condition),
            _ => None,
        }
    }

    /// This where a condition holds, or where it does not: in every choice that it decides.
    #[must_use]
    pub fn given(&self, condition: &Value, holds: bool) -> Value {
        let given = |value: &Value| value.given(condition, holds);
        let kind = match &self.kind {
            Kind::Choice(choice) => {
                let (then, otherwise) = (given(&choice.then), given(&choice.otherwise));
                let made = match choice.condition.is_alike(condition) {
                    true if holds => then,
                    true => otherwise,
                    false => Value::choice(choice.condition.clone(), then, otherwise),
                };
                return made.or_at(self.place).assuming(&self.assumed);
            }
            Kind::Array(array) if !self.is_closed() => {
                Value::array(array.items.iter().map(given).collect()).kind
            }
            Kind::Object(object) if !self.is_closed() => {
                let fields = object.fields.iter();
                let fields = fields.map(|field| Field { value: given(&field.value), ..field.clone() });
                match Value::object(fields.collect()).kind {
                    Kind::Object(made) if object.completed.is_some() => {
                        let Object { depth, size, .. } = *made;
                        let fields = made.fields.clone();
                        let completed = object.completed.clone();
                        Kind::Object(Rc::new(Object { fields, depth, size, completed }))
                    }
                    kind => kind,
                }
            }
            _ => return self.clone(),
        };
        Value { kind, ..self.clone() }
    }

    /// What an open value depends on: the unknowns it is made of.
    pub fn depends(&self) -> Unknowns {
        let mut found = Unknowns::default();
        self.collect_depends(&mut found);
        found
    }

    fn collect_depends(&self, found: &mut Unknowns) {
        if found.is_full() {
            return;
        }
        match &self.kind {
            Kind::Array(array) => array.items.iter().for_each(|item| item.collect_depends(found)),
            Kind::Object(object) => {
                object.fields.iter().for_each(|field| field.value.collect_depends(found));
            }
            Kind::Term(term) => match &term.kind {
                TermKind::Text(parts) => parts.iter().for_each(|part| part.collect_depends(found)),
                TermKind::Partial { of, .. } => of.collect_depends(found),
                // Which turn of a loop it is decides nothing; what is looped over does.
                TermKind::Local(_) => {}
                TermKind::Call { name, args }
                    if args.iter().any(|arg| !arg.is_closed()) && !is_generated(name) =>
                {
                    args.iter().for_each(|arg| arg.collect_depends(found));
                }
                TermKind::Property { of, .. } if matches!(&of.kind, Kind::Term(t) if matches!(t.kind, TermKind::Parameter { .. })) =>
                {
                    found.add(self.normal());
                }
                _ => found.add(self.normal()),
            },
            Kind::Choice(choice) => {
                choice.condition.collect_depends(found);
                choice.then.collect_depends(found);
                choice.otherwise.collect_depends(found);
            }
            _ => {}
        }
    }

    /// The elements of this as a list, with what may or may not be among them.
    pub fn elements(&self) -> Elements {
        let mut elements = Elements::default();
        self.collect_elements(&Truth::of(true), &mut elements, 0);
        elements
    }

    /// Whether this is a list of more than `limit` elements.
    pub fn is_longer_than(&self, limit: usize) -> Truth {
        let longer = self.test(&|list| {
            let elements = list.elements();
            if elements.sure().count() > limit {
                Some(true)
            } else if elements.open.is_none() && elements.items.len() <= limit {
                Some(false)
            } else {
                None
            }
        });
        self.elements().sure().fold(longer, |longer, assumed| longer.assuming(assumed))
    }

    fn collect_elements(&self, present: &Truth, into: &mut Elements, depth: u16) {
        let present = &present.clone().assuming(&self.assumed);
        into.assumed = into.assumed.and(&self.assumed);
        if depth > MAX_DEPTH {
            into.open_on(Unknowns::of("list too large"));
            return;
        }
        match &self.kind {
            Kind::Array(array) => {
                let room = MAX_ELEMENTS.saturating_sub(into.items.len());
                if array.items.len() > room {
                    into.open_on(Unknowns::of("list too large"));
                }
                for item in array.items.iter().take(room) {
                    let value = item.clone().part_of(self, None);
                    let value = if value.place.is_none() { value.standing(self) } else { value };
                    into.items.push(Element { value, present: present.clone() });
                }
            }
            Kind::Choice(choice) => {
                let when = Truth::Unknown(choice.condition.depends());
                let when = present.clone().and(when);
                choice.then.collect_elements(&when, into, depth + 1);
                choice.otherwise.collect_elements(&when, into, depth + 1);
            }
            Kind::Term(term) => match &term.kind {
                TermKind::Call { name, args } if matches!(&**name, "concat" | "union") => {
                    for arg in args {
                        arg.collect_elements(present, into, depth + 1);
                    }
                }
                _ => into.open_on(self.depends()),
            },
            _ => {}
        }
    }

    /// The normal form: for a term its identity, for a known value its literal.
    pub fn normal(&self) -> String {
        let mut out = String::new();
        self.write_normal(&mut out, false);
        out
    }

    /// `folded` marks the capitals in what is known by a name alone, which counts with case, so that they survive when the
    /// rest is compared without.
    fn write_normal(&self, out: &mut String, folded: bool) {
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Int(number) => {
                let _ = write!(out, "{number}");
            }
            Kind::Decimal(text) => out.push_str(text),
            Kind::Text(text) => {
                out.push('\'');
                out.push_str(&text.replace('\'', "''"));
                out.push('\'');
            }
            Kind::Array(array) => {
                out.push('[');
                write_list(&array.items, out, folded);
                out.push(']');
            }
            Kind::Object(object) => {
                out.push('{');
                for (at, field) in object.fields.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    out.push_str(&field.key);
                    out.push_str(": ");
                    field.value.write_normal(out, folded);
                }
                out.push('}');
            }
            Kind::Term(term) => match &term.kind {
                TermKind::Parameter { name, .. } => {
                    let _ = write!(out, "parameters('{name}')");
                }
                TermKind::Call { name, args } => {
                    out.push_str(name);
                    out.push('(');
                    write_list(args, out, folded);
                    out.push(')');
                }
                TermKind::Property { of, name } => {
                    of.write_normal(out, folded);
                    out.push('.');
                    out.push_str(name);
                }
                TermKind::Partial { of, .. } => of.write_normal(out, folded),
                TermKind::Text(parts) => write_text(parts, out, folded),
                TermKind::Named(name) if folded => {
                    for c in name.chars() {
                        if c.is_ascii_uppercase() {
                            out.push('\u{1}');
                        }
                        out.push(c);
                    }
                }
                TermKind::Local(name) | TermKind::Named(name) => out.push_str(name),
                TermKind::Limit(reason) => {
                    let _ = write!(out, "limit('{reason}')");
                }
            },
            Kind::Choice(choice) => {
                out.push_str("if(");
                choice.condition.write_normal(out, folded);
                out.push_str(", ");
                choice.then.write_normal(out, folded);
                out.push_str(", ");
                choice.otherwise.write_normal(out, folded);
                out.push(')');
            }
        }
    }

    /// Whether both have the same normal form, without case where names in it have none.
    pub fn is_alike(&self, other: &Value) -> bool {
        if let (Kind::Term(a), Kind::Term(b)) = (&self.kind, &other.kind)
            && Rc::ptr_eq(a, b)
        {
            return true;
        }
        self.size() == other.size()
            && match (self.as_text(), other.as_text()) {
                (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
                _ => self.key() == other.key(),
            }
    }

    /// What values with the same normal form, without case, have in common.
    pub fn key(&self) -> Rc<str> {
        let of = || {
            let mut folded = String::new();
            self.write_normal(&mut folded, true);
            folded.make_ascii_lowercase();
            Rc::from(folded)
        };
        match &self.kind {
            Kind::Term(term) => Rc::clone(term.key.get_or_init(of)),
            _ => of(),
        }
    }

    /// What is between the slashes of a text, empty parts left out; an open piece holds no slash.
    pub fn parts(&self) -> Rc<[Value]> {
        match &self.kind {
            Kind::Term(term) if matches!(term.kind, TermKind::Text(_)) => {
                Rc::clone(term.parts.get_or_init(|| between_slashes(&self.pieces())))
            }
            _ => between_slashes(&self.pieces()),
        }
    }

    /// As a reader would name it: plain text for known text, the normal form for the rest.
    pub fn display(&self) -> String {
        match self.as_text() {
            Some(text) => text.to_owned(),
            None => self.normal(),
        }
    }

    /// The pieces of text: one for known text, several for text with holes, the value itself otherwise.
    pub fn pieces(&self) -> Vec<Value> {
        match &self.kind {
            Kind::Term(term) => match &term.kind {
                TermKind::Text(parts) => parts.clone(),
                _ => vec![self.clone()],
            },
            _ => vec![self.clone()],
        }
    }
}

fn between_slashes(pieces: &[Value]) -> Rc<[Value]> {
    let mut all: Vec<Value> = Vec::new();
    let mut current: Vec<Value> = Vec::new();
    let end = |current: &mut Vec<Value>, all: &mut Vec<Value>| match current.pop() {
        Some(only) if current.is_empty() => all.push(only),
        Some(last) => {
            current.push(last);
            all.push(Value::concat(&std::mem::take(current)));
        }
        None => {}
    };
    for piece in pieces {
        match piece.as_text() {
            Some(text) => {
                for (at, part) in text.split('/').enumerate() {
                    if at > 0 {
                        end(&mut current, &mut all);
                    }
                    if !part.is_empty() {
                        current.push(Value::text(part).assuming(&piece.assumed));
                    }
                }
            }
            None => current.push(piece.clone()),
        }
    }
    end(&mut current, &mut all);
    all.into()
}

/// A property of merged objects of which some are unknown: later ones replace what earlier ones say.
fn merged_property(function: &str, objects: &[Value], key: &str) -> Option<Value> {
    let lacks = |value: &Value| value.as_object().is_some_and(|object| object.field(key).is_none());
    let last = objects.iter().rposition(|value| !lacks(value))?;
    let earlier = objects.get(..last)?;
    let field = match objects.get(last)?.as_object() {
        Some(object) => object.field(key)?,
        None if earlier.is_empty() => return Some(objects.first()?.get(key)),
        None => return Some(Value::property(Value::call(function, objects.get(..=last)?.to_vec()), key)),
    };
    // `union` merges nested objects in turn, and what is open may be one.
    let replaces =
        function != "union" || matches!(field.value.kind, Kind::Array(_)) || field.value.is_scalar();
    let earlier = match earlier {
        _ if replaces => return Some(field.value.clone().or_at(field.key_place)),
        [] => return Some(field.value.clone().or_at(field.key_place)),
        [only] => only.get(key),
        _ => Value::call(function, earlier.to_vec()).get(key),
    };
    Some(Value::call(function, vec![earlier, field.value.clone()]).at(field.value.place.or(field.key_place)))
}

/// Text with holes, `kv-${parameters('x')}`. The ids of the subscription and resource group a template deploys to
/// are at the start of every resource id, so they are written as the properties they are.
fn write_text(parts: &[Value], out: &mut String, folded: bool) {
    let is = |part: Option<&Value>, text: &str| part.and_then(Value::as_text) == Some(text);
    let is_property = |part: Option<&Value>, function: &str, property: &str| {
        let Some(Kind::Term(term)) = part.map(|part| &part.kind) else { return false };
        let TermKind::Property { of, name } = &term.kind else { return false };
        let Kind::Term(of) = &of.kind else { return false };
        &**name == property
            && matches!(&of.kind, TermKind::Call { name, args } if &**name == function && args.is_empty())
    };
    let mut rest = parts;
    if is(parts.first(), "/subscriptions/") && is_property(parts.get(1), "subscription", "subscriptionId") {
        let in_group =
            is(parts.get(2), "/resourceGroups/") && is_property(parts.get(3), "resourceGroup", "name");
        let (id, used) = if in_group { ("resourceGroup().id", 4) } else { ("subscription().id", 2) };
        rest = parts.get(used..).unwrap_or_default();
        if rest.is_empty() {
            out.push_str(id);
            return;
        }
        let _ = write!(out, "${{{id}}}");
    }
    for part in rest {
        if let Some(text) = part.as_text() {
            out.push_str(&text.replace("${", "\\${"));
        } else {
            out.push_str("${");
            part.write_normal(out, folded);
            out.push('}');
        }
    }
}

/// Functions whose result Azure makes: an open argument is not what decides them.
fn is_generated(name: &str) -> bool {
    name.eq_ignore_ascii_case("reference")
        || name.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("list"))
}

fn write_list(items: &[Value], out: &mut String, folded: bool) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        item.write_normal(out, folded);
    }
}

fn all_same(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
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

/// A list, seen through choices and joins.
#[derive(Clone, Debug, Default)]
pub struct Elements {
    /// The elements that can be seen.
    pub items: Vec<Element>,
    /// Set when there may be others, with what that depends on.
    pub open: Option<Unknowns>,
    /// The defaults that the list rests on.
    pub assumed: Assumptions,
}

/// One element of a list.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its value.
    pub value: Value,
    /// Whether it is in the list.
    pub present: Truth,
}

impl Elements {
    fn open_on(&mut self, depends: Unknowns) {
        self.open = Some(self.open.take().unwrap_or_default().and(depends));
    }

    /// What each element that is surely in the list rests on.
    pub fn sure(&self) -> impl Iterator<Item = &Assumptions> {
        self.items.iter().filter_map(|item| match &item.present {
            Truth::True(assumed) => Some(assumed),
            _ => None,
        })
    }

    /// Whether there is at least one element.
    pub fn any(&self) -> Truth {
        self.any_is(&|_| Truth::of(true))
    }

    /// Whether there is an element of which this holds. That there is none rests on what the list rests on.
    pub fn any_is(&self, holds: &dyn Fn(&Value) -> Truth) -> Truth {
        let mut any = Truth::of(false).assuming(&self.assumed);
        for item in &self.items {
            any = any.or(item.present.clone().and(holds(&item.value)));
        }
        match &self.open {
            Some(depends) => any.or(Truth::Unknown(depends.clone())),
            None => any,
        }
    }
}
