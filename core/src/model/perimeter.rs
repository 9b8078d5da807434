//! Network security perimeters: which vaults are inside one, and whom its rules let in.

use super::{Ids, Model, Vault, identity, is_deployed, property};
use crate::azure::names;
use crate::eval::{Assumptions, Elements, Truth, Value};
use crate::lang::Resource;

/// A perimeter, or one access rule of its profiles.
#[derive(Clone, Debug)]
pub struct Perimeter {
    /// The resource: the perimeter, or `…/profiles/accessRules`.
    pub resource: Resource,
    /// `direction` of an access rule.
    pub direction: Value,
    /// `addressPrefixes` of an access rule.
    pub address_prefixes: Elements,
    /// `subscriptions` of an access rule.
    pub subscriptions: Elements,
}

/// The association of a resource with a profile of a perimeter.
#[derive(Clone, Debug)]
pub struct Association {
    /// The resource.
    pub resource: Resource,
    /// Id of the vault, or of whatever it is.
    pub target: Value,
    /// Id of the profile.
    pub profile: Value,
    /// `Learning`, `Enforced` or `Audit`; `Learning` when not set (F3.40).
    pub access_mode: Value,
}

impl Perimeter {
    pub(super) fn new(resource: Resource) -> Self {
        Self {
            direction: property(&resource, &["direction"]),
            address_prefixes: property(&resource, &["addressPrefixes"]).elements(),
            subscriptions: property(&resource, &["subscriptions"]).elements(),
            resource,
        }
    }

    /// Whether this is an access rule that lets callers in; `Inbound` is the default direction.
    pub fn is_inbound_rule(&self) -> Truth {
        let is_rule = self.resource.kind.to_ascii_lowercase().ends_with("/accessrules");
        let admits = self.address_prefixes.any().or(self.subscriptions.any());
        Truth::of(is_rule).and(self.direction.is_word("Outbound").negate()).and(admits)
    }
}

impl Association {
    pub(super) fn new(resource: Resource) -> Self {
        Self {
            target: property(&resource, &["privateLinkResource", "id"]),
            profile: property(&resource, &["profile", "id"]),
            access_mode: property(&resource, &["accessMode"]),
            resource,
        }
    }

    /// Whether only the perimeter's rules count (F3.40).
    pub fn is_enforced(&self) -> Truth {
        self.access_mode.is_word("Enforced")
    }

    /// Whether the perimeter's rules are added to the vault's own (F3.41).
    pub fn is_learning(&self) -> Truth {
        self.access_mode.is_word_or_unset("Learning")
    }
}

impl Model {
    /// Whether a vault is associated with a perimeter here.
    pub fn is_in_perimeter(&self, vault: &Vault) -> Truth {
        self.has_association(vault, &|_| Truth::of(true))
    }

    /// Whether only a perimeter's rules count for a vault, not its own (F3.40).
    pub fn is_enforced_by_perimeter(&self, vault: &Vault) -> Truth {
        self.has_association(vault, &Association::is_enforced)
    }

    /// Whether a vault is associated with a perimeter in a way that `is` says.
    pub fn has_association(&self, vault: &Vault, is: &dyn Fn(&Association) -> Truth) -> Truth {
        let none = self.nothing_about(&vault.resource.id, names::PERIMETER_ASSOCIATION);
        let (near, apart) = self.near_associations(&vault.resource.id);
        near.into_iter().fold(none.or(apart), |any, association| {
            let same = identity::same(&association.target, &vault.resource.id);
            any.or(same.and(is(association)).and(is_deployed(&association.resource)))
        })
    }

    /// The associations that surely put a vault into a perimeter without enforcing that.
    pub fn learning_associations_of(&self, vault: &Vault) -> Vec<&Association> {
        let associations = self.associations_of(vault).into_iter();
        let is_sure = |(association, is_its): &(&Association, Truth)| {
            is_its.is_true() && association.is_learning().is_true()
        };
        associations.filter(is_sure).map(|(association, _)| association).collect()
    }

    /// The rules that may let a caller in through an association, each with whether it surely does.
    pub fn inbound_rules<'m>(
        &'m self,
        association: &'m Association,
    ) -> impl Iterator<Item = (&'m Perimeter, Truth)> {
        self.perimeters.iter().filter_map(|rule| {
            let profile = identity::parent(&rule.resource.id)?;
            let admits = rule.is_inbound_rule().and(identity::same(&profile, &association.profile));
            if admits.is_false() { None } else { Some((rule, admits.and(is_deployed(&rule.resource)))) }
        })
    }

    /// The associations that may be with the resource of an id, and that the others are not.
    fn near_associations(&self, id: &Value) -> (Vec<&Association>, Truth) {
        let (targets, defaults) = self.association_targets.get_or_init(|| {
            let targets = self.associations.iter().map(|association| &association.target);
            (Ids::new(targets.clone()), Assumptions::all(targets.map(|target| &target.assumed)))
        });
        let candidates = targets.candidates(id).into_iter();
        let near: Vec<&Association> = candidates.filter_map(|at| self.associations.get(at)).collect();
        let apart = match near.len() < self.associations.len() {
            true => Truth::of(false).assuming(defaults).assuming(&id.assumed),
            false => Truth::of(false),
        };
        (near, apart)
    }

    /// Associations that may be with a vault, each with whether it is, and is deployed.
    pub fn associations_of<'m>(&'m self, vault: &Vault) -> Vec<(&'m Association, Truth)> {
        let (near, _) = self.near_associations(&vault.resource.id);
        near.into_iter()
            .filter_map(|association| {
                let same = identity::same(&association.target, &vault.resource.id);
                (!same.is_false()).then(|| (association, same.and(is_deployed(&association.resource))))
            })
            .collect()
    }
}
