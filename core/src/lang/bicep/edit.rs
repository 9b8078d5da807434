//! Changes to the model as edits of a Bicep text: its comments, indentation and line ends stay as they are.

use super::File;
use super::layout::{Added, Layout, Written, quoted};
use super::source::Source;
use crate::lang::{Change, Literal, NewResource};
use crate::sorted::sort_by;
use crate::syntax::bicep::{Node, SyntaxKind, Tree};
use crate::syntax::expression::{Expr, ExprKind};
use crate::text::{Edit, Place, Span};
use std::rc::Rc;

/// A span and what is written there instead.
pub(super) type Text = (Span, String);

/// The edits that make these changes to one file, in order and without overlap; `None` when one of them cannot be made in
/// the text: its target is computed, what it would take away is referred to by name, or what it refers to has no name
/// there.
pub(super) fn render(file: &File, changes: &[&Change]) -> Option<Vec<Edit>> {
    let tree = file.source.tree();
    // Where the text is broken its brackets may not be what they seem.
    if !tree.problems().is_empty() {
        return None;
    }
    let writer = Writer { file, tree, layout: Layout::new(tree.text()) };
    let mut edits = Vec::new();
    let mut holders = Vec::new();
    let mut added = Vec::new();
    for change in changes {
        match change {
            Change::Replace { value, with: Literal::Text(version) } if writer.is_version(*value) => {
                edits.push((value.span, version.clone()));
            }
            Change::Replace { value, with } => {
                let path = writer.path(*value)?;
                let node = *path.last().filter(|node| is_literal(**node))?;
                let with = writer.value(with, &path)?;
                edits.push(writer.replace(node, &with, &path));
            }
            Change::Insert { object, key, value } => {
                let path = writer.path(*object)?;
                let (path, key) = match writer.argument(&path, key) {
                    Some((arguments, name)) => (arguments, name.to_string()),
                    None => (path, (*key).to_owned()),
                };
                let node = *path.last().filter(|node| node.kind() == SyntaxKind::Object)?;
                let value = writer.value(value, &path)?;
                match node.children().into_iter().find(|member| has_key(*member, &key)) {
                    Some(member) => {
                        let held = *member.children().get(1).filter(|held| sets_nothing(**held))?;
                        edits.push(writer.replace(held, &value, &path));
                    }
                    None => held(&mut holders, &path)?.add(Some(key), value)?,
                }
            }
            Change::Append { list, value } => {
                let path = writer.path(*list)?;
                path.last().filter(|node| node.kind() == SyntaxKind::Array)?;
                held(&mut holders, &path)?.add(None, writer.value(value, &path)?)?;
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
                let is_member =
                    path.iter().rev().nth(1).is_some_and(|holder| holder.kind() == SyntaxKind::Member);
                let (node, above) = path.get(..path.len() - usize::from(is_member))?.split_last()?;
                let holder =
                    above.last().filter(|of| matches!(of.kind(), SyntaxKind::Object | SyntaxKind::Array))?;
                let at = holder.children().iter().position(|child| child.span() == node.span())?;
                let removed = &mut held(&mut holders, above)?.removed;
                if !removed.contains(&at) {
                    removed.push(at);
                }
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
    for Held { node, around, removed, added } in holders {
        let is_inline = around.is_some_and(|around| writer.layout.is_inline(around));
        edits.extend(writer.layout.change(node, is_inline, &removed, &added));
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

/// What changes in an object or array.
struct Held<'t> {
    node: Node<'t>,
    /// The object or array around it.
    around: Option<Node<'t>>,
    /// Indices of the nodes in it that go.
    removed: Vec<usize>,
    added: Vec<Added>,
}

impl Held<'_> {
    /// Adds a member or an element; nothing when another member of that name is added.
    fn add(&mut self, key: Option<String>, value: Written) -> Option<()> {
        match self.added.iter().find(|(known, _)| key.is_some() && *known == key) {
            Some((_, known)) if *known != value => None,
            Some(_) => Some(()),
            None => {
                self.added.push((key, value));
                Some(())
            }
        }
    }
}

/// What changes in the object or array at the end of a path.
fn held<'h, 't>(holders: &'h mut Vec<Held<'t>>, path: &[Node<'t>]) -> Option<&'h mut Held<'t>> {
    let (node, above) = path.split_last()?;
    let known = holders.iter().position(|held| held.node.span() == node.span());
    let at = known.unwrap_or(holders.len());
    if known.is_none() {
        holders.push(Held { node: *node, around: around(above), removed: Vec::new(), added: Vec::new() });
    }
    holders.get_mut(at)
}

/// The innermost object or array.
fn around<'t>(path: &[Node<'t>]) -> Option<Node<'t>> {
    path.iter().rev().copied().find(|node| matches!(node.kind(), SyntaxKind::Object | SyntaxKind::Array))
}

/// Whether a value is written out, not computed.
fn is_literal(node: Node) -> bool {
    match node.kind() {
        SyntaxKind::Integer | SyntaxKind::Object | SyntaxKind::Array => true,
        SyntaxKind::Text => node.children().is_empty(),
        SyntaxKind::Name => matches!(node.text(), "true" | "false" | "null"),
        _ => false,
    }
}

/// Whether what is written is a literal that leaves a property of a module's resource as if nothing were written.
fn sets_nothing(node: Node) -> bool {
    matches!(node.text(), "null" | "false" | "''")
        || (is_literal(node) && node.kind() == SyntaxKind::Object && node.children().is_empty())
}

/// The parameter of a known module that one of its resources has as a property: as it is, or as one of the results of a
/// condition. Nothing where resources take that property from several.
fn summary_parameter(module: &Source, key: &str) -> Option<Rc<str>> {
    let named = |members: &[(Expr, Expr)], key: &str| {
        members
            .iter()
            .find(|(name, _)| name.kind == ExprKind::Text(Rc::from(key)))
            .map(|(_, value)| value.clone())
    };
    let mut found = Vec::new();
    for resource in module.resources.iter().filter(|resource| resource.module.is_none()) {
        let ExprKind::Object(members) = &resource.body.kind else { continue };
        let Some(Expr { kind: ExprKind::Object(properties), .. }) = named(members, "properties") else {
            continue;
        };
        if let Some(value) = named(&properties, key) {
            results(&value, &mut found);
        }
    }
    let first = found.first().cloned()?;
    found.iter().all(|other| *other == first).then_some(first)
}

/// The parameters that an expression may result in.
fn results(value: &Expr, into: &mut Vec<Rc<str>>) {
    let ExprKind::Call { namespace: None, name, args } = &value.kind else { return };
    match (&**name, args.as_slice()) {
        ("parameters", [Expr { kind: ExprKind::Text(name), .. }]) => into.push(Rc::clone(name)),
        ("if", [_, yes, no]) => [yes, no].into_iter().for_each(|value| results(value, into)),
        ("coalesce", args) => args.iter().for_each(|value| results(value, into)),
        _ => {}
    }
}

fn has_key(member: Node, key: &str) -> bool {
    member.kind() == SyntaxKind::Member
        && member.children().first().is_some_and(|name| name.text().trim_matches('\'') == key)
}

/// Whether something else in the file may name this, or a loop makes several of it.
fn is_referred_to(path: &[Node]) -> bool {
    let shared = [
        SyntaxKind::Param,
        SyntaxKind::Var,
        SyntaxKind::Output,
        SyntaxKind::Func,
        SyntaxKind::Lambda,
        SyntaxKind::Call,
    ];
    let is_turn = path.windows(2).any(|pair| match pair {
        [outer, inner] => {
            outer.kind() == SyntaxKind::For && Some(inner.span()) == path.last().map(|node| node.span())
        }
        _ => false,
    });
    is_turn || path.iter().any(|node| shared.contains(&node.kind()))
}

/// Every place in the strings of a file where this DNS name is a name of its own and not a part of another one.
fn rename(root: Node, from: &str, to: &str) -> Vec<Text> {
    let is_label = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    let mut found = Vec::new();
    let mut rest = vec![root];
    while let Some(node) = rest.pop() {
        if node.kind() != SyntaxKind::Text {
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
    /// Writes a value where a node is that a path leads to or through.
    fn replace(&self, node: Node, with: &Written, path: &[Node<'f>]) -> Text {
        let above: Vec<Node> = path.iter().copied().filter(|above| above.span() != node.span()).collect();
        let is_inline = around(&above).is_some_and(|around| self.layout.is_inline(around));
        let indent = (!is_inline).then(|| self.layout.indent_of(node.span().start));
        (node.span(), self.layout.write(with, indent))
    }

    /// The nodes from the root to the one that is exactly there.
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
            let Some(next) = node.child_around(place.span) else {
                path.truncate(found?);
                return Some(path);
            };
            path.push(next);
        }
    }

    /// The arguments of a call of a module that is only known by a summary, and the one of them that it passes on as this
    /// property: what such a module makes has the place of the name of the call.
    fn argument(&self, path: &[Node<'f>], key: &str) -> Option<(Vec<Node<'f>>, Rc<str>)> {
        let [.., declaration, name] = path else { return None };
        if declaration.kind() != SyntaxKind::Module {
            return None;
        }
        let mut calls = self.file.source.resources.iter().filter(|call| call.module.is_some());
        let call = calls.find(|call| call.symbol_span == name.span())?;
        let parameter = summary_parameter(call.summary.get()?, key)?;
        let given = member(declaration.children().into_iter().find_map(body)?, "params")?;
        Some((self.path(Place { file: self.file.id, span: given.span() })?, parameter))
    }

    /// Whether the API version of a resource is exactly there.
    fn is_version(&self, place: Place) -> bool {
        let mut node = self.tree.root();
        let mut is_of_resource = false;
        while let Some(next) = node.child_around(place.span) {
            is_of_resource = node.kind() == SyntaxKind::Resource;
            node = next;
        }
        let version = node.text().rsplit_once('@').map_or("", |(_, version)| version);
        let length = u32::try_from(version.len()).unwrap_or(u32::MAX);
        place.file == self.file.id
            && is_of_resource
            && node.kind() == SyntaxKind::Text
            && place.span.end.saturating_add(1) == node.span().end
            && place.span.start.saturating_add(length) == node.span().end
    }

    /// A value that is to be at, or in, what is there.
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
        let resources = path.iter().filter(|node| node.kind() == SyntaxKind::Resource);
        let mut symbols = Vec::new();
        for resource in resources {
            if is_looped(*resource) {
                return None;
            }
            symbols.push(symbol(*resource)?);
        }
        let node =
            **path.iter().filter(|node| node.kind() == SyntaxKind::Resource).collect::<Vec<_>>().last()?;
        let own = at.iter().rev().find(|node| node.kind() == SyntaxKind::Resource);
        if let Some(own) = own.and_then(|own| symbol(*own))
            && mentions(node, own)
        {
            return None;
        }
        let last = *path.last()?;
        if let Some(named) = subnet_symbol(node, last) {
            return Some(Declared { symbol: format!("{}::{named}", symbols.join("::")), subnet: None, node });
        }
        let subnet = match last.kind() {
            SyntaxKind::Resource => None,
            SyntaxKind::Object => {
                let name = last.children().into_iter().find(|member| has_key(*member, "name"))?;
                let name = *name.children().get(1)?;
                let is_plain = name.kind() == SyntaxKind::Text && name.children().is_empty();
                Some(name.text().trim_matches('\'')).filter(|_| is_plain)
            }
            _ => return None,
        };
        if last.kind() == SyntaxKind::Object && subnet.is_none() {
            return None;
        }
        Some(Declared { symbol: symbols.join("::"), subnet, node })
    }

    /// A resource behind one that is there, and its symbolic name.
    fn resource(&self, new: &NewResource, beside: Place, added: &[String]) -> Option<(Text, String)> {
        let path = self.path(beside)?;
        let anchor = *path.get(1).filter(|node| node.kind() == SyntaxKind::Resource)?;
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
        let body = self.layout.write(&Written::Object(fields), Some(""));
        let line = self.layout.newline;
        let text = format!("{line}{line}resource {symbol} '{kind}@{version}' = {condition}{body}");
        let end = self.layout.line_end(anchor.span().end);
        Some(((Span { start: end, end }, text), symbol))
    }

    /// What a resource is deployed on.
    fn condition(&self, resource: Node<'f>) -> Option<&'f str> {
        let condition = resource.children().into_iter().find(|child| child.kind() == SyntaxKind::If)?;
        condition.children().first().map(|asked| {
            let text = asked.text();
            match asked.kind() {
                SyntaxKind::Paren => {
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
    let name = declaration.children().into_iter().find(|child| child.kind() == SyntaxKind::Name)?;
    Some(name.text())
}

fn is_looped(resource: Node) -> bool {
    resource.children().iter().any(|child| child.kind() == SyntaxKind::For)
}

/// The symbolic name of the resource, declared in a network, that is a subnet in its list.
fn subnet_symbol<'t>(network: Node<'t>, subnet: Node<'t>) -> Option<&'t str> {
    let name = member(subnet, "name").filter(|_| subnet.kind() == SyntaxKind::Object)?;
    let held = network.children().into_iter().find_map(body)?;
    held.children().into_iter().filter(|nested| nested.kind() == SyntaxKind::Resource).find_map(|nested| {
        let own = nested.children().into_iter().find_map(body)?;
        let is_same = member(own, "name").is_some_and(|own| own.text() == name.text());
        symbol(nested).filter(|_| is_same && !is_looped(nested))
    })
}

/// The object of a declaration, behind its conditions and its loop.
fn body(node: Node) -> Option<Node> {
    match node.kind() {
        SyntaxKind::Object => Some(node),
        SyntaxKind::Value | SyntaxKind::If | SyntaxKind::For => {
            node.children().into_iter().rev().find_map(body)
        }
        _ => None,
    }
}

/// The value of a member.
fn member<'t>(object: Node<'t>, key: &str) -> Option<Node<'t>> {
    let member = object.children().into_iter().find(|member| has_key(*member, key))?;
    member.children().get(1).copied()
}

/// Whether a name is somewhere in a node.
fn mentions(node: Node, name: &str) -> bool {
    let mut rest = vec![node];
    while let Some(node) = rest.pop() {
        if node.kind() == SyntaxKind::Name && node.text() == name {
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
