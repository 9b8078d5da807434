//! The public result types: plain data, UTF-16 positions, JSON names in camel case.
//!
//! The TypeScript types of the npm package are generated from these structs, and the JSON of `check` and
//! `model` is a stable contract with a `version`.

pub use crate::rules::{Applicability, Severity};

use crate::sorted::Map;
use serde::Serialize;

/// The version of the JSON contracts of `check` and `model`.
pub const VERSION: u32 = 1;

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Holds for every possible value.
    Certain,
    /// Holds under the defaults of the parameters that the message names.
    Likely,
}

/// A position: 0-based line, and 0-based UTF-16 code units in the line and in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Position {
    /// 0-based line.
    pub line: u32,
    /// 0-based UTF-16 code unit in the line.
    pub character: u32,
    /// 0-based UTF-16 code unit in the file.
    pub offset: u32,
}

/// A half-open range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Range {
    /// First position.
    pub start: Position,
    /// Position behind the last.
    pub end: Position,
}

/// The resource a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ResourceRef {
    /// ARM type, `Microsoft.KeyVault/vaults`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name; an unknown one in its normal form.
    pub name: String,
    /// What its author calls it.
    pub address: String,
}

/// Another place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Path of the file.
    pub file: String,
    /// Where in it.
    pub range: Range,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TextEdit {
    /// Path of the file.
    pub file: String,
    /// What is replaced; empty to insert.
    pub range: Range,
    /// The text put there.
    pub text: String,
}

/// A change that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Fix {
    /// What it does, as an order: `remove the rule`.
    pub title: String,
    /// Whether the meaning is kept.
    pub applicability: Applicability,
    /// The replacements; they do not overlap.
    pub edits: Vec<TextEdit>,
}

/// What fixing does to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FileEdits {
    /// Path of the file.
    pub file: String,
    /// The replacements, in order; they do not overlap.
    pub edits: Vec<TextEdit>,
    /// The whole text after them.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Diagnostic {
    /// Slug of the rule.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What is wrong, in one line.
    pub message: String,
    /// Why it matters and what to do.
    pub help: String,
    /// Path of the file.
    pub file: String,
    /// Where in it.
    pub range: Range,
    /// The resource it is about, if it is about one.
    pub resource: Option<ResourceRef>,
    /// Other places.
    pub related: Vec<Related>,
    /// Changes that mend it.
    pub fixes: Vec<Fix>,
    /// Numbers of the facts about Azure it rests on, `F1.22`.
    pub facts: Vec<String>,
    /// Page of the rule.
    pub url: String,
}

/// A rule that could not be decided for a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Undecided {
    /// Slug of the rule.
    pub rule: String,
    /// The resource.
    pub resource: Option<ResourceRef>,
    /// Why it is open, in one line.
    pub reason: String,
    /// Normal forms of what it depends on.
    pub depends_on: Vec<String>,
}

/// One file as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FileReport {
    /// Path as the host named it.
    pub path: String,
    /// `arm`, `arm-parameters`, `bicep`, `bicep-parameters`, `azure-json`, or `other` for a file that is none of them.
    pub language: String,
    /// Number of resources found in it, after loops.
    pub resources: u32,
}

/// Counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Summary {
    /// Files read.
    pub files: u32,
    /// Resources found.
    pub resources: u32,
    /// Vaults and managed HSMs found.
    pub vaults: u32,
    /// Findings of severity error.
    pub errors: u32,
    /// Findings of severity warning.
    pub warnings: u32,
    /// Findings of severity info.
    pub infos: u32,
    /// Rules left open.
    pub undecided: u32,
}

/// What `check` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// Counts.
    pub summary: Summary,
    /// The files read, by path.
    pub files: Vec<FileReport>,
    /// Findings, by file and position.
    pub diagnostics: Vec<Diagnostic>,
    /// What stayed open.
    pub undecided: Vec<Undecided>,
    /// Paths that a file refers to and that were not handed over.
    pub missing: Vec<String>,
}

/// One rule of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RuleInfo {
    /// Slug.
    pub slug: String,
    /// Severity it reports at most.
    pub severity: Severity,
    /// One line: what it finds.
    pub summary: String,
    /// `recommended` or `strict`: the smallest profile that runs it.
    pub profile: String,
    /// Whether it may offer a fix.
    pub fixable: bool,
    /// Numbers of the facts it rests on.
    pub facts: Vec<String>,
    /// Address of its page.
    pub url: String,
}

