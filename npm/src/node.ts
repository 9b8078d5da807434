// The entry for Node.

import { readFileSync } from 'node:fs';
import { initSync } from '../wasm/vaultmoat.js';
import { Engine, type EngineOptions } from './engine.js';
import { refuseUnknown, requireModule } from './options.js';

export * from './common.js';

/** Starts the engine. The WebAssembly module is read from the package, unless `wasm` is given. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  refuseUnknown(options, ['wasm']);
  const given = await options.wasm;
  requireModule(given);
  const wasm = given ?? new URL('../wasm/vaultmoat_bg.wasm', import.meta.url);
  initSync({ module: isAddress(wasm) ? await read(wasm) : wasm instanceof Response ? await wasm.arrayBuffer() : wasm });
  return new Engine();
}

function isAddress(wasm: unknown): wasm is string | URL {
  return typeof wasm === 'string' || wasm instanceof URL;
}

async function read(address: string | URL): Promise<BufferSource> {
  // Node's fetch does not support files.
  if (/^https?:/.test(String(address))) return (await fetch(address)).arrayBuffer();
  return readFileSync(/^file:/.test(String(address)) ? new URL(address) : address);
}
