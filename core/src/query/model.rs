//! The network model as a report.

use crate::azure::Feature;
use crate::eval::{Assumptions, Elements, Kind, Truth, Value};
use crate::input::Environment;
use crate::lang::Documents;
use crate::lang::Resource;
use crate::model::{Model, Vault, identity, wrapped};
use crate::render::Places;
use crate::report::{
    ElementModel, Known, LinkModel, ModelReport, NetworkAclsModel, Proof, Range, VERSION, VaultModel,
};
use crate::sorted::{Map, sort};
use crate::text::{shortened, unmarked};
use std::collections::HashSet;
use std::rc::Rc;

pub(crate) fn report(documents: &Documents, environments: &[Rc<Environment>]) -> ModelReport {
    let places = Places::new(documents);
    let mut report = ModelReport { version: VERSION, ..ModelReport::default() };
    for environment in environments {
        let model = &environment.model;
        describe(model, &places, &mut report);
        describe(&model.of_left_out(), &places, &mut report);
        let (links, left_out) = links(model);
        report.links.extend(links);
        report.links_left_out |= left_out;
    }
    sort(&mut report.links);
    report.links.dedup();
    report
}

fn describe(model: &Model, places: &Places, into: &mut ModelReport) {
    into.vaults.extend(model.vaults.iter().map(|vault| of_vault(vault, places)));
    into.private_endpoints.extend(model.endpoints.iter().map(|endpoint| {
        let unseen = Known::Unknown {
            unknown: format!("{}.privateLinkServiceConnections", endpoint.resource.id.normal()),
        };
        let connections = endpoint.connections.iter().map(|connection| {
            Known::Object(Map::from(vec![
                ("target".to_owned(), known(&connection.target)),
                ("groupIds".to_owned(), known(&connection.group_ids)),
                ("manual".to_owned(), Known::Bool(connection.manual)),
                ("status".to_owned(), known(&connection.status)),
            ]))
        });
        let addresses = list(&endpoint.ip_configurations, |item| {
            let keys = ["groupId", "memberName", "privateIPAddress"];
            Value::record(keys.map(|key| (key, wrapped(item, key))))
        });
        Element::of(&endpoint.resource)
            .with("location", &endpoint.resource.body.get("location"))
            .with("subnet", &endpoint.subnet)
            .with_list("connections", connections.chain(endpoint.unseen.as_ref().map(|_| unseen)).collect())
            .with_list("ipConfigurations", addresses)
            .with_shown("customDnsConfigs", &endpoint.dns_configs)
            .build(places)
    }));
    into.dns_zones.extend(model.zones.iter().map(|zone| {
        Element::of(&zone.resource).with("location", &zone.resource.body.get("location")).build(places)
    }));
    into.zone_links.extend(model.zone_links.iter().map(|link| {
        Element::of(&link.resource)
            .with("zone", &link.zone)
            .with("virtualNetwork", &link.network)
            .with("registrationEnabled", &link.registration)
            .with("resolutionPolicy", &link.resolution_policy)
            .with_shown("virtualNetworkLinkState", &link.state)
            .build(places)
    }));
    into.zone_groups.extend(model.zone_groups.iter().map(|group| {
        let element = Element::of(&group.resource)
            .with("privateEndpoint", &group.endpoint)
            .with_list("zones", list(&group.configs, |item| wrapped(item, "privateDnsZoneId")));
        let record_sets = group.record_sets();
        if record_sets.iter().all(Value::is_null) {
            return element.build(places);
        }
        let records = record_sets.iter().flat_map(|of_zone| list(&of_zone.elements(), Value::clone));
        element.with_list("recordSets", records.collect()).build(places)
    }));
    into.records.extend(model.records.iter().map(|record| {
        Element::of(&record.resource)
            .with("zone", &record.zone)
            .with_list("addresses", list(&record.addresses, |item| item.get("ipv4Address")))
            .build(places)
    }));
    into.virtual_networks.extend(model.networks.iter().map(|network| {
        Element::of(&network.resource)
            .with("location", &network.resource.body.get("location"))
            .with("addressPrefixes", &network.address_prefixes)
            .with("dnsServers", &network.dns_servers)
            .build(places)
    }));
    into.subnets.extend(model.subnets.iter().map(|subnet| {
        Element::of(&subnet.resource)
            .with("virtualNetwork", &identity::parent(&subnet.resource.id).unwrap_or_default())
            .with("addressPrefixes", &subnet.address_prefixes)
            .with_list("serviceEndpoints", list(&subnet.service_endpoints, |item| item.get("service")))
            .with_list("delegations", list(&subnet.delegations, |item| wrapped(item, "serviceName")))
            .with("privateEndpointNetworkPolicies", &subnet.network_policies)
            .with("networkSecurityGroup", &subnet.security_group)
            .with("routeTable", &subnet.route_table)
            .build(places)
    }));
    into.consumers.extend(model.consumers.iter().map(|consumer| {
        Element::of(&consumer.resource)
            .with("service", &Value::text(consumer.service_name()))
            .with("trusted", &Value::bool(consumer.service.trusted))
            .with_list("subnets", consumer.subnets.iter().map(known).collect())
            .build(places)
    }));
}

