//! Changes to the model as edits of a Bicep text: its comments, indentation and line ends stay as they are.

use super::File;
use super::layout::{Layout, Written, quoted};
use crate::lang::{Change, Literal, NewResource};
use crate::sorted::sort_by;
use crate::syntax::bicep::{Node, NodeKind, Tree};
use crate::text::{Edit, Place, Span};

/// A span and what is written there instead.
pub(super) type Text = (Span, String);

/// The edits that make these changes to one file, in order and without overlap; `None` when one of them cannot be made in
/// the text: its target is computed, what it would take away is referred to by name, or what it refers to has no name
/// there.
pub fn render(file: &File, changes: &[&Change]) -> Option<Vec<Edit>> {
    let tree = file.source.tree();
    // Where the text is broken its brackets may not be what they seem.
    if !tree.problems().is_empty() {
        return None;
    }
    let writer = Writer { file, tree, layout: Layout::new(tree.text()) };
    let mut edits = Vec::new();
    let mut added = Vec::new();
    for change in changes {
        match change {
            Change::Replace { value, with } => {
                let path = writer.path(*value)?;
                let node = *path.last().filter(|node| is_literal(**node))?;
                let with = writer.value(with, &path)?;
                edits.push((
                    node.span(),
                    writer.layout.write(&with, writer.layout.indent_of(node.span().start)),
                ));
            }
            Change::Insert { object, key, value } => {
                let path = writer.path(*object)?;
                let node = *path.last().filter(|node| node.kind() == NodeKind::Object)?;
                let value = writer.value(value, &path)?;
                match node.children().into_iter().find(|member| has_key(*member, key)) {
                    Some(member) => {
                        let held = *member.children().get(1).filter(|held| held.text() == "null")?;
                        let indent = writer.layout.indent_of(member.span().start);
                        edits.push((held.span(), writer.layout.write(&value, indent)));
                    }
                    None => edits.push(writer.layout.insert(node, Some(key), &value)),
                }
            }
            Change::Append { list, value } => {
                let path = writer.path(*list)?;
                let node = *path.last().filter(|node| node.kind() == NodeKind::Array)?;
                edits.push(writer.layout.insert(node, None, &writer.value(value, &path)?));
            }
            Change::Add { beside, resource } => {
                let (edit, symbol) = writer.resource(resource, *beside, &added)?;
                edits.push(edit);
                added.push(symbol);
            }
            Change::Remove { value } => {
                let path = writer.path(*value)?;
                if is_referred_to(&path) {
                    return None;
                }
                let [.., holder, node] = path.as_slice() else { return None };
                let (holder, node) = match holder.kind() {
                    NodeKind::Member => (*path.get(path.len().checked_sub(3)?)?, *holder),
                    NodeKind::Array => (*holder, *node),
                    _ => return None,
                };
                edits.push((writer.layout.cut(holder, node), String::new()));
            }
            Change::Rename { from, to, .. } => {
                let renamed = rename(tree.root(), from, to);
                if renamed.is_empty() {
                    return None;
                }
                edits.extend(renamed);
            }
        }
    }
    sort_by(&mut edits, |(a, _), (b, _)| (a.start, a.end).cmp(&(b.start, b.end)));
    edits.dedup();
    let edits = joined(edits)?;
    let at = |span| Place { file: file.id, span };
    Some(edits.into_iter().map(|(span, text)| Edit { place: at(span), text }).collect())
}

/// Edits in order; what is inserted at one place follows one another, what would write over each other is none.
fn joined(edits: Vec<Text>) -> Option<Vec<Text>> {
    let mut all: Vec<Text> = Vec::with_capacity(edits.len());
    for (span, text) in edits {
        match all.last_mut() {
            Some((last, before)) if span.start == last.end && span.start == span.end && *last == span => {
                before.push_str(&text);
            }
            Some((last, _)) if span.start < last.end => return None,
            _ => all.push((span, text)),
        }
    }
    Some(all)
}

/// Whether a value is written out, not computed.
fn is_literal(node: Node) -> bool {
    match node.kind() {
        NodeKind::Integer | NodeKind::Object | NodeKind::Array => true,
        NodeKind::Text => node.children().is_empty(),
        NodeKind::Name => matches!(node.text(), "true" | "false" | "null"),
        _ => false,
    }
}

fn has_key(member: Node, key: &str) -> bool {
    member.kind() == NodeKind::Member
        && member.children().first().is_some_and(|name| name.text().trim_matches('\'') == key)
}

