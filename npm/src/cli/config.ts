// `vaultmoat.toml`: what is set once for a repository.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Engine, IgnoreEntry, Project, ProjectOptions } from '../engine.js';
import type { Position, Range } from '../types.js';
import { InputError } from './arguments.js';

const NAME = 'vaultmoat.toml';

/** The tables of a configuration and the keys in each. */
const KEYS: Readonly<Record<string, readonly string[]>> = { ignore: ['rule', 'resource', 'reason'] };

const WRITTEN = '`ignore` is a list of tables, written `[[ignore]]`';

/** A configuration, read. */
export interface Config {
  /** What reports call its file. */
  readonly path: string;
  readonly text: string;
  readonly ignore: readonly IgnoreEntry[];
}

/** The configuration that holds in this folder: the nearest one above it, within its repository. */
export function nearestConfig(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, NAME);
    if (existsSync(path)) return path;
    if (existsSync(join(at, '.git')) || dirname(at) === at) return undefined;
  }
}

/** Reads a configuration. Unused entries are reported at their place when `folders` have all it is about in them. */
export async function readConfig(path: string, text: string, folders: readonly string[]): Promise<Config> {
  const tables = await parsed(path, text);
  const lines = new Lines(path, text);
  for (const key of Object.keys(tables)) {
    if (!(key in KEYS)) throw lines.unknown(lines.of(key), key, Object.keys(KEYS));
  }
  const home = dirname(resolve(path));
  const isWhole = folders.some((folder) => isWithin(folder, home));
  const { ignore = [] } = tables;
  if (!Array.isArray(ignore)) throw lines.error(lines.of('ignore'), WRITTEN);
  const entries = ignore.map((entry: unknown, at) => {
    const first = lines.ofTable('ignore', at);
    if (typeof entry !== 'object' || entry === null) throw lines.error(first, WRITTEN);
    for (const key of Object.keys(entry)) {
      const known = KEYS['ignore'] ?? [];
      if (!known.includes(key)) throw lines.unknown(lines.of(key, first), key, known);
    }
    return { ...(entry as IgnoreEntry), ...(isWhole ? { place: { file: path, range: lines.range(first) } } : {}) };
  });
  return { path, text, ignore: entries };
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(resolve(folder), path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/** A project with the settings of a configuration; what the engine refuses in them is told with its line. */
export function configured(engine: Engine, options: ProjectOptions, config: Config | undefined): Project {
  if (config === undefined) return engine.project(options);
  try {
    return engine.project({ ...options, ignore: config.ignore });
  } catch (error) {
    const found = /^option `ignore\[(\d+)\]\.(\w+)`:? (.*)$/s.exec(error instanceof TypeError ? error.message : '');
    if (found === null) throw error;
    const [, at, key = '', why = ''] = found;
    const lines = new Lines(config.path, config.text);
    throw lines.error(lines.of(key, lines.ofTable('ignore', Number(at))), `\`${key}\` of \`ignore\`: ${why}`);
  }
}

async function parsed(path: string, text: string): Promise<Record<string, unknown>> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Its message goes on with the lines around the place.
    const [why = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n', 1);
    throw new InputError(`${path}:${error.line}:${error.column}: ${why}`);
  }
}

/** Where keys stand. The parser does not say, and for a message the line that looks like it will do. */
class Lines {
  readonly #path: string;
  readonly #text: string;
  readonly #lines: string[];

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
    this.#lines = text.split('\n');
  }

  /** The line of a key, or of the table of that name, from a line on; that line when there is none. */
  of(key: string, from = 0): number {
    const isIt = new RegExp(`(^|[{,])\\s*(\\[\\[?\\s*)?["']?${escaped(key)}["']?\\s*[=.\\]]`);
    const found = this.#lines.findIndex((line, at) => at >= from && isIt.test(line));
    return found < 0 ? from : found;
  }

  /** The line in which the table of that name and number begins. */
  ofTable(name: string, number: number): number {
    const isIt = new RegExp(`^\\s*\\[\\[\\s*["']?${name}["']?\\s*\\]\\]`);
    const found = [...this.#lines.keys()].filter((at) => isIt.test(this.#lines[at] ?? ''));
    return found[number] ?? this.of(name);
  }

  /** A line as a range. */
  range(line: number): Range {
    const before = this.#lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
    const length = (this.#lines[line] ?? '').trimEnd().length;
    const position = (character: number): Position => ({ line, character, offset: before + character });
    return { start: position(0), end: position(Math.min(length, this.#text.length - before)) };
  }

  error(line: number, message: string): InputError {
    return new InputError(`${this.#path}:${line + 1}: ${message}`);
  }

  unknown(line: number, key: string, known: readonly string[]): InputError {
    return this.error(line, `unknown key \`${key}\`: the keys are ${known.map((name) => `\`${name}\``).join(', ')}`);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
