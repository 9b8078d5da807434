// The lines of a file that a range covers, with marks under them.

import type { Range } from '../types.js';
import { type Colors, terminalSafe } from './output.js';

const WIDTH = 120;
const MOST_LINES = 3;

/** `lines` around `range`. A range over many lines shows its first. */
export function frame(lines: readonly string[], { start, end }: Range, colors: Colors, mark: (text: string) => string): string {
  const first = Math.max(0, start.line - 1);
  const last = Math.min(lines.length - 1, start.line + 1, first + MOST_LINES - 1);
  const gutter = String(last + 1).length;
  const edge = (number: string) => colors.blue(`${number.padStart(gutter)} │`);
  const from = Math.max(0, start.character - WIDTH / 2);
  const shown: string[] = [];
  for (let at = first; at <= last; at++) {
    const line = lines[at] ?? '';
    shown.push(`${edge(String(at + 1))} ${cut(line, from)}`);
    if (at !== start.line) continue;
    const until = end.line === start.line ? end.character : line.length;
    const indent = cut(line, from).slice(0, start.character - from + (from > 0 ? 1 : 0));
    const marks = Math.max(1, Math.min(until, from + WIDTH, line.length) - start.character);
    shown.push(`${edge('')} ${' '.repeat(indent.length)}${mark('^'.repeat(marks))}`);
  }
  return shown.join('\n');
}

/** The part of a line from `from` on, with control characters replaced, so that each character has one column. */
function cut(line: string, from: number): string {
  const part = terminalSafe(line.slice(from, from + WIDTH));
  return `${from > 0 ? '…' : ''}${part}${line.length > from + WIDTH ? '…' : ''}`;
}