/// Whether something else in the file may name this, or a loop makes several of it.
fn is_referred_to(path: &[Node]) -> bool {
    let shared =
        [NodeKind::Param, NodeKind::Var, NodeKind::Output, NodeKind::Func, NodeKind::Lambda, NodeKind::Call];
    let is_turn = path.windows(2).any(|pair| match pair {
        [outer, inner] => {
            outer.kind() == NodeKind::For && Some(inner.span()) == path.last().map(|node| node.span())
        }
        _ => false,
    });
    is_turn || path.iter().any(|node| shared.contains(&node.kind()))
}

/// Every place in the strings of a file where this DNS name stands for itself and not as a part of another one.
fn rename(root: Node, from: &str, to: &str) -> Vec<Text> {
    let is_label = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    let mut found = Vec::new();
    let mut rest = vec![root];
    while let Some(node) = rest.pop() {
        if node.kind() != NodeKind::Text {
            rest.extend(node.children());
            continue;
        }
        let holes = node.children();
        let written = node.text().as_bytes();
        for (at, window) in written.windows(from.len().max(1)).enumerate() {
            let before = at.checked_sub(1).and_then(|before| written.get(before));
            let start = node.span().start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let span =
                Span { start, end: start.saturating_add(u32::try_from(from.len()).unwrap_or(u32::MAX)) };
            if window.eq_ignore_ascii_case(from.as_bytes())
                && !is_label(before)
                && !is_label(written.get(at + from.len()))
                && !holes.iter().any(|hole| hole.span().contains(span))
            {
                found.push((span, to.to_owned()));
            }
        }
        rest.extend(holes);
    }
    found
}

/// Writes values into one file.
struct Writer<'f> {
    file: &'f File<'f>,
    tree: &'f Tree,
    layout: Layout<'f>,
}

/// A resource that can be referred to.
struct Declared<'t> {
    /// What refers to it: `kv`, `vnet::subnet`.
    symbol: String,
    /// Set for a subnet that is written in its network: its name.
    subnet: Option<&'t str>,
    /// The declaration, or that of the network.
    node: Node<'t>,
}

