// Generated from the engine's result types. After a change there: make types

/** The change for one caller of one vault. */
export type AccessChange = {
  /** The vault, as the second side refers to it. */
  vault: ResourceRef,
  /** The caller, in the form of `--from`. */
  from: string,
  /** The caller, for a reader. */
  caller: string,
  /** The kind of change. */
  kind: ChangeKind,
  /** The outcome on the first side; null where that side does not have the caller. */
  before: AccessState | null,
  /** The outcome on the second side; null where that side does not have the caller. */
  after: AccessState | null,
};

/** The report of `explain` for every caller that the files show. */
export type AccessReport = {
  /** `VERSION`. */
  version: number,
  /** A decision for every caller and vault, grouped by vault. */
  decisions: Array<Decision>,
  /** Whether there are more decisions than the report lists. */
  leftOut: boolean,
};

/** The outcome of a caller's requests on one side. */
export type AccessState = {
  /** Whether they are accepted. */
  outcome: Outcome,
  /** The path by which they are accepted. */
  via: Via,
  /** The reason, in one line. */
  because: string,
};

/** A step of a phase. */
export type Action = {
  /** What to do, in the imperative. */
  title: string,
  /** Whether the files have it already. */
  done: boolean,
  /** The step as an Azure CLI command; words in capitals are placeholders. */
  command: string | null,
  /** The step as a change of the files. */
  fix: Fix | null,
};

/** The result of a name resolution. */
export type Answer = {
  /** Which kind of address it is. */
  kind: AnswerKind,
  /** The address; null where it is not known. */
  address: string | null,
};

/** Kinds of addresses that a name resolves to. */
export type AnswerKind = "private" | "public" | "nxdomain" | "depends";

/** Whether a fix keeps what the template means. */
export type Applicability = "safe" | "unsafe";

/** Kinds of changes. */
export type ChangeKind = "newly-allowed" | "newly-denied" | "newly-undecided" | "other-path" | "appeared" | "gone";

/** How certain a finding is. */
export type Confidence = "certain" | "likely";

/** One built-in policy for one vault. */
export type Control = {
  /** The vault. */
  vault: ResourceRef,
  /** Name of the policy's definition. */
  guid: string,
  /** Display name of the policy. */
  name: string,
  /** Whether the vault satisfies it. */
  state: ControlState,
  /** The reason, in one line. */
  because: string,
  /** The parameters and expressions that an undecided state depends on. */
  dependsOn: Array<string>,
  /** Parameters whose defaults a decided state rests on. */
  assumed: Array<string>,
  /** Requirements of frameworks that the state is evidence for; no policy covers one completely. */
  frameworks: Array<FrameworkRequirement>,
  /** Path of the file with the value that decides. */
  file: string,
  /** Range in that file. */
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
  /** How many more vaults there are. */
  vaultsLeftOut: number,
};

/** The report of `explain` for one caller and one vault. */
export type Decision = {
  /** `VERSION`. */
  version: number,
  /** The vault. */
  vault: ResourceRef,
  /** The caller, in the form of `--from`. */
  from: string,
  /** The caller, for a reader. */
  caller: string,
  /** Whether the network accepts the request. The caller's permissions are not considered. */
  outcome: Outcome,
  /** The path by which it is accepted. */
  via: Via,
  /** The error that Key Vault returns for a refused request, for example `ForbiddenByFirewall`; null where it is not
   * known. */
  error: string | null,
  /** The checks on the way, in order. */
  steps: Array<Step>,
  /** What would decide the outcome, as in `Undecided::depends_on`; never empty for `depends`. */
  dependsOn: Array<string>,
  /** For a refused request, what outside of the files could let it in. */
  unless: Array<Outside>,
  /** Parameters whose defaults the outcome rests on. */
  assumed: Array<string>,
  /** Changes of the files, each of which would let the caller in and no other client. */
  fixes: Array<Fix>,
};

/** A finding of a rule. */
export type Diagnostic = {
  /** Slug of the rule. */
  rule: string,
  /** Severity, after the configuration was applied. */
  severity: Severity,
  /** How certain it is. */
  confidence: Confidence,
  /** What is wrong, in one line. */
  message: string,
  /** Why it matters and what to do. */
  help: string,
  /** Path of the file, as the host passed it. */
  file: string,
  /** Range in that file. */
  range: Range,
  /** The resource that it is about; null for a finding about a file. */
  resource: ResourceRef | null,
  /** Other places that help to understand it. */
  related: Array<Related>,
  /** Changes, each of which removes it. */
  fixes: Array<Fix>,
  /** Numbers of the facts about Azure that it rests on, for example `F1.22`; `vaultmoat facts` explains them. */
  facts: Array<string>,
  /** Address of the rule's page. */
  url: string,
  /** Why it is suppressed: set in `Report::suppressed` only. */
  suppression?: Suppression,
};

