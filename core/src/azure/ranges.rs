//! Address ranges Azure refuses in a vault's rules, or that never reach a vault over its public endpoint.

use crate::net::{Ipv4Net, PRIVATE, ReservedRange, UNROUTABLE};
use std::net::Ipv4Addr;

/// The address of Azure's DNS and health probes inside every virtual network (F4.53).
pub const WIRE_SERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

static WIRE_SERVER_RANGE: ReservedRange =
    ReservedRange { net: Ipv4Net::new_assert(WIRE_SERVER, 32), name: "Azure's wire server" };

/// The private range a net lies in: the service rejects such a rule (F2.1).
pub fn private_range(net: &Ipv4Net) -> Option<&'static ReservedRange> {
    PRIVATE.iter().find(|range| range.net.contains(net))
}

/// A private range that a wider net merely reaches into (F2.4: what the service does is not known).
pub fn overlapped_private_range(net: &Ipv4Net) -> Option<&'static ReservedRange> {
    PRIVATE.iter().find(|range| net.contains(&range.net) && *net != range.net)
}

/// The range a net lies in that is never the source of a request from the internet (F2.3, F2.4).
pub fn unroutable_range(net: &Ipv4Net) -> Option<&'static ReservedRange> {
    UNROUTABLE.iter().chain([&WIRE_SERVER_RANGE]).find(|range| range.net.contains(net))
}
