//! A suppression without a reason, or of a rule that does not exist.

use super::{Check, Rule};
use crate::lang::ProblemKind;
use crate::project::Profile;
use crate::report::Severity;

pub(super) const RULE: Rule = Rule {
    slug: "invalid-suppression",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A suppression without a reason, or of a rule that does not exist.",
    facts: &[],
    check: Check::Text(
        ProblemKind::InvalidSuppression,
        "write `vaultmoat-ignore <rule>[, <rule>]: reason`, or in `metadata` an entry with `rule` and `reason`",
    ),
};
