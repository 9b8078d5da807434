//! The steps that take a vault from public to private access without downtime.
//!
//! Which callers would lose access at a step is computed: each one is evaluated again with the settings that the vault
//! would have.

use super::{
    Caller, NameAnswer, Remedy, RequestOutcome, ResolvedName, Source, View, callers, explain, resolve,
};
use crate::eval::{Truth, Value};
use crate::fixes;
use crate::lang::{Change, Literal, Resource};
use crate::model::{EndpointConnection, Model, PrivateEndpoint, Vault, identity};
use crate::text::{Name, Place};
use serde::Serialize;
use std::net::IpAddr;

/// The steps to private access, and how far the files are.
#[derive(Clone, Debug)]
pub struct Migration<'m> {
    /// The vault that becomes private.
    pub vault: &'m Vault,
    /// The steps, in order.
    pub phases: Vec<MigrationPhase>,
    /// The regions with a private endpoint of the vault.
    pub regions: Vec<EndpointRegion>,
    /// Notes about perimeters and several regions.
    pub notes: Vec<MigrationNote>,
}

/// A step.
#[derive(Clone, Debug)]
pub struct MigrationPhase {
    /// Which of the six steps it is.
    pub kind: PhaseKind,
    /// How far the files are.
    pub state: State,
    /// The parts of the step, in order.
    pub actions: Vec<MigrationAction>,
    /// What has to be resolved before the step.
    pub blockers: Vec<MigrationNote>,
    /// Further notes: why the step is not needed now, or which defaults its state rests on.
    pub notes: Vec<MigrationNote>,
    /// The callers that would lose access.
    pub losses: Vec<LostAccess>,
    /// How to verify the step.
    pub verification: Vec<Instruction>,
    /// How to roll back, without opening the vault to the internet (F3.22).
    pub rollback: Vec<Instruction>,
    /// Numbers of the facts that the step rests on.
    pub facts: &'static [&'static str],
}

/// The steps, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum PhaseKind {
    /// A private endpoint, its private zone, and the zone's links.
    Prepare,
    /// The name resolves to the endpoint in every network that callers are in.
    Resolution,
    /// All callers use the private path.
    Consumers,
    /// Firewall rules for callers without a private path.
    Rules,
    /// The firewall denies callers that no rule matches.
    Deny,
    /// Public network access is disabled.
    Disable,
}

/// The state of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The files already contain it.
    Done,
    /// Not done yet.
    Todo,
    /// Something has to be resolved first.
    Blocked,
    /// The files leave it open, or it holds only by a default.
    Open,
    /// It has no effect as long as another setting in the files stays as it is.
    NotNeeded,
}

