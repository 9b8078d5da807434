// Hostile repositories: what a template can make the command read, write, run and request.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createEngine } from 'vaultmoat';
import { command, folder, run } from './command.js';
import { answers, COMMANDS } from './questions.js';
import { linksTo, openBicep, openVault, parameters } from './templates.js';

/** Templates that read a file into the name of a vault. @param {string} path */
const readers = (path) => ({
  'main.bicep': openBicep.replace("'kv-open'", `'kv-\${loadTextContent('${path}')}'`),
  'main.tf': `resource "azurerm_key_vault" "kv" {
  name                = "kv-\${file("${path}")}"
  location            = "westeurope"
  resource_group_name = "rg"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  sku_name            = "standard"
}
`,
});
const SECRET = 'hunter2';
const isShown = (/** @type {ReturnType<typeof run>} */ { stdout, stderr }) => `${stdout}${stderr}`.includes(SECRET);

/** A repository beside a secret file. @param {Record<string, string>} files @param {string} [secret] */
function beside(files, secret = SECRET) {
  const cwd = folder({ 'secret.txt': secret, 'repository/.git/HEAD': '' });
  const repository = join(cwd, 'repository');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(repository, name), text);
  return repository;
}

test('a text that a template names is read in the repository', () => {
  for (const [name, text] of Object.entries(readers('name.txt'))) {
    const cwd = beside({ [name]: text, 'name.txt': SECRET });
    assert.ok(isShown(run(cwd, ['check'])), name);
  }
});

test('nothing outside of the repository is read, by any path or link, and the run says so', () => {
  for (const path of ['../secret.txt', 'link.txt', 'folder/secret.txt']) {
    for (const [name, text] of Object.entries(readers(path))) {
      const cwd = beside({ [name]: text });
      symlinkSync('../secret.txt', join(cwd, 'link.txt'));
      symlinkSync('..', join(cwd, 'folder'));
      const result = run(cwd, ['check', name]);
      assert.ok(!isShown(result), `${name} reads ${path}`);
      assert.equal(result.stderr, `vaultmoat: ${path}: outside of the repository: not read\n`);
      assert.equal(run(cwd, ['check', '--quiet', name]).stderr, '');
    }
  }
});

test('templates outside of the repository are not read either', () => {
  const cwd = folder({ 'other.json': openVault, 'repository/main.json': linksTo('../other.json'), 'repository/.git/HEAD': '' });
  assert.match(run(join(cwd, 'repository'), ['check']).stdout, /^0 vaults in 1 file/m);
});

test('where there is no repository, templates are read anywhere and other texts below the folder', () => {
  const cwd = folder({ 'other.json': openVault, 'secret.txt': SECRET, 'infra/main.json': linksTo('../other.json') });
  const infra = join(cwd, 'infra');
  assert.match(run(infra, ['check']).stdout, /^1 vault in 2 files/m);
  for (const [name, text] of Object.entries(readers('../secret.txt'))) {
    writeFileSync(join(infra, name), text);
    assert.ok(!isShown(run(infra, ['check', name])), name);
  }
});

test('nothing is written through a link that leads out of the repository', () => {
  const cwd = beside({ 'main.json': openVault, 'safe.txt': 'before' });
  symlinkSync('../secret.txt', join(cwd, 'report.txt'));
  symlinkSync('..', join(cwd, 'reports'));
  symlinkSync('safe.txt', join(cwd, 'inside.txt'));
  for (const [option, place] of [
    ['--output', 'report.txt'],
    ['--output', 'reports/new.txt'],
    ['--write-baseline', 'report.txt'],
  ]) {
    const { status, stderr } = run(cwd, ['check', 'main.json', option, place]);
    assert.equal(status, 2, place);
    assert.equal(stderr, `vaultmoat: ${place}: cannot be written: a symbolic link leads out of the repository\n`);
  }
  symlinkSync('../other.json', join(cwd, 'link.json'));
  writeFileSync(join(cwd, '../other.json'), openVault);
  assert.equal(run(cwd, ['check', '--unsafe-fixes', 'link.json']).status, 2);
  assert.equal(readFileSync(join(cwd, '../other.json'), 'utf8'), openVault);
  assert.equal(readFileSync(join(cwd, '../secret.txt'), 'utf8'), SECRET);
  assert.deepEqual(readdirSync(join(cwd, '..')).sort(), ['other.json', 'repository', 'secret.txt']);
  assert.equal(run(cwd, ['check', 'main.json', '--output', 'inside.txt']).status, 1);
  assert.notEqual(readFileSync(join(cwd, 'safe.txt'), 'utf8'), 'before');
});

