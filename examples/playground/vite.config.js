import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { without } from '../../npm/scripts/module.js';

/** What the page never asks for. */
const UNUSED = /estate|^project_(monitor|controls)$/;
const MODULE = fileURLToPath(new URL('../../npm/wasm/vaultmoat_bg.wasm', import.meta.url));
const OWN = fileURLToPath(new URL('../../target/playground/vaultmoat_bg.wasm', import.meta.url));

/** Has the page load the part of the module that it uses: 28 KB less with gzip. */
function ownModule() {
  return {
    name: 'own-module',
    apply: /** @type {const} */ ('build'),
    enforce: /** @type {const} */ ('pre'),
    /** @param {string} code @param {string} id */
    transform(code, id) {
      // Not where another package stands in for this one.
      if (join(dirname(id), '../wasm/vaultmoat_bg.wasm') !== MODULE) return;
      const address = relative(dirname(id), OWN).split(sep).join('/');
      const own = code.replaceAll("'../wasm/vaultmoat_bg.wasm'", `'${address}'`);
      return own === code ? undefined : { code: own, map: null };
    },
  };
}

export default defineConfig(({ command }) => {
  if (command === 'build') {
    mkdirSync(dirname(OWN), { recursive: true });
    writeFileSync(OWN, without(readFileSync(MODULE), UNUSED));
  }
  return {
    // Works from any path of any static server.
    base: './',
    plugins: [ownModule()],
    worker: { format: 'es', plugins: () => [ownModule()] },
    build: {
      target: 'es2022',
      // The security policy allows no data: address, and the module is fetched as one.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // In a file of its own, what starts the engine runs before the editor is even read.
      rollupOptions: { output: { manualChunks: (id) => (id.endsWith('/src/start.ts') ? 'start' : undefined) } },
    },
  };
});
