// The extension in VS Code, through its user interface. Screenshots are in target/editor.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBicep, openVault } from '../npm/test/templates.js';
import { root } from './templates.js';
import { withWorkbench } from './workbench.js';

/** @typedef {import('./workbench.js').Workbench} Workbench */

const openTerraform = `resource "azurerm_key_vault" "main" {
  name                = "kv-open"
  location            = "westeurope"
  resource_group_name = "network"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  sku_name            = "standard"

  network_acls {
    default_action = "Allow"
    bypass         = "None"
  }
}
`;

const endpoint = readFileSync(join(root, 'examples/templates/private-endpoint.bicep'), 'utf8');

/** Asserts that a squiggle is below this text, once the text around it is rendered. @param {Workbench} one @param {string} text */
async function isMarked(one, text) {
  await one.squiggles.first().waitFor();
  let seen = '';
  for (let tries = 0; tries < 20; tries++) {
    const { x, y, width } = await one.boxOf(text);
    const boxes = await one.squiggles.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    if (boxes.some((box) => Math.abs(box.x - x) < 3 && Math.abs(box.width - width) < 4 && Math.abs(box.y - y) < 8)) return;
    seen = `${text} at ${x}, ${y}, ${width} wide: ${JSON.stringify(boxes)}`;
    await one.page.waitForTimeout(250);
  }
  assert.fail(seen);
}

/** Saves, until it is on the disk. @param {Workbench} one @param {string} path @param {RegExp} pattern */
async function isSaved(one, path, pattern) {
  for (let tries = 0; tries < 20; tries++) {
    await one.page.keyboard.press('Control+S');
    await one.page.waitForTimeout(500);
    if (pattern.test(readFileSync(join(one.folder, path), 'utf8'))) return;
  }
  assert.match(readFileSync(join(one.folder, path), 'utf8'), pattern);
}

for (const { language, path, text, word, fixed } of [
  { language: 'bicep', path: 'main.bicep', text: openBicep, word: "'Allow'", fixed: /defaultAction: 'Deny'/ },
  { language: 'arm', path: 'main.json', text: openVault, word: '"Allow"', fixed: /"defaultAction": "Deny"/ },
  { language: 'terraform', path: 'main.tf', text: openTerraform, word: '"Allow"', fixed: /default_action = "Deny"/ },
]) {
  test(`${language}: the finding is below its text and among the problems, and its fix can be applied`, () =>
    withWorkbench(language, { files: { [path]: text } }, async (one) => {
      const { page } = one;
      await one.open(path);
      await isMarked(one, word);
      await page.keyboard.press('Control+Shift+M');
      const problems = page.locator('.markers-panel .monaco-list-row');
      await problems
        .filter({ hasText: /open to the internet.*vaultmoat.*public-vault/s })
        .first()
        .waitFor();
      await one.picture('finding');
      assert.match(await one.hover(word), /open to the internet/);
      await one.picture('hover');
      await page.keyboard.press('Escape');
      await one.click(word);
      await page.mouse.move(5, 400);
      await one.editor.locator('[class*="lightbulb" i]').first().waitFor();
      await page.keyboard.press('Control+.');
      const fixes = page.locator('.action-widget .monaco-list-row.action');
      await fixes.first().waitFor();
      await one.picture('fixes');
      await fixes.filter({ hasText: 'refuse by default' }).first().click();
      await problems.filter({ hasText: 'public-vault' }).first().waitFor({ state: 'detached' });
      await isSaved(one, path, fixed);
      await one.picture('fixed');
    }));
}

test('a vault has a hover with its network position, and a lens for who can reach it', () =>
  withWorkbench('vault', { files: { 'main.bicep': endpoint } }, async (one) => {
    const { page } = one;
    await one.open('main.bicep');
    await page.locator('.codelens-decoration a', { hasText: 'who can reach this vault' }).first().waitFor();
    assert.match(await one.hover('Microsoft.KeyVault'), /public network access: Disabled.*private endpoints: 1/s);
    await one.picture('hover');
    await page.locator('.codelens-decoration a', { hasText: 'who can reach this vault' }).first().click();
    await one.webview().locator('body', { hasText: 'ForbiddenByConnection' }).waitFor();
    await one.picture('lens');
  }));

