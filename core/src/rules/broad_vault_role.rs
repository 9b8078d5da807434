//! A role that gives more of a vault, or more vaults, than its bearer needs.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "broad-vault-role",
    group: Group::Callers,
    severity: Severity::Info,
    profile: Profile::Strict,
    fixable: false,
    summary: "A role that gives a principal more access to a vault, or to more vaults, than it needs.",
    facts: &["F6.1"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (assignment, _) in cx.role_assignments() {
        let everywhere = assignment.grants(&|_| true).and(assignment.is_above_groups());
        let all_rights = assignment.grants(&|role| role.is_broad()).and(assignment.is_for_workload());
        let is_everywhere = everywhere.is_true();
        let reason = "whether it gives more than is needed";
        cx.when(&assignment.resource, everywhere.or(all_rights), reason, || {
            let role = assignment.role().map_or("a Key Vault role", |role| role.name);
            let (what, help) = if is_everywhere {
                (
                    "is assigned on a whole subscription or more",
                    "it holds for every vault there, also for those still to come; assign it on the vault",
                )
            } else {
                (
                    "goes to a workload, which seldom writes or deletes",
                    "who takes over the workload can replace and delete what the vault holds; a `User` role \
                     only reads or uses it",
                )
            };
            let message = format!("`{role}` {what}");
            Finding::new(&assignment.resource, &assignment.definition, message, help)
        });
    }
}
