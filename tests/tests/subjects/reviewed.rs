//! Faults found while reviewing public templates, each as a small example written for the purpose.

use std::path::Path;
use vaultmoat_core::{Options, Project, Site, report};
use vaultmoat_tests::fixture::{bicep_vault, load};
use vaultmoat_tests::page::severity_word;

fn project(files: &[(&str, &str)], options: Options) -> Project {
    load(options, files.iter().map(|(path, text)| (path, text)))
}

/// `severity confidence rule: message` of a rule.
fn said(report: &report::Report, rule: &str) -> Vec<String> {
    let found = report.diagnostics.iter().filter(|found| found.rule == rule);
    found
        .map(|found| format!("{} {:?}: {}", severity_word(found.severity), found.confidence, found.message))
        .collect()
}

fn undecided(report: &report::Report, rule: &str) -> usize {
    report.undecided.iter().filter(|open| open.rule == rule).count()
}

fn vault(version: &str, properties: &str) -> String {
    bicep_vault("vault", "kv-one", version, properties)
}

/// A file of examples/problems.
fn problem(path: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/problems");
    std::fs::read_to_string(folder.join(path)).expect("the example can be read")
}

fn check(files: &[(&str, &str)]) -> report::Report {
    project(files, Options::default()).check()
}

const DENY: &str = "networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [";

#[test]
fn what_azure_does_with_a_setting_that_the_api_version_lacks_is_open() {
    let closed = vault("2016-10-01", &format!("{DENY}{{ value: '20.50.7.41' }}] }}"));
    let report = check(&[("main.bicep", &closed)]);
    let [found] = said(&report, "ignored-by-api-version").try_into().expect("one finding");
    assert!(
        found.starts_with("warning Certain: vault `kv-one` sets `networkAcls`, which API version"),
        "{found}"
    );
    assert_eq!((said(&report, "public-vault").len(), undecided(&report, "public-vault")), (0, 1));
    let off = check(&[("main.bicep", &vault("2019-09-01", "publicNetworkAccess: 'Disabled'"))]);
    assert_eq!((said(&off, "public-vault").len(), undecided(&off, "public-vault")), (0, 1));
    let open = check(&[("main.bicep", &vault("2016-10-01", "networkAcls: { defaultAction: 'Allow' }"))]);
    assert_eq!(said(&open, "public-vault").len(), 1);
    let decision = project(&[("main.bicep", &closed)], Options::default()).explain(None, "ip:20.50.7.42");
    assert_eq!(decision.expect("a decision").outcome, report::Outcome::Depends);
    let admitted = project(&[("main.bicep", &closed)], Options::default()).explain(None, "ip:20.50.7.41");
    assert_eq!(admitted.expect("a decision").outcome, report::Outcome::Allowed);
}

#[test]
fn rules_for_everybody_open_a_vault_whether_they_are_heeded_or_not() {
    let halves = format!("{DENY}{{ value: '0.0.0.0/1' }}, {{ value: '128.0.0.0/1' }}] }}");
    for version in ["2016-10-01", "2026-02-01"] {
        let report = check(&[("main.bicep", &vault(version, &halves))]);
        assert_eq!(said(&report, "ip-rules-cover-internet").len(), 1, "{version}");
    }
}

#[test]
fn a_firewall_that_says_nothing_is_called_empty() {
    let text = format!(
        "param private bool = false\n{}",
        vault("2026-02-01", &format!("networkAcls: private ? {} : {{}}", "{ defaultAction: 'Deny' }"))
    );
    let report = check(&[("main.bicep", &text)]);
    let [found] = said(&report, "public-vault").try_into().expect("one finding");
    assert!(
        found.contains("its `networkAcls` is empty (with the default of parameter `private`)"),
        "{found}"
    );
}

