// An application that checks a template on the page and in the worker, and a browser that opens it.

import assert from 'node:assert/strict';
import { serve } from '../examples/playground/serve.js';
import { folder, template, write } from './packed.js';
import { withPage } from './pages.js';

/** The source of the application, with the options of its two engines and its imports. */
export const application = ({ library = 'vaultmoat', imports = '', here = '{}', there = '{}' } = {}) => `
import { createEngine, createWorkerEngine } from '${library}';
${imports}
const text = ${JSON.stringify(template)};
const here = (await createEngine(${here})).project();
const there = await (await createWorkerEngine(${there})).project();
here.set('main.json', text);
void there.set('main.json', text);
document.title = [here.check(), await there.check()].map(({ summary }) => summary.vaults).join(' and ');
`;

/** A page that loads a script. @param {string} name @param {string} script */
export function writePage(name, script) {
  write(name, `<!doctype html><meta charset="utf-8"><title>loading</title><script type="module" src="${script}"></script>`);
}

/** Opens the page. @param {string} address @param {typeof serve} [start] */
export async function assertChecked(address, start = (port) => serve(port, { page: folder })) {
  await withPage(async (page) => {
    /** @type {string[]} */
    const problems = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
    await page.goto(address);
    await page.waitForFunction(() => document.title !== 'loading', undefined, { timeout: 10_000 }).catch(() => undefined);
    assert.deepEqual([await page.title(), problems], ['1 and 1', []]);
  }, start);
}
