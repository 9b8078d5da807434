//! The public result types: plain data, UTF-16 positions, JSON names in camel case.
//!
//! The TypeScript types of the npm package are generated from these structs, and the JSON of `check` and
//! `model` is a stable contract with a `version`.

pub use crate::rules::{Applicability, Severity};
pub use crate::sim::plan::{PhaseKind, State};
pub use crate::sim::{Gate, HopKind, OutsideKind, Verdict, Via};

use crate::sorted::Map;
use serde::Serialize;

/// The version of the JSON contracts of `check` and `model`.
pub const VERSION: u32 = 1;

/// How certain a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It holds for every value that the files allow.
    Certain,
    /// It holds for the defaults of the parameters that the message names, or unless something outside of the files
    /// changes it.
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

/// A range from `start` up to, and without, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Range {
    /// Position of the first code unit.
    pub start: Position,
    /// Position after the last code unit.
    pub end: Position,
}

/// A resource, as reports refer to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ResourceRef {
    /// ARM type, for example `Microsoft.KeyVault/vaults`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The resource's name; if it is unknown, the expression that it comes from.
    pub name: String,
    /// What its author calls it: a symbolic name, an address of Terraform, or type and name.
    pub address: String,
}

/// Another place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Related {
    /// What that place shows, in one line.
    pub message: String,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// Range in that file.
    pub range: Range,
}

/// A replacement in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TextEdit {
    /// Path of the file, as the host passed it.
    pub file: String,
    /// The replaced range; an empty range inserts.
    pub range: Range,
    /// The new text.
    pub text: String,
}

/// A change of the files that removes a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Fix {
    /// What it does, in the imperative: `remove the rule`.
    pub title: String,
    /// Whether it can be applied without review.
    pub applicability: Applicability,
    /// The replacements; they do not overlap.
    pub edits: Vec<TextEdit>,
}

/// The result of fixes in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FileEdits {
    /// Path of the file, as the host passed it.
    pub file: String,
    /// The replacements, in order; they do not overlap.
    pub edits: Vec<TextEdit>,
    /// The whole text with the replacements applied.
    pub text: String,
}

/// A finding of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Diagnostic {
    /// Slug of the rule.
    pub rule: String,
    /// Severity, after the configuration was applied.
    pub severity: Severity,
    /// How certain it is.
    pub confidence: Confidence,
    /// What is wrong, in one line.
    pub message: String,
    /// Why it matters and what to do.
    pub help: String,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// Range in that file.
    pub range: Range,
    /// The resource that it is about; null for a finding about a file.
    pub resource: Option<ResourceRef>,
    /// Other places that help to understand it.
    pub related: Vec<Related>,
    /// Changes, each of which removes it.
    pub fixes: Vec<Fix>,
    /// Numbers of the facts about Azure that it rests on, for example `F1.22`; `vaultmoat facts` explains them.
    pub facts: Vec<String>,
    /// Address of the rule's page.
    pub url: String,
    /// Why it is suppressed: set in [`Report::suppressed`] only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub suppression: Option<Suppression>,
}

/// How a finding was suppressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Suppression {
    /// Where it is suppressed; `in-source` if it is in both places.
    pub kind: SuppressionKind,
    /// The reason that the author gives.
    pub reason: String,
}

/// Where a finding is suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionKind {
    /// In the template: a comment, or metadata of the resource.
    InSource,
    /// In `vaultmoat.toml` or in the project's options.
    Configuration,
}

/// A rule that could not be decided for a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Undecided {
    /// Slug of the rule.
    pub rule: String,
    /// The resource; null where it is about a file.
    pub resource: Option<ResourceRef>,
    /// What the files do not determine, in one line.
    pub reason: String,
    /// What would decide it: parameters and expressions in their normal form, or words for what is not in the files.
    pub depends_on: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FileReport {
    /// Path, as the host passed it.
    pub path: String,
    /// `arm`, `arm-parameters`, `bicep`, `bicep-parameters`, `terraform`, `terraform-variables`, `terraform-plan`,
    /// `azure-json`, or `other` for a file in another language.
    pub language: String,
    /// How many resources it declares; each copy of a loop counts.
    pub resources: u32,
}

