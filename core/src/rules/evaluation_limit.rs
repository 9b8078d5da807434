//! A template that is too large to evaluate.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "evaluation-limit",
    group: Group::Input,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A template that is too large to evaluate.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::EvaluationLimit,
        "values past the bound are treated as unknown; split the template, or check its parts alone",
    ),
};
