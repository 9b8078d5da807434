//! Whom the settings of a vault let in, with what else is here.

use super::{Model, Subnet, SubnetRule, Vault, comes_with};
use crate::eval::Truth;

impl Model {
    /// Whether everyone on the internet can reach a vault.
    pub fn is_public(&self, vault: &Vault) -> Truth {
        vault.is_open().and(self.is_enforced_by_perimeter(vault).negate())
    }

    /// Whether no client but trusted services can reach a vault, as far as the files show (F3.20, F3.23).
    pub fn is_locked_out(&self, vault: &Vault) -> Truth {
        // That one is of a perimeter and nothing else is another matter.
        let is_secured = vault.is_secured_by_perimeter().is_true();
        let refuses = vault.in_each_case(&|vault| {
            let names_nobody = vault.is_disabled().or(vault.firewall.has_rules().negate());
            // Whatever public access is set to, it is refused where the firewall denies and has no rules.
            let firewall = vault.firewall.denies_by_default().and(vault.applies("networkAcls"));
            let whatever = match is_secured {
                true => Truth::of(false),
                false => firewall.and(vault.firewall.has_rules().negate()),
            };
            vault.refuses_by_default().and(names_nobody).or(whatever)
        });
        let has_endpoint = self.has_endpoint(vault).or(self.has_managed_endpoint(vault));
        refuses.and(has_endpoint.negate()).and(self.is_in_perimeter(vault).negate())
    }

    /// The subnet that a rule of a firewall names, with whether it lacks the service endpoint that the rule needs
    /// (F1.36) whenever the vault is deployed. Nothing when no subnet here can be meant.
    pub fn unserved_subnet(&self, vault: &Vault, rule: &SubnetRule) -> Option<(&Subnet, Truth)> {
        let found = self.subnets_of(&rule.id);
        let (subnet, same) = found.iter().find(|(_, same)| same.is_true()).or(found.first())?;
        let is_meant =
            same.clone().and(rule.present.clone()).and(comes_with(&vault.resource, &subnet.resource));
        let lacks = is_meant.and(subnet.has_vault_service_endpoint().negate());
        // Of several that may be meant, each may have it.
        Some((subnet, lacks))
    }
}
