//! The page of a rule: documentation for a reader, and a test. The form is
//!
//! ````text
//! # slug
//!
//! What the rule finds: its summary.
//!
//! Severity: warning · Profile: recommended · Fix: unsafe · Yields to: another-rule
//!
//! ## What it does          then the other sections, see [`SECTIONS`]
//! ## Bad
//! ```bicep                 an example: a code block, and what is reported
//! ```
//! ```findings
//! 12:9 warning certain public-vault: …
//! ```
//!
//! <details>
//! <summary>ARM JSON</summary>
//! ```json                  the same in another language; see [`FRAGMENTS`]
//! ```
//! </details>
//! ````
//!
//! Examples in the page's own language are in the open: Bicep, or the language that the rule is about. Other languages are
//! folded, each under its name.
//! An example of several files names all but the first, ` ```json file=nested/kv.json `; the parameters of a Bicep example
//! (` ```bicepparam `) are `main.bicepparam`. Further words on the line of its first block are options: `profile=strict`, `cloud=usgov`, `complete`, `together`. Files are checked with the
//! recommended profile and with this rule, whatever its profile; notes (severity info) of other rules are not shown.
//! A ` ```undecided ` block lists what the rule could not decide: `slug: reason (what it depends on)`.

use crate::fixture::load;
use vaultmoat_core::syntax::json::{self, Node};
use vaultmoat_core::{Cloud, Options, Profile, Project, report};

/// The sections of a page in their order, and whether a page may lack it.
pub const SECTIONS: &[(&str, bool)] = &[
    ("What it does", false),
    ("Why it matters", false),
    ("Bad", false),
    ("Good", false),
    ("Undecided", true),
    ("Fix safety", false),
    ("References", false),
    ("Facts", true),
    ("Controls", true),
];

/// What the head of a page says if it shows parts of ARM templates.
pub const FRAGMENTS: &str = "ARM JSON examples are fragments: a template without `$schema` and `contentVersion`, or only its resources.";

/// How every template begins, on the one line before its fragment.
const TEMPLATE: &str = r##"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0","##;

/// A page, read.
#[derive(Debug, Default)]
pub struct Page {
    /// The text of its heading.
    pub title: String,
    /// Its first paragraph, on one line.
    pub summary: String,
    /// The line with its severity, profile and fix.
    pub about: String,
    /// Whether its head says that its ARM templates are fragments.
    pub has_note: bool,
    /// The headings of its sections.
    pub sections: Vec<String>,
    /// Its examples.
    pub examples: Vec<Example>,
    /// What is wrong with its form.
    pub faults: Vec<String>,
    /// The heading of the folded part that is being read.
    folded: Option<String>,
}

/// An example: files, and what the page says that the tool says of them.
#[derive(Debug, Default)]
pub struct Example {
    /// The section it stands in.
    pub section: String,
    /// The heading that it is folded under; none if it is in the open.
    pub folded: Option<String>,
    /// 1-based line of its first block.
    pub line: usize,
    /// Paths and texts; those of fragments are whole templates, one line longer than on the page.
    pub files: Vec<(String, String)>,
    /// The paths of the files that the page shows as fragments.
    pub fragments: Vec<String>,
    /// The words on the line of its first block.
    pub options: Vec<String>,
    /// The lines of its `findings` block, if it has one.
    pub findings: Option<Vec<String>>,
    /// The lines of its `undecided` block, if it has one.
    pub undecided: Option<Vec<String>>,
    /// The lines of its `model` block, if it has one.
    pub model: Option<Vec<String>>,
    /// 0-based line behind its last file, and behind everything.
    ends: (usize, usize),
}

/// What an example is written in, in the order of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Bicep.
    Bicep,
    /// An ARM template.
    Arm,
    /// Terraform.
    Terraform,
    /// What Azure's own tools print.
    AzureJson,
}

impl Language {
    /// How the heading of a folded part begins.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bicep => "Bicep",
            Self::Arm => "ARM JSON",
            Self::Terraform => "Terraform",
            Self::AzureJson => "Azure JSON",
        }
    }
}

/// What the tool says of an example, as a page writes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// `line:column severity confidence slug: message`, with the path before it if it is not in the first file.
    pub findings: Vec<String>,
    /// `slug: reason (what it depends on)`, of the page's own rule.
    pub undecided: Vec<String>,
}

/// What the fixes of a rule make of an example.
#[derive(Debug)]
pub struct Fixed {
    /// The kinds of the fixes.
    pub offered: Vec<report::Applicability>,
    /// What the rule and the grammar find afterwards.
    pub left: Vec<report::Diagnostic>,
}

