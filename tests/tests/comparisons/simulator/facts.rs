//! Every fact of section 3 (the decision), and those of section 4 on name resolution, by its number.

use crate::simulator::bicep::*;
use vaultmoat_core::report::AnswerKind;
use vaultmoat_core::sim::{Gate, HopKind, Verdict};
use vaultmoat_tests::facts::{self, Fact};
use vaultmoat_tests::fixture::load;

/// Those that a static simulator cannot show, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("F3.1", "the control plane is not asked about: a decision is about the data plane"),
    ("F3.5", "what `/healthstatus` says is said by a running vault"),
    ("F3.27", "how long a change takes is in no file"),
    ("F3.29", "a secret in a template goes through the control plane, which is not asked about"),
    ("F3.48", "which resource an association names is what the rule `wrong-reference-type` reads"),
    ("F4.55", "a caller names a vault, and no URL: the rule `privatelink-host-in-url` reads those"),
];

#[test]
fn every_fact_is_tested_or_excepted() {
    let tests = include_str!("facts.rs");
    let of_decisions = |fact: &Fact| fact.section == 3 || fact.section == 4 && (50..58).contains(&fact.index);
    for fact in facts::all().iter().filter(|fact| of_decisions(fact)) {
        let tested = tests.contains(&format!("fn f{}_{:02}_", fact.section, fact.index));
        let excepted = EXCEPTIONS.iter().any(|(number, _)| *number == fact.number);
        assert!(tested != excepted, "{}: tested {tested}, excepted {excepted}", fact.number);
    }
}

#[test]
fn f3_02_any_of_four_ways_lets_a_request_in() {
    let rules = format!("ipRules: [{{ value: '198.51.100.0/24' }}], {}", subnet_rule("spoke"));
    let parts = with(private(&deny(&rules)), [network("spoke", 1, SERVICE_ENDPOINT, "")]);
    each(
        &all(&parts),
        &[
            ("trusted-services", "allowed trusted-service"),
            ("ip:198.51.100.9", "allowed public"),
            ("subnet:spoke/app", "allowed service-endpoint"),
            ("subnet:hub/app", "allowed private-endpoint"),
            ("ip:198.51.101.9", "denied ForbiddenByFirewall"),
            ("internet", "denied ForbiddenByFirewall"),
        ],
    );
    each(&all(&[vault("publicNetworkAccess: 'Enabled'")]), &[("internet", "allowed public")]);
}

#[test]
fn f3_03_the_gate_that_refuses_names_the_error() {
    let off = all(&[vault("publicNetworkAccess: 'Disabled'")]);
    each(&off, &[("internet", "denied ForbiddenByConnection")]);
    each(&all(&[vault(&deny(""))]), &[("internet", "denied ForbiddenByFirewall")]);
    // What the identity may do is another matter.
    let decision = explain(&off, "internet");
    assert!(decision.steps.iter().all(|step| !step.because.contains("Rbac")));
}

#[test]
fn f3_04_the_private_endpoint_of_another_vault_refuses_the_name() {
    let parts = with(
        private(""),
        [
            vault_named("other", "kv-two", ""),
            endpoint("pe2", "hub", "10.0.1.20", "other"),
            record("zone", "kv-one", "10.0.1.20"),
        ],
    );
    // The zone group of the vault's own endpoint would write the record too.
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.contains("pe_group")).collect();
    let project = all(&parts);
    each(&project, &[("subnet:hub/app", "denied This TCP connection does not allow access to")]);
    let gate = step(&explain(&project, "subnet:hub/app"), Gate::PrivateEndpoint, Verdict::Denies);
    assert!(
        gate.facts.contains(&"F3.4".to_owned()) && gate.because.contains("`pe2` at `10.0.1.20`"),
        "{gate:?}"
    );
    assert!(pointed_at(&parts, &gate).starts_with("resource pe2 "));
}

