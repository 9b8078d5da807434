//! Networks that rows name by their ids: they exist, and nothing else is known of them. Zones are not among them: rules
//! ask about their ids.

use super::identifier;
use crate::azure::names;
use crate::eval::Value;
use crate::lang::Resource;
use std::collections::HashSet;
use std::rc::Rc;

/// More than this is not added: rows name few things that are not among them.
const MOST: usize = 2_000;

/// The networks and subnets that rows name and that are not among them.
pub(super) fn resources(shown: &[Resource]) -> Vec<Resource> {
    let id_of = |resource: &Resource| resource.id.as_text().map(str::to_ascii_lowercase);
    let mut seen: HashSet<String> = shown.iter().filter_map(id_of).collect();
    let mut found = Vec::new();
    for resource in shown {
        for (kind, id) in ids(resource) {
            let Some(text) = id.as_text().filter(|text| identifier::is_below_subscription(text)) else {
                continue;
            };
            let is_it = identifier::kind(text).is_some_and(|of| of.eq_ignore_ascii_case(kind));
            if is_it && found.len() < MOST && seen.insert(text.to_ascii_lowercase()) {
                found.extend(existing(kind, text, &id, resource));
            }
        }
    }
    found
}

/// The ids in a row, with the types of what they are for.
fn ids(resource: &Resource) -> Vec<(&'static str, Value)> {
    let properties = resource.body.get("properties");
    match &*resource.kind {
        names::PRIVATE_ENDPOINT => of_subnet(properties.path(&["subnet", "id"])),
        names::NETWORK_INTERFACE => {
            let configs = properties.get("ipConfigurations");
            let configs = configs.as_array().unwrap_or_default().iter();
            configs.flat_map(|config| of_subnet(config.path(&["properties", "subnet", "id"]))).collect()
        }
        names::ZONE_LINK => vec![(names::VIRTUAL_NETWORK, properties.path(&["virtualNetwork", "id"]))],
        names::VAULT => {
            let rules = properties.path(&["networkAcls", "virtualNetworkRules"]);
            let rules = rules.as_array().unwrap_or_default().iter();
            rules.flat_map(|rule| of_subnet(rule.get("id"))).collect()
        }
        _ => Vec::new(),
    }
}

/// A subnet, and the network that it is in.
fn of_subnet(id: Value) -> Vec<(&'static str, Value)> {
    let network = id.as_text().and_then(|text| identifier::parent(text, names::SUBNET));
    let network = network.map(|network| (names::VIRTUAL_NETWORK, Value::text(network).at(id.place)));
    network.into_iter().chain([(names::SUBNET, id)]).collect()
}

fn existing(kind: &str, text: &str, id: &Value, by: &Resource) -> Option<Resource> {
    let place = id.place.unwrap_or(by.place);
    let name = Value::text(identifier::name(text)?).at(Some(place));
    // Rows spell one id in several ways, and what is open is the same.
    let unknown = Value::property(Value::text(text.to_ascii_lowercase()), "properties");
    let properties = Value::partial(unknown, Value::null());
    Some(Resource {
        kind: Rc::from(kind),
        address: format!("{kind}/{}", name.display()),
        name,
        id: id.clone(),
        api_version: Value::null(),
        body: Value::record([("properties", properties)]).at(Some(place)),
        referenced: true,
        condition: Value::bool(true),
        repeated: false,
        partially_parsed: false,
        only_created: false,
        made_as: None,
        provider: None,
        place,
    })
}
