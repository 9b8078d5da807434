// `vaultmoat plan`.

import { createEngine } from '../node.js';
import type { Action, Fix, Loss, Note, Phase, PhaseKind, Plan, State } from '../types.js';
import type { Planning } from './arguments.js';
import { answered, vaultName } from './explain.js';
import { load } from './inputs.js';
import { markdown } from './markdown.js';
import { type Colors, colorsFor, json, print, terminalSafe } from './output.js';

export async function plan(options: Planning): Promise<void> {
  const { project } = await load(await createEngine(), options);
  const report = answered(() => project.plan({ vault: options.vault }));
  const texts = { json: () => json(report), markdown: () => inMarkdown(report), text: () => text(report, colorsFor(options)) };
  print(texts[options.format](), options);
}

/** What stands in a shell. */
const COMMAND = /^(az|curl|nslookup) /;

const TITLES: Record<PhaseKind, string> = {
  prepare: 'Prepare endpoint, zone and links',
  resolution: 'Prove that the name resolves to the endpoint',
  consumers: 'Move the consumers to the private path',
  rules: 'Add rules for those who stay outside',
  deny: 'Refuse whom no rule names',
  disable: 'Close the public endpoint',
};

function text({ vault, phases, regions, notes }: Plan, colors: Colors): string {
  const parts = phases.map((phase, at) => phaseText(phase, at + 1, colors));
  const where = regions.map(
    ({ location, endpoint, zones }) => `  ${terminalSafe(`${location}: ${endpoint}, in ${zones.join(', ') || 'no zone'}`)}\n`,
  );
  return [
    `${colors.bold(terminalSafe(`${vaultName(vault)} → private`))}\n`,
    ...parts,
    section('Regions', where, colors),
    section(
      'To know',
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

function phaseText(phase: Phase, number: number, colors: Colors): string {
  const color: Record<State, (text: string) => string> = {
    done: colors.green,
    todo: colors.yellow,
    blocked: colors.red,
    open: colors.cyan,
  };
  const paint = color[phase.state];
  const rows = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `  ${colors.dim(title)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
  return [
    `${colors.bold(`${number}. ${TITLES[phase.phase]}`)}: ${paint(phase.state)}  ${colors.dim(phase.facts.join(' '))}\n`,
    ...phase.actions.map((action) => actionText(action, colors)),
    rows(
      'blocked by',
      phase.blockers.map((note) => noteText(note, colors)),
    ),
    rows(
      'who would lose access',
      phase.losses.map((loss) => terminalSafe(lossText(loss))),
    ),
    phase.state === 'done' ? '' : rows('verify', phase.verification),
    phase.state === 'done' ? '' : rows('way back', phase.rollback),
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

function where(file: string | null, range: Note['range']): string {
  return file !== null && range !== null ? `  ${file}:${range.start.line + 1}` : '';
}

function lossText({ caller, before, after, because }: Loss): string {
  return `${caller}: ${before} → ${after}, ${because}`;
}

function places({ edits }: Fix): string {
  return [...new Set(edits.map(({ file, range }) => `${file}:${range.start.line + 1}`))].join(', ');
}

function inMarkdown({ vault, phases, regions, notes }: Plan): string {
  const parts = phases.map((phase, at) => phaseInMarkdown(phase, at + 1));
  const rows = regions.map(
    ({ location, endpoint, zones }) => `| ${markdown(location)} | ${markdown(endpoint)} | ${markdown(zones.join(', '))} |\n`,
  );
  return [
    `## ${markdown(`\`${vaultName(vault)}\` to private access`)}\n`,
    ...parts,
    rows.length > 0 ? `### Regions\n\n| Region | Endpoint | Zones |\n|---|---|---|\n${rows.join('')}` : '',
    notes.length > 0 ? `### To know\n\n${notes.map((note) => `- ${markdown(note.text)}\n`).join('')}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function phaseInMarkdown(phase: Phase, number: number): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `\n**${title}**\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
  // A command holds no text of the files that could end the block: names that are not plain are placeholders.
  const block = (commands: readonly string[]) => (commands.length === 0 ? '' : `\n\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n`);
  const open = phase.actions.filter(({ done }) => !done);
  const commands = open.flatMap(({ command }) => (command === null ? [] : [command]));
  const edits = open.flatMap(({ title, fix }) => (fix === null ? [] : [markdown(`${title}: ${places(fix)}`)]));
  return [
    `### ${number}. ${TITLES[phase.phase]}: ${phase.state}\n\n`,
    ...phase.actions.map(({ title, done }) => `- [${done ? 'x' : ' '}] ${markdown(title)}\n`),
    block(commands),
    list('In the files', edits),
    list(
      'Blocked by',
      phase.blockers.map(({ text, file, range }) => markdown(`${text}${where(file, range)}`)),
    ),
    list(
      'Who would lose access',
      phase.losses.map((loss) => markdown(lossText(loss))),
    ),
    phase.state === 'done'
      ? ''
      : list(
          'Verify',
          phase.verification.map((line) => markdown(COMMAND.test(line) ? `\`${line}\`` : line)),
        ),
    phase.state === 'done'
      ? ''
      : list(
          'Way back',
          phase.rollback.map((line) => markdown(COMMAND.test(line) ? `\`${line.replaceAll('`', '')}\`` : line)),
        ),
  ].join('');
}