/// An instruction for the reader.
#[derive(Clone, Debug)]
pub enum Instruction {
    /// A sentence.
    Text(&'static str),
    /// A command, with a comment on it.
    Command(Command, Option<&'static str>),
}

/// What a command does or shows. Values that the files leave open become placeholders.
#[derive(Clone, Debug)]
pub enum Command {
    /// Creates a private endpoint of the vault.
    CreateEndpoint,
    /// Registers an endpoint in a private zone.
    CreateZoneGroup {
        /// The endpoint's name.
        endpoint: Value,
        /// The zone.
        zone: &'static str,
    },
    /// Creates a private zone.
    CreateZone(&'static str),
    /// Links a private zone to a virtual network.
    LinkZone {
        /// The zone.
        zone: &'static str,
        /// The network's name.
        network: Value,
    },
    /// Adds a rule for an address.
    AddAddress(Option<IpAddr>),
    /// Adds a rule for a subnet, by its id.
    AddSubnet(Value),
    /// Sets properties of the vault.
    Update(&'static [Setting]),
    /// Lists the states of the vault's private endpoint connections.
    ShowConnections,
    /// Lists the rules of the vault's firewall.
    ShowRules,
    /// Prints `networkAcls`.
    ShowFirewall,
    /// Prints `publicNetworkAccess`.
    ShowPublicAccess,
    /// Resolves the vault's name in a domain.
    Resolve {
        /// `vault.azure.net`.
        domain: &'static str,
    },
    /// Sends the vault a request that needs no permission, and prints the head of its answer.
    Call {
        /// `vault.azure.net`.
        domain: &'static str,
    },
}

/// A property of a vault and its new value.
#[derive(Clone, Copy, Debug)]
pub enum Setting {
    /// `publicNetworkAccess`: `Enabled` or `Disabled`.
    PublicNetworkAccess(&'static str),
    /// `networkAcls.defaultAction`: `Deny`.
    DefaultAction(&'static str),
    /// `networkAcls.bypass`: `AzureServices`.
    Bypass(&'static str),
}

/// A part of a step.
#[derive(Clone, Debug)]
pub struct MigrationAction {
    /// In the imperative.
    pub title: String,
    /// Whether the files already contain it.
    pub done: bool,
    /// The Azure CLI command that does it.
    pub command: Option<Command>,
    /// The change of the files that does it.
    pub remedy: Option<Remedy>,
}

/// A note, with its place in the files.
#[derive(Clone, Debug)]
pub struct MigrationNote {
    /// One line.
    pub text: String,
    /// The value or resource in the files that the note is about.
    pub place: Option<Place>,
}

/// A caller that would lose access.
#[derive(Clone, Debug)]
pub struct LostAccess {
    /// The caller in one of the [`super::caller::FORMS`].
    pub from: String,
    /// The caller as a noun phrase.
    pub caller: String,
    /// Whether it is let in before the step.
    pub before: Truth,
    /// Whether it is let in after the step.
    pub after: Truth,
    /// The reason, in one line.
    pub because: String,
}

/// A region with a private endpoint of the vault.
#[derive(Clone, Debug)]
pub struct EndpointRegion {
    /// The endpoint's `location`.
    pub location: String,
    /// The endpoint's name.
    pub endpoint: String,
    /// The names of the zones that its zone group registers it in.
    pub zones: Vec<String>,
}

/// Plans the steps of a vault to private access.
pub fn plan<'m>(model: &'m Model, vault: &'m Vault) -> Migration<'m> {
    let planner = Planner { model, vault, zone: vault.service.dns(model.cloud_of(vault)).private_zone };
    let closing = planner.closing();
    let phases = vec![
        planner.prepare(),
        planner.resolution(),
        planner.consumers(&closing),
        planner.rules(&closing),
        planner.deny(&closing),
        planner.disable(&closing),
    ];
    Migration { vault, phases, regions: planner.regions(), notes: planner.region_notes() }
}

/// The access of one caller today and with the vault closed.
struct Closing<'m> {
    caller: Caller<'m>,
    today: RequestOutcome<'m>,
    /// Whether it is let in with `Enabled` and `Deny`.
    denying: Truth,
    denying_because: String,
    /// Rules that would let it in with these settings.
    rules: Vec<Remedy>,
    /// Whether it is let in with `Disabled`.
    disabled: Truth,
    disabled_because: String,
}

struct Planner<'m> {
    model: &'m Model,
    vault: &'m Vault,
    zone: &'static str,
}

impl<'m> Planner<'m> {
    fn label(&self) -> Name {
        self.vault.resource.label()
    }

    fn closing(&self) -> Vec<Closing<'m>> {
        // If public access is already disabled, the evaluation does not enable it.
        let access = if self.vault.is_disabled().is_true() { "Disabled" } else { "Enabled" };
        let denying = self.vault.with(access, "Deny");
        let disabled = self.vault.with("Disabled", "Deny");
        let mut found = Vec::new();
        for caller in callers(self.model) {
            let today = explain(self.model, self.vault, caller.clone());
            let then = explain(self.model, &denying, caller.clone());
            let last = explain(self.model, &disabled, caller.clone());
            found.push(Closing {
                denying_because: then.because(),
                disabled_because: last.because(),
                rules: then
                    .remedies
                    .iter()
                    .filter(|remedy| remedy.changes.iter().all(is_placed))
                    .cloned()
                    .collect(),
                denying: then.allowed,
                disabled: last.allowed,
                today,
                caller,
            });
        }
        found
    }

    fn connections(&self) -> Vec<EndpointConnection<'m>> {
        self.model.connections_of(self.vault)
    }

    fn prepare(&self) -> MigrationPhase {
        let served = self.model.is_served(self.vault);
        let mut actions = vec![MigrationAction {
            title: format!("create a private endpoint for `{}` and have it approved", self.label()),
            done: is_certain(&served),
            command: (!served.is_true()).then_some(Command::CreateEndpoint),
            remedy: None,
        }];
        let mut blockers = Vec::new();
        for own in self.connections() {
            let endpoint = own.endpoint;
            let waits = endpoint.connections.iter().any(|connection| connection.awaits_approval().is_true());
            if waits {
                let text = format!(
                    "private endpoint `{}` waits for approval: until then it carries no traffic",
                    endpoint.resource.label()
                );
                blockers.push(MigrationNote { text, place: Some(endpoint.resource.place) });
            }
            for wrong in self.model.registrations_of(endpoint) {
                if identity::is_one_of(&wrong.zone_name, &[self.zone]).is_false() {
                    let text = format!(
                        "`{}` registers in zone `{}`, but vault names do not resolve through it: it has to be `{}`",
                        endpoint.resource.label(),
                        wrong.zone_name.display(),
                        self.zone
                    );
                    blockers.push(MigrationNote { text, place: wrong.config.place });
                }
            }
            let registered = self.model.is_registered(&own);
            let changes = fixes::register_endpoint(self.model, &own, self.zone);
            let title = format!("register `{}` in a private zone `{}`", endpoint.resource.label(), self.zone);
            actions.push(MigrationAction {
                done: is_certain(&registered) && self.registers_rightly(endpoint),
                command: (!registered.is_true()).then(|| Command::CreateZoneGroup {
                    endpoint: endpoint.resource.name.clone(),
                    zone: self.zone,
                }),
                remedy: changes.map(|changes| Remedy { title: title.clone(), changes }),
                title,
            });
        }
        let zones = self.model.zones.iter().filter(|zone| zone.name().is_word(self.zone).is_true());
        let zones: Vec<_> = zones.collect();
        actions.push(MigrationAction {
            title: format!("create a private zone `{}`", self.zone),
            done: !zones.is_empty(),
            command: zones.is_empty().then_some(Command::CreateZone(self.zone)),
            remedy: None,
        });
        for network in self.client_networks() {
            let name = network.label();
            let linked = zones.iter().fold(Truth::of(false), |any, zone| {
                any.or(self.model.is_linked(&zone.resource.id, &network.id))
            });
            let title = format!("link zone `{}` to virtual network `{name}`", self.zone);
            let change = zones.first().and_then(|zone| fixes::link_zone(self.model, zone, &network.id));
            actions.push(MigrationAction {
                done: is_certain(&linked),
                command: (!linked.is_true())
                    .then(|| Command::LinkZone { zone: self.zone, network: network.name.clone() }),
                remedy: change
                    .filter(|_| !linked.is_true())
                    .map(|change| Remedy { title: title.clone(), changes: vec![change] }),
                title,
            });
        }
        blockers.extend(self.shared_records());
        MigrationPhase {
            kind: PhaseKind::Prepare,
            state: state(&actions, &blockers, served.is_unknown() || rests_on(&served).is_some()),
            actions,
            blockers,
            notes: rests_on(&served).into_iter().collect(),
            losses: Vec::new(),
            verification: vec![Instruction::Command(Command::ShowConnections, None)],
            rollback: vec![Instruction::Text(
                "no rollback needed: an endpoint and a zone add a path and close none",
            )],
            facts: &["F3.11", "F4.2", "F4.3", "F4.35", "F4.39"],
        }
    }

    /// Endpoints of the vault that overwrite each other's record (F4.36).
    fn shared_records(&self) -> Vec<MigrationNote> {
        let own = self.connections();
        let mut found = Vec::new();
        let endpoints: Vec<_> = own.iter().map(|own| own.endpoint).collect();
        for (at, one) in endpoints.iter().enumerate() {
            for other in endpoints.iter().skip(at + 1) {
                if self.model.register_in_one_zone(one, other).is_true() {
                    let text = format!(
                        "`{}` and `{}` register in one zone: the later one overwrites the record, and deleting one deletes it; each region needs a zone of its own, linked to the networks there",
                        one.resource.label(),
                        other.resource.label()
                    );
                    found.push(MigrationNote { text, place: Some(other.resource.place) });
                }
            }
        }
        found
    }

    fn registers_rightly(&self, endpoint: &PrivateEndpoint) -> bool {
        let registrations = self.model.registrations_of(endpoint);
        registrations.is_empty()
            || registrations.iter().any(|one| !identity::is_one_of(&one.zone_name, &[self.zone]).is_false())
    }

    /// The networks in the files; each may contain clients.
    fn client_networks(&self) -> Vec<&'m Resource> {
        self.model.networks.iter().map(|network| &network.resource).collect()
    }

    fn resolution(&self) -> MigrationPhase {
        // Without a network in the files it is unknown where the name is resolved.
        let (mut actions, mut blockers, mut is_open) =
            (Vec::new(), Vec::new(), self.model.networks.is_empty());
        for network in &self.model.networks {
            let view = View::Network(super::NetworkView {
                id: network.resource.id.clone(),
                network: Some(network),
                azure_dns: false,
            });
            let resolution = resolve(self.model, self.vault, &view);
            let name = network.resource.label();
            let kind = resolution.kind();
            let done = kind == Some("private") && self.leads_home(&resolution);
            is_open |= kind.is_none();
            let title =
                format!("`{}` resolves to a private endpoint in virtual network `{name}`", resolution.name);
            actions.push(MigrationAction { title, done, command: None, remedy: None });
            if !done && kind.is_some() {
                let why = resolution.steps.last().map(|step| step.because.clone()).unwrap_or_default();
                let place = resolution.steps.iter().rev().find_map(|step| step.place);
                blockers.push(MigrationNote { text: format!("in virtual network `{name}`: {why}"), place });
            }
        }
        let domain = self.vault.service.dns(self.model.cloud_of(self.vault)).suffix;
        MigrationPhase {
            kind: PhaseKind::Resolution,
            state: state(&actions, &blockers, is_open),
            actions,
            blockers,
            notes: Vec::new(),
            losses: Vec::new(),
            verification: vec![
                Instruction::Command(
                    Command::Resolve { domain },
                    Some("on a machine in each network: a private address"),
                ),
                Instruction::Command(
                    Command::Call { domain },
                    Some("x-ms-keyvault-network-info shows the address that the vault sees"),
                ),
            ],
            rollback: vec![Instruction::Text(
                "remove the link of the zone: the name resolves to the public address again",
            )],
            facts: &["F3.5", "F4.50", "F4.51", "F4.52"],
        }
    }

    fn leads_home(&self, resolution: &ResolvedName) -> bool {
        resolution.cases.iter().all(|case| match &case.what {
            NameAnswer::Endpoint(endpoint, _) => !endpoint.connects_to(&self.vault.resource.id).is_false(),
            _ => false,
        })
    }

    /// The consumers in the files that are let in today and need the private path.
    fn consumers(&self, closing: &[Closing<'m>]) -> MigrationPhase {
        // Without a consumer in the files it is unknown who calls.
        let (mut actions, mut blockers, mut is_open) =
            (Vec::new(), Vec::new(), self.model.consumers.is_empty());
        for one in closing.iter().filter(|one| one.caller.text.starts_with("consumer:")) {
            let done = is_certain(&one.disabled);
            is_open |= one.disabled.is_unknown() || one.disabled.is_true() && !done;
            let title = format!("{} reaches the vault with public access closed", one.caller.label);
            actions.push(MigrationAction { title, done, command: None, remedy: None });
            if one.disabled.is_false() && !one.today.allowed.is_false() {
                let text = format!("{}: {}", one.caller.label, one.disabled_because);
                blockers
                    .push(MigrationNote { text, place: one.caller.resource.map(|resource| resource.place) });
            }
        }
        MigrationPhase {
            kind: PhaseKind::Consumers,
            state: state(&actions, &blockers, is_open),
            actions,
            blockers,
            notes: Vec::new(),
            losses: Vec::new(),
            verification: vec![Instruction::Text(
                "call the vault from each consumer and look for its private address in `CallerIPAddress` of the audit log",
            )],
            rollback: vec![Instruction::Text(
                "consumers keep working over the public endpoint until it is closed",
            )],
            facts: &["F3.10", "F5.4", "F5.26"],
        }
    }

    /// Rules for callers without a private path, added before the firewall denies so that no caller is refused in
    /// between.
    fn rules(&self, closing: &[Closing<'m>]) -> MigrationPhase {
        let (mut actions, mut blockers) = (Vec::new(), Vec::new());
        let denies = self.vault.refuses_by_default().is_true();
        for one in closing {
            if denies || one.today.allowed.is_false() || !one.denying.is_false() || is_anyone(&one.caller) {
                continue;
            }
            let title = format!("let in {} by a rule, or bring it onto the private path", one.caller.label);
            let remedy = one.rules.first().cloned();
            let command = self.add_rule(&one.caller);
            if remedy.is_none() && command.is_none() {
                let text = format!(
                    "{} has no address that a rule could name: {}",
                    one.caller.label, one.denying_because
                );
                blockers
                    .push(MigrationNote { text, place: one.caller.resource.map(|resource| resource.place) });
            }
            actions.push(MigrationAction { title, done: false, command, remedy });
        }
        let off = self.off_for_sure().map(|place| {
            let text = "public network access is disabled: rules apply again if it is enabled".to_owned();
            MigrationNote { text, place }
        });
        let notes: Vec<MigrationNote> = off.into_iter().collect();
        let state = if notes.is_empty() { state(&actions, &blockers, false) } else { State::NotNeeded };
        MigrationPhase {
            kind: PhaseKind::Rules,
            state,
            actions,
            blockers,
            notes,
            losses: Vec::new(),
            verification: vec![Instruction::Command(Command::ShowRules, None)],
            rollback: vec![Instruction::Text("no rollback needed: rules admit clients and refuse none")],
            facts: &["F1.36", "F2.1", "F3.24"],
        }
    }

    fn deny(&self, closing: &[Closing<'m>]) -> MigrationPhase {
        let vault = self.vault;
        let denies = vault.firewall.denies_by_default().and(vault.applies("networkAcls"));
        let mut notes = Vec::new();
        let off = self.off_for_sure().filter(|_| !is_certain(&denies));
        notes.extend(off.map(|place| {
            let text = match denies.is_false() {
                true => "public network access is disabled: if it is enabled again, every client is let in, since `defaultAction` is not `Deny`",
                false => "public network access is disabled: if it is enabled again, `defaultAction` decides, which is open here",
            };
            MigrationNote { text: text.to_owned(), place }
        }));
        let is_needed = notes.is_empty();
        notes.extend(rests_on(&denies));
        let done = denies;
        let losses = losses(closing, |one| (&one.today.allowed, &one.denying, &one.denying_because));
        let change = match vault.firewall.value.as_object() {
            Some(_) => Change::set(&vault.firewall.value, "defaultAction", Literal::Text("Deny".to_owned())),
            None => Change::set(
                &self.properties(),
                "networkAcls",
                Literal::Object(vec![
                    ("bypass", Literal::Text("AzureServices".to_owned())),
                    ("defaultAction", Literal::Text("Deny".to_owned())),
                ]),
            ),
        };
        let title = "refuse callers that no rule matches: `defaultAction` `Deny`".to_owned();
        let actions = vec![MigrationAction {
            done: is_certain(&done),
            command: (!done.is_true()).then_some(Command::Update(&[
                Setting::DefaultAction("Deny"),
                Setting::Bypass("AzureServices"),
            ])),
            remedy: change
                .filter(|_| !done.is_true())
                .map(|change| Remedy { title: title.clone(), changes: vec![change] }),
            title,
        }];
        let blockers = self.not_permitted(&losses, done.is_true() || !is_needed);
        let is_open = done.is_unknown() || rests_on(&done).is_some();
        let state = if is_needed { state(&actions, &blockers, is_open) } else { State::NotNeeded };
        MigrationPhase {
            kind: PhaseKind::Deny,
            state,
            actions,
            blockers,
            notes,
            losses,
            verification: vec![
                Instruction::Command(Command::ShowFirewall, None),
                Instruction::Text("wait 15 minutes, then look for `ForbiddenByFirewall` in the audit log"),
            ],
            rollback: vec![Instruction::Command(
                Command::AddAddress(None),
                Some(
                    "the client that the log shows as refused; do not use `--default-action Allow`, which opens the vault to the internet",
                ),
            )],
            facts: &["F3.22", "F3.27"],
        }
    }

    fn disable(&self, closing: &[Closing<'m>]) -> MigrationPhase {
        let vault = self.vault;
        let done = vault.is_disabled();
        let losses = losses(closing, |one| (&one.denying, &one.disabled, &one.disabled_because));
        let change = fixes::disable_public_access(vault);
        let title = "close the public endpoint: `publicNetworkAccess` `Disabled`".to_owned();
        let actions = vec![MigrationAction {
            done: is_certain(&done),
            command: (!done.is_true())
                .then_some(Command::Update(&[Setting::PublicNetworkAccess("Disabled")])),
            remedy: change
                .filter(|_| !done.is_true())
                .map(|change| Remedy { title: title.clone(), changes: vec![change] }),
            title,
        }];
        let mut blockers = self.not_permitted(&losses, done.is_true());
        if !done.is_true() && self.model.is_served(vault).is_false() {
            let text = "no private endpoint of the vault is approved: only trusted services would be left"
                .to_owned();
            blockers.push(MigrationNote { text, place: Some(vault.resource.place) });
        }
        MigrationPhase {
            kind: PhaseKind::Disable,
            state: state(&actions, &blockers, done.is_unknown() || rests_on(&done).is_some()),
            actions,
            blockers,
            notes: rests_on(&done).into_iter().collect(),
            losses,
            verification: vec![
                Instruction::Command(Command::ShowPublicAccess, None),
                Instruction::Text("look for `ForbiddenByConnection` in the audit log"),
            ],
            rollback: vec![Instruction::Command(
                Command::Update(&[Setting::PublicNetworkAccess("Enabled"), Setting::DefaultAction("Deny")]),
                Some("the rules apply again, and no other client is admitted"),
            )],
            facts: &["F3.20", "F3.21"],
        }
    }

    /// Consumers that would be refused have to be moved first. Other callers, such as the internet, are refused on
    /// purpose.
    fn not_permitted(&self, losses: &[LostAccess], done: bool) -> Vec<MigrationNote> {
        let lost =
            losses.iter().filter(|loss| !done && loss.after.is_false() && loss.from.starts_with("consumer:"));
        lost.map(|loss| MigrationNote {
            text: format!("{} would be refused: {}", loss.caller, loss.because),
            place: None,
        })
        .collect()
    }

    /// The place of `publicNetworkAccess` if public access is certainly disabled, under no assumption.
    fn off_for_sure(&self) -> Option<Option<Place>> {
        let off = self.vault.is_disabled().and(self.vault.applies("publicNetworkAccess"));
        is_certain(&off).then_some(self.vault.public_network_access.place)
    }

    fn properties(&self) -> Value {
        self.vault.resource.body.get("properties")
    }

    fn regions(&self) -> Vec<EndpointRegion> {
        let mut found = Vec::new();
        for EndpointConnection { endpoint, .. } in self.connections() {
            let zones = self.model.registrations_of(endpoint);
            found.push(EndpointRegion {
                location: endpoint.resource.body.get("location").display(),
                endpoint: endpoint.resource.label().plain(),
                zones: zones.iter().map(|one| identity::label(&one.zone).plain()).collect(),
            });
        }
        found
    }

    fn region_notes(&self) -> Vec<MigrationNote> {
        let mut found = Vec::new();
        for association in self.model.learning_associations_of(self.vault) {
            let text = format!(
                "the vault is in a network security perimeter by association `{}`, which does not enforce it: with `accessMode` `Enforced` only the rules of the perimeter count",
                association.resource.label()
            );
            found.push(MigrationNote { text, place: Some(association.resource.place) });
        }
        let own = self.connections();
        if own.len() > 1 {
            let text = "several endpoints, active in several regions: each region resolves in a zone of its own, linked to the networks there and to no others";
            found.push(MigrationNote { text: text.to_owned(), place: None });
        }
        let [only] = own.as_slice() else { return found };
        let home = only.endpoint.resource.body.get("location");
        for network in &self.model.networks {
            let location = network.resource.body.get("location");
            if let (Some(here), Some(there)) = (location.as_text(), home.as_text())
                && !here.eq_ignore_ascii_case(there)
            {
                let text = format!(
                    "virtual network `{}` is in `{here}`, the endpoint in `{there}`: reach it by peering (passive), or give `{here}` an endpoint and a zone of its own (active)",
                    network.resource.label()
                );
                found.push(MigrationNote { text, place: Some(network.resource.place) });
            }
        }
        found
    }

    /// The command that adds a rule for a caller, if a rule can name it.
    fn add_rule(&self, caller: &Caller) -> Option<Command> {
        let [only] = caller.origins.as_slice() else { return None };
        match &only.what.source {
            Source::Address(address @ IpAddr::V4(_)) => Some(Command::AddAddress(Some(*address))),
            Source::Subnet(subnet) if self.vault.service.has_subnet_rules() => {
                Some(Command::AddSubnet(subnet.id.clone()))
            }
            _ => None,
        }
    }
}

fn losses<'c, 'm>(
    closing: &'c [Closing<'m>],
    step: impl Fn(&'c Closing<'m>) -> (&'c Truth, &'c Truth, &'c String),
) -> Vec<LostAccess> {
    let mut found = Vec::new();
    for one in closing {
        let (before, after, because) = step(one);
        let loses = !before.is_false() && !after.is_true() && (before.is_true() || after.is_false());
        if loses {
            found.push(LostAccess {
                from: one.caller.text.clone(),
                caller: one.caller.label.clone(),
                before: before.clone(),
                after: after.clone(),
                because: because.clone(),
            });
        }
    }
    found
}

fn is_anyone(caller: &Caller) -> bool {
    matches!(caller.text.as_str(), "internet" | "trusted-services")
}

fn is_placed(change: &Change) -> bool {
    change.place() != Place::default()
}

/// Whether a statement follows from the files alone: from no default, and not only for a vault that is created.
fn is_certain(truth: &Truth) -> bool {
    truth.is_true() && truth.assumed().is_empty()
}

/// A note about the defaults that a true statement rests on.
fn rests_on(truth: &Truth) -> Option<MigrationNote> {
    let assumed = truth.assumed();
    if !truth.is_true() || assumed.is_empty() {
        return None;
    }
    let names: Vec<String> = assumed.names().map(|name| format!("`{name}`")).collect();
    let mut why = match names.as_slice() {
        [] => Vec::new(),
        names => vec![format!("this rests on the default of {}", names.join(", "))],
    };
    if assumed.is_created() {
        why.push("this applies to a new vault: an existing one keeps its settings".to_owned());
    }
    Some(MigrationNote { text: why.join("; "), place: None })
}

fn state(actions: &[MigrationAction], blockers: &[MigrationNote], is_open: bool) -> State {
    match () {
        () if !blockers.is_empty() => State::Blocked,
        () if is_open && actions.is_empty() => State::Open,
        () if actions.iter().all(|action| action.done) => State::Done,
        () if is_open => State::Open,
        () => State::Todo,
    }
}
