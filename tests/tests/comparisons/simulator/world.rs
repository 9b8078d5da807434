//! Random surroundings of a vault as plain data, and the template that declares them.

use serde_json::{Value as Json, json};

pub const RIGHT_ZONE: &str = "privatelink.vaultcore.azure.net";
pub const HOST: &str = "kv-one.vault.azure.net";
const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const NETWORKS: [&str; 3] = ["net-a", "net-b", "net-c"];
const ADDRESSES: [&str; 4] = ["203.0.113.7", "203.0.113.200", "198.51.100.4", "2001:db8::7"];
pub const RULES: [&str; 9] = [
    "203.0.113.7",
    "203.0.113.0/25",
    "198.51.100.0/24",
    "203.0.113.9/24",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/16",
    "2001:db8::/32",
];

/// Choices out of bytes: the first of each where there are none left, so that what fails shrinks to what is plain.
pub struct Dice<'b>(pub &'b [u8]);

impl Dice<'_> {
    pub fn below(&mut self, n: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % n
            }
            None => 0,
        }
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 1
    }

    fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }
}

#[derive(Clone, Debug)]
pub struct World {
    pub complete: bool,
    pub access: Option<&'static str>,
    pub acl: Acl,
    pub networks: [Network; 3],
    /// From, to: one side of a peering each.
    pub peerings: Vec<(usize, usize)>,
    pub zones: Vec<Zone>,
    pub endpoints: Vec<Endpoint>,
    pub perimeter: Option<Perimeter>,
}

#[derive(Clone, Debug)]
pub enum Acl {
    Absent,
    Null,
    Present(Rules),
}

#[derive(Clone, Debug)]
pub struct Rules {
    pub default: Option<&'static str>,
    pub bypass: Option<&'static str>,
    pub addresses: Vec<&'static str>,
    /// The networks whose subnet `app` is named.
    pub subnets: Vec<usize>,
}

