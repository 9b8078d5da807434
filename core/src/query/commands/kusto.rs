//! Kusto queries over the audit log of one vault. The names of tables and columns are those of Azure Monitor's
//! reference (F6.10, F6.13).

use super::one_line;
use crate::azure::Feature;
use crate::azure::names::errors;
use crate::eval::Assumptions;
use crate::model::{Model, Vault};
use crate::query::monitor::{Callers, with_defaults};
use crate::report::LogQuery;
use std::fmt::Write;

/// The table of diagnostic settings in resource-specific mode.
pub(crate) const DEDICATED: &str = "AZKVAuditLogs";
/// The table that all services share, for settings in Azure diagnostics mode.
pub(crate) const SHARED: &str = "AzureDiagnostics";

/// The columns of a table.
struct Table {
    name: &'static str,
    /// The filter for records of vaults, as a line of the query.
    only: &'static str,
    caller: &'static str,
    status: &'static str,
    /// An expression for the id of the calling application.
    application: &'static str,
    /// The column that marks requests of trusted services, if there is one.
    trusted: Option<&'static str>,
}

const TABLES: [Table; 2] = [
    Table {
        name: DEDICATED,
        only: "",
        caller: "CallerIpAddress",
        status: "HttpStatusCode",
        application: "tostring(Identity.claim.appid)",
        trusted: Some("TrustedService"),
    },
    Table {
        name: SHARED,
        only: "| where ResourceProvider == \"MICROSOFT.KEYVAULT\" and Category == \"AuditEvent\"\n",
        caller: "CallerIPAddress",
        status: "httpStatusCode_d",
        // This column exists only once a record with it was written.
        application: "column_ifexists(\"identity_claim_appid_g\", \"\")",
        trusted: None,
    },
];

/// Refusals (F3.3, F3.4): texts and codes in the log, and their meaning.
const REFUSALS: &[(&[&str], &str)] = &[
    (&[errors::FORBIDDEN_BY_FIREWALL, "Client address is not authorized"], "firewall"),
    (&[errors::FORBIDDEN_BY_CONNECTION, "Public network access is disabled"], "public access is off"),
    (&[errors::WRONG_ENDPOINT], "endpoint of another vault"),
    (&[errors::FORBIDDEN_BY_RBAC, "permission"], "permission"),
];

/// The vault that every query is about.
struct Subject {
    /// The line that selects the vault.
    filter: String,
    /// Comments of one line each.
    comments: Vec<String>,
    assumed: Assumptions,
}

pub(crate) fn queries(model: &Model, vault: &Vault) -> Vec<LogQuery> {
    let subject = Subject::of(vault);
    let callers = Callers::of(model, vault);
    let mut queries = Vec::new();
    // The reference lists the resource-specific table for vaults only.
    let tables = TABLES.iter().filter(|table| vault.has(Feature::LogTable) || table.name == SHARED);
    for table in tables {
        queries.push(refused(&subject, table));
        queries.push(from_outside(&subject, table, model, vault, &callers));
        queries.push(first_seen(&subject, table));
    }
    queries
}

impl Subject {
    fn of(vault: &Vault) -> Self {
        let resource = &vault.resource;
        let kind = vault.service.kind.to_ascii_lowercase();
        let mut comments = Vec::new();
        let name = match resource.name.as_text() {
            Some(name) => name.to_owned(),
            None => {
                let open = one_line(&resource.name.normal());
                comments.push(format!(
                    "placeholder: write the name of the vault, `{open}`, which the files leave open"
                ));
                format!("<name of the vault: {open}>")
            }
        };
        let ending = literal(&format!("/providers/{kind}/{name}"));
        Self {
            filter: format!("| where _ResourceId endswith {ending}\n"),
            comments,
            assumed: resource.name.assumed.clone(),
        }
    }

    /// A query with its title and comments before it.
    fn query(&self, table: &Table, title: &str, lets: &str, body: &str, notes: Vec<String>) -> LogQuery {
        let mut kql = String::new();
        let title_line = with_defaults(title, &self.assumed);
        for line in [&title_line].into_iter().chain(&self.comments).chain(&notes) {
            let _ = writeln!(kql, "// {}", one_line(line));
        }
        kql.push_str(lets);
        kql.push_str(body);
        LogQuery { title: title.to_owned(), table: table.name.to_owned(), kql, notes }
    }

