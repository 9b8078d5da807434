import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, run } from './command.js';
import { linksTo, openBicep, openVault, parameters } from './templates.js';

/** The files that a check read. @param {string} cwd @param {string[]} words @param {{ input?: string }} [how] */
function read(cwd, words, how) {
  const { status, stdout, stderr } = run(cwd, ['check', '--format', 'json', '--fail-on', 'never', ...words], how);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout).files.map((/** @type {{ path: string }} */ { path }) => path);
}

test('exit codes: 0 clean, 1 findings at or above --fail-on, 2 anything else', () => {
  const cwd = folder({ 'main.json': openVault });
  assert.equal(run(cwd, []).status, 1);
  assert.equal(run(cwd, ['check']).status, 1);
  assert.equal(run(cwd, ['check', '--fail-on', 'never', 'main.json']).status, 0);
  assert.equal(run(folder({}), ['check']).status, 2);
  assert.equal(run(folder({}), ['check', '--no-errors-on-unmatched']).status, 0);
  assert.equal(run(cwd, ['check', 'nowhere.json']).status, 2);
});

test('a command line that cannot be understood prints one line and exits with 2', () => {
  const cwd = folder({});
  for (const [words, message] of /** @type {[string[], RegExp][]} */ ([
    [['check', '--colour'], /unknown option `--colour`/],
    [['chekc'], /there is no command `chekc`/],
    [['check', '--cloud', 'mars'], /--cloud must be one of public, usgov, china, not `mars`/],
    [['check', '--profile', 'lax'], /--profile must be one of recommended, strict, not `lax`/],
    [
      ['check', '--format', 'yaml'],
      /--format must be one of text, json, sarif, junit, github, azure-pipelines, markdown, not `yaml`/,
    ],
    [['model', '--format', 'sarif'], /--format must be one of text, json, not `sarif`/],
    [['check', '--fail-on', 'panic'], /--fail-on must be one of error, warning, info, never, not `panic`/],
    [['check', '--parameter', 'name'], /--parameter takes NAME=VALUE, not `name`/],
    [['check', '--parameters'], /--parameters/],
    [['rules', 'no-such-rule'], /there is no rule `no-such-rule`/],
    [['rules', 'one', 'two'], /`rules` takes one rule at most/],
    [['facts', 'one', 'two'], /`facts` takes one fact at most/],
    [['facts', 'f3.19'], /^vaultmoat: there is no fact `f3\.19`; `vaultmoat facts F3\.20` is the nearest one$/],
    [['facts', 'public-vault'], /^vaultmoat: there is no fact `public-vault`; `vaultmoat facts` lists them$/],
    [['lsp'], /`lsp` needs --stdio/],
    [['lsp', '--stdio', 'main.json'], /`lsp` takes no path/],
    [['check', '--diff', '--format', 'json'], /--diff cannot be combined with --format json: it prints text/],
    [['check', '--diff', '--baseline', 'b.json'], /--diff cannot be combined with --baseline/],
    [['check', '--baseline', 'a.json', '--write-baseline', 'b.json'], /--write-baseline cannot be combined with --baseline/],
    [['check', '--format', 'json', '--format', 'sarif'], /two formats write to standard output/],
    [['check', '--format', 'json', '-o', 'a', '--format', 'sarif', '-o', './a'], /two formats write to `\.\/a`/],
    [['check', '--format', 'json', '-o', 'a', '-o', 'b'], /--output `b` needs a --format of its own/],
    [['check', '-o', 'a', '--write-baseline', './a'], /an --output and --write-baseline both write to `\.\/a`/],
    [['check', '-o', 'a', '--format', 'json', '-o', 'b'], /--output `a` needs a --format before it/],
    [['check', '-o', 'a', '--format', 'json', '--format', 'sarif'], /--output `a` needs a --format before it/],
    [['check', '--fix', '-', 'main.json'], /cannot be combined with other paths/],
  ])) {
    const { status, stdout, stderr } = run(cwd, words);
    assert.equal(status, 2, words.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr.split('\n', 1)[0], message);
    assert.doesNotMatch(stderr, /\n +at /);
  }
});

