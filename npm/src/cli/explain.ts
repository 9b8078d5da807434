// `vaultmoat explain` and `vaultmoat resolve`.

import { EngineCrash } from '../engine.js';
import { createEngine } from '../node.js';
import type { AccessReport, Decision, Fix, Outcome, Resolution, Step, Verdict } from '../types.js';
import { type Asking, UsageError } from './arguments.js';
import { load } from './inputs.js';
import { markdown } from './markdown.js';
import { type Colors, colorsFor, json, print, terminalSafe } from './output.js';

export async function explain(options: Asking): Promise<void> {
  const { project } = await load(await createEngine(), options);
  const { vault, from } = options;
  const colors = colorsFor(options);
  if (from === undefined) {
    const report = answered(() => project.access({ vault }));
    print(
      options.format === 'json' ? json(report) : options.format === 'markdown' ? tableInMarkdown(report) : table(report, colors),
      options,
    );
    return;
  }
  const decision = answered(() => project.explain({ vault, from }));
  const texts = {
    json: () => json(decision),
    markdown: () => decisionInMarkdown(decision),
    text: () => decisionText(decision, colors),
  };
  print(texts[options.format](), options);
}

export async function resolve(options: Asking & { readonly from: string }): Promise<void> {
  const { project } = await load(await createEngine(), options);
  const { vault, from } = options;
  const resolution = answered(() => project.resolve({ vault, from }));
  const texts = {
    json: () => json(resolution),
    markdown: () => resolutionInMarkdown(resolution),
    text: () => resolutionText(resolution, colorsFor(options)),
  };
  print(texts[options.format](), options);
}

/** Somebody who is not in the files is asked for in vain. */
export function answered<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    if (error instanceof EngineCrash) throw error;
    throw new UsageError((error as Error).message);
  }
}

const MARKS: Record<Verdict, string> = { allows: '✓', denies: '✗', continues: '·', skipped: ' ', open: '?' };

function outcome(decision: Decision): string {
  const { outcome, via, error } = decision;
  if (outcome === 'allowed') return `allowed (${via})`;
  return error === null ? outcome : `${outcome} (${error})`;
}

function painted(result: Outcome, text: string, colors: Colors): string {
  return { allowed: colors.green, denied: colors.red, depends: colors.yellow }[result](text);
}

function decisionText(decision: Decision, colors: Colors): string {
  const { vault, caller, dependsOn, assumed, steps, fixes } = decision;
  const head = `${colors.bold(terminalSafe(`${caller} → ${vaultName(vault)}`))}: ${painted(decision.outcome, outcome(decision), colors)}\n`;
  return [
    head,
    '\n',
    ...steps.map((step) => stepText(step, colors)),
    notes('depends on', dependsOn, colors),
    notes('with the defaults of', assumed, colors),
    fixes.length > 0 ? `\n${colors.bold('What would let it in')}\n` : '',
    ...fixes.map((fix) => `  - ${terminalSafe(fix.title)}  ${colors.dim(places(fix))}\n`),
  ].join('');
}

function stepText({ gate, verdict, because, facts, file, range }: Step, colors: Colors): string {
  const color = { allows: colors.green, denies: colors.red, open: colors.yellow, continues: colors.reset, skipped: colors.dim }[
    verdict
  ];
  const where = file !== null && range !== null ? `${file}:${range.start.line + 1}` : '';
  const note = [where, facts.join(' ')].filter((part) => part !== '').join('  ');
  return `  ${color(`${MARKS[verdict]} ${gate.padEnd(21)} ${terminalSafe(because)}`)}  ${colors.dim(note)}\n`;
}

function notes(title: string, names: readonly string[], colors: Colors): string {
  return names.length === 0
    ? ''
    : `\n${colors.bold(`It ${title}`)}\n${names.map((name) => `  - ${terminalSafe(name)}\n`).join('')}`;
}

function places(fix: Fix): string {
  const found = fix.edits.map(({ file, range }) => `${file}:${range.start.line + 1}`);
  return [...new Set(found)].join(', ');
}

/** By vault, everybody with what becomes of them. */
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
  return `${parts.join('\n')}${leftOut ? '\nthere are more, which are left out\n' : ''}`;
}

