//! Resource ids.
//!
//! Names may be unknown: an id is text with holes, and equal ids have equal normal forms.

use super::text::split_pieces;
use super::{Context, Function, MANY, Outcome, Unevaluated, mistyped, open, partial, wrong};
use crate::azure::names;
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    partial("extensionResourceId", (3, MANY), extension),
    partial("managementGroupResourceId", (2, MANY), management_group),
    partial("resourceId", (2, MANY), resource),
    partial("subscriptionResourceId", (2, MANY), subscription),
    partial("tenantResourceId", (2, MANY), tenant),
];

fn resource(args: &[Value], context: &Context) -> Outcome {
    let (scope, rest) = scoped(args, 2)?;
    let (subscription, group) = match scope {
        [] => (&context.subscription, &context.resource_group),
        [only] if is_subscription(only, context) => (only, &context.resource_group),
        [only] => (&context.subscription, only),
        [first, second, ..] => (first, second),
    };
    let mut pieces = Vec::new();
    // A tenant has no subscription and a subscription no resource group.
    if !subscription.is_null() {
        pieces.extend([Value::text("/subscriptions/"), subscription.clone()]);
    }
    if !group.is_null() {
        pieces.extend([Value::text("/resourceGroups/"), group.clone()]);
    }
    with_provider(pieces, rest)
}

fn subscription(args: &[Value], context: &Context) -> Outcome {
    let (scope, rest) = scoped(args, 1)?;
    let subscription = scope.first().unwrap_or(&context.subscription).clone();
    with_provider(vec![Value::text("/subscriptions/"), subscription], rest)
}

fn management_group(args: &[Value], _: &Context) -> Outcome {
    let (scope, rest) = scoped(args, 1)?;
    let group = match scope.first() {
        Some(group) => group.clone(),
        None => Value::call("managementGroup", Vec::new()).get("name"),
    };
    with_provider(vec![Value::text(names::MANAGEMENT_GROUP_PATH), group], rest)
}

fn tenant(args: &[Value], _: &Context) -> Outcome {
    with_provider(Vec::new(), args)
}

fn extension(args: &[Value], _: &Context) -> Outcome {
    let Some((scope, rest)) = args.split_first() else { return open() };
    let scope = match &scope.kind {
        Kind::Text(text) => Value::text(text.trim_end_matches('/')),
        Kind::Term(_) => scope.clone(),
        _ => return mistyped(scope, "a resource id"),
    };
    with_provider(vec![scope], rest)
}

/// What is before the resource type, which is the first text with a slash, and the rest.
fn scoped(args: &[Value], most: usize) -> Result<(&[Value], &[Value]), Unevaluated> {
    for (at, value) in args.iter().enumerate().take(most + 1) {
        match &value.kind {
            Kind::Text(text) if text.contains('/') => return Ok(args.split_at(at)),
            Kind::Text(_) | Kind::Term(_) => {}
            _ => return mistyped(value, "text"),
        }
    }
    // One of the unknowns is the type.
    if args.iter().take(most + 1).any(|value| !value.is_known()) {
        return open();
    }
    wrong("takes a resource type such as `Microsoft.KeyVault/vaults`")
}

