//! Resources that call vaults: which service they are, which subnets they call from, which vaults they name.

use super::identity::plain;
use super::ids::ByText;
use super::{Model, Vault, comes_with, identity, is_deployed, key, property, wrapped};
use crate::azure::names;
use crate::eval::value::MAX_DEPTH;
use crate::eval::{Assumed, Depends, Kind, TermKind, Truth, Value};
use crate::lang::Resource;
use crate::sorted::sort;
use std::collections::HashMap;
use std::rc::Rc;

/// A resource that calls vaults.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// The resource.
    pub resource: Resource,
    /// Which service it is.
    pub service: Service,
    /// Ids of the subnets it calls from.
    pub subnets: Vec<Value>,
    /// The defaults under which it calls from no other subnet.
    no_others: Assumed,
    mentions: Vec<Mention>,
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
    /// Whether it can call from a virtual network.
    reach: Reach,
}

/// Whether a service can call from a virtual network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// It never does.
    Public,
    /// It does when it is set up so on the resource itself, or on its plan.
    Integration,
    /// It may, by settings that are elsewhere: of its interfaces, its environment, its provider.
    Elsewhere,
}

use Reach::{Elsewhere, Integration, Public};

const fn trusted(name: &'static str, reach: Reach) -> Service {
    Service { name, trusted: true, only_with_vault: true, reach }
}

const fn untrusted(name: &'static str, only_with_vault: bool, reach: Reach) -> Service {
    Service { name, trusted: false, only_with_vault, reach }
}

/// By ARM type in lower case. Sources: F5.6, F5.10, F5.20–F5.26.
const SERVICES: &[(&str, Service)] = &[
    ("microsoft.apimanagement/service", trusted("API Management", Elsewhere)),
    ("microsoft.app/containerapps", untrusted("Container Apps", false, Elsewhere)),
    ("microsoft.app/jobs", untrusted("Container Apps", false, Elsewhere)),
    ("microsoft.automation/automationaccounts", untrusted("Automation", true, Public)),
    ("microsoft.batch/batchaccounts", trusted("Batch", Public)),
    ("microsoft.cdn/profiles/secrets", trusted("Front Door", Public)),
    ("microsoft.compute/diskencryptionsets", trusted("Disk Storage", Public)),
    ("microsoft.compute/virtualmachines", untrusted("Virtual Machines", true, Elsewhere)),
    ("microsoft.compute/virtualmachinescalesets", untrusted("Virtual Machine Scale Sets", true, Elsewhere)),
    ("microsoft.containerregistry/registries", trusted("Container Registry", Public)),
    ("microsoft.containerservice/managedclusters", untrusted("Kubernetes Service", false, Elsewhere)),
    ("microsoft.databricks/workspaces", trusted("Databricks", Elsewhere)),
    ("microsoft.datafactory/factories", trusted("Data Factory", Elsewhere)),
    ("microsoft.datafactory/factories/linkedservices", trusted("Data Factory", Elsewhere)),
    // Its own documentation lets it in by the bypass, the list of trusted services does not name it.
    ("microsoft.documentdb/databaseaccounts", untrusted("Cosmos DB", true, Elsewhere)),
    ("microsoft.eventhub/namespaces", trusted("Event Hubs", Public)),
    ("microsoft.logic/workflows", untrusted("Logic Apps", false, Public)),
    ("microsoft.machinelearningservices/workspaces", trusted("Machine Learning", Elsewhere)),
    ("microsoft.network/applicationgateways", trusted("Application Gateway", Elsewhere)),
    ("microsoft.resources/deploymentscripts", untrusted("Deployment Scripts", true, Integration)),
    ("microsoft.servicebus/namespaces", trusted("Service Bus", Public)),
    ("microsoft.sql/servers", trusted("SQL Database", Public)),
    ("microsoft.sql/servers/encryptionprotector", trusted("SQL Database", Public)),
    ("microsoft.sql/servers/keys", trusted("SQL Database", Public)),
    ("microsoft.storage/storageaccounts", trusted("Storage", Public)),
    ("microsoft.synapse/workspaces", trusted("Synapse", Elsewhere)),
    ("microsoft.web/sites", untrusted("App Service", false, Integration)),
    ("microsoft.web/sites/config", untrusted("App Service", true, Integration)),
    ("microsoft.web/sites/slots", untrusted("App Service", false, Integration)),
    ("microsoft.web/sites/slots/config", untrusted("App Service", true, Integration)),
];

