//! The Azure clouds and what is named differently in each.

use super::SERVICES;

/// Which Azure the templates are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Cloud {
    /// Azure public.
    #[default]
    Public,
    /// Azure US Government.
    UsGov,
    /// Azure operated by 21Vianet.
    China,
}

/// The DNS names of one kind of resource in one cloud (F4.30).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DnsNames {
    /// Behind the resource's name in the name clients use: `vault.azure.net`.
    pub suffix: &'static str,
    /// The private zone that resolves private endpoints: `privatelink.vaultcore.azure.net`.
    pub private_zone: &'static str,
    /// Whether the private zone is documented; otherwise it follows from the names of the public cloud.
    pub is_documented: bool,
    /// The zones a resolver outside Azure forwards, as documented (F4.54).
    pub forwarded_zones: &'static [&'static str],
}

/// A value in the object that the template function `environment()` returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentValue {
    /// A string.
    Text(&'static str),
    /// An array of strings.
    List(&'static [&'static str]),
}

/// A property path in that object, such as `["suffixes", "keyvaultDns"]`, and its value.
pub type EnvironmentEntry = (&'static [&'static str], EnvironmentValue);

impl Cloud {
    /// Every cloud.
    pub const ALL: [Cloud; 3] = [Cloud::Public, Cloud::UsGov, Cloud::China];

    /// The cloud's name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Cloud::Public => "public",
            Cloud::UsGov => "usgov",
            Cloud::China => "china",
        }
    }

    /// The cloud's name as `environment().name` and `az cloud` give it.
    pub const fn azure_name(self) -> &'static str {
        match self {
            Cloud::Public => "AzureCloud",
            Cloud::UsGov => "AzureUSGovernment",
            Cloud::China => "AzureChinaCloud",
        }
    }

    /// What `environment()` returns, as far as it is known for this cloud. A property that is not listed is
    /// unknown, not missing.
    pub const fn environment(self) -> &'static [EnvironmentEntry] {
        match self {
            Cloud::Public => PUBLIC_ENVIRONMENT,
            Cloud::UsGov => USGOV_ENVIRONMENT,
            Cloud::China => CHINA_ENVIRONMENT,
        }
    }

    /// The cloud that `environment` of a Terraform provider names (F7.61).
    pub fn of_provider(environment: &str) -> Option<Cloud> {
        let names = [
            ("public", Cloud::Public),
            ("global", Cloud::Public),
            ("usgovernment", Cloud::UsGov),
            ("usgovernmentl4", Cloud::UsGov),
            ("usgovernmentl5", Cloud::UsGov),
            ("dod", Cloud::UsGov),
            ("china", Cloud::China),
        ];
        names.into_iter().find_map(|(name, cloud)| name.eq_ignore_ascii_case(environment).then_some(cloud))
    }

    /// The cloud that a region exists in, by its name (`usgovvirginia`) or its display name (`US Gov Virginia`).
    pub fn of_region(region: &str) -> Option<Cloud> {
        let name: String = region.chars().filter(|c| !c.is_whitespace()).collect();
        let name = name.to_ascii_lowercase();
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
        match () {
            () if !is_name || name == "global" || starts(OTHER_REGIONS) => None,
            () if starts(&["usgov", "usdod"]) => Some(Cloud::UsGov),
            () if starts(&["china"]) => Some(Cloud::China),
            () => Some(Cloud::Public),
        }
    }

    /// The cloud a DNS zone belongs to when it is one of the zones of vaults or HSMs.
    pub fn of_zone(zone: &str) -> Option<Cloud> {
        let zone = zone.trim_end_matches('.');
        Cloud::ALL.into_iter().find(|cloud| {
            SERVICES.iter().map(|service| service.dns(*cloud)).any(|names| {
                zone.eq_ignore_ascii_case(names.private_zone)
                    || zone.eq_ignore_ascii_case(names.suffix)
                    || names.forwarded_zones.iter().any(|forwarded| zone.eq_ignore_ascii_case(forwarded))
            })
        })
    }
}

/// How regions of clouds begin that are not known here.
const OTHER_REGIONS: &[&str] = &["usnat", "ussec", "bleu", "delos", "germanycentral", "germanynortheast"];

