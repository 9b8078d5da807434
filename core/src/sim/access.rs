//! The gates of a vault, evaluated for one caller (F3.2).
//!
//! [`explain`] resolves the vault's name for each possible origin of the caller. Each possible answer leads either to a
//! private endpoint, behind which no gate of the vault applies, or to the public endpoint and its gates in order: perimeter,
//! `publicNetworkAccess`, trusted services, virtual network rules, IP rules, `defaultAction`. Every gate adds a
//! [`GateResult`], and the outcomes of all cases are combined.

use super::dns::{NameAnswer, ResolvedName, answers_in, has_path, resolve_in};
use super::route::{Passage, Toward};
use super::{
    Caller, Gate, GateResult, Inventory, NetworkView, Origin, OutsideKind, OutsideResource, Remedy, Source,
    SubnetSource, Verdict, View, When, in_all, remedy, route,
};
use crate::azure::Feature;
use crate::azure::names::errors;
use crate::eval::value::Element;
use crate::eval::{Assumptions, Truth, Unknowns, Value};
use crate::model::{Association, Consumer, Model, PrivateEndpoint, Vault, Zone, identity, is_deployed};
use crate::net::{Ipv4Net, PRIVATE, covers_internet, parse_rule};
use crate::text::{Name, Place};
use serde::Serialize;
use std::net::IpAddr;

/// The outcome of a request.
#[derive(Clone, Debug)]
pub struct RequestOutcome<'m> {
    /// The vault that the request is sent to.
    pub vault: &'m Vault,
    /// The client that sends the request.
    pub caller: Caller<'m>,
    /// Whether the network lets the request in, judging by the files. The permissions of the identity are separate
    /// (F5.27).
    pub allowed: Truth,
    /// Resources that may exist outside of the files and would let in a request that is refused here.
    pub unless: Vec<OutsideResource>,
    /// The path on which the vault lets the request in.
    pub via: Via,
    /// The error that a refused caller gets, where it is known.
    pub error: Option<&'static str>,
    /// The gates that were evaluated, in order.
    pub steps: Vec<GateResult>,
    /// Changes of which each one would let the caller in.
    pub remedies: Vec<Remedy>,
}

impl RequestOutcome<'_> {
    /// Whether the request is refused, whatever exists outside of the files.
    pub fn refused(&self) -> Truth {
        let outside =
            self.unless.iter().map(|outside| Unknowns::of(outside.what.as_str())).reduce(Unknowns::and);
        match (&self.allowed, outside) {
            (Truth::False(_), Some(depends)) => Truth::Unknown(depends),
            (allowed, _) => allowed.clone().negate(),
        }
    }

    /// The reason of the gate that decided, or of the first one that is unknown, in one line.
    pub fn because(&self) -> String {
        let wanted = match &self.allowed {
            Truth::True(_) => Verdict::Allows,
            Truth::False(_) => Verdict::Denies,
            Truth::Unknown(_) => Verdict::Open,
        };
        let mut steps = self.steps.iter();
        let because = steps.find(|step| step.verdict == wanted).map(|step| step.because.clone());
        let because = because.unwrap_or_default();
        match self.unless.first() {
            Some(outside) => format!("{because}, unless {}", outside.kind.condition()),
            None => because,
        }
    }
}

/// A path into a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Over a private endpoint.
    PrivateEndpoint,
    /// Over a service endpoint, by a virtual network rule.
    ServiceEndpoint,
    /// Over the public endpoint, by an IP rule or because it is open.
    Public,
    /// Over the public endpoint, as a trusted service.
    TrustedService,
    /// Over the public endpoint, by a rule of a perimeter.
    Perimeter,
    /// The request is refused, or the path is unknown.
    None,
}

/// The outcome of a request, on one path or over all.
#[derive(Clone, Debug)]
struct Outcome {
    allowed: Truth,
    via: Via,
    error: Option<&'static str>,
}

impl Outcome {
    fn denied(error: Option<&'static str>) -> Self {
        Self { allowed: Truth::of(false), via: Via::None, error }
    }
}

/// Evaluates a request of a caller to a vault.
pub fn explain<'m>(model: &'m Model, vault: &'m Vault, caller: Caller<'m>) -> RequestOutcome<'m> {
    let (outcome, steps) = evaluate(&Inventory::Files, model, vault, &caller);
    let Outcome { allowed, via, error } = outcome;
    // What is not in the files may still let in whom the files refuse.
    let unless = if allowed.is_false() && !model.complete {
        let inventory = Inventory::at_large();
        let at_large = evaluate(&inventory, model, vault, &caller).0.allowed;
        if at_large.is_false() { Vec::new() } else { inventory.named_in(&at_large.depends()) }
    } else {
        Vec::new()
    };
    let remedies = if allowed.is_true() { Vec::new() } else { remedy::remedies(model, vault, &caller) };
    RequestOutcome { vault, caller, allowed, unless, via, error, steps, remedies }
}

/// The outcome of a request under one [`Inventory`], over all origins and answers, and the gates that it passed.
fn evaluate<'m>(
    inventory: &Inventory,
    model: &'m Model,
    vault: &'m Vault,
    caller: &Caller<'m>,
) -> (Outcome, Vec<GateResult>) {
    let mut steps = Vec::new();
    let mut outcomes: Vec<(Truth, Outcome)> = Vec::new();
    for When { holds, assumed, what: origin } in &caller.origins {
        let resolution = resolve_in(inventory, model, vault, &origin.view);
        let mut request =
            Request { inventory, model, vault, caller, origin, steps: resolution.steps.clone() };
        for case in &resolution.cases {
            let outcome = request.follow(case);
            let allowed = outcome.allowed.assuming(&assumed.and(&case.assumed));
            outcomes.push((holds.clone().and(case.holds.clone()), Outcome { allowed, ..outcome }));
        }
        request.note_unused(&resolution);
        steps.append(&mut request.steps);
    }
    let allowed = in_all(outcomes.iter().map(|(holds, outcome)| (holds.clone(), outcome.allowed.clone())));
    let first = outcomes.first().map(|(_, outcome)| outcome);
    let via = match &allowed {
        Truth::True(_) => first.map_or(Via::None, |outcome| outcome.via),
        _ => Via::None,
    };
    let error = match &allowed {
        Truth::False(_) => first.and_then(|outcome| outcome.error),
        _ => None,
    };
    let error = error.filter(|error| outcomes.iter().all(|(_, outcome)| outcome.error == Some(*error)));
    dedup(&mut steps);
    (Outcome { allowed, via, error }, steps)
}

