// The bundled extension: it registers the commands of its manifest, and both servers answer.

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
import { toSvg } from 'vaultmoat/graph';
import { COMMANDS, SETTINGS } from 'vaultmoat/lsp';
import { editor } from '../../../npm/test/editor.js';
import { openBicep, openVault } from '../../../npm/test/templates.js';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const manifest = JSON.parse(readFileSync(here('../package.json'), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'vaultmoat-'));

before(() => execFileSync(process.execPath, [here('../build.mjs')], { stdio: 'inherit' }));
after(() => rmSync(scratch, { recursive: true }));

/** Loads a source file with a mock of the editor's API. @param {string} path @param {object} vscode */
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
    workspace: { onDidChangeTextDocument: listen, registerTextDocumentContentProvider: listen },
    EventEmitter: class {},
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
  assert.deepEqual(requests, ['vaultmoat/read', 'vaultmoat/names', 'vaultmoat/folders', 'vaultmoat/list']);
  // The client registers the server's commands itself.
  for (const command of Object.values(COMMANDS)) assert.ok(!registered.includes(command));
  const settings = Object.keys(manifest.contributes.configuration.properties).map((name) => name.replace('vaultmoat.', ''));
  assert.deepEqual(settings.filter((name) => name !== 'trace.server').sort(), Object.keys(SETTINGS).sort());
});

/** The panel's content for a template. @param {string} path @param {string} text */
async function network(path, text) {
  const moat = await createEngine();
  const project = moat.project();
  project.set(path, text);
  const report = project.graph();
  return { model: project.model(), report, picture: await toSvg(report, { style: false }) };
}

test('names in the page of a network are neither markup nor script, and nothing in it is loaded', async () => {
  const { page } = await loaded('network');
  const hostile = '</script><img src=x onerror=alert(1)>" onload="alert(2)';
  const shown = await network('<b>.bicep', openBicep.replace('kv-open', hostile));
  const html = page(shown, 'abc');
  assert.match(html, /default-src 'none'; style-src 'nonce-abc'; script-src 'nonce-abc'/);
  assert.doesNotMatch(html, /<img|<b>| onload="| style="|https?:(?!\/\/www\.w3\.org)/);
  // The only script and style sheet are those of the extension.
  assert.deepEqual(html.match(/<\/?(script|style)[^>]*>/g), [
    '<style nonce="abc">',
    '</style>',
    '<script nonce="abc">',
    '</script>',
  ]);
  assert.match(html, /<td>Allow<\/td>/);
  assert.match(html, /<svg/);
  const ids = /written = (.*);/.exec(html)?.[1] ?? '';
  assert.deepEqual(
    JSON.parse(ids),
    shown.report.nodes.filter(({ range }) => range !== null).map(({ id }) => id),
  );
  assert.match(page({ ...shown, picture: null }, 'abc'), /too large for a picture/);
});

test('a message from the page selects the declaration of an element, or nothing', async () => {
  const { chosen } = await loaded('network');
  const places = { 'vault 1': 'there' };
  assert.equal(chosen({ chosen: 'vault 1' }, places), 'there');
  for (const message of [
    null,
    undefined,
    'vault 1',
    42,
    [],
    {},
    { chosen: 'vault 2' },
    { chosen: ['vault 1'] },
    { chosen: 'constructor' },
    { chosen: '__proto__' },
    { uri: 'file:///etc/passwd' },
  ]) {
    assert.equal(chosen(message, places), undefined, JSON.stringify(message));
  }
});

test('the panel draws changes, and opens the declaration of an element and nothing else', async () => {
  const shown = /** @type {unknown[][]} */ ([]);
  const heard = /** @type {Record<string, (event: any) => void>} */ ({});
  const htmls = /** @type {string[]} */ ([]);
  const disposable = { dispose() {} };
  const panel = {
    webview: {
      set html(/** @type {string} */ html) {
        htmls.push(html);
      },
      onDidReceiveMessage: (/** @type {any} */ act) => void (heard.message = act),
    },
    onDidDispose: (/** @type {any} */ act) => void (heard.dispose = act),
    reveal() {},
  };
  const vscode = {
    languages: { match: () => 10 },
    workspace: { onDidChangeTextDocument: (/** @type {any} */ act) => ((heard.change = act), disposable) },
    window: {
      visibleTextEditors: [],
      createWebviewPanel: () => panel,
      showTextDocument: (/** @type {unknown[]} */ ...words) => (shown.push(words), Promise.resolve()),
      showErrorMessage: assert.fail,
    },
    ViewColumn: { One: 1, Beside: -2 },
    Uri: { parse: (/** @type {string} */ uri) => ({ toString: () => uri }) },
    Range: class {
      constructor(/** @type {number[]} */ ...numbers) {
        this.numbers = numbers;
      }
    },
  };
  const { NetworkPanel } = await loaded('panel', vscode);
  let text = openBicep;
  const range = { start: { line: 3, character: 1 }, end: { line: 4, character: 2 } };
  const one = new NetworkPanel([], async () =>
    text === '' ? undefined : { ...(await network('main.bicep', text)), places: { it: { uri: 'file:///main.bicep', range } } },
  );
  assert.equal(await one.show('file:///main.bicep'), true);
  await one.show('file:///main.bicep');
  assert.equal(htmls.length, 1, 'what is shown already is not drawn again');
  heard.message?.({ chosen: 'other' });
  heard.message?.({ chosen: 'it' });
  assert.equal(shown.length, 1);
  assert.deepEqual(
    [String(shown[0]?.[0]), /** @type {any} */ (shown[0]?.[1]).selection.numbers],
    ['file:///main.bicep', [3, 1, 3, 1]],
  );
  for (const [next, count] of /** @type {const} */ ([
    [openBicep.replace('kv-open', 'kv-other'), 2],
    ['', 2],
  ])) {
    text = next;
    heard.change?.({ document: {} });
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(htmls.length, count);
  }
  assert.match(htmls[1] ?? '', /kv-other/);
});

