//! What a vault's name resolves to, as somebody sees it (F4.50 to F4.57).
//!
//! Azure's resolver walks the chain of names, and asks at each one the private zones that are linked to the network it
//! answers for. What is not in the files may lead a name to a private endpoint; it is not taken to break one.

use super::caller::{INBOUND_ENDPOINT, network_at};
use super::{Gate, MAX_CASES, NetworkView, Step, Verdict, View, When};
use crate::azure::Cloud;
use crate::azure::cloud::DnsNames;
use crate::azure::names;
use crate::azure::ranges::WIRE_SERVER;
use crate::eval::{Depends, Truth, Value};
use crate::model::{
    Model, PrivateEndpoint, Record, Vault, VaultEndpoint, dns, identity, is_deployed, property,
};
use crate::text::Place;
use serde::Serialize;

/// What a vault's name comes to.
#[derive(Clone, Debug)]
pub struct Resolution<'m> {
    /// The name.
    pub name: String,
    /// The chain of names, as far as it is decided.
    pub hops: Vec<Hop>,
    /// What it may come to.
    pub cases: Vec<When<Answer<'m>>>,
    /// What was asked.
    pub steps: Vec<Step>,
}

/// What a name may come to.
#[derive(Clone, Debug)]
pub enum Answer<'m> {
    /// A private endpoint, with its address where that is known.
    Endpoint(&'m PrivateEndpoint, Option<String>),
    /// A private address that no endpoint in the files is known to have.
    Address(String),
    /// The vault's public address.
    Public,
    /// Nothing: there is no such name.
    NxDomain,
    /// It cannot be known: the public address, or an endpoint's.
    Open,
}

/// One step of the chain of names.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The name asked for.
    pub name: String,
    /// What kind of answer it got.
    pub kind: HopKind,
    /// The answer.
    pub value: String,
    /// The private zone that gave it.
    pub zone: Option<String>,
    /// Where the record is written, or what writes it.
    pub place: Option<Place>,
}

/// Kinds of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "UPPERCASE")]
pub enum HopKind {
    /// Another name.
    Cname,
    /// An address.
    A,
    /// There is no such name.
    NxDomain,
}

type Cases<'m> = Vec<When<Answer<'m>>>;

/// Resolves the name of a vault.
pub fn resolve<'m>(model: &'m Model, cloud: Cloud, vault: &'m Vault, view: &View<'m>) -> Resolution<'m> {
    let names = dns::names(model.evident_cloud().unwrap_or(cloud), vault.is_hsm);
    let label = vault.resource.label();
    let name = format!("{label}.{}", names.suffix);
    let mut resolver = Resolver { model, vault, names, label, steps: Vec::new(), hops: Vec::new() };
    let cases = resolver.view(view);
    let Resolver { steps, mut hops, names, label, .. } = resolver;
    let zone_host = format!("{label}.{}", names.private_zone);
    if let [only] = cases.as_slice() {
        let last = if hops.is_empty() { name.clone() } else { zone_host };
        hops.extend(last_hop(last, only));
    } else {
        hops.retain(|hop| hop.kind == HopKind::Cname);
    }
    Resolution { name, hops, cases, steps }
}

fn last_hop(name: String, case: &When<Answer>) -> Option<Hop> {
    let (kind, value, place) = match &case.what {
        Answer::Endpoint(endpoint, address) => {
            let unknown = format!("the address of `{}`", endpoint.resource.label());
            (HopKind::A, address.clone().unwrap_or(unknown), Some(endpoint.resource.place))
        }
        Answer::Address(address) => (HopKind::A, address.clone(), None),
        Answer::Public => (HopKind::A, "a public address of the service".to_owned(), None),
        Answer::NxDomain => (HopKind::NxDomain, "no such name".to_owned(), None),
        Answer::Open => return None,
    };
    Some(Hop { name, kind, value, zone: None, place })
}

fn only<'m>(answer: Answer<'m>) -> Cases<'m> {
    vec![When { holds: Truth::of(true), what: answer }]
}

