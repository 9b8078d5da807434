//! Changes to the model as edits of a JSON text: its comments, indentation and line ends stay as they are.

use super::addition::{Wait, Writer};
use super::layout::{Entries, Layout, Member, Text, Written};
use super::{File, is_template, member, object};
use crate::lang::Change;
use crate::sorted::{Set, sort_by};
use crate::syntax::expression;
use crate::syntax::json::{self, Node, Object, Range, Ranged};
use crate::text::{Edit, Place};

/// The edits that make these changes to one file, in order and without overlap; `None` when one of them cannot be
/// made in the text: its target is computed by an expression, what it would take away is referred to by name, or what
/// it refers to has no name there.
pub(super) fn render(file: &File, changes: &[&Change]) -> Option<Vec<Edit>> {
    // Where the text is broken its brackets may not be what they seem.
    let root = file.parsed.root.as_ref().filter(|_| file.parsed.problems.is_empty())?;
    let has_expressions = matches!(root, Node::Object(root) if is_template(root));
    let layout = Layout::new(file.parsed.text);
    let writer = Writer { file, root, has_expressions };
    let mut edits = Vec::new();
    let mut holders: Vec<(Path, Members)> = Vec::new();
    for change in changes {
        match change {
            Change::Replace { value, with } => {
                let path = Path::to(file, root, *value)?;
                if has_expressions && path.is_expression() {
                    return None;
                }
                wait(&mut holders, writer.waits(with, &path)?)?;
                edits.push(replace(&layout, &path, &writer.value(with, &path)?));
            }
            Change::Insert { object, key, value } => {
                let path = Path::to(file, root, *object)?;
                let Node::Object(object) = path.node else { return None };
                if json::get(object, key).is_some_and(|prop| !matches!(prop.value, Node::NullKeyword(_))) {
                    return None;
                }
                if let Some(at) =
                    object.properties.iter().rposition(|prop| prop.name.as_str().eq_ignore_ascii_case(key))
                {
                    let path = path.child(at)?;
                    wait(&mut holders, writer.waits(value, &path)?)?;
                    edits.push(replace(&layout, &path, &writer.value(value, &path)?));
                    continue;
                }
                wait(&mut holders, writer.waits(value, &path)?)?;
                let value = writer.value(value, &path)?;
                members(&mut holders, path)?.inserted.push((Some((*key).to_owned()), value));
            }
            Change::Append { list, value } => {
                let path = Path::to(file, root, *list)?;
                let Node::Array(_) = path.node else { return None };
                wait(&mut holders, writer.waits(value, &path)?)?;
                let value = writer.value(value, &path)?;
                members(&mut holders, path)?.inserted.push((None, value));
            }
            Change::Add { beside, resource } => {
                let (path, value) = writer.resource(resource, &Path::to(file, root, *beside)?)?;
                let is_symbolic = matches!(path.node, Node::Object(_));
                let inserted = &mut members(&mut holders, path.clone())?.inserted;
                let symbol = is_symbolic.then(|| symbol(resource.kind, &path, inserted));
                inserted.push((symbol, value));
            }
            Change::Remove { value } => {
                let path = Path::to(file, root, *value)?;
                let index = path.steps.last()?.index;
                let holder = path.parent()?;
                if path.is_referred_to() {
                    return None;
                }
                members(&mut holders, holder)?.removed.insert(index);
            }
            Change::Rename { from, to, .. } => {
                let renamed = rename(file.parsed.text, root, from, to);
                if renamed.is_empty() {
                    return None;
                }
                edits.extend(renamed);
            }
        }
    }
    for (path, members) in holders {
        edits.extend(members.edits(&layout, &path)?);
    }
    sort_by(&mut edits, |(a, _), (b, _)| (a.start, a.end).cmp(&(b.start, b.end)));
    edits.dedup();
    if edits.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if meets(*a, *b))) {
        return None;
    }
    let at = |range| Place { file: file.id, span: file.parsed.span(range) };
    Some(edits.into_iter().map(|(range, text)| Edit { place: at(range), text }).collect())
}

const DEPENDS_ON: &str = "dependsOn";

/// Whether two edits, the second starting at or behind the first, would write over each other.
fn meets(a: Range, b: Range) -> bool {
    let inserts = a.start == a.end || b.start == b.end;
    b.start < a.end || (inserts && b.start == a.end)
}

