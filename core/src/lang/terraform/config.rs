//! What the files of one directory declare together: a module.

use super::{File, Files};
use crate::lang::{Problem, ProblemKind, relative};
use crate::sorted::sort;
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{Attribute, Block, Body, symbols};
use crate::text::{Place, Span};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A block with what override files say of it.
#[derive(Clone, Debug)]
pub(super) struct Declared<'a> {
    /// The file and the block in it; what comes later wins.
    pub(super) layers: Vec<(&'a File<'a>, &'a Block)>,
}

impl<'a> Declared<'a> {
    /// The file and the block that declare it.
    pub(super) fn first(&self) -> Option<(&'a File<'a>, &'a Block)> {
        self.layers.first().copied()
    }

    pub(super) fn place(&self) -> Place {
        self.first().map(|(file, block)| file.place(block.span)).unwrap_or_default()
    }

    pub(super) fn head(&self) -> Place {
        self.first().map(|(file, block)| file.place(block.head)).unwrap_or_default()
    }

    pub(super) fn label(&self, at: usize) -> &'a str {
        self.first().and_then(|(_, block)| block.label(at)).unwrap_or_default()
    }

    pub(super) fn is_partially_parsed(&self) -> bool {
        self.layers.iter().any(|(_, block)| block.body.partially_parsed)
    }

    /// An attribute, with the file it is written in.
    pub(super) fn attribute(&self, name: &str) -> Option<(&'a File<'a>, &'a Attribute)> {
        self.layers.iter().rev().find_map(|(file, block)| Some((*file, block.body.attribute(name)?)))
    }

    /// The bodies, with their files; what comes later wins.
    pub(super) fn bodies(&self) -> impl DoubleEndedIterator<Item = (&'a File<'a>, &'a Body)> {
        self.layers.iter().map(|(file, block)| (*file, &block.body))
    }

    /// The attributes whose changes are ignored; `*` for all.
    pub(super) fn ignores(&self) -> Vec<Rc<str>> {
        let mut found = Vec::new();
        for block in self.layers.iter().flat_map(|(_, block)| block.body.blocks("lifecycle")) {
            match block.body.value("ignore_changes").map(|value| &value.kind) {
                Some(ExprKind::Array(items)) => {
                    for item in items {
                        symbols(item, &mut |name, _| found.push(Rc::from(name)));
                    }
                }
                Some(ExprKind::Symbol(all)) if &**all == "all" => found.push(Rc::from("*")),
                _ => {}
            }
        }
        found
    }

    /// The symbols that it refers to, those that it only comes after too.
    pub(super) fn symbols(&self, found: &mut dyn FnMut(&str)) {
        fn within(body: &Body, found: &mut dyn FnMut(&str)) {
            for attribute in &body.attributes {
                symbols(&attribute.value, &mut |name, _| found(name));
            }
            body.blocks.iter().for_each(|block| within(&block.body, found));
        }
        self.bodies().for_each(|(_, body)| within(body, found));
    }
}

/// A module: everything that the files of a directory declare.
#[derive(Default)]
pub(super) struct Module<'a> {
    /// The directory as the host named it, without `/` at the end; empty for the topmost.
    pub(super) path: String,
    /// What its files start with.
    pub(super) place: Place,
    pub(super) variables: HashMap<&'a str, Declared<'a>>,
    pub(super) locals: HashMap<&'a str, (&'a File<'a>, &'a Attribute)>,
    pub(super) outputs: HashMap<&'a str, Declared<'a>>,
    /// The names of the outputs, in order.
    pub(super) output_names: Vec<&'a str>,
    /// Resources by `type.name`, data sources by `data.type.name`.
    pub(super) resources: HashMap<String, Declared<'a>>,
    /// Their addresses, in order.
    pub(super) addresses: Vec<String>,
    /// The same in the order of their places, for `declared_at`.
    by_place: OnceCell<Vec<(Place, usize)>>,
    pub(super) calls: HashMap<&'a str, Declared<'a>>,
    /// The names of the calls, in order.
    pub(super) call_names: Vec<&'a str>,
    /// Addresses of what exists and is imported, without the keys of copies.
    pub(super) imports: HashSet<String>,
    /// What it configures providers of Azure with.
    pub(super) providers: Vec<(&'a File<'a>, &'a Block)>,
    /// Which versions of `azurerm` it requires.
    requirement: Option<String>,
    /// Whether part of a file could not be read.
    pub(super) partially_parsed: bool,
}