#[test]
fn an_answer_of_an_old_api_version_leaves_public_access_open() {
    let row = |access: &str| {
        format!(
            r#"{{ "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-one", "name": "kv-one",
            "type": "Microsoft.KeyVault/vaults", "location": "westeurope", "properties": {{ {access}
            "tenantId": "t", "sku": {{ "family": "A", "name": "standard" }}, "vaultUri": "https://kv-one.vault.azure.net/" }} }}"#
        )
    };
    let old = check(&[("kv.json", &row(""))]);
    assert_eq!((said(&old, "public-vault").len(), undecided(&old, "public-vault")), (0, 1));
    let now = check(&[("kv.json", &row(r#""publicNetworkAccess": "Enabled","#))]);
    assert_eq!(said(&now, "public-vault").len(), 1);
}

#[test]
fn a_vault_from_before_roles_were_the_default_uses_policies_where_it_says_nothing() {
    let row = |created: &str| {
        format!(
            r#"{{ "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-one", "name": "kv-one",
            "type": "Microsoft.KeyVault/vaults", "location": "westeurope", "systemData": {{ "createdAt": "{created}" }},
            "properties": {{ "publicNetworkAccess": "Enabled", "tenantId": "t", "sku": {{ "family": "A", "name": "standard" }},
            "vaultUri": "https://kv-one.vault.azure.net/" }} }}"#
        )
    };
    for (created, expected) in
        [("2023-03-21T07:57:03.389Z", (1, 0)), ("2026-05-02T00:00:00Z", (0, 1)), ("soon", (0, 1))]
    {
        let report = check(&[("kv.json", &row(created))]);
        let found = (said(&report, "rbac-disabled").len(), undecided(&report, "rbac-disabled"));
        assert_eq!(found, expected, "{created}");
    }
}

#[test]
fn every_version_of_the_verified_module_of_vaults_has_the_settings_of_access() {
    let text = "module vault 'br/public:avm/res/key-vault/vault:0.13.3' = {\n  name: 'vault'\n  params: {\n    name: 'kv-one'\n    \
                networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' }\n    publicNetworkAccess: 'Disabled'\n  }\n}\n";
    let report = check(&[("main.bicep", text)]);
    assert_eq!(undecided(&report, "ignored-by-api-version"), 0);
    assert_eq!(undecided(&report, "retiring-api-version"), 1);
}

#[test]
fn a_random_string_of_letters_and_digits_has_its_length() {
    let of = |prefix: &str, special: &str| {
        let text = format!(
            "resource \"random_string\" \"name\" {{\n  length  = 13\n  {special}\n}}\n\nresource \"azurerm_key_vault\" \"main\" {{\n  \
             name = \"{prefix}${{random_string.name.result}}\"\n  location = \"westeurope\"\n  resource_group_name = \"rg\"\n  \
             tenant_id = \"t\"\n  sku_name = \"standard\"\n  rbac_authorization_enabled = true\n}}\n"
        );
        let report = check(&[("main.tf", &text)]);
        (said(&report, "invalid-vault-name"), undecided(&report, "invalid-vault-name"))
    };
    assert_eq!(of("vault-", "special = false"), (Vec::new(), 0));
    let (long, open) = of("vault-of-the-shop-", "special = false");
    assert_eq!((long.len(), open), (1, 0));
    assert!(
        long[0].contains(
            "`vault-of-the-shop-${random_string.name.result}` as the name of a vault: it has more than 24"
        ),
        "{long:?}"
    );
    assert_eq!(of("vault-", ""), (Vec::new(), 1));
    assert_eq!(of("", "special = false"), (Vec::new(), 1), "it may start with a digit");
}

#[test]
fn the_identity_of_an_add_on_is_the_clusters_own() {
    let spoke = problem("08-spoke-without-link/main.bicep");
    assert_eq!(said(&check(&[("main.bicep", &spoke)]), "unlinked-client-network").len(), 1);
    let linked = problem("08-spoke-without-link/fixed.bicep");
    assert_eq!(
        check(&[("main.bicep", &linked)])
            .diagnostics
            .iter()
            .filter(|found| severity_word(found.severity) != "info")
            .count(),
        0
    );
    for identity in [
        "cluster.identity.principalId",
        "cluster.properties.identityProfile.kubeletidentity.objectId",
        "reference(cluster.id, '2024-09-01').addonProfiles.azureKeyvaultSecretsProvider.identity.objectId",
    ] {
        let text = spoke.replace(
            "cluster.properties.addonProfiles.azureKeyvaultSecretsProvider.identity.objectId",
            identity,
        );
        assert!(text.contains(identity));
        assert_eq!(said(&check(&[("main.bicep", &text)]), "unlinked-client-network").len(), 1, "{identity}");
    }
}

#[test]
fn a_cluster_that_the_rules_do_not_admit_is_no_trusted_service() {
    let outside = problem("11-cluster-outside/main.tf");
    let complete = || Options { complete: true, ..Options::default() };
    let said_of = |text: &str, options| {
        let report = project(&[("main.tf", text)], options).check();
        (said(&report, "untrusted-service-assumed").len(), undecided(&report, "untrusted-service-assumed"))
    };
    assert_eq!(said_of(&outside, complete()), (1, 0));
    let kubelet = outside.replace("key_vault_secrets_provider[0].secret_identity[0]", "kubelet_identity[0]");
    assert_eq!(said_of(&kubelet, complete()), (1, 0));
    assert_eq!(said_of(&outside, Options::default()), (0, 1), "a private endpoint may be elsewhere");
    assert_eq!(said_of(&problem("11-cluster-outside/fixed/main.tf"), complete()), (0, 0));
}

#[test]
fn a_deployment_script_is_no_trusted_service() {
    let script = problem("19-getsecret-denied/script.bicep");
    assert_eq!(said(&check(&[("main.bicep", &script)]), "untrusted-service-assumed").len(), 1);
    let inside = script.replace(
        "azCliVersion: '2.63.0'",
        "azCliVersion: '2.63.0'\n    containerSettings: { subnetIds: [{ id: subnetId }] }",
    );
    let inside = format!("param subnetId string\n{inside}");
    let report = check(&[("main.bicep", &inside)]);
    assert_eq!(
        (said(&report, "untrusted-service-assumed").len(), undecided(&report, "untrusted-service-assumed")),
        (0, 1)
    );
}

#[test]
fn a_zone_group_beside_that_of_a_policy_is_one_too_many() {
    let text = problem("16-policy-writes-dns/main.tf");
    let by_policy = || Options {
        environment: Site { policy_managed_dns: true, ..Site::default() },
        ..Options::default()
    };
    let of = |text: &str, options| said(&project(&[("main.tf", text)], options).check(), "second-zone-group");
    let [found] = of(&text, by_policy()).try_into().expect("one finding");
    assert!(
        found.starts_with("warning Certain: private endpoint `pe-kv-shop` has a zone group here"),
        "{found}"
    );
    assert!(of(&text, Options::default()).is_empty());
    let ignoring = text.replace(
        "  private_dns_zone_group {",
        "  lifecycle {\n    ignore_changes = [private_dns_zone_group]\n  }\n\n  private_dns_zone_group {",
    );
    assert!(of(&ignoring, by_policy()).is_empty());
}

#[test]
fn azures_own_dns_server_is_no_forwarder_for_who_is_outside() {
    let text = problem("09-forwarding/main.bicep");
    let asked = project(&[("main.bicep", &text)], Options::default())
        .resolve(None, "on-premises:forwarder=168.63.129.16");
    assert!(
        asked
            .err()
            .is_some_and(|error| error.contains("`168.63.129.16` cannot be reached from outside Azure"))
    );
}
