// `vaultmoat init`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAME } from '../config/config.js';
import { configSchema, type Schema } from '../config/settings.js';
import { createEngine } from '../node.js';
import { InputError } from '../files/error.js';
import { terminalSafe } from './output.js';

const SCHEMA = 'https://unpkg.com/vaultmoat/schema/config.json';

/** Example entries of the tables. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  rules: ['public-vault = "error"', 'no-purge-protection = "off"', 'broad-ip-rule = { severity = "warning", prefix = 20 }'],
  ignore: [
    '[[ignore]]',
    'rule = "public-vault"',
    'resource = "Microsoft.KeyVault/vaults/kv-public"  # the address in reports, or "*"; optional with a file',
    'file = "legacy/**"',
    'reason = "public by design, see ADR 12"',
    'until = 2027-01-31',
  ],
};

/** Writes a configuration in which every setting has its default. */
export async function init(folder: string): Promise<void> {
  const path = join(folder, NAME);
  const text = template(configSchema((await createEngine()).rules()));
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`${path}: ${code === 'EEXIST' ? 'already exists' : `cannot be written: ${message}`}`);
  }
  process.stdout.write(`wrote ${terminalSafe(path)}, with every setting at its default\n`);
}

function template({ properties = {} }: Schema): string {
  const entries = Object.entries(properties);
  const isTable = ([, { type, items }]: [string, Schema]) => type === 'object' || items?.type === 'object';
  const plain = entries.filter((entry) => !isTable(entry)).map(setting);
  const tables = entries.filter(isTable).map(([name, { type, description = '', properties = {} }]) => {
    const examples = (EXAMPLES[name] ?? []).map((line) => `# ${line}\n`).join('');
    const own = examples === '' ? Object.entries(properties).map(setting).join('\n') : examples;
    return `# ${description}.\n${type === 'object' ? `[${name}]\n` : ''}${own}`;
  });
  return `#:schema ${SCHEMA}\n\n${[...plain, ...tables].join('\n')}`;
}

function setting([name, schema]: [string, Schema]): string {
  const choices = schema.enum === undefined ? '' : `: ${schema.enum.join(', ')}`;
  // A setting without a default depends on the files, and is written as a comment.
  const line = `${name} = ${JSON.stringify(schema.default ?? schema.enum?.[0])}`;
  return `# ${schema.description}${choices}.\n${schema.default === undefined ? '# ' : ''}${line}\n`;
}
