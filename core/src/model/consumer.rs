//! Resources that call vaults: which service they are, which subnets they call from, which vaults they name.

use super::{Vault, identity, property, wrapped};
use crate::eval::{Depends, Kind, TermKind, Truth, Value};
use crate::lang::Resource;

/// A resource that calls vaults.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The resource.
    pub resource: Resource,
    /// Which service it is.
    pub service: Service,
    /// Ids of the subnets it calls from.
    pub subnets: Vec<Value>,
    /// Values in it that name a vault: ids, URIs, references.
    mentions: Vec<Value>,
}

/// A service that calls vaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// What Azure calls it.
    pub name: &'static str,
    /// Whether it gets past the firewall as a trusted service for what it does with a vault (F5.26).
    pub trusted: bool,
    /// Whether it is a consumer only when it names a vault: for most of these, vaults are an option.
    only_with_vault: bool,
}

const fn service(name: &'static str, trusted: bool, only_with_vault: bool) -> Service {
    Service { name, trusted, only_with_vault }
}

/// By ARM type in lower case. Sources: F5.6, F5.10, F5.20–F5.26.
const SERVICES: &[(&str, Service)] = &[
    ("microsoft.apimanagement/service", service("API Management", true, true)),
    ("microsoft.app/containerapps", service("Container Apps", false, false)),
    ("microsoft.app/jobs", service("Container Apps", false, false)),
    ("microsoft.automation/automationaccounts", service("Automation", false, true)),
    ("microsoft.batch/batchaccounts", service("Batch", true, true)),
    ("microsoft.cdn/profiles/secrets", service("Front Door", true, true)),
    ("microsoft.compute/diskencryptionsets", service("Disk Storage", true, true)),
    ("microsoft.compute/virtualmachines", service("Virtual Machines", false, true)),
    ("microsoft.compute/virtualmachinescalesets", service("Virtual Machine Scale Sets", false, true)),
    ("microsoft.containerregistry/registries", service("Container Registry", true, true)),
    ("microsoft.containerservice/managedclusters", service("Kubernetes Service", false, false)),
    ("microsoft.databricks/workspaces", service("Databricks", true, true)),
    ("microsoft.datafactory/factories", service("Data Factory", true, true)),
    ("microsoft.datafactory/factories/linkedservices", service("Data Factory", true, true)),
    ("microsoft.documentdb/databaseaccounts", service("Cosmos DB", false, true)),
    ("microsoft.eventhub/namespaces", service("Event Hubs", true, true)),
    ("microsoft.logic/workflows", service("Logic Apps", false, false)),
    ("microsoft.machinelearningservices/workspaces", service("Machine Learning", true, true)),
    ("microsoft.network/applicationgateways", service("Application Gateway", true, true)),
    ("microsoft.resources/deployments", service("template deployment", true, true)),
    ("microsoft.servicebus/namespaces", service("Service Bus", true, true)),
    ("microsoft.sql/servers", service("SQL Database", true, true)),
    ("microsoft.sql/servers/encryptionprotector", service("SQL Database", true, true)),
    ("microsoft.sql/servers/keys", service("SQL Database", true, true)),
    ("microsoft.storage/storageaccounts", service("Storage", true, true)),
    ("microsoft.synapse/workspaces", service("Synapse", true, true)),
    ("microsoft.web/sites", service("App Service", false, false)),
    ("microsoft.web/sites/config", service("App Service", false, true)),
    ("microsoft.web/sites/slots", service("App Service", false, false)),
];

