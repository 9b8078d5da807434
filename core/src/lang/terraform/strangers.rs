//! Resources that no table reads: they matter where they name a vault. Their attributes are as they are written.

use super::azurerm::{Arm, written};
use super::convert::like;
use super::overlay;
use crate::azure::callers::service_of;
use crate::eval::ids::resource_id;
use crate::eval::{Field, Kind, TermKind, Value};
use std::rc::Rc;

/// Types of `azurerm` that name vaults, without `azurerm_`, and the ARM types of what they make or change.
const ARM_TYPES: &[(&str, &str)] = &[
    ("ai_foundry", "Microsoft.MachineLearningServices/workspaces"),
    ("ai_services", "Microsoft.CognitiveServices/accounts"),
    ("api_management_backend", "Microsoft.ApiManagement/service/backends"),
    ("api_management_custom_domain", "Microsoft.ApiManagement/service/customDomains"),
    ("api_management_gateway_certificate_authority", "Microsoft.ApiManagement/service/gateways"),
    ("app_configuration", "Microsoft.AppConfiguration/configurationStores"),
    ("app_service_certificate", "Microsoft.Web/certificates"),
    ("app_service_certificate_order", "Microsoft.CertificateRegistration/certificateOrders"),
    ("automation_variable_string", "Microsoft.Automation/automationAccounts/variables"),
    ("bot_service_azure_bot", "Microsoft.BotService/botServices"),
    ("cdn_endpoint_custom_domain", "Microsoft.Cdn/profiles/endpoints/customDomains"),
    ("cognitive_account", "Microsoft.CognitiveServices/accounts"),
    ("cognitive_account_customer_managed_key", "Microsoft.CognitiveServices/accounts"),
    ("container_app_environment_certificate", "Microsoft.App/managedEnvironments/certificates"),
    ("data_factory_customer_managed_key", "Microsoft.DataFactory/factories"),
    ("data_protection_backup_vault_customer_managed_key", "Microsoft.DataProtection/backupVaults"),
    ("databricks_workspace_root_dbfs_customer_managed_key", "Microsoft.Databricks/workspaces"),
    ("dev_center_catalog", "Microsoft.DevCenter/devcenters/catalogs"),
    ("express_route_port", "Microsoft.Network/expressRoutePorts"),
    ("frontdoor", "Microsoft.Network/frontDoors"),
    ("frontdoor_custom_https_configuration", "Microsoft.Network/frontDoors"),
    ("hdinsight_hadoop_cluster", "Microsoft.HDInsight/clusters"),
    ("hdinsight_hbase_cluster", "Microsoft.HDInsight/clusters"),
    ("hdinsight_interactive_query_cluster", "Microsoft.HDInsight/clusters"),
    ("hdinsight_kafka_cluster", "Microsoft.HDInsight/clusters"),
    ("hdinsight_spark_cluster", "Microsoft.HDInsight/clusters"),
    ("image_builder_template", "Microsoft.VirtualMachineImages/imageTemplates"),
    ("kusto_cluster_customer_managed_key", "Microsoft.Kusto/clusters"),
    ("load_test", "Microsoft.LoadTestService/loadTests"),
    ("log_analytics_cluster_customer_managed_key", "Microsoft.OperationalInsights/clusters"),
    ("managed_disk", "Microsoft.Compute/disks"),
    ("managed_redis", "Microsoft.Cache/redisEnterprise"),
    ("mssql_database", "Microsoft.Sql/servers/databases"),
    (
        "mssql_managed_instance_transparent_data_encryption",
        "Microsoft.Sql/managedInstances/encryptionProtector",
    ),
    ("mssql_virtual_machine", "Microsoft.SqlVirtualMachine/sqlVirtualMachines"),
    ("mysql_flexible_server", "Microsoft.DBforMySQL/flexibleServers"),
    ("mysql_server_key", "Microsoft.DBforMySQL/servers/keys"),
    ("netapp_account_encryption", "Microsoft.NetApp/netAppAccounts"),
    ("orchestrated_virtual_machine_scale_set", "Microsoft.Compute/virtualMachineScaleSets"),
    ("postgresql_flexible_server", "Microsoft.DBforPostgreSQL/flexibleServers"),
    ("postgresql_server_key", "Microsoft.DBforPostgreSQL/servers/keys"),
    ("recovery_services_vault", "Microsoft.RecoveryServices/vaults"),
    ("redis_enterprise_cluster", "Microsoft.Cache/redisEnterprise"),
    ("signalr_service_custom_certificate", "Microsoft.SignalRService/SignalR/customCertificates"),
    ("snapshot", "Microsoft.Compute/snapshots"),
    ("spring_cloud_certificate", "Microsoft.AppPlatform/Spring/certificates"),
    ("static_web_app", "Microsoft.Web/staticSites"),
    ("storage_encryption_scope", "Microsoft.Storage/storageAccounts/encryptionScopes"),
    ("synapse_workspace_key", "Microsoft.Synapse/workspaces/keys"),
    ("virtual_desktop_host_pool", "Microsoft.DesktopVirtualization/hostPools"),
    ("virtual_machine_extension", "Microsoft.Compute/virtualMachines/extensions"),
    ("virtual_machine_run_command", "Microsoft.Compute/virtualMachines/runCommands"),
    ("virtual_machine_scale_set_extension", "Microsoft.Compute/virtualMachineScaleSets/extensions"),
    ("web_pubsub_custom_certificate", "Microsoft.SignalRService/webPubSub/customCertificates"),
];

