//! Exports that show one resource differently.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "conflicting-exports",
    group: Group::Input,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "Exports that show one resource differently.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::ConflictingExports,
        "which of them is current is unknown, so nothing is certain that depends on the difference; check the exports of one \
         moment, and compare two moments with `vaultmoat diff`",
    ),
};
