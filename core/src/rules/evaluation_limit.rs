//! A template that is too large to evaluate.

use super::{Check, Rule};
use crate::lang::ProblemKind;
use crate::project::Profile;
use crate::report::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "evaluation-limit",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A template that is too large to evaluate.",
    facts: &[],
    check: Check::Text(
        ProblemKind::EvaluationLimit,
        "values past the bound are treated as unknown; split the template, or check its parts alone",
    ),
};
