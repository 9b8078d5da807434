// The playground, through its user interface.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { closeBrowser, isFirefox, withPage } from './pages.js';
import { root } from './templates.js';

/** @typedef {import('playwright-core').Page} Page */

after(closeBrowser);

/** A vault that is open to the internet. @param {string} name */
const openVault = (name) => `resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: '${name}'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enablePurgeProtection: true
    networkAcls: { defaultAction: 'Allow', bypass: 'None' }
  }
}
`;

/** Collects errors of the page. @param {Page} page */
function problems(page) {
  /** @type {string[]} */
  const seen = [];
  page.on('pageerror', (error) => seen.push(error.message));
  page.on('console', (message) => message.type() === 'error' && seen.push(message.text()));
  return seen;
}

/** A test in the page after its first findings; an error of the page fails it.
 * @param {string} name @param {(page: Page) => Promise<void>} use @param {string} [address] */
function flow(name, use, address = '/') {
  test(name, () =>
    withPage(async (page) => {
      const seen = problems(page);
      page.setDefaultTimeout(10_000);
      await page.goto(address);
      await status(page, /\d+ vaults?, /);
      await use(page);
      assert.deepEqual(seen, []);
    }),
  );
}

/** @param {Page} page @param {RegExp} text */
const status = (page, text) => page.locator('#status', { hasText: text }).waitFor();

/** Replaces the text in the editor by pasting. @param {Page} page @param {string} text */
async function write(page, text) {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  if (text === '') return page.keyboard.press('Delete');
  await page.locator('.cm-content').evaluate((content, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
    // Firefox clears the data of a synthetic event.
    Object.defineProperty(paste, 'clipboardData', { value: clipboardData });
    content.dispatchEvent(paste);
  }, text);
}

/** The selected text in the editor. @param {Page} page */
const selected = (page) =>
  page.evaluate(() => {
    const root = /** @type {any} */ (document.querySelector('.editor')?.shadowRoot);
    // Firefox has one selection for all shadow roots.
    return String((root.getSelection ? root : document).getSelection());
  });

