// `vaultmoat.toml`, or `vaultmoat` in package.json: settings for the files below a folder.

import ignore from 'ignore';
import type { Engine, IgnoreEntry, Project, ProjectOptions } from '../engine.js';
import type { Position, Range, RuleInfo, Severity } from '../types.js';
import { isCostly, MOST_STARS, patternFault } from './patterns.js';
import { configSchema, fault, type Path } from './settings.js';

export const NAME = 'vaultmoat.toml';
/** The possible files, by precedence in a folder. */
export const NAMES = [NAME, 'package.json'];
const KEY = 'vaultmoat';

/** The content of a configuration that its schema allows. */
interface Content extends Omit<ProjectOptions, 'environment' | 'ignore'> {
  readonly 'fail-on'?: Severity | 'never';
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly ignore?: readonly (Omit<IgnoreEntry, 'resource' | 'place'> & { resource?: string; until?: string })[];
}

/** An invalid configuration. */
export class ConfigError extends Error {
  readonly range: Range;

  constructor(path: string, place: string, range: Range, why: string) {
    super(`${path}:${place}: ${why}`);
    this.range = range;
    this.why = why;
  }

  readonly why: string;
}

/** A warning about a line of a configuration. */
interface Notice {
  readonly line: number;
  readonly range: Range;
  readonly message: string;
}

export interface Config {
  /** Its path in reports. */
  readonly path: string;
  readonly text: string;
  readonly project: ProjectOptions;
  readonly failOn: Severity | 'never' | undefined;
  /** Whether a file in a folder is checked. The path is absolute, with slashes. */
  readonly includes: (file: string) => boolean;
  /** Entries whose `until` is in the past. */
  readonly expired: readonly Notice[];
}

export interface ConfigReading {
  /** Its path in reports. */
  readonly path: string;
  readonly text: string;
  /** The folder that its patterns are relative to, as an absolute path with slashes. */
  readonly home: string;
  /** The folder that paths in reports are relative to, in the same form. */
  readonly base: string;
  /** Whether all files below its folder are checked, so that unused entries can be reported. */
  readonly isWhole: boolean;
  readonly rules: readonly RuleInfo[];
}

/** Whether a file of this name and text has a configuration in it. */
export function isConfig(name: string, text: string): boolean {
  if (name === NAME) return true;
  try {
    return Object.hasOwn(JSON.parse(text) as object, KEY);
  } catch {
    // A broken package.json is reported by other tools.
    return false;
  }
}

/** Reads a configuration. */
export async function readConfig({ path, text, home, base, isWhole, rules }: ConfigReading): Promise<Config> {
  const lines = new Lines(path, text);
  const value = path.endsWith('.json') ? inPackage(lines, text) : await inToml(lines, text);
  const wrong = fault(configSchema(rules), value);
  if (wrong !== undefined) throw lines.error(lines.at(wrong.path), wrong.message);
  const { 'fail-on': failOn, include, exclude, environment, ignore: listed, ...project } = value as Content;
  for (const [key, patterns = []] of Object.entries({ include, exclude })) {
    const at = patterns.findIndex(isCostly);
    if (at >= 0) throw lines.error(lines.at([key, at]), `\`${key}\` has a pattern with more than ${MOST_STARS} \`**\``);
    for (const [at, pattern] of patterns.entries()) {
      const why = patternFault(pattern);
      if (why !== undefined)
        throw lines.error(lines.at([key, at]), `\`${key}\`: \`${pattern}\` is not a pattern of .gitignore: ${why}`);
    }
  }
  const entries = (listed ?? []).map(({ until, ...entry }, at) => {
    const line = lines.at(['ignore', at]);
    const place = isWhole ? { place: { file: path, range: lines.range(line) } } : {};
    const resource = entry.resource ?? (entry.file === undefined ? '' : '*');
    return { until, line, entry: { ...entry, ...prefixed(entry.file, way(base, home)), resource, ...place } };
  });
  const isOver = ({ until }: { until: string | undefined }): boolean => until !== undefined && until < today();
  return {
    path,
    text,
    project: {
      ...project,
      ...(environment ? { environment: camelCased(environment) } : {}),
      ignore: entries.filter((entry) => !isOver(entry)).map(({ entry }) => entry),
      folder: isAbove(way(base, home)) ? ended(way(home, base)) : '',
    },
    failOn,
    includes: included({ include, exclude }, home),
    expired: entries.filter(isOver).map(({ until, line, entry }) => {
      const message = `the entry for \`${entry.rule}\` expired after ${until} (${entry.reason})`;
      return { line, range: lines.range(line), message };
    }),
  };
}

/** A project with the settings of a configuration, which `options` override. An error of the engine gets the line of the setting. */
export function configured<T = Project>(
  engine: Engine,
  options: ProjectOptions,
  config: Pick<Config, 'path' | 'text' | 'project'> | undefined,
  make: (options: ProjectOptions) => T = (options) => engine.project(options) as T,
): T {
  const given = only(options, Object.keys(options) as (keyof ProjectOptions)[]);
  if (config === undefined) return make(given);
  try {
    return make({ ...config.project, ...given });
  } catch (error) {
    const message = error instanceof TypeError ? error.message : '';
    const found = /^option `(ignore|environment)(?:\[(\d+)\])?\.(\w+)(?:\[\d+\])?`:? (.*)$/s.exec(message);
    if (found === null) throw error;
    const [, table = '', at, name = '', why = ''] = found;
    const key = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const lines = new Lines(config.path, config.text);
    const place = [table, ...(at === undefined ? [] : [Number(at)]), key];
    throw lines.error(lines.at(place), `\`${key}\` of \`${table}\`: ${why}`);
  }
}

