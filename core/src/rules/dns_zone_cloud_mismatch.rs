//! Private zones of another Azure.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::{Cloud, Service};
use crate::eval::Value;
use crate::lang::Resource;
use crate::model::{Model, dns, identity};

pub(super) const RULE: Rule = Rule {
    slug: "dns-zone-cloud-mismatch",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private zone for Key Vault of another Azure cloud.",
    facts: &["F4.30", "F4.33"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let (model, cloud) = (cx.model, cx.cloud);
    let foreign = dns::zones_of(&model.clouds.others(), true);
    for (zone, deployed) in cx.zones() {
        let other = identity::is_one_of(zone.name(), &foreign).and(deployed);
        // A zone of which nothing is known is `wrong-dns-zone`'s to leave open.
        if other.is_unknown() && !identity::may_be_one_of(zone.name(), &foreign) {
            continue;
        }
        cx.when(&zone.resource, other, "whether the zone is of another cloud", || {
            finding(model, cloud, &zone.resource, zone.name(), zone.name())
        });
    }
    for own in model.vault_endpoints() {
        for registration in model.registrations_of(own.endpoint) {
            if model.zone(&registration.zone).is_some_and(|zone| !zone.resource.referenced) {
                continue;
            }
            let name = registration.zone_name.clone();
            let other = identity::is_one_of(&name, &foreign);
            if other.is_unknown() && !identity::may_be_one_of(&name, &foreign) {
                continue;
            }
            let truth = own.is_present().and(registration.proof.clone()).and(other);
            let group = &registration.group.resource;
            let reason = "whether the endpoint of a vault registers in a zone of another cloud";
            cx.when(group, truth, reason, || finding(model, cloud, group, &registration.zone, &name));
        }
    }
}

fn finding<'m>(model: &Model, cloud: Cloud, resource: &'m Resource, at: &Value, name: &Value) -> Finding<'m> {
    let names = Service::of_domain(&name.display()).dns(cloud);
    let right = names.private_zone;
    let clouds = &model.clouds;
    let mut finding = Finding::new(
        resource,
        at,
        format!(
            "zone `{}` is of another cloud than {}, whose zone is `{right}`",
            name.display(),
            cloud.azure_name()
        ),
        "no name of this cloud's vaults leads through that zone; name the zone of the cloud that is deployed \
         to, or say which cloud that is with `--cloud`",
    )
    .assuming(clouds.assumed())
    // Without a region or a setting, the files may be for the cloud of the zone.
    .likely_if(!clouds.is_evident());
    if !names.is_documented {
        finding = finding.severity(Severity::Warning);
    } else if let Some(name) = name.as_text() {
        let rename = Change::Rename { file: finding.place, from: name.to_owned(), to: right };
        let title = format!("call it `{right}`");
        finding = match clouds.only() {
            Some(_) => finding.safe_fix(title, vec![rename]),
            None => finding.unsafe_fix(title, vec![rename]),
        };
    }
    finding
}
