// Generated from the engine's result types. After a change there: make types

/** What changes for one caller of one vault. */
export type AccessChange = {
  /** The vault, as the second calls it. */
  vault: ResourceRef,
  /** The caller, as it is written for `--from`. */
  from: string,
  /** The caller in words. */
  caller: string,
  /** What kind of change. */
  kind: ChangeKind,
  /** What becomes of its requests in the first; null where it is not there. */
  before: AccessState | null,
  /** What becomes of its requests in the second; null where it is not there. */
  after: AccessState | null,
};

/** What `explain` says of every caller in the files. */
export type AccessReport = {
  /** `VERSION`. */
  version: number,
  /** Every caller against every vault, by vault. */
  decisions: Array<Decision>,
  /** Whether there are more than are shown. */
  leftOut: boolean,
};

/** What becomes of requests. */
export type AccessState = {
  /** Whether they are let in. */
  outcome: Outcome,
  /** By which path. */
  via: Via,
  /** Why, in one line. */
  because: string,
};

/** Something to be done. */
export type Action = {
  /** What, as an order. */
  title: string,
  /** Whether the files do it. */
  done: boolean,
  /** As a command; words in capitals are to be filled in. */
  command: string | null,
  /** As a change of the files. */
  fix: Fix | null,
};

/** What a name comes to. */
export type Answer = {
  /** What kind of address. */
  kind: AnswerKind,
  /** The address, where it is known. */
  address: string | null,
};

/** What kind of address a name comes to. */
export type AnswerKind = "private" | "public" | "nxdomain" | "depends";

/** Whether a fix keeps what the template means. */
export type Applicability = "safe" | "unsafe";

/** Kinds of changes. */
export type ChangeKind = "newly-allowed" | "newly-denied" | "newly-undecided" | "other-path" | "appeared" | "gone";

/** How sure a finding is. */
export type Confidence = "certain" | "likely";

/** One built-in policy for one vault. */
export type Control = {
  /** The vault. */
  vault: ResourceRef,
  /** Name of the policy's definition. */
  guid: string,
  /** What Azure calls the policy. */
  name: string,
  /** Whether the vault satisfies it. */
  state: ControlState,
  /** Why that is so, in one line. */
  because: string,
  /** Normal forms of what an undecided state depends on. */
  dependsOn: Array<string>,
  /** Parameters whose defaults a decided state rests on. */
  assumed: Array<string>,
  /** What the state is evidence for: each a part of what the requirement takes. */
  frameworks: Array<FrameworkRequirement>,
  /** Path of the file that decides. */
  file: string,
  /** Where in it. */
  range: Range,
};

/** Whether a vault satisfies a policy. */
export type ControlState = "met" | "not-met" | "undecided";

/** What `check --controls` adds: which built-in policies each vault satisfies. */
export type ControlsReport = {
  /** `VERSION`. */
  version: number,
  /** Every built-in policy for every vault that the files declare, vault by vault. */
  controls: Array<Control>,
  /** Every requirement that those are evidence for, vault by vault. */
  requirements: Array<Requirement>,
  /** How many vaults there are besides. */
  vaultsLeftOut: number,
};

/** What `explain` says of one caller and one vault. */
export type Decision = {
  /** `VERSION`. */
  version: number,
  /** The vault. */
  vault: ResourceRef,
  /** The caller, as it is written for `--from`. */
  from: string,
  /** The caller in words. */
  caller: string,
  /** What becomes of the request. What the caller's identity may do is another matter. */
  outcome: Outcome,
  /** By which path it is let in. */
  via: Via,
  /** What the caller sees when it is refused, where that is known: `ForbiddenByFirewall`. */
  error: string | null,
  /** What was asked, in order. */
  steps: Array<Step>,
  /** Normal forms of what the outcome depends on: what the files leave open, never empty where it depends. */
  dependsOn: Array<string>,
  /** Of a request that is refused: what outside of the files would let it in. */
  unless: Array<Outside>,
  /** Parameters whose defaults the outcome rests on. */
  assumed: Array<string>,
  /** The smallest changes that would let the caller in. */
  fixes: Array<Fix>,
};

