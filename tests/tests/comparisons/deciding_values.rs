//! Every rule, with the value that decides it behind a default, a variable, a loop, an unknown condition and a parameter
//! without default.

use std::collections::BTreeSet;
use vaultmoat_tests::deciding::{Form, Row, assert_all, row};

const OF_THE_TEXT: &str = "is about how a template is written, before anything in it has a value";

const OF_TERRAFORM: &str = "is about what only Terraform has; its page holds the default and the unknown";

/// Rules without a row, and why.
const EXEMPT: &[(&str, &str)] = &[
    (
        "policy-will-deny",
        "is likely however the effect is given, and silent where a condition of the policy is open",
    ),
    ("reference-in-other-group", "it is decided by which ids are the same"),
    ("syntax", OF_THE_TEXT),
    ("duplicate-key", OF_THE_TEXT),
    ("unresolved-reference", OF_THE_TEXT),
    ("unresolved-module", OF_THE_TEXT),
    ("evaluation-limit", "is about the evaluation itself"),
    (
        "invalid-expression",
        "is about the evaluation itself: an expression with an unknown in it cannot be invalid yet",
    ),
    ("conflicting-exports", "is about what exports of Azure show, in which nothing has a default"),
    ("unused-suppression", "is about what the other rules say"),
    ("invalid-suppression", OF_THE_TEXT),
    ("empty-dns-registration", "rests on what only exports of Azure show: a zone group that has succeeded"),
    ("manual-without-message", OF_TERRAFORM),
    ("runner-blocked", OF_TERRAFORM),
    ("secret-before-network", OF_TERRAFORM),
    ("removed-argument", OF_TERRAFORM),
    ("policy-zone-group-removed", OF_TERRAFORM),
    ("contact-without-public-access", OF_TERRAFORM),
    (
        "duplicate-resource",
        "compares the names of two resources, and takes those that are open for different ones",
    ),
];

const ADDRESSES: &str = "what is unknown about `ipRules` is recorded once for all rules about addresses";
const SUBNETS: &str = "what is unknown about a subnet id is recorded once for all rules about the list";

const ZONES: &str = "what is unknown about the name of a zone is recorded once for all rules about it";
const ROLES: &str = "what is unknown about a role is recorded once for all rules about it";
const OPEN_VAULT: &str = "`public-vault` finds the same vault while it is open whether there is an endpoint";
const ALMOST_ALL_GOOD: &str = "almost every value is a good one: what is open as a whole is not worth a word";
const BY_NAME: &str = "what has one allowed value is left open where a text is taken apart";

const ADDRESS: &str = "/resources/0/properties/networkAcls/ipRules/0/value";
/// As many as a vault takes.
const MOST_ADDRESSES: &str = r#""[map(range(0, 1000), lambda('n', createObject('value', format('20.{0}.{1}.7', div(lambdaVariables('n'), 250), mod(lambdaVariables('n'), 250)))))]""#;
const MOST_SUBNETS: &str = r#""[map(range(0, 200), lambda('n', createObject('id', resourceId('Microsoft.Network/virtualNetworks/subnets', 'spokes', format('app{0}', lambdaVariables('n'))))))]""#;
const MOST_ZONES: &str =
    r#"[{ "name": "a" }, { "name": "b" }, { "name": "c" }, { "name": "d" }, { "name": "e" }]"#;
const OFFICE: &str = r#""20.50.1.7""#;
const HUB_WEB: &str = r#""[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'web')]""#;
const HUB_APPS: &str = r#""[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'apps')]""#;
const VAULT: &str = r#""[resourceId('Microsoft.KeyVault/vaults', 'contoso-prod')]""#;

