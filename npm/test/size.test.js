import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

// The aim is 350 KB with all languages, which is far away; further growth must be worth it. Callers of any type, what a
// deployment keeps, gates on the caller's side and ten rules took 72 KB; permissions as callers, Automation, exports that
// differ, prices and names in messages took 25 KB; states of Terraform, the trait of languages and the descriptions of services
// took 8 KB; what known modules make and fixes at their calls, roles on groups, servers that are resources, and paying for what is
// made took 14 KB.
const MOST = 712 * 1024;

test('the module stays small enough for a page', () => {
  const bytes = readFileSync(new URL('../wasm/vaultmoat_bg.wasm', import.meta.url));
  const size = gzipSync(bytes, { level: 9 }).length;
  assert.ok(size <= MOST, `${size} bytes with gzip are more than ${MOST}`);
});
