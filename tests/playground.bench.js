// What `make bench` prints of the playground, in Chromium: how soon the engine answers, and how long a key takes.

import { closeBrowser, withPage } from './pages.js';

const RUNS = 5;
const TYPED = 'what somebody types here';
const list = (/** @type {number} */ count, /** @type {(at: number) => string} */ line) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

/** About 500 lines. */
const text = `resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
${list(250, (at) => `      { name: 's${at}', properties: { addressPrefix: '10.0.${at}.0/24' } }`)}
    ]
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-large'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    networkAcls: {
      defaultAction: 'Deny'
      ipRules: [
${list(220, (at) => `        { value: '20.${at}.12.0/24' }`)}
      ]
    }
  }
}
// `;

/** @type {{ engine: number[], checked: number[], long: number[] }} */
const seen = { engine: [], checked: [], long: [] };
for (let run = 0; run < RUNS; run++) {
  await withPage(async (page) => {
    await page.goto('/');
    await page.waitForFunction(() => performance.getEntriesByName('settled').length > 0);
    const content = page.locator('.cm-content');
    await content.click();
    await page.keyboard.press('Control+A');
    await content.evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await page.waitForTimeout(1500);
    const engine = await page.evaluate(() => {
      const load = /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType('navigation')[0]).loadEventEnd;
      const ready = performance.getEntriesByName('engine-ready')[0]?.startTime ?? NaN;
      performance.clearMeasures();
      const page = /** @type {any} */ (window);
      page.long = [];
      new PerformanceObserver((all) => page.long.push(...all.getEntries().map(({ duration }) => duration))).observe({
        type: 'longtask',
      });
      return ready - load;
    });
    for (const key of TYPED) {
      await page.keyboard.press(key === ' ' ? 'Space' : key);
      await page.waitForTimeout(80);
    }
    await page.waitForTimeout(500);
    const { checked, long } = await page.evaluate(() => ({
      checked: performance.getEntriesByName('checked').map(({ duration }) => duration),
      long: /** @type {any} */ (window).long,
    }));
    seen.engine.push(engine);
    seen.checked.push(...checked);
    seen.long.push(...long);
  });
  // A new profile: the next page has an empty cache.
  await closeBrowser();
}

const sorted = (/** @type {number[]} */ times) => times.sort((a, b) => a - b).map(Math.round);
const [engine, checked] = [sorted(seen.engine), sorted(seen.checked)];
console.log(`playground: engine ready ${engine[0]} to ${engine.at(-1)} ms after load (${RUNS} runs)`);
console.log(
  `playground: from a key to new findings in ${text.split('\n').length} lines: median ${checked[checked.length >> 1]} ms, ` +
    `95th percentile ${checked[Math.floor(checked.length * 0.95)]} ms (${checked.length} keys)`,
);
const long = sorted(seen.long);
console.log(`playground: ${long.length} tasks over 50 ms while typing${long.length > 0 ? `, up to ${long.at(-1)} ms` : ''}`);