/// Totals of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Summary {
    /// How many files were read.
    pub files: u32,
    /// How many resources were found; each copy of a loop counts.
    pub resources: u32,
    /// How many vaults and managed HSMs were found.
    pub vaults: u32,
    /// Findings of severity error.
    pub errors: u32,
    /// Findings of severity warning.
    pub warnings: u32,
    /// Findings of severity info.
    pub infos: u32,
    /// How many entries `undecided` has.
    pub undecided: u32,
    /// Suppressed findings, which no severity counts.
    pub suppressed: u32,
}

/// The report of `check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// Totals of a report.
    pub summary: Summary,
    /// The files read, by path.
    pub files: Vec<FileReport>,
    /// Findings that are not suppressed, sorted by file and position.
    pub diagnostics: Vec<Diagnostic>,
    /// Suppressed findings, in the same order.
    pub suppressed: Vec<Diagnostic>,
    /// What the files do not determine, without duplicates.
    pub undecided: Vec<Undecided>,
    /// Paths of modules and templates that a file refers to and that the host did not pass.
    pub missing: Vec<String>,
    /// Files that mention a vault, its resources or the commands for them, and that were not read.
    pub skipped: Vec<Skipped>,
    /// Values that were given for parameters which no template declares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<UndeclaredParameter>>"))]
    pub undeclared: Vec<UndeclaredParameter>,
}

/// A file that mentions a vault and was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Skipped {
    /// Path, as the host passed it.
    pub path: String,
    /// Why it was not read.
    pub reason: SkipReason,
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// It is not in a language, or in a shape of JSON, that is read.
    UnsupportedLanguage,
    /// It is larger than the limit of 20 MiB.
    TooLarge,
    /// It is not text in an encoding that is read.
    NotText,
    /// The operating system refused to read it.
    Unreadable,
}

/// A value that was given for a parameter which no template declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UndeclaredParameter {
    /// The name as given.
    pub name: String,
    /// The declared parameter with the most similar name.
    pub suggestion: Option<String>,
}

/// A rule of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RuleInfo {
    /// Name, for example `public-vault`.
    pub slug: String,
    /// What it is about: `firewall`, `private endpoint`, `DNS`, `callers and operations` or `files`.
    pub group: String,
    /// The highest severity that it reports.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: String,
    /// `recommended` or `strict`: the smallest profile that runs it.
    pub profile: String,
    /// Whether it may offer a fix.
    pub fixable: bool,
    /// Numbers of the facts about Azure that it rests on.
    pub facts: Vec<String>,
    /// Slugs of the rules whose finding about the same resource replaces one of this rule.
    #[serde(rename = "yieldsTo")]
    pub yields_to: Vec<String>,
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
    /// A value that the files do not determine.
    Unknown {
        /// The expression that it comes from.
        unknown: String,
    },
    /// A value that the template does not set.
    Default {
        /// Azure's default, which is in effect.
        value: Box<Known>,
        /// Always true.
        default: bool,
    },
}

/// A vault's firewall, as the template sets it.
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
    /// IPv4 addresses and CIDR ranges; an element `{"unknown": …}` is any number of rules.
    pub ip_rules: Vec<Known>,
    /// Subnet ids; an element `{"unknown": …}` is any number of rules.
    pub virtual_network_rules: Vec<Known>,
}