/// A value in the model: a JSON value where it is known, `{"unknown": "<normal form>"}` where it is not, and
/// `{"value": …, "default": true}` where it is Azure's default for what the template leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Known {
    /// `null`: not set, and without a default.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Known>),
    /// An object.
    Object(Map<String, Known>),
    /// Something the template leaves open.
    Unknown {
        /// Its normal form.
        unknown: String,
    },
    /// What Azure does where the template says nothing.
    Default {
        /// The value in effect.
        value: Box<Known>,
        /// Always true.
        default: bool,
    },
}

/// The rules of a vault's firewall, as the template gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NetworkAclsModel {
    /// Whether the template sets the object to something other than `{}` or null.
    pub present: Known,
    /// `Allow` or `Deny`.
    pub default_action: Known,
    /// `AzureServices` or `None`.
    pub bypass: Known,
    /// IPv4 addresses and CIDR ranges; a `{"unknown"}` among them stands for any number of rules.
    pub ip_rules: Vec<Known>,
    /// Subnet ids; a `{"unknown"}` among them stands for any number of rules.
    pub virtual_network_rules: Vec<Known>,
}

/// A vault or managed HSM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct VaultModel {
    /// What its author calls it.
    pub address: String,
    /// ARM type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name.
    pub name: Known,
    /// Path of the file.
    pub file: String,
    /// Where in it.
    pub range: Range,
    /// False for a resource that the template only refers to.
    pub declared: bool,
    /// Whether it is deployed; true, false, or what that depends on.
    pub condition: Known,
    /// API version.
    pub api_version: Known,
    /// Azure region.
    pub location: Known,
    /// `Enabled`, `Disabled` or `SecuredByPerimeter`.
    pub public_network_access: Known,
    /// The firewall.
    pub network_acls: NetworkAclsModel,
    /// Whether Azure RBAC decides about data-plane access.
    pub rbac: Known,
    /// Virtual machines may fetch certificates.
    pub enabled_for_deployment: Known,
    /// Disk Encryption may fetch secrets.
    pub enabled_for_disk_encryption: Known,
    /// Resource Manager may fetch secrets.
    pub enabled_for_template_deployment: Known,
    /// Parameters whose defaults the values rest on.
    pub assumed: Vec<String>,
}

/// Any other part of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ElementModel {
    /// What its author calls it.
    pub address: String,
    /// ARM type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name.
    pub name: Known,
    /// Path of the file.
    pub file: String,
    /// Where in it.
    pub range: Range,
    /// False for a resource that the template only refers to.
    pub declared: bool,
    /// Whether it is deployed; true, false, or what that depends on.
    pub condition: Known,
    /// What decides its part in the network, by ARM property name.
    #[serde(flatten)]
    pub properties: Map<String, Known>,
    /// Parameters whose defaults the values rest on.
    pub assumed: Vec<String>,
}

/// How sure a link between two elements is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// Same identity.
    Proved,
    /// Identities that may meet.
    Possible,
}

/// A link between two elements, by address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LinkModel {
    /// Address of the element that refers.
    pub from: String,
    /// Address of the element referred to.
    pub to: String,
    /// What the link is: `connects` (endpoint to vault), `in` (endpoint to subnet, subnet to network),
    /// `registers` (endpoint to zone), `links` (zone to network), `admits` (vault to subnet), `records`
    /// (zone to record), `uses` (consumer to vault).
    pub kind: String,
    /// How sure.
    pub proof: Proof,
}

/// What `model` says.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ModelReport {
    /// [`VERSION`].
    pub version: u32,
    /// Vaults and managed HSMs.
    pub vaults: Vec<VaultModel>,
    /// Private endpoints.
    pub private_endpoints: Vec<ElementModel>,
    /// Private DNS zones.
    pub dns_zones: Vec<ElementModel>,
    /// Links from zones to virtual networks.
    pub zone_links: Vec<ElementModel>,
    /// Zone groups of private endpoints.
    pub zone_groups: Vec<ElementModel>,
    /// A records in private zones.
    pub records: Vec<ElementModel>,
    /// Virtual networks.
    pub virtual_networks: Vec<ElementModel>,
    /// Subnets.
    pub subnets: Vec<ElementModel>,
    /// Resources that use vaults from inside or outside the network.
    pub consumers: Vec<ElementModel>,
    /// Who refers to whom.
    pub links: Vec<LinkModel>,
    /// Whether more links are possible than are shown.
    pub links_left_out: bool,
}

