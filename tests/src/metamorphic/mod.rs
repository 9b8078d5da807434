//! Templates rewritten without changing their meaning: the findings must stay the same.
//!
//! A [`Subject`] is a set of files. A [`Change`] rewrites it: other names, another order, comments, literals moved into
//! variables, parameters, locals, loops or modules. [`fault`] compares what is found before and after.

mod arm;
mod bicep;
mod generated;
mod hcl;
mod tokens;

pub use generated::network;

use crate::page::{Example, Page, severity_word};
use std::path::Path;
use vaultmoat_core::report::{Confidence, Diagnostic, Report};
use vaultmoat_core::{Options, Profile, Project};

/// Paths and texts.
pub type Files = Vec<(String, String)>;

/// Files that are checked as one, and how.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Where they come from.
    pub name: String,
    /// The files; the first says what language they are in.
    pub files: Files,
    /// How they are checked.
    pub options: Options,
}

/// What stays when a template is written in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stays {
    /// Rule, severity, confidence, resource and message.
    Everything,
    /// All but the message, which names what was moved.
    AllButMessages,
    /// Rule, severity, confidence and type of the resource: what it is called has changed.
    AllButNames,
    /// Rule, severity and type of the resource; what was certain may be likely.
    AllButConfidence,
}

/// A way to write the same.
#[derive(Clone, Copy)]
pub struct Change {
    /// What it does.
    pub name: &'static str,
    /// What stays.
    pub stays: Stays,
    apply: fn(&Files) -> Option<Files>,
}

/// Every change.
pub fn changes() -> impl Iterator<Item = Change> {
    [arm::CHANGES, bicep::CHANGES, hcl::CHANGES].into_iter().flatten().copied()
}

impl Subject {
    /// The examples of every rule's page, of the pages that compare languages, and the templates in `examples`.
    pub fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut subjects = Vec::new();
        for folder in ["core/src/rules/docs", "tests/parity"] {
            for (path, text) in texts(&root.join(folder)) {
                for example in Page::read(&text).examples {
                    subjects.extend(Self::of_example(&path, &example));
                }
            }
        }
        for folder in ["examples/templates", "examples/problems"] {
            subjects.extend(Self::in_folder(&root.join(folder)));
        }
        subjects
    }

    fn of_example(path: &str, example: &Example) -> Option<Self> {
        let options = Options { profile: Profile::Strict, ..example.settings().ok()? };
        let name = format!("{path}:{}", example.line);
        Some(Self { name, files: example.files.clone(), options })
    }

    /// Each file in a folder by itself, and each directory of Terraform files as one.
    pub fn in_folder(folder: &Path) -> Vec<Self> {
        let options = Options { profile: Profile::Strict, ..Options::default() };
        let mut subjects = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            folders.extend(entries.map(|entry| entry.path()).filter(|path| path.is_dir()));
            let mut terraform = Vec::new();
            for (path, text) in texts(&folder) {
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                if name.ends_with(".tf") {
                    terraform.push((name, text));
                } else if name.ends_with(".bicep") || name.ends_with(".json") {
                    subjects.push(Self { name: path, files: vec![(name, text)], options: options.clone() });
                }
            }
            if !terraform.is_empty() {
                let name = folder.display().to_string();
                subjects.push(Self { name, files: terraform, options: options.clone() });
            }
        }
        subjects.sort_by(|a, b| a.name.cmp(&b.name));
        subjects
    }

    /// What is said of files in place of its own.
    pub fn check(&self, files: &Files) -> Report {
        let mut project = Project::new(self.options.clone());
        files.iter().for_each(|(path, text)| project.set(path, text));
        project.check()
    }
}

/// The files of a folder, in order.
fn texts(folder: &Path) -> Files {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Files = entries
        .filter_map(|entry| {
            let text = std::fs::read_to_string(entry.path()).ok()?;
            Some((entry.path().display().to_string(), text))
        })
        .collect();
    files.sort();
    files
}

