//! A vault or managed HSM: what its own settings say about who may reach it.

use super::ip_rule::IpRules;
use super::{property, wrapped};
use crate::azure::versions::RBAC_BY_DEFAULT;
use crate::azure::{ApiVersion, Feature, Service};
use crate::eval::{Elements, Field, Kind, Object, Truth, Unknowns, Value};
use crate::lang::Resource;

/// The most conditions of a vault's settings that are distinguished; beyond that they count as open.
const MAX_CONDITIONS: usize = 5;

/// A vault or managed HSM.
#[derive(Clone, Debug)]
pub struct Vault {
    /// The resource.
    pub resource: Resource,
    /// What it is: a key vault or a managed HSM.
    pub service: &'static Service,
    /// `publicNetworkAccess` as written; null means Azure's default, `Enabled` (F1.22).
    pub public_network_access: Value,
    /// `networkAcls`.
    pub firewall: Firewall,
    /// `createMode`: with `recover` a deleted vault comes back as it was, and nothing else is written (F1.13).
    pub create_mode: Value,
    /// The private endpoints it says it is connected to; only Azure's own output says so (F1.60, F1.61).
    pub connections: Vec<VaultConnection>,
    /// Whether it names all its private endpoints.
    pub names_all_endpoints: bool,
}

/// A private endpoint connection, as the vault shows it.
#[derive(Clone, Debug)]
pub struct VaultConnection {
    /// The connection as written.
    pub value: Value,
    /// Id of the private endpoint.
    pub endpoint: Value,
    /// `Pending`, `Approved`, `Rejected` or `Disconnected` (F4.3).
    pub status: Value,
}

impl VaultConnection {
    /// Reads one, flattened or wrapped.
    pub(super) fn new(value: Value) -> Self {
        Self {
            endpoint: wrapped(&value, "privateEndpoint").get("id"),
            status: wrapped(&value, "privateLinkServiceConnectionState").get("status"),
            value,
        }
    }
}

/// `networkAcls` of a vault.
#[derive(Clone, Debug)]
pub struct Firewall {
    /// The whole object as written.
    pub value: Value,
    /// `defaultAction`; null means `Allow` where there is no `networkAcls` at all (F1.32).
    pub default_action: Value,
    /// `bypass`; null means `AzureServices` (F1.30).
    pub bypass: Value,
    /// `ipRules` as written.
    pub ip_rules_value: Value,
    /// The entries of `ipRules`.
    pub ip_rules: Elements,
    /// `virtualNetworkRules` as written.
    pub vnet_rules_value: Value,
    /// The entries of `virtualNetworkRules`.
    pub vnet_rules: Elements,
    pub(super) read: IpRules,
}

/// One entry of `virtualNetworkRules`.
#[derive(Clone, Debug)]
pub struct SubnetRule {
    /// The entry as written.
    pub value: Value,
    /// Id of the subnet.
    pub id: Value,
    /// `ignoreMissingVnetServiceEndpoint` (F1.36).
    pub ignores_missing_endpoint: Value,
    /// Whether it is in the list.
    pub present: Truth,
}

impl Vault {
    pub(super) fn new(mut resource: Resource, service: &'static Service) -> Self {
        let create_mode =
            if resource.is_shown() { Value::null() } else { property(&resource, &["createMode"]) };
        if create_mode.is_word("recover").is_true() {
            resource.body = recovered(&resource);
        }
        let public_network_access = property(&resource, &["publicNetworkAccess"]);
        let value = property(&resource, &["networkAcls"]);
        let firewall = Firewall::new(value);
        // A template cannot set them (F1.19).
        let listed = property(&resource, &["privateEndpointConnections"]);
        let names_all_endpoints = listed.as_array().is_some();
        let connections =
            listed.elements().items.into_iter().map(|item| VaultConnection::new(item.value)).collect();
        Self {
            resource,
            service,
            public_network_access,
            firewall,
            create_mode,
            connections,
            names_all_endpoints,
        }
    }

    /// What it would be with these settings, and everything else as it is. An API version that knows no such setting is
    /// taken to be raised.
    #[must_use]
    pub fn with(&self, public_network_access: &str, default_action: &str) -> Self {
        let firewall = &self.firewall;
        let fields = [
            ("bypass", firewall.bypass.clone()),
            ("defaultAction", Value::text(default_action)),
            ("ipRules", firewall.ip_rules_value.clone()),
            ("virtualNetworkRules", firewall.vnet_rules_value.clone()),
        ];
        let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
        let place = firewall.value.as_object().and(firewall.value.place);
        Self {
            public_network_access: Value::text(public_network_access),
            firewall: Firewall::new(Value::record(fields).at(place)),
            resource: Resource { api_version: Value::null(), ..self.resource.clone() },
            ..self.clone()
        }
    }

