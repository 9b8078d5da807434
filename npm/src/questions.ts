// Generated from the table of questions in core/src/project.rs. After a change there: make types

import type { RequestOptions, WorkerProject } from './client.js';
import type { AccessOptions, FixOptions, Project, Question } from './engine.js';
import type { AccessReport, ControlsReport, Decision, DiffReport, FileEdits, GraphReport, ModelReport, MonitorReport, Plan, Report, Resolution } from './types.js';

/** What can be asked about a project. */
export interface Questions {
  /** Runs the rules. */
  check(): Report;
  /**
   * The fixes that can be applied at once, as edits per file. The project does not change: set the new texts and call this
   * again until there are none, since of overlapping fixes only one is returned.
   */
  fix(options?: FixOptions): Array<FileEdits>;
  /** The network model of the files. */
  model(): ModelReport;
  /** The outcome of a caller's request, gate by gate, and changes that would allow it. Fails for an unknown vault or caller. */
  explain(question: Question): Decision;
  /** The outcomes for all callers in the files, the internet and trusted services. */
  access(options?: AccessOptions): AccessReport;
  /** A plan for a vault from public to private access, with the steps that are done. */
  plan(options?: AccessOptions): Plan;
  /** Whose access changes from this project to another one. */
  diff(after: Project): DiffReport;
  /** What a vault's name resolves to for a caller. */
  resolve(question: Question): Resolution;
  /** The network around the vaults, with findings; `vaultmoat/graph` draws it. */
  graph(): GraphReport;
  /** Queries that watch the vaults, and policies that keep them as they are. */
  monitor(): MonitorReport;
  /** The built-in policies that each vault satisfies and why, and the requirements that this is evidence for. */
  controls(): ControlsReport;
}

/** What can be asked about a project in a worker. */
export interface WorkerQuestions {
  /**
   * Runs the rules.
   * An older `check` that is still open is rejected with an `AbortError`.
   */
  check(options?: RequestOptions): Promise<Report>;
  /**
   * The fixes that can be applied at once, as edits per file. The project does not change: set the new texts and call this
   * again until there are none, since of overlapping fixes only one is returned.
   */
  fix(options?: FixOptions): Promise<Array<FileEdits>>;
  /**
   * The network model of the files.
   * An older `model` that is still open is rejected with an `AbortError`.
   */
  model(options?: RequestOptions): Promise<ModelReport>;
  /** The outcome of a caller's request, gate by gate, and changes that would allow it. Fails for an unknown vault or caller. */
  explain(question: Question): Promise<Decision>;
  /** The outcomes for all callers in the files, the internet and trusted services. */
  access(options?: AccessOptions): Promise<AccessReport>;
  /** A plan for a vault from public to private access, with the steps that are done. */
  plan(options?: AccessOptions): Promise<Plan>;
  /** Whose access changes from this project to another one. */
  diff(after: WorkerProject): Promise<DiffReport>;
  /** What a vault's name resolves to for a caller. */
  resolve(question: Question): Promise<Resolution>;
  /**
   * The network around the vaults, with findings; `vaultmoat/graph` draws it.
   * An older `graph` that is still open is rejected with an `AbortError`.
   */
  graph(options?: RequestOptions): Promise<GraphReport>;
  /**
   * Queries that watch the vaults, and policies that keep them as they are.
   * An older `monitor` that is still open is rejected with an `AbortError`.
   */
  monitor(options?: RequestOptions): Promise<MonitorReport>;
  /**
   * The built-in policies that each vault satisfies and why, and the requirements that this is evidence for.
   * An older `controls` that is still open is rejected with an `AbortError`.
   */
  controls(options?: RequestOptions): Promise<ControlsReport>;
}

/** The arguments of each question, by name. */
export const TAKES = {
  check: '',
  fix: 'options',
  model: '',
  explain: 'vault, from',
  access: 'vault',
  plan: 'vault',
  diff: 'after',
  resolve: 'vault, from',
  graph: '',
  monitor: '',
  controls: '',
} as const satisfies Record<keyof Questions, string>;
