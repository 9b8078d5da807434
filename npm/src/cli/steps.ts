// What `explain`, its table and `resolve` print alike.

import type { Outcome, Step, Verdict } from '../types.js';
import { type Colors, terminalSafe } from './output.js';

const MARKS: Record<Verdict, string> = { allows: '✓', denies: '✗', continues: '·', skipped: ' ', open: '?' };

export function painted(result: Outcome, text: string, colors: Colors): string {
  return { allowed: colors.green, denied: colors.red, depends: colors.yellow }[result](text);
}

export function stepText({ gate, verdict, because, facts, file, range }: Step, withFacts: boolean, colors: Colors): string {
  const color = { allows: colors.green, denies: colors.red, open: colors.yellow, continues: colors.reset, skipped: colors.dim }[
    verdict
  ];
  const where = file !== null && range !== null ? terminalSafe(`${file}:${range.start.line + 1}`) : '';
  const notes = [where, withFacts ? facts.join(' ') : ''].filter((part) => part !== '');
  const note = notes.length > 0 ? `  ${colors.dim(notes.join('  '))}` : '';
  return `  ${color(`${MARKS[verdict]} ${gate.padEnd(21)} ${terminalSafe(because)}`)}${note}\n`;
}

export function notes(title: string, names: readonly string[], colors: Colors): string {
  return names.length === 0 ? '' : `\n${colors.bold(title)}\n${names.map((name) => `  - ${terminalSafe(name)}\n`).join('')}`;
}
