// The extension as it is bundled: what it registers is what its manifest says, and both servers answer.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { createEngine } from 'vaultmoat';
import { COMMANDS, SETTINGS } from 'vaultmoat/lsp';
import { editor } from '../../../npm/test/editor.js';
import { openBicep } from '../../../npm/test/templates.js';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const manifest = JSON.parse(readFileSync(here('../package.json'), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'vaultmoat-'));

before(() => execFileSync(process.execPath, [here('../build.mjs')], { stdio: 'inherit' }));
after(() => rmSync(scratch, { recursive: true }));

/** One source file as a module, with something in the place of the editor. @param {string} path @param {object} vscode */
async function loaded(path, vscode = {}) {
  const outfile = join(scratch, `${path}.cjs`);
  await build({
    entryPoints: [here(`../src/${path}.ts`)],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['vscode'],
  });
  const load = /** @type {any} */ (Module)._load;
  /** @type {any} */ (Module)._load = (/** @type {string} */ name, /** @type {unknown[]} */ ...rest) =>
    name === 'vscode' ? vscode : load(name, ...rest);
  try {
    return createRequire(import.meta.url)(outfile);
  } finally {
    /** @type {any} */ (Module)._load = load;
  }
}

test('the manifest names the files that are built', () => {
  for (const path of [manifest.main, manifest.browser, './dist/server.mjs', './dist/worker.js', './wasm/vaultmoat_bg.wasm']) {
    assert.ok(existsSync(here(`../${path}`)), path);
  }
});

test('the manifest contributes the commands that the code registers, and the settings that the server knows', async () => {
  const registered = /** @type {string[]} */ ([]);
  const disposable = { dispose() {} };
  const listen = () => disposable;
  const vscode = {
    commands: { registerCommand: (/** @type {string} */ name) => (registered.push(name), disposable) },
    languages: { createLanguageStatusItem: () => ({ ...disposable }), onDidChangeDiagnostics: listen, getDiagnostics: () => [] },
    window: { activeTextEditor: undefined, onDidChangeActiveTextEditor: listen },
    workspace: {},
    LanguageStatusSeverity: {},
    FileType: {},
  };
  const { start } = await loaded('extension', vscode);
  const requests = /** @type {string[]} */ ([]);
  let isStarted = false;
  await start({ subscriptions: [] }, () => ({
    start: async () => void (isStarted = true),
    onRequest: (/** @type {string} */ method) => (requests.push(method), disposable),
  }));
  assert.ok(isStarted);
  const contributed = manifest.contributes.commands.map((/** @type {{ command: string }} */ { command }) => command);
  assert.deepEqual(registered.sort(), contributed.sort());
  assert.deepEqual(requests, ['vaultmoat/read', 'vaultmoat/names', 'vaultmoat/list']);
  // The client registers the server's commands itself.
  for (const command of Object.values(COMMANDS)) assert.ok(!registered.includes(command));
  const settings = Object.keys(manifest.contributes.configuration.properties).map((name) => name.replace('vaultmoat.', ''));
  assert.deepEqual(settings.filter((name) => name !== 'trace.server').sort(), Object.keys(SETTINGS).sort());
});

test('the page of a network has no scripts, and names in it are no markup', async () => {
  const { page } = await loaded('network');
  const moat = await createEngine();
  const project = moat.project();
  project.set('<b>.bicep', openBicep.replace('kv-open', '<img src=x onerror=alert(1)>'));
  const html = page(project.model(), 'abc');
  assert.match(html, /default-src 'none'; style-src 'nonce-abc'/);
  assert.doesNotMatch(html, /<img|<script|<b>/);
  assert.match(html, /<td>Allow<\/td>/);
});

test('the bundled server of the desktop answers', async () => {
  writeFileSync(join(scratch, 'main.bicep'), openBicep);
  const one = await editor([scratch], { words: [here('../dist/server.mjs')] });
  const uri = await one.open('main.bicep');
  await one.diagnostics(uri, (found) => found.some(({ code }) => code === 'public-vault'));
  assert.equal(await one.stop(), 0);
});

test('the bundled server of the web answers in a worker, and asks its client for files', { timeout: 30_000 }, async () => {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const events = new EventTarget();
    globalThis.addEventListener = events.addEventListener.bind(events);
    globalThis.removeEventListener = events.removeEventListener.bind(events);
    globalThis.dispatchEvent = events.dispatchEvent.bind(events);
    globalThis.postMessage = (message) => parentPort.postMessage(message);
    globalThis.self = globalThis;
    events.addEventListener('message', (event) => globalThis.onmessage?.(event));
    parentPort.on('message', (data) => events.dispatchEvent(new MessageEvent('message', { data })));
    ${readFileSync(here('../dist/worker.js'), 'utf8')}`;
  const worker = new Worker(source, { eval: true });
  after(() => worker.terminate());
  const asked = /** @type {string[]} */ ([]);
  const found = new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message) => {
      if (message.method === 'textDocument/publishDiagnostics') return resolve(message.params);
      if (message.id === undefined || message.method === undefined) return;
      asked.push(message.method);
      const isModule = message.params?.uri === 'vscode-vfs://github/o/r/vault.bicep';
      worker.postMessage({ jsonrpc: '2.0', id: message.id, result: isModule ? openBicep : null });
    });
  });
  const send = (/** @type {object} */ message) => worker.postMessage({ jsonrpc: '2.0', ...message });
  const folder = 'vscode-vfs://github/o/r';
  send({
    id: 1,
    method: 'initialize',
    params: { processId: null, rootUri: null, capabilities: {}, workspaceFolders: [{ uri: folder, name: 'r' }] },
  });
  send({ method: 'initialized', params: {} });
  const text = "module vault 'vault.bicep' = {\n  name: 'vault'\n}\n";
  const textDocument = { uri: `${folder}/main.bicep`, languageId: 'bicep', version: 1, text };
  send({ method: 'textDocument/didOpen', params: { textDocument } });
  const { uri, diagnostics } = await found;
  assert.equal(uri, `${folder}/vault.bicep`);
  assert.ok(diagnostics.some((/** @type {{ code: string }} */ { code }) => code === 'public-vault'));
  assert.ok(asked.includes('vaultmoat/read'));
});