/// Something in a resource that names a vault: an id, a URI, a reference.
#[derive(Clone, Debug)]
struct Mention {
    value: Value,
    /// Its normal form in lower case.
    text: String,
    /// Whether it is there: open in the branch of a condition.
    present: Truth,
    /// The ids of vaults that it is made of.
    ids: Vec<Value>,
    /// Id of the vault among the files that it surely names.
    names: Option<Value>,
}

impl Consumer {
    /// Reads a resource of that type (in lower case); nothing when it is no consumer.
    pub(super) fn new(kind: &str, resource: &Resource) -> Option<Self> {
        let (_, service) = SERVICES.iter().find(|(known, _)| *known == kind)?;
        let mut found = Mentions::default();
        if !resource.existing {
            found.collect(&resource.body, &Truth::of(true));
        }
        if (service.only_with_vault || resource.existing) && found.mentions.is_empty() {
            return None;
        }
        let mut service = *service;
        let flavour = resource.body.get("kind").display().to_ascii_lowercase();
        if flavour.contains("workflowapp") {
            service.name = "Logic Apps";
        } else if flavour.contains("functionapp") {
            service.name = "Functions";
        }
        let (subnets, no_others) = subnets(resource);
        Some(Self { resource: resource.clone(), service, subnets, no_others, mentions: found.mentions })
    }

    /// The ids of the vaults that it names, and names that it calls vaults by, in lower case.
    pub fn named(&self) -> (Vec<&Value>, Vec<&str>) {
        let mut ids = Vec::new();
        let mut names = Vec::new();
        for mention in &self.mentions {
            match mention.ids.is_empty() {
                true => mention.vault_names(&mut names),
                false => ids.extend(&mention.ids),
            }
        }
        (ids, names)
    }

    /// Whether it names this vault.
    pub fn uses(&self, vault: &Vault) -> Truth {
        self.mentions.iter().fold(Truth::of(false), |any, mention| {
            let names = match &mention.names {
                Some(id) => identity::same(id, &vault.resource.id),
                None => mention.names(vault),
            };
            any.or(names.and(mention.present.clone()).assuming(&mention.value.assumed))
        })
    }
}

impl Model {
    /// The consumers that may use a vault; all others surely do not.
    pub fn clients_of(&self, vault: &Vault) -> impl Iterator<Item = &Consumer> {
        let places = self.clients.get(&key(&vault.resource.id)).into_iter().flatten();
        let mut places: Vec<usize> = places.copied().collect();
        // Vaults may share an id.
        places.dedup();
        places.into_iter().filter_map(|at| self.consumers.get(at))
    }

    /// Whether a consumer calls from a virtual network, and not from Azure's own addresses.
    pub fn calls_from_network(&self, consumer: &Consumer) -> Truth {
        let resource = &consumer.resource;
        let none = Truth::of(false).assuming(&consumer.no_others);
        let integrated = consumer.subnets.iter().fold(none, |any, subnet| any.or(subnet.is_set()));
        let otherwise = match consumer.service.reach {
            Public => Truth::of(false),
            Elsewhere => Truth::Unknown(Depends::of(format!("the network of `{}`", resource.address))),
            // Settings of an app that is not here.
            Integration if is_settings(&resource.kind) => {
                Truth::Unknown(Depends::of(format!("the app of `{}`", resource.address)))
            }
            Integration => {
                let own = property(resource, &["hostingEnvironmentProfile"]).is_set();
                own.or(self.is_isolated_plan(&property(resource, &["serverFarmId"])))
            }
        };
        integrated.or(otherwise)
    }