impl<'a> Module<'a> {
    /// Reads the files of a directory. Override files add to what the others declare.
    pub(super) fn read(path: &str, files: &[&'a File<'a>], problems: &mut Vec<Problem>) -> Self {
        let mut module = Self { path: path.to_owned(), ..Self::default() };
        if let Some(first) = files.first() {
            module.place = first.place(Span::default());
        }
        let (overrides, own): (Vec<_>, Vec<_>) =
            files.iter().copied().partition(|file| is_override(&file.path));
        for (file, is_override) in
            own.iter().map(|file| (*file, false)).chain(overrides.iter().map(|file| (*file, true)))
        {
            module.partially_parsed |= file.source.body.partially_parsed;
            for block in &file.source.body.blocks {
                module.declare(file, block, is_override, problems);
            }
        }
        module
    }

    /// What is referred to and declared nowhere in the module.
    pub(super) fn unresolved(&self, report: &mut dyn FnMut(Place, String)) {
        // What is missing may be in what cannot be read.
        if self.partially_parsed {
            return;
        }
        for declared in self.resources.values().chain(self.outputs.values()).chain(self.calls.values()) {
            for (file, body) in declared.bodies() {
                self.unresolved_in(file, body, &mut Vec::new(), report);
            }
        }
        for (file, attribute) in self.locals.values() {
            self.unresolved_of(file, &attribute.value, &[], report);
        }
    }

    fn unresolved_in(
        &self,
        file: &File,
        body: &'a Body,
        iterators: &mut Vec<&'a str>,
        report: &mut dyn FnMut(Place, String),
    ) {
        for attribute in &body.attributes {
            if !matches!(&*attribute.name, "provider" | "providers" | "iterator") {
                self.unresolved_of(file, &attribute.value, iterators, report);
            }
        }
        for block in &body.blocks {
            if matches!(&*block.kind, "lifecycle" | "provisioner" | "connection") {
                continue;
            }
            let known = iterators.len();
            if &*block.kind == "dynamic" {
                let named = block.body.value("iterator").map(|iterator| &iterator.kind);
                iterators.extend(match named {
                    Some(ExprKind::Symbol(name)) => Some(&**name),
                    _ => block.label(0),
                });
            }
            self.unresolved_in(file, &block.body, iterators, report);
            iterators.truncate(known);
        }
    }

    fn unresolved_of(
        &self,
        file: &File,
        expr: &Expr,
        iterators: &[&str],
        report: &mut dyn FnMut(Place, String),
    ) {
        symbols(expr, &mut |symbol, span| {
            let Some((root, rest)) = symbol.split_once('.') else { return };
            let name = rest.split('.').next().unwrap_or_default();
            let (what, is_declared) = match root {
                _ if iterators.contains(&root) => return,
                "var" => ("variable", self.variables.contains_key(name)),
                "local" => ("local value", self.locals.contains_key(name)),
                "module" => ("module", self.calls.contains_key(name)),
                "data" => ("data source", self.resources.contains_key(symbol)),
                "each" | "count" | "path" | "terraform" | "self" | "ephemeral" => return,
                // Types of resources start with the name of their provider.
                _ if root.contains('_') => ("resource", self.resources.contains_key(symbol)),
                _ => return,
            };
            if !is_declared {
                let name = if matches!(root, "var" | "local" | "module") { name } else { symbol };
                report(file.place(span), format!("nothing declares the {what} `{name}`"));
            }
        });
    }

