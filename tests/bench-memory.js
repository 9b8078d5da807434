// The memory of one instance over many checks. `node tests/bench-memory.js [COUNT]`; 100,000 for each way of use.

import { churn, size, WAYS } from '../npm/test/memory.js';

const count = Number(process.argv[2] ?? 100_000);
/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MB`;

console.log(`an instance at its start: ${megabytes(size())}`);
for (const way of /** @type {(keyof typeof WAYS)[]} */ (Object.keys(WAYS))) {
  const start = performance.now();
  const { first, last } = churn(way, count);
  const seconds = (performance.now() - start) / 1000;
  const rss = megabytes(process.memoryUsage().rss);
  console.log(
    `${way}: ${megabytes(first)} after ${count / 10} checks, ${megabytes(last)} after ${count} (${seconds.toFixed(0)} s); process ${rss}`,
  );
  if (last > first) {
    console.error(`${way}: ${last - first} bytes more`);
    process.exitCode = 1;
  }
}
