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
        "a reader may take the first one for true, and the last one counts where both are accepted; remove one of them",
    ),
};
