//! A template file that is not among those that are checked.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "unresolved-module",
    group: Group::Input,
    severity: Severity::Info,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A template file that is not among those that are checked.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::UnresolvedModule,
        "add the file to the check, and what it deploys is checked as part of this template",
    ),
};
