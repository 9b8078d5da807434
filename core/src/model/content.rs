//! Secrets, keys and certificates that a tool writes through the data plane of a vault: from where it runs, and so past the
//! vault's firewall (F3.29, F7.4).

use super::{Ids, Model, Vault, identity, is_deployed, property};
use crate::eval::Truth;
use crate::lang::Resource;

impl Model {
    /// What is written into a vault through its data plane, each with whether it surely is, and what is made before it.
    pub fn contents_of(&self, vault: &Vault) -> Vec<(&Resource, Truth, &[String])> {
        let vaults = self.content_vaults.get_or_init(|| {
            let mut vaults = Ids::default();
            for (at, other) in self.others.iter().enumerate() {
                if other.provider.as_ref().is_some_and(|provider| provider.after.is_some()) {
                    vaults.add(at, &property(other, &["key_vault_id"]));
                }
            }
            vaults
        });
        let mut found = Vec::new();
        let candidates = vaults.candidates(&vault.resource.id).into_iter();
        for other in candidates.filter_map(|at| self.others.get(at)) {
            let after = other.provider.as_ref().and_then(|provider| provider.after.as_deref());
            let Some(after) = after else { continue };
            let own = identity::same(&property(other, &["key_vault_id"]), &vault.resource.id);
            if !own.is_false() {
                found.push((other, own.and(is_deployed(other)), after));
            }
        }
        found
    }
}

/// Whether a resource, or the module it is in, is among those that are made before another.
pub fn is_made_before(resource: &Resource, before: &[String]) -> bool {
    let address = resource.address.as_str();
    before.iter().any(|made| {
        // A resource represents its copies, and a module that is not here all that is in it.
        address
            .strip_prefix(made.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('[') || made.ends_with('.'))
    })
}
