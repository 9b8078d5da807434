//! HCL written in JSON: `.tf.json` and `.tfvars.json`. Texts are templates; what stands in one has the place of the text.

use crate::lang::source::text;
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{self, Attribute, Block, Body, Label, NAMESPACE, move_to};
use crate::syntax::json::{self, Node, Object, ObjectProp, Parsed, Ranged};
use crate::text::Span;
use std::rc::Rc;

/// Reads a file.
pub(super) fn read(source: &str) -> hcl::File {
    let parsed = json::parse(source);
    let of = |problem: &json::Problem| hcl::Problem { span: problem.span, message: problem.message.clone() };
    let problems: Vec<hcl::Problem> = parsed.problems.iter().map(of).collect();
    let mut body = match &parsed.root {
        Some(Node::Object(root)) => file(&parsed, root),
        _ => Body::default(),
    };
    body.damaged |= !problems.is_empty();
    hcl::File { body, problems, comments: Vec::new() }
}

/// The blocks of a file: known words and the labels behind them are keys.
fn file(parsed: &Parsed, root: &Object) -> Body {
    let mut body = Body::default();
    for prop in &root.properties {
        let labels = match prop.name.as_str() {
            "resource" | "data" => 2,
            "variable" | "output" | "module" => 1,
            "locals" | "terraform" => 0,
            // A file of values has nothing but attributes.
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
                let attributes = object.properties.iter().map(|prop| attribute(self.parsed, prop)).collect();
                self.into.push(Block {
                    kind: Rc::from(self.kind),
                    labels: self.labels.clone(),
                    head: self.parsed.span(head.name.range()),
                    span: self.parsed.span(head.range()),
                    body: Body { attributes, ..Body::default() },
                });
            }
            _ => {}
        }
    }
}

fn attribute(parsed: &Parsed, prop: &ObjectProp) -> Attribute {
    // A type is an expression in a text.
    let ty = text(&prop.value).filter(|_| prop.name.as_str() == "type");
    let ty = ty.and_then(|ty| type_of(ty, parsed.span(prop.value.range())));
    Attribute {
        name: Rc::from(prop.name.as_str()),
        name_span: parsed.span(prop.name.range()),
        value: ty.unwrap_or_else(|| expression(parsed, &prop.value)),
    }
}

/// The type that a text names; other attributes are called so too.
fn type_of(ty: &str, span: Span) -> Option<Expr> {
    const TYPES: &[&str] = &["string", "number", "bool", "any", "list", "set", "map", "object", "tuple"];
    let is_type = TYPES
        .iter()
        .any(|word| ty.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('(')));
    let file = is_type.then(|| hcl::parse(&format!("type = {ty}")))?;
    let mut value = file.body.value("type")?.clone();
    move_to(&mut value, span);
    Some(value)
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
