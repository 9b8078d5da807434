//! The resources of the provider `azurerm` in ARM's shape: one table for each. Spellings of the versions 3, 4 and 5 are
//! all read; a default of the provider that is not Azure's is written where the attribute is missing (F7.10).

use super::body::only;
use super::convert::How::{Block, Blocks, By, Each, Words};
use super::convert::{Part, fields, from_json, items, like, part, read, same, words};
use super::{overlay, strangers};
use crate::azure::{access::ROLES, names};
use crate::eval::functions::{self, Context};
use crate::eval::ids::{extension_id, name_segments, resource_id};
use crate::eval::value::distribute;
use crate::eval::{Field, Kind, TermKind, Value};
use crate::lang::Removed;
use crate::text::Place;
use std::rc::Rc;

/// A resource in ARM's shape.
pub(super) struct Arm {
    pub(super) kind: Rc<str>,
    pub(super) name: Value,
    pub(super) id: Value,
    pub(super) api_version: Value,
    pub(super) body: Value,
    pub(super) condition: Value,
    /// Where it is, if that is not where its resource does.
    pub(super) place: Option<Place>,
}

/// How the id of a resource is made.
enum Id {
    /// In a resource group: `resource_group_name` and these names.
    Group(&'static [&'static str]),
    /// Below another resource, whose id an attribute has: that, and these names.
    Below(&'static str, &'static [&'static str]),
    /// The first of two ways, where its first attribute is written, else the second.
    Either(&'static Id, &'static Id),
    /// About another resource, whose id an attribute has.
    Extends(&'static str),
    /// Below another resource and a part of it that every one has.
    Within(&'static str, &'static str),
    /// Below another resource, with a name that is always the same.
    Named(&'static str, &'static str),
    /// Directly below the subscription, and of a type that ids write as `resourceGroups`.
    ResourceGroup,
    /// What is in a vault: known by its address there (F7.5).
    InVault,
}

use Id::{Below, Either, Extends, Group, InVault, Named, ResourceGroup, Within};

/// What is known of a resource of the provider.
struct Entry {
    /// Its type for the provider, without `azurerm_`.
    from: &'static str,
    /// Its ARM type, with its parents'.
    to: &'static str,
    id: Id,
    parts: &'static [Part],
}

const fn entry(from: &'static str, to: &'static str, id: Id, parts: &'static [Part]) -> Entry {
    Entry { from, to, id, parts }
}

const LINKED_SERVICES: &str = "Microsoft.DataFactory/factories/linkedServices";
const RUNTIMES: &str = "Microsoft.DataFactory/factories/integrationRuntimes";
const SYNAPSE_RUNTIMES: &str = "Microsoft.Synapse/workspaces/integrationRuntimes";

const fn linked_service(from: &'static str) -> Entry {
    entry(from, LINKED_SERVICES, Below("data_factory_id", &["name"]), LINKED_SERVICE)
}

const GROUPED: Id = Group(&["name"]);

const LOCATED: &[Part] = &[same("/location", &["location"])];

const NETWORK_ACLS: &[Part] = &[
    same("defaultAction", &["default_action"]),
    same("bypass", &["bypass"]),
    part("ipRules", &["ip_rules"], Each("value")),
    part("virtualNetworkRules", &["virtual_network_subnet_ids"], Each("id")),
];

const ACCESS_POLICY: &[Part] = &[
    same("tenantId", &["tenant_id"]),
    same("objectId", &["object_id"]),
    same("applicationId", &["application_id"]),
    same("permissions.keys", &["key_permissions"]),
    same("permissions.secrets", &["secret_permissions"]),
    same("permissions.certificates", &["certificate_permissions"]),
    same("permissions.storage", &["storage_permissions"]),
];

const VAULT: &[Part] = &[
    same("/location", &["location"]),
    same("tenantId", &["tenant_id"]),
    same("sku.name", &["sku_name"]),
    part("publicNetworkAccess", &["public_network_access_enabled"], Words("Enabled", "Disabled")),
    part("networkAcls", &["network_acls"], Block(NETWORK_ACLS)),
    same("enableRbacAuthorization", &["rbac_authorization_enabled", "enable_rbac_authorization"]),
    part("accessPolicies", &["access_policy"], Blocks(ACCESS_POLICY)),
    part("enablePurgeProtection", &["purge_protection_enabled"], By(true_or_nothing)),
    same("softDeleteRetentionInDays", &["soft_delete_retention_days"]),
    same("enabledForDeployment", &["enabled_for_deployment"]),
    same("enabledForDiskEncryption", &["enabled_for_disk_encryption"]),
    same("enabledForTemplateDeployment", &["enabled_for_template_deployment"]),
];

const HSM: &[Part] = &[
    same("/location", &["location"]),
    same("tenantId", &["tenant_id"]),
    same("/sku.name", &["sku_name"]),
    part("publicNetworkAccess", &["public_network_access_enabled"], Words("Enabled", "Disabled")),
    part("networkAcls", &["network_acls"], Block(NETWORK_ACLS)),
    part("enablePurgeProtection", &["purge_protection_enabled"], By(true_or_nothing)),
    same("softDeleteRetentionInDays", &["soft_delete_retention_days"]),
];

const ENDPOINT: &[Part] = &[
    same("/location", &["location"]),
    same("subnet.id", &["subnet_id"]),
    same("customNetworkInterfaceName", &["custom_network_interface_name"]),
    part(
        "privateLinkServiceConnections",
        &["private_service_connection"],
        By(|list| connections(list, false)),
    ),
    part(
        "manualPrivateLinkServiceConnections",
        &["private_service_connection"],
        By(|list| connections(list, true)),
    ),
    part(
        "ipConfigurations",
        &["ip_configuration"],
        Blocks(&[
            same("name", &["name"]),
            same("privateIPAddress", &["private_ip_address"]),
            same("groupId", &["subresource_name"]),
            same("memberName", &["member_name"]),
        ]),
    ),
];

const CONNECTION: &[Part] = &[
    same("name", &["name"]),
    same("privateLinkServiceId", &["private_connection_resource_id", "private_connection_resource_alias"]),
    same("groupIds", &["subresource_names"]),
    same("requestMessage", &["request_message"]),
];

const ZONE_LINK: &[Part] = &[
    same("virtualNetwork.id", &["virtual_network_id"]),
    same("registrationEnabled", &["registration_enabled"]),
    same("resolutionPolicy", &["resolution_policy"]),
];

const SUBNET: &[Part] = &[
    same("addressPrefixes", &["address_prefixes"]),
    same("addressPrefix", &["address_prefix"]),
    // A list until version 5, blocks since (F7.14).
    part("serviceEndpoints", &["service_endpoints"], Each("service")),
    part("serviceEndpoints", &["service_endpoint"], Blocks(&[same("service", &["service"])])),
    part(
        "delegations",
        &["delegation"],
        Blocks(&[same("name", &["name"]), same("serviceName", &["service_delegation.name"])]),
    ),
    same("privateEndpointNetworkPolicies", &["private_endpoint_network_policies"]),
    part(
        "privateEndpointNetworkPolicies",
        &["private_endpoint_network_policies_enabled"],
        Words("Enabled", "Disabled"),
    ),
    part(
        "privateEndpointNetworkPolicies",
        &["enforce_private_link_endpoint_network_policies"],
        Words("Disabled", "Enabled"),
    ),
    same("networkSecurityGroup.id", &["security_group", "network_security_group_id"]),
    same("routeTable.id", &["route_table_id"]),
];

const SECURITY_RULE: &[Part] = &[
    same("access", &["access"]),
    same("direction", &["direction"]),
    same("priority", &["priority"]),
    same("protocol", &["protocol"]),
    same("destinationPortRange", &["destination_port_range"]),
    same("destinationPortRanges", &["destination_port_ranges"]),
    same("destinationAddressPrefix", &["destination_address_prefix"]),
    same("destinationAddressPrefixes", &["destination_address_prefixes"]),
];

const ROUTE: &[Part] = &[
    same("addressPrefix", &["address_prefix"]),
    same("nextHopType", &["next_hop_type"]),
    same("nextHopIpAddress", &["next_hop_in_ip_address"]),
];

const INLINE_SUBNET: &[Part] = &[
    same("name", &["name"]),
    same("addressPrefixes", &["address_prefixes"]),
    same("addressPrefix", &["address_prefix"]),
    part("serviceEndpoints", &["service_endpoints"], Each("service")),
    part("serviceEndpoints", &["service_endpoint"], Blocks(&[same("service", &["service"])])),
    part(
        "delegations",
        &["delegation"],
        Blocks(&[same("name", &["name"]), same("serviceName", &["service_delegation.name"])]),
    ),
    same("privateEndpointNetworkPolicies", &["private_endpoint_network_policies"]),
    same("networkSecurityGroup.id", &["security_group"]),
    same("routeTable.id", &["route_table_id"]),
];

const NETWORK: &[Part] = &[
    same("/location", &["location"]),
    same("addressSpace.addressPrefixes", &["address_space"]),
    same("dhcpOptions.dnsServers", &["dns_servers"]),
    part("subnets", &["subnet"], Blocks(INLINE_SUBNET)),
];

const SITE: &[Part] = &[
    same("/location", &["location"]),
    same("serverFarmId", &["service_plan_id", "app_service_plan_id"]),
    same("virtualNetworkSubnetId", &["virtual_network_subnet_id"]),
    same("keyVaultReferenceIdentity", &["key_vault_reference_identity_id"]),
    part("siteConfig.appSettings", &["app_settings"], By(settings)),
    same("siteConfig.vnetRouteAllEnabled", &["site_config.vnet_route_all_enabled"]),
    part(
        "siteConfig.connectionStrings",
        &["connection_string"],
        Blocks(&[same("name", &["name"]), same("connectionString", &["value"])]),
    ),
];

const CLUSTER: &[Part] = &[
    same("/location", &["location"]),
    part(
        "agentPoolProfiles",
        &["default_node_pool"],
        Blocks(&[same("name", &["name"]), same("vnetSubnetID", &["vnet_subnet_id"])]),
    ),
    same("apiServerAccessProfile.subnetId", &["api_server_access_profile.subnet_id"]),
    same(
        "apiServerAccessProfile.enableVnetIntegration",
        &[
            "api_server_access_profile.virtual_network_integration_enabled",
            "api_server_access_profile.vnet_integration_enabled",
        ],
    ),
    same("securityProfile.azureKeyVaultKms.keyId", &["key_management_service.key_vault_key_id"]),
    part(
        "securityProfile.azureKeyVaultKms.enabled",
        &["key_management_service.key_vault_key_id"],
        By(|_| Value::bool(true)),
    ),
    same(
        "securityProfile.azureKeyVaultKms.keyVaultNetworkAccess",
        &["key_management_service.key_vault_network_access"],
    ),
    // The provider finds the vault of a key by itself.
    same("securityProfile.azureKeyVaultKms.keyVaultResourceId", &["key_management_service.key_vault_key_id"]),
];

const GATEWAY: &[Part] = &[
    same("/location", &["location"]),
    part(
        "gatewayIPConfigurations",
        &["gateway_ip_configuration"],
        Blocks(&[same("name", &["name"]), same("subnet.id", &["subnet_id"])]),
    ),
    part(
        "sslCertificates",
        &["ssl_certificate"],
        Blocks(&[same("name", &["name"]), same("keyVaultSecretId", &["key_vault_secret_id"])]),
    ),
];

const STORAGE: &[Part] = &[
    same("/location", &["location"]),
    part(
        "encryption.keyvaultproperties",
        &["customer_managed_key"],
        Block(&[same("keyvaulturi", &["key_vault_key_id", "managed_hsm_key_id"])]),
    ),
];

const DIAGNOSTICS: &[Part] = &[
    part(
        "logs",
        &["enabled_log", "log"],
        Blocks(&[
            same("category", &["category"]),
            same("categoryGroup", &["category_group"]),
            same("enabled", &["enabled"]),
            part(
                "retentionPolicy",
                &["retention_policy"],
                Block(&[same("enabled", &["enabled"]), same("days", &["days"])]),
            ),
        ]),
    ),
    same("workspaceId", &["log_analytics_workspace_id"]),
    same("storageAccountId", &["storage_account_id"]),
    same("eventHubAuthorizationRuleId", &["eventhub_authorization_rule_id"]),
    same("marketplacePartnerId", &["partner_solution_id"]),
];

const ROLE: &[Part] = &[
    same("roleDefinitionId", &["role_definition_id"]),
    part("roleDefinitionId", &["role_definition_name"], By(role_id)),
    same("principalId", &["principal_id"]),
    same("principalType", &["principal_type"]),
];

const POLICY: &[Part] = &[
    same("policyDefinitionId", &["policy_definition_id"]),
    part("parameters", &["parameters"], By(from_json)),
];

const MACHINE_SECRETS: &[Part] = &[
    same("sourceVault.id", &["key_vault_id"]),
    part("vaultCertificates", &["certificate"], Blocks(&[same("certificateUrl", &["url"])])),
];

const MACHINE: &[Part] = &[
    same("/location", &["location"]),
    part("networkProfile.networkInterfaces", &["network_interface_ids"], Each("id")),
    part("osProfile.secrets", &["secret"], Blocks(MACHINE_SECRETS)),
];

const SCALE_SET: &[Part] = &[
    same("/location", &["location"]),
    part("virtualMachineProfile.osProfile.secrets", &["secret"], Blocks(MACHINE_SECRETS)),
];

const CONTAINER_APP: &[Part] = &[
    same("/location", &["location"]),
    same("environmentId", &["container_app_environment_id"]),
    part(
        "configuration.secrets",
        &["secret"],
        Blocks(&[
            same("name", &["name"]),
            same("keyVaultUrl", &["key_vault_secret_id"]),
            same("identity", &["identity"]),
        ]),
    ),
    part(
        "template.containers",
        &["template.container"],
        Blocks(&[
            same("name", &["name"]),
            part("env", &["env"], Blocks(&[same("name", &["name"]), same("value", &["value"])])),
        ]),
    ),
];

const CONTAINER_GROUP: &[Part] = &[
    same("/location", &["location"]),
    part("subnetIds", &["subnet_ids"], Each("id")),
    part(
        "containers",
        &["container"],
        Blocks(&[
            same("name", &["name"]),
            same("command", &["commands"]),
            part("environmentVariables", &["environment_variables"], By(settings)),
            part("secureEnvironmentVariables", &["secure_environment_variables"], By(settings)),
        ]),
    ),
    same("encryptionProperties.vaultBaseUrl", &["key_vault_key_id"]),
];

const DEPLOYMENT_SCRIPT: &[Part] = &[
    same("/location", &["location"]),
    same("arguments", &["command_line"]),
    same("primaryScriptUri", &["primary_script_uri"]),
    same("scriptContent", &["script_content"]),
    part(
        "environmentVariables",
        &["environment_variable"],
        Blocks(&[same("name", &["name"]), same("value", &["value"]), same("secureValue", &["secure_value"])]),
    ),
];

const HOSTNAME: &[Part] = &[
    same("hostName", &["host_name"]),
    // Older versions call it an id, but it is one of a secret.
    same("keyVaultId", &["key_vault_certificate_id", "key_vault_id"]),
    same("identityClientId", &["ssl_keyvault_identity_client_id"]),
];

/// A secret that a linked service takes out of the vault of another one.
const STORED: &[Part] =
    &[same("store.referenceName", &["linked_service_name"]), same("secretName", &["secret_name"])];

const LINKED_SERVICE: &[Part] = &[
    // The provider finds the URI of a vault by itself.
    same("typeProperties.baseUrl", &["key_vault_id"]),
    same("connectVia.referenceName", &["integration_runtime_name", "integration_runtime.name"]),
    part("typeProperties.password", &["key_vault_password"], By(stored)),
    part("typeProperties.connectionString", &["key_vault_connection_string"], By(stored)),
    part("typeProperties.sasUri", &["key_vault_sas_token"], By(stored)),
    part("typeProperties.servicePrincipalKey", &["service_principal_linked_key_vault_key"], By(stored)),
    part("typeProperties.functionKey", &["key_vault_key"], By(stored)),
    part("typeProperties.accessToken", &["key_vault_password"], By(stored)),
];

const CUSTOM_SERVICE: &[Part] = &[
    same("connectVia.referenceName", &["integration_runtime.name"]),
    part("typeProperties", &["type_properties_json"], By(from_json)),
];

const MANAGED_ENDPOINT: &[Part] = &[
    same("privateLinkResourceId", &["target_resource_id", "private_link_resource_id"]),
    same("groupId", &["subresource_name", "sub_resource_name", "group_id"]),
];

const ZONE: Id = Either(&Group(&["private_dns_zone_name", "name"]), &Below("private_dns_zone_id", &["name"]));

const RECORD: Id = Either(&Group(&["zone_name", "name"]), &Below("private_dns_zone_id", &["name"]));

const SCALE_SETS: &str = "Microsoft.Compute/virtualMachineScaleSets";

const ENTRIES: &[Entry] = &[
    entry("application_gateway", names::APPLICATION_GATEWAY, GROUPED, GATEWAY),
    entry("app_service", names::WEB_SITE, GROUPED, SITE),
    entry("app_service_slot", names::WEB_SLOT, Group(&["app_service_name", "name"]), SITE),
    entry(
        "app_service_plan",
        names::SERVER_FARM,
        GROUPED,
        &[
            same("/location", &["location"]),
            same("/sku.tier", &["sku.tier"]),
            same("/sku.name", &["sku.size"]),
        ],
    ),
    entry(
        "app_service_virtual_network_swift_connection",
        "Microsoft.Web/sites/networkConfig",
        Named("app_service_id", "virtualNetwork"),
        &[same("subnetResourceId", &["subnet_id"])],
    ),
    entry(
        "disk_encryption_set",
        names::DISK_ENCRYPTION_SET,
        GROUPED,
        &[
            same("/location", &["location"]),
            same("activeKey.keyUrl", &["key_vault_key_id", "managed_hsm_key_id"]),
        ],
    ),
    entry("function_app", names::WEB_SITE, GROUPED, SITE),
    entry("function_app_flex_consumption", names::WEB_SITE, GROUPED, SITE),
    entry("key_vault", names::VAULT, GROUPED, VAULT),
    entry(
        "key_vault_access_policy",
        names::VAULT_ACCESS_POLICIES,
        Named("key_vault_id", "add"),
        &[part("accessPolicies", &["object_id"], By(|_| Value::null()))],
    ),
    entry("key_vault_certificate", "certificate", InVault, &[]),
    entry("key_vault_certificate_contacts", "contacts", InVault, &[]),
    entry("key_vault_key", "key", InVault, &[]),
    entry("key_vault_managed_hardware_security_module", names::MANAGED_HSM, GROUPED, HSM),
    entry("key_vault_secret", "secret", InVault, &[]),
    entry("kubernetes_cluster", names::MANAGED_CLUSTER, GROUPED, CLUSTER),
    entry("linux_function_app", names::WEB_SITE, GROUPED, SITE),
    entry("linux_web_app", names::WEB_SITE, GROUPED, SITE),
    entry("logic_app_standard", names::WEB_SITE, GROUPED, SITE),
    entry(
        "management_group_policy_assignment",
        names::POLICY_ASSIGNMENT,
        Extends("management_group_id"),
        POLICY,
    ),
    entry(
        "monitor_diagnostic_setting",
        names::DIAGNOSTIC_SETTING,
        Extends("target_resource_id"),
        DIAGNOSTICS,
    ),
    entry(
        "network_security_group",
        names::NETWORK_SECURITY_GROUP,
        GROUPED,
        &[same("/location", &["location"]), part("securityRules", &["security_rule"], Blocks(SECURITY_RULE))],
    ),
    entry(
        "network_security_rule",
        "Microsoft.Network/networkSecurityGroups/securityRules",
        Group(&["network_security_group_name", "name"]),
        SECURITY_RULE,
    ),
    entry(
        "firewall",
        names::AZURE_FIREWALL,
        GROUPED,
        &[
            same("/location", &["location"]),
            part(
                "ipConfigurations",
                &["ip_configuration"],
                Blocks(&[same("name", &["name"]), same("subnet.id", &["subnet_id"])]),
            ),
            same("firewallPolicy.id", &["firewall_policy_id"]),
            part("virtualHub", &["virtual_hub"], Block(&[same("id", &["virtual_hub_id"])])),
        ],
    ),
    entry(
        "firewall_policy",
        names::FIREWALL_POLICY,
        GROUPED,
        &[
            same("/location", &["location"]),
            same("basePolicy.id", &["base_policy_id"]),
            part(
                "dnsSettings",
                &["dns"],
                Block(&[same("enableProxy", &["proxy_enabled"]), same("servers", &["servers"])]),
            ),
            part(
                "transportSecurity.certificateAuthority",
                &["tls_certificate"],
                Block(&[same("name", &["name"]), same("keyVaultSecretId", &["key_vault_secret_id"])]),
            ),
        ],
    ),
    entry("network_security_perimeter", names::PERIMETER, GROUPED, LOCATED),
    entry(
        "network_security_perimeter_access_rule",
        names::PERIMETER_ACCESS_RULE,
        Below("network_security_perimeter_profile_id", &["name"]),
        &[
            same("direction", &["direction"]),
            same("addressPrefixes", &["address_prefixes"]),
            part("subscriptions", &["subscription_ids"], Each("id")),
        ],
    ),
    entry(
        "network_security_perimeter_association",
        names::PERIMETER_ASSOCIATION,
        Below("network_security_perimeter_id", &["name"]),
        &[
            same("privateLinkResource.id", &["resource_id"]),
            same("profile.id", &["network_security_perimeter_profile_id"]),
            same("accessMode", &["access_mode"]),
        ],
    ),
    entry(
        "network_security_perimeter_profile",
        names::PERIMETER_PROFILE,
        Below("network_security_perimeter_id", &["name"]),
        &[],
    ),
    entry(
        "private_dns_a_record",
        names::A_RECORD,
        RECORD,
        &[part("aRecords", &["records"], Each("ipv4Address")), same("ttl", &["ttl"])],
    ),
    entry("private_dns_resolver_dns_forwarding_ruleset", names::FORWARDING_RULESET, GROUPED, LOCATED),
    entry(
        "private_dns_resolver_forwarding_rule",
        names::FORWARDING_RULE,
        Below("dns_forwarding_ruleset_id", &["name"]),
        &[
            same("domainName", &["domain_name"]),
            part("forwardingRuleState", &["enabled"], Words("Enabled", "Disabled")),
            part(
                "targetDnsServers",
                &["target_dns_servers"],
                Blocks(&[same("ipAddress", &["ip_address"]), same("port", &["port"])]),
            ),
        ],
    ),
    entry(
        "private_dns_resolver_virtual_network_link",
        names::FORWARDING_RULESET_LINK,
        Below("dns_forwarding_ruleset_id", &["name"]),
        &[same("virtualNetwork.id", &["virtual_network_id"])],
    ),
    entry(
        "private_dns_resolver_inbound_endpoint",
        "Microsoft.Network/dnsResolvers/inboundEndpoints",
        Below("private_dns_resolver_id", &["name"]),
        &[
            same("/location", &["location"]),
            part(
                "ipConfigurations",
                &["ip_configurations"],
                Blocks(&[
                    same("privateIpAddress", &["private_ip_address"]),
                    same("privateIpAllocationMethod", &["private_ip_allocation_method"]),
                    same("subnet.id", &["subnet_id"]),
                ]),
            ),
        ],
    ),
    entry("private_dns_zone", names::PRIVATE_DNS_ZONE, GROUPED, &[]),
    entry("private_dns_zone_virtual_network_link", names::ZONE_LINK, ZONE, ZONE_LINK),
    entry("private_endpoint", names::PRIVATE_ENDPOINT, GROUPED, ENDPOINT),
    entry(
        "network_interface",
        names::NETWORK_INTERFACE,
        GROUPED,
        &[part(
            "ipConfigurations",
            &["ip_configuration"],
            Blocks(&[same("name", &["name"]), same("subnet.id", &["subnet_id"])]),
        )],
    ),
    entry("resource_group", "Microsoft.Resources/resourceGroups", ResourceGroup, LOCATED),
    entry("resource_group_policy_assignment", names::POLICY_ASSIGNMENT, Extends("resource_group_id"), POLICY),
    entry("resource_policy_assignment", names::POLICY_ASSIGNMENT, Extends("resource_id"), POLICY),
    entry("role_assignment", names::ROLE_ASSIGNMENT, Extends("scope"), ROLE),
    entry("route", names::ROUTE, Group(&["route_table_name", "name"]), ROUTE),
    entry(
        "route_table",
        names::ROUTE_TABLE,
        GROUPED,
        &[same("/location", &["location"]), part("routes", &["route"], Blocks(ROUTE))],
    ),
    entry(
        "service_plan",
        names::SERVER_FARM,
        GROUPED,
        &[
            same("/location", &["location"]),
            same("/sku.name", &["sku_name"]),
            same("hostingEnvironmentProfile.id", &["app_service_environment_id"]),
        ],
    ),
    entry("storage_account", names::STORAGE_ACCOUNT, GROUPED, STORAGE),
    entry("subnet", names::SUBNET, Group(&["virtual_network_name", "name"]), SUBNET),
    entry("subscription_policy_assignment", names::POLICY_ASSIGNMENT, Extends("subscription_id"), POLICY),
    entry("user_assigned_identity", "Microsoft.ManagedIdentity/userAssignedIdentities", GROUPED, LOCATED),
    entry("virtual_network", names::VIRTUAL_NETWORK, GROUPED, NETWORK),
    entry("windows_function_app", names::WEB_SITE, GROUPED, SITE),
    entry("windows_web_app", names::WEB_SITE, GROUPED, SITE),
    // What only may use a vault, with what says so.
    entry(
        "api_management",
        "Microsoft.ApiManagement/service",
        GROUPED,
        &[
            same("/location", &["location"]),
            same(
                "virtualNetworkConfiguration.subnetResourceId",
                &["virtual_network_configuration.subnet_id"],
            ),
            part(
                "hostnameConfigurations",
                &["hostname_configuration.proxy", "hostname_configuration.gateway"],
                Blocks(HOSTNAME),
            ),
        ],
    ),
    entry(
        "api_management_certificate",
        "Microsoft.ApiManagement/service/certificates",
        Group(&["api_management_name", "name"]),
        &[
            same("keyVault.secretIdentifier", &["key_vault_secret_id"]),
            same("keyVault.identityClientId", &["key_vault_identity_client_id"]),
        ],
    ),
    entry(
        "api_management_named_value",
        "Microsoft.ApiManagement/service/namedValues",
        Group(&["api_management_name", "name"]),
        &[
            same("keyVault.secretIdentifier", &["value_from_key_vault.secret_id"]),
            same("keyVault.identityClientId", &["value_from_key_vault.identity_client_id"]),
        ],
    ),
    entry(
        "automation_account",
        "Microsoft.Automation/automationAccounts",
        GROUPED,
        &[
            same("/location", &["location"]),
            same("encryption.keyVaultProperties.keyvaultUri", &["encryption.key_vault_key_id"]),
        ],
    ),
    entry(
        "batch_account",
        "Microsoft.Batch/batchAccounts",
        GROUPED,
        &[
            same("/location", &["location"]),
            same("keyVaultReference.id", &["key_vault_reference.id"]),
            same("keyVaultReference.url", &["key_vault_reference.url"]),
            same("encryption.keyVaultProperties.keyIdentifier", &["encryption.key_vault_key_id"]),
        ],
    ),
    entry(
        "cdn_frontdoor_secret",
        "Microsoft.Cdn/profiles/secrets",
        Below("cdn_frontdoor_profile_id", &["name"]),
        &[same("parameters.secretSource.id", &["secret.customer_certificate.key_vault_certificate_id"])],
    ),
    entry(
        "automation_hybrid_runbook_worker_group",
        "Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups",
        Group(&["automation_account_name", "name"]),
        &[],
    ),
    entry(
        "automation_hybrid_runbook_worker",
        "Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups/hybridRunbookWorkers",
        Group(&["automation_account_name", "worker_group_name", "worker_id"]),
        &[same("vmResourceId", &["vm_resource_id"])],
    ),
    entry(
        "automation_job_schedule",
        "Microsoft.Automation/automationAccounts/jobSchedules",
        Group(&["automation_account_name", "job_schedule_id"]),
        &[same("runOn", &["run_on"])],
    ),
    entry("container_app", "Microsoft.App/containerApps", GROUPED, CONTAINER_APP),
    entry(
        "container_app_environment",
        names::CONTAINER_ENVIRONMENT,
        GROUPED,
        &[
            same("/location", &["location"]),
            same("vnetConfiguration.infrastructureSubnetId", &["infrastructure_subnet_id"]),
        ],
    ),
    entry("container_app_job", "Microsoft.App/jobs", GROUPED, CONTAINER_APP),
    entry("container_group", "Microsoft.ContainerInstance/containerGroups", GROUPED, CONTAINER_GROUP),
    entry(
        "container_registry",
        "Microsoft.ContainerRegistry/registries",
        GROUPED,
        &[
            same("/location", &["location"]),
            same("encryption.keyVaultProperties.keyIdentifier", &["encryption.key_vault_key_id"]),
            same("encryption.keyVaultProperties.identity", &["encryption.identity_client_id"]),
        ],
    ),
    entry(
        "cosmosdb_account",
        "Microsoft.DocumentDB/databaseAccounts",
        GROUPED,
        &[
            same("/location", &["location"]),
            same("keyVaultKeyUri", &["key_vault_key_id", "managed_hsm_key_id"]),
        ],
    ),
    entry(
        "data_factory",
        "Microsoft.DataFactory/factories",
        GROUPED,
        &[same("/location", &["location"]), same("encryption.vaultBaseUrl", &["customer_managed_key_id"])],
    ),
    entry("data_factory_integration_runtime_azure", RUNTIMES, Below("data_factory_id", &["name"]), &[]),
    entry("data_factory_integration_runtime_azure_ssis", RUNTIMES, Below("data_factory_id", &["name"]), &[]),
    entry("data_factory_integration_runtime_self_hosted", RUNTIMES, Below("data_factory_id", &["name"]), &[]),
    entry(
        "data_factory_linked_custom_service",
        LINKED_SERVICES,
        Below("data_factory_id", &["name"]),
        CUSTOM_SERVICE,
    ),
    linked_service("data_factory_linked_service_azure_blob_storage"),
    linked_service("data_factory_linked_service_azure_databricks"),
    linked_service("data_factory_linked_service_azure_file_storage"),
    linked_service("data_factory_linked_service_azure_function"),
    linked_service("data_factory_linked_service_azure_search"),
    linked_service("data_factory_linked_service_azure_sql_database"),
    linked_service("data_factory_linked_service_azure_table_storage"),
    linked_service("data_factory_linked_service_cosmosdb"),
    linked_service("data_factory_linked_service_cosmosdb_mongoapi"),
    linked_service("data_factory_linked_service_data_lake_storage_gen2"),
    linked_service("data_factory_linked_service_key_vault"),
    linked_service("data_factory_linked_service_kusto"),
    linked_service("data_factory_linked_service_mysql"),
    linked_service("data_factory_linked_service_odata"),
    linked_service("data_factory_linked_service_odbc"),
    linked_service("data_factory_linked_service_postgresql"),
    linked_service("data_factory_linked_service_sftp"),
    linked_service("data_factory_linked_service_snowflake"),
    linked_service("data_factory_linked_service_sql_managed_instance"),
    linked_service("data_factory_linked_service_sql_server"),
    linked_service("data_factory_linked_service_synapse"),
    linked_service("data_factory_linked_service_web"),
    entry(
        "data_factory_managed_private_endpoint",
        "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints",
        Within("data_factory_id", "managedVirtualNetworks/default"),
        MANAGED_ENDPOINT,
    ),
    entry(
        "dashboard_grafana_managed_private_endpoint",
        "Microsoft.Dashboard/grafana/managedPrivateEndpoints",
        Below("grafana_id", &["name"]),
        MANAGED_ENDPOINT,
    ),
    entry(
        "kusto_cluster_managed_private_endpoint",
        "Microsoft.Kusto/clusters/managedPrivateEndpoints",
        Group(&["cluster_name", "name"]),
        MANAGED_ENDPOINT,
    ),
    entry(
        "machine_learning_workspace_network_outbound_rule_private_endpoint",
        "Microsoft.MachineLearningServices/workspaces/outboundRules",
        Below("workspace_id", &["name"]),
        &[same("destination.serviceResourceId", &["service_resource_id"])],
    ),
    entry(
        "search_shared_private_link_service",
        "Microsoft.Search/searchServices/sharedPrivateLinkResources",
        Below("search_service_id", &["name"]),
        MANAGED_ENDPOINT,
    ),
    entry(
        "signalr_shared_private_link_resource",
        "Microsoft.SignalRService/signalR/sharedPrivateLinkResources",
        Below("signalr_service_id", &["name"]),
        MANAGED_ENDPOINT,
    ),
    entry(
        "stream_analytics_managed_private_endpoint",
        "Microsoft.StreamAnalytics/clusters/privateEndpoints",
        Group(&["stream_analytics_cluster_name", "name"]),
        &[part("manualPrivateLinkServiceConnections", &["target_resource_id"], Each("privateLinkServiceId"))],
    ),
    entry(
        "synapse_integration_runtime_azure",
        SYNAPSE_RUNTIMES,
        Below("synapse_workspace_id", &["name"]),
        &[],
    ),
    entry(
        "synapse_integration_runtime_self_hosted",
        SYNAPSE_RUNTIMES,
        Below("synapse_workspace_id", &["name"]),
        &[],
    ),
    entry(
        "synapse_linked_service",
        "Microsoft.Synapse/workspaces/linkedServices",
        Below("synapse_workspace_id", &["name"]),
        CUSTOM_SERVICE,
    ),
    entry(
        "synapse_managed_private_endpoint",
        "Microsoft.Synapse/workspaces/managedVirtualNetworks/managedPrivateEndpoints",
        Within("synapse_workspace_id", "managedVirtualNetworks/default"),
        MANAGED_ENDPOINT,
    ),
    entry(
        "web_pubsub_shared_private_link_resource",
        "Microsoft.SignalRService/webPubSub/sharedPrivateLinkResources",
        Below("web_pubsub_id", &["name"]),
        MANAGED_ENDPOINT,
    ),
    entry(
        "databricks_workspace",
        "Microsoft.Databricks/workspaces",
        GROUPED,
        &[
            same("/location", &["location"]),
            same(
                "encryption.entities.managedServices.keyVaultProperties.keyVaultUri",
                &["managed_services_cmk_key_vault_key_id"],
            ),
            same(
                "encryption.entities.managedDisk.keyVaultProperties.keyVaultUri",
                &["managed_disk_cmk_key_vault_key_id"],
            ),
        ],
    ),
    entry("eventhub_namespace", "Microsoft.EventHub/namespaces", GROUPED, LOCATED),
    entry("linux_function_app_slot", names::WEB_SLOT, Below("function_app_id", &["name"]), SITE),
    entry("linux_virtual_machine", names::VIRTUAL_MACHINE, GROUPED, MACHINE),
    entry("linux_virtual_machine_scale_set", SCALE_SETS, GROUPED, SCALE_SET),
    entry("linux_web_app_slot", names::WEB_SLOT, Below("app_service_id", &["name"]), SITE),
    entry("logic_app_workflow", "Microsoft.Logic/workflows", GROUPED, LOCATED),
    entry(
        "machine_learning_workspace",
        "Microsoft.MachineLearningServices/workspaces",
        GROUPED,
        &[
            same("/location", &["location"]),
            same("keyVault", &["key_vault_id"]),
            same("encryption.keyVaultProperties.keyVaultArmId", &["encryption.key_vault_id"]),
            same("encryption.keyVaultProperties.keyIdentifier", &["encryption.key_id"]),
        ],
    ),
    entry(
        "mssql_server",
        "Microsoft.Sql/servers",
        GROUPED,
        &[same("/location", &["location"]), same("keyId", &["transparent_data_encryption_key_vault_key_id"])],
    ),
    entry(
        "mssql_server_transparent_data_encryption",
        "Microsoft.Sql/servers/encryptionProtector",
        Named("server_id", "current"),
        &[same("uri", &["key_vault_key_id", "managed_hsm_key_id"])],
    ),
    entry("resource_deployment_script_azure_cli", names::DEPLOYMENT_SCRIPT, GROUPED, DEPLOYMENT_SCRIPT),
    entry(
        "resource_deployment_script_azure_power_shell",
        names::DEPLOYMENT_SCRIPT,
        GROUPED,
        DEPLOYMENT_SCRIPT,
    ),
    entry(
        "servicebus_namespace",
        "Microsoft.ServiceBus/namespaces",
        GROUPED,
        &[
            same("/location", &["location"]),
            part(
                "encryption.keyVaultProperties",
                &["customer_managed_key"],
                Blocks(&[same("keyVaultUri", &["key_vault_key_id"])]),
            ),
        ],
    ),
    entry(
        "synapse_workspace",
        "Microsoft.Synapse/workspaces",
        GROUPED,
        &[
            same("/location", &["location"]),
            same("encryption.cmk.key.keyVaultUrl", &["customer_managed_key.key_versionless_id"]),
        ],
    ),
    entry("windows_function_app_slot", names::WEB_SLOT, Below("function_app_id", &["name"]), SITE),
    entry("windows_virtual_machine", names::VIRTUAL_MACHINE, GROUPED, MACHINE),
    entry("windows_virtual_machine_scale_set", SCALE_SETS, GROUPED, SCALE_SET),
    entry("windows_web_app_slot", names::WEB_SLOT, Below("app_service_id", &["name"]), SITE),
];

fn find(kind: &str) -> Option<&'static Entry> {
    let name = kind.strip_prefix("azurerm_")?;
    ENTRIES.iter().find(|entry| entry.from == name)
}

/// Whether a type of the provider is read.
pub(super) fn is_known(kind: &str) -> bool {
    find(kind).is_some() || overlay::is_setter(kind)
}

/// What the attributes of a type become.
pub(super) fn parts(kind: &str) -> Option<&'static [Part]> {
    find(kind).map(|entry| entry.parts)
}

