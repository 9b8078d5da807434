//! Kusto queries over the vaults' audit logs, and policy assignments that enforce the vaults' current settings.

mod callers;
mod policy;
#[cfg(test)]
mod tests;

use crate::eval::{Assumptions, Truth};
pub(crate) use callers::Callers;

use crate::input::Environment;
use crate::lang::Documents;
use crate::model::{DiagnosticSetting, Model, Vault, identity, property};
use crate::query::commands::{kusto, one_line};
use crate::render::{Places, resource_ref};
use crate::report::{LogState, Logged, MonitorReport, MonitoredVault, VERSION};
use std::rc::Rc;

/// The maximum number of vaults in one report. Each has half a dozen queries.
const MAX_VAULTS: usize = 200;

pub(crate) fn report(documents: &Documents, environments: &[Rc<Environment>]) -> MonitorReport {
    let places = Places::new(documents);
    let mut report = MonitorReport { version: VERSION, ..MonitorReport::default() };
    let models = || environments.iter().map(|environment| &environment.model);
    for model in models() {
        for vault in model.vaults.iter().filter(|vault| !vault.resource.referenced) {
            if report.vaults.len() >= MAX_VAULTS {
                report.vaults_left_out = report.vaults_left_out.saturating_add(1);
                continue;
            }
            let watched = MonitoredVault {
                vault: resource_ref(&vault.resource),
                file: places.path(vault.resource.place).to_owned(),
                range: places.range(vault.resource.place),
                logged: logged(model, vault, &places),
                queries: kusto::queries(model, vault),
            };
            // Runs with other parameters may have the same result.
            if !report.vaults.contains(&watched) {
                report.vaults.push(watched);
            }
        }
    }
    report.policies = policy::assignments(models());
    report
}

/// Whether the audit log is kept, and by which setting (F6.10, F6.13).
fn logged(model: &Model, vault: &Vault, places: &Places) -> Logged {
    let at = |place| (places.path(place).to_owned(), places.range(place));
    let its: Vec<(&DiagnosticSetting, Truth)> =
        model.diagnostics_of(vault).filter(|(_, is_its)| is_its.is_true()).collect();
    let keeps = its.iter().find(|(setting, _)| setting.keeps_audit_log().is_true());
    let of = |state, message: String, table: Option<&str>, place| {
        let (file, range) = at(place);
        Logged { state, message: one_line(&message), table: table.map(str::to_owned), file, range }
    };
    match (model.keeps_audit_log(vault), keeps) {
        (Truth::True(assumed), Some((setting, _))) => {
            let (to, table) = destination(setting);
            let name = setting.resource.label();
            let message = format!("diagnostic setting `{name}` keeps the audit log{to}");
            let message = with_defaults(&message, &assumed);
            of(LogState::Kept, message, table, setting.resource.place)
        }
        (Truth::True(assumed), None) => {
            let message = with_defaults("a diagnostic setting here keeps the audit log", &assumed);
            of(LogState::Kept, message, None, vault.resource.place)
        }
        (kept, _) => match (model.keeps_logs_by_policy(), kept) {
            (Truth::True(assumed), _) => {
                let message = with_defaults(
                    "a policy that is assigned here gives every vault a diagnostic setting",
                    &assumed,
                );
                of(LogState::Kept, message, None, vault.resource.place)
            }
            (Truth::Unknown(depends), _) | (_, Truth::Unknown(depends)) => {
                let names: Vec<String> = depends.names().map(|name| format!("`{name}`")).collect();
                let message = format!("whether the audit log is kept depends on {}", names.join(", "));
                of(LogState::Open, message, None, vault.resource.place)
            }
            _ => match its.first() {
                Some((setting, _)) => {
                    let name = setting.resource.label();
                    let message = format!(
                        "diagnostic setting `{name}` does not keep the audit log: the queries find nothing"
                    );
                    of(LogState::Lost, message, None, setting.resource.place)
                }
                None => {
                    let message = "no diagnostic setting here keeps the audit log: without one the queries find nothing";
                    of(LogState::Lost, message.to_owned(), None, vault.resource.place)
                }
            },
        },
    }
}

/// The destination of a setting, for a message, and its table.
fn destination(setting: &DiagnosticSetting) -> (String, Option<&'static str>) {
    let workspace = property(&setting.resource, &["workspaceId"]);
    if workspace.is_null() {
        return (", but not in a workspace: the queries have no table to read".to_owned(), None);
    }
    let kind = property(&setting.resource, &["logAnalyticsDestinationType"]);
    let table = if kind.is_word("Dedicated").is_true() {
        Some(kusto::DEDICATED)
    } else if kind.is_null() || kind.is_word("AzureDiagnostics").is_true() {
        Some(kusto::SHARED)
    } else {
        None
    };
    (format!(" in workspace `{}`", identity::label(&workspace)), table)
}

/// Appends the names of the defaults that a statement rests on.
pub(super) fn with_defaults(statement: &str, assumed: &Assumptions) -> String {
    let names: Vec<String> = assumed.names().map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => statement.to_owned(),
        _ => format!("{statement} (with the default of {})", names.join(", ")),
    }
}
