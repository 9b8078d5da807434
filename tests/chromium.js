// A page in Debian's Chromium, served like the playground.

import { chromium } from 'playwright-core';
import { serve } from '../examples/playground/serve.js';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {(page: import('playwright-core').Page) => Promise<void>} use @param {Parameters<typeof serve>[1]} [folders] */
export async function withPage(use, folders) {
  const server = /** @type {import('node:http').Server} */ (await serve(0, folders));
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const context = await browser.newContext({ baseURL: `http://127.0.0.1:${port}` });
    await use(await context.newPage());
  } finally {
    await browser.close();
    server.close();
  }
}
