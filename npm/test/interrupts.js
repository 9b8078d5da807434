// Loaded before the command: sends it a signal in the middle of its writing, at one of its calls of `node:fs`.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { CALL = '', AT = '1', SIGNAL = 'SIGTERM' } = process.env;
const calls = /** @type {Record<string, (...words: unknown[]) => unknown>} */ (/** @type {unknown} */ (fs));
const original = calls[CALL];
let count = 0;
calls[CALL] = (...words) => {
  const result = original?.(...words);
  if (words.some((word) => String(word).endsWith('.tmp')) && ++count === Number(AT)) process.kill(process.pid, SIGNAL);
  return result;
};
syncBuiltinESMExports();