    /// Whether a vault refuses a consumer that uses it, whenever that is deployed: it calls from Azure's public
    /// addresses, and no rule can name those.
    pub fn refuses(&self, vault: &Vault, consumer: &Consumer) -> Truth {
        let admits_by_ip = vault.is_enabled().and(vault.firewall.ip_rules.any());
        let closed = vault.refuses_by_default().and(admits_by_ip.negate());
        if closed.is_false() {
            return closed;
        }
        closed
            .and(self.is_in_perimeter(vault).negate())
            .and(consumer.uses(vault))
            .and(comes_with(&consumer.resource, &vault.resource))
            .and(self.calls_from_network(consumer).negate())
            .and(self.nothing_about(&consumer.resource.id, names::APP_NETWORK).negate())
    }

    /// Whether an App Service plan is inside a network (F5.1); an app without a plan is not.
    fn is_isolated_plan(&self, id: &Value) -> Truth {
        if id.is_null() {
            return Truth::of(false);
        }
        match self.plan(id) {
            Some(plan) => property(plan, &["hostingEnvironmentProfile"]).is_set(),
            None => Truth::Unknown(Depends::of(format!(
                "the plan `{}`",
                identity::last(id).unwrap_or_else(|| id.clone()).display()
            ))),
        }
    }
}

/// Gives apps the settings that are written beside them, and mentions the vault they surely name.
pub(super) fn link(model: &mut Model) {
    let (settings, mut consumers): (Vec<_>, Vec<_>) =
        std::mem::take(&mut model.consumers).into_iter().partition(|part| is_settings(&part.resource.kind));
    for part in settings {
        let owner = consumers.iter_mut().find(|owner| is_part_of(&part.resource, &owner.resource));
        match owner {
            Some(owner) => {
                owner.mentions.extend(part.mentions);
                model.others.push(part.resource);
            }
            None => consumers.push(part),
        }
    }
    let integrations = ["microsoft.web/sites/networkconfig", "microsoft.web/sites/slots/networkconfig"];
    for part in &model.others {
        if integrations.contains(&part.kind.to_ascii_lowercase().as_str())
            && let Some(owner) = consumers.iter_mut().find(|owner| is_part_of(part, &owner.resource))
        {
            owner.subnets.push(property(part, &["subnetResourceId"]));
        }
    }
    // Who has a role on a vault uses it.
    let places: HashMap<Rc<str>, usize> =
        consumers.iter().map(|owner| key(&owner.resource.id)).zip(0..).collect();
    for assignment in &model.role_assignments {
        let Some(bearer) = identity_of(&assignment.principal) else { continue };
        if let Some(owner) = places.get(&key(bearer)).and_then(|at| consumers.get_mut(*at)) {
            let for_data = assignment.grants(&|role| role.is_data_plane);
            let mut found = Mentions::default();
            found.add(&assignment.scope, &for_data.and(is_deployed(&assignment.resource)));
            owner.mentions.extend(found.mentions);
        }
    }
    let mut by_name = ByText::default();
    for (at, vault) in model.vaults.iter().enumerate() {
        by_name.add(at, plain(&vault.resource.name).map(|name| vec![name]));
    }
    let mut clients: HashMap<Rc<str>, Vec<usize>> = HashMap::new();
    for (at, consumer) in consumers.iter_mut().enumerate() {
        let mut used = Vec::new();
        for mention in &mut consumer.mentions {
            let candidates = mention.candidates(model, &by_name);
            let mut vaults = candidates.iter().filter_map(|at| model.vaults.get(*at));
            let named = vaults.find(|vault| mention.names(vault).is_true());
            mention.names = named.map(|vault| vault.resource.id.clone());
            used.extend(candidates);
        }
        sort(&mut used);
        used.dedup();
        for vault in used.into_iter().filter_map(|at| model.vaults.get(at)) {
            clients.entry(key(&vault.resource.id)).or_default().push(at);
        }
    }
    model.clients = clients;
    model.consumers = consumers;
}

