use super::callers::{Reach, service_of};
use super::cloud::{EnvironmentValue, wrong_vault_zone};
use super::service::VAULT;
use super::services::{
    TRUSTED_BY_OWN_WORD, TRUSTED_SERVICES, UNTRUSTED_SERVICES, normalized, trusted_service, untrusted_service,
};
use super::versions::{FIRST_NOT_RETIRING, NEWEST_VAULT, VAULT_VERSIONS};
use super::{ApiVersion, Cloud, access, policies, ranges};
use super::{SERVICES, Service};
use std::collections::BTreeSet;

fn version(text: &str) -> ApiVersion {
    ApiVersion::parse(text).expect(text)
}

#[test]
fn versions_order_by_date_and_a_preview_precedes_its_release() {
    assert!(version("2021-06-01-preview") < version("2021-10-01"));
    assert!(version("2018-02-14-preview") < version("2018-02-14"));
    assert!(version("2026-03-01-preview") > NEWEST_VAULT);
    assert!(VAULT_VERSIONS.is_sorted());
    assert!(VAULT_VERSIONS.contains(&FIRST_NOT_RETIRING));
    assert_eq!(VAULT_VERSIONS.iter().rfind(|version| !version.is_preview()), Some(&NEWEST_VAULT));
}

#[test]
fn versions_print_as_they_are_written() {
    for text in ["2015-06-01", "2024-04-01-preview"] {
        assert_eq!(version(text).to_string(), text);
    }
    for text in [
        "",
        "2024",
        "2024-13-01",
        "2024-01-32",
        "24-01-01",
        "2024-1-1",
        "2024-01-01-",
        "latest",
        "2024-01-01 ",
    ] {
        assert_eq!(ApiVersion::parse(text), None, "{text}");
    }
}

#[test]
fn properties_know_the_version_that_brought_them() {
    let since = VAULT.property_since("PublicNetworkAccess").expect("listed");
    assert!(version("2019-09-01") < since && version("2021-10-01") > since);
    assert_eq!(VAULT.property_since("tenantId"), None);
}

#[test]
fn every_cloud_names_its_own_zones() {
    for cloud in Cloud::ALL {
        for names in SERVICES.map(|service| service.dns(cloud)) {
            assert_eq!(Cloud::of_zone(names.private_zone), Some(cloud));
            assert!(names.private_zone.starts_with("privatelink."));
            assert_eq!(wrong_vault_zone(names.private_zone), None);
        }
        assert_eq!(wrong_vault_zone(VAULT.dns(cloud).suffix), Some(cloud));
        let suffix = cloud.environment().iter().find(|(path, _)| *path == ["suffixes", "keyvaultDns"]);
        let expected = format!(".{}", VAULT.dns(cloud).suffix);
        assert_eq!(suffix.map(|(_, value)| format!("{value:?}")), Some(format!("Text({expected:?})")));
        let name = cloud.environment().iter().find(|(path, _)| *path == ["name"]).map(|(_, value)| *value);
        assert_eq!(name, Some(EnvironmentValue::Text(cloud.azure_name())));
    }
    assert_eq!(Cloud::of_zone("PrivateLink.VaultCore.azure.net."), Some(Cloud::Public));
    assert_eq!(Cloud::of_zone("example.com"), None);
}

#[test]
fn services_are_found_by_any_usual_spelling() {
    assert_eq!(TRUSTED_SERVICES.len(), 39);
    for name in ["azure key", "Azure", ""] {
        assert!(trusted_service(name).is_none(), "{name}");
    }
    for name in ["Application Gateway", "azure-application-gateway", "APPLICATIONGATEWAY", "appgw"] {
        assert_eq!(trusted_service(name).map(|service| service.name), Some("Azure Application Gateway"));
    }
    assert!(trusted_service("App Service").is_some_and(|service| service.only_for.is_some()));
    assert_eq!(untrusted_service("aks"), Some("Azure Kubernetes Service"));
    assert_eq!(untrusted_service("azure functions"), Some("Azure Functions"));
    assert_eq!(normalized("Azure"), "azure");
}

