// The formats for pipelines: the requirements of their readers, and the escaping of text from files.

import { DOMParser } from '@xmldom/xmldom';
import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parsers } from 'prettier/plugins/markdown';
import { createEngine } from 'vaultmoat';
import { toSarif } from 'vaultmoat/sarif';
import { folder, run } from './command.js';
import { hostileName, hostileVault, openBicep, openVault } from './templates.js';

/** @typedef {import('../dist/types.js').Report} Report */
/** @typedef {{ name: string, properties: Record<string, string>, message: string }} Command */

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The output in a format. @param {string} format @param {string} cwd @param {string[]} words */
function inFormat(format, cwd, ...words) {
  const { status, stdout, stderr } = run(cwd, ['check', '--fail-on', 'never', '--format', format, ...words]);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** @param {string} cwd @param {string[]} words @returns {Report} */
const report = (cwd, ...words) => JSON.parse(inFormat('json', cwd, ...words));

// SARIF

/** @param {string} cwd @param {string[]} words @returns {import('sarif').Run} */
function sarif(cwd, ...words) {
  /** @type {import('sarif').Log} */
  const log = JSON.parse(inFormat('sarif', cwd, ...words));
  const fits = isSarif(log);
  assert.ok(fits, JSON.stringify(isSarif.errors?.slice(0, 3)));
  return log.runs[0];
}

const schema = createRequire(import.meta.url).resolve('schemastore/schemas/json/sarif-2.1.0.json');
/** @type {Record<string, true | ((text: string) => boolean)>} */
const formats = { uri: (text) => URL.canParse(text), 'uri-reference': true, 'date-time': true };
const isSarif = new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(JSON.parse(readFileSync(schema, 'utf8')));

test('the schema of SARIF refuses other JSON', () => {
  assert.ok(!isSarif({ version: '2.1.0', runs: [{}] }));
});

test('the library writes the SARIF that the command writes', async () => {
  const engine = await createEngine();
  const name = 'päth with spaces.json';
  const project = engine.project();
  project.set(name, openVault);
  const pageOf = (/** @type {{ slug: string }} */ { slug }) =>
    readFileSync(new URL(`../rules/${slug}.md`, import.meta.url), 'utf8');
  const { version } = engine;
  const log = await toSarif(project.check(), { rules: engine.rules(), version, pageOf });
  assert.equal(log, inFormat('sarif', folder({ [name]: openVault })));
});

test('SARIF of the example templates is valid, and its indices and ids agree', () => {
  const { tool, results = [], invocations = [] } = sarif(root, 'examples/templates');
  const { diagnostics, undecided, missing } = report(root, 'examples/templates');
  const rules = tool.driver.rules ?? [];
  assert.equal(results.length, diagnostics.length);
  for (const { ruleId, ruleIndex = -1 } of results) assert.equal(rules[ruleIndex].id, ruleId);
  const [{ toolExecutionNotifications: notifications = [], executionSuccessful }] = invocations;
  assert.ok(executionSuccessful);
  assert.equal(notifications.length, undecided.length + missing.length);
  assert.ok(undecided.length > 0 && missing.length > 0);
  for (const { associatedRule, descriptor, level } of notifications) {
    assert.equal(level, 'note');
    assert.equal(tool.driver.notifications?.[descriptor?.index ?? -1].id, descriptor?.id);
    if (associatedRule) assert.equal(rules[associatedRule.index ?? -1].id, associatedRule.id);
  }
});

test('SARIF has every rule with the texts that code scanning shows', async () => {
  const { tool } = sarif(folder({ 'main.bicep': '' }));
  const catalogue = (await createEngine()).rules();
  const rules = tool.driver.rules ?? [];
  assert.deepEqual(
    rules.map(({ id, helpUri }) => [id, helpUri]),
    catalogue.map(({ slug, url }) => [slug, url]),
  );
  assert.ok(tool.driver.fullName && tool.driver.semanticVersion);
  for (const { id, name, shortDescription, fullDescription, help } of [...rules, ...(tool.driver.notifications ?? [])]) {
    assert.ok(shortDescription?.text && fullDescription?.text && help?.text, id);
    assert.match(name ?? '', /^([A-Z][a-z0-9]*)+$/);
    assert.notEqual(name?.toLowerCase(), id);
  }
  for (const { id, help, defaultConfiguration, properties } of rules) {
    assert.match(help?.markdown ?? '', /^## Why it matters$/m, id);
    assert.doesNotMatch(help?.markdown ?? '', /\]\([\w-]+\.md\)/, id);
    assert.doesNotMatch(help?.text ?? '', /\]\(/, id);
    assert.ok(['error', 'warning', 'note'].includes(String(defaultConfiguration?.level)), id);
    assert.ok(properties?.tags?.includes('key-vault'), id);
    // GitHub does not show more.
    assert.ok((properties?.tags?.length ?? 0) <= 20, id);
  }
  const tagsOf = (/** @type {string} */ rule) => rules.find(({ id }) => id === rule)?.properties?.tags?.slice(4);
  assert.deepEqual(tagsOf('public-vault'), [
    'external/azure-policy/55615ac9-af46-4a59-874e-391cc3dfb490',
    'external/checkov/CKV_AZURE_109',
    'external/checkov/CKV_AZURE_189',
    'external/trivy/AVD-AZU-0013',
    'external/psrule/Azure.KeyVault.Firewall',
  ]);
  assert.deepEqual(tagsOf('no-private-endpoint')?.at(-1), 'external/cis-microsoft-azure-foundations-5.0.0/8.3.8');
  assert.deepEqual(tagsOf('ip-rules-cover-internet'), []);
  const systems = rules.flatMap(({ id }) => tagsOf(id) ?? []).map((tag) => tag.split('/')[1]);
  assert.deepEqual([...new Set(systems)].sort(), [
    'azure-policy',
    'checkov',
    'cis-microsoft-azure-foundations-5.0.0',
    'psrule',
    'trivy',
  ]);
});

test('regions of SARIF are 1-based, in UTF-16, and its fixes can be applied', () => {
  const text = openVault.replace('"kv-open"', '"kv-open", "tags": { "\u{1f512}": "\u{1f512}" }').replace('\n', '\r\n');
  const { results = [], columnKind } = sarif(folder({ 'main.json': text }));
  assert.equal(columnKind, 'utf16CodeUnits');
  const starts = [0, ...[...text.matchAll(/\r\n|\n/g)].map((end) => end.index + end[0].length)];
  const offset = (/** @type {number} */ line = 1, /** @type {number} */ column = 1) => starts[line - 1] + column - 1;
  /** @param {import('sarif').Region} [region] */
  const span = ({ startLine, startColumn, endLine, endColumn } = {}) => [
    offset(startLine, startColumn),
    offset(endLine, endColumn),
  ];

  const open = results.find(({ ruleId }) => ruleId === 'public-vault');
  const [from, to] = span(open?.locations?.[0].physicalLocation?.region);
  assert.equal(text.slice(from, to), '"Allow"');
  const [change] = open?.fixes?.[0].artifactChanges ?? [];
  const [{ deletedRegion, insertedContent }] = change.replacements;
  const [start, end] = span(deletedRegion);
  const fixed = text.slice(0, start) + insertedContent?.text + text.slice(end);
  assert.ok(!report(folder({ 'main.json': fixed })).diagnostics.some(({ rule }) => rule === 'public-vault'));
});

test('files in SARIF are URIs relative to the root of the repository, from any folder', () => {
  const path = 'in fra/50%#é/m:ain?.bicep';
  const cwd = folder({ [path]: openBicep, '.git/HEAD': '' });
  for (const [at, word] of [
    ['.', '.'],
    ['in fra', '.'],
    ['in fra/50%#é', '..'],
  ]) {
    const { results = [], originalUriBaseIds, artifacts = [] } = sarif(join(cwd, at), word);
    const { uri, uriBaseId } = results[0].locations?.[0].physicalLocation?.artifactLocation ?? {};
    assert.equal(uri, 'in%20fra/50%25%23%C3%A9/m%3Aain%3F.bicep');
    assert.equal(uriBaseId, '%SRCROOT%');
    assert.ok('%SRCROOT%' in (originalUriBaseIds ?? {}));
    assert.deepEqual(artifacts[0].location, { uri, uriBaseId });
    assert.equal(commands(inFormat('github', join(cwd, at), word))[0].properties['file'], path);
    assert.equal(azureCommands(inFormat('azure-pipelines', join(cwd, at), word))[0].properties['sourcepath'], path);
  }
});

/** @param {string} text */
const fingerprints = (text, name = 'main.json') =>
  (sarif(folder({ [name]: text })).results ?? []).map(({ partialFingerprints }) => partialFingerprints?.['vaultmoat/v1']).sort();

test('fingerprints do not depend on the position of a finding, but on its resource', () => {
  const before = fingerprints(openVault);
  assert.deepEqual(fingerprints(`\r\n\r\n${openVault.replaceAll('\n', '\r\n\r\n')}`), before);
  assert.deepEqual(fingerprints(openVault, 'else/where.json'), before);
  assert.deepEqual(fingerprints(openVault.replace('"kv-open"', '"KV-Open"')), before);
  const renamed = fingerprints(openVault.replace('kv-open', 'kv-other'));
  assert.ok(renamed.every((print) => !before.includes(print)));
  const otherRule = fingerprints(openVault.replace('203.0.113.7', '203.0.113.8'));
  assert.equal(otherRule.filter((print) => !before.includes(print)).length, 1);
});

test('equal findings of one file have fingerprints of their own', () => {
  const twice = fingerprints(openVault.replace('{ "value": "203.0.113.7" }', '{ "value": "10.0.0.1" }, { "value": "10.0.0.1" }'));
  assert.equal(new Set(twice).size, twice.length);
});

// JUnit

/** @param {string} text */
function xml(text) {
  const onError = (/** @type {string} */ level, /** @type {string} */ message) => assert.fail(`${level}: ${message}`);
  return new DOMParser({ onError }).parseFromString(text, 'text/xml');
}

/** @param {import('@xmldom/xmldom').Document | import('@xmldom/xmldom').Element} of @param {string} name */
const all = (of, name) => [...of.getElementsByTagName(name)];

test('JUnit has a suite for every file, a case for every rule and resource, and correct counts', () => {
  const text = inFormat('junit', root, 'examples/templates');
  const { files, diagnostics } = report(root, 'examples/templates');
  const document = xml(text);
  const suites = all(document, 'testsuite');
  const ours = files.filter(({ language }) => language !== 'other').map(({ path }) => path);
  assert.deepEqual(suites.map((suite) => suite.getAttribute('name')).sort(), ours.sort());
  for (const suite of suites) {
    const own = diagnostics.filter(({ file }) => file === suite.getAttribute('name'));
    const cases = all(suite, 'testcase');
    const groups = new Set(own.map(({ rule, resource }) => `${rule} ${resource?.address}`));
    assert.equal(cases.length, Math.max(1, groups.size));
    assert.equal(suite.getAttribute('tests'), String(cases.length));
    const failed = cases.filter((one) => all(one, 'failure').length > 0).length;
    assert.equal(suite.getAttribute('failures'), String(failed));
    assert.equal(all(suite, 'failure').length, own.filter(({ severity }) => severity !== 'info').length);
    for (const one of cases) assert.ok(one.getAttribute('name') && one.getAttribute('classname') && one.getAttribute('time'));
  }
  const [top] = all(document, 'testsuites');
  const sum = (/** @type {string} */ name) => suites.reduce((count, suite) => count + Number(suite.getAttribute(name)), 0);
  assert.equal(top.getAttribute('tests'), String(sum('tests')));
  assert.equal(top.getAttribute('failures'), String(sum('failures')));
});

test('in JUnit, only findings that fail the run fail a case, and a clean file passes', () => {
  const cwd = folder({ 'clean.bicep': "output a string = 'b'\n", 'main.json': openVault });
  const failures = (/** @type {string[]} */ ...words) =>
    all(xml(run(cwd, ['check', '--format', 'junit', ...words]).stdout), 'testcase')
      .filter((one) => all(one, 'failure').length > 0)
      .map((one) => one.getAttribute('classname'));
  const count = (/** @type {string[]} */ ...severities) =>
    report(cwd).diagnostics.filter(({ severity }) => severities.includes(severity)).length;
  assert.equal(failures().length, count('error', 'warning'));
  assert.equal(failures('--fail-on', 'never').length, count('error', 'warning'));
  assert.equal(failures('--fail-on', 'info').length, count('error', 'warning', 'info'));
  assert.equal(failures('--fail-on', 'error').length, count('error'));
  const cases = all(xml(inFormat('junit', cwd, 'clean.bicep')), 'testcase');
  assert.deepEqual([cases.length, all(cases[0], 'failure').length], [1, 0]);
});

// Suppressed findings

const REASON = `public by design </skipped> [link](https://example.com/) ##vso[x]`;
const suppressedVault = openVault.replace('"Allow",', `"Allow", // vaultmoat-ignore public-vault: ${REASON}\n`);
const suppressedTwice = folder({
  'main.json': suppressedVault,
  'vaultmoat.toml': '[[ignore]]\nrule = "unroutable-ip-rule"\nresource = "*"\nreason = "a demo"\n',
});

test('suppressed findings are in the report with kind and reason, and are not counted', () => {
  const { diagnostics, suppressed, summary } = report(suppressedTwice);
  const of = suppressed.map(({ rule, suppression }) => [rule, suppression]);
  assert.deepEqual(of.sort(), [
    ['public-vault', { kind: 'in-source', reason: REASON }],
    ['unroutable-ip-rule', { kind: 'configuration', reason: 'a demo' }],
  ]);
  assert.equal(summary.suppressed, 2);
  assert.equal(summary.errors + summary.warnings + summary.infos, diagnostics.length);
  assert.ok(!diagnostics.some((found) => 'suppression' in found || ['public-vault', 'unroutable-ip-rule'].includes(found.rule)));
});

test('SARIF has suppressed findings only with --suppressed, as GitHub opens alerts for them', () => {
  const { diagnostics } = report(suppressedTwice);
  const without = sarif(suppressedTwice).results ?? [];
  assert.equal(without.length, diagnostics.length);
  const { results = [] } = sarif(suppressedTwice, '--suppressed');
  assert.deepEqual(results.slice(0, without.length), without);
  const suppressions = results.slice(without.length).map(({ ruleId, suppressions = [] }) => [ruleId, suppressions]);
  const justification = results.find(({ ruleId, suppressions }) => ruleId === 'public-vault' && suppressions)?.suppressions?.[0]
    .justification;
  assert.match(justification ?? '', /^public by design <\/skipped> \[link\\\]\(https/);
  assert.deepEqual(suppressions.sort(), [
    ['public-vault', [{ kind: 'inSource', status: 'accepted', justification }]],
    ['unroutable-ip-rule', [{ kind: 'external', status: 'accepted', justification: 'a demo' }]],
  ]);
  const prints = results.map(({ partialFingerprints }) => partialFingerprints?.['vaultmoat/v1']);
  assert.equal(new Set(prints).size, results.length);
  const { status, stderr } = run(suppressedTwice, ['check', '--suppressed', '--format', 'json']);
  assert.deepEqual([status, /--suppressed needs --format sarif/.test(stderr)], [2, true]);
});

test('JUnit skips a case if all its findings are suppressed; text and Markdown count them', () => {
  const document = xml(inFormat('junit', suppressedTwice));
  const skipped = all(document, 'testcase').filter((one) => all(one, 'skipped').length > 0);
  assert.deepEqual(skipped.map((one) => one.getAttribute('name')?.split(':')[0]).sort(), ['public-vault', 'unroutable-ip-rule']);
  for (const one of skipped) assert.equal(all(one, 'failure').length + all(one, 'system-out').length, 0);
  for (const name of ['testsuites', 'testsuite']) assert.equal(all(document, name)[0].getAttribute('skipped'), '2');

  const half = folder({
    'main.json': openVault.replace(
      '{ "value": "203.0.113.7" }',
      '{ "value": "203.0.113.7" }, // vaultmoat-ignore unroutable-ip-rule: one\n{ "value": "203.0.113.8" }',
    ),
  });
  assert.equal(report(half).summary.suppressed, 1);
  const mixed = all(xml(inFormat('junit', half)), 'testcase').filter((one) =>
    one.getAttribute('name')?.startsWith('unroutable-ip-rule'),
  );
  assert.deepEqual(
    mixed.map((one) => [all(one, 'skipped').length, all(one, 'failure').length]),
    [[0, 1]],
  );

  assert.match(inFormat('text', suppressedTwice), /; 2 suppressed/);
  assert.match(inFormat('markdown', suppressedTwice), /\| Undecided \| Suppressed \|/);
  assert.doesNotMatch(inFormat('markdown', folder({ 'main.json': openVault })), /Suppressed/);
});

// Build agents that read a log

/** The commands that a GitHub runner finds. @param {string} text @returns {Command[]} */
function commands(text) {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    if (line.includes('##[')) return [{ name: line, properties: {}, message: '' }];
    const found = /^\s*::([^ :]+)(?: (.*?))?::(.*)$/.exec(line);
    if (found === null) return [];
    const [, name, list = '', message] = found;
    const pairs = list
      .split(',')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), decoded(pair.slice(pair.indexOf('=') + 1), GITHUB)]);
    return [{ name, properties: Object.fromEntries(pairs), message: decoded(message, GITHUB.slice(2)) }];
  });
}