/** The report of `diff`: the callers whose access changes. */
export type DiffReport = {
  /** `VERSION`. */
  version: number,
  /** Changes of access, grouped by vault. */
  changes: Array<AccessChange>,
  /** Changes for a vault that is created again. An existing one keeps its settings: by the provider, by `onlyIfNotExists`,
   * or because a deployment deletes nothing. */
  whenCreated: Array<AccessChange>,
  /** How many callers have the same access. */
  unchanged: number,
  /** Vaults that only the second side declares. */
  added: Array<ResourceRef>,
  /** Vaults that only the first side declares. */
  removed: Array<ResourceRef>,
};

/** Kinds of edges. */
export type EdgeKind = "reaches" | "blocked" | "connects" | "registers" | "links" | "in" | "uses" | "secures";

/** A resource of the network other than a vault. */
export type ElementModel = {
  /** What its author calls it: a symbolic name, an address of Terraform, or type and name. */
  address: string,
  /** ARM type. */
  type: string,
  /** Name of the resource. */
  name: Known,
  /** Path of the file, as the host passed it. */
  file: string,
  /** Range in that file. */
  range: Range,
  /** False for a resource that the template refers to and does not declare. */
  declared: boolean,
  /** Whether it is deployed; true, false, or what that depends on. */
  condition: Known,
  /** Parameters whose defaults these values rest on. */
  assumed: Array<string>,
} & ({ [key in string]: null | boolean | number | string | Array<Known> | { [key in string]: Known } | {
  /** The expression that it comes from. */
  unknown: string,
} | {
  /** Azure's default, which is in effect. */
  value: Known,
  /** Always true. */
  default: boolean,
} });

/** The result of fixes in one file. */
export type FileEdits = {
  /** Path of the file, as the host passed it. */
  file: string,
  /** The replacements, in order; they do not overlap. */
  edits: Array<TextEdit>,
  /** The whole text with the replacements applied. */
  text: string,
};

/** A file that was read. */
export type FileReport = {
  /** Path, as the host passed it. */
  path: string,
  /** `arm`, `arm-parameters`, `bicep`, `bicep-parameters`, `terraform`, `terraform-variables`, `terraform-plan`,
   * `azure-json`, or `other` for a file in another language. */
  language: string,
  /** How many resources it declares; each copy of a loop counts. */
  resources: number,
};

