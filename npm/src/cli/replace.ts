// Files that are replaced as a whole: all of them or none, whatever happens meanwhile.

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { InputError } from './arguments.js';
import { leadsOut } from './places.js';

/** What a file is to say; it keeps the permissions it has. */
export interface Replacement {
  readonly path: string;
  readonly content: string | Buffer;
  /** What it must say still: what was saved meanwhile is not overwritten. */
  readonly before?: Buffer;
}

/**
 * Writes every file beside its place, then moves all of them there. When one cannot be, those that were moved are put back:
 * then nothing has changed, except for what was written to a device or a pipe.
 */
export async function replaceFiles(files: readonly Replacement[]): Promise<void> {
  if (files.length === 0) return;
  // A device or a pipe is written to.
  const isStream = ({ path }: Replacement) => !(statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
  const isFolder = ({ path }: Replacement) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const streams = files.filter((file) => isStream(file) && !isFolder(file));
  await uninterrupted(() =>
    replaceAll(
      files.filter((file) => !streams.includes(file)),
      streams,
    ),
  );
}

/** A file on its way to its place. */
interface Move {
  readonly path: string;
  /** The file itself, where the path is a link: that stays, and what it leads to changes. */
  readonly to: string;
  /** What is to be there, and what is there now. */
  readonly fresh: string;
  readonly old: string;
  readonly isNew: boolean;
}

function replaceAll(files: readonly Replacement[], streams: readonly Replacement[]): void {
  const moves: Move[] = [];
  const moved: Move[] = [];
  try {
    for (const file of files) told(file.path, () => prepare(file, moves));
    for (const { path, content } of streams) {
      told(path, () => {
        refuseWayOut(path);
        writeFileSync(path, content);
      });
    }
    for (const { path, before } of files) if (before !== undefined) refuseChanged(path, before);
    for (const move of moves) {
      told(move.path, () => renameSync(move.fresh, move.to));
      moved.push(move);
    }
  } catch (error) {
    const lost = moved.reverse().filter((move) => !isPutBack(move));
    if (lost.length === 0 || !(error instanceof InputError)) throw error;
    const where = lost.map(({ path, old }) => `${path} (its text before is in ${old})`).join(', ');
    for (const { old } of lost) moves.splice(0, moves.length, ...moves.filter((move) => move.old !== old));
    throw new InputError(`${error.message}; these are changed and could not be put back: ${where}`);
  } finally {
    for (const { fresh, old } of moves) for (const path of [fresh, old]) removed(path);
  }
}

/** Writes what is to be at a place beside it, and keeps what is there now. */
function prepare({ path, content }: Replacement, moves: Move[]): void {
  const now = statSync(path, { throwIfNoEntry: false });
  if (now?.isDirectory() ?? false) throw new Error('it is a folder');
  refuseWayOut(path);
  const to = now === undefined ? path : realpathSync(path);
  const beside = join(dirname(to), `.vaultmoat-${randomBytes(6).toString('hex')}`);
  const move = { path, to, fresh: `${beside}.tmp`, old: `${beside}.old`, isNew: now === undefined };
  moves.push(move);
  writeFileSync(move.fresh, content, { flag: 'wx' });
  if (now === undefined) return;
  chmodSync(move.fresh, now.mode);
  try {
    linkSync(to, move.old);
  } catch {
    // Not every file system has links.
    copyFileSync(to, move.old);
  }
}

function refuseWayOut(path: string): void {
  if (leadsOut(path)) throw new Error('a link there leads out of the repository');
}

function refuseChanged(path: string, before: Buffer): void {
  let now: Buffer;
  try {
    now = readFileSync(path);
  } catch (error) {
    throw new InputError(`${path}: cannot be read again before it is replaced: ${(error as Error).message}`);
  }
  if (!now.equals(before)) throw new InputError(`${path}: was changed after it was read, so no file was changed: run it again`);
}

function isPutBack({ to, old, isNew }: Move): boolean {
  try {
    if (isNew) rmSync(to);
    else renameSync(old, to);
    return true;
  } catch {
    return false;
  }
}

/** What is left over does no harm: nobody is kept from the reason why it is there. */
function removed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
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
