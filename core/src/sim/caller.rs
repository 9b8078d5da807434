//! Who asks: how the name resolves for them, and what the vault sees of them.

use crate::azure::callers::Reach;
use crate::azure::ranges::WIRE_SERVER;
use crate::azure::services::{TrustedService, similar_trusted_service, trusted_service, untrusted_service};
use crate::eval::{Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::model::dns::INBOUND_ENDPOINT;
use crate::model::{Consumer, Model, Network, Subnet, Trust, identity, property};
use crate::text::Name;
use std::net::IpAddr;

use super::{When, route};

/// Who calls a vault.
#[derive(Clone, Debug)]
pub struct Caller<'m> {
    /// As it is written: `ip:203.0.113.7`.
    pub text: String,
    /// What it is called in a sentence.
    pub label: String,
    /// The resource in the files that calls.
    pub resource: Option<&'m Resource>,
    /// Where it may call from.
    pub origins: Vec<When<Origin<'m>>>,
}

/// Where a call comes from.
#[derive(Clone, Debug)]
pub struct Origin<'m> {
    /// What it is trusted for, where the bypass lets it in (F5.26).
    pub trusted: Option<&'static str>,
    /// Whether it calls in the way that it is trusted for.
    pub trust: Option<Trust>,
    /// How it resolves names.
    pub view: View<'m>,
    /// What the vault sees on its public endpoint.
    pub source: Source<'m>,
}

/// How somebody resolves names.
#[derive(Clone, Debug)]
pub enum View<'m> {
    /// As everybody on the internet.
    Internet,
    /// As a client in a virtual network.
    Network(NetworkView<'m>),
    /// As a client outside of Azure, whose DNS server forwards to a server in that network, if to any.
    OnPremises(Option<NetworkView<'m>>),
    /// A service of the platform goes to the public endpoint, whatever the name resolves to elsewhere.
    Platform,
    /// It is unknown.
    Open(Unknowns),
}

/// A virtual network that names are resolved in.
#[derive(Clone, Debug)]
pub struct NetworkView<'m> {
    /// Its id.
    pub id: Value,
    /// The network, where it is in the files.
    pub network: Option<&'m Network>,
    /// Whether Azure's DNS is asked whatever the network says, as Application Gateway does (F5.20).
    pub azure_dns: bool,
}

impl NetworkView<'_> {
    /// Its name in a sentence.
    pub fn label(&self) -> Name {
        self.network.map_or_else(|| identity::label(&self.id), |network| network.resource.label())
    }
}

/// What a vault sees of a call to its public endpoint.
#[derive(Clone, Debug)]
pub enum Source<'m> {
    /// A known public address.
    Address(IpAddr),
    /// Any address: only what lets in the whole internet lets this in. An agent that gets another address with every run
    /// is such a one (F5.23).
    Anyone,
    /// One of many public addresses of Azure, another one at another time: rules for a few addresses do not let it in.
    Changing(Unknowns),
    /// The public addresses that Azure gives an app: known by what refers to them.
    App(&'m Consumer, Unknowns),
    /// One public address, which is unknown.
    Somewhere(Unknowns),
    /// A subnet: its id where a service endpoint takes the call, its public address otherwise (F3.24).
    Subnet(SubnetSource<'m>),
}

/// A subnet that is called from.
#[derive(Clone, Debug)]
pub struct SubnetSource<'m> {
    /// Its id.
    pub id: Value,
    /// The subnet, where it is in the files.
    pub subnet: Option<&'m Subnet>,
    /// The address it goes out with.
    pub address: Option<IpAddr>,
}

impl SubnetSource<'_> {
    /// Its name in a sentence.
    pub fn label(&self) -> Name {
        identity::label(&self.id)
    }

    /// Whether calls to vaults leave it through the service endpoint.
    pub fn has_service_endpoint(&self) -> Truth {
        let open = || Truth::Unknown(Unknowns::of(format!("the service endpoints of `{}`", self.label())));
        self.subnet.map_or_else(open, Subnet::has_vault_service_endpoint)
    }
}