impl<'f> Writer<'f> {
    /// The nodes from the root to the one that stands exactly there.
    fn path(&self, place: Place) -> Option<Vec<Node<'f>>> {
        if place.file != self.file.id {
            return None;
        }
        let mut path = vec![self.tree.root()];
        let mut found = None;
        loop {
            let node = *path.last()?;
            if node.span() == place.span {
                found = Some(path.len());
            }
            let Some(next) = node.children().into_iter().find(|child| child.span().contains(place.span))
            else {
                path.truncate(found?);
                return Some(path);
            };
            path.push(next);
        }
    }

    /// A value that is to stand at, or in, what is there.
    fn value(&self, literal: &Literal, at: &[Node<'f>]) -> Option<Written> {
        Some(match literal {
            Literal::Bool(flag) => Written::Token(flag.to_string()),
            Literal::Text(text) => Written::Token(quoted(text)),
            Literal::List(items) => {
                Written::List(items.iter().map(|item| self.value(item, at)).collect::<Option<_>>()?)
            }
            Literal::Object(fields) => Written::Object(self.fields(fields, at)?),
            Literal::Id(place) => {
                let declared = self.declared(*place, at)?;
                Written::Token(match declared.subnet {
                    Some(subnet) => format!("'${{{}.id}}/subnets/{subnet}'", declared.symbol),
                    None => format!("{}.id", declared.symbol),
                })
            }
            Literal::Name(place) => {
                let declared = self.declared(*place, at)?;
                Written::Token(match declared.subnet {
                    Some(subnet) => quoted(subnet),
                    None => format!("{}.name", declared.symbol),
                })
            }
        })
    }

    fn fields(&self, fields: &[(&'static str, Literal)], at: &[Node<'f>]) -> Option<Vec<(String, Written)>> {
        fields.iter().map(|(key, value)| Some(((*key).to_owned(), self.value(value, at)?))).collect()
    }

    /// The resource that is declared there, for use at another place: one resource of the file, that does not itself wait
    /// for what is there.
    fn declared(&self, place: Place, at: &[Node<'f>]) -> Option<Declared<'f>> {
        let path = self.path(place)?;
        let resources = path.iter().filter(|node| node.kind() == NodeKind::Resource);
        let mut symbols = Vec::new();
        for resource in resources {
            if is_looped(*resource) {
                return None;
            }
            symbols.push(symbol(*resource)?);
        }
        let node =
            **path.iter().filter(|node| node.kind() == NodeKind::Resource).collect::<Vec<_>>().last()?;
        let own = at.iter().rev().find(|node| node.kind() == NodeKind::Resource);
        if let Some(own) = own.and_then(|own| symbol(*own))
            && mentions(node, own)
        {
            return None;
        }
        let last = *path.last()?;
        let subnet = match last.kind() {
            NodeKind::Resource => None,
            NodeKind::Object => {
                let name = last.children().into_iter().find(|member| has_key(*member, "name"))?;
                let name = *name.children().get(1)?;
                let is_plain = name.kind() == NodeKind::Text && name.children().is_empty();
                Some(name.text().trim_matches('\'')).filter(|_| is_plain)
            }
            _ => return None,
        };
        if last.kind() == NodeKind::Object && subnet.is_none() {
            return None;
        }
        Some(Declared { symbol: symbols.join("::"), subnet, node })
    }

    /// A resource behind one that is there, and its symbolic name.
    fn resource(&self, new: &NewResource, beside: Place, added: &[String]) -> Option<(Text, String)> {
        let path = self.path(beside)?;
        let anchor = *path.get(1).filter(|node| node.kind() == NodeKind::Resource)?;
        if is_looped(anchor) {
            return None;
        }
        let parent = match new.parent {
            Some(place) => Some(self.declared(place, &[])?).filter(|parent| parent.subnet.is_none()),
            None => None,
        };
        if new.parent.is_some() && parent.is_none() {
            return None;
        }
        let mut condition = None;
        let mut named = Vec::new();
        for (_, value) in &new.properties {
            collect_ids(value, &mut named);
        }
        let named = named.into_iter().map(|place| self.declared(place, &[])).collect::<Option<Vec<_>>>()?;
        for declared in parent.iter().chain(&named) {
            match (self.condition(declared.node), &condition) {
                (Some(own), Some(known)) if own != *known => return None,
                (Some(own), _) => condition = Some(own),
                (None, _) => {}
            }
        }
        let symbol = self.free_symbol(new.kind, added);
        let mut fields = Vec::new();
        if let Some(parent) = &parent {
            fields.push(("parent".to_owned(), Written::Token(parent.symbol.clone())));
        }
        fields.push(("name".to_owned(), self.value(&new.name, &[])?));
        if let Some(location) = new.location {
            fields.push(("location".to_owned(), Written::Token(quoted(location))));
        }
        fields.push(("properties".to_owned(), Written::Object(self.fields(&new.properties, &[])?)));
        let condition = condition.map(|condition| format!("if ({condition}) ")).unwrap_or_default();
        let (kind, version) = (new.kind, &new.api_version);
        let body = self.layout.write(&Written::Object(fields), "");
        let line = self.layout.newline;
        let text = format!("{line}{line}resource {symbol} '{kind}@{version}' = {condition}{body}");
        let end = self.layout.line_end(anchor.span().end);
        Some(((Span { start: end, end }, text), symbol))
    }

    /// What a resource is deployed on.
    fn condition(&self, resource: Node<'f>) -> Option<&'f str> {
        let condition = resource.children().into_iter().find(|child| child.kind() == NodeKind::If)?;
        condition.children().first().map(|asked| {
            let text = asked.text();
            match asked.kind() {
                NodeKind::Paren => {
                    text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text)
                }
                _ => text,
            }
        })
    }

    /// A symbolic name that nothing else in the file has: the last part of the type, with a number where it is taken.
    fn free_symbol(&self, kind: &str, added: &[String]) -> String {
        let last = kind.rsplit('/').next().unwrap_or(kind);
        let base = last.strip_suffix('s').unwrap_or(last);
        let base = if base.len() < 2 { "record" } else { base };
        let is_taken = |name: &str| {
            added.iter().any(|known| known == name)
                || self.tree.root().children().iter().any(|declared| symbol(*declared) == Some(name))
        };
        let mut name = base.to_owned();
        let mut number = 1;
        while is_taken(&name) {
            number += 1;
            name = format!("{base}{number}");
        }
        name
    }
}

/// The name that a declaration declares.
fn symbol(declaration: Node<'_>) -> Option<&str> {
    let name = declaration.children().into_iter().find(|child| child.kind() == NodeKind::Name)?;
    Some(name.text())
}

fn is_looped(resource: Node) -> bool {
    resource.children().iter().any(|child| child.kind() == NodeKind::For)
}

/// Whether a name stands somewhere in a node.
fn mentions(node: Node, name: &str) -> bool {
    let mut rest = vec![node];
    while let Some(node) = rest.pop() {
        if node.kind() == NodeKind::Name && node.text() == name {
            return true;
        }
        rest.extend(node.children());
    }
    false
}

fn collect_ids(value: &Literal, into: &mut Vec<Place>) {
    match value {
        Literal::Id(place) => into.push(*place),
        Literal::List(items) => items.iter().for_each(|item| collect_ids(item, into)),
        Literal::Object(fields) => fields.iter().for_each(|(_, value)| collect_ids(value, into)),
        _ => {}
    }
}