#[derive(Clone, Debug)]
pub struct Network {
    pub dns: Dns,
    /// Whether subnet `app` has the service endpoint.
    pub service_endpoint: bool,
    /// The address of its NAT gateway.
    pub nat: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dns {
    Azure,
    Wire,
    /// The inbound endpoint of a resolver in that network.
    Resolver(usize),
    /// A machine in that network.
    Server(usize),
    Foreign,
}

#[derive(Clone, Debug)]
pub struct Zone {
    pub name: &'static str,
    pub links: Vec<Link>,
    pub records: Vec<Record>,
}

#[derive(Clone, Debug)]
pub struct Link {
    pub there: bool,
    pub network: usize,
    pub policy: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Record {
    pub name: &'static str,
    pub address: String,
}

#[derive(Clone, Debug)]
pub struct Endpoint {
    pub there: bool,
    pub network: usize,
    /// Whether it is of `kv-one`, or else of `kv-two`.
    pub own: bool,
    pub manual: bool,
    pub address: Option<String>,
    /// Registers in these zones, by their places in the list.
    pub zones: Vec<usize>,
}

#[derive(Clone, Debug)]
pub struct Perimeter {
    pub there: bool,
    pub mode: Option<&'static str>,
    pub rules: Vec<PerimeterRule>,
}

#[derive(Clone, Debug)]
pub struct PerimeterRule {
    pub direction: Option<&'static str>,
    pub prefixes: Vec<&'static str>,
    /// Whether it lets in the subscription of the deployment.
    pub subscription: bool,
}

#[derive(Clone, Debug)]
pub enum Caller {
    Internet,
    Trusted,
    Hosted,
    Portal,
    OnPremises(Option<usize>),
    Ip(&'static str),
    Subnet(usize),
    PrivateIp(usize),
    Network(usize),
    Service(&'static str, bool),
    /// A web app, integrated with subnet `app` of that network.
    WebApp(Option<usize>),
    /// An application gateway in subnet `app`.
    Gateway(usize),
}

impl Caller {
    pub fn roll(dice: &mut Dice) -> Self {
        match dice.below(16) {
            0 => Self::Internet,
            1 => Self::Trusted,
            2 => Self::Hosted,
            3 => Self::Portal,
            4 => Self::OnPremises(None),
            5 => Self::OnPremises(Some(dice.below(3))),
            6 | 7 => Self::Ip(dice.pick(&ADDRESSES)),
            8 => Self::PrivateIp(dice.below(3)),
            9 => Self::Network(dice.below(3)),
            10 => {
                let services = [("Storage", true), ("App Service", true), ("AKS", false), ("GitHub", false)];
                let (name, trusted) = dice.pick(&services);
                Self::Service(name, trusted)
            }
            11 => Self::WebApp(dice.flip().then(|| dice.below(3))),
            12 => Self::Gateway(dice.below(3)),
            _ => Self::Subnet(dice.below(3)),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::Internet => "internet".into(),
            Self::Trusted => "trusted-services".into(),
            Self::Hosted => "hosted-agent".into(),
            Self::Portal => "portal".into(),
            Self::OnPremises(None) => "on-premises".into(),
            Self::OnPremises(Some(network)) => format!("on-premises:forwarder={}", NETWORKS[*network]),
            Self::Ip(address) => format!("ip:{address}"),
            Self::Subnet(network) => format!("subnet:{}/app", NETWORKS[*network]),
            Self::PrivateIp(network) => format!("ip:10.{network}.0.40"),
            Self::Network(network) => format!("vnet:{}", NETWORKS[*network]),
            Self::Service(name, _) => format!("service:{name}"),
            Self::WebApp(_) => "consumer:web".into(),
            Self::Gateway(_) => "consumer:gateway".into(),
        }
    }
}

impl World {
    pub fn roll(dice: &mut Dice) -> Self {
        let access = dice.pick(&[None, Some("Disabled"), Some("Enabled"), Some("SecuredByPerimeter")]);
        let access = match (access, dice.below(4)) {
            (Some("Disabled"), 1) => Some("disabled"),
            (Some("Enabled"), 1) => Some("ENABLED"),
            (Some("SecuredByPerimeter"), 0) => Some("Disabled"),
            (access, _) => access,
        };
        let acl = match dice.below(6) {
            0 => Acl::Absent,
            1 => Acl::Null,
            _ => Acl::Present(Rules {
                default: dice.pick(&[Some("Deny"), Some("deny"), Some("Deny"), Some("Allow"), None]),
                bypass: dice.pick(&[None, Some("None"), Some("AzureServices"), Some("none")]),
                addresses: dice.some(2, |dice| dice.pick(&RULES)),
                subnets: dice.some(2, |dice| dice.below(3)),
            }),
        };
        let network = |dice: &mut Dice| Network {
            dns: match dice.below(10) {
                1 => Dns::Wire,
                2 => Dns::Resolver(dice.below(3)),
                3 => Dns::Server(dice.below(3)),
                4 => Dns::Foreign,
                _ => Dns::Azure,
            },
            service_endpoint: dice.flip(),
            nat: (dice.below(4) == 1).then(|| dice.pick(&ADDRESSES[..3])),
        };
        let networks = [network(dice), network(dice), network(dice)];
        let mut peerings = dice.some(4, |dice| {
            let from = dice.below(3);
            (from, (from + 1 + dice.below(2)) % 3)
        });
        if dice.flip() {
            let back: Vec<_> = peerings.iter().map(|(from, to)| (*to, *from)).collect();
            peerings.extend(back);
        }
        peerings.sort_unstable();
        peerings.dedup();
        let mut zones: Vec<Zone> = Vec::new();
        for name in [
            RIGHT_ZONE,
            "vault.azure.net",
            "vaultcore.azure.net",
            "privatelink.vault.azure.net",
            HOST,
            "azure.net",
        ] {
            let is_there = if name == RIGHT_ZONE { dice.below(4) != 3 } else { dice.below(12) == 1 };
            if !is_there {
                continue;
            }
            let mut links = dice.some(3, |dice| Link {
                there: true,
                network: dice.below(3),
                policy: dice.pick(&[None, None, Some("Default"), Some("NxDomainRedirect")]),
            });
            links.sort_by_key(|link| link.network);
            links.dedup_by_key(|link| link.network);
            let names: &[&str] = match name {
                "vaultcore.azure.net" => &["kv-one", "kv-one.privatelink"],
                "azure.net" => &["kv-one.vault", "kv-one.privatelink.vaultcore", "kv-one"],
                HOST => &["@"],
                _ => &["kv-one", "KV-ONE", "kv-two"],
            };
            let mut records = match dice.below(3) {
                1 => vec![Record { name: dice.pick(names), address: roll_address(dice) }],
                _ => Vec::new(),
            };
            records.dedup_by_key(|record| record.name);
            zones.push(Zone { name, links, records });
        }
        let count = zones.len();
        let endpoints = (0..dice.below(3)).map(|at| {
            let network = dice.below(3);
            Endpoint {
                there: true,
                network,
                own: dice.below(4) != 1,
                manual: dice.below(5) == 1,
                address: dice.flip().then(|| format!("10.{network}.1.{}", 10 + at)),
                zones: match (count, dice.below(4)) {
                    (0, _) | (_, 1) => Vec::new(),
                    (_, 2) => vec![dice.below(count)],
                    _ => vec![0],
                },
            }
        });
        let endpoints = endpoints.collect();
        let perimeter = (dice.below(4) == 1).then(|| Perimeter {
            there: true,
            mode: dice.pick(&[None, Some("Enforced"), Some("Learning"), Some("Audit"), Some("enforced")]),
            rules: dice.some(2, |dice| PerimeterRule {
                direction: dice.pick(&[None, Some("Inbound"), Some("Outbound")]),
                prefixes: dice.some(2, |dice| dice.pick(&RULES)),
                subscription: dice.below(3) == 1,
            }),
        });
        Self { complete: dice.below(4) != 1, access, acl, networks, peerings, zones, endpoints, perimeter }
    }
}

fn roll_address(dice: &mut Dice) -> String {
    match dice.below(8) {
        7 => "10.9.9.9".to_owned(),
        at => format!("10.{}.1.{}", at % 3, 10 + at / 3),
    }
}

/// A setting that is left to a parameter.
#[derive(Clone, Debug)]
pub struct Hole {
    pub at: At,
    pub form: Form,
    /// Which of the fillings is its default, if it has one.
    pub default: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    Access,
    Default,
    Bypass,
    Address(usize),
    RuleSubnet(usize),
    Mode,
    Policy(usize, usize),
    RecordAddress(usize, usize),
    Servers(usize),
    EndpointThere(usize),
    LinkThere(usize, usize),
    PerimeterThere,
    ServiceEndpoint(usize),
}

/// What is known of the parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Free,
    Default,
    Allowed,
}

/// A value of a parameter, and the world that it makes.
pub type Filling = (Json, World);

impl World {
    pub fn roll_holes(&self, dice: &mut Dice) -> Vec<Hole> {
        let mut all = vec![At::Access];
        if let Acl::Present(rules) = &self.acl {
            all.extend([At::Default, At::Bypass]);
            all.extend((0..rules.addresses.len()).map(At::Address));
            all.extend((0..rules.subnets.len()).map(At::RuleSubnet));
        }
        all.extend(self.perimeter.iter().flat_map(|_| [At::Mode, At::PerimeterThere]));
        all.extend((0..3).flat_map(|network| [At::Servers(network), At::ServiceEndpoint(network)]));
        for (zone, of) in self.zones.iter().enumerate() {
            let links = 0..of.links.len();
            all.extend(links.flat_map(|link| [At::Policy(zone, link), At::LinkThere(zone, link)]));
            all.extend((0..of.records.len()).map(|record| At::RecordAddress(zone, record)));
        }
        all.extend((0..self.endpoints.len()).map(At::EndpointThere));
        let mut holes: Vec<Hole> = Vec::new();
        for _ in 0..1 + dice.below(3) {
            let at = dice.pick(&all);
            // An allowed value is a literal, and which subscription a template is for it cannot say.
            let forms = [Form::Free, Form::Default, Form::Allowed];
            let form = dice.pick(if matches!(at, At::RuleSubnet(_)) { &forms[..2] } else { &forms });
            if holes.iter().all(|hole| hole.at != at) {
                holes.push(Hole { at, form, default: dice.below(2) });
            }
        }
        holes
    }