/// How callers are written.
pub const FORMS: &str = "`ip:ADDRESS`, `subnet:NAME`, `vnet:NAME`, `service:NAME`, `consumer:ADDRESS`, `internet`, \
                         `trusted-services`, `hosted-agent`, `portal` or `on-premises[:forwarder=ADDRESS]`";

impl<'m> Caller<'m> {
    /// Reads a caller.
    ///
    /// # Errors
    ///
    /// One line that says what is wrong: nobody of that name is in the files, several are, or it is written in no known
    /// form.
    pub fn parse(model: &'m Model, text: &str) -> Result<Self, String> {
        let (form, rest) =
            text.split_once(':').map_or((text, None), |(form, rest)| (form, Some(rest.trim())));
        match (form.trim(), rest.filter(|rest| !rest.is_empty())) {
            ("internet", None) => Ok(Self::internet()),
            ("trusted-services", None) => Ok(Self::trusted_services()),
            ("hosted-agent", None) => Ok(Self::hosted_agent()),
            ("portal", None) => Ok(Self::portal()),
            ("on-premises", None) => Ok(Self::on_premises(text, None)),
            ("on-premises", Some(rest)) => match rest.strip_prefix("forwarder=") {
                Some(forwarder) => Ok(Self::on_premises(text, Some(find_resolver(model, forwarder.trim())?))),
                None => Err(format!("`{text}`: what follows `on-premises:` is `forwarder=ADDRESS`")),
            },
            ("ip", Some(address)) => match address.parse() {
                Ok(address) => Ok(Self::at(model, text, address)),
                Err(_) => Err(format!("`{address}` is no IP address")),
            },
            ("subnet", Some(name)) => Self::subnet_named(model, text, name),
            ("vnet", Some(name)) => Self::network_named(model, text, name),
            ("service", Some(name)) => Self::service_named(text, name),
            ("consumer", Some(name)) => {
                let named = |consumer: &Consumer| is_named(&consumer.resource, name);
                let found = one("consumer", name, model.consumers.iter().filter(|one| named(one)))?;
                Ok(Self::consumer(model, found))
            }
            _ => Err(format!("`{text}` is no caller: it is {FORMS}")),
        }
    }

    fn one(text: &str, label: String, origin: Origin<'m>) -> Self {
        let origins = vec![When::new(Truth::of(true), origin)];
        Self { text: text.to_owned(), label, resource: None, origins }
    }

    /// Somebody on the internet.
    pub fn internet() -> Self {
        Self::one("internet", "anyone on the internet".to_owned(), Origin::public(Source::Anyone))
    }

    /// Any of the services that the bypass lets in.
    pub fn trusted_services() -> Self {
        let trusted = Some("what the list of trusted services says of it");
        let label = "a service on the list of trusted services".to_owned();
        Self::one("trusted-services", label, Origin { trusted, ..Origin::platform() })
    }

    /// A hosted agent of Azure DevOps or a hosted runner of GitHub (F5.23).
    fn hosted_agent() -> Self {
        Self::one("hosted-agent", "a hosted build agent".to_owned(), Origin::public(Source::Anyone))
    }

    /// Somebody's browser with the portal (F3.26).
    fn portal() -> Self {
        let address = Unknowns::of("the public address of the browser");
        Self::one("portal", "the portal in a browser".to_owned(), Origin::public(Source::Somewhere(address)))
    }

    fn on_premises(text: &str, forwarder: Option<NetworkView<'m>>) -> Self {
        let address = Unknowns::of("the public address of the site");
        let view = View::OnPremises(forwarder);
        let origin = Origin { trusted: None, trust: None, view, source: Source::Somewhere(address) };
        Self::one(text, "a client outside of Azure".to_owned(), origin)
    }

