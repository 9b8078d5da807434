//! Azure's built-in policies about vaults and managed HSMs, and whether a vault satisfies them.

use crate::azure::service::{Feature, MANAGED_HSM, Service, VAULT};
use crate::azure::{ApiVersion, names, policies};
use crate::eval::{Truth, Unknowns};
use crate::model::{Model, Vault};
use crate::text::Place;

/// A framework, and the number and title of one of its requirements.
type Requirement = (&'static str, &'static str);

const PCI: Requirement = ("PCI DSS 4.0", "Requirement 1: Install and maintain network security controls");
const HIPAA: Requirement = ("HIPAA", "§164.312(e)(1): Transmission security");
const SOC: Requirement = ("SOC 2", "CC6.1: Logical and physical access controls");
const ISO: Requirement = ("ISO 27001", "A.13.1: Network security management");

/// Requirements about the network around keys.
const NETWORK: &[Requirement] = &[PCI, HIPAA, SOC, ISO];

/// The benchmark has these for vaults only. Numbers and titles are those of version 5.0.0, 8.3.7 on pages 447 to 450,
/// as the checks of lateralblast/lunar and of Turbot's `steampipe-mod-azure-compliance` cite them.
const CIS: &str = "CIS Microsoft Azure Foundations 5.0.0";
const NO_PUBLIC_ACCESS: &[Requirement] =
    &[PCI, HIPAA, SOC, ISO, (CIS, "8.3.7: Ensure Public Network Access is Disabled")];
const PRIVATE_LINK: &[Requirement] =
    &[PCI, HIPAA, SOC, ISO, (CIS, "8.3.8: Ensure Private Endpoints are used to access Azure Key Vault")];

/// From this version on, policies evaluate `publicNetworkAccess` (F6.20).
const KNOWS_PUBLIC_ACCESS: ApiVersion = ApiVersion::preview(2021, 6, 1);

/// A built-in policy.
pub(super) struct Policy {
    pub(super) guid: &'static str,
    /// The display name of the policy definition.
    pub(super) name: &'static str,
    /// The name of the assignment: at most 24 characters, the limit in a management group.
    pub(super) assignment: &'static str,
    /// The symbolic name in Bicep.
    pub(super) symbol: &'static str,
    pub(super) service: &'static Service,
    /// The parameter that sets the effect.
    pub(super) effect_parameter: &'static str,
    pub(super) effect: &'static str,
    /// A clause that is true of a vault that satisfies the policy.
    pub(super) keeps: &'static str,
    /// A clause that is true of a vault that does not.
    pub(super) lacks: fn(&Vault) -> &'static str,
    /// The path of the property that the policy reads; empty if it reads resources around the vault.
    pub(super) property: &'static [&'static str],
    /// The requirements that the policy is evidence for.
    pub(super) supports: &'static [Requirement],
    /// Whether a vault satisfies it; unknown if resources in other files may satisfy it.
    pub(super) holds: fn(&Model, &Vault) -> Truth,
}

