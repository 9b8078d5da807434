//! Selects the fixes of a report that can be applied together, and applies them.

use crate::report::{Applicability, Diagnostic, FileEdits, Fix, Report, TextEdit};
use crate::sorted::Map;

/// An edit by file, offsets and text, so that edits sort by place.
type Key<'r> = (&'r str, u32, u32, &'r str);

/// Selects the fixes in order of place, and skips each one that overlaps one selected before.
pub(crate) fn edits(
    report: &Report,
    texts: &Map<String, String>,
    rules: &[String],
    unsafe_fixes: bool,
) -> Vec<FileEdits> {
    let mut taken: Map<Key, &TextEdit> = Map::default();
    let wanted = |found: &&Diagnostic| rules.is_empty() || rules.contains(&found.rule);
    let allowed = |fix: &&Fix| unsafe_fixes || fix.applicability == Applicability::Safe;
    for fix in report.diagnostics.iter().filter(wanted).filter_map(|found| found.fixes.iter().find(allowed)) {
        if !fix.edits.iter().any(|edit| meets_any(&key(edit), &taken)) {
            for edit in &fix.edits {
                taken.insert(key(edit), edit);
            }
        }
    }
    taken
        .chunk_by(|(a, _), (b, _)| a.0 == b.0)
        .filter_map(|of_file| {
            let file = of_file.first()?.1.file.as_str();
            let edits: Vec<TextEdit> = of_file.iter().map(|(_, edit)| (*edit).clone()).collect();
            let text = apply(texts.get(file)?, &edits)?;
            Some(FileEdits { file: file.to_owned(), edits, text })
        })
        .collect()
}

fn key(edit: &TextEdit) -> Key<'_> {
    (&edit.file, edit.range.start.offset, edit.range.end.offset, &edit.text)
}

/// Whether an edit overlaps or touches a selected one, unless both are equal. Selected edits do not overlap, so
/// comparing the neighbours is enough.
fn meets_any(edit: &Key, taken: &Map<Key, &TextEdit>) -> bool {
    if taken.get(edit).is_some() {
        return false;
    }
    let (before, after) = taken.split_at(taken.partition_point(|(other, _)| other < edit));
    before.last().is_some_and(|(before, _)| meets(before, edit))
        || after.first().is_some_and(|(after, _)| meets(edit, after))
}

fn meets((file, start, end, _): &Key, (next_file, next_start, next_end, _): &Key) -> bool {
    let inserts = start == end || next_start == next_end;
    file == next_file && (next_start < end || (inserts && next_start == end))
}

/// Applies edits that are sorted and do not overlap.
fn apply(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = Rest { text, offset: 0 };
    for edit in edits {
        out.push_str(rest.up_to(edit.range.start.offset)?);
        rest.up_to(edit.range.end.offset)?;
        out.push_str(&edit.text);
    }
    out.push_str(rest.text);
    Some(out)
}

/// The rest of a text, and the number of UTF-16 code units before it.
struct Rest<'t> {
    text: &'t str,
    offset: u32,
}

impl<'t> Rest<'t> {
    /// Removes and returns the text before a UTF-16 offset.
    fn up_to(&mut self, offset: u32) -> Option<&'t str> {
        let mut units = offset.checked_sub(self.offset)?;
        let mut at = 0;
        for c in self.text.chars() {
            let Some(left) = units.checked_sub(if c.len_utf16() == 2 { 2 } else { 1 }) else { break };
            units = left;
            at += c.len_utf8();
        }
        let (taken, rest) = self.text.split_at_checked(at)?;
        (self.text, self.offset) = (rest, offset);
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use crate::report::FileEdits;
    use crate::{Options, Project};

    const TWO_VAULTS: &str = r#"{
  "contentVersion": "1.0.0.0", // é😀
  "parameters": { "action": { "type": "string", "defaultValue": "Allow" } },
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "name": "one-😀",
      "properties": { "networkAcls": { "defaultAction": "[parameters('action')]" } }
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "name": "two",
      "properties": { "networkAcls": { "defaultAction": "[parameters('action')]" } }
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "name": "three",
      "properties": { "networkAcls": { "defaultAction": "Allow" } }
    }
  ]
}"#;

    fn project() -> Project {
        let mut project = Project::new(Options::default());
        project.set("main.json", TWO_VAULTS);
        project
    }

    fn fix(rule: &str, unsafe_fixes: bool) -> Vec<FileEdits> {
        project().fix(&[rule.to_owned()], unsafe_fixes)
    }

    #[test]
    fn unsafe_fixes_are_made_when_they_are_asked_for() {
        assert_eq!(fix("public-vault", false), []);
        let fixed = fix("public-vault", true);
        let texts: Vec<&str> = fixed.iter().map(|file| file.text.as_str()).collect();
        assert_eq!(texts, [TWO_VAULTS.replace("\"Allow\"", "\"Deny\"")]);
    }

    #[test]
    fn one_cause_of_two_findings_is_fixed_once() {
        let fixed = fix("public-vault", true);
        assert_eq!(fixed[0].edits.len(), 2);
    }

    #[test]
    fn only_named_rules_are_fixed() {
        assert_eq!(fix("syntax", true), []);
        assert_eq!(fix("public-vault", true).len(), 1);
        assert_eq!(project().fix(&[], true).len(), 1, "all, where none is named");
    }
}