#[test]
fn f3_10_a_private_endpoint_passes_every_gate() {
    let nothing = deny("bypass: 'None'");
    for properties in
        ["publicNetworkAccess: 'Disabled'", "publicNetworkAccess: 'SecuredByPerimeter'", nothing.as_str()]
    {
        let enforced =
            perimeter("accessMode: 'Enforced'", "direction: 'Inbound', addressPrefixes: ['198.51.100.0/24']");
        let project = all(&with(private(properties), [enforced]));
        each(&project, &[("subnet:hub/app", "allowed private-endpoint")]);
        let decision = explain(&project, "subnet:hub/app");
        let allows = step(&decision, Gate::PrivateEndpoint, Verdict::Allows);
        assert!(allows.facts.contains(&"F3.10".to_owned()));
        for gate in [Gate::Perimeter, Gate::PublicNetworkAccess, Gate::IpRules, Gate::DefaultAction] {
            step(&decision, gate, Verdict::Skipped);
        }
    }
    // Only an approved one.
    let mut parts = private("publicNetworkAccess: 'Disabled'");
    parts[2] = endpoint_in("pe", "hub", "10.0.1.10", "kv", "manualPrivateLinkServiceConnections");
    each(&all(&parts), &[("subnet:hub/app", "denied ForbiddenByConnection")]);
}

#[test]
fn f3_11_a_private_endpoint_takes_no_public_access_away() {
    let open = all(&private("publicNetworkAccess: 'Enabled'"));
    each(&open, &[("internet", "allowed public"), ("subnet:hub/app", "allowed private-endpoint")]);
    let skipped = step(&explain(&open, "internet"), Gate::PrivateEndpoint, Verdict::Skipped);
    assert_eq!(skipped.facts, ["F3.11"]);
}

#[test]
fn f3_12_one_of_the_rules_is_enough_whichever() {
    let rules = format!("ipRules: [{{ value: '198.51.100.0/24' }}], {}", subnet_rule("spoke"));
    let spoke = || network("spoke", 1, SERVICE_ENDPOINT, "");
    for (bypass, trusted) in
        [("AzureServices", "allowed trusted-service"), ("None", "denied ForbiddenByFirewall")]
    {
        let project = all(&[vault(&deny(&format!("bypass: '{bypass}', {rules}"))), spoke()]);
        each(
            &project,
            &[
                ("service:Azure Backup", trusted),
                ("ip:198.51.100.1", "allowed public"),
                ("subnet:spoke/app", "allowed service-endpoint"),
            ],
        );
    }
}

#[test]
fn f3_20_disabled_keeps_the_bypass() {
    let parts = [vault("publicNetworkAccess: 'Disabled'")];
    let project = all(&parts);
    each(
        &project,
        &[("trusted-services", "allowed trusted-service"), ("internet", "denied ForbiddenByConnection")],
    );
    let decision = explain(&project, "trusted-services");
    let off = step(&decision, Gate::PublicNetworkAccess, Verdict::Continues);
    assert!(off.facts.contains(&"F3.20".to_owned()));
    assert_eq!(pointed_at(&parts, &off), "'Disabled'");
    let without = all(&[vault(&format!("publicNetworkAccess: 'Disabled', {}", deny("bypass: 'None'")))]);
    each(&without, &[("trusted-services", "denied ForbiddenByConnection")]);
    let hsm = "resource hsm 'Microsoft.KeyVault/managedHSMs@2024-11-01' = {\n  name: 'kv-one'\n  location: 'westeurope'\n  \
               sku: { family: 'B', name: 'Standard_B1' }\n  properties: { publicNetworkAccess: 'Disabled' }\n}\n";
    each(&all(&[hsm.to_owned()]), &[("trusted-services", "allowed trusted-service")]);
}

#[test]
fn f3_21_rules_are_dead_while_public_access_is_disabled() {
    let rules = deny(&format!("ipRules: [{{ value: '198.51.100.0/24' }}], {}", subnet_rule("spoke")));
    let of = |access: &str| {
        let kv = vault(&format!("publicNetworkAccess: '{access}', {rules}"));
        all(&[kv, network("spoke", 1, SERVICE_ENDPOINT, "")])
    };
    let callers = ["ip:198.51.100.1", "subnet:spoke/app"];
    for caller in callers {
        let off = of("Disabled");
        assert_eq!(said(&off, caller), "denied ForbiddenByConnection");
        let refused = step(&explain(&off, caller), Gate::PublicNetworkAccess, Verdict::Denies);
        assert!(refused.facts.contains(&"F3.21".to_owned()));
        step(&explain(&off, caller), Gate::IpRules, Verdict::Skipped);
        assert!(said(&of("Enabled"), caller).starts_with("allowed"));
    }
}

#[test]
fn f3_22_allow_makes_every_rule_meaningless() {
    let parts = [vault("networkAcls: { defaultAction: 'Allow', ipRules: [{ value: '198.51.100.0/24' }] }")];
    let project = all(&parts);
    each(&project, &[("internet", "allowed public"), ("ip:192.0.2.1", "allowed public")]);
    let allows = step(&explain(&project, "internet"), Gate::DefaultAction, Verdict::Allows);
    assert!(allows.facts.contains(&"F3.22".to_owned()));
    assert_eq!(pointed_at(&parts, &allows), "'Allow'");
}

