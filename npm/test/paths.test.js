import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, run } from './command.js';
import { COMMANDS } from './questions.js';
import { linksTo, openBicep, openVault } from './templates.js';

/** The files that a check read. @param {string} cwd @param {string[]} words */
function read(cwd, ...words) {
  const { status, stdout, stderr } = run(cwd, ['check', '--format', 'json', '--fail-on', 'never', ...words]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout).files.map((/** @type {{ path: string }} */ { path }) => path);
}

/** The message of a refused run. @param {string} cwd @param {string[]} words */
function refused(cwd, ...words) {
  const { status, stdout, stderr } = run(cwd, ['check', ...words]);
  assert.equal(status, 2, stderr);
  assert.equal(stdout, '');
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  return stderr;
}

test('links in cycles and out of the tree are not followed, and a named link is', () => {
  const outside = folder({ 'main.json': openVault });
  const cwd = folder({ 'a/main.json': openVault, 'a/b/main.json': openVault });
  symlinkSync('..', join(cwd, 'a/b/up'));
  symlinkSync(outside, join(cwd, 'a/out'));
  symlinkSync('self.json', join(cwd, 'self.json'));
  assert.deepEqual(read(cwd), ['a/b/main.json', 'a/main.json']);
  assert.deepEqual(read(cwd, 'a/out'), ['a/out/main.json']);
  assert.deepEqual(read(cwd, 'a/b/up/b'), ['a/b/up/b/main.json']);
  assert.equal(refused(cwd, 'self.json'), 'vaultmoat: self.json: a symbolic link to itself\n');
});

test('pipes, sockets and devices are skipped wherever a file is expected', async (context) => {
  if (process.platform === 'win32') return context.skip('there are none');
  const cwd = folder({ 'main.tf': '', 'main.json': linksTo('pipe.json'), 'deep/main.json': openVault });
  const pipes = [
    'pipe.json',
    'pipe.tf',
    'main.parameters.json',
    '.gitignore',
    'vaultmoat.toml',
    'deep/package.json',
    'bicepconfig.json',
  ];
  execFileSync(
    'mkfifo',
    pipes.map((name) => join(cwd, name)),
  );
  symlinkSync('/dev/zero', join(cwd, 'zero.json'));
  symlinkSync('/dev/zero', join(cwd, 'zero.tf'));
  const server = createServer().listen(join(cwd, 'socket.json'));
  await new Promise((resolve) => server.on('listening', resolve));
  assert.deepEqual(read(cwd), ['deep/main.json', 'main.json', 'main.tf']);
  assert.match(refused(cwd, 'socket.json'), /^vaultmoat: socket\.json: /);
  server.close();
  // A named device is read up to the largest size of a file.
  assert.equal(refused(cwd, '/dev/zero'), 'vaultmoat: /dev/zero: larger than 20 MB\n');
});

test('a named pipe is read to its end', (context) => {
  if (process.platform === 'win32') return context.skip('there are none');
  const cwd = folder({ 'main.json': openVault });
  const { command } = { command: new URL('../bin/vaultmoat.js', import.meta.url).pathname };
  const words = ['-c', '"$0" "$1" check --fail-on never --format json <(cat main.json)', process.execPath, command];
  const { summary } = JSON.parse(execFileSync('bash', words, { cwd, encoding: 'utf8' }));
  assert.equal(summary.vaults, 1);
});

test('a folder or a file without read permission is refused', (context) => {
  if (process.getuid?.() === 0) return context.skip('root may read everything');
  const cwd = folder({ 'main.json': openVault, 'closed/main.json': openVault });
  chmodSync(join(cwd, 'closed'), 0);
  try {
    assert.equal(refused(cwd, '.'), 'vaultmoat: closed: no permission to read it\n');
  } finally {
    chmodSync(join(cwd, 'closed'), 0o755);
  }
});

const evil = 'a\x1b[31m\x07\r\n::error::x\n##vso[task.setvariable variable=A]b\u202e"<b>`.json';

