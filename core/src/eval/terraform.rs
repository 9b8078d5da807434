//! What Terraform's expressions have beside functions of evaluated arguments: `try`, `can`, spread arguments.

use super::Locals;
use super::evaluator::{Scope, evaluate};
use super::functions::terraform;
use super::value::{Kind, TermKind, Value};
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::NAMESPACE;

/// The result of a call in the namespace of HCL.
pub(super) fn call(name: &str, args: &[Expr], scope: &dyn Scope, locals: &Locals) -> Value {
    match (name, args) {
        ("try", args) if !args.is_empty() => {
            scope.budget().tolerating(true, || first_that_works(args, scope, locals))
        }
        ("can", [arg]) => scope.budget().tolerating(true, || match fails(arg, scope, locals) {
            Some(fails) => Value::bool(!fails),
            None => Value::call("can", vec![evaluate(arg, scope, locals)]),
        }),
        _ => {
            let Some(values) = arguments(args, scope, locals) else {
                return Value::call(name, args.iter().map(|arg| evaluate(arg, scope, locals)).collect());
            };
            if !scope.budget().pay(&values) {
                return Value::limit("evaluation budget used up");
            }
            if let Some(value) = scope.user_function(Some(NAMESPACE), name, &values) {
                return scope.budget().make(value);
            }
            scope.budget().make(terraform::terraform(name, values))
        }
    }
}

/// The arguments, those that a list is spread into too; `None` where it is not known how many those are.
fn arguments(args: &[Expr], scope: &dyn Scope, locals: &Locals) -> Option<Vec<Value>> {
    let mut values = Vec::with_capacity(args.len());
    for arg in args {
        let value = evaluate(arg, scope, locals);
        match &arg.kind {
            ExprKind::Spread(_) => {
                values.extend(value.as_array()?.iter().map(|item| item.clone().assuming(&value.assumed)))
            }
            _ => values.push(value),
        }
    }
    Some(values)
}

fn first_that_works(args: &[Expr], scope: &dyn Scope, locals: &Locals) -> Value {
    let mut candidates = Vec::new();
    for arg in args {
        match fails(arg, scope, locals) {
            Some(true) => {}
            Some(false) => {
                candidates.push(evaluate(arg, scope, locals));
                break;
            }
            None => candidates.push(evaluate(arg, scope, locals)),
        }
    }
    match candidates.len() {
        0 => Value::null(),
        1 => candidates.swap_remove(0),
        _ => Value::call("try", candidates),
    }
}

/// Whether an expression asks for what is not there: `None` where that is open.
fn fails(expr: &Expr, scope: &dyn Scope, locals: &Locals) -> Option<bool> {
    let mut verdict = Some(false);
    let mut all = |parts: &mut dyn Iterator<Item = &Expr>| {
        for part in parts {
            match fails(part, scope, locals) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => verdict = None,
            }
        }
        verdict
    };
    match &expr.kind {
        ExprKind::Property { of, name, .. } => {
            let inner = fails(of, scope, locals);
            if inner == Some(true) { inner } else { both(inner, lacks(&container(of, scope, locals), name)) }
        }
        ExprKind::Index { of, index, .. } => {
            let inner = fails(of, scope, locals);
            if inner == Some(true) {
                return inner;
            }
            if let ExprKind::Symbol(name) = &of.kind {
                let index = evaluate(index, scope, locals);
                if let Some(found) = scope.symbol(name, Some(&index)) {
                    return both(inner, if found.is_known() { Some(found.is_null()) } else { Some(false) });
                }
            }
            let of = evaluate(of, scope, locals);
            let index = evaluate(index, scope, locals);
            let missing = match (&of.kind, &index.kind) {
                (_, Kind::Text(name)) => lacks(&of, name),
                (Kind::Array(array), Kind::Int(at)) => {
                    Some(usize::try_from(*at).ok().is_none_or(|at| at >= array.items().len()))
                }
                (Kind::Null, _) => Some(true),
                _ => None,
            };
            both(inner, missing)
        }
        ExprKind::Interpolation(parts) | ExprKind::Array(parts) => all(&mut parts.iter()),
        ExprKind::Object(members) => all(&mut members.iter().flat_map(|(key, value)| [key, value])),
        ExprKind::Call { name, args, .. } => match &**name {
            "try" | "can" => Some(false),
            "if" => all(&mut args.iter().take(1)),
            "tonumber" | "jsondecode" | "yamldecode" | "regex" | "file" | "templatefile" | "one" => None,
            _ => all(&mut args.iter()),
        },
        ExprKind::Spread(of) => fails(of, scope, locals),
        ExprKind::For { list, .. } => fails(list, scope, locals),
        _ => Some(false),
    }
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn container(of: &Expr, scope: &dyn Scope, locals: &Locals) -> Value {
    evaluate(of, scope, locals)
}

/// Whether a value has no attribute of that name.
fn lacks(value: &Value, name: &str) -> Option<bool> {
    match &value.kind {
        Kind::Object(object) => Some(!object.has(name)),
        // What a resource generates is there.
        Kind::Term(term) => match &term.kind {
            TermKind::Partial { .. } => Some(false),
            _ => None,
        },
        Kind::Choice(choice) => match (lacks(&choice.then, name), lacks(&choice.otherwise, name)) {
            (Some(a), Some(b)) if a == b => Some(a),
            _ => None,
        },
        _ => Some(true),
    }
}
