//! An integration subnet that is too small, or that others are in.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::limits::SMALLEST_APP_SERVICE_SUBNET_PREFIX as SMALLEST;
use crate::eval::Truth;
use crate::model::{Subnet, identity};

pub(super) const RULE: Rule = Rule {
    slug: "shared-integration-subnet",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An integration subnet that is too small, or that others are in.",
    facts: &["F5.1"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for app in cx.model.apps() {
        for (subnet, is_its) in cx.model.integration_subnets(app) {
            let smaller = subnet.address_plan().is_smaller_than(SMALLEST);
            let (others, shared) = others_in(cx, subnet);
            let is_small = smaller.is_true();
            let wrong = is_its.and(smaller.or(shared));
            let reason = format!("whether `{}` has it for itself", app.resource.address);
            let Some(assumed) = cx.decide(&subnet.resource, wrong, &reason) else { continue };
            let (place, why) = if is_small {
                (&subnet.address_prefixes, format!("is smaller than /{SMALLEST}"))
            } else {
                (&subnet.resource.name, format!("is also that of {others}"))
            };
            cx.report(Finding::new(
                &subnet.resource,
                place,
                assumed,
                format!("subnet `{}` of app `{}` {why}", subnet.label(), app.resource.label()),
                "every instance of the plan takes an address of the subnet, more while it scales or is updated, and \
                 nothing else may be in it; give the app a subnet of its own, /26 for growth",
            ));
        }
    }
}

/// Who else is in a subnet.
fn others_in(cx: &Context, subnet: &Subnet) -> (String, Truth) {
    let mut names = Vec::new();
    let mut any = Truth::of(false);
    let id = &subnet.resource.id;
    let mut add = |label: String, there: Truth| {
        if there.is_true() {
            names.push(format!("`{label}`"));
        }
        any = std::mem::replace(&mut any, Truth::of(false)).or(there);
    };
    for consumer in cx.model.consumers.iter().filter(|consumer| !consumer.is_app()) {
        for used in &consumer.subnets {
            add(consumer.resource.label(), identity::same(used, id));
        }
    }
    // Of an endpoint in a subnet that is delegated its own rule speaks.
    let is_free = subnet.delegations.any().negate();
    for endpoint in &cx.model.endpoints {
        add(endpoint.resource.label(), is_free.clone().and(identity::same(&endpoint.subnet, id)));
    }
    (names.join(", "), any)
}
