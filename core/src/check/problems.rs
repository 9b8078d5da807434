//! Problems in the text itself, as findings.

use crate::eval::Assumptions;
use crate::lang::{Problem, ProblemKind};
use crate::render::{Places, related, shown};
use crate::report::{Confidence, Diagnostic, Range, Severity};
use crate::rules::{self, Check, MAX_FINDINGS, RULES, Rule};

/// The rule that reports a kind of problem.
pub(super) fn rule_of(kind: ProblemKind) -> Option<&'static Rule> {
    RULES.iter().find(|rule| matches!(rule.check, Check::Text(of, _) if of == kind)).copied()
}

pub(super) fn slug_of(kind: ProblemKind) -> &'static str {
    rule_of(kind).map_or("syntax", |rule| rule.slug)
}

pub(super) fn of_problem(problem: &Problem, places: &Places) -> Diagnostic {
    let (file, range) = (places.path(problem.place).to_owned(), places.range(problem.place));
    let diagnostic =
        of_text(problem.kind, with_defaults(&problem.message, &problem.assumed, "parameter"), file, range);
    let confidence = if problem.assumed.is_empty() { Confidence::Certain } else { Confidence::Likely };
    let elsewhere = problem.related.iter();
    let related = elsewhere.map(|(place, message)| related(*place, (*message).to_owned(), places)).collect();
    Diagnostic { confidence, related, ..diagnostic }
}

pub(super) fn of_text(kind: ProblemKind, message: String, file: String, range: Range) -> Diagnostic {
    let (slug, severity, help) = match rule_of(kind) {
        Some(Rule { slug, severity, check: Check::Text(_, help), .. }) => (*slug, *severity, *help),
        _ => ("syntax", Severity::Error, ""),
    };
    Diagnostic {
        rule: slug.to_owned(),
        severity,
        confidence: Confidence::Certain,
        message: shown(message),
        help: help.to_owned(),
        file,
        range,
        resource: None,
        related: Vec::new(),
        fixes: Vec::new(),
        facts: Vec::new(),
        url: rules::url(slug),
        suppression: None,
    }
}

pub(super) fn more_than(rule: &Rule) -> String {
    format!("`{}` has more than {MAX_FINDINGS} findings or open questions; the rest is left out", rule.slug)
}

/// For a finding that is certain only for a new resource.
const WHERE_CREATED: &str = " (for a new resource; an existing one keeps its settings)";

pub(super) fn with_defaults(message: &str, assumed: &Assumptions, noun: &str) -> String {
    let names: Vec<String> = assumed.names().map(|name| format!("`{name}`")).collect();
    let defaults = match names.as_slice() {
        [] => String::new(),
        [one] => format!(" (with the default of {noun} {one})"),
        _ => format!(" (with the default of {noun}s {})", names.join(", ")),
    };
    format!("{message}{defaults}{}", if assumed.is_created() { WHERE_CREATED } else { "" })
}
