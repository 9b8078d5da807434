#![allow(clippy::string_slice, reason = "tests may panic: that is how they fail")]

mod declarations;
mod expressions;
mod hostile;
mod recovery;

use super::ast::{Declaration, DeclarationKind, File, Module, Resource, file};
use super::*;
use crate::syntax::expression::Expr;

/// The declarations of a text without problems.
fn clean(text: &str) -> File {
    let tree = parse(text.into());
    assert_eq!(tree.problems(), [], "{text}");
    assert_lossless(&tree);
    let file = file(&tree);
    assert!(file.declarations.iter().all(|declaration| !declaration.partially_parsed), "{text}");
    file
}

/// The only declaration of a text without problems.
fn one(text: &str) -> Declaration {
    let mut declarations = clean(text).declarations;
    assert_eq!(declarations.len(), 1, "{text}");
    declarations.remove(0)
}

fn resource(declaration: &Declaration) -> &Resource {
    let DeclarationKind::Resource(resource) = &declaration.kind else { panic!("{declaration:?}") };
    resource
}

fn module(declaration: &Declaration) -> &Module {
    let DeclarationKind::Module(module) = &declaration.kind else { panic!("{declaration:?}") };
    module
}

/// What a text has wrong: the place and the message.
fn problems(text: &str) -> Vec<(String, String)> {
    let tree = parse(text.into());
    assert_lossless(&tree);
    let all = tree.problems().iter();
    all.map(|problem| (tree.slice(problem.span).to_owned(), problem.message.clone())).collect()
}

/// Every token is in the tree once, and nodes lie in the nodes around them.
fn assert_lossless(tree: &Tree) {
    fn walk(node: Node, printed: &mut String) {
        for element in node.elements() {
            match element {
                Element::Node(child) => {
                    assert!(node.span().contains(child.span()), "{:?} in {:?}", child.kind(), node.kind());
                    walk(child, printed);
                }
                Element::Token(_, span) => printed.push_str(node.tree.slice(span)),
            }
        }
    }
    let mut printed = String::new();
    walk(tree.root(), &mut printed);
    assert_eq!(&printed, &**tree.text());
    for problem in tree.problems() {
        assert!(problem.span.start <= problem.span.end, "{problem:?}");
        assert!(tree.text().get(problem.span.start as usize..problem.span.end as usize).is_some());
    }
}

/// How high the tree of an expression is.
fn height(expr: &Expr) -> usize {
    use crate::syntax::expression::ExprKind::{
        Array, Call, For, Index, Interpolation, Lambda, Method, Nested, Object, Property, Spread,
    };
    let most = |exprs: &[Expr]| exprs.iter().map(height).max().unwrap_or_default();
    1 + match &expr.kind {
        Interpolation(all) | Array(all) | Call { args: all, .. } => most(all),
        Object(members) => {
            members.iter().map(|(key, value)| height(key).max(height(value))).max().unwrap_or(0)
        }
        Method { of, args, .. } => height(of).max(most(args)),
        Property { of, .. } | Nested { of, .. } | Spread(of) => height(of),
        Index { of, index, .. } => height(of).max(height(index)),
        Lambda { body, .. } => height(body),
        For { list, condition, body, .. } => {
            let condition = condition.as_deref().map(height).unwrap_or_default();
            height(list).max(height(body)).max(condition)
        }
        _ => 0,
    }
}

#[test]
fn comments_are_listed_with_their_words() {
    let text = "// one\nvar a = 'no // comment' /* two */ // three\n#disable-next-line x // four\n/* five";
    let tree = parse(text.into());
    let words: Vec<&str> = comments(&tree).into_iter().map(|(_, words)| words).collect();
    assert_eq!(words, [" one", " two ", " three", "", " four", " five"]);
    for (span, words) in comments(&tree) {
        assert!(text[span.start as usize + 2..].starts_with(words));
    }
}
