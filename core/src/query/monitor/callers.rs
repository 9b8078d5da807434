//! The addresses that a vault's callers may have, as far as the files show them.

use crate::eval::{Assumptions, Truth, Value};
use crate::model::{AddressPlan, Model, PrivateEndpoint, Vault, identity};
use crate::net::{Ipv4Net, is_private, parse_rule};
use crate::query::commands::one_line;
use crate::sorted::Set;

/// The maximum number of notes about missing addresses; each becomes a comment in the query.
const MAX_OPEN: usize = 20;

/// The networks that the files let call a vault.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    /// The prefixes of the networks.
    pub(crate) nets: Vec<Ipv4Net>,
    /// Noun phrases for networks whose prefixes are unknown.
    pub(crate) open: Vec<String>,
    /// The defaults that `nets` rests on.
    pub(crate) assumed: Assumptions,
    /// Whether the vault has a private endpoint.
    pub(crate) has_endpoint: bool,
}

impl Callers {
    pub(crate) fn of(model: &Model, vault: &Vault) -> Self {
        let mut callers = Self::default();
        // Rules have no effect where public access is off (F3.21) or a perimeter decides (F3.40).
        if !vault.is_enabled().and(model.is_enforced_by_perimeter(vault).negate()).is_false() {
            callers.add_address_rules(vault);
            callers.add_subnet_rules(model, vault);
        }
        callers.add_perimeters(model, vault);
        for own in model.connections_of(vault) {
            match own.connects {
                Truth::True(_) => callers.add_endpoint(model, own.endpoint),
                _ => callers.add_open(format!(
                    "the networks of private endpoint `{}`",
                    own.endpoint.resource.label()
                )),
            }
        }
        callers.nets = Set::from(callers.nets).into_iter().collect();
        callers
    }

    fn add_open(&mut self, what: String) {
        let what = one_line(&what);
        if self.open.len() < MAX_OPEN && !self.open.contains(&what) {
            self.open.push(what);
        }
    }

    fn add_text(&mut self, text: &str) {
        // A text that is not an IPv4 network admits no client, and the public endpoint never sees private addresses.
        if let Ok(rule) = parse_rule(text)
            && !is_private(&rule.net)
        {
            self.nets.push(rule.net);
        }
    }

    fn add_address_rules(&mut self, vault: &Vault) {
        let firewall = &vault.firewall;
        for rule in firewall.address_rules() {
            match (&rule.present, rule.value.as_text()) {
                (Truth::False(_), _) => {}
                (Truth::True(assumed), Some(text)) => {
                    self.add_text(text);
                    self.assumed = self.assumed.and(assumed).and(&rule.value.assumed);
                }
                (_, Some(text)) => self.add_open(format!("`{text}`, if that rule is there")),
                (_, None) => self.add_open(format!("the addresses of `{}`", rule.value.normal())),
            }
        }
        if let Some(depends) = &firewall.ip_rules.open {
            let names: Vec<&str> = depends.names().collect();
            self.add_open(format!("the IP rules of `{}`", names.join("`, `")));
        }
    }

    fn add_subnet_rules(&mut self, model: &Model, vault: &Vault) {
        let firewall = &vault.firewall;
        for rule in firewall.subnet_rules().filter(|rule| !rule.id.is_null() && !rule.present.is_false()) {
            let found = model.subnets_of(&rule.id);
            let sure = found.iter().find(|(_, same)| same.is_true()).filter(|_| rule.present.is_true());
            match sure {
                Some((subnet, _)) => self.add_plan(&subnet.address_plan(), "subnet", &rule.id),
                None => self.add_open(format!("the prefixes of subnet `{}`", identity::label(&rule.id))),
            }
        }
        if let Some(depends) = &firewall.vnet_rules.open {
            let names: Vec<&str> = depends.names().collect();
            self.add_open(format!("the subnets of `{}`", names.join("`, `")));
        }
    }

    fn add_perimeters(&mut self, model: &Model, vault: &Vault) {
        for (association, _) in model.associations_of(vault) {
            self.add_open("the other resources of its perimeter".to_owned());
            for (rule, admits) in model.inbound_rules(association) {
                if rule.subscriptions.any().is_true() {
                    let name = rule.resource.label();
                    self.add_open(format!("the subscriptions that perimeter rule `{name}` admits"));
                }
                for item in &rule.address_prefixes.items {
                    match item.value.as_text() {
                        Some(text) if admits.is_true() && item.present.is_true() => self.add_text(text),
                        _ => self.add_open(format!("the addresses of `{}`", item.value.normal())),
                    }
                }
            }
        }
    }

    /// Clients in the endpoint's network reach it, and so do clients in networks that are linked to the zone that it
    /// registers in. The endpoint's own address is never a client's (F4.60).
    fn add_endpoint(&mut self, model: &Model, endpoint: &PrivateEndpoint) {
        self.has_endpoint = true;
        let id = endpoint.network();
        match model.network(&id) {
            Some(network) => self.add_plan(&network.address_plan(), "network", &id),
            None => {
                if let Some((subnet, _)) = model.subnet_of(endpoint) {
                    self.add_plan(&subnet.address_plan(), "subnet", &endpoint.subnet);
                }
                if !id.is_null() {
                    self.add_open(format!("the prefixes of network `{}`", identity::label(&id)));
                }
            }
        }
        let zones: Vec<Value> =
            model.registrations_of(endpoint).into_iter().map(|registration| registration.zone).collect();
        for link in &model.zone_links {
            let is_its = zones.iter().any(|zone| identity::same(&link.zone, zone).is_true());
            if !is_its || link.network.is_null() {
                continue;
            }
            match model.network(&link.network) {
                Some(network) => self.add_plan(&network.address_plan(), "network", &link.network),
                None => {
                    self.add_open(format!("the prefixes of network `{}`", identity::label(&link.network)))
                }
            }
        }
    }

    fn add_plan(&mut self, plan: &AddressPlan, what: &str, id: &Value) {
        self.nets.extend(&plan.nets);
        self.assumed = self.assumed.and(plan.assumed());
        if plan.open().is_some() {
            self.add_open(format!("the prefixes of {what} `{}`", identity::label(id)));
        }
    }
}
