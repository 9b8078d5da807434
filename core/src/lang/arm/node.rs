//! JSON of a template as values: literals, expressions and `copy` loops.

use super::scope::Frame;
use super::{ProblemKind, member, text};
use crate::eval::evaluator::loop_index;
use crate::eval::value::distribute;
use crate::eval::{Field, Value};
use crate::lang::source::literal;
use crate::syntax::expression::{self, ExprError, Template};
use crate::syntax::json::{Node, Object, ObjectProp, ObjectPropName, Range, Ranged, StringLit};
use crate::text::{Place, Span};
use std::rc::Rc;

/// A loop makes at most this many copies; Azure's own limit.
pub(super) const MAX_COPIES: i64 = 800;

/// What a string means, or why it cannot be read.
pub(super) type Read = Result<Option<Template>, ExprError>;

impl<'t> Frame<'_, 't> {
    /// The value of a node.
    pub(super) fn value(&self, node: &'t Node<'t>) -> Value {
        match node {
            Node::StringLit(literal) => self.text(literal),
            Node::Array(array) => self.world.budget.nested(|| {
                Value::array(array.elements.iter().map(|node| self.value(node)).collect())
                    .at(self.place(array.range))
            }),
            Node::Object(object) => self.world.budget.nested(|| self.object(object)),
            _ => literal(self.file, node),
        }
    }

    fn text(&self, literal: &'t StringLit<'t>) -> Value {
        let place = self.place(literal.range);
        if !literal.value.starts_with('[') {
            return Value::text(Rc::from(&*literal.value)).at(place);
        }
        match &*self.read(literal) {
            Ok(None) => Value::text(Rc::from(&*literal.value)).at(place),
            Ok(Some(Template::Literal(text))) => Value::text(text.as_str()).at(place),
            Ok(Some(Template::Expression(expr))) => self.expression(literal, expr),
            Err(error) => {
                let (start, end) = (error.span.start as usize, error.span.end as usize);
                let span = self.file.parsed.span_in(literal, start, end);
                self.world.problem(
                    Place { file: self.file.id, span },
                    ProblemKind::Syntax,
                    error.message.clone(),
                );
                Value::limit("an expression that cannot be read").at(place)
            }
        }
    }

    /// What a string of the template means. In a loop it is read once for all copies.
    fn read(&self, literal: &StringLit) -> Rc<Read> {
        if self.locals.is_empty() {
            return Rc::new(expression::read(&literal.value));
        }
        let key = (self.file.id, literal.range.start);
        let mut known = self.world.expressions.borrow_mut();
        Rc::clone(known.entry(key).or_insert_with(|| Rc::new(expression::read(&literal.value))))
    }

    fn object(&self, object: &'t Object<'t>) -> Value {
        let mut fields = Vec::with_capacity(object.properties.len());
        for prop in &object.properties {
            let is_copy = prop.name.as_str().eq_ignore_ascii_case("copy");
            if let (true, Node::Array(copies)) = (is_copy, &prop.value) {
                // A property loop: each entry makes the property it names.
                for copy in copies.elements.iter().filter_map(super::object) {
                    if let Some(name) = member(copy, "name").and_then(text) {
                        let value = self.copied(copy, Some(name));
                        fields.push(Field { key: Rc::from(name), key_place: self.name_place(prop), value });
                    }
                }
                continue;
            }
            fields.push(self.field(prop));
        }
        Value::object(fields).at(self.place(object.range))
    }

    /// One property. Its name may be an expression too.
    pub(super) fn field(&self, prop: &'t ObjectProp<'t>) -> Field {
        let name = prop.name.as_str();
        let key_place = self.name_place(prop);
        let key = match (&prop.name, name.starts_with('[')) {
            (ObjectPropName::String(literal), true) => {
                let evaluated = self.text(literal);
                Rc::from(evaluated.display().as_str())
            }
            _ => Rc::from(name),
        };
        Field { key, key_place, value: self.value(&prop.value).or_at(key_place) }
    }

    /// The array that a `copy` object of a property, variable or output makes.
    pub(super) fn copied(&self, copy: &'t Object<'t>, name: Option<&str>) -> Value {
        let count = member(copy, "count").map_or_else(Value::null, |node| self.value(node));
        let Some(input) = member(copy, "input") else { return Value::null() };
        let place = self.place(copy.range);
        let with = |index: Value| {
            let name = loop_index(name);
            self.with(&name, index).value(input)
        };
        let made = |count: &Value| match count.as_int() {
            Some(turns) if (0..=MAX_COPIES).contains(&turns) => {
                let mut items = Vec::new();
                for index in 0..turns {
                    if self.world.budget.is_spent() {
                        return Value::limit("evaluation budget used up");
                    }
                    items.push(with(Value::int(index)));
                }
                Value::array(items)
            }
            Some(_) => {
                if let Some(written) = member(copy, "count") {
                    self.world.refuse_count(self, written, count);
                }
                Value::limit("a loop that Azure refuses")
            }
            None => {
                let index = Value::local(&loop_index(name));
                Value::call("copy", vec![count.clone(), with(index)])
            }
        };
        // A count that is one of several gives one of several lists.
        distribute(std::slice::from_ref(&count), &|counts| counts.first().map_or_else(Value::null, made))
            .at(place)
    }

    pub(super) fn place(&self, range: Range) -> Option<Place> {
        let span: Span = self.file.parsed.span(range);
        Some(Place { file: self.file.id, span })
    }

    fn name_place(&self, prop: &ObjectProp) -> Option<Place> {
        self.place(prop.name.range())
    }
}