fn arm_type(kind: &str) -> Option<&'static str> {
    let name = kind.strip_prefix("azurerm_")?;
    ARM_TYPES.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

/// Whether a resource of that type may call a vault that it names.
pub(super) fn may_call(kind: &str) -> bool {
    !overlay::is_setter(kind) && (arm_type(kind).is_some() || service_of(kind).is_some())
}

/// The id of a resource with these attributes: of one that is in a resource group, and whose ARM type is known.
pub(super) fn known_id(kind: &str, written: &Value) -> Option<Value> {
    let arm = arm_type(kind).filter(|arm| arm.split('/').count() == 2)?;
    let (name, group) = (written.get("name"), written.get("resource_group_name"));
    if name.is_null() || group.is_null() {
        return None;
    }
    let subscription = Value::property(Value::call("subscription", Vec::new()), "subscriptionId");
    Some(resource_id(&subscription, &group, arm, &name))
}

/// Whether a resource of that type is known by an identity, where it has one.
pub(super) fn may_be_permitted(kind: &str) -> bool {
    arm_type(kind).is_some_and(|arm| arm.split('/').count() == 2)
}

/// Whether a text has to do with vaults, as far as can be seen without evaluating anything.
pub(super) fn is_about_vaults(text: &str) -> bool {
    const WORD: &[u8] = b"vault";
    text.as_bytes().windows(WORD.len()).any(|part| part.eq_ignore_ascii_case(WORD))
}

impl Arm {
    /// Whether something in it has to do with vaults.
    pub(super) fn is_about_vaults(&self) -> bool {
        is_about_vaults(&self.body.normal())
    }

    /// Whether it has an identity that a permission may name.
    pub(super) fn has_identity(&self, kind: &str) -> bool {
        may_be_permitted(kind) && !self.body.path(&["properties", "identity"]).elements().items.is_empty()
    }
}

/// The resource, with its attributes for properties.
pub(super) fn lower(kind: &str, value: &Value) -> Option<Arm> {
    let written = written(value);
    let fields = written.as_object()?.fields().iter().filter(|field| &*field.key != "tags");
    let fields: Vec<Field> = fields.cloned().collect();
    let arm = arm_type(kind);
    let name = written.get("name");
    let own = match &value.kind {
        Kind::Term(term) => match &term.kind {
            TermKind::Partial { of, .. } => of.get("id"),
            _ => Value::null(),
        },
        _ => Value::null(),
    };
    let id = known_id(kind, &written).unwrap_or(own);
    let properties = Field { key: Rc::from("properties"), key_place: None, value: like(&written, fields) };
    Some(Arm {
        kind: Rc::from(arm.unwrap_or(kind)),
        name,
        id,
        api_version: Value::null(),
        body: like(&written, vec![properties]),
        condition: Value::bool(true),
        place: None,
    })
}