    /// A property of the vault; null where it is not set.
    pub fn property(&self, path: &[&str]) -> Value {
        property(&self.resource, path)
    }

    /// Whether `publicNetworkAccess` is `Enabled` in effect: also when it is not set (F1.22).
    pub fn is_enabled(&self) -> Truth {
        self.public_network_access.is_word_or_unset("Enabled")
    }

    /// Whether its service has a feature.
    pub fn has(&self, feature: Feature) -> bool {
        self.service.has(feature)
    }

    /// Whether its public endpoint answers everyone (F1.22, F1.32). Where `networkAcls` does not say, that is another
    /// matter (F1.31).
    pub fn is_open(&self) -> Truth {
        self.in_each_case(&|vault| {
            let firewall = &vault.firewall;
            let enabled = vault.is_enabled().or(vault.applies("publicNetworkAccess").negate());
            let allows = firewall.allows_by_default().or(vault.applies("networkAcls").negate());
            enabled.and(allows).and(firewall.lacks_default_action().negate())
        })
    }

    /// Whether `publicNetworkAccess` is this word (F1.21).
    pub fn access_is(&self, word: &str) -> Truth {
        self.public_network_access.is_word(word)
    }

    /// Whether only private endpoints and trusted services are let in (F3.20).
    pub fn is_disabled(&self) -> Truth {
        self.access_is("Disabled")
    }

    /// Whether only the rules of a perimeter let anyone in (F3.42).
    pub fn is_secured_by_perimeter(&self) -> Truth {
        self.access_is("SecuredByPerimeter")
    }

    /// Whether whom no rule names is refused: public access is off, or the firewall denies by default.
    pub fn refuses_by_default(&self) -> Truth {
        self.in_each_case(&|vault| {
            let off = vault.is_disabled().and(vault.applies("publicNetworkAccess"));
            let denies = vault.firewall.denies_by_default().and(vault.applies("networkAcls"));
            off.or(vault.is_enabled().and(denies))
        })
    }

    /// Whether something holds of it, whichever branches its network settings take: one condition decides alike in all of
    /// them.
    pub fn in_each_case(&self, holds: &dyn Fn(&Vault) -> Truth) -> Truth {
        self.in_cases(holds, MAX_CONDITIONS)
    }

    fn in_cases(&self, holds: &dyn Fn(&Vault) -> Truth, room: usize) -> Truth {
        let firewall = &self.firewall;
        let settings = [
            &self.public_network_access,
            &firewall.value,
            &firewall.default_action,
            &firewall.bypass,
            &firewall.ip_rules_value,
            &firewall.vnet_rules_value,
        ];
        let condition = settings.into_iter().find_map(|setting| setting.condition());
        let (Some(condition), Some(room)) = (condition, room.checked_sub(1)) else { return holds(self) };
        let case = |is_so| {
            let vault = Vault {
                public_network_access: self.public_network_access.given(condition, is_so),
                firewall: Firewall::new(firewall.value.given(condition, is_so)),
                ..self.clone()
            };
            vault.in_cases(holds, room)
        };
        Truth::Unknown(condition.depends()).choose(case(true), case(false)).assuming(&condition.assumed)
    }

    /// Whether Azure applies this property. What it does with one that the API version does not have is not documented
    /// (F1.3, F1.4).
    pub fn applies(&self, property: &str) -> Truth {
        match self.service.property_since(property) {
            Some(since)
                if self.is_older_than(since).is_true() && self.property(&[property]).is_set().is_true() =>
            {
                let version = self.resource.api_version.display();
                Truth::Unknown(Unknowns::of(format!("whether API version {version} applies `{property}`")))
            }
            _ => Truth::of(true),
        }
    }

    /// Whether it is written for an API version older than this. Azure's own JSON names no version: unknown.
    pub fn is_older_than(&self, version: ApiVersion) -> Truth {
        if self.resource.api_version.is_null() {
            return Truth::Unknown(Unknowns::of(format!("the API version of `{}`", self.resource.address)));
        }
        self.resource
            .api_version
            .test(&|written| written.as_text().and_then(ApiVersion::parse).map(|written| written < version))
    }

