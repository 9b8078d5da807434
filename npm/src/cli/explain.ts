// `vaultmoat explain` and `vaultmoat resolve`.

import { EngineCrash } from '../engine.js';
import { createEngine } from '../node.js';
import {
  byVault,
  decisionInMarkdown,
  outcome,
  places,
  reason,
  resolutionInMarkdown,
  accessInMarkdown,
  vaultName,
  verdict,
} from '../reports/access.js';
import type { AccessReport, Decision, Outcome, Resolution, Step, Verdict } from '../types.js';
import { type Asking, UsageError } from './arguments.js';
import { load } from './inputs.js';
import { type Colors, colorsFor, json, print, terminalSafe } from './output.js';

export async function explain(options: Asking): Promise<void> {
  const { project } = await load(await createEngine(), options);
  const { vault, from, facts } = options;
  const colors = colorsFor(options);
  if (from === undefined) {
    const report = answered(() => project.access({ vault }));
    await print(
      options.format === 'json' ? json(report) : options.format === 'markdown' ? accessInMarkdown(report) : table(report, colors),
      options,
    );
    return;
  }
  const decision = answered(() => project.explain({ vault, from }));
  const texts = {
    json: () => json(decision),
    markdown: () => decisionInMarkdown(decision, { facts }),
    text: () => decisionText(decision, facts, colors),
  };
  await print(texts[options.format](), options);
}

export async function resolve(options: Asking & { readonly from: string }): Promise<void> {
  const { project } = await load(await createEngine(), options);
  const { vault, from, facts } = options;
  const resolution = answered(() => project.resolve({ vault, from }));
  const texts = {
    json: () => json(resolution),
    markdown: () => resolutionInMarkdown(resolution, facts),
    text: () => resolutionText(resolution, facts, colorsFor(options)),
  };
  await print(texts[options.format](), options);
}

/** Turns the engine's error for an unknown vault or caller into a usage error. */
export function answered<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    if (error instanceof EngineCrash) throw error;
    throw new UsageError((error as Error).message);
  }
}

const MARKS: Record<Verdict, string> = { allows: '✓', denies: '✗', continues: '·', skipped: ' ', open: '?' };

function painted(result: Outcome, text: string, colors: Colors): string {
  return { allowed: colors.green, denied: colors.red, depends: colors.yellow }[result](text);
}

function decisionText(decision: Decision, withFacts: boolean, colors: Colors): string {
  const { vault, caller, dependsOn, unless, assumed, steps, fixes } = decision;
  const head = `${colors.bold(terminalSafe(`${caller} → ${vaultName(vault)}`))}: ${painted(decision.outcome, verdict(decision), colors)}\n`;
  return [
    head,
    '\n',
    ...steps.map((step) => stepText(step, withFacts, colors)),
    notes('Depends on', dependsOn, colors),
    notes(
      'Would be allowed by',
      unless.map(({ what }) => what),
      colors,
    ),
    notes('Assumes the defaults of', assumed, colors),
    fixes.length > 0 ? `\n${colors.bold('Changes that would allow it')}\n` : '',
    ...fixes.map((fix) => `  - ${terminalSafe(fix.title)}  ${colors.dim(places(fix))}\n`),
  ].join('');
}

function stepText({ gate, verdict, because, facts, file, range }: Step, withFacts: boolean, colors: Colors): string {
  const color = { allows: colors.green, denies: colors.red, open: colors.yellow, continues: colors.reset, skipped: colors.dim }[
    verdict
  ];
  const where = file !== null && range !== null ? `${file}:${range.start.line + 1}` : '';
  const notes = [where, withFacts ? facts.join(' ') : ''].filter((part) => part !== '');
  const note = notes.length > 0 ? `  ${colors.dim(notes.join('  '))}` : '';
  return `  ${color(`${MARKS[verdict]} ${gate.padEnd(21)} ${terminalSafe(because)}`)}${note}\n`;
}

function notes(title: string, names: readonly string[], colors: Colors): string {
  return names.length === 0 ? '' : `\n${colors.bold(title)}\n${names.map((name) => `  - ${terminalSafe(name)}\n`).join('')}`;
}

/** A table of all callers and outcomes for each vault. */
function table({ decisions, leftOut }: AccessReport, colors: Colors): string {
  if (decisions.length === 0) return 'no vault found\n';
  const width = Math.min(60, Math.max(...decisions.map(({ caller }) => terminalSafe(caller).length)));
  const parts = byVault(decisions).map(([vault, own]) => {
    const rows = own.map((decision) => {
      const who = terminalSafe(decision.caller).padEnd(width);
      const why = colors.dim(terminalSafe(reason(decision)));
      return `  ${who}  ${painted(decision.outcome, outcome(decision).padEnd(34), colors)} ${why}\n`;
    });
    return `${colors.bold(terminalSafe(vault))}\n${rows.join('')}`;
  });
  return `${parts.join('\n')}${leftOut ? '\nmore callers are left out\n' : ''}`;
}

function resolutionText(resolution: Resolution, withFacts: boolean, colors: Colors): string {
  const { name, from, chain, answer, steps, dependsOn, assumed } = resolution;
  const result = `${answer.kind}${answer.address === null ? '' : ` (${answer.address})`}`;
  return [
    `${colors.bold(terminalSafe(`${name} as ${from} sees it`))}: ${terminalSafe(result)}\n\n`,
    ...chain.map((hop) => `  ${terminalSafe(`${hop.name}  ${hop.type}  ${hop.value}`)}\n`),
    chain.length > 0 ? '\n' : '',
    ...steps.map((step) => stepText(step, withFacts, colors)),
    notes('Depends on', dependsOn, colors),
    notes('Assumes the defaults of', assumed, colors),
  ].join('');
}
