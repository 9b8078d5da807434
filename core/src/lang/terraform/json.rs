//! HCL written in JSON: `.tf.json` and `.tfvars.json`. Texts are templates; what is in one has the place of the text.

use crate::lang::source::text;
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{self, Attribute, Block, Body, Label, NAMESPACE, move_to};
use crate::syntax::json::{self, Node, Object, ObjectProp, Parsed, Ranged};
use crate::text::Span;
use std::rc::Rc;

/// Reads a file, of blocks or of values only.
pub(super) fn read(source: &str, is_values: bool) -> hcl::File {
    let parsed = json::parse(source);
    let of = |problem: &json::Problem| hcl::Problem { span: problem.span, message: problem.message.clone() };
    let problems: Vec<hcl::Problem> = parsed.problems.iter().map(of).collect();
    let mut body = match &parsed.root {
        Some(Node::Object(root)) => file(&parsed, root, is_values),
        _ => Body::default(),
    };
    body.partially_parsed |= !problems.is_empty();
    hcl::File { body, problems, comments: Vec::new() }
}

/// The blocks of a file: known words and the labels behind them are keys.
fn file(parsed: &Parsed, root: &Object, is_values: bool) -> Body {
    let mut body = Body::default();
    for prop in &root.properties {
        let labels = match prop.name.as_str() {
            "resource" | "data" | "ephemeral" if !is_values => 2,
            "variable" | "output" | "module" if !is_values => 1,
            "locals" | "terraform" if !is_values => 0,
            _ => {
                body.attributes.push(attribute(parsed, prop));
                continue;
            }
        };
        let mut blocks =
            Blocks { parsed, kind: prop.name.as_str(), labels: Vec::new(), into: &mut body.blocks };
        blocks.read(prop, &prop.value, labels);
    }
    body
}

/// The blocks of one kind while they are read.
struct Blocks<'p, 't> {
    parsed: &'p Parsed<'t>,
    kind: &'p str,
    labels: Vec<Label>,
    into: &'p mut Vec<Block>,
}

impl Blocks<'_, '_> {
    fn read(&mut self, head: &ObjectProp, node: &Node, labels: usize) {
        match node {
            // Several blocks of a kind are a list.
            Node::Array(list) => list.elements.iter().for_each(|item| self.read(head, item, labels)),
            Node::Object(object) if labels > 0 => {
                for prop in &object.properties {
                    let span = self.parsed.span(prop.name.range());
                    self.labels.push(Label { text: Rc::from(prop.name.as_str()), span });
                    self.read(prop, &prop.value, labels - 1);
                    self.labels.pop();
                }
            }
            Node::Object(object) => {
                self.into.push(Block {
                    kind: Rc::from(self.kind),
                    labels: self.labels.clone(),
                    head: self.parsed.span(head.name.range()),
                    span: self.parsed.span(head.range()),
                    body: body(self.parsed, object),
                });
            }
            _ => {}
        }
    }
}

/// What is in a block. An object is a value that represents a block as well, but for what only a block can be or hold.
fn body(parsed: &Parsed, object: &Object) -> Body {
    let mut body = Body::default();
    for prop in object.properties.iter().filter(|prop| prop.name.as_str() != COMMENT) {
        let kind = prop.name.as_str();
        let labels = match kind {
            "dynamic" => Some(1),
            "lifecycle" | "required_providers" | "content" => Some(0),
            _ => holds_dynamic(&prop.value, 0).then_some(0),
        };
        match labels {
            Some(labels) => {
                let into = &mut body.blocks;
                Blocks { parsed, kind, labels: Vec::new(), into }.read(prop, &prop.value, labels);
            }
            None => body.attributes.push(attribute(parsed, prop)),
        }
    }
    body
}

/// The name of what is for readers only.
const COMMENT: &str = "//";

/// How far below a block a `dynamic` one is looked for: each level is looked at once more for it.
const MAX_BELOW: usize = 8;

/// Whether a value is a block, or several, with a `dynamic` one in it.
fn holds_dynamic(value: &Node, depth: usize) -> bool {
    match value {
        Node::Object(object) if depth < MAX_BELOW => object.properties.iter().any(|prop| {
            let is_block = matches!(prop.value, Node::Object(_) | Node::Array(_));
            is_block && (prop.name.as_str() == "dynamic" || holds_dynamic(&prop.value, depth + 1))
        }),
        Node::Array(list) if depth < MAX_BELOW => {
            list.elements.iter().any(|item| holds_dynamic(item, depth + 1))
        }
        _ => false,
    }
}

fn attribute(parsed: &Parsed, prop: &ObjectProp) -> Attribute {
    let name = prop.name.as_str();
    let value = match name {
        // Names that represent what they name.
        "depends_on" | "ignore_changes" | "iterator" => names(parsed, &prop.value),
        // A type is an expression in a text; other attributes are called so too.
        "type" => text(&prop.value)
            .filter(|ty| is_type(ty))
            .and_then(|ty| written(ty, parsed.span(prop.value.range()))),
        _ => None,
    };
    Attribute {
        name: Rc::from(name),
        name_span: parsed.span(prop.name.range()),
        value: value.unwrap_or_else(|| expression(parsed, &prop.value)),
    }
}

fn is_type(text: &str) -> bool {
    const TYPES: &[&str] = &["string", "number", "bool", "any", "list", "set", "map", "object", "tuple"];
    TYPES
        .iter()
        .any(|word| text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('(')))
}

/// The expression that a text is, as one of HCL's own files has it.
fn written(text: &str, span: Span) -> Option<Expr> {
    let file = hcl::parse(&format!("value = {text}"));
    let mut value = file.body.value("value").filter(|_| file.problems.is_empty())?.clone();
    move_to(&mut value, span);
    Some(value)
}

/// A name, or a list of names.
fn names(parsed: &Parsed, node: &Node) -> Option<Expr> {
    let span = parsed.span(node.range());
    match node {
        Node::Array(list) => {
            let items = list.elements.iter().filter_map(|item| names(parsed, item)).collect();
            Some(Expr { span, kind: ExprKind::Array(items) })
        }
        node => text(node).and_then(|text| written(text, span)),
    }
}

fn expression(parsed: &Parsed, node: &Node) -> Expr {
    let span = parsed.span(node.range());
    let kind = match node {
        Node::StringLit(literal) if literal.value.contains("${") || literal.value.contains("%{") => {
            let mut template = hcl::parse_template(&literal.value);
            move_to(&mut template, span);
            return template;
        }
        Node::StringLit(literal) => ExprKind::Text(Rc::from(&*literal.value)),
        Node::NumberLit(number) => match number.value.parse() {
            Ok(number) => ExprKind::Int(number),
            Err(_) => {
                let args = vec![Expr { span, kind: ExprKind::Text(Rc::from(number.value)) }];
                ExprKind::Call { namespace: Some(Rc::from(NAMESPACE)), name: Rc::from("decimal"), args }
            }
        },
        Node::BooleanLit(flag) => ExprKind::Bool(flag.value),
        Node::NullKeyword(_) => ExprKind::Null,
        Node::Array(array) => {
            ExprKind::Array(array.elements.iter().map(|item| expression(parsed, item)).collect())
        }
        Node::Object(object) => {
            let member = |prop: &ObjectProp| {
                let kind = ExprKind::Text(Rc::from(prop.name.as_str()));
                (Expr { span: parsed.span(prop.name.range()), kind }, expression(parsed, &prop.value))
            };
            ExprKind::Object(object.properties.iter().map(member).collect())
        }
    };
    Expr { span, kind }
}
