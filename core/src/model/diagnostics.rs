//! Diagnostic settings: which logs of a resource are kept somewhere.

use super::{Model, Vault, comes_with, identity, property};
use crate::azure::{names, policies};
use crate::eval::{Elements, Truth, Unknowns, Value};
use crate::lang::Resource;
use std::cell::OnceCell;

/// A diagnostic setting.
#[derive(Clone, Debug)]
pub struct DiagnosticSetting {
    /// The resource.
    pub resource: Resource,
    /// Id of what it is about.
    pub target: Value,
    /// `logs` as written.
    pub logs: Value,
    /// The entries of `logs` and `metrics`.
    pub entries: [Elements; 2],
    /// What [`DiagnosticSetting::keeps_audit_log`] says: every vault asks that may be meant.
    keeps: OnceCell<Truth>,
}

/// Where a setting can send to.
const DESTINATIONS: [&str; 5] = [
    "workspaceId",
    "storageAccountId",
    "eventHubAuthorizationRuleId",
    "marketplacePartnerId",
    "serviceBusRuleId",
];

impl DiagnosticSetting {
    pub(super) fn new(resource: Resource) -> Self {
        let logs = property(&resource, &["logs"]);
        Self {
            target: identity::scope(&resource.id),
            entries: [logs.elements(), property(&resource, &["metrics"]).elements()],
            logs,
            keeps: OnceCell::new(),
            resource,
        }
    }

    /// Whether it sends what it lists anywhere. An unknown id is one.
    pub fn has_destination(&self) -> Truth {
        DESTINATIONS.iter().fold(Truth::of(false), |any, to| {
            any.or(property(&self.resource, &[to]).test(&|id| Some(!id.is_null())))
        })
    }

    /// Where the destination that it lacks would be written, or is written as null.
    pub fn lacking_destination(&self) -> Value {
        let mut written = DESTINATIONS.iter().map(|to| property(&self.resource, &[to]));
        let is_written = |value: &Value| value.used.is_some() || !value.assumed.is_empty();
        written.find(is_written).unwrap_or_else(|| property(&self.resource, &["workspaceId"]))
    }

    /// Whether it sends the audit log somewhere (F6.10).
    pub fn keeps_audit_log(&self) -> Truth {
        self.keeps.get_or_init(|| self.has_destination().and(self.lists_audit_log())).clone()
    }

    /// Whether the audit log is among what it lists.
    pub fn lists_audit_log(&self) -> Truth {
        let [logs, _] = &self.entries;
        let audits = |log: &Value| {
            let group = log.get("categoryGroup");
            let is_audit = log.get("category").is_word("AuditEvent");
            is_audit.or(group.is_word("audit")).or(group.is_word("allLogs")).and(log.get("enabled").is_true())
        };
        logs.any_is(&audits)
    }
}

impl Model {
    /// Whether a setting here sends the audit log of a vault somewhere.
    pub fn keeps_audit_log(&self, vault: &Vault) -> Truth {
        let mut any = self.nothing_about(&vault.resource.id, names::DIAGNOSTIC_SETTING);
        for (setting, is_its) in self.diagnostics_of(vault) {
            let is_there = comes_with(&vault.resource, &setting.resource);
            any = any.or(is_its.and(setting.keeps_audit_log()).and(is_there));
        }
        // The settings of a vault that Azure shows are shown by another command.
        if vault.resource.is_shown() && !self.knows(names::DIAGNOSTIC_SETTING, None) {
            any = any.or(Truth::Unknown(Unknowns::of(format!(
                "the diagnostic settings of `{}`",
                vault.resource.label()
            ))));
        }
        any
    }

    /// Whether a policy is assigned here that sends the logs of all vaults somewhere (F6.28).
    pub fn keeps_logs_by_policy(&self) -> Truth {
        let none = Truth::of(false);
        policies::DEPLOY_LOGS.iter().fold(none, |any, policy| any.or(self.assigns_policy(policy)))
    }
}
