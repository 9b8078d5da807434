//! The network around the vaults as nodes and edges, with the findings of `check` attached.

use crate::azure::service::{MANAGED_HSM, Service};
use crate::check::{self, ReportedFinding, Results};
use crate::eval::{Assumptions, Truth, Unknowns, Value};
use crate::input::Environment;
use crate::lang::Documents;
use crate::lang::{Resource, label};
use crate::model::{
    Consumer, EndpointConnection, Model, PrivateEndpoint, Subnet, Vault, dns, identity, is_deployed, key,
};
use crate::net::is_private;
use crate::options::Options;
use crate::render::Places;
use crate::report::{
    Diagnostic, EdgeKind, GraphEdge, GraphFinding, GraphNode, GraphReport, NodeKind, Proof, VERSION,
};
use crate::sorted::Map;
use crate::text::{Place, shortened, unmarked};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Larger diagrams are unreadable, and their layout takes minutes.
const MAX_NODES: usize = 500;
const MAX_EDGES: usize = 2000;
/// Rules of one firewall that get their own node. The others share one.
const MAX_RULES: usize = 12;
/// Subnets that are drawn for an unknown id that may be any of them.
const MAX_POSSIBLE: usize = 4;
/// The detail of resources that the files do not declare.
const REFERRED_TO: &str = "only referred to";
/// The maximum length of a label in bytes.
const MAX_LABEL: usize = 200;

pub(crate) fn report(
    documents: &Documents,
    environments: &[Rc<Environment>],
    options: &Options,
    known: &Results,
) -> GraphReport {
    let places = Places::new(documents);
    let mut graph = Graph::default();
    for (number, environment) in environments.iter().enumerate() {
        Drawing { number, model: &environment.model, places: &places, graph: &mut graph }.draw();
    }
    for findings in check::evaluate(documents, environments, options, known, &|_| true).findings {
        graph.mark(findings);
    }
    graph.finish()
}

/// The node or edge that shows findings about a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    Node(usize),
    Edge(usize),
}

/// An edge; `from` and `to` are indices of nodes.
struct Edge {
    from: usize,
    to: usize,
    kind: EdgeKind,
    label: String,
    proof: Proof,
    assumed: Assumptions,
    findings: Vec<GraphFinding>,
}

#[derive(Default)]
struct Graph {
    nodes: Vec<GraphNode>,
    edges: Vec<Edge>,
    /// Indices of nodes by environment, kind, and an id or a text.
    known: HashMap<Rc<str>, usize>,
    /// Indices of edges by nodes, kind and label.
    edge_of: HashMap<Rc<str>, usize>,
    /// By place and address of a resource.
    spots: HashMap<Rc<str>, Vec<Spot>>,
    spots_by_id: HashMap<Rc<str>, Vec<Spot>>,
    counts: Map<NodeKind, usize>,
    findings: Vec<GraphFinding>,
    left_out: HashSet<Rc<str>>,
    edges_left_out: u32,
}

type NodeKey = (NodeKind, Rc<str>);

/// The environment number of nodes that all environments share.
const EVERYWHERE: usize = usize::MAX;

impl Graph {
    /// The index of the node with this key, which is created if it does not exist; `None` beyond [`MAX_NODES`].
    fn node(
        &mut self,
        environment: usize,
        (kind, what): NodeKey,
        label: String,
        detail: String,
    ) -> Option<usize> {
        let key: Rc<str> = format!("{environment} {} {what}", id_prefix(kind)).into();
        if let Some(at) = self.known.get(&key) {
            return Some(*at);
        }
        if self.nodes.len() >= MAX_NODES {
            self.left_out.insert(key);
            return None;
        }
        let number = self.counts.get(&kind).copied().unwrap_or(0) + 1;
        self.counts.insert(kind, number);
        let at = self.nodes.len();
        self.nodes.push(GraphNode {
            id: format!("{}-{number}", id_prefix(kind)),
            kind,
            label: shortened(unmarked(label), MAX_LABEL),
            detail: shortened(unmarked(detail), MAX_LABEL),
            address: None,
            parent: None,
            file: None,
            range: None,
            findings: Vec::new(),
        });
        self.known.insert(key, at);
        Some(at)
    }