test('--stdin-filename may be in a folder that does not exist', () => {
  const { status, stdout, stderr } = run(folder({}), ['check', '--stdin-filename', 'no/where/main.json', '-'], {
    input: openVault,
  });
  assert.equal(status, 1, stderr);
  assert.match(stdout, /no\/where\/main\.json/);
});

test('what the system makes up as it is read is empty', { skip: !existsSync('/proc/self/environ') }, () => {
  for (const [name, text] of Object.entries(readers('/proc/self/environ'))) {
    const cwd = folder({ [name]: text });
    const result = run(cwd, ['check', name], { env: { TOKEN: SECRET } });
    assert.notEqual(result.status, 2, result.stderr);
    assert.ok(!isShown(result), name);
    symlinkSync('/proc/self/environ', join(cwd, 'terraform.tfvars'));
    assert.ok(!isShown(run(cwd, ['check'], { env: { TOKEN: SECRET } })), name);
  }
});

test('patterns and folders that were made to take for ever do not', () => {
  const deep = 'a/'.repeat(60);
  const cwd = folder({
    '.gitignore': `${'**/a/'.repeat(12)}b\n*.ignored.json\n`,
    [`${deep}main.json`]: openVault,
    [`${deep}main.ignored.json`]: openVault,
  });
  assert.match(run(cwd, ['check']).stdout, /^1 vault in 1 file/m);
  writeFileSync(join(cwd, 'vaultmoat.toml'), `profile = "strict"\nexclude = ["x", "${'**/a/'.repeat(12)}b"]\n`);
  const { status, stderr } = run(cwd, ['check']);
  assert.equal(status, 2);
  assert.equal(stderr, 'vaultmoat: vaultmoat.toml:2: `exclude` has a pattern with more than 3 `**`\n');
  const deeper = folder({ [`${'a/'.repeat(70)}main.json`]: openVault });
  const refused = run(deeper, ['check']);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /^vaultmoat: (a\/){63}a: more than 64 nested folders\n$/);
});

// Every command, with files in every language.

const guard = new URL('guard.js', import.meta.url).href;
const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
const WORDS = [
  ['check', '--controls', '--format', 'markdown'],
  ['check', '--diff'],
  ...['json', 'sarif', 'junit', 'github', 'azure-pipelines'].map((format) => ['check', '--format', format]),
  ...COMMANDS.map(({ words }) => words),
  ['diff', 'main.json', 'closed.json'],
  ['graph', '--format', 'svg'],
  ['rules'],
];
const files = {
  'main.json': openVault,
  'closed.json': openVault.replace('"Allow"', '"Deny"'),
  '.git/HEAD': '',
};

/** Runs the command with Node's permission model. @param {string} cwd @param {string[]} flags @param {string[]} words */
function restricted(cwd, flags, words) {
  const node = [permission, ...flags, '--no-warnings', '--import', guard, command, ...words];
  return spawnSync(process.execPath, node, { cwd, encoding: 'utf8' });
}