fn is_subscription(value: &Value, context: &Context) -> bool {
    let guid = |text: &str| {
        text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    value.as_text().map_or_else(|| value.same(&context.subscription) == Some(true), guid)
}

/// Types and names in turn: `providers/namespace/type/name/type/name`.
fn with_provider(mut pieces: Vec<Value>, args: &[Value]) -> Outcome {
    let Some((kind, names)) = args.split_first() else { return open() };
    let Some(kind_text) = kind.as_text() else { return mistyped(kind, "a resource type") };
    let mut types = kind_text.trim_matches('/').split('/');
    let Some(namespace) = types.next() else { return open() };
    let types: Vec<&str> = types.collect();
    let names = segments(names, types.len())?;
    if names.len() > types.len()
        || (names.len() < types.len() && names.iter().all(|name| name.as_text().is_some()))
    {
        return wrong(format!("takes {} names for `{kind_text}`, not {}", types.len(), names.len()));
    }
    pieces.push(Value::text(format!("/providers/{namespace}")));
    if names.len() < types.len() {
        // A name that is not known has the others in it.
        return open();
    }
    for (kind, name) in types.iter().zip(names) {
        pieces.extend([Value::text(format!("/{kind}/")), name]);
    }
    Ok(Value::concat(&pieces))
}

/// The names, one for each type; one argument may hold several, as in `vnet/subnet`.
fn segments(names: &[Value], wanted: usize) -> Result<Vec<Value>, Unevaluated> {
    let mut all = Vec::new();
    for name in names {
        match &name.kind {
            Kind::Text(_) | Kind::Term(_) if names.len() == wanted => all.push(name.clone()),
            Kind::Text(_) | Kind::Term(_) => all.extend(split_pieces(&name.pieces(), &["/"])?),
            Kind::Int(number) => all.push(Value::text(number.to_string())),
            _ => return mistyped(name, "names"),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::super::Context;
    use super::super::tests::{check, context, eval_in};
    use crate::eval::value::Value;

    const HERE: &str = "${subscription().id}";
    const GUID: &str = "11111111-2222-3333-4444-555555555555";

    #[test]
    fn ids_have_one_normal_form() {
        check(&[
            (
                "resourceId('Microsoft.KeyVault/vaults', concat('kv-', x))",
                &format!(
                    "{HERE}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-${{parameters('x')}}"
                ),
            ),
            (
                "resourceId(y, 'Microsoft.KeyVault/vaults', x)",
                &format!(
                    "{HERE}/resourceGroups/${{parameters('y')}}/providers/Microsoft.KeyVault/vaults/${{parameters('x')}}"
                ),
            ),
            (
                &format!(
                    "resourceId('{GUID}', 'hub', 'Microsoft.Network/virtualNetworks/subnets', 'v', 's')"
                ),
                &format!(
                    "'/subscriptions/{GUID}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/v/subnets/s'"
                ),
            ),
            (
                &format!("resourceId('{GUID}', 'Microsoft.Network/virtualNetworks', 'v')"),
                &format!(
                    "'/subscriptions/{GUID}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v'"
                ),
            ),
        ]);
    }

    #[test]
    fn names_are_zipped_with_types() {
        let vnet =
            format!("{HERE}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s");
        check(&[
            ("resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')", &vnet),
            ("resourceId('Microsoft.Network/virtualNetworks/subnets', 'v/s')", &vnet),
            (
                "resourceId('Microsoft.Network/virtualNetworks/subnets', concat(x, '/s'))",
                &vnet.replace("/v/", "/${parameters('x')}/"),
            ),
            ("resourceId('Microsoft.Network/virtualNetworks/subnets', 'v')", "!takes 2 names"),
            ("resourceId('Microsoft.Network/virtualNetworks', 'v', 's')", "!takes 1 names"),
            (
                "resourceId('Microsoft.Network/virtualNetworks/subnets', x)",
                "resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('x'))",
            ),
            ("resourceId(x, 'v')", "resourceId(parameters('x'), 'v')"),
            ("resourceId('vaults', 'v')", "!resource type such as"),
        ]);
    }

    #[test]
    fn other_scopes() {
        check(&[
            (
                "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
                &format!("{HERE}/providers/Microsoft.Authorization/roleDefinitions/r"),
            ),
            (
                "tenantResourceId('Microsoft.Authorization/policyDefinitions', 'p')",
                "'/providers/Microsoft.Authorization/policyDefinitions/p'",
            ),
            (
                "managementGroupResourceId('Microsoft.Authorization/policyDefinitions', 'p')",
                "/providers/Microsoft.Management/managementGroups/${managementGroup().name}/providers/\
                 Microsoft.Authorization/policyDefinitions/p",
            ),
            (
                "extensionResourceId(x, 'Microsoft.Insights/diagnosticSettings', 'd')",
                "${parameters('x')}/providers/Microsoft.Insights/diagnosticSettings/d",
            ),
        ]);
    }

    #[test]
    fn above_a_resource_group_ids_have_none() {
        let above = Context { resource_group: Value::null(), ..context() };
        let id = eval_in("resourceId('Microsoft.Resources/resourceGroups', 'a')", &above).unwrap();
        assert_eq!(id.normal(), format!("{HERE}/providers/Microsoft.Resources/resourceGroups/a"));
    }
}