    /// Whoever has that address: a public one, or one in a subnet of the files.
    pub fn at(model: &'m Model, text: &str, address: IpAddr) -> Self {
        let label = format!("a client at `{address}`");
        let is_private = match address {
            IpAddr::V4(address) => address.is_private(),
            IpAddr::V6(address) => address.is_unique_local(),
        };
        if !is_private {
            return Self::one(text, label, Origin::public(Source::Address(address)));
        }
        let found: Vec<&'m Subnet> = subnets_at(model, address).collect();
        if found.is_empty() {
            let subnet = format!("the subnet that `{address}` is in");
            let (resolves, source) = match address {
                IpAddr::V4(address) if model.site.is_on_premises(address) => (
                    "whether the DNS servers on-premises forward to Azure's",
                    "the public address of the site",
                ),
                _ => (subnet.as_str(), subnet.as_str()),
            };
            let view = View::Open(Unknowns::of(resolves));
            let origin =
                Origin { trusted: None, trust: None, view, source: Source::Somewhere(Unknowns::of(source)) };
            return Self::one(text, label, origin);
        }
        let several = (found.len() > 1).then(|| Unknowns::of(format!("the subnet that `{address}` is in")));
        let is_there = || several.clone().map_or(Truth::of(true), Truth::Unknown);
        let origin = |subnet: &'m Subnet| Origin::subnet(model, &subnet.resource.id, Some(subnet));
        let origins = found.into_iter().map(|subnet| When::new(is_there(), origin(subnet)));
        Self { text: text.to_owned(), label, resource: None, origins: origins.collect() }
    }

    fn subnet_named(model: &'m Model, text: &str, name: &str) -> Result<Self, String> {
        let named = |subnet: &Subnet| {
            let last = identity::known_name(&subnet.resource.id);
            is_named(&subnet.resource, name) || last.is_some_and(|last| last.eq_ignore_ascii_case(name))
        };
        let mut found = model.subnets.iter().filter(|subnet| named(subnet)).peekable();
        let id = match found.peek() {
            None if name.starts_with('/') => Some(Value::text(name)),
            None => known_by_id("subnet", name, mentioned_subnets(model))?,
            Some(_) => None,
        };
        if let Some(id) = id {
            let origin = Origin::subnet(model, &id, None);
            return Ok(Self::one(text, format!("a client in subnet `{name}`"), origin));
        }
        Ok(Self { text: text.to_owned(), ..Self::subnet(model, one("subnet", name, found)?) })
    }

    /// A client in a subnet of the files.
    pub fn subnet(model: &'m Model, subnet: &'m Subnet) -> Self {
        let name = subnet.resource.label();
        let origin = Origin::subnet(model, &subnet.resource.id, Some(subnet));
        let text = format!("subnet:{}", name.as_str());
        let caller = Self::one(&text, format!("a client in subnet `{name}`"), origin);
        Self { resource: Some(&subnet.resource), ..caller }
    }

