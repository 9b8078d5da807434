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
//! ### ARM
//! ```json                  an example: a code block, and what the tool says of it
//! ```
//! ```findings
//! 12:9 warning certain public-vault: …
//! ```
//! ````
//!
//! An example of several files names all but the first, ` ```json file=nested/kv.json `; the parameters of a Bicep example
//! (` ```bicepparam `) are `main.bicepparam`. Further words on the line of its first block are options: `profile=strict`, `cloud=usgov`, `complete`, `together`. Files are checked with the
//! recommended profile and with this rule, whatever its profile; notes (severity info) of other rules are not shown.
//! A ` ```undecided ` block lists what the rule could not decide: `slug: reason (what it depends on)`.

use crate::fixture::load;
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

/// A page, read.
#[derive(Debug, Default)]
pub struct Page {
    /// The text of its heading.
    pub title: String,
    /// Its first paragraph, on one line.
    pub summary: String,
    /// The line with its severity, profile and fix.
    pub about: String,
    /// The headings of its sections.
    pub sections: Vec<String>,
    /// Its examples.
    pub examples: Vec<Example>,
    /// What is wrong with its form.
    pub faults: Vec<String>,
}

/// An example: files, and what the page says that the tool says of them.
#[derive(Debug, Default)]
pub struct Example {
    /// The section it stands in.
    pub section: String,
    /// 1-based line of its first block.
    pub line: usize,
    /// Paths and texts.
    pub files: Vec<(String, String)>,
    /// The words on the line of its first block.
    pub options: Vec<String>,
    /// The lines of its `findings` block, if it has one.
    pub findings: Option<Vec<String>>,
    /// The lines of its `undecided` block, if it has one.
    pub undecided: Option<Vec<String>>,
    /// 0-based line behind its last file, and behind everything.
    ends: (usize, usize),
}

/// What an example is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// An ARM template.
    Arm,
    /// Bicep.
    Bicep,
    /// Terraform.
    Terraform,
    /// What Azure's own tools print.
    AzureJson,
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
            } else if line.starts_with("Severity: ") {
                page.about = (*line).to_owned();
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
            ("findings" | "undecided", None) => {
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
                let text = body.iter().map(|line| format!("{line}\n")).collect();
                let is_further = file.is_some() || language == "bicepparam";
                match same {
                    Some(example) if is_further && example.ends.0 == example.ends.1 => {
                        example.files.push((path, text));
                        example.ends = (end, end);
                    }
                    _ => self.examples.push(Example {
                        section,
                        line: at + 1,
                        files: vec![(path, text)],
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
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for example in self.examples.iter().rev() {
            let Ok(said) = example.run(slug) else { continue };
            let mut blocks = Vec::new();
            let mut block = |name: &str, said: Vec<String>| {
                if !said.is_empty() {
                    blocks.extend([String::new(), format!("```{name}")].into_iter().chain(said));
                    blocks.push("```".to_owned());
                }
            };
            if example.section != "Good" {
                block("findings", said.findings);
                if example.undecided.is_some() || example.section == "Undecided" {
                    block("undecided", said.undecided);
                }
            }
            lines.splice(example.ends.0..example.ends.1, blocks);
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
        let severity = severity_word(found.severity);
        let confidence = match found.confidence {
            report::Confidence::Certain => "certain",
            report::Confidence::Likely => "likely",
        };
        format!("{file}{line}:{column} {severity} {confidence} {}: {}", found.rule, found.message)
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