/** One finding. */
export type Diagnostic = {
  /** Slug of the rule. */
  rule: string,
  /** How bad. */
  severity: Severity,
  /** How sure. */
  confidence: Confidence,
  /** What is wrong, in one line. */
  message: string,
  /** Why it matters and what to do. */
  help: string,
  /** Path of the file. */
  file: string,
  /** Where in it. */
  range: Range,
  /** The resource it is about, if it is about one. */
  resource: ResourceRef | null,
  /** Other places. */
  related: Array<Related>,
  /** Changes that mend it. */
  fixes: Array<Fix>,
  /** Numbers of the facts about Azure it rests on, `F1.22`. */
  facts: Array<string>,
  /** Page of the rule. */
  url: string,
  /** Why it does not count; there for every one of `Report::suppressed`, and for no other. */
  suppression?: Suppression,
};

/** What `diff` says: for whom something changes. */
export type DiffReport = {
  /** `VERSION`. */
  version: number,
  /** What changes, by vault. */
  changes: Array<AccessChange>,
  /** What changes only where a vault and what is around it is created anew: what is there already is kept as it is, by the
   * provider, by `onlyIfNotExists`, or because a deployment deletes nothing. */
  whenCreated: Array<AccessChange>,
  /** For how many callers nothing changes. */
  unchanged: number,
  /** Vaults that are only in the second. */
  added: Array<ResourceRef>,
  /** Vaults that are only in the first. */
  removed: Array<ResourceRef>,
};

/** What an edge says. */
export type EdgeKind = "reaches" | "blocked" | "connects" | "registers" | "links" | "in" | "uses" | "secures";

/** Any other part of the network. */
export type ElementModel = {
  /** What its author calls it. */
  address: string,
  /** ARM type. */
  type: string,
  /** Name. */
  name: Known,
  /** Path of the file. */
  file: string,
  /** Where in it. */
  range: Range,
  /** False for a resource that the template only refers to. */
  declared: boolean,
  /** Whether it is deployed; true, false, or what that depends on. */
  condition: Known,
  /** Parameters whose defaults the values rest on. */
  assumed: Array<string>,
} & ({ [key in string]: null | boolean | number | string | Array<Known> | { [key in string]: Known } | {
  /** Its normal form. */
  unknown: string,
} | {
  /** The value in effect. */
  value: Known,
  /** Always true. */
  default: boolean,
} });

/** What fixing does to one file. */
export type FileEdits = {
  /** Path of the file. */
  file: string,
  /** The replacements, in order; they do not overlap. */
  edits: Array<TextEdit>,
  /** The whole text after them. */
  text: string,
};

/** One file as it was read. */
export type FileReport = {
  /** Path as the host named it. */
  path: string,
  /** `arm`, `arm-parameters`, `bicep`, `bicep-parameters`, `azure-json`, or `other` for a file that is none of them. */
  language: string,
  /** Number of resources found in it, after loops. */
  resources: number,
};

/** A change that mends a finding. */
export type Fix = {
  /** What it does, as an order: `remove the rule`. */
  title: string,
  /** Whether the meaning is kept. */
  applicability: Applicability,
  /** The replacements; they do not overlap. */
  edits: Array<TextEdit>,
};

/** A requirement of a framework. */
export type FrameworkRequirement = {
  /** The framework. */
  framework: string,
  /** Number and title of the requirement. */
  requirement: string,
};

/** A check on the way of a request to a vault. */
export type Gate = "name-resolution" | "source-security-group" | "route" | "firewall" | "private-endpoint" | "security-group" | "perimeter" | "public-network-access" | "trusted-services" | "virtual-network-rules" | "ip-rules" | "default-action";

