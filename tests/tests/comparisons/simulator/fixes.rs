//! The fixes that a decision offers to let the caller in, applied to the templates.

use crate::simulator::bicep::*;
use crate::simulator::world::{Caller, World};
use vaultmoat_core::report::{Fix, Outcome};
use vaultmoat_tests::fixture::{complete, load};

/// The text after a fix.
pub fn apply(text: &str, fix: &Fix) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.range.start.offset, edit.range.end.offset)));
    for edit in edits {
        let range = edit.range.start.offset as usize..edit.range.end.offset as usize;
        units.splice(range, edit.text.encode_utf16());
    }
    String::from_utf16(&units).expect("text")
}

/// Whether a fix for a caller is meant for somebody else too.
pub fn names(world: &World, title: &str, caller: &Caller, other: &str) -> bool {
    let network = match caller {
        Caller::Subnet(n) | Caller::PrivateIp(n) | Caller::Network(n) | Caller::Gateway(n) => Some(*n),
        Caller::WebApp(n) => *n,
        _ => None,
    };
    let is_in = |network: usize| other.contains(&format!("net-{}/", ["a", "b", "c"][network]));
    let is_caller = |other: &str| other == caller.text() || other.starts_with("consumer:");
    if is_caller(other) {
        true
    } else if title.contains("trusted services") {
        other == "trusted-services"
    } else if title.starts_with("link zone") {
        // Also for those who ask a DNS server in that network.
        network.is_some_and(|network| {
            (0..3).any(|n| {
                let asks = match world.networks[n].dns {
                    crate::simulator::world::Dns::Resolver(of) | crate::simulator::world::Dns::Server(of) => {
                        of == network
                    }
                    _ => n == network,
                };
                asks && is_in(n)
            })
        })
    } else if title.starts_with("add an IP rule") {
        (0..3).any(|n| {
            is_in(n) && world.networks[n].nat.is_some_and(|address| title.contains(&format!("`{address}`")))
        })
    } else {
        network.is_some_and(|network| other.ends_with("/app") && is_in(network))
    }
}

/// The texts after each fix of a refused request, with what is said of it then.
fn fixed(path: &str, text: &str, from: &str) -> Vec<(String, String)> {
    let mut project = load(complete(), [(path, text)]);
    let decision = explain(&project, from);
    assert_eq!(decision.outcome, Outcome::Denied, "{from}: {:#?}", decision.steps);
    let fix = |fix: &Fix| {
        let fixed = apply(text, fix);
        project.set(path, &fixed);
        let after = explain(&project, from);
        assert_eq!(after.outcome, Outcome::Allowed, "{}: {:#?}\n{fixed}", fix.title, after.steps);
        assert!(project.check().diagnostics.iter().all(|found| found.rule != "syntax"), "{fixed}");
        (fix.title.clone(), said(&project, from))
    };
    decision.fixes.iter().map(fix).collect()
}

#[test]
fn every_kind_of_fix_is_written_in_bicep() {
    let kv = vault(&deny("bypass: 'None', ipRules: [{ value: '192.0.2.0/24' }]"));
    let parts = [kv.clone(), network("spoke", 1, "", "")].join("\n");
    let one = |title: &str, said: &str| vec![(title.to_owned(), said.to_owned())];
    assert_eq!(
        fixed("main.bicep", &parts, "ip:198.51.100.7"),
        one("add an IP rule for `198.51.100.7`", "allowed public")
    );
    assert_eq!(
        fixed("main.bicep", &parts, "trusted-services"),
        one("let trusted services in: set `bypass` to `AzureServices`", "allowed trusted-service")
    );
    // A rule for addresses may name the one that the subnet goes out with.
    let nobody = [vault(&deny("bypass: 'None'")), network("spoke", 1, "", "")].join("\n");
    assert_eq!(
        fixed("main.bicep", &nobody, "subnet:spoke/app"),
        one(
            "add a virtual network rule for `app`, and the service endpoint to it",
            "allowed service-endpoint"
        )
    );
    let parts = [kv, network("spoke", 1, SERVICE_ENDPOINT, "")].join("\n");
    assert_eq!(
        fixed("main.bicep", &parts, "subnet:spoke/app"),
        one("add a virtual network rule for `app`", "allowed service-endpoint")
    );
    let parts = [vault(&deny(&subnet_rule("spoke"))), network("spoke", 1, "", "")].join("\n");
    assert_eq!(
        fixed("main.bicep", &parts, "subnet:spoke/app"),
        one("add the service endpoint to `app`", "allowed service-endpoint")
    );
    let parts = with(
        private("publicNetworkAccess: 'Disabled'"),
        [network("spoke", 1, "", ""), peering("hub", "spoke"), peering("spoke", "hub")],
    );
    assert_eq!(
        fixed("main.bicep", &parts.join("\n"), "subnet:spoke/app"),
        one(&format!("link zone `{RIGHT_ZONE}` to virtual network `spoke`"), "allowed private-endpoint")
    );
}

#[test]
fn fixes_are_written_in_terraform() {
    let text = "resource \"azurerm_key_vault\" \"kv\" {\n  name                = \"kv-one\"\n  location            = \"westeurope\"\n  resource_group_name = \"rg\"\n  tenant_id           = \"t\"\n  sku_name            = \"standard\"\n\n  network_acls {\n    default_action = \"Deny\"\n    bypass         = \"None\"\n    ip_rules       = [\"192.0.2.0/24\"]\n  }\n}\n";
    assert_eq!(
        fixed("main.tf", text, "ip:198.51.100.7"),
        [("add an IP rule for `198.51.100.7`".to_owned(), "allowed public".to_owned())]
    );
    assert_eq!(
        fixed("main.tf", text, "trusted-services"),
        [(
            "let trusted services in: set `bypass` to `AzureServices`".to_owned(),
            "allowed trusted-service".to_owned()
        )]
    );
}

#[test]
fn nothing_is_offered_that_would_not_help() {
    // A rule does nothing while public access is off, or where a perimeter alone counts.
    let rules = deny("bypass: 'AzureServices'");
    for kv in [
        vec![vault(&format!("publicNetworkAccess: 'Disabled', {rules}"))],
        vec![vault(&rules), perimeter("accessMode: 'Enforced'", "direction: 'Inbound'")],
        vec![vault("publicNetworkAccess: 'SecuredByPerimeter'")],
    ] {
        let project = all(&kv);
        assert!(explain(&project, "ip:198.51.100.7").fixes.is_empty(), "{kv:?}");
    }
    // An address that no rule can name, and anyone at all.
    let project = all(&[vault(&rules)]);
    for from in ["ip:2001:db8::7", "internet", "hosted-agent"] {
        assert!(explain(&project, from).fixes.is_empty(), "{from}");
    }
}