/// What the attributes of every type become.
pub(super) fn all_parts() -> impl Iterator<Item = &'static [Part]> {
    ENTRIES.iter().map(|entry| entry.parts)
}

/// How a type of the provider says what it is a part of.
pub(super) struct Child {
    /// The provider's type, with `azurerm_`.
    pub(super) kind: String,
    pub(super) parts: &'static [Part],
    /// The attribute for the parent's name.
    pub(super) by_name: Option<&'static str>,
    /// The attribute for the parent's id.
    pub(super) by_id: Option<&'static str>,
}

/// The type of the provider that is an ARM type with a parent.
pub(super) fn child(arm: &str) -> Option<Child> {
    let entry = ENTRIES.iter().find(|entry| entry.to == arm)?;
    let (by_name, by_id) = match &entry.id {
        Either(Group([parent, _]), Below(id, _)) => (Some(*parent), Some(*id)),
        Group([parent, _]) => (Some(*parent), None),
        Below(id, _) => (None, Some(*id)),
        _ => return None,
    };
    Some(Child { kind: format!("azurerm_{}", entry.from), parts: entry.parts, by_name, by_id })
}

/// Whether a type is of what is in a vault, which the provider makes through the data plane (F7.4).
pub(super) fn is_in_vault(kind: &str) -> bool {
    find(kind).is_some_and(|entry| matches!(entry.id, InVault))
}

