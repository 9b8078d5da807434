// What was found, for every format to print.

import type { Control, ControlsReport, Diagnostic, Report, Requirement, RuleInfo, Severity, Summary } from '../types.js';

export interface Checked {
  /** Without the findings that are known. */
  readonly report: Report;
  /** Every finding, known or new. */
  readonly all: readonly Diagnostic[];
  /** The findings that a baseline knows; undefined without one. */
  readonly known: ReadonlySet<Diagnostic> | undefined;
  /** Which built-in policies the vaults satisfy, where that was asked for. */
  readonly controls: ControlsReport | undefined;
  /** Whether SARIF has the findings that somebody answered. */
  readonly suppressed: boolean;
  /** The texts of the files, by the path that the report uses. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many findings were fixed, where that was asked for. */
  readonly fixed: number | undefined;
  readonly quiet: boolean;
  /** Whether the text shows each note about how a vault is governed. */
  readonly notes: boolean;
  /** Whether the text lists what is undecided. */
  readonly undecided: boolean;
  /** What fails for a finding. */
  readonly failOn: (found: Diagnostic) => Severity | 'never';
  readonly rules: readonly RuleInfo[];
  /** The version of vaultmoat. */
  readonly version: string;
  /** The root of the repository. */
  readonly root: string;
}

/** What `--format json` prints. */
export interface CheckReport extends Report {
  readonly summary: CheckSummary;
  /** With `--controls`: which built-in policies each vault satisfies. */
  readonly controls?: readonly Control[];
  /** With `--controls`: what those come to for the requirements that they are evidence for. */
  readonly requirements?: readonly Requirement[];
  /** How many vaults `controls` says nothing about. */
  readonly vaultsWithoutControls?: number;
}

export interface CheckSummary extends Summary {
  /** With a baseline: findings that it knows; they are not in `diagnostics`, and no severity counts them. */
  readonly known?: number;
}

const RANK: Record<Severity | 'never', number> = { info: 0, warning: 1, error: 2, never: 3 };

/** Whether a severity is at or above another one. */
export function reaches(severity: Severity, threshold: Severity | 'never'): boolean {
  return RANK[severity] >= RANK[threshold];
}

/** Things by what they have in common, both in the order in which they first appear. */
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
