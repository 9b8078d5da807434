//! The facts in `facts/*.md`. `facts/README.md` explains their form.

use std::path::{Path, PathBuf};

/// A fact, read.
#[derive(Debug)]
pub struct Fact {
    /// `F3.10`.
    pub number: String,
    /// `3` of `F3.10`.
    pub section: u32,
    /// `10` of `F3.10`.
    pub index: u32,
    /// The file it is in, without its folder.
    pub file: String,
    /// What is so.
    pub text: String,
    /// The words of its last line between the dots: status, sources, `read` and date, and `unused` or nothing.
    pub about: Vec<String>,
    /// Its sources that are neither a fact nor a name whose address is at the end of the file.
    pub unresolved: Vec<String>,
}

/// The statuses: how far a fact can be trusted.
pub const STATUSES: [&str; 4] = ["documented", "observed", "reported", "inferred"];

impl Fact {
    /// `documented`.
    pub fn status(&self) -> &str {
        self.about.first().map_or("", String::as_str)
    }

    /// Whether an error may rest on it.
    pub fn is_firm(&self) -> bool {
        ["documented", "observed"].contains(&self.status())
    }

    /// Where it is explained.
    pub fn url(&self) -> String {
        let Self { file, section, index, .. } = self;
        format!("https://github.com/vaultmoat/vaultmoat/blob/main/facts/{file}#f{section}{index}")
    }

    /// Whether it says that nothing names it.
    pub fn is_unused(&self) -> bool {
        self.about.get(3).is_some_and(|word| word == "unused")
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every fact, by file.
pub fn all() -> Vec<Fact> {
    let folder = std::fs::read_dir(root().join("facts")).expect("the folder of facts");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.retain(|path| !path.ends_with("README.md"));
    paths.iter().flat_map(|path| in_file(path)).collect()
}

fn in_file(path: &Path) -> Vec<Fact> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).expect("a file of facts");
    let addresses: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with('[') && line.contains("]: https://"))
        .filter_map(|line| line.split_once("]:").map(|(name, _)| &name[1..]))
        .collect();
    let mut facts = Vec::new();
    for part in text.split("\n## F").skip(1) {
        let (number, body) = part.split_once('\n').expect("a fact under its heading");
        let (section, index) = number.split_once('.').expect("a number with a dot");
        let lines: Vec<&str> = body.lines().take_while(|line| !line.starts_with('[')).collect();
        let (about, text) = lines
            .iter()
            .rposition(|line| !line.is_empty())
            .map_or(("", &lines[..]), |at| (lines[at], &lines[..at]));
        let about: Vec<String> = about.split(" · ").map(str::to_owned).collect();
        let unresolved = sources(&about)
            .filter(|source| !addresses.contains(&source.trim_start_matches('[').trim_end_matches(']')))
            .filter(|source| numbers(source) != [(*source).to_owned()])
            .map(str::to_owned)
            .collect();
        facts.push(Fact {
            number: format!("F{number}"),
            section: section.parse().expect("a section"),
            index: index.parse().expect("a number"),
            file: file.clone(),
            text: text.join("\n").trim().to_owned(),
            about,
            unresolved,
        });
    }
    facts
}

fn sources(about: &[String]) -> impl Iterator<Item = &str> {
    about.get(1).into_iter().flat_map(|sources| sources.split(", "))
}

/// The numbers of facts in a text, also as the beginnings of names of tests: `fn f3_10_…`.
pub fn numbers(text: &str) -> Vec<String> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut found = Vec::new();
    for (at, _) in text.match_indices(['F', 'f']) {
        let (before, rest) = (&text[..at], &text[at + 1..]);
        let dot = if text.as_bytes()[at] == b'F' { '.' } else { '_' };
        let section = digits(rest);
        let Some(behind) = rest[section..].strip_prefix(dot) else { continue };
        let number = digits(behind);
        let is_whole = match dot {
            '.' => {
                !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
                    && !behind[number..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
            }
            _ => before.ends_with("fn ") && behind[number..].starts_with('_'),
        };
        if is_whole && section > 0 && number > 0 {
            found.push(format!("F{}.{}", &rest[..section], behind[..number].trim_start_matches('0')));
        }
    }
    found
}
