// Replaces files atomically: all of them or none.

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { isInput } from '../files/content.js';
import { InputError } from '../files/error.js';
import { leadsOut } from './places.js';

/** The new content of a file, which keeps its owner and permissions. */
export interface Replacement {
  readonly path: string;
  readonly content: string | Buffer;
  /** The expected present content: a change by another program is not overwritten. */
  readonly before?: Buffer;
}

/**
 * Writes every file to a temporary file beside it, then renames all of them. If one fails, those that were renamed are put
 * back; only output to a device or a pipe cannot be undone.
 */
export async function replaceFiles(files: readonly Replacement[]): Promise<void> {
  if (files.length === 0) return;
  // Devices and pipes cannot be renamed: they are written to.
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

/** A file that is being replaced. */
interface Move {
  readonly path: string;
  /** The target of `path` if that is a symbolic link, which stays. */
  readonly to: string;
  /** Temporary files with the new and the present content. */
  readonly fresh: string;
  readonly old: string;
  readonly isNew: boolean;
}

function replaceAll(files: readonly Replacement[], streams: readonly Replacement[]): void {
  const moves: Move[] = [];
  const moved: Move[] = [];
  for (const folder of new Set(files.map(({ path }) => dirname(target(path))))) removeStale(folder);
  try {
    for (const file of files) writing(file.path, () => prepare(file, moves));
    for (const { path, content } of streams) {
      writing(path, () => {
        refuseWayOut(path);
        writeFileSync(path, content);
      });
    }
    for (const { path, before } of files) if (before !== undefined) refuseChanged(path, before);
    for (const move of moves) {
      writing(move.path, () => renameSync(move.fresh, move.to));
      moved.push(move);
    }
  } catch (error) {
    const lost = moved.reverse().filter((move) => !isPutBack(move));
    if (lost.length === 0 || !(error instanceof InputError)) throw error;
    const where = lost.map(({ path, old }) => `${path} (the original is in ${old})`).join(', ');
    for (const { old } of lost) moves.splice(0, moves.length, ...moves.filter((move) => move.old !== old));
    throw new InputError(`${error.message}; these files were changed and could not be restored: ${where}`);
  } finally {
    for (const { fresh, old } of moves) for (const path of [fresh, old]) removed(path);
  }
}

/** The file that a path leads to; a symbolic link stays. */
function target(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Writes the new content to a temporary file, and links or copies the present one. */
function prepare({ path, content, before }: Replacement, moves: Move[]): void {
  const now = statSync(path, { throwIfNoEntry: false });
  if (now?.isDirectory() ?? false) throw new Error('it is a folder');
  if (before === undefined && isInput(path)) throw new Error('it is one of the files that are checked');
  // A rename would leave the other names with the present content.
  if (now !== undefined && now.nlink > 1) throw new Error(`it has ${now.nlink} names (hard links): replace it with a copy first`);
  refuseWayOut(path);
  const to = target(path);
  const beside = join(dirname(to), `.vaultmoat-${process.pid}-${randomBytes(6).toString('hex')}`);
  const move = { path, to, fresh: `${beside}.tmp`, old: `${beside}.old`, isNew: now === undefined };
  moves.push(move);
  writeFileSync(move.fresh, content, { flag: 'wx' });
  if (now === undefined) return;
  keepOwner(move.fresh, now);
  // After the owner: a change of the owner takes bits of the mode away.
  chmodSync(move.fresh, now.mode);
  try {
    linkSync(to, move.old);
  } catch {
    // Not every file system has links.
    copyFileSync(to, move.old);
  }
}

/** Gives a new file the owner of the present one, which a rename would change. */
function keepOwner(fresh: string, { uid, gid }: Stats): void {
  const own = statSync(fresh);
  if (own.uid === uid && own.gid === gid) return;
  try {
    chownSync(fresh, uid, gid);
  } catch {
    throw new Error(`its owner (user ${uid}, group ${gid}) cannot be kept`);
  }
}

/** Names of temporary files: `.vaultmoat-<process>-<random>`, and what it is for. */
const TEMPORARY = /^\.vaultmoat-(\d+)-[0-9a-f]{12}\.(?:tmp|old)$/;

/**
 * Removes the temporary files that a killed run left in a folder. A file with the present content has a second name until
 * it is replaced; without one it may be the only original, and stays.
 */
function removeStale(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const owner = TEMPORARY.exec(name)?.[1];
      if (owner === undefined || isRunning(Number(owner))) continue;
      const path = join(folder, name);
      if (name.endsWith('.tmp') || statSync(path).nlink > 1) removed(path);
    }
  } catch {
    // A folder that cannot be listed keeps what is in it.
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function refuseWayOut(path: string): void {
  if (leadsOut(path)) throw new Error('a symbolic link leads out of the repository');
}

function refuseChanged(path: string, before: Buffer): void {
  let now: Buffer;
  try {
    now = readFileSync(path);
  } catch (error) {
    throw new InputError(`${path}: cannot be read before it is replaced: ${(error as Error).message}`);
  }
  if (!now.equals(before))
    throw new InputError(`${path}: was changed by another program, so no file was written: run the command again`);
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

/** A temporary file that cannot be removed must not hide the error before. */
function removed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}

function writing(path: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw new InputError(`${path}: cannot be written: ${(error as Error).message}`);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a step to its end; a signal in the meantime takes effect after it. */
async function uninterrupted(step: () => void): Promise<void> {
  let received: NodeJS.Signals | undefined;
  const receive = (signal: NodeJS.Signals): void => void (received ??= signal);
  for (const signal of SIGNALS) process.on(signal, receive);
  try {
    step();
  } finally {
    // Timers come before signals in a turn of the loop, and this after them.
    await setTimeout(0);
    await setImmediate();
    for (const signal of SIGNALS) process.off(signal, receive);
    // The signal ends the process, so that its exit code is 130 or 143.
    if (received !== undefined) process.kill(process.pid, received);
  }
}