/// Whether the gates of the public endpoint let a caller in, whatever the vault's name resolves to. For a vault without
/// a private endpoint, these are all the gates.
pub fn passes_public_gates<'m>(model: &'m Model, vault: &'m Vault, caller: &Caller<'m>) -> Truth {
    let inventory = &Inventory::at_large();
    in_all(caller.origins.iter().map(|When { holds, assumed, what: origin }| {
        let mut request = Request { inventory, model, vault, caller, origin, steps: Vec::new() };
        (holds.clone(), request.public().allowed.assuming(assumed))
    }))
}

/// Whether a caller would be let in if this private zone answered for the vault's name.
pub(super) fn gets_in_through<'m>(
    model: &'m Model,
    vault: &'m Vault,
    caller: &Caller<'m>,
    origin: &Origin<'m>,
    zone: &Zone,
) -> Truth {
    let inventory = &Inventory::Files;
    let mut request = Request { inventory, model, vault, caller, origin, steps: Vec::new() };
    let cases = answers_in(inventory, model, vault, zone);
    in_all(cases.iter().map(|case| (case.holds.clone(), request.follow(case).allowed)))
}

/// Removes steps that repeat an earlier one: several origins or answers pass through the same gates.
fn dedup(steps: &mut Vec<GateResult>) {
    let mut kept: Vec<GateResult> = Vec::with_capacity(steps.len());
    for step in steps.drain(..) {
        let is_known = kept.iter().any(|known| {
            known.gate == step.gate && known.verdict == step.verdict && known.because == step.because
        });
        if !is_known {
            kept.push(step);
        }
    }
    *steps = kept;
}

/// A request from one origin, on its way through the gates.
struct Request<'r, 'm> {
    inventory: &'r Inventory,
    model: &'m Model,
    vault: &'m Vault,
    caller: &'r Caller<'m>,
    origin: &'r Origin<'m>,
    steps: Vec<GateResult>,
}