/// Arguments that version 5 no longer has, and what it has instead (F7.12, F7.13, F7.14, F7.15, F7.23).
const REMOVED: &[(&str, &str, &str)] = &[
    ("key_vault", "enable_rbac_authorization", "rbac_authorization_enabled"),
    ("private_dns_zone_virtual_network_link", "private_dns_zone_name", "private_dns_zone_id"),
    ("private_dns_a_record", "zone_name", "private_dns_zone_id"),
    ("subnet", "service_endpoints", "service_endpoint"),
    ("subnet", "private_endpoint_network_policies_enabled", "private_endpoint_network_policies"),
    ("subnet", "enforce_private_link_endpoint_network_policies", "private_endpoint_network_policies"),
    ("monitor_diagnostic_setting", "metric", "enabled_metric"),
    ("monitor_diagnostic_setting", "log", "enabled_log"),
];

/// The arguments of a resource that version 5 no longer has.
pub(super) fn removed(kind: &str, value: &Value) -> Vec<Removed> {
    let written = written(value);
    let of = |(resource, name, instead): &(&str, &'static str, &'static str)| {
        let is_its = kind.strip_prefix("azurerm_") == Some(resource);
        let place = is_its.then(|| written.key_place(name)).flatten()?;
        Some(Removed { name, place, instead })
    };
    REMOVED.iter().filter_map(of).collect()
}