for (const words of WORDS) {
  test(`\`${words.join(' ')}\` writes nothing, runs nothing and asks no network`, () => {
    const cwd = folder(files);
    const paths = words.some((word) => ['diff', 'rules'].includes(word)) ? [] : ['main.json'];
    const { status, stderr } = restricted(cwd, ['--allow-fs-read=*'], [...words, ...paths]);
    assert.ok(status === 0 || status === 1, `${status}: ${stderr}`);
    assert.deepEqual(
      readdirSync(cwd).sort(),
      Object.keys(files)
        .map((name) => name.split('/')[0])
        .sort(),
    );
  });
}

test('the guards of these tests guard', () => {
  const cwd = folder({ 'main.json': openVault });
  const write = restricted(cwd, ['--allow-fs-read=*'], ['check', '--output', 'report.txt', 'main.json']);
  assert.equal(write.status, 2);
  assert.match(write.stderr, /report\.txt: cannot be written: Access to this API has been restricted/);
  const git = restricted(cwd, ['--allow-fs-read=*'], ['check', '--changed-since', 'main']);
  assert.notEqual(git.status, 0);
  const node = ['--import', guard, '--eval', "fetch('http://127.0.0.1:9')"];
  assert.equal(spawnSync(process.execPath, node).status, 99);
  const connect = ['--import', guard, '--input-type=module', '--eval', "(await import('node:http')).get('http://127.0.0.1:9')"];
  assert.equal(spawnSync(process.execPath, connect).status, 99);
});

test('the library neither writes, runs nor asks, and reads its module alone', () => {
  const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)));
  const cwd = realpathSync(folder({ 'use.mjs': '' }));
  writeFileSync(
    join(cwd, 'use.mjs'),
    `import { createEngine } from '${join(root, 'dist/node.js')}';
     const project = (await createEngine()).project();
     project.set('main.json', ${JSON.stringify(openVault)});
     console.log(project.check().summary.vaults);`,
  );
  const reads = [root, cwd].map((path) => `--allow-fs-read=${path}/*`);
  const node = [permission, ...reads, '--no-warnings', join(cwd, 'use.mjs')];
  const { stdout, stderr } = spawnSync(process.execPath, node, { cwd, encoding: 'utf8' });
  assert.equal(stdout, '1\n', stderr);
});

test('a secure parameter stays unknown, whatever gives it a value', async () => {
  const moat = await createEngine();
  const head = '"contentVersion": "1.0.0.0",';
  /** @param {string} type @param {string} more */
  const arm = (type, more) =>
    openVault
      .replace(head, `${head} "parameters": { "p": { "type": "${type}"${more} } },`)
      .replace('"kv-open"', `"[concat('kv-', parameters('p'))]"`);
  const bicep = openBicep.replace("'kv-open'", "'kv-${p}'");
  const parameterFile = parameters.replace('"parameters": {}', `"parameters": { "p": { "value": "${SECRET}" } }`);
  /** @param {Record<string, string>} files */
  const isReported = (files) => {
    const project = moat.project({ profile: 'strict' });
    for (const [path, text] of Object.entries(files)) project.set(path, text);
    const all = [...answers(project), project.access()];
    return JSON.stringify(all).includes(SECRET);
  };
  const given = `, "defaultValue": "${SECRET}"`;
  assert.ok(isReported({ 'main.json': arm('string', given) }), 'a value that is not secure is shown');
  assert.ok(!isReported({ 'main.json': arm('securestring', given) }));
  assert.ok(!isReported({ 'main.json': arm('secureString', ''), 'main.parameters.json': parameterFile }));
  assert.ok(!isReported({ 'main.bicep': `@secure()\nparam p string = '${SECRET}'\n${bicep}` }));
  const using = `using 'main.bicep'\nparam p = '${SECRET}'\n`;
  assert.ok(!isReported({ 'main.bicep': `@secure()\nparam p string\n${bicep}`, 'main.bicepparam': using }));
});

