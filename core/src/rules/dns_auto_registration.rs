//! Links that write the names of machines among those of vaults.

use super::{Change, Check, Context, Finding, Group, Literal, Profile, Rule, Severity};
use crate::model::{dns, is_written_in};

pub(super) const RULE: Rule = Rule {
    slug: "dns-auto-registration",
    group: Group::Dns,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: true,
    summary: "A zone of private endpoints in which virtual machines register.",
    facts: &["F4.41"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for (link, deployed) in cx.zone_links() {
        let about = dns::is_about_vaults(&link.zone_name);
        if about.is_unknown() {
            continue;
        }
        let registers = about.and(link.registration.is_true()).and(deployed);
        let reason = "whether virtual machines register in the zone";
        cx.when(&link.resource, registers, reason, || {
            let mut finding = Finding::new(
                &link.resource,
                &link.registration,
                format!("virtual machines register their names in zone `{}`", link.zone_name.display()),
                "it has nothing to do with private endpoints, and a network has one zone for it; set \
                 `registrationEnabled` to false",
            );
            if is_written_in(&link.resource, &link.registration) {
                let off = Change::replace(&link.registration, Literal::Bool(false));
                finding = finding.safe_fix("switch registration off", off);
            }
            finding
        });
    }
}
