// Limits which files a run reads as references: a template can refer to any path, and the user may not trust its author.

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from '../files/config.js';
import { terminalSafe } from './output.js';
import { repositoryRoot } from './places.js';

/** Paths that were reported, so that each is reported once. */
const REPORTED = new Set<string>();

/** The folders in which references are read. */
export class Reach {
  readonly #roots = new Set<string>();
  readonly #isQuiet: boolean;
  /** Outside of a repository the extent of a project is unknown: templates are read anywhere. */
  #isOpen = false;

  /** Allows the repositories of these folders, or a folder itself where it is in none. */
  constructor(folders: Iterable<string>, isQuiet: boolean) {
    this.#isQuiet = isQuiet;
    for (const folder of folders) {
      const root = repositoryRoot(folder);
      this.#isOpen ||= !existsSync(join(root, '.git'));
      // --stdin-filename may name a folder that does not exist.
      if (existsSync(root)) this.#roots.add(realpathSync(root));
    }
  }

  /** Whether a file may be read, after symbolic links are followed. Reports a refused file once. */
  has(file: string, isTemplate: boolean): boolean {
    const path = realpathSync(file);
    if ((this.#isOpen && isTemplate) || [...this.#roots].some((root) => isWithin(root, path))) return true;
    if (!this.#isQuiet && !REPORTED.has(file)) {
      const where = this.#isOpen ? 'not a template, and outside of the folder' : 'outside of the repository';
      process.stderr.write(`vaultmoat: ${terminalSafe(file)}: ${where}: not read\n`);
    }
    REPORTED.add(file);
    return false;
  }
}
