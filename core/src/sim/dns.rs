//! What a vault's name resolves to for a caller (F4.50, F4.51).
//!
//! Azure's resolver follows the chain of CNAME records. For each name it queries the private zones that are linked to
//! the network of the client. A resource outside of the files may lead a name to a private endpoint; the simulator does
//! not assume that one breaks the resolution.

use super::caller::network_at;
use super::route::firewall_at;
use super::{Gate, GateResult, Inventory, MAX_CASES, NetworkView, OutsideKind, Verdict, View, When};
use crate::azure::Feature;
use crate::azure::cloud::DnsNames;
use crate::azure::names;
use crate::azure::ranges::WIRE_SERVER;
use crate::eval::{Assumptions, Elements, Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::model::{
    EndpointConnection, Model, PrivateEndpoint, Record, Vault, Zone, dns, identity, is_deployed, key,
    property,
};
use crate::text::{Name, Place};
use serde::Serialize;
use std::net::IpAddr;
use std::rc::Rc;

/// What a vault's name resolves to.
#[derive(Clone, Debug)]
pub struct ResolvedName<'m> {
    /// The vault's host name.
    pub name: String,
    /// The records of the answer, as far as they are certain.
    pub hops: Vec<ResolutionStep>,
    /// The possible answers.
    pub cases: Vec<When<NameAnswer<'m>>>,
    /// The steps of the resolution, in order.
    pub steps: Vec<GateResult>,
}

/// A possible answer.
#[derive(Clone, Debug)]
pub enum NameAnswer<'m> {
    /// A private endpoint, with its address if it is known.
    Endpoint(&'m PrivateEndpoint, Option<String>),
    /// A private address that is not known to be that of an endpoint in the files.
    Address(String),
    /// An unknown private address.
    Somewhere(Unknowns),
    /// The vault's public address.
    Public,
    /// The name does not exist.
    NxDomain,
    /// Unknown: the public address, or that of a private endpoint.
    Open,
}

/// One record of the answer.
#[derive(Clone, Debug)]
pub struct ResolutionStep {
    /// The owner name of the record.
    pub name: String,
    /// The record's type, or that the name does not exist.
    pub kind: HopKind,
    /// The record's data: a name, an address, or a description of one that is unknown.
    pub value: String,
    /// The private zone that contains the record.
    pub zone: Option<String>,
    /// The record or the zone group configuration in the files.
    pub place: Option<Place>,
}

/// Types of records, and NXDOMAIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "UPPERCASE")]
pub enum HopKind {
    /// An alias for another name.
    Cname,
    /// An IPv4 address.
    A,
    /// The name does not exist.
    NxDomain,
}

type Cases<'m> = Vec<When<NameAnswer<'m>>>;

/// Resolves the name of a vault; resources outside of the files may exist.
pub fn resolve<'m>(model: &'m Model, vault: &'m Vault, view: &View<'m>) -> ResolvedName<'m> {
    resolve_in(&Inventory::at_large(), model, vault, view)
}

/// Resolves the name of a vault.
pub(super) fn resolve_in<'m>(
    inventory: &Inventory,
    model: &'m Model,
    vault: &'m Vault,
    view: &View<'m>,
) -> ResolvedName<'m> {
    let names = vault.service.dns(model.cloud_of(vault));
    let label = vault.resource.label();
    let name = format!("{}.{}", label.as_str(), names.suffix);
    let (steps, hops, answered) = (Vec::new(), Vec::new(), None);
    let mut resolver =
        Resolver { inventory, model, vault, names, label, steps, hops, answered, forwarded: Vec::new() };
    let cases = resolver.view(view);
    let Resolver { steps, mut hops, names, label, answered, .. } = resolver;
    let mut whole = ResolvedName { name, hops: Vec::new(), cases, steps };
    let is_decided = match whole.kind() {
        Some("private") => whole.cases.len() == 1 || whole.address().is_some(),
        kind => kind.is_some(),
    };
    if let (true, Some(first)) = (is_decided, whole.cases.first()) {
        let last = if hops.is_empty() {
            whole.name.clone()
        } else {
            format!("{}.{}", label.as_str(), names.private_zone)
        };
        hops.extend(last_hop(last, first, answered));
    }
    whole.hops = hops;
    whole
}

/// Whether an approved private endpoint connects to a vault. Without one, the vault's name has no CNAME record to the
/// private zone (F4.50), and no private path exists.
pub(super) fn has_path(inventory: &Inventory, model: &Model, vault: &Vault) -> Truth {
    model
        .is_served(vault)
        .or(inventory.has(OutsideKind::EndpointOutside, model.has_endpoint_elsewhere(vault)))
}

/// What a zone answers for a vault's name in it.
pub(super) fn answers_in<'m>(
    inventory: &Inventory,
    model: &'m Model,
    vault: &'m Vault,
    zone: &Zone,
) -> Vec<When<NameAnswer<'m>>> {
    let names = vault.service.dns(model.cloud_of(vault));
    let (label, steps, hops, answered) = (vault.resource.label(), Vec::new(), Vec::new(), None);
    let mut resolver =
        Resolver { inventory, model, vault, names, label, steps, hops, answered, forwarded: Vec::new() };
    let (id, name) = (zone.resource.id.clone(), names.private_zone);
    let asked = AskedZone { id, name, policy: Value::null(), is_private_zone: true };
    resolver.in_zone(&asked, &vault.resource.name)
}

