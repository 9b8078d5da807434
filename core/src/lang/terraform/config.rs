//! What the files of one directory declare together: a module.

use super::{File, Files};
use crate::lang::{Problem, ProblemKind, relative};
use crate::syntax::expression::{Expr, ExprKind};
use crate::syntax::hcl::{Attribute, Block, Body};
use crate::text::{Place, Span};
use std::collections::HashMap;

/// The directory of a path; empty for a file without one.
pub fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// A block with what override files say of it.
#[derive(Clone, Debug)]
pub(super) struct Declared<'a> {
    /// The file and the block in it; what comes later wins.
    layers: Vec<(&'a File<'a>, &'a Block)>,
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

    pub(super) fn is_damaged(&self) -> bool {
        self.layers.iter().any(|(_, block)| block.body.damaged)
    }

    /// An attribute, with the file it is written in.
    pub(super) fn attribute(&self, name: &str) -> Option<(&'a File<'a>, &'a Attribute)> {
        self.layers.iter().rev().find_map(|(file, block)| Some((*file, block.body.attribute(name)?)))
    }

    /// The bodies, with their files; what comes later wins.
    pub(super) fn bodies(&self) -> impl DoubleEndedIterator<Item = (&'a File<'a>, &'a Body)> {
        self.layers.iter().map(|(file, block)| (*file, &block.body))
    }

    /// The first block of a kind in it.
    pub(super) fn block(&self, kind: &str) -> Option<(&'a File<'a>, &'a Block)> {
        self.layers.iter().rev().find_map(|(file, block)| Some((*file, block.body.blocks(kind).next()?)))
    }
}

/// A module: everything that the files of a directory declare.
#[derive(Default)]
pub(super) struct Module<'a> {
    /// The directory.
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
    pub(super) calls: HashMap<&'a str, Declared<'a>>,
    /// The names of the calls, in order.
    pub(super) call_names: Vec<&'a str>,
    /// Whether part of a file could not be read.
    pub(super) damaged: bool,
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
            module.damaged |= file.source.body.damaged;
            for block in &file.source.body.blocks {
                module.declare(file, block, is_override, problems);
            }
        }
        module
    }

    /// What is referred to and declared nowhere in the module.
    pub(super) fn unresolved(&self, _report: &mut dyn FnMut(Place, String)) {}

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
            problems.push(Problem { place, kind: ProblemKind::DuplicateKey, message });
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
                if !add(&mut self.variables, name, file, block, is_override) {
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

fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.strip_suffix(".json").unwrap_or(name).strip_suffix(".tf").unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
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
    is_local
        .then(|| relative(&format!("{from}/x"), &source).trim_start_matches('/').to_owned())
        .map(|path| if from.starts_with('/') { format!("/{path}") } else { path })
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
    files.directory(path).map(|of_directory| Module::read(path, of_directory, problems))
}
