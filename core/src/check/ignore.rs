//! Findings that the configuration suppresses, by rule, resource and file.

use crate::options::{ANY, Ignore, Options};
use crate::report::Range;
use crate::rules::RULES;
use std::collections::HashMap;

/// Whether a path matches a pattern in the syntax of `.gitignore` with `*`, `?` and `**`. A pattern without a slash
/// before its end matches at any depth, and one for a folder matches everything below it.
fn matches(pattern: &str, path: &str) -> bool {
    let path = path.replace('\\', "/");
    let path: Vec<&str> = path.split('/').collect();
    let name = pattern.trim_end_matches('/');
    let mut parts = if name.contains('/') { Vec::new() } else { vec![ANY_FOLDERS] };
    parts.extend(name.strip_prefix('/').unwrap_or(name).split('/'));
    let is_folder = name != pattern || parts.last() == Some(&ANY_FOLDERS);
    let is_part = |part: &&str, name: &&str| {
        let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
        fits(&part, &name, |part| *part == '*', |part, letter| *part == '?' || part == letter)
    };
    let is_path = |parts: &[&str]| fits(parts, &path, |part| *part == ANY_FOLDERS, is_part);
    let is_itself = !is_folder && is_path(&parts);
    parts.extend(["*", ANY_FOLDERS]);
    is_itself || is_path(&parts)
}

/// Matches any number of folders.
const ANY_FOLDERS: &str = "**";

/// Whether items match a pattern; parts for which `is_any` is true match any number of items.
fn fits<P, T>(pattern: &[P], items: &[T], is_any: impl Fn(&P) -> bool, is: impl Fn(&P, &T) -> bool) -> bool {
    let (mut at, mut item) = (0, 0);
    // The state to return to when the last of those parts has to match one more item.
    let mut again = None;
    loop {
        match (pattern.get(at), items.get(item)) {
            (Some(part), _) if is_any(part) => {
                at += 1;
                again = Some((at, item));
            }
            (Some(part), Some(other)) if is(part, other) => (at, item) = (at + 1, item + 1),
            (None, None) => return true,
            _ => match again {
                Some((after, from)) if from < items.len() => {
                    (at, item) = (after, from + 1);
                    again = Some((at, item));
                }
                _ => return false,
            },
        }
    }
}

/// The entries of the configuration, each with whether it was needed.
pub(super) struct Ignored<'o> {
    entries: Vec<(&'o Ignore, bool)>,
    /// Indices of entries by rule and resource: there may be thousands of entries, and thousands of findings.
    about: HashMap<String, Vec<usize>>,
    /// The results of [`Ignored::first`], by its arguments.
    answers: HashMap<String, Option<usize>>,
    folder: &'o str,
}

impl<'o> Ignored<'o> {
    /// Reads the entries whose rules run. The others could not suppress anything.
    pub(super) fn new(options: &'o Options) -> Self {
        let runs = |entry: &&Ignore| RULES.iter().any(|rule| rule.slug == entry.rule && options.runs(rule));
        let entries: Vec<_> = options.ignore.iter().filter(runs).map(|entry| (entry, false)).collect();
        let mut about: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (entry, _)) in entries.iter().enumerate() {
            about.entry(key(&entry.rule, &entry.resource)).or_default().push(at);
        }
        Self { entries, about, answers: HashMap::new(), folder: &options.folder }
    }

    /// Why a finding is suppressed, if it is.
    pub(super) fn covers(&mut self, slug: &str, address: Option<&str>, path: &str) -> Option<&'o str> {
        if self.entries.is_empty() {
            return None;
        }
        let by_address = address.and_then(|address| self.first(&key(slug, address), path));
        let first = match (self.first(&key(slug, ANY), path), by_address) {
            (Some(any), Some(one)) => any.min(one),
            (any, one) => any.or(one)?,
        };
        self.entries.get(first).map(|(entry, _)| entry.reason.as_str())
    }

    /// The first entry with this key that matches a file. All entries that match count as needed.
    fn first(&mut self, about: &str, path: &str) -> Option<usize> {
        let all = self.about.get(about)?;
        let question = format!("{about}\n{path}");
        if let Some(known) = self.answers.get(&question) {
            return *known;
        }
        let path = format!("{}{path}", self.folder);
        let mut first = None;
        for at in all {
            if let Some((entry, is_needed)) = self.entries.get_mut(*at)
                && entry.file.as_deref().is_none_or(|pattern| matches(pattern, &path))
            {
                *is_needed = true;
                first = first.or(Some(*at));
            }
        }
        self.answers.insert(question, first);
        first
    }

    /// The entries that suppress nothing, with their place.
    pub(super) fn unused(&self) -> impl Iterator<Item = (&'o Ignore, &'o (String, Range))> {
        let unused = self.entries.iter().filter(|(_, is_needed)| !is_needed);
        unused.filter_map(|(entry, _)| Some((*entry, entry.place.as_ref()?)))
    }
}