/// Zones people use by mistake for private endpoints of vaults, by the cloud they would belong to (F4.31). The
/// zone group deploys and no record is written.
pub static WRONG_VAULT_ZONES: &[(Cloud, &str)] = &[
    (Cloud::Public, "privatelink.vault.azure.net"),
    (Cloud::Public, "vault.azure.net"),
    (Cloud::Public, "vaultcore.azure.net"),
    (Cloud::Public, "privatelink.keyvault.azure.net"),
    (Cloud::UsGov, "privatelink.vault.usgovcloudapi.net"),
    (Cloud::UsGov, "vault.usgovcloudapi.net"),
    (Cloud::UsGov, "vaultcore.usgovcloudapi.net"),
    (Cloud::China, "privatelink.vault.azure.cn"),
    (Cloud::China, "vault.azure.cn"),
    (Cloud::China, "vaultcore.azure.cn"),
];

/// The cloud a well-known wrong zone would belong to.
pub fn wrong_vault_zone(zone: &str) -> Option<Cloud> {
    let zone = zone.trim_end_matches('.');
    WRONG_VAULT_ZONES.iter().find(|(_, wrong)| zone.eq_ignore_ascii_case(wrong)).map(|(cloud, _)| *cloud)
}

use EnvironmentValue::{List, Text};

const ALIASES: &str = "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json";

static PUBLIC_ENVIRONMENT: &[EnvironmentEntry] = &[
    (&["name"], Text("AzureCloud")),
    (&["gallery"], Text("https://gallery.azure.com/")),
    (&["graph"], Text("https://graph.windows.net/")),
    (&["portal"], Text("https://portal.azure.com")),
    (&["graphAudience"], Text("https://graph.windows.net/")),
    (&["activeDirectoryDataLake"], Text("https://datalake.azure.net/")),
    (&["batch"], Text("https://batch.core.windows.net/")),
    (&["media"], Text("https://rest.media.azure.net")),
    (&["sqlManagement"], Text("https://management.core.windows.net:8443/")),
    (&["vmImageAliasDoc"], Text(ALIASES)),
    (&["resourceManager"], Text("https://management.azure.com/")),
    (&["authentication", "loginEndpoint"], Text("https://login.microsoftonline.com/")),
    (
        &["authentication", "audiences"],
        List(&["https://management.core.windows.net/", "https://management.azure.com/"]),
    ),
    (&["authentication", "tenant"], Text("common")),
    (&["authentication", "identityProvider"], Text("AAD")),
    (&["suffixes", "acrLoginServer"], Text(".azurecr.io")),
    (&["suffixes", "azureDatalakeAnalyticsCatalogAndJob"], Text("azuredatalakeanalytics.net")),
    (&["suffixes", "azureDatalakeStoreFileSystem"], Text("azuredatalakestore.net")),
    (&["suffixes", "azureFrontDoorEndpointSuffix"], Text("azurefd.net")),
    (&["suffixes", "keyvaultDns"], Text(".vault.azure.net")),
    (&["suffixes", "sqlServerHostname"], Text(".database.windows.net")),
    (&["suffixes", "storage"], Text("core.windows.net")),
];

static USGOV_ENVIRONMENT: &[EnvironmentEntry] = &[
    (&["name"], Text("AzureUSGovernment")),
    (&["portal"], Text("https://portal.azure.us")),
    (&["sqlManagement"], Text("https://management.core.usgovcloudapi.net:8443/")),
    (&["resourceManager"], Text("https://management.usgovcloudapi.net/")),
    (&["suffixes", "acrLoginServer"], Text(".azurecr.us")),
    (&["suffixes", "keyvaultDns"], Text(".vault.usgovcloudapi.net")),
    (&["suffixes", "sqlServerHostname"], Text(".database.usgovcloudapi.net")),
    (&["suffixes", "storage"], Text("core.usgovcloudapi.net")),
];

static CHINA_ENVIRONMENT: &[EnvironmentEntry] = &[
    (&["name"], Text("AzureChinaCloud")),
    (&["portal"], Text("https://portal.azure.cn")),
    (&["sqlManagement"], Text("https://management.core.chinacloudapi.cn:8443/")),
    (&["resourceManager"], Text("https://management.chinacloudapi.cn/")),
    (&["suffixes", "acrLoginServer"], Text(".azurecr.cn")),
    (&["suffixes", "keyvaultDns"], Text(".vault.azure.cn")),
    (&["suffixes", "sqlServerHostname"], Text(".database.chinacloudapi.cn")),
    (&["suffixes", "storage"], Text("core.chinacloudapi.cn")),
];