test('help and version are printed on standard output', () => {
  const cwd = folder({});
  for (const words of [['--help'], ['check', '--help'], ['model', '-h'], ['rules', '--help']]) {
    const { status, stdout } = run(cwd, words);
    assert.equal(status, 0);
    assert.match(stdout, /Usage: vaultmoat/);
  }
  assert.match(run(cwd, ['--version']).stdout, /^vaultmoat \d+\.\d+\.\d+\n$/);
});

test('the text shows rule, place, the lines with marks, help and a summary', () => {
  const { stdout } = run(folder({ 'main.json': openVault }), ['check']);
  assert.match(stdout, /^(error|warning)\[[a-z-]+\]: /m);
  assert.match(stdout, /^ {2}→ main\.json:\d+:\d+$/m);
  assert.match(stdout, /^13 │ .*"networkAcls": \{ "defaultAction": "Allow"/m);
  assert.match(stdout, /^ {3}│ +\^{7}$/m);
  assert.match(stdout, /^ {2}= help: /m);
  assert.match(stdout, /^1 vault in 1 file: .*\d+ (error|warning)/m);
});

test('--quiet leaves the summary out', () => {
  const { stdout } = run(folder({ 'main.json': openVault }), ['check', '--quiet']);
  assert.doesNotMatch(stdout, /1 vault in 1 file/);
});

test('colour is for terminals and FORCE_COLOR only', () => {
  const cwd = folder({ 'main.json': openVault });
  const colored = (/** @type {Record<string, string>} */ env, /** @type {string[]} */ ...more) =>
    run(cwd, ['check', ...more], { env }).stdout.includes('\x1b[');
  assert.equal(colored({}), false);
  assert.equal(colored({ CI: 'true' }), false);
  assert.equal(colored({ FORCE_COLOR: '1' }), true);
  assert.equal(colored({ FORCE_COLOR: '0' }), false);
  assert.equal(colored({ FORCE_COLOR: '1', NO_COLOR: '1' }), false);
  assert.equal(colored({ FORCE_COLOR: '1' }, '--format', 'json'), false);
});

test('there is no progress line without a terminal', () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`${at}.json`, openVault]));
  assert.equal(run(folder(many), ['check']).stderr, '');
});

test('a name in a template cannot command the terminal', () => {
  const cwd = folder({
    'main.json': openVault.replaceAll('kv-open', 'kv-open\u202e##vso[x]').replace('203.0.113.7', '203.0.113.7\x7f\u2028'),
  });
  for (const command of ['check', 'model', 'explain', 'plan']) {
    for (const format of ['text', 'json']) {
      const { stdout } = run(cwd, [command, '--format', format]);
      assert.match(stdout, /kv-open/);
      assert.doesNotMatch(stdout, /[\x7f\u2028\u202e]|##vso/, `${command} ${format}`);
    }
  }
});

test('in a folder, content decides which files are read, and ignored files are not', () => {
  const cwd = folder({
    '.git/HEAD': '',
    '.git/info/exclude': 'private/\n',
    '.gitignore': 'out/\n*.generated.json\n!keep.generated.json\n',
    'package.json': '{"name": "something else"}',
    'broken.json': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    'main.json': openVault,
    'notes.jsonc': `// a comment\n${openVault}`,
    'main.txt': openVault,
    'a.generated.json': openVault,
    'keep.generated.json': openVault,
    'out/main.json': openVault,
    'private/main.json': openVault,
    'deep/.gitignore': '/local.json\n!a.generated.json\n',
    'deep/local.json': openVault,
    'deep/er/local.json': openVault,
    'deep/a.generated.json': openVault,
    'node_modules/x/main.json': openVault,
    '.terraform/main.json': openVault,
  });
  const expected = ['deep/a.generated.json', 'deep/er/local.json', 'keep.generated.json', 'main.json', 'notes.jsonc'];
  assert.deepEqual(read(cwd, []), expected);
  assert.deepEqual(read(join(cwd, 'deep'), ['.']), ['a.generated.json', 'er/local.json']);
  assert.deepEqual(read(cwd, ['--no-errors-on-unmatched', 'out']), []);
});

test('in a folder, links are not followed, hidden folders are entered, and binary files are passed over', () => {
  const outside = folder({ 'main.json': openVault });
  const cwd = folder({
    '.azure/main.json': openVault,
    'main.json': openVault,
    'image.json': Buffer.from([0x7b, 0x00, 0x7d]),
    'object.bicep': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x00, 0xff]),
    'deep/main.json': openVault,
  });
  symlinkSync(outside, join(cwd, 'outside'));
  symlinkSync(join(outside, 'main.json'), join(cwd, 'outside.json'));
  symlinkSync('..', join(cwd, 'deep/loop'));
  symlinkSync('nowhere', join(cwd, 'broken.json'));
  assert.deepEqual(read(cwd, []), ['.azure/main.json', 'deep/main.json', 'main.json']);
  // A named link is followed.
  assert.deepEqual(read(cwd, ['outside.json']), ['outside.json']);
  assert.deepEqual(read(cwd, ['outside']), ['outside/main.json']);
  const refused = (/** @type {string} */ path) => {
    const { status, stderr } = run(cwd, ['check', path]);
    assert.equal(status, 2);
    return stderr;
  };
  assert.equal(refused('object.bicep'), 'vaultmoat: object.bicep: not UTF-8 text\n');
  writeFileSync(join(cwd, 'deep/large.json'), openVault + ' '.repeat(20 * 1024 * 1024));
  assert.equal(refused('.'), 'vaultmoat: deep/large.json: larger than 20 MB\n');
});