/// The key of entries for one rule and resource.
fn key(rule: &str, resource: &str) -> String {
    format!("{rule}\n{}", resource.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;
    use crate::report::Position;

    const OPEN: &str = r#"{ "contentVersion": "1.0.0.0", "resources": [
        { "type": "Microsoft.KeyVault/vaults", "name": "kv", "properties": { "networkAcls": { "defaultAction": "Allow" } } }
    ] }"#;

    fn entry(rule: &str, resource: &str) -> Ignore {
        let at = |line| Position { line, character: 0, offset: line * 10 };
        let range = Range { start: at(2), end: at(3) };
        let place = Some(("vaultmoat.toml".to_owned(), range));
        Ignore {
            rule: rule.to_owned(),
            resource: resource.to_owned(),
            file: None,
            reason: "a demo".to_owned(),
            place,
        }
    }

    /// What `public-vault` and the rule about suppressions find, with the file.
    fn found(text: &str, ignore: Vec<Ignore>) -> Vec<String> {
        let mut project = Project::new(Options { ignore, ..Options::default() });
        project.set("main.json", text);
        let about = ["public-vault", "unused-suppression"];
        let report = project.check();
        let found = report.diagnostics.iter().filter(|found| about.contains(&found.rule.as_str()));
        found.map(|found| format!("{} {}: {}", found.file, found.rule, found.message)).collect()
    }

    #[test]
    fn an_entry_suppresses_what_its_rule_finds_in_its_resource() {
        for resource in ["Microsoft.KeyVault/vaults/kv", "microsoft.keyvault/VAULTS/kv", "*"] {
            assert_eq!(found(OPEN, vec![entry("public-vault", resource)]), [""; 0], "{resource}");
        }
    }

    #[test]
    fn an_entry_with_a_file_is_about_the_files_that_it_names() {
        let suppresses = |folder: &str, pattern: &str| {
            let entry = Ignore { file: Some(pattern.to_owned()), ..entry("public-vault", "*") };
            let options = Options { ignore: vec![entry], folder: folder.to_owned(), ..Options::default() };
            let mut project = Project::new(options);
            project.set("apps/main.json", OPEN);
            !project.check().diagnostics.iter().any(|found| found.rule == "public-vault")
        };
        for pattern in [
            "main.json",
            "*.json",
            "apps",
            "apps/",
            "/apps",
            "apps/*.json",
            "**/main.json",
            "a*p?/",
            "apps/**",
            "**",
        ] {
            assert!(suppresses("", pattern), "{pattern}");
        }
        for pattern in [
            "/main.json",
            "main",
            "main.json/",
            "apps/main",
            "apps/*/main.json",
            "apps/main.json/**",
            "app",
            "*/apps",
            "?",
        ] {
            assert!(!suppresses("", pattern), "{pattern}");
        }
        assert!(suppresses("infra/", "infra/apps/*.json"));
        assert!(!suppresses("infra/", "/apps/"));
        for pattern in ["", " ", "/", "!apps"] {
            let entry = Ignore { file: Some(pattern.to_owned()), ..entry("public-vault", "*") };
            assert_eq!(entry.fault().map(|(key, _)| key), Some("file"), "{pattern}");
        }
    }

    #[test]
    fn an_entry_that_suppresses_nothing_is_reported_at_its_place() {
        let finding =
            "main.json public-vault: vault `kv` is open to the internet: `defaultAction` is `Allow`";
        let unused = "vaultmoat.toml unused-suppression: `public-vault` finds nothing in `Microsoft.KeyVault/vaults/other`";
        let other = entry("public-vault", "Microsoft.KeyVault/vaults/other");
        assert_eq!(found(OPEN, vec![other.clone()]), [finding, unused]);
        assert_eq!(found(OPEN, vec![Ignore { place: None, ..other }]), [finding]);
        let everywhere = "vaultmoat.toml unused-suppression: `syntax` finds nothing";
        assert_eq!(found(OPEN, vec![entry("syntax", "*")]), [finding, everywhere]);
    }

    #[test]
    fn an_entry_for_what_is_undecided_or_does_not_run_may_be_needed() {
        let open = OPEN.replace(r#""Allow""#, r#""[parameters('action')]""#);
        let open = open.replacen('{', r#"{ "parameters": { "action": { "type": "string" } },"#, 1);
        assert_eq!(found(&open, vec![entry("public-vault", "Microsoft.KeyVault/vaults/kv")]), [""; 0]);
        assert_eq!(found(&open, vec![entry("broad-ip-rule", "*")]), [""; 0]);
    }

    #[test]
    fn a_fault_names_the_invalid_member() {
        let fault = |entry: Ignore| entry.fault();
        assert_eq!(fault(entry("public-vault", "*")), None);
        let rule = "there is no rule `public-valut`; did you mean `public-vault`?".to_owned();
        assert_eq!(fault(entry("public-valut", "*")), Some(("rule", rule)));
        assert_eq!(fault(entry("nothing-like-it", "*")).map(|(_, why)| why.contains("mean")), Some(false));
        assert_eq!(fault(entry("public-vault", " ")).map(|(key, _)| key), Some("resource"));
        let silent = Ignore { reason: String::new(), ..entry("public-vault", "*") };
        assert_eq!(fault(silent).map(|(key, _)| key), Some("reason"));
    }
}