#[test]
fn f3_23_without_rules_bypass_and_endpoint_nobody_gets_in() {
    let nothing = deny("bypass: 'None'");
    for properties in [nothing.clone(), format!("publicNetworkAccess: 'Disabled', {nothing}")] {
        let project = all(&[vault(&properties), network("hub", 0, SERVICE_ENDPOINT, "")]);
        let report = project.access(None).expect("a table");
        assert_eq!(report.decisions.len(), 4);
        assert!(
            report
                .decisions
                .iter()
                .all(|decision| decision.outcome == vaultmoat_core::report::Outcome::Denied)
        );
    }
}

#[test]
fn f3_24_a_service_endpoint_hides_the_public_address() {
    let nat = "resource ip 'Microsoft.Network/publicIPAddresses@2024-05-01' = { name: 'ip', location: 'westeurope', properties: { ipAddress: '198.51.100.7' } }\n\
               resource nat 'Microsoft.Network/natGateways@2024-05-01' = { name: 'nat', location: 'westeurope', properties: { publicIpAddresses: [{ id: ip.id }] } }\n";
    let of = |app: &str, rules: &str| {
        let app = format!("natGateway: {{ id: nat.id }}, {app}");
        all(&[vault(&deny(rules)), network("spoke", 1, &app, ""), nat.to_owned()])
    };
    let by_address = "ipRules: [{ value: '198.51.100.7' }]";
    each(&of("", by_address), &[("subnet:spoke/app", "allowed public")]);
    let hidden = of(SERVICE_ENDPOINT, by_address);
    each(&hidden, &[("subnet:spoke/app", "denied ForbiddenByFirewall")]);
    let rules = step(&explain(&hidden, "subnet:spoke/app"), Gate::IpRules, Verdict::Continues);
    assert!(rules.because.contains("hides its public address"), "{rules:?}");
    let private = "ipRules: [{ value: '10.1.0.0/24' }]";
    each(&of(SERVICE_ENDPOINT, private), &[("subnet:spoke/app", "denied ForbiddenByFirewall")]);
    each(&of(SERVICE_ENDPOINT, &subnet_rule("spoke")), &[("subnet:spoke/app", "allowed service-endpoint")]);
    // DNS still gives the public address.
    assert_eq!(resolve(&hidden, "subnet:spoke/app").answer.kind, AnswerKind::Public);
}

#[test]
fn f3_25_a_service_endpoint_serves_its_own_subnet_only() {
    let parts = [
        vault(&deny(&format!(
            "virtualNetworkRules: [{{ id: {} }}, {{ id: {} }}]",
            subnet("hub", "app"),
            subnet("spoke", "app")
        ))),
        network("hub", 0, SERVICE_ENDPOINT, ""),
        network("spoke", 1, "", ""),
        peering("hub", "spoke"),
        peering("spoke", "hub"),
    ];
    each(
        &all(&parts),
        &[
            ("subnet:hub/app", "allowed service-endpoint"),
            ("subnet:spoke/app", "denied ForbiddenByFirewall"),
            ("subnet:hub/pe", "denied ForbiddenByFirewall"),
            ("on-premises", "denied ForbiddenByFirewall"),
            ("on-premises:forwarder=hub", "denied ForbiddenByFirewall"),
        ],
    );
    // A subnet of another subscription, in whatever region.
    let id = "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/far/providers/Microsoft.Network/virtualNetworks/v/subnets/s";
    let far = all(&[vault(&deny(&format!("virtualNetworkRules: [{{ id: '{id}' }}]")))]);
    let decision = explain(&far, &format!("subnet:{id}"));
    let rule = step(&decision, Gate::VirtualNetworkRules, Verdict::Open);
    assert!(rule.because.starts_with("a rule names subnet `s`"), "{rule:?}");
}

#[test]
fn f3_26_the_portal_calls_from_the_browser() {
    each(&all(&private("publicNetworkAccess: 'Disabled'")), &[("portal", "denied ForbiddenByConnection")]);
    let by_address = all(&private(&deny("ipRules: [{ value: '198.51.100.0/24' }]")));
    each(&by_address, &[("portal", "depends")]);
    assert_eq!(explain(&by_address, "portal").depends_on, ["the public address of the browser"]);
}

