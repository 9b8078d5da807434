// Bundles the extension: one file for each of desktop and web, and one for the server of each.

import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: here('.'),
  bundle: true,
  minify: true,
  logLevel: 'warning',
  target: 'es2022',
  // The UMD build of jsonc-parser uses a `require` that bundlers do not resolve.
  mainFields: ['module', 'main'],
  conditions: ['import'],
};
/** @type {import('esbuild').BuildOptions} */
const node = { ...common, platform: 'node', external: ['vscode'] };
/** @type {import('esbuild').BuildOptions} */
const web = { ...common, platform: 'browser', mainFields: ['browser', 'module', 'main'], external: ['vscode'] };

await Promise.all([
  build({ ...node, entryPoints: ['src/desktop.ts'], outfile: 'dist/desktop.js', format: 'cjs' }),
  build({
    ...node,
    entryPoints: ['src/server.node.ts'],
    outfile: 'dist/server.mjs',
    format: 'esm',
    // CommonJS dependencies require Node's built-in modules.
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  }),
  build({ ...web, entryPoints: ['src/web.ts'], outfile: 'dist/web.js', format: 'cjs' }),
  build({
    ...web,
    entryPoints: ['src/server.worker.ts'],
    outfile: 'dist/worker.js',
    format: 'iife',
    loader: { '.wasm': 'binary' },
    // The worker is a single file and fetches no other.
    define: { 'import.meta.url': '""' },
  }),
]);
// The server of the desktop reads the module from there.
mkdirSync(here('wasm'), { recursive: true });
copyFileSync(fileURLToPath(import.meta.resolve('vaultmoat/wasm')), here('wasm/vaultmoat_bg.wasm'));