/// Id of the resource whose own identity this is.
fn identity_of(principal: &Value) -> Option<&Value> {
    let mut value = principal;
    loop {
        let Kind::Term(term) = &value.kind else { return None };
        match &term.kind {
            TermKind::Property { of, .. } | TermKind::Partial { of, .. } => value = of,
            TermKind::Call { name, args } if &**name == "reference" => return args.first(),
            _ => return None,
        }
    }
}

pub(super) fn is_settings(kind: &str) -> bool {
    kind.to_ascii_lowercase().starts_with("microsoft.web/sites/")
        && kind.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("config"))
}

pub(super) fn is_part_of(part: &Resource, whole: &Resource) -> bool {
    identity::parent(&part.id).is_some_and(|parent| identity::same(&parent, &whole.id).is_true())
}

/// Ids of the subnets that a resource is in, and the defaults under which there are no others.
fn subnets(resource: &Resource) -> (Vec<Value>, Assumed) {
    let mut found = Vec::new();
    for path in [
        &["virtualNetworkSubnetId"][..],
        &["virtualNetworkConfiguration", "subnetResourceId"],
        &["apiServerAccessProfile", "subnetId"],
    ] {
        found.push(property(resource, path));
    }
    for subnet in property(resource, &["containerSettings", "subnetIds"]).elements().items {
        found.push(subnet.value.get("id"));
    }
    for pool in property(resource, &["agentPoolProfiles"]).elements().items {
        found.push(pool.value.get("vnetSubnetID"));
    }
    for config in property(resource, &["gatewayIPConfigurations"]).elements().items {
        found.push(wrapped(&config.value, "subnet").get("id"));
    }
    let (none, found): (Vec<_>, Vec<_>) = found.into_iter().partition(Value::is_null);
    let assumed = none.iter().fold(Assumed::default(), |all, id| all.and(&id.assumed));
    (found, assumed)
}

/// Nodes of one resource that are looked at for mentions of a vault.
const MAX_VISITS: usize = 20_000;
/// Mentions of vaults in one resource.
const MAX_MENTIONS: usize = 200;

#[derive(Default)]
struct Mentions {
    mentions: Vec<Mention>,
    visits: usize,
}

impl Mentions {
    fn collect(&mut self, value: &Value, present: &Truth) {
        self.visits += 1;
        if self.visits > MAX_VISITS || self.mentions.len() > MAX_MENTIONS {
            return;
        }
        match &value.kind {
            Kind::Text(_) => self.add(value, present),
            Kind::Term(term) if !matches!(term.kind, TermKind::Limit(_)) => self.add(value, present),
            Kind::Array(array) => array.items().iter().for_each(|item| self.collect(item, present)),
            Kind::Object(object) => {
                object.fields().iter().for_each(|field| self.collect(&field.value, present));
            }
            Kind::Choice(choice) => {
                let branch = present.clone().and(Truth::Unknown(choice.condition.depends()));
                self.collect(&choice.then, &branch);
                self.collect(&choice.otherwise, &branch);
            }
            _ => {}
        }
    }

    fn add(&mut self, value: &Value, present: &Truth) {
        // Every mark of a vault has a dot in it, and most texts have none.
        if value.as_text().is_some_and(|text| !text.contains('.')) {
            return;
        }
        let text = value.normal().to_ascii_lowercase();
        if is_vault_text(&text) {
            let mut ids = Vec::new();
            collect_vault_ids(value, &mut ids, 0);
            let (value, present) = (value.clone(), present.clone());
            self.mentions.push(Mention { value, text, present, ids, names: None });
        }
    }
}

