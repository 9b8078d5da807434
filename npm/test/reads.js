// Loaded before the command: prints the paths of the texts that the engine gets.

import * as wasm from '../wasm/vaultmoat.js';

const { set } = wasm.Project.prototype;
/** @param {string} path @param {string} text */
wasm.Project.prototype.set = function (path, text) {
  process.stderr.write(`read ${path}\n`);
  return set.call(this, path, text);
};
