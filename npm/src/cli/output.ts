// Where results go.

import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import colors from 'picocolors';
import { InputError, type Printing } from './arguments.js';

export { terminalSafe } from '../reports/safe.js';

export type Colors = ReturnType<typeof colors.createColors>;

/** Colours for what `print` is about to show: never in files and JSON. */
export function colorsFor({ format, output }: Printing): Colors {
  return colors.createColors(format === 'text' && output === undefined && wantsColor());
}

function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** Prints the whole result, or puts it in a file that is either complete or not there. */
export function print(text: string, { output }: Printing): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  replaceFiles([{ path: output, content: text }]);
}

/** What a file is to say; it keeps the permissions it has. */
export interface Replacement {
  readonly path: string;
  readonly content: string | Buffer;
}

/** Writes every file beside its place, then moves all of them there. */
export function replaceFiles(files: readonly Replacement[]): void {
  const moves: { from: string; to: string }[] = [];
  for (const { path, content } of files) {
    // A link stays, and what it leads to changes.
    const to = existsSync(path) ? realpathSync(path) : path;
    const from = join(dirname(to), `.${basename(to)}.${process.pid}.tmp`);
    moves.push({ from, to });
    try {
      writeFileSync(from, content, { flag: 'wx' });
      const mode = statSync(to, { throwIfNoEntry: false })?.mode;
      if (mode !== undefined) chmodSync(from, mode);
    } catch (error) {
      for (const { from } of moves) rmSync(from, { force: true });
      throw new InputError(`${path}: cannot be written: ${(error as Error).message}`);
    }
  }
  for (const { from, to } of moves) renameSync(from, to);
}

export function json(result: unknown): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
