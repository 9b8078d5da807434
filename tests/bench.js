// What `make bench` prints: how long a check takes, natively and in WebAssembly, beside the fastest known parser of
// the language; also re-checks, start-up and size. Everything is a ratio within one run, since machines differ.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { createEngine } from 'vaultmoat';
import { root } from './templates.js';

const STARTS = 20;
const EDITS = 200;
const bench = join(root, 'tests/peers/target/release/bench');

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

/** @param {string} kind @param {number} count */
const textOf = (kind, count) => execFileSync(bench, ['text', kind, String(count)], { encoding: 'utf8', maxBuffer: 1 << 28 });

/** @typedef {{ table: string, kind: string, count: number, path: string, bytes: number, lines: number, resources: number }} Text */
/** @typedef {Text & { parser: string, parse: number | null, check: number, again: number }} Measured Times are in milliseconds. */

/** The shortest time of a check by a new project, and of a check after an edit. @param {Measured} of */
function inWasm({ kind, count, path, check }) {
  const text = textOf(kind, count);
  const one = { check: Infinity, again: Infinity };
  // The JIT optimizes functions that run often, so small texts are checked more often.
  const runs = Math.min(50, Math.max(3, Math.round(3000 / (4 * check))));
  for (let run = 0; run < runs; run++) {
    const project = engine.project();
    const set = (/** @type {string} */ text) =>
      timed(() => {
        project.set(path, text);
        project.check();
      });
    one.check = Math.min(one.check, set(text));
    one.again = Math.min(one.again, set(`${text}\n`));
    project.dispose();
  }
  return one;
}

/** @param {(string | number)[]} cells */
const row = (...cells) =>
  console.log(cells.map((cell, at) => (at === 0 ? `${cell}`.padEnd(20) : ` ${cell}`.padStart(12))).join(''));
/** @param {number} time */
const ms = (time) => `${time.toFixed(time < 10 ? 2 : 0)} ms`;
/** @param {number} ratio */
const factor = (ratio) => `${ratio.toFixed(2)} x`;

let table = '';
for await (const line of createInterface(spawn(bench, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout)) {
  const of = /** @type {Measured} */ (JSON.parse(line));
  const wasm = inWasm(of);
  if (of.table === 'size') {
    if (table !== of.table) row('', 'size', 'parsed', 'by', 'checked', 'x parsed', 'again', 'in wasm', 'x native', 'again');
    const size = of.kind === 'arm' ? `${(of.bytes / 1e6).toFixed(1)} MB` : `${of.lines} lines`;
    const parsed =
      of.parse === null
        ? ['', of.parser, ms(of.check), '']
        : [ms(of.parse), of.parser, ms(of.check), factor(of.check / of.parse)];
    row(of.kind, size, ...parsed, ms(of.again), ms(wasm.check), factor(wasm.check / of.check), ms(wasm.again));
  } else {
    if (table !== of.table) row('\neach, of so many', 'vaults', 'native', 'in wasm');
    row(of.kind, of.count, ms(of.check / of.count), ms(wasm.check / of.count));
  }
  table = of.table;
}

/** The time of a re-check after each of some edits to a Bicep file, half of which leave it invalid. @param {number} lines */
function keystrokes(lines) {
  const text = textOf('bicep', Math.ceil(lines / 45));
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

/** The time of a re-check after a change of one of several files of 500 lines. @param {number} others */
function besides(others) {
  const text = textOf('bicep', 11);
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
