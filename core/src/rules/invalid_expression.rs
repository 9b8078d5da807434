//! A function call that Azure refuses.

use super::{Check, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "invalid-expression",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A function call that Azure refuses.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::InvalidExpression,
        "the deployment fails when it evaluates this; correct the arguments",
    ),
};
