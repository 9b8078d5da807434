//! Changes to the model as edits of a text in HCL: its comments, alignment and line ends stay as they are.

use super::argument::{self, variable};
use super::config::{self, Module};
use super::convert::{How, Part};
use super::{File, azurerm, summary};
use crate::lang::{Change, Literal, directory};
use crate::sorted::sort_by;
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{Attribute, Block, Body};
use crate::text::{Edit, FileId, Place, Span, beginning};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// A span and what is written there instead.
pub(super) type Text = (Span, String);

/// The modules of a project that edits refer to. Each is read once: a report may have thousands of fixes in one of them.
#[derive(Default)]
pub(super) struct Modules<'t> {
    files: Vec<&'t File<'t>>,
    by_path: RefCell<HashMap<&'t str, Rc<Module<'t>>>>,
}

impl<'t> Modules<'t> {
    /// The modules of these files, which are all of the project: what is referred to may be declared in another file.
    pub(super) fn new(files: Vec<&'t File<'t>>) -> Self {
        Self { files, ..Self::default() }
    }

    fn of(&self, path: &'t str) -> Rc<Module<'t>> {
        let read = || {
            let files: Vec<&File> = self.files.iter().copied().filter(|file| is_of(file, path)).collect();
            Rc::new(Module::read(path, &files, &mut Vec::new()))
        };
        Rc::clone(self.by_path.borrow_mut().entry(path).or_insert_with(read))
    }
}

/// The edits that make these changes to one file, in order and without overlap; `None` when one of them cannot be made in
/// the text: its target is computed, or has no such attribute.
pub(super) fn render(modules: &Modules, id: FileId, changes: &[&Change]) -> Option<Vec<Edit>> {
    let file = modules.files.iter().find(|file| file.id == id)?;
    // Where the text is broken its brackets may not be what they seem; in JSON places are not exact; what is downloaded is
    // not the author's to change.
    if !file.source.problems.is_empty() || file.path.ends_with(".json") || config::is_downloaded(&file.path) {
        return None;
    }
    let writer = Writer {
        id: file.id,
        path: &file.path,
        text: file.text,
        body: &file.source.body,
        modules,
        module: OnceCell::new(),
    };
    let mut edits: Vec<Text> = Vec::new();
    for change in changes {
        match change {
            Change::Replace { value, with } => edits.push(writer.replace(value.span, with)?),
            Change::Insert { object, key, value } => edits.push(writer.insert(object.span, key, value)?),
            Change::Append { list, value } => edits.push(writer.append(list.span, value)?),
            Change::Remove { value } => edits.push(writer.remove(value.span)?),
            Change::Rename { from, to, .. } => {
                let renamed = writer.rename(from, to);
                if renamed.is_empty() {
                    return None;
                }
                edits.extend(renamed);
            }
            Change::Add { beside, resource } => edits.push(writer.add(resource, *beside)?),
        }
    }
    sort_by(&mut edits, |(a, _), (b, _)| (a.start, a.end).cmp(&(b.start, b.end)));
    edits.dedup();
    let overlap = |pair: &[Text]| matches!(pair, [(a, _), (b, _)] if b.start < a.end || a == b);
    if edits.windows(2).any(overlap) {
        return None;
    }
    let at = |span| Place { file: file.id, span };
    Some(edits.into_iter().map(|(span, text)| Edit { place: at(span), text }).collect())
}

/// A value in a body: the blocks around it, the attribute, and the expressions from the attribute's value down to it.
struct Found<'a> {
    blocks: Vec<&'a Block>,
    attribute: Option<&'a Attribute>,
    values: Vec<&'a Expr>,
}

