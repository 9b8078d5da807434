// `vaultmoat plan`.

import { places, vaultName } from '../reports/access.js';
import { isOver, lossText, planInMarkdown, STATES, TITLES, where } from '../reports/plan.js';
import type { Action, Note, Phase, Plan, State } from '../types.js';
import { type Colors, terminalSafe } from './output.js';

export const printer = {
  about: `Plans the change of a vault from public to private access without downtime: steps that are done, steps that are blocked
and why, callers that would lose access at each step, commands, verification, and a rollback that does not open the vault to
the internet.`,
  options: '  --target NAME           private (default)\n',
  text,
  markdown: planInMarkdown,
};

function text({ vault, phases, regions, notes }: Plan, colors: Colors, withFacts: boolean): string {
  const parts = phases.map((phase, at) => phaseText(phase, at + 1, withFacts, colors));
  const where = regions.map(
    ({ location, endpoint, zones }) => `  ${terminalSafe(`${location}: ${endpoint}, in ${zones.join(', ') || 'no zone'}`)}\n`,
  );
  return [
    `${colors.bold(terminalSafe(`${vaultName(vault)} → private`))}\n`,
    ...parts,
    section('Regions', where, colors),
    section(
      'Notes',
      notes.map((note) => `  - ${noteText(note, colors)}\n`),
      colors,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function section(title: string, lines: readonly string[], colors: Colors): string {
  return lines.length === 0 ? '' : `${colors.bold(title)}\n${lines.join('')}`;
}

function phaseText(phase: Phase, number: number, withFacts: boolean, colors: Colors): string {
  const color: Record<State, (text: string) => string> = {
    done: colors.green,
    todo: colors.yellow,
    blocked: colors.red,
    open: colors.cyan,
    'not-needed': colors.dim,
  };
  const paint = color[phase.state];
  const facts = withFacts ? `  ${colors.dim(phase.facts.join(' '))}` : '';
  const rows = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `  ${colors.dim(title)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
  return [
    `${colors.bold(`${number}. ${TITLES[phase.phase]}`)}: ${paint(STATES[phase.state])}${facts}\n`,
    ...phase.actions.map((action) => actionText(action, colors)),
    rows(
      'notes',
      phase.notes.map((note) => noteText(note, colors)),
    ),
    rows(
      'blocked by',
      phase.blockers.map((note) => noteText(note, colors)),
    ),
    rows(
      'callers that would lose access',
      phase.losses.map((loss) => terminalSafe(lossText(loss))),
    ),
    isOver(phase) ? '' : rows('verify', phase.verification),
    isOver(phase) ? '' : rows('rollback', phase.rollback),
  ].join('');
}

function actionText({ title, done, command, fix }: Action, colors: Colors): string {
  const mark = done ? colors.green('✓') : '○';
  const lines = [`  ${mark} ${terminalSafe(title)}\n`];
  if (!done && command !== null) lines.push(`      ${colors.cyan(terminalSafe(command))}\n`);
  if (!done && fix !== null) lines.push(`      ${colors.dim(`in the files: ${terminalSafe(places(fix))}`)}\n`);
  return lines.join('');
}

function noteText({ text, file, range }: Note, colors: Colors): string {
  return `${terminalSafe(text)}${colors.dim(terminalSafe(where(file, range)))}`;
}
