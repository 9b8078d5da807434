// Checks units on several threads. The results do not depend on the number of threads or their order.

import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Engine } from '../engine.js';
import { addInput } from '../files/content.js';
import { InputError } from '../files/error.js';
import type { Progress } from './progress.js';
import type { Given, Taken, ThreadData } from './thread.js';
import { checkUnit, nameOf, type Result, type Setup, type Unit } from './unit.js';

export interface Spreading {
  /** The most threads, including the present one. */
  readonly jobs: number;
  readonly progress: Progress;
  /** Milliseconds of remaining work per additional thread, which takes a fifth of that to start. Default: 250. */
  readonly worthwhile?: number | undefined;
}

/** Units that are sent to a thread at once, so that it does not wait for the next one. */
const AHEAD = 3;

/** Checks units, and returns the results in their order. Throws the error of the first unit that has one. */
export async function checkUnits(engine: Engine, setup: Setup, units: readonly Unit[], how: Spreading): Promise<Result[]> {
  const run = new Run(setup, units, how);
  try {
    return await run.all(engine);
  } finally {
    run.end();
  }
}

class Run {
  readonly #setup: Setup;
  readonly #units: readonly Unit[];
  readonly #how: Spreading;
  readonly #results: Result[] = [];
  readonly #errors = new Map<number, unknown>();
  readonly #threads = new Set<Thread>();
  /** Units that were in a thread when it died. */
  readonly #again: number[] = [];
  readonly #died = new Set<number>();
  #next = 0;
  #done = 0;
  #module: WebAssembly.Module | undefined;
  #isWaiting: (() => void) | undefined;

  constructor(setup: Setup, units: readonly Unit[], how: Spreading) {
    this.#setup = setup;
    this.#units = units;
    this.#how = how;
  }

  async all(engine: Engine): Promise<Result[]> {
    const spare = new Spare(this.#units);
    // This thread checks units too; its speed decides whether more threads are worth their start.
    for (;;) {
      const at = this.#take();
      if (at === undefined) {
        if (!this.#isOpen()) break;
        await new Promise<void>((resolve) => (this.#isWaiting = resolve));
        continue;
      }
      if (this.#died.has(at)) {
        // The unit ended its thread, and could end this one.
        this.#startThread([at]);
        continue;
      }
      try {
        this.#settle(at, await checkUnit(engine, this.#setup, this.#units[at] as Unit));
      } catch (error) {
        this.#fail(at, error);
      }
      if (this.#how.jobs === 1) continue;
      const { worthwhile = 250 } = this.#how;
      const wanted = Math.min(this.#how.jobs - 1, Math.floor(spare.left(at, this.#next) / worthwhile));
      while (this.#threads.size < wanted) this.#startThread();
      // Receives messages of threads.
      await setImmediate();
    }
    const [first] = [...this.#errors.keys()].sort((a, b) => a - b);
    if (first !== undefined) throw this.#errors.get(first);
    return this.#results;
  }

  end(): void {
    for (const thread of this.#threads) thread.end();
  }

  /** Takes units in order, so that all units before a failed one are checked. */
  #take(): number | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    return this.#errors.size === 0 && this.#next < this.#units.length ? this.#next++ : undefined;
  }

  /** Whether a thread still has a unit. */
  #isOpen(): boolean {
    return this.#again.length > 0 || [...this.#threads].some(({ open }) => open.length > 0);
  }

  #settle(at: number, result: Result): void {
    this.#results[at] = result;
    this.#done += 1;
    this.#how.progress.checked(this.#done, this.#units.length);
  }

  #fail(at: number, error: unknown): void {
    this.#errors.set(at, error);
  }

  #startThread(first: readonly number[] = []): void {
    this.#module ??= new WebAssembly.Module(readFileSync(new URL('../../wasm/vaultmoat_bg.wasm', import.meta.url)));
    const thread = new Thread(
      { module: this.#module, setup: this.#setup },
      (answer) => {
        if ('result' in answer) {
          // Each thread knows only the files that it read itself, and this one writes the output.
          for (const path of answer.result.besides) addInput(path);
          this.#settle(answer.at, answer.result);
        } else this.#fail(answer.at, revived(answer.error));
        this.#feed(thread);
        this.#wake();
      },
      (why) => {
        this.#threads.delete(thread);
        const [running, ...others] = thread.open;
        if (running !== undefined && this.#died.has(running)) {
          this.#fail(running, new InputError(`${nameOf(this.#units[running] as Unit)}: the thread that checks it ended: ${why}`));
          this.#again.push(...others);
        } else {
          if (running !== undefined) this.#died.add(running);
          this.#again.push(...thread.open);
        }
        this.#wake();
      },
    );
    this.#threads.add(thread);
    for (const at of first) thread.give({ at, unit: this.#units[at] as Unit });
    if (first.length === 0) this.#feed(thread);
  }

  #feed(thread: Thread): void {
    while (thread.open.length < AHEAD) {
      if (this.#again.length > 0) return;
      const at = this.#take();
      if (at === undefined) return;
      thread.give({ at, unit: this.#units[at] as Unit });
    }
  }

  #wake(): void {
    this.#isWaiting?.();
    this.#isWaiting = undefined;
  }
}

/** Estimates the remaining work from the sizes of the texts and the time spent so far. */
class Spare {
  readonly #sizes: number[];
  readonly #before: number[] = [];
  readonly #started = performance.now();
  #own = 0;

  constructor(units: readonly Unit[]) {
    this.#sizes = units.map(({ asked }) => asked.reduce((sum, { content }) => sum + content.text.length, 1));
    let sum = 0;
    for (const size of this.#sizes) this.#before.push((sum += size));
  }

  /** Milliseconds that this thread, which has just checked `at`, would need for all units from `next` on. */
  left(at: number, next: number): number {
    this.#own += this.#sizes[at] ?? 0;
    const left = (this.#before.at(-1) ?? 0) - (this.#before[next - 1] ?? 0);
    return ((performance.now() - this.#started) / this.#own) * left;
  }
}

class Thread {
  /** The units that were sent to it; it checks the first one. */
  readonly open: number[] = [];
  readonly #worker: Worker;

  constructor(data: ThreadData, answered: (answer: Taken) => void, died: (why: string) => void) {
    this.#worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: data });
    let why = '';
    this.#worker.on('message', (answer: Taken) => {
      this.open.splice(this.open.indexOf(answer.at), 1);
      answered(answer);
    });
    this.#worker.on('error', (error) => (why = error.message));
    this.#worker.on('exit', (code) => died(why || `exit code ${code}`));
  }

  give(given: Given): void {
    this.open.push(given.at);
    this.#worker.postMessage(given);
  }

  end(): void {
    this.#worker.removeAllListeners();
    void this.#worker.terminate();
  }
}

function revived({ isExpected, message, stack }: Extract<Taken, { error: unknown }>['error']): Error {
  return isExpected ? new InputError(message) : Object.assign(new Error(message), { stack });
}