/// Arguments that version 5 wants written, and what they were called before (F7.23).
const WANTED: &[(&str, &str, &str)] =
    &[("key_vault", "rbac_authorization_enabled", "enable_rbac_authorization")];

/// The arguments that version 5 wants written and that are not, in either spelling.
pub(super) fn wanted(kind: &str, value: &Value) -> Vec<(&'static str, Place)> {
    let written = written(value);
    let of = |(resource, name, before): &(&str, &'static str, &str)| {
        let is_its = kind.strip_prefix("azurerm_") == Some(resource);
        let is_written = [*name, before].iter().any(|name| written.key_place(name).is_some());
        Some((*name, written.anchor.filter(|_| is_its && !is_written)?))
    };
    WANTED.iter().filter_map(of).collect()
}

/// A resource with an argument whose value is open.
pub(super) fn with_open(value: &Value, name: &str) -> Value {
    let written = written(value);
    let mut fields = written_fields(&written);
    fields.push(Field { key: Rc::from(name), key_place: None, value: value.get(name).at(written.anchor) });
    Value::partial(value.clone(), like(&written, fields))
}

/// What is written of a resource, without what is generated.
pub(super) fn written(value: &Value) -> Value {
    match &value.kind {
        Kind::Term(term) => match &term.kind {
            TermKind::Partial { declared, .. } => declared.clone(),
            _ => Value::null(),
        },
        _ => value.clone(),
    }
}

