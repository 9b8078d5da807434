// Pictures of the network, from constructed reports and from templates.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toDot, toMermaid, toSvg } from 'vaultmoat/graph';
import { folder, run } from './command.js';
import { openVault } from './templates.js';

/** @typedef {import('vaultmoat').GraphReport} GraphReport */
/** @typedef {import('vaultmoat').GraphNode} GraphNode */

/** @param {Partial<GraphNode> & { id: string }} more @returns {GraphNode} */
const node = (more) => ({
  kind: 'vault',
  label: more.id,
  detail: '',
  address: null,
  parent: null,
  file: null,
  range: null,
  findings: [],
  ...more,
});

/** @param {string} from @param {string} to @param {Partial<import('vaultmoat').GraphEdge>} [more] @returns {import('vaultmoat').GraphEdge} */
const edge = (from, to, more) => ({ from, to, kind: 'reaches', label: '', proof: 'proved', assumed: [], findings: [], ...more });

/** @param {GraphNode[]} nodes @param {import('vaultmoat').GraphEdge[]} edges @param {Partial<GraphReport>} [more] @returns {GraphReport} */
const report = (nodes, edges, more) => ({ version: 1, nodes, edges, findings: [], nodesLeftOut: 0, edgesLeftOut: 0, ...more });

const nested = report(
  [
    node({ id: 'vault-1', label: 'kv', findings: [{ rule: 'public-vault', severity: 'warning', message: 'it is open' }] }),
    node({ id: 'network-1', kind: 'virtual-network', label: 'net' }),
    node({ id: 'subnet-1', kind: 'subnet', label: 'endpoints', parent: 'network-1' }),
    node({ id: 'endpoint-1', kind: 'private-endpoint', label: 'pe', parent: 'subnet-1' }),
    node({ id: 'zone-1', kind: 'dns-zone', label: 'zone' }),
    node({ id: 'internet-1', kind: 'internet', label: 'the internet' }),
  ],
  [
    edge('endpoint-1', 'vault-1', { kind: 'connects', label: 'private link' }),
    edge('zone-1', 'network-1', { kind: 'links', label: 'zone link' }),
    edge('internet-1', 'vault-1', { kind: 'blocked', label: 'public access is off' }),
    edge('subnet-1', 'vault-1', { label: 'service endpoint', proof: 'possible' }),
  ],
);

/** Names of vaults that attack the formats. */
const HOSTILE = [
  'a"]; click x "javascript:alert(1)" %%',
  'x"\nend\nsubgraph y',
  '</text><script>alert(1)</script>',
  '&lt;img src=x onerror=alert(1)&gt;',
  'a\\" ]; digraph { evil -> worse }',
  '`**b**`|x|--> y',
  '#quot;#60;b#62;',
  "' onload='x",
  ']]>\u0000\u001b[31m\u2028\u202e\ud800\ufffe',
  '\\N \\G \\',
];

const hostile = report(
  HOSTILE.map((label, at) =>
    node({
      id: `vault-${at + 1}`,
      label,
      detail: label,
      address: label,
      file: label,
      findings: [{ rule: 'public-vault', severity: 'error', message: label }],
    }),
  ),
  HOSTILE.map((label, at) => edge('vault-1', `vault-${at + 1}`, { label, assumed: [label] })),
);