/** The commands that an agent of Azure Pipelines finds. @param {string} text @returns {Command[]} */
function azureCommands(text) {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const found = /##vso\[([\w.]+)(?: ([^\]]*))?\](.*)$/i.exec(line);
    if (found === null) return [];
    const [, name, list = '', message] = found;
    const pairs = list
      .split(';')
      .filter((pair) => pair !== '')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), decoded(pair.slice(pair.indexOf('=') + 1), AZURE)]);
    return [{ name, properties: Object.fromEntries(pairs), message: decoded(message, AZURE.slice(2)) }];
  });
}

/** In the order in which agents decode. @type {[string, string][]} */
const GITHUB = [
  ['%3A', ':'],
  ['%2C', ','],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
/** @type {[string, string][]} */
const AZURE = [
  ['%3B', ';'],
  ['%5D', ']'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%AZP25', '%'],
];

/** @param {string} text @param {[string, string][]} codes */
const decoded = (text, codes) => codes.reduce((all, [code, character]) => all.replaceAll(code, character), text);

test('GitHub annotates every finding at its position', () => {
  const cwd = folder({ 'main.json': openVault });
  const { diagnostics } = report(cwd);
  const found = commands(inFormat('github', cwd));
  assert.deepEqual(
    found.map(({ name, properties: { file, line, col, endLine, endColumn, title }, message }) => ({
      name,
      file,
      line,
      col,
      endLine,
      endColumn,
      title,
      message,
    })),
    diagnostics.map(({ severity, file, range: { start, end }, rule, message, help }) => ({
      name: severity === 'info' ? 'notice' : severity,
      file,
      line: String(start.line + 1),
      col: start.line === end.line ? String(start.character + 1) : undefined,
      endLine: String(end.line + 1),
      endColumn: start.line === end.line ? String(end.character + 1) : undefined,
      title: rule,
      message: `${message}\n${help}`,
    })),
  );
});

test('Azure Pipelines logs errors and warnings as issues, and the rest as text', () => {
  const cwd = folder({ 'main.json': openVault });
  const { diagnostics } = report(cwd);
  const text = inFormat('azure-pipelines', cwd);
  assert.equal(text.trimEnd().split('\n').length, diagnostics.length);
  const issues = diagnostics.filter(({ severity }) => severity !== 'info');
  assert.deepEqual(
    azureCommands(text),
    issues.map(({ severity, file, range: { start }, rule, message, help }) => ({
      name: 'task.logissue',
      properties: {
        type: severity,
        sourcepath: file,
        linenumber: String(start.line + 1),
        columnnumber: String(start.character + 1),
        code: rule,
      },
      message: `${message}\n${help}`,
    })),
  );
});

test('without findings there are no commands', () => {
  const cwd = folder({ 'main.bicep': "output a string = 'b'\n" });
  assert.equal(inFormat('github', cwd), '');
  assert.equal(inFormat('azure-pipelines', cwd), '');
});

// Markdown

/** @typedef {{ type: string, value?: string, url?: string, children?: Node[] }} Node */

/** The nodes of a text. @param {string} text @returns {Node[]} */
function nodes(text) {
  /** @type {(node: Node) => Node[]} */
  const flat = (node) => [node, ...(node.children ?? []).flatMap(flat)];
  return flat(/** @type {Node} */ (parsers.markdown.parse(text, /** @type {any} */ ({}))));
}

test('Markdown counts and lists findings with links to their rules, and folds undecided questions', () => {
  const text = inFormat('markdown', root, 'examples/templates');
  const { diagnostics, summary } = report(root, 'examples/templates');
  assert.match(text, new RegExp(`^### vaultmoat: ${diagnostics.length} findings\n`));
  assert.match(
    text,
    new RegExp(`^\\| ${summary.errors} \\| ${summary.warnings} \\| ${summary.infos} \\| ${summary.undecided} \\|`, 'm'),
  );
  const links = nodes(text).flatMap(({ type, url }) => (type === 'link' ? [url] : []));
  assert.deepEqual(
    links,
    diagnostics.map(({ url }) => url),
  );
  assert.match(text, /<details><summary>\d+ undecided/);
  assert.match(inFormat('markdown', folder({ 'main.bicep': '' })), /^### vaultmoat: nothing wrong found\n/);
  assert.doesNotMatch(inFormat('markdown', root, '--quiet', 'examples/templates'), /Errors/);
});

test('Markdown fits a comment, however many findings there are', () => {
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`${at}.json`, openVault]));
  const text = inFormat('markdown', folder(many));
  assert.ok(text.length < 65_536, String(text.length));
  assert.match(text, /and \d+ more \|\n/);
});

