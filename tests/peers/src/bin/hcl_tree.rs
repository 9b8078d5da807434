//! The trees of Terraform files as JSON, one file a line: `hcl_tree FILE…`, for `hcl2_compare.py`.
//!
//! A literal is itself, a list or an object its parts, and every other expression `{"source": TEXT}`.

use serde_json::{Value, json};
use vaultmoat_core::syntax::expression::{Expr, ExprKind};
use vaultmoat_core::syntax::hcl;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let file = hcl::parse(&text);
        let problems: Vec<&str> = file.problems.iter().map(|problem| problem.message.as_str()).collect();
        println!("{}", json!({ "path": path, "problems": problems, "body": body(&file.body, &text) }));
    }
    Ok(())
}

fn body(body: &hcl::Body, text: &str) -> Value {
    let attribute = |of: &hcl::Attribute| json!([&*of.name, expression(&of.value, text)]);
    let block = |of: &hcl::Block| {
        let labels: Vec<&str> = of.labels.iter().map(|label| &*label.text).collect();
        json!({ "kind": &*of.kind, "labels": labels, "body": self::body(&of.body, text) })
    };
    let attributes: Vec<Value> = body.attributes.iter().map(attribute).collect();
    let blocks: Vec<Value> = body.blocks.iter().map(block).collect();
    json!({ "attributes": attributes, "blocks": blocks })
}

fn expression(of: &Expr, text: &str) -> Value {
    match &of.kind {
        ExprKind::Null => Value::Null,
        ExprKind::Bool(known) => json!(known),
        ExprKind::Int(known) => json!(known),
        ExprKind::Text(known) => json!({ "text": &**known }),
        ExprKind::Array(items) => items.iter().map(|item| expression(item, text)).collect(),
        ExprKind::Object(members) => {
            let member =
                |(key, value): &(Expr, Expr)| json!([expression(key, text), expression(value, text)]);
            let members: Vec<Value> = members.iter().map(member).collect();
            json!({ "object": members })
        }
        _ => {
            let source = text.get(of.span.start as usize..of.span.end as usize);
            json!({ "source": source })
        }
    }
}
