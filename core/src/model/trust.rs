//! Whether a service calls a vault in the way for which the exception for trusted services is: by the identity it calls
//! with, and by the machine that makes the call.

use super::{Consumer, Model, identity, is_deployed, property};
use crate::azure::names::{INTEGRATION_RUNTIMES, LINKED_SERVICES, lower};
use crate::eval::{Kind, TermKind, Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::text::Place;

/// Whether the exception for trusted services covers the calls of a resource, where the vault makes that exception.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Whether it does.
    pub holds: Truth,
    /// What decides, where that is written.
    pub place: Option<Place>,
    /// Why it does not, or may not: a clause after the name of the resource.
    pub why: &'static str,
    /// What to do instead.
    pub instead: &'static str,
    /// Whether the calls come from a machine of the customer's, at an address that the files do not show.
    pub own_machine: bool,
    /// Whether it only names a vault for others, who make the calls.
    pub is_store: bool,
}

/// Linked services that take a secret out of what another one names use the vault that this is.
pub(super) fn link_stores(others: &mut Vec<Resource>, consumers: &mut Vec<Consumer>) {
    let stores = consumers.iter().filter(|consumer| is_linked_service(&consumer.resource));
    let stores: Vec<Consumer> = stores.cloned().collect();
    if stores.is_empty() {
        return;
    }
    let (users, rest): (Vec<_>, Vec<_>) = std::mem::take(others).into_iter().partition(is_linked_service);
    *others = rest;
    for user in users {
        match stores.iter().find(|store| takes_from(&user, &store.resource)) {
            Some(store) => consumers.push(Consumer::through(user, store)),
            None => others.push(user),
        }
    }
}

fn is_linked_service(resource: &Resource) -> bool {
    LINKED_SERVICES.iter().any(|kind| resource.kind.eq_ignore_ascii_case(kind))
}

/// Whether a linked service takes a secret out of what another one of the same factory or workspace names.
fn takes_from(user: &Resource, store: &Resource) -> bool {
    is_sibling(&user.id, &store.id)
        && uses_store(&property(user, &["typeProperties"]), &identity::last(&store.id).unwrap_or_default(), 0)
}

impl Trust {
    fn full() -> Self {
        Self {
            holds: Truth::of(true),
            place: None,
            why: "",
            instead: "",
            own_machine: false,
            is_store: false,
        }
    }

    fn of_identity(identity: &Value, holds: Truth) -> Self {
        Self {
            holds,
            place: identity.place,
            why: "calls with a user-assigned identity, and only its system-assigned one counts as a trusted service",
            instead: "let it use its system-assigned identity, give that permission in the vault, and close the firewall \
                      only then; a resource that is new has no such identity yet and needs a vault that lets it in \
                      meanwhile",
            own_machine: false,
            is_store: false,
        }
    }

    fn of_runtime(place: Option<Place>, holds: Truth) -> Self {
        Self {
            holds,
            place,
            why: "calls from a self-hosted integration runtime, which is not a trusted service",
            instead: "let in the machine of the runtime: its public address by an IP rule, its subnet by a virtual \
                      network rule, or its network by a private endpoint",
            own_machine: true,
            is_store: false,
        }
    }
}

impl Model {
    /// Whether the exception for trusted services covers what a resource asks of vaults. Registries (F5.40) and API
    /// Management (F5.21) are trusted with their system-assigned identity, a factory
    /// or a Synapse workspace where it runs in Azure itself (F5.41).
    pub fn trust(&self, consumer: &Consumer) -> Trust {
        let resource = &consumer.resource;
        if !consumer.service.trusted {
            return Trust { holds: Truth::of(false), ..Trust::full() };
        }
        match resource.kind.to_ascii_lowercase().as_str() {
            lower::CONTAINER_REGISTRY => {
                let key = property(resource, &["encryption", "keyVaultProperties"]);
                let identity = key.get("identity");
                let holds = match identity.is_null() {
                    true => property_of_identity(resource)
                        .is_word("SystemAssigned")
                        .or(unknown_identity(resource)),
                    false => is_user_assigned(&identity).negate(),
                };
                Trust::of_identity(&identity.or_at(key.place), holds)
            }
            lower::API_MANAGEMENT => {
                let names = property(resource, &["hostnameConfigurations"]).elements();
                let of_vault = names.items.iter().filter(|name| !name.value.get("keyVaultId").is_null());
                let identities = of_vault.map(|name| name.value.get("identityClientId"));
                Self::with_all(identities)
            }
            // As Terraform has it: a list of names for each part of the service.
            lower::API_MANAGEMENT_DOMAINS => {
                let properties = resource.body.get("properties");
                let parts = properties.as_object().map(|of| of.fields()).unwrap_or_default();
                let names: Vec<_> = parts.iter().flat_map(|part| part.value.elements().items).collect();
                let identities = names.iter().map(|name| name.value.get("ssl_keyvault_identity_client_id"));
                let of_vault = names.iter().zip(identities).filter(|(name, _)| {
                    ["key_vault_id", "key_vault_certificate_id"]
                        .iter()
                        .any(|key| !name.value.get(key).is_null())
                });
                Self::with_all(of_vault.map(|(_, identity)| identity))
            }
            kind if kind.strip_prefix(lower::API_MANAGEMENT).is_some_and(|rest| rest.starts_with('/')) => {
                Self::with_all([property(resource, &["keyVault", "identityClientId"])])
            }
            _ if is_linked_service(resource) => self.trust_of_linked_service(resource),
            _ => Trust::full(),
        }
    }

