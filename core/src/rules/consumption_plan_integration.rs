//! Network integration of an app whose plan has none.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::eval::Truth;

pub(super) const RULE: Rule = Rule {
    slug: "consumption-plan-integration",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "Network integration of an app on a plan that does not support it.",
    facts: &["F5.8"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for app in cx.model.apps() {
        let Some(subnet) = app.subnets.first() else { continue };
        let is_integrated = app.subnets.iter().fold(Truth::of(false), |any, id| any.or(id.is_set()));
        let useless = cx.model.has_plan(app, "Y1", "Dynamic").and(is_integrated);
        let reason = "whether its plan allows network integration";
        cx.when(&app.resource, useless, reason, || {
            Finding::new(
                &app.resource,
                subnet,
                format!(
                    "`{}` is on a Consumption plan, which has no network integration",
                    app.resource.label()
                ),
                "the app keeps calling from Azure's public addresses; move it to Flex Consumption, Premium \
                 or a dedicated plan",
            )
        });
    }
}
