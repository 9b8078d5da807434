//! Zone groups that wrote nothing.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::eval::Value;
use crate::model::{Registration, dns, identity, property, wrapped};

pub(super) const RULE: Rule = Rule {
    slug: "empty-dns-registration",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A zone group that was deployed successfully but wrote no DNS record.",
    facts: &["F4.31"],
    yields_to: &["wrong-dns-zone", "dns-zone-cloud-mismatch"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let model = cx.model;
    // Whatever the endpoint is for, and whether or not it is here: the zone is one for vaults.
    for (group, deployed) in cx.zone_groups() {
        for item in &group.configs.items {
            let zone_name = model.zone_name(item);
            if is_of_vaults(&zone_name) {
                let zone = wrapped(&item.value, "privateDnsZoneId");
                let proof = item.present.clone().and(deployed.clone());
                check_entry(cx, &Registration { group, config: item.value.clone(), zone, zone_name, proof });
            }
        }
    }
    for own in model.vault_endpoints() {
        let registrations = model.registrations_of(own.endpoint);
        // Beside a zone of vaults, one for something else has no record of a vault.
        if registrations.iter().any(|one| is_of_vaults(&one.zone_name)) {
            continue;
        }
        for mut registration in registrations.into_iter().filter(|one| one.zone_name.is_known()) {
            registration.proof = own.is_present().and(registration.proof);
            check_entry(cx, &registration);
        }
    }
}

/// Reports an entry of a zone group that Azure lists without records.
fn check_entry<'m>(cx: &mut Context<'m>, registration: &Registration<'m>) {
    let group = &registration.group.resource;
    let records = wrapped(&registration.config, "recordSets");
    if !records.as_array().is_some_and(<[_]>::is_empty) {
        return;
    }
    let done = property(group, &["provisioningState"]).is_word("Succeeded");
    let truth = registration.proof.clone().and(done);
    let reason = "whether the zone group has written its record";
    cx.when(group, truth, reason, || {
        let finding = Finding::new(
            group,
            &records,
            format!("zone group `{}` has succeeded and written no record", group.label()),
            "the endpoint resolves nowhere: its connection may not be approved, or it is not a vault's \
             group; look at the endpoint, then write the zone group again",
        )
        .about(group, "");
        match cx.model.zone(&registration.zone) {
            Some(zone) => finding.about(&zone.resource, ""),
            None => finding,
        }
    });
}

fn is_of_vaults(zone_name: &Value) -> bool {
    identity::is_one_of(zone_name, &dns::zones_of(&Cloud::ALL, false)).is_true()
}
