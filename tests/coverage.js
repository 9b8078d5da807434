// What `make coverage` prints: the lines that tests reach, per layer of the engine, and the files that they reach least.
// `node tests/coverage.js SUMMARY` reads the output of `llvm-cov export --summary-only`.

import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './templates.js';

/** @typedef {{ count: number, covered: number }} Lines */

const shown = 15;
/** @type {{ data: { files: { filename: string, summary: { lines: Lines } }[] }[] }} */
const { data } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const files = data
  .flatMap((part) => part.files)
  .map(({ filename, summary }) => ({ path: relative(join(root, 'core/src'), filename).split(sep), ...summary.lines }))
  .filter(({ path }) => path[0] !== '..' && !path.some((part) => /^(edit_)?tests(\.rs)?$/.test(part)));

/** @type {Map<string, Lines>} */
const layers = new Map();
for (const { path, count, covered } of files) {
  const name = path.length > 1 ? `${path[0]}/` : (path[0] ?? '');
  const layer = layers.get(name) ?? { count: 0, covered: 0 };
  layers.set(name, { count: layer.count + count, covered: layer.covered + covered });
}

const total = { count: 0, covered: 0 };
// In the order of ARCHITECTURE.md.
const order = [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([a-z]+(?:\/|\.rs))` \|/gm)].map(
  ([, name = '']) => name,
);
/** @param {string} name */
const place = (name) => (order.includes(name) ? order.indexOf(name) : order.length);

console.log('layer           lines   reached');
for (const [name, { count, covered }] of [...layers].sort(([one], [other]) => place(one) - place(other))) {
  total.count += count;
  total.covered += covered;
  console.log(row(name, { count, covered }));
}
console.log(row('all', total));

console.log(`\nThe ${shown} files with most lines that no test reaches`);
const left = (/** @type {Lines} */ lines) => lines.count - lines.covered;
for (const { path, ...lines } of files.sort((one, other) => left(other) - left(one)).slice(0, shown)) {
  console.log(`${String(left(lines)).padStart(5)} of ${String(lines.count).padStart(5)}  core/src/${path.join('/')}`);
}

/** @param {string} name @param {Lines} lines */
function row(name, { count, covered }) {
  return `${name.padEnd(12)} ${String(count).padStart(8)} ${((100 * covered) / Math.max(count, 1)).toFixed(1).padStart(8)} %`;
}
