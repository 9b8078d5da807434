//! Rules over every way in which a template can give, or not give, the value that decides them.

use crate::page::severity_word;
use vaultmoat_core::report::{Confidence, Report};
use vaultmoat_core::{Options, Profile, Project};

/// A setting that decides a rule.
#[derive(Clone, Copy, Debug)]
pub struct Case<'c> {
    /// The rule.
    pub rule: &'static str,
    /// Properties of a vault, without the braces, or whole resources, with them; `@` stands for the value that decides,
    /// and in resources `%` for the number of copies.
    pub properties: &'c str,
    /// A value, as JSON, on which the rule fires.
    pub bad: &'c str,
    /// A value, as JSON, on which it does not.
    pub good: &'c str,
    /// What happens where the value is wholly unknown.
    pub unknown: Unknown,
}

/// What happens where the value that decides a rule is wholly unknown.
#[derive(Clone, Copy, Debug)]
pub enum Unknown {
    /// The rule records it.
    Recorded,
    /// This other rule records it.
    RecordedBy(&'static str),
    /// Nobody does: almost every value is a good one.
    Passed,
}

/// What a rule says of a template.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Silent,
    Certain(usize),
    Likely(String),
    Undecided(Vec<String>),
}

/// A case that is recorded where the value is wholly unknown.
pub const fn case(
    rule: &'static str,
    properties: &'static str,
    bad: &'static str,
    good: &'static str,
) -> Case<'static> {
    Case { rule, properties, bad, good, unknown: Unknown::Recorded }
}

impl Case<'_> {
    /// What is not as it must be, in words.
    pub fn faults(&self) -> Vec<String> {
        let (bad, good) = (self.bad, self.good);
        let variables = format!(r#""bad": {bad}, "good": {good}, "both": [{good}, {bad}]"#);
        let check = |parameters: &str, value: &str, copies: usize| {
            let text = template(parameters, &variables, &self.properties.replace('@', value), copies);
            check(&text)
        };
        let default = format!(r#""x": {{ "type": "{}", "defaultValue": {bad} }}"#, kind(bad));
        let open = format!(r#""x": {{ "type": "{}" }}"#, kind(bad));
        let allowed = format!(r#""x": {{ "type": "{}", "allowedValues": [{bad}] }}"#, kind(bad));
        let flag = r#""flag": { "type": "bool" }"#;
        let either = r#""[if(parameters('flag'), variables('bad'), variables('good'))]""#;
        let both = r#""[if(parameters('flag'), variables('bad'), variables('bad'))]""#;
        let each = r#""[variables('both')[copyIndex()]]""#;
        let undecided = |on: &str| Verdict::Undecided(vec![format!("parameters('{on}')")]);
        let likely = Verdict::Likely("(with the default of parameter `x`)".to_owned());
        let mut wanted = vec![
            ("a bad literal", check("", bad, 1), Verdict::Certain(1)),
            ("a good literal", check("", good, 1), Verdict::Silent),
            ("a variable", check("", r#""[variables('bad')]""#, 1), Verdict::Certain(1)),
            ("a parameter's default", check(&default, r#""[parameters('x')]""#, 1), likely),
            ("an unknown condition", check(flag, either, 1), undecided("flag")),
            ("both branches of one", check(flag, both, 1), Verdict::Certain(1)),
            ("copies of the vault", check("", each, 2), Verdict::Certain(1)),
        ];
        if !matches!(kind(bad), "array" | "object") {
            let report = check(&allowed, r#""[parameters('x')]""#, 1);
            wanted.push(("allowed values", report, Verdict::Certain(1)));
        }
        let mut faults = Vec::new();
        let mut compare = |how: &str, rule: &str, report: &Report, wanted: &Verdict| {
            let is = verdict(report, rule);
            if is != *wanted {
                faults.push(format!("{} by {how}: {rule} is {is:?}, not {wanted:?}", self.rule));
            }
        };
        for (how, report, wanted) in &wanted {
            compare(how, self.rule, report, wanted);
        }
        let report = check(&open, r#""[parameters('x')]""#, 1);
        let how = "a parameter without default";
        match self.unknown {
            Unknown::Recorded => compare(how, self.rule, &report, &undecided("x")),
            Unknown::Passed => compare(how, self.rule, &report, &Verdict::Silent),
            Unknown::RecordedBy(other) => {
                compare(how, other, &report, &undecided("x"));
                compare(how, self.rule, &report, &Verdict::Silent);
            }
        }
        faults
    }
}

/// Fails with everything that is not as it must be.
pub fn assert_all(cases: &[Case<'_>]) {
    let faults: Vec<String> = cases.iter().flat_map(Case::faults).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// What the strict profile says of a template with one vault: `severity slug: message`, without the rules named.
pub fn said_of(properties: &str) -> Vec<String> {
    said_by(&template("", "", properties, 1))
}

/// The same of a whole template.
pub fn said_by(text: &str) -> Vec<String> {
    let report = check(text);
    let line = |found: &vaultmoat_core::report::Diagnostic| {
        format!("{} {}: {}", severity_word(found.severity), found.rule, found.message)
    };
    report.diagnostics.iter().map(line).collect()
}

/// A template with vaults of these properties, or with these resources.
pub fn template(parameters: &str, variables: &str, properties: &str, copies: usize) -> String {
    let vaults = format!(
        r#"{{
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2026-02-01",
      "copy": {{ "name": "vaults", "count": {copies} }},
      "name": "[format('kv{{0}}', copyIndex())]",
      "location": "westeurope",
      "properties": {{ {properties} }}
    }}"#
    );
    let resources =
        if properties.starts_with('{') { properties.replace('%', &copies.to_string()) } else { vaults };
    format!(
        r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {{ {parameters} }},
  "variables": {{ {variables} }},
  "resources": [
    {resources}
  ]
}}"#
    )
}

fn check(text: &str) -> Report {
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    project.set("main.json", text);
    project.check()
}

fn verdict(report: &Report, rule: &str) -> Verdict {
    let found: Vec<_> = report.diagnostics.iter().filter(|found| found.rule == rule).collect();
    let open: Vec<_> = report.undecided.iter().filter(|open| open.rule == rule).collect();
    match (found.as_slice(), open.as_slice()) {
        ([], []) => Verdict::Silent,
        ([found], []) if found.confidence == Confidence::Likely => Verdict::Likely(
            found.message.split_inclusive(" (").last().map(|end| format!("({end}")).unwrap_or_default(),
        ),
        (_, []) => Verdict::Certain(found.len()),
        (_, open) => Verdict::Undecided(open.iter().flat_map(|open| open.depends_on.clone()).collect()),
    }
}

fn kind(json: &str) -> &'static str {
    match json.chars().next() {
        Some('"') => "string",
        Some('[') => "array",
        Some('{') => "object",
        Some('t' | 'f') => "bool",
        _ => "int",
    }
}
