//! An integration subnet that is too small, or that others are in.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::limits::SMALLEST_APP_SERVICE_SUBNET_PREFIX as SMALLEST;
use crate::eval::Truth;
use crate::model::key;

pub(super) const RULE: Rule = Rule {
    slug: "shared-integration-subnet",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An integration subnet that is too small, or that contains other resources.",
    facts: &["F5.1"],
    yields_to: &[],
    check: Check::Model(check),
};

/// More of those who share a subnet are counted.
const MAX_NAMED: usize = 3;

fn check(cx: &mut Context) {
    let tenants = cx.model.tenants();
    for app in cx.model.apps() {
        for (subnet, is_its) in cx.model.integration_subnets(app) {
            let smaller = subnet.address_plan().is_smaller_than(SMALLEST);
            // `endpoint-in-delegated-subnet` reports an endpoint in a delegated subnet.
            let is_free = subnet.delegations.any().is_false();
            let others = tenants.get(&key(&subnet.resource.id)).into_iter().flatten();
            let mut others: Vec<String> = others
                .filter(|(_, is_endpoint)| is_free || !is_endpoint)
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            let more = others.len().saturating_sub(MAX_NAMED);
            others.truncate(MAX_NAMED);
            if more > 0 {
                others.push(format!("{more} more"));
            }
            let shared = Truth::of(!others.is_empty());
            let is_small = smaller.is_true();
            let wrong = is_its.and(smaller.or(shared));
            let reason = format!("whether `{}` has it for itself", app.resource.address);
            cx.when(&subnet.resource, wrong, &reason, || {
                let (place, why) = if is_small {
                    (&subnet.address_prefixes, format!("is smaller than /{SMALLEST}"))
                } else {
                    (&subnet.resource.name, format!("is also that of {}", others.join(", ")))
                };
                Finding::new(
                    &subnet.resource,
                    place,
                    format!("subnet `{}` of app `{}` {why}", subnet.label(), app.resource.label()),
                    "every instance of the plan takes an address of the subnet, more while it scales or is \
                     updated, and nothing else may be in it; give the app a subnet of its own, /26 for \
                     growth",
                )
            });
        }
    }
}
