//! Resources that call vaults, by their type: which service they are a part of, and from where that calls.

/// A service that calls vaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallingService {
    /// What Azure calls it.
    pub name: &'static str,
    /// Whether it gets past the firewall as a trusted service for what it does with a vault (F5.26).
    pub trusted: bool,
    /// Whether it calls a vault only where the resource names one: for most of these, vaults are an option.
    pub only_with_vault: bool,
    /// From where it calls.
    pub reach: Reach,
}

/// From where a service calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From public addresses that its own documentation names, or that its owner can find out.
    Public,
    /// From public addresses of Azure that are not listed.
    Platform,
    /// From public addresses of Azure that change, where code of the customer's runs; or from a machine of the customer's
    /// that the code is sent to.
    Sandbox,
    /// From a network when it is set up so on the resource itself, or on its plan; from public addresses otherwise.
    Integration,
    /// From a network or not, by settings that are elsewhere: of its interfaces, its environment, its provider.
    Elsewhere,
    /// Nothing is known of it.
    Unknown,
}

use Reach::{Elsewhere, Integration, Platform, Public, Sandbox, Unknown};

const fn trusted(name: &'static str, reach: Reach) -> CallingService {
    CallingService { name, trusted: true, only_with_vault: true, reach }
}

const fn untrusted(name: &'static str, reach: Reach) -> CallingService {
    CallingService { name, trusted: false, only_with_vault: true, reach }
}

/// One that may call vaults although the resource names none.
const fn always(service: CallingService) -> CallingService {
    CallingService { only_with_vault: false, ..service }
}

/// A resource whose type is not known: no source says that the bypass lets it in.
const STRANGER: CallingService = untrusted("", Unknown);

const APP: CallingService = untrusted("App Service", Integration);
const APP_CERTIFICATES: CallingService = trusted("App Service", Platform);
const CONTAINER_APPS: CallingService = untrusted("Container Apps", Elsewhere);
const DISK_ENCRYPTION: CallingService = trusted("Disk Encryption", Platform);
const FRONT_DOOR: CallingService = trusted("Front Door", Platform);
/// What runs in a cluster that is not this resource.
pub const IN_CLUSTER: CallingService = untrusted("Kubernetes", Elsewhere);
const MACHINE: CallingService = untrusted("Virtual Machines", Elsewhere);
const SQL: CallingService = trusted("SQL Database", Platform);