/** Asserts that a text is well-formed XML, and returns the names of its elements. @param {string} text */
function parsed(text) {
  const open = /** @type {string[]} */ ([]);
  const names = /** @type {string[]} */ ([]);
  const rest = text.replace(
    /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<&]*")*)\s*(\/?)>/g,
    (_, close, name, attributes, single) => {
      if (close) assert.equal(open.pop(), name);
      else if (!single) open.push(name);
      if (!close) names.push(name);
      assert.doesNotMatch(attributes, /\son\w+=/);
      return '';
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /<|&(?!(amp|lt|gt|quot|#39);)/);
  assert.doesNotMatch(text, /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
  assert.doesNotMatch(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''), /[\ud800-\udfff]/);
  return names;
}

test('Mermaid has subgraphs for containers, and labelled arrows', () => {
  const lines = toMermaid(nested).split('\n');
  assert.equal(lines[0], 'flowchart LR');
  const at = (/** @type {string} */ part) => lines.findIndex((line) => line.includes(part));
  assert.ok(at('subgraph network_1["net') < at('subgraph subnet_1["endpoints'));
  assert.ok(at('subgraph subnet_1') < at('endpoint_1["pe'));
  assert.equal(lines.filter((line) => line.trim() === 'end').length, 2);
  assert.ok(lines.includes('  endpoint_1 -->|"private link"| vault_1'));
  assert.ok(lines.includes('  internet_1 -.-x|"✗ public access is off"| vault_1'));
  assert.ok(lines.includes('  subnet_1 -.->|"service endpoint · possibly"| vault_1'));
  assert.ok(lines.some((line) => line.includes('⚠ public-vault')));
  assert.ok(lines.includes('  class vault_1 warning'));
});

test('no name breaks out of Mermaid', () => {
  const lines = toMermaid(hostile).trimEnd().split('\n');
  // Every line has the expected form, and no quoted text contains a character that ends it.
  const text = '"(?:[\\p{L}\\p{N}\\p{So} .,:/_()+·✗-]|#\\d+;|<br/>)*"';
  const ours = new RegExp(
    `^(flowchart LR|  vault_\\d+\\[\\(${text}\\)\\]|  vault_\\d+ -->\\|${text}\\| vault_\\d+|  class(Def)? [\\w ,:#-]+)$`,
    'u',
  );
  for (const line of lines) assert.match(line, ours);
  assert.equal(lines.filter((line) => line.startsWith('  vault_') && line.includes('[(')).length, HOSTILE.length);
});

test('no name breaks out of DOT', () => {
  const text = toDot(hostile);
  // The names occur only in quoted texts.
  const bare = text.replace(/"(?:[^"\\\n]|\\["\\n])*"/g, 'T');
  assert.doesNotMatch(bare, /["\\]|evil|script|click/);
  assert.equal(bare.match(/^ {2}T \[label=T, tooltip=T, color=T, penwidth=2, shape=cylinder\];$/gm)?.length, HOSTILE.length);
  assert.doesNotMatch(text, /&lt;img(?!;)/);
});

test('no name breaks out of SVG, which is well-formed and loads nothing', async () => {
  const text = await toSvg(hostile);
  const names = new Set(parsed(text));
  assert.deepEqual([...names].sort(), ['defs', 'g', 'marker', 'path', 'rect', 'style', 'svg', 'text', 'title', 'tspan']);
  assert.doesNotMatch(text.replace('http://www.w3.org/2000/svg', ''), /https?:|@import|url\((?!#head)/);
});

test('every element of an SVG has a title, and there is a dark theme', async () => {
  const text = await toSvg(nested);
  const names = parsed(text);
  assert.equal(names.filter((name) => name === 'g').length, nested.nodes.length + nested.edges.length);
  assert.equal(
    text.match(/<g class="[a-z -]+" data-(node|from)="[^>]+"><title>[^<]+<\/title>/g)?.length,
    nested.nodes.length + nested.edges.length,
  );
  assert.match(text, /prefers-color-scheme: dark/);
  assert.match(text, /<title>kv\nvault\nwarning\[public-vault\]: it is open<\/title>/);
  assert.doesNotMatch(text, /NaN|undefined|Infinity/);
});

test('the text in a box of an SVG fits into the box', async () => {
  const long = nested.nodes.map((one) => (one.parent === null ? { ...one, detail: 'a detail of a length like this' } : one));
  const text = await toSvg(report(long, nested.edges));
  const boxes = [...text.matchAll(/<rect class="(?:box|outer)"[^>]* width="([\d.]+)"[^>]*\/><text[^>]*>(.*?)<\/text>/g)];
  assert.equal(boxes.length, nested.nodes.length);
  for (const [, width, lines] of boxes) {
    const longest = Math.max(...[...lines.matchAll(/>([^<]+)<\/tspan>/g)].map(([, line]) => line.length));
    assert.ok(Number(width) >= longest * 6.5, `${lines} is wider than ${width}`);
  }
});

test('pictures are deterministic', async () => {
  for (const picture of [toMermaid, toDot, toSvg]) {
    assert.equal(await picture(nested), await picture(structuredClone(nested)));
  }
});

test('omitted elements are counted in the picture', async () => {
  const more = {
    ...nested,
    nodesLeftOut: 7,
    findings: [{ rule: 'syntax', severity: /** @type {const} */ ('error'), message: 'x' }],
  };
  for (const picture of [toMermaid, toDot, toSvg]) assert.match(await picture(more), /not shown: 7 more nodes, 1 findings/);
});

test('an edge from a node to its container is left out: no layout can draw it', async () => {
  const inner = report(nested.nodes, [edge('endpoint-1', 'network-1'), edge('network-1', 'subnet-1')]);
  assert.doesNotMatch(toMermaid(inner), /-->/);
  assert.doesNotMatch(toDot(inner), /->/);
  parsed(await toSvg(inner));
});

test('an empty graph can be drawn, and one that is too large is refused', async () => {
  parsed(await toSvg(report([], [])));
  const nodes = Array.from({ length: 500 }, (_, at) => node({ id: `vault-${at}` }));
  const edges = Array.from({ length: 501 }, (_, at) => edge('vault-0', `vault-${1 + (at % 499)}`, { label: `${at}` }));
  parsed(await toSvg(report(nodes, edges.slice(1))));
  await assert.rejects(toSvg(report(nodes, edges)), { name: 'RangeError', message: /1001 nodes and edges are too many/ });
  assert.match(toMermaid(report(nodes, edges)), /vault_499/);
});

test('the command draws, in Mermaid by default', () => {
  const cwd = folder({ 'main.json': openVault });
  const { status, stdout } = run(cwd, ['graph']);
  assert.equal(status, 0);
  assert.match(stdout, /^flowchart LR\n/);
  assert.match(stdout, /internet_1 -->\|"public endpoint"\| vault_1/);
  assert.match(run(cwd, ['graph', '--format', 'dot', 'main.json']).stdout, /^digraph vaultmoat \{/);
  assert.equal(run(cwd, ['graph', '--format', 'svg', '--output', 'net.svg']).stdout, '');
  parsed(readFileSync(join(cwd, 'net.svg'), 'utf8'));
  const json = JSON.parse(run(cwd, ['graph', '--format', 'json']).stdout);
  assert.deepEqual(
    json.nodes.map((/** @type {GraphNode} */ { id }) => id),
    ['vault-1', 'internet-1', 'trusted-1', 'addresses-1'],
  );
  assert.equal(run(cwd, ['graph', '--format', 'text']).status, 2);
  assert.match(run(cwd, ['graph', '--format', 'png', '-o', 'x']).stderr, /--format must be one of mermaid, dot, svg, json/);
  assert.ok(!existsSync(join(cwd, 'x')));
});

test('a folder without vaults gives an empty picture and a message', () => {
  const { status, stdout, stderr } = run(folder({ 'main.bicep': '' }), ['graph']);
  assert.equal(status, 0);
  assert.match(stdout, /^flowchart LR\n/);
  assert.match(stderr, /no vaults/);
});

test('elements that are too many for a picture are left out with a message', () => {
  const loop = openVault
    .replace('"name": "kv-open"', `"name": "[concat('kv', copyIndex())]", "copy": { "name": "all", "count": 700 }`)
    .replace('"networkAcls"', '"acls"');
  const { status, stdout, stderr } = run(folder({ 'main.json': loop }), ['graph']);
  assert.equal(status, 0);
  assert.match(stderr, /too large for one picture: \d+ nodes/);
  assert.match(stdout, /not shown: \d+ more nodes/);
});