    fn network_named(model: &'m Model, text: &str, name: &str) -> Result<Self, String> {
        let networks = model.networks.iter().filter(|network| is_named(&network.resource, name));
        let mut found = networks.peekable();
        let by_id = match found.peek() {
            None if name.starts_with('/') => Some(Value::text(name)),
            None => known_by_id("virtual network", name, mentioned_networks(model))?,
            Some(_) => None,
        };
        let (id, network) = match by_id {
            Some(id) => (id, None),
            None => {
                let network = one("virtual network", name, found)?;
                (network.resource.id.clone(), Some(network))
            }
        };
        let inside = |subnet: &&'m Subnet| {
            identity::parent(&subnet.resource.id).is_some_and(|of| identity::same(&of, &id).is_true())
        };
        let subnets: Vec<&'m Subnet> = model.subnets.iter().filter(inside).collect();
        let which = Unknowns::of(format!("the subnet of `{}`", identity::label(&id)));
        let mut origins: Vec<When<Origin<'m>>> = subnets
            .iter()
            .map(|subnet| {
                When::new(
                    Truth::Unknown(which.clone()),
                    Origin::subnet(model, &subnet.resource.id, Some(subnet)),
                )
            })
            .collect();
        if let [only] = origins.as_mut_slice()
            && network.is_some_and(Network::shows_all_subnets)
        {
            only.holds = Truth::of(true);
        } else if !network.is_some_and(Network::shows_all_subnets) {
            let view = View::Network(NetworkView { id: id.clone(), network, azure_dns: false });
            let what = Origin { trusted: None, trust: None, view, source: Source::Somewhere(which.clone()) };
            origins.push(When::new(Truth::Unknown(which), what));
        }
        let label = format!("a client in virtual network `{}`", identity::label(&id));
        let resource = network.map(|network| &network.resource);
        Ok(Self { text: text.to_owned(), label, resource, origins })
    }

    fn service_named(text: &str, name: &str) -> Result<Self, String> {
        if let Some(TrustedService { name, only_for, .. }) = trusted_service(name) {
            let trusted = Some(only_for.unwrap_or(name));
            return Ok(Self::one(text, (*name).to_owned(), Origin { trusted, ..Origin::platform() }));
        }
        let service = match (untrusted_service(name), similar_trusted_service(name)) {
            (Some(service), _) => service,
            // Whoever is not on the list is not trusted, unless the name is only misspelt.
            (None, None) => name,
            (None, Some(similar)) => {
                return Err(format!(
                    "`{name}` is not a service known here: `{similar}` is one, if that is meant"
                ));
            }
        };
        let address = Unknowns::of(format!("the public address that {service} calls from"));
        Ok(Self::one(text, service.to_owned(), Origin::public(Source::Somewhere(address))))
    }

    /// A resource in the files that uses vaults.
    pub fn consumer(model: &'m Model, consumer: &'m Consumer) -> Self {
        let resource = &consumer.resource;
        let trust = consumer.service.trusted.then(|| model.trust(consumer));
        let trusted = trust.is_some().then(|| scenario(consumer.service.name));
        let label = format!("{} `{}`", consumer.service_name(), resource.label());
        let text = format!("consumer:{}", resource.address);
        let subnets = &consumer.subnets;
        let is_inside = model.calls_from_network(consumer);
        let gateway = resource.kind.eq_ignore_ascii_case(crate::azure::names::APPLICATION_GATEWAY);
        let mut origins = Vec::new();
        if !is_inside.is_false() {
            let several = subnets.len() > 1;
            let which =
                || Truth::Unknown(Unknowns::of(format!("the subnet that `{}` calls from", resource.label())));
            for id in subnets {
                let subnet = model.subnet(id);
                let mut what = Origin { trusted, trust: trust.clone(), ..Origin::subnet(model, id, subnet) };
                if let View::Network(view) = &mut what.view {
                    view.azure_dns = gateway;
                }
                let holds = if several { is_inside.clone().and(which()) } else { is_inside.clone() };
                origins.push(When::new(holds, what));
            }
        }
        if origins.is_empty() || !is_inside.is_true() {
            let holds = is_inside.clone().negate();
            let open = is_inside.depends();
            let address = Unknowns::of(format!("the public address of `{}`", resource.label()));
            let source = match consumer.service.reach {
                Reach::Sandbox if is_inside.is_false() || !subnets.is_empty() => Source::Changing(address),
                _ if consumer.is_app() && (is_inside.is_false() || !subnets.is_empty()) => {
                    Source::App(consumer, address)
                }
                _ => Source::Somewhere(address),
            };
            let is_own = trust.as_ref().is_some_and(|trust| trust.own_machine && trust.holds.is_false());
            let what = match (trusted, holds.is_unknown()) {
                // A machine of the customer's, wherever that is.
                (Some(_), _) if is_own => {
                    let place = Unknowns::of(format!("where the runtime of `{}` is", resource.label()));
                    Origin { trusted, trust, view: View::Open(place), source }
                }
                (Some(_), _) => Origin { trusted, trust, ..Origin::platform() },
                (None, true) if subnets.is_empty() => {
                    Origin { trusted: None, trust: None, view: View::Open(open), source }
                }
                (None, _) => Origin::public(source),
            };
            // Where it calls from when it is in no known subnet.
            let holds = if origins.is_empty() { Truth::of(true).assuming(&holds.assumed()) } else { holds };
            origins.push(When::new(holds, what));
        }
        if !consumer.is_known() {
            // A service that is not known here may be one that the bypass lets in.
            let listed = Truth::Unknown(Unknowns::of(format!(
                "whether Azure trusts the service of `{}`",
                resource.label()
            )));
            for origin in &mut origins {
                origin.holds = origin.holds.clone().and(listed.clone().negate());
            }
            let trusted = Some("its type is not known here");
            origins.push(When::new(listed, Origin { trusted, ..Origin::platform() }));
        }
        Self { text, label, resource: Some(resource), origins }
    }
}

