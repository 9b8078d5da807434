//! App Service and function apps: their plan, their settings, the subnets they are integrated with.

use super::{Consumer, Model, Subnet, comes_with, consumer, identity, key, property};
use crate::azure::names;
use crate::eval::{Kind, Truth, Value};
use crate::lang::Resource;
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
        is_app && !self.resource.existing
    }
}

impl Model {
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
        found.retain(|(subnet, _)| !subnet.resource.existing);
        for (subnet, is_its) in &mut found {
            *is_its = is_its.clone().and(comes_with(&subnet.resource, &app.resource));
        }
        found
    }

    /// What surely is in which subnet besides apps, by the key of the subnet: names, and whether it is an endpoint.
    pub fn tenants(&self) -> HashMap<Rc<str>, Vec<(String, bool)>> {
        let mut found: HashMap<Rc<str>, Vec<(String, bool)>> = HashMap::new();
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

fn is_app_settings(resource: &Resource) -> bool {
    let is_config = consumer::is_settings(&resource.kind);
    is_config
        && identity::known_name(&resource.id).is_some_and(|name| name.eq_ignore_ascii_case("appsettings"))
}