/// A vault or managed HSM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct VaultModel {
    /// What its author calls it: a symbolic name, an address of Terraform, or type and name.
    pub address: String,
    /// ARM type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name of the resource.
    pub name: Known,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// Range in that file.
    pub range: Range,
    /// False for a resource that the template refers to and does not declare.
    pub declared: bool,
    /// Whether it is deployed; true, false, or what that depends on.
    pub condition: Known,
    /// API version that the template names.
    pub api_version: Known,
    /// Azure region, for example `westeurope`.
    pub location: Known,
    /// `Enabled`, `Disabled` or `SecuredByPerimeter`.
    pub public_network_access: Known,
    /// The firewall (`networkAcls`).
    pub network_acls: NetworkAclsModel,
    /// Whether Azure RBAC decides about data-plane access.
    pub rbac: Known,
    /// Whether virtual machines may read certificates from it.
    pub enabled_for_deployment: Known,
    /// Whether Azure Disk Encryption may read secrets from it.
    pub enabled_for_disk_encryption: Known,
    /// Whether Azure Resource Manager may read secrets from it for a deployment.
    pub enabled_for_template_deployment: Known,
    /// Parameters whose defaults these values rest on.
    pub assumed: Vec<String>,
}

/// A resource of the network other than a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ElementModel {
    /// What its author calls it: a symbolic name, an address of Terraform, or type and name.
    pub address: String,
    /// ARM type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name of the resource.
    pub name: Known,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// Range in that file.
    pub range: Range,
    /// False for a resource that the template refers to and does not declare.
    pub declared: bool,
    /// Whether it is deployed; true, false, or what that depends on.
    pub condition: Known,
    /// The properties that matter for the network, by their ARM names.
    #[serde(flatten)]
    pub properties: Map<String, Known>,
    /// Parameters whose defaults these values rest on.
    pub assumed: Vec<String>,
}

/// How certain a link between two elements is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// Both sides have the same id.
    Proved,
    /// The ids may be the same: the files do not determine it.
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
    /// How certain it is.
    pub proof: Proof,
}

/// The report of `model`.
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
    /// Which resource refers to which.
    pub links: Vec<LinkModel>,
    /// Whether there are more possible links than the report lists.
    pub links_left_out: bool,
}

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The vault's network accepts it.
    Allowed,
    /// The vault's network refuses it.
    Denied,
    /// It depends on what the files do not determine.
    Depends,
}

/// The report of `explain` for one caller and one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// `VERSION`.
    pub version: u32,
    /// The vault.
    pub vault: ResourceRef,
    /// The caller, in the form of `--from`.
    pub from: String,
    /// The caller, for a reader.
    pub caller: String,
    /// Whether the network accepts the request. The caller's permissions are not considered.
    pub outcome: Outcome,
    /// The path by which it is accepted.
    pub via: Via,
    /// The error that Key Vault returns for a refused request, for example `ForbiddenByFirewall`; null where it is not
    /// known.
    pub error: Option<String>,
    /// The checks on the way, in order.
    pub steps: Vec<Step>,
    /// What would decide the outcome, as in [`Undecided::depends_on`]; never empty for `depends`.
    pub depends_on: Vec<String>,
    /// For a refused request, what outside of the files could let it in.
    pub unless: Vec<Outside>,
    /// Parameters whose defaults the outcome rests on.
    pub assumed: Vec<String>,
    /// Changes of the files, each of which would let the caller in and no other client.
    pub fixes: Vec<Fix>,
}

/// Something outside of the files that would let a refused caller in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Outside {
    /// What it is, in words.
    pub what: String,
    /// Which kind of thing it is.
    pub kind: OutsideKind,
}

/// One check on the way of a request to a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Which check.
    pub gate: Gate,
    /// Its result.
    pub verdict: Verdict,
    /// The reason, in one line.
    pub because: String,
    /// Numbers of the facts about Azure that it rests on.
    pub facts: Vec<String>,
    /// Path of the file with the value that decides; null where no value does.
    pub file: Option<String>,
    /// Range in that file.
    pub range: Option<Range>,
}

/// The report of `explain` for every caller that the files show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccessReport {
    /// `VERSION`.
    pub version: u32,
    /// A decision for every caller and vault, grouped by vault.
    pub decisions: Vec<Decision>,
    /// Whether there are more decisions than the report lists.
    pub left_out: bool,
}

