//! Callers: how they resolve names, and what the vault sees of them.

use crate::azure::callers::Reach;
use crate::azure::names;
use crate::azure::ranges::WIRE_SERVER;
use crate::azure::services::{TrustedService, similar_trusted_service, trusted_service, untrusted_service};
use crate::eval::{Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::model::{Consumer, Model, Network, Subnet, Trust, identity, property};
use crate::text::Name;
use std::net::IpAddr;

use super::{When, route};

/// A client that sends requests to a vault.
#[derive(Clone, Debug)]
pub struct Caller<'m> {
    /// In one of the [`FORMS`]: `ip:203.0.113.7`.
    pub text: String,
    /// A noun phrase for messages: `a client in subnet x`.
    pub label: String,
    /// The resource in the files that sends the request.
    pub resource: Option<&'m Resource>,
    /// The places it may call from.
    pub origins: Vec<When<Origin<'m>>>,
}

/// The place that a request comes from.
#[derive(Clone, Debug)]
pub struct Origin<'m> {
    /// The scenario for which the service is on the list of trusted services, if `bypass` applies to it (F5.26).
    pub trusted: Option<&'static str>,
    /// Whether the request is one of that scenario.
    pub trust: Option<Trust>,
    /// How the caller resolves names, which decides between the private and the public path.
    pub view: View<'m>,
    /// What the vault's public endpoint sees as the source.
    pub source: Source<'m>,
}

/// How a caller resolves names.
#[derive(Clone, Debug)]
pub enum View<'m> {
    /// As a client on the internet.
    Internet,
    /// As a client in a virtual network.
    Network(NetworkView<'m>),
    /// As a client outside of Azure, whose DNS server forwards to a server in that network, or does not forward.
    OnPremises(Option<NetworkView<'m>>),
    /// A service of the platform: it uses the public endpoint, whatever the name resolves to elsewhere.
    Platform,
    /// Unknown.
    Open(Unknowns),
}

/// A virtual network in which names are resolved.
#[derive(Clone, Debug)]
pub struct NetworkView<'m> {
    /// The resource id of the network.
    pub id: Value,
    /// The network, where it is in the files.
    pub network: Option<&'m Network>,
    /// Whether Azure's DNS is used whatever servers the network configures, as Application Gateway does (F5.20).
    pub azure_dns: bool,
}

impl NetworkView<'_> {
    /// The name for messages.
    pub fn label(&self) -> Name {
        self.network.map_or_else(|| identity::label(&self.id), |network| network.resource.label())
    }
}

/// What a vault sees as the source of a request to its public endpoint.
#[derive(Clone, Debug)]
pub enum Source<'m> {
    /// A known public address.
    Address(IpAddr),
    /// Any public address: only rules that cover the whole internet match it. An example is a hosted agent, which gets
    /// another address in every run (F5.23).
    Anyone,
    /// One of many public addresses of Azure, which changes over time: rules for a few addresses do not let it in.
    Changing(Unknowns),
    /// The outbound addresses that Azure assigns to an app. References to the app's properties identify them.
    App(&'m Consumer, Unknowns),
    /// One public address, which the files do not show.
    Somewhere(Unknowns),
    /// A subnet: the vault sees its id if the subnet has the service endpoint, its public address otherwise (F3.24).
    Subnet(SubnetSource<'m>),
}

/// A subnet that a request comes from.
#[derive(Clone, Debug)]
pub struct SubnetSource<'m> {
    /// The resource id of the subnet.
    pub id: Value,
    /// The subnet, where it is in the files.
    pub subnet: Option<&'m Subnet>,
    /// Its public outbound address, that of a NAT gateway, where the files show it.
    pub address: Option<IpAddr>,
}

impl SubnetSource<'_> {
    /// The name for messages.
    pub fn label(&self) -> Name {
        identity::label(&self.id)
    }

    /// Whether requests to vaults use a service endpoint.
    pub fn has_service_endpoint(&self) -> Truth {
        let open = || Truth::Unknown(Unknowns::of(format!("the service endpoints of `{}`", self.label())));
        self.subnet.map_or_else(open, Subnet::has_vault_service_endpoint)
    }
}

/// The forms of a caller, for messages.
pub const FORMS: &str = "`ip:ADDRESS`, `subnet:NAME`, `vnet:NAME`, `service:NAME`, `consumer:ADDRESS`, `internet`, \
                         `trusted-services`, `hosted-agent`, `portal` or `on-premises[:forwarder=ADDRESS]`";