impl Consumer {
    /// Reads a resource of that type (in lower case); gives it back when it is no consumer.
    pub(super) fn new(kind: &str, resource: Resource) -> Result<Self, Resource> {
        let Some((_, service)) = SERVICES.iter().find(|(known, _)| *known == kind) else {
            return Err(resource);
        };
        let mut mentions = Vec::new();
        if !resource.existing {
            find_mentions(&resource.body, &mut mentions, &mut 0);
        }
        if (service.only_with_vault || resource.existing) && mentions.is_empty() {
            return Err(resource);
        }
        let mut service = *service;
        let flavour = resource.body.get("kind").display().to_ascii_lowercase();
        if flavour.contains("workflowapp") {
            service.name = "Logic Apps";
        } else if flavour.contains("functionapp") {
            service.name = "Functions";
        }
        let subnets = subnets(&resource);
        Ok(Self { resource, service, subnets, mentions })
    }

    /// Whether it names this vault.
    pub fn uses(&self, vault: &Vault) -> Truth {
        self.mentions.iter().fold(Truth::of(false), |any, mention| any.or(names(mention, vault)))
    }
}

fn subnets(resource: &Resource) -> Vec<Value> {
    let mut found = Vec::new();
    for path in [
        &["virtualNetworkSubnetId"][..],
        &["virtualNetworkConfiguration", "subnetResourceId"],
        &["apiServerAccessProfile", "subnetId"],
    ] {
        found.push(property(resource, path));
    }
    for pool in property(resource, &["agentPoolProfiles"]).elements().items {
        found.push(pool.value.get("vnetSubnetID"));
    }
    for config in property(resource, &["gatewayIPConfigurations"]).elements().items {
        found.push(wrapped(&config.value, "subnet").get("id"));
    }
    found.retain(|id| !id.is_null());
    found
}

/// Nodes of one resource that are looked at for mentions of a vault.
const MAX_VISITS: usize = 20_000;

fn find_mentions(value: &Value, into: &mut Vec<Value>, visits: &mut usize) {
    *visits += 1;
    if *visits > MAX_VISITS || into.len() > 200 {
        return;
    }
    match &value.kind {
        Kind::Text(text) if is_vault_text(text) => into.push(value.clone()),
        Kind::Array(array) => array.items().iter().for_each(|item| find_mentions(item, into, visits)),
        Kind::Object(object) => {
            object.fields().iter().for_each(|field| find_mentions(&field.value, into, visits));
        }
        Kind::Choice(choice) => {
            find_mentions(&choice.then, into, visits);
            find_mentions(&choice.otherwise, into, visits);
        }
        Kind::Term(term) if !matches!(term.kind, TermKind::Limit(_)) && is_vault_text(&value.normal()) => {
            into.push(value.clone());
        }
        _ => {}
    }
}

fn is_vault_text(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "@microsoft.keyvault(",
        "/providers/microsoft.keyvault/vaults/",
        ".vault.azure.",
        ".vault.usgovcloudapi.",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}

/// Whether a value that names some vault names this one.
fn names(mention: &Value, vault: &Vault) -> Truth {
    let id = &vault.resource.id;
    if identity::segments(mention).is_some() {
        // A key's or secret's id starts with its vault's.
        let mut next = Some(mention.clone());
        while let Some(candidate) = next {
            if identity::is_of_type(&candidate, "Microsoft.KeyVault/vaults") == Some(true) {
                return identity::same(&candidate, id);
            }
            next = identity::parent(&candidate);
        }
    }
    let text = mention.normal().to_ascii_lowercase();
    let name = match vault.resource.name.as_text() {
        Some(name) => name.to_ascii_lowercase(),
        None => format!("${{{}}}", vault.resource.name.normal().to_ascii_lowercase()),
    };
    let by_uri = text.contains(&format!("//{name}.vault."));
    let by_name =
        text.contains(&format!("vaultname={name};")) || text.contains(&format!("vaultname={name})"));
    let by_id = text.contains(&id.normal().trim_matches('\'').to_ascii_lowercase());
    if by_uri || by_name || by_id {
        return Truth::of(true);
    }
    // Plain text that names another vault is about another vault.
    if mention.as_text().is_some() && vault.resource.name.as_text().is_some() {
        return Truth::of(false);
    }
    Truth::Unknown(mention.depends().and(Depends::of(vault.resource.name.display())))
}
