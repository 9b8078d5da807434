//! The rows of a document: the objects that each represent one resource, whatever is wrapped around them.

use super::identifier;
use super::shape;
use crate::lang::source::{member, object, text};
use crate::syntax::json::{Node, Object};

/// One object that may represent a resource.
pub(super) struct Row<'n, 't> {
    /// The resource as it is, or will be.
    pub(super) object: &'n Object<'t>,
    /// The change that holds it, in a what-if.
    pub(super) change: Option<Change<'n>>,
    /// Which list of the document it is in; `None` for what was shown alone, or in a list that was cut off.
    pub(super) list: Option<usize>,
}

/// A change of a what-if.
#[derive(Clone, Copy)]
pub(super) struct Change<'n> {
    /// The node of `resourceId`.
    pub(super) id: Option<&'n Node<'n>>,
    /// Whether the resource itself is given, not the id alone.
    pub(super) has_resource: bool,
    /// Whether Azure could not say if it will happen.
    pub(super) potential: bool,
}

/// Lists are looked for in this many wrappings at most: pages of an array, an array of pages.
const MAX_WRAPPINGS: usize = 4;
/// How many rows of a list are looked at to tell whether they are Azure's.
const SAMPLE: usize = 16;

/// Whether a document is JSON as Azure prints it. Cheap: looks at the first rows only.
pub(super) fn is_azure(root: &Node) -> bool {
    let mut found = Found { rows: Vec::new(), lists: 0, limit: SAMPLE, before: false };
    found.document(root, 0);
    let empty_query = object(root).is_some_and(|root| {
        matches!(member(root, "data"), Some(Node::Array(_)))
            && member(root, "count").is_some()
            && ["total_records", "totalRecords", "resultTruncated"]
                .iter()
                .any(|key| member(root, key).is_some())
    });
    empty_query || found.rows.iter().any(is_azures)
}

/// The rows of a document, at most `limit`: those of a what-if as they are `before` it or after it.
pub(super) fn read<'n, 't>(root: &'n Node<'t>, limit: usize, before: bool) -> Vec<Row<'n, 't>> {
    let mut found = Found { rows: Vec::new(), lists: 0, limit, before };
    found.document(root, 0);
    found.rows
}

struct Found<'n, 't> {
    rows: Vec<Row<'n, 't>>,
    lists: usize,
    limit: usize,
    before: bool,
}

impl<'n, 't> Found<'n, 't> {
    fn document(&mut self, node: &'n Node<'t>, wrappings: usize) {
        match node {
            Node::Array(_) => self.list(node, true, wrappings),
            Node::Object(object) => self.object(object, None, wrappings),
            _ => {}
        }
    }

    fn list(&mut self, node: &'n Node<'t>, whole: bool, wrappings: usize) {
        let Node::Array(array) = node else { return };
        if wrappings > MAX_WRAPPINGS {
            return;
        }
        self.lists += 1;
        let list = whole.then_some(self.lists);
        for node in &array.elements {
            if self.rows.len() >= self.limit {
                return;
            }
            match node {
                Node::Object(object) => self.object(object, list, wrappings + 1),
                _ => self.list(node, whole, wrappings + 1),
            }
        }
    }

    fn object(&mut self, object: &'n Object<'t>, list: Option<usize>, wrappings: usize) {
        // A resource may have properties of any name: what has an identity is not a wrapping.
        if !is_resource(object) {
            for key in ["value", "data"] {
                if let Some(node @ Node::Array(_)) = member(object, key) {
                    return self.list(node, !is_cut_off(object), wrappings + 1);
                }
            }
            let outcome =
                member(object, "properties").and_then(crate::lang::source::object).unwrap_or(object);
            if let Some(Node::Array(_)) = member(outcome, "changes") {
                self.changes(outcome, "changes", false);
                return self.changes(outcome, "potentialChanges", true);
            }
        }
        if self.rows.len() < self.limit {
            self.rows.push(Row { object, change: None, list });
        }
    }

    /// The changes of a what-if: each resource as it is before it, or as it will be.
    fn changes(&mut self, outcome: &'n Object<'t>, key: &str, potential: bool) {
        let Some(Node::Array(changes)) = member(outcome, key) else { return };
        for change in changes.elements.iter().filter_map(object) {
            let Some(kind) = member(change, "changeType").and_then(text) else { continue };
            // What is ignored stays as it is.
            let (absent, keys) = match self.before {
                true => ("Create", ["before", "after"]),
                false => ("Delete", ["after", "before"]),
            };
            if kind.eq_ignore_ascii_case(absent) || self.rows.len() >= self.limit {
                continue;
            }
            let resource = keys.iter().find_map(|key| member(change, key).and_then(object));
            self.rows.push(Row {
                object: resource.unwrap_or(change),
                change: Some(Change {
                    id: member(change, "resourceId"),
                    has_resource: resource.is_some(),
                    potential,
                }),
                list: None,
            });
        }
    }
}

fn is_resource(object: &Object) -> bool {
    ["id", "type", "resourceId", "resourceType"]
        .iter()
        .any(|key| member(object, key).and_then(text).is_some())
}

/// Whether there are more pages, or the answer says that it is not all.
fn is_cut_off(page: &Object) -> bool {
    let says = |key| match member(page, key) {
        Some(Node::StringLit(literal)) => !literal.value.is_empty() && &*literal.value != "false",
        Some(Node::BooleanLit(literal)) => literal.value,
        _ => false,
    };
    let number = |key| match member(page, key) {
        Some(Node::NumberLit(literal)) => literal.value.parse::<u64>().ok(),
        _ => None,
    };
    let total = number("total_records").or_else(|| number("totalRecords"));
    ["nextLink", "resultTruncated", "skip_token", "skipToken", "$skipToken"].iter().any(|key| says(key))
        || matches!((number("count"), total), (Some(count), Some(total)) if count < total)
}

/// Whether a row can only come from Azure. Templates, their fragments and definitions of policies look alike.
fn is_azures(row: &Row) -> bool {
    let object = row.object;
    if row.change.is_some() {
        return true;
    }
    let written = |key| member(object, key).and_then(text);
    if written("name").is_some_and(|name| name.starts_with('[')) {
        return false;
    }
    let id = written("id").or_else(|| written("resourceId"));
    if let Some(id) = id.filter(|id| identifier::is_below_subscription(id)) {
        let described = ["name", "type", "properties", "vaultName", "resourceType"]
            .iter()
            .any(|key| member(object, key).is_some());
        return described && !identifier::kind(id).is_some_and(|kind| is_definition(&kind));
    }
    if let Some(kind) = written("type").or_else(|| written("resourceType")) {
        let kind = kind.to_ascii_lowercase();
        let named = kind.starts_with("microsoft.keyvault/") || kind.starts_with("microsoft.network/");
        return named && member(object, "apiVersion").is_none() && member(object, "properties").is_some();
    }
    shape::of_row(object).is_some() || shape::is_rule_set(object)
}

fn is_definition(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind.starts_with("microsoft.authorization/") && kind.ends_with("definitions")
}
