// Loaded before the command: one call of `node:fs` fails, or a file changes while the command writes.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { CALL = '', AT = '1', SAVES } = process.env;
const calls = /** @type {Record<string, (...words: unknown[]) => unknown>} */ (/** @type {unknown} */ (fs));
const original = calls[CALL];
let hasBegun = false;
let count = 0;
const { writeFileSync } = fs;
fs.writeFileSync = (...words) => {
  const isFirst = !hasBegun;
  hasBegun = true;
  if (isFirst && SAVES !== undefined) fs.appendFileSync(SAVES, '// saved meanwhile\n');
  return CALL === 'writeFileSync' ? called(words, writeFileSync) : writeFileSync(...words);
};
if (CALL !== '' && CALL !== 'writeFileSync') calls[CALL] = (...words) => called(words, original);
syncBuiltinESMExports();

/** @param {unknown[]} words @param {((...words: any[]) => unknown) | undefined} call */
function called(words, call) {
  if (hasBegun && ++count === Number(AT)) {
    process.stderr.write('failed one\n');
    throw Object.assign(new Error(`EBUSY: resource busy or locked, ${CALL}`), { code: 'EBUSY' });
  }
  return call?.(...words);
}