    /// What a parameter there may say.
    pub fn fillings(&self, at: At) -> Vec<Filling> {
        let with = |value: Json, change: &dyn Fn(&mut World)| {
            let mut world = self.clone();
            change(&mut world);
            (value, world)
        };
        let rules = |change: &dyn Fn(&mut Rules), value: Json| {
            with(value, &|world| {
                if let Acl::Present(rules) = &mut world.acl {
                    change(rules);
                }
            })
        };
        match at {
            At::Access => ["Enabled", "Disabled", "SecuredByPerimeter"]
                .map(|word| with(json!(word), &|world| world.access = Some(word)))
                .to_vec(),
            At::Default => {
                ["Deny", "Allow"].map(|word| rules(&|rules| rules.default = Some(word), json!(word))).to_vec()
            }
            At::Bypass => ["AzureServices", "None"]
                .map(|word| rules(&|rules| rules.bypass = Some(word), json!(word)))
                .to_vec(),
            At::Address(at) => ["203.0.113.7", "198.51.100.0/24", "192.0.2.1", "0.0.0.0/0"]
                .map(|text| rules(&|rules| rules.addresses[at] = text, json!(text)))
                .to_vec(),
            At::RuleSubnet(at) => [0, 1, 2]
                .map(|network| rules(&|rules| rules.subnets[at] = network, subnet(network, "app")))
                .to_vec(),
            At::Mode => ["Enforced", "Learning", "Audit"]
                .map(|word| {
                    with(json!(word), &|world| {
                        world.perimeter.iter_mut().for_each(|perimeter| perimeter.mode = Some(word));
                    })
                })
                .to_vec(),
            At::PerimeterThere => [true, false]
                .map(|there| {
                    with(json!(there), &|world| {
                        world.perimeter.iter_mut().for_each(|perimeter| perimeter.there = there);
                    })
                })
                .to_vec(),
            At::Policy(zone, link) => ["Default", "NxDomainRedirect"]
                .map(|word| with(json!(word), &|world| world.zones[zone].links[link].policy = Some(word)))
                .to_vec(),
            At::LinkThere(zone, link) => [true, false]
                .map(|there| with(json!(there), &|world| world.zones[zone].links[link].there = there))
                .to_vec(),
            At::RecordAddress(zone, record) => ["10.0.1.10", "10.1.1.10", "10.9.9.9"]
                .map(|text| {
                    with(json!(text), &|world| world.zones[zone].records[record].address = text.to_owned())
                })
                .to_vec(),
            // What is not in the files is not taken to break a name.
            At::Servers(network) => [Dns::Azure, Dns::Foreign]
                .map(|dns| with(json!(servers(dns)), &|world| world.networks[network].dns = dns))
                .to_vec(),
            At::EndpointThere(at) => [true, false]
                .map(|there| with(json!(there), &|world| world.endpoints[at].there = there))
                .to_vec(),
            At::ServiceEndpoint(network) => [true, false]
                .map(|has| {
                    with(service_endpoints(has), &|world| world.networks[network].service_endpoint = has)
                })
                .to_vec(),
        }
    }
}

fn servers(dns: Dns) -> Vec<String> {
    match dns {
        Dns::Azure => Vec::new(),
        Dns::Wire => vec!["168.63.129.16".to_owned()],
        Dns::Resolver(network) => vec![format!("10.{network}.1.250")],
        Dns::Server(network) => vec![format!("10.{network}.0.53")],
        Dns::Foreign => vec!["192.168.7.7".to_owned()],
    }
}

fn service_endpoints(has: bool) -> Json {
    if has { json!([{ "service": "Microsoft.KeyVault" }]) } else { json!([]) }
}

fn id(kind: &str, names: &[&str]) -> Json {
    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    json!(format!("[resourceId('{kind}', {})]", names.join(", ")))
}

fn subnet(network: usize, name: &str) -> Json {
    id("Microsoft.Network/virtualNetworks/subnets", &[NETWORKS[network], name])
}

fn resource(kind: &str, version: &str, name: &str, properties: Json) -> Json {
    json!({ "type": kind, "apiVersion": version, "name": name, "location": "westeurope", "properties": properties })
}

/// The template, with a parameter for each hole.
pub fn template(world: &World, holes: &[Hole], caller: &Caller) -> String {
    let cell = |at: At, value: Json| match holes.iter().position(|hole| hole.at == at) {
        Some(hole) => json!(format!("[parameters('p{hole}')]")),
        None => value,
    };
    let is_hole = |at: At| holes.iter().any(|hole| hole.at == at);
    let condition = |at: At, mut resource: Json| {
        if is_hole(at) {
            resource["condition"] = cell(at, json!(true));
        }
        resource
    };
    let mut resources = Vec::new();
    let mut properties = json!({ "tenantId": "[subscription().tenantId]" });
    if world.access.is_some() || is_hole(At::Access) {
        properties["publicNetworkAccess"] = cell(At::Access, json!(world.access));
    }
    match &world.acl {
        Acl::Absent => {}
        Acl::Null => properties["networkAcls"] = Json::Null,
        Acl::Present(rules) => {
            let addresses = rules.addresses.iter().enumerate();
            let subnets = rules.subnets.iter().enumerate();
            let mut acl = json!({});
            if !rules.addresses.is_empty() {
                acl["ipRules"] = addresses
                    .map(|(at, text)| json!({ "value": cell(At::Address(at), json!(text)) }))
                    .collect();
            }
            if !rules.subnets.is_empty() {
                acl["virtualNetworkRules"] = subnets
                    .map(|(at, network)| json!({ "id": cell(At::RuleSubnet(at), subnet(*network, "app")) }))
                    .collect();
            }
            for (at, key, value) in
                [(At::Default, "defaultAction", rules.default), (At::Bypass, "bypass", rules.bypass)]
            {
                if value.is_some() || is_hole(at) {
                    acl[key] = cell(at, json!(value));
                }
            }
            properties["networkAcls"] = acl;
        }
    }
    resources.push(resource("Microsoft.KeyVault/vaults", "2024-11-01", "kv-one", properties));
    for (at, network) in world.networks.iter().enumerate() {
        let mut app = json!({ "addressPrefix": format!("10.{at}.0.0/24") });
        if network.service_endpoint || is_hole(At::ServiceEndpoint(at)) {
            app["serviceEndpoints"] = cell(At::ServiceEndpoint(at), service_endpoints(true));
        }
        if let Some(address) = network.nat {
            let (ip, gateway) = (format!("ip-{at}"), format!("nat-{at}"));
            app["natGateway"] = json!({ "id": id("Microsoft.Network/natGateways", &[&gateway]) });
            resources.push(resource(
                "Microsoft.Network/publicIPAddresses",
                "2024-05-01",
                &ip,
                json!({ "ipAddress": address }),
            ));
            let addresses = json!([{ "id": id("Microsoft.Network/publicIPAddresses", &[&ip]) }]);
            resources.push(resource(
                "Microsoft.Network/natGateways",
                "2024-05-01",
                &gateway,
                json!({ "publicIpAddresses": addresses }),
            ));
        }
        let mut properties = json!({
            "addressSpace": { "addressPrefixes": [format!("10.{at}.0.0/16")] },
            "subnets": [
                { "name": "app", "properties": app },
                { "name": "pe", "properties": { "addressPrefix": format!("10.{at}.1.0/24") } },
            ],
        });
        if network.dns != Dns::Azure || is_hole(At::Servers(at)) {
            let servers = cell(At::Servers(at), json!(servers(network.dns)));
            properties["dhcpOptions"] = json!({ "dnsServers": servers });
        }
        resources.push(resource("Microsoft.Network/virtualNetworks", "2024-05-01", NETWORKS[at], properties));
        let resolves = |dns: Dns| dns == Dns::Resolver(at);
        if world.networks.iter().any(|network| resolves(network.dns)) {
            let config = json!({ "subnet": { "id": subnet(at, "pe") },
                "privateIpAddress": format!("10.{at}.1.250"), "privateIpAllocationMethod": "Static" });
            resources.push(resource(
                "Microsoft.Network/dnsResolvers/inboundEndpoints",
                "2022-07-01",
                &format!("dns-{at}/in"),
                json!({ "ipConfigurations": [config] }),
            ));
        }
    }
    for (from, to) in &world.peerings {
        let remote = id("Microsoft.Network/virtualNetworks", &[NETWORKS[*to]]);
        resources.push(resource(
            "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            "2024-05-01",
            &format!("{}/to-{}", NETWORKS[*from], NETWORKS[*to]),
            json!({ "remoteVirtualNetwork": { "id": remote }, "allowVirtualNetworkAccess": true }),
        ));
    }
    for (at, zone) in world.zones.iter().enumerate() {
        resources.push(resource("Microsoft.Network/privateDnsZones", "2024-06-01", zone.name, json!({})));
        for (link, of) in zone.links.iter().enumerate() {
            let network = id("Microsoft.Network/virtualNetworks", &[NETWORKS[of.network]]);
            let mut properties = json!({ "registrationEnabled": false, "virtualNetwork": { "id": network } });
            if of.policy.is_some() || is_hole(At::Policy(at, link)) {
                properties["resolutionPolicy"] = cell(At::Policy(at, link), json!(of.policy));
            }
            let made = resource(
                "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
                "2024-06-01",
                &format!("{}/{}", zone.name, NETWORKS[of.network]),
                properties,
            );
            resources.push(condition(At::LinkThere(at, link), made));
        }
        for (record, of) in zone.records.iter().enumerate() {
            let address = cell(At::RecordAddress(at, record), json!(of.address));
            resources.push(resource(
                "Microsoft.Network/privateDnsZones/A",
                "2024-06-01",
                &format!("{}/{}", zone.name, of.name),
                json!({ "ttl": 60, "aRecords": [{ "ipv4Address": address }] }),
            ));
        }
    }
    for (at, endpoint) in world.endpoints.iter().enumerate() {
        let name = format!("pe-{at}");
        let target = id("Microsoft.KeyVault/vaults", &[if endpoint.own { "kv-one" } else { "kv-two" }]);
        let connection =
            json!({ "name": "one", "properties": { "groupIds": ["vault"], "privateLinkServiceId": target } });
        let mut properties = json!({ "subnet": { "id": subnet(endpoint.network, "pe") } });
        let key = if endpoint.manual {
            "manualPrivateLinkServiceConnections"
        } else {
            "privateLinkServiceConnections"
        };
        properties[key] = json!([connection]);
        if let Some(address) = &endpoint.address {
            properties["ipConfigurations"] = json!([{ "name": "one", "properties":
                { "groupId": "vault", "memberName": "default", "privateIPAddress": address } }]);
        }
        let there = At::EndpointThere(at);
        let made = resource("Microsoft.Network/privateEndpoints", "2024-05-01", &name, properties);
        resources.push(condition(there, made));
        if !endpoint.zones.is_empty() {
            let configs = endpoint.zones.iter().map(|zone| {
                let zone = id("Microsoft.Network/privateDnsZones", &[world.zones[*zone].name]);
                json!({ "name": "any", "properties": { "privateDnsZoneId": zone } })
            });
            let configs: Json = configs.collect();
            let group = resource(
                "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
                "2024-05-01",
                &format!("{name}/default"),
                json!({ "privateDnsZoneConfigs": configs }),
            );
            resources.push(condition(there, group));
        }
    }
    if let Some(perimeter) = &world.perimeter {
        let kind = "Microsoft.Network/networkSecurityPerimeters";
        resources.push(resource(kind, "2024-07-01", "nsp", json!({})));
        resources.push(resource(&format!("{kind}/profiles"), "2024-07-01", "nsp/main", json!({})));
        for (at, rule) in perimeter.rules.iter().enumerate() {
            let mut properties = json!({});
            if let Some(direction) = rule.direction {
                properties["direction"] = json!(direction);
            }
            if !rule.prefixes.is_empty() {
                properties["addressPrefixes"] = json!(rule.prefixes);
            }
            if rule.subscription {
                properties["subscriptions"] = json!([{ "id": "[subscription().id]" }]);
            }
            resources.push(resource(
                &format!("{kind}/profiles/accessRules"),
                "2024-07-01",
                &format!("nsp/main/rule-{at}"),
                properties,
            ));
        }
        let mut properties = json!({
            "privateLinkResource": { "id": id("Microsoft.KeyVault/vaults", &["kv-one"]) },
            "profile": { "id": id(&format!("{kind}/profiles"), &["nsp", "main"]) },
        });
        if perimeter.mode.is_some() || is_hole(At::Mode) {
            properties["accessMode"] = cell(At::Mode, json!(perimeter.mode));
        }
        let made = resource(&format!("{kind}/resourceAssociations"), "2024-07-01", "nsp/kv", properties);
        resources.push(condition(At::PerimeterThere, made));
    }
    match caller {
        Caller::WebApp(network) => {
            let mut properties = json!({});
            if let Some(network) = network {
                properties["virtualNetworkSubnetId"] = subnet(*network, "app");
            }
            resources.push(resource("Microsoft.Web/sites", "2024-04-01", "web", properties));
        }
        Caller::Gateway(network) => {
            let secret = "https://kv-one.vault.azure.net/secrets/cert";
            let properties = json!({
                "gatewayIPConfigurations": [{ "name": "one", "properties": { "subnet": { "id": subnet(*network, "app") } } }],
                "sslCertificates": [{ "name": "one", "properties": { "keyVaultSecretId": secret } }],
            });
            resources.push(resource(
                "Microsoft.Network/applicationGateways",
                "2024-05-01",
                "gateway",
                properties,
            ));
        }
        _ => {}
    }
    let mut parameters = json!({});
    for (at, hole) in holes.iter().enumerate() {
        let values: Vec<Json> = world.fillings(hole.at).into_iter().map(|(value, _)| value).collect();
        let kind = match &values[0] {
            Json::Bool(_) => "bool",
            Json::Array(_) => "array",
            _ => "string",
        };
        let mut parameter = json!({ "type": kind });
        match hole.form {
            Form::Free => {}
            Form::Default => parameter["defaultValue"] = values[hole.default].clone(),
            Form::Allowed => parameter["allowedValues"] = Json::Array(values),
        }
        parameters[format!("p{at}")] = parameter;
    }
    let whole = json!({ "$schema": SCHEMA, "contentVersion": "1.0.0.0", "parameters": parameters, "resources": resources });
    serde_json::to_string_pretty(&whole).expect("JSON")
}
