//! Resources that call vaults: which service they are, which subnets they call from, which vaults they name.

use super::identity::written;
use super::ids::{ByText, Ids};
use super::{Model, Vault, comes_with, identity, key, property, wrapped};
use crate::azure::callers::{CallingService, IN_CLUSTER, Reach, service_of};
use crate::azure::names::{self, lower};
use crate::eval::value::MAX_DEPTH;
use crate::eval::{Assumptions, Kind, TermKind, Truth, Unknowns, Value};
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
    pub service: CallingService,
    /// Ids of the subnets it calls from.
    pub subnets: Vec<Value>,
    /// The defaults under which it calls from no other subnet.
    no_others: Assumptions,
    /// Whether Azure may read the secrets that it refers to for it, from elsewhere.
    pub is_read_for: bool,
    /// Whether all its code runs on machines of the customer's; nothing where none of it does.
    on_machines: Option<Truth>,
    mentions: Vec<Mention>,
}

/// Something in a resource that names a vault: an id, a URI, a reference.
#[derive(Clone, Debug)]
struct Mention {
    value: Value,
    how: How,
    /// Its normal form in lower case.
    text: String,
    /// Whether it is there: open in the branch of a condition.
    present: Truth,
    /// The ids of vaults that it is made of.
    ids: Vec<Value>,
    /// Id of the vault among the files that it surely names.
    names: Option<Value>,
    /// Whether it is a permission, and not in the resource itself.
    is_permission: bool,
}

/// How something names a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// By an id or a URI in it.
    Written,
    /// It is the vault's name.
    Name,
    /// The vault's name is one of its words.
    Word,
}

impl Consumer {
    /// Reads a resource of that type (in lower case); nothing when it is not a consumer.
    pub(super) fn new(kind: &str, resource: &Resource) -> Option<Self> {
        let is_caller = |one: &Self| !one.calls_only_named_vaults() || !one.mentions.is_empty();
        Self::read(kind, resource).filter(is_caller)
    }

    /// The same of one that may name no vault itself.
    pub(super) fn read(kind: &str, resource: &Resource) -> Option<Self> {
        let mut service = service_of(kind)?;
        let is_about_vault = service.reach == Reach::Unknown
            && identity::is_of_type(&identity::scope(&resource.id), names::VAULT) == Some(true);
        let mut found = Mentions::of(kind, &service, resource);
        if !resource.referenced && !is_about_vault {
            found.collect(&resource.body, Spot::default(), &Truth::of(true));
        }
        let flavour = resource.body.get("kind").display().to_ascii_lowercase();
        if flavour.contains("workflowapp") {
            service.name = "Logic Apps";
        } else if flavour.contains("functionapp") {
            service.name = "Functions";
        }
        if kind == lower::CONTAINER_ENVIRONMENT && !made_with_certificate(resource).is_false() {
            service.reach = Reach::Platform;
        }
        let (subnets, no_others) = subnets(resource);
        let (resource, mentions) = (resource.clone(), found.mentions);
        Some(Self { resource, service, subnets, no_others, is_read_for: false, on_machines: None, mentions })
    }

    fn calls_only_named_vaults(&self) -> bool {
        self.service.only_with_vault || self.resource.referenced
    }

    /// Has it name the vault that it has a permission on, which may be all that says so.
    pub(super) fn permit(&mut self, on: &Value, present: &Truth, is_permission: bool) {
        let reads = match self.resource.kind.to_ascii_lowercase().as_str() {
            lower::DEPLOYMENT_SCRIPT => reads_vault(&self.resource),
            // What it calls for from elsewhere is its certificate alone.
            _ if self.is_made_with_certificate() => made_with_certificate(&self.resource),
            _ => Truth::of(true),
        };
        let present = present.clone().and(reads);
        if self.mentions.len() < MAX_MENTIONS && !present.is_false() {
            let mention = Mention::new(on, present);
            self.mentions.extend(mention.map(|mention| Mention { is_permission, ..mention }));
        }
    }

