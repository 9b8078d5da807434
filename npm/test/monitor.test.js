import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folder, run } from './command.js';
import { openVault } from './templates.js';

const closed = openVault.replace('"defaultAction": "Allow"', '"defaultAction": "Deny"');

test('the text is Markdown with queries, commands and Bicep', () => {
  const { status, stdout } = run(folder({ 'main.json': closed }), ['monitor']);
  assert.equal(status, 0);
  assert.match(stdout, /^# Monitoring\n\n## Vault `kv-open`\n/);
  assert.match(stdout, /Declared at `main\.json:5`\. \*\*No logs arrive\*\*/);
  assert.match(stdout, /let Networks = dynamic\(\["203\.0\.113\.7\/32"\]\);/);
  assert.match(stdout, /az policy assignment create \\\n {2}--name 'kv-firewall'/);
  assert.match(stdout, /"allowedIPAddresses":\{"value":\["203\.0\.113\.7\/32"\]\}/);
  const fences = stdout.match(/^```.*$/gm) ?? [];
  assert.ok(fences.length > 10);
  fences.forEach((fence, at) => assert.match(fence, at % 2 === 0 ? /^```(kusto|sh|bicep)$/ : /^```$/));
});

test('JSON has both tables for every query', () => {
  const { stdout } = run(folder({ 'main.json': closed }), ['monitor', '--format', 'json']);
  const { version, vaults, policies } = JSON.parse(stdout);
  assert.equal(version, 1);
  const [{ logged, queries }] = vaults;
  assert.equal(logged.state, 'lost');
  const tables = new Map();
  for (const { title, table } of queries) tables.set(title, [...(tables.get(title) ?? []), table]);
  assert.equal(tables.size, 3);
  for (const both of tables.values()) assert.deepEqual(both, ['AZKVAuditLogs', 'AzureDiagnostics']);
  assert.deepEqual(
    policies.map((/** @type {{ guid: string }} */ { guid }) => guid.slice(0, 8)),
    ['55615ac9'],
  );
});

test('a name cannot break out in Markdown or command the terminal', () => {
  const name = 'kv\\n```\\n# evil\\u001b[31m `x` <script>\\u202e';
  const { stdout } = run(folder({ 'main.json': closed.replace('kv-open', name) }), ['monitor']);
  assert.match(stdout, /evil/);
  assert.doesNotMatch(stdout, /[\x1b\u202e]/);
  assert.doesNotMatch(stdout, /^\s*# evil/m);
  // Every fence is closed by its own end, and outside of code the name is escaped.
  const prose = stdout.replace(/^(`{3,})(kusto|sh|bicep)\n[^]*?\n\1$/gm, '');
  assert.doesNotMatch(prose, /^`{3}/m);
  assert.doesNotMatch(prose.replace(/(?<!\\)(`+)[^]*?\1/g, ''), /(?<!\\)</);
});

test('a folder without vaults prints a message', () => {
  const { status, stdout } = run(folder({ 'main.bicep': '' }), ['monitor']);
  assert.equal(status, 0);
  assert.equal(stdout, 'no vault is declared in the files\n');
});
