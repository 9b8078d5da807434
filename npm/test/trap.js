// Loaded before the server: a text with TRAP crashes the engine in a check, as a bug would, and one with SNARE in a request
// for its model.

import * as wasm from '../wasm/vaultmoat.js';

const { set, check, model } = wasm.Project.prototype;
const cursed = new WeakSet();
const snared = new WeakSet();
/** @param {string} path @param {string} text */
wasm.Project.prototype.set = function (path, text) {
  if (text.includes('TRAP')) cursed.add(this);
  else cursed.delete(this);
  if (text.includes('SNARE')) snared.add(this);
  else snared.delete(this);
  return set.call(this, path, text);
};
wasm.Project.prototype.check = function () {
  if (cursed.has(this)) throw new WebAssembly.RuntimeError('unreachable');
  return check.call(this);
};
wasm.Project.prototype.model = function () {
  if (snared.has(this)) throw new WebAssembly.RuntimeError('unreachable');
  return model.call(this);
};
