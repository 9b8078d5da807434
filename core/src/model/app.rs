//! App Service and function apps: their plan, their settings, the subnets they are integrated with.

use super::{Consumer, Firewall, Model, Subnet, Vault, comes_with, consumer, identity, key, property};
use crate::azure::names;
use crate::eval::{Kind, TermKind, Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::text::Name;
use std::collections::HashMap;
use std::rc::Rc;

/// An application setting.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its value.
    pub value: Value,
    /// What holds name and value in the app itself; null where the setting is written beside it.
    pub entry: Value,
    /// Whether it is set.
    pub present: Truth,
}

impl Consumer {
    /// Whether it is an app of App Service, or a slot of one.
    pub fn is_app(&self) -> bool {
        let kind = &self.resource.kind;
        let is_app = kind.eq_ignore_ascii_case(names::WEB_SITE) || kind.eq_ignore_ascii_case(names::WEB_SLOT);
        is_app && !self.resource.referenced
    }
}

/// IP rules that are computed from the outbound addresses that Azure returns for apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppAddresses {
    /// The app's own are among them.
    Own,
    /// They are those of other apps alone.
    Others,
}

/// What Azure, and the provider, call the addresses that an app calls from where it is integrated with no network (F5.44).
const OUTBOUND: &[&str] = &[
    "outboundIpAddresses",
    "possibleOutboundIpAddresses",
    "outbound_ip_addresses",
    "outbound_ip_address_list",
    "possible_outbound_ip_addresses",
    "possible_outbound_ip_address_list",
];

/// Functions that leave out a part of a list.
const SELECTING: &[&str] = &["element", "filter", "first", "index", "last", "skip", "slice", "take"];

impl Firewall {
    /// The apps whose addresses are IP rules, as they are referred to; nothing where there are other rules, too.
    fn apps_in_rules(&self) -> Option<Vec<Value>> {
        let mut apps = Vec::new();
        let is_all = collect_apps(&self.ip_rules_value, &mut apps);
        (!apps.is_empty()).then_some(apps).filter(|_| is_all || self.ip_rules.open.is_some())
    }
}

/// Collects the apps whose addresses a list is made of; whether there is nothing else in it.
fn collect_apps(list: &Value, into: &mut Vec<Value>) -> bool {
    match &list.kind {
        Kind::Array(array) => array.items().is_empty(),
        Kind::Term(term) => match &term.kind {
            TermKind::Call { name, args } if matches!(&**name, "concat" | "union") => {
                let mut is_all = true;
                for part in args {
                    is_all &= collect_apps(part, into);
                }
                is_all
            }
            TermKind::Call { name, .. } if SELECTING.contains(&&**name) => false,
            TermKind::Call { args, .. } => args.iter().any(|part| collect_apps(part, into)),
            TermKind::Property { of, name } if OUTBOUND.contains(&&**name) => {
                into.push(of.clone());
                true
            }
            _ => false,
        },
        _ => false,
    }
}

impl Model {
    /// Whether a vault's IP rules are the addresses of an app, or those of other apps.
    pub fn app_addresses(&self, vault: &Vault, app: &Consumer) -> Option<AppAddresses> {
        let named = vault.firewall.apps_in_rules().filter(|_| app.is_app())?;
        let plan = property(&app.resource, &["serverFarmId"]);
        let shares = |of: &Value| {
            let is_own = is_of(of, &app.resource);
            // The apps of one plan call from the same addresses.
            let mut others = self.apps().filter(|other| is_of(of, &other.resource));
            is_own
                || others.any(|other| {
                    identity::same(&property(&other.resource, &["serverFarmId"]), &plan).is_true()
                })
        };
        Some(if named.iter().any(shares) { AppAddresses::Own } else { AppAddresses::Others })
    }

    /// Whether IP rules that are the addresses of apps let an app in that calls from its own: open where the platform
    /// resolves references for it, which it may do from other addresses (F5.44). Apps of one unit share addresses.
    pub fn is_let_in_by_addresses(&self, vault: &Vault, app: &Consumer) -> Option<Truth> {
        let open = |what: &str| Truth::Unknown(Unknowns::of(format!("{what} of `{}`", app.resource.label())));
        Some(match self.app_addresses(vault, app)? {
            AppAddresses::Own if app.resolves_references(vault).is_false() => Truth::of(true),
            AppAddresses::Own => open("the addresses from which Azure resolves the references"),
            AppAddresses::Others => open("the public addresses"),
        })
    }