    fn source(&self, table: &Table, days: u32) -> String {
        format!("{}\n| where TimeGenerated > ago({days}d)\n{}{}", table.name, table.only, self.filter)
    }
}

fn refused(subject: &Subject, table: &Table) -> LogQuery {
    let Table { caller, status, application, .. } = table;
    let mut body = subject.source(table, 7);
    let _ = writeln!(body, "| where {status} == 403");
    body.push_str("| extend Refusal = case(\n");
    for (texts, meaning) in REFUSALS {
        let tests: Vec<String> =
            texts.iter().map(|text| format!("ResultDescription contains {}", literal(text))).collect();
        let _ = writeln!(body, "    {}, {},", tests.join(" or "), literal(meaning));
    }
    body.push_str("    \"other\")\n");
    let _ = write!(
        body,
        "| summarize Requests = count(), LastSeen = max(TimeGenerated) by Refusal, {caller}, OperationName, \
         Application = {application}\n| order by Requests desc\n"
    );
    subject.query(table, "Requests that were refused, and by what", "", &body, Vec::new())
}

fn from_outside(
    subject: &Subject,
    table: &Table,
    model: &Model,
    vault: &Vault,
    callers: &Callers,
) -> LogQuery {
    let Table { caller, application, .. } = table;
    let mut notes = Vec::new();
    for open in &callers.open {
        notes.push(format!("placeholder: add {open} to Networks, which the files leave open"));
    }
    if !callers.assumed.is_empty() {
        notes.push(with_defaults("Networks contains these addresses", &callers.assumed));
    }
    if callers.has_endpoint {
        notes.push(
            "a private endpoint's own address is never that of a caller: Networks contains the networks that reach it".to_owned(),
        );
    }
    if model.is_public(vault).is_true() {
        notes.push("the vault is open to the internet: such requests are let in".to_owned());
    }
    let mut body = subject.source(table, 7);
    body.push_str(&succeeded(table));
    let _ = writeln!(body, "| where isnotempty({caller})");
    if !vault.bypasses_trusted().is_false() {
        match table.trusted {
            Some(trusted) => {
                let _ = writeln!(body, "| where isempty({trusted})");
            }
            None => notes
                .push("requests of trusted services are included: this table does not mark them".to_owned()),
        }
    }
    let mut lets = String::new();
    if callers.nets.is_empty() {
        notes.push(
            "the files contain no network with known addresses: every request counts as one from outside"
                .to_owned(),
        );
    } else {
        let nets: Vec<String> = callers.nets.iter().map(|net| literal(&net.to_string())).collect();
        let _ = writeln!(lets, "let Networks = dynamic([{}]);", nets.join(", "));
        // `ipv4_is_in_any_range` returns null for anything but an IPv4 address, which then counts as outside.
        let _ = writeln!(body, "| where not(coalesce(ipv4_is_in_any_range({caller}, Networks), false))");
    }
    let _ = write!(
        body,
        "| summarize Requests = count(), LastSeen = max(TimeGenerated), Operations = make_set(OperationName, 20) by \
         {caller}, Application = {application}\n| order by Requests desc\n"
    );
    subject.query(table, "Successful calls from outside the declared networks", &lets, &body, notes)
}

fn first_seen(subject: &Subject, table: &Table) -> LogQuery {
    let Table { caller, application, .. } = table;
    let mut body = subject.source(table, 30);
    body.push_str(&succeeded(table));
    let _ = write!(
        body,
        "| summarize FirstSeen = min(TimeGenerated), Requests = count(), Operations = make_set(OperationName, 20) by \
         {caller}, Application = {application}\n| where FirstSeen > ago(1d)\n| order by FirstSeen desc\n"
    );
    let note = "the table has to reach back 30 days: with less, every caller counts as new".to_owned();
    subject.query(
        table,
        "Callers of the last day that were not there in the 29 days before",
        "",
        &body,
        vec![note],
    )
}

/// Selects successful requests, of any 2xx status. Operations on the vault itself come through Azure Resource Manager,
/// which no firewall filters (F3.1).
fn succeeded(table: &Table) -> String {
    let Table { status, .. } = table;
    format!("| where {status} >= 200 and {status} < 300\n| where OperationName !startswith \"Vault\"\n")
}

/// A text as a Kusto string, with everything escaped that would end it.
fn literal(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}