#[test]
fn f3_28_a_template_reads_secrets_as_a_trusted_service() {
    let arm = "service:Azure Resource Manager";
    each(&all(&[vault(&deny(""))]), &[(arm, "allowed trusted-service")]);
    each(&all(&[vault(&deny("bypass: 'None'"))]), &[(arm, "denied ForbiddenByFirewall")]);
}

#[test]
fn f3_30_public_dns_keeps_its_answer_when_public_access_is_disabled() {
    for project in
        [all(&[vault("publicNetworkAccess: 'Disabled'")]), all(&private("publicNetworkAccess: 'Disabled'"))]
    {
        let resolution = resolve(&project, "internet");
        assert_eq!(resolution.answer.kind, AnswerKind::Public);
        assert!(resolution.steps.iter().any(|step| step.facts.contains(&"F3.30".to_owned())));
    }
}

#[test]
fn f3_31_the_bypass_is_not_for_any_resource() {
    let app = |subnet: &str| {
        format!(
            "resource web 'Microsoft.Web/sites@2024-04-01' = {{\n  name: 'web'\n  location: 'westeurope'\n  properties: {{ {subnet} }}\n}}\n"
        )
    };
    let project = all(&[vault(&deny("bypass: 'AzureServices'")), network("spoke", 1, "", ""), app("")]);
    each(
        &project,
        &[
            ("consumer:web", "denied ForbiddenByFirewall"),
            ("subnet:spoke/app", "denied ForbiddenByFirewall"),
            ("service:AKS", "denied ForbiddenByFirewall"),
            ("service:Azure Functions", "denied ForbiddenByFirewall"),
        ],
    );
    let trusted = step(&explain(&project, "consumer:web"), Gate::TrustedServices, Verdict::Continues);
    assert!(trusted.facts.contains(&"F3.31".to_owned()));
    // Its subnet is where an integrated app calls from.
    let integrated = app(&format!("virtualNetworkSubnetId: {}", subnet("spoke", "app")));
    let rule = vault(&deny(&subnet_rule("spoke")));
    let project = all(&[rule, network("spoke", 1, SERVICE_ENDPOINT, ""), integrated]);
    each(&project, &[("consumer:web", "allowed service-endpoint")]);
}

#[test]
fn f3_32_hosted_agents_are_not_trusted() {
    let project = all(&[vault(&deny("bypass: 'AzureServices'"))]);
    for agent in ["hosted-agent", "service:GitHub Actions", "service:Azure DevOps"] {
        each(&project, &[(agent, "denied ForbiddenByFirewall")]);
    }
}

#[test]
fn f3_33_a_vault_without_a_firewall_is_open() {
    for properties in ["", "networkAcls: null", "publicNetworkAccess: 'Enabled'", "networkAcls: {}"] {
        each(&all(&[vault(properties)]), &[("internet", "allowed public")]);
    }
}

const INBOUND: &str = "direction: 'Inbound', addressPrefixes: ['198.51.100.0/24']";

#[test]
fn f3_40_an_enforced_perimeter_counts_alone() {
    let open = vault("publicNetworkAccess: 'Enabled'");
    let parts = [open.clone(), perimeter("accessMode: 'Enforced'", INBOUND)];
    let project = all(&parts);
    each(
        &project,
        &[("internet", "denied"), ("trusted-services", "denied"), ("ip:198.51.100.1", "allowed perimeter")],
    );
    let refused = step(&explain(&project, "internet"), Gate::Perimeter, Verdict::Denies);
    assert_eq!(refused.facts, ["F3.40"]);
    // Learning is the default, and one that audits changes nothing.
    let off = vault("publicNetworkAccess: 'Disabled'");
    each(&all(&[open.clone(), perimeter("", INBOUND)]), &[("internet", "allowed public")]);
    each(&all(&[off.clone(), perimeter("", INBOUND)]), &[("ip:198.51.100.1", "allowed perimeter")]);
    let audits = all(&[off, perimeter("accessMode: 'Audit'", INBOUND)]);
    each(&audits, &[("ip:198.51.100.1", "denied ForbiddenByConnection")]);
}

