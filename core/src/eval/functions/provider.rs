//! Functions of Terraform's providers that make resource ids or take them apart: those of `azurerm` 4 and of `azapi` 2
//! (F7.60). What others give is open.

use super::{Function, Outcome, arg, open, partial};
use crate::azure::names;
use crate::eval::ids::{extension_id, name_segments, resource_id};
use crate::eval::value::Value;

const PREFIX: &str = "provider::";

const FUNCTIONS: &[Function] = &[
    // System segments get their usual case, which no comparison of ids looks at.
    partial("azurerm::normalise_resource_id", (1, 1), |args, _| arg(args, 0).cloned()),
    partial("azurerm::parse_resource_id", (1, 1), |args, _| {
        let (id, call) = (arg(args, 0)?, call("azurerm::parse_resource_id", args));
        let Some(id) = Id::read(id) else { return Ok(by_end("resource_name", id, call)) };
        let Some((kind, name)) = id.types.last() else { return open() };
        let parents = id.types.iter().rev().skip(1).rev().map(|(kind, name)| (&**kind, name.clone()));
        Ok(Value::record([
            ("full_resource_type", Value::text(id.kind())),
            ("parent_resources", Value::record(parents)),
            ("resource_group_name", id.group.clone()),
            ("resource_name", name.clone()),
            ("resource_provider", Value::text(&*id.namespace)),
            ("resource_scope", Value::null()),
            ("resource_type", Value::text(&**kind)),
            ("subscription_id", id.subscription.clone()),
        ]))
    }),
    partial("azapi::build_resource_id", (3, 3), |args, _| {
        let (parent, name) = (arg(args, 0)?, arg(args, 2)?);
        let Some(kind) = arg(args, 1)?.as_text() else { return open() };
        let last = kind.rsplit('/').next().unwrap_or_default();
        if kind.eq_ignore_ascii_case(names::RESOURCE_GROUP) || kind.split('/').count() > 2 {
            return Ok(Value::concat(&[parent.clone(), Value::text(format!("/{last}/")), name.clone()]));
        }
        Ok(extension_id(parent, kind, name))
    }),
    partial("azapi::extension_resource_id", (3, 3), |args, _| {
        below(arg(args, 0)?, args.get(1..).unwrap_or_default())
    }),
    partial("azapi::management_group_resource_id", (3, 3), |args, _| {
        let head = Value::text(names::MANAGEMENT_GROUP_PATH);
        below(&Value::concat(&[head, arg(args, 0)?.clone()]), args.get(1..).unwrap_or_default())
    }),
    partial("azapi::parse_resource_id", (2, 2), |args, _| {
        let (written, call) = (arg(args, 1)?, call("azapi::parse_resource_id", args));
        let Some(id) = Id::read(written) else { return Ok(by_end("name", written, call)) };
        let Some((_, name)) = id.types.last() else { return open() };
        let mut parts: Vec<(&str, Value)> = vec![("providers", Value::text(&*id.namespace))];
        let levels = [("subscriptions", &id.subscription), ("resourceGroups", &id.group)];
        parts.extend(
            levels.into_iter().filter(|(_, level)| !level.is_null()).map(|(key, level)| (key, level.clone())),
        );
        parts.extend(id.types.iter().map(|(kind, name)| (&**kind, name.clone())));
        Ok(Value::record([
            ("id", written.clone()),
            ("name", name.clone()),
            ("parent_id", id.parent()),
            ("parts", Value::record(parts)),
            ("provider_namespace", Value::text(&*id.namespace)),
            ("resource_group_name", id.group.clone()),
            ("subscription_id", id.subscription.clone()),
            ("type", Value::text(id.kind())),
        ]))
    }),
    partial("azapi::resource_group_resource_id", (4, 4), |args, _| {
        below(&scope(arg(args, 0)?, arg(args, 1)?), args.get(2..).unwrap_or_default())
    }),
    partial("azapi::subscription_resource_id", (3, 3), |args, _| {
        below(&scope(arg(args, 0)?, &Value::null()), args.get(1..).unwrap_or_default())
    }),
    partial("azapi::tenant_resource_id", (2, 2), |args, _| below(&Value::text(""), args)),
];

#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter()
}

