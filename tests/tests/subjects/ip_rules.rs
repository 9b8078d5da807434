//! The rules about the addresses and subnets that a firewall lists.

use vaultmoat_tests::cases::{said_by, said_of, template};
use vaultmoat_tests::fixture::load;

const ADDRESSES: &str = r#""networkAcls": { "defaultAction": "Deny", "ipRules": @ }"#;

/// Findings about the addresses of a vault that refuses by default; `list` is JSON.
fn of_addresses(list: &str) -> Vec<String> {
    about(&said_of(&ADDRESSES.replace('@', list)))
}

/// Without the rules about other things.
fn about(said: &[String]) -> Vec<String> {
    let others = ["no-private-endpoint", "public-endpoint-enabled", "no-audit-log", "no-purge-protection"];
    said.iter().filter(|line| !others.iter().any(|other| line.contains(other))).cloned().collect()
}

fn texts(values: &[&str]) -> String {
    let entries: Vec<String> = values.iter().map(|value| format!(r#"{{ "value": "{value}" }}"#)).collect();
    format!("[{}]", entries.join(", "))
}

/// The slugs and severities for a list of addresses.
fn slugs(values: &[&str]) -> Vec<String> {
    let said = of_addresses(&texts(values));
    said.iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn what_is_no_address_is_invalid_and_nothing_else() {
    for text in
        ["999.1.1.1", "20.50.1.0/33", "20.50.1.1-20.50.1.9", "", "'10.91.4.0/24'", "AzureCloud", "a.com"]
    {
        assert_eq!(slugs(&[text]), ["error invalid-ip-rule"], "{text}");
    }
    for text in [" 20.50.1.7", "020.50.1.7"] {
        assert_eq!(slugs(&[text]), ["warning invalid-ip-rule"], "what Azure makes of `{text}` is not known");
    }
    assert_eq!(slugs(&["2a01:111::/32"]), ["error ipv6-ip-rule"]);
}

#[test]
fn one_cause_gives_one_finding() {
    assert_eq!(slugs(&["192.168.1.7/24"]), ["error private-ip-rule"]);
    assert_eq!(slugs(&["127.0.0.1/8"]), ["warning unroutable-ip-rule"]);
    assert_eq!(slugs(&["168.63.129.16"]), ["warning unroutable-ip-rule"]);
    assert_eq!(slugs(&["0.0.0.0/0"]), ["warning ip-rules-cover-internet"]);
    assert_eq!(slugs(&["0.0.0.0/1", "128.0.0.0/1"]), ["warning ip-rules-cover-internet"]);
    assert_eq!(slugs(&["20.50.1.7/24", "20.50.0.0/16"]), ["warning ip-rule-host-bits"]);
    assert_eq!(slugs(&["8.0.0.0/5"]), ["warning private-ip-rule"]);
    assert_eq!(slugs(&["172.16.0.0/12"]), ["error private-ip-rule"]);
    assert_eq!(slugs(&["172.15.255.255", "172.32.0.0"]), [""; 0]);
}

#[test]
fn two_halves_are_seen_together_and_one_is_not() {
    let said = of_addresses(&texts(&["0.0.0.0/1", "128.0.0.0/1"]));
    assert_eq!(
        said,
        ["warning ip-rules-cover-internet: the IP rules together let the whole internet in to vault `kv0`"]
    );
    assert_eq!(slugs(&["0.0.0.0/2"]), ["warning private-ip-rule"]);
}

#[test]
fn the_internet_is_open_only_where_the_rules_are_used() {
    let all = texts(&["0.0.0.0/0"]);
    for access in [r#""publicNetworkAccess": "Disabled","#, ""] {
        let action = if access.is_empty() { "Allow" } else { "Deny" };
        let said = said_of(&format!(
            r#"{access} "networkAcls": {{ "defaultAction": "{action}", "ipRules": {all} }}"#
        ));
        assert!(!said.iter().any(|line| line.contains("ip-rules-cover-internet")), "{said:?}");
    }
}

#[test]
fn a_rule_within_another_is_redundant() {
    let said = of_addresses(&texts(&["20.50.1.7", "20.50.1.7/32", "20.50.2.0/24", "20.50.2.9"]));
    assert_eq!(
        said,
        [
            "info redundant-ip-rule: IP rule `20.50.1.7/32` says the same as `20.50.1.7`",
            "info redundant-ip-rule: IP rule `20.50.2.9` lies within `20.50.2.0/24`",
        ]
    );
}

#[test]
fn neighbours_are_joined_only_near_the_limit() {
    let hosts = |count: u32| -> Vec<String> {
        (0..count).map(|at| format!("20.50.{}.{}", at / 256, at % 256)).collect()
    };
    let few = hosts(800);
    let few: Vec<&str> = few.iter().map(String::as_str).collect();
    assert_eq!(slugs(&few), [""; 0]);
    let many = hosts(1000);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(slugs(&many), ["info redundant-ip-rule"]);
}

#[test]
fn rules_are_counted_after_loops_and_joins() {
    let rules = |count: u32| {
        format!(
            "\"[map(range(0, {count}), lambda('n', createObject('value', format('20.50.{{0}}.{{1}}', div(lambdaVariables('n'), 256), mul(mod(lambdaVariables('n'), 128), 2)))))]\""
        )
    };
    let too_many = |list: &str| {
        let said = of_addresses(list);
        said.into_iter().filter(|line| line.contains("too-many")).collect::<Vec<_>>()
    };
    assert_eq!(too_many(&rules(1000)), [""; 0]);
    assert_eq!(
        too_many(&rules(1001)),
        ["error too-many-ip-rules: `ipRules` has 1001 entries, and a vault takes 1000"]
    );
    let joined = "\"[concat(variables('some'), parameters('more'))]\"";
    let some = rules(1001);
    let text = template(
        r#""more": { "type": "array" }"#,
        &format!(r#""some": {some}"#),
        &ADDRESSES.replace('@', joined),
        1,
    );
    let said = said_by(&text);
    assert!(said.iter().any(|line| line.contains("`ipRules` has 1001 entries")), "{said:?}");
}

#[test]
fn a_managed_hsm_takes_ten_addresses_and_no_subnet() {
    let hsm = |rules: &str| {
        let text =
            template("", "", rules, 1).replace("Microsoft.KeyVault/vaults", "Microsoft.KeyVault/managedHSMs");
        about(&said_by(&text)).into_iter().filter(|line| line.contains("too-many")).collect::<Vec<_>>()
    };
    let list = |count: usize| {
        let rules: Vec<String> = (0..count).map(|at| format!("20.50.{at}.7")).collect();
        ADDRESSES.replace('@', &texts(&rules.iter().map(String::as_str).collect::<Vec<_>>()))
    };
    assert_eq!(hsm(&list(10)), [""; 0]);
    assert_eq!(
        hsm(&list(11)),
        ["error too-many-ip-rules: `ipRules` has 11 entries, and a managed HSM takes 10"]
    );
    let subnet = r#""networkAcls": { "defaultAction": "Deny", "virtualNetworkRules": [{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet', 'app')]" }] }"#;
    assert_eq!(
        hsm(subnet),
        [
            "error too-many-vnet-rules: a managed HSM takes no `virtualNetworkRules`: it has no service endpoints"
        ]
    );
}

#[test]
fn a_subnet_is_listed_twice_whatever_its_case_and_whatever_it_is() {
    let twice = |first: &str, second: &str| {
        let properties = format!(
            r#""networkAcls": {{ "defaultAction": "Deny", "virtualNetworkRules": [{{ "id": "{first}" }}, {{ "id": "{second}" }}] }}"#
        );
        let said = said_by(&template(r#""subnet": { "type": "string" }"#, "", &properties, 1));
        said.into_iter().filter(|line| line.contains("redundant-vnet-rule")).collect::<Vec<_>>()
    };
    let id =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/app";
    assert_eq!(
        twice(id, &id.to_lowercase()),
        ["info redundant-vnet-rule: subnet `app` is listed twice in `virtualNetworkRules`"]
    );
    assert_eq!(twice("[parameters('subnet')]", "[parameters('subnet')]").len(), 1);
    assert_eq!(twice("[parameters('subnet')]", id), [""; 0]);
    assert_eq!(twice(id, &id.replace("app", "web")), [""; 0]);
}

#[test]
fn what_cannot_be_read_is_recorded_once() {
    let text = template(
        r#""a": { "type": "string" }, "b": { "type": "array" }"#,
        "",
        r#""networkAcls": { "defaultAction": "Deny", "ipRules": "[concat(createArray(createObject('value', parameters('a'))), parameters('b'))]" }"#,
        1,
    );
    let project = load(vaultmoat_core::Options::default(), [("main.json", &text)]);
    let undecided = project.check().undecided;
    let about_rules: Vec<_> = undecided.iter().filter(|open| open.rule.contains("ip-rule")).collect();
    assert_eq!(about_rules.len(), 1, "{about_rules:?}");
    assert_eq!(about_rules[0].depends_on, ["parameters('a')", "parameters('b')"]);
}

#[test]
fn rules_for_everybody_count_whatever_the_api_version() {
    let properties = r#""networkAcls": { "defaultAction": "Deny", "ipRules": [{ "value": "0.0.0.0/0" }] }"#;
    let text = template("", "", properties, 1);
    let opens = |text: &str| said_by(text).iter().any(|line| line.contains("ip-rules-cover-internet"));
    assert!(opens(&text));
    let old = text.replace("2026-02-01", "2016-10-01");
    assert_ne!(old, text);
    assert!(opens(&old));
}
