// How far a run reads by itself. What a template refers to may be anywhere, and whoever wrote it is not who runs us.

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from './config.js';
import { terminalSafe } from './output.js';
import { repositoryRoot } from './places.js';

/** What was told already. */
const REFUSED = new Set<string>();

/** What is read although nobody named it. */
export class Reach {
  readonly #roots = new Set<string>();
  readonly #isQuiet: boolean;
  /** Outside of a repository nothing says what belongs together: a template may be anywhere. */
  #isOpen = false;

  /** The repositories of these folders; of a folder that is in none, itself. */
  constructor(folders: Iterable<string>, isQuiet: boolean) {
    this.#isQuiet = isQuiet;
    for (const folder of folders) {
      const root = repositoryRoot(folder);
      this.#isOpen ||= !existsSync(join(root, '.git'));
      // Standard input may be said to be in a folder that is not there.
      if (existsSync(root)) this.#roots.add(realpathSync(root));
    }
  }

  /** Whether it has a file, wherever links lead. What it has not is told once. */
  has(file: string, isTemplate: boolean): boolean {
    const path = realpathSync(file);
    if ((this.#isOpen && isTemplate) || [...this.#roots].some((root) => isWithin(root, path))) return true;
    if (!this.#isQuiet && !REFUSED.has(file)) {
      const where = this.#isOpen ? 'no template, and outside of the folder' : 'outside of the repository';
      process.stderr.write(`vaultmoat: ${terminalSafe(file)}: ${where}: not read\n`);
    }
    REFUSED.add(file);
    return false;
  }
}