/// The function that a call of a provider names, if it is one of these.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix(PREFIX)?;
    FUNCTIONS.iter().find(|function| function.name == name)
}

fn call(name: &str, args: &[Value]) -> Value {
    Value::call(&format!("{PREFIX}{name}"), args.to_vec())
}

/// What is known of an id whose beginning is open: its last name.
fn by_end(key: &str, id: &Value, call: Value) -> Value {
    let pieces = id.pieces();
    let is_name = |text: &str| text.rsplit_once('/').is_some_and(|(_, name)| !name.is_empty());
    match pieces.last().and_then(Value::as_text).filter(|text| pieces.len() > 1 && is_name(text)) {
        Some(text) => {
            let name = Value::text(text.rsplit('/').next().unwrap_or_default());
            Value::partial(call, Value::record([(key, name)]))
        }
        None => call,
    }
}

fn scope(subscription: &Value, group: &Value) -> Value {
    let levels = [("/subscriptions/", subscription), ("/resourceGroups/", group)];
    let pieces = levels.into_iter().filter(|(_, level)| !level.is_null());
    Value::concat(&pieces.flat_map(|(label, level)| [Value::text(label), level.clone()]).collect::<Vec<_>>())
}

/// The id of a resource of a type, with these names, in a scope.
fn below(scope: &Value, rest: &[Value]) -> Outcome {
    let (Some(kind), Some(names)) = (arg(rest, 0)?.as_text(), arg(rest, 1)?.as_array()) else {
        return open();
    };
    if names.len() + 1 != kind.split('/').count() {
        return open();
    }
    let mut pieces = Vec::new();
    for name in names {
        if !pieces.is_empty() {
            pieces.push(Value::text("/"));
        }
        pieces.push(name.clone());
    }
    let names = Value::concat(&pieces);
    if kind.eq_ignore_ascii_case(names::RESOURCE_GROUP) {
        return Ok(Value::concat(&[scope.clone(), Value::text("/resourceGroups/"), names]));
    }
    Ok(extension_id(scope, kind, &names))
}

/// The id of a resource that is in a subscription, a resource group or neither, and about no other one.
struct Id {
    subscription: Value,
    group: Value,
    namespace: String,
    /// Types with their names, the outermost first.
    types: Vec<(String, Value)>,
}

impl Id {
    fn read(id: &Value) -> Option<Self> {
        let parts = name_segments(id);
        let mut rest = match parts.split_first() {
            Some((root, rest)) if root.as_text() == Some("") => rest,
            _ => return None,
        };
        let mut level = |label: &str| match rest {
            [first, value, inner @ ..]
                if first.as_text().is_some_and(|text| text.eq_ignore_ascii_case(label)) =>
            {
                rest = inner;
                value.clone()
            }
            _ => Value::null(),
        };
        let (subscription, group, namespace) =
            (level("subscriptions"), level("resourceGroups"), level("providers"));
        let namespace = namespace.as_text()?.to_owned();
        let (pairs, over) = rest.as_chunks::<2>();
        if !over.is_empty() || pairs.is_empty() {
            return None;
        }
        let pair = |[kind, name]: &[Value; 2]| {
            let kind = kind.as_text().filter(|kind| !kind.eq_ignore_ascii_case("providers"))?;
            Some((kind.to_owned(), name.clone()))
        };
        let types = pairs.iter().map(pair).collect::<Option<Vec<_>>>()?;
        Some(Self { subscription, group, namespace, types })
    }

    fn kind(&self) -> String {
        let types = self.types.iter().map(|(kind, _)| kind.as_str());
        std::iter::once(self.namespace.as_str()).chain(types).collect::<Vec<_>>().join("/")
    }

    /// The id of what it is in.
    fn parent(&self) -> Value {
        match self.types.split_last() {
            Some((_, [])) | None => scope(&self.subscription, &self.group),
            Some((_, above)) => {
                let kinds: Vec<&str> = above.iter().map(|(kind, _)| kind.as_str()).collect();
                let kind = format!("{}/{}", self.namespace, kinds.join("/"));
                let mut names = Vec::new();
                for (_, name) in above {
                    if !names.is_empty() {
                        names.push(Value::text("/"));
                    }
                    names.push(name.clone());
                }
                resource_id(&self.subscription, &self.group, &kind, &Value::concat(&names))
            }
        }
    }
}
