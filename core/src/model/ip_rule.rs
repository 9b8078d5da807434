//! The entries of `ipRules`, read in one place for every rule and for the simulator.

use super::Firewall;
use crate::eval::{Assumed, Depends, Kind, TermKind, Truth, Value};
use crate::net::{Ipv4Net, Ipv4Rule, Ipv4Set, NotIpv4, covers_internet, parse_rule};

/// What a text says as a rule.
pub type Reading = Result<Ipv4Rule, NotIpv4>;

/// One entry of `ipRules`.
#[derive(Clone, Debug)]
pub struct IpRule {
    /// The entry.
    pub entry: Value,
    /// Its `value`.
    pub value: Value,
    /// Whether it is in the list.
    pub present: Truth,
}

/// A rule that is surely in the list and surely this net.
#[derive(Clone, Debug)]
pub struct SureNet {
    /// The rule.
    pub rule: IpRule,
    /// Its net.
    pub net: Ipv4Rule,
    /// The defaults both rest on.
    pub assumed: Assumed,
}

impl Firewall {
    /// The entries of `ipRules` with a text, or with something that may be one.
    pub fn address_rules(&self) -> impl Iterator<Item = IpRule> {
        self.ip_rules
            .items
            .iter()
            .map(|item| IpRule {
                entry: item.value.clone(),
                value: item.value.get("value"),
                present: item.present.clone(),
            })
            .filter(|rule| !rule.value.is_known() || rule.value.as_text().is_some())
    }

    /// What keeps `ipRules` from being read: rules that may be there or may say anything.
    pub fn unreadable_addresses(&self) -> Option<Depends> {
        let rules = self.address_rules().filter(|rule| !rule.is_readable());
        let values = rules.map(|rule| rule.value.depends());
        values.chain(self.ip_rules.open.clone()).reduce(Depends::and)
    }

    /// The rules that are surely there and have one net each.
    pub fn sure_nets(&self) -> Vec<SureNet> {
        let sure = |rule: IpRule| {
            let Truth::True(assumed) = rule.present.clone() else { return None };
            let net = parse_rule(rule.value.as_text()?).ok()?;
            Some(SureNet { net, assumed: assumed.and(&rule.value.assumed), rule })
        };
        self.address_rules().filter_map(sure).collect()
    }

    /// Whether the rules let in (nearly) the whole internet together. What cannot be read is left aside.
    pub fn covers_internet(&self) -> Truth {
        let covers = |nets: &mut dyn Iterator<Item = Ipv4Net>| covers_internet(&nets.collect::<Ipv4Set>());
        let readable: Vec<IpRule> = self.address_rules().filter(IpRule::is_readable).collect();
        let alone = readable
            .iter()
            .fold(Truth::of(false), |any, rule| any.or(rule.is_net(&|rule| rule.net.prefix_len() == 0)));
        if alone.is_true() {
            return alone;
        }
        let sure = self.sure_nets();
        // As few assumptions as possible: what stands there outright may be enough.
        if covers(&mut sure.iter().filter(|sure| sure.assumed.is_empty()).map(|sure| sure.net.net)) {
            return Truth::of(true);
        }
        let assumed = sure.iter().fold(Assumed::default(), |all, sure| all.and(&sure.assumed));
        if covers(&mut sure.iter().map(|sure| sure.net.net)) {
            return Truth::True(assumed);
        }
        let nets = readable.iter().flat_map(IpRule::readings).filter_map(|(_, read)| read.ok());
        if !covers(&mut nets.map(|rule| rule.net)) {
            return Truth::False(assumed);
        }
        let open = readable.iter().map(|rule| match &rule.present {
            Truth::Unknown(depends) => depends.clone().and(rule.value.depends()),
            _ => rule.value.depends(),
        });
        Truth::Unknown(open.reduce(Depends::and).unwrap_or_default())
    }
}

impl IpRule {
    /// Whether every text it may have is known.
    pub fn is_readable(&self) -> bool {
        self.value.test(&|value| value.is_known().then_some(true)).is_true()
    }

    /// Whether it is in the list and a text of which this holds.
    pub fn test(&self, predicate: &dyn Fn(&Reading) -> bool) -> Truth {
        let holds = self.value.test(&|value| match &value.kind {
            Kind::Text(text) => Some(predicate(&parse_rule(text))),
            Kind::Term(_) => None,
            _ => Some(false),
        });
        self.present.clone().and(holds)
    }

    /// Whether it is in the list and an IPv4 net of which this holds.
    pub fn is_net(&self, predicate: &dyn Fn(&Ipv4Rule) -> bool) -> Truth {
        self.test(&|read| read.as_ref().is_ok_and(predicate))
    }

    /// The texts it may have, read.
    pub fn readings(&self) -> Vec<(String, Reading)> {
        let mut found = Vec::new();
        collect(&self.value, &mut found);
        found
    }

    /// Its texts as a reader would name them.
    pub fn display(&self) -> String {
        let texts: Vec<String> = self.readings().into_iter().map(|(text, _)| format!("`{text}`")).collect();
        texts.join(" or ")
    }
}

fn collect(value: &Value, into: &mut Vec<(String, Reading)>) {
    match &value.kind {
        Kind::Text(text) if into.iter().all(|(known, _)| **known != **text) => {
            into.push((text.to_string(), parse_rule(text)));
        }
        Kind::Choice(choice) => {
            collect(&choice.then, into);
            collect(&choice.otherwise, into);
        }
        Kind::Term(term) => {
            if let TermKind::Parameter { allowed, .. } = &term.kind {
                allowed.iter().for_each(|value| collect(value, into));
            }
        }
        _ => {}
    }
}