/// The report of `resolve`: how the name of a vault resolves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// `VERSION`.
    pub version: u32,
    /// The vault.
    pub vault: ResourceRef,
    /// The client that resolves the name, in the form of `--from`.
    pub from: String,
    /// The queried name.
    pub name: String,
    /// The records from the queried name to the address, as far as the files determine them.
    pub chain: Vec<Hop>,
    /// The result.
    pub answer: Answer,
    /// The checks on the way, in order.
    pub steps: Vec<Step>,
    /// What would decide the answer, as in [`Undecided::depends_on`].
    pub depends_on: Vec<String>,
    /// Parameters whose defaults the answer rests on.
    pub assumed: Vec<String>,
}

/// One record in a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Hop {
    /// The queried name.
    pub name: String,
    /// The type of the record.
    #[serde(rename = "type")]
    pub kind: HopKind,
    /// The name or the address that the record gives.
    pub value: String,
    /// The private zone with the record; null for public DNS.
    pub zone: Option<String>,
    /// Path of the file with the record; null where it is not in the files.
    pub file: Option<String>,
    /// Range in that file.
    pub range: Option<Range>,
}

/// The result of a name resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Which kind of address it is.
    pub kind: AnswerKind,
    /// The address; null where it is not known.
    pub address: Option<String>,
}

/// Kinds of addresses that a name resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum AnswerKind {
    /// The address of a private endpoint.
    Private,
    /// The public address of the service.
    Public,
    /// No address: NXDOMAIN.
    NxDomain,
    /// It depends on what the files do not determine.
    Depends,
}

/// The report of `plan`: the steps of a vault from public to private access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// `VERSION`.
    pub version: u32,
    /// The vault.
    pub vault: ResourceRef,
    /// The phases, in order.
    pub phases: Vec<Phase>,
    /// The regions of the vault's private endpoints.
    pub regions: Vec<Region>,
    /// Notes about several regions.
    pub notes: Vec<Note>,
}

/// A phase of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// Which phase it is.
    pub phase: PhaseKind,
    /// How far the files are with it.
    pub state: State,
    /// The steps of the phase.
    pub actions: Vec<Action>,
    /// What prevents the phase until it is resolved.
    pub blockers: Vec<Note>,
    /// Further notes: why it is not needed now, or which defaults it rests on.
    pub notes: Vec<Note>,
    /// The callers that would lose access.
    pub losses: Vec<Loss>,
    /// Commands that show whether the phase succeeded.
    pub verification: Vec<String>,
    /// What to do if it failed; never opens the vault to the internet.
    pub rollback: Vec<String>,
    /// Numbers of the facts about Azure that it rests on.
    pub facts: Vec<String>,
}

/// A step of a phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// What to do, in the imperative.
    pub title: String,
    /// Whether the files have it already.
    pub done: bool,
    /// The step as an Azure CLI command; words in capitals are placeholders.
    pub command: Option<String>,
    /// The step as a change of the files.
    pub fix: Option<Fix>,
}

/// A note, with a place if it is about one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// The note, in one line.
    pub text: String,
    /// Path of the file that it is about.
    pub file: Option<String>,
    /// Range in that file.
    pub range: Option<Range>,
}

/// A caller that would lose access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// The caller, in the form of `--from`.
    pub from: String,
    /// The caller, for a reader.
    pub caller: String,
    /// The outcome of its requests before the phase.
    pub before: Outcome,
    /// The outcome of its requests after the phase.
    pub after: Outcome,
    /// The reason, in one line.
    pub because: String,
}

/// A region with a private endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Azure's name of the region, or the expression that it comes from.
    pub location: String,
    /// Address of the private endpoint.
    pub endpoint: String,
    /// Names of the private zones that it is registered in.
    pub zones: Vec<String>,
}

