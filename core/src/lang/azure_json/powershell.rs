//! What PowerShell's `ConvertTo-Json` makes of Azure's objects: `Get-AzResource` calls the id `ResourceId` and the type
//! `ResourceType`, `Get-AzKeyVault` has a shape of its own, and what is nested deeper than `-Depth` becomes a text.

use crate::eval::{Field, Kind, Value};
use crate::lang::source::{File, literal, literal_field, member, place_of, text};
use crate::syntax::json::{self, Node, Object};
use std::rc::Rc;

/// Properties of a vault that PowerShell calls as ARM does.
const SAME: &[&str] = &[
    "tenantId",
    "vaultUri",
    "publicNetworkAccess",
    "enableRbacAuthorization",
    "enablePurgeProtection",
    "enableSoftDelete",
    "softDeleteRetentionInDays",
    "enabledForDeployment",
    "enabledForDiskEncryption",
    "enabledForTemplateDeployment",
];
/// Enumerations are printed by their numbers (`PSKeyVaultNetworkRuleSet`).
const ACTIONS: &[&str] = &["Allow", "Deny"];
const BYPASSES: &[&str] = &["None", "AzureServices"];

/// Whether this is a vault as `Get-AzKeyVault` shows it.
pub(super) fn is_vault(row: &Object) -> bool {
    let has = |key| member(row, key).and_then(text).is_some();
    has("vaultName") && has("resourceId") && member(row, "properties").is_none()
}

/// Its properties in ARM's shape, less those that PowerShell shows otherwise.
pub(super) fn vault(file: &File, row: &Object) -> Value {
    let same =
        row.properties.iter().filter(|of| SAME.iter().any(|key| of.name.as_str().eq_ignore_ascii_case(key)));
    let mut fields: Vec<Field> = same.map(|property| literal_field(file, property)).collect();
    if let Some(property) = json::get(row, "networkAcls")
        && let Node::Object(acls) = &property.value
    {
        let value = rules(file, acls).at(Some(place_of(file, acls)));
        fields.push(Field {
            key: Rc::from("networkAcls"),
            key_place: Some(place_of(file, &property.name)),
            value,
        });
    }
    Value::object(fields).at(Some(place_of(file, row)))
}

fn rules(file: &File, acls: &Object) -> Value {
    let word = |key, words: &[&'static str]| {
        let node = member(acls, key)?;
        let word = match node {
            Node::NumberLit(number) => words.get(number.value.parse::<usize>().ok()?)?,
            _ => text(node)?,
        };
        Some(Value::text(word).at(Some(place_of(file, node))))
    };
    let list = |key, part: &'static str| match member(acls, key) {
        Some(Node::Array(items)) => {
            let item = |node| Value::record([(part, literal(file, node))]).at(Some(place_of(file, node)));
            Some(Value::array(items.elements.iter().map(item).collect()).at(Some(place_of(file, items))))
        }
        Some(Node::NullKeyword(_)) => Some(Value::array(Vec::new())),
        _ => None,
    };
    let parts = [
        ("defaultAction", word("defaultAction", ACTIONS)),
        ("bypass", word("bypass", BYPASSES)),
        ("ipRules", list("ipAddressRanges", "value")),
        ("virtualNetworkRules", list("virtualNetworkResourceIds", "id")),
    ];
    let open = Value::call("networkAcls", vec![Value::text(&*file.path)]);
    let known = parts
        .into_iter()
        .map(|(key, value)| (key, value.unwrap_or_else(|| Value::property(open.clone(), key))));
    Value::object(known.map(|(key, value)| Field { key: Rc::from(key), key_place: None, value }).collect())
}

/// What was nested too deeply is unknown.
pub(super) fn open_cut_off(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Text(text) if is_cut_off(text) => Value::local(text).kind,
        Kind::Array(array) => Value::array(array.items().iter().map(open_cut_off).collect()).kind,
        Kind::Object(object) => {
            let field = |field: &Field| Field { value: open_cut_off(&field.value), ..field.clone() };
            Value::object(object.fields().iter().map(field).collect()).kind
        }
        _ => return value.clone(),
    };
    Value { kind, ..value.clone() }
}

fn is_cut_off(text: &str) -> bool {
    text.starts_with("@{") && text.ends_with('}')
        || text == "System.Object[]"
        || text.starts_with("System.Collections.")
}
