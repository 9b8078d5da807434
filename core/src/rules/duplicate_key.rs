//! A name that is given twice in one object.

use super::{Check, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "duplicate-key",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A name that is given twice in one object.",
    facts: &[],
    check: Check::Text(
        ProblemKind::DuplicateKey,
        "readers of the template see the first one and Azure uses the last; remove one of them",
    ),
};