    /// Whether Azure's own JSON of it shows an approved private endpoint (F1.60).
    pub fn has_approved_connection(&self) -> Truth {
        if self.resource.referenced {
            return Truth::of(false);
        }
        let connections = self.property(&["privateEndpointConnections"]).elements();
        connections.items.iter().fold(Truth::of(false), |any, item| {
            let state = wrapped(&item.value, "privateLinkServiceConnectionState");
            any.or(item.present.clone().and(state.get("status").is_word("Approved")))
        })
    }

    /// Whether trusted services get past the firewall: also when `bypass` is not set (F1.30), and when there is no
    /// firewall to get past (F1.32).
    pub fn bypasses_trusted(&self) -> Truth {
        self.firewall.bypass.is_word("None").negate()
    }

    /// Whether roles say who may use what is in it, and access policies say nothing (F6.2). Where that is not set, the
    /// API version that created it decides (F1.14).
    pub fn uses_rbac(&self) -> Truth {
        let flag = self.property(&["enableRbacAuthorization"]);
        let older = match self.was_created_before(RBAC_BY_DEFAULT) {
            true => Truth::of(true),
            false => self.is_older_than(RBAC_BY_DEFAULT),
        };
        let by_default = flag.is_set().negate().and(older.negate());
        flag.is_true().and(self.applies("enableRbacAuthorization")).or(by_default)
    }

    /// Whether Azure's own JSON says that it was there before this API version.
    fn was_created_before(&self, version: ApiVersion) -> bool {
        let created = self.resource.body.get("systemData").get("createdAt");
        let day = created.as_text().and_then(|time| ApiVersion::parse(time.get(..10)?));
        self.resource.api_version.is_null() && day.is_some_and(|day| day < version)
    }
}

/// A vault that is recovered: nothing that is written of its properties counts.
fn recovered(resource: &Resource) -> Value {
    let Some(body) = resource.body.as_object() else { return resource.body.clone() };
    let own = |field: &Field| match field.key.eq_ignore_ascii_case("properties") {
        true => {
            let before = Value::call("recovered", vec![resource.id.clone()]);
            Field { value: Value::property(before, "properties").at(field.value.place), ..field.clone() }
        }
        false => field.clone(),
    };
    let fields = body.fields().iter().map(own).collect();
    Value { kind: Value::object(fields).kind, ..resource.body.clone() }
}

fn says_something(acls: &Value) -> Option<bool> {
    let is_said = |object: &Object| object.fields().iter().any(|field| !field.value.is_null());
    acls.is_known().then(|| acls.as_object().is_some_and(is_said))
}

impl Firewall {
    fn new(value: Value) -> Self {
        let ip_rules_value = value.get("ipRules");
        let vnet_rules_value = value.get("virtualNetworkRules");
        Self {
            default_action: value.get("defaultAction"),
            bypass: value.get("bypass"),
            ip_rules: ip_rules_value.elements(),
            vnet_rules: vnet_rules_value.elements(),
            ip_rules_value,
            read: IpRules::default(),
            vnet_rules_value,
            value,
        }
    }

    /// Whether `networkAcls` says anything: `{}` and null do not.
    pub fn is_present(&self) -> Truth {
        self.value.test(&says_something)
    }

    /// Whether it says something, and not what happens to those whom no rule names (F1.31).
    pub fn lacks_default_action(&self) -> Truth {
        // Of one value at a time: what says nothing lacks nothing.
        self.value.test(&|value| match says_something(value)? {
            false => Some(false),
            true => match value.get("defaultAction") {
                Value { kind: Kind::Choice(_), .. } => None,
                action => Some(action.is_null()),
            },
        })
    }

    /// Whether everyone whom no rule names is let in. Without `networkAcls` that is so (F1.32); `networkAcls` without
    /// `defaultAction` is taken as `Allow` (F1.31).
    pub fn allows_by_default(&self) -> Truth {
        self.default_action.is_word_or_unset("Allow")
    }

    /// Whether everyone whom no rule names is refused.
    pub fn denies_by_default(&self) -> Truth {
        self.default_action.is_word("Deny")
    }

    /// The entries of `virtualNetworkRules` that are objects, or may be.
    pub fn subnet_rules(&self) -> impl Iterator<Item = SubnetRule> {
        self.vnet_rules
            .items
            .iter()
            .filter(|item| !item.value.is_known() || item.value.as_object().is_some())
            .map(|item| SubnetRule {
                id: item.value.get("id"),
                ignores_missing_endpoint: item.value.get("ignoreMissingVnetServiceEndpoint"),
                present: item.present.clone(),
                value: item.value.clone(),
            })
    }

    /// Whether there is a rule.
    pub fn has_rules(&self) -> Truth {
        self.ip_rules.any().or(self.vnet_rules.any())
    }
}