impl Page {
    /// Reads a page; what is wrong with its form is among its faults.
    pub fn read(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut page = Self::default();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            if let Some(info) = line.strip_prefix("```") {
                let length = lines[at + 1..].iter().take_while(|line| **line != "```").count();
                page.block(info, &lines[at + 1..at + 1 + length], at);
                at += length + 2;
                continue;
            }
            if let Some(title) = line.strip_prefix("# ") {
                page.title = title.to_owned();
            } else if let Some(section) = line.strip_prefix("## ") {
                page.sections.push(section.to_owned());
            } else if let Some(heading) = line.strip_prefix("<summary>") {
                page.folded = Some(heading.strip_suffix("</summary>").unwrap_or_default().to_owned());
            } else if *line == "</details>" {
                page.folded = None;
            } else if line.starts_with("Severity: ") {
                page.about = (*line).to_owned();
            } else if *line == FRAGMENTS {
                page.has_note = page.sections.is_empty();
            } else if page.sections.is_empty() && page.about.is_empty() && !line.is_empty() {
                page.summary = format!("{} {line}", page.summary).trim().to_owned();
            }
            at += 1;
        }
        page
    }

    fn block(&mut self, info: &str, body: &[&str], at: usize) {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default();
        let end = at + body.len() + 2;
        let lines = || body.iter().map(|line| (*line).to_owned()).collect();
        let section = self.sections.last().cloned().unwrap_or_default();
        let same = self.examples.last_mut().filter(|example| example.section == section);
        match (language, same) {
            ("findings", Some(example)) => {
                (example.findings, example.ends.1) = (Some(lines()), end);
            }
            ("undecided", Some(example)) => {
                (example.undecided, example.ends.1) = (Some(lines()), end);
            }
            ("model", Some(example)) => {
                (example.model, example.ends.1) = (Some(lines()), end);
            }
            ("findings" | "undecided" | "model", None) => {
                self.faults.push(format!("line {}: a block `{language}` without an example", at + 1));
            }
            (_, same) => {
                let file = words.clone().find_map(|word| word.strip_prefix("file="));
                let path = match (file, language) {
                    (Some(path), _) => path.to_owned(),
                    (None, "json" | "jsonc" | "bicep" | "bicepparam") => format!("main.{language}"),
                    (None, "terraform") => "main.tf".to_owned(),
                    _ => return,
                };
                let mut text: String = body.iter().map(|line| format!("{line}\n")).collect();
                let is_arm = self.folded.as_deref().is_some_and(|heading| heading.starts_with("ARM"));
                let template = if is_arm { template(&text) } else { None };
                let mut fragments = Vec::new();
                if let Some(template) = template {
                    text = template;
                    fragments.push(path.clone());
                }
                let is_further = file.is_some() || language == "bicepparam";
                match same {
                    Some(example) if is_further && example.ends.0 == example.ends.1 => {
                        example.files.push((path, text));
                        example.fragments.extend(fragments);
                        example.ends = (end, end);
                    }
                    _ => self.examples.push(Example {
                        section,
                        folded: self.folded.clone(),
                        line: at + 1,
                        files: vec![(path, text)],
                        fragments,
                        options: words.filter(|word| !word.starts_with("file=")).map(str::to_owned).collect(),
                        ends: (end, end),
                        ..Example::default()
                    }),
                }
            }
        }
    }

    /// The text of the page with what the tool really says of its examples.
    pub fn update(&self, text: &str, slug: &str) -> String {
        self.rewrite(text, |example| {
            let said = example.run(slug).ok()?;
            let mut blocks = Vec::new();
            if example.section != "Good" {
                blocks.push(("findings", said.findings));
                if example.undecided.is_some() || example.section == "Undecided" {
                    blocks.push(("undecided", said.undecided));
                }
            }
            Some(blocks)
        })
    }

    /// The text of the page with these blocks, by name, behind the files of each example; empty ones are left out, and an
    /// example without an answer stays as it is.
    pub fn rewrite(
        &self,
        text: &str,
        blocks: impl Fn(&Example) -> Option<Vec<(&'static str, Vec<String>)>>,
    ) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for example in self.examples.iter().rev() {
            let Some(blocks) = blocks(example) else { continue };
            let blocks = blocks.into_iter().filter(|(_, said)| !said.is_empty());
            let written = blocks.flat_map(|(name, said)| {
                let start = [String::new(), format!("```{name}")];
                start.into_iter().chain(said).chain(["```".to_owned()])
            });
            lines.splice(example.ends.0..example.ends.1, written.collect::<Vec<_>>());
        }
        lines.join("\n") + "\n"
    }
}