#[test]
fn f3_41_learning_adds_the_rules_and_opens_a_disabled_vault() {
    let learning = || perimeter("accessMode: 'Learning'", INBOUND);
    let off = all(&[vault("publicNetworkAccess: 'Disabled'"), learning()]);
    each(
        &off,
        &[
            ("ip:198.51.100.1", "allowed perimeter"),
            ("ip:192.0.2.1", "denied ForbiddenByConnection"),
            ("trusted-services", "allowed trusted-service"),
        ],
    );
    let on = all(&[vault(&deny("ipRules: [{ value: '192.0.2.0/24' }]")), learning()]);
    each(
        &on,
        &[
            ("ip:198.51.100.1", "allowed perimeter"),
            ("ip:192.0.2.1", "allowed public"),
            ("ip:203.0.113.1", "denied ForbiddenByFirewall"),
        ],
    );
    let secured = all(&[vault("publicNetworkAccess: 'SecuredByPerimeter'"), learning()]);
    each(&secured, &[("ip:198.51.100.1", "allowed perimeter"), ("ip:192.0.2.1", "denied")]);
}

#[test]
fn f3_42_secured_without_a_perimeter_is_locked_down() {
    let parts = [vault("publicNetworkAccess: 'SecuredByPerimeter'")];
    let project = all(&parts);
    each(&project, &[("internet", "denied"), ("trusted-services", "denied")]);
    let refused = step(&explain(&project, "trusted-services"), Gate::PublicNetworkAccess, Verdict::Denies);
    assert_eq!(refused.facts, ["F3.42"]);
    assert_eq!(pointed_at(&parts, &refused), "'SecuredByPerimeter'");
}

#[test]
fn f3_43_trusted_services_of_a_secured_vault_in_learning_are_refused_and_that_is_disputed() {
    let project = all(&[
        vault("publicNetworkAccess: 'SecuredByPerimeter'"),
        perimeter("accessMode: 'Learning'", INBOUND),
    ]);
    each(&project, &[("trusted-services", "denied")]);
    let refused = step(&explain(&project, "trusted-services"), Gate::PublicNetworkAccess, Verdict::Denies);
    assert!(refused.facts.contains(&"F3.43".to_owned()), "{refused:?}");
    // Of others that is not disputed.
    let refused = step(&explain(&project, "internet"), Gate::PublicNetworkAccess, Verdict::Denies);
    assert!(!refused.facts.contains(&"F3.43".to_owned()), "{refused:?}");
}

#[test]
fn f3_44_a_perimeter_knows_prefixes_subscriptions_and_its_own_members() {
    let off = || vault("publicNetworkAccess: 'Disabled'");
    let enforced = "accessMode: 'Enforced'";
    let of = |rule: &str| all(&[off(), perimeter(enforced, rule)]);
    each(
        &of("direction: 'Inbound', addressPrefixes: ['2001:db8::/32', '198.51.100.0/24']"),
        &[
            ("ip:2001:db8::7", "allowed perimeter"),
            ("ip:2001:db9::7", "denied"),
            ("ip:198.51.100.7", "allowed perimeter"),
        ],
    );
    each(
        &of("direction: 'Outbound', fullyQualifiedDomainNames: ['*'], addressPrefixes: ['198.51.100.0/24']"),
        &[("ip:198.51.100.7", "denied")],
    );
    // The whole internet in two halves, by a rule whose direction is a default.
    let halves = "direction: direction, addressPrefixes: ['0.0.0.0/1', '128.0.0.0/1']";
    let parameter = "param direction string = 'Inbound'".to_owned();
    let in_halves = all(&[parameter, off(), perimeter(enforced, halves)]);
    each(&in_halves, &[("internet", "allowed perimeter")]);
    assert_eq!(explain(&in_halves, "internet").assumed, ["direction"]);
    let web = "resource web 'Microsoft.Web/sites@2024-04-01' = {\n  name: 'web'\n  location: 'westeurope'\n  properties: {}\n}\n";
    let by_subscription =
        perimeter(enforced, "direction: 'Inbound', subscriptions: [{ id: subscription().id }]");
    let project = all(&[off(), by_subscription, web.to_owned()]);
    each(
        &project,
        &[
            ("consumer:web", "allowed perimeter"),
            ("ip:198.51.100.7", "denied"),
            ("internet", "denied"),
            // A service of Azure may be somebody's of that subscription.
            ("service:Azure Backup", "depends"),
        ],
    );
    let rule = "direction: 'Inbound', addressPrefixes: ['198.51.100.0/24']";
    let member =
        all(&[off(), perimeter(enforced, rule), web.to_owned(), associate("web", "accessMode: 'Learning'")]);
    each(&member, &[("consumer:web", "allowed perimeter")]);
    let stranger = all(&[off(), perimeter(enforced, "direction: 'Inbound'"), web.to_owned()]);
    each(&stranger, &[("consumer:web", "denied")]);
}