/// The one or the other, as a condition says.
fn choose<'m>(condition: &Truth, then: Cases<'m>, otherwise: Cases<'m>) -> Cases<'m> {
    match condition {
        Truth::True(assumed) => assuming(then, assumed),
        Truth::False(assumed) => assuming(otherwise, assumed),
        Truth::Unknown(_) => {
            let when = |cases: Cases<'m>| {
                cases.into_iter().map(|case| When { holds: condition.clone().and(case.holds), ..case })
            };
            let mut all: Cases = when(then).chain(when(otherwise)).collect();
            if all.len() > MAX_CASES {
                all = vec![When { holds: condition.clone(), what: Answer::Open }];
            }
            all
        }
    }
}

fn assuming<'m>(cases: Cases<'m>, assumed: &crate::eval::Assumed) -> Cases<'m> {
    cases.into_iter().map(|case| When { holds: case.holds.assuming(assumed), ..case }).collect()
}

struct Resolver<'m> {
    model: &'m Model,
    vault: &'m Vault,
    names: &'static DnsNames,
    label: String,
    steps: Vec<Step>,
    hops: Vec<Hop>,
}

impl<'m> Resolver<'m> {
    fn say(
        &mut self,
        verdict: Verdict,
        because: String,
        facts: &'static [&'static str],
        place: Option<Place>,
    ) {
        self.steps.push(Step { gate: Gate::NameResolution, verdict, because, facts, place });
    }

    fn host(&self) -> String {
        format!("{}.{}", self.label, self.names.suffix)
    }

    fn view(&mut self, view: &View<'m>) -> Cases<'m> {
        match view {
            View::Internet => {
                let because = format!("`{}` resolves to a public address on the internet", self.host());
                self.public_chain();
                self.say(Verdict::Continues, because, &["F3.30", "F4.50"], None);
                only(Answer::Public)
            }
            View::OnPremises(None) => {
                let host = self.host();
                let because = format!(
                    "without a forwarder to a DNS server in Azure, `{host}` resolves to a public address on-premises"
                );
                self.public_chain();
                self.say(Verdict::Continues, because, &["F4.53"], None);
                only(Answer::Public)
            }
            View::OnPremises(Some(network)) => {
                let because = format!(
                    "the forwarder answers as virtual network `{}` does, if `{}` is what is forwarded to it",
                    identity::label(&network.id),
                    self.names.suffix
                );
                self.say(Verdict::Continues, because, &["F4.53", "F4.54"], None);
                self.azure(network)
            }
            View::Network(network) => self.network(network),
            View::Platform => {
                let because = "the service calls the public endpoint from within Azure".to_owned();
                self.say(Verdict::Skipped, because, &["F3.2"], None);
                only(Answer::Public)
            }
            View::Open(depends) => {
                let names: Vec<&str> = depends.names().collect();
                self.say(Verdict::Open, format!("it depends on {}", names.join(", ")), &["F4.51"], None);
                vec![When { holds: Truth::Unknown(depends.clone()), what: Answer::Open }]
            }
        }
    }

    /// The chain that everyone sees.
    fn public_chain(&mut self) {
        if self.has_alias().is_true() {
            self.alias();
        }
    }

    fn alias(&mut self) {
        let value = format!("{}.{}", self.label, self.names.private_zone);
        let name = self.host();
        self.hops.push(Hop { name, kind: HopKind::Cname, value, zone: None, place: None });
    }

    /// Whether the name is an alias in the private zone: once the vault has an approved endpoint, wherever that is
    /// (F4.50).
    fn has_alias(&self) -> Truth {
        let served = self.model.is_served(self.vault);
        if served.is_true() || self.model.knows_endpoints_of(self.vault) {
            return served;
        }
        served.or(Truth::Unknown(Depends::of(format!(
            "private endpoints of `{}` outside of the files",
            self.label
        ))))
    }

    /// As a client in a network, which may have DNS servers of its own (F4.52).
    fn network(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let name = identity::label(&view.id);
        let unknown = || Truth::Unknown(Depends::of(format!("the DNS servers of `{name}`")));
        match view.network {
            Some(network) if !view.azure_dns => {
                let own = network.has_own_dns();
                let place = network.dns_servers.place;
                match &own {
                    Truth::True(_) => {
                        let because = format!(
                            "virtual network `{name}` asks its own DNS servers: the zones linked to it are not consulted"
                        );
                        self.say(Verdict::Continues, because, &["F4.52"], place);
                        assuming(self.custom(view), &own.assumed())
                    }
                    Truth::False(_) => self.azure(view),
                    Truth::Unknown(_) => {
                        let because =
                            format!("whether virtual network `{name}` has DNS servers of its own is open");
                        self.say(Verdict::Open, because, &["F4.52"], place);
                        let (custom, azure) = (self.custom(view), self.azure(view));
                        choose(&own, custom, azure)
                    }
                }
            }
            Some(_) => self.azure(view),
            None if view.azure_dns => self.azure(view),
            None => {
                self.say(
                    Verdict::Open,
                    format!(
                        "virtual network `{name}` is not in the files: which DNS servers it asks is open"
                    ),
                    &["F4.52"],
                    None,
                );
                let azure = self.azure(view);
                choose(&unknown(), vec![When { holds: unknown(), what: Answer::Open }], azure)
            }
        }
    }

    /// As the DNS servers of a network answer, where the files show what they are.
    fn custom(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let servers = view.network.map(|network| network.dns_servers.elements()).unwrap_or_default();
        let first = servers.items.iter().find_map(|item| item.value.as_text()?.parse().ok());
        let behind = first.and_then(|address| Some((address, network_at(self.model, address)?)));
        let forwarders = &self.model.surroundings.dns_forwarders;
        let forwards = servers.open.is_none()
            && servers
                .items
                .iter()
                .all(|item| item.value.as_text().is_some_and(|text| forwarders.contain(text)));
        let Some((address, behind)) = behind else {
            let shown = servers.items.first().map_or_else(
                || format!("the DNS servers of `{}`", identity::label(&view.id)),
                |server| format!("`{}`", server.value.display()),
            );
            let depends = Depends::of(
                format!("what DNS server {shown} answers").replace("server the", "server of the"),
            );
            let because = match forwards {
                true => format!("{shown} forwards to Azure's DNS, from a network that is not in the files"),
                false => format!("what {shown} answers is not in the files"),
            };
            self.say(Verdict::Open, because, &["F4.52"], None);
            return vec![When { holds: Truth::Unknown(depends), what: Answer::Open }];
        };
        let name = behind.resource.label();
        let seen = NetworkView { id: behind.resource.id.clone(), network: Some(behind), azure_dns: true };
        if self.is_inbound_endpoint(&address.to_string()) {
            let because = format!(
                "`{address}` is the inbound endpoint of a resolver: it answers as virtual network `{name}` does"
            );
            self.say(Verdict::Continues, because, &["F4.52", "F4.53"], None);
            return self.azure(&seen);
        }
        if forwards {
            let because = format!(
                "`{address}` forwards to `{WIRE_SERVER}`, as is said of the environment: it answers as virtual network \
                 `{name}` does, which it is in"
            );
            self.say(Verdict::Continues, because, &["F4.52"], None);
            return self.azure(&seen);
        }
        let because = format!(
            "`{address}` is in virtual network `{name}`: it answers as that does if it forwards `{}` to `{WIRE_SERVER}`",
            self.names.suffix
        );
        self.say(Verdict::Open, because, &["F4.52"], None);
        let forwards =
            Truth::Unknown(Depends::of(format!("whether DNS server `{address}` forwards to Azure's")));
        let azure = self.azure(&seen);
        choose(&forwards, azure, only(Answer::Public))
    }

    fn is_inbound_endpoint(&self, address: &str) -> bool {
        let mut endpoints =
            self.model.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(INBOUND_ENDPOINT));
        endpoints.any(|endpoint| {
            let configs = property(endpoint, &["ipConfigurations"]).elements();
            configs.items.iter().any(|config| config.value.get("privateIpAddress").is_word(address).is_true())
        })
    }

    /// As Azure's resolver answers in a network.
    fn azure(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let host = self.host();
        let rest = self.forwarded(view);
        self.in_zones(&host, view, rest)
    }

    /// Where a ruleset that is linked to the network forwards the name, or else along the public chain.
    fn forwarded(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let (mut any, mut place) = (Truth::of(false), None);
        for rule in &self.model.forwarding_rules {
            let domains = [self.names.suffix, self.names.private_zone, private_parent(self.names)];
            let meant =
                identity::is_one_of(&rule.domain, &domains).and(rule.state.is_word("Disabled").negate());
            let meant =
                meant.and(is_deployed(&rule.resource)).and(self.is_ruleset_linked(&rule.ruleset, &view.id));
            if !meant.is_false() {
                place = place.or(rule.domain.place);
                any = any.or(meant);
            }
        }
        if any.is_false() {
            return self.aliased(view);
        }
        let name = identity::label(&view.id);
        let because = format!("a forwarding ruleset linked to `{name}` sends the name to other DNS servers");
        self.say(Verdict::Open, because, &["F4.54"], place);
        let depends = Depends::of("what the servers of the forwarding ruleset answer");
        let open = vec![When { holds: Truth::Unknown(depends), what: Answer::Open }];
        let rest = self.aliased(view);
        choose(&any, open, rest)
    }

    fn is_ruleset_linked(&self, ruleset: &Value, network: &Value) -> Truth {
        let others = self.model.others.iter();
        let links = others.filter(|other| other.kind.eq_ignore_ascii_case(names::FORWARDING_RULESET_LINK));
        links.fold(Truth::of(false), |any, link| {
            let of = identity::same(&identity::parent(&link.id).unwrap_or_default(), ruleset);
            let to = identity::same(&property(link, &["virtualNetwork", "id"]), network);
            any.or(of.and(to).and(is_deployed(link)))
        })
    }

    fn aliased(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let has_alias = self.has_alias();
        let zone = self.names.private_zone;
        match &has_alias {
            Truth::False(_) => {
                let because = format!(
                    "no private endpoint of `{}` is approved: its name is no alias in `{zone}`, and private zones are not asked",
                    self.label
                );
                self.say(Verdict::Continues, because, &["F4.50"], Some(self.vault.resource.place));
                return assuming(only(Answer::Public), &has_alias.assumed());
            }
            Truth::True(_) => self.alias(),
            Truth::Unknown(_) => {
                let because = format!(
                    "whether a private endpoint of `{}` is approved is open: only then its name is an alias in `{zone}`",
                    self.label
                );
                self.say(Verdict::Open, because, &["F4.50"], Some(self.vault.resource.place));
            }
        }
        let host = format!("{}.{zone}", self.label);
        let inside = self.in_zones(&host, view, only(Answer::Public));
        choose(&has_alias, inside, only(Answer::Public))
    }

    /// What the private zones linked to a network make of a name, the longest first; `rest` where none is.
    fn in_zones(&mut self, host: &str, view: &NetworkView<'m>, rest: Cases<'m>) -> Cases<'m> {
        let mut layers: Vec<(Truth, Cases<'m>)> = Vec::new();
        let is_alias = host.ends_with(self.names.private_zone);
        let mut settled = false;
        for suffix in suffixes(host, &self.label) {
            for (zone, linked, policy) in self.linked_zones(suffix, &view.id) {
                if settled {
                    break;
                }
                let is_private_zone = suffix == self.names.private_zone;
                let name = identity::label(&view.id);
                let (verdict, because) = match &linked {
                    Truth::True(_) => (Verdict::Continues, format!("zone `{suffix}` is linked to `{name}`")),
                    _ => (Verdict::Open, format!("whether zone `{suffix}` is linked to `{name}` is open")),
                };
                let facts: &[&str] = if is_private_zone { &["F4.39", "F4.51"] } else { &["F4.32", "F4.51"] };
                self.say(verdict, because, facts, zone.place);
                let answers = self.in_zone(&zone, suffix, &policy, is_private_zone);
                settled |= linked.is_true();
                layers.push((linked, answers));
            }
            if suffix == self.names.private_zone && is_alias && !settled {
                if let Some(elsewhere) = self.linked_elsewhere(view) {
                    let because = format!("whether a zone `{suffix}` outside of the files is linked is open");
                    self.say(Verdict::Open, because, &["F4.39"], None);
                    layers.push((elsewhere, only(Answer::Open)));
                } else if layers.is_empty() {
                    let name = identity::label(&view.id);
                    let because = format!(
                        "no zone `{suffix}` is linked to `{name}`: the public address is what it gets"
                    );
                    self.say(Verdict::Continues, because, &["F4.39", "F4.51"], None);
                }
            }
        }
        layers.into_iter().rev().fold(rest, |rest, (linked, answers)| choose(&linked, answers, rest))
    }

    /// The zones of a name that are, or may be, linked to a network: id, whether, resolution policy of the link.
    fn linked_zones(&self, name: &str, network: &Value) -> Vec<(Value, Truth, Value)> {
        let mut found: Vec<(Value, Truth, Value)> = Vec::new();
        let policy = |zone: &Value| {
            let mut links = self.model.zone_links.iter();
            let link = links.find(|link| {
                !identity::same(&link.zone, zone).is_false()
                    && !identity::same(&link.network, network).is_false()
            });
            link.map(|link| link.resolution_policy.clone()).unwrap_or_default()
        };
        for zone in &self.model.zones {
            let id = &zone.resource.id;
            let linked = identity::is_one_of(zone.name(), &[name]).and(self.model.is_linked(id, network));
            if !linked.is_false() {
                found.push((id.clone().at(Some(zone.resource.place)), linked, policy(id)));
            }
        }
        for link in &self.model.zone_links {
            let known =
                self.model.zones.iter().any(|zone| !identity::same(&zone.resource.id, &link.zone).is_false());
            let linked = identity::is_one_of(&link.zone_name, &[name])
                .and(identity::same(&link.network, network))
                .and(is_deployed(&link.resource));
            if !known && !linked.is_false() {
                let zone = link.zone.clone().at(Some(link.resource.place));
                found.push((zone, linked, link.resolution_policy.clone()));
            }
        }
        found
    }

    /// Whether a private zone of vaults that the files do not show may be linked to the network: they show none, and
    /// need not show all.
    fn linked_elsewhere(&self, view: &NetworkView) -> Option<Truth> {
        let model = self.model;
        let is_here = |name: &Value| identity::is_one_of(name, &[self.names.private_zone]).is_true();
        let declares = model.zones.iter().any(|zone| !zone.resource.existing && is_here(zone.name()));
        if declares || model.knows(names::PRIVATE_DNS_ZONE, None) {
            return None;
        }
        let depends = format!(
            "a link of `{}` to `{}` outside of the files",
            self.names.private_zone,
            identity::label(&view.id)
        );
        Some(Truth::Unknown(Depends::of(depends)))
    }

    /// What a zone that is asked answers.
    fn in_zone(&mut self, zone: &Value, name: &str, policy: &Value, is_private_zone: bool) -> Cases<'m> {
        let mut records: Vec<(Truth, Cases<'m>, Option<Place>, String)> = Vec::new();
        let own = self.own_endpoints();
        if is_private_zone {
            for (own, connects) in &own {
                let mut registers = Truth::of(false);
                let mut place = None;
                for registration in self.model.registrations_of(own.endpoint) {
                    let here = identity::same(&registration.zone, zone).and(registration.proof);
                    if !here.is_false() {
                        place = place.or(registration.config.place);
                        registers = registers.or(here);
                    }
                }
                let registers = registers.and(connects.clone()).and(is_deployed(&own.endpoint.resource));
                if !registers.is_false() {
                    let answer = Answer::Endpoint(own.endpoint, address_of(own.endpoint));
                    let label = own.endpoint.resource.label();
                    records.push((registers, only(answer), place, label));
                }
            }
        }
        let host = if is_private_zone { self.vault.resource.name.clone() } else { self.record_name(name) };
        for record in &self.model.records {
            let meant = identity::same(&record.zone, zone)
                .and(identity::same_name(&record.name, &host))
                .and(is_deployed(&record.resource));
            if !meant.is_false() {
                let label = record.resource.label();
                records.push((meant, self.of_record(record), Some(record.resource.place), label));
            }
        }
        let sure: Vec<&(Truth, Cases, _, String)> =
            records.iter().filter(|(meant, ..)| meant.is_true()).collect();
        if sure.len() > 1 {
            // The later one has overwritten the other, and which that is nobody can say (F4.36).
            let names: Vec<String> = sure.iter().map(|(_, _, _, label)| format!("`{label}`")).collect();
            let names = names.join(" and ");
            let because = format!("{names} write one record in `{name}`: the later one overwrites the other");
            let place = sure.first().and_then(|(_, _, place, _)| *place);
            self.say(Verdict::Open, because, &["F4.36"], place);
            let which = Truth::Unknown(Depends::of(format!("which of {names} wrote the record last")));
            let cases = records.into_iter().filter(|(meant, ..)| meant.is_true());
            let all = cases.flat_map(|(meant, cases, ..)| {
                let which = which.clone();
                cases
                    .into_iter()
                    .map(move |case| When { holds: which.clone().and(meant.clone()).and(case.holds), ..case })
            });
            return all.take(MAX_CASES).collect();
        }
        if let [(_, _, place, label)] = sure.as_slice() {
            let because = format!("`{label}` has the record for `{}` in `{name}`", self.label);
            self.say(Verdict::Continues, because, &["F4.34", "F4.51"], *place);
        }
        let rest = if sure.is_empty() { self.without_record(zone, name, policy, &own) } else { Vec::new() };
        // What may be there as well may have overwritten what is sure, so that comes first.
        let (open, sure): (Vec<_>, Vec<_>) = records.into_iter().partition(|(meant, ..)| meant.is_unknown());
        let both = open.into_iter().chain(sure).rev();
        both.fold(rest, |rest, (meant, cases, ..)| choose(&meant, cases, rest))
    }

    /// The name that the record of the vault has in a zone of the public name.
    fn record_name(&self, zone: &str) -> Value {
        let inside = self.names.suffix.strip_suffix(zone).map(|rest| rest.trim_end_matches('.'));
        match inside {
            Some("") => self.vault.resource.name.clone(),
            Some(rest) => Value::concat(&[self.vault.resource.name.clone(), Value::text(format!(".{rest}"))]),
            None => Value::text("@"),
        }
    }

    fn own_endpoints(&self) -> Vec<(VaultEndpoint<'m>, Truth)> {
        let endpoints = self.model.endpoints_of(self.vault).into_iter();
        endpoints
            .map(|(endpoint, connects)| {
                let own = VaultEndpoint { endpoint, is_hsm: self.vault.is_hsm, proof: connects.clone() };
                (own, connects)
            })
            .collect()
    }

    /// What a zone answers in which the files show no record.
    fn without_record(
        &mut self,
        zone: &Value,
        name: &str,
        policy: &Value,
        own: &[(VaultEndpoint<'m>, Truth)],
    ) -> Cases<'m> {
        let label = self.label.clone();
        let redirects = policy.is_word("NxDomainRedirect");
        let missing = match &redirects {
            Truth::True(_) => {
                format!("zone `{name}` has no record for `{label}`, and its link falls back to the internet")
            }
            _ => format!("zone `{name}` has no record for `{label}`: it answers that there is no such name"),
        };
        let cases = choose(&redirects, only(Answer::Public), only(Answer::NxDomain));
        let declared = self.model.zone(zone).is_some_and(|zone| !zone.resource.existing);
        let mut elsewhere = if declared || self.model.knows(names::A_RECORD, Some(zone)) {
            Truth::of(false)
        } else {
            Truth::Unknown(Depends::of(format!("records of `{name}` outside of the files")))
        };
        for (own, connects) in own {
            let registered = self.model.is_registered(own);
            if registered.is_unknown() {
                elsewhere = elsewhere.or(registered.and(connects.clone()));
            }
            let by_policy = self.model.is_registered_by_policy(own);
            if !by_policy.is_false() {
                elsewhere =
                    elsewhere.or(Truth::Unknown(Depends::of("the zone that a policy registers it in")));
            }
        }
        let verdict = if elsewhere.is_unknown() { Verdict::Open } else { Verdict::Continues };
        let because = match elsewhere.is_unknown() {
            true => format!("whether zone `{name}` has a record for `{label}` is open"),
            false => missing,
        };
        self.say(verdict, because, &["F4.43", "F4.51"], policy.place.or(zone.place));
        choose(&elsewhere, only(Answer::Open), cases)
    }

    /// What a record by hand leads to.
    fn of_record(&self, record: &Record) -> Cases<'m> {
        let address =
            record.addresses.items.first().map(|item| item.value.get("ipv4Address")).unwrap_or_default();
        let own = self.own_endpoints();
        let Some(text) = address.as_text() else {
            // An expression takes it from the endpoint.
            return match own.as_slice() {
                [(only_one, connects)] if connects.is_true() => {
                    only(Answer::Endpoint(only_one.endpoint, address_of(only_one.endpoint)))
                }
                _ => vec![When { holds: Truth::Unknown(identity::open(&address)), what: Answer::Open }],
            };
        };
        let has = |endpoint: &&PrivateEndpoint| {
            endpoint.addresses().iter().any(|address| address.is_word(text).is_true())
        };
        if let Some(endpoint) = self.model.endpoints.iter().find(has) {
            return only(Answer::Endpoint(endpoint, Some(text.to_owned())));
        }
        match own.iter().find(|(own, _)| own.endpoint.addresses().is_empty()) {
            Some((own, _)) => {
                let label = own.endpoint.resource.label();
                let is_its =
                    Truth::Unknown(Depends::of(format!("whether `{text}` is the address of `{label}`")));
                let its = only(Answer::Endpoint(own.endpoint, Some(text.to_owned())));
                choose(&is_its, its, only(Answer::Address(text.to_owned())))
            }
            None => only(Answer::Address(text.to_owned())),
        }
    }
}

