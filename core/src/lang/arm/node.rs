//! JSON of a template as values: literals, expressions and `copy` loops.

use super::{Text, member, text};
use crate::eval::evaluator::loop_index;
use crate::eval::functions::without_case;
use crate::eval::value::distribute;
use crate::eval::{Field, Value};
use crate::lang::deployment::{Frame, MAX_COPIES, Read, Where};
use crate::lang::source::literal;
use crate::lang::{Problem, ProblemKind};
use crate::sorted::sort_by;
use crate::syntax::expression::{Expr, MAX_LENGTH, Template};
use crate::syntax::json::{Node, Object, ObjectProp, ObjectPropName, Range, Ranged, StringLit};
use crate::text::{Place, Span};
use std::collections::HashSet;
use std::rc::Rc;

/// Reads the values of one file, as seen from a frame.
pub(super) struct Reader<'f, 'w, 't> {
    pub(super) frame: &'f Frame<'w, 't>,
    pub(super) file: Text<'t>,
}

impl<'t> Reader<'_, '_, 't> {
    /// The value of a node.
    pub(super) fn value(&self, node: &'t Node<'t>) -> Value {
        let budget = self.frame.expansion.budget();
        match node {
            Node::StringLit(literal) => self.text(literal),
            Node::Array(array) => budget.nested(|| {
                let items = array.elements.iter().map(|node| self.value(node)).collect();
                budget.make(Value::array(items)).at(self.place(array.range))
            }),
            Node::Object(object) => budget.nested(|| budget.make(self.object(object))),
            _ => literal(&self.file, node).at(Some(self.file.place(node))),
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
            Ok(Some(Template::Expression(expr))) => {
                self.is_too_long(literal);
                self.expression(literal, expr)
            }
            Err(error) => {
                if !self.is_too_long(literal) {
                    let (start, end) = (error.span.start as usize, error.span.end as usize);
                    let at = self.file.span(self.file.parsed.span_in(literal, start, end));
                    self.frame.expansion.problem(at, ProblemKind::Syntax, error.message.clone());
                }
                Value::limit("an expression that cannot be read").at(place)
            }
        }
    }

    /// Reports an expression that is longer than Azure takes; true when it is.
    fn is_too_long(&self, literal: &StringLit) -> bool {
        let text = &*literal.value;
        let is_longer = text.len() > MAX_LENGTH && text.chars().count() > MAX_LENGTH;
        if is_longer {
            let message =
                format!("the expression is longer than {MAX_LENGTH} characters, which Azure refuses");
            let place = self.file.span(self.file.parsed.span(literal.range));
            self.frame.problem(Problem::new(place, ProblemKind::InvalidExpression, message));
        }
        is_longer
    }

    /// What a string of the template means. In a loop, and in what a deployment deploys, it is read once for all copies.
    fn read(&self, literal: &StringLit) -> Rc<Read> {
        let at = (self.file.id, literal.range.start);
        self.frame.expansion.read_string(at, &literal.value, self.frame.is_repeated())
    }

    fn expression(&self, literal: &StringLit<'t>, expr: &Expr) -> Value {
        let parsed = &self.file.parsed;
        let locate = |span: Span| {
            let span = parsed.span_in(literal, span.start as usize, span.end as usize);
            self.file.span(span)
        };
        let at = Where { locate: &locate, exact: false, partially_parsed: !parsed.lost.is_empty() };
        self.frame.evaluate(expr, None, &at).used_at(self.place(literal.range))
    }

    fn object(&self, object: &'t Object<'t>) -> Value {
        let mut fields = Vec::with_capacity(object.properties.len());
        let mut open = Vec::new();
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
            let (field, unknown) = self.property(prop);
            open.extend(unknown.map(|name| (Rc::clone(&field.key), name)));
            fields.push(field);
        }
        let fields = last_of_each(fields);
        let object_at = self.place(object.range);
        if open.is_empty() {
            return Value::object(fields).at(object_at);
        }
        // Names and values by turns, as the evaluator has an object of Bicep with such a name.
        let name = |key: &Rc<str>| {
            let unknown = open.iter().find(|(of, _)| Rc::ptr_eq(of, key));
            unknown.map_or_else(|| Value::text(Rc::clone(key)), |(_, name)| name.clone())
        };
        let pairs = fields.into_iter().flat_map(|field| [name(&field.key).at(field.key_place), field.value]);
        Value::call("createObject", pairs.collect()).at(object_at)
    }

    /// One property. Its name may be an expression too.
    pub(super) fn field(&self, prop: &'t ObjectProp<'t>) -> Field {
        self.property(prop).0
    }

    /// One property, and its name where that is not known.
    fn property(&self, prop: &'t ObjectProp<'t>) -> (Field, Option<Value>) {
        let name = prop.name.as_str();
        let key_place = self.name_place(prop);
        let value = self.value(&prop.value).or_at(key_place);
        match (&prop.name, name.starts_with('[')) {
            (ObjectPropName::String(literal), true) => {
                let evaluated = self.text(literal);
                let key = Rc::from(evaluated.display().as_str());
                let value = value.assuming(&evaluated.assumed);
                (Field { key, key_place, value }, Some(evaluated).filter(|name| name.as_text().is_none()))
            }
            _ => (Field { key: Rc::from(name), key_place, value }, None),
        }
    }

    /// The array that a `copy` object of a property, variable or output makes.
    pub(super) fn copied(&self, copy: &'t Object<'t>, name: Option<&str>) -> Value {
        let count = member(copy, "count").map_or_else(Value::null, |node| self.value(node));
        let Some(input) = member(copy, "input") else { return Value::null() };
        let place = self.place(copy.range);
        let with = |index: Value| {
            let name = loop_index(name);
            Reader { frame: &self.frame.with(&name, index), file: self.file }.value(input)
        };
        let made = |count: &Value| match count.as_int() {
            Some(turns) if (0..=MAX_COPIES).contains(&turns) => {
                let mut items = Vec::new();
                for index in 0..turns {
                    if self.frame.expansion.budget().is_spent() {
                        return Value::limit("evaluation budget used up");
                    }
                    items.push(with(Value::int(index)));
                }
                Value::array(items)
            }
            Some(_) => {
                if let Some(written) = member(copy, "count") {
                    self.frame.refuse_count(count, self.file.place(written));
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
        Some(self.file.span(self.file.parsed.span(range)))
    }

    fn name_place(&self, prop: &ObjectProp) -> Option<Place> {
        self.place(prop.name.range())
    }
}

/// Fields without those whose name, in whatever case, is given again: the last one wins, as in Azure's parser.
fn last_of_each(mut fields: Vec<Field>) -> Vec<Field> {
    let mut names: Vec<Rc<str>> = fields.iter().map(|field| Rc::clone(&field.key)).collect();
    sort_by(&mut names, |a, b| without_case(a, b));
    if names.windows(2).any(|pair| matches!(pair, [a, b] if a.eq_ignore_ascii_case(b))) {
        let mut seen = HashSet::new();
        fields.reverse();
        fields.retain(|field| seen.insert(field.key.to_ascii_lowercase()));
        fields.reverse();
    }
    fields
}
