// `vaultmoat facts`.

import { readdirSync, readFileSync } from 'node:fs';
import { factUrl } from '../reports/facts.js';
import type { Listing } from './arguments.js';
import { InputError } from '../files/error.js';
import { type Colors, colorsFor, counted, json, print } from './output.js';

/** A fact about Azure. */
interface Fact {
  readonly number: string;
  /** Markdown. */
  readonly text: string;
  readonly status: string;
  /** Links, or other facts. */
  readonly sources: readonly { readonly name: string; readonly url: string }[];
  /** When the sources were read. */
  readonly read: string;
  /** The address of its explanation. */
  readonly url: string;
}

export async function facts(options: Listing): Promise<void> {
  const all = readFacts();
  if (options.name === undefined) {
    await print(options.format === 'json' ? json(all) : list(all, colorsFor(options), options.quiet), options);
    return;
  }
  const wanted = options.name.toUpperCase().replace(/^F?/, 'F');
  const fact = all.find(({ number }) => number === wanted);
  if (fact === undefined) throw new InputError(`there is no fact \`${options.name}\`; ${suggestion(wanted, all)}`);
  await print(options.format === 'json' ? json(fact) : page(fact, colorsFor(options)), options);
}

/** Reads the facts from the files of the package; `facts/README.md` in the repository explains their form. */
function readFacts(): Fact[] {
  const folder = new URL('../../facts/', import.meta.url);
  const names = readdirSync(folder).filter((name) => /^\d/.test(name));
  names.sort((one, other) => parseInt(one) - parseInt(other));
  return names.flatMap((name) => inFile(readFileSync(new URL(name, folder), 'utf8')));
}

function inFile(file: string): Fact[] {
  const addresses = new Map([...file.matchAll(/^\[(.+)\]: (\S+)$/gm)].map(([, name = '', url = '']) => [name, url]));
  const parts = [...file.matchAll(/^## (F\d+\.\d+)\n\n([^]*?)\n\n(\w+) · (.+) · read ([\d-]+)(?: · unused)?$/gm)];
  return parts.map(([, number = '', text = '', status = '', sources = '', read = '']) => ({
    number,
    text,
    status,
    sources: sources.split(', ').map((source) => {
      const name = source.replace(/^\[|\]$/g, '');
      return { name, url: addresses.get(name) ?? factUrl(name) };
    }),
    read,
    url: factUrl(number),
  }));
}

/** Suggests the nearest fact of the same section. */
function suggestion(wanted: string, all: readonly Fact[]): string {
  const [section, index] = wanted.split('.');
  const distance = ({ number }: Fact) => Math.abs(Number(number.split('.')[1]) - Number(index));
  const [nearest] = all
    .filter(({ number }) => number.startsWith(`${section}.`) && /^\d+$/.test(index ?? ''))
    .sort((one, other) => distance(one) - distance(other));
  return nearest === undefined ? '`vaultmoat facts` lists them' : `\`vaultmoat facts ${nearest.number}\` is the nearest one`;
}

function page({ number, text, status, sources, read, url }: Fact, colors: Colors): string {
  const from = sources.map(({ name, url }) => `  ${name}: ${url}\n`).join('');
  return `${colors.bold(number)}: ${status}, read ${read}\n\n${text}\n\n${from}${colors.dim(url)}\n`;
}

function list(all: readonly Fact[], colors: Colors, quiet: boolean): string {
  const rows = all.map(({ number, text, status }) => {
    const [first = ''] = text.replaceAll('\n', ' ').split(/(?<=\.) /, 1);
    return `${colors.bold(number.padEnd(6))}  ${status.padEnd(10)}  ${first}\n`;
  });
  return (
    rows.join('') + (quiet ? '' : `\n${counted(all.length, 'fact')}; \`vaultmoat facts NUMBER\` prints one with its sources\n`)
  );
}