/// The domain above the private zone: `vaultcore.azure.net`.
fn private_parent(names: &DnsNames) -> &'static str {
    names.private_zone.split_once('.').map_or(names.private_zone, |(_, parent)| parent)
}

/// The domains that a name is in, the longest first: itself, and everything behind the vault's own name.
fn suffixes<'h>(host: &'h str, label: &str) -> Vec<&'h str> {
    let mut found = vec![host];
    let mut rest = host.get(label.len() + 1..).unwrap_or_default();
    while !rest.is_empty() {
        found.push(rest);
        rest = rest.split_once('.').map_or("", |(_, rest)| rest);
    }
    found
}

fn address_of(endpoint: &PrivateEndpoint) -> Option<String> {
    endpoint.addresses().iter().find_map(|address| address.as_text().map(str::to_owned))
}

impl Resolution<'_> {
    /// What it surely comes to: `private`, `public` or `nxdomain`; nothing where that depends.
    pub fn kind(&self) -> Option<&'static str> {
        let mut kinds = self.cases.iter().map(|case| match &case.what {
            Answer::Endpoint(..) | Answer::Address(_) => Some("private"),
            Answer::Public => Some("public"),
            Answer::NxDomain => Some("nxdomain"),
            Answer::Open => None,
        });
        let first = kinds.next().flatten()?;
        kinds.all(|kind| kind == Some(first)).then_some(first)
    }

    /// What tells the cases apart.
    pub fn depends(&self) -> Depends {
        let open = self.cases.iter().map(|case| case.holds.depends());
        open.fold(Depends::default(), Depends::and)
    }
}