#[test]
fn f4_50_only_an_approved_endpoint_makes_the_name_an_alias() {
    let hops = |project: &vaultmoat_core::Project, from: &str| -> Vec<(String, HopKind, String)> {
        let chain = resolve(project, from).chain;
        chain.into_iter().map(|hop| (hop.name, hop.kind, hop.value)).collect()
    };
    let host = "kv-one.vault.azure.net".to_owned();
    let alias = format!("kv-one.{RIGHT_ZONE}");
    let public = "a public address of the service".to_owned();
    assert_eq!(hops(&all(&[vault("")]), "internet"), [(host.clone(), HopKind::A, public.clone())]);
    let approved = all(&private(""));
    assert_eq!(
        hops(&approved, "internet"),
        [(host.clone(), HopKind::Cname, alias.clone()), (alias.clone(), HopKind::A, public.clone())]
    );
    assert_eq!(
        hops(&approved, "subnet:hub/app"),
        [(host.clone(), HopKind::Cname, alias.clone()), (alias, HopKind::A, "10.0.1.10".to_owned())]
    );
    let answer = resolve(&approved, "subnet:hub/app").chain.pop().expect("a hop");
    assert_eq!(answer.zone.as_deref(), Some(RIGHT_ZONE));
    // A perfect zone is not asked.
    let mut pending = private("");
    pending[2] = endpoint_in("pe", "hub", "10.0.1.10", "kv", "manualPrivateLinkServiceConnections");
    assert_eq!(hops(&all(&pending), "subnet:hub/app"), [(host, HopKind::A, public)]);
}

#[test]
fn f4_51_a_linked_zone_ends_the_walk() {
    let without_record = |policy: &str| {
        let mut parts = private("");
        parts[4] = link("zone", "hub", policy);
        parts.remove(5);
        all(&parts)
    };
    each(&without_record(""), &[("subnet:hub/app", "denied NXDOMAIN")]);
    each(&without_record("resolutionPolicy: 'Default'"), &[("subnet:hub/app", "denied NXDOMAIN")]);
    let falls_back = without_record("resolutionPolicy: 'NxDomainRedirect'");
    each(&falls_back, &[("subnet:hub/app", "allowed public")]);
    let refused = explain(&without_record(""), "subnet:hub/app");
    let gone = step(&refused, Gate::NameResolution, Verdict::Denies);
    assert!(gone.facts.contains(&"F4.51".to_owned()));
    // At each name of the chain, also before the alias and behind it.
    for name in ["vault.azure.net", "vaultcore.azure.net"] {
        let parts = [vault(""), network("hub", 0, "", ""), zone("wrong", name), link("wrong", "hub", "")];
        each(&all(&parts), &[("subnet:hub/app", "denied NXDOMAIN"), ("internet", "allowed public")]);
    }
    let by_name = [
        vault("publicNetworkAccess: 'Disabled'"),
        network("hub", 0, "", ""),
        endpoint("pe", "hub", "10.0.1.10", "kv"),
        zone("whole", "vaultcore.azure.net"),
        link("whole", "hub", ""),
        record("whole", "kv-one.privatelink", "10.0.1.10"),
    ];
    each(&all(&by_name), &[("subnet:hub/app", "allowed private-endpoint")]);
}