    /// The resource or data source whose block a place is in, with its address.
    pub(super) fn declared_at(&self, place: Place) -> Option<(&str, &Declared<'a>)> {
        let by_place = self.by_place.get_or_init(|| {
            let place = |address: &String| self.resources.get(address).map(Declared::place);
            let places = self.addresses.iter().enumerate();
            let mut found: Vec<_> = places.filter_map(|(at, address)| Some((place(address)?, at))).collect();
            sort(&mut found);
            found
        });
        let behind =
            by_place.partition_point(|(of, _)| (of.file, of.span.start) <= (place.file, place.span.start));
        let (of, at) = by_place.get(behind.checked_sub(1)?)?;
        let address = self.addresses.get(*at).filter(|_| of.contains(place))?;
        Some((address, self.resources.get(address)?))
    }

    /// Whether the module, by what it requires, admits version 5 of `azurerm`: `None` where it requires nothing.
    pub(super) fn admits_five(&self) -> Option<bool> {
        self.requirement.as_deref().map(|requirement| requirement.split(',').all(admits_five))
    }

    /// Whether the module, by what it requires, admits nothing older than this version of `azurerm`.
    pub(super) fn requires(&self, least: (u32, u32)) -> bool {
        let conditions =
            |requirement: &str| requirement.split(',').any(|condition| requires(condition, least));
        self.requirement.as_deref().is_some_and(conditions)
    }

    fn declare(
        &mut self,
        file: &'a File<'a>,
        block: &'a Block,
        is_override: bool,
        problems: &mut Vec<Problem>,
    ) {
        let (first, second) = (block.label(0), block.label(1));
        let mut twice = |what: &str| {
            let message = format!("{what} is declared twice in this module");
            let place = file.place(block.head);
            problems.push(Problem::new(place, ProblemKind::DuplicateKey, message));
        };
        match (&*block.kind, first, second) {
            ("resource" | "data" | "ephemeral", Some(kind), Some(name)) => {
                let address = match &*block.kind {
                    "resource" => format!("{kind}.{name}"),
                    other => format!("{other}.{kind}.{name}"),
                };
                match self.resources.get_mut(&address) {
                    Some(known) if is_override => known.layers.push((file, block)),
                    Some(_) => twice(&format!("`{address}`")),
                    None => {
                        self.addresses.push(address.clone());
                        self.resources.insert(address, Declared { layers: vec![(file, block)] });
                    }
                }
            }
            ("variable", Some(name), _) => {
                let is_new = add(&mut self.variables, name, file, block, is_override);
                if !is_new {
                    twice(&format!("variable `{name}`"));
                }
            }
            ("output", Some(name), _) => {
                if !self.outputs.contains_key(name) {
                    self.output_names.push(name);
                }
                if !add(&mut self.outputs, name, file, block, is_override) {
                    twice(&format!("output `{name}`"));
                }
            }
            ("module", Some(name), _) => {
                if !self.calls.contains_key(name) {
                    self.call_names.push(name);
                }
                if !add(&mut self.calls, name, file, block, is_override) {
                    twice(&format!("module `{name}`"));
                }
            }
            ("provider", Some("azurerm" | "azapi"), _) => self.providers.push((file, block)),
            ("terraform", ..) => {
                let mut required = block.body.blocks("required_providers");
                let required = required.find_map(|block| block.body.value("azurerm")).and_then(version);
                self.requirement = required.map(str::to_owned).or(self.requirement.take());
            }
            ("import", ..) => self.imports.extend(block.body.value("to").and_then(address)),
            ("locals", ..) => {
                for attribute in &block.body.attributes {
                    self.locals.insert(&attribute.name, (file, attribute));
                }
            }
            _ => {}
        }
    }
}

fn add<'a>(
    to: &mut HashMap<&'a str, Declared<'a>>,
    name: &'a str,
    file: &'a File<'a>,
    block: &'a Block,
    is_override: bool,
) -> bool {
    match to.get_mut(name) {
        Some(known) if is_override => known.layers.push((file, block)),
        Some(_) => return false,
        None => {
            to.insert(name, Declared { layers: vec![(file, block)] });
        }
    }
    true
}

