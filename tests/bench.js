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
const EDITS = 200;
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

/** What a re-check takes after each of some edits to a Bicep file, half of which leave it broken. @param {number} lines */
function keystrokes(lines) {
  const text = execFileSync(bench, ['bicep', String(lines)], { encoding: 'utf8' });
  const project = engine.project();
  let seed = 1;
  const random = (/** @type {number} */ below) => (seed = (seed * 48271) % 2147483647) % below;
  const places = [...text.matchAll(/'[a-zA-Z.]+'|[{}[\]]/g)];
  project.set('main.bicep', text);
  project.check();
  const took = Array.from({ length: EDITS }, (_, edit) => {
    const breaks = edit % 2 === 0;
    const of = places.filter(([found]) => found.startsWith("'") !== breaks);
    const { index, 0: found } = of[random(of.length)] ?? places[0];
    const with_ = breaks ? '' : `${found.slice(0, -1)}x'`;
    const edited = text.slice(0, index) + with_ + text.slice(index + found.length);
    return timed(() => {
      project.set('main.bicep', edited);
      project.check();
    });
  }).sort((a, b) => a - b);
  project.dispose();
  const at = (/** @type {number} */ share) => (took[Math.floor(took.length * share)] ?? NaN).toFixed(1);
  return `${at(0.5)} ms p50, ${at(0.95)} ms p95 of ${EDITS} edits to ${text.split('\n').length} lines of Bicep`;
}

console.log(`\nre-check: ${keystrokes(2000)}`);

/** What a re-check takes when one of several files of 500 lines changes. @param {number} others */
function besides(others) {
  const text = execFileSync(bench, ['bicep', '500'], { encoding: 'utf8' });
  const project = engine.project();
  for (let file = 0; file < others; file++) project.set(`other${file}.bicep`, text);
  project.set('main.bicep', text);
  project.check();
  let edit = 0;
  const took = times(() => {
    project.set('main.bicep', `${text}\n// ${edit++}\n`);
    project.check();
  }, 20);
  project.dispose();
  return median(took);
}

const alone = besides(0);
const beside = [1, 10, 100].map((others) => `${(besides(others) / alone).toFixed(2)} beside ${others}`);
console.log(`re-check of one file: ${alone.toFixed(1)} ms alone; times that: ${beside.join(', ')}`);

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
