// Loaded before the server: a text with TRAP in it stops the engine when it is checked, as a defect of ours would, and one
// with SNARE when its model is asked for.

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
