// What a run leaves to the next one, with `--watch`: texts, and results of units, until something changes.

import { dirname, resolve } from 'node:path';
import { isWithin } from './config.js';
import { type Content, readContent } from './content.js';
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

  /** `entered` is told each folder before it is read. */
  constructor(entered: (folder: string) => void) {
    this.#entered = entered;
  }

  enter(folder: string): void {
    this.#entered(resolve(folder));
  }

  /** What a file says. */
  content(path: string): Content {
    const key = resolve(path);
    this.enter(dirname(key));
    const content = this.#contents.get(key) ?? readContent(path);
    this.#contents.set(key, content);
    return content;
  }

  /** What was found in a unit, if nothing that it was made of has changed. */
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

  /** Whether a unit depends on what is at a path, or is not. */
  knows(path: string): boolean {
    return this.#contents.has(path) || [...this.#results.values()].some(({ result }) => result.lookedFor.has(path));
  }

  /** Something at a path is something else now, new or gone. */
  forget(path: string): void {
    for (const known of this.#contents.keys()) if (isWithin(path, known)) this.#contents.delete(known);
    const isAbout = ({ lookedFor }: Result) =>
      lookedFor.has(dirname(path)) || [...lookedFor].some((known) => isWithin(path, known));
    for (const [key, { result }] of this.#results) if (isAbout(result)) this.#results.delete(key);
  }

  /** Forgets what the last run had no use for. */
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
