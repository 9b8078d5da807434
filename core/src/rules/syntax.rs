//! Text that breaks the grammar of its language.

use super::{Check, Group, Profile, Rule, Severity};
use crate::lang::ProblemKind;

pub(super) const RULE: Rule = Rule {
    slug: "syntax",
    group: Group::Input,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "Text that breaks the grammar of its language.",
    facts: &[],
    yields_to: &[],
    check: Check::Text(
        ProblemKind::Syntax,
        "the rest of the file is checked as far as it can be read; fix the syntax to see all findings",
    ),
};