impl Example {
    /// Checks its files; `slug` is the rule of the page.
    pub fn run(&self, slug: &str) -> Result<Said, String> {
        let options = self.settings()?;
        let usual = self.project(options.clone()).check();
        let strict = self.project(Options { profile: Profile::Strict, ..options }).check();
        let shown = strict.diagnostics.iter().filter(|found| {
            found.rule == slug
                || (found.severity > report::Severity::Info && usual.diagnostics.contains(found))
        });
        let undecided = strict.undecided.iter().filter(|open| open.rule == slug).map(|open| {
            let depends = match open.depends_on.as_slice() {
                [] => String::new(),
                depends => format!(" ({})", depends.join(", ")),
            };
            format!("{}: {}{depends}", open.rule, open.reason)
        });
        Ok(Said {
            findings: shown.map(|found| self.line_of(found)).collect(),
            undecided: undecided.collect(),
        })
    }

    /// Fixes what the rule finds until nothing changes: how many fixes of each kind it offered at first, and what it and
    /// the grammar say in the end.
    pub fn fix(&self, slug: &str) -> Result<Fixed, String> {
        let mut project = self.project(Options { profile: Profile::Strict, ..self.settings()? });
        let of_rule = |project: &Project| -> Vec<report::Diagnostic> {
            project
                .check()
                .diagnostics
                .into_iter()
                .filter(|found| found.rule == slug || found.rule == "syntax")
                .collect()
        };
        let offered = of_rule(&project)
            .into_iter()
            .flat_map(|found| found.fixes)
            .map(|fix| fix.applicability)
            .collect();
        for _ in 0..10 {
            let files = project.fix(&[slug.to_owned()], true);
            if files.is_empty() {
                break;
            }
            files.iter().for_each(|file| project.set(&file.file, &file.text));
        }
        Ok(Fixed { offered, left: of_rule(&project) })
    }

    /// What its first file is.
    pub fn language(&self) -> Language {
        match self.files.first() {
            Some((path, _)) if path.ends_with(".bicep") => Language::Bicep,
            Some((path, _)) if path.ends_with(".tf") => Language::Terraform,
            Some((_, text)) if text.to_lowercase().contains("deploymenttemplate.json") => Language::Arm,
            _ => Language::AzureJson,
        }
    }

    /// What its options say, with the recommended profile unless they name one.
    pub fn settings(&self) -> Result<Options, String> {
        let mut options = Options::default();
        for option in &self.options {
            match option.as_str() {
                "profile=strict" => options.profile = Profile::Strict,
                "cloud=usgov" => options.cloud = Some(Cloud::UsGov),
                "cloud=china" => options.cloud = Some(Cloud::China),
                "complete" => options.complete = true,
                "together" => options.together = true,
                _ => return Err(format!("line {}: unknown option `{option}`", self.line)),
            }
        }
        Ok(options)
    }

    /// Its files as a project.
    pub fn project(&self, options: Options) -> Project {
        load(options, self.files.iter().map(|(path, text)| (path, text)))
    }

    fn line_of(&self, found: &report::Diagnostic) -> String {
        let file = match self.files.first() {
            Some((first, _)) if *first == found.file => String::new(),
            _ => format!("{}:", found.file),
        };
        let (line, column) = (found.range.start.line + 1, found.range.start.character + 1);
        let (line, column) = match line.checked_sub(u32::from(self.fragments.contains(&found.file))) {
            // The template as a whole.
            Some(0) | None => (1, 1),
            Some(line) => (line, column),
        };
        let severity = severity_word(found.severity);
        let confidence = match found.confidence {
            report::Confidence::Certain => "certain",
            report::Confidence::Likely => "likely",
        };
        format!("{file}{line}:{column} {severity} {confidence} {}: {}", found.rule, found.message)
    }
}

/// The template that a fragment is a part of, unless the text is a whole template. Places move down by one line.
fn template(text: &str) -> Option<String> {
    match json::parse(text).root {
        Some(Node::Object(object)) if json::get(&object, "$schema").is_some() => None,
        Some(Node::Object(object)) if json::get(&object, "type").is_none() => {
            Some(format!("{TEMPLATE}\n{}", text.replacen('{', " ", 1)))
        }
        Some(Node::Array(_)) => Some(format!("{TEMPLATE} \"resources\":\n{text}}}\n")),
        _ => Some(format!("{TEMPLATE} \"resources\": [\n{text}]}}\n")),
    }
}

/// A severity as reports write it.
pub fn severity_word(severity: report::Severity) -> &'static str {
    match severity {
        report::Severity::Info => "info",
        report::Severity::Warning => "warning",
        report::Severity::Error => "error",
    }
}
