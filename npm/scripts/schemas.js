// Writes the JSON Schemas of the package: of what commands print, and of vaultmoat.toml.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { PRINTED } from '../dist/cli/questions.js';
import { configSchema } from '../dist/config/settings.js';
import { createEngine } from '../dist/node.js';

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** @param {string} name @param {unknown} schema */
function write(name, schema) {
  writeFileSync(path(`schema/${name}.json`), `${JSON.stringify(schema, undefined, 2)}\n`);
}

/** @param {string} source */
const schemasOf = (source) =>
  createGenerator({ path: path(source), tsconfig: path('tsconfig.json'), additionalProperties: false });

mkdirSync(path('schema'), { recursive: true });
const types = schemasOf('src/types.ts');
for (const [name, { report }] of Object.entries(PRINTED)) write(name, types.createSchema(report));
// `check` adds what its options ask for.
write('check', schemasOf('src/cli/checked.ts').createSchema('CheckReport'));
write('stream', types.createSchema('StreamRecord'));
write('config', configSchema((await createEngine()).rules()));
