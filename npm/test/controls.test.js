// `check --controls`: which built-in policies each vault satisfies.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from 'vaultmoat';
import { folder, run } from './command.js';
import { openVault } from './templates.js';

const closed = openVault.replace('"defaultAction": "Allow"', '"defaultAction": "Deny"');

/** @param {string} stdout */
const states = (stdout) =>
  Object.fromEntries(
    JSON.parse(stdout).controls.map((/** @type {{ guid: string, state: string }} */ { guid, state }) => [
      guid.slice(0, 8),
      state,
    ]),
  );

test('JSON has the controls beside the findings, only with --controls', () => {
  const cwd = folder({ 'main.json': closed });
  const { stdout } = run(cwd, ['check', '--format', 'json', '--controls']);
  assert.deepEqual(states(stdout), {
    '405c5871': 'not-met',
    '55615ac9': 'met',
    a6abeaec: 'undecided',
    cf820ca0: 'undecided',
    '0b60c0b2': 'not-met',
    '12d4fa5e': 'not-met',
  });
  const report = JSON.parse(stdout);
  assert.equal(report.vaultsWithoutControls, 0);
  const plain = JSON.parse(run(cwd, ['check', '--format', 'json']).stdout);
  const pci = report.requirements.filter((/** @type {{ framework: string }} */ { framework }) => framework === 'PCI DSS 4.0');
  assert.deepEqual(
    pci.map((/** @type {{ state: string, guids: string[] }} */ { state, guids }) => [state, guids.length]),
    [['not-met', 3]],
  );
  delete report.controls;
  delete report.requirements;
  delete report.vaultsWithoutControls;
  assert.deepEqual(plain, report);
  const whole = run(cwd, ['check', '--format', 'json', '--controls', '--complete']);
  assert.equal(states(whole.stdout).a6abeaec, 'not-met');
});

test('Markdown has a row for each control, and lists the requirements that it is evidence for', () => {
  const cwd = folder({ 'main.json': closed });
  const { stdout } = run(cwd, ['check', '--format', 'markdown', '--controls']);
  assert.match(stdout, /^#### Controls$/m);
  const asked = stdout.split('\n').filter((line) => /\| (met|not met|undecided) \|$/.test(line));
  assert.deepEqual(
    asked.map((line) => line.split(' | ').slice(1)),
    [
      ['PCI DSS 4.0', 'Requirement 1: Install and maintain network security controls', 'not met |'],
      ['HIPAA', '§164.312(e)(1): Transmission security', 'not met |'],
      ['SOC 2', 'CC6.1: Logical and physical access controls', 'not met |'],
      ['ISO 27001', 'A.13.1: Network security management', 'not met |'],
      ['CIS Microsoft Azure Foundations 5.0.0', '8.3.7: Ensure Public Network Access is Disabled', 'not met |'],
      [
        'CIS Microsoft Azure Foundations 5.0.0',
        '8.3.8: Ensure Private Endpoints are used to access Azure Key Vault',
        'undecided |',
      ],
    ],
  );
  const rows = stdout.split('\n').filter((line) => /\| (met|not met|undecided) \| ./.test(line));
  assert.equal(rows.length, 6);
  assert.match(rows[1] ?? '', /`55615ac9-[^|]* \| met \| [^|]*main\.json:\d+ \| PCI DSS 4\.0, HIPAA, SOC 2, ISO 27001 \|$/);
  assert.match(rows[2] ?? '', /\| undecided \| [^|]*<br>depends on private endpoints of `kv-open` outside of the files<br>/);
  assert.match(rows[5] ?? '', /\|  \|$/);
  assert.doesNotMatch(run(cwd, ['check', '--format', 'markdown']).stdout, /Controls/);
});

test('a name cannot break out of its cell', () => {
  const { stdout } = run(folder({ 'main.json': closed.replace('kv-open', 'kv | <b>x</b> @all') }), [
    'check',
    '--format',
    'markdown',
    '--controls',
  ]);
  for (const line of stdout.split('\n').filter((line) => /\| (met|not met|undecided) \|/.test(line))) {
    assert.equal(line.match(/(?<!\\)\|/g)?.length, line.endsWith('met |') || line.endsWith('undecided |') ? 5 : 6, line);
    const outsideOfCode = line.replaceAll('<br>', '').replace(/`[^`]*`/g, '');
    assert.match(outsideOfCode, /all/);
    assert.doesNotMatch(outsideOfCode, /(?<!\\)<b|@all/);
  }
});

test('a format without controls is refused', () => {
  for (const words of [[], ['--format', 'sarif'], ['--format', 'json', '--diff']]) {
    const { status, stderr } = run(folder({ 'main.json': closed }), ['check', '--controls', ...words]);
    assert.equal(status, 2, words.join(' '));
    assert.match(stderr, /--controls needs|--diff cannot be combined/);
  }
});

test('the library returns the same controls', async () => {
  const moat = await createEngine();
  const project = moat.project();
  project.set('main.json', closed);
  const { version, controls, vaultsLeftOut } = project.controls();
  assert.deepEqual([version, controls.length, vaultsLeftOut], [1, 6, 0]);
  assert.ok(controls.every(({ vault, file }) => vault.name === 'kv-open' && file === 'main.json'));
});
