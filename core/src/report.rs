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
    /// Why it does not count; there for every one of [`Report::suppressed`], and for no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub suppression: Option<Suppression>,
}

/// How somebody answered a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Suppression {
    /// Where it is answered; in the text where it is in both.
    pub kind: SuppressionKind,
    /// Why the finding is meant.
    pub reason: String,
}

/// Where a finding is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionKind {
    /// In the text: a comment, or metadata of the resource.
    InSource,
    /// In a configuration.
    Configuration,
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
    /// Findings that somebody answered; no severity counts them.
    pub suppressed: u32,
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
    /// Findings that somebody answered, in the same order.
    pub suppressed: Vec<Diagnostic>,
    /// What stayed open.
    pub undecided: Vec<Undecided>,
    /// Paths that a file refers to and that were not handed over.
    pub missing: Vec<String>,
    /// Files that name a vault, its resources or the commands for them, and that were not read.
    pub skipped: Vec<Skipped>,
    /// Values that were given for parameters which no template declares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<UndeclaredParameter>>"))]
    pub undeclared: Vec<UndeclaredParameter>,
}

/// A file that names a vault and was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Skipped {
    /// Path as the host named it.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// It is not in a language, or in a shape of JSON, that is read.
    UnsupportedLanguage,
    /// It is larger than what is read.
    TooLarge,
    /// It is not text in an encoding that is read.
    NotText,
    /// The system does not let it be read.
    Unreadable,
}

/// A value that was given for a parameter which no template declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UndeclaredParameter {
    /// The name as given.
    pub name: String,
    /// The declared name that may be meant.
    pub suggestion: Option<String>,
}

/// One rule of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RuleInfo {
    /// Slug.
    pub slug: String,
    /// What it is about: `firewall`, `private endpoint`, `DNS`, `callers and operations` or `files`.
    pub group: String,
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
    /// Slugs of the rules whose finding about the same thing replaces one of this rule, where they report.
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

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The network lets it in.
    Allowed,
    /// The network refuses it.
    Denied,
    /// It depends on what the files leave open.
    Depends,
}

/// What `explain` says of one caller and one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// `VERSION`.
    pub version: u32,
    /// The vault.
    pub vault: ResourceRef,
    /// The caller, as it is written for `--from`.
    pub from: String,
    /// The caller in words.
    pub caller: String,
    /// What becomes of the request. What the caller's identity may do is another matter.
    pub outcome: Outcome,
    /// By which path it is let in.
    pub via: Via,
    /// What the caller sees when it is refused, where that is known: `ForbiddenByFirewall`.
    pub error: Option<String>,
    /// What was asked, in order.
    pub steps: Vec<Step>,
    /// Normal forms of what the outcome depends on: what the files leave open, never empty where it depends.
    pub depends_on: Vec<String>,
    /// Of a request that is refused: what outside of the files would let it in.
    pub unless: Vec<Outside>,
    /// Parameters whose defaults the outcome rests on.
    pub assumed: Vec<String>,
    /// The smallest changes that would let the caller in.
    pub fixes: Vec<Fix>,
}

/// Something that the files do not show and that would change a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Outside {
    /// What, in words.
    pub what: String,
    /// What kind of thing.
    pub kind: OutsideKind,
}

/// One thing that was asked on the way to a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What was asked.
    pub gate: Gate,
    /// What came of it.
    pub verdict: Verdict,
    /// Why, in one line.
    pub because: String,
    /// Numbers of the facts about Azure it rests on.
    pub facts: Vec<String>,
    /// Path of the file that decided it.
    pub file: Option<String>,
    /// Where in it.
    pub range: Option<Range>,
}

/// What `explain` says of every caller in the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccessReport {
    /// `VERSION`.
    pub version: u32,
    /// Every caller against every vault, by vault.
    pub decisions: Vec<Decision>,
    /// Whether there are more than are shown.
    pub left_out: bool,
}

/// What `resolve` says of one vault's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// `VERSION`.
    pub version: u32,
    /// The vault.
    pub vault: ResourceRef,
    /// Who resolves, as it is written for `--from`.
    pub from: String,
    /// The name.
    pub name: String,
    /// The chain of names, as far as it is decided.
    pub chain: Vec<Hop>,
    /// What it comes to.
    pub answer: Answer,
    /// What was asked, in order.
    pub steps: Vec<Step>,
    /// Normal forms of what the answer depends on.
    pub depends_on: Vec<String>,
    /// Parameters whose defaults the answer rests on.
    pub assumed: Vec<String>,
}

