// `vaultmoat check --watch`.

import { existsSync, type FSWatcher, statSync, watch as watchFolder } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EXTENSION } from '../gather.js';
import { createEngine } from '../node.js';
import { ConfigError } from '../config/config.js';
import type { Checking } from './arguments.js';
import { InputError } from '../files/error.js';
import { check } from './check.js';
import { isWithin } from '../files/config.js';
import { Memory } from './memory.js';
import { terminalSafe } from './output.js';
import { NEVER } from '../files/walk.js';

/** Other files that a report depends on. */
const SETTINGS = new Set(['vaultmoat.toml', 'package.json', '.gitignore', 'bicepconfig.json']);
/** Milliseconds to wait for further changes: editors and git write many files at once. */
const QUIET = 100;

/** Checks whenever a file changes, until the process ends. */
export async function watch(options: Checking): Promise<never> {
  process.on('SIGINT', () => process.exit(0));
  const engine = await createEngine();
  const changes = new Changes();
  const memory = new Memory((folder) => changes.watch(folder));
  for (const path of options.paths) watchAbove(resolve(path), changes);
  for (;;) {
    try {
      await check(options, { engine, memory, ready: clear });
      memory.prune();
    } catch (error) {
      // The next change may fix it.
      if (!(error instanceof InputError || error instanceof ConfigError)) throw error;
      clear();
      process.stderr.write(`vaultmoat: ${terminalSafe(error.message)}\n`);
    }
    if (!options.quiet) process.stderr.write('watching for changes; press Ctrl-C to stop\n');
    for (const path of await changes.next((path) => isAbout(path, memory))) {
      const name = basename(path);
      if (name === 'bicepconfig.json' || name === '') memory.forgetAll();
      memory.forget(path);
    }
  }
}

/** Watches the folders above, where a configuration can be created. */
function watchAbove(path: string, changes: Changes): void {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && statSync(at).isDirectory()) changes.watch(at);
    if (existsSync(join(at, '.git')) || dirname(at) === at) return;
  }
}

function isAbout(path: string, memory: Memory): boolean {
  const name = basename(path);
  if (NEVER.has(name)) return false;
  return SETTINGS.has(name) || EXTENSION.test(name) || memory.knows(path);
}

function clear(): void {
  if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[3J\x1b[H');
}

/** Changes in folders. Each folder is watched separately, so that folders that are not read cost nothing. */
class Changes {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed = new Set<string>();
  #notify: (() => void) | undefined;

  /** Watches a folder, without its subfolders. */
  watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watchFolder(folder, (_, name) => this.#add(name === null ? `${folder}/` : join(folder, name)));
      watcher.on('error', () => this.#leave(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // It does not exist or cannot be read, which is reported when it is read.
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') return;
      throw new Error(`${folder} cannot be watched: ${message}`, { cause: error });
    }
  }

  /** Waits for relevant changes, and for the end of their series. */
  async next(counts: (path: string) => boolean): Promise<string[]> {
    for (;;) {
      if (this.#changed.size === 0) await new Promise<void>((resolve) => (this.#notify = resolve));
      for (let before = -1; before < this.#changed.size;) {
        before = this.#changed.size;
        await setTimeout(QUIET);
      }
      const found = [...this.#changed].filter((path) => path.endsWith('/') || counts(path) || this.#isFolder(path));
      this.#changed.clear();
      if (found.length > 0) return found;
    }
  }

  #add(path: string): void {
    this.#changed.add(path);
    this.#notify?.();
  }

  /** Whether a path is a folder, or was one until now. */
  #isFolder(path: string): boolean {
    const wasThere = this.#leave(path);
    const isThere = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    return wasThere || (isThere && !NEVER.has(basename(path)));
  }

  /** Stops watching a folder and its subfolders; a new folder of the same name needs new watchers. */
  #leave(folder: string): boolean {
    const all = [...this.#watchers.keys()].filter((path) => isWithin(folder, path));
    for (const path of all) {
      this.#watchers.get(path)?.close();
      this.#watchers.delete(path);
    }
    return all.length > 0;
  }
}
