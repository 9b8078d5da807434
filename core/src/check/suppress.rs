//! Findings that the files suppress: by a comment `// vaultmoat-ignore <rule>[, <rule>]: reason`, or by entries of
//! `{rule, reason}` under `metadata.vaultmoat.ignore` of a resource.

use super::ignore::Ignored;
use crate::eval::Value;
use crate::input::Environment;
use crate::lang::{Documents, Problem, ProblemKind, Resource};
use crate::options::{Ignore, Options};
use crate::render::shown;
use crate::report::{Range, Suppression, SuppressionKind};
use crate::rules::{RULES, Rule};
use crate::sorted::{Map, sort_by};
use crate::text::{FileId, Place, Span};
use std::collections::HashSet;
use std::rc::Rc;

/// The word that such a comment starts with.
const MARK: &str = "vaultmoat-ignore";

const NO_REASON: &str = "this suppression gives no reason";
const NO_RULE: &str = "this suppression names no rule";

/// Every suppression of a project.
pub(super) struct Suppressions<'o> {
    configured: Ignored<'o>,
    /// Sorted by key.
    all: Vec<Named>,
    /// Rules with open questions in a file: with other parameters they may report a finding, so their suppressions may
    /// be needed.
    open: HashSet<(&'static str, FileId)>,
    invalid: Vec<Problem>,
}

/// A suppression of a rule in a scope.
struct Named {
    key: (&'static str, Scope),
    /// The places of the rule's name: one suppression can be written several times.
    places: Vec<Place>,
    /// The reason, from the first place.
    reason: String,
    /// Whether it suppressed a finding.
    used: bool,
}

/// The part of the files that a suppression applies to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    File(FileId),
    /// Findings that start in this line.
    Line(Place),
    Resource(Place),
}

impl<'o> Suppressions<'o> {
    pub(super) fn read(
        documents: &Documents,
        environments: &[Rc<Environment>],
        options: &'o Options,
    ) -> Self {
        let mut found = Self {
            configured: Ignored::new(options),
            all: Vec::new(),
            open: HashSet::new(),
            invalid: Vec::new(),
        };
        for document in documents.all().iter().filter(|document| document.text.contains(MARK)) {
            if let Some(language) = document.language {
                let comments = language.frontend().comments(document);
                found.read_comments(&Lines::new(document.id, document.text), &comments);
            }
        }
        // Copies of a resource and runs with other parameters have the same text.
        let metadata: Vec<(Place, &Value)> = environments
            .iter()
            .flat_map(|environment| &environment.suppressions)
            .map(|(resource, entries)| (*resource, entries))
            .collect();
        for (resource, entries) in Map::from(metadata).iter() {
            found.read_metadata(*resource, entries);
        }
        // A rule that does not run reports no findings, so its suppressions are not unused.
        found.all.retain(|named| find(named.key.0).is_some_and(|rule| options.runs(rule)));
        sort_by(&mut found.all, |a, b| a.key.cmp(&b.key));
        found.all.dedup_by(|again, first| {
            let is_same = again.key == first.key;
            if is_same {
                first.places.append(&mut again.places);
            }
            is_same
        });
        found
    }

    fn read_comments(&mut self, lines: &Lines, comments: &[(Span, &str)]) {
        let tokens = lines.token_behind(comments);
        let first = comments.first().filter(|(span, _)| lines.is_blank(0, span.start as usize));
        let head_end = first.and(tokens.first()).copied().unwrap_or_default();
        for ((span, words), token) in comments.iter().zip(&tokens) {
            let Some(rest) = words.trim_start().strip_prefix(MARK) else { continue };
            let (names, reason) = rest.split_once(':').unwrap_or((rest, ""));
            if reason.trim().is_empty() {
                self.refuse(lines.place(*span), NO_REASON.to_owned());
                continue;
            }
            let scope = if (span.start as usize) < head_end {
                Scope::File(lines.file)
            } else if lines.is_blank(lines.start(span.start as usize), span.start as usize) {
                Scope::Line(lines.line(*token))
            } else {
                Scope::Line(lines.line(span.start as usize))
            };
            // The text of a comment starts after its marker.
            let mut at = span.start as usize + lines.marker(*span) + words.len() - rest.len();
            for name in names.split(',') {
                let start = at + name.len() - name.trim_start().len();
                at += name.len() + 1;
                let place = lines.place(Span::new(start, start + name.trim().len()));
                self.add(name.trim(), place, scope, reason);
            }
        }
    }

