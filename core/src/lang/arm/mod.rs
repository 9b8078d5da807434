//! ARM templates in JSON.

mod addition;
mod edit;
#[cfg(test)]
mod edit_tests;
mod frontend;
mod layout;
mod node;
mod template;
#[cfg(test)]
mod tests;
mod wrapped;

pub use frontend::Frontend;
pub use template::JsonTemplate;

use super::File;
use super::deployment::{Anchor, Given};
use super::source::{literal, member, object, open_expressions, place_of, text};
use crate::eval::{Field, Value};
use crate::syntax::json::{self, Node, Object, Ranged};
use crate::text::{Place, Span};
use std::ops::Deref;
use std::rc::Rc;

/// A file, and the place of what is written in it: its own, or that of the module call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'t> {
    file: &'t File<'t>,
    at: Option<Anchor>,
}

impl<'t> Deref for Text<'t> {
    type Target = File<'t>;

    fn deref(&self) -> &File<'t> {
        self.file
    }
}

impl Text<'_> {
    fn place(&self, node: &impl Ranged) -> Place {
        self.at.map_or_else(|| place_of(self.file, node), |at| at.name)
    }

    fn span(&self, span: Span) -> Place {
        self.at.map_or(Place { file: self.file.id, span }, |at| at.name)
    }

    /// Where a resource or a whole template is.
    fn declaration(&self, node: &Object) -> Place {
        self.at.map_or_else(|| place_of(self.file, node), |at| at.declaration)
    }
}

/// Whether a document is an ARM template: by its schema, or by its parts where it names none.
pub fn is_template(root: &Object) -> bool {
    match json::get(root, "$schema").and_then(|prop| text(&prop.value)) {
        Some(schema) => {
            let schema = schema.to_ascii_lowercase();
            schema.contains("deploymenttemplate.json")
        }
        None => {
            json::get(root, "resources")
                .is_some_and(|prop| matches!(prop.value, Node::Array(_) | Node::Object(_)))
                && json::get(root, "contentVersion").is_some()
        }
    }
}

/// Whether a document is an ARM parameter file.
pub fn is_parameters(root: &Object) -> bool {
    match json::get(root, "$schema").and_then(|prop| text(&prop.value)) {
        Some(schema) => schema.to_ascii_lowercase().contains("deploymentparameters.json"),
        None => {
            json::get(root, "contentVersion").is_some()
                && json::get(root, "parameters").is_some()
                && json::get(root, "resources").is_none()
        }
    }
}

/// The paths of the templates that a template names by themselves, as written.
pub fn links(root: &Object) -> Vec<String> {
    let mut found = Vec::new();
    collect_links(root, &mut found);
    found
}

fn collect_links(holder: &Object, found: &mut Vec<String>) {
    let resources: Vec<&Node> = match member(holder, "resources") {
        Some(Node::Array(all)) => all.elements.iter().collect(),
        Some(Node::Object(all)) => all.properties.iter().map(|prop| &prop.value).collect(),
        _ => Vec::new(),
    };
    for resource in resources.into_iter().filter_map(object) {
        collect_links(resource, found);
        let Some(properties) = member(resource, "properties").and_then(object) else { continue };
        if let Some(template) = member(properties, "template").and_then(object) {
            collect_links(template, found);
        }
        let link = member(properties, "templateLink").and_then(object);
        let path = link.and_then(|link| member(link, "relativePath")).and_then(text);
        found.extend(path.filter(|path| !path.starts_with('[')).map(str::to_owned));
    }
}

/// What a parameter file gives.
pub fn parameters(file: &File) -> Given {
    let mut given = Given { partially_parsed: !file.parsed.lost.is_empty(), ..Given::default() };
    let root = file.parsed.root.as_ref().and_then(object);
    if let Some(declared) = root.and_then(|root| member(root, "parameters")).and_then(object) {
        give(file, declared, &|node| literal(file, node), &mut given);
    }
    given
}

/// What is passed to a template in the file that holds it: expressions there are evaluated by its deployer.
pub fn passed(file: &File) -> Option<Given> {
    let mut given = Given { partially_parsed: !file.parsed.lost.is_empty(), ..Given::default() };
    let open = |node: &Node| open_expressions(&literal(file, node));
    give(file, file.passed.as_ref().and_then(object)?, &open, &mut given);
    Some(given)
}

fn give<'t>(file: &'t File, declared: &'t Object, value: &dyn Fn(&'t Node) -> Value, given: &mut Given) {
    for prop in declared.properties.iter().rev() {
        let (name, Some(entry)) = (prop.name.as_str(), object(&prop.value)) else { continue };
        if let Some(value) = template::passed(entry, name, value) {
            given.give(name, value);
        }
        if let Some(reference) = member(entry, "reference") {
            let at = Some(place_of(file, entry));
            let value = Value::record([("reference", literal(file, reference))]).at(at);
            let key_place = Some(place_of(file, &prop.name));
            given.secrets.push(Field { key: Rc::from(name), key_place, value });
        }
    }
    given.secrets.reverse();
}
