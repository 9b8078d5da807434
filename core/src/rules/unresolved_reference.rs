//! A name that nothing declares.

use super::{Check, Rule};
use crate::lang::ProblemKind;
use crate::project::Profile;
use crate::report::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "unresolved-reference",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A name that nothing declares.",
    facts: &[],
    check: Check::Text(
        ProblemKind::UnresolvedReference,
        "Azure refuses a template that uses what it does not declare; declare it or correct the name",
    ),
};
