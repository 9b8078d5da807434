//! A suppression of a rule that finds nothing there.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "unused-suppression",
    group: Group::Input,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A suppression of a rule that reports nothing there.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::UnusedSuppression,
        "the finding was fixed or has moved; remove the suppression, or it will hide the next finding",
    ),
};
