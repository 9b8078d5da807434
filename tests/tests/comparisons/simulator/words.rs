//! The texts of a decision's steps.

use crate::simulator::bicep::*;
use vaultmoat_core::Project;
use vaultmoat_core::sim::{Gate, Verdict};

fn says(project: &Project, from: &str, gate: Gate, verdict: Verdict) -> String {
    step(&explain(project, from), gate, verdict).because
}

#[test]
fn what_comes_behind_the_gate_that_decided_names_that_gate() {
    let by_rule = all(&[vault(&deny("ipRules: [{ value: '198.51.100.0/24' }]"))]);
    assert_eq!(
        says(&by_rule, "ip:198.51.100.9", Gate::DefaultAction, Verdict::Skipped),
        "ip-rules has let the request in"
    );
    let closed = all(&[vault("publicNetworkAccess: 'Disabled'")]);
    assert_eq!(
        says(&closed, "internet", Gate::DefaultAction, Verdict::Skipped),
        "public-network-access has refused the request"
    );
}

#[test]
fn the_default_action_says_whether_it_is_written() {
    for (properties, because) in [
        ("", "without `networkAcls` every client is let in"),
        (
            "networkAcls: { defaultAction: 'Allow' }",
            "`defaultAction` is `Allow`: every client is let in, whatever the rules are",
        ),
    ] {
        let project = all(&[vault(properties)]);
        assert_eq!(says(&project, "internet", Gate::DefaultAction, Verdict::Allows), because);
    }
}

#[test]
fn a_virtual_network_rule_says_what_it_lacks() {
    let of = |own: &str| {
        all(&[
            vault(&deny(&subnet_rule("hub"))),
            network("hub", 0, own, ""),
            network("spoke", 1, SERVICE_ENDPOINT, ""),
        ])
    };
    let gate = Gate::VirtualNetworkRules;
    for (own, from, verdict, because) in [
        (
            SERVICE_ENDPOINT,
            "subnet:hub/app",
            Verdict::Allows,
            "a rule names subnet `app`, which has the service endpoint",
        ),
        (
            "",
            "subnet:hub/app",
            Verdict::Continues,
            "subnet `app` has no service endpoint for vaults: a rule does not match it",
        ),
        (SERVICE_ENDPOINT, "subnet:spoke/app", Verdict::Continues, "no rule names subnet `app`"),
    ] {
        assert_eq!(says(&of(own), from, gate, verdict), because);
    }
}

#[test]
fn name_resolution_names_the_network_whose_servers_are_asked() {
    let own = "dhcpOptions: { dnsServers: ['10.9.9.9'] }";
    let project = all(&[vault(""), network("hub", 0, "", own)]);
    assert_eq!(
        says(&project, "subnet:hub/app", Gate::NameResolution, Verdict::Continues),
        "virtual network `hub` uses its own DNS servers: the zones linked to it are not consulted"
    );
}