    /// What it is, in a sentence: the service, or the type of a resource of which nothing is known.
    pub fn service_name(&self) -> &str {
        if self.is_known() { self.service.name } else { &self.resource.kind }
    }

    /// Whether it is an environment of container apps that is made with a certificate in a vault.
    pub fn is_made_with_certificate(&self) -> bool {
        self.service.reach == Reach::Platform
            && self.resource.kind.eq_ignore_ascii_case(names::CONTAINER_ENVIRONMENT)
    }

    /// Whether it is known which service this is.
    pub fn is_known(&self) -> bool {
        self.service.reach != Reach::Unknown
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

    /// A resource that uses the vaults which another one names for it.
    pub(super) fn through(resource: Resource, of: &Consumer) -> Self {
        let (subnets, no_others) = (Vec::new(), Assumptions::default());
        Self {
            resource,
            service: of.service,
            subnets,
            no_others,
            is_read_for: false,
            on_machines: None,
            mentions: of.mentions.clone(),
        }
    }

    /// Whether it names this vault, or has a permission on it.
    pub fn uses(&self, vault: &Vault) -> Truth {
        Self::any_names(self.mentions.iter(), vault)
    }

    /// Whether nothing but a permission says that it surely uses this vault.
    pub fn is_only_permitted(&self, vault: &Vault) -> bool {
        let own = self.mentions.iter().filter(|mention| !mention.is_permission);
        !Self::any_names(own, vault).is_true()
    }

    /// Whether it names a vault itself.
    fn names_any(&self) -> Truth {
        let own = self.mentions.iter().filter(|mention| !mention.is_permission);
        own.fold(Truth::of(false), |any, mention| any.or(mention.present.clone()))
    }

    /// Whether it names this vault in a Key Vault reference, which the platform resolves for it.
    pub fn resolves_references(&self, vault: &Vault) -> Truth {
        let references = self.mentions.iter().filter(|mention| mention.text.contains(REFERENCE));
        Self::any_names(references, vault)
    }

    fn any_names<'c>(mentions: impl Iterator<Item = &'c Mention>, vault: &Vault) -> Truth {
        mentions.fold(Truth::of(false), |any, mention| {
            let names = match &mention.names {
                Some(id) => identity::same(id, &vault.resource.id),
                None => mention.names(vault),
            };
            any.or(names.and(mention.present.clone()).assuming(&mention.rests_on(vault)))
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
            Reach::Public | Reach::Platform => return Truth::of(false),
            Reach::Sandbox => return self.runs_on_machines(consumer),
            Reach::Elsewhere => {
                Truth::Unknown(Unknowns::of(format!("the network of `{}`", resource.address)))
            }
            Reach::Unknown => {
                return Truth::Unknown(Unknowns::of(format!("where `{}` calls from", resource.address)));
            }
            // Settings of an app that is not here.
            Reach::Integration if is_settings(&resource.kind) => {
                Truth::Unknown(Unknowns::of(format!("the app of `{}`", resource.address)))
            }
            Reach::Integration => {
                let own = property(resource, &["hostingEnvironmentProfile"]).is_set();
                own.or(self.is_isolated_plan(&property(resource, &["serverFarmId"])))
            }
        };
        let inside = integrated.or(otherwise);
        // What it names its management reads; its gateway, which is in the network, reads what policies tell it to (F5.21).
        match resource.kind.eq_ignore_ascii_case(names::API_MANAGEMENT) {
            true => inside.and(consumer.names_any().negate()),
            false => inside,
        }
    }

    /// Whether the code that a service would run in its sandbox all runs on machines in known subnets.
    fn runs_on_machines(&self, consumer: &Consumer) -> Truth {
        match &consumer.on_machines {
            None => Truth::of(false),
            Some(all) if !consumer.subnets.is_empty() && all.is_true() => all.clone(),
            Some(_) => Truth::Unknown(Unknowns::of(format!(
                "where the code of `{}` runs",
                consumer.resource.address
            ))),
        }
    }

    /// Whether a vault refuses a consumer that uses it, whenever that is deployed: it calls from Azure's public
    /// addresses, and no rule can name those.
    pub fn refuses(&self, vault: &Vault, consumer: &Consumer) -> Truth {
        let closed = self.is_closed_to(vault, consumer);
        if closed.is_false() {
            return closed;
        }
        closed.and(self.calls_from_network(consumer).negate())
    }

    /// Whether a vault refuses a consumer that uses it, whenever that is deployed, if it calls from Azure's public
    /// addresses.
    pub fn is_closed_to(&self, vault: &Vault, consumer: &Consumer) -> Truth {
        let by_rule = match consumer.service.reach {
            Reach::Platform | Reach::Sandbox | Reach::Unknown => vault.firewall.may_admit_a_service(),
            _ if self.app_addresses(vault, consumer).is_some() => {
                let let_in = self.is_let_in_by_addresses(vault, consumer);
                Truth::of(let_in.is_some_and(|let_in| let_in.is_true()))
            }
            _ => vault.firewall.ip_rules.any(),
        };
        let closed = vault.refuses_by_default().and(vault.is_enabled().and(by_rule).negate());
        if closed.is_false() {
            return closed;
        }
        closed
            .and(self.is_in_perimeter(vault).negate())
            .and(consumer.uses(vault))
            .and(comes_with(&consumer.resource, &vault.resource))
            .and(self.nothing_about(&consumer.resource.id, names::APP_NETWORK).negate())
            .and(self.reaches_by_managed_endpoint(vault, &consumer.resource).negate())
    }

    /// Whether an App Service plan is inside a network (F5.1); an app without a plan is not.
    fn is_isolated_plan(&self, id: &Value) -> Truth {
        if id.is_null() {
            return Truth::of(false);
        }
        match self.plan(id) {
            Some(plan) => property(plan, &["hostingEnvironmentProfile"]).is_set(),
            None => Truth::Unknown(Unknowns::of(format!(
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
    let mut owners = Owners(Ids::new(consumers.iter().map(|consumer| &consumer.resource.id)));
    for part in settings {
        let owner = owners.of(&part.resource, &consumers);
        match owner.and_then(|at| consumers.get_mut(at)) {
            Some(owner) => {
                owner.mentions.extend(part.mentions);
                model.others.push(part.resource);
            }
            None => {
                owners.0.push(&part.resource.id);
                consumers.push(part);
            }
        }
    }
    let integrations = [names::APP_NETWORK, names::SLOT_NETWORK];
    for part in &model.others {
        if integrations.iter().any(|kind| part.kind.eq_ignore_ascii_case(kind))
            && let Some(owner) = owners.of(part, &consumers).and_then(|at| consumers.get_mut(at))
        {
            owner.subnets.push(property(part, &["subnetResourceId"]));
        }
    }
    super::permitted::link(model, &mut consumers);
    add_networks(&model.others, &mut consumers);
    super::automation::link(&mut model.others, &mut consumers);
    super::trust::link_stores(&mut model.others, &mut consumers);
    let mut by_name = ByText::default();
    for (at, vault) in model.vaults.iter().enumerate() {
        by_name.add(at, written(&vault.resource.name).map(|name| vec![name]));
    }
    let mut clients: HashMap<Rc<str>, Vec<usize>> = HashMap::new();
    let mut kept = Vec::with_capacity(consumers.len());
    for mut consumer in consumers {
        let mut used = Vec::new();
        consumer.mentions.retain_mut(|mention| {
            let mut candidates = mention.candidates(model, &by_name);
            // A word means a vault where one is called so.
            let is_word = mention.how != How::Written;
            let may_be =
                |at: &usize| model.vaults.get(*at).is_some_and(|vault| !mention.names(vault).is_false());
            candidates.retain(|at| !is_word || may_be(at));
            let mut vaults = candidates.iter().filter_map(|at| model.vaults.get(*at));
            let named = vaults.find(|vault| mention.names(vault).is_true());
            mention.names = named.map(|vault| vault.resource.id.clone());
            let is_one = !is_word || !candidates.is_empty();
            used.extend(candidates);
            is_one
        });
        if consumer.mentions.is_empty() && consumer.calls_only_named_vaults() {
            model.others.push(consumer.resource);
            continue;
        }
        let at = kept.len();
        sort(&mut used);
        used.dedup();
        for vault in used.into_iter().filter_map(|at| model.vaults.get(at)) {
            clients.entry(key(&vault.resource.id)).or_default().push(at);
        }
        kept.push(consumer);
    }
    model.clients = clients;
    model.consumers = kept;
}

impl Consumer {
    /// Counts what is written in a part of it as written in it.
    pub(super) fn absorb(&mut self, part: Consumer) {
        self.mentions.extend(part.mentions);
    }

    /// Says that code of it runs on machines: in these subnets, and whether all of it.
    pub(super) fn run_on_machines(&mut self, all: Truth, subnets: Vec<Value>) {
        self.on_machines = Some(all);
        self.subnets.extend(subnets);
    }
}

/// What settings may belong to, by its id.
struct Owners(Ids);

impl Owners {
    /// Where the first is that a resource is a part of.
    fn of(&self, part: &Resource, consumers: &[Consumer]) -> Option<usize> {
        let parent = identity::parent(&part.id)?;
        let is_it = |at: &usize| {
            let owner = consumers.get(*at);
            owner.is_some_and(|owner| identity::same(&parent, &owner.resource.id).is_true())
        };
        self.0.candidates(&parent).into_iter().find(is_it)
    }
}

/// Gives consumers the subnets of what they are in: a machine those of its network interfaces, a container app that of its
/// environment, what is deployed into the only cluster those of the cluster.
fn add_networks(others: &[Resource], consumers: &mut [Consumer]) {
    let is_environment = |other: &&Resource| {
        !other.referenced && other.kind.eq_ignore_ascii_case(names::CONTAINER_ENVIRONMENT)
    };
    let environments: Vec<Environment> = others
        .iter()
        .chain(consumers.iter().map(|consumer| &consumer.resource))
        .filter(is_environment)
        .map(|environment| Environment {
            id: environment.id.clone(),
            subnet: property(environment, &["vnetConfiguration", "infrastructureSubnetId"]),
            has_profiles: property(environment, &["workloadProfiles"]).is_set(),
        })
        .collect();
    let ids = Ids::new(environments.iter().map(|environment| &environment.id));
    let is_cluster =
        |consumer: &&Consumer| consumer.resource.kind.eq_ignore_ascii_case(names::MANAGED_CLUSTER);
    let clusters: Vec<&Consumer> = consumers.iter().filter(is_cluster).collect();
    let in_cluster = match clusters.as_slice() {
        [only] => only.subnets.clone(),
        _ => Vec::new(),
    };
    let interfaces = Interfaces::new(others);
    for consumer in consumers {
        let subnets = interfaces.subnets_of(&consumer.resource);
        consumer.subnets.extend(subnets);
        if consumer.service == IN_CLUSTER {
            consumer.subnets.extend(in_cluster.iter().cloned());
        }
        let named = ["managedEnvironmentId", "environmentId"].map(|key| property(&consumer.resource, &[key]));
        // A part of an environment calls from its network, and so does the environment once it is there.
        let around = [identity::parent(&consumer.resource.id).unwrap_or_default()];
        let own =
            [consumer.resource.id.clone()].into_iter().filter(|_| consumer.service.reach != Reach::Platform);
        for environment in named.into_iter().chain(around).chain(own) {
            let mut candidates =
                ids.candidates(&environment).into_iter().filter_map(|at| environments.get(at));
            let found = candidates.find(|one| identity::same(&one.id, &environment).is_true());
            let Some(found) = found.filter(|found| !found.subnet.is_null()) else { continue };
            consumer.subnets.push(found.subnet.clone());
            consumer.is_read_for |= found.has_profiles.is_false() && refers_to_secrets(&consumer.resource);
        }
    }
}

/// An environment of container apps.
struct Environment {
    id: Value,
    subnet: Value,
    has_profiles: Truth,
}

/// Whether a container app has secrets that it only refers to, which Azure reads for it when it is deployed (F5.46).
fn refers_to_secrets(app: &Resource) -> bool {
    let secrets = property(app, &["configuration", "secrets"]).elements();
    secrets.items.iter().any(|secret| !secret.value.get("keyVaultUrl").is_null())
}

/// The network interfaces among some resources.
pub(super) struct Interfaces<'r>(Vec<&'r Resource>, Ids);

impl<'r> Interfaces<'r> {
    pub(super) fn new(others: &'r [Resource]) -> Self {
        let is_one = |other: &&Resource| other.kind.eq_ignore_ascii_case(names::NETWORK_INTERFACE);
        let all: Vec<&Resource> = others.iter().filter(is_one).collect();
        let ids = Ids::new(all.iter().map(|one| &one.id));
        Self(all, ids)
    }

    /// Ids of the subnets that the network interfaces of a machine are in.
    pub(super) fn subnets_of(&self, machine: &Resource) -> Vec<Value> {
        let mut found = Vec::new();
        for item in property(machine, &["networkProfile", "networkInterfaces"]).elements().items {
            let id = item.value.get("id");
            let mut candidates = self.1.candidates(&id).into_iter().filter_map(|at| self.0.get(at));
            let Some(interface) = candidates.find(|one| identity::same(&one.id, &id).is_true()) else {
                continue;
            };
            for config in property(interface, &["ipConfigurations"]).elements().items {
                found.push(wrapped(&config.value, "subnet").get("id"));
            }
        }
        found
    }
}

pub(super) fn is_settings(kind: &str) -> bool {
    kind.to_ascii_lowercase().strip_prefix(names::lower::WEB_SITE).is_some_and(|rest| rest.starts_with('/'))
        && kind.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("config"))
}

pub(super) fn is_part_of(part: &Resource, whole: &Resource) -> bool {
    identity::parent(&part.id).is_some_and(|parent| identity::same(&parent, &whole.id).is_true())
}

/// Ids of the subnets that a resource is in, and the defaults under which there are no others.
fn subnets(resource: &Resource) -> (Vec<Value>, Assumptions) {
    let mut found = Vec::new();
    for subnet in property(resource, &["subnetIds"]).elements().items {
        found.push(subnet.value.get("id"));
    }
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
    let interfaces = ["virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations"];
    for interface in property(resource, &interfaces).elements().items {
        for config in wrapped(&interface.value, "ipConfigurations").elements().items {
            found.push(wrapped(&config.value, "subnet").get("id"));
        }
    }
    let (none, found): (Vec<_>, Vec<_>) = found.into_iter().partition(Value::is_null);
    let assumed = none.iter().fold(Assumptions::default(), |all, id| all.and(&id.assumed));
    (found, assumed)
}

/// Nodes of one resource that are looked at for mentions of a vault.
const MAX_VISITS: usize = 20_000;
/// Mentions of vaults in one resource.
const MAX_MENTIONS: usize = 200;

struct Mentions {
    mentions: Vec<Mention>,
    visits: usize,
    /// Whether nothing is known of the resource, so that an id in it may be there for anything.
    is_stranger: bool,
    /// What the script of a deployment script does with a vault whose name or id it has, if the resource is one.
    script: Option<Truth>,
}

/// The place of a value in a resource.
#[derive(Clone, Debug, Default)]
struct Spot {
    /// The key above it without case and punctuation; of a value beside a name, the name.
    key: String,
    /// Whether it is in something that is called after a vault.
    in_vault: bool,
    /// Whether it is in what is not shown.
    is_hidden: bool,
}

impl Spot {
    fn within(&self, key: &str) -> Self {
        let key = letters(key);
        let in_vault = self.in_vault || key.contains("vault");
        let is_hidden = self.is_hidden || key == "securevalue";
        // What a vault is called within something that is called after it.
        let key = if key == "name" && is_name_of_vault(&self.key) { self.key.clone() } else { key };
        Self { key, in_vault, is_hidden }
    }
}

fn letters(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether what is called so, in letters alone, is the name of a vault.
fn is_name_of_vault(key: &str) -> bool {
    key.ends_with("vaultname") || key.ends_with("kvname") || key.ends_with("keyvault") || key == "kv"
}

/// Whether what is called so, in letters alone, is run.
fn is_code(key: &str) -> bool {
    [
        "scriptcontent",
        "arguments",
        "commandline",
        "commandtoexecute",
        "script",
        "inline",
        "command",
        "commands",
    ]
    .contains(&key)
}

/// What is about a resource and no part of what it does.
const ABOUT: &[&str] = &["tags", "dependsOn", "scope", "comments", "metadata", "condition"];

impl Mentions {
    fn of(kind: &str, service: &CallingService, resource: &Resource) -> Self {
        let is_script = kind.eq_ignore_ascii_case(names::DEPLOYMENT_SCRIPT);
        Self {
            mentions: Vec::new(),
            visits: 0,
            is_stranger: service.reach == Reach::Unknown,
            script: is_script.then(|| reads_vault(resource)),
        }
    }

    fn collect(&mut self, value: &Value, spot: Spot, present: &Truth) {
        self.visits += 1;
        if self.visits > MAX_VISITS || self.mentions.len() > MAX_MENTIONS {
            return;
        }
        match &value.kind {
            Kind::Text(_) => self.add(value, &spot, present),
            Kind::Term(term) => match &term.kind {
                TermKind::Limit(_) => {}
                TermKind::Call { name, args } if matches!(&**name, "yamlencode" | "jsonencode") => {
                    args.iter().for_each(|arg| self.collect(arg, spot.clone(), present));
                }
                _ => self.add(value, &spot, present),
            },
            Kind::Array(array) => {
                array.items().iter().for_each(|item| self.collect(item, spot.clone(), present));
            }
            Kind::Object(object) => {
                let named = object.field("name").map(|name| &name.value).filter(|_| object.has("value"));
                let named = named.and_then(Value::as_text);
                for field in object.fields() {
                    if self.visits == 1 && ABOUT.iter().any(|about| field.key.eq_ignore_ascii_case(about)) {
                        continue;
                    }
                    let key = match named {
                        Some(name) if field.key.eq_ignore_ascii_case("value") => name,
                        _ => &field.key,
                    };
                    self.collect(&field.value, spot.within(key), present);
                }
            }
            Kind::Choice(choice) => {
                let branch = present.clone().and(Truth::Unknown(choice.condition.depends()));
                self.collect(&choice.then, spot.clone(), &branch);
                self.collect(&choice.otherwise, spot, &branch);
            }
            _ => {}
        }
    }

    fn add(&mut self, value: &Value, spot: &Spot, present: &Truth) {
        let is_name = value.as_text().is_none_or(|text| !text.contains(['/', ' ']));
        let how = match () {
            () if is_code(&spot.key) => How::Word,
            () if is_name && (self.script.is_some() || is_name_of_vault(&spot.key)) => How::Name,
            () => How::Written,
        };
        // Every other mark of a vault has a dot in it, and most texts have none.
        if how == How::Written && value.as_text().is_some_and(|text| !text.contains('.')) {
            return;
        }
        let text = value.normal().to_ascii_lowercase();
        let mut ids = Vec::new();
        let is_written = is_vault_text(&text) && !is_about_vault(value);
        if is_written {
            collect_vault_ids(value, &mut ids, 0);
        }
        // An id alone says that the resource has to do with a vault, not that it calls it.
        let is_uri = !is_written || ids.is_empty() || text.contains(".vaulturi") || is_uri(&text);
        let how = match () {
            () if is_written && (is_uri || !self.is_stranger || spot.in_vault) => How::Written,
            () if is_written => return,
            () if how == How::Written => return,
            () => how,
        };
        let mut present = present.clone();
        if spot.is_hidden {
            present = present.and(Truth::Unknown(Unknowns::of("what the `secureValue` is used for")));
        }
        match &self.script {
            Some(reads) if !is_uri || how != How::Written => present = present.and(reads.clone()),
            _ => {}
        }
        if !present.is_false() {
            let (value, names, is_permission) = (value.clone(), None, false);
            self.mentions.push(Mention { value, how, text, present, ids, names, is_permission });
        }
    }
}

/// Whether an environment of container apps is made with a certificate in a vault, which Azure then fetches from outside of
/// the network of the environment: later the environment itself does (F5.45).
fn made_with_certificate(environment: &Resource) -> Truth {
    if environment.is_shown() {
        return Truth::of(false);
    }
    let path = ["properties", "customDomainConfiguration", "certificateKeyVaultProperties"];
    environment.as_made().path(&path).is_set()
}

/// Whether the script of a deployment script reads what is in a vault that it has the name or the id of: there are
/// commands that only manage a vault, and those go to Resource Manager. One that is not in the files may do anything,
/// and one that opens the firewall first may let itself in.
fn reads_vault(script: &Resource) -> Truth {
    let content = property(script, &["scriptContent"]);
    if content.is_null() {
        return Truth::of(true);
    }
    let text = content.normal().to_ascii_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if has(OPENING) {
        return Truth::Unknown(Unknowns::of(format!(
            "what the script of `{}` opens before it calls",
            script.address
        )));
    }
    Truth::of(has(READING) || !has(MANAGING) && content.as_text().is_none() && content.pieces().len() < 2)
}

/// Commands and words for what is in a vault.
const READING: &[&str] = &[
    "keyvault secret",
    "keyvault key",
    "keyvault certificate",
    "keyvault storage",
    "keyvaultsecret",
    "keyvaultkey",
    "keyvaultcertificate",
    "vault.azure",
    "vault.usgovcloudapi",
    "/secrets/",
    "/keys/",
    "/certificates/",
    "vaulturi",
    "secretclient",
    "keyclient",
    "certificateclient",
];
/// Commands for a vault itself.
const MANAGING: &[&str] =
    &["az keyvault", "azkeyvault", "az resource", "az role", "azroleassignment", "az network"];
/// What opens the firewall of a vault.
const OPENING: &[&str] = &[
    "keyvault network-rule add",
    "keyvaultnetworkrule",
    "--default-action allow",
    "-defaultaction allow",
    "--public-network-access enabled",
    "-publicnetworkaccess enabled",
    "publicnetworkaccess=enabled",
    "networkacls.defaultaction=allow",
];

/// Whether this is a property of a vault that says nothing of where it is: its tenant, say.
fn is_about_vault(value: &Value) -> bool {
    let Kind::Term(term) = &value.kind else { return false };
    let TermKind::Property { name, of } = &term.kind else { return false };
    let name = name.to_ascii_lowercase();
    let is_id =
        name.ends_with("id") && !["tenantid", "objectid", "clientid", "principalid"].contains(&name.as_str());
    // What is open as a whole may hold anything.
    let is_part = !matches!(&of.kind, Kind::Term(of) if matches!(of.kind, TermKind::Parameter { .. } | TermKind::Named(_)));
    is_part && !name.contains("uri") && !is_id && !["properties", "_"].contains(&name.as_str())
}

/// Whether a text in lower case has the URI of a vault in it, or the id of what is in one.
fn is_uri(text: &str) -> bool {
    let within = ["/secrets/", "/keys/", "/certificates/"];
    [".vault.azure.", ".vault.usgovcloudapi.", REFERENCE].iter().any(|mark| text.contains(mark))
        || text.contains("/providers/microsoft.keyvault/vaults/")
            && within.iter().any(|mark| text.contains(mark))
}

/// How a Key Vault reference of an app begins, in lower case.
const REFERENCE: &str = "@microsoft.keyvault(";

fn is_vault_text(lower: &str) -> bool {
    [REFERENCE, "/providers/microsoft.keyvault/vaults/", ".vault.azure.", ".vault.usgovcloudapi."]
        .iter()
        .any(|mark| lower.contains(mark))
}

impl Consumer {
    /// What is written in it that may mean a vault: ids, and texts that are open.
    pub(super) fn vault_ids(&self) -> Vec<Value> {
        let mut found = Vec::new();
        for mention in &self.mentions {
            match mention.ids.is_empty() {
                true => found.extend(Some(&mention.value).filter(|value| written(value).is_none()).cloned()),
                false => found.extend(mention.ids.iter().cloned()),
            }
        }
        found
    }
}

impl Mention {
    /// The vault that an id or a URI names, if it does.
    fn new(value: &Value, present: Truth) -> Option<Self> {
        let text = value.normal().to_ascii_lowercase();
        let mut ids = Vec::new();
        collect_vault_ids(value, &mut ids, 0);
        let (value, how) = (value.clone(), How::Written);
        let (names, is_permission) = (None, false);
        is_vault_text(&text).then_some(Self { value, how, text, present, ids, names, is_permission })
    }

    /// The defaults under which this names a vault: none where both are made of the same ones, and change together.
    fn rests_on(&self, vault: &Vault) -> Assumptions {
        let Resource { id, name, .. } = &vault.resource;
        let (own, changes_along) = match self.ids.as_slice() {
            [] => (&name.assumed, self.value.assumed == name.assumed),
            ids => (&id.assumed, ids.iter().all(|named| named.assumed == id.assumed)),
        };
        if changes_along { Assumptions::default() } else { self.value.assumed.and(own) }
    }

    /// Whether this, which names some vault, names this one.
    fn names(&self, vault: &Vault) -> Truth {
        let id = &vault.resource.id;
        if !self.ids.is_empty() {
            return self.ids.iter().fold(Truth::of(false), |any, named| any.or(identity::same(named, id)));
        }
        let name = &vault.resource.name;
        if self.how == How::Name {
            // Two names that are open may be anything.
            let is_same = identity::same_name(&self.value, name);
            let is_open = is_same.is_unknown() && !matches!(self.value.kind, Kind::Choice(_));
            return if is_open { Truth::of(false) } else { is_same };
        }
        let name_text = match name.as_text() {
            Some(name) => name.to_ascii_lowercase(),
            None if name.pieces().len() > 1 => name.normal().to_ascii_lowercase(),
            None => format!("${{{}}}", name.normal().to_ascii_lowercase()),
        };
        let by_uri = self.text.contains(&format!("//{name_text}.vault."));
        let by_name = self.contains_whole(&format!("vaultname={name_text}"));
        let by_word = self.how == How::Word && name_text.len() > 2 && self.contains_whole(&name_text);
        if by_uri || by_name || by_word {
            return Truth::of(true);
        }
        if self.how == How::Word && !is_vault_text(&self.text) {
            return Truth::of(false);
        }
        // Plain text that names another vault is about another vault.
        if self.value.as_text().is_some() && name.as_text().is_some() {
            return Truth::of(false);
        }
        Truth::Unknown(self.value.depends().and(Unknowns::of(name.display())))
    }

    /// Where the vaults are that it may name.
    fn candidates(&self, model: &Model, by_name: &ByText) -> Vec<usize> {
        let mut found: Vec<usize> = match (self.ids.is_empty(), written(&self.value)) {
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
        if self.how != How::Written {
            let words = text.split(|next| !is_in_name(next));
            into.extend(words.filter(|word| (3..=24).contains(&word.len())).take(MAX_WORDS));
        }
        for (end, _) in text.match_indices(".vault.") {
            let before = text.get(..end).unwrap_or_default();
            into.extend(before.rsplit_once("//").map(|(_, name)| name));
        }
        for (at, mark) in text.match_indices("vaultname=") {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            into.extend(rest.split(|next| !is_in_name(next)).next());
        }
    }

    /// Whether the text contains this, not as a part of a longer name.
    fn contains_whole(&self, wanted: &str) -> bool {
        self.text.match_indices(wanted).any(|(at, _)| {
            let before = self.text.get(..at).and_then(|before| before.chars().next_back());
            let next = self.text.get(at + wanted.len()..).and_then(|rest| rest.chars().next());
            !before.is_some_and(is_in_name) && !next.is_some_and(is_in_name)
        })
    }
}

/// Words of one script that are taken for names of vaults.
const MAX_WORDS: usize = 300;

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
