//! Names of resource types, property values and errors. Azure compares all but error texts without case.

/// A key vault.
pub const VAULT: &str = "Microsoft.KeyVault/vaults";
/// A managed HSM.
pub const MANAGED_HSM: &str = "Microsoft.KeyVault/managedHSMs";
/// An access policy deployed beside its vault (F1.12).
pub const VAULT_ACCESS_POLICIES: &str = "Microsoft.KeyVault/vaults/accessPolicies";
/// A secret written through the control plane (F3.29).
pub const VAULT_SECRET: &str = "Microsoft.KeyVault/vaults/secrets";
/// A key written through the control plane.
pub const VAULT_KEY: &str = "Microsoft.KeyVault/vaults/keys";
/// The vault's side of a private endpoint (F1.19).
pub const VAULT_PRIVATE_ENDPOINT_CONNECTION: &str = "Microsoft.KeyVault/vaults/privateEndpointConnections";
/// A private endpoint.
pub const PRIVATE_ENDPOINT: &str = "Microsoft.Network/privateEndpoints";
/// The registration of a private endpoint in zones (F4.35).
pub const ZONE_GROUP: &str = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";
/// A private DNS zone.
pub const PRIVATE_DNS_ZONE: &str = "Microsoft.Network/privateDnsZones";
/// The link of a private zone to a virtual network.
pub const ZONE_LINK: &str = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";
/// An A record in a private zone.
pub const A_RECORD: &str = "Microsoft.Network/privateDnsZones/A";
/// The record set that every zone has once: only a list of the records of all types shows it.
pub const SOA_RECORD: &str = "Microsoft.Network/privateDnsZones/SOA";
/// A virtual network.
pub const VIRTUAL_NETWORK: &str = "Microsoft.Network/virtualNetworks";
/// A subnet.
pub const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";
/// A peering of two virtual networks.
pub const PEERING: &str = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
/// An Azure firewall.
pub const AZURE_FIREWALL: &str = "Microsoft.Network/azureFirewalls";
/// The policy of Azure firewalls.
pub const FIREWALL_POLICY: &str = "Microsoft.Network/firewallPolicies";
/// A virtual network's connection to a virtual hub.
pub const HUB_CONNECTION: &str = "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections";
/// A route of a route table.
pub const ROUTE: &str = "Microsoft.Network/routeTables/routes";
/// A network security group.
pub const NETWORK_SECURITY_GROUP: &str = "Microsoft.Network/networkSecurityGroups";
/// A route table.
pub const ROUTE_TABLE: &str = "Microsoft.Network/routeTables";
/// A ruleset of a DNS resolver.
pub const FORWARDING_RULESET: &str = "Microsoft.Network/dnsForwardingRulesets";
/// A rule of such a ruleset.
pub const FORWARDING_RULE: &str = "Microsoft.Network/dnsForwardingRulesets/forwardingRules";
/// The link of such a ruleset to a virtual network.
pub const FORWARDING_RULESET_LINK: &str = "Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks";
/// A network security perimeter.
pub const PERIMETER: &str = "Microsoft.Network/networkSecurityPerimeters";
/// A profile of a perimeter.
pub const PERIMETER_PROFILE: &str = "Microsoft.Network/networkSecurityPerimeters/profiles";
/// An access rule of a profile.
pub const PERIMETER_ACCESS_RULE: &str = "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules";
/// The association of a resource with a perimeter.
pub const PERIMETER_ASSOCIATION: &str = "Microsoft.Network/networkSecurityPerimeters/resourceAssociations";
/// An Application Gateway.
pub const APPLICATION_GATEWAY: &str = "Microsoft.Network/applicationGateways";
/// A web or function app.
pub const WEB_SITE: &str = "Microsoft.Web/sites";
/// A slot of a web or function app.
pub const WEB_SLOT: &str = "Microsoft.Web/sites/slots";
/// The network that an app is integrated with, in a resource of its own.
pub const APP_NETWORK: &str = "Microsoft.Web/sites/networkConfig";
/// The plan an app runs on.
pub const SERVER_FARM: &str = "Microsoft.Web/serverFarms";
/// What Container Apps run in.
pub const CONTAINER_ENVIRONMENT: &str = "Microsoft.App/managedEnvironments";
/// A Kubernetes cluster.
pub const MANAGED_CLUSTER: &str = "Microsoft.ContainerService/managedClusters";
/// A set of customer-managed keys for disks.
pub const DISK_ENCRYPTION_SET: &str = "Microsoft.Compute/diskEncryptionSets";
/// A virtual machine.
pub const VIRTUAL_MACHINE: &str = "Microsoft.Compute/virtualMachines";
/// A network interface.
pub const NETWORK_INTERFACE: &str = "Microsoft.Network/networkInterfaces";
/// A storage account.
pub const STORAGE_ACCOUNT: &str = "Microsoft.Storage/storageAccounts";
/// A nested or linked deployment.
pub const DEPLOYMENT: &str = "Microsoft.Resources/deployments";
/// A script run during a deployment.
pub const DEPLOYMENT_SCRIPT: &str = "Microsoft.Resources/deploymentScripts";
/// A management group.
pub const MANAGEMENT_GROUP: &str = "Microsoft.Management/managementGroups";
/// A role assignment.
pub const ROLE_ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";
/// A policy assignment.
pub const POLICY_ASSIGNMENT: &str = "Microsoft.Authorization/policyAssignments";
/// A policy.
pub const POLICY_DEFINITION: &str = "Microsoft.Authorization/policyDefinitions";
/// An initiative: a set of policies.
pub const POLICY_SET: &str = "Microsoft.Authorization/policySetDefinitions";
/// A diagnostic setting.
pub const DIAGNOSTIC_SETTING: &str = "Microsoft.Insights/diagnosticSettings";
/// A resource group.
pub const RESOURCE_GROUP: &str = "Microsoft.Resources/resourceGroups";
/// How the id of a management group begins.
pub const MANAGEMENT_GROUP_PATH: &str = "/providers/Microsoft.Management/managementGroups/";
/// A managed HSM's side of a private endpoint.
pub const HSM_PRIVATE_ENDPOINT_CONNECTION: &str = "Microsoft.KeyVault/managedHSMs/privateEndpointConnections";
/// A backup vault, which had a private link group of a vault's name (F4.1).
pub const RECOVERY_VAULT: &str = "Microsoft.RecoveryServices/vaults";
/// A subnet of the classic deployment model.
pub const CLASSIC_SUBNET: &str = "Microsoft.ClassicNetwork/virtualNetworks/subnets";
/// The inbound endpoint of a DNS resolver.
pub const INBOUND_ENDPOINT: &str = "Microsoft.Network/dnsResolvers/inboundEndpoints";
/// A rule of a network security group.
pub const SECURITY_RULE: &str = "Microsoft.Network/networkSecurityGroups/securityRules";
/// A NAT gateway.
pub const NAT_GATEWAY: &str = "Microsoft.Network/natGateways";
/// A public IP address.
pub const PUBLIC_IP_ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
/// The network that a slot is integrated with, in a resource of its own.
pub const SLOT_NETWORK: &str = "Microsoft.Web/sites/slots/networkConfig";
/// An Automation account.
pub const AUTOMATION_ACCOUNT: &str = "Microsoft.Automation/automationAccounts";
/// The schedule of a runbook.
pub const JOB_SCHEDULE: &str = "Microsoft.Automation/automationAccounts/jobSchedules";
/// A group of machines that run runbooks.
pub const WORKER_GROUP: &str = "Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups";
/// A machine in such a group.
pub const WORKER: &str =
    "Microsoft.Automation/automationAccounts/hybridRunbookWorkerGroups/hybridRunbookWorkers";