/// The policies whose result follows from the vault and the resources around it.
pub(super) const POLICIES: &[Policy] = &[
    Policy {
        guid: policies::DISABLE_PUBLIC_ACCESS,
        name: "Azure Key Vault should disable public network access",
        assignment: "kv-no-public-access",
        symbol: "noPublicAccess",
        service: &VAULT,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "public access is off",
        lacks: stays_on,
        property: &["publicNetworkAccess"],
        supports: NO_PUBLIC_ACCESS,
        holds: |_, vault| is_off(vault),
    },
    Policy {
        guid: policies::ENABLE_FIREWALL,
        name: "Azure Key Vault should have firewall enabled or public network access disabled",
        assignment: "kv-firewall",
        symbol: "firewall",
        service: &VAULT,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "the firewall denies by default, or public access is off",
        lacks: lets_in,
        property: &["networkAcls", "defaultAction"],
        supports: NETWORK,
        holds: |_, vault| vault.firewall.denies_by_default().or(is_off(vault)),
    },
    Policy {
        guid: policies::USE_PRIVATE_LINK,
        name: "Azure Key Vaults should use private link",
        assignment: "kv-private-link",
        symbol: "privateLink",
        service: &VAULT,
        // Its parameter `effect` is deprecated and does nothing (F6.21).
        effect_parameter: "audit_effect",
        effect: "Audit",
        keeps: "there is an approved private endpoint",
        lacks: |_| "there is no approved private endpoint",
        property: &[],
        supports: PRIVATE_LINK,
        holds: is_linked,
    },
    Policy {
        guid: policies::ENABLE_LOGS,
        name: "Resource logs in Key Vault should be enabled",
        assignment: "kv-audit-log",
        symbol: "auditLog",
        service: &VAULT,
        effect_parameter: "effect",
        effect: "AuditIfNotExists",
        keeps: "the audit log is kept",
        lacks: |_| "the audit log is not kept",
        property: &[],
        supports: &[],
        holds: is_logged,
    },
    Policy {
        guid: policies::PURGE_PROTECTION,
        name: "Key vaults should have deletion protection enabled",
        assignment: "kv-purge-protection",
        symbol: "purgeProtection",
        service: &VAULT,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "it is protected from purge",
        lacks: |_| "it is not protected from purge",
        property: &["enablePurgeProtection"],
        supports: &[],
        holds: |_, vault| {
            let soft_delete = vault.property(&["enableSoftDelete"]).is_false().negate();
            vault.property(&["enablePurgeProtection"]).is_true().and(soft_delete)
        },
    },
    Policy {
        guid: policies::USE_RBAC,
        name: "Azure Key Vault should use RBAC permission model",
        assignment: "kv-rbac",
        symbol: "rbac",
        service: &VAULT,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "`enableRbacAuthorization` is true",
        lacks: |_| "`enableRbacAuthorization` is not true",
        property: &["enableRbacAuthorization"],
        supports: &[],
        // The policy requires the flag itself, even if it is the default (F6.29).
        holds: |_, vault| vault.property(&["enableRbacAuthorization"]).is_true(),
    },
    Policy {
        guid: policies::HSM_DISABLE_PUBLIC_ACCESS,
        name: "[Preview]: Azure Key Vault Managed HSM should disable public network access",
        assignment: "hsm-firewall",
        symbol: "hsmFirewall",
        service: &MANAGED_HSM,
        effect_parameter: "effect",
        effect: "Deny",
        // The policy checks less than its name says (F6.30).
        keeps: "the firewall denies by default",
        lacks: |_| "the firewall does not deny by default",
        property: &["networkAcls", "defaultAction"],
        supports: NETWORK,
        holds: |_, hsm| hsm.firewall.denies_by_default(),
    },
    Policy {
        guid: policies::HSM_USE_PRIVATE_LINK,
        name: "[Preview]: Azure Key Vault Managed HSM should use private link",
        assignment: "hsm-private-link",
        symbol: "hsmPrivateLink",
        service: &MANAGED_HSM,
        effect_parameter: "effect",
        effect: "Audit",
        keeps: "there is an approved private endpoint",
        lacks: |_| "there is no approved private endpoint",
        property: &[],
        supports: NETWORK,
        holds: is_linked,
    },
    Policy {
        guid: policies::HSM_ENABLE_LOGS,
        name: "Resource logs in Azure Key Vault Managed HSM should be enabled",
        assignment: "hsm-audit-log",
        symbol: "hsmAuditLog",
        service: &MANAGED_HSM,
        effect_parameter: "effect",
        effect: "AuditIfNotExists",
        keeps: "the audit log is kept",
        lacks: |_| "the audit log is not kept",
        property: &[],
        supports: &[],
        holds: is_logged,
    },
    Policy {
        guid: policies::HSM_PURGE_PROTECTION,
        name: "Azure Key Vault Managed HSM should have purge protection enabled",
        assignment: "hsm-purge-protection",
        symbol: "hsmPurgeProtection",
        service: &MANAGED_HSM,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "it is protected from purge",
        lacks: |_| "it is not protected from purge",
        property: &["enablePurgeProtection"],
        supports: &[],
        holds: |_, hsm| {
            let soft_delete = hsm.property(&["enableSoftDelete"]).is_true();
            hsm.property(&["enablePurgeProtection"]).is_true().and(soft_delete)
        },
    },
];

