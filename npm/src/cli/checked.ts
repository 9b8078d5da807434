// The input of every format, and helpers that the formats share.

import type { Control, ControlsReport, Diagnostic, Report, Requirement, RuleInfo, Severity, Summary } from '../types.js';

export interface Checked {
  /** Without known findings. */
  readonly report: Report;
  /** Every finding, known or new. */
  readonly all: readonly Diagnostic[];
  /** The findings in the baseline; undefined without one. */
  readonly known: ReadonlySet<Diagnostic> | undefined;
  /** With `--controls`: the built-in policies that the vaults satisfy. */
  readonly controls: ControlsReport | undefined;
  /** Whether SARIF includes suppressed findings. */
  readonly suppressed: boolean;
  /** The texts of the files, by their path in the report. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many findings were fixed; undefined without `--fix`. */
  readonly fixed: number | undefined;
  readonly quiet: boolean;
  /** `--notes`: the text shows each note about how a vault is governed. */
  readonly notes: boolean;
  /** `--undecided`: the text lists undecided questions. */
  readonly undecided: boolean;
  /** The lowest severity that fails, by the configuration of the finding's file. */
  readonly failOn: (found: Diagnostic) => Severity | 'never';
  readonly rules: readonly RuleInfo[];
  readonly version: string;
  readonly root: string;
}

/** What `--format json` prints. */
export interface CheckReport extends Report {
  readonly summary: CheckSummary;
  /** With `--controls`: the built-in policies that each vault satisfies. */
  readonly controls?: readonly Control[];
  /** With `--controls`: the requirements that those policies are evidence for. */
  readonly requirements?: readonly Requirement[];
  /** How many vaults are missing in `controls`, which is bounded. */
  readonly vaultsWithoutControls?: number;
}

/** Has its name in the JSON Schema. @public */
export interface CheckSummary extends Summary {
  /** With a baseline: how many findings are in it; neither `diagnostics` nor the other counts include them. */
  readonly known?: number;
}

const RANK: Record<Severity | 'never', number> = { info: 0, warning: 1, error: 2, never: 3 };

/** Whether a severity is at or above a threshold. */
export function reaches(severity: Severity, threshold: Severity | 'never'): boolean {
  return RANK[severity] >= RANK[threshold];
}

/** Groups things by a key; groups and their members keep the order of first appearance. */
export function grouped<T>(things: Iterable<T>, keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