test('the bundled server of the desktop answers', async () => {
  writeFileSync(join(scratch, 'main.bicep'), openBicep);
  const one = await editor([scratch], { words: [here('../dist/server.mjs')] });
  const uri = await one.open('main.bicep');
  await one.diagnostics(uri, (found) => found.some(({ code }) => code === 'public-vault'));
  assert.equal(await one.stop(), 0);
});

test('the bundled server of the web answers in a worker, and requests files from its client', { timeout: 30_000 }, async () => {
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
  const folder = 'vscode-vfs://github/o/r';
  /** @type {Record<string, unknown>} */
  const files = {
    'vaultmoat/read infra/vault.bicep': openBicep,
    'vaultmoat/read infra/vaultmoat.toml': '[[ignore]]\nrule = "no-purge-protection"\nfile = "/vault.bicep"\nreason = "a demo"\n',
    'vaultmoat/read broken/vaultmoat.toml': 'profile = "strict"\nprofil = 1\n',
    'vaultmoat/read bicepconfig.json': '{\n  "cacheRootDirectory": "cache"\n}\n',
    'vaultmoat/folders cache/br/contoso.azurecr.io/vault': ['v1$'],
    'vaultmoat/read cache/br/contoso.azurecr.io/vault/v1$/main.json': openVault.replace('kv-open', 'kv-restored'),
  };
  const asked = /** @type {Set<string>} */ (new Set());
  const published = /** @type {Map<string, { code: string, message: string, range: any }[]>} */ (new Map());
  let look = () => {};
  worker.on('message', ({ id, method, params }) => {
    if (method === 'textDocument/publishDiagnostics') {
      published.set(params.uri.slice(folder.length + 1), params.diagnostics);
      look();
    }
    if (id === undefined || method === undefined) return;
    const what = `${method} ${decodeURIComponent(params?.uri ?? '').slice(folder.length + 1)}`;
    asked.add(what);
    worker.postMessage({ jsonrpc: '2.0', id, result: files[what] ?? null });
  });
  const send = (/** @type {object} */ message) => worker.postMessage({ jsonrpc: '2.0', ...message });
  const until = (/** @type {string} */ path, /** @type {(codes: string[]) => boolean} */ holds) =>
    new Promise((resolve) => {
      look = () => {
        const found = published.get(path);
        if (found !== undefined && holds(found.map(({ code }) => code))) resolve(found);
      };
      look();
    });
  send({
    id: 1,
    method: 'initialize',
    params: { processId: null, rootUri: null, capabilities: {}, workspaceFolders: [{ uri: folder, name: 'r' }] },
  });
  send({ method: 'initialized', params: {} });
  const open = (/** @type {string} */ path, /** @type {string} */ text) =>
    send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri: `${folder}/${path}`, languageId: 'bicep', version: 1, text } },
    });
  open('infra/main.bicep', "module vault 'vault.bicep' = {\n  name: 'vault'\n}\n");
  // The nearest configuration applies, with patterns relative to its folder.
  const found = await until('infra/vault.bicep', (codes) => codes.includes('public-vault'));
  assert.ok(!found.some((/** @type {any} */ { code }) => code === 'no-purge-protection'));
  // An invalid one is reported in its file, and its files are checked with the defaults.
  open('broken/main.bicep', openBicep);
  await until('broken/main.bicep', (codes) => codes.includes('no-purge-protection') && codes.includes('public-vault'));
  const [problem] = await until('broken/vaultmoat.toml', () => true);
  assert.match(problem.message, /unknown key `profil`/);
  assert.equal(problem.range.start.line, 1);
  // A module in a cache below the folder.
  open('main.bicep', "module vault 'br:contoso.azurecr.io/vault:v1' = {\n  name: 'vault'\n}\n");
  const [restored] = await until('main.bicep', (codes) => codes.includes('public-vault'));
  assert.match(JSON.stringify(restored), /kv-restored/);
  assert.ok(
    [...asked].every((what) => !what.includes('..')),
    'nothing above the folder is asked for',
  );
});