/// A resource as expressions see it: what is written, its id, and the rest generated.
pub(super) fn completed(kind: &str, of: Value, written: Value, is_data: bool, context: &Context) -> Value {
    let mut fields: Vec<Field> =
        written.as_object().map(|object| object.fields().to_vec()).unwrap_or_default();
    let mut add = |key: &str, value: Value| {
        if !fields.iter().any(|field| &*field.key == key) {
            fields.push(Field { key: Rc::from(key), key_place: None, value });
        }
    };
    match kind {
        "azurerm_client_config" | "azapi_client_config" => {
            add("subscription_id", context.subscription.clone());
        }
        "azurerm_subscription" => {
            let own = written.get("subscription_id");
            let subscription = if own.is_null() { context.subscription.clone() } else { own };
            add("subscription_id", subscription.clone());
            add("id", Value::concat(&[Value::text("/subscriptions/"), subscription]));
        }
        // Without special characters it is made of letters and digits.
        "random_string" => {
            let (length, special) = (written.get("length"), written.get("special"));
            if let (Some(count), Some(false)) = (length.as_int(), special.as_bool()) {
                let result = Value::generated(of.clone(), "result", count);
                add("result", result.assuming(&length.assumed).assuming(&special.assumed));
            }
        }
        _ => {}
    }
    let partial = Value::partial(of.clone(), written.clone());
    if let Some(entry) = find(kind) {
        let (_, id) = identity(entry, &partial, context);
        let reference = || Value::call("reference", vec![id.clone()]);
        match entry.from {
            "key_vault" => add("vault_uri", reference().get("vaultUri")),
            "user_assigned_identity" => {
                add("principal_id", reference().get("principalId"));
                add("client_id", reference().get("clientId"));
            }
            "kubernetes_cluster" => {
                let kubelet = reference().path(&["identityProfile", "kubeletidentity"]);
                add("kubelet_identity", assigned(&kubelet));
            }
            _ if matches!(entry.id, InVault) => {
                for key in ["versionless_id", "secret_id", "versionless_secret_id", "resource_id"] {
                    add(key, reference().get(key));
                }
            }
            "private_endpoint" if !is_data => {
                // The only address of an endpoint of a vault (F4.8).
                let address = only(&written.get("ip_configuration")).get("private_ip_address");
                let generated = Value::property(reference(), "privateIPAddress");
                add("private_ip_address", if address.is_null() { generated } else { address });
            }
            _ => {}
        }
        // What Azure generates inside blocks.
        let address = fields.iter().find(|field| &*field.key == "private_ip_address");
        let address = address.map(|field| field.value.clone());
        let provider = reference().path(&["addonProfiles", "azureKeyvaultSecretsProvider", "identity"]);
        let own = |kind: &'static str, key, value: Value| (kind, key, value);
        let at =
            |kind| Some(own(kind, "private_ip_address", Value::property(reference(), "privateIPAddress")));
        let (of_firewall, of_hub) = match entry.from {
            "firewall" => (at("ip_configuration"), at("virtual_hub")),
            "private_dns_resolver_inbound_endpoint" => (at("ip_configurations"), None),
            _ => (None, None),
        };
        let generated = [
            of_firewall,
            of_hub,
            Some(own("identity", "principal_id", reference().get("identity").get("principalId"))),
            Some(own("key_vault_secrets_provider", "secret_identity", assigned(&provider))),
            address.map(|address| own("private_service_connection", "private_ip_address", address)),
        ];
        for (kind, key, value) in generated.into_iter().flatten() {
            in_blocks(&mut fields, kind, key, &|_| value.clone());
        }
        if let Some((kind, segment)) = parts_with_id(entry.from) {
            let segment = Value::text(format!("/{segment}/"));
            in_blocks(&mut fields, kind, "id", &|block| {
                Value::concat(&[id.clone(), segment.clone(), block.get("name")])
            });
        }
        let id = match entry.id {
            InVault => reference().get("id"),
            _ => id,
        };
        if !fields.iter().any(|field| &*field.key == "id") {
            fields.push(Field { key: Rc::from("id"), key_place: None, value: id });
        }
    } else if let Some(id) = strangers::known_id(kind, &written) {
        let own = Value::call("reference", vec![id]).get("identity").get("principalId");
        in_blocks(&mut fields, "identity", "principal_id", &|_| own.clone());
    }
    Value::partial(of, like(&written, fields))
}