// Text from files is data

const cwd = folder({ 'main.json': hostileVault(hostileName) });
const { diagnostics: hostile } = report(cwd);
// No text may contain control characters (except line ends), invisible or bidirectional characters.
const harmful = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
const agentCommand = /##(vso)?\[/i;

test('the hostile template has findings of every severity with its name', () => {
  assert.deepEqual(new Set(hostile.map(({ severity }) => severity)), new Set(['error', 'warning', 'info']));
  assert.ok(hostile.some(({ message }) => message.includes(hostileName)));
});

for (const format of ['text', 'json', 'sarif', 'junit', 'github', 'azure-pipelines', 'markdown']) {
  test(`a hostile template commands neither a terminal nor a build agent in the format ${format}`, () => {
    const text = inFormat(format, cwd);
    assert.ok(text.includes('end'), 'the name is shown');
    assert.doesNotMatch(text, harmful);
    const isOurs = (/** @type {Command} */ { name, properties }) =>
      (format === 'github' && ['error', 'warning', 'notice'].includes(name) && 'title' in properties) ||
      (format === 'azure-pipelines' && name === 'task.logissue');
    assert.deepEqual(
      commands(text).filter((command) => !isOurs(command)),
      [],
    );
    assert.deepEqual(
      azureCommands(text).filter((command) => !isOurs(command)),
      [],
    );
    const rest = format === 'azure-pipelines' ? text.replaceAll('##vso[task.logissue type=', '') : text;
    assert.doesNotMatch(rest, agentCommand);
  });
}