/// The address that an expression names, without the keys of copies.
pub(super) fn address(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Symbol(name) | ExprKind::Name(name) | ExprKind::Text(name) => Some(name.to_string()),
        ExprKind::Property { of, name, .. } => Some(format!("{}.{name}", address(of)?)),
        ExprKind::Index { of, .. } => address(of),
        _ => None,
    }
}

fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".json").unwrap_or(name);
    let stem = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tofu")).unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

/// The version that an entry of `required_providers` names.
fn version(entry: &Expr) -> Option<&str> {
    match &entry.kind {
        ExprKind::Text(version) => Some(version),
        ExprKind::Object(members) => members.iter().find_map(|(key, value)| match (&key.kind, &value.kind) {
            (ExprKind::Text(key), ExprKind::Text(version)) if &**key == "version" => Some(&**version),
            _ => None,
        }),
        _ => None,
    }
}

/// Whether one condition on a version admits some version 5.
fn admits_five(condition: &str) -> bool {
    let condition = condition.trim();
    let digits = condition.trim_start_matches(|c: char| !c.is_ascii_digit());
    let operator = condition.get(..condition.len() - digits.len()).unwrap_or_default().trim();
    let mut numbers = digits.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let major = numbers.next().unwrap_or(0);
    match operator {
        ">=" | ">" | "!=" => true,
        "<" => major > 5 || (major == 5 && numbers.any(|number| number > 0)),
        // Exactly this, at most this, or one like it.
        _ => major >= 5,
    }
}

/// Whether one condition on a version leaves out everything before this one.
fn requires(condition: &str, least: (u32, u32)) -> bool {
    let condition = condition.trim();
    let digits = condition.trim_start_matches(|c: char| !c.is_ascii_digit());
    let operator = condition.get(..condition.len() - digits.len()).unwrap_or_default().trim();
    let mut numbers = digits.split('.').map(|number| number.parse().unwrap_or(0u32));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    matches!(operator, "" | "=" | ">=" | ">" | "~>") && version >= least
}

/// Whether version 5 of `azurerm` is among those that modules require together; they may require none.
pub(super) fn all_admit_five<'m, 'a: 'm>(modules: impl Iterator<Item = &'m Module<'a>>) -> bool {
    let verdicts: Vec<bool> = modules.filter_map(Module::admits_five).collect();
    !verdicts.is_empty() && verdicts.into_iter().all(|verdict| verdict)
}

/// What a call names as its module, where it is written there.
pub(super) fn source(value: &Expr) -> Option<&str> {
    match &value.kind {
        ExprKind::Text(text) => Some(text),
        _ => None,
    }
}

/// The directory that a local source leads to; `None` for a registry or a repository.
pub(super) fn local_source(from: &str, source: &str) -> Option<String> {
    let source = source.replace('\\', "/");
    let is_local = source.starts_with("./") || source.starts_with("../") || matches!(&*source, "." | "..");
    is_local.then(|| below(from, &source))
}

/// What a path means in a directory.
pub(super) fn below(from: &str, path: &str) -> String {
    let path = relative(&format!("{from}/x"), path);
    let path = path.trim_start_matches('/');
    if from.starts_with('/') && !path.is_empty() { format!("/{path}") } else { path.to_owned() }
}

/// Whether a directory is where `terraform init` puts what it downloads.
pub(super) fn is_downloaded(path: &str) -> bool {
    path.split('/').any(|part| part == ".terraform")
}

/// The directories of the local modules that files call.
pub(super) fn calls(path: &str, files: &[&File]) -> Vec<String> {
    let mut found = Vec::new();
    for block in files.iter().flat_map(|file| file.source.body.blocks("module")) {
        found.extend(
            block.body.value("source").and_then(source).and_then(|source| local_source(path, source)),
        );
    }
    found
}

/// The module in a directory, if there is one.
pub(super) fn module<'a>(files: &Files<'a>, path: &str, problems: &mut Vec<Problem>) -> Option<Module<'a>> {
    files.directory(path).map(|of_directory| Module::read(path, &of_directory, problems))
}