/// A container registry.
pub const CONTAINER_REGISTRY: &str = "Microsoft.ContainerRegistry/registries";
/// An API Management service.
pub const API_MANAGEMENT: &str = "Microsoft.ApiManagement/service";
/// The domains of an API Management service, as Terraform has them.
pub const API_MANAGEMENT_DOMAINS: &str = "Microsoft.ApiManagement/service/customDomains";
/// Linked services. Synapse has those of Data Factory.
pub static LINKED_SERVICES: [&str; 2] =
    ["Microsoft.DataFactory/factories/linkedServices", "Microsoft.Synapse/workspaces/linkedServices"];
/// Integration runtimes, of the same two.
pub static INTEGRATION_RUNTIMES: [&str; 2] = [
    "Microsoft.DataFactory/factories/integrationRuntimes",
    "Microsoft.Synapse/workspaces/integrationRuntimes",
];
/// A workspace of Azure Machine Learning.
pub const ML_WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";
/// An outbound rule of such a workspace.
pub const ML_OUTBOUND_RULE: &str = "Microsoft.MachineLearningServices/workspaces/outboundRules";
/// A private endpoint of a Stream Analytics cluster.
pub const STREAM_ANALYTICS_ENDPOINT: &str = "Microsoft.StreamAnalytics/clusters/privateEndpoints";
/// The other resources that are private endpoints in a network that a service manages. They name their target in
/// `privateLinkResourceId`.
pub static MANAGED_ENDPOINTS: [&str; 7] = [
    "Microsoft.Dashboard/grafana/managedPrivateEndpoints",
    "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints",
    "Microsoft.Kusto/clusters/managedPrivateEndpoints",
    "Microsoft.Search/searchServices/sharedPrivateLinkResources",
    "Microsoft.SignalRService/signalR/sharedPrivateLinkResources",
    "Microsoft.SignalRService/webPubSub/sharedPrivateLinkResources",
    "Microsoft.Synapse/workspaces/managedVirtualNetworks/managedPrivateEndpoints",
];

