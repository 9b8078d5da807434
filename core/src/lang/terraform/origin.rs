//! Where what a plan shows is written, in the files of the directory that it was made of.

use super::config::{self, Declared, Module};
use super::{File, Written};
use crate::lang::directory;
use crate::lang::source::{self, object, text};
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{Block, Body};
use crate::syntax::json::{Node, Object, ObjectProp, Ranged};
use crate::text::{Place, Span};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The names in an address without the keys of copies, each with where it starts: `module.a["x"].t.n[0]` has four.
pub(super) fn names(address: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    let mut start = Some(0);
    // Inside of a key, and there inside of quotes.
    let (mut in_key, mut quoted, mut escaped) = (false, false, false);
    for (at, c) in address.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if in_key => quoted = !quoted,
            ']' if !quoted => in_key = false,
            '[' | '.' if !in_key => {
                names.extend(start.and_then(|start| Some((start, address.get(start..at)?))));
                in_key = c == '[';
                start = (c == '.').then_some(at + 1);
            }
            _ => {}
        }
    }
    names.extend(start.and_then(|start| Some((start, address.get(start..)?))));
    names.retain(|(_, name)| !name.is_empty());
    names
}

/// The names of the modules that an address leads through, and where the address inside the last of them starts.
pub(super) fn modules(address: &str) -> (Vec<&str>, usize) {
    let all = names(address);
    let mut rest = all.as_slice();
    let mut found = Vec::new();
    while let [(_, "module"), (_, name), inner @ ..] = rest {
        found.push(*name);
        rest = inner;
    }
    (found, rest.first().map_or(address.len(), |(at, _)| *at))
}

/// The address of a resource in its module.
pub(super) fn local(kind: &str, name: &str, is_data: bool) -> String {
    if is_data { format!("data.{kind}.{name}") } else { format!("{kind}.{name}") }
}

/// The directories that plans were made of.
pub(super) struct Origins<'a> {
    written: Written<'a>,
    entries: Vec<&'a str>,
    /// The modules that were read, by their directory.
    modules: RefCell<HashMap<String, Option<Rc<Module<'a>>>>>,
}

impl<'a> Origins<'a> {
    /// For plans that were made of these files.
    pub(super) fn new(written: Written<'a>) -> Self {
        Self { entries: written.entries(), written, modules: RefCell::default() }
    }

    /// Where the files have what is at a place of a plan: an attribute, or the head of the block that lacks it. Of a
    /// module that is not among the files, its call.
    pub(super) fn of(&self, plan: &source::File, place: Place) -> Option<Place> {
        let found = Found::at(plan, place.span)?;
        let (calls, local) = modules(&found.address);
        let mut module = self.module(self.directory_of(&plan.path)?)?;
        for name in calls {
            let call = module.calls.get(name)?;
            let inner = match self.called(&module, call) {
                Some(inner) => inner,
                None => return Some(call.head()),
            };
            module = inner;
        }
        let local = names(found.address.get(local..)?);
        let local: Vec<&str> = local.into_iter().map(|(_, name)| name).collect();
        let declared = module.resources.get(&local.join("."))?;
        Some(attribute(declared, &found.steps).unwrap_or_else(|| declared.head()))
    }

    /// The directory that a plan was made of: the only one there is, or where it lies.
    fn directory_of(&self, path: &str) -> Option<&'a str> {
        match self.entries.as_slice() {
            [only] => Some(*only),
            all => all.iter().copied().find(|entry| *entry == directory(path)),
        }
    }

    fn module(&self, path: &str) -> Option<Rc<Module<'a>>> {
        if let Some(known) = self.modules.borrow().get(path) {
            return known.clone();
        }
        let read =
            self.written.directory(path).map(|files| Rc::new(Module::read(path, &files, &mut Vec::new())));
        self.modules.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }

    fn called(&self, module: &Module<'a>, call: &Declared<'a>) -> Option<Rc<Module<'a>>> {
        let (_, source) = call.attribute("source")?;
        self.module(&config::local_source(&module.path, config::source(&source.value)?)?)
    }
}

