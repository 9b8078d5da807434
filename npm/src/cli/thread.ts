// A worker thread: it has its own engine, and checks one unit after the other.

import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../node.js';
import { ConfigError } from '../config/config.js';
import { InputError } from '../files/error.js';
import { checkUnit, type Result, type Setup, type Unit } from './unit.js';

export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly setup: Setup;
}

/** The message to a thread. */
export interface Given {
  readonly at: number;
  readonly unit: Unit;
}

/** The message from a thread. */
export type Taken =
  | { readonly at: number; readonly result: Result }
  | { readonly at: number; readonly error: { readonly isExpected: boolean; readonly message: string; readonly stack: string } };

const { module, setup } = workerData as ThreadData;
const engine = await createEngine({ wasm: module });

parentPort?.on('message', (given: Given) => void answer(given));

async function answer({ at, unit }: Given): Promise<void> {
  try {
    parentPort?.postMessage({ at, result: await checkUnit(engine, setup, unit) } satisfies Taken);
  } catch (error) {
    const { message, stack = message } = error as Error;
    const isExpected = error instanceof InputError || error instanceof ConfigError;
    parentPort?.postMessage({ at, error: { isExpected, message, stack } } satisfies Taken);
  }
}