impl<'m> Caller<'m> {
    /// Parses a caller.
    ///
    /// # Errors
    ///
    /// One line: no resource of that name is in the files, several are, or the text has none of the [`FORMS`].
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
                Err(_) => Err(format!("`{address}` is not an IP address")),
            },
            ("subnet", Some(name)) => Self::subnet_named(model, text, name),
            ("vnet", Some(name)) => Self::network_named(model, text, name),
            ("service", Some(name)) => Self::service_named(text, name),
            ("consumer", Some(name)) => {
                let named = |consumer: &Consumer| is_named(&consumer.resource, name);
                let found = one("consumer", name, model.consumers.iter().filter(|one| named(one)))?;
                Ok(Self::consumer(model, found))
            }
            _ => Err(format!("`{text}` is not a caller: write {FORMS}")),
        }
    }

    fn one(text: &str, label: String, origin: Origin<'m>) -> Self {
        let origins = vec![When::new(Truth::of(true), origin)];
        Self { text: text.to_owned(), label, resource: None, origins }
    }

    /// A client on the internet.
    pub fn internet() -> Self {
        Self::one("internet", "anyone on the internet".to_owned(), Origin::public(Source::Anyone))
    }

    /// Any service on the list of trusted services.
    pub fn trusted_services() -> Self {
        let trusted = Some("the scenario in the list of trusted services");
        let label = "a service on the list of trusted services".to_owned();
        Self::one("trusted-services", label, Origin { trusted, ..Origin::platform() })
    }

    /// A hosted agent of Azure DevOps or a hosted runner of GitHub (F5.23).
    fn hosted_agent() -> Self {
        Self::one("hosted-agent", "a hosted build agent".to_owned(), Origin::public(Source::Anyone))
    }

    /// The portal, which calls from the user's browser (F3.26).
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

    /// The client with that address: a public one, or one in a subnet of the files.
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
            // A service that is not on the list is not trusted, unless its name is only misspelt.
            (None, None) => name,
            (None, Some(similar)) => {
                return Err(format!("`{name}` is not a known service; did you mean `{similar}`?"));
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
                if consumer.is_read_for {
                    // Names resolve as in the subnet, and what is public sees another address.
                    let reads = format!("from where Azure reads the secrets of `{}`", resource.label());
                    let elsewhere = Truth::Unknown(Unknowns::of(&*reads));
                    let source = Source::Changing(Unknowns::of(reads));
                    origins.push(When::new(holds.clone().and(elsewhere), Origin { source, ..what.clone() }));
                }
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
                // The customer's own machine, whose network is unknown.
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
            // The origin outside of the known subnets.
            let holds = if origins.is_empty() { Truth::of(true).assuming(&holds.assumed()) } else { holds };
            origins.push(When::new(holds, what));
        }
        if !consumer.is_known() {
            // A service of a type that vaultmoat does not know may be a trusted one.
            let listed = Truth::Unknown(Unknowns::of(format!(
                "whether Azure trusts the service of `{}`",
                resource.label()
            )));
            for origin in &mut origins {
                origin.holds = origin.holds.clone().and(listed.clone().negate());
            }
            let trusted = Some("its type is unknown");
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

/// The scenario for which a service is trusted, as the list of trusted services or its own documentation limits it.
fn scenario(service: &'static str) -> &'static str {
    trusted_service(service).and_then(|service| service.only_for).unwrap_or(service)
}

/// The public address of a subnet's NAT gateway, if the files show it and outbound traffic uses it.
fn nat_address(model: &Model, subnet: &Subnet) -> Option<IpAddr> {
    if !route::leaves_directly(model, subnet) {
        return None;
    }
    let gateway = other(model, names::NAT_GATEWAY, &subnet.property("natGateway").get("id"))?;
    let addresses = property(gateway, &["publicIpAddresses"]).elements();
    let prefixes = property(gateway, &["publicIpPrefixes"]).elements();
    match (addresses.items.as_slice(), addresses.open, prefixes.any().is_false()) {
        ([only], None, true) => {
            let public = other(model, names::PUBLIC_IP_ADDRESS, &only.value.get("id"))?;
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

/// The network of a DNS server, found by the server's address, by the name of the network, or by the name of the
/// inbound endpoint of a resolver.
fn find_resolver<'m>(model: &'m Model, text: &str) -> Result<NetworkView<'m>, String> {
    let view = |network: &'m Network| NetworkView {
        id: network.resource.id.clone(),
        network: Some(network),
        azure_dns: true,
    };
    let by_address = text.parse().ok().and_then(|address: IpAddr| network_at(model, address));
    let by_name = || model.networks.iter().find(|network| is_named(&network.resource, text));
    let by_endpoint = || {
        let endpoints =
            model.others.iter().filter(|other| other.kind.eq_ignore_ascii_case(names::INBOUND_ENDPOINT));
        let endpoint = endpoints.into_iter().find(|endpoint| is_named(endpoint, text))?;
        let config = property(endpoint, &["ipConfigurations"]).elements().items.into_iter().next()?;
        model.network(&identity::network(&config.value.get("subnet").get("id")))
    };
    by_address.or_else(by_name).or_else(by_endpoint).map(view).ok_or_else(|| {
        if text == WIRE_SERVER.to_string() {
            return format!(
                "`{text}` cannot be reached from outside Azure: name the network, the inbound endpoint or an address in the network that \
                 forwards to it"
            );
        }
        format!("no virtual network in the files contains `{text}`: name a network, an inbound endpoint or an address in one")
    })
}

/// The subnets that certainly contain an address.
fn subnets_at(model: &Model, address: IpAddr) -> impl Iterator<Item = &Subnet> {
    let address = Value::text(address.to_string());
    model.subnets.iter().filter(move |subnet| {
        let plan = subnet.address_plan();
        !plan.nets.is_empty() && plan.lacks(&address).is_false()
    })
}

/// A subnet that certainly contains an address.
pub(super) fn subnet_at(model: &Model, address: IpAddr) -> Option<&Subnet> {
    subnets_at(model, address).next()
}

/// The network of a subnet that certainly contains an address.
pub(super) fn network_at(model: &Model, address: IpAddr) -> Option<&Network> {
    let subnet = subnet_at(model, address)?;
    model.network(&identity::parent(&subnet.resource.id)?)
}

/// Whether `text` is the address, name or id of a resource.
pub(crate) fn is_named(resource: &Resource, text: &str) -> bool {
    resource.address == text
        || [&resource.name, &resource.id].iter().any(|name| {
            name.as_text()
                .is_some_and(|name| name.trim_matches('/').eq_ignore_ascii_case(text.trim_matches('/')))
        })
}

/// The only item of `found`, or an error message if there are none or several.
pub(super) fn one<'m, T: Named>(
    what: &str,
    name: &str,
    found: impl Iterator<Item = &'m T>,
) -> Result<&'m T, String> {
    let mut found: Vec<&T> = found.collect();
    // Prefer a declared resource to one that is only referred to.
    if found.len() > 1 {
        found.retain(|one| !one.resource().referenced);
    }
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(format!("no {what} `{name}` is in the files")),
        several => {
            let addresses: Vec<String> =
                several.iter().take(5).map(|one| format!("`{}`", one.resource().address)).collect();
            Err(format!("several are called `{name}`: choose one by its address, {}", addresses.join(", ")))
        }
    }
}