    fn edge(&mut self, edge: Edge) -> Option<usize> {
        let Edge { from, to, kind, label, .. } = &edge;
        let key: Rc<str> = format!("{from} {to} {} {label}", *kind as u8).into();
        if let Some(at) = self.edge_of.get(&key) {
            return Some(*at);
        }
        if self.edges.len() >= MAX_EDGES {
            self.edges_left_out = self.edges_left_out.saturating_add(1);
            return None;
        }
        let at = self.edges.len();
        self.edges.push(edge);
        self.edge_of.insert(key, at);
        Some(at)
    }

    /// Sets where findings about this resource are shown.
    fn shows(&mut self, resource: &Resource, spot: Option<Spot>) {
        let Some(spot) = spot else { return };
        let by_place = self.spots.entry(spot_key(resource)).or_default();
        if !by_place.contains(&spot) {
            by_place.push(spot);
        }
        let by_id = self.spots_by_id.entry(key(&resource.id)).or_default();
        if !by_id.contains(&spot) {
            by_id.push(spot);
        }
    }

    /// Attaches a finding to its resource, or to the one that the resource is part of or refers to.
    fn mark(&mut self, findings: ReportedFinding) {
        let Diagnostic { rule, severity, message, .. } = findings.diagnostic;
        let finding = GraphFinding { rule, severity, message };
        let spots = findings.resource.map(|resource| self.spots_of(&resource)).unwrap_or_default();
        if spots.is_empty() {
            self.findings.push(finding);
            return;
        }
        for spot in spots {
            let findings = match spot {
                Spot::Node(at) => self.nodes.get_mut(at).map(|node| &mut node.findings),
                Spot::Edge(at) => self.edges.get_mut(at).map(|edge| &mut edge.findings),
            };
            if let Some(findings) = findings {
                findings.push(finding.clone());
            }
        }
    }

    fn spots_of(&self, resource: &Resource) -> Vec<Spot> {
        if let Some(spots) = self.spots.get(&spot_key(resource)) {
            return spots.clone();
        }
        let mut whole = vec![identity::scope(&resource.id)];
        let mut part = resource.id.clone();
        while let Some(parent) = identity::parent(&part) {
            whole.push(parent.clone());
            part = parent;
        }
        let known = whole.iter().filter(|id| !id.is_null());
        known.filter_map(|id| self.spots_by_id.get(&key(id))).next().cloned().unwrap_or_default()
    }

    fn finish(self) -> GraphReport {
        let Self { nodes, edges, findings, left_out, edges_left_out, .. } = self;
        let nodes_left_out = u32::try_from(left_out.len()).unwrap_or(u32::MAX);
        let id = |at: usize| nodes.get(at).map(|node| node.id.clone()).unwrap_or_default();
        let edges = edges
            .into_iter()
            .map(|edge| GraphEdge {
                from: id(edge.from),
                to: id(edge.to),
                kind: edge.kind,
                label: shortened(unmarked(edge.label), MAX_LABEL),
                proof: edge.proof,
                assumed: edge.assumed.names().map(str::to_owned).collect(),
                findings: edge.findings,
            })
            .collect();
        GraphReport { version: VERSION, nodes, edges, findings, nodes_left_out, edges_left_out }
    }
}

/// The node of a vault of a service.
fn kind_of(service: &Service) -> NodeKind {
    if *service == MANAGED_HSM { NodeKind::Hsm } else { NodeKind::Vault }
}

/// The identity of a resource: its place, and its address to distinguish copies in a loop.
fn spot_key(resource: &Resource) -> Rc<str> {
    let Place { file, span } = resource.place;
    format!("{} {} {} {}", file.0, span.start, span.end, resource.address).into()
}

