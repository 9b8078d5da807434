// The entry for browsers and other hosts with `fetch`.

import init from '../wasm/vaultmoat.js';
import { Engine, type EngineOptions } from './engine.js';
import { refuseUnknown, requireModule } from './options.js';

export * from './common.js';
export { createWorkerEngine } from './client.js';
export type { RequestOptions, WorkerEngine, WorkerEngineOptions, WorkerProject } from './client.js';

/** Starts the engine. The WebAssembly module is fetched from the package, unless `wasm` is given. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  refuseUnknown(options, ['wasm']);
  const given = await options.wasm;
  requireModule(given);
  await init({ module_or_path: given ?? new URL('../wasm/vaultmoat_bg.wasm', import.meta.url) });
  return new Engine();
}
