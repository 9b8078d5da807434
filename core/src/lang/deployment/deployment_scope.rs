//! Where resources land: the tenant, a management group, a subscription or a resource group.

use crate::azure::names;
use crate::eval::functions::Context;
use crate::eval::ids::name_segments;
use crate::eval::{Kind, Value};

/// At which level a template deploys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The default of templates without another schema or `targetScope`.
    ResourceGroup,
    /// `subscriptionDeploymentTemplate.json`.
    Subscription,
    /// `managementGroupDeploymentTemplate.json`.
    ManagementGroup,
    /// `tenantDeploymentTemplate.json`.
    Tenant,
}

/// The level and the id that the resources of a template are deployed below.
#[derive(Clone)]
pub(super) struct DeploymentScope {
    /// What functions know of it.
    pub(super) context: Context,
    pub(super) level: Level,
    /// Its id: of a resource group, a subscription or a management group; empty for the tenant.
    pub(super) id: Value,
}

impl DeploymentScope {
    /// Below a subscription or a resource group, as the context says.
    pub(super) fn below(context: Context, level: Level) -> Self {
        let subscription = [Value::text("/subscriptions/"), context.subscription.clone()];
        let id = match level {
            Level::ResourceGroup => {
                let group = [Value::text("/resourceGroups/"), context.resource_group.clone()];
                Value::concat(&[subscription, group].concat())
            }
            Level::Subscription => Value::concat(&subscription),
            Level::ManagementGroup => Value::concat(&[
                Value::text(names::MANAGEMENT_GROUP_PATH),
                Value::call("managementGroup", Vec::new()).get("name"),
            ]),
            Level::Tenant => Value::text(""),
        };
        Self { context, level, id }
    }

    /// Where the `scope` of a deployment resource leads: `/`, an id, or `Microsoft.Management/managementGroups/x`.
    /// A scope that a condition chooses leads to one of two places.
    pub(super) fn scope(&self, scope: &Value) -> Self {
        if let Kind::Choice(choice) = &scope.kind {
            let (then, otherwise) = (self.scope(&choice.then), self.scope(&choice.otherwise));
            let either = |then: &Value, otherwise: &Value| {
                Value::choice(choice.condition.clone(), then.clone(), otherwise.clone())
                    .assuming(&scope.assumed)
            };
            let (here, there) = (&then.context, &otherwise.context);
            let context = Context {
                subscription: either(&here.subscription, &there.subscription),
                resource_group: either(&here.resource_group, &there.resource_group),
            };
            return Self { context, level: then.level, id: either(&then.id, &otherwise.id) };
        }
        let above = |level, id| {
            let context = Context { subscription: Value::null(), resource_group: Value::null() };
            Self { context, level, id }
        };
        if scope.as_text() == Some("/") {
            return above(Level::Tenant, Value::text(""));
        }
        let segments = name_segments(scope);
        let word = |at: usize| segments.get(at).and_then(Value::as_text).map(str::to_ascii_lowercase);
        match (word(0).as_deref(), word(1).as_deref()) {
            (Some(""), Some("subscriptions")) => {
                let mut context = self.context.clone();
                context.subscription = segments.get(2).cloned().unwrap_or_default();
                context.resource_group = segments.get(4).cloned().unwrap_or_default();
                let level = if segments.len() > 4 { Level::ResourceGroup } else { Level::Subscription };
                Self::below(context, level)
            }
            (Some("microsoft.management"), _) => {
                above(Level::ManagementGroup, Value::concat(&[Value::text("/providers/"), scope.clone()]))
            }
            _ => above(Level::ManagementGroup, scope.clone()),
        }
    }
}

/// The id that the `scope` of a resource means: an id as it is, or `type/name` where the resource lands.
pub(super) fn scope_id(deployment_scope: &DeploymentScope, scope: &Value) -> Value {
    let pieces = scope.pieces();
    match pieces.first().and_then(Value::as_text) {
        Some(text) if !text.starts_with('/') && text.contains('/') => {
            Value::concat(&[deployment_scope.id.clone(), Value::text("/providers/"), scope.clone()])
        }
        _ => scope.clone(),
    }
}