/// The report of `diff`: the callers whose access changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiffReport {
    /// `VERSION`.
    pub version: u32,
    /// Changes of access, grouped by vault.
    pub changes: Vec<AccessChange>,
    /// Changes for a vault that is created again. An existing one keeps its settings: by the provider, by `onlyIfNotExists`,
    /// or because a deployment deletes nothing.
    pub when_created: Vec<AccessChange>,
    /// How many callers have the same access.
    pub unchanged: u32,
    /// Vaults that only the second side declares.
    pub added: Vec<ResourceRef>,
    /// Vaults that only the first side declares.
    pub removed: Vec<ResourceRef>,
}

/// The change for one caller of one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccessChange {
    /// The vault, as the second side refers to it.
    pub vault: ResourceRef,
    /// The caller, in the form of `--from`.
    pub from: String,
    /// The caller, for a reader.
    pub caller: String,
    /// The kind of change.
    pub kind: ChangeKind,
    /// The outcome on the first side; null where that side does not have the caller.
    pub before: Option<AccessState>,
    /// The outcome on the second side; null where that side does not have the caller.
    pub after: Option<AccessState>,
}

/// The outcome of a caller's requests on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccessState {
    /// Whether they are accepted.
    pub outcome: Outcome,
    /// The path by which they are accepted.
    pub via: Via,
    /// The reason, in one line.
    pub because: String,
}

/// Kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// The caller is accepted, and was not.
    NewlyAllowed,
    /// The caller is refused, and was not.
    NewlyDenied,
    /// The outcome was determined, and depends now.
    NewlyUndecided,
    /// The caller is accepted by another path.
    OtherPath,
    /// Only the second side has the caller.
    Appeared,
    /// Only the first side has the caller.
    Gone,
}

/// The report of `graph`: the network around the vaults.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct GraphReport {
    /// [`VERSION`].
    pub version: u32,
    /// Resources, callers and groups of addresses.
    pub nodes: Vec<GraphNode>,
    /// Relations between nodes.
    pub edges: Vec<GraphEdge>,
    /// Findings about resources that are not in the picture.
    pub findings: Vec<GraphFinding>,
    /// How many more nodes there are: a picture with all of them would not be readable.
    pub nodes_left_out: u32,
    /// How many more edges there are between the nodes of the picture.
    pub edges_left_out: u32,
}

/// Kinds of nodes.
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
    /// The addresses of an IP rule.
    Addresses,
    /// Any client on the internet.
    Internet,
    /// The services on Azure's list of trusted services.
    TrustedServices,
}

/// A node of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GraphNode {
    /// Unique in the report, and the same for the same files.
    pub id: String,
    /// The kind of node.
    pub kind: NodeKind,
    /// Its name; if it is unknown, the expression that it comes from.
    pub label: String,
    /// More about it, for example address prefixes or a service; may be empty.
    pub detail: String,
    /// Its address in the files; for a resource outside of them, its id as far as that is known.
    pub address: Option<String>,
    /// Id of the node that contains it.
    pub parent: Option<String>,
    /// Path of the file; null for a node outside of the files.
    pub file: Option<String>,
    /// Range in that file.
    pub range: Option<Range>,
    /// Findings about it.
    pub findings: Vec<GraphFinding>,
}

/// Kinds of edges.
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

/// A relation between two nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GraphEdge {
    /// Id of the first node.
    pub from: String,
    /// Id of the second node.
    pub to: String,
    /// The kind of relation.
    pub kind: EdgeKind,
    /// The path, or the reason of a refusal.
    pub label: String,
    /// How certain it is.
    pub proof: Proof,
    /// Parameters whose defaults it rests on.
    pub assumed: Vec<String>,
    /// Findings about it.
    pub findings: Vec<GraphFinding>,
}

/// A finding of `check` in the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GraphFinding {
    /// Slug of the rule.
    pub rule: String,
    /// Severity, after the configuration was applied.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
}