test('a named file must be in a supported language', () => {
  const cwd = folder({ 'package.json': '{"name": "something else"}', 'main.json': openVault });
  const { status, stdout, stderr } = run(cwd, ['check', 'main.json', 'package.json']);
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /^vaultmoat: package\.json: not an ARM template/);
});

test('a file that cannot be read is one line with its path and the reason', (context) => {
  const cwd = folder({
    'big.json': openVault + ' '.repeat(20 * 1024 * 1024),
    'latin.json': Buffer.from(openVault.replace('kv-open', 'k\xfc'), 'latin1'),
  });
  for (const [path, reason] of [
    ['big.json', 'larger than 20 MB'],
    ['latin.json', 'not UTF-8 text'],
    ['absent.json', 'there is no such file or folder'],
  ]) {
    const { status, stdout, stderr } = run(cwd, ['check', path, '--output', 'report.txt']);
    assert.deepEqual([status, stdout, stderr], [2, '', `vaultmoat: ${path}: ${reason}\n`]);
    assert.ok(!existsSync(join(cwd, 'report.txt')));
  }
  if (process.getuid?.() === 0) return context.diagnostic('root may read everything');
  writeFileSync(join(cwd, 'secret.json'), openVault);
  chmodSync(join(cwd, 'secret.json'), 0);
  assert.match(run(cwd, ['check', 'secret.json']).stderr, /no permission to read it/);
});

test('a file in UTF-16, as Windows PowerShell writes it, is read', () => {
  const cwd = folder({ 'main.json': Buffer.from(`\ufeff${openVault}`, 'utf16le') });
  assert.deepEqual(read(cwd, ['main.json']), ['main.json']);
});

test('linked templates beside a file are read with it, and their links, even in a cycle', () => {
  const cwd = folder({ 'main.json': linksTo('a/vault.json'), 'a/vault.json': linksTo('../main.json'), 'other.json': openVault });
  assert.deepEqual(read(cwd, ['main.json']), ['a/vault.json', 'main.json']);
});

test('a parameter file beside a template is read with it', () => {
  const cwd = folder({ 'main.json': openVault, 'main.parameters.json': parameters, 'other.parameters.json': parameters });
  assert.deepEqual(read(cwd, ['main.json']), ['main.json', 'main.parameters.json']);
});

test('a named parameter file is read, and must be a parameter file', () => {
  const cwd = folder({ 'main.json': openVault, 'prod.json': parameters, 'package.json': '{}' });
  assert.deepEqual(read(cwd, ['main.json', '--parameters', 'prod.json']), ['main.json', 'prod.json']);
  assert.equal(run(cwd, ['check', 'main.json', '--parameters', 'package.json']).status, 2);
});

