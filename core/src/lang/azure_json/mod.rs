//! Azure's own JSON: what `az … show|list`, Resource Graph, REST and what-if print.
//!
//! It shows an environment as it is, so much that a template leaves open is known here: ids are whole, a vault names
//! the endpoints it is connected to, a property that is not there is not set. What is not known stays unknown: a row
//! with only a part of its resource leaves the rest open, and a row without an id has a name of its own
//! (`export('file.json')`). [`Lists`](super::Lists) has the types of which every resource is here.
//!
//! The CLI prints most resources flattened, Azure wraps what matters in `properties`; every row becomes the wrapped
//! shape, and each value keeps its place. Parts of a resource stay as they are: the model reads both (F1.61, F1.63).

mod frontend;
mod identifier;
mod merge;
mod named;
mod powershell;
mod resource;
mod rows;
mod shape;
#[cfg(test)]
mod tests;

pub use frontend::Frontend;

use super::source::{File, member, object, place_of};
use super::{Lowered, Problem, ProblemKind, Resource};
use crate::azure::names;
use crate::eval::{Kind, Value};
use crate::syntax::json::Node;
use crate::text::FileId;
use resource::Read;
use std::collections::{HashMap, HashSet};

/// More rows than this are not read.
const MAX_ROWS: usize = 25_000;

/// Reads all documents as one environment. A resource that is shown several times counts once: with what its rows say alike,
/// and what they say differently is open. What a what-if shows is read as it is `before` it, or after it.
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
    /// In ARM's shape, even where the document flattens its properties.
    pub resource: Resource,
    /// Whether all of it is shown.
    pub whole: bool,
    /// Whether `metadata.vaultmoat.neighbour` is set: the row is read for the sake of others, and has no findings.
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
    let mut seen: HashMap<String, Seen> = HashMap::new();
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
                rule_sets.push((resource, resource::export(file, number)));
                continue;
            }
            let id = resource.id.as_text().map(str::to_ascii_lowercase);
            // Of a text that breaks off there may be more.
            if let (Some(list), Some(id), true) = (row.list, &id, file.parsed.problems.is_empty()) {
                let parents = listed.entry((list, resource.kind.to_string())).or_default();
                parents.extend(identifier::parent(id, &resource.kind).map(str::to_owned));
            }
            let Some(id) = id else {
                lowered.resources.push(resource);
                continue;
            };
            let Some(known) = seen.get_mut(&id) else {
                let at = lowered.resources.len();
                seen.insert(id, Seen { at, whole, is_change: row.change.is_some(), differing: Vec::new() });
                lowered.resources.push(resource);
                continue;
            };
            let Some(shown) = lowered.resources.get_mut(known.at) else { continue };
            // A change shows what a resource will be, which does not contradict what it is.
            let is_change = row.change.is_some() || known.is_change;
            if !is_change {
                let current = Value::property(resource::export(file, number), "current");
                let problem = known.add(shown, &resource, whole, current);
                lowered.problems.extend(problem);
            } else if whole && !known.whole {
                *shown = resource;
            }
            known.whole |= whole;
        }
        for ((_, kind), parents) in listed {
            if kind.eq_ignore_ascii_case(names::SOA_RECORD) {
                // Beside it in the list are the zone's records of all types (F1.66).
                for parent in &parents {
                    lowered.lists.add(names::A_RECORD, Some(&Value::text(parent.as_str())));
                }
                continue;
            }
            // A list below one parent holds children of that one; one with several parents was asked for all.
            if parents.len() != 1 {
                lowered.lists.add(&kind, None);
            }
            for parent in parents {
                lowered.lists.add(&kind, Some(&Value::text(parent)));
            }
        }
    }
    add_rules(&mut lowered, rule_sets);
    lowered.resources.extend(named::resources(&lowered.resources));
    lowered
}

/// A resource that was shown.
struct Seen {
    /// Its place among the resources.
    at: usize,
    whole: bool,
    is_change: bool,
    /// Paths of properties that its rows do not agree on.
    differing: Vec<String>,
}

impl Seen {
    /// Another row of the resource; says so where it differs.
    fn add(&mut self, shown: &mut Resource, row: &Resource, whole: bool, current: Value) -> Option<Problem> {
        // Only vaults are never flattened (F1.61).
        let are_whole = self.whole
            && whole
            && !shown.partially_parsed
            && !row.partially_parsed
            && resource::is_vault(&row.kind);
        let (first, second, is_second) = match whole && !self.whole {
            true => (row, &*shown, Value::call("not", vec![current])),
            false => (&*shown, row, current),
        };
        let mut rows = merge::Rows { is_second: &is_second, are_whole, differing: &mut self.differing };
        let merged = Resource { body: rows.merged(&first.body, &second.body), ..first.clone() };
        let problem = (!self.differing.is_empty()).then(|| differs(shown, row, &self.differing));
        *shown = merged;
        problem
    }
}

/// Lists of rules, each with what the export is called. They are those of a vault that has them; a single one beside a single
/// vault with others is another answer about that vault, and what is left is of vaults of which nothing else is known.
fn add_rules(lowered: &mut Lowered, mut lists: Vec<(Resource, Value)>) {
    let rules = |vault: &Resource| vault.body.path(&["properties", "networkAcls"]);
    let is_known =
        |vault: &&mut Resource| &*vault.kind == names::VAULT && !matches!(rules(vault).kind, Kind::Term(_));
    let is_single = lists.len() == 1;
    let mut vaults: Vec<&mut Resource> = lowered.resources.iter_mut().filter(is_known).collect();
    lists.retain(|(list, export)| {
        let add = |vault: &Resource| {
            let mut seen = Seen { at: 0, whole: true, is_change: false, differing: Vec::new() };
            let mut both = vault.clone();
            let problem = seen.add(&mut both, list, true, Value::property(export.clone(), "current"));
            (both, problem)
        };
        let is_of_one = vaults.iter().any(|vault| add(vault).1.is_none());
        if let (false, true, [vault]) = (is_of_one, is_single, vaults.as_mut_slice()) {
            let (both, problem) = add(vault);
            **vault = both;
            lowered.problems.extend(problem);
            return false;
        }
        !is_of_one
    });
    lowered.resources.extend(lists.into_iter().map(|(list, _)| list));
}

/// That rows of a resource do not agree.
fn differs(first: &Resource, second: &Resource, paths: &[String]) -> Problem {
    let mut names: Vec<String> = Vec::new();
    for path in paths {
        let name = format!("`{}`", path.split('/').next().unwrap_or(path));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let message = format!("`{}` is shown more than once, with different {}", first.label(), names.join(", "));
    let place = |of: &Resource| of.body.anchor.unwrap_or(of.place);
    let problem = Problem::new(place(second), ProblemKind::ConflictingExports, message);
    Problem { related: Some((place(first), "it is shown here, too")), ..problem }
}
