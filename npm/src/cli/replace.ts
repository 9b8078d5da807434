// Files that are replaced as a whole: all of them or none, whatever happens meanwhile.

import { randomBytes } from 'node:crypto';
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { InputError } from './arguments.js';
import { leadsOut } from './places.js';

/** What a file is to say; it keeps the permissions it has. */
export interface Replacement {
  readonly path: string;
  readonly content: string | Buffer;
}

/** Writes every file beside its place, then moves all of them there. */
export async function replaceFiles(files: readonly Replacement[]): Promise<void> {
  if (files.length === 0) return;
  // A device or a pipe is written to.
  const isStream = ({ path }: Replacement) => !(statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
  const isFolder = ({ path }: Replacement) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const streams = files.filter((file) => isStream(file) && !isFolder(file));
  await uninterrupted(() => moveAll(files.filter((file) => !streams.includes(file))));
  for (const { path, content } of streams) {
    told(path, () => {
      if (leadsOut(path)) throw new Error('a link there leads out of the repository');
      writeFileSync(path, content);
    });
  }
}

function moveAll(files: readonly Replacement[]): void {
  const moves: { path: string; from: string; to: string }[] = [];
  try {
    for (const { path, content } of files) {
      told(path, () => {
        const before = statSync(path, { throwIfNoEntry: false });
        if (before?.isDirectory() ?? false) throw new Error('it is a folder');
        if (leadsOut(path)) throw new Error('a link there leads out of the repository');
        // A link stays, and what it leads to changes.
        const to = before === undefined ? path : realpathSync(path);
        const from = join(dirname(to), `.vaultmoat-${randomBytes(6).toString('hex')}.tmp`);
        moves.push({ path, from, to });
        writeFileSync(from, content, { flag: 'wx' });
        if (before !== undefined) chmodSync(from, before.mode);
      });
    }
    for (const { path, from, to } of moves) told(path, () => renameSync(from, to));
  } finally {
    for (const { from } of moves) rmSync(from, { force: true });
  }
}

function told(path: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw new InputError(`${path}: cannot be written: ${(error as Error).message}`);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a step to its end. Who asks meanwhile that the process ends is heard after it. */
async function uninterrupted(step: () => void): Promise<void> {
  let heard: NodeJS.Signals | undefined;
  const hear = (signal: NodeJS.Signals): void => void (heard ??= signal);
  for (const signal of SIGNALS) process.on(signal, hear);
  try {
    step();
  } finally {
    // Timers come before signals in a turn of the loop, and this after them.
    await setTimeout(0);
    await setImmediate();
    for (const signal of SIGNALS) process.off(signal, hear);
    // As if nobody had listened: the shell sees what ended it, and says 130 or 143.
    if (heard !== undefined) process.kill(process.pid, heard);
  }
}
