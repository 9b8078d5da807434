//! Built-in Azure Policy definitions about vaults, by their GUIDs.

/// Key vaults should disable public network access (F6.20).
pub const DISABLE_PUBLIC_ACCESS: &str = "405c5871-3e91-4644-8a63-58e19d68ff5b";
/// Key vaults should use private link (F6.21).
pub const USE_PRIVATE_LINK: &str = "a6abeaec-4d90-4a02-805f-6b26c4d3fbe9";
/// Key vaults should have the firewall enabled or public access disabled (F6.22).
pub const ENABLE_FIREWALL: &str = "55615ac9-af46-4a59-874e-391cc3dfb490";
/// Sets the default action to Deny on every vault (F6.23).
pub const MODIFY_FIREWALL: &str = "ac673a9a-f77d-4846-b2d8-a57f8e1c01dc";
/// Writes the zone group of every private endpoint for a vault (F6.24).
pub const DEPLOY_ZONE_GROUP: &str = "ac673a9a-f77d-4846-b2d8-a57f8e1c01d4";
/// Gives every vault a private endpoint (F6.25).
pub const DEPLOY_PRIVATE_ENDPOINT: &str = "9d4fad1f-5189-4a42-b29e-cf7929c6b6df";
/// Deprecated; [`USE_PRIVATE_LINK`] replaces it (F6.26).
pub const USE_PRIVATE_LINK_DEPRECATED: &str = "5f0bc445-3935-4915-9981-011aa2b46147";
/// Key vaults should use a service endpoint (F6.27).
pub const USE_SERVICE_ENDPOINT: &str = "ea4d6841-2173-4317-9747-ff522a45120f";
/// Resource logs of key vaults should be enabled (F6.28).
pub const ENABLE_LOGS: &str = "cf820ca0-f99e-4f3e-84fb-66e913812d21";
/// Give every vault a diagnostic setting (F6.28).
pub const DEPLOY_LOGS: [&str; 4] = [
    "951af2fa-529b-416e-ab6e-066fd85ac459",
    "ed7c8c13-51e7-49d1-8a43-8490431a0da2",
    "6b359d8f-f88d-4052-aa7c-32015963ecc1",
    "bef3f64c-5290-43b7-85b0-9b254eef4c47",
];
/// Key vaults should be protected from purge (F6.29).
pub const PURGE_PROTECTION: &str = "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53";
/// Key vaults should have soft delete (F6.29).
pub const SOFT_DELETE: &str = "1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d";
/// Key vaults should use the RBAC permission model (F6.29).
pub const USE_RBAC: &str = "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5";
/// Managed HSMs should disable public network access (F6.30).
pub const HSM_DISABLE_PUBLIC_ACCESS: &str = "19ea9d63-adee-4431-a95e-1913c6c1c75f";
/// Disables public network access on every managed HSM (F6.30).
pub const HSM_MODIFY_PUBLIC_ACCESS: &str = "84d327c3-164a-4685-b453-900478614456";
/// Managed HSMs should use private link (F6.30).
pub const HSM_USE_PRIVATE_LINK: &str = "59fee2f4-d439-4f1b-9b9a-982e1474bfd8";
/// Gives every managed HSM a private endpoint (F6.30).
pub const HSM_DEPLOY_PRIVATE_ENDPOINT: &str = "d1d6d8bb-cc7c-420f-8c7d-6f6f5279a844";
/// Resource logs of managed HSMs should be enabled (F6.30).
pub const HSM_ENABLE_LOGS: &str = "a2a5b911-5617-447e-a49e-59dbe0e0434b";
/// Managed HSMs should be protected from purge (F6.30).
pub const HSM_PURGE_PROTECTION: &str = "c39ba22d-4428-4149-b981-70acb31fc383";

/// The vault policy that a GUID is meant for and misses.
pub fn nearest(guid: &str) -> Option<&'static str> {
    // The GUIDs of the two that write are alike themselves, and like those of other services.
    let all = [
        DISABLE_PUBLIC_ACCESS,
        USE_PRIVATE_LINK,
        ENABLE_FIREWALL,
        DEPLOY_PRIVATE_ENDPOINT,
        USE_SERVICE_ENDPOINT,
        ENABLE_LOGS,
        PURGE_PROTECTION,
        SOFT_DELETE,
        USE_RBAC,
    ];
    all.into_iter().find(|id| super::guid::misses(guid, id))
}
