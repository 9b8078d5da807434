//! The services whose resources private endpoints connect to, each as a description. What the engine does differently
//! for one of them follows from a field here, and not from a comparison with its name.

use super::names::{MANAGED_HSM as HSM_TYPE, VAULT as VAULT_TYPE};
use super::versions::VAULT_PROPERTIES_SINCE;
use super::{ApiVersion, Cloud, DnsNames, policies};

/// A service: a type of resource that has a firewall and private endpoints.
#[derive(Debug)]
pub struct Service {
    /// Its ARM type. Two services are the same if their types are.
    pub kind: &'static str,
    /// What a message calls one resource of it.
    pub noun: &'static str,
    /// The same after `the`, where the message has already named it.
    pub short_noun: &'static str,
    /// The group that a connection of a private endpoint names (F4.1).
    pub group: &'static str,
    /// Its names in DNS, in the order of [`Cloud::ALL`].
    pub dns: [DnsNames; 3],
    /// How many `ipRules` Azure accepts.
    pub max_ip_rules: usize,
    /// How many `virtualNetworkRules` Azure accepts; 0 where subnets have no service endpoint for it.
    pub max_subnet_rules: usize,
    /// The properties that older API versions ignore, and the version that brought each.
    pub properties_since: &'static [(&'static str, ApiVersion)],
    /// The built-in policy that writes zone groups for its endpoints.
    pub zone_policy: Option<&'static str>,
    /// The subcommand of `az keyvault` that changes it.
    pub az_update: &'static str,
    /// The option of `az keyvault` that names it.
    pub az_name: &'static str,
    /// What it has that others lack.
    pub features: &'static [Feature],
}

/// What only some services have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `accessPolicies`, which count unless `enableRbacAuthorization` is set (F1.11, F1.14).
    AccessPolicies,
    /// Soft delete and purge protection that the template sets (F1.15).
    DeletionSettings,
    /// Secrets that parameters of a deployment read (F3.28).
    TemplateSecrets,
    /// `networkAcls.serviceTags` (F1.50).
    ServiceTags,
    /// A second public name between the alias for private endpoints and the address (F4.50). Where the feature is
    /// absent, the rest of the chain is not documented.
    IngressName,
    /// Rules and a built-in policy that ask for its audit log (F6.10, F6.28).
    AuditLog,
    /// A table of Log Analytics for its audit log alone.
    LogTable,
}

/// Key vaults.
pub static VAULT: Service = Service {
    kind: VAULT_TYPE,
    noun: "vault",
    short_noun: "vault",
    group: "vault",
    dns: [
        DnsNames {
            suffix: "vault.azure.net",
            private_zone: "privatelink.vaultcore.azure.net",
            is_documented: true,
            forwarded_zones: &["vault.azure.net", "vaultcore.azure.net"],
        },
        DnsNames {
            suffix: "vault.usgovcloudapi.net",
            private_zone: "privatelink.vaultcore.usgovcloudapi.net",
            is_documented: true,
            forwarded_zones: &["vault.usgovcloudapi.net", "vaultcore.usgovcloudapi.net"],
        },
        DnsNames {
            suffix: "vault.azure.cn",
            private_zone: "privatelink.vaultcore.azure.cn",
            is_documented: true,
            forwarded_zones: &["vaultcore.azure.cn"],
        },
    ],
    // F1.38
    max_ip_rules: 1000,
    max_subnet_rules: 200,
    properties_since: VAULT_PROPERTIES_SINCE,
    zone_policy: Some(policies::DEPLOY_ZONE_GROUP),
    az_update: "update",
    az_name: "-n",
    features: &[
        Feature::AccessPolicies,
        Feature::DeletionSettings,
        Feature::TemplateSecrets,
        Feature::IngressName,
        Feature::AuditLog,
        Feature::LogTable,
    ],
};

/// Managed HSMs. They use roles of their own and no access policies.
pub static MANAGED_HSM: Service = Service {
    kind: HSM_TYPE,
    noun: "managed HSM",
    short_noun: "HSM",
    group: "managedhsm",
    dns: [
        DnsNames {
            suffix: "managedhsm.azure.net",
            private_zone: "privatelink.managedhsm.azure.net",
            is_documented: true,
            forwarded_zones: &["managedhsm.azure.net"],
        },
        DnsNames {
            suffix: "managedhsm.usgovcloudapi.net",
            private_zone: "privatelink.managedhsm.usgovcloudapi.net",
            is_documented: false,
            forwarded_zones: &[],
        },
        DnsNames {
            suffix: "managedhsm.azure.cn",
            private_zone: "privatelink.managedhsm.azure.cn",
            is_documented: false,
            forwarded_zones: &[],
        },
    ],
    // F1.51
    max_ip_rules: 10,
    max_subnet_rules: 0,
    properties_since: &[],
    zone_policy: None,
    az_update: "update-hsm",
    az_name: "--hsm-name",
    features: &[Feature::ServiceTags],
};

/// Every service.
pub static SERVICES: [&Service; 2] = [&VAULT, &MANAGED_HSM];

impl Service {
    /// The service of an ARM type.
    pub fn of_type(kind: &str) -> Option<&'static Service> {
        SERVICES.into_iter().find(|service| service.kind.eq_ignore_ascii_case(kind))
    }

    /// The service that a domain, or an expression for one, is about. Zones that people use by mistake are those of
    /// vaults, so what names no other service counts as a vault's.
    pub fn of_domain(domain: &str) -> &'static Service {
        let domain = domain.to_ascii_lowercase();
        SERVICES.into_iter().rev().find(|service| domain.contains(service.group)).unwrap_or(&VAULT)
    }

    /// Its names in a cloud.
    pub const fn dns(&self, cloud: Cloud) -> &DnsNames {
        let [public, usgov, china] = &self.dns;
        match cloud {
            Cloud::Public => public,
            Cloud::UsGov => usgov,
            Cloud::China => china,
        }
    }

    /// Whether it has a feature.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// Whether its firewall matches subnets, by their service endpoint.
    pub const fn has_subnet_rules(&self) -> bool {
        self.max_subnet_rules > 0
    }

    /// The version that brought a property; `None` when it was always there or is not known.
    pub fn property_since(&self, property: &str) -> Option<ApiVersion> {
        let found = self.properties_since.iter().find(|(name, _)| name.eq_ignore_ascii_case(property));
        found.map(|(_, since)| *since)
    }
}

impl PartialEq for Service {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Service {}
