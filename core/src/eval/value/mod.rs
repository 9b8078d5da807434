//! The value domain: what a template determines, what it leaves open, and where each part came from.
//!
//! A [`Value`] is known (null, bool, int, text, array, object), a [`Term`] (unknown, with an identity), or a
//! [`Choice`] (an unknown condition with both branches). Two terms are equal when their normal forms are equal.

mod assumptions;
mod choice;
mod decide;
mod elements;
mod make;
mod normal;
mod place;
mod read;

pub use assumptions::{Assumptions, MAX_ASSUMED};
pub use choice::distribute;
pub use elements::{Element, Elements};

use super::meter;
use crate::text::Place;
use std::cell::OnceCell;
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
/// How many combinations of branches are looked at before a value counts as open.
const MAX_CASES: usize = 64;

/// A partial value with provenance.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// The known part, or the identity of what is unknown.
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
    /// `true` or `false`; texts such as `"true"` stay text.
    Bool(bool),
    /// A number without a fraction that fits 64 bits.
    Int(i64),
    /// A number that is not an integer, as it was written: nothing in the network model computes with it.
    Decimal(Rc<str>),
    /// Text that is known from start to end; with holes it is a [`TermKind::Text`].
    Text(Rc<str>),
    /// A list of known length; its elements may be unknown.
    Array(Rc<Array>),
    /// An object with known names of fields, whose values may be unknown.
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
    /// Null where the field is written as `null`.
    pub value: Value,
}

/// Something unknown. Its normal form is its identity.
#[derive(Debug)]
pub struct Term {
    /// The expression that gives it, of which the normal form is made.
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
        meter::count(match &kind {
            TermKind::Parameter { name, allowed } => name.len() + allowed.len() * meter::ELEMENT,
            TermKind::Call { name, args } => name.len() + args.len() * meter::ELEMENT,
            TermKind::Text(parts) => parts.len() * meter::ELEMENT,
            TermKind::Property { name, .. } | TermKind::Local(name) | TermKind::Named(name) => name.len(),
            TermKind::Partial { .. } | TermKind::Limit(_) => meter::ELEMENT,
        });
        Self { kind, depth, size, parts: OnceCell::new(), key: OnceCell::new() }
    }
}

/// What made a term.
#[derive(Debug)]
pub enum TermKind {
    /// A parameter without a value; `allowed` are the only values it can have, if it says so.
    Parameter {
        /// As declared; a variable in Terraform.
        name: Rc<str>,
        /// Its allowed values; empty when it may be anything.
        allowed: Vec<Value>,
    },
    /// A function whose result is not known.
    Call {
        /// In the library's spelling, with the namespace of Terraform's own functions.
        name: Rc<str>,
        /// In order; at least one of them is unknown, or the result is known to Azure alone.
        args: Vec<Value>,
    },
    /// A property of something unknown.
    Property {
        /// What it is a property of.
        of: Value,
        /// As written; it compares without case.
        name: Rc<str>,
    },
    /// An object that Azure completes: what is declared of it is known, the rest is generated.
    Partial {
        /// Its identity: `reference(…)`, `resourceGroup()`.
        of: Value,
        /// The object with the fields that the files give.
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
    /// A boolean whose value is unknown.
    pub condition: Value,
    /// The value when it holds.
    pub then: Value,
    /// The value when it does not.
    pub otherwise: Value,
    depth: u16,
    size: usize,
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Self { kind, place: None, anchor: None, used: None, assumed: Assumptions::default() }
    }
}

impl Object {
    fn new(fields: Vec<Field>, depth: u16, size: usize, completed: Option<Value>) -> Self {
        meter::count(fields.iter().fold(0, |sum, field| sum + field.key.len() + meter::ELEMENT));
        Self { fields, depth, size, completed }
    }

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
    fn new(items: Vec<Value>, depth: u16, size: usize) -> Self {
        meter::count(items.len() * meter::ELEMENT);
        Self { items, depth, size, is_set: false }
    }

    /// In the order written, which says nothing where [`Array::is_unordered`].
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// Whether it is not known which element comes first.
    pub fn is_unordered(&self) -> bool {
        self.is_set && self.items.len() > 1
    }
}