/// One step into the values of a resource: a property, or an element of a list.
enum Step<'p, 't> {
    Property(&'p str),
    Element(&'p Node<'t>),
}

/// A resource of a plan, and the way to a place in its values.
struct Found<'p, 't> {
    address: Cow<'p, str>,
    steps: Vec<Step<'p, 't>>,
}

impl<'p, 't> Found<'p, 't> {
    fn at(plan: &'p source::File<'t>, span: Span) -> Option<Self> {
        let range = |node: &dyn Ranged| plan.parsed.span(node.range());
        // What is in a list or an object is in order.
        let holds = |node: &dyn Ranged| range(node).start <= span.start && span.end <= range(node).end;
        let mut found = None;
        // The resource of a state's file: its copies have no addresses.
        let mut resource = None;
        let mut node = plan.parsed.root.as_ref()?;
        loop {
            let step = match node {
                Node::Object(of) => {
                    let at = of.properties.partition_point(|prop| range(prop).end < span.end);
                    let prop = of.properties.get(at).filter(|prop| holds(*prop));
                    let named = |key| source::member(of, key).and_then(text);
                    let values = if resource.is_some() { "attributes" } else { "values" };
                    if found.is_none() && source::member(of, "instances").is_some() {
                        resource = local_in_state(of);
                    }
                    let address = match &resource {
                        Some(address) => Some(Cow::Owned(String::clone(address))),
                        None => named("address").map(Cow::Borrowed),
                    };
                    let has_values = found.is_none() && source::member(of, values).is_some();
                    if let Some(address) = address.filter(|_| has_values) {
                        // Its values are one step further.
                        let is_in_values = prop.is_some_and(|prop| prop.name.as_str() == values);
                        found = Some(Found { address, steps: Vec::new() });
                        match prop.filter(|_| is_in_values) {
                            Some(prop) => node = &prop.value,
                            None => return found,
                        }
                        continue;
                    }
                    prop.map(|prop: &ObjectProp| (Step::Property(prop.name.as_str()), &prop.value))
                }
                Node::Array(list) => {
                    let at = list.elements.partition_point(|element| range(element).end < span.end);
                    let element = list.elements.get(at).filter(|element| holds(*element));
                    element.map(|element| (Step::Element(element), element))
                }
                _ => None,
            };
            let Some((step, inner)) = step else { return found };
            if let Some(found) = &mut found {
                found.steps.push(step);
            }
            node = inner;
        }
    }
}

/// The address of a resource in a state's file, without the keys of its copies.
fn local_in_state(of: &Object) -> Option<String> {
    let named = |key| source::member(of, key).and_then(text);
    let local = local(named("type")?, named("name")?, named("mode") == Some("data"));
    Some(named("module").map_or(local.clone(), |module| format!("{module}.{local}")))
}

/// The attribute that steps lead to, or the last block on the way.
fn attribute(declared: &Declared, steps: &[Step]) -> Option<Place> {
    let (Step::Property(name), inner) = steps.split_first()? else { return None };
    if let Some((file, attribute)) = declared.attribute(name) {
        return Some(file.place(expression(&attribute.value, inner)));
    }
    // What comes later wins.
    let of_kind = declared.bodies().rev().find_map(|(file, body)| {
        let blocks = blocks(body, name);
        (!blocks.is_empty()).then_some((file, blocks))
    });
    let (file, blocks) = of_kind?;
    in_blocks(file, &blocks, inner)
}

/// The blocks of a kind, whether they are written or made in a loop.
fn blocks<'b>(body: &'b Body, kind: &str) -> Vec<&'b Block> {
    let made = body.blocks("dynamic").filter(|block| block.label(0) == Some(kind));
    body.blocks(kind).chain(made.filter_map(|block| block.body.blocks("content").next())).collect()
}

fn in_blocks(file: &File, of_kind: &[&Block], steps: &[Step]) -> Option<Place> {
    let (Step::Element(element), inner) = steps.split_first()? else { return None };
    // A plan may list blocks in an order of its own.
    let mut meant = of_kind.iter().filter(|block| of_kind.len() == 1 || is_like(&block.body, element));
    let block = match (meant.next(), meant.next()) {
        (Some(block), None) => block,
        _ => return None,
    };
    let inside = || {
        let (Step::Property(name), inner) = inner.split_first()? else { return None };
        match block.body.value(name) {
            Some(value) => Some(file.place(expression(value, inner))),
            None => in_blocks(file, &blocks(&block.body, name), inner),
        }
    };
    Some(inside().unwrap_or_else(|| file.place(block.head)))
}

/// Whether all that is written as a text in a block is so in an element of a plan.
fn is_like(body: &Body, element: &Node) -> bool {
    let Some(element) = object(element) else { return false };
    body.attributes.iter().all(|attribute| match &attribute.value.kind {
        ExprKind::Text(written) => {
            source::member(element, &attribute.name).and_then(text) == Some(&**written)
        }
        _ => true,
    })
}

/// The part of an expression that steps lead to, as far as it is written out.
fn expression(of: &Expr, steps: &[Step]) -> Span {
    let inner = match (&of.kind, steps.split_first()) {
        (ExprKind::Object(members), Some((Step::Property(name), rest))) => members
            .iter()
            .find(|(key, _)| matches!(&key.kind, ExprKind::Text(key) if **key == **name))
            .map(|(_, value)| expression(value, rest)),
        // Sets have no order: an element is known by what it says.
        (ExprKind::Array(items), Some((Step::Element(element), _))) => text(element)
            .and_then(|text| {
                items.iter().find(|item| matches!(&item.kind, ExprKind::Text(of) if **of == *text))
            })
            .map(|item| item.span),
        // What is a block is an object in JSON.
        (ExprKind::Object(_), Some((Step::Element(_), rest))) => Some(expression(of, rest)),
        _ => None,
    };
    inner.unwrap_or(of.span)
}
