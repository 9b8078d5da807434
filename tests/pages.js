// Pages in a browser of Debian's, Chromium or with BROWSER=firefox Firefox, served like the playground.

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

// Debian's Firefox is driven by WebDriver BiDi. Playwright 1.63 asks for more of that than Firefox ESR 153 has.
const launch = () =>
  isFirefox
    ? firefox.launch({ channel: 'moz-firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr' })
    : chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });

/** @type {ReturnType<typeof launch> | undefined} */
let browser;

/** Ends the browser that the pages were in, if there was one. */
export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

/** A page with a profile and a server of its own. The browser stays for the next one.
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
