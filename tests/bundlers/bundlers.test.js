// The package through webpack, and in Deno and Bun. `make test-bundlers` installs these in target/bundlers.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { application, assertChecked, writePage } from '../bundled.js';
import { folder, run, template, write } from '../packed.js';
import { closeBrowser } from '../pages.js';
import { root } from '../templates.js';

after(closeBrowser);
const tools = join(root, 'target/bundlers/package.json');
const binary = (/** @type {string} */ name) => join(tools, '../node_modules/.bin', name);

test('webpack bundles the package as it comes', async () => {
  write('app.js', application());
  const webpack = createRequire(tools)('webpack');
  const output = { path: join(folder, 'webpack'), filename: 'app.js' };
  const stats = await new Promise((resolve, reject) => {
    webpack(
      { mode: 'production', context: folder, entry: './app.js', output },
      (/** @type {Error?} */ error, /** @type {any} */ stats) => (error ? reject(error) : resolve(stats)),
    );
  });
  assert.equal(stats.hasErrors(), false, stats.toString());
  writePage('webpack.html', './webpack/app.js');
  await assertChecked('/webpack.html');
});

for (const [name, ...words] of [
  ['deno', 'run', '--allow-read', '--no-prompt'],
  ['bun', 'run'],
]) {
  test(`the library checks in ${name}`, () => {
    write(
      'check.js',
      `import { createEngine } from 'vaultmoat';
       import { toSvg } from 'vaultmoat/graph';
       const project = (await createEngine()).project();
       project.set('main.json', ${JSON.stringify(template)});
       console.log(project.check().summary.vaults, (await toSvg(project.graph())).startsWith('<svg'));`,
    );
    const { status, output } = run(binary(name), ...words, 'check.js');
    assert.equal(status, 0, output);
    assert.equal(output.trim(), '1 true');
  });
}

for (const [name, ...words] of [
  ['deno', 'run', '--allow-read', '--allow-env', '--allow-sys', '--no-prompt'],
  ['bun', '--bun'],
]) {
  test(`the command runs in ${name}`, () => {
    write('main.json', template);
    const command = 'node_modules/vaultmoat/bin/vaultmoat.js';
    const { status, output } = run(binary(name), ...words, command, 'check', '--fail-on', 'never', 'main.json');
    assert.equal(status, 0, output);
    assert.match(output, /1 vault in 1 file/);
  });
}