/// By ARM type, or by the beginning of one, in lower case: the longest that fits counts. Sources: F5.6, F5.10, F5.20,
/// F5.21, F5.22, F5.23, F5.24 and F5.26; for Load Testing F5.29, for Dev Center F5.30, for Cosmos DB F5.31. What is not on
/// the list of trusted services (F5.26), and of which no source says otherwise, is untrusted.
const BY_ARM_TYPE: &[(&str, CallingService)] = &[
    ("microsoft.agfoodplatform", trusted("Data Manager for Agriculture", Platform)),
    ("microsoft.apimanagement/service", trusted("API Management", Elsewhere)),
    // What it holds its management reads, which is in no network of the customer's (F5.21).
    ("microsoft.apimanagement/service/", trusted("API Management", Platform)),
    ("microsoft.app", CONTAINER_APPS),
    ("microsoft.app/containerapps", always(CONTAINER_APPS)),
    ("microsoft.app/jobs", always(CONTAINER_APPS)),
    ("microsoft.appconfiguration/configurationstores", untrusted("App Configuration", Platform)),
    ("microsoft.appplatform/spring", untrusted("Spring Apps", Elsewhere)),
    ("microsoft.automation/automationaccounts", untrusted("Automation", Sandbox)),
    ("microsoft.batch/batchaccounts", trusted("Batch", Platform)),
    ("microsoft.botservice", trusted("Bot Service", Platform)),
    ("microsoft.cache", untrusted("Azure Cache for Redis", Platform)),
    ("microsoft.cdn/profiles", FRONT_DOOR),
    ("microsoft.certificateregistration/certificateorders", APP_CERTIFICATES),
    ("microsoft.cognitiveservices/accounts", untrusted("Azure AI services", Platform)),
    ("microsoft.compute/diskencryptionsets", trusted("Disk Storage", Platform)),
    ("microsoft.compute/disks", DISK_ENCRYPTION),
    ("microsoft.compute/snapshots", DISK_ENCRYPTION),
    ("microsoft.compute/virtualmachines", MACHINE),
    ("microsoft.compute/virtualmachinescalesets", untrusted("Virtual Machine Scale Sets", Elsewhere)),
    ("microsoft.containerinstance/containergroups", untrusted("Container Instances", Integration)),
    ("microsoft.containerregistry/registries", trusted("Container Registry", Platform)),
    ("microsoft.containerservice/managedclusters", always(untrusted("Kubernetes Service", Elsewhere))),
    ("microsoft.databricks/workspaces", trusted("Databricks", Elsewhere)),
    ("microsoft.datafactory/factories", trusted("Data Factory", Elsewhere)),
    ("microsoft.datalakestore/accounts", trusted("Data Lake Store", Platform)),
    ("microsoft.dataprotection/backupvaults", trusted("Backup", Platform)),
    ("microsoft.dbformysql", trusted("Database for MySQL", Platform)),
    ("microsoft.dbforpostgresql", trusted("Database for PostgreSQL", Platform)),
    ("microsoft.desktopvirtualization", untrusted("Azure Virtual Desktop", Platform)),
    ("microsoft.devcenter", trusted("Dev Center", Platform)),
    // Its own documentation lets it in by the bypass, the list of trusted services does not name it.
    ("microsoft.documentdb/databaseaccounts", untrusted("Cosmos DB", Platform)),
    ("microsoft.eventhub/namespaces", trusted("Event Hubs", Platform)),
    ("microsoft.hdinsight/clusters", untrusted("HDInsight", Platform)),
    ("microsoft.importexport/jobs", trusted("Import/Export", Platform)),
    ("microsoft.kubernetes", untrusted("Arc-enabled Kubernetes", Elsewhere)),
    ("microsoft.kubernetesconfiguration", IN_CLUSTER),
    ("microsoft.kusto/clusters", untrusted("Data Explorer", Platform)),
    ("microsoft.loadtestservice/loadtests", trusted("Load Testing", Platform)),
    ("microsoft.logic/workflows", always(untrusted("Logic Apps", Public))),
    ("microsoft.machinelearningservices/workspaces", trusted("Machine Learning", Elsewhere)),
    ("microsoft.media/mediaservices", untrusted("Media Services", Platform)),
    ("microsoft.netapp/netappaccounts", trusted("NetApp Files", Elsewhere)),
    ("microsoft.network/applicationgateways", trusted("Application Gateway", Elsewhere)),
    ("microsoft.network/expressrouteports", trusted("ExpressRoute", Platform)),
    ("microsoft.network/firewallpolicies", trusted("Firewall Premium", Platform)),
    ("microsoft.network/frontdoors", FRONT_DOOR),
    ("microsoft.operationalinsights/clusters", trusted("Monitor", Platform)),
    ("microsoft.powerplatform", trusted("Power Platform", Platform)),
    ("microsoft.purview/accounts", trusted("Purview", Platform)),
    ("microsoft.recoveryservices/vaults", trusted("Backup", Platform)),
    ("microsoft.resources/deploymentscripts", untrusted("Deployment Scripts", Integration)),
    ("microsoft.search/searchservices", trusted("AI Search", Platform)),
    ("microsoft.servicebus/namespaces", trusted("Service Bus", Platform)),
    ("microsoft.signalrservice", untrusted("SignalR Service", Platform)),
    ("microsoft.sql/instancepools", SQL),
    ("microsoft.sql/managedinstances", SQL),
    ("microsoft.sql/servers", SQL),
    ("microsoft.sqlvirtualmachine/sqlvirtualmachines", MACHINE),
    ("microsoft.storage/storageaccounts", trusted("Storage", Platform)),
    ("microsoft.storagecache", untrusted("HPC Cache", Elsewhere)),
    ("microsoft.synapse/workspaces", trusted("Synapse", Elsewhere)),
    ("microsoft.virtualmachineimages/imagetemplates", untrusted("VM Image Builder", Elsewhere)),
    ("microsoft.web/certificates", APP_CERTIFICATES),
    ("microsoft.web/connections", untrusted("Logic Apps", Public)),
    ("microsoft.web/sites", always(APP)),
    ("microsoft.web/sites/config", APP),
    ("microsoft.web/sites/slots", always(APP)),
    ("microsoft.web/sites/slots/config", APP),
    ("microsoft.web/staticsites", untrusted("Static Web Apps", Platform)),
    ("secrets-store.csi.x-k8s.io", IN_CLUSTER),
];

