//! A suppression of a rule that finds nothing there.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "unused-suppression",
    group: Group::Input,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A suppression of a rule that finds nothing there.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::UnusedSuppression,
        "what it was for is mended or has moved; take it out, or it will hide the next one",
    ),
};