/** How two nodes relate. */
export type GraphEdge = {
  /** Id of the node it starts at. */
  from: string,
  /** Id of the node it ends at. */
  to: string,
  /** What it says. */
  kind: EdgeKind,
  /** By which way, or why not. */
  label: string,
  /** How sure. */
  proof: Proof,
  /** Parameters whose defaults it rests on. */
  assumed: Array<string>,
  /** What is wrong with it. */
  findings: Array<GraphFinding>,
};

/** A finding of `check`, where it is in the network. */
export type GraphFinding = {
  /** Slug of the rule. */
  rule: string,
  /** How bad. */
  severity: Severity,
  /** What is wrong, in one line. */
  message: string,
};

/** Something in the network. */
export type GraphNode = {
  /** Unique in the report, and the same for the same files. */
  id: string,
  /** What it is. */
  kind: NodeKind,
  /** Its name; an unknown one as what it comes from. */
  label: string,
  /** What else helps to know it: prefixes, a service; may be empty. */
  detail: string,
  /** What its author calls it; of what is not in the files, its id as far as it is known. */
  address: string | null,
  /** The node it is inside of. */
  parent: string | null,
  /** Path of the file, when it is in one. */
  file: string | null,
  /** Where in it. */
  range: Range | null,
  /** What is wrong with it. */
  findings: Array<GraphFinding>,
};

/** What `graph` says: the network around the vaults. */
export type GraphReport = {
  /** `VERSION`. */
  version: number,
  /** Who is there. */
  nodes: Array<GraphNode>,
  /** Who reaches, refuses, knows whom. */
  edges: Array<GraphEdge>,
  /** Findings about what is not drawn. */
  findings: Array<GraphFinding>,
  /** How many nodes there are besides; a picture of so many shows nothing. */
  nodesLeftOut: number,
  /** How many edges there are besides, between nodes that are shown. */
  edgesLeftOut: number,
};

/** One answer on the way of a name. */
export type Hop = {
  /** The name asked for. */
  name: string,
  /** What kind of answer it got. */
  type: HopKind,
  /** The answer. */
  value: string,
  /** The private zone that gave it. */
  zone: string | null,
  /** Path of the file in which that is written. */
  file: string | null,
  /** Where in it. */
  range: Range | null,
};

/** Types of records, and NXDOMAIN. */
export type HopKind = "CNAME" | "A" | "NXDOMAIN";

/** A value in the model: a JSON value where it is known, `{"unknown": "<normal form>"}` where it is not, and
 * `{"value": …, "default": true}` where it is Azure's default for what the template leaves out. */
export type Known = null | boolean | number | string | Array<Known> | { [key in string]: Known } | {
  /** Its normal form. */
  unknown: string,
} | {
  /** The value in effect. */
  value: Known,
  /** Always true. */
  default: boolean,
};

/** A link between two elements, by address. */
export type LinkModel = {
  /** Address of the element that refers. */
  from: string,
  /** Address of the element referred to. */
  to: string,
  /** What the link is: `connects` (endpoint to vault), `in` (endpoint to subnet, subnet to network),
   * `registers` (endpoint to zone), `links` (zone to network), `admits` (vault to subnet), `records`
   * (zone to record), `uses` (consumer to vault). */
  kind: string,
  /** How sure. */
  proof: Proof,
};

/** One query. */
export type LogQuery = {
  /** What it shows. */
  title: string,
  /** The table it reads: `AZKVAuditLogs` or `AzureDiagnostics`. */
  table: string,
  /** The query, in several lines. */
  kql: string,
  /** What to know before it is run, each in one line. */
  notes: Array<string>,
};

/** Whether the audit log of a vault is kept. */
export type LogState = "kept" | "lost" | "open";

/** Whether the audit log of a vault is kept, and by what. */
export type Logged = {
  /** Whether it is kept. */
  state: LogState,
  /** By what, why not, or on what it depends, in one line. */
  message: string,
  /** The table it is kept in, where the files say so. */
  table: string | null,
  /** Path of the file that decides. */
  file: string,
  /** Where in it. */
  range: Range,
};