    fn read_metadata(&mut self, resource: Place, entries: &Value) {
        for entry in entries.elements().items {
            let entry = entry.value;
            let place = entry.place.unwrap_or(resource);
            let rule = entry.get("rule");
            let reason = entry.get("reason");
            let reason = reason.as_text().unwrap_or_default();
            if reason.trim().is_empty() {
                self.refuse(place, NO_REASON.to_owned());
            } else {
                let name = rule.as_text().unwrap_or_default().trim();
                self.add(name, rule.place.unwrap_or(place), Scope::Resource(resource), reason);
            }
        }
    }

    fn add(&mut self, name: &str, place: Place, scope: Scope, reason: &str) {
        match find(name) {
            Some(rule) => {
                let reason = shown(reason.trim().to_owned());
                self.all.push(Named { key: (rule.slug, scope), places: vec![place], reason, used: false });
            }
            None if name.is_empty() => self.refuse(place, NO_RULE.to_owned()),
            None => self.refuse(place, format!("there is no rule `{name}`")),
        }
    }

    fn refuse(&mut self, place: Place, message: String) {
        self.invalid.push(Problem::new(place, ProblemKind::InvalidSuppression, message));
    }

    /// The suppression of a finding, if there is one.
    pub(super) fn covers(
        &mut self,
        slug: &'static str,
        place: Place,
        path: &str,
        resource: Option<&Resource>,
    ) -> Option<Suppression> {
        let address = resource.map(|resource| resource.address.as_str());
        let configured = self.configured.covers(slug, address, path).map(|reason| Suppression {
            kind: SuppressionKind::Configuration,
            reason: shown(reason.trim().to_owned()),
        });
        if self.all.is_empty() {
            return configured;
        }
        let mut written = None;
        let line = Place { span: Span { start: place.span.start, end: u32::MAX }, ..place };
        let before = self.all.partition_point(|named| named.key <= (slug, Scope::Line(line)));
        let line = before.checked_sub(1).and_then(|at| self.all.get(at)).and_then(|named| {
            let (of, Scope::Line(line)) = named.key else { return None };
            let is_there = of == slug && line.file == place.file && place.span.start < line.span.end;
            is_there.then_some(Scope::Line(line))
        });
        let scopes =
            [Some(Scope::File(place.file)), line, resource.map(|resource| Scope::Resource(resource.place))];
        for scope in scopes.into_iter().flatten() {
            let place = self.all.binary_search_by(|named| named.key.cmp(&(slug, scope)));
            if let Some(named) = place.ok().and_then(|at| self.all.get_mut(at)) {
                named.used = true;
                // The last scope is the narrowest, and its reason is reported.
                written = Some(named.reason.clone());
            }
        }
        written.map(|reason| Suppression { kind: SuppressionKind::InSource, reason }).or(configured)
    }

    /// Notes that a rule was undecided for a resource: its suppression may be needed with other parameters.
    pub(super) fn may_cover(&mut self, slug: &'static str, resource: &Resource, path: &str) {
        self.open.insert((slug, resource.place.file));
        self.configured.covers(slug, Some(&resource.address), path);
    }

    /// The entries of the configuration that suppress nothing.
    pub(super) fn unused(&self) -> impl Iterator<Item = (&'o Ignore, &'o (String, Range))> {
        self.configured.unused()
    }

    /// Invalid and unused suppressions.
    pub(super) fn problems(self) -> Vec<Problem> {
        let Self { all, open, invalid, .. } = self;
        let unused = all.into_iter().filter(|named| !named.used).flat_map(|named| {
            let (slug, scope) = named.key;
            let what = match scope {
                Scope::File(_) => "in this file",
                Scope::Line(_) => "in the line that it applies to",
                Scope::Resource(_) => "in this resource",
            };
            let message = format!("`{slug}` finds nothing {what}");
            let of =
                move |place| (slug, Problem::new(place, ProblemKind::UnusedSuppression, message.clone()));
            named.places.into_iter().map(of)
        });
        let unused = unused.filter(|(slug, problem)| !open.contains(&(*slug, problem.place.file)));
        invalid.into_iter().chain(unused.map(|(_, problem)| problem)).collect()
    }
}