test('a hostile template makes as many annotations as it has findings, with its name readable', () => {
  const found = commands(inFormat('github', cwd));
  assert.equal(found.length, hostile.length);
  assert.ok(found.some(({ message }) => message.includes('%0A::error::x%0D%AZP25;]')));
  const issues = azureCommands(inFormat('azure-pipelines', cwd));
  assert.equal(issues.length, hostile.filter(({ severity }) => severity !== 'info').length);
  assert.ok(issues.some(({ message }) => message.includes('%0A::error::x%0D%AZP25;]')));
});

test('a hostile template makes no markup in XML', () => {
  const document = xml(inFormat('junit', cwd));
  const names = new Set(all(document, '*').map(({ tagName }) => tagName));
  assert.deepEqual(names, new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'system-out']));
  const [failure] = all(document, 'failure');
  assert.match(failure.getAttribute('message') ?? '', /<script>alert\(1\)<\/script><!-- --> \]\]> & " ' \\/);
});

test('a hostile template makes no markup, link, picture or mention in Markdown', () => {
  const text = inFormat('markdown', cwd);
  const found = nodes(text);
  const html = found.flatMap(({ type, value }) => (type === 'html' ? [value] : []));
  assert.deepEqual(
    [...new Set(html)].filter((tag) => !['<br>', '<!-- -->'].includes(String(tag))),
    [],
  );
  const urls = new Set(hostile.map(({ url }) => url));
  assert.deepEqual(
    found.filter(({ type, url }) => type === 'link' && !urls.has(String(url))),
    [],
  );
  assert.deepEqual(
    found.filter(({ type }) => ['image', 'heading', 'list'].includes(type)).map(({ type }) => type),
    ['heading'],
  );
  for (const { type, value = '' } of found)
    if (type === 'text' || type === 'sentence') assert.doesNotMatch(value, /@team|#1|www\.|:\/\//);
  assert.equal(text.split('\n').filter((line) => line.startsWith('| ')).length, 3 + 2 + hostile.length);
});

test('a hostile template makes no link in a message of SARIF', () => {
  for (const { message } of sarif(cwd).results ?? []) assert.doesNotMatch(message.text ?? '', /[^\\]\]\(/);
});

test('a hostile name of a file is text as well', () => {
  const name = 'a\x1b]0;x\x07\n::error::\r##vso[task.complete]%0A&<b>".json';
  const named = folder({ [name]: openVault });
  const { diagnostics } = report(named);
  assert.equal(commands(inFormat('github', named)).length, diagnostics.length);
  assert.equal(all(xml(inFormat('junit', named)), 'testsuite').length, 1);
  assert.equal(decodeURIComponent(sarif(named).artifacts?.[0].location?.uri ?? ''), name);
  for (const format of ['text', 'json', 'sarif', 'junit', 'github', 'azure-pipelines', 'markdown']) {
    const text = inFormat(format, named);
    assert.doesNotMatch(text, harmful, format);
    assert.doesNotMatch(text.replaceAll('##vso[task.logissue type=', ''), agentCommand, format);
  }
});

// Several at once

test('several formats have an output each', () => {
  const cwd = folder({ 'main.json': openVault });
  const words = ['check', '--format', 'sarif', '--output', 'a.sarif', '--format=markdown', '-o', 's.md', '--format', 'github'];
  const { status, stdout } = run(cwd, words);
  assert.equal(status, 1);
  assert.ok(isSarif(JSON.parse(readFileSync(join(cwd, 'a.sarif'), 'utf8'))));
  assert.match(readFileSync(join(cwd, 's.md'), 'utf8'), /^### vaultmoat: /);
  assert.match(stdout, /^::/);
  assert.deepEqual(readdirSync(cwd).sort(), ['a.sarif', 'main.json', 's.md']);
});

test('a single format and a single output can be in any order', () => {
  const cwd = folder({ 'main.json': openVault });
  assert.equal(run(cwd, ['check', '-o', 'a', '--format', 'junit']).stdout, '');
  assert.match(readFileSync(join(cwd, 'a'), 'utf8'), /^<\?xml/);
  assert.equal(run(cwd, ['check', '-o', 'b']).stdout, '');
  assert.match(readFileSync(join(cwd, 'b'), 'utf8'), /^1 vault in 1 file/m);
});

test('when one output cannot be written, none is, and no file is fixed', () => {
  const cwd = folder({ 'main.json': openVault, 'taken/x': '' });
  for (const bad of ['nowhere/s.md', 'taken']) {
    const words = [
      'check',
      '--unsafe-fixes',
      '--format',
      'sarif',
      '-o',
      'a.sarif',
      '--format',
      'markdown',
      '-o',
      bad,
      '--format',
      'text',
    ];
    const { status, stdout, stderr } = run(cwd, [...words, '--write-baseline', 'b.json']);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, new RegExp(`^vaultmoat: ${bad}: cannot be written: .*\n$`));
    assert.deepEqual(readdirSync(cwd).sort(), ['main.json', 'taken']);
    assert.equal(readFileSync(join(cwd, 'main.json'), 'utf8'), openVault);
  }
});

test('standard input is fixed onto standard output beside other outputs', () => {
  const cwd = folder({});
  const words = [
    'check',
    '--unsafe-fixes',
    '--fail-on',
    'never',
    '--format',
    'sarif',
    '-o',
    'a.sarif',
    '--format',
    'github',
    '-',
  ];
  const { stdout, stderr } = run(cwd, words, { input: openVault });
  assert.match(stdout, /^\{\n[^]*"defaultAction": "Deny"[^]*\}\n$/);
  assert.match(stderr, /^::/);
  assert.ok(existsSync(join(cwd, 'a.sarif')));
});

test('a device or pipe is written to, and not replaced', { skip: process.platform === 'win32' }, () => {
  const cwd = folder({ 'main.json': openVault });
  const words = 'check --format sarif -o /dev/stdout --format junit -o a.xml';
  const piped = `"${process.execPath}" "${join(root, 'npm/bin/vaultmoat.js')}" ${words} | cat`;
  const { stdout } = spawnSync('sh', ['-c', piped], { cwd, encoding: 'utf8', maxBuffer: 1 << 24 });
  assert.ok(isSarif(JSON.parse(stdout)));
  assert.deepEqual(readdirSync(cwd).sort(), ['a.xml', 'main.json']);
});