const fn id_prefix(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Vault => "vault",
        NodeKind::Hsm => "hsm",
        NodeKind::PrivateEndpoint => "endpoint",
        NodeKind::VirtualNetwork => "network",
        NodeKind::Subnet => "subnet",
        NodeKind::DnsZone => "zone",
        NodeKind::Consumer => "consumer",
        NodeKind::Perimeter => "perimeter",
        NodeKind::Addresses => "addresses",
        NodeKind::Internet => "internet",
        NodeKind::TrustedServices => "trusted",
    }
}

/// The state while one environment is drawn.
struct Drawing<'m, 'd> {
    number: usize,
    model: &'m Model,
    places: &'m Places<'d>,
    graph: &'m mut Graph,
}

/// The vaults of endpoints, by the endpoint's key: node, id, and whether the endpoint connects to it.
type Targets<'m> = HashMap<Rc<str>, Vec<(usize, EndpointConnection<'m>)>>;

impl<'m> Drawing<'m, '_> {
    fn draw(&mut self) {
        let model = self.model;
        let mut vaults = Vec::new();
        for vault in &model.vaults {
            if let Some(node) = self.vault(vault) {
                vaults.push((vault, node));
            }
        }
        // The settings of a vault that is only referred to are unknown.
        for (vault, node) in vaults.iter().filter(|(vault, _)| !vault.resource.referenced) {
            self.internet(vault, *node);
            self.trusted(vault, *node);
            self.address_rules(vault, *node);
            self.subnet_rules(vault, *node);
            self.perimeters(vault, *node);
        }
        let mut zones = Vec::new();
        let mut targets = self.targets(&vaults);
        for endpoint in &model.endpoints {
            if let Some(targets) = targets.remove(&key(&endpoint.resource.id)) {
                self.endpoint(endpoint, targets, &mut zones);
            }
        }
        for zone in &model.zones {
            if dns::is_about_vaults(zone.name()).is_true() {
                self.zone(&zone.resource.id, &mut zones);
            }
        }
        for (id, node) in zones {
            self.zone_links(&id, node);
        }
        for consumer in &model.consumers {
            self.consumer(consumer, &vaults);
        }
    }

    // Nodes

    fn resource(&mut self, kind: NodeKind, resource: &Resource, detail: String) -> Option<usize> {
        let detail = if resource.referenced && detail.is_empty() { REFERRED_TO.to_owned() } else { detail };
        let name = match kind {
            NodeKind::Subnet => identity::label(&resource.id),
            _ => resource.label(),
        };
        let node = self.graph.node(self.number, (kind, key(&resource.id)), name.plain(), detail)?;
        self.graph.shows(resource, Some(Spot::Node(node)));
        let (file, range) = (self.places.path(resource.place), self.places.range(resource.place));
        if let Some(node) = self.graph.nodes.get_mut(node).filter(|node| node.address.is_none()) {
            node.address = Some(shortened(resource.address.clone(), MAX_LABEL));
            node.file = Some(file.to_owned());
            node.range = Some(range);
        }
        Some(node)
    }

    /// The node of a resource that is not in the files, by its id.
    fn elsewhere(&mut self, kind: NodeKind, id: &Value) -> Option<usize> {
        let detail = REFERRED_TO.to_owned();
        let node = self.graph.node(self.number, (kind, key(id)), identity::label(id).plain(), detail)?;
        if let Some(node) = self.graph.nodes.get_mut(node).filter(|node| node.address.is_none()) {
            node.address = Some(shortened(id.display(), MAX_LABEL));
        }
        Some(node)
    }

    fn put_inside(&mut self, node: usize, parent: Option<usize>) {
        let parent = parent.and_then(|parent| self.graph.nodes.get(parent)).map(|node| node.id.clone());
        if let Some(node) = self.graph.nodes.get_mut(node).filter(|node| node.parent.is_none()) {
            node.parent = parent;
        }
    }

    fn vault(&mut self, vault: &Vault) -> Option<usize> {
        let kind = kind_of(vault.service);
        let node = self.resource(kind, &vault.resource, String::new())?;
        // Resources that configure the vault are shown at the vault.
        let model = self.model;
        let settings = model.diagnostics_of(vault).map(|(setting, its)| (&setting.resource, its));
        let roles = model.roles_on(vault).map(|(role, its)| (&role.resource, its));
        for (about, its) in settings.chain(roles).chain(model.access_policies_of(vault)) {
            if its.is_true() {
                self.graph.shows(about, Some(Spot::Node(node)));
            }
        }
        Some(node)
    }

    fn network(&mut self, id: &Value) -> Option<usize> {
        match self.model.network(id) {
            Some(network) => {
                let prefixes = texts(&network.address_prefixes);
                self.resource(NodeKind::VirtualNetwork, &network.resource, prefixes)
            }
            None => self.elsewhere(NodeKind::VirtualNetwork, id),
        }
    }

    fn subnet(&mut self, subnet: &Subnet) -> Option<usize> {
        let node = self.resource(NodeKind::Subnet, &subnet.resource, texts(&subnet.address_prefixes))?;
        let network = identity::parent(&subnet.resource.id).and_then(|id| self.network(&id));
        self.put_inside(node, network);
        Some(node)
    }

    /// The subnets with an id: the one in the files that has it, those that may have it, or else one outside of the
    /// files.
    fn subnets(&mut self, id: &Value) -> Vec<(usize, Option<&'m Subnet>, Truth)> {
        let model = self.model;
        let mut meant = model.subnets_of(id);
        if let Some(sure) = meant.iter().position(|(_, same)| same.is_true()) {
            meant = vec![meant.swap_remove(sure)];
        }
        let mut found = Vec::new();
        if meant.is_empty()
            && let Some(node) = self.elsewhere(NodeKind::Subnet, id)
        {
            let network = identity::parent(id).and_then(|network| self.network(&network));
            self.put_inside(node, network);
            found.push((node, None, Truth::of(true)));
        }
        for (subnet, same) in meant.into_iter().take(MAX_POSSIBLE) {
            found.extend(self.subnet(subnet).map(|node| (node, Some(subnet), same)));
        }
        found
    }

    fn source(&mut self, text: &str) -> Option<usize> {
        let key = (NodeKind::Addresses, Rc::from(text));
        self.graph.node(self.number, key, text.to_owned(), String::new())
    }

    fn zone(&mut self, id: &Value, zones: &mut Vec<(Value, usize)>) -> Option<usize> {
        let model = self.model;
        let node = match model.zone(id) {
            Some(zone) => self.resource(NodeKind::DnsZone, &zone.resource, String::new())?,
            None => self.elsewhere(NodeKind::DnsZone, id)?,
        };
        if zones.iter().all(|(_, known)| *known != node) {
            zones.push((id.clone(), node));
            for (record, _) in model.vault_records() {
                if identity::same(&record.zone, id).is_true() {
                    self.graph.shows(&record.resource, Some(Spot::Node(node)));
                }
            }
        }
        Some(node)
    }

    // Edges

    fn edge(&mut self, from: usize, to: usize, kind: EdgeKind, label: &str, truth: &Truth) -> Option<Spot> {
        let (proof, label, assumed) = match truth {
            Truth::True(assumed) => (Proof::Proved, label.to_owned(), assumed.clone()),
            Truth::Unknown(depends) => {
                (Proof::Possible, with_depends(label, depends), Assumptions::default())
            }
            Truth::False(_) => return None,
        };
        let edge = Edge { from, to, kind, label, proof, assumed, findings: Vec::new() };
        self.graph.edge(edge).map(Spot::Edge)
    }

    /// An edge for access from one node to the other: allowed by `way`, or blocked by `why_not`.
    fn reach(&mut self, from: usize, to: usize, truth: Truth, way: &str, why_not: &str) -> Option<Spot> {
        match truth {
            Truth::False(assumed) => self.edge(from, to, EdgeKind::Blocked, why_not, &Truth::True(assumed)),
            _ => self.edge(from, to, EdgeKind::Reaches, way, &truth),
        }
    }

    fn internet(&mut self, vault: &Vault, node: usize) {
        let key = (NodeKind::Internet, Rc::from(""));
        let Some(internet) = self.graph.node(EVERYWHERE, key, "the internet".to_owned(), String::new())
        else {
            return;
        };
        let by_rules = self.rules_apply(vault).and(vault.firewall.covers_internet());
        let open = self.model.is_public(vault).or(by_rules);
        // The effect is not documented (F1.31), and a perimeter's rules may name all addresses.
        let is_open = match vault.is_enabled().and(vault.firewall.lacks_default_action()) {
            Truth::False(_) => Truth::of(false),
            _ => Truth::Unknown(Unknowns::of("networkAcls without defaultAction")),
        };
        let model = self.model;
        let by_perimeter = model
            .associations_of(vault)
            .into_iter()
            .any(|(association, _)| model.inbound_rules(association).next().is_some());
        let truth = match by_perimeter && open.is_false() {
            true => Truth::Unknown(Unknowns::of("the rules of its perimeter")),
            false => open.or(is_open),
        };
        self.reach(internet, node, truth, "public endpoint", self.why_closed(vault));
    }

    fn why_closed(&self, vault: &Vault) -> &'static str {
        if self.model.is_enforced_by_perimeter(vault).is_true() {
            "its perimeter decides"
        } else if vault.is_disabled().is_true() {
            "public access is off"
        } else if vault.is_secured_by_perimeter().is_true() {
            "only its perimeter grants access"
        } else {
            "the firewall denies by default"
        }
    }

    /// Whether the rules of a vault's own firewall apply: public access is enabled, and no perimeter overrides it.
    fn rules_apply(&self, vault: &Vault) -> Truth {
        vault.is_enabled().and(self.model.is_enforced_by_perimeter(vault).negate())
    }

    fn trusted(&mut self, vault: &Vault, node: usize) {
        let key = (NodeKind::TrustedServices, Rc::from(""));
        let Some(trusted) = self.graph.node(EVERYWHERE, key, "trusted services".to_owned(), String::new())
        else {
            return;
        };
        let by_perimeter = vault.is_secured_by_perimeter().or(self.model.is_enforced_by_perimeter(vault));
        // The bypass also applies if public access is disabled (F3.20), but not if a perimeter decides (F3.40, F3.42).
        let passes = vault.bypasses_trusted().and(by_perimeter.clone().negate());
        let why_not =
            if by_perimeter.is_true() { "its perimeter decides" } else { "bypass does not admit them" };
        self.reach(trusted, node, passes, "bypass", why_not);
    }

    fn address_rules(&mut self, vault: &Vault, node: usize) {
        let firewall = &vault.firewall;
        let apply = self.rules_apply(vault);
        let rules = firewall.address_rules();
        for rule in rules.iter().take(MAX_RULES) {
            let text = match rule.value.as_text() {
                Some(text) => text.to_owned(),
                None => label(&rule.value).plain(),
            };
            let admits = apply.clone().and(if rule.is_readable() {
                rule.is_net(&|rule| !is_private(&rule.net))
            } else {
                rule.present.clone()
            });
            let why_not = match apply.is_false() {
                true => self.why_closed(vault),
                false => "no public IPv4 address or range",
            };
            if let Some(source) = self.source(&text) {
                self.reach(source, node, admits, "IP rule", why_not);
            }
        }
        let more = rules.len().saturating_sub(MAX_RULES);
        let rest = match (&firewall.ip_rules.open, more) {
            (Some(depends), _) => Some((with_depends("rules", depends), Truth::Unknown(depends.clone()))),
            (None, 0) => None,
            (None, more) => {
                Some((format!("{more} more rules of {}", vault.resource.label()), Truth::of(true)))
            }
        };
        if let Some((text, is_there)) = rest
            && let Some(source) = self.source(&text)
        {
            let why_closed = self.why_closed(vault);
            self.reach(source, node, apply.and(is_there), "IP rule", why_closed);
        }
    }

    fn subnet_rules(&mut self, vault: &Vault, node: usize) {
        let apply = self.rules_apply(vault);
        let why_closed = self.why_closed(vault);
        let rules: Vec<_> = vault.firewall.subnet_rules().collect();
        for rule in rules {
            if rule.id.is_null() {
                continue;
            }
            for (from, serves, same) in self.served_subnets(&rule.id) {
                let admits = apply.clone().and(rule.present.clone()).and(same).and(serves.clone());
                let why_not = match serves.is_false() {
                    true => "no service endpoint for vaults",
                    false => why_closed,
                };
                self.reach(from, node, admits, "service endpoint", why_not);
            }
        }
    }

    /// The subnets with an id, and whether they have the service endpoint that a rule needs (F1.36).
    fn served_subnets(&mut self, id: &Value) -> Vec<(usize, Truth, Truth)> {
        let unseen =
            || Truth::Unknown(Unknowns::of(format!("the service endpoints of {}", identity::label(id))));
        let found = self.subnets(id);
        found
            .into_iter()
            .map(|(node, subnet, same)| {
                (node, subnet.map_or_else(unseen, Subnet::has_vault_service_endpoint), same)
            })
            .collect()
    }

    fn perimeters(&mut self, vault: &Vault, node: usize) {
        let model = self.model;
        for (association, its) in model.associations_of(vault) {
            let id = identity::parent(&association.resource.id).unwrap_or_default();
            let here =
                model.perimeters.iter().find(|other| identity::same(&other.resource.id, &id).is_true());
            let perimeter = match here {
                Some(perimeter) => self.resource(NodeKind::Perimeter, &perimeter.resource, String::new()),
                None => self.elsewhere(NodeKind::Perimeter, &id),
            };
            let mode = if association.access_mode.is_null() {
                "Learning".to_owned()
            } else {
                label(&association.access_mode).plain()
            };
            if let Some(perimeter) = perimeter {
                let spot = self.edge(perimeter, node, EdgeKind::Secures, &mode, &its);
                self.graph.shows(&association.resource, spot);
            }
            let counts = association.is_enforced().or(association.is_learning());
            for (rule, admits) in model.inbound_rules(association).take(MAX_RULES) {
                let addresses = rule.address_prefixes.items.iter().map(|item| item.value.clone());
                let subscriptions = rule.subscriptions.items.iter().map(|item| item.value.get("id"));
                let named: Vec<Value> = addresses.chain(subscriptions).take(MAX_RULES).collect();
                let text = named.iter().map(|value| label(value).plain()).collect::<Vec<_>>().join(", ");
                let text = if text.is_empty() { rule.resource.label().plain() } else { text };
                let Some(source) = self.source(&text) else { continue };
                self.graph.shows(&rule.resource, Some(Spot::Node(source)));
                let truth = its.clone().and(admits).and(counts.clone());
                self.edge(source, node, EdgeKind::Reaches, "perimeter rule", &truth);
            }
        }
    }

    fn targets(&mut self, vaults: &[(&Vault, usize)]) -> Targets<'m> {
        let model = self.model;
        let mut targets = Targets::new();
        for (vault, node) in vaults {
            for own in model.connections_of(vault) {
                targets.entry(key(&own.endpoint.resource.id)).or_default().push((*node, own));
            }
        }
        for own in model.connections() {
            let target = &own.written.target;
            if model.has_vault(target) {
                continue;
            }
            if let Some(node) = self.elsewhere(kind_of(own.service), target) {
                targets.entry(key(&own.endpoint.resource.id)).or_default().push((node, own));
            }
        }
        targets
    }

    fn endpoint(
        &mut self,
        endpoint: &PrivateEndpoint,
        targets: Vec<(usize, EndpointConnection)>,
        zones: &mut Vec<(Value, usize)>,
    ) {
        let model = self.model;
        let addresses: Vec<String> =
            endpoint.addresses().iter().map(|address| label(address).plain()).take(MAX_RULES).collect();
        let Some(node) = self.resource(NodeKind::PrivateEndpoint, &endpoint.resource, addresses.join(", "))
        else {
            return;
        };
        for (target, EndpointConnection { written, connects, .. }) in targets {
            // Of one that may be to another vault the state says nothing.
            let is_so = |state: Truth| connects.is_true() && state.is_true();
            let (kind, way) = match () {
                () if is_so(written.awaits_approval()) => (EdgeKind::Blocked, "awaits approval"),
                () if is_so(written.is_cut()) => (EdgeKind::Blocked, "rejected"),
                () => (EdgeKind::Connects, "private link"),
            };
            self.edge(node, target, kind, way, &connects);
        }
        if !endpoint.subnet.is_null() {
            let inside = self.subnets(&endpoint.subnet).into_iter();
            let parent = inside.map(|(node, _, same)| (node, same)).find(|(_, same)| same.is_true());
            self.put_inside(node, parent.map(|(node, _)| node));
        }
        for registration in model.registrations_of(endpoint) {
            if let Some(zone) = self.zone(&registration.zone, zones) {
                let spot = self.edge(node, zone, EdgeKind::Registers, "zone group", &registration.proof);
                self.graph.shows(&registration.group.resource, spot);
            }
        }
    }

    fn zone_links(&mut self, id: &Value, zone: usize) {
        for link in &self.model.zone_links {
            let linked = identity::same(&link.zone, id).and(is_deployed(&link.resource));
            if linked.is_false() || link.network.is_null() {
                continue;
            }
            if let Some(network) = self.network(&link.network) {
                let spot = self.edge(zone, network, EdgeKind::Links, "zone link", &linked);
                self.graph.shows(&link.resource, spot);
            }
        }
    }

    fn consumer(&mut self, consumer: &Consumer, vaults: &[(&Vault, usize)]) {
        let model = self.model;
        let used: Vec<_> = vaults
            .iter()
            .map(|(vault, node)| (*vault, *node, consumer.uses(vault)))
            .filter(|(_, _, uses)| !uses.is_false())
            .collect();
        if used.is_empty() {
            return;
        }
        let service = consumer.service;
        let name = consumer.service_name().to_owned();
        let Some(node) = self.resource(NodeKind::Consumer, &consumer.resource, name) else {
            return;
        };
        for (vault, target, uses) in used {
            let passes = match service.trusted {
                true => vault.bypasses_trusted().and(model.trust(consumer).holds),
                false => Truth::of(false),
            };
            let refused = model.refuses(vault, consumer).and(passes.negate());
            match refused.is_true() {
                true => self.edge(node, target, EdgeKind::Blocked, "calls from Azure's addresses", &refused),
                false => self.edge(node, target, EdgeKind::Uses, "", &uses),
            };
        }
        let mut subnets = Vec::new();
        for id in &consumer.subnets {
            if !id.is_null() {
                subnets.extend(self.subnets(id).into_iter().map(|(node, _, same)| (node, same)));
            }
        }
        match subnets.as_slice() {
            [(subnet, same)] if same.is_true() => self.put_inside(node, Some(*subnet)),
            _ => {
                for (subnet, same) in subnets {
                    self.edge(node, subnet, EdgeKind::In, "", &same);
                }
            }
        }
    }
}

/// The known texts of a list, or of a single text.
fn texts(value: &Value) -> String {
    let items = value.elements().items.into_iter().map(|item| item.value);
    let all = items.chain([value.clone()]);
    let known: Vec<String> = all.filter_map(|value| value.as_text().map(str::to_owned)).take(8).collect();
    known.join(", ")
}

fn with_depends(label: &str, depends: &Unknowns) -> String {
    let names: Vec<&str> = depends.names().take(3).collect();
    match (label, names.as_slice()) {
        (label, []) => label.to_owned(),
        ("", names) => format!("depends on {}", names.join(", ")),
        (label, names) => format!("{label}, depends on {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests;