#[test]
fn f4_52_own_dns_servers_leave_the_zones_out() {
    let servers = |address: &str| format!("dhcpOptions: {{ dnsServers: ['{address}'] }}");
    let of = |address: &str, more: &[String]| {
        let mut parts = private("publicNetworkAccess: 'Disabled'");
        parts.push(network("spoke", 1, "", &servers(address)));
        parts.extend([link("zone", "spoke", ""), peering("hub", "spoke"), peering("spoke", "hub")]);
        all(&with(parts, more.iter().cloned()))
    };
    let foreign = of("192.168.9.9", &[]);
    each(&foreign, &[("subnet:spoke/app", "depends")]);
    let asked = step(&explain(&foreign, "subnet:spoke/app"), Gate::NameResolution, Verdict::Continues);
    assert!(
        asked.facts.contains(&"F4.52".to_owned()) && asked.because.contains("not consulted"),
        "{asked:?}"
    );
    // Azure's own address is not a custom DNS server.
    each(&of("168.63.129.16", &[]), &[("subnet:spoke/app", "allowed private-endpoint")]);
    let inbound = format!(
        "resource resolver 'Microsoft.Network/dnsResolvers@2022-07-01' = {{ name: 'dns', location: 'westeurope', properties: {{ virtualNetwork: {{ id: hub.id }} }} }}\n\
         resource inbound 'Microsoft.Network/dnsResolvers/inboundEndpoints@2022-07-01' = {{\n  parent: resolver\n  name: 'in'\n  location: 'westeurope'\n  \
         properties: {{ ipConfigurations: [{{ subnet: {{ id: {} }}, privateIpAddress: '10.0.1.250', privateIpAllocationMethod: 'Static' }}] }}\n}}\n",
        subnet("hub", "pe")
    );
    each(&of("10.0.1.250", &[inbound]), &[("subnet:spoke/app", "allowed private-endpoint")]);
    // A machine has to forward.
    let machine = of("10.0.0.53", &[]);
    each(&machine, &[("subnet:spoke/app", "depends")]);
    assert!(explain(&machine, "subnet:spoke/app").depends_on.iter().any(|name| name.contains("forwards")));
}

#[test]
fn f4_53_only_a_forwarder_brings_the_zones_on_premises() {
    let project = all(&private("publicNetworkAccess: 'Disabled'"));
    each(
        &project,
        &[
            ("on-premises", "denied ForbiddenByConnection"),
            ("on-premises:forwarder=hub", "allowed private-endpoint"),
            ("on-premises:forwarder=10.0.1.4", "allowed private-endpoint"),
        ],
    );
    let straight = explain(&project, "on-premises");
    assert_eq!(step(&straight, Gate::NameResolution, Verdict::Continues).facts, ["F4.53"]);
    assert!(project.explain(None, "on-premises:forwarder=192.168.1.1").is_err());
}

#[test]
fn f4_54_the_forwarder_needs_the_public_zone() {
    let project = all(&private(""));
    let forwarded = explain(&project, "on-premises:forwarder=hub");
    let asked = step(&forwarded, Gate::NameResolution, Verdict::Continues);
    assert!(
        asked.facts.contains(&"F4.54".to_owned()) && asked.because.contains("`vault.azure.net`"),
        "{asked:?}"
    );
    let ruleset = |domain: &str| {
        format!(
            "resource rules 'Microsoft.Network/dnsForwardingRulesets@2022-07-01' = {{ name: 'rules', location: 'westeurope', properties: {{ dnsResolverOutboundEndpoints: [] }} }}\n\
             resource rule 'Microsoft.Network/dnsForwardingRulesets/forwardingRules@2022-07-01' = {{\n  parent: rules\n  name: 'kv'\n  properties: {{ domainName: '{domain}', targetDnsServers: [{{ ipAddress: '192.168.1.1', port: 53 }}] }}\n}}\n\
             resource of_hub 'Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks@2022-07-01' = {{\n  parent: rules\n  name: 'hub'\n  properties: {{ virtualNetwork: {{ id: hub.id }} }}\n}}\n"
        )
    };
    let off = || private("publicNetworkAccess: 'Disabled'");
    let sent_away = all(&with(off(), [ruleset("vault.azure.net.")]));
    each(&sent_away, &[("subnet:hub/app", "depends")]);
    let elsewhere = all(&with(off(), [ruleset("example.com.")]));
    each(&elsewhere, &[("subnet:hub/app", "allowed private-endpoint")]);
}

#[test]
fn f4_51_a_linked_zone_that_is_nowhere_in_the_files_is_asked_too() {
    let mut parts = private("publicNetworkAccess: 'Disabled'");
    parts.truncate(3);
    parts.push(zone("other", "privatelink.blob.core.windows.net"));
    let open = all(&parts);
    each(&open, &[("subnet:hub/app", "denied ForbiddenByConnection")]);
    // Its link alone is here, and what is here is all there is: it has no record.
    let alone = link("zone", "hub", "")
        .replace("  parent: zone\n", "")
        .replace("'hub'", &format!("'{RIGHT_ZONE}/hub'"));
    each(&all(&with(parts, [alone])), &[("subnet:hub/app", "denied NXDOMAIN")]);
}

