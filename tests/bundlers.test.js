// The package in a browser: without a bundler, and through bundlers with their defaults.

import { build as esbuild } from 'esbuild';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build, createServer } from 'vite';
import { application, assertChecked, writePage } from './bundled.js';
import { folder, write } from './packed.js';
import { closeBrowser } from './pages.js';

after(closeBrowser);
write('app.js', application());
writePage('index.html', './app.js');

test('a page loads the package without a bundler', async () => {
  write('plain.js', application({ library: './node_modules/vaultmoat/dist/browser.js' }));
  writePage('plain.html', './plain.js');
  await assertChecked('/plain.html');
});

test('Vite bundles the package with its defaults', async () => {
  await build({ root: folder, base: './', logLevel: 'error', build: { outDir: 'vite' } });
  await assertChecked('/vite/');
});

test('the development server of Vite serves the package, when it is excluded from optimization', async () => {
  const server = await createServer({
    root: folder,
    logLevel: 'error',
    optimizeDeps: { exclude: ['vaultmoat'] },
    server: { port: 0, host: '127.0.0.1' },
  });
  await server.listen();
  await assertChecked('/', async () => server.httpServer);
  await server.close();
});

test('esbuild bundles the package with the module as a file and the worker as an entry', async () => {
  const imports = "import wasm from 'vaultmoat/wasm';";
  write('esbuild.js', application({ imports, here: '{ wasm }', there: "{ wasm, workerUrl: '/esbuild/worker.js' }" }));
  await esbuild({
    absWorkingDir: folder,
    entryPoints: { app: 'esbuild.js', worker: 'vaultmoat/worker' },
    bundle: true,
    format: 'esm',
    loader: { '.wasm': 'file' },
    publicPath: '/esbuild',
    outdir: join(folder, 'esbuild'),
    logLevel: 'error',
  });
  writePage('esbuild.html', './esbuild/app.js');
  await assertChecked('/esbuild.html');
});