/** Drops files on the page. @param {Page} page @param {[string, string][]} files */
const drop = (page, files) =>
  page.evaluate((files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, files);

/** Clicks a button, and returns the file that it downloads. @param {Page} page @param {string} name */
async function saved(page, name) {
  const button = page.getByRole('button', { name, exact: true });
  if (!isFirefox) {
    const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  }
  // Firefox reports a download without the navigation that Playwright needs.
  const saving = page.evaluate(() => {
    const [create, click] = [URL.createObjectURL, HTMLAnchorElement.prototype.click];
    /** @type {Blob} */
    let blob;
    URL.createObjectURL = (object) => create.call(URL, (blob = /** @type {Blob} */ (object)));
    return new Promise((resolve) => {
      HTMLAnchorElement.prototype.click = function () {
        [URL.createObjectURL, HTMLAnchorElement.prototype.click] = [create, click];
        resolve(blob.text().then((text) => ({ name: this.download, text })));
      };
    });
  });
  await button.click();
  return /** @type {Promise<{ name: string, text: string }>} */ (saving);
}

flow('findings follow edits, and one selects its position', async (page) => {
  await page.locator('#findings li[data-rule="private-ip-rule"] .message').click();
  assert.equal(await selected(page), "'10.20.1.4'");
  await write(page, '');
  await status(page, /^0 vaults, 0 findings/);
  assert.equal(await page.locator('#findings li').count(), 0);
  await write(page, openVault('kv-typed'));
  await status(page, /^1 vault, [1-9]/);
  await page.locator('#findings li[data-rule="public-vault"]').waitFor();
  assert.ok((await page.locator('.cm-lintRange-warning').count()) > 0, 'marks in the text');
});

flow('a fix changes the text, and can be undone', async (page) => {
  await write(page, openVault('kv-mended'));
  const finding = page.locator('#findings li[data-rule="public-vault"]');
  await finding.locator('.fix').first().click();
  await finding.waitFor({ state: 'detached' });
  assert.match((await page.locator('.cm-content').textContent()) ?? '', /defaultAction: 'Deny'/);
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+Z');
  await finding.waitFor();
});

flow('all safe fixes are applied at once', async (page) => {
  const finding = page.locator('#findings li[data-rule="redundant-ip-rule"]');
  await finding.waitFor();
  await page.getByRole('button', { name: 'Apply all safe fixes' }).click();
  await finding.waitFor({ state: 'detached' });
});

flow('findings are saved as SARIF', async (page) => {
  const shown = await page.locator('#findings > li').evaluateAll((all) => all.map((one) => one.getAttribute('data-rule')));
  const { results } = JSON.parse((await saved(page, 'SARIF')).text).runs[0];
  assert.deepEqual(results.map((/** @type {any} */ { ruleId }) => ruleId).sort(), shown.sort());
  assert.ok(shown.length > 0);
  for (const { partialFingerprints } of results) assert.match(partialFingerprints['vaultmoat/v1'], /^[0-9a-f]{32}$/);
});

flow('an undecided question names the parameter, whose value decides it', async (page) => {
  const open = page.locator('#undecided li[data-rule="ineffective-firewall-rule"]');
  await open.getByRole('button', { name: 'set publicAccess' }).click();
  await page.keyboard.insertText('Disabled');
  await open.waitFor({ state: 'detached' });
  await page.locator('#findings li[data-rule="ineffective-firewall-rule"]').first().waitFor();
  await page.getByLabel('clear the value of publicAccess').click();
  await open.waitFor();
});

flow('the picture shows the network, and its elements select the text and back', async (page) => {
  const vault = page.locator('.picture [data-node].vault');
  await vault.waitFor();
  assert.match((await vault.getAttribute('aria-label')) ?? '', /^kv-shop vault .*, error: IP rule `10\.20\.1\.4` is private/);
  assert.equal(await page.locator('.picture style, .picture script').count(), 0);
  await vault.click();
  assert.match(await selected(page), /^resource vault /);
  assert.match((await page.locator('.about').textContent()) ?? '', /main\.bicep:23/);
  await write(page, openVault('kv-other'));
  await page.locator('.about', { hasText: 'kv-other' }).waitFor();
  await page.keyboard.press('Control+Z');
  await page.locator('.about', { hasText: 'kv-shop' }).waitFor();
  const subnet = page.locator('.picture [data-node].subnet', { hasText: 'jobs' });
  await subnet.focus();
  await page.keyboard.press('Enter');
  await page.locator('.picture .subnet.selected', { hasText: 'jobs' }).waitFor();
  await page.locator('.cm-line', { hasText: "name: 'jobs'" }).click();
  await page.locator('.picture .subnet.selected', { hasText: 'jobs' }).waitFor();
});

flow('a caller is shown gate by gate, with the resolved names', async (page) => {
  await page.getByRole('tab', { name: 'Access' }).click();
  await page.locator('#callers [data-from="subnet:vnet-shop/endpoints"]').click();
  await page.locator('#path h2', { hasText: 'vnet-shop/endpoints' }).waitFor();
  assert.ok((await page.locator('#path [data-gate]').count()) >= 8);
  // The zone may be linked elsewhere, so the answer is undecided.
  await page.locator('#path', { hasText: 'Answer: depends' }).waitFor();
  await page.locator('#callers [data-from="internet"]').click();
  await page.locator('.picture .internet.chosen').waitFor();
  await page.locator('#path .chain', { hasText: 'kv-shop.vault.azure.net' }).waitFor();
  await page.getByLabel('another caller').fill('ip:20.61.12.9');
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.locator('#path [data-gate="ip-rules"]', { hasText: 'lets in 20.61.12.9' }).waitFor();
  await page.getByLabel('another caller').fill('nobody');
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.locator('#path .empty').waitFor();
});

flow('the plan shows its phases, callers that would lose access, and each stage before and after', async (page) => {
  await page.getByLabel('examples').selectOption({ label: 'articles/open-beside-endpoint.json' });
  await page.getByRole('tab', { name: 'Plan' }).click();
  await page.locator('.phases', { hasText: 'kv-catalog' }).waitFor();
  assert.equal(await page.locator('.phases > [data-phase]').count(), 6);
  const after = page.locator('.after');
  await after.locator('.picture .vault', { hasText: 'kv-catalog' }).waitFor();
  assert.equal(await after.locator('.chosen, #changes li').count(), 0);
  await page.locator('[data-phase="disable"]').getByRole('button', { name: 'Before and after' }).click();
  await after.locator('#changes li', { hasText: 'internet' }).first().waitFor();
  await after.locator('.picture .blocked.chosen', { hasText: 'public access is off' }).waitFor();
  const slider = page.getByLabel('stage');
  assert.equal(await slider.getAttribute('aria-valuetext'), 'After “Disable public access”');
  await slider.press('ArrowLeft');
  await after.locator('.picture .blocked.chosen', { hasText: 'the firewall denies by default' }).waitFor();
  await slider.press('Home');
  await after.locator('#changes').waitFor({ state: 'detached' });
  await after.locator('.picture .reaches', { hasText: 'public endpoint' }).waitFor();
  assert.equal(await after.locator('.chosen').count(), 0);
});

flow('addresses: the rules of a vault, and a list that is pasted', async (page) => {
  await page.getByRole('tab', { name: 'Addresses' }).click();
  await page.locator('#panel-addresses .hilbert .rule.error').first().waitFor({ state: 'attached' });
  assert.equal(await page.locator('#panel-addresses tbody tr').count(), 3);
  await page.locator('#list').fill('20.61.12.0/25, 20.61.12.128/25\n20.61.13.7\n10.0.0.4\nbogus');
  await page.locator('#smallest', { hasText: '20.61.12.0/24' }).waitFor();
  assert.equal(await page.locator('#smallest').textContent(), '20.61.12.0/24\n20.61.13.7');
  assert.match(
    (await page.locator('#verdict').textContent()) ?? '',
    /5 rules, 2 of them refused.*bogus.*is not an IPv4 address/s,
  );
});

flow('a link brings files and parameters back, and a broken one is refused', async (page) => {
  await drop(page, [
    ['a.bicep', openVault('kv-ünïque')],
    [
      'b.tf',
      'variable "open" {}\nresource "azurerm_key_vault" "kv" {\n  name = "kv-b"\n  public_network_access_enabled = var.open\n}\n',
    ],
  ]);
  await status(page, /^2 vaults/);
  await page.locator('#undecided').getByRole('button', { name: 'set open' }).first().click();
  await page.keyboard.insertText('false');
  await page.locator('.files button', { hasText: 'b.tf' }).click();
  await page.locator('#share').click();
  await status(page, /link/i);
  const url = page.url();
  assert.match(url, /#v1=[\w-]+$/);
  await page.goto('about:blank');
  await page.goto(url);
  await status(page, /^2 vaults/);
  assert.equal(await page.locator('.files [aria-current]').textContent(), 'b.tf');
  assert.equal(await page.locator('#parameters input').first().inputValue(), 'false');
  await page.locator('.files button', { hasText: 'a.bicep' }).click();
  await page.locator('.cm-line', { hasText: 'kv-ünïque' }).waitFor();
  await page.evaluate(() => void (location.hash = '#v1=AAAA'));
  await status(page, /cannot be read/);
  const bomb = deflateRawSync(Buffer.alloc(64 << 20, ' ')).toString('base64url');
  await page.evaluate((fragment) => void (location.hash = fragment), `#v1=${bomb}`);
  await status(page, /cannot be read: it contains more than 4 MB/);
});

// A script cannot create dropped folders, and only Chromium has a command for them.
if (!isFirefox) {
  flow('a folder is dropped with its files', async (page) => {
    const folder = mkdtempSync(join(tmpdir(), 'vaultmoat-drop-'));
    for (const [path, text] of [
      ['main.bicep', "module kv 'modules/kv.bicep' = { name: 'kv' }\n"],
      ['modules/kv.bicep', openVault('kv-dropped')],
      ['.terraform/kv.bicep', openVault('kv-hidden')],
      ['README.md', '# no template'],
    ]) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [folder], dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
      await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
    }
    await page.locator('.files .file', { hasText: 'kv.bicep' }).waitFor();
    const names = await page.locator('.files .file').evaluateAll((all) => all.map((one) => one.getAttribute('data-path')));
    assert.deepEqual(names.map((name) => name?.replace(/^[^/]+\//, '')).sort(), ['main.bicep', 'modules/kv.bicep']);
    await status(page, /^1 vault, [1-9]/);
    rmSync(folder, { recursive: true });
  });
}

flow('each language has its colours, on a phone too', async (page) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const texts = /** @type {[string, string][]} */ ([
    ['a.bicep', "// why\nparam name string = 'kv'\n"],
    ['b.tf', '# why\nresource "azurerm_key_vault" "kv" {\n  name = "kv"\n}\n'],
    ['c.json', '// why\n[{ "type": "Microsoft.KeyVault/vaults", "properties": { "enableRbacAuthorization": true } }]\n'],
  ]);
  await drop(page, texts);
  for (const [path, text] of texts) {
    await page.locator('.files button', { hasText: path }).click();
    await page.locator('.cm-line', { hasText: 'why' }).waitFor();
    const colours = await page.locator('.cm-content').evaluate((content) => {
      const parts = Array.from(content.querySelectorAll('.cm-line span'), (part) => [
        part.textContent,
        getComputedStyle(part).color,
      ]);
      return Object.fromEntries(parts);
    });
    const words =
      path === 'a.bicep'
        ? ['// why', 'param', "'kv'"]
        : path === 'b.tf'
          ? ['# why', 'resource', '"kv"']
          : ['// why', '"type"', 'true'];
    const shown = words.map((word) => colours[word]);
    assert.equal(new Set(shown).size, 3, `${text} has ${JSON.stringify(colours)}`);
    assert.ok(!shown.includes(undefined), `${text} has ${JSON.stringify(colours)}`);
  }
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the page');
});

flow('files can be named, closed and opened', async (page) => {
  await page.getByLabel('new file').click();
  await page.getByLabel('name of the new file').fill('other.bicep');
  await page.keyboard.press('Enter');
  await write(page, openVault('kv-other'));
  await status(page, /^2 vaults/);
  await page.getByLabel('close main.bicep').click();
  await status(page, /^1 vault/);
  await page.getByLabel('close other.bicep').click();
  await status(page, /^0 vaults/);
  await write(page, openVault('kv-again'));
  await status(page, /^1 vault/);
  assert.equal(await page.locator('.files [aria-current]').textContent(), 'main.bicep');
});

flow('hostile texts never become markup', async (page) => {
  const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
  const quoted = JSON.stringify(hostile).slice(1, -1);
  const vault = `{"type":"Microsoft.KeyVault/vaults","apiVersion":"2026-02-01","name":"${quoted}","location":"w","properties":{
    "publicNetworkAccess":"[parameters('${quoted}')]",
    "networkAcls":{"defaultAction":"Deny","ipRules":[{"value":"${quoted}"}],"virtualNetworkRules":[{"id":"${quoted}"}]}}}`;
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  const text = `{"$schema":"${schema}","contentVersion":"1.0.0.0","parameters":{"${quoted}":{"type":"string"}},"resources":[${vault}]}`;
  await drop(page, [[`${hostile.replaceAll('/', '')}.json`, text]]);
  await status(page, /^1 vault/);
  await page.locator('#network [data-node].vault', { hasText: '<img' }).waitFor();
  for (const name of ['Access', 'Plan', 'Addresses', 'Findings']) {
    await page.getByRole('tab', { name }).click();
    await page.waitForTimeout(250);
  }
  await page.locator('#findings li', { hasText: '<img' }).first().waitFor();
  await assertNoMarkup(page);
  // Typed, hovered and selected texts.
  await page.getByLabel('new file').click();
  await page.getByLabel('name of the new file').fill(`${hostile}.bicep`);
  await page.keyboard.press('Enter');
  await page.locator('#parameters summary').click();
  await page.getByLabel('name of another parameter').fill(hostile);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel(`value of parameter ${hostile}`).first().fill(hostile);
  // Not with the mouse: the picture may be redrawn between its down and up events.
  await page.locator('#network [data-node].vault').focus();
  await page.keyboard.press('Enter');
  await page.locator('.about', { hasText: '<img' }).waitFor();
  await page.locator('.files button', { hasText: '.json' }).first().click();
  await page.locator('.cm-lintRange').first().hover();
  await page.locator('.cm-tooltip', { hasText: '<img' }).waitFor();
  await page.getByRole('tab', { name: 'Access' }).click();
  await page.getByLabel('another caller').fill(`subnet:${hostile}`);
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.locator('#path .empty', { hasText: '<img' }).waitFor();
  await page.getByRole('tab', { name: 'Addresses' }).click();
  await page.locator('#list').fill(hostile.replaceAll(' ', '/'));
  await page.locator('#verdict td', { hasText: '<img' }).first().waitFor();
  await assertNoMarkup(page);
  for (const name of ['SVG', 'Markdown']) {
    const { text } = await saved(page, name);
    assert.match(text, /img/);
    assert.doesNotMatch(text, /<(img|script)/);
  }
  // The content of a link.
  await page.locator('#share').click();
  await status(page, /link/i);
  const url = page.url();
  await page.goto('about:blank');
  await page.goto(url);
  await status(page, /^1 vault/);
  await page.locator('.files .file', { hasText: '<img' }).first().waitFor();
  await page.locator('#network [data-node].vault', { hasText: '<img' }).waitFor();
  await assertNoMarkup(page);
});

/** Asserts that no text of the test became an element or was executed. @param {Page} page */
async function assertNoMarkup(page) {
  const found = await page.evaluate(() => {
    const roots = [document, /** @type {ShadowRoot} */ (document.querySelector('.editor')?.shadowRoot)];
    const made = roots.flatMap((root) => Array.from(root.querySelectorAll('img:not([class^=cm-]), script:not([src])')));
    return { hacked: 'hacked' in window, made: made.map(({ outerHTML }) => outerHTML) };
  });
  assert.deepEqual(found, { hacked: false, made: [] });
}

test('nothing is asked for from elsewhere, and nothing at all once the page is there', () =>
  withPage(async (page, server) => {
    const seen = problems(page);
    /** @type {string[]} */
    const requests = [];
    page.on('request', (request) => /^https?:/.test(request.url()) && requests.push(request.url()));
    await page.goto('/');
    await page.waitForFunction(() => performance.getEntriesByName('settled').length > 0);
    const origin = new URL(page.url()).origin;
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(origin)),
      [],
    );
    requests.length = 0;
    // Offline.
    server.closeAllConnections();
    server.close();
    await page.getByLabel('examples').selectOption({ label: 'private-endpoint.bicep' });
    await page.locator('.picture .vault', { hasText: 'kv-payments-private' }).waitFor();
    for (const name of ['Access', 'Plan', 'Addresses', 'Findings']) await page.getByRole('tab', { name }).click();
    await page.locator('#share').click();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+F');
    await page.locator('.cm-search').waitFor();
    for (const [button, name] of [
      ['SVG', 'network.svg'],
      ['PNG', 'network.png'],
      ['Markdown', 'network.md'],
      ['SARIF', 'vaultmoat.sarif'],
    ]) {
      const file = await saved(page, button);
      assert.equal(file.name, name);
      assert.ok(file.text.length > 500, `${name} has ${file.text.length} characters`);
      if (name === 'network.md') assert.match(file.text, /```mermaid\nflowchart LR/);
    }
    assert.deepEqual(requests, []);
    assert.deepEqual(seen, []);
  }));

test('axe finds nothing in any view, in light, in dark and on a phone', () =>
  withPage(async (page) => {
    page.setDefaultTimeout(10_000);
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    if (!isFirefox) await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const [theme, width] of /** @type {const} */ ([
      ['light', 1400],
      ['dark', 1400],
      ['light', 390],
      ['dark', 390],
    ])) {
      await page.setViewportSize({ width, height: 850 });
      await page.goto('/');
      await page.locator('.picture [data-node].vault').waitFor();
      const button = page.locator('#actions .icon');
      while ((await button.getAttribute('aria-label')) !== `theme: ${theme}`) await button.click();
      await page.evaluate(axe);
      const assertClean = async (/** @type {string} */ view) => {
        const violations = await page.evaluate(async () => {
          // @ts-expect-error what was just evaluated
          const { violations } = await axe.run(document);
          return violations.map(
            (/** @type {any} */ one) => `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.html).join(' ')}`,
          );
        });
        assert.deepEqual(violations, [], `${view}, ${theme}, ${width}`);
      };
      await page.locator('#undecided').getByRole('button').first().click();
      await page.locator('.picture [data-node].vault').focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('new file').click();
      await assertClean('Findings, parameters, a name for a file, an element');
      await page.getByRole('tab', { name: 'Access' }).click();
      await page.locator('#path [data-gate]').first().waitFor();
      await assertClean('Access');
      // The vault of the first file denies by default, so that no phase of its plan changes a file.
      await page.getByLabel('examples').selectOption({ label: 'articles/open-beside-endpoint.json' });
      await page.getByRole('tab', { name: 'Plan' }).click();
      await page.getByRole('button', { name: 'Before and after' }).first().click();
      await page.locator('.after .picture svg').waitFor();
      await assertClean('Plan');
      await page.getByRole('tab', { name: 'Addresses' }).click();
      await page.locator('#list').fill('20.61.12.0/25\n10.0.0.4\nbogus');
      await page.locator('#smallest').waitFor();
      await assertClean('Addresses');
      await page.locator('.cm-content').click();
      await page.keyboard.press('Control+F');
      await page.locator('.cm-search').waitFor();
      await assertClean('Search');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the page');
    }
  }));

test('the policy of the page allows its own files, and no inline code', () => {
  const html = readFileSync(join(root, 'examples/playground/dist/index.html'), 'utf8');
  const [, policy = ''] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html) ?? [];
  const allowed = new Map(policy.split(';').map((one) => /** @type {[string, string]} */ (one.trim().split(/ (.*)/, 2))));
  assert.equal(allowed.get('default-src'), "'none'");
  assert.equal(allowed.get('script-src'), "'self' 'wasm-unsafe-eval'");
  assert.equal(allowed.get('style-src'), "'self'");
  assert.equal(allowed.get('connect-src'), "'self'");
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  assert.doesNotMatch(html, /<script(?![^>]* src=)|<style| style=| on\w+=/);
});

/** The most bytes, with gzip, to load before the first findings: in all, and of code and styles. */
// The aim is 700,000.
const MOST_LOADED = 838_000;
const MOST_CODE = 134 * 1024;

test('the files that are loaded first are small', () => {
  const dist = join(root, 'examples/playground/dist');
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const size = (/** @type {string} */ name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
  const names = readdirSync(join(dist, 'assets')).filter((name) => html.includes(name) || /^worker-.*\.js$|\.wasm$/.test(name));
  assert.ok(names.length >= 4, names.join(', '));
  const code = names.filter((name) => !name.endsWith('.wasm')).reduce((sum, name) => sum + size(`assets/${name}`), 0);
  assert.ok(code <= MOST_CODE, `${code} bytes of code and styles in ${names.join(', ')}`);
  const all = names.reduce((sum, name) => sum + size(`assets/${name}`), size('index.html'));
  assert.ok(all <= MOST_LOADED, `${all} bytes`);
});
