// The worker client in a real browser: order, cancellation, errors, restart.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, withPage } from './pages.js';
import { root } from './templates.js';

after(closeBrowser);

/**
 * Runs in the page, with the package as its argument.
 * @template T
 * @param {(library: any) => Promise<T>} body
 * @returns {Promise<T>}
 */
async function inPage(body) {
  let result;
  await withPage(async (page) => {
    await page.goto('/');
    result = await page.evaluate(`import('/vaultmoat/dist/browser.js').then(${body})`);
  });
  return /** @type {T} */ (result);
}

test('the engine takes its module as bytes, as a URL and compiled', async () => {
  for (const source of ['await (await fetch(url)).arrayBuffer()', 'url', 'await WebAssembly.compileStreaming(fetch(url))']) {
    await withPage(async (page) => {
      await page.goto('/');
      const version = await page.evaluate(`(async () => {
        const { createEngine, createWorkerEngine } = await import('/vaultmoat/dist/browser.js');
        const url = new URL('/vaultmoat/wasm/vaultmoat_bg.wasm', location.href);
        const engine = await createEngine({ wasm: ${source} });
        const worker = await createWorkerEngine({ wasm: ${source} });
        return [engine.version, worker.version];
      })()`);
      assert.deepEqual(version, ['0.1.0', '0.1.0']);
    });
  }
});

test('options that the engine refuses are refused by the worker with the same message', async () => {
  const [name, message] = await inPage(async ({ createWorkerEngine }) => {
    const engine = await createWorkerEngine();
    return engine.project({ clowd: 'public' }).catch((/** @type {Error} */ error) => [error.name, error.message]);
  });
  assert.equal(name, 'TypeError');
  assert.match(message, /^unknown option `clowd`/);
});

test('a newer check rejects an older one', async () => {
  const outcome = await inPage(async ({ createWorkerEngine }) => {
    const project = await (await createWorkerEngine()).project();
    const settled = await Promise.allSettled([project.check(), project.check(), project.check()]);
    return settled.map((one) => (one.status === 'fulfilled' ? one.value.version : one.reason.name));
  });
  assert.deepEqual(outcome, ['AbortError', 'AbortError', 1]);
});

test('a signal cancels a request, and the next one is answered', async () => {
  const outcome = await inPage(async ({ createWorkerEngine }) => {
    const project = await (await createWorkerEngine()).project();
    const controller = new AbortController();
    const given = project.check({ signal: controller.signal });
    controller.abort();
    const name = await given.catch((/** @type {Error} */ error) => error.name);
    return [name, (await project.check()).version];
  });
  assert.deepEqual(outcome, ['AbortError', 1]);
});

test('open requests are rejected when the engine is disposed of', async () => {
  const outcome = await inPage(async ({ createWorkerEngine }) => {
    const engine = await createWorkerEngine();
    const project = await engine.project();
    const open = project.check();
    engine.dispose();
    return Promise.all([open, engine.rules()].map((one) => one.catch((/** @type {Error} */ error) => error.message)));
  });
  assert.deepEqual(outcome, ['the engine was disposed of', 'the engine was disposed of']);
});

const openVault = readFileSync(join(root, 'examples/templates/open-vault.json'), 'utf8');

// A worker that ends when it identifies a file called `crash`.
const MORTAL = `
  self.addEventListener('message', (event) => {
    if (event.data.path !== 'crash') return;
    event.stopImmediatePropagation();
    throw new Error('boom');
  });
  await import('/vaultmoat/dist/worker.js');
`;

test('after a crash a new worker has the same projects and files', async () => {
  await withPage(async (page) => {
    await page.route('**/mortal.js', (route) => route.fulfill({ contentType: 'text/javascript', body: MORTAL }));
    await page.goto('/');
    const outcome = await page.evaluate(`(async () => {
      const { createWorkerEngine } = await import('/vaultmoat/dist/browser.js');
      const engine = await createWorkerEngine({ workerUrl: '/mortal.js' });
      const project = await engine.project();
      await project.set('main.json', ${JSON.stringify(openVault)});
      const crashed = engine.identify('crash', '').catch((error) => error.name + ': ' + error.message);
      const waiting = project.check();
      return [await crashed, (await waiting).summary.vaults, (await project.check()).summary.vaults];
    })()`);
    const [crashed, ...vaults] = /** @type {[string, number, number]} */ (outcome);
    assert.match(crashed, /^EngineCrash: the worker crashed: .*boom/);
    assert.deepEqual(vaults, [1, 1]);
  });
});

test('a worker that cannot be loaded, or never answers, is an error and not a hang', async () => {
  await withPage(async (page) => {
    await page.route('**/silent.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.goto('/');
    const outcome = await page.evaluate(`(async () => {
      const { createWorkerEngine } = await import('/vaultmoat/dist/browser.js');
      const attempt = (options) => createWorkerEngine(options).catch((error) => error.message);
      return [
        await attempt({ workerUrl: '/nowhere.js' }),
        await attempt({ workerUrl: '/silent.js', handshakeTimeout: 200 }),
      ];
    })()`);
    const [absent, silent] = /** @type {string[]} */ (outcome);
    assert.match(absent, /could not be loaded/);
    assert.match(silent, /did not answer within 200 ms/);
  });
});