/** Somebody who would lose access. */
export type Loss = {
  /** The caller, as it is written for `--from`. */
  from: string,
  /** The caller in words. */
  caller: string,
  /** What becomes of its requests before. */
  before: Outcome,
  /** And after. */
  after: Outcome,
  /** Why, in one line. */
  because: string,
};

/** What `model` says. */
export type ModelReport = {
  /** `VERSION`. */
  version: number,
  /** Vaults and managed HSMs. */
  vaults: Array<VaultModel>,
  /** Private endpoints. */
  privateEndpoints: Array<ElementModel>,
  /** Private DNS zones. */
  dnsZones: Array<ElementModel>,
  /** Links from zones to virtual networks. */
  zoneLinks: Array<ElementModel>,
  /** Zone groups of private endpoints. */
  zoneGroups: Array<ElementModel>,
  /** A records in private zones. */
  records: Array<ElementModel>,
  /** Virtual networks. */
  virtualNetworks: Array<ElementModel>,
  /** Subnets. */
  subnets: Array<ElementModel>,
  /** Resources that use vaults from inside or outside the network. */
  consumers: Array<ElementModel>,
  /** Who refers to whom. */
  links: Array<LinkModel>,
  /** Whether more links are possible than are shown. */
  linksLeftOut: boolean,
};

/** What `monitor` says: how to watch the vaults, and what keeps them as they are. */
export type MonitorReport = {
  /** `VERSION`. */
  version: number,
  /** The vaults that the files declare, each with its queries. */
  vaults: Array<MonitoredVault>,
  /** Assignments of built-in policies that the vaults satisfy as they are. */
  policies: Array<PolicyAssignment>,
  /** How many vaults there are besides. */
  vaultsLeftOut: number,
};

/** How to watch one vault. */
export type MonitoredVault = {
  /** The vault. */
  vault: ResourceRef,
  /** Path of the file. */
  file: string,
  /** Where in it. */
  range: Range,
  /** Whether there is anything to read. */
  logged: Logged,
  /** Queries in Kusto for Log Analytics. */
  queries: Array<LogQuery>,
};

/** The rules of a vault's firewall, as the template gives them. */
export type NetworkAclsModel = {
  /** Whether the template sets the object to something other than `{}` or null. */
  present: Known,
  /** `Allow` or `Deny`. */
  defaultAction: Known,
  /** `AzureServices` or `None`. */
  bypass: Known,
  /** IPv4 addresses and CIDR ranges; a `{"unknown"}` among them stands for any number of rules. */
  ipRules: Array<Known>,
  /** Subnet ids; a `{"unknown"}` among them stands for any number of rules. */
  virtualNetworkRules: Array<Known>,
};

/** What a node stands for. */
export type NodeKind = "vault" | "hsm" | "private-endpoint" | "virtual-network" | "subnet" | "dns-zone" | "consumer" | "perimeter" | "addresses" | "internet" | "trusted-services";

/** Something to know. */
export type Note = {
  /** What, in one line. */
  text: string,
  /** Path of the file it is about. */
  file: string | null,
  /** Where in it. */
  range: Range | null,
};

/** What becomes of a request. */
export type Outcome = "allowed" | "denied" | "depends";

/** Something that the files do not show and that would change a refusal. */
export type Outside = {
  /** What, in words. */
  what: string,
  /** What kind of thing. */
  kind: OutsideKind,
};

/** Kinds of things outside of the files that can let a caller in. */
export type OutsideKind = "endpoint-outside" | "zone-link-outside" | "rule-outside" | "permission-outside";

/** One step of a plan. */
export type Phase = {
  /** Which. */
  phase: PhaseKind,
  /** How far it is. */
  state: State,
  /** What is to be done. */
  actions: Array<Action>,
  /** What has to be settled before it. */
  blockers: Array<Note>,
  /** What else to know about it: why it is not needed now, or what it rests on. */
  notes: Array<Note>,
  /** Who would lose access by it. */
  losses: Array<Loss>,
  /** Commands that show whether it worked. */
  verification: Array<string>,
  /** What to do when it did not, without opening the vault to the internet. */
  rollback: Array<string>,
  /** Numbers of the facts about Azure it rests on. */
  facts: Array<string>,
};

