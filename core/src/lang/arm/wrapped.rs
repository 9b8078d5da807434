//! Templates inside what Azure's tools wrap around them: `az stack group export` and ARM's `exportTemplate` (`template`),
//! `az ts show` and managed applications (`mainTemplate`, with `linkedTemplates`), bodies of deployments and artifacts of
//! blueprints (`properties.template`, with the parameters they pass), and lists of those.

use super::is_template;
use crate::lang::source::{member, object, text};
use crate::syntax::json::{Node, Object};

/// More templates than this in one document are not read.
const MAX_TEMPLATES: usize = 200;

/// A template of a document.
#[derive(Debug)]
pub(super) struct Wrapped<'t> {
    /// The object with `$schema` and `resources`.
    pub template: Node<'t>,
    /// The parameters that are passed to it beside it.
    pub passed: Option<Node<'t>>,
    /// The path that the main template of the document links to it by.
    pub linked: Option<String>,
}

/// Whether there are templates in a document that is not one itself.
pub(super) fn holds_templates(root: &Node) -> bool {
    match root {
        Node::Object(root) => {
            holder(root).is_some() || list(root).is_some_and(|list| list.iter().any(is_holder))
        }
        Node::Array(list) => list.elements.iter().any(is_holder),
        _ => false,
    }
}

/// The templates of a document.
pub(super) fn templates(root: Node<'_>) -> Vec<Wrapped<'_>> {
    let mut found = Vec::new();
    match root {
        Node::Array(list) => list.elements.into_iter().for_each(|node| take(node, &mut found)),
        Node::Object(mut root) if holder(&root).is_none() => {
            if let Some(Node::Array(list)) = remove(&mut root, "value") {
                list.elements.into_iter().for_each(|node| take(node, &mut found));
            }
        }
        node => take(node, &mut found),
    }
    found.truncate(MAX_TEMPLATES);
    found
}

fn list<'n, 't>(root: &'n Object<'t>) -> Option<&'n [Node<'t>]> {
    match member(root, "value")? {
        Node::Array(list) => Some(&list.elements),
        _ => None,
    }
}

fn is_holder(node: &Node) -> bool {
    object(node).is_some_and(|object| holder(object).is_some())
}

/// The member that is a template, and whether it is below `properties`.
fn holder(of: &Object) -> Option<(&'static str, bool)> {
    const KEYS: [&str; 2] = ["mainTemplate", "template"];
    let is_held = |of: &Object, key: &str| member(of, key).and_then(object).is_some_and(is_template);
    let below = member(of, "properties").and_then(object);
    let here = KEYS.into_iter().find(|key| is_held(of, key)).map(|key| (key, false));
    here.or_else(|| {
        below.and_then(|below| KEYS.into_iter().find(|key| is_held(below, key)).map(|key| (key, true)))
    })
}

fn take<'t>(node: Node<'t>, found: &mut Vec<Wrapped<'t>>) {
    let Node::Object(mut outer) = node else { return };
    let Some((key, is_below)) = holder(&outer) else { return };
    if is_below {
        let Some(Node::Object(below)) = remove(&mut outer, "properties") else { return };
        outer = below;
    }
    let Some(template) = remove(&mut outer, key) else { return };
    let passed = remove(&mut outer, "parameters").filter(|node| object(node).is_some());
    found.push(Wrapped { template, passed, linked: None });
    let Some(Node::Array(linked)) = remove(&mut outer, "linkedTemplates") else { return };
    for node in linked.elements {
        let Node::Object(mut entry) = node else { continue };
        let path = member(&entry, "path").and_then(text).map(str::to_owned);
        if let (Some(path), Some(template)) = (path, remove(&mut entry, "template")) {
            found.push(Wrapped { template, passed: None, linked: Some(path) });
        }
    }
}

fn remove<'t>(of: &mut Object<'t>, key: &str) -> Option<Node<'t>> {
    let at = of.properties.iter().rposition(|property| property.name.as_str().eq_ignore_ascii_case(key))?;
    Some(of.properties.remove(at).value)
}
