//! An expression that Azure refuses.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "invalid-expression",
    group: Group::Input,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An expression that Azure refuses.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::InvalidExpression,
        "the deployment fails when it evaluates this; correct the expression",
    ),
};
