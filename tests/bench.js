// What `make bench` prints: the native benchmark's table with the package's numbers beside it, then start-up and size.
// Everything is a ratio within one run, since machines differ.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { createEngine } from 'vaultmoat';
import { root } from './templates.js';

const RUNS = 7;
const STARTS = 20;
const bench = join(root, 'target/release/bench');

/** @param {number[]} times */
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;

/** Milliseconds. @param {() => void} run */
function timed(run) {
  const started = performance.now();
  run();
  return performance.now() - started;
}

/** @param {() => void} run @param {number} count */
const times = (run, count) => Array.from({ length: count }, () => timed(run));

const engine = await createEngine();

/** The package's columns of one line of the table. @param {number} megabytes @param {number} serdeJson in MB/s */
function measured(megabytes, serdeJson) {
  const text = execFileSync(bench, ['template', String(megabytes)], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const rate = (/** @type {number} */ milliseconds) => text.length / 1e3 / milliseconds;
  const project = engine.project();
  project.set('main.json', text);
  project.check();
  const parse = rate(Math.min(...times(() => JSON.parse(text), RUNS)));
  const check = rate(Math.min(...times(() => project.check(), RUNS)));
  project.dispose();
  return `${check.toFixed(1).padStart(10)} MB/s ${(check / serdeJson).toFixed(3).padStart(8)} ${parse.toFixed(1).padStart(9)} MB/s`;
}

let megabytes = 1;
for await (const line of createInterface(spawn(bench, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout)) {
  const serdeJson = /([\d.]+) MB\/s/.exec(line)?.[1];
  if (serdeJson === undefined) {
    console.log(`${line}    check in wasm    ratio     JSON.parse`);
  } else {
    console.log(`${line} ${measured(megabytes, Number(serdeJson))}`);
    megabytes *= 2;
  }
}

const command = ['npm/bin/vaultmoat.js', 'check', '--fail-on', 'never', 'examples/templates/open-vault.json'];
/** @param {string[]} words */
const start = (words) => () => void spawnSync(process.execPath, words, { cwd: root });
const nothing = median(times(start(['-e', '0']), STARTS));
const check = median(times(start(command), STARTS));
console.log(
  `\nstart-up: ${check.toFixed(0)} ms for one template, ${nothing.toFixed(0)} ms for \`node -e 0\`: ${(check / nothing).toFixed(2)} times`,
);

const bytes = readFileSync(join(root, 'npm/wasm/vaultmoat_bg.wasm'));
console.log(`module: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} with gzip`);
