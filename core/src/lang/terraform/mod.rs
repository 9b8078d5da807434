//! Terraform and OpenTofu: a directory of `.tf` and `.tofu` files with the local modules it calls, lowered into resources in ARM's shape.

mod addition;
mod argument;
mod azapi;
mod azurerm;
mod body;
mod config;
mod convert;
mod edit;
mod expansion;
mod frontend;
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

pub use frontend::Frontend;
pub use kept::keeping;

use super::{Problem, ProblemKind, directory};
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
    /// The text that the spans in `source` count from.
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

/// The `.tf` and `.tofu` files of a project by their directory, in the order of their paths.
#[derive(Default)]
pub struct Written<'a>(HashMap<&'a str, Vec<&'a File<'a>>>);

impl<'a> Written<'a> {
    fn new(files: impl IntoIterator<Item = &'a File<'a>>) -> Self {
        let mut directories: HashMap<&str, Vec<&File>> = HashMap::new();
        for file in files {
            directories.entry(directory(&file.path)).or_default().push(file);
        }
        directories.values_mut().for_each(without_replaced);
        Self(directories)
    }

    fn directory(&self, path: &str) -> Option<Vec<&'a File<'a>>> {
        self.0.get(path).cloned()
    }

    /// The directories with modules that no other module calls and that were not downloaded; all of them where they call
    /// one another in a circle.
    fn entries(&self) -> Vec<&'a str> {
        let called: Vec<String> = self
            .0
            .iter()
            .flat_map(|(path, files)| {
                config::calls(path, files).into_iter().filter(move |called| called != path)
            })
            .collect();
        let mut all: Vec<&str> = self.0.keys().copied().collect();
        crate::sorted::sort(&mut all);
        let is_part = |path: &str| config::is_downloaded(path) || called.iter().any(|called| called == path);
        let own: Vec<&str> = all.iter().copied().filter(|path| !is_part(path)).collect();
        if own.is_empty() { all } else { own }
    }
}

/// What one expansion reads.
struct Files<'a> {
    written: &'a Written<'a>,
    /// Summaries of modules that are not among the files, by their directory.
    summaries: &'a HashMap<String, File<'a>>,
    /// The text of a file, whatever it is.
    text: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Directories that were looked for.
    asked: RefCell<Vec<String>>,
}

impl<'a> Files<'a> {
    fn new(
        written: &'a Written<'a>,
        summaries: &'a HashMap<String, File<'a>>,
        text: &'a dyn Fn(&str) -> Option<&'a str>,
    ) -> Self {
        Self { written, summaries, text, asked: RefCell::default() }
    }

    fn directory(&self, path: &str) -> Option<Vec<&'a File<'a>>> {
        self.asked.borrow_mut().push(path.to_owned());
        self.written.directory(path).or_else(|| self.summaries.get(path).map(|file| vec![file]))
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
struct Inputs {
    /// Values of variables from files; a later one wins.
    given: Vec<(Rc<str>, Value)>,
    /// Single values; they win over files.
    parameters: Vec<(String, Value)>,
    /// Whether part of a file with values could not be read.
    partially_parsed: bool,
}