/// An element of the report while it is built.
struct Element<'r> {
    resource: &'r Resource,
    properties: Map<String, Known>,
    assumed: Assumptions,
}

impl<'r> Element<'r> {
    fn of(resource: &'r Resource) -> Self {
        let assumed = resource.name.assumed.and(&resource.condition.assumed);
        Self { resource, properties: Map::default(), assumed }
    }

    fn with(mut self, key: &str, value: &Value) -> Self {
        self.assumed = self.assumed.and(&value.assumed);
        self.properties.insert(key.to_owned(), known(value));
        self
    }

    /// A property that only Azure's own output contains.
    fn with_shown(self, key: &str, value: &Value) -> Self {
        if value.is_null() { self } else { self.with(key, value) }
    }

    fn with_list(mut self, key: &str, list: Vec<Known>) -> Self {
        self.properties.insert(key.to_owned(), Known::List(list));
        self
    }

    fn build(self, places: &Places) -> ElementModel {
        let Head { address, kind, name, file, range, declared, condition } = Head::of(self.resource, places);
        let (properties, assumed) = (self.properties, names(&self.assumed));
        ElementModel { address, kind, name, file, range, declared, condition, properties, assumed }
    }
}

/// The members that every element has.
struct Head {
    address: String,
    kind: String,
    name: Known,
    file: String,
    range: Range,
    declared: bool,
    condition: Known,
}

impl Head {
    fn of(resource: &Resource, places: &Places) -> Self {
        Self {
            address: resource.address.clone(),
            kind: resource.kind.to_string(),
            name: known(&resource.name),
            file: places.path(resource.place).to_owned(),
            range: places.range(resource.place),
            declared: !resource.referenced,
            condition: known(&resource.condition),
        }
    }
}

fn of_vault(vault: &Vault, places: &Places) -> VaultModel {
    let resource = &vault.resource;
    let firewall = &vault.firewall;
    let present = match firewall.is_present() {
        Truth::True(_) => Known::Bool(true),
        Truth::False(_) => Known::Bool(false),
        Truth::Unknown(_) => Known::Unknown { unknown: firewall.value.normal() },
    };
    let flag = |key: &str| or_default(&vault.property(&[key]), Known::Bool(false));
    // A managed HSM always uses its own local RBAC; F1.14 is about vaults.
    let has_policies = vault.has(Feature::AccessPolicies);
    let rbac = if has_policies { vault.property(&["enableRbacAuthorization"]) } else { Value::null() };
    // The default depends on the API version (F1.14), so it is only reported if the version is known.
    let rbac = match (rbac.is_null(), resource.api_version.as_text()) {
        (true, Some(version)) if has_policies => or_default(&rbac, Known::Bool(version >= "2026-02-01")),
        _ => known(&rbac),
    };
    let assumed = [
        &resource.name,
        &resource.condition,
        &vault.public_network_access,
        &firewall.value,
        &firewall.default_action,
        &firewall.bypass,
        &firewall.ip_rules_value,
        &firewall.vnet_rules_value,
    ]
    .into_iter()
    .fold(Assumptions::default(), |all, value| all.and(&value.assumed));
    let Head { address, kind, name, file, range, declared, condition } = Head::of(resource, places);
    VaultModel {
        address,
        kind,
        name,
        file,
        range,
        declared,
        condition,
        api_version: known(&resource.api_version),
        location: known(&resource.body.get("location")),
        public_network_access: or_default(&vault.public_network_access, Known::Text("Enabled".to_owned())),
        network_acls: NetworkAclsModel {
            present,
            default_action: or_default(&firewall.default_action, Known::Text("Allow".to_owned())),
            bypass: or_default(&firewall.bypass, Known::Text("AzureServices".to_owned())),
            ip_rules: list(&firewall.ip_rules, |rule| rule.get("value")),
            virtual_network_rules: list(&firewall.vnet_rules, |rule| rule.get("id")),
        },
        rbac,
        enabled_for_deployment: flag("enabledForDeployment"),
        enabled_for_disk_encryption: flag("enabledForDiskEncryption"),
        enabled_for_template_deployment: flag("enabledForTemplateDeployment"),
        assumed: names(&assumed),
    }
}

/// The maximum number of possible links. Where ids are unknown, each pair is a possible link.
const MAX_POSSIBLE: usize = 10_000;

