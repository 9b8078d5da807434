//! Checks messages, documentation and comments for the words that `docs/style.md` replaces.

use std::path::{Path, PathBuf};

/// Phrases that `docs/style.md` replaces.
const BANNED: &[&str] = &[
    "mend",
    "mends",
    "mended",
    "mending",
    "heed",
    "heeds",
    "heeded",
    "is told",
    "are told",
    "was told",
    "be told",
    "been told",
    "bear",
    "bears",
    "speak of",
    "speaks of",
    "spoken of",
    "stand for",
    "stands for",
    "go with",
    "goes with",
    "of ours",
];
/// Phrases that [`PLAIN`] does not contain either.
const BANNED_IN_PLAIN: &[&str] = &[
    "anybody",
    "everybody",
    "nobody",
    "somebody",
    "whoever",
    "stand",
    "stands",
    "stood",
    "told",
    "tells",
    "speak",
    "speaks",
    "what becomes of",
    "what is said",
];
/// The parts of the engine whose comments and messages are free of these phrases.
const PLAIN: &[&str] = &[
    "core/src/azure",
    "core/src/check",
    "core/src/eval",
    "core/src/input",
    "core/src/lang",
    "core/src/lib.rs",
    "core/src/model",
    "core/src/net",
    "core/src/options.rs",
    "core/src/project.rs",
    "core/src/query",
    "core/src/render.rs",
    "core/src/report.rs",
    "core/src/rules",
    "core/src/sim",
    "core/src/sorted.rs",
    "core/src/stream",
    "core/src/syntax",
    "core/src/text.rs",
];
/// "is no template" for "is not a template"; "there is no template" and "is no longer" are plain.
const NO: &[&str] = &["is", "are", "was", "were", "be"];
const PLAIN_BEFORE: &[&str] = &["there"];
const PLAIN_BEHIND: &[&str] = &["longer", "more", "less", "later", "earlier", "other", "different", "matter"];

/// Files and folders that are checked.
const SWEPT: &[&str] = &[
    "ARCHITECTURE.md",
    "BENCHMARKS.md",
    "COMPATIBILITY.md",
    "CONTRIBUTING.md",
    "Cargo.toml",
    "README.md",
    "SECURITY.md",
    "core/src/rules/docs",
    "docs",
    "examples/node-ci",
    "examples/playground",
    "examples/problems",
    "examples/spark",
    "examples/templates",
    "examples/vscode",
    "facts",
    "npm/src",
    "npm/test",
    "tests",
];
/// They quote what they replace.
const EXCEPT: &[&str] = &["docs/style.md", "tests/tests/guards/words.rs"];

const ENDINGS: &[&str] = &["rs", "md", "ts", "js", "mjs", "html", "toml", "yml", "bicep", "tf"];

fn collect(path: &Path, into: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            let entry = entry.expect("an entry").path();
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !["node_modules", "dist", "target", "wasm"].contains(&name.as_str()) {
                collect(&entry, into);
            }
        }
    } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|one| ending == *one)) {
        into.push(path.to_path_buf());
    }
}

/// The banned phrases of a line.
fn hits(line: &str, is_plain: bool) -> Vec<String> {
    let more = if is_plain { BANNED_IN_PLAIN } else { &[] };
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        for phrase in BANNED.iter().chain(more) {
            let parts: Vec<&str> = phrase.split(' ').collect();
            if words[at..].starts_with(&parts) {
                found.push((*phrase).to_owned());
            }
        }
        let is_usual = (at > 0 && PLAIN_BEFORE.contains(&words[at - 1]))
            || words.get(at + 2).is_some_and(|next| PLAIN_BEHIND.contains(next));
        if NO.contains(&words[at]) && words.get(at + 1) == Some(&"no") && !is_usual {
            found.push(format!("{} no", words[at]));
        }
    }
    found
}

#[test]
fn phrases_are_found_as_words() {
    assert_eq!(hits("What mends it: a zone of ours is no zone", false), ["mends", "of ours", "is no"]);
    assert_eq!(hits("amended; recommend; there is no zone; it is no longer so", true), [""; 0]);
    assert_eq!(hits("as somebody sees it", true), ["somebody"]);
    assert_eq!(hits("as somebody sees it", false), [""; 0]);
}

#[test]
fn words_are_those_of_the_style_guide() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut files = Vec::new();
    for area in SWEPT.iter().chain(PLAIN) {
        collect(&root.join(area), &mut files);
    }
    assert!(!files.is_empty());
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
        if EXCEPT.contains(&name.as_str()) {
            continue;
        }
        let is_plain = PLAIN.iter().any(|area| name.starts_with(area));
        let text = std::fs::read_to_string(&file).expect("a readable text");
        for (number, line) in text.lines().enumerate() {
            found.extend(
                hits(line, is_plain).into_iter().map(|hit| format!("{name}:{}: `{hit}`", number + 1)),
            );
        }
    }
    assert!(found.is_empty(), "see docs/style.md\n{}\n", found.join("\n"));
}