/** The steps, in order. */
export type PhaseKind = "prepare" | "resolution" | "consumers" | "rules" | "deny" | "disable";

/** What `plan` says: the way of a vault from public to private access. */
export type Plan = {
  /** `VERSION`. */
  version: number,
  /** The vault. */
  vault: ResourceRef,
  /** What is done one after the other. */
  phases: Array<Phase>,
  /** Where the vault's private endpoints are. */
  regions: Array<Region>,
  /** What to know about several regions. */
  notes: Array<Note>,
};

/** The assignment of a built-in policy that vaults satisfy as they are. */
export type PolicyAssignment = {
  /** Name of the definition. */
  guid: string,
  /** What Azure calls the policy. */
  name: string,
  /** What happens to a vault that does not satisfy it. */
  effect: string,
  /** Parameters of the assignment, by name. */
  parameters: { [key in string]: Known },
  /** What it keeps, in one line. */
  why: string,
  /** Addresses of the vaults that surely satisfy it. */
  vaults: Array<string>,
  /** Addresses of the vaults that do not, or that the files leave open: the assignment leaves them out. */
  except: Array<string>,
  /** The assignment as a command of Azure's CLI. */
  command: string,
  /** The assignment in Bicep. */
  bicep: string,
};

/** A position: 0-based line, and 0-based UTF-16 code units in the line and in the file. */
export type Position = {
  /** 0-based line. */
  line: number,
  /** 0-based UTF-16 code unit in the line. */
  character: number,
  /** 0-based UTF-16 code unit in the file. */
  offset: number,
};

/** How sure a link between two elements is. */
export type Proof = "proved" | "possible";

/** A half-open range. */
export type Range = {
  /** First position. */
  start: Position,
  /** Position behind the last. */
  end: Position,
};

/** A region with a private endpoint. */
export type Region = {
  /** Azure's name of it, or the expression it comes from. */
  location: string,
  /** The private endpoint. */
  endpoint: string,
  /** The private zones it registers in. */
  zones: Array<string>,
};

/** Another place that helps to understand a finding. */
export type Related = {
  /** What is there. */
  message: string,
  /** Path of the file. */
  file: string,
  /** Where in it. */
  range: Range,
};

/** What `check` says. */
export type Report = {
  /** `VERSION`. */
  version: number,
  /** Counts. */
  summary: Summary,
  /** The files read, by path. */
  files: Array<FileReport>,
  /** Findings, by file and position. */
  diagnostics: Array<Diagnostic>,
  /** Findings that somebody answered, in the same order. */
  suppressed: Array<Diagnostic>,
  /** What stayed open. */
  undecided: Array<Undecided>,
  /** Paths that a file refers to and that were not handed over. */
  missing: Array<string>,
  /** Files that name a vault, its resources or the commands for them, and that were not read. */
  skipped: Array<Skipped>,
  /** Values that were given for parameters which no template declares. */
  undeclared?: Array<UndeclaredParameter>,
};

/** What the controls of one vault come to for one requirement. */
export type Requirement = {
  /** The vault. */
  vault: ResourceRef,
  /** The framework. */
  framework: string,
  /** Number and title of the requirement. */
  requirement: string,
  /** The worst state of the controls that are evidence for it: not met, then undecided, then met. */
  state: ControlState,
  /** Names of the definitions of those policies. */
  guids: Array<string>,
};

/** What `resolve` says of one vault's name. */
export type Resolution = {
  /** `VERSION`. */
  version: number,
  /** The vault. */
  vault: ResourceRef,
  /** Who resolves, as it is written for `--from`. */
  from: string,
  /** The name. */
  name: string,
  /** The chain of names, as far as it is decided. */
  chain: Array<Hop>,
  /** What it comes to. */
  answer: Answer,
  /** What was asked, in order. */
  steps: Array<Step>,
  /** Normal forms of what the answer depends on. */
  dependsOn: Array<string>,
  /** Parameters whose defaults the answer rests on. */
  assumed: Array<string>,
};

