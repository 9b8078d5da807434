// Exports with more resources than a project can hold. A separate module, since web pages do not need it.

import * as wasm from '../wasm/vaultmoat.js';
import { guarded, type ProjectOptions } from './engine.js';
import type { StreamRecord } from './types.js';

/**
 * An export of Azure Resource Graph with one resource per line. The result is that of a project with all of them, but only
 * a few numbers of each are kept in memory: the lines are read twice.
 */
export class Stream {
  #handle: wasm.Stream | undefined;

  /** Nothing read yet. `createEngine` must have been called; unknown options are refused. */
  constructor(options: ProjectOptions = {}) {
    this.#handle = guarded(() => new wasm.Stream(structuredClone(options)));
  }

  /** Begins the next file. Files must be in the order of their paths. */
  file(path: string): void {
    this.#call((handle) => handle.file(path));
  }

  /** Reads whole lines of the file. Returns a problem for each line without a resource. */
  read(lines: Uint8Array): StreamRecord[] {
    return this.#call((handle) => handle.read(lines) as StreamRecord[]);
  }

  /** Ends the first pass. Throws if too many lines could be about any resource. */
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

  /** Checks that batch; `lines` are its concatenated lines. */
  check(lines: Uint8Array): StreamRecord[] {
    return this.#call((handle) => handle.check(lines) as StreamRecord[]);
  }

  /** The counts so far. */
  summary(): StreamRecord {
    return this.#call((handle) => handle.summary() as StreamRecord);
  }

  /** Frees the memory. */
  dispose(): void {
    this.#handle?.free();
    this.#handle = undefined;
  }

  #call<T>(call: (handle: wasm.Stream) => T): T {
    const handle = this.#handle;
    if (handle === undefined) throw new Error('the estate was disposed of');
    return guarded(() => call(handle));
  }
}