test('commands explain access, plan the migration, and show the network', () =>
  withWorkbench('commands', { files: { 'main.bicep': endpoint } }, async (one) => {
    const { page } = one;
    await one.open('main.bicep');
    await page.locator('.codelens-decoration a').first().waitFor();
    await one.run('Explain access');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'all callers' }).first().waitFor();
    await one.picture('who-asks');
    await one.pick('internet');
    await one.webview().locator('body', { hasText: 'denied' }).waitFor();
    await one.picture('explain');
    await one.click('param');
    await one.run('Plan migration');
    await one.webview().locator('body', { hasText: 'Prove that the name resolves' }).waitFor();
    await one.picture('plan');
    await one.click('param');
    await one.run('Show network of this vault');
    await one.webview().locator('svg').waitFor();
    await one.picture('network');
  }));

for (const theme of ['Default Light Modern', 'Default Dark Modern', 'Default High Contrast']) {
  test(`the picture of the network leads to the text, and follows it (${theme})`, () =>
    withWorkbench(
      `network-${theme.toLowerCase().replaceAll(' ', '-')}`,
      { files: { 'main.bicep': endpoint }, settings: { 'workbench.colorTheme': theme } },
      async (one) => {
        const { page } = one;
        await one.open('main.bicep');
        await page.locator('.codelens-decoration a').first().waitFor();
        await one.hideSideBar();
        await one.run('Show network of this vault');
        const zone = one.webview().locator('[data-node]', { hasText: 'privatelink.vaultcore.azure.net' }).last();
        await zone.waitFor();
        await one.picture('shown');
        // Styles without the nonce do not apply: colours are those of the theme.
        const colors = await one
          .webview()
          .locator('.vault .box')
          .evaluate((box) => [
            getComputedStyle(box).fill,
            getComputedStyle(/** @type {Element} */ (box.closest('svg')?.querySelector('text'))).fill,
          ]);
        assert.ok(!colors.includes('rgb(0, 0, 0)') || theme.includes('High'), String(colors));
        await zone.click();
        await page.locator('#status\\.editor\\.selection', { hasText: 'Ln 50, Col 1' }).waitFor();
        await one.picture('chosen');
        await one.webview().locator('label', { hasText: 'fit' }).click();
        await one.picture('whole');
        await page.locator('.editor-instance .monaco-editor').first().click();
        await page.keyboard.press('Control+H');
        await page.locator('.find-widget .find-part textarea').fill('vnet-payments');
        await page.locator('.find-widget .replace-part textarea').fill('vnet-moved');
        await page.keyboard.press('Control+Alt+Enter');
        await one.webview().locator('[data-node]', { hasText: 'vnet-moved' }).first().waitFor();
        assert.equal(await one.webview().locator('#fit').isChecked(), true);
        await one.picture('followed');
      },
    ));
}

test('in the host of VS Code for the web the server is a worker that reads by the editor', () => {
  const module = "module vault 'modules/vault.bicep' = {\n  name: 'vault'\n}\n";
  const files = {
    'main.bicep': module,
    'modules/vault.bicep': openBicep,
    'vaultmoat.toml': '[[ignore]]\nrule = "no-purge-protection"\nfile = "/modules/*"\nreason = "a demo"\n',
    'broken/vaultmoat.toml': 'profile = "strict"\nprofil = 1\n',
    'broken/main.bicep': openBicep,
  };
  const settings = { 'remote.extensionKind': { 'vaultmoat.vaultmoat-vscode': ['web'] } };
  return withWorkbench('web', { files, settings }, async (one) => {
    const { page } = one;
    await one.open('main.bicep');
    await page.keyboard.press('Control+Shift+M');
    const problems = page.locator('.markers-panel .monaco-list-row');
    await problems.filter({ hasText: 'public-vault' }).first().waitFor();
    assert.equal(await problems.filter({ hasText: 'no-purge-protection' }).count(), 0);
    await one.picture('problems');
    await page.keyboard.press('Control+1');
    await page.keyboard.press('Control+W');
    await one.open('broken/main.bicep');
    await problems.filter({ hasText: 'unknown key `profil`' }).first().waitFor();
    await problems.filter({ hasText: 'no-purge-protection' }).first().waitFor();
    await one.picture('broken');
    await one.run('Show network of this vault');
    await one.webview().locator('svg').waitFor();
    await one.picture('network');
  });
});
