//! How fast texts are checked, beside how fast others only parse them, in one run: a line of JSON for each measurement,
//! of which `tests/bench.js` makes tables. Times are in milliseconds.
//!
//! `bench` measures; `bench KIND COUNT` measures one text; `bench text KIND COUNT` prints it; `bench once KIND COUNT`
//! checks it once, for a profiler.

#[path = "../../../../src/growth.rs"]
mod growth;
mod texts;

use serde_json::json;
use std::hint::black_box;
use std::io::{Error, Write};
use std::time::Instant;
use vaultmoat_core::{Options, Project};

/// Runs of one text, at most, and milliseconds after which there is no other.
const RUNS: usize = 25;
const ENOUGH: f64 = 3000.0;

/// What is as large as people's largest files.
const SIZES: &[(&str, &[usize])] = &[
    (
        "arm",
        &[texts::PER_MEGABYTE, 2 * texts::PER_MEGABYTE, 4 * texts::PER_MEGABYTE, 8 * texts::PER_MEGABYTE],
    ),
    ("bicep", &[45, 450]),
    ("terraform", &[38, 380]),
];
/// What has as many endpoints and zones; without the other parser, since tree-sitter's takes minutes.
const COUNTS: &[(&str, &[usize])] = &[
    ("network", &[10, 100, 1000]),
    ("bicep", &[10, 100, 1000]),
    ("terraform", &[10, 100, 1000]),
    ("rows", &[10, 100, 1000, 10_000]),
    ("arm-defaults", GROWTH),
    ("bicep-defaults", GROWTH),
    ("terraform-defaults", GROWTH),
];

/// Vaults on defaults, where ids are not known for sure.
const GROWTH: &[usize] = &[250, 500, 1000, 2000];

/// The fastest parser that there is for a language; whether it gives a tree at all is looked at.
enum Parser {
    SerdeJson,
    HclEdit,
    TreeSitter(Box<tree_sitter::Parser>),
}

impl Parser {
    fn of(path: &str) -> Result<Self, Error> {
        Ok(match path.rsplit('.').next() {
            Some("tf") => Parser::HclEdit,
            Some("bicep") => {
                let mut parser = tree_sitter::Parser::new();
                parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).map_err(Error::other)?;
                Parser::TreeSitter(Box::new(parser))
            }
            _ => Parser::SerdeJson,
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Parser::SerdeJson => "serde_json",
            Parser::HclEdit => "hcl-edit",
            Parser::TreeSitter(_) => "tree-sitter-bicep",
        }
    }

    /// Milliseconds, or nothing where it stops.
    fn time(&mut self, text: &str) -> Option<f64> {
        match self {
            // Rows follow one another.
            Parser::SerdeJson => timed(|| {
                let values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
                values.collect::<Result<Vec<_>, _>>().ok()
            }),
            Parser::HclEdit => timed(|| hcl_edit::parser::parse_body(text).ok()),
            Parser::TreeSitter(parser) => {
                timed(|| parser.parse(text, None).filter(|tree| !tree.root_node().has_error()))
            }
        }
    }
}

/// Milliseconds without what it takes to give back what was made.
fn timed<T>(run: impl FnOnce() -> Option<T>) -> Option<f64> {
    let started = Instant::now();
    let result = black_box(run());
    let took = started.elapsed().as_secs_f64() * 1e3;
    result.map(|_| took)
}

fn checked(path: &str, text: &str) -> (Project, vaultmoat_core::report::Report) {
    let mut project = Project::new(Options::default());
    project.set(path, text);
    let report = project.check();
    (project, report)
}

/// The shortest times: whatever else the machine does only ever adds. The two take turns.
fn measure(kind: &str, count: usize, is_compared: bool) -> Result<serde_json::Value, Error> {
    let (path, text) = texts::of(kind, count).ok_or_else(|| Error::other("no such kind"))?;
    let mut parser = Parser::of(path)?;
    let summary = checked(path, &text).1.summary;
    let (mut parse, mut check, mut again) = (None, f64::INFINITY, f64::INFINITY);
    let started = Instant::now();
    for run in 0..RUNS {
        if is_compared {
            let time = parser.time(&text).ok_or_else(|| Error::other("the other parser stops"))?;
            parse = Some(parse.map_or(time, |best: f64| best.min(time)));
        }
        check = check.min(timed(|| Some(checked(path, &text))).unwrap_or(f64::INFINITY));
        let (mut project, _) = checked(path, &text);
        let edited = format!("{text}\n");
        let edit = timed(|| {
            project.set(path, &edited);
            Some(project.check())
        });
        again = again.min(edit.unwrap_or(f64::INFINITY));
        if run > 0 && started.elapsed().as_secs_f64() * 1e3 > ENOUGH {
            break;
        }
    }
    Ok(json!({
        "kind": kind, "count": count, "path": path, "bytes": text.len(), "lines": text.lines().count(),
        "resources": summary.resources, "findings": summary.errors + summary.warnings + summary.infos,
        "parser": parser.name(), "parse": parse, "check": check, "again": again,
    }))
}

fn main() -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |word: &str| word.parse::<usize>().map_err(Error::other);
    let text =
        |kind: &str, count: &str| texts::of(kind, number(count)?).ok_or_else(|| Error::other("no such kind"));
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            for (table, of) in [("size", SIZES), ("count", COUNTS)] {
                for (kind, counts) in of {
                    for count in *counts {
                        let mut measured = measure(kind, *count, table == "size")?;
                        measured["table"] = json!(table);
                        writeln!(out, "{measured}")?;
                    }
                }
            }
            Ok(())
        }
        ["text", kind, count] => out.write_all(text(kind, count)?.1.as_bytes()),
        ["once", kind, count] => {
            let (path, text) = text(kind, count)?;
            writeln!(out, "{:?}", checked(path, &text).1.summary)
        }
        [kind, count] => writeln!(out, "{}", measure(kind, number(count)?, true)?),
        _ => Err(Error::other("bench [[text|once] KIND COUNT]")),
    }
}