/** A change of the files that removes a finding. */
export type Fix = {
  /** What it does, in the imperative: `remove the rule`. */
  title: string,
  /** Whether it can be applied without review. */
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

/** A relation between two nodes. */
export type GraphEdge = {
  /** Id of the first node. */
  from: string,
  /** Id of the second node. */
  to: string,
  /** The kind of relation. */
  kind: EdgeKind,
  /** The path, or the reason of a refusal. */
  label: string,
  /** How certain it is. */
  proof: Proof,
  /** Parameters whose defaults it rests on. */
  assumed: Array<string>,
  /** Findings about it. */
  findings: Array<GraphFinding>,
};

/** A finding of `check` in the picture. */
export type GraphFinding = {
  /** Slug of the rule. */
  rule: string,
  /** Severity, after the configuration was applied. */
  severity: Severity,
  /** What is wrong, in one line. */
  message: string,
};

/** A node of the graph. */
export type GraphNode = {
  /** Unique in the report, and the same for the same files. */
  id: string,
  /** The kind of node. */
  kind: NodeKind,
  /** Its name; if it is unknown, the expression that it comes from. */
  label: string,
  /** More about it, for example address prefixes or a service; may be empty. */
  detail: string,
  /** Its address in the files; for a resource outside of them, its id as far as that is known. */
  address: string | null,
  /** Id of the node that contains it. */
  parent: string | null,
  /** Path of the file; null for a node outside of the files. */
  file: string | null,
  /** Range in that file. */
  range: Range | null,
  /** Findings about it. */
  findings: Array<GraphFinding>,
};

/** The report of `graph`: the network around the vaults. */
export type GraphReport = {
  /** `VERSION`. */
  version: number,
  /** Resources, callers and groups of addresses. */
  nodes: Array<GraphNode>,
  /** Relations between nodes. */
  edges: Array<GraphEdge>,
  /** Findings about resources that are not in the picture. */
  findings: Array<GraphFinding>,
  /** How many more nodes there are: a picture with all of them would not be readable. */
  nodesLeftOut: number,
  /** How many more edges there are between the nodes of the picture. */
  edgesLeftOut: number,
};

/** One record in a chain. */
export type Hop = {
  /** The queried name. */
  name: string,
  /** The type of the record. */
  type: HopKind,
  /** The name or the address that the record gives. */
  value: string,
  /** The private zone with the record; null for public DNS. */
  zone: string | null,
  /** Path of the file with the record; null where it is not in the files. */
  file: string | null,
  /** Range in that file. */
  range: Range | null,
};

/** Types of records, and NXDOMAIN. */
export type HopKind = "CNAME" | "A" | "NXDOMAIN";

/** A value in the model: a JSON value where it is known, `{"unknown": "<normal form>"}` where it is not, and
 * `{"value": …, "default": true}` where it is Azure's default for what the template leaves out. */
export type Known = null | boolean | number | string | Array<Known> | { [key in string]: Known } | {
  /** The expression that it comes from. */
  unknown: string,
} | {
  /** Azure's default, which is in effect. */
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
  /** How certain it is. */
  proof: Proof,
};

/** A log query. */
export type LogQuery = {
  /** What the query shows. */
  title: string,
  /** The table that it reads: `AZKVAuditLogs` or `AzureDiagnostics`. */
  table: string,
  /** The query in KQL. */
  kql: string,
  /** Notes to read before it is run, each in one line. */
  notes: Array<string>,
};

/** Whether the audit log of a vault is kept. */
export type LogState = "kept" | "lost" | "open";

/** Whether the audit log of a vault is kept, and by what. */
export type Logged = {
  /** Whether it is kept. */
  state: LogState,
  /** Which setting keeps it, why none does, or what it depends on, in one line. */
  message: string,
  /** The table that it is kept in; null where the files do not determine it. */
  table: string | null,
  /** Path of the file with the value that decides. */
  file: string,
  /** Range in that file. */
  range: Range,
};

/** A caller that would lose access. */
export type Loss = {
  /** The caller, in the form of `--from`. */
  from: string,
  /** The caller, for a reader. */
  caller: string,
  /** The outcome of its requests before the phase. */
  before: Outcome,
  /** The outcome of its requests after the phase. */
  after: Outcome,
  /** The reason, in one line. */
  because: string,
};

/** The report of `model`. */
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
  /** Which resource refers to which. */
  links: Array<LinkModel>,
  /** Whether there are more possible links than the report lists. */
  linksLeftOut: boolean,
};

/** The report of `monitor`: log queries for the vaults, and policies that keep them as they are. */
export type MonitorReport = {
  /** `VERSION`. */
  version: number,
  /** The vaults that the files declare, each with its queries. */
  vaults: Array<MonitoredVault>,
  /** Assignments of built-in policies that the vaults satisfy as they are. */
  policies: Array<PolicyAssignment>,
  /** How many more vaults there are. */
  vaultsLeftOut: number,
};

/** The log queries of a vault. */
export type MonitoredVault = {
  /** The vault. */
  vault: ResourceRef,
  /** Path of the file, as the host passed it. */
  file: string,
  /** Range in that file. */
  range: Range,
  /** Whether the vault's audit log is kept. */
  logged: Logged,
  /** Queries in KQL for Log Analytics. */
  queries: Array<LogQuery>,
};

/** A vault's firewall, as the template sets it. */
export type NetworkAclsModel = {
  /** Whether the template sets the object to something other than `{}` or null. */
  present: Known,
  /** `Allow` or `Deny`. */
  defaultAction: Known,
  /** `AzureServices` or `None`. */
  bypass: Known,
  /** IPv4 addresses and CIDR ranges; an element `{"unknown": …}` is any number of rules. */
  ipRules: Array<Known>,
  /** Subnet ids; an element `{"unknown": …}` is any number of rules. */
  virtualNetworkRules: Array<Known>,
};

/** Kinds of nodes. */
export type NodeKind = "vault" | "hsm" | "private-endpoint" | "virtual-network" | "subnet" | "dns-zone" | "consumer" | "perimeter" | "addresses" | "internet" | "trusted-services";