/// The service endpoint, and the resource provider, of vaults (F1.36).
pub const KEY_VAULT_SERVICE: &str = "Microsoft.KeyVault";
/// The delegation of a subnet to App Service (F5.1).
pub const APP_SERVICE_DELEGATION: &str = "Microsoft.Web/serverFarms";
/// The delegation of a subnet to apps of the Flex Consumption plan (F5.1).
pub const FLEX_DELEGATION: &str = "Microsoft.App/environments";
/// The member that a static IP configuration for either names (F4.6).
pub const ENDPOINT_MEMBER: &str = "default";
/// The location of private zones and their links (F4.37).
pub const GLOBAL_LOCATION: &str = "global";
/// The states of a private endpoint's connection (F4.3).
pub static CONNECTION_STATES: &[&str] = &["Pending", "Approved", "Rejected", "Disconnected"];
/// Values of `publicNetworkAccess` (F1.21).
pub static PUBLIC_NETWORK_ACCESS: &[&str] = &["Enabled", "Disabled", "SecuredByPerimeter"];
/// Values of `networkAcls.defaultAction` (F1.30).
pub static DEFAULT_ACTIONS: &[&str] = &["Allow", "Deny"];
/// Values of `networkAcls.bypass` (F1.30).
pub static BYPASSES: &[&str] = &["AzureServices", "None"];
/// Values of a subnet's `privateEndpointNetworkPolicies` (F4.20).
pub static ENDPOINT_NETWORK_POLICIES: &[&str] =
    &["Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"];

/// Error codes, and the words of errors that have none.
pub mod errors {
    /// The firewall refused (F3.3).
    pub const FORBIDDEN_BY_FIREWALL: &str = "ForbiddenByFirewall";
    /// Public access is off and the request came neither over an approved endpoint nor from a trusted
    /// service (F3.3).
    pub const FORBIDDEN_BY_CONNECTION: &str = "ForbiddenByConnection";
    /// The identity lacks permission (F3.3).
    pub const FORBIDDEN_BY_RBAC: &str = "ForbiddenByRbac";
    /// The request reached the private endpoint of another vault (F3.4).
    pub const WRONG_ENDPOINT: &str = "This TCP connection does not allow access to";
    /// A subnet in a rule lacks the service endpoint (F1.36).
    pub const NO_SERVICE_ENDPOINT: &str = "SubnetsHaveNoServiceEndpointsConfigured";
    /// A static address is one of those Azure keeps (F4.7).
    pub const RESERVED_ADDRESS: &str = "PrivateIPAddressInReservedRange";
    /// A static IP configuration names the wrong member (F4.6).
    pub const MISSING_MEMBER: &str = "PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps";
    /// Historic: an endpoint in a subnet with network policies (F4.21).
    pub const NETWORK_POLICIES: &str = "PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled";
    /// A template parameter could not be read from the vault (F3.28).
    pub const SECRET_REFERENCE: &str = "KeyVaultParameterReferenceSecretRetrieveFailed";
    /// A vault's name breaks the rules (F1.40).
    pub const INVALID_VAULT_NAME: &str = "VaultNameNotValid";
}

/// The types that the engine compares as a whole with a type in lower case.
pub mod lower {
    const fn lowered<const N: usize>(text: &str) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(text.as_bytes());
        bytes.make_ascii_lowercase();
        bytes
    }

    macro_rules! types {
        ($($name:ident),* $(,)?) => {
            $(
                #[doc = concat!("[`", stringify!($name), "`](super::", stringify!($name), ") in lower case.")]
                pub const $name: &str = {
                    const BYTES: [u8; super::$name.len()] = lowered(super::$name);
                    match std::str::from_utf8(&BYTES) {
                        Ok(text) => text,
                        Err(_) => super::$name,
                    }
                };
            )*
        };
    }

    types! {
        VAULT, VAULT_ACCESS_POLICIES, VAULT_PRIVATE_ENDPOINT_CONNECTION, PRIVATE_ENDPOINT, ZONE_GROUP, PRIVATE_DNS_ZONE,
        ZONE_LINK, A_RECORD, FORWARDING_RULE, VIRTUAL_NETWORK, SUBNET, PERIMETER, PERIMETER_ACCESS_RULE,
        PERIMETER_ASSOCIATION, NETWORK_INTERFACE, WEB_SITE, WEB_SLOT, AUTOMATION_ACCOUNT, CONTAINER_REGISTRY,
        API_MANAGEMENT, API_MANAGEMENT_DOMAINS, DEPLOYMENT, DEPLOYMENT_SCRIPT,
        CONTAINER_ENVIRONMENT, FORWARDING_RULESET_LINK, INBOUND_ENDPOINT,
    }
}