fn last_hop(
    name: String,
    case: &When<NameAnswer>,
    answered: Option<(String, Option<Place>)>,
) -> Option<ResolutionStep> {
    let (zone, written) = answered.map_or((None, None), |(zone, place)| (Some(zone), place));
    let (kind, value, zone, place) = match &case.what {
        NameAnswer::Endpoint(endpoint, address) => {
            let unknown = format!("the address of `{}`", endpoint.resource.label());
            let place = written.or(Some(endpoint.resource.place));
            (HopKind::A, address.clone().unwrap_or(unknown), zone, place)
        }
        NameAnswer::Address(address) => (HopKind::A, address.clone(), zone, written),
        NameAnswer::Somewhere(depends) => {
            (HopKind::A, depends.names().next().unwrap_or("an address").to_owned(), zone, written)
        }
        NameAnswer::Public => (HopKind::A, "a public address of the service".to_owned(), None, None),
        NameAnswer::NxDomain => (HopKind::NxDomain, "no such name".to_owned(), zone, None),
        NameAnswer::Open => return None,
    };
    Some(ResolutionStep { name, kind, value, zone, place })
}

fn only<'m>(answer: NameAnswer<'m>) -> Cases<'m> {
    vec![When::new(Truth::of(true), answer)]
}

/// `then` if the condition holds, `otherwise` if not, both if it is unknown.
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
                let depends =
                    all.iter().map(|case| case.holds.depends()).fold(Unknowns::default(), Unknowns::and);
                all.truncate(MAX_CASES - 1);
                all.push(When::new(Truth::Unknown(depends.clone()), NameAnswer::Somewhere(depends)));
            }
            all
        }
    }
}

fn assuming<'m>(cases: Cases<'m>, assumed: &Assumptions) -> Cases<'m> {
    let rest_on = |case: When<NameAnswer<'m>>| When {
        holds: case.holds.assuming(assumed),
        assumed: case.assumed.and(assumed),
        what: case.what,
    };
    cases.into_iter().map(rest_on).collect()
}

struct Resolver<'r, 'm> {
    inventory: &'r Inventory,
    model: &'m Model,
    vault: &'m Vault,
    names: &'static DnsNames,
    label: Name,
    steps: Vec<GateResult>,
    hops: Vec<ResolutionStep>,
    /// The zone that certainly answers, and the place of the record in the files.
    answered: Option<(String, Option<Place>)>,
    /// The networks whose queries a forwarding ruleset has forwarded, to detect a loop.
    forwarded: Vec<Value>,
}

/// A name on the chain.
struct ChainName {
    /// The first label.
    first: Value,
    /// The first label, for messages.
    label: Name,
    /// The labels behind the first.
    domain: &'static str,
    stage: Stage,
}

/// The names of the chain (F4.50).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The vault's own name.
    Host,
    /// Its name in the private zone.
    Alias,
    /// The name of the service in the region.
    Ingress,
}

impl ChainName {
    /// The domains that contain the name, longest first, each with the name of the record in a zone of that domain.
    fn domains(&self) -> Vec<(String, Value)> {
        let mut found = vec![(format!("{}.{}", self.label.as_str(), self.domain), Value::text("@"))];
        let (mut rest, mut inside) = (self.domain, self.first.clone());
        while !rest.is_empty() {
            found.push((rest.to_owned(), inside.clone()));
            let (label, shorter) = rest.split_once('.').unwrap_or((rest, ""));
            inside = Value::concat(&[inside, Value::text(format!(".{label}"))]);
            rest = shorter;
        }
        found
    }
}

