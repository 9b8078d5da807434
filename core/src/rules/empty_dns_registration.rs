//! Zone groups that wrote nothing.

use super::{Check, Context, Finding, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::model::{dns, identity, is_deployed, property, wrapped};

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
    // Whatever the endpoint is for, and whether or not it is here: the zone is one for vaults.
    for zone_group in &model.zone_groups {
        let group = &zone_group.resource;
        for item in &zone_group.configs.items {
            let records = wrapped(&item.value, "recordSets");
            let is_empty = records.as_array().is_some_and(<[_]>::is_empty);
            // A zone of another name is `wrong-dns-zone`, or of another cloud.
            let zones = dns::zones_of(&Cloud::ALL, false);
            if !is_empty || !identity::is_one_of(&model.zone_name(item), &zones).is_true() {
                continue;
            }
            let done = property(group, &["provisioningState"]).is_word("Succeeded");
            let truth = item.present.clone().and(is_deployed(group)).and(done);
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