fn find(slug: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.slug == slug).copied()
}

/// A text and the offsets of its lines.
struct Lines<'t> {
    file: FileId,
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// The length of the marker of a comment: `#`, `//` or `/*`.
    fn marker(&self, comment: Span) -> usize {
        let starts = self.text.get(comment.start as usize..).unwrap_or_default();
        if starts.starts_with('#') { 1 } else { 2 }
    }

    fn new(file: FileId, text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { file, text, starts: std::iter::once(0).chain(ends).collect() }
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    fn start(&self, at: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= at);
        line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default()
    }

    /// The line that contains an offset.
    fn line(&self, at: usize) -> Place {
        let next = self.starts.partition_point(|start| *start <= at);
        let end = self.starts.get(next).copied().unwrap_or(self.text.len() + 1);
        self.place(Span::new(self.start(at), end))
    }

    fn is_blank(&self, start: usize, end: usize) -> bool {
        let between = self.text.get(start..end).unwrap_or_default();
        between.trim_start_matches('\u{feff}').trim().is_empty()
    }

    /// For each comment, the offset of the next token that is not a comment.
    fn token_behind(&self, comments: &[(Span, &str)]) -> Vec<usize> {
        let mut tokens = Vec::with_capacity(comments.len());
        let mut next: Option<(usize, usize)> = None;
        for (span, _) in comments.iter().rev() {
            let end = span.end as usize;
            let token = match next {
                Some((start, token)) if self.is_blank(end, start) => token,
                _ => {
                    let rest = self.text.get(end..).unwrap_or_default();
                    end + rest.len() - rest.trim_start().len()
                }
            };
            next = Some((span.start as usize, token));
            tokens.push(token);
        }
        tokens.reverse();
        tokens
    }
}

#[cfg(test)]
mod tests {
    use crate::report::{Summary, Suppression, SuppressionKind};
    use crate::{Ignore, Level, Options, Project, RuleSetting};