/** A note, with a place if it is about one. */
export type Note = {
  /** The note, in one line. */
  text: string,
  /** Path of the file that it is about. */
  file: string | null,
  /** Range in that file. */
  range: Range | null,
};

/** The outcome of a request. */
export type Outcome = "allowed" | "denied" | "depends";

/** Something outside of the files that would let a refused caller in. */
export type Outside = {
  /** What it is, in words. */
  what: string,
  /** Which kind of thing it is. */
  kind: OutsideKind,
};

/** Kinds of things outside of the files that can let a caller in. */
export type OutsideKind = "endpoint-outside" | "zone-link-outside" | "rule-outside" | "permission-outside";

/** A phase of a plan. */
export type Phase = {
  /** Which phase it is. */
  phase: PhaseKind,
  /** How far the files are with it. */
  state: State,
  /** The steps of the phase. */
  actions: Array<Action>,
  /** What prevents the phase until it is resolved. */
  blockers: Array<Note>,
  /** Further notes: why it is not needed now, or which defaults it rests on. */
  notes: Array<Note>,
  /** The callers that would lose access. */
  losses: Array<Loss>,
  /** Commands that show whether the phase succeeded. */
  verification: Array<string>,
  /** What to do if it failed; never opens the vault to the internet. */
  rollback: Array<string>,
  /** Numbers of the facts about Azure that it rests on. */
  facts: Array<string>,
};

/** The steps, in order. */
export type PhaseKind = "prepare" | "resolution" | "consumers" | "rules" | "deny" | "disable";

/** The report of `plan`: the steps of a vault from public to private access. */
export type Plan = {
  /** `VERSION`. */
  version: number,
  /** The vault. */
  vault: ResourceRef,
  /** The phases, in order. */
  phases: Array<Phase>,
  /** The regions of the vault's private endpoints. */
  regions: Array<Region>,
  /** Notes about several regions. */
  notes: Array<Note>,
};

