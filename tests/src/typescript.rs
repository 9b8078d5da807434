//! What is generated of the npm package: the result types, and the questions.

use std::path::Path;
use ts_rs::{Config, TS, TypeVisitor};
#[allow(clippy::wildcard_imports, reason = "the types in the table of questions")]
use vaultmoat_core::report::*;

const TYPES: &str = "// Generated from the engine's result types. After a change there: make types\n";
const QUESTIONS: &str =
    "// Generated from the table of questions in core/src/project.rs. After a change there: make types\n";

/// Declarations of types and of all that they consist of, each before its parts.
struct Declarations {
    config: Config,
    names: Vec<String>,
    text: String,
}

impl Declarations {
    fn new() -> Self {
        let config = Config::new().with_large_int("number");
        Self { config, names: Vec::new(), text: TYPES.to_owned() }
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let name = T::ident(&self.config);
        // Types of the language are not declared.
        if T::output_path().is_some() && !self.names.contains(&name) {
            self.names.push(name);
            let docs = T::docs().unwrap_or_default();
            self.text.push_str(&tidy(&format!("\n{docs}export {}\n", T::decl(&self.config))));
            T::visit_dependencies(self);
        }
        T::visit_generics(self);
    }
}

/// One-line comments on one line, fields indented, no spaces at line ends.
fn tidy(declaration: &str) -> String {
    let text =
        declaration.replace("/**\n * ", "/** ").replace("\n */", " */").replace("[`", "`").replace("`]", "`");
    let text = text.replace(", };", ",\n};").replace(", } ", ",\n} ");
    let mut depth = 0usize;
    let mut tidied = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        let code = if line.starts_with("/**") || line.starts_with(" *") { "" } else { line };
        depth = depth.saturating_sub(usize::from(code.starts_with('}')));
        if !line.is_empty() {
            tidied.push_str(&"  ".repeat(depth));
            tidied.push_str(line);
        }
        tidied.push('\n');
        depth += usize::from(code.ends_with('{'));
    }
    tidied
}

/// A row of the table.
struct Question {
    name: &'static str,
    sentence: Vec<&'static str>,
    /// The names of its arguments.
    takes: Vec<&'static str>,
    report: String,
    /// The command that prints the report, and its line in the list of commands.
    command: Option<(&'static str, Option<&'static str>)>,
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])* $name:ident($($argument:ident),*) -> $report:ty
        $(= $answer:path)? $(, $command:ident $($line:literal)?)?;)*) => {{
        let config = Config::new();
        let mut declarations = Declarations::new();
        $(declarations.visit::<$report>();)*
        declarations.visit::<RuleInfo>();
        declarations.visit::<StreamRecord>();
        let questions = [$(Question {
            name: stringify!($name),
            sentence: vec![$($doc.trim()),*],
            takes: vec![$(stringify!($argument)),*],
            report: <$report as TS>::name(&config),
            command: [$((stringify!($command), [$($line)?].first().copied()))?].first().copied(),
        }),*];
        (declarations.text, questions)
    }};
}

/// A list of a type is `Array<Type>`.
fn element(report: &str) -> &str {
    report.strip_prefix("Array<").and_then(|inner| inner.strip_suffix('>')).unwrap_or(report)
}

fn documented(lines: &[&str], method: &str) -> String {
    match lines {
        [line] => format!("  /** {line} */\n  {method};\n"),
        _ => format!("  /**\n   * {}\n   */\n  {method};\n", lines.join("\n   * ")),
    }
}

/// The questions as the library and the worker have them.
fn library(questions: &[Question]) -> String {
    let (mut here, mut there, mut takes) = (String::new(), String::new(), String::new());
    for question in questions {
        let Question { name, sentence, report, .. } = question;
        let parameters = match *question.takes {
            [] => "",
            ["vault"] => "options?: AccessOptions",
            ["vault", "from"] => "question: Question",
            ["options"] => "options?: FixOptions",
            ["after"] => "after: Project",
            _ => panic!("`{name}`: these arguments have no type in TypeScript yet"),
        };
        here += &documented(sentence, &format!("{name}({parameters}): {report}"));
        let newer = format!("An older `{name}` that is still open is rejected with an `AbortError`.");
        let (sentence, parameters) = match parameters {
            "" => ([sentence, &[newer.as_str()][..]].concat(), "options?: RequestOptions".to_owned()),
            _ => (sentence.clone(), parameters.replace("Project", "WorkerProject")),
        };
        there += &documented(&sentence, &format!("{name}({parameters}): Promise<{report}>"));
        takes += &format!("  {name}: '{}',\n", question.takes.join(", "));
    }
    let mut reports: Vec<_> = questions.iter().map(|question| element(&question.report)).collect();
    reports.sort_unstable();
    format!(
        "{QUESTIONS}
import type {{ RequestOptions, WorkerProject }} from './client.js';
import type {{ AccessOptions, FixOptions, Project, Question }} from './engine.js';
import type {{ {} }} from './types.js';

/** What can be asked about a project. */
export interface Questions {{
{here}}}

/** What can be asked about a project in a worker. */
export interface WorkerQuestions {{
{there}}}

/** The arguments of each question, by name. */
export const TAKES = {{
{takes}}} as const satisfies Record<keyof Questions, string>;
",
        reports.join(", ")
    )
}

/// What is generated, by its path in `npm/src`.
fn generated() -> [(&'static str, String); 2] {
    let (types, questions) = vaultmoat_core::questions!(rows);
    [("types.ts", types), ("questions.ts", library(&questions))]
}

/// `UPDATE=1` writes the files instead.
#[test]
fn committed_files_are_the_generated_ones() {
    for (name, text) in generated() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../npm/src").join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "npm/src/{name} is stale: run `make types`");
    }
}