/** Texts in each language, with a place to insert something. */
const filled = (/** @type {string} */ more) => ({
  'main.json': openVault.replace('kv-open', `kv-open${more}`),
  'rows.json': `{"id":"/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-open","name":"kv-open${more}","type":"Microsoft.KeyVault/vaults","properties":{"vaultUri":""}}`,
  'main.bicep': `// ${more}\n${openBicep.replace('kv-open', `kv-open${more}`)}`,
  'main.bicepparam': `using 'main.bicep'\nparam p = '${more}'\n`,
  'main.tf': `# ${more}\nresource "azurerm_key_vault" "kv" {\n  name = "kv-open${more}"\n}\n`,
  'main.tfvars': `p = "${more}"\n`,
  'main.tf.json': `{"resource":{"azurerm_key_vault":{"kv":{"name":"kv-open${more}"}}}}`,
});

test('half of a pair of surrogates is a character that is lost, in every language', async () => {
  const moat = await createEngine();
  for (const lone of ['\ud800', '\udfff', '\udc00\ud800', 'a\ud83d', '\\ud800']) {
    for (const [path, text] of Object.entries(filled(lone))) {
      const project = moat.project({ profile: 'strict' });
      project.set(path, text);
      const report = project.check();
      assert.deepEqual(
        report.files.map((file) => file.path),
        [path],
      );
      const all = [...answers(project), project.access(), project.fix({ unsafe: true })];
      // JSON escapes lone surrogates.
      assert.doesNotMatch(JSON.stringify(all), /(?<!\\)\\ud[89a-f]/, `${path} with ${JSON.stringify(lone)}`);
      // It has the length of one UTF-16 unit, as in the editor.
      const ends = report.diagnostics.map(({ range }) => range.end.offset);
      assert.ok(Math.max(0, ...ends) <= text.length, path);
      moat.identify(path, text);
      project.set(`${lone}.json`, openVault);
      assert.ok(project.check().summary.vaults > 0, path);
    }
    const project = moat.project({ parameter: { [lone]: lone }, folder: lone });
    project.set('main.json', openVault);
    assert.equal(project.check().summary.vaults, 1);
  }
});

test('a file that is not UTF-8 is reported in one line, in every language', () => {
  // An invalid byte, a truncated character, a surrogate, and an overlong encoding.
  for (const [at, invalid] of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0xaf]].entries()) {
    for (const [path, text] of Object.entries(filled('@@')).slice(at === 0 ? 0 : -1)) {
      const [first = '', ...rest] = text.split('@@').map((part) => Buffer.from(part));
      const bytes = Buffer.concat([Buffer.from(first), ...rest.flatMap((part) => [Buffer.from(invalid), part])]);
      const cwd = folder({ [path]: bytes });
      assert.deepEqual(run(cwd, ['check', path]), { status: 2, stdout: '', stderr: `vaultmoat: ${path}: not UTF-8 text\n` });
    }
  }
});

test('in a hostile repository git runs no monitor of it', () => {
  const cwd = folder({ 'main.json': openVault });
  const git = (/** @type {string[]} */ ...words) => {
    const { status, stderr } = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      cwd,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  };
  git('init', '--quiet');
  git('add', 'main.json');
  git('commit', '--quiet', '--message', 'a');
  writeFileSync(join(cwd, 'evil.sh'), '#!/bin/sh\ntouch pwned\n', { mode: 0o755 });
  mkdirSync(join(cwd, 'hooks'));
  writeFileSync(join(cwd, 'hooks/post-index-change'), '#!/bin/sh\ntouch pwned\n', { mode: 0o755 });
  writeFileSync(
    join(cwd, '.git/config'),
    `${readFileSync(join(cwd, '.git/config'), 'utf8')}
[core]
	fsmonitor = ./evil.sh
	hooksPath = hooks
[diff]
	external = ./evil.sh
`,
  );
  writeFileSync(join(cwd, 'main.json'), openVault.replace('kv-open', 'kv-other'));
  const { status, stdout } = run(cwd, ['check', '--changed-since', 'HEAD']);
  assert.equal(status, 1, stdout);
  assert.ok(!existsSync(join(cwd, 'pwned')));
});