impl<'m> Request<'_, 'm> {
    /// Records what a gate did.
    fn step(
        &mut self,
        gate: Gate,
        verdict: Verdict,
        because: impl Into<String>,
        facts: &'static [&'static str],
        place: Option<Place>,
    ) {
        self.steps.push(GateResult { gate, verdict, because: because.into(), facts, place });
    }

    fn label(&self) -> Name {
        self.vault.resource.label()
    }

    fn network_label(&self, endpoint: &PrivateEndpoint) -> Name {
        let id = endpoint.network();
        self.model.network(&id).map_or_else(|| identity::label(&id), |network| network.resource.label())
    }

    /// Evaluates the path that an answer leads to.
    fn follow(&mut self, case: &When<NameAnswer<'m>>) -> Outcome {
        match &case.what {
            NameAnswer::Endpoint(endpoint, address) => self.private(endpoint, address.as_deref()),
            NameAnswer::Address(address) => {
                let label = self.label();
                let (mut here, mut outside) = ("", Truth::of(false));
                if !self.model.knows_endpoints_of(self.vault) {
                    here = " in the files";
                    outside = Truth::Unknown(Unknowns::of(format!(
                        "a private endpoint outside of the files at `{address}`"
                    )));
                }
                let answers = self.inventory.has(OutsideKind::EndpointOutside, outside);
                let because = format!(
                    "no private endpoint of `{label}`{here} has the address `{address}`: nothing answers"
                );
                let verdict = Verdict::of(&answers, Verdict::Allows, Verdict::Denies);
                self.step(Gate::PrivateEndpoint, verdict, because, &["F4.38"], None);
                Outcome { allowed: answers, via: Via::PrivateEndpoint, error: None }
            }
            NameAnswer::Somewhere(depends) => {
                let because = "which private endpoint has the address in the record is open";
                self.step(Gate::PrivateEndpoint, Verdict::Open, because, &["F4.38"], None);
                Outcome { allowed: Truth::Unknown(depends.clone()), via: Via::PrivateEndpoint, error: None }
            }
            NameAnswer::Public => self.by_managed_endpoint(),
            NameAnswer::NxDomain => {
                let because = "the name does not resolve: there is nothing to connect to";
                self.step(Gate::NameResolution, Verdict::Denies, because, &["F4.43", "F4.51"], None);
                Outcome::denied(Some("NXDOMAIN"))
            }
            // A private endpoint outside of the files may answer, and is assumed to work.
            NameAnswer::Open => {
                let has_path = has_path(self.inventory, self.model, self.vault);
                if has_path.is_false() {
                    let here = if self.model.knows_endpoints_of(self.vault) { "" } else { " in the files" };
                    let because = format!(
                        "no private endpoint of `{}`{here} is approved: whatever the name resolves to, no private address lets the request in",
                        self.label()
                    );
                    self.step(Gate::PrivateEndpoint, Verdict::Continues, because, &["F3.10", "F4.3"], None);
                    let public = self.public();
                    return Outcome { allowed: public.allowed.assuming(&has_path.assumed()), ..public };
                }
                let because =
                    "whether the name leads to a private endpoint is open: if so, it lets the request in";
                self.step(Gate::PrivateEndpoint, Verdict::Open, because, &["F3.10"], None);
                let public = self.public();
                let is_private = Truth::Unknown(case.holds.depends()).and(has_path);
                Outcome { allowed: is_private.choose(Truth::of(true), public.allowed.clone()), ..public }
            }
        }
    }

    /// Over the managed private endpoint that a service has in a network of its own, or else to the public endpoint.
    fn by_managed_endpoint(&mut self) -> Outcome {
        let managed =
            self.caller.resource.map(|resource| self.model.reaches_by_managed_endpoint(self.vault, resource));
        let Some(managed) = managed.filter(|reaches| !reaches.is_false()) else { return self.public() };
        let because = match &managed {
            Truth::True(_) => {
                "the service calls over its managed private endpoint: the firewall does not apply".to_owned()
            }
            _ => {
                let open = listed(&managed.depends());
                format!("whether the service calls over its managed private endpoint depends on {open}")
            }
        };
        let verdict = Verdict::of(&managed, Verdict::Allows, Verdict::Continues);
        self.step(Gate::PrivateEndpoint, verdict, because, &["F3.10", "F5.42"], None);
        if managed.is_true() {
            return Outcome { allowed: managed, via: Via::PrivateEndpoint, error: None };
        }
        let public = self.public();
        Outcome { allowed: managed.choose(Truth::of(true), public.allowed.clone()), ..public }
    }

    /// To a private endpoint. None of the vault's gates applies after it (F3.10).
    fn private(&mut self, endpoint: &'m PrivateEndpoint, address: Option<&str>) -> Outcome {
        let name = endpoint.resource.label();
        let shown = address.map_or_else(|| format!("`{name}`"), |address| format!("`{name}` at `{address}`"));
        let place = Some(endpoint.resource.place);
        let mut reached = Truth::of(true);
        let from: Option<&NetworkView> = match &self.origin.view {
            View::Network(network) | View::OnPremises(Some(network)) => Some(network),
            _ => None,
        };
        if let Some(from) = from {
            let (here, there) = (from.label(), self.network_label(endpoint));
            let reaches = route::reaches(self.model, &from.id, &endpoint.network());
            let because = match &reaches {
                Truth::True(_) if here == there => {
                    format!("the endpoint is in the caller's network `{here}`")
                }
                Truth::True(_) => format!("`{here}` and `{there}` are peered"),
                Truth::False(_) => {
                    format!("no peering leads from `{here}` to `{there}`, where the endpoint is")
                }
                Truth::Unknown(_) => {
                    format!("the files show no route from `{here}` to `{there}`, where the endpoint is")
                }
            };
            let verdict = Verdict::of(&reaches, Verdict::Continues, Verdict::Denies);
            self.step(Gate::Route, verdict, because, &["F3.2", "F4.57"], place);
            reached = reached.and(reaches);
        }
        reached = reached.and(self.leave(Toward::Endpoint(endpoint)));
        if let Some((because, passes, place)) = route::passes_security_group(self.model, endpoint) {
            let verdict = Verdict::of(&passes, Verdict::Continues, Verdict::Denies);
            self.step(Gate::SecurityGroup, verdict, because, &["F4.20", "F4.23"], place);
            reached = reached.and(passes);
        }
        let is_to_vault = endpoint.connects_to(&self.vault.resource.id);
        if is_to_vault.is_false() {
            let because = format!(
                "{shown} is the private endpoint of another resource, which refuses the vault's name"
            );
            self.step(Gate::PrivateEndpoint, Verdict::Denies, because, &["F3.4", "F4.38"], place);
            // A caller that does not reach the endpoint does not get this error.
            let error = reached.is_true().then_some(errors::WRONG_ENDPOINT);
            let assumed = is_to_vault.assumed().and(&reached.assumed());
            return Outcome { allowed: Truth::False(assumed), ..Outcome::denied(error) };
        }
        let allowed = reached.and(is_to_vault);
        let serves = endpoint.serves(&self.vault.resource.id, self.vault.service);
        let because = match &serves {
            Truth::True(_) => {
                format!("{shown} is an approved private endpoint of this vault: the firewall does not apply")
            }
            Truth::False(_) => format!("{shown} carries no traffic: its connection is not approved"),
            Truth::Unknown(_) => format!("whether {shown} carries traffic to this vault is open"),
        };
        let verdict = Verdict::of(&serves, Verdict::Allows, Verdict::Denies);
        self.step(Gate::PrivateEndpoint, verdict, because, &["F3.10", "F4.3"], place);
        Outcome { allowed: allowed.and(serves), via: Via::PrivateEndpoint, error: None }
    }

    /// The gates on the caller's side: security group, routes and firewall of its subnet.
    fn leave(&mut self, toward: Toward) -> Truth {
        let Source::Subnet(SubnetSource { subnet: Some(subnet), .. }) = &self.origin.source else {
            return Truth::of(true);
        };
        let mut all = Truth::of(true);
        for Passage { gate, because, passes, facts, place } in route::way_out(self.model, subnet, toward) {
            let verdict = Verdict::of(&passes, Verdict::Continues, Verdict::Denies);
            self.step(gate, verdict, because, facts, place);
            all = all.and(passes);
        }
        all
    }

    /// Adds skipped steps for the gates of the path that the name certainly does not lead to.
    fn note_unused(&mut self, resolution: &ResolvedName) {
        let gates = [
            Gate::Perimeter,
            Gate::PublicNetworkAccess,
            Gate::TrustedServices,
            Gate::VirtualNetworkRules,
            Gate::IpRules,
            Gate::DefaultAction,
        ];
        match resolution.kind() {
            Some("private") => {
                for gate in gates {
                    let because = "a request over a private endpoint does not pass it";
                    self.step(gate, Verdict::Skipped, because, &["F3.10"], None);
                }
            }
            Some("public") => {
                let because = "the name leads to the public endpoint";
                let at =
                    self.steps.iter().position(|step| gates.contains(&step.gate)).unwrap_or(self.steps.len());
                let step = GateResult {
                    gate: Gate::PrivateEndpoint,
                    verdict: Verdict::Skipped,
                    because: because.to_owned(),
                    facts: &["F3.11"],
                    place: None,
                };
                self.steps.insert(at, step);
            }
            _ => {}
        }
    }

    /// The public endpoint. If the outcome is unknown, each possible value of the vault's settings is evaluated, since
    /// all of them may have the same outcome.
    fn public(&mut self) -> Outcome {
        let outcome = self.public_gates();
        if !outcome.allowed.is_unknown() {
            return outcome;
        }
        let Request { inventory, model, vault, caller, origin, .. } = *self;
        let allowed = vault.in_each_case(&|vault| {
            let mut request = Request { inventory, model, vault, caller, origin, steps: Vec::new() };
            request.public_gates().allowed
        });
        let (verdict, because) = match allowed {
            Truth::True(_) => {
                (Verdict::Allows, "with each possible value of its settings, the vault lets the caller in")
            }
            Truth::False(_) => {
                (Verdict::Denies, "with each possible value of its settings, the vault refuses the caller")
            }
            Truth::Unknown(_) => return outcome,
        };
        self.step(Gate::DefaultAction, verdict, because, &["F3.2"], Some(vault.resource.place));
        match allowed.is_true() {
            true => Outcome { allowed, via: Via::Public, error: None },
            false => Outcome { allowed, ..Outcome::denied(None) },
        }
    }

    /// The gates of the public endpoint (F3.2, and the steps at the beginning of `facts/3-decision.md`).
    fn public_gates(&mut self) -> Outcome {
        let vault = self.vault;
        let applies = vault.applies("publicNetworkAccess");
        let off = vault.is_disabled().and(applies.clone());
        let secured = vault.is_secured_by_perimeter().and(applies.clone());
        let on = vault.is_enabled().or(applies.negate());
        let leaves = self.leave(Toward::Public);
        let first = self.steps.len();
        let perimeter = self.perimeter();
        let trusted = self.trusted();
        self.step_of_public_network_access(&off, &secured, &on, &trusted);
        self.step_of_trusted_services(&trusted, &off);
        let by_vault = trusted.clone().or(self.firewall());
        let enforced = self.model.is_enforced_by_perimeter(vault);
        let learning = self.model.has_association(vault, &Association::is_learning);
        // The effect of any other value is not documented. An unknown value is assumed to be one of the three (F1.21).
        let enabled = match on.is_false() && off.is_false() && secured.is_false() {
            true => {
                Truth::Unknown(Unknowns::of("the effect of an undocumented value of `publicNetworkAccess`"))
            }
            false => by_vault.clone(),
        };
        let without = secured.clone().choose(Truth::of(false), off.clone().choose(trusted.clone(), enabled));
        // F3.41: the perimeter's rules, or the vault's own.
        let either =
            perimeter.clone().or(on.clone().and(by_vault)).or(trusted.clone().and(secured.clone().negate()));
        let allowed = enforced.clone().choose(perimeter.clone(), learning.choose(either, without));
        let error = match () {
            () if !enforced.is_false() || secured.is_true() => None,
            () if off.is_true() => Some((errors::FORBIDDEN_BY_CONNECTION, off)),
            () if on.is_true() => Some((errors::FORBIDDEN_BY_FIREWALL, on)),
            () => None,
        };
        // The error may rest on more assumptions than the refusal.
        let (allowed, error) = match (allowed, error) {
            (Truth::False(assumed), Some((error, switch))) => {
                let rests = assumed.and(&enforced.assumed()).and(&switch.assumed());
                (Truth::False(rests), Some(error))
            }
            (allowed, _) => (allowed, None),
        };
        let via = self.skip_after_decision(first);
        Outcome { allowed: leaves.and(allowed), via, error }
    }

    /// Marks the steps after the gate that decided as skipped, and returns the path that it admits.
    fn skip_after_decision(&mut self, from: usize) -> Via {
        let mut decided: Option<(Gate, Verdict)> = None;
        for step in self.steps.iter_mut().skip(from) {
            match decided {
                Some((gate, verdict)) => {
                    let word = if verdict == Verdict::Allows {
                        "has let the request in"
                    } else {
                        "has refused the request"
                    };
                    step.verdict = Verdict::Skipped;
                    step.because = format!("{} {word}", gate.name());
                    step.place = None;
                }
                None if matches!(step.verdict, Verdict::Allows | Verdict::Denies) => {
                    decided = Some((step.gate, step.verdict));
                }
                None => {}
            }
        }
        match decided {
            Some((Gate::Perimeter, Verdict::Allows)) => Via::Perimeter,
            Some((Gate::TrustedServices, Verdict::Allows)) => Via::TrustedService,
            Some((Gate::VirtualNetworkRules, Verdict::Allows)) => Via::ServiceEndpoint,
            Some((_, Verdict::Allows)) => Via::Public,
            _ => Via::None,
        }
    }

    /// Whether a rule of the perimeter lets the caller in (F3.44).
    fn perimeter(&mut self) -> Truth {
        let vault = self.vault;
        let is_in = self.model.is_in_perimeter(vault);
        if is_in.is_false() {
            let because = "no network security perimeter is associated with the vault";
            self.step(Gate::Perimeter, Verdict::Continues, because, &["F3.40"], None);
            return is_in;
        }
        let counts = self.model.is_enforced_by_perimeter(vault);
        let counts = counts.or(self.model.has_association(vault, &Association::is_learning));
        if counts.is_false() {
            let because = "the vault's association with a network security perimeter only audits";
            self.step(Gate::Perimeter, Verdict::Continues, because, &["F3.40"], None);
            return counts;
        }
        let (admits, mut place) = self.perimeter_rules();
        let associations = self.model.associations_of(vault);
        place = place.or(associations.first().map(|(association, _)| association.resource.place));
        let enforced = self.model.is_enforced_by_perimeter(vault);
        let (verdict, because, facts): (_, _, &[&str]) = match (&admits, &enforced) {
            (Truth::True(_), _) => (
                Verdict::Allows,
                "a rule of the network security perimeter lets the caller in",
                &["F3.40", "F3.44"],
            ),
            (Truth::False(_), Truth::True(_)) => (
                Verdict::Denies,
                "no rule of the network security perimeter lets the caller in, and only those count",
                &["F3.40"],
            ),
            (Truth::False(_), Truth::False(_)) => (
                Verdict::Continues,
                "no rule of the network security perimeter lets the caller in; with `accessMode` other than `Enforced` the vault's own settings count too",
                &["F3.41"],
            ),
            (Truth::False(_), Truth::Unknown(_)) => (
                Verdict::Open,
                "no rule of the network security perimeter lets the caller in; whether only those count is open",
                &["F3.40", "F3.41"],
            ),
            (Truth::Unknown(_), _) => (
                Verdict::Open,
                "whether the network security perimeter lets the caller in is open",
                &["F3.40", "F3.41"],
            ),
        };
        self.step(Gate::Perimeter, verdict, because, facts, place);
        admits
    }

    /// Whether an inbound rule of a perimeter, or being in the same one, lets the caller in, and the first rule that may.
    fn perimeter_rules(&self) -> (Truth, Option<Place>) {
        let (mut any, mut place) = (Truth::of(false), None);
        // Prefixes that certainly apply: together they may cover the whole internet.
        let (mut nets, mut assumed) = (Vec::new(), Assumptions::default());
        for (association, is_its) in self.model.associations_of(self.vault) {
            for (rule, admits) in self.model.inbound_rules(association) {
                let meets = rule.address_prefixes.any_is(&|prefix| self.is_in_prefix(prefix)).or(rule
                    .subscriptions
                    .any_is(&|subscription| self.is_in_subscription(&subscription.get("id"))));
                if !meets.is_false() {
                    place = place.or(Some(rule.resource.place));
                }
                if let Truth::True(under) = admits.clone().and(is_its.clone()) {
                    let before = nets.len();
                    nets.extend(rule.address_prefixes.items.iter().filter_map(certain_net));
                    if nets.len() > before {
                        assumed = assumed.and(&under).and(&rule.address_prefixes.assumed);
                    }
                }
                any = any.or(admits.and(meets).and(is_its.clone()));
            }
            any = any.or(self.shares_perimeter(&association.profile).and(is_its.clone()));
            // The perimeter's rules may be outside of the files.
            let perimeter = identity::parent(&association.profile).unwrap_or_default();
            let is_here = self.model.complete
                || self.model.perimeters.iter().any(|one| {
                    !one.resource.referenced && identity::same(&one.resource.id, &perimeter).is_true()
                });
            if !is_here {
                let depends =
                    Unknowns::of(format!("the rules of perimeter `{}`", identity::label(&perimeter)));
                let there = self.inventory.has(OutsideKind::RuleOutside, Truth::Unknown(depends));
                any = any.or(there.and(is_its));
            }
        }
        let has_known_address = matches!(self.origin.source, Source::Address(_));
        if !has_known_address && !any.is_true() && covers_internet(&nets.into_iter().collect()) {
            any = any.or(Truth::True(assumed));
        }
        (any, place)
    }

    fn is_in_prefix(&self, prefix: &Value) -> Truth {
        let nets = |holds: &dyn Fn(&Ipv4Net) -> bool| {
            prefix.test(&|value| {
                let text = value.as_text();
                if text.is_none() {
                    return if value.is_known() { Some(false) } else { None };
                }
                Some(text.and_then(|text| parse_rule(text).ok()).is_some_and(|rule| holds(&rule.net)))
            })
        };
        match &self.origin.source {
            Source::Address(IpAddr::V4(address)) => nets(&|net| net.contains(address)),
            Source::Address(IpAddr::V6(address)) => prefix.test(&|value| match value.as_text() {
                Some(text) => Some(text.parse::<ipnet::Ipv6Net>().is_ok_and(|net| net.contains(address))),
                None if value.is_known() => Some(false),
                None => None,
            }),
            Source::Anyone => nets(&|net| net.prefix_len() == 0),
            Source::App(_, depends) | Source::Changing(depends) | Source::Somewhere(depends) => {
                let (all, any) = (nets(&|net| net.prefix_len() == 0), nets(&holds_public));
                if all.is_true() { all } else { any.and(Truth::Unknown(depends.clone())) }
            }
            Source::Subnet(subnet) => {
                let all = nets(&|net| net.prefix_len() == 0);
                // How a perimeter treats the private address of a service endpoint is not documented.
                let hidden = subnet.has_service_endpoint();
                match subnet.address {
                    _ if all.is_true() => all,
                    Some(IpAddr::V4(address)) if hidden.is_false() => {
                        nets(&|net| net.contains(&address)).assuming(&hidden.assumed())
                    }
                    _ => {
                        let open = Unknowns::of(format!("the public address of `{}`", subnet.label()));
                        nets(&holds_public).and(Truth::Unknown(open))
                    }
                }
            }
        }
    }

    /// Whether the caller is a resource in that subscription, which Azure derives from its identity (F3.44).
    fn is_in_subscription(&self, subscription: &Value) -> Truth {
        let form = self.caller.text.split(':').next().unwrap_or_default();
        match (form, self.caller.resource, &self.origin.source) {
            ("consumer", Some(resource), _) => {
                let parts = resource.id.parts();
                let own: Vec<Value> =
                    parts.iter().take(2).flat_map(|part| [Value::text("/"), part.clone()]).collect();
                identity::same(&Value::concat(&own), subscription)
            }
            ("service" | "trusted-services", ..) | (_, _, Source::Subnet(_)) => {
                Truth::Unknown(Unknowns::of("the subscription of the caller's identity"))
            }
            _ => Truth::of(false),
        }
    }

    /// Whether the caller is a resource associated with the same perimeter (F3.44).
    fn shares_perimeter(&self, profile: &Value) -> Truth {
        let Some(resource) = self.caller.resource else { return Truth::of(false) };
        let perimeter = identity::parent(profile).unwrap_or_default();
        let associations = self.model.associations.iter();
        associations.fold(Truth::of(false), |any, association| {
            let its = identity::parent(&association.profile).unwrap_or_default();
            let same =
                identity::same(&association.target, &resource.id).and(identity::same(&its, &perimeter));
            any.or(same.and(is_deployed(&association.resource)))
        })
    }

    /// Whether the bypass lets the caller in (F3.20, F5.26).
    fn trusted(&self) -> Truth {
        match self.origin.trusted {
            Some(_) => {
                let holds = self.origin.trust.as_ref().map_or(Truth::of(true), |trust| trust.holds.clone());
                self.vault.bypasses_trusted().and(holds)
            }
            None => Truth::of(false),
        }
    }

    /// Adds the step of `publicNetworkAccess`.
    fn step_of_public_network_access(&mut self, off: &Truth, secured: &Truth, on: &Truth, trusted: &Truth) {
        let place = self.vault.public_network_access.place;
        let (verdict, because, facts): (_, String, &[&str]) = if secured.is_true() {
            let because =
                "public access is secured by perimeter: even a trusted service needs a rule of the perimeter";
            let is_disputed = !trusted.is_false()
                && self.model.has_association(self.vault, &Association::is_learning).is_true();
            match is_disputed {
                true => {
                    let because =
                        format!("{because} (while it is learning, one of Azure's own pages says otherwise)");
                    (Verdict::Denies, because, &["F3.42", "F3.43"])
                }
                false => (Verdict::Denies, because.to_owned(), &["F3.42"]),
            }
        } else if off.is_true() {
            match trusted.is_false() && self.origin.trusted.is_none() {
                true => (
                    Verdict::Denies,
                    "public network access is disabled: the rules of the firewall do not apply".to_owned(),
                    &["F3.20", "F3.21"],
                ),
                false => (
                    Verdict::Continues,
                    "public network access is disabled, for all but trusted services".to_owned(),
                    &["F3.20"],
                ),
            }
        } else if on.is_true() {
            let because = match self.vault.public_network_access.is_null() {
                true => "public network access is enabled by default: the firewall applies",
                false => "public network access is enabled: the firewall applies",
            };
            (Verdict::Continues, because.to_owned(), &["F1.22"])
        } else {
            let names = self.vault.public_network_access.depends();
            let names: Vec<String> = names.names().map(|name| format!("`{name}`")).collect();
            (
                Verdict::Open,
                format!("what public network access is set to depends on {}", names.join(", ")),
                &["F1.21"],
            )
        };
        self.step(Gate::PublicNetworkAccess, verdict, because, facts, place);
    }

    /// Adds the step of `bypass`.
    fn step_of_trusted_services(&mut self, trusted: &Truth, off: &Truth) {
        if let Some(trust) = self.origin.trust.as_ref().filter(|trust| !trust.holds.is_true()) {
            let bypasses = self.vault.bypasses_trusted();
            if !bypasses.is_false() {
                let name = &self.caller.label;
                let (verdict, because) = match &trust.holds {
                    Truth::False(_) if off.is_true() => (Verdict::Denies, format!("{name} {}", trust.why)),
                    Truth::False(_) => (Verdict::Continues, format!("{name} {}", trust.why)),
                    _ => {
                        let open = listed(&trust.holds.depends());
                        (
                            Verdict::Open,
                            format!("whether {name} counts as a trusted service depends on {open}"),
                        )
                    }
                };
                self.step(Gate::TrustedServices, verdict, because, &["F5.21", "F5.40", "F5.41"], trust.place);
                return;
            }
        }
        let place = self.vault.firewall.bypass.place;
        let (verdict, because, facts): (_, String, &[&str]) = match (self.origin.trusted, trusted) {
            (None, _) => {
                let because = format!("{} is not a trusted service", self.caller.label);
                (Verdict::Continues, because, &["F3.31", "F5.26"])
            }
            (Some(what), Truth::True(_)) => {
                let because = format!("`bypass` lets in trusted services; this one for: {what}");
                (Verdict::Allows, because, &["F1.30", "F5.26"])
            }
            (Some(_), Truth::False(_)) => {
                let verdict = if off.is_true() { Verdict::Denies } else { Verdict::Continues };
                (
                    verdict,
                    "`bypass` is `None`: trusted services are treated like any other client".to_owned(),
                    &["F1.30", "F5.24"],
                )
            }
            (Some(_), Truth::Unknown(_)) => {
                (Verdict::Open, "whether `bypass` lets in trusted services is open".to_owned(), &["F1.30"])
            }
        };
        self.step(Gate::TrustedServices, verdict, because, facts, place);
    }

    /// `networkAcls`, for a caller that is not let in as a trusted service.
    fn firewall(&mut self) -> Truth {
        let firewall = &self.vault.firewall;
        let by_subnet = self.subnet_rules();
        let by_address = self.ip_rules();
        let by_default = match firewall.lacks_default_action() {
            // The effect is not documented, so there is no verdict (F1.31).
            Truth::True(_) => Truth::Unknown(Unknowns::of(
                "what `networkAcls` without `defaultAction` does, which is not documented",
            )),
            _ => firewall.allows_by_default().or(self.vault.applies("networkAcls").negate()),
        };
        let because = match &by_default {
            Truth::True(assumed) if firewall.default_action.is_null() && assumed.is_created() => {
                "without `networkAcls` a new vault lets every client in; an existing one keeps its firewall"
            }
            Truth::True(_) if firewall.default_action.is_null() => {
                "without `networkAcls` every client is let in"
            }
            Truth::True(_) => "`defaultAction` is `Allow`: every client is let in, whatever the rules are",
            Truth::False(_) if by_subnet.is_false() && by_address.is_false() => {
                "`defaultAction` is `Deny`, and no rule matches this caller"
            }
            Truth::False(_) => "`defaultAction` is `Deny`: callers that no rule matches are refused",
            Truth::Unknown(_) if firewall.denies_by_default().is_true() => {
                "`defaultAction` is `Deny`, and the API version has no `networkAcls`: whether it counts is open"
            }
            Truth::Unknown(_) => "what `defaultAction` does is open",
        };
        let facts: &[&str] =
            if firewall.default_action.is_null() { &["F1.31", "F1.32"] } else { &["F1.30", "F3.22"] };
        let verdict = Verdict::of(&by_default, Verdict::Allows, Verdict::Denies);
        self.step(
            Gate::DefaultAction,
            verdict,
            because,
            facts,
            firewall.default_action.place.or(firewall.value.place),
        );
        by_subnet.or(by_address).or(by_default)
    }

    /// `virtualNetworkRules`: they match a subnet by its service endpoint (F3.24, F1.36).
    fn subnet_rules(&mut self) -> Truth {
        let gate = Gate::VirtualNetworkRules;
        let Source::Subnet(subnet) = &self.origin.source else { return self.subnet_rules_for_unknown() };
        let (named, place) = self.any_subnet_rule(&|id| identity::same(id, &subnet.id));
        let endpoint = subnet.has_service_endpoint();
        let name = subnet.label();
        let matches = named.clone().and(endpoint.clone());
        let (verdict, because) = match (&named, &endpoint) {
            (Truth::True(_), Truth::True(_)) => {
                (Verdict::Allows, format!("a rule names subnet `{name}`, which has the service endpoint"))
            }
            (Truth::False(_), _) => (Verdict::Continues, format!("no rule names subnet `{name}`")),
            (_, Truth::False(_)) => (
                Verdict::Continues,
                format!("subnet `{name}` has no service endpoint for vaults: a rule does not match it"),
            ),
            (Truth::True(_), _) => (
                Verdict::Open,
                format!("a rule names subnet `{name}`; whether that has the service endpoint is open"),
            ),
            _ => (Verdict::Open, format!("whether a rule names subnet `{name}` is open")),
        };
        self.step(gate, verdict, because, &["F1.36", "F3.24"], place);
        matches
    }

    /// Whether a virtual network rule has an id like this, and the place of the first one that may.
    fn any_subnet_rule(&self, is_it: &dyn Fn(&Value) -> Truth) -> (Truth, Option<Place>) {
        if !self.vault.service.has_subnet_rules() {
            return (Truth::of(false), None);
        }
        let firewall = &self.vault.firewall;
        let (mut any, mut place) = (Truth::of(false).assuming(&firewall.vnet_rules.assumed), None);
        for rule in firewall.subnet_rules() {
            let is_it = is_it(&rule.id).and(rule.present);
            if !is_it.is_false() {
                place = place.or(rule.id.place);
            }
            any = any.or(is_it);
        }
        if let Some(depends) = &firewall.vnet_rules.open {
            any = any.or(Truth::Unknown(depends.clone()));
        }
        (any, place)
    }

    /// `virtualNetworkRules` for a caller whose subnet is unknown.
    fn subnet_rules_for_unknown(&mut self) -> Truth {
        let gate = Gate::VirtualNetworkRules;
        let (network, depends) = match (&self.origin.view, &self.origin.source) {
            (View::Network(network), Source::Somewhere(depends)) => (Some(network), depends),
            (View::Open(depends), Source::Somewhere(_)) => (None, depends),
            _ => {
                let because = "the call does not come from a subnet of a virtual network";
                self.step(gate, Verdict::Continues, because, &["F3.24"], None);
                return Truth::of(false);
            }
        };
        let (named, place) = self.any_subnet_rule(&|id| match network {
            Some(network) => identity::same(&identity::network(id), &network.id),
            None => Truth::of(true),
        });
        let matches = named.and(Truth::Unknown(depends.clone()));
        let (verdict, because) = match &matches {
            Truth::Unknown(depends) => {
                let because =
                    format!("whether a rule names the caller's subnet depends on {}", listed(depends));
                (Verdict::Open, because)
            }
            _ => (Verdict::Continues, "no rule names a subnet that the caller may be in".to_owned()),
        };
        self.step(gate, verdict, because, &["F1.36", "F3.24"], place);
        matches
    }

    /// `ipRules`: they match a public IPv4 address.
    fn ip_rules(&mut self) -> Truth {
        let (matches, because, place) = match &self.origin.source {
            Source::Address(address) => self.ip_rules_for(*address),
            Source::Anyone => self.ip_rules_for_any(),
            Source::App(app, depends) => self.ip_rules_for_app(app, depends),
            Source::Changing(depends) => self.ip_rules_for_changing(depends),
            Source::Somewhere(depends) => self.ip_rules_for_unknown(depends),
            Source::Subnet(subnet) => self.ip_rules_for_subnet(subnet),
        };
        // The addresses of service tags are not in the files.
        let tags = self.vault.firewall.value.get("serviceTags").elements().any();
        let matches = match tags.is_false() || !self.vault.has(Feature::ServiceTags) {
            true => matches,
            false => {
                matches.or(tags.and(Truth::Unknown(Unknowns::of("the addresses behind the service tags"))))
            }
        };
        let verdict = Verdict::of(&matches, Verdict::Allows, Verdict::Continues);
        self.step(Gate::IpRules, verdict, because, &["F2.2", "F3.2"], place);
        matches
    }

    /// `ipRules` for a caller with any address, e.g. a hosted agent: only rules that cover the whole internet match it.
    /// A rule with an unknown address may name the address that the agent has in this run.
    fn ip_rules_for_any(&self) -> (Truth, String, Option<Place>) {
        let firewall = &self.vault.firewall;
        let mut place = None;
        let mut any = firewall.covers_internet();
        for rule in firewall.address_rules().iter().filter(|rule| !rule.is_readable()) {
            place = place.or(rule.value.place);
            any = any.or(rule.present.clone().and(Truth::Unknown(rule.value.depends())));
        }
        if let Some(depends) = &firewall.ip_rules.open {
            any = any.or(Truth::Unknown(depends.clone()));
        }
        let because = match &any {
            Truth::True(_) => "the rules let in the whole internet".to_owned(),
            Truth::False(_) => "the caller's address can be any, so no single rule matches it".to_owned(),
            Truth::Unknown(depends) => {
                let names: Vec<String> = depends.names().map(|name| format!("`{name}`")).collect();
                format!("whether a rule names the caller's address depends on {}", names.join(", "))
            }
        };
        (any, because, place.or(firewall.ip_rules_value.place))
    }

    fn ip_rules_for(&self, address: IpAddr) -> (Truth, String, Option<Place>) {
        let firewall = &self.vault.firewall;
        let IpAddr::V4(address) = address else {
            let because = "only IPv4 addresses can be in rules".to_owned();
            return (Truth::of(false), because, firewall.ip_rules_value.place);
        };
        let (mut any, mut place) = (Truth::of(false).assuming(&firewall.ip_rules.assumed), None);
        for rule in firewall.address_rules() {
            let meets = match rule.is_readable() {
                true => rule.is_net(&|rule| rule.net.contains(&address)),
                false => rule.present.clone().and(Truth::Unknown(rule.value.depends())),
            };
            if !meets.is_false() {
                place = place.or(rule.value.place);
            }
            any = any.or(meets);
        }
        if let Some(depends) = &firewall.ip_rules.open {
            any = any.or(Truth::Unknown(depends.clone()));
        }
        let because = match &any {
            Truth::True(_) => format!("a rule lets in `{address}`"),
            Truth::False(_) => format!("no rule lets in `{address}`"),
            Truth::Unknown(_) => format!("whether a rule lets in `{address}` is open"),
        };
        (any, because, place.or(firewall.ip_rules_value.place))
    }

    /// `ipRules` for an app: the files may build the rules from the outbound addresses that Azure assigns to that app.
    fn ip_rules_for_app(&self, app: &Consumer, depends: &Unknowns) -> (Truth, String, Option<Place>) {
        let place = self.vault.firewall.ip_rules_value.place;
        match self.model.is_let_in_by_addresses(self.vault, app) {
            None => self.ip_rules_for_unknown(depends),
            Some(let_in @ Truth::True(_)) => {
                (let_in, "the rules are the addresses that Azure gives the app".to_owned(), place)
            }
            Some(open) => {
                let because = format!(
                    "whether the rules, which are addresses of apps, let in the caller depends on {}",
                    listed(&open.depends())
                );
                (open, because, place)
            }
        }
    }

    fn ip_rules_for_changing(&self, depends: &Unknowns) -> (Truth, String, Option<Place>) {
        let may_name = self.vault.firewall.may_admit_a_service();
        if may_name.is_false() {
            let because = "the rules name fewer addresses than the service can call from".to_owned();
            return (may_name, because, self.vault.firewall.ip_rules_value.place);
        }
        self.ip_rules_for_unknown(depends)
    }

    fn ip_rules_for_unknown(&self, depends: &Unknowns) -> (Truth, String, Option<Place>) {
        let firewall = &self.vault.firewall;
        let all = firewall.covers_internet();
        let mut any = Truth::of(false).assuming(&firewall.ip_rules.assumed);
        for rule in firewall.address_rules() {
            let may_meet = match rule.is_readable() {
                true => rule.is_net(&|rule| holds_public(&rule.net)),
                false => rule.present.clone().and(Truth::Unknown(rule.value.depends())),
            };
            any = any.or(may_meet);
        }
        if let Some(open) = &firewall.ip_rules.open {
            any = any.or(Truth::Unknown(open.clone()));
        }
        let place = firewall.ip_rules_value.place;
        if all.is_true() {
            return (all, "the rules let in the whole internet".to_owned(), place);
        }
        if any.is_false() {
            return (any, "there is no IP rule for a public address".to_owned(), place);
        }
        let because = format!("whether a rule lets in the caller depends on {}", listed(depends));
        (any.and(Truth::Unknown(depends.clone())), because, place)
    }

    /// `ipRules` for a subnet: with a service endpoint the vault sees a private address, which no IP rule can match
    /// (F3.24).
    fn ip_rules_for_subnet(&self, subnet: &SubnetSource) -> (Truth, String, Option<Place>) {
        let name = subnet.label();
        let hidden = subnet.has_service_endpoint();
        if hidden.is_true() {
            let because = format!(
                "the service endpoint of subnet `{name}` hides its public address: only a virtual network rule matches it"
            );
            return (
                Truth::of(false).assuming(&hidden.assumed()),
                because,
                subnet.subnet.map(|subnet| subnet.resource.place),
            );
        }
        let (matches, because, place) = match subnet.address {
            Some(address) => self.ip_rules_for(address),
            None => self.ip_rules_for_unknown(&Unknowns::of(format!(
                "the public address that `{name}` goes out with"
            ))),
        };
        (hidden.choose(Truth::of(false), matches), because, place)
    }
}

/// What an open question depends on, for the end of a sentence.
fn listed(depends: &Unknowns) -> String {
    depends.names().collect::<Vec<_>>().join(", ")
}

/// The network of a prefix that is certainly in its list, with a known value.
fn certain_net(prefix: &Element) -> Option<Ipv4Net> {
    let is_plain = prefix.present == Truth::of(true) && prefix.value.assumed.is_empty();
    let rule = parse_rule(prefix.value.as_text().filter(|_| is_plain)?).ok()?;
    Some(rule.net)
}

/// Whether a network contains a public address.
fn holds_public(net: &Ipv4Net) -> bool {
    !PRIVATE.iter().any(|private| private.net.contains(net))
}
