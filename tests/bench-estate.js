// What `make bench-estate` prints: time and peak memory of `check --stream` over estates of 1,000, 10,000 and 100,000
// vaults, on one core. `node tests/bench-estate.js VAULTS …` measures other sizes.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './templates.js';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000, 100_000];
const folder = join(root, 'target/estate');
mkdirSync(folder, { recursive: true });

// The process prints its CPU time and its peak memory when it ends.
const measured = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write(JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS / 1024 }) + '\\n');
});`;
const preload = `data:text/javascript,${encodeURIComponent(measured)}`;
const [taskset = []] = [['taskset', '-c', '0']].filter(([command = '']) => spawnSync(command, ['-V']).status === 0);

console.log('   vaults  resources  input MB   seconds  on the processor  µs a resource  peak MB  records');
for (const vaults of sizes) {
  const [input, output] = [join(folder, `${vaults}.ndjson`), join(folder, `${vaults}.out.ndjson`)];
  const file = openSync(input, 'w');
  execFileSync(process.execPath, [join(root, 'tests/estate.js'), String(vaults)], { stdio: ['ignore', file, 'inherit'] });
  closeSync(file);
  const command = [process.execPath, '--import', preload, join(root, 'npm/bin/vaultmoat.js'), 'check', '--stream', input];
  const [first = '', ...words] = [...taskset, ...command, '-o', output, '--fail-on', 'never', '--quiet'];
  const started = performance.now();
  const { status, stderr } = spawnSync(first, words, { encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  const used = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
  const { resources } = JSON.parse(lines.at(-1) ?? '');
  const columns = [
    String(vaults).padStart(9),
    String(resources).padStart(10),
    (statSync(input).size / 2 ** 20).toFixed(1).padStart(9),
    seconds.toFixed(1).padStart(9),
    used.seconds.toFixed(1).padStart(17),
    ((used.seconds / resources) * 1e6).toFixed(0).padStart(14),
    used.peak.toFixed(0).padStart(8),
    String(lines.length).padStart(8),
  ];
  console.log(columns.join(' '));
  rmSync(output);
}
