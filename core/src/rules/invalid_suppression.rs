//! A suppression without a reason, or of a rule that does not exist.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "invalid-suppression",
    group: Group::Input,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A suppression without a reason, or of a rule that does not exist.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::InvalidSuppression,
        "write `vaultmoat-ignore <rule>[, <rule>]: reason`, or in `metadata` an entry with `rule` and `reason`",
    ),
};
