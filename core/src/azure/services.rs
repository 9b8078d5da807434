//! Services that call vaults: which of them the `AzureServices` bypass lets in, and which resources are theirs.

/// A service the bypass lets in (F5.26).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedService {
    /// Its name.
    pub name: &'static str,
    /// Other names people use for it.
    pub aliases: &'static [&'static str],
    /// What it is trusted for, when that is less than its name says.
    pub only_for: Option<&'static str>,
}

const fn service(name: &'static str, aliases: &'static [&'static str]) -> TrustedService {
    TrustedService { name, aliases, only_for: None }
}

const fn limited(
    name: &'static str,
    aliases: &'static [&'static str],
    only_for: &'static str,
) -> TrustedService {
    TrustedService { name, aliases, only_for: Some(only_for) }
}

/// The services the bypass lets in, as listed on 2026-08-20 (F5.26); what else limits some of them is in F5.20, F5.21,
/// F5.40 and F5.41.
pub static TRUSTED_SERVICES: &[TrustedService] = &[
    service("Azure AI Search", &["Cognitive Search", "Search"]),
    limited(
        "Azure API Management",
        &["APIM"],
        "certificates of custom domains and named values, read with its system-assigned identity",
    ),
    limited("Azure App Service", &["Web App", "Web Apps"], "deploying web app certificates"),
    limited(
        "Azure Application Gateway",
        &["App Gateway", "AppGW"],
        "certificates of its listeners, read with a user-assigned identity",
    ),
    service("Azure Backup", &[]),
    service("Azure Batch", &[]),
    service("Azure Bot Service", &["Bot"]),
    service("Azure CDN", &["Content Delivery Network"]),
    limited(
        "Azure Container Registry",
        &["ACR"],
        "a customer-managed key, read with the registry's system-assigned identity",
    ),
    limited("Azure Data Factory", &["ADF"], "what runs in Azure, not on a self-hosted integration runtime"),
    service("Azure Data Lake Store", &["Data Lake Storage Gen1"]),
    service("Azure Data Manager for Agriculture", &[]),
    service("Azure Database for MySQL", &["MySQL", "Azure Database for MySQL Single Server"]),
    service("Azure Database for MySQL Flexible Server", &["MySQL Flexible Server"]),
    service("Azure Database for PostgreSQL", &["PostgreSQL", "Azure Database for PostgreSQL Single Server"]),
    service("Azure Database for PostgreSQL Flexible Server", &["PostgreSQL Flexible Server"]),
    service("Azure Databricks", &[]),
    service("Azure Disk Encryption volume encryption service", &["Disk Encryption"]),
    limited(
        "Azure Disk Storage",
        &["Disk Encryption Set", "Disk Encryption Sets", "Managed Disks"],
        "disk encryption sets",
    ),
    service("Azure Event Hubs", &["Event Hub"]),
    limited("Azure ExpressRoute", &["ExpressRoute Direct"], "MACsec keys"),
    service("Azure Firewall Premium", &[]),
    service("Azure Front Door Classic", &[]),
    service(
        "Azure Front Door",
        &["Front Door Standard", "Front Door Premium", "Front Door Standard/Premium"],
    ),
    service("Azure Import/Export", &[]),
    service("Azure Information Protection", &["AIP"]),
    service("Azure Machine Learning", &["AML"]),
    limited(
        "Azure Monitor",
        &["Log Analytics", "Log Analytics dedicated cluster"],
        "customer-managed keys of dedicated clusters",
    ),
    service("Azure NetApp Files", &["ANF"]),
    limited("Azure Policy", &["Azure Policy scan"], "scanning the objects in a vault"),
    limited(
        "Azure Resource Manager template deployment service",
        &["Resource Manager", "ARM", "ARM template deployment", "Template deployment"],
        "reading secrets during a deployment",
    ),
    service("Azure Service Bus", &[]),
    service("Azure SQL Database", &["SQL", "SQL TDE", "Transparent Data Encryption"]),
    service("Azure Storage", &["Storage account"]),
    service("Azure Synapse Analytics", &["Synapse"]),
    limited(
        "Azure Virtual Machines deployment service",
        &["Virtual Machine deployment", "VM deployment", "VM deployment service"],
        "putting certificates on machines when they are deployed",
    ),
    service(
        "Exchange Online, SharePoint Online, M365DataAtRestEncryption",
        &["Exchange Online", "SharePoint Online", "M365DataAtRestEncryption", "Microsoft 365"],
    ),
    service("Microsoft Power Platform", &["Power Platform"]),
    service("Microsoft Purview", &["Purview"]),
];

