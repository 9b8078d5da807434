// The cache of `--watch`: texts and results of units, until a file changes.

import { dirname, resolve } from 'node:path';
import { isWithin } from '../files/config.js';
import { type Content, readContent } from '../files/content.js';
import type { Result, Unit } from './unit.js';

interface Kept {
  readonly unit: Unit;
  readonly result: Result;
}

export class Memory {
  readonly #contents = new Map<string, Content>();
  readonly #results = new Map<string, Kept>();
  readonly #used = new Set<string>();
  readonly #entered: (folder: string) => void;

  /** `entered` is called with each folder before it is read. */
  constructor(entered: (folder: string) => void) {
    this.#entered = entered;
  }

  enter(folder: string): void {
    this.#entered(resolve(folder));
  }

  content(path: string): Content {
    const key = resolve(path);
    this.enter(dirname(key));
    const content = this.#contents.get(key) ?? readContent(path);
    this.#contents.set(key, content);
    return content;
  }

  /** The result of a unit, if no file that it depends on has changed. */
  recall(unit: Unit): Result | undefined {
    const kept = this.#results.get(keyOf(unit));
    const isSame = kept?.unit.asked.every(({ content }, at) => content === unit.asked[at]?.content) ?? false;
    return isSame && kept?.unit.config?.text === unit.config?.text ? kept?.result : undefined;
  }

  keep(unit: Unit, result: Result): void {
    this.#results.set(keyOf(unit), { unit, result });
    this.#used.add(keyOf(unit));
    for (const path of result.lookedFor) this.enter(dirname(path));
  }

  /** Whether a unit depends on a path, where a file may or may not exist. */
  knows(path: string): boolean {
    return this.#contents.has(path) || [...this.#results.values()].some(({ result }) => result.lookedFor.has(path));
  }

  /** Forgets everything that depends on a path, which was changed, created or deleted. */
  forget(path: string): void {
    for (const known of this.#contents.keys()) if (isWithin(path, known)) this.#contents.delete(known);
    const isAbout = ({ lookedFor }: Result) =>
      lookedFor.has(dirname(path)) || [...lookedFor].some((known) => isWithin(path, known));
    for (const [key, { result }] of this.#results) if (isAbout(result)) this.#results.delete(key);
  }

  /** Forgets results that the last run did not use. */
  prune(): void {
    for (const key of this.#results.keys()) if (!this.#used.has(key)) this.#results.delete(key);
    this.#used.clear();
  }

  forgetAll(): void {
    this.#contents.clear();
    this.#results.clear();
  }
}

function keyOf({ asked, config }: Unit): string {
  return JSON.stringify([config?.path, ...asked.map(({ path }) => path)]);
}