test('control characters in a name are replaced in every format', () => {
  const cwd = folder({ [evil]: openVault });
  for (const format of ['text', 'json', 'sarif', 'junit', 'github', 'azure-pipelines', 'markdown']) {
    const { status, stdout, stderr } = run(cwd, ['check', '--format', format]);
    assert.equal(status, 1, stderr);
    assert.doesNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f\u202e]/, format);
    assert.doesNotMatch(stdout, /^::error::x|\n##vso\[task\.setvariable/, format);
  }
  for (const words of [['graph'], ...COMMANDS.map(({ words }) => words)]) {
    assert.doesNotMatch(run(cwd, words).stdout, /[\x00-\x08\x0b-\x1f\x7f\u202e]/, words.join(' '));
  }
  writeFileSync(join(cwd, evil), Buffer.from([...Buffer.from(openVault), 0xff]));
  assert.doesNotMatch(refused(cwd, '.').trimEnd(), /[\x00-\x1f\x7f\u202e]/);
});

test('a name with control characters is quoted in a patch, which can still be applied', (context) => {
  const name = 'a\x1b[31m\n--- "b".json';
  const cwd = folder({ [name]: openVault });
  const { stdout } = run(cwd, ['check', '--unsafe-fixes', '--diff']);
  assert.match(stdout, /^--- "a\\033\[31m\\n--- \\"b\\".json"$/m);
  try {
    execFileSync('patch', ['--version']);
  } catch {
    return context.diagnostic('there is no patch here');
  }
  execFileSync('patch', ['-p0'], { cwd, input: stdout });
  assert.notEqual(readFileSync(join(cwd, name), 'utf8'), openVault);
  assert.equal(run(cwd, ['check', '--unsafe-fixes', '--diff']).stdout, '');
});

test('characters of patterns are literal in a path', () => {
  const cwd = folder({
    '[ab]*{c}?/main.json': openVault,
    '[ab]*{c}?/vaultmoat.toml': 'exclude = ["legacy/"]\n',
    '[ab]*{c}?/legacy/main.json': openVault,
    'axx/main.json': openVault,
    '!neg#.json': openVault,
  });
  assert.deepEqual(read(cwd, '[ab]*{c}?'), ['[ab]*{c}?/main.json']);
  assert.deepEqual(read(cwd, '[ab]*{c}?/main.json', '!neg#.json'), ['!neg#.json', '[ab]*{c}?/main.json']);
  assert.match(refused(cwd, '*.json'), /there is no such file or folder/);
});

test('a backslash between the folders of a pattern is refused, with the corrected pattern', () => {
  const files = { 'legacy/old/main.json': openVault };
  for (const [line, wanted] of [
    [
      'exclude = ["legacy\\\\old\\\\"]',
      /^vaultmoat: vaultmoat\.toml:1: .*`exclude` must have `\/` between folders, not `\\`, as in `legacy\/old\/`\n$/,
    ],
    ["include = ['legacy\\*.json']", /as in `legacy\/\*\.json`/],
    [
      '[[ignore]]\nrule = "public-vault"\nreason = "x"\nfile = \'legacy\\old\\*\'',
      /`file` of `ignore` must have `\/` between folders/,
    ],
  ]) {
    assert.match(refused(folder({ ...files, 'vaultmoat.toml': `${line}\n` })), /** @type {RegExp} */ (wanted));
  }
  // These are escapes in .gitignore.
  const cwd = folder({ ...files, '#a.json': openVault, 'vaultmoat.toml': "exclude = ['\\#a.json']\n" });
  assert.deepEqual(read(cwd), ['legacy/old/main.json']);
});

