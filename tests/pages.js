// Pages in Debian's Chromium, or Firefox with BROWSER=firefox, served like the playground.

import { chromium, firefox } from 'playwright-core';
import { serve } from '../examples/playground/serve.js';

export const isFirefox = process.env.BROWSER === 'firefox';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Debian's Firefox is driven by WebDriver BiDi. Playwright 1.63 needs more of that than Firefox ESR 153 supports.
const launch = () =>
  isFirefox
    ? firefox.launch({ channel: 'moz-firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr' })
    : chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });

/** @type {ReturnType<typeof launch> | undefined} */
let browser;

/** Closes the browser, if there is one. */
export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

/** A page with its own profile and server. The browser is reused for the next one.
 * @param {(page: import('playwright-core').Page, server: import('node:http').Server) => Promise<void>} use
 * @param {typeof serve} [start] */
export async function withPage(use, start = serve) {
  browser ??= launch();
  const server = /** @type {import('node:http').Server} */ (await start(0));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const context = await (await browser).newContext({ baseURL: `http://127.0.0.1:${port}` });
  try {
    await use(await context.newPage(), server);
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
}
