import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

// The aim is 250 KB; with some ninety rules it is 302. What grows it past this has to be worth it.
const MOST = 312 * 1024;

test('the module stays small enough for a page', () => {
  const bytes = readFileSync(new URL('../wasm/vaultmoat_bg.wasm', import.meta.url));
  const size = gzipSync(bytes, { level: 9 }).length;
  assert.ok(size <= MOST, `${size} bytes with gzip are more than ${MOST}`);
});