/// Blocks of a resource that are resources of their own, and what is before their names in an id.
fn parts_with_id(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        "virtual_network" => Some(("subnet", "subnets")),
        "private_endpoint" => Some(("private_dns_zone_group", "privateDnsZoneGroups")),
        _ => None,
    }
}

/// Blocks that the provider reads into a set: which of them comes first is not known.
const SETS: &[(&str, &str)] = &[("azurerm_virtual_network", "subnet")];

/// Whether the blocks of a kind have no order.
pub(super) fn is_set(resource: &str, kind: &str) -> bool {
    SETS.contains(&(resource, kind))
}

/// Adds what Azure generates to every block of a kind that does not say it.
fn in_blocks(fields: &mut [Field], kind: &str, key: &str, make: &dyn Fn(&Value) -> Value) {
    for blocks in fields.iter_mut().filter(|field| &*field.key == kind) {
        blocks.value = items(&blocks.value, &|block| {
            let Some(object) = block.as_object() else { return block.clone() };
            let mut inner = object.fields().to_vec();
            if !object.has(key) {
                inner.push(Field { key: Rc::from(key), key_place: None, value: make(block) });
            }
            like(block, inner)
        });
    }
}

/// The block of an identity that Azure makes for a part of a resource.
fn assigned(identity: &Value) -> Value {
    let fields = [("object_id", identity.get("objectId")), ("client_id", identity.get("clientId"))];
    Value::array(vec![Value::record(fields)])
}

