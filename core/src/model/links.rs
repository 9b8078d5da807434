//! Links from zones to networks, so that not every one has to be compared.

use super::ids::Ids;
use super::{ZoneLink, identity, key};
use crate::eval::{Assumptions, Value};
use crate::sorted::Set;
use std::collections::HashMap;
use std::rc::Rc;

/// Links by zone, and within that by network.
#[derive(Debug, Default)]
pub(super) struct Links {
    zones: Vec<OfZone>,
    ids: Ids,
    /// Links of all zones by their network, and by their own name.
    networks: Ids,
    names: Ids,
}

/// The links of one zone.
#[derive(Debug)]
pub(super) struct OfZone {
    zone: Value,
    links: Vec<usize>,
    networks: Ids,
    /// The defaults that the ids of their networks rest on.
    pub(super) defaults: Assumptions,
}

impl Links {
    pub(super) fn new(links: &[ZoneLink]) -> Self {
        let mut all = Self::default();
        let mut places: HashMap<Rc<str>, usize> = HashMap::new();
        let mut networks: Vec<Vec<&Assumptions>> = Vec::new();
        for (at, link) in links.iter().enumerate() {
            all.networks.add(at, &link.network);
            all.names.add(at, &identity::last_name(&link.resource.id));
            // What it rests on, another link's name for one, does not make it another zone.
            let place = *places.entry(key(&link.zone)).or_insert(all.zones.len());
            if place == all.zones.len() {
                let (zone, networks) = (link.zone.clone(), Ids::default());
                all.zones.push(OfZone {
                    zone,
                    links: Vec::new(),
                    networks,
                    defaults: Assumptions::default(),
                });
            }
            networks.resize_with(all.zones.len(), Vec::new);
            if let (Some(of_zone), Some(networks)) = (all.zones.get_mut(place), networks.get_mut(place)) {
                of_zone.networks.add(of_zone.links.len(), &link.network);
                of_zone.links.push(at);
                networks.push(&link.network.assumed);
            }
        }
        for (of_zone, networks) in all.zones.iter_mut().zip(networks) {
            of_zone.defaults = Assumptions::all(networks);
        }
        all.ids = Ids::new(all.zones.iter().map(|of_zone| &of_zone.zone));
        all
    }

    /// The links that may lead to a network or have this name, in order.
    pub(super) fn near(&self, network: &Value, name: &Value) -> Vec<usize> {
        let found = self.networks.candidates(network).into_iter().chain(self.names.candidates(name));
        Set::from(found.collect::<Vec<_>>()).into_iter().collect()
    }

    /// The zones with links that an id may mean, each with whether it surely does.
    pub(super) fn of<'l>(&'l self, zone: &'l Value) -> impl Iterator<Item = (&'l OfZone, bool)> {
        let candidates = self.ids.candidates(zone).into_iter().filter_map(|at| self.zones.get(at));
        let found = candidates.map(|of_zone| (of_zone, identity::same(&of_zone.zone, zone)));
        found.filter(|(_, same)| !same.is_false()).map(|(of_zone, same)| (of_zone, same.is_true()))
    }
}

impl OfZone {
    /// How many links there are.
    pub(super) fn len(&self) -> usize {
        self.links.len()
    }

    /// The links that may lead to a network, in order.
    pub(super) fn near(&self, network: &Value) -> Vec<usize> {
        let candidates = self.networks.candidates(network).into_iter();
        candidates.filter_map(|at| self.links.get(at).copied()).collect()
    }
}