    /// The apps of App Service.
    pub fn apps(&self) -> impl Iterator<Item = &Consumer> {
        self.consumers.iter().filter(|consumer| consumer.is_app())
    }

    /// The subnets here that an app is integrated with, each with whether it surely is whenever the subnet is deployed.
    pub fn integration_subnets(&self, app: &Consumer) -> Vec<(&Subnet, Truth)> {
        let mut found = Vec::new();
        for id in &app.subnets {
            match self.subnet(id) {
                Some(subnet) => found.push((subnet, identity::same(&subnet.resource.id, id))),
                None if matches!(id.kind, Kind::Choice(_)) => found.extend(self.subnets_of(id)),
                None => {}
            }
        }
        found.retain(|(subnet, _)| !subnet.resource.referenced);
        for (subnet, is_its) in &mut found {
            *is_its = is_its.clone().and(comes_with(&subnet.resource, &app.resource));
        }
        found
    }

    /// What surely is in which subnet besides apps, by the key of the subnet: names, and whether it is an endpoint.
    pub fn tenants(&self) -> HashMap<Rc<str>, Vec<(Name, bool)>> {
        let mut found: HashMap<Rc<str>, Vec<(Name, bool)>> = HashMap::new();
        let mut add = |subnet: &Value, resource: &Resource, is_endpoint: bool| {
            found.entry(key(subnet)).or_default().push((resource.label(), is_endpoint));
        };
        for consumer in self.consumers.iter().filter(|consumer| !consumer.is_app()) {
            consumer.subnets.iter().for_each(|subnet| add(subnet, &consumer.resource, false));
        }
        for endpoint in &self.endpoints {
            add(&endpoint.subnet, &endpoint.resource, true);
        }
        found
    }

    /// Whether the plan of an app, if it is here, is one of these: of that SKU, or of that tier.
    pub fn has_plan(&self, app: &Consumer, sku: &str, tier: &str) -> Truth {
        let id = property(&app.resource, &["serverFarmId"]);
        match self.plan(&id) {
            Some(plan) => {
                let written = plan.body.get("sku");
                let is_such = written.get("name").is_word(sku).or(written.get("tier").is_word(tier));
                is_such.and(comes_with(&app.resource, plan))
            }
            None => Truth::Unknown(identity::open(&id)),
        }
    }

    /// The App Service plan here that has this id.
    pub(super) fn plan(&self, id: &Value) -> Option<&Resource> {
        self.others.iter().find(|other| {
            other.kind.eq_ignore_ascii_case(names::SERVER_FARM) && identity::same(&other.id, id).is_true()
        })
    }

    /// The values of an application setting, from the app and from what is written beside it.
    pub fn app_settings(&self, app: &Consumer, name: &str) -> Vec<Setting> {
        let mut found = Vec::new();
        for item in property(&app.resource, &["siteConfig", "appSettings"]).elements().items {
            let present = item.value.get("name").is_word(name).and(item.present);
            if !present.is_false() {
                found.push(Setting { value: item.value.get("value"), entry: item.value, present });
            }
        }
        for other in self.others.iter().filter(|other| is_app_settings(other)) {
            let value = property(other, &[name]);
            if !value.is_null() && value.is_known() && consumer::is_part_of(other, &app.resource) {
                found.push(Setting { value, entry: Value::null(), present: Truth::of(true) });
            }
        }
        found
    }
}

/// Whether what is referred to is this resource.
fn is_of(reference: &Value, resource: &Resource) -> bool {
    match &reference.kind {
        Kind::Term(term) => match &term.kind {
            TermKind::Property { of, .. } | TermKind::Partial { of, .. } => is_of(of, resource),
            TermKind::Call { name, args } if &**name == "reference" => {
                args.first().is_some_and(|id| identity::same(id, &resource.id).is_true())
            }
            TermKind::Named(address) => **address == *resource.address,
            _ => false,
        },
        _ => false,
    }
}

fn is_app_settings(resource: &Resource) -> bool {
    let is_config = consumer::is_settings(&resource.kind);
    is_config
        && identity::known_name(&resource.id).is_some_and(|name| name.eq_ignore_ascii_case("appsettings"))
}
