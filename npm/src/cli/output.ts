// Where results go.

import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import colors from 'picocolors';
import { AGENT_COMMAND } from '../reports/safe.js';
import { InputError } from './arguments.js';
import { leadsOut } from './places.js';

export { terminalSafe } from '../reports/safe.js';

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
      if (leadsOut(path)) throw new Error('a link there leads out of the repository');
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

/** JSON that prints as what it says: what could command a terminal or a build agent is escaped. */
export function json(result: unknown): string {
  return `${inert(JSON.stringify(result, undefined, 2))}\n`;
}

/** The same in one line. */
export function jsonLine(value: unknown): string {
  return inert(JSON.stringify(value));
}

function inert(json: string): string {
  return json
    .replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => character.split('').map(escapedUnit).join(''))
    .replace(AGENT_COMMAND, `#${escapedUnit('#')}`);
}

function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
