//! Ranges that are never the source of a packet on the internet.

use super::{Ipv4Net, Ipv4Set};
use std::net::Ipv4Addr;

/// A range with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedRange {
    /// The range.
    pub net: Ipv4Net,
    /// What it is for.
    pub name: &'static str,
}

const fn range(octets: [u8; 4], prefix: u8, name: &'static str) -> ReservedRange {
    let [a, b, c, d] = octets;
    ReservedRange { net: Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix), name }
}

/// Private addresses (RFC 1918).
pub static PRIVATE: &[ReservedRange] = &[
    range([10, 0, 0, 0], 8, "private (RFC 1918)"),
    range([172, 16, 0, 0], 12, "private (RFC 1918)"),
    range([192, 168, 0, 0], 16, "private (RFC 1918)"),
];

/// Other ranges that are never the source of a packet on the internet (RFC 6890).
pub static UNROUTABLE: &[ReservedRange] = &[
    range([0, 0, 0, 0], 8, "\"this network\""),
    range([100, 64, 0, 0], 10, "carrier-grade NAT"),
    range([127, 0, 0, 0], 8, "loopback"),
    range([169, 254, 0, 0], 16, "link-local"),
    range([192, 0, 2, 0], 24, "documentation (TEST-NET-1)"),
    range([198, 18, 0, 0], 15, "benchmarking"),
    range([198, 51, 100, 0], 24, "documentation (TEST-NET-2)"),
    range([203, 0, 113, 0], 24, "documentation (TEST-NET-3)"),
    range([224, 0, 0, 0], 4, "multicast"),
    range([240, 0, 0, 0], 4, "reserved for future use"),
];

/// Number of addresses of [`public_internet`].
const PUBLIC_SIZE: u64 = 3_702_258_944;

/// Whether all addresses of a network are private, so that a public endpoint never sees them.
pub fn is_private(net: &Ipv4Net) -> bool {
    PRIVATE.iter().any(|range| range.net.contains(net))
}

/// Every address that can appear as a source on the internet: all of IPv4 without [`PRIVATE`] and
/// [`UNROUTABLE`].
pub fn public_internet() -> Ipv4Set {
    let reserved = PRIVATE.iter().chain(UNROUTABLE).map(|range| range.net).collect();
    Ipv4Set::everything().difference(&reserved)
}

/// Whether a set contains at least 99 of 100 addresses of [`public_internet`], counted exactly. Other addresses in the
/// set do not matter.
pub fn covers_internet(set: &Ipv4Set) -> bool {
    // Most sets are far too small for the comparison.
    if set.size() * 100 < PUBLIC_SIZE * 99 {
        return false;
    }
    let public = public_internet();
    set.intersection(&public).size() * 100 >= PUBLIC_SIZE * 99
}
