// Measures the module's memory over many checks in one instance.

import { readFileSync } from 'node:fs';
import { createEngine, EngineCrash } from 'vaultmoat';
import { initSync } from '../wasm/vaultmoat.js';
import { QUESTIONS } from './questions.js';
import { openBicep, openVault } from './templates.js';

const moat = await createEngine();
// The running instance.
const { memory } = /** @type {any} */ (initSync)();
/** The bytes of the instance's memory, which never shrinks. */
export const size = () => /** @type {WebAssembly.Memory} */ (memory).buffer.byteLength;

const openTerraform = `resource "azurerm_key_vault" "kv" {
  name                = "kv-open"
  location            = "westeurope"
  resource_group_name = "rg"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  sku_name            = "standard"
}
`;
const shown = new URL('../../examples/templates/az-keyvault-show.json', import.meta.url);
/** One of each language, small. @type {[path: string, text: string][]} */
const files = [
  ['main.json', openVault],
  ['main.bicep', openBicep],
  ['shown.json', readFileSync(shown, 'utf8')],
  ['main.tf', openTerraform],
];

/** Ways of use: each function makes the `round`th check. */
export const WAYS = {
  /** As a server: one project, in which files are added and removed. */
  'one project': () => {
    const project = moat.project();
    return (/** @type {number} */ round) => {
      const [path, text] = files[round % files.length];
      project.set(path, round % 8 < 4 ? text : text.replace('kv', `kv${round}`));
      const found = project.check().summary.vaults;
      if (round % 3 === 0) project.remove(path);
      return found;
    };
  },
  /** As a pipeline: one project per file. */
  'a project each': () => (/** @type {number} */ round) => {
    const [path, text] = files[round % files.length];
    const project = moat.project({ profile: round % 2 ? 'strict' : 'recommended' });
    project.set(path, text);
    const found = project.check().summary.vaults;
    project.fix();
    project.dispose();
    return found;
  },
  /** As a client that calls every function, also with wrong arguments. */
  'every question': () => {
    const other = moat.project();
    other.set(...files[0]);
    return (/** @type {number} */ round) => {
      const [path, text] = files[round % files.length];
      const project = moat.project();
      project.set(path, round % 2 ? text : text.slice(0, text.length / 2));
      const found = project.check().summary.vaults;
      const questions = [
        ...QUESTIONS.map(
          ({ ask }) =>
            () =>
              ask(project, other),
        ),
        () => moat.project(/** @type {any} */ ({ cloud: 'nowhere' })),
        () => moat.identify(path, text),
      ];
      try {
        questions[Math.floor(round / 8) % questions.length]();
      } catch (error) {
        // A refused call must not leak memory.
        if (error instanceof EngineCrash) throw error;
      }
      project.dispose();
      return found;
    };
  },
};

/** Makes `count` checks. Returns the memory after the first half, in which it may grow, and at the end. @param {keyof typeof WAYS} way @param {number} count */
export function churn(way, count) {
  const step = WAYS[way]();
  let [first, vaults] = [0, 0];
  for (let round = 0; round < count; round += 1) {
    if (round === Math.floor(count / 2)) first = size();
    vaults += step(round);
  }
  if (vaults < count / 4) throw new Error(`${vaults} vaults in ${count} checks: what was checked?`);
  return { first, last: size() };
}