/// What `graph` says: the network around the vaults.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct GraphReport {
    /// [`VERSION`].
    pub version: u32,
    /// Who is there.
    pub nodes: Vec<GraphNode>,
    /// Who reaches, refuses, knows whom.
    pub edges: Vec<GraphEdge>,
    /// Findings about what is not drawn.
    pub findings: Vec<GraphFinding>,
    /// How many nodes there are besides; a picture of so many shows nothing.
    pub nodes_left_out: u32,
    /// How many edges there are besides, between nodes that are shown.
    pub edges_left_out: u32,
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A vault.
    Vault,
    /// A managed HSM.
    Hsm,
    /// A private endpoint.
    PrivateEndpoint,
    /// A virtual network.
    VirtualNetwork,
    /// A subnet.
    Subnet,
    /// A private DNS zone.
    DnsZone,
    /// A resource that uses vaults.
    Consumer,
    /// A network security perimeter.
    Perimeter,
    /// Addresses that a rule names.
    Addresses,
    /// Everyone.
    Internet,
    /// The services that get past a firewall which admits trusted services.
    TrustedServices,
}

/// Something in the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GraphNode {
    /// Unique in the report, and the same for the same files.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its name; an unknown one as what it comes from.
    pub label: String,
    /// What else helps to know it: prefixes, a service; may be empty.
    pub detail: String,
    /// What its author calls it; of what is not in the files, its id as far as it is known.
    pub address: Option<String>,
    /// The node it is inside of.
    pub parent: Option<String>,
    /// Path of the file, when it is in one.
    pub file: Option<String>,
    /// Where in it.
    pub range: Option<Range>,
    /// What is wrong with it.
    pub findings: Vec<GraphFinding>,
}

/// What an edge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum EdgeKind {
    /// Requests from there are let in.
    Reaches,
    /// Requests from there are refused.
    Blocked,
    /// A private endpoint carries requests to a vault.
    Connects,
    /// A private endpoint's address is registered in a zone.
    Registers,
    /// A network resolves names by a zone.
    Links,
    /// A resource calls from a subnet.
    In,
    /// A resource names a vault.
    Uses,
    /// A perimeter decides about a vault.
    Secures,
}

/// How two nodes relate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GraphEdge {
    /// Id of the node it starts at.
    pub from: String,
    /// Id of the node it ends at.
    pub to: String,
    /// What it says.
    pub kind: EdgeKind,
    /// By which way, or why not.
    pub label: String,
    /// How sure.
    pub proof: Proof,
    /// Parameters whose defaults it rests on.
    pub assumed: Vec<String>,
    /// What is wrong with it.
    pub findings: Vec<GraphFinding>,
}

/// A finding of `check`, where it is in the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GraphFinding {
    /// Slug of the rule.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
}

/// What `monitor` says: how to watch the vaults, and what keeps them as they are.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct MonitorReport {
    /// [`VERSION`].
    pub version: u32,
    /// The vaults that the files declare, each with its queries.
    pub vaults: Vec<MonitoredVault>,
    /// Assignments of built-in policies that the vaults satisfy as they are.
    pub policies: Vec<PolicyAssignment>,
    /// How many vaults there are besides.
    pub vaults_left_out: u32,
}

/// How to watch one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MonitoredVault {
    /// The vault.
    pub vault: ResourceRef,
    /// Path of the file.
    pub file: String,
    /// Where in it.
    pub range: Range,
    /// Whether there is anything to read.
    pub logged: Logged,
    /// Queries in Kusto for Log Analytics.
    pub queries: Vec<LogQuery>,
}

/// Whether the audit log of a vault is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum LogState {
    /// Something here keeps it.
    Kept,
    /// Nothing here does.
    Lost,
    /// The files leave that open.
    Open,
}

/// Whether the audit log of a vault is kept, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Logged {
    /// Whether it is kept.
    pub state: LogState,
    /// By what, why not, or on what it depends, in one line.
    pub message: String,
    /// The table it is kept in, where the files say so.
    pub table: Option<String>,
    /// Path of the file that decides.
    pub file: String,
    /// Where in it.
    pub range: Range,
}

/// One query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LogQuery {
    /// What it shows.
    pub title: String,
    /// The table it reads: `AZKVAuditLogs` or `AzureDiagnostics`.
    pub table: String,
    /// The query, in several lines.
    pub kql: String,
    /// What to know before it is run, each in one line.
    pub notes: Vec<String>,
}

/// The assignment of a built-in policy that vaults satisfy as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PolicyAssignment {
    /// Name of the definition.
    pub guid: String,
    /// What Azure calls the policy.
    pub name: String,
    /// What happens to a vault that does not satisfy it.
    pub effect: String,
    /// Parameters of the assignment, by name.
    pub parameters: Map<String, Known>,
    /// What it keeps, in one line.
    pub why: String,
    /// Addresses of the vaults that surely satisfy it.
    pub vaults: Vec<String>,
    /// Addresses of the vaults that do not, or that the files leave open: the assignment leaves them out.
    pub except: Vec<String>,
    /// The assignment as a command of Azure's CLI.
    pub command: String,
    /// The assignment in Bicep.
    pub bicep: String,
}
