//! The options of a project in TypeScript: their types, and the table that the configuration and the command line use.

use std::fmt::Write as _;
use vaultmoat_core::{Cloud, Profile};

const HEAD: &str =
    "// Generated from the tables of options in core/src/options.rs. After a change there: make types\n";

/// A row of a table.
struct Row {
    field: &'static str,
    kind: &'static str,
    description: String,
    /// The default in the configuration, empty where there is none; `None` for an option that it does not have.
    setting: Option<&'static str>,
    /// The word for its value in the help of the command line, empty where it takes none.
    argument: Option<&'static str>,
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])* $field:ident: $kind:ident $(, configuration $($default:literal)?)?
        $(, argument $($word:literal)?)?;)*) => {
        [$(Row {
            field: stringify!($field),
            kind: stringify!($kind),
            description: [$($doc.trim()),*].join(" "),
            setting: [$(concat!("", $($default)?))?].first().copied(),
            argument: [$(concat!("", $($word)?))?].first().copied(),
        }),*]
    };
}

impl Row {
    /// The values that a text can have.
    fn choices(&self) -> Option<Vec<&'static str>> {
        match self.kind {
            "cloud" => Some(Cloud::ALL.iter().map(|cloud| cloud.name()).collect()),
            "profile" => Some(Profile::ALL.iter().map(|profile| profile.name()).collect()),
            _ => None,
        }
    }

    fn kind(&self) -> &'static str {
        if self.choices().is_some() { "choice" } else { self.kind }
    }

    fn of_typescript(&self) -> String {
        match self.kind {
            "flag" => "boolean",
            "text" => "string",
            "paths" | "texts" | "networks" | "addresses" => "readonly string[]",
            "forwarders" => "boolean | readonly string[]",
            "values" => "Readonly<Record<string, Json>>",
            "levels" => "Readonly<Record<string, RuleLevel | RuleSetting>>",
            "site" => "Surroundings",
            "entries" => "readonly IgnoreEntry[]",
            _ => return listed(&self.choices().unwrap_or_else(|| panic!("`{}`: no type", self.kind)), " | "),
        }
        .to_owned()
    }
}

fn listed(texts: &[&str], between: &str) -> String {
    texts.iter().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(between)
}

/// `on_premises` with another mark between the words, or as `onPremises` with none.
fn named(field: &str, mark: Option<char>) -> String {
    let mut name = String::new();
    for letter in field.chars() {
        match (letter, mark) {
            ('_', Some(mark)) => name.push(mark),
            ('_', None) => name.push('_'),
            _ if name.ends_with('_') => {
                name.pop();
                name.push(letter.to_ascii_uppercase());
            }
            _ => name.push(letter),
        }
    }
    name
}

fn members(rows: &[Row]) -> String {
    let member = |row: &Row| {
        let default = row.setting.filter(|default| !default.is_empty() && row.kind != "flag");
        let default = default.map(|default| format!(". Default: `{default}`")).unwrap_or_default();
        let (name, of) = (named(row.field, None), row.of_typescript());
        format!("  /** {}{default}. */\n  readonly {name}?: {of} | undefined;\n", row.description)
    };
    rows.iter().map(member).collect()
}

fn entries(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let name = named(row.field, Some('-'));
        let name = if name.contains('-') { format!("'{name}'") } else { name };
        let _ = write!(text, "  {name}: {{\n    kind: '{}',\n", row.kind());
        if let Some(choices) = row.choices() {
            let _ = writeln!(text, "    choices: [{}],", listed(&choices, ", "));
        }
        if let Some(default) = row.setting {
            text += "    isSetting: true,\n";
            match default {
                "" => {}
                "true" | "false" => text += &format!("    default: {default},\n"),
                _ => text += &format!("    default: '{default}',\n"),
            }
        }
        if let Some(word) = row.argument {
            let _ = writeln!(text, "    argument: '{word}',");
        }
        let _ = writeln!(text, "    description: {:?},\n  }},", row.description);
    }
    text
}

/// The options of the command line, as `parseArgs` takes them.
fn arguments(rows: &[Row]) -> String {
    let mut text = String::new();
    for Row { field, kind, .. } in rows.iter().filter(|row| row.argument.is_some()) {
        let name = named(field, Some('-'));
        text += &match *kind {
            "flag" => format!("  {name}: {{ type: 'boolean' }},\n  'no-{name}': {{ type: 'boolean' }},\n"),
            "paths" | "values" => {
                format!("  {name}: {{ type: 'string', multiple: true, default: [] as string[] }},\n")
            }
            _ => format!("  {name}: {{ type: 'string' }},\n"),
        };
    }
    text
}

/// The types of the library.
pub fn library() -> String {
    let (options, environment) = (vaultmoat_core::options!(rows), vaultmoat_core::environment_options!(rows));
    format!(
        "{HEAD}
import type {{ IgnoreEntry, Json, RuleLevel, RuleSetting }} from './engine.js';

/** Options of a project. */
export interface ProjectOptions {{
{}}}

/** The network that the files are deployed into. An absent member is unknown. */
export interface Surroundings {{
{}}}
",
        members(&options),
        members(&environment)
    )
}

/// The table of the configuration and the command line.
pub fn table() -> String {
    let (options, environment) = (vaultmoat_core::options!(rows), vaultmoat_core::environment_options!(rows));
    format!(
        "{HEAD}
import type {{ ProjectOptions }} from '../project-options.js';

/** An option of a project. */
export interface Option {{
  /** What its value is. */
  readonly kind: string;
  /** The values that a `choice` can have. */
  readonly choices?: readonly string[];
  /** Whether the configuration has it. */
  readonly isSetting?: true;
  /** The default in the configuration. */
  readonly default?: boolean | string;
  /** Of an option that the command line has: the word for its value in the help, empty for one without a value. */
  readonly argument?: string;
  readonly description: string;
}}

export const PROJECT_OPTIONS = {{
{}}} as const satisfies Record<keyof ProjectOptions, Option>;

/** The members of `environment`, as the configuration names them. */
export const ENVIRONMENT_OPTIONS = {{
{}}} as const satisfies Record<string, Option>;

/** The options of the command line that are options of a project. */
export const PROJECT_ARGUMENTS = {{
{}}} as const;
",
        entries(&options),
        entries(&environment),
        arguments(&options)
    )
}