/// The references between elements, and whether possible ones were left out.
fn links(model: &Model) -> (HashSet<LinkModel>, bool) {
    let mut links = HashSet::new();
    let mut possible = 0;
    let mut left_out = false;
    let mut add = |from: &Resource, to: &Resource, kind: &str, truth: Truth| {
        let proof = match truth {
            Truth::True(_) => Proof::Proved,
            // If all names are unknown, every pair is a possible link.
            Truth::Unknown(_) if possible >= MAX_POSSIBLE => {
                left_out = true;
                return;
            }
            Truth::Unknown(_) => {
                possible += 1;
                Proof::Possible
            }
            Truth::False(_) => return,
        };
        links.insert(LinkModel {
            from: from.address.clone(),
            to: to.address.clone(),
            kind: kind.to_owned(),
            proof,
        });
    };
    for vault in &model.vaults {
        for own in model.connections_of(vault) {
            add(&own.endpoint.resource, &vault.resource, "connects", own.connects);
        }
        for rule in &vault.firewall.vnet_rules.items {
            for (subnet, truth) in model.subnets_of(&rule.value.get("id")) {
                add(&vault.resource, &subnet.resource, "admits", truth.and(rule.present.clone()));
            }
        }
        for consumer in &model.consumers {
            add(&consumer.resource, &vault.resource, "uses", consumer.uses(vault));
        }
    }
    for endpoint in &model.endpoints {
        for (subnet, truth) in model.subnets_of(&endpoint.subnet) {
            add(&endpoint.resource, &subnet.resource, "in", truth);
        }
    }
    for subnet in &model.subnets {
        let parent = identity::parent(&subnet.resource.id).unwrap_or_default();
        for (network, truth) in model.networks_named(&parent) {
            add(&subnet.resource, &network.resource, "in", truth);
        }
    }
    for consumer in &model.consumers {
        for id in &consumer.subnets {
            for (subnet, truth) in model.subnets_of(id) {
                add(&consumer.resource, &subnet.resource, "in", truth);
            }
        }
    }
    for link in &model.zone_links {
        let networks = model.networks_named(&link.network);
        for (zone, truth) in model.zones_named(&link.zone) {
            for (network, to) in &networks {
                add(&zone.resource, &network.resource, "links", truth.clone().and(to.clone()));
            }
        }
    }
    for group in &model.zone_groups {
        let endpoints = model.endpoints_named(&group.endpoint);
        for (zone, registers) in model.zones_of_group(group) {
            for (endpoint, of) in &endpoints {
                add(&endpoint.resource, &zone.resource, "registers", registers.clone().and(of.clone()));
            }
        }
    }
    for record in &model.records {
        for (zone, truth) in model.zones_named(&record.zone) {
            add(&zone.resource, &record.resource, "records", truth);
        }
    }
    (links, left_out)
}

fn names(assumed: &Assumptions) -> Vec<String> {
    assumed.names().map(str::to_owned).collect()
}

/// The entries of a list; unknown entries are represented by a single unknown.
fn list(elements: &Elements, part: impl Fn(&Value) -> Value) -> Vec<Known> {
    let mut all: Vec<Known> = elements.items.iter().map(|item| known(&part(&item.value))).collect();
    if let Some(depends) = &elements.open {
        all.push(Known::Unknown { unknown: unmarked(depends.names().collect::<Vec<_>>().join(", ")) });
    }
    all
}

fn or_default(value: &Value, default: Known) -> Known {
    if value.is_null() { Known::Default { value: Box::new(default), default: true } } else { known(value) }
}

/// The first integer that JSON readers may round (RFC 8259, section 6).
const EXACT: u64 = 1 << 53;

/// The maximum length of a text in bytes; Azure's limits for network settings are far below.
const MAX_SHOWN: usize = 4000;

fn shown(text: String) -> String {
    shortened(text, MAX_SHOWN)
}

fn known(value: &Value) -> Known {
    match &value.kind {
        Kind::Null => Known::Null,
        Kind::Bool(flag) => Known::Bool(*flag),
        Kind::Int(number) if number.unsigned_abs() < EXACT => Known::Int(*number),
        Kind::Int(number) => Known::Text(number.to_string()),
        Kind::Decimal(text) | Kind::Text(text) => Known::Text(shown(text.to_string())),
        Kind::Array(array) => Known::List(array.items().iter().map(known).collect()),
        Kind::Object(object) => {
            let fields = object.fields().iter().map(|field| (field.key.to_string(), known(&field.value)));
            Known::Object(Map::from(fields.collect::<Vec<_>>()))
        }
        Kind::Term(_) | Kind::Choice(_) => Known::Unknown { unknown: shown(value.normal()) },
    }
}

#[cfg(test)]
mod tests {
    use crate::report::Known;
    use crate::{Options, Project};

    #[test]
    fn what_a_default_switches_off_is_shown_and_not_checked() {
        let mut project = Project::new(Options::default());
        project.set(
            "main.json",
            r#"{
                "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                "parameters": {"on": {"type": "bool", "defaultValue": false}},
                "resources": [
                    {"type": "Microsoft.KeyVault/vaults", "name": "off", "condition": "[parameters('on')]"},
                    {"type": "Microsoft.KeyVault/vaults", "name": "never", "condition": false}
                ]
            }"#,
        );
        let vaults = project.model().vaults;
        let shown: Vec<_> =
            vaults.iter().map(|vault| (&vault.name, &vault.condition, &vault.assumed)).collect();
        let name = Known::Text("off".to_owned());
        assert_eq!(shown, [(&name, &Known::Bool(false), &vec!["on".to_owned()])]);
        assert_eq!(project.check().diagnostics, []);
    }
}