impl<'a> Found<'a> {
    fn how(&self) -> Option<&'static How> {
        let name = &*self.attribute?.name;
        let part = parts_of(&self.blocks)?.iter().find(|part| part.from.contains(&name))?;
        Some(&part.how)
    }

    /// How a known module uses it, if it is an argument of a call or a member of one, and whether it uses the opposite.
    fn passed(&self) -> Option<(&'static How, bool)> {
        let (call, argument) = (self.within("module")?, &*self.attribute?.name);
        match self.values.as_slice() {
            [_] => argument::use_of(call, argument, None),
            [Expr { kind: ExprKind::Object(members), .. }, value] => {
                let (key, _) = members.iter().find(|(_, member)| member.span == value.span)?;
                let ExprKind::Text(key) = &key.kind else { return None };
                argument::use_of(call, argument, Some(key))
            }
            _ => None,
        }
    }

    /// The block of the file that it is in, if that is of a kind.
    fn within(&self, kind: &str) -> Option<&'a Block> {
        self.blocks.first().copied().filter(|block| &*block.kind == kind)
    }
}

/// What the innermost of these blocks is in the tables.
fn parts_of(blocks: &[&Block]) -> Option<&'static [Part]> {
    let (resource, nested) = blocks.split_first()?;
    if &*resource.kind != "resource" {
        return None;
    }
    let mut parts = azurerm::parts(resource.label(0)?)?;
    for block in nested {
        let kind = match &*block.kind {
            "dynamic" => block.label(0)?,
            "content" => continue,
            kind => kind,
        };
        parts = parts.iter().find_map(|part| match part.how {
            How::Block(inner) | How::Blocks(inner) if part.from.contains(&kind) => Some(inner),
            _ => None,
        })?;
    }
    Some(parts)
}

/// Writes values into one file.
pub(super) struct Writer<'w, 't> {
    pub(super) id: FileId,
    path: &'t str,
    text: &'t str,
    pub(super) body: &'t Body,
    modules: &'w Modules<'t>,
    module: OnceCell<Rc<Module<'t>>>,
}

