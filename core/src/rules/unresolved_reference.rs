//! A name that nothing declares.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "unresolved-reference",
    group: Group::Input,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A name that nothing declares.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::UnresolvedReference,
        "a template that uses what it does not declare is refused; declare it or correct the name",
    ),
};