#[test]
fn no_service_is_listed_twice_or_both_trusted_and_not() {
    let trusted = TRUSTED_SERVICES.iter().chain(TRUSTED_BY_OWN_WORD);
    let trusted = trusted.flat_map(|service| [&[service.name], service.aliases].concat());
    let untrusted = UNTRUSTED_SERVICES.iter().flat_map(|(name, aliases)| [&[*name], *aliases].concat());
    let mut seen = BTreeSet::new();
    for name in trusted.chain(untrusted) {
        assert!(seen.insert(normalized(name)), "{name}");
    }
}

#[test]
fn roles_are_found_by_guid_or_definition_id() {
    let id = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/4633458B-17de-408a-b874-0445c86b69e6";
    let role = access::role(id).expect("listed");
    assert_eq!(role.name, "Key Vault Secrets User");
    assert!(role.is_data_plane && role.reads_secrets);
    assert!(access::role("4633458b").is_none());
    let guids: BTreeSet<_> = access::ROLES.iter().map(|role| role.id).collect();
    assert_eq!(guids.len(), access::ROLES.len());
    for guid in guids.into_iter().chain([policies::DISABLE_PUBLIC_ACCESS, policies::DEPLOY_ZONE_GROUP]) {
        let lengths: Vec<_> = guid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{guid}");
    }
}

#[test]
fn ranges_tell_private_from_unroutable_from_public() {
    let net = |text: &str| text.parse().expect(text);
    assert!(ranges::private_range(&net("172.20.10.5/32")).is_some());
    assert!(ranges::private_range(&net("172.32.0.0/16")).is_none());
    assert!(ranges::private_range(&net("10.0.0.0/7")).is_none());
    assert!(ranges::overlapped_private_range(&net("10.0.0.0/7")).is_some());
    assert!(ranges::overlapped_private_range(&net("10.0.0.0/8")).is_none());
    assert_eq!(
        ranges::unroutable_range(&net("168.63.129.16/32")).map(|range| range.name),
        Some("Azure's wire server")
    );
    assert!(ranges::unroutable_range(&net("100.64.1.0/24")).is_some());
    assert!(ranges::unroutable_range(&net("20.0.0.0/8")).is_none());
}

#[test]
fn the_longest_beginning_of_a_type_says_which_service_it_is() {
    let of = |kind: &str| service_of(kind).map(|service| (service.name, service.only_with_vault));
    assert_eq!(of("microsoft.web/sites"), Some(("App Service", false)));
    // What is below an app is one where it names a vault.
    assert_eq!(of("microsoft.web/sites/extensions"), Some(("App Service", true)));
    assert_eq!(of("microsoft.network/firewallpolicies"), Some(("Firewall Premium", true)));
    assert_eq!(
        of("microsoft.network/firewallpolicies/rulecollectiongroups"),
        Some(("Firewall Premium", true))
    );
    assert_eq!(of("microsoft.appconfiguration/configurationstores"), Some(("App Configuration", true)));
    for kind in [
        "microsoft.network/virtualnetworks",
        "microsoft.keyvault/vaults/secrets",
        "microsoft.appconfiguration/configurationstores/keyvalues",
        "microsoft.eventgrid/systemtopics",
        "azurerm_key_vault_secret",
        "azurerm_monitor_metric_alert",
        "github_actions_secret",
    ] {
        assert_eq!(of(kind), None, "{kind}");
    }
    // A beginning ends where a word does.
    for kind in
        ["microsoft.appliances/things", "contoso.widgets/things", "azurerm_widget", "mongodbatlas_cluster"]
    {
        assert_eq!(service_of(kind).map(|service| service.reach), Some(Reach::Unknown), "{kind}");
    }
}

#[test]
fn a_type_and_a_domain_each_lead_to_one_service() {
    for service in SERVICES {
        assert_eq!(Service::of_type(&service.kind.to_ascii_uppercase()), Some(service));
        for cloud in Cloud::ALL {
            assert_eq!(Service::of_domain(service.dns(cloud).private_zone), service);
            assert_eq!(Service::of_domain(service.dns(cloud).suffix), service);
        }
    }
    for kind in ["Microsoft.KeyVault/vaults/keys", "Microsoft.Storage/storageAccounts", ""] {
        assert_eq!(Service::of_type(kind), None);
    }
    assert_eq!(Service::of_domain("privatelink.keyvault.azure.net"), &VAULT);
}
