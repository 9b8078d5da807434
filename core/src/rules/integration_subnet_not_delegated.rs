//! An app integrated with a subnet that is not delegated to App Service.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::names::{APP_SERVICE_DELEGATION, FLEX_DELEGATION};

pub(super) const RULE: Rule = Rule {
    slug: "integration-subnet-not-delegated",
    group: Group::Callers,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "An app integrated with a subnet that is not delegated to App Service.",
    facts: &["F5.1"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for app in cx.model.apps() {
        for (subnet, is_its) in cx.model.integration_subnets(app) {
            let is_flex = cx.model.has_plan(app, "FC1", "FlexConsumption");
            let [web, flex] = [APP_SERVICE_DELEGATION, FLEX_DELEGATION].map(|to| subnet.is_delegated_to(to));
            // Without either delegation it does not matter which is right.
            let wrong = web.clone().or(flex.clone()).negate();
            let wrong = wrong.or(is_flex.clone().and(flex.negate()));
            let wrong = wrong.or(is_flex.clone().negate().and(web.negate()));
            let reason = format!("whether it is delegated to the plan of `{}`", app.resource.address);
            cx.when(&subnet.resource, is_its.and(wrong), &reason, || {
                let service = if is_flex.is_true() { FLEX_DELEGATION } else { APP_SERVICE_DELEGATION };
                let delegations = subnet.property("delegations");
                let text = |text: &str| Literal::Text(text.to_owned());
                let properties = Literal::Object(vec![("serviceName", text(service))]);
                let delegation = Literal::Object(vec![("name", text("apps")), ("properties", properties)]);
                // A subnet has one delegation.
                let is_free =
                    delegations.is_null() || delegations.as_array().is_some_and(|list| list.is_empty());
                let holder = subnet.resource.body.get("properties");
                let delegate = is_free.then(|| Change::append(&holder, "delegations", delegation)).flatten();
                Finding::new(
                    &subnet.resource,
                    &delegations,
                    format!(
                        "subnet `{}` of app `{}` is not delegated to `{service}`",
                        subnet.label(),
                        app.resource.label()
                    ),
                    "an app can only be integrated with a subnet that is its service's own; delegate it, and \
                     keep private endpoints and other resources elsewhere",
                )
                .related(app.subnets.first().and_then(|id| id.place), "the app is integrated here")
                .unsafe_fix(format!("delegate the subnet to {service}"), delegate)
            });
        }
    }
}