/** What decided, or what it depends on. */
function reason({ steps, outcome, dependsOn }: Decision): string {
  if (outcome === 'depends')
    return dependsOn.length > 0 ? `on ${dependsOn.slice(0, 2).join(', ')}${more(dependsOn.length - 2)}` : '';
  const wanted: Verdict = outcome === 'allowed' ? 'allows' : 'denies';
  return steps.find(({ verdict }) => verdict === wanted)?.because ?? '';
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

/** A name that is an expression says less than what its author calls the vault. */
export function vaultName({ name, address }: Decision['vault']): string {
  return /[${(]/.test(name) ? address : name;
}

function byVault(decisions: readonly Decision[]): [string, Decision[]][] {
  const found = new Map<string, [string, Decision[]]>();
  for (const decision of decisions) {
    const { name, address } = decision.vault;
    const own = found.get(`${address}\n${name}`);
    if (own === undefined) found.set(`${address}\n${name}`, [vaultName(decision.vault), [decision]]);
    else own[1].push(decision);
  }
  return [...found.values()];
}

function resolutionText({ name, from, chain, answer, steps, dependsOn, assumed }: Resolution, colors: Colors): string {
  const result = `${answer.kind}${answer.address === null ? '' : ` (${answer.address})`}`;
  return [
    `${colors.bold(terminalSafe(`${name} as ${from} sees it`))}: ${terminalSafe(result)}\n\n`,
    ...chain.map((hop) => `  ${terminalSafe(`${hop.name}  ${hop.type}  ${hop.value}`)}\n`),
    chain.length > 0 ? '\n' : '',
    ...steps.map((step) => stepText(step, colors)),
    notes('depends on', dependsOn, colors),
    notes('with the defaults of', assumed, colors),
  ].join('');
}

// Markdown, for tickets and pull requests

function decisionInMarkdown(decision: Decision): string {
  const { vault, caller, steps, dependsOn, assumed, fixes } = decision;
  return [
    `### ${markdown(caller)} → ${markdown(`\`${vaultName(vault)}\``)}: ${markdown(outcome(decision))}\n\n`,
    stepsInMarkdown(steps),
    list('Depends on', dependsOn),
    list('Assumes the defaults of', assumed),
    list(
      'What would let it in',
      fixes.map((fix) => `${fix.title} (\`${places(fix)}\`)`),
      false,
    ),
  ].join('');
}

function stepsInMarkdown(steps: readonly Step[]): string {
  const rows = steps
    .filter(({ verdict }) => verdict !== 'skipped')
    .map(({ gate, verdict, because, facts, file, range }) => {
      const where = file !== null && range !== null ? `${file}:${range.start.line + 1}` : '';
      return `| ${gate} | ${verdict} | ${markdown(because)} | ${markdown(where)} | ${facts.join(' ')} |\n`;
    });
  return `| Gate | Verdict | Why | Where | Facts |\n|---|---|---|---|---|\n${rows.join('')}`;
}

function list(title: string, items: readonly string[], asCode = true): string {
  if (items.length === 0) return '';
  const shown = items.map((item) => `- ${asCode && !item.includes('`') ? markdown(`\`${item}\``) : markdown(item)}\n`);
  return `\n**${title}**\n\n${shown.join('')}`;
}

function tableInMarkdown({ decisions, leftOut }: AccessReport): string {
  const parts = byVault(decisions).map(([vault, own]) => {
    const rows = own.map(
      (decision) => `| ${markdown(decision.caller)} | ${outcome(decision)} | ${markdown(reason(decision))} |\n`,
    );
    return `### ${markdown(vault)}\n\n| Caller | Outcome | Why |\n|---|---|---|\n${rows.join('')}`;
  });
  const note = leftOut ? [`There are more, which are left out.\n`] : [];
  return [...(parts.length > 0 ? parts : ['No vault found.\n']), ...note].join('\n');
}

function resolutionInMarkdown({ name, from, chain, answer, steps, dependsOn, assumed }: Resolution): string {
  const rows = chain.map((hop) => `| ${markdown(hop.name)} | ${hop.type} | ${markdown(hop.value)} |\n`);
  return [
    `### ${markdown(`${name} as \`${from}\` sees it`)}: ${answer.kind}${answer.address === null ? '' : ` ${markdown(answer.address)}`}\n\n`,
    rows.length > 0 ? `| Name | Type | Answer |\n|---|---|---|\n${rows.join('')}\n` : '',
    stepsInMarkdown(steps),
    list('Depends on', dependsOn),
    list('Assumes the defaults of', assumed),
  ].join('');
}
