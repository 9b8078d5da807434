//! Policies in the files that deny the vaults in the files.

use super::{Check, Context, Finding, Group, Profile, Rule, Severity};
use crate::azure::{names, policies};
use crate::eval::{Kind, Truth, Unknowns, Value};
use crate::lang::Resource;
use crate::model::{Vault, identity, is_deployed, property};

pub(super) const RULE: Rule = Rule {
    slug: "policy-will-deny",
    group: Group::Callers,
    severity: Severity::Warning,
    profile: Profile::Recommended,
    fixable: false,
    summary: "A vault that a policy in the same files denies.",
    facts: &["F4.11", "F6.21", "F6.26"],
    yields_to: &[],
    check: Check::Model(check),
};

fn check(cx: &mut Context) {
    let definitions: Vec<&Resource> = cx.others(names::POLICY_DEFINITION).map(|(one, _)| one).collect();
    for (assignment, deployed) in cx.others(names::POLICY_ASSIGNMENT) {
        let id = property(assignment, &["policyDefinitionId"]);
        let definition = definitions.iter().find(|definition| names_definition(&id, definition));
        let enforced = property(assignment, &["enforcementMode"]).is_word("DoNotEnforce").negate();
        // What it leaves out may be the vault.
        if !property(assignment, &["notScopes"]).elements().any().is_false() {
            continue;
        }
        for vault in cx.templated_vaults().collect::<Vec<_>>() {
            let Some((denies, effect)) = denies(assignment, definition.copied(), &id, vault) else {
                continue;
            };
            let truth = denies
                .and(enforced.clone())
                .and(covers(assignment, vault))
                .and(deployed.clone())
                .and(is_deployed(&vault.resource));
            // What a condition asks for beside the network is not read: that is not worth a word.
            if truth.is_unknown() {
                continue;
            }
            let reason = "whether the policy denies the vault";
            cx.when(&vault.resource, truth, reason, || {
                let name = vault.resource.label();
                let policy = definition.map_or_else(|| identity::label(&id), |definition| definition.label());
                Finding::new(
                    &vault.resource,
                    &vault.resource.name,
                    format!(
                        "policy `{policy}` denies vault `{name}`: a vault has no private endpoint when it is \
                         made"
                    ),
                    "an endpoint can only be made for a vault that exists, so a policy that denies a vault \
                     without one denies every new vault, whatever the order in a template; give it the \
                     effect `audit`, or make the endpoint by a policy with `deployIfNotExists`",
                )
                // An assignment takes effect some time after it is made, which may be after the vault is.
                .likely_if(true)
                .related(effect.place, "this effect denies")
                .related(Some(assignment.place), "this assigns the policy")
            });
        }
    }
}

fn names_definition(id: &Value, definition: &Resource) -> bool {
    identity::same(id, &definition.id).is_true()
        || (identity::is_of_type(id, names::POLICY_DEFINITION) == Some(true)
            && identity::last(id).is_some_and(|last| identity::same_name(&last, &definition.name).is_true()))
}

/// Whether an assignment to a resource group or to one resource is about a vault; one to a subscription or a management
/// group is about all vaults in the files.
fn covers(assignment: &Resource, vault: &Vault) -> Truth {
    let scope = identity::scope(&assignment.id);
    let is_in_group = scope.pieces().iter().any(|piece| {
        piece.as_text().is_some_and(|text| text.to_ascii_lowercase().contains("/resourcegroups/"))
    });
    let vault = &vault.resource.id;
    match is_in_group {
        true => identity::same(&scope, &identity::scope(vault)).or(identity::same(&scope, vault)),
        false => Truth::of(true),
    }
}

/// Whether an assigned policy denies a vault that is made for the first time because of its private endpoints, and the
/// effect as written. Nothing where the policy is about something else.
fn denies(
    assignment: &Resource,
    definition: Option<&Resource>,
    id: &Value,
    vault: &Vault,
) -> Option<(Truth, Value)> {
    let given = |name: &str| property(assignment, &["parameters", name, "value"]);
    let Some(definition) = definition else {
        let is_built_in = identity::last(id)?.is_word(policies::USE_PRIVATE_LINK_DEPRECATED);
        let effect = given("effect");
        return Some((is_built_in.and(effect.is_word("Deny")), effect));
    };
    let rule = property(definition, &["policyRule"]);
    let parameter = |value: &Value| match parameter_name(value) {
        Some(name) => {
            let given = given(&name);
            let default = || property(definition, &["parameters", &name, "defaultValue"]);
            if given.is_null() { default() } else { given }
        }
        None => value.clone(),
    };
    let effect = parameter(&rule.path(&["then", "effect"]));
    let condition = rule.get("if");
    if !asks_for_endpoint(&condition, 0) {
        return None;
    }
    Some((holds(&condition, vault, &parameter, 0).and(effect.is_word("deny")), effect))
}

