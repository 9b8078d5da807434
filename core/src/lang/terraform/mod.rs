//! Terraform and OpenTofu: a directory of `.tf` and `.tofu` files with the local modules it calls, lowered into resources in ARM's shape.

mod addition;
mod azapi;
mod azurerm;
mod body;
mod config;
mod convert;
mod edit;
mod expansion;
mod json;
mod kept;
mod origin;
mod overlay;
mod plan;
mod scope;
mod strangers;
mod summary;
#[cfg(test)]
mod tests;
mod types;
mod words;

pub use config::{directory, is_downloaded};
pub use edit::{Modules, render};
pub use kept::keeping;
pub use origin::Origins;
pub use plan::{is_plan, lower_plan};
pub use summary::summaries;
pub use words::in_own_words;

use super::{Lowered, Problem, ProblemKind};
use crate::azure::Cloud;
use crate::eval::Value;
use crate::syntax::hcl;
use crate::text::{FileId, Place, Span};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// One file of a project that is written in HCL: `.tf`, `.tofu` or `.tfvars`.
#[derive(Debug)]
pub struct File<'t> {
    /// The index of its file in the project.
    pub id: FileId,
    /// The path of its file as the host named it, with `/`.
    pub path: String,
    /// Its text.
    pub text: &'t str,
    /// What was read of it.
    pub source: Rc<hcl::File>,
}

impl File<'_> {
    /// A span as a place.
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.id, span }
    }

    /// Its comments with the words in them, each from its mark on.
    pub fn comments(&self) -> Vec<(Span, &str)> {
        let words = |span: &Span| self.text.get(span.start as usize..span.end as usize);
        let whole = |span: &Span| {
            let before = self.text.get(..span.start as usize).unwrap_or_default();
            let mark = if before.ends_with('#') { 1 } else { 2 };
            Some((Span { start: span.start.checked_sub(mark)?, ..*span }, words(span)?))
        };
        self.source.comments.iter().filter_map(whole).collect()
    }

    /// What is wrong with the text.
    pub fn problems(&self) -> Vec<Problem> {
        let of = |problem: &hcl::Problem| {
            Problem::new(self.place(problem.span), ProblemKind::Syntax, problem.message.clone())
        };
        let mut problems: Vec<Problem> = self.source.problems.iter().map(of).collect();
        self.twice(&self.source.body, &mut problems);
        problems
    }

    /// The arguments that a body or a block in it has twice.
    fn twice(&self, body: &hcl::Body, into: &mut Vec<Problem>) {
        let mut names = HashSet::new();
        for hcl::Attribute { name, name_span, .. } in &body.attributes {
            if !names.insert(name) {
                let message = format!("`{name}` is given twice in one block, which Terraform refuses");
                into.push(Problem::new(self.place(*name_span), ProblemKind::DuplicateKey, message));
            }
        }
        body.blocks.iter().for_each(|block| self.twice(&block.body, into));
    }
}

/// The files of a project, as far as Terraform reads them.
pub struct Files<'a> {
    /// The `.tf` and `.tofu` files by their directory, in the order of their paths.
    directories: HashMap<&'a str, Vec<&'a File<'a>>>,
    /// The text of a file, whatever it is.
    text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Directories that were looked for.
    asked: RefCell<Vec<String>>,
}

impl<'a> Files<'a> {
    /// The files of modules, and how to find others.
    pub fn new(
        modules: impl IntoIterator<Item = &'a File<'a>>,
        text: &'a dyn Fn(&str) -> Option<&'a str>,
    ) -> Self {
        let mut directories: HashMap<&str, Vec<&File>> = HashMap::new();
        for file in modules {
            directories.entry(directory(&file.path)).or_default().push(file);
        }
        directories.values_mut().for_each(without_replaced);
        Self { directories, text, asked: RefCell::default() }
    }

    /// The directories that were looked for since this was asked last.
    pub fn asked(&self) -> Vec<String> {
        self.asked.take()
    }

    fn directory(&self, path: &str) -> Option<&[&'a File<'a>]> {
        self.asked.borrow_mut().push(path.to_owned());
        self.directories.get(path).map(Vec::as_slice)
    }

    /// The directories with modules that no module here calls and that were not downloaded; all of them where they call one another in a circle.
    pub fn entries(&self) -> Vec<&'a str> {
        let called: Vec<String> = self
            .directories
            .iter()
            .flat_map(|(path, files)| {
                config::calls(path, files).into_iter().filter(move |called| called != path)
            })
            .collect();
        let written = self.directories.keys().copied().filter(|path| !summary::is_summary(path));
        let mut all: Vec<&str> = written.collect();
        crate::sorted::sort(&mut all);
        let is_part = |path: &str| config::is_downloaded(path) || called.iter().any(|called| called == path);
        let own: Vec<&str> = all.iter().copied().filter(|path| !is_part(path)).collect();
        if own.is_empty() { all } else { own }
    }
}

/// Leaves out the files that OpenTofu ignores: `x.tofu` takes the place of `x.tf`, and `x.tofu.json` of `x.tf.json`.
fn without_replaced(files: &mut Vec<&File>) {
    let replacing = |path: &str| {
        let (stem, json) = path.strip_suffix(".json").map_or((path, ""), |stem| (stem, ".json"));
        stem.strip_suffix(".tf").map(|stem| format!("{stem}.tofu{json}"))
    };
    let is_tofu = |path: &str| path.ends_with(".tofu") || path.ends_with(".tofu.json");
    let there: HashSet<String> =
        files.iter().filter(|file| is_tofu(&file.path)).map(|file| file.path.clone()).collect();
    if !there.is_empty() {
        files.retain(|file| replacing(&file.path).is_none_or(|path| !there.contains(&path)));
    }
}

/// What a root module is given from outside.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Which Azure.
    pub cloud: Cloud,
    /// Values of variables from files; a later one wins.
    pub given: Vec<(Rc<str>, Value)>,
    /// Single values; they win over files.
    pub parameters: Vec<(String, Value)>,
    /// Whether part of a file with values could not be read.
    pub partially_parsed: bool,
}

/// Expands the module in a directory with those it calls.
pub fn lower(files: &Files, path: &str, inputs: &Inputs) -> Lowered {
    expansion::lower(files, path, inputs)
}

/// Reads a file, by the ending of its name.
pub fn read(path: &str, text: &str) -> hcl::File {
    let name = path.to_ascii_lowercase();
    if name.ends_with(".json") { json::read(text, name.ends_with(".tfvars.json")) } else { hcl::parse(text) }
}

/// Whether a file of values is read without being named: `terraform.tfvars`, or an automatic one.
pub fn is_read_by_itself(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "terraform.tfvars" | "terraform.tfvars.json") || is_automatic(path)
}

/// Whether a file of values is called `….auto.tfvars`.
pub fn is_automatic(path: &str) -> bool {
    path.ends_with(".auto.tfvars") || path.ends_with(".auto.tfvars.json")
}

/// The values that a file of variables gives.
pub fn given(file: &File) -> Vec<(Rc<str>, Value)> {
    expansion::literals(file)
}
