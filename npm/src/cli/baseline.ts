// `--baseline` and `--write-baseline`: known findings, so that only new ones count.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic, Report, Severity } from '../types.js';
import { InputError } from '../files/error.js';
import { grouped } from './checked.js';
import { fingerprints } from './fingerprints.js';
import { readContent } from '../files/content.js';
import { counted, jsonLine, terminalSafe } from './output.js';
import { fromRoot } from './places.js';

const VERSION = 1;

/** One known finding. The file and the fingerprint identify it; the rule and the resource are for readers. */
interface Entry {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly rule: string;
  readonly resource: string | null;
  readonly fingerprint: string;
}

export type Profile = (typeof PROFILES)[number];

const PROFILES = ['recommended', 'strict'] as const;

export interface Baseline {
  readonly path: string;
  /** The profile of the run that wrote it: a smaller profile does not find all entries. */
  readonly profile: Profile;
  readonly entries: readonly Entry[];
}

/** Reads a baseline. Throws an `InputError` of one line if it is not one. */
export function readBaseline(path: string): Baseline {
  const { text, problem } = readContent(path);
  const refuse = (why: string) => new InputError(`${path}: not a baseline: ${why}; --write-baseline writes one`);
  if (problem !== undefined) throw refuse(problem);
  let content: { version?: unknown; profile?: unknown; findings?: unknown } | null;
  try {
    content = JSON.parse(text) as typeof content;
  } catch (error) {
    const [why = ''] = terminalSafe((error as Error).message).split('\n', 1);
    throw refuse(`not JSON (${why})`);
  }
  const { version, profile, findings } = content ?? {};
  if (typeof version === 'number' && version > VERSION) throw refuse(`version ${version} is newer than this vaultmoat`);
  if (version !== VERSION) throw refuse(`\`version\` is not ${VERSION}`);
  const written = PROFILES.find((name) => name === profile);
  if (written === undefined) throw refuse(`\`profile\` is not one of ${PROFILES.join(', ')}`);
  if (!Array.isArray(findings)) throw refuse('`findings` is not a list');
  const broken = findings.findIndex((entry) => !isEntry(entry));
  if (broken >= 0) throw refuse(`finding ${broken + 1} does not have \`file\`, \`rule\`, \`resource\` and \`fingerprint\``);
  return { path, profile: written, entries: findings as Entry[] };
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { file, rule, resource, fingerprint } = value as Record<string, unknown>;
  const isText = [file, rule, fingerprint].every((part) => typeof part === 'string');
  return isText && (resource === null || typeof resource === 'string');
}

/** A baseline of all findings in a report: one finding per line, sorted, so that a diff of it is easy to review. */
export function baselineOf({ diagnostics }: Report, profile: Profile, root: string): string {
  const lines = entriesOf(diagnostics, root).map(([, entry]) => jsonLine(entry));
  const sorted = [...new Set(lines)].sort();
  const list = sorted.length === 0 ? '[]' : `[\n${sorted.map((line) => `    ${line}`).join(',\n')}\n  ]`;
  return `{\n  "version": ${VERSION},\n  "profile": "${profile}",\n  "findings": ${list}\n}\n`;
}

function entriesOf(diagnostics: readonly Diagnostic[], root: string): [Diagnostic, Entry][] {
  return [...fingerprints(diagnostics)].map(([diagnostic, fingerprint]) => {
    const { file, rule, resource } = diagnostic;
    return [diagnostic, { file: fromRoot(file, root), rule, resource: resource?.address ?? null, fingerprint }];
  });
}

/** A report compared with a baseline. */
export interface Comparison {
  readonly known: ReadonlySet<Diagnostic>;
  /** Entries without a finding, as far as their files were read and their profile ran. */
  readonly gone: readonly Entry[];
}

/** An entry matches the finding in its file, or, if that file no longer exists, one in another file. */
export function compare(baseline: Baseline, { diagnostics, files }: Report, profile: Profile, root: string): Comparison {
  const left = new Map(baseline.entries.map((entry) => [key(entry), entry]));
  const known = new Set<Diagnostic>();
  const others: [Diagnostic, Entry][] = [];
  for (const [diagnostic, entry] of entriesOf(diagnostics, root)) {
    if (left.delete(key(entry))) known.add(diagnostic);
    else others.push([diagnostic, entry]);
  }
  const isGone = (file: string) => !existsSync(resolve(root, file));
  const moved = grouped(
    [...left.values()].filter(({ file }) => isGone(file)),
    ({ fingerprint }) => fingerprint,
  );
  for (const [diagnostic, { fingerprint }] of others) {
    const entry = moved.get(fingerprint)?.pop();
    if (entry === undefined) continue;
    known.add(diagnostic);
    left.delete(key(entry));
  }
  const read = new Set(files.map(({ path }) => fromRoot(path, root)));
  const findsAll = profile === 'strict' || baseline.profile === profile;
  return { known, gone: findsAll ? [...left.values()].filter(({ file }) => read.has(file) || isGone(file)) : [] };
}

function key({ file, fingerprint }: Entry): string {
  return JSON.stringify([file, fingerprint]);
}

/** A report without its known findings. */
export function without(report: Report, known: ReadonlySet<Diagnostic>): Report {
  if (known.size === 0) return report;
  const diagnostics = report.diagnostics.filter((diagnostic) => !known.has(diagnostic));
  const count = (wanted: Severity) => diagnostics.filter(({ severity }) => severity === wanted).length;
  const counts = { errors: count('error'), warnings: count('warning'), infos: count('info') };
  return { ...report, summary: { ...report.summary, ...counts }, diagnostics };
}

const MOST_NAMED = 10;

/** The note about entries without a finding; empty if there are none. */
export function staleness(gone: readonly Entry[], path: string): string {
  if (gone.length === 0) return '';
  const named = gone
    .slice(0, MOST_NAMED)
    .map(({ file, rule, resource }) => `  ${rule} in ${file}${resource ? `: ${resource}` : ''}`);
  const more = gone.length > MOST_NAMED ? [`  and ${gone.length - MOST_NAMED} more`] : [];
  const what = `${counted(gone.length, 'finding')} of the baseline no longer ${gone.length === 1 ? 'occurs' : 'occur'}`;
  const lines = [`${path}: ${what}; \`--write-baseline ${path}\` updates it`, ...named, ...more];
  return lines.map((line) => `${terminalSafe(line)}\n`).join('');
}