    /// With each of these, where none is the system-assigned one.
    fn with_all(identities: impl IntoIterator<Item = Value>) -> Trust {
        let mut all: Option<Trust> = None;
        for identity in identities {
            let one = Trust::of_identity(&identity, is_user_assigned(&identity).negate());
            all = Some(match all {
                None => one,
                Some(known) => both(known, one),
            });
        }
        all.unwrap_or_else(Trust::full)
    }

    /// A linked service is used from the runtime that it names; one of a vault from those of the linked services that take
    /// their secrets out of it.
    fn trust_of_linked_service(&self, resource: &Resource) -> Trust {
        let mut all: Option<Trust> = None;
        let users = self.consumers.iter().map(|consumer| &consumer.resource);
        for user in users.filter(|user| is_linked_service(user) && takes_from(user, resource)) {
            let one = self.trust_of_runtime(user);
            all = Some(match all {
                None => one,
                Some(known) => both(known, one),
            });
        }
        match all {
            Some(all) => Trust { is_store: true, ..all },
            None => self.trust_of_runtime(resource),
        }
    }

    fn trust_of_runtime(&self, resource: &Resource) -> Trust {
        let via = property(resource, &["connectVia"]);
        let name = via.get("referenceName");
        if name.is_null() || name.is_word("AutoResolveIntegrationRuntime").is_true() {
            return Trust::full();
        }
        let runtime = self.others.iter().find(|other| {
            INTEGRATION_RUNTIMES.iter().any(|kind| other.kind.eq_ignore_ascii_case(kind))
                && is_sibling(&other.id, &resource.id)
                && identity::last(&other.id).is_some_and(|last| identity::same_name(&last, &name).is_true())
        });
        let holds = match runtime {
            Some(runtime) => {
                let own = property(runtime, &["type"]).is_word("SelfHosted");
                own.and(is_deployed(runtime)).negate()
            }
            None => Truth::Unknown(Unknowns::of(format!("the integration runtime `{}`", name.display()))),
        };
        Trust::of_runtime(name.place.or(via.place), holds)
    }
}

fn both(one: Trust, two: Trust) -> Trust {
    let holds = match (&one.holds, &two.holds) {
        (Truth::True(a), Truth::True(b)) => Truth::True(a.and(b)),
        (Truth::False(a), Truth::False(b)) => Truth::False(a.and(b)),
        _ => Truth::Unknown(
            one.holds.depends().and(two.holds.depends()).and(Unknowns::of("which of its calls it is")),
        ),
    };
    let decides = if one.holds.is_true() { two } else { one };
    Trust { holds, ..decides }
}

fn is_sibling(a: &Value, b: &Value) -> bool {
    match (identity::parent(a), identity::parent(b)) {
        (Some(a), Some(b)) => identity::same(&a, &b).is_true(),
        _ => false,
    }
}

fn uses_store(value: &Value, store: &Value, depth: u8) -> bool {
    let Some(object) = value.as_object().filter(|_| depth < 8) else { return false };
    if value.get("type").is_word("AzureKeyVaultSecret").is_true() {
        let name = value.path(&["store", "referenceName"]);
        return identity::same_name(&name, store).is_true();
    }
    object.fields().iter().any(|field| uses_store(&field.value, store, depth + 1))
}

fn property_of_identity(resource: &Resource) -> Value {
    resource.body.get("identity").get("type")
}

/// Which identity it uses is not written.
fn unknown_identity(resource: &Resource) -> Truth {
    Truth::Unknown(Unknowns::of(format!("the identity that `{}` calls with", resource.address)))
}

/// Whether this names a user-assigned identity; where nothing is written, the system-assigned one is used.
fn is_user_assigned(identity: &Value) -> Truth {
    identity.test(&|value| match &value.kind {
        Kind::Null => Some(false),
        Kind::Text(text) => {
            let text = text.trim_matches(['[', ']']);
            Some(!text.is_empty() && !text.eq_ignore_ascii_case("system"))
        }
        Kind::Term(term) => match &term.kind {
            TermKind::Property { name, .. } => name.eq_ignore_ascii_case("clientId").then_some(true),
            _ => None,
        },
        _ => None,
    })
}