impl<'m> Resolver<'_, 'm> {
    fn say(
        &mut self,
        verdict: Verdict,
        because: String,
        facts: &'static [&'static str],
        place: Option<Place>,
    ) {
        // Alternative paths repeat the same steps.
        if self.steps.iter().all(|step| step.because != because) {
            self.steps.push(GateResult { gate: Gate::NameResolution, verdict, because, facts, place });
        }
    }

    fn host(&self) -> String {
        format!("{}.{}", self.label.as_str(), self.names.suffix)
    }

    fn view(&mut self, view: &View<'m>) -> Cases<'m> {
        match view {
            View::Internet => {
                let because = format!("`{}` resolves to a public address on the internet", self.host());
                self.public_chain();
                self.say(Verdict::Continues, because, &["F3.30", "F4.50"], None);
                only(NameAnswer::Public)
            }
            View::OnPremises(None) => {
                let host = self.host();
                let because = format!(
                    "without a forwarder to a DNS server in Azure, `{host}` resolves to a public address on-premises"
                );
                self.public_chain();
                self.say(Verdict::Continues, because, &["F4.53"], None);
                only(NameAnswer::Public)
            }
            View::OnPremises(Some(network)) => {
                let because = format!(
                    "the forwarder answers as virtual network `{}` does, if queries for `{}` are forwarded to it",
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
                only(NameAnswer::Public)
            }
            View::Open(depends) => {
                let names: Vec<&str> = depends.names().collect();
                self.say(
                    Verdict::Open,
                    format!("the answer depends on {}", names.join(", ")),
                    &["F4.51"],
                    None,
                );
                vec![When::new(Truth::Unknown(depends.clone()), NameAnswer::Open)]
            }
        }
    }

    /// The public CNAME record.
    fn public_chain(&mut self) {
        if self.has_alias().is_true() {
            self.alias();
        }
    }

    fn alias(&mut self) {
        let value = format!("{}.{}", self.label.as_str(), self.names.private_zone);
        let name = self.host();
        self.hops.push(ResolutionStep { name, kind: HopKind::Cname, value, zone: None, place: None });
    }

    /// Whether the vault's name has a CNAME record to the private zone: it does once the vault has an approved private
    /// endpoint anywhere (F4.50).
    fn has_alias(&self) -> Truth {
        has_path(self.inventory, self.model, self.vault)
    }

    /// `" in the files"`, or an empty text if the files show all resources of a type.
    fn in_files(&self, shows_all: bool) -> &'static str {
        if shows_all { "" } else { " in the files" }
    }

    /// As a client in a network, which may use custom DNS servers (F4.52).
    fn network(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let name = view.label();
        let unknown = || Truth::Unknown(Unknowns::of(format!("the DNS servers of `{name}`")));
        match view.network {
            Some(network) if !view.azure_dns => {
                // The settings of a network that is only referred to are unknown as a whole.
                let own = match self.model.asks_own_dns(network) {
                    Truth::Unknown(_) if network.resource.referenced => unknown(),
                    own => own,
                };
                let place = network.dns_servers.place;
                match &own {
                    Truth::True(_) => {
                        let (verdict, because) = match network.asks_azure_too().is_false() {
                            true => (
                                Verdict::Continues,
                                format!(
                                    "virtual network `{name}` uses its own DNS servers: the zones linked to it are not consulted"
                                ),
                            ),
                            false => (
                                Verdict::Open,
                                format!(
                                    "virtual network `{name}` uses `{WIRE_SERVER}`, which answers from the zones linked to it, and other DNS servers: the first answer decides"
                                ),
                            ),
                        };
                        self.say(verdict, because, &["F4.51", "F4.52"], place);
                        assuming(self.custom(view), &own.assumed())
                    }
                    Truth::False(assumed) => assuming(self.azure(view), assumed),
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
                        "virtual network `{name}` is not in the files: which DNS servers it uses is open"
                    ),
                    &["F4.52"],
                    None,
                );
                let azure = self.azure(view);
                choose(&unknown(), vec![When::new(unknown(), NameAnswer::Open)], azure)
            }
        }
    }

    /// As the custom DNS servers of a network answer, as far as the files show what they are. Each server is a separate
    /// case, since the first answer decides.
    fn custom(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let servers = view.network.map(|network| network.dns_servers.elements()).unwrap_or_default();
        self.ask(view, &servers)
    }

    /// As servers answer that are asked from a network.
    fn ask(&mut self, view: &NetworkView<'m>, servers: &Elements) -> Cases<'m> {
        let (mut ways, mut foreign): (Vec<Cases<'m>>, Vec<String>) = (Vec::new(), Vec::new());
        // Servers in the same network give the same answer.
        let mut asked: Vec<Rc<str>> = Vec::new();
        for item in &servers.items {
            let forwarded = self.forwarded.len();
            let here = self.server_here(&item.value);
            self.forwarded.truncate(forwarded);
            if let Some(way) = here {
                ways.push(way);
                continue;
            }
            let address = item.value.as_text().and_then(|text| text.parse().ok());
            let seen = match address {
                Some(address) if address == IpAddr::V4(WIRE_SERVER) => {
                    Some(NetworkView { azure_dns: true, ..view.clone() })
                }
                Some(address) => network_at(self.model, address).map(|network| NetworkView {
                    id: network.resource.id.clone(),
                    network: Some(network),
                    azure_dns: true,
                }),
                None => None,
            };
            match (address, seen) {
                (Some(address), Some(seen)) if !asked.contains(&key(&seen.id)) => {
                    asked.push(key(&seen.id));
                    let forwarded = self.forwarded.len();
                    ways.push(self.server(address, &seen));
                    self.forwarded.truncate(forwarded);
                }
                (Some(_), Some(_)) => {}
                _ => foreign.push(item.value.display()),
            }
        }
        if !foreign.is_empty() || servers.open.is_some() || ways.is_empty() {
            ways.push(self.foreign(view, &foreign, servers.open.is_some() || ways.is_empty()));
        }
        if ways.len() < 2 {
            return ways.pop().unwrap_or_default();
        }
        self.hops.clear();
        self.answered = None;
        let which = Truth::Unknown(Unknowns::of(format!("which DNS server of `{}` answers", view.label())));
        let all =
            ways.into_iter().flatten().map(|case| When { holds: which.clone().and(case.holds), ..case });
        all.take(MAX_CASES).collect()
    }

    /// As a server answers whose address comes from a resource here, or is that of a firewall here.
    fn server_here(&mut self, address: &Value) -> Option<Cases<'m>> {
        if address.as_text().is_none() {
            let inbound = self.model.inbound_endpoint_at(address).filter(|(.., is_its)| is_its.is_true());
            if let Some((endpoint, network, is_its)) = inbound {
                let because = format!(
                    "`{}` is the inbound endpoint of a resolver: it answers as virtual network `{}` does",
                    endpoint.label(),
                    identity::label(&network)
                );
                self.say(Verdict::Continues, because, &["F4.52", "F4.53"], Some(endpoint.place));
                let seen =
                    NetworkView { network: self.model.network(&network), id: network, azure_dns: true };
                return Some(assuming(self.azure(&seen), &is_its.assumed()));
            }
        }
        firewall_at(self.model, address).map(|firewall| self.proxy(firewall))
    }

    /// As an Azure Firewall answers: as the servers of its policy do, which it asks as a DNS proxy, or Azure's in its own
    /// network (F4.61).
    fn proxy(&mut self, firewall: &'m Resource) -> Cases<'m> {
        let name = firewall.label();
        let (is_proxy, servers) = self.model.proxied_servers(firewall);
        let is_asked = self.forwarded.iter().any(|asked| identity::same(asked, &firewall.id).is_true());
        if !is_proxy.is_true() || is_asked {
            let because =
                format!("what firewall `{name}` answers is open: the files do not make it a DNS proxy");
            self.say(Verdict::Open, because, &["F4.61"], Some(firewall.place));
            let unknown = Unknowns::of(format!("what DNS server `{name}` answers"));
            return vec![When::new(Truth::Unknown(unknown), NameAnswer::Open)];
        }
        self.forwarded.push(firewall.id.clone());
        let id = Model::network_of_firewall(firewall);
        let seen = NetworkView { network: self.model.network(&id), id, azure_dns: true };
        let assumed = is_proxy.assumed();
        if servers.items.is_empty() && servers.open.is_none() {
            let because = format!(
                "firewall `{name}` is a DNS proxy: it answers as its network `{}` does",
                seen.label()
            );
            self.say(Verdict::Continues, because, &["F4.61"], Some(firewall.place));
            return assuming(self.azure(&seen), &assumed);
        }
        let listed: Vec<String> =
            servers.items.iter().map(|item| format!("`{}`", item.value.display())).collect();
        let because = format!("firewall `{name}` is a DNS proxy: it asks {}", listed.join(", "));
        self.say(Verdict::Continues, because, &["F4.61"], Some(firewall.place));
        assuming(self.ask(&seen, &servers), &assumed)
    }

    /// As a DNS server answers that is in a network of the files and forwards, or may forward, to Azure's DNS there.
    fn server(&mut self, address: IpAddr, seen: &NetworkView<'m>) -> Cases<'m> {
        let name = seen.label();
        if address == IpAddr::V4(WIRE_SERVER) {
            return self.azure(seen);
        }
        if self.model.is_inbound_endpoint(&address.to_string()) {
            let because = format!(
                "`{address}` is the inbound endpoint of a resolver: it answers as virtual network `{name}` does"
            );
            self.say(Verdict::Continues, because, &["F4.52", "F4.53"], None);
            return self.azure(seen);
        }
        if self.model.site.dns_forwarders.contain(&address.to_string()) {
            let because = format!(
                "`{address}` forwards to `{WIRE_SERVER}` according to `environment`: it answers as its virtual network \
                 `{name}` does"
            );
            self.say(Verdict::Continues, because, &["F4.52"], None);
            return self.azure(seen);
        }
        let because = format!(
            "`{address}` is in virtual network `{name}`: it answers as the network does if it forwards `{}` to `{WIRE_SERVER}`",
            self.names.suffix
        );
        self.say(Verdict::Open, because, &["F4.52"], None);
        let forwards =
            Truth::Unknown(Unknowns::of(format!("whether DNS server `{address}` forwards to Azure's")));
        let azure = self.azure(seen);
        choose(&forwards, azure, only(NameAnswer::Public))
    }

    /// As DNS servers answer that are not in the files; `all` if every server of the network is, or may be, such a
    /// server.
    fn foreign(&mut self, view: &NetworkView<'m>, servers: &[String], all: bool) -> Cases<'m> {
        let unknown = match servers {
            [server] if !all || servers.len() == 1 => format!("what DNS server `{server}` answers"),
            _ => format!("what the DNS servers of `{}` answer", view.label()),
        };
        let forwarders = &self.model.site.dns_forwarders;
        let because = match !servers.is_empty() && servers.iter().all(|server| forwarders.contain(server)) {
            true => "the DNS servers forward to Azure's, from a network that is not in the files".to_owned(),
            false => format!("{unknown} is not in the files"),
        };
        self.say(Verdict::Open, because, &["F4.52"], None);
        vec![When::new(Truth::Unknown(Unknowns::of(unknown)), NameAnswer::Open)]
    }

    /// As Azure's DNS answers in a network.
    fn azure(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        self.walk(Stage::Host, view)
    }

    /// Follows the chain from a name on. The first name with a private zone that is linked to the network ends it
    /// (F4.51).
    fn walk(&mut self, stage: Stage, view: &NetworkView<'m>) -> Cases<'m> {
        let own = (self.vault.resource.name.clone(), self.label.clone());
        let ingress = || (Value::text("data-prod"), Name::new("data-prod".to_owned()));
        let ((first, label), domain) = match stage {
            Stage::Host => (own, self.names.suffix),
            Stage::Alias => (own, self.names.private_zone),
            Stage::Ingress => (ingress(), private_parent(self.names)),
        };
        let (layers, assumed) = self.in_zones(&ChainName { first, label, domain, stage }, view);
        let is_settled = layers.iter().any(|(linked, _)| linked.is_true());
        let is_open = !layers.is_empty();
        let rest = match stage {
            _ if is_settled => Vec::new(),
            Stage::Host => self.forwarded(view),
            Stage::Alias if self.vault.has(Feature::IngressName) => self.walk(Stage::Ingress, view),
            Stage::Alias | Stage::Ingress => only(NameAnswer::Public),
        };
        if is_open && !is_settled {
            self.hops.clear();
            self.answered = None;
        }
        let layers = layers.into_iter().rev();
        assuming(layers.fold(rest, |rest, (linked, answers)| choose(&linked, answers, rest)), &assumed)
    }

    /// The answer of the servers to which a ruleset linked to the network forwards the name; otherwise the public chain
    /// continues.
    fn forwarded(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let (mut any, mut place) = (Truth::of(false), None);
        let mut target = None;
        for rule in &self.model.forwarding_rules {
            let domains = [self.names.suffix, self.names.private_zone, private_parent(self.names)];
            let meant =
                identity::is_one_of(&rule.domain, &domains).and(rule.state.is_word("Disabled").negate());
            let meant =
                meant.and(is_deployed(&rule.resource)).and(self.is_ruleset_linked(&rule.ruleset, &view.id));
            if !meant.is_false() {
                place = place.or(rule.domain.place);
                let served = rule.targets.first().and_then(|server| self.model.inbound_endpoint_at(server));
                target = target.or(served.filter(|(.., is_its)| meant.is_true() && is_its.is_true()));
            }
            any = any.or(meant);
        }
        if any.is_false() {
            return assuming(self.aliased(view), &any.assumed());
        }
        let name = view.label();
        if let Some((endpoint, network, is_its)) = target {
            return assuming(
                self.resolved_by_inbound_endpoint(view, endpoint, network, place),
                &any.assumed().and(&is_its.assumed()),
            );
        }
        let because =
            format!("a forwarding ruleset linked to `{name}` forwards the name to other DNS servers");
        self.say(Verdict::Open, because, &["F4.54"], place);
        let depends = Unknowns::of("what the servers of the forwarding ruleset answer");
        let open = vec![When::new(Truth::Unknown(depends), NameAnswer::Open)];
        let rest = self.aliased(view);
        choose(&any, open, rest)
    }

    /// The answer in the network of an inbound endpoint to which a ruleset forwards the name.
    fn resolved_by_inbound_endpoint(
        &mut self,
        from: &NetworkView<'m>,
        endpoint: &'m Resource,
        network: Value,
        place: Option<Place>,
    ) -> Cases<'m> {
        let (name, there) = (identity::label(&endpoint.id), identity::label(&network));
        self.forwarded.push(from.id.clone());
        if self.forwarded.iter().any(|asked| identity::same(asked, &network).is_true()) {
            let because = format!(
                "the ruleset forwards the name to inbound endpoint `{name}`, whose network `{there}` uses the ruleset again: \
                 a loop, in which the name does not resolve"
            );
            self.say(Verdict::Denies, because, &["F4.58"], place);
            return only(NameAnswer::NxDomain);
        }
        let because = format!(
            "the ruleset forwards the name to inbound endpoint `{name}`, which answers as virtual network `{there}` does"
        );
        self.say(Verdict::Continues, because, &["F4.54"], place);
        let seen = NetworkView { network: self.model.network(&network), id: network, azure_dns: true };
        self.azure(&seen)
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
                    "no private endpoint of `{}`{} is approved: its name is not an alias in `{zone}`, and private zones are not consulted",
                    self.label,
                    self.in_files(self.model.knows_endpoints_of(self.vault))
                );
                self.say(Verdict::Continues, because, &["F4.50"], Some(self.vault.resource.place));
                return assuming(self.without_alias(view), &has_alias.assumed());
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
        let inside = self.walk(Stage::Alias, view);
        if has_alias.is_true() {
            return assuming(inside, &has_alias.assumed());
        }
        self.answered = None;
        let without = self.without_alias(view);
        self.answered = None;
        choose(&has_alias, inside, without)
    }

    /// The rest of the chain of a vault without an approved endpoint (F4.50).
    fn without_alias(&mut self, view: &NetworkView<'m>) -> Cases<'m> {
        let goes_on = self.vault.has(Feature::IngressName);
        if goes_on { self.walk(Stage::Ingress, view) } else { only(NameAnswer::Public) }
    }

    /// The answers of the private zones linked to a network for a name, longest domain first, up to the first zone that
    /// is certainly linked; and the defaults under which no other zone is linked.
    fn in_zones(
        &mut self,
        chain: &ChainName,
        view: &NetworkView<'m>,
    ) -> (Vec<(Truth, Cases<'m>)>, Assumptions) {
        let mut layers: Vec<(Truth, Cases<'m>)> = Vec::new();
        let mut assumed = self.model.nothing_about(&view.id, names::PRIVATE_DNS_ZONE).assumed();
        let name = view.label();
        for (domain, inside) in chain.domains() {
            let is_private_zone = chain.stage == Stage::Alias && domain == self.names.private_zone;
            let (zones, not_linked) = self.linked_zones(&domain, &view.id);
            assumed = assumed.and(&not_linked);
            for (zone, linked, policy) in zones {
                let (verdict, because) = match &linked {
                    Truth::True(_) => (Verdict::Continues, format!("zone `{domain}` is linked to `{name}`")),
                    _ => (Verdict::Open, format!("whether zone `{domain}` is linked to `{name}` is open")),
                };
                let facts: &[&str] = if is_private_zone { &["F4.39", "F4.51"] } else { &["F4.32", "F4.51"] };
                self.say(verdict, because, facts, zone.place);
                let asked = AskedZone { id: zone, name: &domain, policy, is_private_zone };
                let answers = self.in_zone(&asked, &inside);
                let is_settled = linked.is_true();
                layers.push((linked, answers));
                if is_settled {
                    return (layers, assumed);
                }
            }
            if is_private_zone {
                let elsewhere = self.linked_elsewhere(view);
                let shows_all = elsewhere.is_none();
                let elsewhere =
                    elsewhere.map(|there| self.inventory.has(OutsideKind::ZoneLinkOutside, there));
                if let Some(elsewhere) = elsewhere.filter(Truth::is_unknown) {
                    let because = format!("whether a zone `{domain}` outside of the files is linked is open");
                    self.say(Verdict::Open, because, &["F4.39"], None);
                    layers.push((elsewhere, only(NameAnswer::Open)));
                } else if layers.is_empty() {
                    let because = format!(
                        "no zone `{domain}`{} is linked to `{name}`: the name resolves to the public address",
                        self.in_files(shows_all)
                    );
                    self.say(Verdict::Continues, because, &["F4.39", "F4.51"], None);
                }
            }
        }
        (layers, assumed)
    }

    /// The zones of a name that are, or may be, linked to a network, each as (id, whether it is linked, resolution
    /// policy of the link); and the defaults under which the other zones are not linked.
    fn linked_zones(&self, name: &str, network: &Value) -> (Vec<(Value, Truth, Value)>, Assumptions) {
        let mut found: Vec<(Value, Truth, Value)> = Vec::new();
        let mut assumed = self.model.nothing_about(network, names::ZONE_LINK).assumed();
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
            let mut linked = self.model.is_linked_here(id, network);
            if !self.model.shows_links_of(id) {
                let link =
                    format!("a link of `{name}` to `{}` outside of the files", identity::label(network));
                let there = Truth::Unknown(Unknowns::of(link));
                linked = linked.or(self.inventory.has(OutsideKind::ZoneLinkOutside, there));
            }
            let linked = identity::is_one_of(zone.name(), &[name]).and(linked);
            if linked.is_false() {
                assumed = assumed.and(&linked.assumed());
            } else {
                found.push((id.clone().at(Some(zone.resource.place)), linked, policy(id)));
            }
        }
        for link in &self.model.zone_links {
            let known =
                self.model.zones.iter().any(|zone| !identity::same(&zone.resource.id, &link.zone).is_false());
            let linked = identity::is_one_of(&link.zone_name, &[name])
                .and(identity::same(&link.network, network))
                .and(is_deployed(&link.resource));
            if !known && linked.is_false() {
                assumed = assumed.and(&linked.assumed());
            } else if !known {
                let zone = link.zone.clone().at(Some(link.resource.place));
                found.push((zone, linked, link.resolution_policy.clone()));
            }
        }
        (found, assumed)
    }

    /// Whether a private zone for vaults outside of the files may be linked to the network; `None` if the files declare
    /// such a zone, or contain all zones.
    fn linked_elsewhere(&self, view: &NetworkView) -> Option<Truth> {
        let model = self.model;
        let is_here = |name: &Value| identity::is_one_of(name, &[self.names.private_zone]).is_true();
        let declares = model.zones.iter().any(|zone| !zone.resource.referenced && is_here(zone.name()));
        if declares || model.knows(names::PRIVATE_DNS_ZONE, None) {
            return None;
        }
        let depends =
            format!("a link of `{}` to `{}` outside of the files", self.names.private_zone, view.label());
        Some(Truth::Unknown(Unknowns::of(depends)))
    }

    /// The answer of a zone for a name inside it.
    fn in_zone(&mut self, asked: &AskedZone, inside: &Value) -> Cases<'m> {
        let AskedZone { id: zone, name, is_private_zone, .. } = asked;
        let mut records: Vec<(Truth, Cases<'m>, Option<Place>, Name)> = Vec::new();
        let own = self.model.connections_of(self.vault);
        let model = self.model;
        let none = model.nothing_about(zone, names::A_RECORD);
        let none = none.or(model.nothing_about(&self.vault.resource.id, names::PRIVATE_ENDPOINT));
        // The defaults under which there is no other record.
        let mut assumed = none.assumed();
        if *is_private_zone {
            for own in &own {
                let mut registers = Truth::of(false);
                let mut place = None;
                for registration in self.model.registrations_of(own.endpoint) {
                    let here = identity::same(&registration.zone, zone).and(registration.proof);
                    if !here.is_false() {
                        place = place.or(registration.config.place);
                    }
                    registers = registers.or(here);
                }
                let none = model.nothing_about(&own.endpoint.resource.id, names::ZONE_GROUP).assumed();
                let registers = registers.assuming(&none);
                let registers = registers.and(own.connects.clone()).and(is_deployed(&own.endpoint.resource));
                if registers.is_false() {
                    assumed = assumed.and(&registers.assumed());
                } else {
                    let answer = NameAnswer::Endpoint(own.endpoint, address_of(own.endpoint));
                    let label = own.endpoint.resource.label();
                    records.push((registers, only(answer), place, label));
                }
            }
        }
        for record in &self.model.records {
            let meant = identity::same(&record.zone, zone)
                .and(identity::same_name(&record.name, inside))
                .and(is_deployed(&record.resource));
            if meant.is_false() {
                assumed = assumed.and(&meant.assumed());
            } else {
                let label = record.resource.label();
                records.push((meant, self.of_record(record), Some(record.resource.place), label));
            }
        }
        let sure: Vec<&(Truth, Cases, _, Name)> =
            records.iter().filter(|(meant, ..)| meant.is_true()).collect();
        if sure.len() > 1 {
            // The later one has overwritten the other, and the files do not show which one that is (F4.36).
            let names: Vec<String> = sure.iter().map(|(_, _, _, label)| format!("`{label}`")).collect();
            let names = names.join(" and ");
            let because =
                format!("{names} write the same record in `{name}`: the later one overwrites the other");
            let place = sure.first().and_then(|(_, _, place, _)| *place);
            self.say(Verdict::Open, because, &["F4.36"], place);
            let which = Truth::Unknown(Unknowns::of(format!("which of {names} wrote the record last")));
            self.answered = Some(((*name).to_owned(), None));
            let all = records.into_iter().flat_map(|(meant, cases, ..)| {
                let is_last = which.clone().and(meant.clone());
                let last = |case: When<_>| When { holds: is_last.clone().and(case.holds), ..case };
                assuming(cases, &meant.assumed()).into_iter().map(last).collect::<Vec<_>>()
            });
            return assuming(all.take(MAX_CASES).collect(), &assumed);
        }
        if let [(_, _, place, label)] = sure.as_slice() {
            let because = format!("`{label}` has the record for `{}` in `{name}`", self.label);
            self.say(Verdict::Continues, because, &["F4.34", "F4.51"], *place);
        }
        self.answered = Some(((*name).to_owned(), sure.first().and_then(|(_, _, place, _)| *place)));
        let rest = if sure.is_empty() { self.without_record(asked, &own) } else { Vec::new() };
        // A possible record may have overwritten the certain one, so that case comes first.
        let (open, sure): (Vec<_>, Vec<_>) = records.into_iter().partition(|(meant, ..)| meant.is_unknown());
        let both = open.into_iter().chain(sure).rev();
        assuming(both.fold(rest, |rest, (meant, cases, ..)| choose(&meant, cases, rest)), &assumed)
    }

    /// The answer of a zone in which the files show no record for the name.
    fn without_record(&mut self, asked: &AskedZone, own: &[EndpointConnection<'m>]) -> Cases<'m> {
        let AskedZone { id: zone, name, policy, .. } = asked;
        let label = self.label.clone();
        // The policy is only supported for Private Link zones (F4.43).
        let redirects = match name.starts_with("privatelink.") {
            true => policy.is_word("NxDomainRedirect"),
            false => Truth::of(false),
        };
        let shows_all = self.model.knows_records_of(zone);
        let here = self.in_files(shows_all);
        let missing = match &redirects {
            Truth::True(_) => {
                format!(
                    "zone `{name}` has no record for `{label}`{here}, and its link falls back to the internet"
                )
            }
            _ => format!("zone `{name}` has no record for `{label}`{here}: it answers with NXDOMAIN"),
        };
        let cases = choose(&redirects, only(NameAnswer::Public), only(NameAnswer::NxDomain));
        let mut elsewhere = if shows_all {
            Truth::of(false)
        } else {
            let there = Truth::Unknown(Unknowns::of(format!("records of `{name}` outside of the files")));
            self.inventory.has(OutsideKind::ZoneLinkOutside, there)
        };
        // Endpoints register only in the private zone.
        for own in own.iter().filter(|_| asked.is_private_zone) {
            let registered = self.model.is_registered(own);
            // What Azure shows as a whole has no record that its zone groups would have written.
            let is_shown = own.endpoint.resource.is_shown() && self.model.shows_records_of(zone);
            if registered.is_unknown() && !is_shown {
                elsewhere = elsewhere.or(registered.and(own.connects.clone()));
            }
            let by_policy = self.model.is_registered_by_policy(own);
            if !by_policy.is_false() {
                elsewhere =
                    elsewhere.or(Truth::Unknown(Unknowns::of("the zone that a policy registers it in")));
            }
        }
        let verdict = if elsewhere.is_unknown() { Verdict::Open } else { Verdict::Continues };
        let because = match elsewhere.is_unknown() {
            true => format!("whether zone `{name}` has a record for `{label}` is open"),
            false => missing,
        };
        self.say(verdict, because, &["F4.43", "F4.51"], policy.place.or(zone.place));
        choose(&elsewhere, only(NameAnswer::Open), cases)
    }

    /// The answer of a record that is written in the files.
    fn of_record(&self, record: &Record) -> Cases<'m> {
        let address =
            record.addresses.items.first().map(|item| item.value.get("ipv4Address")).unwrap_or_default();
        let mut rest = match address.as_text() {
            Some(text) => only(NameAnswer::Address(text.to_owned())),
            None => {
                let depends = identity::open(&address);
                vec![When::new(Truth::of(true), NameAnswer::Somewhere(depends))]
            }
        };
        let has = |endpoint: &'m PrivateEndpoint| {
            let has = self.has_address(endpoint, &address).and(is_deployed(&endpoint.resource));
            (endpoint, has)
        };
        // Azure does not assign an address that another endpoint certainly has.
        let (sure, open): (Vec<_>, Vec<_>) =
            self.model.endpoints.iter().map(has).partition(|(_, has)| has.is_true());
        for (endpoint, has) in sure.into_iter().chain(open).rev() {
            if has.is_false() {
                rest = assuming(rest, &has.assumed());
            } else {
                let shown = address.as_text().map(str::to_owned).or_else(|| address_of(endpoint));
                rest = choose(&has, only(NameAnswer::Endpoint(endpoint, shown)), rest);
            }
        }
        assuming(rest, &address.assumed)
    }

    /// Whether an endpoint has an address; the address may be an expression that reads it from the endpoint.
    fn has_address(&self, endpoint: &PrivateEndpoint, address: &Value) -> Truth {
        if dns::comes_from(address, &endpoint.resource.id, 0) {
            return Truth::of(true);
        }
        if address.as_text().is_none() {
            return Truth::of(false);
        }
        let known = endpoint.addresses();
        if !known.is_empty() {
            return known
                .iter()
                .fold(Truth::of(false), |any, known| any.or(identity::same_name(known, address)));
        }
        let subnet = self.model.subnet_of(endpoint).map(|(subnet, _)| subnet.address_plan().lacks(address));
        if let Some(lacks @ Truth::True(_)) = subnet {
            return lacks.negate();
        }
        let label = endpoint.resource.label();
        Truth::Unknown(Unknowns::of(format!("whether `{}` is the address of `{label}`", address.display())))
    }
}

/// A private zone that is queried.
struct AskedZone<'z> {
    id: Value,
    name: &'z str,
    /// `resolutionPolicy` of the link.
    policy: Value,
    /// Whether zone groups register endpoints in it.
    is_private_zone: bool,
}

/// The domain above the private zone: `vaultcore.azure.net`.
fn private_parent(names: &DnsNames) -> &'static str {
    names.private_zone.split_once('.').map_or(names.private_zone, |(_, parent)| parent)
}

fn address_of(endpoint: &PrivateEndpoint) -> Option<String> {
    endpoint.addresses().iter().find_map(|address| address.as_text().map(str::to_owned))
}

impl ResolvedName<'_> {
    /// The kind of all possible answers: `private`, `public` or `nxdomain`; `None` if they differ.
    pub fn kind(&self) -> Option<&'static str> {
        let mut kinds = self.cases.iter().map(|case| match &case.what {
            NameAnswer::Endpoint(..) | NameAnswer::Address(_) | NameAnswer::Somewhere(_) => Some("private"),
            NameAnswer::Public => Some("public"),
            NameAnswer::NxDomain => Some("nxdomain"),
            NameAnswer::Open => None,
        });
        let first = kinds.next().flatten()?;
        kinds.all(|kind| kind == Some(first)).then_some(first)
    }

    /// The private address of all possible answers; `None` if they differ, or one is unknown.
    pub fn address(&self) -> Option<String> {
        let mut addresses = self.cases.iter().map(|case| match &case.what {
            NameAnswer::Endpoint(_, address) => address.clone(),
            NameAnswer::Address(address) => Some(address.clone()),
            _ => None,
        });
        let first = addresses.next().flatten()?;
        addresses.all(|address| address.as_ref() == Some(&first)).then_some(first)
    }

    /// What the choice between the cases depends on.
    pub fn depends(&self) -> Unknowns {
        let open = self.cases.iter().map(|case| case.holds.depends());
        open.fold(Unknowns::default(), Unknowns::and)
    }
}
