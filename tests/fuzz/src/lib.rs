//! What the targets share.

use std::collections::BTreeMap;
use vaultmoat_core::report::Report;
use vaultmoat_core::text::Span;
use vaultmoat_core::{Options, Profile, Project};

/// How often fixes may make room for other fixes.
const ROUNDS: usize = 20;

fn strict() -> Project {
    Project::new(Options { profile: Profile::Strict, ..Options::default() })
}

/// The files in some data, by these paths in order: a NUL byte ends a file.
fn files<'p>(paths: &[&'p str], data: &[u8]) -> Vec<(&'p str, String)> {
    let texts = data.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
    paths.iter().copied().zip(texts).collect()
}

/// Takes files through everything: parse, expand, model, rules, what can be asked, and fixes until there are no more.
pub fn check(paths: &[&str], data: &[u8]) {
    let mut project = strict();
    for (path, text) in files(paths, data) {
        project.set(path, &text);
    }
    let before = project.check();
    ask(&project);
    fix(project, before);
}

macro_rules! asking {
    ($($(#[$doc:meta])* $name:ident $arguments:tt -> $report:ty
        $(= $answer:path)? $(, $command:ident $($line:literal)?)?;)*) => {
        /// Asks everything. The answer may be why there is none.
        fn ask(project: &Project) {
            $(let _ = answer!(project.$name $arguments);)*
        }
    };
}

macro_rules! answer {
    ($project:ident.$name:ident()) => { $project.$name() };
    ($project:ident.$name:ident(vault)) => { $project.$name(None) };
    ($project:ident.$name:ident(vault, from)) => { $project.$name(None, "on-premises") };
    ($project:ident.$name:ident(options)) => { $project.$name(&[], true) };
    ($project:ident.$name:ident(after)) => { $project.$name($project) };
}

vaultmoat_core::questions!(asking);

/// Applies fixes until none is offered. None breaks a file, and they do not take turns.
fn fix(mut project: Project, mut report: Report) {
    let broken = |report: &Report, path: &str| {
        report.diagnostics.iter().filter(|found| found.rule == "syntax" && found.file == path).count()
    };
    for _ in 0..ROUNDS {
        let fixed = project.apply(&report, &[], true);
        if fixed.is_empty() {
            return;
        }
        for file in &fixed {
            project.set(&file.file, &file.text);
        }
        let after = project.check();
        for file in &fixed {
            let path = &file.file;
            assert!(broken(&after, path) <= broken(&report, path), "a fix breaks {path}:\n{}", file.text);
        }
        report = after;
    }
    panic!("fixes are still offered after {ROUNDS} rounds");
}

/// Sets and removes files: what is said then is what a new project says. Each part of the data up to a NUL byte is a
/// step; its first byte says what happens to which file.
pub fn recheck(paths: &[&str], data: &[u8]) {
    let mut project = strict();
    let mut texts = BTreeMap::new();
    for step in data.split(|byte| *byte == 0).take(12) {
        let Some((what, text)) = step.split_first() else { continue };
        let path = paths[usize::from(what / 4) % paths.len()];
        let text = String::from_utf8_lossy(text).into_owned();
        if what % 4 == 3 {
            project.remove(path);
            texts.remove(path);
        } else {
            project.set(path, &text);
            texts.insert(path, text);
        }
        if what % 4 != 0 {
            project.check();
        }
    }
    let mut new = strict();
    for (path, text) in &texts {
        new.set(path, text);
    }
    assert_eq!(format!("{:?}", project.check()), format!("{:?}", new.check()));
    assert_eq!(format!("{:?}", project.model()), format!("{:?}", new.model()));
}

/// Holds that a place is one in a text.
pub fn assert_in(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is none of {text:?}");
}
