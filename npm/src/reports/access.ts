// Reports about access in Markdown, for tickets, pull requests and editors.

import type { AccessReport, Decision, Fix, OutsideKind, Resolution, Step, Verdict } from '../types.js';
import { factLinks } from './facts.js';
import { markdown } from './markdown.js';

/** A table, or a list where a table is too wide. */
export type Layout = 'table' | 'list';

/** The outcome for one caller. */
export function decisionInMarkdown(
  decision: Decision,
  { layout = 'table', facts = false }: { readonly layout?: Layout; readonly facts?: boolean } = {},
): string {
  const { vault, caller, steps, dependsOn, unless, assumed, fixes } = decision;
  return [
    `### ${markdown(caller)} → ${markdown(`\`${vaultName(vault)}\``)}: ${markdown(verdict(decision))}\n\n`,
    layout === 'table' ? stepsInMarkdown(steps, facts) : stepsAsList(steps),
    list('Depends on', dependsOn),
    list(
      'Would be allowed by',
      unless.map(({ what }) => what),
      false,
    ),
    list('Assumes the defaults of', assumed),
    list(
      'Changes that would allow it',
      fixes.map((fix) => `${fix.title} (\`${places(fix)}\`)`),
      false,
    ),
  ].join('');
}

function stepsInMarkdown(steps: readonly Step[], facts: boolean): string {
  const rows = steps
    .filter(({ verdict }) => verdict !== 'skipped')
    .map((step) => {
      const cells = [step.gate, step.verdict, markdown(step.because), markdown(where(step))];
      return [...cells, ...(facts ? [factLinks(step.facts)] : [])];
    });
  const head = ['Gate', 'Verdict', 'Why', 'Where', ...(facts ? ['Facts'] : [])];
  const line = head.map(() => '---');
  return [head, line, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function stepsAsList(steps: readonly Step[]): string {
  const items = steps
    .filter(({ verdict }) => verdict !== 'skipped')
    .map((step) => {
      const place = where(step);
      const written = place === '' ? '' : ` (${markdown(place)})`;
      return `- **${step.gate} ${step.verdict}**: ${markdown(step.because)}${written}\n`;
    });
  return items.join('');
}

function where({ file, range }: Step): string {
  return file !== null && range !== null ? `${file}:${range.start.line + 1}` : '';
}

function list(title: string, items: readonly string[], asCode = true): string {
  if (items.length === 0) return '';
  const shown = items.map((item) => `- ${asCode && !item.includes('`') ? markdown(`\`${item}\``) : markdown(item)}\n`);
  return `\n**${title}**\n\n${shown.join('')}`;
}

/** The outcomes for all callers, by vault. */
export function accessInMarkdown({ decisions, leftOut }: AccessReport, layout: Layout = 'table'): string {
  const parts = byVault(decisions).map(([vault, own]) => {
    if (layout === 'list') return `### ${markdown(vault)}\n\n${own.map(item).join('')}`;
    const rows = own.map(
      (decision) => `| ${markdown(decision.caller)} | ${outcome(decision)} | ${markdown(reason(decision))} |\n`,
    );
    return `### ${markdown(vault)}\n\n| Caller | Outcome | Why |\n|---|---|---|\n${rows.join('')}`;
  });
  const note = leftOut ? [`More callers are left out.\n`] : [];
  return [...(parts.length > 0 ? parts : ['No vault found.\n']), ...note].join('\n');
}

function item(decision: Decision): string {
  const why = reason(decision);
  return `- ${markdown(decision.caller)}: **${markdown(outcome(decision))}**${why === '' ? '' : `, ${markdown(why)}`}\n`;
}

export function resolutionInMarkdown(resolution: Resolution, facts: boolean): string {
  const { name, from, chain, answer, steps, dependsOn, assumed } = resolution;
  const rows = chain.map((hop) => `| ${markdown(hop.name)} | ${hop.type} | ${markdown(hop.value)} |\n`);
  return [
    `### ${markdown(`${name} as \`${from}\` sees it`)}: ${answer.kind}${answer.address === null ? '' : ` ${markdown(answer.address)}`}\n\n`,
    rows.length > 0 ? `| Name | Type | Answer |\n|---|---|---|\n${rows.join('')}\n` : '',
    stepsInMarkdown(steps, facts),
    list('Depends on', dependsOn),
    list('Assumes the defaults of', assumed),
  ].join('');
}

/** The outcome for a caller, in a word or two. */
export function outcome(decision: Decision): string {
  const { outcome, via, error } = decision;
  if (outcome === 'allowed') return `allowed (${via})`;
  return error === null ? outcome : `${outcome} (${error})`;
}

const OUTSIDE: Record<OutsideKind, string> = {
  'endpoint-outside': 'a private endpoint outside of these files connects to it',
  'zone-link-outside': 'a zone or a record outside of these files resolves to it',
  'rule-outside': 'a rule outside of these files admits it',
  'permission-outside': 'a permission outside of these files admits it',
};

/** The resources outside of the files that would allow a denied caller: "unless …", or empty. */
function reservation({ unless }: Decision): string {
  const kinds = [...new Set(unless.map(({ kind }) => OUTSIDE[kind]))];
  return kinds.length === 0 ? '' : `unless ${kinds.join(', or ')}`;
}

/** The outcome with its reservation: "denied (ForbiddenByFirewall), unless a rule outside of these files admits it". */
export function verdict(decision: Decision): string {
  return [outcome(decision), reservation(decision)].filter((part) => part !== '').join(', ');
}

/** The files and lines that a fix changes. */
export function places(fix: Fix): string {
  const found = fix.edits.map(({ file, range }) => `${file}:${range.start.line + 1}`);
  return [...new Set(found)].join(', ');
}

/** The reason for a decision, or what it depends on. */
export function reason(decision: Decision): string {
  const { steps, outcome, dependsOn } = decision;
  if (outcome === 'depends')
    return dependsOn.length > 0 ? `on ${dependsOn.slice(0, 2).join(', ')}${more(dependsOn.length - 2)}` : '';
  const wanted: Verdict = outcome === 'allowed' ? 'allows' : 'denies';
  const because = steps.find(({ verdict }) => verdict === wanted)?.because ?? '';
  const strayed = outcome === 'denied' ? unlinked(steps) : '';
  return [strayed, because, reservation(decision)].filter((part) => part !== '').join('; ');
}

/** That the request comes to the public endpoint because no zone is linked to the caller's network, or empty. */
function unlinked(steps: readonly Step[]): string {
  const last = steps.filter(({ gate }) => gate === 'name-resolution').at(-1);
  // Where a zone is linked, what its records say is the last step (F4.39).
  return last?.verdict === 'continues' && last.facts.includes('F4.39') ? last.because : '';
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

/** The name of a vault, or its address if the name is an expression. */
export function vaultName({ name, address }: Decision['vault']): string {
  return /[${(]/.test(name) ? address : name;
}

/** Decisions by vault, with its name. */
export function byVault(decisions: readonly Decision[]): [string, Decision[]][] {
  const found = new Map<string, [string, Decision[]]>();
  for (const decision of decisions) {
    const { name, address } = decision.vault;
    const own = found.get(`${address}\n${name}`);
    if (own === undefined) found.set(`${address}\n${name}`, [vaultName(decision.vault), [decision]]);
    else own[1].push(decision);
  }
  return [...found.values()];
}