#[test]
fn f4_57_one_endpoint_serves_peered_networks_that_have_the_link() {
    let spoke = |more: &[String]| {
        let mut parts = private("publicNetworkAccess: 'Disabled'");
        parts.push(network("spoke", 1, "", ""));
        all(&with(parts, more.iter().cloned()))
    };
    let (there, back) = (peering("spoke", "hub"), peering("hub", "spoke"));
    let linked = link("zone", "spoke", "");
    let both = spoke(&[there.clone(), back.clone(), linked.clone()]);
    each(&both, &[("subnet:spoke/app", "allowed private-endpoint")]);
    each(&spoke(&[there.clone(), back]), &[("subnet:spoke/app", "denied ForbiddenByConnection")]);
    // Written in the networks themselves.
    let inside = |to: &str| {
        let id = format!("resourceId('Microsoft.Network/virtualNetworks', '{to}')");
        format!(
            "virtualNetworkPeerings: [{{ name: '{to}', properties: {{ remoteVirtualNetwork: {{ id: {id} }} }} }}]"
        )
    };
    for (from_hub, outcome) in [(inside("spoke"), "allowed private-endpoint"), (String::new(), "denied")] {
        let mut parts = private("publicNetworkAccess: 'Disabled'");
        parts[1] = network("hub", 0, "", &from_hub);
        let nested = all(&with(parts, [network("spoke", 1, "", &inside("hub")), linked.clone()]));
        each(&nested, &[("subnet:spoke/app", outcome)]);
    }
    // A peering has two sides.
    for sides in [vec![linked.clone()], vec![there, linked]] {
        let project = spoke(&sides);
        each(&project, &[("subnet:spoke/app", "denied")]);
        let route = step(&explain(&project, "subnet:spoke/app"), Gate::Route, Verdict::Denies);
        assert!(route.facts.contains(&"F4.57".to_owned()));
    }
}

#[test]
fn f4_38_a_record_by_hand_leads_where_its_address_is() {
    let by = |address: &str| {
        let mut parts = private("publicNetworkAccess: 'Disabled'");
        parts[5] = record("zone", "kv-one", "x").replace("'x'", address);
        all(&with(parts, ["param ip string\n".to_owned()]))
    };
    each(&by("'10.0.1.10'"), &[("subnet:hub/app", "allowed private-endpoint")]);
    let taken = by("pe.properties.customDnsConfigs[0].ipAddresses[0]");
    each(&taken, &[("subnet:hub/app", "allowed private-endpoint")]);
    each(&by("'10.0.1.99'"), &[("subnet:hub/app", "denied")]);
    // A parameter may be any address.
    let open = by("ip");
    each(&open, &[("subnet:hub/app", "depends")]);
    assert_eq!(resolve(&open, "subnet:hub/app").answer.kind, AnswerKind::Private);
    assert_eq!(explain(&open, "subnet:hub/app").depends_on, ["parameters('ip')"]);
}

#[test]
fn f4_38_terraform_takes_the_address_from_the_endpoint() {
    let text = r#"
resource "azurerm_virtual_network" "hub" {
  name                = "hub"
  location            = "westeurope"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}
resource "azurerm_subnet" "pe" {
  name                 = "pe"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.hub.name
  address_prefixes     = ["10.0.1.0/24"]
}
resource "azurerm_key_vault" "kv" {
  name                          = "kv-one"
  location                      = "westeurope"
  resource_group_name           = "rg"
  tenant_id                     = "t"
  sku_name                      = "standard"
  public_network_access_enabled = false
}
resource "azurerm_private_endpoint" "pe" {
  name                = "pe"
  location            = "westeurope"
  resource_group_name = "rg"
  subnet_id           = azurerm_subnet.pe.id
  private_service_connection {
    name                           = "one"
    private_connection_resource_id = azurerm_key_vault.kv.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }
}
resource "azurerm_private_dns_zone" "kv" {
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = "rg"
}
resource "azurerm_private_dns_zone_virtual_network_link" "hub" {
  name                  = "hub"
  resource_group_name   = "rg"
  private_dns_zone_name = azurerm_private_dns_zone.kv.name
  virtual_network_id    = azurerm_virtual_network.hub.id
}
resource "azurerm_private_dns_a_record" "kv" {
  name                = azurerm_key_vault.kv.name
  zone_name           = azurerm_private_dns_zone.kv.name
  resource_group_name = "rg"
  ttl                 = 60
  records             = [azurerm_private_endpoint.pe.private_service_connection[0].private_ip_address]
}
"#;
    let project = load(vaultmoat_core::Options { complete: true, ..Default::default() }, [("main.tf", text)]);
    each(&project, &[("subnet:pe", "allowed private-endpoint")]);
}
