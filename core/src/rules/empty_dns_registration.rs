//! Zone groups that wrote nothing.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::model::{dns, identity, property, wrapped};

pub(super) const RULE: Rule = Rule {
    slug: "empty-dns-registration",
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A zone group that Azure reports as done and that wrote no record.",
    facts: &["F4.31"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    for own in model.vault_endpoints() {
        for registration in model.registrations_of(own.endpoint) {
            let group = &registration.group.resource;
            let records = wrapped(&registration.config, "recordSets");
            let is_empty = records.as_array().is_some_and(<[_]>::is_empty);
            // A zone of another name is `wrong-dns-zone`, or of another cloud.
            let zones = dns::zones_of(&Cloud::ALL, false);
            if !is_empty || !identity::is_one_of(&registration.zone_name, &zones).is_true() {
                continue;
            }
            let done = property(group, &["provisioningState"]).is_word("Succeeded");
            let truth = own.proof.clone().and(registration.proof.clone()).and(done);
            let reason = "whether the zone group has written its record";
            let Some(assumed) = cx.decide(group, truth, reason) else { continue };
            cx.report(Finding::new(
                group,
                &records,
                assumed,
                format!("zone group `{}` has succeeded and written no record", group.label()),
                "the endpoint resolves nowhere: its connection may not be approved, or it is not a vault's group; look \
                 at the endpoint, then write the zone group again",
            ));
        }
    }
}