/// One answer on the way of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Hop {
    /// The name asked for.
    pub name: String,
    /// What kind of answer it got.
    #[serde(rename = "type")]
    pub kind: HopKind,
    /// The answer.
    pub value: String,
    /// The private zone that gave it.
    pub zone: Option<String>,
    /// Path of the file in which that is written.
    pub file: Option<String>,
    /// Where in it.
    pub range: Option<Range>,
}

/// What a name comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// What kind of address.
    pub kind: AnswerKind,
    /// The address, where it is known.
    pub address: Option<String>,
}

/// What kind of address a name comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum AnswerKind {
    /// A private endpoint's.
    Private,
    /// The public one.
    Public,
    /// None: there is no such name.
    NxDomain,
    /// It depends on what the files leave open.
    Depends,
}

/// What `plan` says: the way of a vault from public to private access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// `VERSION`.
    pub version: u32,
    /// The vault.
    pub vault: ResourceRef,
    /// What is done one after the other.
    pub phases: Vec<Phase>,
    /// Where the vault's private endpoints are.
    pub regions: Vec<Region>,
    /// What to know about several regions.
    pub notes: Vec<Note>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// Which.
    pub phase: PhaseKind,
    /// How far it is.
    pub state: State,
    /// What is to be done.
    pub actions: Vec<Action>,
    /// What has to be settled before it.
    pub blockers: Vec<Note>,
    /// What else to know about it: why it is not needed now, or what it rests on.
    pub notes: Vec<Note>,
    /// Who would lose access by it.
    pub losses: Vec<Loss>,
    /// Commands that show whether it worked.
    pub verification: Vec<String>,
    /// What to do when it did not, without opening the vault to the internet.
    pub rollback: Vec<String>,
    /// Numbers of the facts about Azure it rests on.
    pub facts: Vec<String>,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// What, as an order.
    pub title: String,
    /// Whether the files do it.
    pub done: bool,
    /// As a command; words in capitals are to be filled in.
    pub command: Option<String>,
    /// As a change of the files.
    pub fix: Option<Fix>,
}

/// Something to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// What, in one line.
    pub text: String,
    /// Path of the file it is about.
    pub file: Option<String>,
    /// Where in it.
    pub range: Option<Range>,
}

/// Somebody who would lose access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// The caller, as it is written for `--from`.
    pub from: String,
    /// The caller in words.
    pub caller: String,
    /// What becomes of its requests before.
    pub before: Outcome,
    /// And after.
    pub after: Outcome,
    /// Why, in one line.
    pub because: String,
}

/// A region with a private endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Azure's name of it, or the expression it comes from.
    pub location: String,
    /// The private endpoint.
    pub endpoint: String,
    /// The private zones it registers in.
    pub zones: Vec<String>,
}

/// What `diff` says: for whom something changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiffReport {
    /// `VERSION`.
    pub version: u32,
    /// What changes, by vault.
    pub changes: Vec<AccessChange>,
    /// What changes only where a vault and what is around it is created anew: what is there already is kept as it is, by the
    /// provider, by `onlyIfNotExists`, or because a deployment deletes nothing.
    pub when_created: Vec<AccessChange>,
    /// For how many callers nothing changes.
    pub unchanged: u32,
    /// Vaults that are only in the second.
    pub added: Vec<ResourceRef>,
    /// Vaults that are only in the first.
    pub removed: Vec<ResourceRef>,
}

/// What changes for one caller of one vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccessChange {
    /// The vault, as the second calls it.
    pub vault: ResourceRef,
    /// The caller, as it is written for `--from`.
    pub from: String,
    /// The caller in words.
    pub caller: String,
    /// What kind of change.
    pub kind: ChangeKind,
    /// What becomes of its requests in the first; null where it is not there.
    pub before: Option<AccessState>,
    /// What becomes of its requests in the second; null where it is not there.
    pub after: Option<AccessState>,
}

/// What becomes of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccessState {
    /// Whether they are let in.
    pub outcome: Outcome,
    /// By which path.
    pub via: Via,
    /// Why, in one line.
    pub because: String,
}

/// Kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// The caller is let in, and was not.
    NewlyAllowed,
    /// The caller is refused, and was not.
    NewlyDenied,
    /// It was decided, and depends now.
    NewlyUndecided,
    /// The caller is let in by another path.
    OtherPath,
    /// The caller is new.
    Appeared,
    /// The caller is gone.
    Gone,
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
    /// How many vaults there are besides.
    pub vaults_left_out: u32,
}

/// Whether a vault satisfies a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ControlState {
    /// It does, with every file of values it is checked with.
    Met,
    /// It does not, with one of them at least.
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
    /// What Azure calls the policy.
    pub name: String,
    /// Whether the vault satisfies it.
    pub state: ControlState,
    /// Why that is so, in one line.
    pub because: String,
    /// Normal forms of what an undecided state depends on.
    pub depends_on: Vec<String>,
    /// Parameters whose defaults a decided state rests on.
    pub assumed: Vec<String>,
    /// What the state is evidence for: each a part of what the requirement takes.
    pub frameworks: Vec<FrameworkRequirement>,
    /// Path of the file that decides.
    pub file: String,
    /// Where in it.
    pub range: Range,
}

/// What the controls of one vault come to for one requirement.
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
    /// What is wrong with a resource.
    Finding(StreamFinding),
    /// What is open about a resource.
    Undecided(StreamUndecided),
    /// What is wrong with a line.
    Problem(StreamProblem),
    /// What was read and said.
    Summary(StreamSummary),
}

/// Another place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamRelated {
    /// What is there.
    pub message: String,
    /// Path of the file.
    pub file: String,
    /// Number of the line, from 1.
    pub line: u32,
    /// 0-based UTF-16 code unit in the line.
    pub start: u32,
    /// The one behind the last.
    pub end: u32,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamFinding {
    /// `finding`.
    #[cfg_attr(feature = "typescript", ts(type = "\"finding\""))]
    pub record: &'static str,
    /// The version of these records.
    pub version: u32,
    /// Path of the file.
    pub file: String,
    /// Number of the line, from 1.
    pub line: u32,
    /// 0-based UTF-16 code unit in the line.
    pub start: u32,
    /// The one behind the last.
    pub end: u32,
    /// Slug of the rule.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The resource it is about.
    pub resource: ResourceRef,
    /// Id of that resource.
    pub id: String,
    /// What is wrong, in one line.
    pub message: String,
    /// Why it matters and what to do.
    pub help: String,
    /// Other places.
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
    /// Path of the file.
    pub file: String,
    /// Number of the line, from 1.
    pub line: u32,
    /// Slug of the rule.
    pub rule: String,
    /// The resource.
    pub resource: ResourceRef,
    /// Id of that resource.
    pub id: String,
    /// Why it is open, in one line.
    pub reason: String,
    /// Normal forms of what it depends on.
    pub depends_on: Vec<String>,
}

/// What is wrong with a line: it is no JSON, or shows no resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamProblem {
    /// `problem`.
    #[cfg_attr(feature = "typescript", ts(type = "\"problem\""))]
    pub record: &'static str,
    /// The version of these records.
    pub version: u32,
    /// Path of the file.
    pub file: String,
    /// Number of the line, from 1.
    pub line: u32,
    /// 0-based UTF-16 code unit in the line.
    pub start: u32,
    /// The one behind the last.
    pub end: u32,
    /// Slug of the rule that speaks of such lines.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
}

/// What was read and said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamSummary {
    /// `summary`.
    #[cfg_attr(feature = "typescript", ts(type = "\"summary\""))]
    pub record: &'static str,
    /// The version of these records.
    pub version: u32,
    /// Files read.
    pub files: u32,
    /// Lines read, without empty ones.
    pub lines: u32,
    /// Resources found; one that several lines show counts once.
    pub resources: u32,
    /// Vaults and managed HSMs found.
    pub vaults: u32,
    /// Findings and problems of severity error.
    pub errors: u32,
    /// Findings and problems of severity warning.
    pub warnings: u32,
    /// Findings and problems of severity info.
    pub infos: u32,
    /// Rules left open.
    pub undecided: u32,
    /// Lines with problems, counted as findings too.
    pub problems: u32,
}
