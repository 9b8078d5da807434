//! Azure's built-in policies about vaults and managed HSMs, and whether a vault satisfies them.

use crate::azure::{ApiVersion, names, policies};
use crate::eval::{Truth, Unknowns};
use crate::model::{Model, Vault};
use crate::text::Place;

/// A framework, and number and title of a requirement of it.
type Requirement = (&'static str, &'static str);

const PCI: Requirement = ("PCI DSS 4.0", "Requirement 1: Install and maintain network security controls");
const HIPAA: Requirement = ("HIPAA", "§164.312(e)(1): Transmission security");
const SOC: Requirement = ("SOC 2", "CC6.1: Logical and physical access controls");
const ISO: Requirement = ("ISO 27001", "A.13.1: Network security management");

/// What frameworks ask of the network around keys.
const NETWORK: &[Requirement] = &[PCI, HIPAA, SOC, ISO];

/// The benchmark has these of vaults only. Numbers and titles are those of version 5.0.0, 8.3.7 on pages 447 to 450, as
/// the checks of lateralblast/lunar and of Turbot's `steampipe-mod-azure-compliance` cite them.
const CIS: &str = "CIS Microsoft Azure Foundations 5.0.0";
const NO_PUBLIC_ACCESS: &[Requirement] =
    &[PCI, HIPAA, SOC, ISO, (CIS, "8.3.7: Ensure Public Network Access is Disabled")];
const PRIVATE_LINK: &[Requirement] =
    &[PCI, HIPAA, SOC, ISO, (CIS, "8.3.8: Ensure Private Endpoints are used to access Azure Key Vault")];

/// From this version on requests count as ones that know `publicNetworkAccess` (F6.20).
const KNOWS_PUBLIC_ACCESS: ApiVersion = ApiVersion::preview(2021, 6, 1);

/// A built-in policy.
pub(super) struct Policy {
    pub(super) guid: &'static str,
    /// What Azure calls it.
    pub(super) name: &'static str,
    /// What the assignment is called: 24 characters at most, for a management group.
    pub(super) assignment: &'static str,
    /// Its symbol in Bicep.
    pub(super) symbol: &'static str,
    pub(super) for_hsm: bool,
    /// The parameter that its effect comes from.
    pub(super) effect_parameter: &'static str,
    pub(super) effect: &'static str,
    /// What is so on a vault that satisfies it.
    pub(super) keeps: &'static str,
    /// What is so on a vault that does not satisfy it.
    pub(super) lacks: fn(&Vault) -> &'static str,
    /// The property that it looks at; none where it looks at what is around the vault.
    pub(super) property: &'static [&'static str],
    /// What it is evidence for.
    pub(super) supports: &'static [Requirement],
    /// Whether a vault satisfies it: open where what would satisfy it may be in other files.
    pub(super) holds: fn(&Model, &Vault) -> Truth,
}

/// The policies that can be decided on a vault and what is around it.
pub(super) const POLICIES: &[Policy] = &[
    Policy {
        guid: policies::DISABLE_PUBLIC_ACCESS,
        name: "Azure Key Vault should disable public network access",
        assignment: "kv-no-public-access",
        symbol: "noPublicAccess",
        for_hsm: false,
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
        for_hsm: false,
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
        for_hsm: false,
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
        for_hsm: false,
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
        for_hsm: false,
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
        for_hsm: false,
        effect_parameter: "effect",
        effect: "Deny",
        keeps: "`enableRbacAuthorization` is true",
        lacks: |_| "`enableRbacAuthorization` is not true",
        property: &["enableRbacAuthorization"],
        supports: &[],
        // It asks for the flag, also where that is the default (F6.29).
        holds: |_, vault| vault.property(&["enableRbacAuthorization"]).is_true(),
    },
    Policy {
        guid: policies::HSM_DISABLE_PUBLIC_ACCESS,
        name: "[Preview]: Azure Key Vault Managed HSM should disable public network access",
        assignment: "hsm-firewall",
        symbol: "hsmFirewall",
        for_hsm: true,
        effect_parameter: "effect",
        effect: "Deny",
        // Its name says more than it asks for (F6.30).
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
        for_hsm: true,
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
        for_hsm: true,
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
        for_hsm: true,
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

/// Whether public access is off, in a way that policies see: with an older API version they count it as on, and what a
/// perimeter secures too (F6.20, F6.33).
fn is_off(vault: &Vault) -> Truth {
    let is_old = vault.is_older_than(KNOWS_PUBLIC_ACCESS).is_true();
    vault.is_disabled().and(Truth::of(!is_old))
}

/// Why public access counts as on.
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

/// A policy that is assigned here may yet give the vault a setting.
fn is_logged(model: &Model, vault: &Vault) -> Truth {
    let knows_all = model.knows(names::DIAGNOSTIC_SETTING, Some(&vault.resource.id))
        && (vault.is_hsm || model.keeps_logs_by_policy().is_false());
    or_elsewhere(model.keeps_audit_log(vault), knows_all, "diagnostic settings", vault)
}

/// What does not hold here is open where other files may bring what it takes.
fn or_elsewhere(here: Truth, knows_all: bool, what: &str, vault: &Vault) -> Truth {
    match knows_all {
        true => here,
        false => here.or(Truth::Unknown(Unknowns::of(format!(
            "{what} of `{}` outside of the files",
            vault.resource.label()
        )))),
    }
}

/// One vault over all runs, with what each comes to.
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

    /// The vault in the run that a policy fails in; in the first one where it fails in none.
    pub(super) fn decisive(&self, policy: &Policy) -> Option<&Vault> {
        let failing = self.runs.iter().find(|(model, vault)| (policy.holds)(model, vault).is_false());
        failing.map(|(_, vault)| *vault).or(self.vault())
    }
}

/// The vaults that the files declare, each once.
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