/// Whether public access is disabled as policies see it: they count it as enabled with an older API version and with
/// `SecuredByPerimeter` (F6.20, F6.33).
fn is_off(vault: &Vault) -> Truth {
    let is_old = vault.is_older_than(KNOWS_PUBLIC_ACCESS).is_true();
    vault.is_disabled().and(Truth::of(!is_old))
}

/// Why policies count public access as enabled.
fn stays_on(vault: &Vault) -> &'static str {
    if vault.is_disabled().is_true() {
        "public access is off, but with an API version older than `2021-06-01-preview`, for which it counts as on"
    } else if vault.is_secured_by_perimeter().is_true() {
        "`publicNetworkAccess` is `SecuredByPerimeter`, which counts as on"
    } else {
        "public access is not off"
    }
}

fn lets_in(vault: &Vault) -> &'static str {
    if vault.is_disabled().is_true() {
        "the firewall does not deny by default, and public access is off with an API version older than \
         `2021-06-01-preview`, for which it counts as on"
    } else {
        "the firewall does not deny by default, and public access is not off"
    }
}

fn is_linked(model: &Model, vault: &Vault) -> Truth {
    let linked = model.is_served(vault).or(vault.has_approved_connection());
    or_elsewhere(linked, model.knows_endpoints_of(vault), "private endpoints", vault)
}

/// Whether the audit log is kept; a policy assigned in the files may still add a diagnostic setting.
fn is_logged(model: &Model, vault: &Vault) -> Truth {
    let knows_all = model.knows(names::DIAGNOSTIC_SETTING, Some(&vault.resource.id))
        && (!vault.has(Feature::AuditLog) || model.keeps_logs_by_policy().is_false());
    or_elsewhere(model.keeps_audit_log(vault), knows_all, "diagnostic settings", vault)
}

/// `here`, or unknown where it is false and resources outside of the files may change that.
fn or_elsewhere(here: Truth, knows_all: bool, what: &str, vault: &Vault) -> Truth {
    match knows_all {
        true => here,
        false => here.or(Truth::Unknown(Unknowns::of(format!(
            "{what} of `{}` outside of the files",
            vault.resource.label()
        )))),
    }
}

/// One vault in all runs in which it occurs, each with its model.
pub(super) struct Subject<'m> {
    place: Place,
    pub(super) runs: Vec<(&'m Model, &'m Vault)>,
}

impl Subject<'_> {
    pub(super) fn vault(&self) -> Option<&Vault> {
        self.runs.first().map(|(_, vault)| *vault)
    }

    pub(super) fn holds(&self, policy: &Policy) -> Truth {
        let all = self.runs.iter().map(|(model, vault)| (policy.holds)(model, vault));
        all.reduce(Truth::and).unwrap_or(Truth::of(false))
    }

    /// The vault in the first run in which the policy fails, or else in the first run.
    pub(super) fn decisive(&self, policy: &Policy) -> Option<&Vault> {
        let failing = self.runs.iter().find(|(model, vault)| (policy.holds)(model, vault).is_false());
        failing.map(|(_, vault)| *vault).or(self.vault())
    }
}

/// The vaults that the files declare. Several runs of one vault are one subject.
pub(super) fn subjects<'m>(models: impl Iterator<Item = &'m Model>) -> Vec<Subject<'m>> {
    let mut subjects: Vec<Subject> = Vec::new();
    for model in models {
        for vault in model.vaults.iter().filter(|vault| !vault.resource.referenced) {
            let resource = &vault.resource;
            let known = subjects.iter_mut().find(|subject| {
                subject.place == resource.place
                    && subject.runs.iter().any(|(_, other)| other.resource.address == resource.address)
            });
            match known {
                Some(subject) => subject.runs.push((model, vault)),
                None => subjects.push(Subject { place: resource.place, runs: vec![(model, vault)] }),
            }
        }
    }
    subjects
}
