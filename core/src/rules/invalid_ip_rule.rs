//! Rules that are not an IPv4 address or range. If the list cannot be read, this rule reports it for all rules about `ipRules`.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::model::Reading;
use crate::net::{NotIpv4, NotIpv4Kind};

pub(super) const RULE: Rule = Rule {
    slug: "invalid-ip-rule",
    group: Group::Firewall,
    severity: Severity::Error,
    profile: Profile::Recommended,
    fixable: false,
    summary: "An IP rule that is not an IPv4 address or range.",
    facts: &["F1.35", "F2.2", "F2.8", "F2.30"],
    yields_to: &["ipv6-ip-rule"],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    for vault in cx.vaults() {
        let resource = &vault.resource;
        if let Some(depends) = vault.firewall.unreadable_addresses() {
            cx.leave_open(resource, depends, "whether every entry of `ipRules` is a usable address");
        }
        for rule in vault.firewall.readable_rules() {
            let invalid = rule.test(&|read| is_invalid(read).is_some());
            cx.when(resource, invalid, "whether an IP rule is an address", || {
                let mut readings = rule.readings().into_iter();
                let fault = readings.find_map(|(text, read)| Some((text, is_invalid(&read)?)));
                let (text, kind, reason) = match fault {
                    Some((text, not)) => (text, not.kind, not.reason),
                    None => (rule.value.display(), NotIpv4Kind::Other, "is not an IPv4 address".to_owned()),
                };
                let mut finding =
                    Finding::new(resource, &rule.value, format!("IP rule `{text}` {reason}"), help(kind));
                if may_be_accepted(&text, kind) {
                    finding = finding.severity(Severity::Warning);
                }
                finding.about(resource, rule.part())
            });
        }
    }
}

/// Why a text is not a rule.
fn is_invalid(read: &Reading) -> Option<NotIpv4> {
    read.as_ref().err().cloned()
}

/// Spellings that lenient parsers take: what Azure makes of them is not known.
fn may_be_accepted(text: &str, kind: NotIpv4Kind) -> bool {
    let address = text.split('/').next().unwrap_or_default();
    let has_leading_zero = || address.split('.').all(|octet| octet.parse::<u8>().is_ok());
    match kind {
        NotIpv4Kind::Whitespace => true,
        NotIpv4Kind::Octet => address.split('.').count() == 4 && has_leading_zero(),
        _ => false,
    }
}

fn help(kind: NotIpv4Kind) -> &'static str {
    match kind {
        NotIpv4Kind::ServiceTag => {
            "one rule that Azure cannot read fails the whole deployment; list the ranges that the tag covers, or \
             rely on `bypass` where the service is a trusted one"
        }
        NotIpv4Kind::DomainName => {
            "one rule that Azure cannot read fails the whole deployment; list the addresses that the host calls from"
        }
        _ => {
            "one rule that Azure cannot read fails the whole deployment; write an IPv4 address such as `20.50.1.7` or \
             a range such as `20.50.1.0/24`"
        }
    }
}
