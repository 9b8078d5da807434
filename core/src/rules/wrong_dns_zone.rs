//! Private zones that resolve no vault.

use super::{Change, Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::azure::cloud::{DnsNames, WRONG_VAULT_ZONES};
use crate::azure::service::VAULT;
use crate::eval::Truth;
use crate::model::{EndpointConnection, Model, Registration, Zone, identity};

pub(super) const RULE: Rule = Rule {
    slug: "wrong-dns-zone",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private zone that is meant for Key Vault and has another name.",
    facts: &["F4.30", "F4.31"],
    yields_to: &["dns-zone-cloud-mismatch"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let (model, cloud) = (cx.model, cx.cloud);
    let clouds = clouds(cx);
    for (zone, deployed) in cx.zones() {
        let mistaken = is_mistaken(zone, &clouds).and(deployed);
        cx.when(&zone.resource, mistaken, "whether the zone is meant for vaults", || {
            let right = VAULT.dns(cloud).private_zone;
            let mut finding = Finding::new(
                &zone.resource,
                zone.name(),
                format!(
                    "no vault resolves through zone `{}`: vaults are in `{right}`",
                    zone.resource.label()
                ),
                "a zone group that registers there succeeds and writes no record, so clients keep the public \
                 address; give the zone the name that vaults resolve through",
            );
            if let Some(name) = zone.name().as_text() {
                let rename = Change::Rename { file: finding.place, from: name.to_owned(), to: right };
                finding = finding.safe_fix(format!("call it `{right}`"), vec![rename]);
            }
            finding
        });
    }
    for own in model.vault_endpoints() {
        check_endpoint(cx, &own, &clouds);
    }
}

fn check_endpoint<'m>(cx: &mut Context<'m>, own: &EndpointConnection<'m>, clouds: &[Cloud]) {
    let model = cx.model;
    let names = own.service.dns(cx.cloud);
    let mut rights = vec![names.private_zone];
    rights.extend(clouds.iter().map(|cloud| own.service.dns(*cloud).private_zone));
    let registrations = model.registrations_of(own.endpoint);
    let mut registers_right = Truth::of(false);
    for registration in &registrations {
        let right = identity::is_one_of(&registration.zone_name, &rights);
        registers_right = registers_right.or(registration.proof.clone().and(right));
    }
    // One wrong zone beside the right one does no harm.
    let nowhere = own.is_present().and(registers_right.negate());
    for registration in &registrations {
        // Of no zone at all there is no name to be wrong.
        let is_empty = registration.zone.is_null() || registration.zone.as_text() == Some("");
        if is_empty || is_zone_mistaken(cx, registration, clouds) {
            continue;
        }
        let wrong = nowhere.clone().and(registration.proof.clone());
        let reason = "whether the endpoint of the vault registers in the zone of vaults";
        cx.when(&registration.group.resource, wrong, reason, || {
            registers_in(model, own, names, registration)
        });
        return;
    }
}

fn registers_in<'m>(
    model: &'m Model,
    own: &EndpointConnection<'m>,
    names: &DnsNames,
    registration: &Registration<'m>,
) -> Finding<'m> {
    let (what, right) = (own.service.noun, names.private_zone);
    let finding = Finding::new(
        &registration.group.resource,
        &registration.zone,
        format!(
            "the private endpoint of a {what} registers in `{}`, where no {what} resolves: its zone is \
             `{right}`",
            registration.zone_name.display()
        ),
        "the zone group succeeds and writes no record, so clients keep the public address; register in a \
         zone of the right name",
    );
    let finding = finding
        .about(&registration.group.resource, "")
        .related(Some(own.endpoint.resource.place), "the private endpoint");
    // The zone itself may be what another rule is about.
    let finding = match model.zone(&registration.zone) {
        Some(zone) => finding.about(&zone.resource, ""),
        None => finding,
    };
    // The HSM's zones outside the public cloud follow from its name there; no page lists them.
    if names.is_documented { finding } else { finding.severity(Severity::Warning) }
}

/// Whether the zone itself is in the files and reported: the same cause.
fn is_zone_mistaken(cx: &Context, registration: &Registration, clouds: &[Cloud]) -> bool {
    let zone = cx.model.zone(&registration.zone).filter(|zone| !zone.resource.referenced);
    zone.is_some_and(|zone| is_mistaken(zone, clouds).is_true())
}

/// The clouds that the files may be deployed to.
fn clouds(cx: &Context) -> Vec<Cloud> {
    Cloud::ALL.into_iter().filter(|cloud| cx.model.clouds.may_be(*cloud)).collect()
}

/// Whether a zone is meant for vaults: all but the public suffix itself, which `overridden-public-zone` reports.
fn is_mistaken(zone: &Zone, clouds: &[Cloud]) -> Truth {
    let mut names = Vec::new();
    for (cloud, name) in WRONG_VAULT_ZONES {
        if clouds.contains(cloud) && *name != VAULT.dns(*cloud).suffix {
            names.push(*name);
        }
    }
    identity::is_one_of(zone.name(), &names)
}