/** The assignment of a built-in policy that vaults satisfy as they are. */
export type PolicyAssignment = {
  /** Name (GUID) of the policy definition. */
  guid: string,
  /** Display name of the policy. */
  name: string,
  /** The effect of the assignment, for example `Deny`. */
  effect: string,
  /** Parameters of the assignment, by name. */
  parameters: { [key in string]: Known },
  /** The setting that it protects, in one line. */
  why: string,
  /** Addresses of the vaults that satisfy it. */
  vaults: Array<string>,
  /** Addresses of the vaults that do not satisfy it, or for which the files do not determine it: the assignment excludes
   * them. */
  except: Array<string>,
  /** The assignment as an Azure CLI command. */
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

/** How certain a link between two elements is. */
export type Proof = "proved" | "possible";

/** A range from `start` up to, and without, `end`. */
export type Range = {
  /** Position of the first code unit. */
  start: Position,
  /** Position after the last code unit. */
  end: Position,
};

/** A region with a private endpoint. */
export type Region = {
  /** Azure's name of the region, or the expression that it comes from. */
  location: string,
  /** Address of the private endpoint. */
  endpoint: string,
  /** Names of the private zones that it is registered in. */
  zones: Array<string>,
};

/** Another place that helps to understand a finding. */
export type Related = {
  /** What that place shows, in one line. */
  message: string,
  /** Path of the file, as the host passed it. */
  file: string,
  /** Range in that file. */
  range: Range,
};

/** The report of `check`. */
export type Report = {
  /** `VERSION`. */
  version: number,
  /** Totals of a report. */
  summary: Summary,
  /** The files read, by path. */
  files: Array<FileReport>,
  /** Findings that are not suppressed, sorted by file and position. */
  diagnostics: Array<Diagnostic>,
  /** Suppressed findings, in the same order. */
  suppressed: Array<Diagnostic>,
  /** What the files do not determine, without duplicates. */
  undecided: Array<Undecided>,
  /** Paths of modules and templates that a file refers to and that the host did not pass. */
  missing: Array<string>,
  /** Files that mention a vault, its resources or the commands for them, and that were not read. */
  skipped: Array<Skipped>,
  /** Values that were given for parameters which no template declares. */
  undeclared?: Array<UndeclaredParameter>,
};

/** The state of a requirement for one vault. */
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

/** The report of `resolve`: how the name of a vault resolves. */
export type Resolution = {
  /** `VERSION`. */
  version: number,
  /** The vault. */
  vault: ResourceRef,
  /** The client that resolves the name, in the form of `--from`. */
  from: string,
  /** The queried name. */
  name: string,
  /** The records from the queried name to the address, as far as the files determine them. */
  chain: Array<Hop>,
  /** The result. */
  answer: Answer,
  /** The checks on the way, in order. */
  steps: Array<Step>,
  /** What would decide the answer, as in `Undecided::depends_on`. */
  dependsOn: Array<string>,
  /** Parameters whose defaults the answer rests on. */
  assumed: Array<string>,
};

/** A resource, as reports refer to it. */
export type ResourceRef = {
  /** ARM type, for example `Microsoft.KeyVault/vaults`. */
  type: string,
  /** The resource's name; if it is unknown, the expression that it comes from. */
  name: string,
  /** What its author calls it: a symbolic name, an address of Terraform, or type and name. */
  address: string,
};

/** A rule of the catalogue. */
export type RuleInfo = {
  /** Name, for example `public-vault`. */
  slug: string,
  /** What it is about: `firewall`, `private endpoint`, `DNS`, `callers and operations` or `files`. */
  group: string,
  /** The highest severity that it reports. */
  severity: Severity,
  /** What it finds, in one line. */
  summary: string,
  /** `recommended` or `strict`: the smallest profile that runs it. */
  profile: string,
  /** Whether it may offer a fix. */
  fixable: boolean,
  /** Numbers of the facts about Azure that it rests on. */
  facts: Array<string>,
  /** Slugs of the rules whose finding about the same resource replaces one of this rule. */
  yieldsTo: Array<string>,
  /** Address of its page. */
  url: string,
};

/** How bad a finding is. */
export type Severity = "info" | "warning" | "error";

/** Why a file was not read. */
export type SkipReason = "unsupported-language" | "too-large" | "not-text" | "unreadable";

/** A file that mentions a vault and was not read. */
export type Skipped = {
  /** Path, as the host passed it. */
  path: string,
  /** Why it was not read. */
  reason: SkipReason,
};

/** The state of a step. */
export type State = "done" | "todo" | "blocked" | "open" | "not-needed";

/** One check on the way of a request to a vault. */
export type Step = {
  /** Which check. */
  gate: Gate,
  /** Its result. */
  verdict: Verdict,
  /** The reason, in one line. */
  because: string,
  /** Numbers of the facts about Azure that it rests on. */
  facts: Array<string>,
  /** Path of the file with the value that decides; null where no value does. */
  file: string | null,
  /** Range in that file. */
  range: Range | null,
};

/** A finding of a rule. */
export type StreamFinding = {
  /** `finding`. */
  record: "finding",
  /** The version of these records. */
  version: number,
  /** Path of the file, as the host passed it. */
  file: string,
  /** 1-based number of the line. */
  line: number,
  /** 0-based UTF-16 code unit in the line. */
  start: number,
  /** The code unit after the last, in the line. */
  end: number,
  /** Slug of the rule. */
  rule: string,
  /** Severity, after the configuration was applied. */
  severity: Severity,
  /** How certain it is. */
  confidence: Confidence,
  /** The resource that it is about. */
  resource: ResourceRef,
  /** Id of the resource. */
  id: string,
  /** What is wrong, in one line. */
  message: string,
  /** Why it matters and what to do. */
  help: string,
  /** Other places that help to understand it. */
  related: Array<StreamRelated>,
};

/** A line that is not JSON, or that contains no resource. */
export type StreamProblem = {
  /** `problem`. */
  record: "problem",
  /** The version of these records. */
  version: number,
  /** Path of the file, as the host passed it. */
  file: string,
  /** 1-based number of the line. */
  line: number,
  /** 0-based UTF-16 code unit in the line. */
  start: number,
  /** The code unit after the last, in the line. */
  end: number,
  /** Slug of the rule that reports it. */
  rule: string,
  /** Severity, after the configuration was applied. */
  severity: Severity,
  /** What is wrong, in one line. */
  message: string,
};

/** One line that `check --stream` prints. The last one is the summary. */
export type StreamRecord = StreamFinding | StreamUndecided | StreamProblem | StreamSummary;

/** Another place that helps to understand a finding. */
export type StreamRelated = {
  /** What that place shows, in one line. */
  message: string,
  /** Path of the file, as the host passed it. */
  file: string,
  /** 1-based number of the line. */
  line: number,
  /** 0-based UTF-16 code unit in the line. */
  start: number,
  /** The code unit after the last, in the line. */
  end: number,
};

/** Totals; the last record. */
export type StreamSummary = {
  /** `summary`. */
  record: "summary",
  /** The version of these records. */
  version: number,
  /** How many files were read. */
  files: number,
  /** How many lines were read, without empty lines. */
  lines: number,
  /** How many resources were found; one that is in several lines counts once. */
  resources: number,
  /** How many vaults and managed HSMs were found. */
  vaults: number,
  /** Findings and problems of severity error. */
  errors: number,
  /** Findings and problems of severity warning. */
  warnings: number,
  /** Findings and problems of severity info. */
  infos: number,
  /** How many records are `undecided`. */
  undecided: number,
  /** Lines that could not be read; each is counted by its severity, too. */
  problems: number,
};

/** A rule that could not be decided for a resource. */
export type StreamUndecided = {
  /** `undecided`. */
  record: "undecided",
  /** The version of these records. */
  version: number,
  /** Path of the file, as the host passed it. */
  file: string,
  /** 1-based number of the line. */
  line: number,
  /** Slug of the rule. */
  rule: string,
  /** The resource; null where it is about a file. */
  resource: ResourceRef,
  /** Id of the resource. */
  id: string,
  /** What the files do not determine, in one line. */
  reason: string,
  /** What would decide it: parameters and expressions in their normal form, or words for what is not in the files. */
  dependsOn: Array<string>,
};

/** Totals of a report. */
export type Summary = {
  /** How many files were read. */
  files: number,
  /** How many resources were found; each copy of a loop counts. */
  resources: number,
  /** How many vaults and managed HSMs were found. */
  vaults: number,
  /** Findings of severity error. */
  errors: number,
  /** Findings of severity warning. */
  warnings: number,
  /** Findings of severity info. */
  infos: number,
  /** How many entries `undecided` has. */
  undecided: number,
  /** Suppressed findings, which no severity counts. */
  suppressed: number,
};

/** How a finding was suppressed. */
export type Suppression = {
  /** Where it is suppressed; `in-source` if it is in both places. */
  kind: SuppressionKind,
  /** The reason that the author gives. */
  reason: string,
};

/** Where a finding is suppressed. */
export type SuppressionKind = "in-source" | "configuration";

/** A replacement in one file. */
export type TextEdit = {
  /** Path of the file, as the host passed it. */
  file: string,
  /** The replaced range; an empty range inserts. */
  range: Range,
  /** The new text. */
  text: string,
};

/** A rule that could not be decided for a resource. */
export type Undecided = {
  /** Slug of the rule. */
  rule: string,
  /** The resource; null where it is about a file. */
  resource: ResourceRef | null,
  /** What the files do not determine, in one line. */
  reason: string,
  /** What would decide it: parameters and expressions in their normal form, or words for what is not in the files. */
  dependsOn: Array<string>,
};

/** A value that was given for a parameter which no template declares. */
export type UndeclaredParameter = {
  /** The name as given. */
  name: string,
  /** The declared parameter with the most similar name. */
  suggestion: string | null,
};

/** A vault or managed HSM. */
export type VaultModel = {
  /** What its author calls it: a symbolic name, an address of Terraform, or type and name. */
  address: string,
  /** ARM type. */
  type: string,
  /** Name of the resource. */
  name: Known,
  /** Path of the file, as the host passed it. */
  file: string,
  /** Range in that file. */
  range: Range,
  /** False for a resource that the template refers to and does not declare. */
  declared: boolean,
  /** Whether it is deployed; true, false, or what that depends on. */
  condition: Known,
  /** API version that the template names. */
  apiVersion: Known,
  /** Azure region, for example `westeurope`. */
  location: Known,
  /** `Enabled`, `Disabled` or `SecuredByPerimeter`. */
  publicNetworkAccess: Known,
  /** The firewall (`networkAcls`). */
  networkAcls: NetworkAclsModel,
  /** Whether Azure RBAC decides about data-plane access. */
  rbac: Known,
  /** Whether virtual machines may read certificates from it. */
  enabledForDeployment: Known,
  /** Whether Azure Disk Encryption may read secrets from it. */
  enabledForDiskEncryption: Known,
  /** Whether Azure Resource Manager may read secrets from it for a deployment. */
  enabledForTemplateDeployment: Known,
  /** Parameters whose defaults these values rest on. */
  assumed: Array<string>,
};

/** The result of a gate. */
export type Verdict = "allows" | "denies" | "continues" | "skipped" | "open";

/** A path into a vault. */
export type Via = "private-endpoint" | "service-endpoint" | "public" | "trusted-service" | "perimeter" | "none";
