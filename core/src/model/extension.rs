//! What is written about a vault in resources of their own: roles on it, its diagnostic settings, its access policies.

use super::{DiagnosticSetting, Model, RoleAssignment, Vault, identity, key, property};
use crate::azure::{SERVICES, names};
use crate::eval::{Assumptions, Truth, Value};
use crate::lang::Resource;
use std::collections::HashMap;
use std::rc::Rc;

/// Where that is in the model, each with whether it surely is about the vault.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    roles: Vec<(usize, Truth)>,
    settings: Vec<(usize, Truth)>,
    policies: Vec<(usize, Truth)>,
}

/// The ids of vaults by their names, so that not every id has to be compared with every vault. Vaults with one id have one
/// entry: what is about one of them is about all.
struct Names<'m> {
    known: HashMap<Rc<str>, Vec<&'m Value>>,
    /// Those whose name is known, again.
    all: Vec<&'m Value>,
    open: Vec<&'m Value>,
}

impl<'m> Names<'m> {
    fn new(vaults: &'m [Vault]) -> Self {
        let mut names = Self { known: HashMap::new(), all: Vec::new(), open: Vec::new() };
        let mut seen: HashMap<Rc<str>, Vec<&Assumptions>> = HashMap::new();
        for vault in vaults {
            let id = &vault.resource.id;
            let alike = seen.entry(key(id)).or_default();
            if alike.contains(&&id.assumed) {
                continue;
            }
            alike.push(&id.assumed);
            match identity::known_name(id) {
                Some(name) => {
                    names.known.entry(Rc::from(name.to_ascii_lowercase())).or_default().push(id);
                    names.all.push(id);
                }
                None => names.open.push(id),
            }
        }
        names
    }

    /// The vaults that an id may mean.
    fn meant_by(&self, id: &Value) -> Vec<(&'m Value, Truth)> {
        // Most ids are known not to be of a vault.
        if SERVICES.iter().all(|service| identity::is_of_type(id, service.kind) == Some(false)) {
            return Vec::new();
        }
        let empty = Vec::new();
        let candidates = match identity::known_name(id) {
            Some(name) => self.known.get(name.to_ascii_lowercase().as_str()).unwrap_or(&empty),
            None => &self.all,
        };
        let candidates = candidates.iter().chain(&self.open);
        let mut found: Vec<(&Value, Truth)> =
            candidates.map(|vault| (*vault, identity::same(id, vault))).collect();
        found.retain(|(_, same)| !same.is_false());
        found
    }
}

/// Roles on groups and above that are compared with one vault.
const MAX_AROUND: usize = 200;

/// Finds out once what is about which vault.
pub(super) fn link(model: &mut Model) {
    let names = Names::new(&model.vaults);
    let mut all: HashMap<Rc<str>, Extensions> = HashMap::new();
    for (at, assignment) in model.role_assignments.iter().enumerate() {
        // It may be on a secret in the vault.
        let inside = identity::parent(&assignment.scope).unwrap_or_default();
        for scope in [&assignment.scope, &inside] {
            for (vault, same) in names.meant_by(scope) {
                all.entry(key(vault)).or_default().roles.push((at, same));
            }
        }
    }
    for (at, setting) in model.diagnostic_settings.iter().enumerate() {
        for (vault, same) in names.meant_by(&setting.target) {
            all.entry(key(vault)).or_default().settings.push((at, same));
        }
    }
    for (at, other) in model.others.iter().enumerate() {
        if other.kind.eq_ignore_ascii_case(names::VAULT_ACCESS_POLICIES) {
            for (vault, same) in names.meant_by(&identity::parent(&other.id).unwrap_or_default()) {
                all.entry(key(vault)).or_default().policies.push((at, same));
            }
        }
    }
    model.extensions = all;
}

impl Model {
    /// The roles that are assigned on a vault or on something in it, each with whether it surely is.
    pub fn roles_on(&self, vault: &Vault) -> impl Iterator<Item = (&RoleAssignment, Truth)> {
        let links = self.extensions.get(&key(&vault.resource.id)).map(|about| about.roles.as_slice());
        resolve(&self.role_assignments, links)
    }

    /// The diagnostic settings of a vault, each with whether it surely is one.
    pub fn diagnostics_of(&self, vault: &Vault) -> impl Iterator<Item = (&DiagnosticSetting, Truth)> {
        let links = self.extensions.get(&key(&vault.resource.id)).map(|about| about.settings.as_slice());
        resolve(&self.diagnostic_settings, links)
    }

    /// What adds access policies to a vault from beside it (F1.12), each with whether it surely does.
    pub fn access_policies_of(&self, vault: &Vault) -> impl Iterator<Item = (&Resource, Truth)> {
        let links = self.extensions.get(&key(&vault.resource.id)).map(|about| about.policies.as_slice());
        resolve(&self.others, links).filter_map(|(other, same)| {
            let removes =
                identity::known_name(&other.id).is_some_and(|name| name.eq_ignore_ascii_case("remove"));
            let adds = same.and(property(other, &["accessPolicies"]).elements().any());
            if removes || adds.is_false() { None } else { Some((other, adds)) }
        })
    }

    /// Whether a data-plane role is surely assigned on a vault, or on what it is in.
    pub fn assigns_data_role(&self, vault: &Vault) -> bool {
        let is_for_data = |role: &RoleAssignment| role.grants(&|role| role.is_data_plane);
        self.roles_on(vault).any(|(role, on)| on.and(is_for_data(role)).is_true())
            || self.has_data_role_around(vault)
    }

    /// Whether one is assigned on what the vault is in. What Azure shows is checked in batches, and those do not hold what is
    /// about a whole group.
    fn has_data_role_around(&self, vault: &Vault) -> bool {
        let around = |role: &&RoleAssignment| role.is_around() && !role.resource.is_shown();
        self.role_assignments.iter().filter(around).take(MAX_AROUND).any(|role| {
            role.grants(&|role| role.is_data_plane).and(role.covers(&vault.resource.id)).is_true()
        })
    }
}

fn resolve<'m, T>(all: &'m [T], links: Option<&'m [(usize, Truth)]>) -> impl Iterator<Item = (&'m T, Truth)> {
    let links = links.unwrap_or_default().iter();
    links.filter_map(|(at, truth)| Some((all.get(*at)?, truth.clone())))
}
