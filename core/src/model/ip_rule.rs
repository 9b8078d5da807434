//! The entries of `ipRules`, read in one place for every rule and for the simulator.

use super::Firewall;
use crate::eval::{Assumptions, Kind, TermKind, Truth, Unknowns, Value};
use crate::net::{Ipv4Net, Ipv4Rule, Ipv4Set, NotIpv4, covers_internet, parse_rule};
use std::cell::OnceCell;

/// What a text says as a rule.
pub type Reading = Result<Ipv4Rule, NotIpv4>;

/// No service of the platform has so few addresses.
const OF_ONE_OFFICE: u64 = 64;

/// One entry of `ipRules`.
#[derive(Clone, Debug)]
pub struct IpRule {
    /// The entry.
    pub entry: Value,
    /// Its `value`.
    pub value: Value,
    /// Whether it is in the list.
    pub present: Truth,
    /// Its text, read, when it is known outright.
    reading: Option<Reading>,
}

/// What `ipRules` come to. Many rules ask, so each answer is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct IpRules {
    rules: OnceCell<Vec<IpRule>>,
    covers: OnceCell<Truth>,
}

/// A rule that is surely in the list and surely this net.
#[derive(Clone, Debug)]
pub struct SureNet<'f> {
    /// The rule.
    pub rule: &'f IpRule,
    /// Its net.
    pub net: &'f Ipv4Rule,
    /// The defaults both rest on.
    pub assumed: Assumptions,
}

impl Firewall {
    /// The entries of `ipRules` with a text, or with something that may be one.
    pub fn address_rules(&self) -> &[IpRule] {
        self.read.rules.get_or_init(|| {
            let items = self.ip_rules.items.iter();
            let rules = items.map(|item| IpRule::new(&item.value, item.present.clone()));
            rules.filter(|rule| !rule.value.is_known() || rule.value.as_text().is_some()).collect()
        })
    }

    /// Those of which every text they may have is known.
    pub fn readable_rules(&self) -> impl Iterator<Item = &IpRule> {
        self.address_rules().iter().filter(|rule| rule.is_readable())
    }

    /// Whether the rules may be those of a service, which calls from more addresses than an office or an agent has.
    pub fn may_admit_a_service(&self) -> Truth {
        if let Some(open) = self.unreadable_addresses() {
            return Truth::Unknown(open);
        }
        let mut assumed = self.ip_rules.assumed.clone();
        let mut addresses: u64 = 0;
        for rule in self.readable_rules() {
            assumed = assumed.and(&rule.value.assumed);
            for net in rule.readings().into_iter().filter_map(|(_, read)| read.ok()) {
                addresses = addresses.saturating_add(1 << (32 - u64::from(net.net.prefix_len().min(32))));
            }
        }
        Truth::of(addresses > OF_ONE_OFFICE).assuming(&assumed)
    }

    /// What keeps `ipRules` from being read: rules that may be there or may say anything.
    pub fn unreadable_addresses(&self) -> Option<Unknowns> {
        let rules = self.address_rules().iter().filter(|rule| !rule.is_readable());
        let values = rules.map(|rule| rule.value.depends());
        values.chain(self.ip_rules.open.clone()).reduce(Unknowns::and)
    }

    /// The rules that are surely there and have one net each.
    pub fn sure_nets(&self) -> Vec<SureNet<'_>> {
        let sure = |rule: &'_ IpRule| {
            let (Truth::True(assumed), Some(Ok(_))) = (&rule.present, &rule.reading) else { return None };
            Some(assumed.and(&rule.value.assumed))
        };
        self.address_rules()
            .iter()
            .filter_map(|rule| {
                Some(SureNet { assumed: sure(rule)?, net: rule.reading.as_ref()?.as_ref().ok()?, rule })
            })
            .collect()
    }

    /// Whether the rules let in (nearly) the whole internet together. What cannot be read is left aside.
    pub fn covers_internet(&self) -> Truth {
        self.read.covers.get_or_init(|| self.decide_covers()).clone()
    }

    fn decide_covers(&self) -> Truth {
        let covers = |nets: &mut dyn Iterator<Item = Ipv4Net>| covers_internet(&nets.collect::<Ipv4Set>());
        let readable: Vec<&IpRule> = self.readable_rules().collect();
        let alone = readable
            .iter()
            .fold(Truth::of(false), |any, rule| any.or(rule.is_net(&|rule| rule.net.prefix_len() == 0)));
        if alone.is_true() {
            return alone;
        }
        let sure = self.sure_nets();
        // As few assumptions as possible: what is written there literally may be enough.
        if covers(&mut sure.iter().filter(|sure| sure.assumed.is_empty()).map(|sure| sure.net.net)) {
            return Truth::of(true);
        }
        let assumed = sure.iter().fold(Assumptions::default(), |all, sure| all.and(&sure.assumed));
        if covers(&mut sure.iter().map(|sure| sure.net.net)) {
            return Truth::True(assumed);
        }
        // Where every rule is sure there is nothing else to add.
        if readable.iter().all(|rule| rule.reading.is_some() && rule.present.is_true()) {
            return Truth::False(assumed);
        }
        let nets = readable.iter().flat_map(|rule| rule.readings()).filter_map(|(_, read)| read.ok());
        if !covers(&mut nets.map(|rule| rule.net)) {
            return Truth::False(assumed);
        }
        let open = readable.iter().map(|rule| match &rule.present {
            Truth::Unknown(depends) => depends.clone().and(rule.value.depends()),
            _ => rule.value.depends(),
        });
        Truth::Unknown(open.reduce(Unknowns::and).unwrap_or_default())
    }
}

impl IpRule {
    fn new(entry: &Value, present: Truth) -> Self {
        let value = entry.get("value");
        let reading = value.as_text().map(parse_rule);
        Self { entry: entry.clone(), value, present, reading }
    }

    /// What a finding about this entry is about, of the vault.
    pub fn part(&self) -> String {
        self.value.normal()
    }

    /// What a finding is about that concerns what the range contains beside what is meant.
    pub fn wide_part(&self) -> String {
        format!("within {}", self.value.normal())
    }

    /// Whether every text it may have is known.
    pub fn is_readable(&self) -> bool {
        self.reading.is_some() || self.value.test(&|value| value.is_known().then_some(true)).is_true()
    }

    /// Whether it is in the list and a text of which this holds.
    pub fn test(&self, predicate: &dyn Fn(&Reading) -> bool) -> Truth {
        if let Some(reading) = &self.reading {
            let holds = predicate(reading);
            if !holds && self.value.assumed.is_empty() {
                return Truth::of(false);
            }
            return self.present.clone().and(Truth::of(holds).assuming(&self.value.assumed));
        }
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
