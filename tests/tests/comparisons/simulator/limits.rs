//! The simulator on networks that are too large, endless or odd.

use crate::simulator::bicep::*;
use std::fmt::Write as _;
use std::time::Instant;
use vaultmoat_core::Options;
use vaultmoat_core::report::Outcome;
use vaultmoat_tests::fixture::load;

#[test]
fn a_table_of_a_thousand_vaults_and_callers_is_bounded() {
    let mut text = String::from(
        "resource net 'Microsoft.Network/virtualNetworks@2024-05-01' = {\n  name: 'net'\n  location: 'westeurope'\n  properties: {\n    addressSpace: { addressPrefixes: ['10.0.0.0/8'] }\n    subnets: [\n",
    );
    for n in 0..1_000 {
        let (high, low) = (n / 256, n % 256);
        writeln!(
            text,
            "      {{ name: 'app-{n}', properties: {{ addressPrefix: '10.{high}.{low}.0/24' }} }}"
        )
        .expect("text");
    }
    text.push_str("    ]\n  }\n}\n");
    for n in 0..1_000 {
        text.push_str(&vault_named(&format!("kv{n}"), &format!("kv-{n}"), &deny("")));
    }
    let project = load(Options::default(), [("main.bicep", &text)]);
    let start = Instant::now();
    let report = project.access(None).expect("a table");
    println!("{} decisions in {:?}", report.decisions.len(), start.elapsed());
    assert!(report.left_out);
    assert_eq!(report.decisions.len(), 20_000);
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
    assert!(project.explain(None, "internet").is_err_and(|error| error.len() < 400));
}

#[test]
fn peerings_in_circles_end() {
    let count = 120;
    let mut parts = private("publicNetworkAccess: 'Disabled'");
    for n in 0..count {
        parts.push(network(&format!("n{n}"), 1, "", ""));
        parts.push(peering(&format!("n{n}"), &format!("n{}", (n + 1) % count)));
        parts.push(
            peering(&format!("n{n}"), &format!("n{}", (n + count - 1) % count))
                .replacen("resource n", "resource back_n", 1)
                .replace("name: 'to-", "name: 'back-"),
        );
        parts.push(link("zone", &format!("n{n}"), ""));
    }
    // Nothing leads out of the circle, however long one walks.
    each(&all(&parts), &[("subnet:n0/app", "denied")]);
    let parts = with(parts, [peering("hub", "n7"), peering("n7", "hub")]);
    let project = all(&parts);
    // Somebody in there may route.
    each(&project, &[("subnet:n7/app", "allowed private-endpoint"), ("subnet:n60/app", "depends")]);
    let to_itself = all(&with(private(""), [peering("hub", "hub")]));
    each(&to_itself, &[("subnet:hub/app", "allowed private-endpoint")]);
}

#[test]
fn odd_names_are_answered_in_one_line() {
    let long = "k".repeat(5_000);
    let odd = [
        "",
        "/",
        "//",
        "kv.one",
        "ключ",
        "k\u{0}v",
        "../..",
        "@",
        "*",
        long.as_str(),
        "kv-one.vault.azure.net",
    ];
    for name in odd {
        let template = serde_json::json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [
                { "type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": name, "properties": {} },
                { "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": name,
                  "properties": { "subnets": [{ "name": name, "properties": {} }] } },
                { "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2024-06-01", "name": name },
                { "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2024-05-01", "name": name,
                  "properties": { "subnet": { "id": name } } },
            ],
        });
        let project = load(Options::default(), [("main.json", &template.to_string())]);
        let report = project.access(None).expect("a table");
        assert!(report.decisions.iter().any(|decision| decision.from == "internet"));
        for decision in &report.decisions {
            assert!(
                decision.steps.iter().all(|step| !step.because.contains('\n') && step.because.len() < 2_000)
            );
            assert_ne!((decision.from.as_str(), decision.outcome), ("internet", Outcome::Denied));
        }
        for from in odd {
            let forms = [
                "",
                "ip:",
                "subnet:",
                "vnet:",
                "service:",
                "consumer:",
                "on-premises:forwarder=",
                "on-premises:",
            ];
            for form in forms {
                let from = format!("{form}{from}");
                for answer in [project.explain(None, &from).err(), project.resolve(None, &from).err()] {
                    assert!(answer.is_none_or(|error| !error.is_empty() && !error.contains('\n')), "{from}");
                }
            }
        }
    }
}