test('a tree deeper than the longest path is refused', (context) => {
  if (process.platform === 'win32') return context.skip('paths are something else');
  const cwd = folder({ 'main.json': openVault });
  const name = 'd'.repeat(200);
  execFileSync('sh', ['-c', `for i in $(seq 25); do mkdir ${name} && cd -P ${name} || exit 1; done; echo > main.json`], { cwd });
  const message = refused(cwd, '.');
  assert.match(message, /: the path is longer than the system allows\n$/);
  assert.ok(message.length < 600);
  execFileSync('rm', ['-rf', join(cwd, name)]);
  // A tree of 60 levels is read.
  const levels = (/** @type {number} */ count) => Array.from({ length: count }, () => 'd').join('/');
  mkdirSync(join(cwd, levels(63)), { recursive: true });
  writeFileSync(join(cwd, levels(63), 'main.json'), openVault);
  assert.deepEqual(read(cwd), [`${levels(63)}/main.json`, 'main.json']);
  mkdirSync(join(cwd, levels(400)), { recursive: true });
  assert.match(refused(cwd, '.'), /: more than 64 nested folders\n$/);
  rmSync(join(cwd, 'd'), { recursive: true });
});

test('a reference that is not a valid path is a missing file', () => {
  for (const way of [`${'x'.repeat(5000)}.json`, 'a\\u0000b.json', `${'../'.repeat(3000)}x.json`, 'CON', 'a/b/']) {
    assert.deepEqual(read(folder({ 'main.json': linksTo(way) })), ['main.json']);
  }
  const module = `module x '${'y'.repeat(300)}.bicep' = { name: 'x' }\n${openBicep}`;
  assert.deepEqual(read(folder({ 'main.bicep': module })), ['main.bicep']);
});

test('an output can have a name of the greatest length', () => {
  const cwd = folder({ 'main.json': openVault });
  const name = 'r'.repeat(255);
  assert.equal(run(cwd, ['check', '--output', name]).status, 1);
  assert.match(readFileSync(join(cwd, name), 'utf8'), /1 vault in 1 file/);
});

const inTerraform = (/** @type {string} */ name) => `resource "azurerm_key_vault" "kv" {\n  name = ${name}\n}\n`;

test('files of OpenTofu are read like those of Terraform, in a folder, by name and beside others', () => {
  const cwd = folder({
    'a/main.tofu': inTerraform('"kv-a"'),
    'a/more.tofu.json': '{ "locals": { "x": 1 } }',
    'a/main.tf': inTerraform('"kv-old"'),
    'a/terraform.tfvars': '',
  });
  const all = ['a/main.tf', 'a/main.tofu', 'a/more.tofu.json', 'a/terraform.tfvars'];
  assert.deepEqual(read(cwd), all);
  assert.deepEqual(read(cwd, 'a'), all);
  assert.deepEqual(read(cwd, 'a/main.tofu'), all);
  const { stdout } = run(cwd, ['model', '--format', 'json', '.']);
  assert.deepEqual(
    JSON.parse(stdout).vaults.map((/** @type {{ name: string }} */ { name }) => name),
    ['kv-a'],
  );
});

test('an example finds the module at the root of its repository, from any folder', () => {
  const cwd = folder({
    '.git/HEAD': '',
    'main.tf': `variable "n" {}\n${inTerraform('var.n')}`,
    'examples/pe/main.tf': 'module "kv" {\n  source = "../.."\n  n = "kv-abc1"\n}\n',
  });
  for (const [at, ...words] of [
    ['.', '.'],
    ['.', 'examples/pe/main.tf'],
    ['.', './examples/pe'],
    ['examples', 'pe'],
    ['examples/pe', '.'],
    ['examples/pe', 'main.tf'],
  ]) {
    const { status, stdout, stderr } = run(join(cwd, at ?? '.'), ['check', '--format', 'json', '--fail-on', 'never', ...words]);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '', `${at} ${words}`);
    const { missing, summary } = JSON.parse(stdout);
    assert.deepEqual(missing, [], `${at} ${words}`);
    assert.equal(summary.vaults, 1, `${at} ${words}`);
  }
});
