//! Private zones and links in a region.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::azure::Cloud;
use crate::azure::names::GLOBAL_LOCATION;
use crate::eval::{Truth, Value};
use crate::lang::Resource;
use crate::model::{dns, identity, is_written_in};

pub(super) const RULE: Rule = Rule {
    slug: "dns-zone-not-global",
    group: Group::Dns,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A private zone for Key Vault, or a link of one, whose location is not `global`.",
    facts: &["F4.37"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (zone, deployed) in cx.zones() {
        check_location(cx, &zone.resource, deployed, zone.name(), "zone");
    }
    for (link, deployed) in cx.zone_links() {
        check_location(cx, &link.resource, deployed, &link.zone_name, "zone link");
    }
}

fn check_location<'m>(
    cx: &mut Context<'m>,
    resource: &'m Resource,
    deployed: Truth,
    zone: &Value,
    what: &str,
) {
    let of_vaults = dns::zones_of(&Cloud::ALL, true);
    let about = identity::is_one_of(zone, &of_vaults);
    // A zone of which nothing is known is `wrong-dns-zone`'s to leave open.
    if about.is_unknown() && !identity::may_be_one_of(zone, &of_vaults) {
        return;
    }
    let location = resource.body.get("location");
    let regional = about.and(dns::is_regional(&location)).and(deployed);
    cx.when(resource, regional, "whether the location is `global`", || {
        let mut finding = Finding::new(
            resource,
            &location,
            format!("{what} `{}` has the location `{}`", resource.label(), location.display()),
            "private zones and their links are in no region, and Azure refuses one; write `global`",
        );
        if is_written_in(resource, &location) {
            let global = Literal::Text(GLOBAL_LOCATION.to_owned());
            finding = finding.safe_fix("write `global`", Change::replace(&location, global));
        }
        finding
    });
}
