//! IPv4 rules and sets of addresses, independent of Azure. Every operation is O(n log n) or better.

mod reserved;
mod rule;
mod set;
#[cfg(test)]
mod tests;

pub use ipnet::Ipv4Net;
pub use reserved::{PRIVATE, ReservedRange, UNROUTABLE, covers_internet, is_private, public_internet};
pub use rule::{Ipv4Rule, NotIpv4, NotIpv4Kind, parse_rule};
pub use set::{Ipv4Set, Merge, covering, mergeable};
