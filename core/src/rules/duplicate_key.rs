//! A name that is given twice in one object.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "duplicate-key",
    group: Group::Input,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A name that is given twice in one object.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::DuplicateKey,
        "a reader may rely on the first value, and Azure uses the last one where it accepts both; remove one of them",
    ),
};