/** The listed members, without undefined ones. */
function only<T extends object, K extends keyof T>(of: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.filter((key) => of[key] !== undefined).map((key) => [key, of[key]])) as Partial<Pick<T, K>>;
}

function camelCased(table: Readonly<Record<string, unknown>>): NonNullable<ProjectOptions['environment']> {
  const name = (key: string) => key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [name(key), value]));
}

/** Makes a pattern relative to the base of reports; `home` is the path from there to the configuration's folder. */
function prefixed(pattern: string | undefined, home: string): { file?: string } {
  if (pattern === undefined) return {};
  if (isAbove(home)) return { file: pattern };
  const isAnchored = pattern.replace(/\/$/, '').includes('/');
  return { file: `/${home}/${isAnchored ? pattern.replace(/^\//, '') : `**/${pattern}`}` };
}

function included({ include = [], exclude = [] }: Pick<Content, 'include' | 'exclude'>, home: string): (file: string) => boolean {
  const [wanted, unwanted] = [ignore().add(include), ignore().add(exclude)];
  return (file) => {
    const path = way(home, file);
    if (!ignore.isPathValid(path)) return true;
    return (include.length === 0 || wanted.ignores(path)) && !unwanted.ignores(path);
  };
}

/** The relative path from a folder to a path, both absolute; empty if they are the same. */
function way(from: string, to: string): string {
  const [start, end] = [from, to].map((path) => path.split('/').filter((part) => part !== '')) as [string[], string[]];
  let same = 0;
  while (same < start.length && same < end.length && start[same] === end[same]) same++;
  return [...start.slice(same).map(() => '..'), ...end.slice(same)].join('/');
}

/** Whether a relative path is empty, or only leads to folders above. */
function isAbove(way: string): boolean {
  return way === '' || way.split('/').every((part) => part === '..');
}

function ended(folder: string): string {
  return folder === '' ? '' : `${folder}/`;
}

/** The local date. */
function today(): string {
  const now = new Date();
  const digits = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${digits(now.getMonth() + 1)}-${digits(now.getDate())}`;
}

function inPackage(lines: Lines, text: string): unknown {
  try {
    return (JSON.parse(text) as Record<string, unknown>)[KEY];
  } catch (error) {
    throw lines.error(0, (error as Error).message);
  }
}

async function inToml(lines: Lines, text: string): Promise<unknown> {
  const { parse, TomlDate, TomlError } = await import('smol-toml');
  const plain = (value: unknown): unknown => {
    if (value instanceof TomlDate) return value.toISOString();
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, value]) => [key, plain(value)]));
  };
  try {
    return plain(parse(text));
  } catch (error) {
    // The parser recurses for each part of a key.
    if (error instanceof RangeError) throw lines.error(0, 'its keys or values are nested too deeply');
    if (!(error instanceof TomlError)) throw error;
    // Further lines of the message quote the file.
    const [why = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n', 1);
    throw lines.error(error.line - 1, why, error.column);
  }
}

/** The lines of keys. The parsers give no positions, so a line is found with regular expressions; it is only for messages. */
class Lines {
  readonly #path: string;
  readonly #text: string;
  readonly #lines: string[];
  /** Where each line starts. */
  readonly #starts: number[] = [];
  /** The lines that look like something: every entry of a list asks for the same ones. */
  readonly #alike = new Map<string, readonly number[]>();

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
    this.#lines = text.split('\n');
    let start = 0;
    for (const { length } of this.#lines) {
      this.#starts.push(start);
      start += length + 1;
    }
  }

  /** The line of a value, or of the table around it. */
  at(path: Path): number {
    let line = this.#path.endsWith('.json') ? this.#of(KEY, 0) : 0;
    for (const [at, part] of path.entries()) {
      const [next] = path.slice(at + 1);
      if (typeof part === 'string') line = this.#of(part, line, typeof next === 'number' && at === 0 ? next : 0);
    }
    return line;
  }

  /** The line of a key, or of the table of that name and number, at or after `from`; `from` if there is none. */
  #of(key: string, from: number, number = 0): number {
    const name = `["']?${escaped(key)}["']?`;
    const table = this.#like(`^\\s*\\[\\[\\s*${name}\\s*\\]\\]`, from)[number];
    if (table !== undefined) return table;
    const [found] = this.#like(`(^|[{,.])\\s*(\\[\\s*)?${name}\\s*[=:.\\]]`, from);
    if (found === undefined) return from;
    // In JSON the entries of a list begin with braces.
    return key === 'ignore' ? (this.#like('^\\s*\\{', found + 1)[number] ?? found) : found;
  }

  /** The lines that a pattern fits, from a line on. */
  #like(pattern: string, from: number): readonly number[] {
    const key = `${from} ${pattern}`;
    const known = this.#alike.get(key);
    if (known !== undefined) return known;
    const fits = new RegExp(pattern);
    const found = [...this.#lines.keys()].filter((at) => at >= from && fits.test(this.#lines[at] ?? ''));
    this.#alike.set(key, found);
    return found;
  }

  range(line: number): Range {
    const before = this.#starts[line] ?? this.#text.length;
    const length = (this.#lines[line] ?? '').trimEnd().length;
    const position = (character: number): Position => ({ line, character, offset: before + character });
    return { start: position(0), end: position(Math.min(length, this.#text.length - before)) };
  }

  error(line: number, message: string, column?: number): ConfigError {
    const place = column === undefined ? `${line + 1}` : `${line + 1}:${column}`;
    return new ConfigError(this.#path, place, this.range(line), message);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
