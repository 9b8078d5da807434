//! What the provider `azurerm` leaves as it is where an argument is not written: arguments that are optional and computed
//! (F7.1).

use crate::eval::{Assumptions, Field, Value};
use crate::lang::Resource;
use std::rc::Rc;

/// An argument whose old value the provider keeps.
struct Kept {
    /// The type that has it, without `azurerm_`.
    of: &'static str,
    argument: &'static str,
    /// Its property, by its path in the resource.
    path: &'static [&'static str],
    /// Whether a finding about a resource without it is marked as one about a new resource.
    marks: bool,
}

const fn kept(of: &'static str, argument: &'static str, path: &'static [&'static str], marks: bool) -> Kept {
    Kept { of, argument, path, marks }
}

const KEPT: &[Kept] = &[
    kept("key_vault", "network_acls", &["properties", "networkAcls"], true),
    kept("key_vault", "access_policy", &["properties", "accessPolicies"], false),
    kept("key_vault_managed_hardware_security_module", "network_acls", &["properties", "networkAcls"], true),
    kept("virtual_network", "dns_servers", &["properties", "dhcpOptions", "dnsServers"], false),
    kept("virtual_network", "subnet", &["properties", "subnets"], false),
];

fn of_kind(kind: &str) -> impl Iterator<Item = &'static Kept> {
    let name = kind.strip_prefix("azurerm_").map(str::to_owned);
    KEPT.iter().filter(move |kept| name.as_deref() == Some(kept.of))
}

/// A resource in ARM's shape where what is absent says whether it is so for one that is new, or is not known: of one that
/// exists the provider keeps it.
pub(super) fn marked(kind: &str, body: Value, id: &Value, exists: bool) -> Value {
    of_kind(kind).fold(body, |body, kept| {
        let absent = body.path(kept.path);
        if !absent.is_null() || !(exists || kept.marks) {
            return body;
        }
        let value = match exists {
            true => {
                Value::property(Value::call("existing", vec![id.clone()]), kept.argument).at(absent.place)
            }
            false => Value { assumed: absent.assumed.and(&Assumptions::created()), ..absent },
        };
        with(&body, kept.path, value)
    })
}

/// The arguments of a type that are known to be absent where they are written nowhere and a resource is created.
pub(super) fn absent_when_created(kind: &str) -> impl Iterator<Item = &'static str> {
    of_kind(kind).filter(|kept| kept.marks).map(|kept| kept.argument)
}

/// What a resource would be that exists: with what the provider keeps of it as it was.
pub fn keeping(after: &Resource, before: &Resource) -> Option<Value> {
    let provider = after.provider.as_ref()?;
    let ignored =
        |kept: &Kept| provider.ignores.iter().any(|name| matches!(&**name, "*") || **name == *kept.argument);
    let kept = of_kind(&provider.kind).filter(|kept| after.body.path(kept.path).is_null() || ignored(kept));
    let kept: Vec<&Kept> = kept.filter(|kept| !before.body.path(kept.path).is_null()).collect();
    let body = kept
        .iter()
        .fold(after.body.clone(), |body, kept| with(&body, kept.path, before.body.path(kept.path)));
    (!kept.is_empty()).then_some(body)
}

/// An object with another value at the end of a path.
pub(super) fn with(object: &Value, path: &[&str], value: Value) -> Value {
    let Some((first, rest)) = path.split_first() else { return value };
    let known = object.as_object().map(|object| object.fields().to_vec());
    let Some(mut fields) = known.or_else(|| object.is_null().then(Vec::new)) else { return object.clone() };
    let inner = object.get(first);
    let inner = with(&inner, rest, value);
    match fields.iter_mut().find(|field| field.key.eq_ignore_ascii_case(first)) {
        Some(field) => field.value = inner,
        None => fields.push(Field { key: Rc::from(*first), key_place: None, value: inner }),
    }
    Value { kind: Value::object(fields).kind, ..object.clone() }
}
