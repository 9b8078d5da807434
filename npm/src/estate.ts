// An estate: resources of which there are too many for one project. A module of its own, since no page has one.

import * as wasm from '../wasm/vaultmoat.js';
import { guarded, type ProjectOptions } from './engine.js';
import type { StreamRecord } from './types.js';

/**
 * Resources as Azure Resource Graph exports them, one in a line. What is said is what a project says of all of them, and
 * what is kept is a few numbers of each: the lines are read twice.
 */
export class Estate {
  #handle: wasm.Estate | undefined;

  /** An empty one, of an engine that was started. Unknown options are refused. */
  constructor(options: ProjectOptions = {}) {
    this.#handle = guarded(() => new wasm.Estate(structuredClone(options)));
  }

  /** The next file begins. Files come in the order of their paths. */
  file(path: string): void {
    this.#call((handle) => handle.file(path));
  }

  /** Reads whole lines of the file, and says which show no resource. */
  read(lines: Uint8Array): StreamRecord[] {
    return this.#call((handle) => handle.read(lines) as StreamRecord[]);
  }

  /** Every file was read: from here on there are batches. Throws where too many lines may be about any resource. */
  finish(): void {
    this.#call((handle) => handle.finish());
  }

  /**
   * The lines of the next batch, three numbers for each: its file, counted from 0, the bytes before it, and its own.
   * `undefined` when everything was checked.
   */
  next(): Float64Array | undefined {
    return this.#call((handle) => handle.next());
  }

  /** Checks that batch, given its lines one after the other. */
  check(lines: Uint8Array): StreamRecord[] {
    return this.#call((handle) => handle.check(lines) as StreamRecord[]);
  }

  /** What was read and said so far. */
  summary(): StreamRecord {
    return this.#call((handle) => handle.summary() as StreamRecord);
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#handle?.free();
    this.#handle = undefined;
  }

  #call<T>(call: (handle: wasm.Estate) => T): T {
    const handle = this.#handle;
    if (handle === undefined) throw new Error('the estate was disposed of');
    return guarded(() => call(handle));
  }
}