fn replace(layout: &Layout, path: &Path, with: &Written) -> Text {
    let style = layout.style(&path.parent().unwrap_or_else(|| path.clone()).entries());
    let indent = layout.indent_above(&path.entries());
    let lines = style.lines.as_ref().map(|_| indent.as_str());
    (path.node.range(), style.write(with, lines))
}

/// A symbolic name that no other resource has: the last part of the type, with a number where that is taken.
fn symbol(kind: &str, resources: &Path, inserted: &[Member]) -> String {
    let base = kind.rsplit('/').next().unwrap_or(kind);
    let Node::Object(resources) = resources.node else { return base.to_owned() };
    let is_taken = |name: &str| {
        let new = inserted.iter().filter_map(|(symbol, _)| symbol.as_deref());
        let known = resources.properties.iter().map(|prop| prop.name.as_str());
        known.chain(new).any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut name = base.to_owned();
    let mut number = 1;
    while is_taken(&name) {
        number += 1;
        name = format!("{base}{number}");
    }
    name
}

/// Every place in the strings below a node where this DNS name is a name of its own and not a part of another one.
fn rename(text: &str, root: &Node, from: &str, to: &str) -> Vec<Text> {
    let is_label = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    let mut found = Vec::new();
    let mut rest = vec![root];
    while let Some(node) = rest.pop() {
        match node {
            Node::Object(object) => rest.extend(object.properties.iter().map(|prop| &prop.value)),
            Node::Array(array) => rest.extend(&array.elements),
            Node::StringLit(_) => {
                let written = text.get(node.start()..node.end()).unwrap_or_default().as_bytes();
                for (at, window) in written.windows(from.len().max(1)).enumerate() {
                    let before = at.checked_sub(1).and_then(|before| written.get(before));
                    if window.eq_ignore_ascii_case(from.as_bytes())
                        && !is_label(before)
                        && !is_label(written.get(at + from.len()))
                    {
                        let start = node.start() + at;
                        found.push((Range::new(start, start + from.len()), to.to_owned()));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What happens to the members of one object or array.
#[derive(Default)]
struct Members {
    inserted: Vec<Member>,
    removed: Set<usize>,
}

/// What happens to the members of this object or array.
fn members<'h, 'n, 't>(
    holders: &'h mut Vec<(Path<'n, 't>, Members)>,
    holder: Path<'n, 't>,
) -> Option<&'h mut Members> {
    let start = holder.node.start();
    let at = holders.iter().position(|(path, _)| path.node.start() == start).unwrap_or(holders.len());
    if at == holders.len() {
        holders.push((holder, Members::default()));
    }
    holders.get_mut(at).map(|(_, members)| members)
}

/// Has resources wait for what they name now.
fn wait<'n, 't>(holders: &mut Vec<(Path<'n, 't>, Members)>, waits: Vec<Wait<'n, 't>>) -> Option<()> {
    for Wait { holder, for_it } in waits {
        let Node::Object(resource) = holder.node else { return None };
        let is_list = |prop: &json::ObjectProp| prop.name.as_str().eq_ignore_ascii_case(DEPENDS_ON);
        match resource.properties.iter().position(is_list) {
            Some(at) => {
                let list = holder.child(at).filter(|list| matches!(list.node, Node::Array(_)))?;
                members(holders, list)?.inserted.extend(for_it.into_iter().map(|value| (None, value)));
            }
            None => {
                let inserted = &mut members(holders, holder)?.inserted;
                if inserted.iter().any(|(key, _)| key.as_deref() == Some(DEPENDS_ON)) {
                    return None;
                }
                inserted.push((Some(DEPENDS_ON.to_owned()), Written::List(for_it)));
            }
        }
    }
    Some(())
}

impl Members {
    fn edits(mut self, layout: &Layout, path: &Path) -> Option<Vec<Text>> {
        let entries = path.entries();
        if self.inserted.is_empty() {
            return layout.remove(&entries, &self.removed);
        }
        let style = layout.style(&entries);
        let written = style.members(&self.inserted);
        let Some(first) = self.removed.first().copied() else {
            return Some(layout.insert(&entries, &style, &written));
        };
        // What goes makes room for what comes.
        self.removed.remove(&first);
        let mut edits = vec![(entries.child(first)?, written)];
        if !self.removed.is_empty() {
            edits.extend(layout.remove(&entries, &self.removed)?);
        }
        Some(edits)
    }
}

/// A node and how it is reached from the root.
#[derive(Clone)]
pub(super) struct Path<'n, 't> {
    pub(super) steps: Vec<Step<'n, 't>>,
    pub(super) node: &'n Node<'t>,
}

#[derive(Clone, Copy)]
pub(super) struct Step<'n, 't> {
    pub(super) holder: &'n Node<'t>,
    pub(super) index: usize,
}

impl<'n, 't> Step<'n, 't> {
    pub(super) fn node(&self) -> Option<&'n Node<'t>> {
        match self.holder {
            Node::Object(holder) => holder.properties.get(self.index).map(|prop| &prop.value),
            Node::Array(holder) => holder.elements.get(self.index),
            _ => None,
        }
    }

    pub(super) fn object(&self) -> Option<&'n Object<'t>> {
        self.node().and_then(object)
    }

    /// The name of the property it goes through; nothing for an element.
    pub(super) fn key(&self) -> Option<&'n str> {
        match self.holder {
            Node::Object(holder) => holder.properties.get(self.index).map(|prop| prop.name.as_str()),
            _ => None,
        }
    }
}

impl<'n, 't> Path<'n, 't> {
    /// The node that is exactly there.
    pub(super) fn to(file: &File, root: &'n Node<'t>, place: Place) -> Option<Self> {
        if place.file != file.id {
            return None;
        }
        let start = place.span.start.checked_sub(file.parsed.shift)? as usize;
        let end = place.span.end.checked_sub(file.parsed.shift)? as usize;
        let mut path = Self { steps: Vec::new(), node: root };
        while path.node.start() != start || path.node.end() != end {
            let index = match path.node {
                Node::Object(object) => object.properties.partition_point(|prop| prop.range.end <= start),
                Node::Array(array) => array.elements.partition_point(|element| element.end() <= start),
                _ => return None,
            };
            path = path.child(index)?;
        }
        Some(path)
    }

    fn child(&self, index: usize) -> Option<Self> {
        let step = Step { holder: self.node, index };
        let mut steps = self.steps.clone();
        steps.push(step);
        Some(Self { steps, node: step.node()? })
    }

    fn parent(&self) -> Option<Self> {
        let mut steps = self.steps.clone();
        let last = steps.pop()?;
        Some(Self { steps, node: last.holder })
    }

    fn is_expression(&self) -> bool {
        matches!(self.node, Node::StringLit(literal) if expression::is_expression(&literal.value))
    }

    /// The members of this node, and where it and what is around it start.
    fn entries(&self) -> Entries<'n, 't> {
        let above = self.steps.iter().rev().filter_map(|step| entry(step.holder, step.index));
        Entries { node: self.node, above: above.map(|range| range.start).collect() }
    }

    /// Whether something else in the template may name this: a variable, a default, a part of them.
    fn is_referred_to(&self) -> bool {
        let Some(Step { holder: Node::Object(holder), index }) = self.steps.last() else { return false };
        let makes_copies = member(holder, "count").is_some() || member(holder, "name").is_some();
        let is_input = |prop: &json::ObjectProp| prop.name.as_str().eq_ignore_ascii_case("input");
        holder.properties.get(*index).is_some_and(|prop| makes_copies && is_input(prop))
            || self.steps.iter().any(|step| {
                let Node::Object(holder) = step.holder else { return false };
                // The parameters of a policy are values given to it.
                if member(holder, "policyDefinitionId").is_some() {
                    return false;
                }
                holder.properties.get(step.index).is_some_and(|prop| {
                    ["variables", "parameters", "outputs"]
                        .iter()
                        .any(|section| prop.name.as_str().eq_ignore_ascii_case(section))
                })
            })
    }
}

/// The text of one member: a property with its name, or an element.
pub(super) fn entry(holder: &Node, index: usize) -> Option<Range> {
    match holder {
        Node::Object(object) => object.properties.get(index).map(|prop| prop.range),
        Node::Array(array) => array.elements.get(index).map(Ranged::range),
        _ => None,
    }
}