fn is_vault_text(lower: &str) -> bool {
    [
        "@microsoft.keyvault(",
        "/providers/microsoft.keyvault/vaults/",
        ".vault.azure.",
        ".vault.usgovcloudapi.",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}

impl Consumer {
    /// What is written in it that may mean a vault: ids, and texts that are open.
    pub(super) fn vault_ids(&self) -> Vec<Value> {
        let mut found = Vec::new();
        for mention in &self.mentions {
            match mention.ids.is_empty() {
                true => found.extend(Some(&mention.value).filter(|value| plain(value).is_none()).cloned()),
                false => found.extend(mention.ids.iter().cloned()),
            }
        }
        found
    }
}

impl Mention {
    /// Whether this, which names some vault, names this one.
    fn names(&self, vault: &Vault) -> Truth {
        let id = &vault.resource.id;
        if !self.ids.is_empty() {
            return self.ids.iter().fold(Truth::of(false), |any, named| any.or(identity::same(named, id)));
        }
        let name = &vault.resource.name;
        let name_text = match name.as_text() {
            Some(name) => name.to_ascii_lowercase(),
            None if name.pieces().len() > 1 => name.normal().to_ascii_lowercase(),
            None => format!("${{{}}}", name.normal().to_ascii_lowercase()),
        };
        let by_uri = self.text.contains(&format!("//{name_text}.vault."));
        let by_name = self.contains_whole(&format!("vaultname={name_text}"));
        if by_uri || by_name {
            return Truth::of(true);
        }
        // Plain text that names another vault is about another vault.
        if self.value.as_text().is_some() && name.as_text().is_some() {
            return Truth::of(false);
        }
        Truth::Unknown(self.value.depends().and(Depends::of(name.display())))
    }

    /// Where the vaults are that it may name.
    fn candidates(&self, model: &Model, by_name: &ByText) -> Vec<usize> {
        let mut found: Vec<usize> = match (self.ids.is_empty(), plain(&self.value)) {
            (false, _) => self.ids.iter().flat_map(|id| model.vault_ids.candidates(id)).collect(),
            (true, Some(_)) => {
                let mut names = Vec::new();
                self.vault_names(&mut names);
                let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
                by_name.candidates(Some(&names), model.vaults.len())
            }
            (true, None) => (0..model.vaults.len()).collect(),
        };
        sort(&mut found);
        found.dedup();
        found
    }

    /// The names by which its text may name vaults.
    fn vault_names<'m>(&'m self, into: &mut Vec<&'m str>) {
        let text = self.text.as_str();
        for (end, _) in text.match_indices(".vault.") {
            let before = text.get(..end).unwrap_or_default();
            into.extend(before.rsplit_once("//").map(|(_, name)| name));
        }
        for (at, mark) in text.match_indices("vaultname=") {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            into.extend(rest.split(|next| !is_in_name(next)).next());
        }
    }

    /// Whether the text contains this, not as the beginning of a longer name.
    fn contains_whole(&self, wanted: &str) -> bool {
        self.text.match_indices(wanted).any(|(at, _)| {
            let next = self.text.get(at + wanted.len()..).and_then(|rest| rest.chars().next());
            !next.is_some_and(is_in_name)
        })
    }
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$')
}

/// The ids of vaults that a value is made of: itself, the beginning of a key's or secret's id, what a `reference` reads.
fn collect_vault_ids(value: &Value, into: &mut Vec<Value>, depth: u16) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut next = Some(value.clone());
    while let Some(candidate) = next {
        if identity::is_of_type(&candidate, names::VAULT) == Some(true) {
            into.push(candidate);
            return;
        }
        next = identity::parent(&candidate);
    }
    let Kind::Term(term) = &value.kind else { return };
    match &term.kind {
        TermKind::Call { args: parts, .. } | TermKind::Text(parts) => {
            parts.iter().for_each(|part| collect_vault_ids(part, into, depth + 1));
        }
        TermKind::Property { of, .. } | TermKind::Partial { of, .. } => {
            collect_vault_ids(of, into, depth + 1)
        }
        _ => {}
    }
}
