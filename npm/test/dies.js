// Loaded before the command: ends threads in the middle of some units, as a lack of memory does; only once if a file says so.

import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import * as wasm from '../wasm/vaultmoat.js';

const { set } = wasm.Project.prototype;
/** @param {string} path @param {string} text */
wasm.Project.prototype.set = function (path, text) {
  if (!isMainThread && /^apps\/...[05]\//.test(path) && mayDie()) {
    if (process.env.DIES === 'hungry') for (const kept = []; ;) kept.push(new Array(1e6).fill(path));
    process.exit(7);
  }
  return set.call(this, path, text);
};

function mayDie() {
  try {
    if (process.env.DIES_ONCE) writeFileSync(process.env.DIES_ONCE, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