/// What is wrong with a change of a subject: nothing where it cannot be made, too.
///
/// The first member says whether it was made.
pub fn fault(subject: &Subject, before: &Report, change: &Change) -> (bool, Option<String>) {
    // A text with errors need not have the same errors afterwards.
    let is_broken = before.diagnostics.iter().any(|found| OF_BROKEN.contains(&found.rule.as_str()));
    let Some(files) = (change.apply)(&subject.files).filter(|_| !is_broken) else { return (false, None) };
    let after = subject.check(&files);
    let is_deeper = change.name.ends_with("in a module") || change.name.ends_with("in a nested deployment");
    let (was, is) = (lines(before, change.stays, is_deeper), lines(&after, change.stays, is_deeper));
    let gone: Vec<&String> = missing(&was, &is);
    let new: Vec<&String> = missing(&is, &was);
    let surer = surer(before, &after, change.stays);
    if gone.is_empty() && new.is_empty() && surer.is_empty() {
        return (true, None);
    }
    let list = |sign: &str, lines: &[&String]| -> String {
        lines.iter().map(|line| format!("  {sign} {line}\n")).collect()
    };
    let texts: String = files.iter().map(|(path, text)| format!("--- {path}\n{text}\n")).collect();
    let surer: String = surer.iter().map(|line| format!("  surer than before: {line}\n")).collect();
    let shown = if std::env::var_os("METAMORPHIC_TEXTS").is_some() { texts } else { String::new() };
    (
        true,
        Some(format!(
            "{} · {}\n{}{}{surer}{shown}",
            subject.name,
            change.name,
            list("-", &gone),
            list("+", &new)
        )),
    )
}

/// Rules about texts that the languages' own tools refuse.
const OF_BROKEN: &[&str] = &["syntax", "duplicate-key"];

/// Rules about how a text is written.
const OF_THE_TEXT: &[&str] = &["unused-suppression", "invalid-suppression"];

/// Rules that look at one template and not into those that it deploys, which may be deployed elsewhere.
const OF_ONE_TEMPLATE: &[&str] = &["duplicate-resource"];

fn lines(report: &Report, stays: Stays, is_deeper: bool) -> Vec<String> {
    let left_out = |rule: &str| OF_THE_TEXT.contains(&rule) || (is_deeper && OF_ONE_TEMPLATE.contains(&rule));
    let found = report.diagnostics.iter().filter(|found| !left_out(&found.rule));
    let mut lines: Vec<String> = found.map(|found| line(found, stays)).collect();
    if stays != Stays::AllButConfidence {
        lines.extend(report.undecided.iter().map(|open| {
            let kind = open.resource.as_ref().map_or("", |resource| &resource.kind);
            format!("undecided {} {kind}", open.rule)
        }));
    }
    lines.sort();
    lines
}

fn line(found: &Diagnostic, stays: Stays) -> String {
    let kind = found.resource.as_ref().map_or("", |resource| &resource.kind);
    let name = found.resource.as_ref().map_or("", |resource| &resource.name);
    let severity = severity_word(found.severity);
    let confidence = match found.confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
    };
    match stays {
        Stays::Everything => {
            format!("{severity} {confidence} {} {kind} {name}: {}", found.rule, found.message)
        }
        Stays::AllButMessages => format!("{severity} {confidence} {} {kind} {name}", found.rule),
        Stays::AllButNames => format!("{severity} {confidence} {} {kind}", found.rule),
        Stays::AllButConfidence => format!("{severity} {} {kind} {name}", found.rule),
    }
}

/// Findings that a default decides now, or did before, and that are called certain now.
fn surer(before: &Report, after: &Report, stays: Stays) -> Vec<String> {
    if stays != Stays::AllButConfidence {
        return Vec::new();
    }
    let certain = |report: &Report| -> Vec<String> {
        let found = report.diagnostics.iter().filter(|found| found.confidence == Confidence::Certain);
        let mut lines: Vec<String> = found.map(|found| line(found, stays)).collect();
        lines.sort();
        lines
    };
    missing(&certain(after), &certain(before)).into_iter().cloned().collect()
}

/// The lines that are more often in one sorted list than in the other.
fn missing<'l>(all: &'l [String], from: &[String]) -> Vec<&'l String> {
    let count = |lines: &[String], line: &String| lines.iter().filter(|other| *other == line).count();
    let mut gone: Vec<&String> = all.iter().filter(|line| count(all, line) > count(from, line)).collect();
    gone.dedup();
    gone
}
