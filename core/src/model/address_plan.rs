//! The IPv4 addresses of a subnet, as far as its prefixes are known.

use crate::azure::limits::{RESERVED_AT_SUBNET_END, RESERVED_AT_SUBNET_START};
use crate::eval::{Assumptions, Kind, Truth, Unknowns, Value};
use crate::net::{Ipv4Net, NotIpv4Kind, parse_rule};
use std::net::Ipv4Addr;

/// The prefixes of a subnet.
#[derive(Clone, Debug, Default)]
pub struct AddressPlan {
    /// Those that are known.
    pub nets: Vec<Ipv4Net>,
    /// The defaults they rest on.
    assumed: Assumptions,
    /// Set when there may be others.
    open: Option<Unknowns>,
}

impl AddressPlan {
    /// Reads `addressPrefix` or `addressPrefixes`.
    pub(super) fn read(prefixes: &Value) -> Self {
        let mut plan = Self { assumed: prefixes.assumed.clone(), ..Self::default() };
        match &prefixes.kind {
            Kind::Text(_) => plan.add(prefixes),
            _ => {
                let list = prefixes.elements();
                for item in &list.items {
                    match &item.present {
                        Truth::True(_) => plan.add(&item.value),
                        present => plan.open_on(present.depends()),
                    }
                }
                if let Some(depends) = list.open {
                    plan.open_on(depends);
                }
            }
        }
        // Azure may take the prefix from a pool: then it is written nowhere.
        if plan.nets.is_empty() && plan.open.is_none() {
            let depends = prefixes.depends();
            let is_open = depends.names().next().is_some();
            plan.open_on(if is_open { depends } else { Unknowns::of("the address prefix of the subnet") });
        }
        plan
    }

    fn add(&mut self, prefix: &Value) {
        match prefix.as_text().map(parse_rule) {
            Some(Ok(rule)) => {
                self.nets.push(rule.net);
                self.assumed = self.assumed.and(&prefix.assumed);
            }
            Some(Err(not)) if not.kind == NotIpv4Kind::Ipv6 => {}
            Some(Err(_)) => self.open_on(Unknowns::of(prefix.display())),
            None => self.open_on(prefix.depends()),
        }
    }

    fn open_on(&mut self, depends: Unknowns) {
        self.open = Some(self.open.take().unwrap_or_default().and(depends));
    }

    /// What decides whether there are other prefixes than those that are known.
    pub fn open(&self) -> Option<&Unknowns> {
        self.open.as_ref()
    }

    /// The defaults that the known prefixes rest on.
    pub fn assumed(&self) -> &Assumptions {
        &self.assumed
    }

    /// Whether it has fewer addresses than one prefix of this length.
    pub fn is_smaller_than(&self, length: u8) -> Truth {
        let is_longer = |net: &Ipv4Net| net.prefix_len() > length;
        match (&self.open, self.nets.as_slice()) {
            (None, [net]) => self.settle(Truth::of(is_longer(net))),
            (Some(depends), nets) if nets.iter().all(is_longer) => Truth::Unknown(depends.clone()),
            _ => Truth::of(false),
        }
    }

    /// Whether this is an IPv4 address outside of the subnet.
    pub fn lacks(&self, address: &Value) -> Truth {
        let inside = |address| self.nets.iter().any(|net| net.contains(&address));
        let lacks = test(address, &|address| match inside(address) {
            true => Some(false),
            false if self.open.is_some() => None,
            false => Some(true),
        });
        self.settle(lacks)
    }

    /// Whether Azure keeps this IPv4 address of the subnet for itself (F4.7). Which it keeps of several prefixes is not
    /// documented.
    pub fn keeps(&self, address: &Value) -> Truth {
        let keeps = test(address, &|address| match self.nets.as_slice() {
            [net] => {
                let is_kept = net.contains(&address)
                    && (address.to_bits() - net.network().to_bits() < RESERVED_AT_SUBNET_START
                        || net.broadcast().to_bits() - address.to_bits() < RESERVED_AT_SUBNET_END);
                if self.open.is_some() && !is_kept { None } else { Some(is_kept) }
            }
            [] => None,
            _ => Some(false),
        });
        self.settle(keeps)
    }

    fn settle(&self, truth: Truth) -> Truth {
        match (truth, &self.open) {
            (Truth::Unknown(depends), Some(open)) => Truth::Unknown(depends.and(open.clone())),
            (truth, _) => truth.assuming(&self.assumed),
        }
    }

    /// The prefixes as a reader would name them.
    pub fn display(&self) -> String {
        let nets: Vec<String> = self.nets.iter().map(|net| format!("`{net}`")).collect();
        nets.join(" and ")
    }
}

/// What holds of a value that is an IPv4 address; nothing holds of one that is not.
fn test(address: &Value, predicate: &dyn Fn(Ipv4Addr) -> Option<bool>) -> Truth {
    address.test(&|address| match &address.kind {
        Kind::Text(text) => text.parse().map_or(Some(false), predicate),
        Kind::Term(_) => None,
        _ => Some(false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(prefixes: &[&str]) -> AddressPlan {
        AddressPlan::read(&Value::array(prefixes.iter().map(|text| Value::text(*text)).collect()))
    }

    #[test]
    fn azure_keeps_the_first_four_addresses_and_the_last() {
        let plan = plan(&["10.0.1.16/28"]);
        for (last, kept) in [(15, false), (16, true), (19, true), (20, false), (30, false), (31, true)] {
            let address = Value::text(format!("10.0.1.{last}"));
            assert_eq!(plan.keeps(&address), Truth::of(kept), "{last}");
            assert_eq!(plan.lacks(&address), Truth::of(last == 15), "{last}");
        }
    }

    #[test]
    fn an_address_can_be_in_any_prefix_of_several() {
        let plan = plan(&["10.0.1.0/28", "10.0.2.0/28", "fd00::/64"]);
        assert!(plan.lacks(&Value::text("10.0.2.7")).is_false());
        assert!(plan.lacks(&Value::text("10.0.3.7")).is_true());
    }

    #[test]
    fn what_is_open_of_a_plan_may_hold_any_address() {
        let known = Value::text("10.0.1.0/28");
        let plan = AddressPlan::read(&Value::array(vec![known, Value::parameter("more", Vec::new())]));
        assert!(plan.lacks(&Value::text("10.0.1.7")).is_false());
        assert!(plan.lacks(&Value::text("10.0.3.7")).is_unknown());
        assert!(AddressPlan::read(&Value::null()).lacks(&Value::text("10.0.3.7")).is_unknown());
    }
}
