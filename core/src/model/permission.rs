//! Role assignments: who is permitted what on a vault.

use super::{identity, property};
use crate::azure::access::{self, Role};
use crate::azure::names;
use crate::eval::{Kind, TermKind, Truth, Unknowns, Value};
use crate::lang::Resource;

/// A role assignment.
#[derive(Clone, Debug)]
pub struct RoleAssignment {
    /// The resource.
    pub resource: Resource,
    /// Id of what the role is assigned on.
    pub scope: Value,
    /// `roleDefinitionId`.
    pub definition: Value,
    /// `principalId`.
    pub principal: Value,
    /// `principalType`.
    pub principal_type: Value,
}

impl RoleAssignment {
    pub(super) fn new(resource: Resource) -> Self {
        Self {
            scope: identity::scope(&resource.id),
            definition: property(&resource, &["roleDefinitionId"]),
            principal: property(&resource, &["principalId"]),
            principal_type: property(&resource, &["principalType"]),
            resource,
        }
    }

    /// The role, where it is known and one of Key Vault's own.
    pub fn role(&self) -> Option<&'static Role> {
        access::role(&identity::known_name(&self.definition)?)
    }

    /// Whether the role is one of Key Vault's own, and such a one.
    pub fn grants(&self, is_such: &dyn Fn(&Role) -> bool) -> Truth {
        identity::has_name(&self.definition, &|name| access::role(name).is_some_and(is_such))
    }

    /// Whether it is on a whole subscription, a management group, or everything.
    pub fn is_above_groups(&self) -> Truth {
        self.scope.test(&|scope| {
            if identity::is_of_type(scope, names::MANAGEMENT_GROUP) == Some(true) {
                return Some(true);
            }
            // `/subscriptions/x` has two parts, whatever its id is.
            identity::segments(scope).map(|parts| parts.len() <= 2)
        })
    }

    /// Whether a role on that scope holds for the resource with this id: it is on the resource itself, or on the group, the
    /// subscription or the management group that the resource is in (F6.34).
    pub fn covers(&self, id: &Value) -> Truth {
        covers(&self.scope, id)
    }

    /// Whether it may hold for vaults in its scope: that is not a vault itself, nor something else that is made in a group.
    pub(super) fn is_around(&self) -> bool {
        identity::resource_type(&self.scope).is_none()
            || identity::is_of_type(&self.scope, names::MANAGEMENT_GROUP) == Some(true)
    }

    /// Whether it goes to software: it says so, or names the identity that Azure made for a resource.
    pub fn is_for_workload(&self) -> Truth {
        let managed = self.principal.test(&|principal| match &principal.kind {
            Kind::Term(term) => match &term.kind {
                TermKind::Property { of, name } => {
                    (&**name == "principalId" && of.normal().starts_with("reference(")).then_some(true)
                }
                _ => None,
            },
            _ => None,
        });
        let said = self.principal_type.is_word("ServicePrincipal");
        // Who it is need not be known where it is said what it is.
        if self.principal_type.is_set().is_true() { said } else { managed }
    }
}

fn covers(scope: &Value, id: &Value) -> Truth {
    for (varies, is_scope) in [(scope, true), (id, false)] {
        if let Kind::Choice(choice) = &varies.kind {
            let of = |branch: &Value| if is_scope { covers(branch, id) } else { covers(scope, branch) };
            let (then, otherwise) = (of(&choice.then), of(&choice.otherwise));
            return identity::of_choice(&choice.condition, then, otherwise).assuming(&varies.assumed);
        }
    }
    let assumed = scope.assumed.and(&id.assumed);
    if scope.as_text().is_some_and(|text| text.trim_matches('/').is_empty()) {
        return Truth::of(true).assuming(&assumed);
    }
    if identity::is_of_type(scope, names::MANAGEMENT_GROUP) == Some(true) {
        let what = format!(
            "whether the subscription of `{}` is in `{}`",
            identity::label(id),
            identity::label(scope)
        );
        return Truth::Unknown(Unknowns::of(what));
    }
    let (Some(outer), Some(inner)) = (identity::segments(scope), identity::segments(id)) else {
        return Truth::Unknown(identity::open(scope));
    };
    match inner.get(..outer.len()) {
        // As much of the resource's id as the scope has.
        Some(beginning) => {
            let mut pieces = Vec::new();
            for part in beginning {
                pieces.extend([Value::text("/"), part.clone()]);
            }
            identity::same(scope, &Value::concat(&pieces).assuming(&id.assumed))
        }
        None => Truth::of(false),
    }
}
