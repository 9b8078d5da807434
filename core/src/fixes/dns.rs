//! Resources of private DNS that fixes add: virtual network links of zones, and zone groups of private endpoints.

use crate::azure::names::{GLOBAL_LOCATION, ZONE_GROUP, ZONE_LINK};
use crate::azure::versions::{ApiVersion, RESOLUTION_POLICY, ZONE_GROUPS};
use crate::eval::Value;
use crate::lang::{Change, Literal, NewResource, Resource};
use crate::model::{EndpointConnection, Model, PrivateEndpoint, Zone, identity};

/// A virtual network link from a zone to a network, named like the network. `None` if the network is not in the files
/// or uses custom DNS servers (F4.52), or if Azure would refuse the link: a network can be linked to one zone of a name
/// (F4.40).
pub fn link_zone(model: &Model, zone: &Zone, network: &Value) -> Option<Change> {
    let network = model.network(network).filter(|network| model.asks_own_dns(network).is_false())?;
    let network = &network.resource;
    let conflicts = model.links_near(&network.id, &network.name).any(|link| {
        let same_zone = identity::same_name(&link.zone_name, zone.name());
        let is_taken = identity::same(&link.zone, &zone.resource.id)
            .and(identity::same_name(&identity::last_name(&link.resource.id), &network.name));
        is_taken.is_true() || !same_zone.and(identity::same(&link.network, &network.id)).is_false()
    });
    if conflicts {
        return None;
    }
    Some(Change::Add {
        beside: zone.resource.place,
        resource: NewResource {
            kind: ZONE_LINK,
            api_version: version(&zone.resource).unwrap_or(RESOLUTION_POLICY).to_string(),
            parent: Some(zone.resource.place),
            name: Literal::Name(network.place),
            location: Some(GLOBAL_LOCATION),
            properties: vec![
                ("registrationEnabled", Literal::Bool(false)),
                ("virtualNetwork", Literal::Object(vec![("id", Literal::Id(network.place))])),
            ],
        },
    })
}

/// A zone group that registers an endpoint in the zone `zone_name`, and a link from that zone to the endpoint's network
/// if there is none. `None` if the files contain no such zone or several, or if another endpoint's record would be
/// overwritten (F4.36).
pub fn register_endpoint(model: &Model, own: &EndpointConnection, zone_name: &str) -> Option<Vec<Change>> {
    let endpoint = &own.endpoint.resource;
    let mut zones =
        model.zones.iter().filter(|zone| identity::is_one_of(zone.name(), &[zone_name]).is_true());
    let (Some(zone), None) = (zones.next(), zones.next()) else { return None };
    let shares_record = |other: &PrivateEndpoint| {
        let is_own = identity::same(&other.resource.id, &endpoint.id).is_true();
        !is_own && own.endpoint.may_share_target(other)
    };
    if zone.resource.referenced || model.endpoints.iter().any(shares_record) {
        return None;
    }
    // Terraform's provider chooses the API version itself.
    let version = match endpoint.provider.is_some() && endpoint.api_version.is_null() {
        true => ZONE_GROUPS,
        false => version(endpoint).filter(|version| *version >= ZONE_GROUPS)?,
    };
    let config = Literal::Object(vec![
        ("name", Literal::Text("vault".to_owned())),
        ("properties", Literal::Object(vec![("privateDnsZoneId", Literal::Id(zone.resource.place))])),
    ]);
    let mut changes = vec![Change::Add {
        beside: endpoint.place,
        resource: NewResource {
            kind: ZONE_GROUP,
            api_version: version.to_string(),
            parent: Some(endpoint.place),
            name: Literal::Text("default".to_owned()),
            location: None,
            properties: vec![("privateDnsZoneConfigs", Literal::List(vec![config]))],
        },
    }];
    let network = own.endpoint.network();
    let asks_zone = model.network(&network).is_none_or(|network| !model.asks_own_dns(network).is_true());
    if asks_zone && !model.is_linked(&zone.resource.id, &network).is_true() {
        changes.push(link_zone(model, zone, &network)?);
    }
    Some(changes)
}

fn version(resource: &Resource) -> Option<ApiVersion> {
    resource.api_version.as_text().and_then(ApiVersion::parse)
}
