//! What private link calls vaults and managed HSMs.

use super::names::{HSM_GROUP, MANAGED_HSM, VAULT, VAULT_GROUP};

/// A kind of resource that private endpoints connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateLinkResource {
    /// Its ARM type.
    pub kind: &'static str,
    /// What it is called in a sentence.
    pub noun: &'static str,
    /// The group that a connection to it names (F4.1).
    pub group: &'static str,
}

/// A key vault.
pub const VAULT_LINK: PrivateLinkResource =
    PrivateLinkResource { kind: VAULT, noun: "vault", group: VAULT_GROUP };
/// A managed HSM.
pub const HSM_LINK: PrivateLinkResource =
    PrivateLinkResource { kind: MANAGED_HSM, noun: "managed HSM", group: HSM_GROUP };

/// Both.
pub static PRIVATE_LINK_RESOURCES: &[PrivateLinkResource] = &[VAULT_LINK, HSM_LINK];
