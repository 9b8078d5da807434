//! Azure's own JSON: what `az … show|list`, Resource Graph, REST and what-if print.
//!
//! It shows an environment as it is, so much that a template leaves open is known here: ids are whole, a vault names
//! the endpoints it is connected to, a property that is not there is not set. What is not known is told apart:
//! a row that shows only part of its resource leaves the rest open, a row without an id has a name of its own
//! (`export('file.json')`), and of which types everything is here is what [`Lists`](super::Lists) says.
//!
//! The CLI prints most resources flattened, Azure wraps what matters in `properties`; every row becomes the wrapped
//! shape, and each value keeps its place. Parts of a resource stay as they are: the model reads both (F1.61, F1.63).

mod identifier;
mod named;
mod powershell;
mod resource;
mod rows;
mod shape;
#[cfg(test)]
mod tests;

use super::source::{File, member, object, place_of};
use super::{Lowered, Problem, ProblemKind, Resource};
use crate::eval::Value;
use crate::syntax::json::Node;
use crate::text::FileId;
use resource::Read;
use std::collections::{HashMap, HashSet};

/// Whether a document is JSON as Azure prints it: by its content, not by a name.
pub fn is_azure_json(root: &Node) -> bool {
    rows::is_azure(root)
}

/// More rows than this are not read.
pub const MAX_ROWS: usize = 25_000;

/// Reads all documents as one environment. A resource that is shown several times counts once: as the first row that
/// shows the whole of it. What a what-if shows is read as it is `before` it, or after it.
pub fn lower<'f, 't: 'f>(files: impl IntoIterator<Item = &'f File<'t>>, before: bool) -> Lowered {
    // The rows of a file are counted through all of its documents.
    let mut numbered: Option<FileId> = None;
    let files = files.into_iter().map(|file| (file, numbered.replace(file.id) != Some(file.id)));
    lower_counted(&mut files.map(|(file, is_first)| (file, is_first.then_some(0))), before)
}

/// The same for documents of one row each, with the number of the row in its file, from 1: some of the rows of all.
pub fn lower_rows<'f, 't: 'f>(rows: impl IntoIterator<Item = (&'f File<'t>, usize)>) -> Lowered {
    lower_counted(&mut rows.into_iter().map(|(file, number)| (file, Some(number.saturating_sub(1)))), false)
}

/// A resource that a document shows.
#[derive(Debug)]
pub struct Shown {
    /// The resource.
    pub resource: Resource,
    /// Whether all of it is shown.
    pub whole: bool,
    /// Whether it says of itself that it is there for others: `metadata.vaultmoat.neighbour`.
    pub is_neighbour: bool,
}

/// What a document of one row shows. Nothing for a document that is something else, or that does not say which resource it
/// shows.
pub fn row(file: &File) -> Option<Shown> {
    let rows = rows::read(file.parsed.root.as_ref()?, 2, false);
    let ([row], None) = (rows.as_slice(), rows.first()?.list) else { return None };
    let read = resource::read(file, row, 1)?;
    let metadata = member(row.object, "metadata").and_then(object);
    let marks = metadata.and_then(|metadata| member(metadata, "vaultmoat")).and_then(object);
    let neighbour = marks.and_then(|marks| member(marks, "neighbour"));
    let is_neighbour = matches!(neighbour, Some(Node::BooleanLit(flag)) if flag.value);
    let shown = Shown { resource: read.resource, whole: read.whole, is_neighbour };
    shown.resource.id.as_text().is_some_and(|id| id.starts_with('/')).then_some(shown)
}

/// Documents, each with how many rows its file has before it where that is not the last one's.
fn lower_counted<'f, 't: 'f>(
    files: &mut dyn Iterator<Item = (&'f File<'t>, Option<usize>)>,
    is_before: bool,
) -> Lowered {
    let mut lowered = Lowered::default();
    let mut seen: HashMap<String, (usize, bool)> = HashMap::new();
    let mut rule_sets = Vec::new();
    let mut number = 0;
    for (file, before) in files {
        let Some(root) = &file.parsed.root else { continue };
        let left = MAX_ROWS.saturating_sub(lowered.resources.len() + rule_sets.len());
        let rows = rows::read(root, left + 1, is_before);
        if rows.len() > left && lowered.problems.is_empty() {
            lowered.problems.push(Problem::new(
                place_of(file, root),
                ProblemKind::EvaluationLimit,
                format!("there are more than {MAX_ROWS} rows, and those behind them are not read"),
            ));
        }
        let mut listed: HashMap<(usize, String), HashSet<String>> = HashMap::new();
        number = before.unwrap_or(number);
        for row in rows.iter().take(left) {
            number += 1;
            let Some(Read { resource, whole }) = resource::read(file, row, number) else { continue };
            if shape::is_rule_set(row.object) {
                rule_sets.push(resource);
                continue;
            }
            let id = resource.id.as_text().map(str::to_ascii_lowercase);
            // Of a text that breaks off there may be more.
            if let (Some(list), Some(id), true) = (row.list, &id, file.parsed.problems.is_empty()) {
                let parents = listed.entry((list, resource.kind.to_string())).or_default();
                parents.extend(identifier::parent(id, &resource.kind).map(str::to_owned));
            }
            match (id.as_ref().and_then(|id| seen.get(id).copied()), id) {
                (None, id) => {
                    seen.extend(id.map(|id| (id, (lowered.resources.len(), whole))));
                    lowered.resources.push(resource);
                }
                (Some((at, false)), Some(id)) if whole => {
                    seen.insert(id, (at, true));
                    if let Some(shown) = lowered.resources.get_mut(at) {
                        *shown = resource;
                    }
                }
                _ => {}
            }
        }
        for ((_, kind), parents) in listed {
            // A list below one parent holds children of that one; one with several parents was asked for all.
            if parents.len() != 1 {
                lowered.lists.add(&kind, None);
            }
            for parent in parents {
                lowered.lists.add(&kind, Some(&Value::text(parent)));
            }
        }
    }
    // The rules of a vault that is here too need no vault of their own.
    if !rule_sets.is_empty() {
        let rules = |vault: &Resource| vault.body.path(&["properties", "networkAcls"]).normal();
        let known: HashSet<String> = lowered.resources.iter().map(rules).collect();
        rule_sets.retain(|set| !known.contains(&rules(set)));
    }
    lowered.resources.extend(rule_sets);
    lowered.resources.extend(named::resources(&lowered.resources));
    lowered
}