/// Beginnings of ARM types, in lower case, that name a vault for what they do to it or say of it, or keep its id for
/// others; what is in the other table is not among them.
const NOT_CALLING: &[&str] = &[
    "microsoft.aad",
    "microsoft.advisor",
    "microsoft.alertsmanagement",
    // What refers to a secret there is resolved by its reader.
    "microsoft.appconfiguration/configurationstores/",
    "microsoft.authorization",
    "microsoft.billing",
    "microsoft.blueprint",
    "microsoft.chaos",
    "microsoft.consumption",
    "microsoft.costmanagement",
    "microsoft.dashboard",
    "microsoft.eventgrid",
    "microsoft.features",
    "microsoft.graph",
    "microsoft.guestconfiguration",
    "microsoft.insights",
    "microsoft.keyvault",
    "microsoft.maintenance",
    "microsoft.managedidentity",
    "microsoft.managedservices",
    "microsoft.management",
    "microsoft.monitor",
    "microsoft.network",
    "microsoft.operationalinsights",
    "microsoft.operationsmanagement",
    "microsoft.policyinsights",
    "microsoft.portal",
    "microsoft.resourcegraph",
    "microsoft.resourcehealth",
    "microsoft.resources",
    "microsoft.saas",
    "microsoft.security",
    "microsoft.securityinsights",
    "microsoft.servicelinker",
    "microsoft.solutions",
    "microsoft.subscription",
    "microsoft.support",
    "microsoft.web/serverfarms",
];

/// By type of Terraform, or by the beginning of one that ends in `_`.
const BY_TERRAFORM_TYPE: &[(&str, CallingService)] = &[
    // The scope is read by the control plane, wherever the workspace is (F5.26).
    ("databricks_secret_scope", trusted("Databricks", Platform)),
    // Azure DevOps reads a group that is linked to a vault when the group is configured (F5.32).
    ("azuredevops_variable_group", untrusted("Azure DevOps", Public)),
    ("helm_", IN_CLUSTER),
    ("kubectl_", IN_CLUSTER),
    ("kubernetes_", IN_CLUSTER),
];

/// Beginnings of types of Terraform that hold a value for others, manage or watch what they name, or do something
/// where Terraform runs.
const NOT_CALLING_IN_TERRAFORM: &[&str] = &[
    "alicloud_",
    "archive_",
    "aws_",
    "azuread_",
    "azuredevops_",
    "azurerm_advanced_threat_protection",
    "azurerm_app_configuration_",
    "azurerm_application_insights",
    "azurerm_billing_",
    "azurerm_consumption_",
    "azurerm_custom_provider",
    "azurerm_dashboard",
    "azurerm_eventgrid_",
    "azurerm_federated_identity_credential",
    "azurerm_key_vault",
    "azurerm_lighthouse_",
    "azurerm_log_analytics_",
    "azurerm_maintenance_",
    "azurerm_management_",
    "azurerm_marketplace_",
    "azurerm_monitor_",
    "azurerm_network_",
    "azurerm_pim_",
    "azurerm_policy_",
    "azurerm_portal_",
    "azurerm_private_",
    "azurerm_resource_",
    "azurerm_role_",
    "azurerm_security_center_",
    "azurerm_sentinel_",
    "azurerm_subnet",
    "azurerm_subscription_",
    "azurerm_tenant_",
    "azurerm_user_assigned_identity",
    "azurerm_virtual_network",
    "azapi_",
    "bitbucket_",
    "cloudflare_",
    "cloudinit_",
    "datadog_",
    "external",
    "github_",
    "gitlab_",
    "google_",
    "http",
    "local_",
    "msgraph_",
    "null_",
    "random_",
    "terraform_",
    "tfe_",
    "template_",
    "time_",
    "tls_",
];

/// The service that a resource of that type is a part of, in lower case; one that is not known is a stranger. Nothing for
/// types that call no vault by what is written in them.
pub fn service_of(kind: &str) -> Option<CallingService> {
    if !kind.contains('/') {
        let own = BY_TERRAFORM_TYPE
            .iter()
            .find(|(known, _)| *known == kind || known.ends_with('_') && kind.starts_with(known));
        let calls = || !NOT_CALLING_IN_TERRAFORM.iter().any(|beginning| kind.starts_with(beginning));
        return own.map(|(_, service)| *service).or_else(|| calls().then_some(STRANGER));
    }
    let begins = |beginning: &str| {
        kind.strip_prefix(beginning)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || beginning.ends_with('/'))
    };
    let known = BY_ARM_TYPE.iter().filter(|(known, _)| begins(known)).max_by_key(|(known, _)| known.len());
    let not = NOT_CALLING.iter().filter(|beginning| begins(beginning)).map(|beginning| beginning.len()).max();
    match (known, not) {
        (Some((known, _)), Some(not)) if not >= known.len() => None,
        // A part of a service calls where it names a vault itself.
        (Some((known, service)), _) => Some(CallingService {
            only_with_vault: service.only_with_vault || known.len() < kind.len(),
            ..*service
        }),
        (None, Some(_)) => None,
        (None, None) => Some(STRANGER),
    }
}
