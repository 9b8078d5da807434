// The pages of examples/problems show what the command prints. UPDATE_PAGES=1 updates them.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './command.js';

const problems = fileURLToPath(new URL('../../examples/problems', import.meta.url));
const folders = readdirSync(problems, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** The words of a command line, which may be in single quotes. @param {string} line */
const words = (line) => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);

/** A page with the present output of its commands. @param {string} folder @param {string} page */
function printed(folder, page) {
  return page.replace(/^```console\n\$ vaultmoat (.*)\n[^]*?^```$/gm, (_, line) => {
    const { stdout, stderr } = run(folder, words(line));
    return `\`\`\`console\n$ vaultmoat ${line}\n${stdout}${stderr}\`\`\``;
  });
}

for (const name of folders) {
  test(`${name} shows the output of its commands`, () => {
    const folder = join(problems, name);
    const path = join(folder, 'README.md');
    const page = readFileSync(path, 'utf8');
    const now = printed(folder, page);
    if (process.env.UPDATE_PAGES) writeFileSync(path, now);
    else assert.equal(page, now);
  });
}

test('every problem has commands, and is in the list', () => {
  const list = readFileSync(join(problems, 'README.md'), 'utf8');
  const linked = [...list.matchAll(/\]\(([^)]+)\/README\.md\)/g)].map(([, name]) => name);
  assert.deepEqual(linked.sort(), folders.sort());
  assert.equal(folders.length, 20);
  for (const name of folders) {
    const page = readFileSync(join(problems, name, 'README.md'), 'utf8');
    assert.match(page, /^```console\n\$ vaultmoat .+\n.+/m, name);
    assert.match(page, /^## How to fix it$/m, name);
  }
});