/// The name with its parents', and the id.
fn identity(entry: &Entry, value: &Value, context: &Context) -> (Value, Value) {
    by(&entry.id, entry.to, value, context)
}

fn by(id: &Id, kind: &str, value: &Value, context: &Context) -> (Value, Value) {
    let full = |names: &[&str]| {
        let mut pieces = Vec::new();
        for name in names {
            if !pieces.is_empty() {
                pieces.push(Value::text("/"));
            }
            pieces.push(value.get(name));
        }
        let place = value.get(names.last().copied().unwrap_or("name")).place;
        Value::concat(&pieces).at(place)
    };
    match id {
        Group(names) => {
            let name = full(names);
            let id = resource_id(&context.subscription, &value.get("resource_group_name"), kind, &name);
            (name, id)
        }
        Below(parent, names) => {
            let parent = value.get(parent);
            let own = full(names);
            let last = kind.rsplit('/').next().unwrap_or_default();
            let id = Value::concat(&[parent.clone(), Value::text(format!("/{last}/")), own.clone()]);
            (below(&parent, own), id)
        }
        Within(parent, part) => {
            let parent = Value::concat(&[value.get(parent), Value::text(format!("/{part}"))]);
            let own = full(&["name"]);
            let last = kind.rsplit('/').next().unwrap_or_default();
            let id = Value::concat(&[parent.clone(), Value::text(format!("/{last}/")), own.clone()]);
            (below(&parent, own), id)
        }
        Either(first, second) => {
            let is_first = match first {
                Group(names) => names.first().is_some_and(|name| !written(value).get(name).is_null()),
                _ => true,
            };
            by(if is_first { first } else { second }, kind, value, context)
        }
        Extends(scope) => {
            let name = written(value).get("name");
            // A role assignment names itself.
            let name = if name.is_null() { value.get("name") } else { name };
            (name.clone(), extension_id(&value.get(scope), kind, &name))
        }
        Named(parent, name) => {
            let parent = value.get(parent);
            let own = Value::text(*name);
            let last = kind.rsplit('/').next().unwrap_or_default();
            let id = Value::concat(&[parent.clone(), Value::text(format!("/{last}/{name}"))]);
            (below(&parent, own), id)
        }
        ResourceGroup => {
            let name = value.get("name");
            let id = group_id(&context.subscription, &name);
            (name, id)
        }
        InVault => {
            let name = value.get("name");
            let id = [value.get("key_vault_id"), Value::text(format!("/{kind}s/")), name.clone()];
            (name, Value::concat(&id))
        }
    }
}

fn group_id(subscription: &Value, name: &Value) -> Value {
    Value::concat(&[
        Value::text("/subscriptions/"),
        subscription.clone(),
        Value::text("/resourceGroups/"),
        name.clone(),
    ])
}

/// A name below the resource of an id.
fn below(parent: &Value, name: Value) -> Value {
    let place = name.place;
    let above = distribute(std::slice::from_ref(parent), &|ids| {
        ids.first().map_or_else(Value::null, |id| name_segments(id).pop().unwrap_or_default())
    });
    Value::concat(&[above, Value::text("/"), name]).at(place)
}

/// The resource in ARM's shape, with those that are written inside it.
pub(super) fn lower(kind: &str, value: &Value, is_data: bool) -> Vec<Arm> {
    if let Some((id, body)) = overlay::change(kind, value) {
        let (name, api_version) = (Value::null(), Value::null());
        let condition = Value::bool(true);
        return vec![Arm { kind: Rc::from(kind), name, id, api_version, body, condition, place: None }];
    }
    let Some(entry) = find(kind) else { return Vec::new() };
    let written = written(value);
    let context = Context {
        subscription: Value::property(Value::call("subscription", Vec::new()), "subscriptionId"),
        resource_group: Value::null(),
    };
    let (name, made) = identity(entry, value, &context);
    // A state knows the id.
    let known = written.get("id");
    let id = if known.as_text().is_some_and(|id| id.starts_with('/')) { known } else { made };
    if matches!(entry.id, InVault) {
        if is_data {
            return Vec::new();
        }
        let body = Value::record([("properties", like(&written, written_fields(&written)))]);
        return vec![Arm {
            kind: Rc::from(kind),
            name,
            id,
            api_version: Value::null(),
            body: body.at(written.place),
            condition: Value::bool(true),
            place: None,
        }];
    }
    if is_data {
        let body = Value::null().at(written.place);
        let (kind, api_version) = (Rc::from(entry.to), Value::null());
        return vec![Arm { kind, name, id, api_version, body, condition: Value::bool(true), place: None }];
    }
    let mut properties = Vec::new();
    let mut top = Vec::new();
    for field in fields(entry.parts, &written) {
        match field.key.strip_prefix('/') {
            Some(key) => top.push(Field { key: Rc::from(key), ..field }),
            None => properties.push(field),
        }
    }
    special(entry, &written, &mut properties, &mut top);
    let identity = written.get("identity");
    if !identity.is_null() && top.iter().all(|field| &*field.key != "identity") {
        let key_place = written.key_place("identity");
        top.push(Field { key: Rc::from("identity"), key_place, value: only(&identity) });
    }
    top.push(Field { key: Rc::from("properties"), key_place: None, value: like(&written, properties) });
    let main = Arm {
        kind: Rc::from(entry.to),
        name: name.clone(),
        id: id.clone(),
        api_version: Value::null(),
        body: like(&written, top),
        condition: Value::bool(true),
        place: None,
    };
    let mut all = vec![main];
    if entry.from == "private_endpoint" {
        all.extend(zone_group(&name, &id, &written.get("private_dns_zone_group")));
    }
    all
}

fn written_fields(written: &Value) -> Vec<Field> {
    written.as_object().map(|object| object.fields().to_vec()).unwrap_or_default()
}

