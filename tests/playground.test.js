// The playground, as a person meets it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './chromium.js';

/** @param {import('playwright-core').Page} page */
function problems(page) {
  /** @type {string[]} */
  const seen = [];
  page.on('pageerror', (error) => seen.push(error.message));
  page.on('console', (message) => message.type() === 'error' && seen.push(message.text()));
  return seen;
}

test('the playground shows the findings of the template it opens with', () =>
  withPage(async (page) => {
    const seen = problems(page);
    await page.goto('/');
    await page.locator('#findings li').first().waitFor();
    assert.match((await page.locator('#summary').textContent()) ?? '', /^1 vault, \d+ finding/);
    assert.deepEqual(seen, []);
  }));

test('the playground follows what is typed, and never shows an older state', () =>
  withPage(async (page) => {
    const seen = problems(page);
    await page.goto('/');
    await page.locator('#findings li').first().waitFor();
    await page.locator('#template').fill('');
    await page.locator('#summary', { hasText: '0 vaults' }).waitFor();
    assert.equal(await page.locator('#findings li').count(), 0);

    const template = await page.evaluate(async () => {
      // @ts-ignore served by the playground
      const { examples } = await import('/example.js');
      return examples['template.json'];
    });
    await page.locator('#template').pressSequentially(template.slice(0, 40));
    await page.locator('#template').fill(template);
    await page.locator('#summary', { hasText: '1 vault' }).waitFor();
    assert.deepEqual(seen, []);
  }));

test('a finding in the playground selects its place', () =>
  withPage(async (page) => {
    await page.goto('/');
    await page.locator('#findings li[data-rule="public-vault"] button').click();
    const selected = await page
      .locator('#template')
      .evaluate((/** @type {HTMLTextAreaElement} */ area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, '"Allow"');
  }));

test('the playground checks Bicep when it is asked to', () =>
  withPage(async (page) => {
    const seen = problems(page);
    await page.goto('/');
    await page.locator('#language').selectOption('Bicep');
    await page.locator('#findings li[data-rule="public-vault"] button').click();
    const selected = await page
      .locator('#template')
      .evaluate((/** @type {HTMLTextAreaElement} */ area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, "'Allow'");
    assert.deepEqual(seen, []);
  }));
