//! What is generated of the npm package: the result types, the questions and the options.

mod options;

use std::collections::BTreeMap;
use std::path::Path;
use ts_rs::{Config, TS, TypeVisitor};
#[allow(clippy::wildcard_imports, reason = "the types in the table of questions")]
use vaultmoat_core::report::*;

const TYPES: &str = "// Generated from the engine's result types. After a change there: make types\n";
const QUESTIONS: &str =
    "// Generated from the table of questions in core/src/project.rs. After a change there: make types\n";

/// The declarations of types and of all that they consist of, by name. `ts_rs` visits them in another order whenever it is
/// compiled.
struct Declarations {
    config: Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let name = T::ident(&self.config);
        // Types of the language are not declared.
        if T::output_path().is_some() && !self.found.contains_key(&name) {
            let docs = T::docs().unwrap_or_default();
            self.found.insert(name, tidy(&format!("\n{docs}export {}\n", T::decl(&self.config))));
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
    /// Whether the row names the function that answers.
    is_plain: bool,
    /// The command that prints the report, and its line in the list of commands.
    command: Option<(&'static str, Option<&'static str>)>,
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])* $name:ident($($argument:ident),*) -> $report:ty
        $(= $answer:path)? $(, $command:ident $($line:literal)?)?;)*) => {{
        let config = Config::new();
        let mut declarations = Declarations { config: Config::new().with_large_int("number"), found: BTreeMap::new() };
        $(declarations.visit::<$report>();)*
        declarations.visit::<RuleInfo>();
        declarations.visit::<StreamRecord>();
        let questions = [$(Question {
            name: stringify!($name),
            sentence: vec![$($doc.trim()),*],
            takes: vec![$(stringify!($argument)),*],
            report: <$report as TS>::name(&config),
            is_plain: ["", $(stringify!($answer))?].len() > 1,
            command: [$((stringify!($command), [$($line)?].first().copied()))?].first().copied(),
        }),*];
        let types = declarations.found.into_values().collect::<String>();
        (format!("{TYPES}{types}"), questions)
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

/// What the command line prints of the questions.
fn command_line(questions: &[Question]) -> String {
    let (mut printed, mut printers) = (String::new(), String::new());
    for Question { name, report, is_plain, command, .. } in questions {
        let Some((command, line)) = command else { continue };
        printed += &format!("  {name}: {{ command: '{command}', report: '{report}'");
        printed += &line.map(|line| format!(", line: {line:?}")).unwrap_or_default();
        printed += " },\n";
        if *is_plain {
            printers += &format!("  {name}: async () => (await import('./{name}.js')).printer,\n");
        }
    }
    format!(
        "{QUESTIONS}
import type {{ Questions }} from '../questions.js';
import type {{ Printer }} from './ask.js';

/** The reports that commands print: the command, the type, and the line in the list of commands. */
export const PRINTED = {{
{printed}}} as const satisfies {{ [Name in keyof Questions]?: {{ command: string; report: string; line?: string }} }};

/** How text is made of those that are printed and no more. */
export const PRINTERS = {{
{printers}}} as const satisfies {{ [Name in keyof Questions]?: () => Promise<Printer<ReturnType<Questions[Name]>>> }};
"
    )
}

/// What is generated, by its path in `npm/src`.
fn generated() -> [(&'static str, String); 5] {
    let (types, questions) = vaultmoat_core::questions!(rows);
    [
        ("types.ts", types),
        ("questions.ts", library(&questions)),
        ("cli/questions.ts", command_line(&questions)),
        ("project-options.ts", options::library()),
        ("config/options.ts", options::table()),
    ]
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