fn of_firewall() -> Vec<Row> {
    let address = |rule| row(rule, ADDRESS, OFFICE).recorded_by("invalid-ip-rule", ADDRESSES);
    let addresses = "/resources/0/properties/networkAcls/ipRules";
    let access = "/resources/0/properties/publicNetworkAccess";
    let action = "/resources/0/properties/networkAcls/defaultAction";
    let bypass = "/resources/0/properties/networkAcls/bypass";
    let of_second = "/resources/1/properties/networkAcls/virtualNetworkRules/0/id";
    vec![
        row("public-vault", access, r#""Disabled""#).bad(r#""Enabled""#),
        row("public-vault", action, r#""Deny""#).bad(r#""Allow""#),
        row("public-endpoint-enabled", access, r#""Disabled""#).on("Bad", 1),
        row("public-endpoint-enabled", action, r#""Allow""#),
        row("ineffective-firewall-rule", access, r#""Enabled""#),
        row("ineffective-firewall-rule", addresses, "[]"),
        row("invalid-ip-rule", ADDRESS, OFFICE),
        address("ipv6-ip-rule"),
        address("private-ip-rule"),
        address("unroutable-ip-rule"),
        address("ip-rule-host-bits"),
        address("ip-rules-cover-internet").without(Form::Allowed, BY_NAME),
        address("broad-ip-rule"),
        row("redundant-ip-rule", "/resources/0/properties/networkAcls/ipRules/1/value", r#""20.60.1.7""#)
            .recorded_by("invalid-ip-rule", ADDRESSES),
        row("too-many-ip-rules", addresses, MOST_ADDRESSES).recorded_by("invalid-ip-rule", ADDRESSES),
        row("too-many-vnet-rules", "/resources/0/properties/networkAcls/virtualNetworkRules", MOST_SUBNETS),
        row("invalid-network-setting", access, r#""disabled""#),
        row("invalid-network-setting", bypass, r#""azureservices""#),
        row(
            "implicit-default-action",
            "/resources/0/properties/networkAcls",
            r#"{ "defaultAction": "Deny" }"#,
        ),
        row("malformed-subnet-id", "/resources/0/properties/networkAcls/virtualNetworkRules/0/id", HUB_WEB),
        row("unknown-subnet", of_second, HUB_APPS).recorded_by("malformed-subnet-id", SUBNETS),
        row(
            "missing-service-endpoint",
            "/resources/0/properties/subnets/0/properties/serviceEndpoints",
            r#"[{ "service": "Microsoft.KeyVault" }]"#,
        )
        .bad("[]"),
        row(
            "ignored-service-endpoint-check",
            "/resources/1/properties/networkAcls/virtualNetworkRules/0/ignoreMissingVnetServiceEndpoint",
            "false",
        ),
        row("redundant-vnet-rule", "/resources/0/properties/networkAcls/virtualNetworkRules/1/id", HUB_WEB)
            .recorded_by("malformed-subnet-id", SUBNETS),
        row("endpoint-subnet-rule", "/resources/2/properties/networkAcls/virtualNetworkRules/0/id", HUB_WEB),
        row(
            "service-endpoint-hides-ip",
            "/resources/3/properties/networkAcls/virtualNetworkRules",
            r#"[{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'apps')]" }]"#,
        )
        .bad("[]"),
        row("locked-out-vault", access, r#""Enabled""#).given(addresses, r#"[{ "value": "20.50.1.7" }]"#),
        row("locked-out-vault", "/resources/1/condition", "true").on("Good", 0).bad("false"),
        row("bypass-conflict", bypass, r#""AzureServices""#),
        row("bypass-conflict", "/resources/0/properties/enabledForDiskEncryption", "false"),
        row("trusted-service-blocked", "/resources/1/properties/networkAcls/bypass", r#""AzureServices""#),
        row("trusted-service-blocked", "/resources/0/condition", "false").bad("true"),
        row("untrusted-service-assumed", "/resources/2/properties/networkAcls/defaultAction", r#""Allow""#),
        row("ignored-by-api-version", "/resources/0/apiVersion", r#""2026-02-01""#),
        row("retiring-api-version", "/resources/0/apiVersion", r#""2026-02-01""#),
        row("perimeter-lockdown", access, r#""Disabled""#),
        row("perimeter-lockdown", "/resources/0/condition", "true").on("Good", 0).bad("false"),
        row("perimeter-opens-vault", "/resources/0/properties/accessMode", r#""Enforced""#),
        row("invalid-vault-name", "/resources/0/name", r#""contoso-prod""#),
        row("unknown-subnet", "/resources/0/condition", "false").bad("true"),
        row("missing-service-endpoint", "/resources/0/condition", "false").bad("true"),
        row("endpoint-subnet-rule", "/resources/1/condition", "false").bad("true"),
        row("service-endpoint-hides-ip", "/resources/2/condition", "false").bad("true"),
        row("untrusted-service-assumed", "/resources/2/condition", "false").bad("true"),
        row("perimeter-opens-vault", "/resources/0/condition", "false").bad("true"),
        row("perimeter-opens-vault", "/resources/1/condition", "false").bad("true"),
    ]
}

fn of_endpoints() -> Vec<Row> {
    let status = "/resources/0/properties/manualPrivateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/status";
    let address = "/resources/1/properties/ipConfigurations/0/properties/privateIPAddress";
    vec![
        row("no-private-endpoint", "/resources/1/condition", "true").on("Undecided", 0).bad("false"),
        row("open-despite-private-endpoint", "/resources/0/properties/publicNetworkAccess", r#""Disabled""#)
            .bad(r#""Enabled""#),
        row("open-despite-private-endpoint", "/resources/1/condition", "false")
            .bad("true")
            .without(Form::Condition, OPEN_VAULT)
            .without(Form::Open, OPEN_VAULT),
        row(
            "wrong-group-id",
            "/resources/0/properties/privateLinkServiceConnections/0/properties/groupIds/0",
            r#""VAULT""#,
        ),
        row(
            "wrong-group-id",
            "/resources/0/properties/privateLinkServiceConnections/0/properties/groupIds",
            r#"["vault"]"#,
        ),
        row(
            "wrong-group-id",
            "/resources/0/properties/privateLinkServiceConnections/0/properties/groupIds",
            r#"["vault"]"#,
        )
        .bad("[]"),
        row("wrong-group-id", "/resources/0/properties/ipConfigurations/0/properties/groupId", r#""vault""#)
            .of("wrong-member-name")
            .bad(r#""default""#),
        row(
            "wrong-member-name",
            "/resources/0/properties/ipConfigurations/0/properties/memberName",
            r#""default""#,
        ),
        row("endpoint-awaits-approval", status, r#""Approved""#).bad(r#""Pending""#),
        row("endpoint-not-connected", status, r#""Approved""#)
            .of("endpoint-awaits-approval")
            .bad(r#""Disconnected""#),
        row("endpoint-location-mismatch", "/resources/1/location", r#""West Europe""#),
        row("endpoint-location-mismatch", "/resources/0/location", r#""northeurope""#),
        row("static-ip-outside-subnet", address, r#""10.0.1.10""#),
        row("reserved-static-ip", address, r#""10.0.1.254""#),
        row("endpoint-in-delegated-subnet", "/resources/0/properties/subnets/0/properties/delegations", "[]"),
        row(
            "unenforced-network-policy",
            "/resources/0/properties/subnets/0/properties/privateEndpointNetworkPolicies",
            r#""Enabled""#,
        )
        .bad(r#""Disabled""#),
        row(
            "duplicate-private-endpoint",
            "/resources/2/properties/subnet/id",
            r#""[resourceId('Microsoft.Network/virtualNetworks/subnets', 'spoke', 'endpoints')]""#,
        ),
        row("duplicate-private-endpoint", "/resources/2/condition", "false").bad("true"),
        row(
            "endpoint-target-mismatch",
            "/resources/0/properties/privateLinkServiceConnections/0/properties/privateLinkServiceId",
            VAULT,
        ),
        row(
            "message-too-long",
            "/resources/0/properties/manualPrivateLinkServiceConnections/0/properties/requestMessage",
            r#""please""#,
        ),
        row("endpoint-location-mismatch", "/resources/0/condition", "false").bad("true"),
        row("static-ip-outside-subnet", "/resources/0/condition", "false").bad("true"),
        row("reserved-static-ip", "/resources/0/condition", "false").bad("true"),
        row("endpoint-in-delegated-subnet", "/resources/0/condition", "false").bad("true"),
        row("unenforced-network-policy", "/resources/1/condition", "false").bad("true"),
    ]
}

fn of_dns() -> Vec<Row> {
    let zone_of_group = "/resources/3/properties/privateDnsZoneConfigs/0/properties/privateDnsZoneId";
    vec![
        row(
            "wrong-dns-zone",
            zone_of_group,
            r#""[resourceId('shared', 'Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')]""#,
        )
        .on("Bad", 1)
        .bad(r#""[resourceId('shared', 'Microsoft.Network/privateDnsZones', 'privatelink.vault.azure.net')]""#),
        row("wrong-dns-zone", "/resources/3/name", r#""privatelink.vaultcore.azure.net""#)
            .given("/resources/4/condition", "false")
            .given("/resources/5/condition", "false"),
        row("dns-zone-cloud-mismatch", "/resources/3/name", r#""privatelink.vaultcore.usgovcloudapi.net""#)
            .recorded_by("wrong-dns-zone", ZONES)
            .given("/resources/4/condition", "false")
            .given("/resources/5/condition", "false"),
        row("overridden-public-zone", "/resources/1/name", r#""contoso-prod.vault.azure.net""#).recorded_by("wrong-dns-zone", ZONES),
        row("dns-zone-not-global", "/resources/3/location", r#""Global""#),
        row("dns-zone-not-global", "/resources/3/name", r#""contoso.internal""#)
            .recorded_by("wrong-dns-zone", ZONES)
            .given("/resources/4/condition", "false")
            .given("/resources/5/condition", "false"),
        row("no-dns-registration", "/resources/5/condition", "true").on("Undecided", 0).bad("false"),
        row("unlinked-dns-zone", "/resources/4/condition", "true").on("Good", 0).bad("false"),
        row("unlinked-client-network", "/resources/6/condition", "true").on("Good", 0).bad("false"),
        row("overwritten-dns-record", "/resources/9/condition", "false").bad("true"),
        row(
            "overwritten-dns-record",
            "/resources/9/properties/privateDnsZoneConfigs/0/properties/privateDnsZoneId",
            r#""[resourceId('west', 'Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')]""#,
        ),
        row("conflicting-zone-links", "/resources/6/condition", "false").bad("true"),
        row(
            "conflicting-zone-links",
            "/resources/6/properties/virtualNetwork/id",
            r#""[resourceId('Microsoft.Network/virtualNetworks', 'other')]""#,
        ),
        row("dns-auto-registration", "/resources/4/properties/registrationEnabled", "false"),
        row("dns-record-mismatch", "/resources/5/properties/aRecords/0/ipv4Address", r#""10.0.1.10""#),
        row("custom-dns-bypasses-zone", "/resources/1/properties/dhcpOptions/dnsServers", r#"["168.63.129.16"]"#),
        row("resolution-policy-without-private-link", "/resources/1/properties/resolutionPolicy", r#""Default""#)
            .without(Form::Open, ALMOST_ALL_GOOD),
        row(
            "empty-zone-id",
            "/resources/1/properties/privateDnsZoneConfigs/0/properties/privateDnsZoneId",
            r#""[resourceId('Microsoft.Network/privateDnsZones', 'privatelink.vaultcore.azure.net')]""#,
        )
        .without(Form::Open, ALMOST_ALL_GOOD),
        row("wrong-forwarding-rule", "/resources/1/properties/domainName", r#""vault.azure.net.""#).without(Form::Open, ALMOST_ALL_GOOD),
        row("forwarding-loop", "/resources/1/properties/domainName", r#""contoso.internal.""#).without(Form::Open, ALMOST_ALL_GOOD),
        row("forwarding-loop", "/resources/1/properties/targetDnsServers/0/ipAddress", r#""10.9.9.9""#).without(Form::Open, ALMOST_ALL_GOOD),
        row("forwarding-loop", "/resources/2/condition", "false").bad("true"),
        row("wrong-reference-type", "/resources/1/properties/privateLinkResource/id", r#""[resourceId('Microsoft.KeyVault/vaults', 'contoso-prod')]""#).without(Form::Open, ALMOST_ALL_GOOD),
        row("nxdomain-for-foreign-vaults", "/resources/4/properties/resolutionPolicy", r#""NxDomainRedirect""#)
            .bad(r#""Default""#),
        row(
            "privatelink-host-in-url",
            "/resources/6/properties/siteConfig/appSettings/0/value",
            r#""https://contoso-prod.vault.azure.net/""#,
        )
        .without(Form::Open, ALMOST_ALL_GOOD)
        .without(Form::Allowed, BY_NAME),
        row("too-many-zone-configs", "/resources/5/properties/privateDnsZoneConfigs", MOST_ZONES),
        row("second-zone-group", "/resources/6/condition", "false").bad("true"),
        row("unlinked-dns-zone", "/resources/2/condition", "false").bad("true"),
        row("unlinked-client-network", "/resources/3/condition", "false").bad("true"),
        row("dns-record-mismatch", "/resources/2/condition", "false").bad("true"),
        row("custom-dns-bypasses-zone", "/resources/4/condition", "false").bad("true"),
        row("nxdomain-for-foreign-vaults", "/resources/4/condition", "false").bad("true"),
    ]
}

fn of_operations() -> Vec<Row> {
    let rbac = "/resources/0/properties/enableRbacAuthorization";
    let role = "/resources/1/properties/roleDefinitionId";
    let user = r#""[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]""#;
    let policies = "/resources/0/properties/accessPolicies";
    let someone = r#"[{ "objectId": "someone" }]"#;
    vec![
        row(
            "app-outside-network",
            "/resources/2/properties/virtualNetworkSubnetId",
            r#""[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'apps')]""#,
        )
        .bad("null"),
        row("app-outside-network", "/resources/3/properties/networkAcls/defaultAction", r#""Allow""#),
        row(
            "integration-subnet-not-delegated",
            "/resources/0/properties/subnets/0/properties/delegations",
            r#"[{ "name": "apps", "properties": { "serviceName": "Microsoft.Web/serverFarms" } }]"#,
        )
        .bad("[]"),
        row(
            "shared-integration-subnet",
            "/resources/0/properties/subnets/0/properties/addressPrefix",
            r#""10.0.1.0/26""#,
        )
        .without(Form::Allowed, BY_NAME),
        row("consumption-plan-integration", "/resources/1/sku/name", r#""EP1""#),
        row("dns-server-override", "/resources/2/properties/siteConfig/appSettings/0/name", r#""OTHER""#),
        row("legacy-route-all", "/resources/2/apiVersion", r#""2023-12-01""#),
        row("legacy-route-all", "/resources/2/properties/siteConfig/appSettings/0/name", r#""OTHER""#)
            .on("Bad", 1),
        row("kms-firewall-unsupported", "/resources/0/properties/networkAcls/defaultAction", r#""Allow""#),
        row(
            "kms-firewall-unsupported",
            "/resources/1/properties/apiServerAccessProfile/enableVnetIntegration",
            "true",
        )
        .on("Bad", 1)
        .bad("false"),
        row("access-policies-ignored", rbac, "false"),
        row("access-policies-ignored", policies, "[]"),
        row("access-policies-wiped", policies, someone),
        row("access-policies-wiped", rbac, "true"),
        row("role-without-rbac", rbac, "true"),
        row("rbac-disabled", rbac, "true"),
        row("broad-vault-role", role, user),
        row("unknown-role", role, user)
            .bad(r#""/providers/Microsoft.Authorization/roleDefinitions/4633458B-0000-408a-b874-0445c86b69e0""#)
            .recorded_by("broad-vault-role", ROLES),
        row("unknown-role", role, user).recorded_by("broad-vault-role", ROLES),
        row("no-audit-log", "/resources/1/properties/logs/0/enabled", "true").on("Undecided", 0).bad("false"),
        row("no-audit-log", "/resources/1/condition", "true").on("Good", 0).bad("false"),
        row("diagnostic-retention", "/resources/1/properties/metrics/0/retentionPolicy/enabled", "false")
            .given("/resources/1/properties/logs", "[]")
            .given("/resources/1/properties/metrics", r#"[{ "category": "AllMetrics", "retentionPolicy": { "days": 9 } }]"#)
            .bad("true"),
        row("diagnostic-retention", "/resources/1/properties/logs/0/retentionPolicy/enabled", "false"),
        row("purge-protection-false", "/resources/0/properties/enablePurgeProtection", "true"),
        row("no-purge-protection", "/resources/0/properties/enablePurgeProtection", "true").bad("null"),
        row("soft-delete-disabled", "/resources/0/properties/enableSoftDelete", "true"),
        row("create-mode-recover", "/resources/0/properties/createMode", r#""default""#),
        row("template-secret-blocked", "/resources/0/properties/enabledForTemplateDeployment", "true")
            .bad("false"),
        row("template-secret-blocked", "/resources/0/properties/networkAcls/bypass", r#""AzureServices""#)
            .on("Bad", 1),
        row("vault-policy-parameter-ignored", "/resources/0/properties/parameters/effect", "null"),
        row(
            "vault-policy-parameter-ignored",
            "/resources/0/properties/policyDefinitionId",
            r#""[tenantResourceId('Microsoft.Authorization/policyDefinitions', '405c5871-3e91-4644-8a63-58e19d68ff5b')]""#,
        ),
        row("app-outside-network", "/resources/3/condition", "false").bad("true"),
        row("consumption-plan-integration", "/resources/1/condition", "false").bad("true"),
        row("integration-subnet-not-delegated", "/resources/2/condition", "false").bad("true"),
        row("shared-integration-subnet", "/resources/2/condition", "false").bad("true"),
        row("kms-firewall-unsupported", "/resources/0/condition", "false").bad("true"),
        row("role-without-rbac", "/resources/0/condition", "false").bad("true"),
        row("template-secret-blocked", "/resources/1/condition", "false").bad("true"),
    ]
}

#[test]
fn rules_of_the_firewall_follow_the_value_however_it_is_given() {
    assert_all(&of_firewall());
}

#[test]
fn rules_about_endpoints_follow_the_value_however_it_is_given() {
    assert_all(&of_endpoints());
}

#[test]
fn rules_about_dns_follow_the_value_however_it_is_given() {
    assert_all(&of_dns());
}

#[test]
fn rules_about_operations_follow_the_value_however_it_is_given() {
    assert_all(&of_operations());
}

#[test]
fn every_rule_has_a_row_or_a_reason() {
    let rows = [of_firewall(), of_endpoints(), of_dns(), of_operations()].concat();
    let with_row: BTreeSet<&str> = rows.iter().map(|row| row.rule).collect();
    let with_reason: BTreeSet<&str> = EXEMPT.iter().map(|(rule, _)| *rule).collect();
    let rules = vaultmoat_core::rules();
    let rules: BTreeSet<&str> = rules.iter().map(|rule| rule.slug.as_str()).collect();
    let covered: BTreeSet<&str> = with_row.union(&with_reason).copied().collect();
    assert_eq!(rules.difference(&covered).collect::<Vec<_>>(), Vec::<&&str>::new(), "have neither");
    assert_eq!(covered.difference(&rules).collect::<Vec<_>>(), Vec::<&&str>::new(), "are not rules");
    assert_eq!(with_row.intersection(&with_reason).collect::<Vec<_>>(), Vec::<&&str>::new(), "have both");
}
