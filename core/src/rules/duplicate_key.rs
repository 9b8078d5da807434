//! A name that is given twice in one object.

use super::{Check, Rule};
use crate::lang::ProblemKind;
use crate::project::Profile;
use crate::report::Severity;

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
