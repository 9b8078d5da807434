//! The network around the files, which the files do not describe: the configuration states it.

use crate::net::{Ipv4Net, parse_rule};
use std::net::Ipv4Addr;

/// What the configuration states about the environment that the files are deployed into; the rest is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// A policy writes the zone groups of private endpoints (F6.24).
    pub policy_managed_dns: bool,
    /// DNS servers that forward the names of vaults to Azure's DNS, where the private zone is linked (F4.52).
    pub dns_forwarders: DnsForwarders,
    /// Networks outside of Azure that are connected to those in it.
    pub on_premises: Vec<Ipv4Net>,
    /// Public addresses that pipelines come from.
    pub runner_addresses: Vec<Ipv4Addr>,
    /// Subnets that pipelines run in: names, addresses or ids.
    pub runner_subnets: Vec<String>,
}

/// Which DNS servers forward to Azure's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DnsForwarders {
    /// It is unknown of all of them.
    #[default]
    Unknown,
    /// Every one that a network names.
    All,
    /// These do.
    These(Vec<Ipv4Addr>),
}

impl DnsForwarders {
    /// Whether a DNS server, as a network names it, surely forwards.
    pub fn contain(&self, server: &str) -> bool {
        match self {
            Self::Unknown => false,
            Self::All => true,
            Self::These(addresses) => {
                server.parse().is_ok_and(|server: Ipv4Addr| addresses.contains(&server))
            }
        }
    }
}

impl Site {
    /// Whether an address is outside of Azure.
    pub fn is_on_premises(&self, address: Ipv4Addr) -> bool {
        self.on_premises.iter().any(|net| net.contains(&address))
    }

    /// Reads a network, or says what the text is instead.
    ///
    /// # Errors
    ///
    /// The end of a sentence that begins with the text: "is not an IPv4 address".
    pub fn net(text: &str) -> Result<Ipv4Net, String> {
        parse_rule(text).map(|rule| rule.net).map_err(|not| not.reason)
    }

    /// Reads an address in the same way.
    ///
    /// # Errors
    ///
    /// As for [`Site::net`].
    pub fn address(text: &str) -> Result<Ipv4Addr, String> {
        match Self::net(text)? {
            net if net.prefix_len() == 32 => Ok(net.addr()),
            _ => Err("is a range; one address is needed".to_owned()),
        }
    }
}
