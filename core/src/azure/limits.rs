//! Counts and lengths Azure enforces.

/// Access policies of a vault (F1.11).
pub const ACCESS_POLICIES: usize = 1024;
/// Private endpoints of one vault or HSM (F4.8).
pub const PRIVATE_ENDPOINTS_PER_VAULT: usize = 64;
/// Vaults (or HSMs) with private endpoints in one subscription; adjustable (F1.38).
pub const VAULTS_WITH_ENDPOINTS_PER_SUBSCRIPTION: usize = 400;
/// Characters of the message that asks for an endpoint's approval (F4.2).
pub const REQUEST_MESSAGE_LENGTH: usize = 140;
/// Zone groups of a private endpoint (F4.35).
pub const ZONE_GROUPS_PER_ENDPOINT: usize = 1;
/// Zones in a zone group (F4.35).
pub const ZONES_PER_ZONE_GROUP: usize = 5;
/// Virtual network links of a private zone (F4.42).
pub const LINKS_PER_ZONE: usize = 1000;
/// Links of a private zone that register virtual machines (F4.42).
pub const REGISTRATION_LINKS_PER_ZONE: usize = 100;
/// Records in a record set (F4.42).
pub const RECORDS_PER_SET: usize = 20;
/// Days a deleted vault is kept: the least and the most (F1.15).
pub const SOFT_DELETE_RETENTION_DAYS: (i64, i64) = (7, 90);
/// Characters of a vault's or HSM's name: the least and the most (F1.40, F1.41).
pub const VAULT_NAME_LENGTH: (usize, usize) = (3, 24);
/// Addresses at the start of every subnet that Azure keeps: network, gateway, two for DNS (F4.7).
pub const RESERVED_AT_SUBNET_START: u32 = 4;
/// Addresses at the end of every subnet that Azure keeps: broadcast (F4.7).
pub const RESERVED_AT_SUBNET_END: u32 = 1;
/// Prefix length of the smallest subnet (F4.7).
pub const SMALLEST_SUBNET_PREFIX: u8 = 29;
/// Prefix length of the smallest subnet for App Service integration (F5.1).
pub const SMALLEST_APP_SERVICE_SUBNET_PREFIX: u8 = 28;