impl<'m> Origin<'m> {
    fn public(source: Source<'m>) -> Self {
        Self { trusted: None, trust: None, view: View::Internet, source }
    }

    fn platform() -> Self {
        Self { trusted: None, trust: None, view: View::Platform, source: Source::Anyone }
    }

    fn subnet(model: &'m Model, id: &Value, subnet: Option<&'m Subnet>) -> Self {
        let network = identity::parent(id).unwrap_or_else(|| identity::network(id));
        let view = NetworkView { network: model.network(&network), id: network, azure_dns: false };
        let address = subnet.and_then(|subnet| nat_address(model, subnet));
        let source = Source::Subnet(SubnetSource { id: id.clone(), subnet, address });
        Self { trusted: None, trust: None, view: View::Network(view), source }
    }
}

/// What a service is trusted for: as far as the list of trusted services, or its own documentation, limits that.
fn scenario(service: &'static str) -> &'static str {
    trusted_service(service).and_then(|service| service.only_for).unwrap_or(service)
}

/// The public address of a subnet's NAT gateway, where it has one, the files say it and calls go out that way.
fn nat_address(model: &Model, subnet: &Subnet) -> Option<IpAddr> {
    if !route::leaves_directly(model, subnet) {
        return None;
    }
    let gateway = other(model, "Microsoft.Network/natGateways", &subnet.property("natGateway").get("id"))?;
    let addresses = property(gateway, &["publicIpAddresses"]).elements();
    let prefixes = property(gateway, &["publicIpPrefixes"]).elements();
    match (addresses.items.as_slice(), addresses.open, prefixes.any().is_false()) {
        ([only], None, true) => {
            let public = other(model, "Microsoft.Network/publicIPAddresses", &only.value.get("id"))?;
            property(public, &["ipAddress"]).as_text()?.parse().ok()
        }
        _ => None,
    }
}

pub(super) fn other<'m>(model: &'m Model, kind: &str, id: &Value) -> Option<&'m Resource> {
    model
        .others
        .iter()
        .find(|other| other.kind.eq_ignore_ascii_case(kind) && identity::same(&other.id, id).is_true())
}

/// The network that a DNS server is in: by the server's address, or by the name of the network or of the inbound endpoint
/// of a resolver.
fn find_resolver<'m>(model: &'m Model, text: &str) -> Result<NetworkView<'m>, String> {
    let view = |network: &'m Network| NetworkView {
        id: network.resource.id.clone(),
        network: Some(network),
        azure_dns: true,
    };
    let by_address = text.parse().ok().and_then(|address: IpAddr| network_at(model, address));
    let by_name = || model.networks.iter().find(|network| is_named(&network.resource, text));
    let by_endpoint = || {
        let endpoints = model.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(INBOUND_ENDPOINT));
        let endpoint = endpoints.into_iter().find(|endpoint| is_named(endpoint, text))?;
        let config = property(endpoint, &["ipConfigurations"]).elements().items.into_iter().next()?;
        model.network(&identity::network(&config.value.get("subnet").get("id")))
    };
    by_address.or_else(by_name).or_else(by_endpoint).map(view).ok_or_else(|| {
        if text == WIRE_SERVER.to_string() {
            return format!(
                "nobody outside Azure reaches `{text}`: name the network, the inbound endpoint or the address in one that \
                 forwards to it"
            );
        }
        format!("no virtual network in the files holds `{text}`: name a network, an inbound endpoint or an address in one")
    })
}

/// The subnets that surely hold an address.
fn subnets_at(model: &Model, address: IpAddr) -> impl Iterator<Item = &Subnet> {
    let address = Value::text(address.to_string());
    model.subnets.iter().filter(move |subnet| {
        let plan = subnet.address_plan();
        !plan.nets.is_empty() && plan.lacks(&address).is_false()
    })
}

/// A subnet that surely holds an address.
pub(super) fn subnet_at(model: &Model, address: IpAddr) -> Option<&Subnet> {
    subnets_at(model, address).next()
}

