// Plans in Markdown, for tickets, pull requests and editors.

import type { Loss, Note, Phase, PhaseKind, Plan, State } from '../types.js';
import { places, vaultName } from './access.js';
import { factLinks } from './facts.js';
import { markdown } from './markdown.js';

export const TITLES: Record<PhaseKind, string> = {
  prepare: 'Prepare endpoint, zone and links',
  resolution: 'Prove that the name resolves to the endpoint',
  consumers: 'Move the consumers to the private path',
  rules: 'Add rules for the callers that stay public',
  deny: 'Deny callers without a rule',
  disable: 'Close the public endpoint',
};

export const STATES: Record<State, string> = {
  done: 'done',
  todo: 'todo',
  blocked: 'blocked',
  open: 'open',
  'not-needed': 'not needed now',
};

/** Whether a phase has nothing to do and nothing to roll back. */
export function isOver({ state }: Phase): boolean {
  return state === 'done' || state === 'not-needed';
}

/** Lines that are commands of a shell. */
const COMMAND = /^(az|curl|nslookup) /;

export function planInMarkdown({ vault, phases, regions, notes }: Plan, facts = false): string {
  const parts = phases.map((phase, at) => phaseInMarkdown(phase, at + 1, facts));
  const rows = regions.map(
    ({ location, endpoint, zones }) => `| ${markdown(location)} | ${markdown(endpoint)} | ${markdown(zones.join(', '))} |\n`,
  );
  return [
    `## ${markdown(`\`${vaultName(vault)}\` to private access`)}\n`,
    ...parts,
    rows.length > 0 ? `### Regions\n\n| Region | Endpoint | Zones |\n|---|---|---|\n${rows.join('')}` : '',
    notes.length > 0 ? `### Notes\n\n${notes.map((note) => `- ${markdown(note.text)}\n`).join('')}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function phaseInMarkdown(phase: Phase, number: number, facts: boolean): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `\n**${title}**\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
  // Commands cannot end the block: names with special characters are placeholders in them.
  const block = (commands: readonly string[]) => (commands.length === 0 ? '' : `\n\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n`);
  const open = phase.actions.filter(({ done }) => !done);
  const commands = open.flatMap(({ command }) => (command === null ? [] : [command]));
  const edits = open.flatMap(({ title, fix }) => (fix === null ? [] : [markdown(`${title}: ${places(fix)}`)]));
  return [
    `### ${number}. ${TITLES[phase.phase]}: ${STATES[phase.state]}\n\n`,
    facts ? `${factLinks(phase.facts)}\n\n` : '',
    ...phase.actions.map(({ title, done }) => `- [${done ? 'x' : ' '}] ${markdown(title)}\n`),
    block(commands),
    list('In the files', edits),
    list(
      'Notes',
      phase.notes.map(({ text, file, range }) => markdown(`${text}${where(file, range)}`)),
    ),
    list(
      'Blocked by',
      phase.blockers.map(({ text, file, range }) => markdown(`${text}${where(file, range)}`)),
    ),
    list(
      'Callers that would lose access',
      phase.losses.map((loss) => markdown(lossText(loss))),
    ),
    isOver(phase)
      ? ''
      : list(
          'Verify',
          phase.verification.map((line) => markdown(COMMAND.test(line) ? `\`${line}\`` : line)),
        ),
    isOver(phase)
      ? ''
      : list(
          'Rollback',
          phase.rollback.map((line) => markdown(COMMAND.test(line) ? `\`${line.replaceAll('`', '')}\`` : line)),
        ),
  ].join('');
}

/** The file and line after a note. */
export function where(file: string | null, range: Note['range']): string {
  return file !== null && range !== null ? `  ${file}:${range.start.line + 1}` : '';
}

/** One line about a caller that loses access. */
export function lossText({ caller, before, after, because }: Loss): string {
  return `${caller}: ${before} → ${after}, ${because}`;
}
