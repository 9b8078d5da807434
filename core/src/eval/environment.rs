//! The object that `environment()` returns: what differs between clouds.

use super::Value;
use crate::azure::Cloud;
use crate::azure::cloud::EnvironmentValue;
use std::rc::Rc;

/// `environment()` in a cloud. What is not known of it is a property that Azure fills in.
pub fn environment(cloud: Cloud) -> Value {
    let text = |text: &&'static str| Value::text(Rc::from(*text));
    let value = |value: &EnvironmentValue| match value {
        EnvironmentValue::Text(one) => text(one),
        EnvironmentValue::List(many) => Value::array(many.iter().map(text).collect()),
    };
    let entries: Vec<(&[&str], Value)> =
        cloud.environment().iter().map(|(path, entry)| (*path, value(entry))).collect();
    object(Value::call("environment", Vec::new()), &entries)
}

/// The part of the object that these paths lead into; `of` is its identity.
fn object(of: Value, entries: &[(&[&str], Value)]) -> Value {
    let mut fields: Vec<(&str, Value)> = Vec::new();
    for (path, value) in entries {
        let Some((key, rest)) = path.split_first() else { continue };
        if rest.is_empty() {
            fields.push((key, value.clone()));
        } else if !fields.iter().any(|(known, _)| known == key) {
            let below: Vec<(&[&str], Value)> = entries
                .iter()
                .filter(|(path, _)| path.first() == Some(key))
                .filter_map(|(path, value)| Some((path.get(1..)?, value.clone())))
                .collect();
            fields.push((key, object(Value::property(of.clone(), key), &below)));
        }
    }
    Value::partial(of, Value::record(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vault_suffix_is_the_clouds() {
        let suffix = |cloud| environment(cloud).path(&["suffixes", "keyvaultDns"]).display();
        assert_eq!(suffix(Cloud::Public), ".vault.azure.net");
        assert_eq!(suffix(Cloud::UsGov), ".vault.usgovcloudapi.net");
        assert_eq!(suffix(Cloud::China), ".vault.azure.cn");
    }

    #[test]
    fn what_is_not_known_of_a_cloud_is_a_property_of_it() {
        let unknown = environment(Cloud::Public).path(&["suffixes", "other"]);
        assert_eq!(unknown.normal(), "environment().suffixes.other");
    }
}