/// The report of `monitor`: log queries for the vaults, and policies that keep them as they are.
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
    /// How many more vaults there are.
    pub vaults_left_out: u32,
}

/// The log queries of a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MonitoredVault {
    /// The vault.
    pub vault: ResourceRef,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// Range in that file.
    pub range: Range,
    /// Whether the vault's audit log is kept.
    pub logged: Logged,
    /// Queries in KQL for Log Analytics.
    pub queries: Vec<LogQuery>,
}

/// Whether the audit log of a vault is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum LogState {
    /// A diagnostic setting in the files keeps it.
    Kept,
    /// No diagnostic setting in the files keeps it.
    Lost,
    /// The files do not determine it.
    Open,
}

/// Whether the audit log of a vault is kept, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Logged {
    /// Whether it is kept.
    pub state: LogState,
    /// Which setting keeps it, why none does, or what it depends on, in one line.
    pub message: String,
    /// The table that it is kept in; null where the files do not determine it.
    pub table: Option<String>,
    /// Path of the file with the value that decides.
    pub file: String,
    /// Range in that file.
    pub range: Range,
}

/// A log query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LogQuery {
    /// What the query shows.
    pub title: String,
    /// The table that it reads: `AZKVAuditLogs` or `AzureDiagnostics`.
    pub table: String,
    /// The query in KQL.
    pub kql: String,
    /// Notes to read before it is run, each in one line.
    pub notes: Vec<String>,
}

/// The assignment of a built-in policy that vaults satisfy as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PolicyAssignment {
    /// Name (GUID) of the policy definition.
    pub guid: String,
    /// Display name of the policy.
    pub name: String,
    /// The effect of the assignment, for example `Deny`.
    pub effect: String,
    /// Parameters of the assignment, by name.
    pub parameters: Map<String, Known>,
    /// The setting that it protects, in one line.
    pub why: String,
    /// Addresses of the vaults that satisfy it.
    pub vaults: Vec<String>,
    /// Addresses of the vaults that do not satisfy it, or for which the files do not determine it: the assignment excludes
    /// them.
    pub except: Vec<String>,
    /// The assignment as an Azure CLI command.
    pub command: String,
    /// The assignment in Bicep.
    pub bicep: String,
}

/// What `check --controls` adds: which built-in policies each vault satisfies.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ControlsReport {
    /// [`VERSION`].
    pub version: u32,
    /// Every built-in policy for every vault that the files declare, vault by vault.
    pub controls: Vec<Control>,
    /// Every requirement that those are evidence for, vault by vault.
    pub requirements: Vec<Requirement>,
    /// How many more vaults there are.
    pub vaults_left_out: u32,
}

/// Whether a vault satisfies a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ControlState {
    /// The vault satisfies it with every parameter file.
    Met,
    /// The vault does not satisfy it with at least one parameter file.
    NotMet,
    /// The files do not determine it.
    Undecided,
}

/// One built-in policy for one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Control {
    /// The vault.
    pub vault: ResourceRef,
    /// Name of the policy's definition.
    pub guid: String,
    /// Display name of the policy.
    pub name: String,
    /// Whether the vault satisfies it.
    pub state: ControlState,
    /// The reason, in one line.
    pub because: String,
    /// The parameters and expressions that an undecided state depends on.
    pub depends_on: Vec<String>,
    /// Parameters whose defaults a decided state rests on.
    pub assumed: Vec<String>,
    /// Requirements of frameworks that the state is evidence for; no policy covers one completely.
    pub frameworks: Vec<FrameworkRequirement>,
    /// Path of the file with the value that decides.
    pub file: String,
    /// Range in that file.
    pub range: Range,
}

/// The state of a requirement for one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Requirement {
    /// The vault.
    pub vault: ResourceRef,
    /// The framework.
    pub framework: String,
    /// Number and title of the requirement.
    pub requirement: String,
    /// The worst state of the controls that are evidence for it: not met, then undecided, then met.
    pub state: ControlState,
    /// Names of the definitions of those policies.
    pub guids: Vec<String>,
}

