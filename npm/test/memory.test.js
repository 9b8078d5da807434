// `make bench-memory` does the same over 100,000 checks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { churn, WAYS } from './memory.js';

for (const way of /** @type {(keyof typeof WAYS)[]} */ (Object.keys(WAYS))) {
  test(`many checks leave the memory as it is: ${way}`, () => {
    const { first, last } = churn(way, 2000);
    assert.equal(last, first);
  });
}