/// Services that are not on that list, and that their own documentation says the bypass lets in (F5.29, F5.30).
pub static TRUSTED_BY_OWN_WORD: &[TrustedService] = &[
    service("Azure Load Testing", &[]),
    limited(
        "Microsoft Dev Center",
        &["Dev Center", "Dev Box", "Azure Deployment Environments"],
        "catalogs and customizations",
    ),
];

/// Services that are often believed to be let in and are not (F5.26, F5.22, F5.23, F5.10), with their aliases.
pub static UNTRUSTED_SERVICES: &[(&str, &[&str])] = &[
    ("Azure Virtual Desktop", &["AVD", "Windows Virtual Desktop", "WVD"]),
    ("Azure AI services", &["Cognitive Services", "OpenAI", "AI Foundry"]),
    ("Azure App Configuration", &[]),
    ("Azure Cache for Redis", &["Azure Managed Redis", "Redis Enterprise", "Redis"]),
    ("Azure Data Explorer", &["Kusto", "ADX"]),
    ("Azure Deployment Scripts", &["Deployment Script"]),
    ("Azure HDInsight", &[]),
    ("Azure SignalR Service", &["SignalR", "Web PubSub"]),
    ("Azure Static Web Apps", &["Static Web App"]),
    ("Azure VM Image Builder", &["Image Builder"]),
    ("Azure Arc", &["Arc-enabled Kubernetes", "Arc-enabled servers"]),
    ("Azure Managed Grafana", &["Grafana"]),
    ("Azure HPC Cache", &[]),
    ("Azure Media Services", &[]),
    ("Azure Service Fabric", &[]),
    ("Azure Stream Analytics", &[]),
    ("Microsoft Fabric", &["Power BI", "Fabric"]),
    ("Azure Kubernetes Service", &["AKS", "Kubernetes"]),
    ("Azure Functions", &["Function App"]),
    ("Azure Logic Apps", &["Logic App"]),
    ("Azure Event Grid", &[]),
    ("Azure Automation", &[]),
    ("Azure DevOps", &["Azure Pipelines"]),
    ("GitHub Actions", &["GitHub"]),
    ("Azure Container Apps", &["Container App"]),
    ("Azure Container Instances", &["ACI"]),
    ("Azure Spring Apps", &["Spring Cloud"]),
    ("Azure Cosmos DB", &[]),
    ("Azure IoT Hub", &[]),
    ("Azure Virtual Machines", &["Virtual Machine", "VM"]),
];

/// A service's name without case, punctuation and a leading "Azure".
pub fn normalized(name: &str) -> String {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    match plain.strip_prefix("azure") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => plain,
    }
}

/// The trusted service of that name or alias, compared as [`normalized`].
pub fn trusted_service(name: &str) -> Option<&'static TrustedService> {
    let wanted = normalized(name);
    let is_wanted = |other: &&'static str| normalized(other) == wanted;
    let mut all = TRUSTED_SERVICES.iter().chain(TRUSTED_BY_OWN_WORD);
    all.find(|service| is_wanted(&service.name) || service.aliases.iter().any(&is_wanted))
}

/// The trusted service whose name, or another one people use for it, this is with a letter or two wrong.
pub fn similar_trusted_service(name: &str) -> Option<&'static str> {
    let wanted = normalized(name);
    let is_similar = |other: &str| {
        let other = normalized(other);
        let wrong = strsim::damerau_levenshtein(&other, &wanted);
        wrong <= 2 && wrong * 4 <= other.len()
    };
    let mut services = TRUSTED_SERVICES.iter();
    let found = services
        .find(|service| is_similar(service.name) || service.aliases.iter().any(|alias| is_similar(alias)));
    found.map(|service| service.name)
}

/// The name of the service that is known not to be trusted, compared as [`normalized`].
pub fn untrusted_service(name: &str) -> Option<&'static str> {
    let wanted = normalized(name);
    UNTRUSTED_SERVICES
        .iter()
        .find(|(service, aliases)| {
            normalized(service) == wanted || aliases.iter().any(|alias| normalized(alias) == wanted)
        })
        .map(|(service, _)| *service)
}