/// The name in `[parameters('name')]`, which a policy's own language has.
fn parameter_name(value: &Value) -> Option<String> {
    let text = value.as_text()?.trim_matches(['[', ']']);
    Some(text.strip_prefix("parameters('")?.strip_suffix("')")?.to_owned())
}

/// Conditions inside one another.
const MAX_DEPTH: u8 = 16;

fn asks_for_endpoint(condition: &Value, depth: u8) -> bool {
    let text = |value: &Value| {
        value.as_text().is_some_and(|text| {
            text.to_ascii_lowercase().contains(names::lower::VAULT_PRIVATE_ENDPOINT_CONNECTION)
        })
    };
    match &condition.kind {
        _ if depth > MAX_DEPTH => false,
        Kind::Object(object) => {
            object.fields().iter().any(|field| asks_for_endpoint(&field.value, depth + 1))
        }
        Kind::Array(array) => array.items().iter().any(|item| asks_for_endpoint(item, depth + 1)),
        _ => text(condition),
    }
}

/// Whether a condition of a policy holds for a vault without connections.
fn holds(condition: &Value, vault: &Vault, parameter: &dyn Fn(&Value) -> Value, depth: u8) -> Truth {
    let open = || Truth::Unknown(Unknowns::of("a condition of the policy"));
    if depth > MAX_DEPTH || condition.as_object().is_none() {
        return open();
    }
    let each = |list: &Value| {
        let items = list.as_array().map(<[Value]>::to_vec).unwrap_or_default();
        items.into_iter().map(|item| holds(&item, vault, parameter, depth + 1)).collect::<Vec<_>>()
    };
    let (all, any, not) = (condition.get("allOf"), condition.get("anyOf"), condition.get("not"));
    if !all.is_null() {
        return each(&all).into_iter().fold(Truth::of(true), Truth::and);
    }
    if !any.is_null() {
        return each(&any).into_iter().fold(Truth::of(false), Truth::or);
    }
    if !not.is_null() {
        return holds(&not, vault, parameter, depth + 1).negate();
    }
    let counted = condition.path(&["count", "field"]);
    let subject = match (counted.as_text(), condition.get("field").as_text()) {
        (Some(field), _)
            if field.to_ascii_lowercase().starts_with(names::lower::VAULT_PRIVATE_ENDPOINT_CONNECTION) =>
        {
            Value::int(0)
        }
        (None, Some(field)) => match subject(field, vault) {
            Some(subject) => subject,
            None => return open(),
        },
        _ => return open(),
    };
    compared(&subject, condition, parameter).unwrap_or_else(open)
}

/// What a field of a policy is of a vault; nothing where that is not known here.
fn subject(field: &str, vault: &Vault) -> Option<Value> {
    let lower = field.to_ascii_lowercase();
    if lower == "type" {
        return Some(Value::text(names::VAULT));
    }
    if lower.starts_with(names::lower::VAULT_PRIVATE_ENDPOINT_CONNECTION) {
        return Some(Value::null());
    }
    let path = field.get(names::VAULT.len() + 1..)?;
    let is_inside = lower.strip_prefix(names::lower::VAULT).is_some_and(|rest| rest.starts_with('/'));
    let is_alias = is_inside && !path.contains('[');
    is_alias.then(|| vault.property(&path.split('.').collect::<Vec<_>>()))
}

/// Whether a value meets the comparisons of a condition; `None` where one of them is not known here.
fn compared(subject: &Value, condition: &Value, parameter: &dyn Fn(&Value) -> Value) -> Option<Truth> {
    let wanted = |name: &str| Some(parameter(&condition.get(name))).filter(|value| !value.is_null());
    let is = |wanted: &Value| match wanted.as_text() {
        Some(word) => subject.is_word(word),
        None => subject.same(wanted).map_or_else(|| Truth::Unknown(subject.depends()), Truth::of),
    };
    if let Some(value) = wanted("equals") {
        return Some(is(&value));
    }
    if let Some(value) = wanted("notEquals") {
        return Some(is(&value).negate());
    }
    if let Some(list) = wanted("in") {
        return Some(list.elements().any_is(&is));
    }
    if let Some(list) = wanted("notIn") {
        return Some(list.elements().any_is(&is).negate());
    }
    if let Some(exists) = wanted("exists") {
        let is_set = subject.is_set();
        return Some(if exists.is_true().is_true() { is_set } else { is_set.negate() });
    }
    let number = subject.as_int()?;
    let limit = |name: &str| wanted(name).and_then(|value| value.as_int());
    let holds = limit("less").map(|limit| number < limit);
    let holds = holds.or_else(|| limit("lessOrEquals").map(|limit| number <= limit));
    let holds = holds.or_else(|| limit("greater").map(|limit| number > limit));
    let holds = holds.or_else(|| limit("greaterOrEquals").map(|limit| number >= limit));
    holds.map(Truth::of)
}
