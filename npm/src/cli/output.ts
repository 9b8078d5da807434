// Where results go.

import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import colors from 'picocolors';
import { InputError } from './arguments.js';

export { json, jsonLine, terminalSafe } from '../reports/safe.js';

export type Colors = ReturnType<typeof colors.createColors>;

/** Colours for what `print` is about to show: never in files and JSON. */
export function colorsFor({ format, output }: { format: string; output: string | undefined }): Colors {
  return colors.createColors(format === 'text' && output === undefined && wantsColor());
}

function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** Prints the whole result, or puts it in a file that is either complete or not there. */
export function print(text: string, { output }: { output: string | undefined }): void {
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
  const moves: { path: string; from: string; to: string }[] = [];
  const streams: Replacement[] = [];
  const all = (path: string, step: () => void): void => {
    try {
      step();
    } catch (error) {
      for (const { from } of moves) rmSync(from, { force: true });
      throw new InputError(`${path}: cannot be written: ${(error as Error).message}`);
    }
  };
  for (const { path, content } of files) {
    all(path, () => {
      const before = statSync(path, { throwIfNoEntry: false });
      if (before?.isDirectory() ?? false) throw new Error('it is a folder');
      // A device or a pipe is written to.
      if (!(before?.isFile() ?? true)) return void streams.push({ path, content });
      // A link stays, and what it leads to changes.
      const to = before === undefined ? path : realpathSync(path);
      const from = join(dirname(to), `.${basename(to)}.${process.pid}.tmp`);
      moves.push({ path, from, to });
      writeFileSync(from, content, { flag: 'wx' });
      if (before !== undefined) chmodSync(from, before.mode);
    });
  }
  for (const { path, from, to } of moves) all(path, () => renameSync(from, to));
  for (const { path, content } of streams) all(path, () => writeFileSync(path, content));
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