    /// A template with one open vault. `head` is inserted before it, `above` and `beside` at `defaultAction`,
    /// `metadata` in the vault.
    fn template(head: &str, above: &str, beside: &str, metadata: &str) -> String {
        format!(
            r#"{head}{{
  "contentVersion": "1.0.0.0",
  "resources": [
    {{
      "type": "Microsoft.KeyVault/vaults",
      "name": "kv",{metadata}
      "properties": {{
        "networkAcls": {{{above}
          "defaultAction": "Allow"{beside}
        }}
      }}
    }}
  ]
}}"#
        )
    }

    /// The findings in such a template: rule, message and text.
    fn found(head: &str, above: &str, beside: &str, metadata: &str) -> Vec<String> {
        let text = template(head, above, beside, metadata);
        let mut project = Project::new(Options::default());
        project.set("main.json", &text);
        let report = project.check();
        let lines: Vec<&str> = text.lines().collect();
        let marked = |line: u32, from: u32, to: u32| {
            let units: Vec<u16> = lines[line as usize].encode_utf16().collect();
            String::from_utf16_lossy(&units[from as usize..to as usize])
        };
        let of = report.diagnostics.iter().map(|found| {
            let (start, end) = (found.range.start, found.range.end);
            format!(
                "{}: {} at `{}`",
                found.rule,
                found.message,
                marked(start.line, start.character, end.character)
            )
        });
        of.filter(|found| found.contains("public-vault") || found.contains("suppression")).collect()
    }

    const OPEN: &str =
        "public-vault: vault `kv` is open to the internet: `defaultAction` is `Allow` at `\"Allow\"`";

    /// The same for a vault in Bicep; `above` and `beside` are inserted at its `defaultAction`.
    fn found_in_bicep(head: &str, above: &str, beside: &str) -> Vec<String> {
        let text = format!(
            "{head}resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {{
  name: 'kv'
  properties: {{
    networkAcls: {{{above}
      defaultAction: 'Allow'{beside}
    }}
  }}
}}
"
        );
        let mut project = Project::new(Options::default());
        project.set("main.bicep", &text);
        let found = project.check().diagnostics.into_iter();
        let about = found.filter(|found| found.rule == "public-vault" || found.rule.contains("suppression"));
        about.map(|found| format!("{}: {}", found.rule, found.message)).collect()
    }

    #[test]
    fn comments_suppress_in_bicep() {
        let open = "public-vault: vault `kv` is open to the internet: `defaultAction` is `Allow`";
        let ignore = "// vaultmoat-ignore public-vault: a demo";
        assert_eq!(found_in_bicep("", "", ""), [open]);
        let before = format!("\n      {ignore}");
        assert_eq!(found_in_bicep("", &before, ""), [""; 0]);
        assert_eq!(found_in_bicep("", &format!("{before}\n      // so there"), ""), [""; 0]);
        assert_eq!(found_in_bicep("", &format!("{before}\n      #disable-next-line BCP036"), ""), [""; 0]);
        assert_eq!(found_in_bicep("", "\n /* vaultmoat-ignore public-vault: a demo */", ""), [""; 0]);
        assert_eq!(found_in_bicep("", "", &format!(" {ignore}")), [""; 0]);
        assert_eq!(found_in_bicep(&format!("{ignore}\n"), "", ""), [""; 0]);
        assert_eq!(
            found_in_bicep(&format!("#disable-diagnostics no-unused-params\n{ignore}\n\n"), "", ""),
            [""; 0]
        );
        let invalid = "invalid-suppression: this suppression gives no reason";
        assert_eq!(found_in_bicep("// vaultmoat-ignore public-vault\n", "", ""), [invalid, open]);
        let unused = "unused-suppression: `syntax` finds nothing in the line that it applies to";
        assert_eq!(found_in_bicep("", "\n // vaultmoat-ignore syntax, public-vault: a demo", ""), [unused]);
        let disabled = "\n      #disable-next-line public-vault";
        assert_eq!(found_in_bicep("", disabled, ""), [open], "that is Bicep's own");
    }

    /// The suppressed findings of `public-vault`: message, kind of the suppression, and reason.
    fn suppressed(text: &str, options: Options) -> Vec<(String, SuppressionKind, String)> {
        let mut project = Project::new(options);
        project.set("main.json", text);
        let report = project.check();
        assert_eq!(report.summary.suppressed as usize, report.suppressed.len());
        let Summary { errors, warnings, infos, .. } = report.summary;
        assert_eq!((errors + warnings + infos) as usize, report.diagnostics.len());
        assert!(report.diagnostics.iter().all(|found| found.suppression.is_none()));
        let about = report.suppressed.into_iter().filter(|found| found.rule == "public-vault");
        about
            .map(|found| (found.message, found.suppression.unwrap()))
            .map(|(message, Suppression { kind, reason })| (message, kind, reason))
            .collect()
    }

    #[test]
    fn what_is_suppressed_is_reported_beside_the_findings_with_the_reason() {
        let message = "vault `kv` is open to the internet: `defaultAction` is `Allow`".to_owned();
        let in_source = |text: &str, reason: &str| {
            let expected = (message.clone(), SuppressionKind::InSource, reason.to_owned());
            assert_eq!(suppressed(text, Options::default()), [expected], "{text}");
        };
        let line = "\n// vaultmoat-ignore public-vault:  by design: ADR 12 ";
        let block = "\n/* vaultmoat-ignore public-vault: a demo */";
        let head = "// vaultmoat-ignore public-vault, syntax: in the file\n";
        let entry = r#"{ "rule": "public-vault", "reason": " in the resource " }"#;
        let metadata = format!("\n\"metadata\": {{ \"vaultmoat\": {{ \"ignore\": [{entry}] }} }},");
        in_source(&template("", line, "", ""), "by design: ADR 12");
        in_source(&template("", block, "", ""), "a demo");
        in_source(&template(head, "", "", ""), "in the file");
        in_source(&template("", "", "", &metadata), "in the resource");
        in_source(&template(head, line, "", ""), "by design: ADR 12");
        in_source(&template("", &format!("{line}{block}"), "", ""), "by design: ADR 12");

        let entry = |reason: &str| Ignore {
            rule: "public-vault".to_owned(),
            resource: "*".to_owned(),
            file: None,
            reason: reason.to_owned(),
            place: None,
        };
        let options =
            || Options { ignore: vec![entry("the first"), entry("the second")], ..Options::default() };
        let configured = (message.clone(), SuppressionKind::Configuration, "the first".to_owned());
        assert_eq!(suppressed(&template("", "", "", ""), options()), [configured]);
        let written = (message, SuppressionKind::InSource, "a demo".to_owned());
        assert_eq!(suppressed(&template("", block, "", ""), options()), [written]);
        let off = RuleSetting { level: Some(Level::Off), ..RuleSetting::default() };
        let off = Options { rules: vec![("public-vault".to_owned(), off)].into(), ..options() };
        assert_eq!(suppressed(&template("", "", "", ""), off), []);
    }

    #[test]
    fn a_suppressed_finding_in_the_text_itself_is_reported_too() {
        let mut project = Project::new(Options::default());
        project.set(
            "main.json",
            &template("// vaultmoat-ignore duplicate-key: generated\n", "", "", "\n\"name\": \"kv\","),
        );
        let report = project.check();
        let [found] = report.suppressed.as_slice() else { panic!("{:?}", report.suppressed) };
        assert_eq!(found.rule, "duplicate-key");
        assert_eq!(found.suppression.as_ref().unwrap().reason, "generated");
        assert!(!report.diagnostics.iter().any(|found| found.rule == "duplicate-key"));
    }

    #[test]
    fn a_comment_on_the_line_before_suppresses() {
        assert_eq!(found("", "", "", ""), [OPEN]);
        assert_eq!(found("", "\n// vaultmoat-ignore public-vault: a demo", "", ""), [""; 0]);
        assert_eq!(
            found("", "\n/* vaultmoat-ignore public-vault: a demo */ // so\n\n // there", "", ""),
            [""; 0]
        );
    }

    #[test]
    fn a_comment_on_the_same_line_suppresses() {
        assert_eq!(found("", "", " // vaultmoat-ignore public-vault: a demo", ""), [""; 0]);
    }

    #[test]
    fn a_comment_at_the_top_suppresses_in_the_file() {
        assert_eq!(found("// vaultmoat-ignore public-vault: a demo\n", "", "", ""), [""; 0]);
        assert_eq!(
            found("\u{feff}// Copyright\n/* vaultmoat-ignore public-vault: a demo */", "", "", ""),
            [""; 0]
        );
    }

    #[test]
    fn metadata_suppresses_in_the_resource() {
        let ignore =
            |entry: &str| format!("\n\"metadata\": {{ \"vaultmoat\": {{ \"ignore\": [{entry}] }} }},");
        let reason = r#"{ "rule": "public-vault", "reason": "a demo" }"#;
        assert_eq!(found("", "", "", &ignore(reason)), [""; 0]);
        assert_eq!(
            found("", "", "", &ignore(r#"{ "rule": "public-vault" }"#)),
            [
                "invalid-suppression: this suppression gives no reason at `{ \"rule\": \"public-vault\" }`",
                OPEN
            ]
        );
        assert_eq!(
            found("", "", "", &ignore(&format!(r#"{reason}, {{ "rule": "syntax", "reason": "x" }}"#))),
            ["unused-suppression: `syntax` finds nothing in this resource at `\"syntax\"`"]
        );
    }

    #[test]
    fn a_suppression_needs_a_reason_and_a_rule_that_exists() {
        let above = "\n// vaultmoat-ignore public-vault:";
        let invalid =
            "invalid-suppression: this suppression gives no reason at `// vaultmoat-ignore public-vault:`";
        assert_eq!(found("", above, "", ""), [invalid, OPEN]);
        let above = "\n// vaultmoat-ignore  open-vault, public-vault: a demo";
        assert_eq!(
            found("", above, "", ""),
            ["invalid-suppression: there is no rule `open-vault` at `open-vault`"]
        );
    }

    #[test]
    fn a_suppression_that_suppresses_nothing_is_reported() {
        let above = "\n// vaultmoat-ignore public-vault,syntax: a demo";
        assert_eq!(
            found("", above, "", ""),
            ["unused-suppression: `syntax` finds nothing in the line that it applies to at `syntax`"]
        );
        let elsewhere = found("", "", "\n// vaultmoat-ignore public-vault: a demo", "");
        let unused = "unused-suppression: `public-vault` finds nothing in the line that it applies to at `public-vault`";
        assert_eq!(elsewhere, [OPEN, unused]);
    }
}