/// The network with a subnet that surely holds an address.
pub(super) fn network_at(model: &Model, address: IpAddr) -> Option<&Network> {
    let subnet = subnet_at(model, address)?;
    model.network(&identity::parent(&subnet.resource.id)?)
}

/// Whether somebody means this resource by that: its address, its name, its id.
pub(crate) fn is_named(resource: &Resource, text: &str) -> bool {
    resource.address == text
        || [&resource.name, &resource.id].iter().any(|name| {
            name.as_text()
                .is_some_and(|name| name.trim_matches('/').eq_ignore_ascii_case(text.trim_matches('/')))
        })
}

/// The only one of these, or what to say where there is none, or several.
pub(super) fn one<'m, T: Named>(
    what: &str,
    name: &str,
    found: impl Iterator<Item = &'m T>,
) -> Result<&'m T, String> {
    let mut found: Vec<&T> = found.collect();
    // Declared rather than referred to.
    if found.len() > 1 {
        found.retain(|one| !one.resource().referenced);
    }
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(format!("no {what} `{name}` is in the files")),
        several => {
            let addresses: Vec<String> =
                several.iter().take(5).map(|one| format!("`{}`", one.resource().address)).collect();
            Err(format!("several are called `{name}`: say which by its address, {}", addresses.join(", ")))
        }
    }
}

/// The ids of subnets that something in the files is in or names, though the subnet itself is not here.
fn mentioned_subnets(model: &Model) -> Vec<Value> {
    let endpoints = model.endpoints.iter().map(|endpoint| endpoint.subnet.clone());
    let rules = model.vaults.iter().flat_map(|vault| vault.firewall.subnet_rules()).map(|rule| rule.id);
    let consumers = model.consumers.iter().flat_map(|consumer| consumer.subnets.iter().cloned());
    endpoints.chain(rules).chain(consumers).collect()
}

/// The same of networks.
fn mentioned_networks(model: &Model) -> Vec<Value> {
    let subnets = mentioned_subnets(model).into_iter().filter_map(|subnet| identity::parent(&subnet));
    let subnets_here = model.subnets.iter().filter_map(|subnet| identity::parent(&subnet.resource.id));
    let links = model.zone_links.iter().map(|link| link.network.clone());
    subnets.chain(subnets_here).chain(links).collect()
}

/// The one of these ids that ends in a name, written with its parents' names or without.
fn known_by_id(what: &str, name: &str, ids: Vec<Value>) -> Result<Option<Value>, String> {
    let mut found: Vec<Value> = Vec::new();
    for id in ids {
        let own = identity::known_name(&id);
        let parent = identity::parent(&id).and_then(|parent| identity::known_name(&parent));
        let whole = own.as_ref().zip(parent).map(|(own, parent)| format!("{parent}/{own}"));
        let is_meant = [own, whole].iter().flatten().any(|known| known.eq_ignore_ascii_case(name));
        if is_meant && found.iter().all(|known| known.key() != id.key()) {
            found.push(id);
        }
    }
    if found.len() > 1 {
        let ids: Vec<String> = found.iter().take(5).map(|id| format!("`{}`", id.display())).collect();
        return Err(format!("several ids of a {what} end in `{name}`: say which, {}", ids.join(", ")));
    }
    Ok(found.pop())
}

/// What is a resource.
pub(super) trait Named {
    /// The resource.
    fn resource(&self) -> &Resource;
}

impl Named for Subnet {
    fn resource(&self) -> &Resource {
        &self.resource
    }
}

impl Named for Network {
    fn resource(&self) -> &Resource {
        &self.resource
    }
}

impl Named for Consumer {
    fn resource(&self) -> &Resource {
        &self.resource
    }
}

/// Everybody in the files who may call a vault, and those who always may: the internet and the trusted services.
pub fn callers(model: &Model) -> Vec<Caller<'_>> {
    let mut all = vec![Caller::internet(), Caller::trusted_services()];
    all.extend(model.consumers.iter().map(|consumer| Caller::consumer(model, consumer)));
    all.extend(model.subnets.iter().map(|subnet| Caller::subnet(model, subnet)));
    all
}
