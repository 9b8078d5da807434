// The extension in VS Code, as a person meets it. Pictures of what was seen are kept in target/editor.

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

/** That a squiggle stands below this text, and that somebody finds out why. @param {Workbench} one @param {string} text */
async function isMarked(one, text) {
  await one.squiggles.first().waitFor();
  const { x, y, width } = await one.boxOf(text);
  const boxes = await one.squiggles.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  const near = boxes.some((box) => Math.abs(box.x - x) < 3 && Math.abs(box.width - width) < 4 && Math.abs(box.y - y) < 8);
  assert.ok(near, `${text} at ${x}, ${y}, ${width} wide: ${JSON.stringify(boxes)}`);
}

/** Saves, and gives what is on the disk. @param {Workbench} one @param {string} path @param {RegExp} pattern */
async function saved(one, path, pattern) {
  await one.page.keyboard.press('Control+S');
  await one.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  const text = readFileSync(join(one.folder, path), 'utf8');
  assert.match(text, pattern);
}

for (const { language, path, text, word, fixed } of [
  { language: 'bicep', path: 'main.bicep', text: openBicep, word: "'Allow'", fixed: /defaultAction: 'Deny'/ },
  { language: 'arm', path: 'main.json', text: openVault, word: '"Allow"', fixed: /"defaultAction": "Deny"/ },
  { language: 'terraform', path: 'main.tf', text: openTerraform, word: '"Allow"', fixed: /default_action = "Deny"/ },
]) {
  test(`${language}: the finding is below its text and among the problems, and its fix is made`, () =>
    withWorkbench(language, { files: { [path]: text } }, async (one) => {
      const { page } = one;
      await one.open(path);
      await isMarked(one, word);
      await page.keyboard.press('Control+Shift+M');
      const problems = page.locator('.markers-panel .monaco-list-row');
      await problems.filter({ hasText: /open to the internet.*vaultmoat\(public-vault\)/s }).first().waitFor();
      await one.picture('finding');
      assert.match(await one.hover(word), /open to the internet/);
      await one.picture('hover');
      await page.keyboard.press('Escape');
      await one.click(word);
      await page.keyboard.press('Control+.');
      const fixes = page.locator('.action-widget .monaco-list-row.action');
      await fixes.first().waitFor();
      await one.picture('fixes');
      await fixes.filter({ hasText: /Deny/ }).first().click();
      await problems.filter({ hasText: 'public-vault' }).first().waitFor({ state: 'detached' });
      await saved(one, path, fixed);
      await one.picture('fixed');
    }));
}

test('a vault says where it stands, and who can reach it', () =>
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
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'everybody' }).first().waitFor();
    await one.picture('who-asks');
    await one.pick('internet');
    await one.webview().locator('body', { hasText: 'denied' }).waitFor();
    await one.picture('explain');
    await one.click('param');
    await one.run('Plan migration');
    await one.webview().locator('body', { hasText: /phase/i }).waitFor();
    await one.picture('plan');
    await one.click('param');
    await one.run('Show network of this vault');
    await one.webview().locator('svg').waitFor();
    await one.picture('network');
  }));
