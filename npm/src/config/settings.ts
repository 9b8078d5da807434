// The schema of a configuration. It validates configurations, and the JSON Schema in the package is generated from it, so
// the two agree.

import type { RuleInfo } from '../types.js';
import { ENVIRONMENT_OPTIONS, type Option, PROJECT_OPTIONS } from './options.js';

/** The subset of JSON Schema that is used here. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'boolean' | 'integer';
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const LEVELS = ['off', 'info', 'warning', 'error'] as const;
const DATE = '^\\d{4}-\\d{2}-\\d{2}$';

/** Patterns of `.gitignore`. A backslash before a letter has no meaning there: it is a Windows path by mistake. */
const IGNORE_PATTERN = '^([^\\\\]|\\\\[#! ])*$';
/** Patterns without escapes. */
const FILE_PATTERN = '^[^\\\\]*$';

const strings = { type: 'array', items: { type: 'string', minLength: 1 }, default: [] } as const;
const patterns = { ...strings, items: { ...strings.items, pattern: IGNORE_PATTERN } } as const;
const flag = { type: 'boolean', default: false } as const;

function object(description: string, properties: Record<string, Schema>, required?: readonly string[]): Schema {
  return { type: 'object', description, additionalProperties: false, properties, ...(required ? { required } : {}) };
}

/** The schema of a configuration, for these rules. */
export function configSchema(rules: readonly RuleInfo[]): Schema {
  const { environment, rules: levels, ignore, ...plain } = PROJECT_OPTIONS;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'vaultmoat.toml',
    ...object('Configuration of vaultmoat for the files below its folder', {
      ...settings(plain),
      'fail-on': {
        enum: ['error', 'warning', 'info', 'never'],
        default: 'warning',
        description: 'The lowest severity that makes the exit code of `check` 1',
      },
      include: {
        ...patterns,
        description: 'The files of a folder to check, as patterns of .gitignore; empty for all',
      },
      exclude: { ...patterns, description: 'The files of a folder not to check, as patterns of .gitignore' },
      environment: object(environment.description, settings(ENVIRONMENT_OPTIONS, true)),
      rules: object(levels.description, Object.fromEntries(rules.map(rule))),
      ignore: {
        type: 'array',
        default: [],
        description: ignore.description,
        items: entry(rules.map(({ slug }) => slug)),
      },
    }),
  };
}

/** The options that the configuration has, or all of these. */
function settings(options: Readonly<Record<string, Option>>, isAll = false): Record<string, Schema> {
  const found = Object.entries(options).filter(([, { isSetting }]) => isAll || isSetting);
  return Object.fromEntries(found.map(([name, option]) => [name, { ...shape(option), description: option.description }]));
}

/** What an option's value can be. */
function shape({ kind, choices = [], default: value }: Option): Schema {
  if (kind === 'flag') return flag;
  if (kind === 'choice') return value === undefined ? { enum: choices } : { enum: choices, default: value };
  if (kind === 'forwarders')
    return { anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'string' } }], default: false };
  return strings;
}

/** Rules with options. */
const OPTIONS: Readonly<Record<string, Record<string, Schema>>> = {
  'broad-ip-rule': {
    prefix: {
      type: 'integer',
      minimum: 0,
      maximum: 32,
      default: 16,
      description: 'The shortest prefix length that is not reported',
    },
  },
};

function rule({ slug, severity, summary }: RuleInfo): [string, Schema] {
  const level = { enum: LEVELS, default: severity } as const;
  const own = OPTIONS[slug];
  const schema = own === undefined ? level : { anyOf: [level, object('A severity and options', { severity: level, ...own })] };
  return [slug, { ...schema, description: summary }];
}

function entry(slugs: readonly string[]): Schema {
  const text = { type: 'string', minLength: 1 } as const;
  return object(
    'Intentional findings of one rule',
    {
      rule: { enum: slugs, description: 'The rule' },
      resource: { ...text, description: 'The address of the resource in reports, or "*" for all; optional with a file' },
      file: {
        ...text,
        pattern: FILE_PATTERN,
        description: 'The files with the findings, as a pattern of .gitignore with *, ? and **',
      },
      reason: { ...text, description: 'Why the findings are intentional' },
      until: { type: 'string', pattern: DATE, description: 'The last day on which the entry applies' },
    },
    ['rule', 'reason'],
  );
}

/** The path of a value: keys, and indices in lists. */
export type Path = readonly (string | number)[];