impl<'t> Writer<'_, 't> {
    /// The module that the file is a part of.
    pub(super) fn module(&self) -> &Module<'t> {
        self.module.get_or_init(|| self.modules.of(directory(self.path)))
    }

    fn find(&self, span: Span) -> Option<Found<'t>> {
        let mut blocks = Vec::new();
        let mut body = self.body;
        loop {
            if let Some(attribute) =
                body.attributes.iter().find(|attribute| attribute.value.span.contains(span))
            {
                let mut values = vec![&attribute.value];
                while let Some(inner) = values
                    .last()
                    .and_then(|value| children(value).into_iter().find(|part| part.span.contains(span)))
                {
                    values.push(inner);
                }
                // Of values that are in one place the outermost is meant.
                let at = values.iter().position(|value| value.span == span)?;
                values.truncate(at + 1);
                return Some(Found { blocks, attribute: Some(attribute), values });
            }
            // Blocks are in order, and a file may have thousands.
            let before = body.blocks.partition_point(|block| block.span.end < span.start);
            let block = body.blocks.iter().skip(before).find(|block| block.span.contains(span))?;
            blocks.push(block);
            if block.span == span {
                return Some(Found { blocks, attribute: None, values: Vec::new() });
            }
            body = &block.body;
        }
    }

    // ---- changes

    fn replace(&self, span: Span, with: &Literal) -> Option<Text> {
        let found = self.find(span)?;
        let value = *found.values.last()?;
        let is_literal = matches!(
            value.kind,
            ExprKind::Text(_) | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Array(_)
        ) && !self.slice(span).starts_with("<<");
        let is_element = found.values.len() > 1;
        let with = match (found.how(), with) {
            (Some(how), with) if !is_element => token(how, with)?,
            (Some(How::Each(_)), Literal::Object(fields)) => match fields.as_slice() {
                [(_, Literal::Text(text))] => quoted(text),
                _ => return None,
            },
            // A flag is not a word of ARM, but what it is passed for may have one.
            (_, Literal::Text(_)) if matches!(value.kind, ExprKind::Bool(_)) => {
                let call = found.within("module").filter(|_| !is_element)?;
                let passed =
                    passed(&self.modules.files, directory(self.path), call, &found.attribute?.name, 0);
                same(passed.into_iter().map(|how| token(how, with)))?
            }
            (_, Literal::Bool(flag)) if found.passed().is_some_and(|(_, negated)| negated) => {
                (!flag).to_string()
            }
            (_, with) => scalar(with)?,
        };
        is_literal.then_some((span, with))
    }

    fn insert(&self, span: Span, key: &str, value: &Literal) -> Option<Text> {
        let is_call = |block: &&Block| &*block.kind == "module" && block.head == span;
        if let Some(call) = self.body.blocks.iter().find(is_call) {
            return self.insert_argument(call, key, value);
        }
        let found = self.find(span)?;
        if let Some(object) = found.values.last() {
            // What is not a body of `azapi` has other names.
            let is_body = found.within("resource")?.label(0)?.starts_with("azapi_");
            return if is_body { self.insert_member(object, key, value) } else { None };
        }
        let parts = parts_of(&found.blocks)?;
        let last = *found.blocks.last()?;
        let block = if &*last.kind == "dynamic" { last.body.blocks("content").next()? } else { last };
        let part = parts.iter().find(|part| part.to.trim_start_matches('/') == key)?;
        let name = *part.from.first()?;
        if name.contains('.') {
            return None;
        }
        let present = part.from.iter().find_map(|name| block.body.attribute(name));
        if let Some(attribute) = present {
            return Some((attribute.value.span, token(&part.how, value)?));
        }
        let indent = self.inner_indent(block);
        let lines = match (&part.how, value) {
            (How::Block(inner), Literal::Object(fields)) => {
                let mut lines = vec![format!("{name} {{")];
                let mut members: Vec<(&str, String)> = Vec::new();
                for (key, value) in fields {
                    let part = inner.iter().find(|part| part.to == *key)?;
                    members.push((part.from.first()?, token(&part.how, value)?));
                }
                // The provider wants it written (F1.30).
                if name == "network_acls" && !members.iter().any(|(name, _)| *name == "bypass") {
                    members.push(("bypass", quoted("AzureServices")));
                }
                let members = aligned_lines(&members);
                lines.extend(members.iter().map(|line| format!("{}{line}", self.unit())));
                lines.push("}".to_owned());
                lines
            }
            (How::Each(_), Literal::List(items)) => {
                let resource = found.within("resource")?;
                let items: Option<Vec<String>> = items.iter().map(|item| self.item(item, resource)).collect();
                vec![format!("{} = [{}]", self.aligned(block, name), items?.join(", "))]
            }
            (how, value) => vec![format!("{} = {}", self.aligned(block, name), token(how, value)?)],
        };
        Some(self.put(block, &lines, &indent))
    }

    /// A member of an object that is an expression: `azapi` writes ARM's properties so.
    fn insert_member(&self, object: &Expr, key: &str, value: &Literal) -> Option<Text> {
        self.insert_text(object, key, &whole(value))
    }

    pub(super) fn insert_text(&self, object: &Expr, key: &str, value: &str) -> Option<Text> {
        let ExprKind::Object(members) = &object.kind else { return None };
        let close = object.span.end.checked_sub(1)?;
        let Some((_, last)) = members.last() else {
            let inside = Span { start: object.span.start + 1, end: close };
            return Some((inside, format!(" {key} = {value} ")));
        };
        let between = self.slice(Span { start: last.span.end, end: close });
        let end = Span { start: last.span.end, end: last.span.end };
        if between.contains('\n') {
            let (first, _) = members.first()?;
            let at = self.line_end(last.span.end);
            let comma = if between.trim_start().starts_with(',') { "," } else { "" };
            let text =
                format!("{}{}{key} = {value}{comma}", self.newline(), self.indent_of(first.span.start));
            return Some((Span { start: at, end: at }, text));
        }
        Some((end, format!(", {key} = {value}")))
    }

    fn append(&self, span: Span, value: &Literal) -> Option<Text> {
        let found = self.find(span)?;
        let list = *found.values.last()?;
        let ExprKind::Array(items) = &list.kind else { return None };
        let how = found.how().or_else(|| found.passed().map(|(how, _)| how));
        let value = match (how, value) {
            (Some(How::Each(_)), value) => self.item(value, found.blocks.first()?)?,
            (Some(_), _) => return None,
            (None, value) => whole(value),
        };
        let Some(last) = items.last() else {
            return Some((list.span, format!("[{value}]")));
        };
        let between = self.slice(Span { start: last.span.end, end: list.span.end });
        let end = Span { start: last.span.end, end: last.span.end };
        if between.contains('\n') {
            let text = format!(",{}{}{value}", self.newline(), self.indent_of(last.span.start));
            return Some((end, text));
        }
        Some((end, format!(", {value}")))
    }

    /// An element of a list of texts that ARM has as a list of objects.
    pub(super) fn item(&self, value: &Literal, resource: &Block) -> Option<String> {
        let Literal::Object(fields) = value else { return None };
        match fields.as_slice() {
            [(_, Literal::Text(text))] => Some(quoted(text)),
            [(_, Literal::Id(place))] => self.reference(*place, resource),
            _ => None,
        }
    }

    fn remove(&self, span: Span) -> Option<Text> {
        let found = self.find(span)?;
        // What a call of a module passes is for nothing else either, but other parts may need that it is passed.
        let is_element = found.within("module").is_some() && found.values.len() == 2;
        if found.within("resource").is_none() && !is_element {
            return None;
        }
        let gone = match (found.attribute, found.values.as_slice()) {
            (Some(attribute), [_]) => {
                self.lines(Span { start: attribute.name_span.start, end: attribute.value.span.end })?
            }
            (Some(_), [.., holder, value]) => match &holder.kind {
                ExprKind::Array(items) => self.element(holder, items, value)?,
                ExprKind::Object(members) => {
                    let (key, value) = members.iter().find(|(_, member)| member.span == value.span)?;
                    self.lines(Span { start: key.span.start, end: value.span.end })?
                }
                _ => return None,
            },
            (None, _) if found.blocks.len() > 1 => self.lines(span)?,
            _ => return None,
        };
        Some((gone, String::new()))
    }

    /// An element with the comma that is too many without it.
    fn element(&self, holder: &Expr, items: &[Expr], value: &Expr) -> Option<Span> {
        let at = items.iter().position(|item| item.span == value.span)?;
        let before = at.checked_sub(1).and_then(|at| items.get(at)).map(|item| item.span.end);
        let after = items.get(at + 1).map(|item| item.span.start);
        Some(match (before, after) {
            (_, Some(next)) => Span { start: value.span.start, end: next },
            (Some(last), None) => Span { start: last, end: value.span.end },
            (None, None) => Span { start: holder.span.start + 1, end: holder.span.end.saturating_sub(1) },
        })
    }

    /// Every place in a text of the file where this DNS name is a name of its own.
    fn rename(&self, from: &str, to: &str) -> Vec<Text> {
        let is_label = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        };
        let mut found = Vec::new();
        let mut bodies = vec![self.body];
        let mut values: Vec<&Expr> = Vec::new();
        while let Some(body) = bodies.pop() {
            bodies.extend(body.blocks.iter().map(|block| &block.body));
            values.extend(body.attributes.iter().map(|attribute| &attribute.value));
        }
        while let Some(value) = values.pop() {
            values.extend(children(value));
            if !matches!(value.kind, ExprKind::Text(_)) {
                continue;
            }
            let written = self.slice(value.span).as_bytes();
            for (at, window) in written.windows(from.len().max(1)).enumerate() {
                let before = at.checked_sub(1).and_then(|before| written.get(before));
                if window.eq_ignore_ascii_case(from.as_bytes())
                    && !is_label(before)
                    && !is_label(written.get(at + from.len()))
                {
                    let start = value.span.start as usize + at;
                    found.push((Span::new(start, start + from.len()), to.to_owned()));
                }
            }
        }
        sort_by(&mut found, |(a, _), (b, _)| a.cmp(b));
        found.dedup();
        found
    }

    // ---- layout

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn newline(&self) -> &'static str {
        if beginning(self.text).contains("\r\n") { "\r\n" } else { "\n" }
    }

    pub(super) fn unit(&self) -> &'static str {
        "  "
    }

    fn indent_of(&self, at: u32) -> &'t str {
        let line = self.slice(Span { start: 0, end: at }).rsplit('\n').next().unwrap_or_default();
        line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or_default()
    }

    pub(super) fn line_end(&self, at: u32) -> u32 {
        let rest = self.text.get(at as usize..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn inner_indent(&self, block: &Block) -> String {
        let first = block.body.attributes.first().map(|attribute| attribute.name_span.start);
        let first = first.or_else(|| block.body.blocks.first().map(|inner| inner.head.start));
        match first.filter(|at| self.slice(Span { start: block.span.start, end: *at }).contains('\n')) {
            Some(at) => self.indent_of(at).to_owned(),
            None => format!("{}{}", self.indent_of(block.span.start), self.unit()),
        }
    }

    /// A name with as many blanks behind it as put its `=` below that of the attribute above.
    pub(super) fn aligned(&self, block: &Block, name: &str) -> String {
        let close = block.span.end.saturating_sub(1);
        let above = block.body.attributes.iter().max_by_key(|attribute| attribute.name_span.start);
        let above = above.filter(|above| {
            let behind = self.slice(Span { start: above.value.span.end, end: close });
            behind.matches('\n').count() == 1
        });
        let width = above.map_or(0, |above| {
            let line = self.slice(Span { start: above.name_span.start, end: above.value.span.start });
            line.find('=').map_or(0, |at| at.saturating_sub(1))
        });
        format!("{name:width$}")
    }

    /// Puts lines at the end of a block.
    pub(super) fn put(&self, block: &Block, lines: &[String], indent: &str) -> Text {
        let (newline, close) = (self.newline(), block.span.end.saturating_sub(1));
        let body = lines.iter().map(|line| format!("{indent}{line}{newline}")).collect::<String>();
        let before = self.slice(Span { start: block.span.start, end: close });
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        if before.contains('\n') && last_line.trim().is_empty() {
            let start = close - u32::try_from(last_line.len()).unwrap_or(0);
            // A block is apart from what is before it.
            let is_apart = lines.len() == 1 || before.trim_end().ends_with('{');
            let gap = if is_apart { "" } else { newline };
            return (Span { start, end: start }, format!("{gap}{body}"));
        }
        let kept = before.trim_end();
        let start = block.span.start + u32::try_from(kept.len()).unwrap_or(0);
        (Span { start, end: close }, format!("{newline}{body}{}", self.indent_of(block.span.start)))
    }

    /// What goes when this goes: its lines, if nothing else is on them.
    fn lines(&self, span: Span) -> Option<Span> {
        let line = self.slice(Span { start: 0, end: span.start }).rsplit('\n').next()?;
        let end = self.line_end(span.end);
        let is_alone = line.trim().is_empty()
            && self.slice(Span { start: span.end, end }).trim_matches([' ', '\t', ',']).is_empty();
        if !is_alone {
            return None;
        }
        let start = span.start - u32::try_from(line.len()).ok()?;
        let rest = self.text.get(end as usize..).unwrap_or_default();
        let mark = if rest.starts_with("\r\n") { 2 } else { u32::from(rest.starts_with('\n')) };
        Some(Span { start, end: end + mark })
    }
}

fn children(value: &Expr) -> Vec<&Expr> {
    match &value.kind {
        ExprKind::Interpolation(parts) | ExprKind::Array(parts) | ExprKind::Call { args: parts, .. } => {
            parts.iter().collect()
        }
        ExprKind::Object(members) => members.iter().flat_map(|(key, value)| [key, value]).collect(),
        ExprKind::Spread(of) => vec![of],
        _ => Vec::new(),
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${"))
}

fn scalar(value: &Literal) -> Option<String> {
    match value {
        Literal::Bool(flag) => Some(flag.to_string()),
        Literal::Text(text) => Some(quoted(text)),
        Literal::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(scalar).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        _ => None,
    }
}

/// A value of ARM's as an object of HCL.
fn whole(value: &Literal) -> String {
    match value {
        Literal::List(items) => format!("[{}]", items.iter().map(whole).collect::<Vec<_>>().join(", ")),
        Literal::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(key, value)| format!("{key} = {}", whole(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => scalar(other).unwrap_or_else(|| "null".to_owned()),
    }
}

/// Attributes with their `=` below one another.
pub(super) fn aligned_lines(attributes: &[(&str, String)]) -> Vec<String> {
    let width = attributes.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    attributes.iter().map(|(name, value)| format!("{name:width$} = {value}")).collect()
}

/// Whether a file declares a part of the module in a directory.
fn is_of(file: &File, path: &str) -> bool {
    directory(&file.path) == path && !file.path.contains(".tfvars")
}

/// An argument is followed through this many calls of modules.
const MAX_PASSED_ON: usize = 4;

/// How a module, and those it calls, use an argument of a call that they pass on as it is.
fn passed(files: &[&File], from: &str, call: &Block, argument: &str, depth: usize) -> Vec<&'static How> {
    let mut found = Vec::new();
    let Some(source) = call.body.value("source").and_then(config::source) else { return found };
    let Some(path) = config::local_source(from, source) else {
        if let Some(summary) = summary::read(source) {
            uses(&summary.body, &mut Vec::new(), argument, &mut found);
        }
        return found;
    };
    for file in files.iter().filter(|file| is_of(file, &path)) {
        uses(&file.source.body, &mut Vec::new(), argument, &mut found);
        for inner in file.source.body.blocks("module").filter(|_| depth < MAX_PASSED_ON) {
            let named = inner.body.attributes.iter().filter(|of| variable(&of.value) == Some(argument));
            found.extend(named.flat_map(|of| passed(files, &path, inner, &of.name, depth + 1)));
        }
    }
    found
}

/// The attributes of resources that a variable is the value of.
fn uses<'b>(body: &'b Body, around: &mut Vec<&'b Block>, argument: &str, into: &mut Vec<&'static How>) {
    let parts = parts_of(around).unwrap_or_default();
    for attribute in body.attributes.iter().filter(|of| variable(&of.value) == Some(argument)) {
        let part = parts.iter().find(|part| part.from.contains(&&*attribute.name));
        into.extend(part.map(|part| &part.how));
    }
    for block in &body.blocks {
        around.push(block);
        uses(&block.body, around, argument, into);
        around.pop();
    }
}

/// What all of these are; nothing where they differ, or where there are none.
pub(super) fn same<T: PartialEq>(mut all: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

/// A value as an attribute of the provider has it.
pub(super) fn token(how: &How, value: &Literal) -> Option<String> {
    match (how, value) {
        (How::Words(on, _), Literal::Text(word)) if word.eq_ignore_ascii_case(on) => Some("true".to_owned()),
        (How::Words(_, off), Literal::Text(word)) if word.eq_ignore_ascii_case(off) => {
            Some("false".to_owned())
        }
        (How::Each(_), Literal::List(items)) => {
            let texts: Option<Vec<String>> = items
                .iter()
                .map(|item| match item {
                    Literal::Object(fields) => match fields.as_slice() {
                        [(_, Literal::Text(text))] => Some(quoted(text)),
                        _ => None,
                    },
                    _ => None,
                })
                .collect();
            Some(format!("[{}]", texts?.join(", ")))
        }
        (How::Same, value) => scalar(value),
        (How::By(_), Literal::Bool(flag)) => Some(flag.to_string()),
        _ => None,
    }
}