/// What no table says.
fn special(entry: &Entry, written: &Value, properties: &mut Vec<Field>, top: &mut Vec<Field>) {
    let field = |key: &str, value: Value| Field { key: Rc::from(key), key_place: None, value };
    match entry.from {
        "key_vault" => {
            // Not set is false, up to version 5, which wants it written (F7.9).
            let is_said = properties.iter().any(|field| &*field.key == "enableRbacAuthorization");
            if !is_said {
                let off = Value { place: written.anchor, anchor: written.anchor, ..Value::bool(false) };
                properties.push(field("enableRbacAuthorization", off));
            }
        }
        "private_endpoint" => {
            // The member is called like the group where it is not written (F7.10).
            for addresses in properties.iter_mut().filter(|field| &*field.key == "ipConfigurations") {
                addresses.value = items(&addresses.value, &|address| {
                    let group = address.get("groupId");
                    if !address.get("memberName").is_null() || address.as_object().is_none() {
                        return address.clone();
                    }
                    let mut fields = written_fields(address);
                    let member = Value { place: address.anchor, anchor: None, ..group };
                    fields.push(field("memberName", member));
                    like(address, fields)
                });
            }
        }
        "key_vault_access_policy" => {
            let policy = like(written, fields(ACCESS_POLICY, written));
            properties.push(field("accessPolicies", Value::array(vec![policy]).at(written.place)));
        }
        "private_dns_zone" | "private_dns_zone_virtual_network_link" => {
            top.push(field("location", Value::text(names::GLOBAL_LOCATION)));
        }
        "monitor_diagnostic_setting" => {
            // What is listed is on, unless an older `log` says otherwise (F7.15).
            for logs in properties.iter_mut().filter(|field| &*field.key == "logs") {
                logs.value = items(&logs.value, &|log| {
                    if !log.get("enabled").is_null() || log.as_object().is_none() {
                        return log.clone();
                    }
                    let mut fields = written_fields(log);
                    fields.push(field("enabled", Value::bool(true)));
                    like(log, fields)
                });
            }
        }
        "function_app"
        | "function_app_flex_consumption"
        | "linux_function_app"
        | "linux_function_app_slot"
        | "windows_function_app"
        | "windows_function_app_slot" => {
            top.push(field("kind", Value::text("functionapp")));
        }
        "data_factory_integration_runtime_self_hosted" | "synapse_integration_runtime_self_hosted" => {
            properties.push(field("type", Value::text("SelfHosted")));
        }
        "data_factory_integration_runtime_azure"
        | "data_factory_integration_runtime_azure_ssis"
        | "synapse_integration_runtime_azure" => {
            properties.push(field("type", Value::text("Managed")));
        }
        "logic_app_standard" => top.push(field("kind", Value::text("functionapp,workflowapp"))),
        _ => {}
    }
}

/// The zone group that is written inside a private endpoint.
fn zone_group(endpoint: &Value, id: &Value, blocks: &Value) -> Option<Arm> {
    let group = only(blocks);
    // One that is not there by default only may be there.
    if group.is_null() && group.assumed.is_empty() {
        return None;
    }
    let is_there = distribute(std::slice::from_ref(&group), &|groups| match groups.first() {
        Some(group) if group.as_object().is_some() => Value::bool(true),
        Some(group) if group.is_null() => Value::bool(false),
        _ => Value::call("contains", vec![blocks.clone()]),
    });
    let group = without_null(group);
    let (name, place) = (group.get("name"), group.place);
    let configs = items(&group.get("private_dns_zone_ids"), &|zone| {
        Value::record([("privateDnsZoneId", zone.clone())]).standing(zone)
    });
    let key_place = group.key_place("private_dns_zone_ids");
    let configs = Field { key: Rc::from("privateDnsZoneConfigs"), key_place, value: configs };
    let properties =
        Field { key: Rc::from("properties"), key_place: None, value: like(&group, vec![configs]) };
    Some(Arm {
        kind: Rc::from(names::ZONE_GROUP),
        name: Value::concat(&[endpoint.clone(), Value::text("/"), name.clone()]).standing(&name),
        id: Value::concat(&[id.clone(), Value::text("/privateDnsZoneGroups/"), name]),
        api_version: Value::null(),
        body: like(&group, vec![properties]),
        condition: is_there,
        place,
    })
}

/// A value without the branches in which it is null.
fn without_null(value: Value) -> Value {
    match &value.kind {
        Kind::Choice(choice) => {
            let (then, otherwise) =
                (without_null(choice.then.clone()), without_null(choice.otherwise.clone()));
            let made = match (then.is_null(), otherwise.is_null()) {
                (true, _) => otherwise,
                (_, true) => then,
                _ => Value::choice(choice.condition.clone(), then, otherwise),
            };
            made.or_at(value.place).assuming(&value.assumed)
        }
        _ => value,
    }
}

/// The connections of an endpoint that need approval, or the others.
fn connections(list: &Value, manual: bool) -> Value {
    let mut of_kind = Vec::new();
    let elements = list.elements();
    for item in &elements.items {
        let made = if item.value.as_object().is_some() {
            like(&item.value, fields(CONNECTION, &item.value))
        } else {
            item.value.clone()
        };
        let is_manual = words(&item.value.get("is_manual_connection"), "manual", "auto");
        let wanted = if manual { "manual" } else { "auto" };
        let one = Value::array(vec![made]);
        of_kind.push(distribute(
            &[is_manual],
            &|kinds| match kinds.first().map(|kind| (kind, kind.as_text())) {
                Some((_, Some(kind))) if kind == wanted => one.clone(),
                Some((kind, None)) if !kind.is_null() || !manual => one.clone(),
                _ => Value::array(Vec::new()),
            },
        ));
    }
    if elements.open.is_some() && !manual {
        of_kind.push(list.clone());
    }
    functions::terraform::terraform("concat", of_kind).standing(list).assuming(&list.assumed)
}

/// A secret that is in the vault of another linked service.
fn stored(block: &Value) -> Value {
    distribute(&[only(block)], &|blocks| match blocks.first() {
        Some(block) if block.as_object().is_some() => {
            let mut made = fields(STORED, block);
            let kind = Value::text("AzureKeyVaultSecret").at(block.place);
            made.push(Field { key: Rc::from("type"), key_place: None, value: kind });
            like(block, made)
        }
        Some(block) if !block.is_null() => block.clone(),
        _ => Value::null(),
    })
}

fn true_or_nothing(flag: &Value) -> Value {
    // The provider leaves out what is false: it only ever turns it on (F1.15).
    distribute(std::slice::from_ref(flag), &|flags| match flags.first() {
        Some(flag) if flag.as_bool() == Some(false) => Value::null(),
        Some(flag) => flag.clone(),
        None => Value::null(),
    })
}

fn settings(map: &Value) -> Value {
    distribute(std::slice::from_ref(map), &|maps| {
        let Some(map) = maps.first() else { return Value::null() };
        let Some(object) = map.as_object() else { return map.clone() };
        let entries = object.fields().iter().map(|field| {
            let name = Value::text(Rc::clone(&field.key)).at(field.key_place);
            Value::record([("name", name), ("value", field.value.clone())]).at(field.key_place)
        });
        Value::array(entries.collect())
    })
    .standing(map)
}

fn role_id(name: &Value) -> Value {
    distribute(std::slice::from_ref(name), &|names| {
        let Some(name) = names.first() else { return Value::null() };
        let known =
            name.as_text().and_then(|name| ROLES.iter().find(|role| role.name.eq_ignore_ascii_case(name)));
        match known {
            Some(role) => {
                Value::text(format!("/providers/Microsoft.Authorization/roleDefinitions/{}", role.id))
            }
            // Another role, by its name.
            None => Value::concat(&[
                Value::text("/providers/Microsoft.Authorization/roleDefinitions/"),
                name.clone(),
            ]),
        }
    })
    .standing(name)
}

/// An attribute of a resource, whatever it is.
pub(super) fn attribute(value: &Value, path: &str) -> Value {
    read(&written(value), path).1
}