/** The resource a finding is about. */
export type ResourceRef = {
  /** ARM type, `Microsoft.KeyVault/vaults`. */
  type: string,
  /** Its name; an unknown one in its normal form. */
  name: string,
  /** What its author calls it. */
  address: string,
};

/** One rule of the catalogue. */
export type RuleInfo = {
  /** Slug. */
  slug: string,
  /** What it is about: `firewall`, `private endpoint`, `DNS`, `callers and operations` or `files`. */
  group: string,
  /** Severity it reports at most. */
  severity: Severity,
  /** One line: what it finds. */
  summary: string,
  /** `recommended` or `strict`: the smallest profile that runs it. */
  profile: string,
  /** Whether it may offer a fix. */
  fixable: boolean,
  /** Numbers of the facts it rests on. */
  facts: Array<string>,
  /** Slugs of the rules whose finding about the same thing replaces one of this rule, where they report. */
  yieldsTo: Array<string>,
  /** Address of its page. */
  url: string,
};

/** How bad a finding is. */
export type Severity = "info" | "warning" | "error";

/** Why a file was not read. */
export type SkipReason = "unsupported-language" | "too-large" | "not-text" | "unreadable";

/** A file that names a vault and was not read. */
export type Skipped = {
  /** Path as the host named it. */
  path: string,
  /** Why. */
  reason: SkipReason,
};

/** The state of a step. */
export type State = "done" | "todo" | "blocked" | "open" | "not-needed";

/** One thing that was asked on the way to a vault. */
export type Step = {
  /** What was asked. */
  gate: Gate,
  /** What came of it. */
  verdict: Verdict,
  /** Why, in one line. */
  because: string,
  /** Numbers of the facts about Azure it rests on. */
  facts: Array<string>,
  /** Path of the file that decided it. */
  file: string | null,
  /** Where in it. */
  range: Range | null,
};

/** One finding. */
export type StreamFinding = {
  /** `finding`. */
  record: "finding",
  /** The version of these records. */
  version: number,
  /** Path of the file. */
  file: string,
  /** Number of the line, from 1. */
  line: number,
  /** 0-based UTF-16 code unit in the line. */
  start: number,
  /** The one behind the last. */
  end: number,
  /** Slug of the rule. */
  rule: string,
  /** How bad. */
  severity: Severity,
  /** How sure. */
  confidence: Confidence,
  /** The resource it is about. */
  resource: ResourceRef,
  /** Id of that resource. */
  id: string,
  /** What is wrong, in one line. */
  message: string,
  /** Why it matters and what to do. */
  help: string,
  /** Other places. */
  related: Array<StreamRelated>,
};

/** What is wrong with a line: it is no JSON, or shows no resource. */
export type StreamProblem = {
  /** `problem`. */
  record: "problem",
  /** The version of these records. */
  version: number,
  /** Path of the file. */
  file: string,
  /** Number of the line, from 1. */
  line: number,
  /** 0-based UTF-16 code unit in the line. */
  start: number,
  /** The one behind the last. */
  end: number,
  /** Slug of the rule that speaks of such lines. */
  rule: string,
  /** How bad. */
  severity: Severity,
  /** What is wrong, in one line. */
  message: string,
};

/** One line that `check --stream` prints. The last one is the summary. */
export type StreamRecord = StreamFinding | StreamUndecided | StreamProblem | StreamSummary;

/** Another place that helps to understand a finding. */
export type StreamRelated = {
  /** What is there. */
  message: string,
  /** Path of the file. */
  file: string,
  /** Number of the line, from 1. */
  line: number,
  /** 0-based UTF-16 code unit in the line. */
  start: number,
  /** The one behind the last. */
  end: number,
};