/// The ids of subnets that resources in the files use or name, also if the subnets are not in the files.
fn mentioned_subnets(model: &Model) -> Vec<Value> {
    let endpoints = model.endpoints.iter().map(|endpoint| endpoint.subnet.clone());
    let rules = model.vaults.iter().flat_map(|vault| vault.firewall.subnet_rules()).map(|rule| rule.id);
    let consumers = model.consumers.iter().flat_map(|consumer| consumer.subnets.iter().cloned());
    endpoints.chain(rules).chain(consumers).collect()
}

/// The ids of networks, likewise.
fn mentioned_networks(model: &Model) -> Vec<Value> {
    let subnets = mentioned_subnets(model).into_iter().filter_map(|subnet| identity::parent(&subnet));
    let subnets_here = model.subnets.iter().filter_map(|subnet| identity::parent(&subnet.resource.id));
    let links = model.zone_links.iter().map(|link| link.network.clone());
    subnets.chain(subnets_here).chain(links).collect()
}

/// The only one of `ids` that ends in a name, with or without the parent's name before it.
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
        return Err(format!("several ids of a {what} end in `{name}`: choose one, {}", ids.join(", ")));
    }
    Ok(found.pop())
}

/// A part of the model that is read from a resource.
pub(super) trait Named {
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

/// All callers in the files, and two that always exist: the internet and the trusted services.
pub fn callers(model: &Model) -> Vec<Caller<'_>> {
    let mut all = vec![Caller::internet(), Caller::trusted_services()];
    all.extend(model.consumers.iter().map(|consumer| Caller::consumer(model, consumer)));
    all.extend(model.subnets.iter().map(|subnet| Caller::subnet(model, subnet)));
    all
}