/** An error in a configuration. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
}

/** The first error of a value by its schema. */
export function fault(schema: Schema, value: unknown, path: Path = []): Fault | undefined {
  const { type, items, pattern, minLength = 0, minimum = -Infinity, maximum = Infinity } = schema;
  const refuse = (message: string): Fault => ({ path, message: `${named(path)} ${message}` });
  if (schema.anyOf !== undefined) {
    const fitting = schema.anyOf.find((one) => kind(value) === (one.type ?? 'string'));
    return fitting === undefined
      ? refuse(`must be ${schema.anyOf.map(wanted).join(' or ')}, not ${a(value)}`)
      : fault(fitting, value, path);
  }
  if (schema.enum !== undefined) {
    if (schema.enum.includes(value as string)) return undefined;
    const meant = typeof value === 'string' ? nearest(value, schema.enum) : undefined;
    const shown = typeof value === 'string' ? `\`${value}\`` : a(value);
    const hint = meant === undefined ? '' : `; did you mean \`${meant}\`?`;
    if (schema.enum.length > 10) return refuse(`must be the name of a rule, not ${shown}${hint}`);
    return refuse(`must be one of ${quoted(schema.enum)}, not ${shown}${hint}`);
  }
  if (type !== undefined && kind(value) !== type) return refuse(`must be ${wanted(schema)}, not ${a(value)}`);
  if (typeof value === 'string' && value.trim().length < minLength) return refuse('must not be empty');
  if (typeof value === 'string' && pattern !== undefined) {
    const isFitting = new RegExp(pattern).test(value);
    if (pattern === DATE && !(isFitting && isDate(value))) return refuse(`must be a date such as 2027-01-31, not \`${value}\``);
    if (!isFitting) return refuse(`must have \`/\` between folders, not \`\\\`, as in \`${value.replace(/\\+/g, '/')}\``);
  }
  if (typeof value === 'number' && (value < minimum || value > maximum)) {
    return refuse(`must be a number from ${minimum} to ${maximum}, not ${value}`);
  }
  if (Array.isArray(value) && items !== undefined) return first(value, (item, at) => fault(items, item, [...path, at]));
  if (schema.properties === undefined) return undefined;
  const table = value as Record<string, unknown>;
  const known = schema.properties;
  return (
    first(Object.keys(table), (key) => {
      const property = Object.hasOwn(known, key) ? known[key] : undefined;
      return property === undefined ? unknown(path, key, Object.keys(known)) : fault(property, table[key], [...path, key]);
    }) ??
    first(schema.required ?? [], (key) => (key in table ? undefined : { path, message: `${named([...path, key])} is missing` }))
  );
}

function first<T>(items: readonly T[], find: (item: T, at: number) => Fault | undefined): Fault | undefined {
  for (const [at, item] of items.entries()) {
    const found = find(item, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknown(path: Path, key: string, known: readonly string[]): Fault {
  const meant = nearest(key, known);
  const where = path.length === 0 ? '' : ` in ${named(path)}`;
  const others = known.length > 10 ? '`vaultmoat rules` lists the rules' : `the keys are ${quoted(known)}`;
  const message = `unknown key \`${key}\`${where}${meant === undefined ? `: ${others}` : `; did you mean \`${meant}\`?`}`;
  return { path: [...path, key], message };
}

/** The name of a path in messages: `rule` of `ignore`. */
function named(path: Path): string {
  const keys = path.filter((part) => typeof part === 'string').reverse();
  return keys.length === 0 ? 'a configuration' : keys.map((key) => `\`${key}\``).join(' of ');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'number' || typeof value === 'bigint'
    ? Number.isSafeInteger(value)
      ? 'integer'
      : 'number'
    : typeof value;
}

const WANTED: Record<string, string> = {
  boolean: 'true or false',
  string: 'a string',
  integer: 'a whole number',
  object: 'a table',
};

function wanted({ type = 'string', items }: Schema): string {
  if (type !== 'array') return WANTED[type] ?? type;
  return items?.type === 'object' ? 'a list of tables, written `[[…]]`' : 'a list of strings';
}

function a(value: unknown): string {
  const names: Record<string, string> = { string: 'a string', boolean: String(value), array: 'a list', object: 'a table' };
  return names[kind(value)] ?? String(value);
}

function isDate(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The known name that is most similar to a mistyped one, if any. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known.map((one) => ({ one, away: distance(name, one) })).sort((x, y) => x.away - y.away);
  return best !== undefined && best.away <= Math.ceil(name.length / 3) ? best.one : undefined;
}

/** The Levenshtein distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...from.slice(0, 100)].entries()) {
    const next = [at + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