/** What was read and said. */
export type StreamSummary = {
  /** `summary`. */
  record: "summary",
  /** The version of these records. */
  version: number,
  /** Files read. */
  files: number,
  /** Lines read, without empty ones. */
  lines: number,
  /** Resources found; one that several lines show counts once. */
  resources: number,
  /** Vaults and managed HSMs found. */
  vaults: number,
  /** Findings and problems of severity error. */
  errors: number,
  /** Findings and problems of severity warning. */
  warnings: number,
  /** Findings and problems of severity info. */
  infos: number,
  /** Rules left open. */
  undecided: number,
  /** Lines with problems, counted as findings too. */
  problems: number,
};

/** A rule that could not be decided for a resource. */
export type StreamUndecided = {
  /** `undecided`. */
  record: "undecided",
  /** The version of these records. */
  version: number,
  /** Path of the file. */
  file: string,
  /** Number of the line, from 1. */
  line: number,
  /** Slug of the rule. */
  rule: string,
  /** The resource. */
  resource: ResourceRef,
  /** Id of that resource. */
  id: string,
  /** Why it is open, in one line. */
  reason: string,
  /** Normal forms of what it depends on. */
  dependsOn: Array<string>,
};

/** Counts. */
export type Summary = {
  /** Files read. */
  files: number,
  /** Resources found. */
  resources: number,
  /** Vaults and managed HSMs found. */
  vaults: number,
  /** Findings of severity error. */
  errors: number,
  /** Findings of severity warning. */
  warnings: number,
  /** Findings of severity info. */
  infos: number,
  /** Rules left open. */
  undecided: number,
  /** Findings that somebody answered; no severity counts them. */
  suppressed: number,
};

/** How somebody answered a finding. */
export type Suppression = {
  /** Where it is answered; in the text where it is in both. */
  kind: SuppressionKind,
  /** Why the finding is meant. */
  reason: string,
};

/** Where a finding is answered. */
export type SuppressionKind = "in-source" | "configuration";

/** One replacement. */
export type TextEdit = {
  /** Path of the file. */
  file: string,
  /** What is replaced; empty to insert. */
  range: Range,
  /** The text put there. */
  text: string,
};

/** A rule that could not be decided for a resource. */
export type Undecided = {
  /** Slug of the rule. */
  rule: string,
  /** The resource. */
  resource: ResourceRef | null,
  /** Why it is open, in one line. */
  reason: string,
  /** Normal forms of what it depends on. */
  dependsOn: Array<string>,
};

/** A value that was given for a parameter which no template declares. */
export type UndeclaredParameter = {
  /** The name as given. */
  name: string,
  /** The declared name that may be meant. */
  suggestion: string | null,
};

/** A vault or managed HSM. */
export type VaultModel = {
  /** What its author calls it. */
  address: string,
  /** ARM type. */
  type: string,
  /** Name. */
  name: Known,
  /** Path of the file. */
  file: string,
  /** Where in it. */
  range: Range,
  /** False for a resource that the template only refers to. */
  declared: boolean,
  /** Whether it is deployed; true, false, or what that depends on. */
  condition: Known,
  /** API version. */
  apiVersion: Known,
  /** Azure region. */
  location: Known,
  /** `Enabled`, `Disabled` or `SecuredByPerimeter`. */
  publicNetworkAccess: Known,
  /** The firewall. */
  networkAcls: NetworkAclsModel,
  /** Whether Azure RBAC decides about data-plane access. */
  rbac: Known,
  /** Virtual machines may fetch certificates. */
  enabledForDeployment: Known,
  /** Disk Encryption may fetch secrets. */
  enabledForDiskEncryption: Known,
  /** Resource Manager may fetch secrets. */
  enabledForTemplateDeployment: Known,
  /** Parameters whose defaults the values rest on. */
  assumed: Array<string>,
};

/** The result of a gate. */
export type Verdict = "allows" | "denies" | "continues" | "skipped" | "open";

/** A path into a vault. */
export type Via = "private-endpoint" | "service-endpoint" | "public" | "trusted-service" | "perimeter" | "none";