/// A requirement of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FrameworkRequirement {
    /// The framework.
    pub framework: String,
    /// Number and title of the requirement.
    pub requirement: String,
}

/// The version of the records of `check --stream`.
pub const STREAM_VERSION: u32 = 1;

/// One line that `check --stream` prints. The last one is the summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum StreamRecord {
    /// A finding about a resource.
    Finding(StreamFinding),
    /// A rule that could not be decided for a resource.
    Undecided(StreamUndecided),
    /// A line that could not be read.
    Problem(StreamProblem),
    /// Totals; the last record.
    Summary(StreamSummary),
}

/// Another place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamRelated {
    /// What that place shows, in one line.
    pub message: String,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// 1-based number of the line.
    pub line: u32,
    /// 0-based UTF-16 code unit in the line.
    pub start: u32,
    /// The code unit after the last, in the line.
    pub end: u32,
}

/// A finding of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamFinding {
    /// `finding`.
    #[cfg_attr(feature = "typescript", ts(type = "\"finding\""))]
    pub record: &'static str,
    /// The version of these records.
    pub version: u32,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// 1-based number of the line.
    pub line: u32,
    /// 0-based UTF-16 code unit in the line.
    pub start: u32,
    /// The code unit after the last, in the line.
    pub end: u32,
    /// Slug of the rule.
    pub rule: String,
    /// Severity, after the configuration was applied.
    pub severity: Severity,
    /// How certain it is.
    pub confidence: Confidence,
    /// The resource that it is about.
    pub resource: ResourceRef,
    /// Id of the resource.
    pub id: String,
    /// What is wrong, in one line.
    pub message: String,
    /// Why it matters and what to do.
    pub help: String,
    /// Other places that help to understand it.
    pub related: Vec<StreamRelated>,
}

/// A rule that could not be decided for a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StreamUndecided {
    /// `undecided`.
    #[cfg_attr(feature = "typescript", ts(type = "\"undecided\""))]
    pub record: &'static str,
    /// The version of these records.
    pub version: u32,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// 1-based number of the line.
    pub line: u32,
    /// Slug of the rule.
    pub rule: String,
    /// The resource; null where it is about a file.
    pub resource: ResourceRef,
    /// Id of the resource.
    pub id: String,
    /// What the files do not determine, in one line.
    pub reason: String,
    /// What would decide it: parameters and expressions in their normal form, or words for what is not in the files.
    pub depends_on: Vec<String>,
}

/// A line that is not JSON, or that contains no resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamProblem {
    /// `problem`.
    #[cfg_attr(feature = "typescript", ts(type = "\"problem\""))]
    pub record: &'static str,
    /// The version of these records.
    pub version: u32,
    /// Path of the file, as the host passed it.
    pub file: String,
    /// 1-based number of the line.
    pub line: u32,
    /// 0-based UTF-16 code unit in the line.
    pub start: u32,
    /// The code unit after the last, in the line.
    pub end: u32,
    /// Slug of the rule that reports it.
    pub rule: String,
    /// Severity, after the configuration was applied.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
}

/// Totals; the last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamSummary {
    /// `summary`.
    #[cfg_attr(feature = "typescript", ts(type = "\"summary\""))]
    pub record: &'static str,
    /// The version of these records.
    pub version: u32,
    /// How many files were read.
    pub files: u32,
    /// How many lines were read, without empty lines.
    pub lines: u32,
    /// How many resources were found; one that is in several lines counts once.
    pub resources: u32,
    /// How many vaults and managed HSMs were found.
    pub vaults: u32,
    /// Findings and problems of severity error.
    pub errors: u32,
    /// Findings and problems of severity warning.
    pub warnings: u32,
    /// Findings and problems of severity info.
    pub infos: u32,
    /// How many records are `undecided`.
    pub undecided: u32,
    /// Lines that could not be read; each is counted by its severity, too.
    pub problems: u32,
}
