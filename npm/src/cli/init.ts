// `vaultmoat init`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAME } from '../config/config.js';
import { configSchema, type Schema } from '../config/settings.js';
import { createEngine } from '../node.js';
import { InputError } from './arguments.js';
import { terminalSafe } from './output.js';

const SCHEMA = 'https://unpkg.com/vaultmoat/schema/config.json';

/** Entries that show how it is written. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  rules: ['public-vault = "error"', 'no-purge-protection = "off"', 'broad-ip-rule = { severity = "warning", prefix = 20 }'],
  ignore: [
    '[[ignore]]',
    'rule = "public-vault"',
    'resource = "Microsoft.KeyVault/vaults/kv-public"  # as reports call it, or "*"; not needed with a file',
    'file = "legacy/**"',
    'reason = "public by design, see ADR 12"',
    'until = 2027-01-31',
  ],
};

/** Writes a configuration that says what holds without one. */
export async function init(folder: string): Promise<void> {
  const path = join(folder, NAME);
  const text = template(configSchema((await createEngine()).rules()));
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`${path}: ${code === 'EEXIST' ? 'it is there already' : `cannot be written: ${message}`}`);
  }
  process.stdout.write(`${terminalSafe(path)} is written: it says what holds without it\n`);
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
  // What has no default is decided by the files while it is not written.
  const line = `${name} = ${JSON.stringify(schema.default ?? schema.enum?.[0])}`;
  return `# ${schema.description}${choices}.\n${schema.default === undefined ? '# ' : ''}${line}\n`;
}