test('standard input has the name of --stdin-filename', () => {
  const cwd = folder({ 'deploy/a.parameters.json': parameters });
  assert.deepEqual(read(cwd, ['-'], { input: openVault }), ['stdin.json']);
  const named = ['--stdin-filename', 'deploy/a.json'];
  assert.deepEqual(read(cwd, named, { input: openVault }), ['deploy/a.json', 'deploy/a.parameters.json']);
  assert.equal(run(cwd, ['check', '-'], { input: 'hello' }).status, 2);
});

test('paths in reports are relative to the current folder, with slashes', () => {
  const cwd = folder({ 'a/b/main.json': openVault });
  for (const path of ['a/b/main.json', './a/b/main.json', join(cwd, 'a/b/main.json'), 'a', '.', join(cwd, 'a')]) {
    assert.deepEqual(read(cwd, [path]), ['a/b/main.json'], path);
  }
  assert.deepEqual(read(join(cwd, 'a'), ['../a/b/main.json']), ['b/main.json']);
});

test('--output writes the whole result or nothing, and leaves nothing else behind', () => {
  const cwd = folder({ 'main.json': openVault, 'report.json': 'old' });
  const { status, stdout } = run(cwd, ['check', '--format', 'json', '--output', 'report.json', 'main.json']);
  assert.deepEqual([status, stdout], [1, '']);
  assert.equal(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')).version, 1);
  assert.deepEqual(readdirSync(cwd).sort(), ['main.json', 'report.json']);

  const failed = run(cwd, ['check', '--output', 'nowhere/report.txt', 'main.json']);
  assert.equal(failed.status, 2);
  assert.match(failed.stderr, /^vaultmoat: nowhere\/report\.txt: cannot be written/);
});

const only = ['--unsafe-fixes', '--fail-on', 'never'];

test('--fix applies safe fixes only, --unsafe-fixes all, and the remaining findings are reported', () => {
  const cwd = folder({ 'main.json': openVault });
  run(cwd, ['check', '--fix']);
  assert.match(readFileSync(join(cwd, 'main.json'), 'utf8'), /"defaultAction": "Allow"/);
  const { stdout } = run(cwd, ['check', '--fix', ...only]);
  assert.match(stdout, /^1 vault in 1 file: .*; [1-9]\d* fixed/m);
  assert.doesNotMatch(stdout, /\[public-vault\]/);
  assert.match(readFileSync(join(cwd, 'main.json'), 'utf8'), /"defaultAction": "Deny"/);
  assert.match(run(cwd, ['check', ...only]).stdout, /; 0 fixed/);
});

test('fixing keeps marks, encoding, line ends and permissions, and leaves nothing else behind', () => {
  const windows = `\ufeff${openVault.replaceAll('\n', '\r\n')}`;
  const cwd = folder({ 'bom.json': windows, 'wide.json': Buffer.from(windows, 'utf16le') });
  chmodSync(join(cwd, 'bom.json'), 0o640);
  symlinkSync('bom.json', join(cwd, 'link.json'));
  assert.equal(run(cwd, ['check', ...only, 'link.json', 'wide.json']).status, 0);
  const bom = readFileSync(join(cwd, 'bom.json'), 'utf8');
  assert.ok(bom.startsWith('\ufeff{\r\n') && bom.includes('"Deny"') && !/[^\r]\n/.test(bom));
  assert.equal(readFileSync(join(cwd, 'wide.json'), 'utf16le'), bom);
  assert.equal(statSync(join(cwd, 'bom.json')).mode & 0o777, 0o640);
  assert.ok(lstatSync(join(cwd, 'link.json')).isSymbolicLink());
  assert.deepEqual(readdirSync(cwd).sort(), ['bom.json', 'link.json', 'wide.json']);
});

test('--diff prints a patch, writes nothing, and fails if there is something to fix', () => {
  const cwd = folder({ 'a/main.json': openVault });
  const { status, stdout, stderr } = run(cwd, ['check', '--diff', '--unsafe-fixes']);
  assert.equal(status, 1);
  assert.match(stdout, /^--- a\/main\.json\n\+\+\+ a\/main\.json\n@@ -/);
  assert.match(stderr, /^would fix \d+ findings? in 1 file\n$/);
  assert.equal(readFileSync(join(cwd, 'a/main.json'), 'utf8'), openVault);

  writeFileSync(join(cwd, 'by-patch.json'), openVault);
  const patched = spawnSync('git', ['apply', '-p0', '-'], { cwd, input: stdout, encoding: 'utf8' });
  assert.equal(patched.status, 0, patched.stderr);
  const after = readFileSync(join(cwd, 'a/main.json'), 'utf8');
  assert.notEqual(after, openVault);
  assert.deepEqual(run(cwd, ['check', '--diff', '--unsafe-fixes', 'a']), { status: 0, stdout: '', stderr: 'nothing to fix\n' });
  run(cwd, ['check', ...only, 'by-patch.json']);
  assert.equal(readFileSync(join(cwd, 'by-patch.json'), 'utf8'), after);
});

test('standard input is fixed onto standard output', () => {
  const { status, stdout, stderr } = run(folder({}), ['check', ...only, '-'], { input: openVault });
  assert.equal(status, 0);
  assert.match(stdout, /^\{\n[^]*"defaultAction": "Deny"[^]*\}\n$/);
  assert.match(stderr, /fixed/);
});

test('a file that was only read as a reference is not changed', () => {
  const cwd = folder({ 'main.json': linksTo('vault.json'), 'vault.json': openVault });
  run(cwd, ['check', ...only, 'main.json']);
  assert.equal(readFileSync(join(cwd, 'vault.json'), 'utf8'), openVault);
});

test('rules lists the catalogue and prints the page of one', () => {
  const cwd = folder({});
  const catalogue = JSON.parse(run(cwd, ['rules', '--format', 'json']).stdout);
  const { stdout } = run(cwd, ['rules']);
  for (const { slug } of catalogue) assert.match(stdout, new RegExp(`^  ${slug} `, 'm'));
  const [{ slug, summary }] = catalogue;
  const page = run(cwd, ['rules', slug]).stdout;
  assert.ok(page.startsWith(`# ${slug}\n`) && page.includes(summary), page);
  assert.equal(JSON.parse(run(cwd, ['rules', slug, '--format', 'json']).stdout).slug, slug);
  // The file folds other languages than Bicep; a terminal shows headings.
  const open = run(cwd, ['rules', 'public-vault']).stdout;
  assert.match(open, /^## Bad\n[^#]*```bicep\n[^#]*^### ARM JSON\n[^#]*```json\n[^]*^### Terraform\n/m);
  assert.doesNotMatch(open, /<\/?(details|summary)>/);
});

test('facts lists all facts, and prints one with its sources', () => {
  const cwd = folder({});
  /** @type {{ number: string, text: string, status: string, sources: { url: string }[], read: string, url: string }[]} */
  const all = JSON.parse(run(cwd, ['facts', '--format', 'json']).stdout);
  const pages = readdirSync(new URL('../../facts/', import.meta.url)).filter((name) => /^\d/.test(name));
  const texts = pages.map((name) => readFileSync(new URL(`../../facts/${name}`, import.meta.url), 'utf8'));
  assert.equal(all.length, texts.flatMap((text) => text.match(/^## F/gm) ?? []).length);
  const { stdout } = run(cwd, ['facts']);
  for (const { number, text, status, sources, read, url } of all) {
    assert.match(stdout, new RegExp(`^${number.replace('.', '\\.')} +${status} `, 'm'));
    assert.match(read, /^\d{4}-\d\d-\d\d$/);
    assert.ok(text !== '' && sources.every(({ url }) => url.startsWith('https://')), number);
    const [, page = '', anchor] = /\/facts\/([\w-]+\.md)#(f\d+)$/.exec(url) ?? [];
    assert.ok(texts[pages.indexOf(page)]?.includes(`\n## ${number}\n`) && anchor === `f${number.slice(1).replace('.', '')}`, url);
  }
  const [first] = all;
  for (const name of ['F1.1', 'f1.1', '1.1']) {
    assert.deepEqual(JSON.parse(run(cwd, ['facts', name, '--format', 'json']).stdout), first);
  }
  assert.equal(run(cwd, ['facts', 'nonsense']).stderr.split('\n').length, 2);
  const one = run(cwd, ['facts', 'F3.10']).stdout;
  assert.match(one, /^F3\.10: documented, read \d{4}-\d\d-\d\d\n\n.*private endpoint[^]*https:\/\/learn\.microsoft\.com\//);
});

test('model shows the vault with the values in effect', () => {
  const cwd = folder({ 'main.json': openVault });
  const { status, stdout } = run(cwd, ['model', 'main.json']);
  assert.equal(status, 0);
  assert.match(stdout, /default action: Allow/);
  assert.equal(JSON.parse(run(cwd, ['model', '--format', 'json']).stdout).vaults.length, 1);
});

test('Bicep files are found, named and fixed like templates', () => {
  const cwd = folder({ 'main.bicep': openBicep, 'deep/prod.bicepparam': "using '../main.bicep'\n", 'notes.txt': '' });
  assert.deepEqual(read(cwd, []), ['deep/prod.bicepparam', 'main.bicep']);
  assert.deepEqual(read(cwd, ['main.bicep']), ['main.bicep']);
  assert.deepEqual(read(cwd, ['--stdin-filename', 'new.bicep'], { input: openBicep }), ['new.bicep']);
  run(cwd, ['check', ...only, 'main.bicep']);
  assert.match(readFileSync(join(cwd, 'main.bicep'), 'utf8'), /defaultAction: 'Deny'/);
});

test('parameter files and modules beside a Bicep file are read with it', () => {
  const cwd = folder({
    'main.bicep':
      "module vault 'modules/vault.bicep' = {}\nvar names = loadTextContent('names.txt')\noutput names string = names\n",
    'main.bicepparam': "using 'main.bicep'\nextends 'base.bicepparam'\n",
    'main.parameters.json': parameters,
    'base.bicepparam': 'using none\n',
    'names.txt': 'kv-contoso',
    'modules/vault.bicep': openBicep,
    'other.bicep': openBicep,
  });
  const expected = [
    'base.bicepparam',
    'main.bicep',
    'main.bicepparam',
    'main.parameters.json',
    'modules/vault.bicep',
    'names.txt',
  ];
  assert.deepEqual(read(cwd, ['main.bicep']), expected);
});

test('a named Bicep parameter file is checked with its template', () => {
  const cwd = folder({
    'main.bicep': "param action string = 'Deny'\n" + openBicep.replace("'Allow'", 'action'),
    'env/prod.bicepparam': "using '../main.bicep'\nparam action = 'Allow'\n",
    'other.bicep': openBicep,
  });
  const found = (/** @type {string[]} */ ...words) => /\[public-vault\]/.test(run(cwd, ['check', ...words]).stdout);
  assert.equal(found('main.bicep'), false);
  assert.equal(found('main.bicep', '--parameters', 'env/prod.bicepparam'), true);
  assert.equal(found('env/prod.bicepparam'), true);
  assert.deepEqual(read(cwd, ['env/prod.bicepparam']), ['env/prod.bicepparam', 'main.bicep']);
  assert.deepEqual(read(join(cwd, 'env'), ['prod.bicepparam']), ['../main.bicep', 'prod.bicepparam']);
});

test('modules that Terraform downloaded are read where it keeps them, and nothing else there', () => {
  const vault = (/** @type {string} */ name) => `resource "azurerm_key_vault" "this" {
  name                = "${name}"
  resource_group_name = "rg"
}
`;
  const cwd = folder({
    'infra/main.tf': `module "a" { source = "contoso/vault/azurerm" }
module "b" { source = "git::https://example.com/vault.git//inner" }
module "c" { source = "contoso/absent/azurerm" }
module "d" {
  source = "Azure/avm-res-keyvault-vault/azurerm"
  name   = "kv-known"
}
`,
    'infra/.terraform/modules/modules.json': JSON.stringify({
      Modules: [
        { Key: '', Source: '', Dir: '.' },
        { Key: 'a', Source: 'contoso/vault/azurerm', Dir: '.terraform/modules/a' },
        { Key: 'a.sub', Source: './sub', Dir: '.terraform/modules/a/sub' },
        { Key: 'b', Source: 'git::https://example.com/vault.git//inner', Dir: '.terraform/modules/b/inner' },
        { Key: 'c', Source: 'contoso/absent/azurerm', Dir: '.terraform/modules/c' },
        { Key: 'unused', Source: 'contoso/vault/azurerm', Dir: '.terraform/modules/unused' },
      ],
    }),
    'infra/.terraform/modules/a/main.tf': 'module "sub" { source = "./sub" }\n',
    'infra/.terraform/modules/a/terraform.tfvars': 'name = "kv"\n',
    'infra/.terraform/modules/a/sub/main.tf': vault('kv-a'),
    'infra/.terraform/modules/a/examples/main.tf': vault('kv-example'),
    'infra/.terraform/modules/b/main.tf': vault('kv-outer'),
    'infra/.terraform/modules/b/inner/main.tf': vault('kv-b'),
    'infra/.terraform/modules/unused/main.tf': vault('kv-unused'),
  });
  const expected = ['a/main.tf', 'a/sub/main.tf', 'b/inner/main.tf', 'modules.json'];
  const below = (/** @type {string} */ folder) => expected.map((path) => `${folder}.terraform/modules/${path}`);
  assert.deepEqual(read(cwd, ['infra']), [...below('infra/'), 'infra/main.tf']);
  assert.deepEqual(read(cwd, ['infra/main.tf']), [...below('infra/'), 'infra/main.tf']);
  assert.deepEqual(read(join(cwd, 'infra'), []), [...below(''), 'main.tf']);
  assert.match(run(cwd, ['check']).stdout, /^3 vaults in /m);
});

test('modules from a registry are read where Bicep keeps them', () => {
  const cwd = folder({
    'infra/main.bicep': `module a 'br/ours:vault:v1' = {}
module b 'br:contoso.azurecr.io:5000/more/vault:Beta' = {}
module c 'ts/specs:Vault:1.0' = {}
module d 'br:contoso.azurecr.io/absent:v1' = {}
module e 'br:../../secret:v1' = {}
module f 'br/public:avm/res/key-vault/vault:0.13.0' = { params: { name: 'kv-contoso' } }
`,
    'bicepconfig.json': `{
  // With the cache beside the templates.
  "cacheRootDirectory": "cache",
  "moduleAliases": {
    "br": { "ours": { "registry": "contoso.azurecr.io", "modulePath": "bicep" } },
    "ts": { "specs": { "subscription": "AAAA", "resourceGroup": "Specs" } }
  }
}`,
    'cache/br/contoso.azurecr.io/bicep$vault/v1$/main.json': openVault,
    'cache/br/contoso.azurecr.io$5000/more$vault/Beta$1/main.json': openVault,
    'cache/ts/aaaa/specs/vault/1.0/main.json': openVault,
    'cache/secret/v1$/main.json': openVault,
  });
  const expected = [
    'bicepconfig.json',
    'br:contoso.azurecr.io/bicep/vault:v1',
    'br:contoso.azurecr.io:5000/more/vault:Beta',
    'infra/main.bicep',
    'ts:AAAA/Specs/Vault:1.0',
  ];
  assert.deepEqual(read(cwd, ['infra/main.bicep']), expected);
  assert.match(run(join(cwd, 'infra'), ['check', 'main.bicep']).stdout, /^4 vaults in /m);
  assert.match(run(cwd, ['check', 'infra/main.bicep']).stdout, /→ infra\/main\.bicep:1:8$/m);

  const kept = join(cwd, 'cache');
  const elsewhere = folder({ 'main.bicep': "module a 'br:contoso.azurecr.io/bicep/vault:v1' = {}\n" });
  const { stdout } = run(elsewhere, ['check'], { env: { BICEP_CACHE_DIRECTORY: kept } });
  assert.match(stdout, /^1 vault in /m);
});
