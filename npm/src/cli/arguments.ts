// Parses the command line.

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { ProjectOptions } from '../engine.js';
import { type Option, PROJECT_ARGUMENTS, PROJECT_OPTIONS } from '../config/options.js';
import { TAKES } from '../questions.js';
import type { Applicability, Severity } from '../types.js';
import { PRINTED, PRINTERS } from './questions.js';

/** A command line that cannot be understood. */
export class UsageError extends Error {}

type Format = 'text' | 'json' | 'markdown';

/** The options of every command that prints. */
interface Printing {
  readonly format: Format;
  readonly output: string | undefined;
  readonly quiet: boolean;
}

/** The options of every command that reads files. */
interface Reading extends Printing {
  readonly paths: readonly string[];
  readonly stdinFilename: string | undefined;
  readonly parameters: readonly string[];
  /** The path of the configuration; undefined for the nearest one. */
  readonly config: string | undefined;
  /** Whether paths without a file to read are accepted. */
  readonly mayBeEmpty: boolean;
  /** Only templates and modules that changed since this commit are checked. */
  readonly changedSince: string | undefined;
  /** Options that override the configuration. */
  readonly project: ProjectOptions;
}

export type CheckFormat = Format | 'sarif' | 'junit' | 'github' | 'azure-pipelines';

/** A format, and the file that it is written to; undefined for standard output. */
export interface Output {
  readonly format: CheckFormat;
  readonly output: string | undefined;
}

export type Inputs = Omit<Reading, keyof Output>;

export interface Checking extends Inputs {
  readonly outputs: readonly Output[];
  /** The path of the baseline to compare with. */
  readonly baseline: string | undefined;
  /** The path to write a baseline of all findings to. */
  readonly writeBaseline: string | undefined;
  /** The lowest severity that fails; undefined for that of the configuration. */
  readonly failOn: Severity | 'never' | undefined;
  /** The fixes to apply; undefined for none. */
  readonly fix: Applicability | undefined;
  /** Prints the fixes as a diff, and writes nothing. */
  readonly diff: boolean;
  /** Lists also which built-in policies the vaults satisfy. */
  readonly controls: boolean;
  /** Includes suppressed findings in SARIF. */
  readonly suppressed: boolean;
  /** Prints each note about how a vault is governed, instead of one line for each vault. */
  readonly notes: boolean;
  /** Lists undecided questions in the text. */
  readonly undecided: boolean;
  /** Checks again whenever a file changes. */
  readonly watch: boolean;
  /** The most threads to use. */
  readonly jobs: number;
}

/** `check --stream`: an export, line by line. */
export interface Streaming extends Inputs {
  /** Standard output when undefined. */
  readonly output: string | undefined;
  readonly failOn: Severity | 'never' | undefined;
}

/** A question, and what it takes. */
export interface Asking extends Reading {
  readonly vault: string | undefined;
  readonly from: string | undefined;
  /** Prints the numbers of facts. */
  readonly facts: boolean;
}

/** The two sides of `diff`, and the paths to read with each. */
export interface Comparing extends Reading {
  /** The changes that make the exit code 1. */
  readonly failOn: 'new-access' | 'lost-access' | 'any' | 'never';
  readonly before: string;
  readonly after: string | undefined;
  readonly both: readonly string[];
}

export type Picture = 'mermaid' | 'dot' | 'svg' | 'json';

export interface Drawing extends Omit<Reading, 'format'> {
  readonly format: Picture;
}

/** A list, or the entry of this name. */
export interface Listing extends Printing {
  readonly name: string | undefined;
}

export type Request =
  | { readonly command: 'check'; readonly options: Checking }
  | { readonly command: 'stream'; readonly options: Streaming }
  | { readonly command: 'ask'; readonly question: Plain; readonly options: Asking }
  | { readonly command: 'diff'; readonly options: Comparing }
  | { readonly command: 'init'; readonly folder: string }
  | { readonly command: 'graph'; readonly options: Drawing }
  | { readonly command: 'rules'; readonly options: Listing }
  | { readonly command: 'facts'; readonly options: Listing }
  | { readonly command: 'lsp' }
  | { readonly command: 'help'; readonly about: Command | undefined }
  | { readonly command: 'version' };

/** The questions whose answer is printed and no more. Each is a command, except for `access`: `explain` without a caller. */
export type Plain = keyof typeof PRINTERS;

export type Command = Exclude<keyof typeof PRINTED, 'access'> | 'init' | 'lsp' | 'rules' | 'facts';

export function isPlain(command: Command): command is Exclude<Plain, 'access'> {
  return command in PRINTERS;
}

const PRINTING = {
  format: { type: 'string', default: 'text' },
  output: { type: 'string', short: 'o' },
  quiet: { type: 'boolean', short: 'q', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'V', default: false },
} as const satisfies ParseArgsConfig['options'];

const READING = {
  ...PRINTING,
  ...PROJECT_ARGUMENTS,
  config: { type: 'string' },
  'stdin-filename': { type: 'string' },
  'no-errors-on-unmatched': { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const PLANNING = {
  ...READING,
  vault: { type: 'string' },
  facts: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

const ASKING = {
  ...PLANNING,
  from: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** The options of a command that asks one question, by what the question takes. */
const TAKING = { '': READING, vault: PLANNING, 'vault, from': ASKING } as const;

/** Of each question that is printed and no more. */
const PLAIN = Object.fromEntries(
  Object.values(PRINTED)
    .map(({ command }) => command)
    .filter(isPlain)
    .map((command) => [command, TAKING[TAKES[command]]]),
) as { [Name in Exclude<Plain, 'access'>]: (typeof TAKING)[(typeof TAKES)[Name]] };

/** The options of each command. */
export const OPTIONS = {
  ...PLAIN,
  check: {
    ...READING,
    format: { ...PRINTING.format, multiple: true, default: [] },
    output: { ...PRINTING.output, multiple: true },
    baseline: { type: 'string' },
    'write-baseline': { type: 'string' },
    'fail-on': { type: 'string' },
    'changed-since': { type: 'string' },
    fix: { type: 'boolean', default: false },
    'unsafe-fixes': { type: 'boolean', default: false },
    diff: { type: 'boolean', default: false },
    controls: { type: 'boolean', default: false },
    suppressed: { type: 'boolean', default: false },
    notes: { type: 'boolean', default: false },
    undecided: { type: 'boolean', default: false },
    jobs: { type: 'string', short: 'j' },
    watch: { type: 'boolean', short: 'w', default: false },
    stream: { type: 'boolean', default: false },
  },
  plan: { ...PLANNING, target: { type: 'string', default: 'private' } },
  diff: { ...READING, with: { type: 'string', multiple: true, default: [] }, 'fail-on': { type: 'string', default: 'never' } },
  init: { help: PRINTING.help, version: PRINTING.version },
  graph: { ...READING, format: { type: 'string', default: 'mermaid' } },
  rules: PRINTING,
  facts: PRINTING,
  lsp: {
    stdio: { type: 'boolean', default: false },
    'node-ipc': { type: 'boolean', default: false },
    // vscode-languageclient passes its process id, so that a server can exit with it.
    clientProcessId: { type: 'string' },
    help: PRINTING.help,
    version: PRINTING.version,
  },
} as const satisfies Record<Command, ParseArgsConfig['options']>;

/** Parses the arguments of the process. The default command is `check`. */
export function parse(words: readonly string[]): Request {
  const [first, ...rest] = words;
  if (first === undefined || (first.startsWith('-') && first !== '-')) return parseCheck(words, undefined);
  if (first === 'check') return parseCheck(rest, 'check');
  if (first === 'diff') return parseDiff(rest);
  if (first === 'init') return parseInit(rest);
  if (first === 'graph') return parseGraph(rest);
  if (first === 'rules') return parseListing(first, 'rule', rest);
  if (first === 'facts') return parseListing(first, 'fact', rest);
  if (first === 'lsp') return parseLsp(rest);
  if (first === 'help') return { command: 'help', about: undefined };
  if (Object.hasOwn(PLAIN, first)) return parseAsked(first as keyof typeof PLAIN, rest);
  throw new UsageError(`there is no command \`${first}\`; to check a file: \`vaultmoat check ${first}\``);
}

function parseCheck(words: readonly string[], about: Command | undefined): Request {
  const { values, positionals, tokens } = read(words, OPTIONS.check);
  const simple = helpOrVersion(values, about);
  if (simple !== undefined) return simple;
  const failOn = optional('--fail-on', values['fail-on'], ['error', 'warning', 'info', 'never'] as const);
  const { diff, controls, suppressed, notes, undecided, baseline, 'write-baseline': writeBaseline } = values;
  if (values.stream) return { command: 'stream', options: streaming(tokens, values, positionals, failOn) };
  const fix = values['unsafe-fixes'] ? 'unsafe' : values.fix || diff ? 'safe' : undefined;
  const outputs = pairs(tokens);
  const changedSince = values['changed-since'];
  const options = {
    ...inputs(values, positionals),
    changedSince,
    outputs,
    baseline,
    writeBaseline,
    failOn,
    fix,
    diff,
    controls,
    suppressed,
    notes,
    undecided,
    jobs: jobsOf(values.jobs),
    watch: values.watch,
  } as const;
  const other = outputs.find(({ format }) => format !== 'text')?.format;
  if (diff && other !== undefined) throw new UsageError(`--diff cannot be combined with --format ${other}: it prints text`);
  if (diff && (baseline ?? writeBaseline) !== undefined)
    throw new UsageError('--diff cannot be combined with --baseline or --write-baseline');
  if (controls && (diff || !outputs.some(({ format }) => format === 'json' || format === 'markdown'))) {
    throw new UsageError('--controls needs --format json or --format markdown');
  }
  if (suppressed && !outputs.some(({ format }) => format === 'sarif')) {
    throw new UsageError('--suppressed needs --format sarif; the other formats count suppressed findings');
  }
  const flag = notes ? '--notes' : '--undecided';
  if ((notes || undecided) && !outputs.some(({ format }) => format === 'text')) {
    throw new UsageError(`${flag} needs --format text; the other formats always include it`);
  }
  if (writeBaseline !== undefined && outputs.some(({ output }) => output !== undefined && isSame(output, writeBaseline))) {
    throw new UsageError(`an --output and --write-baseline both write to \`${writeBaseline}\``);
  }
  if (baseline !== undefined && writeBaseline !== undefined) {
    throw new UsageError('--write-baseline cannot be combined with --baseline: it writes every finding');
  }
  if (changedSince !== undefined && options.paths.includes('-')) {
    throw new UsageError('--changed-since cannot be combined with standard input: it compares files in git');
  }
  if (fix !== undefined && !diff && options.paths.includes('-') && options.paths.length > 1) {
    throw new UsageError('fixing standard input, given as -, cannot be combined with other paths');
  }
  if (values.watch) refuseWatching(options);
  return { command: 'check', options };
}

/** Refuses options of which the result cannot be watched, or would change the watched files. */
function refuseWatching({ paths, outputs, fix, diff, writeBaseline, changedSince }: Checking): void {
  const other = outputs.find(({ format }) => format !== 'text')?.format;
  const refused = [
    paths.includes('-') ? 'standard input' : undefined,
    diff ? '--diff' : fix === undefined ? undefined : fix === 'unsafe' ? '--unsafe-fixes' : '--fix',
    writeBaseline === undefined ? undefined : '--write-baseline',
    changedSince === undefined ? undefined : '--changed-since',
    outputs.some(({ output }) => output !== undefined) ? '--output' : undefined,
    other === undefined ? undefined : `--format ${other}`,
  ].find((found) => found !== undefined);
  if (refused !== undefined) throw new UsageError(`--watch cannot be combined with ${refused}`);
}

/** More threads than processors cost memory and save no time. */
const MOST_JOBS = 256;

function jobsOf(given: string | undefined): number {
  if (given === undefined) return availableParallelism();
  const jobs = /^\d+$/.test(given) ? Number(given) : 0;
  if (jobs < 1 || jobs > MOST_JOBS) throw new UsageError(`--jobs must be a number from 1 to ${MOST_JOBS}, not \`${given}\``);
  return jobs;
}

/** The formats of `check`. */
export const CHECKED = [
  'text',
  'json',
  'sarif',
  'junit',
  'github',
  'azure-pipelines',
  'markdown',
] as const satisfies CheckFormat[];
/** The options that can be combined with --stream; the others concern source files. */
const STREAMED = new Set([
  'stream',
  'fail-on',
  'output',
  'quiet',
  'profile',
  'cloud',
  'complete',
  'no-complete',
  'config',
  'stdin-filename',
]);

function streaming(
  tokens: readonly Token[],
  values: Omit<ReadingValues, keyof Output> & { output?: string[] | undefined },
  positionals: string[],
  failOn: Streaming['failOn'],
): Streaming {
  const other = tokens.find((token) => token.kind === 'option' && !STREAMED.has(token.name));
  if (other?.kind === 'option') throw new UsageError(`--stream cannot be combined with --${other.name}`);
  const { output = [] } = values;
  if (output.length > 1) throw new UsageError('--stream takes one --output');
  const options = { ...inputs(values, positionals), failOn, output: output[0] };
  if (positionals.length === 0 && options.stdinFilename === undefined) {
    throw new UsageError('--stream needs files with one resource per line, or - for standard input');
  }
  return options;
}

type Token = NonNullable<ReturnType<typeof read>['tokens']>[number];

/** Each --format with the --output after it. A single pair may be in either order. */
function pairs(tokens: readonly Token[]): Output[] {
  const found: { format: CheckFormat; output: string | undefined }[] = [];
  let early: string | undefined;
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue;
    if (token.name === 'format') found.push({ format: oneOf('--format', token.value, CHECKED), output: undefined });
    if (token.name !== 'output') continue;
    const last = found.at(-1);
    if ((last === undefined ? early : last.output) !== undefined) {
      throw new UsageError(`--output \`${token.value}\` needs a --format of its own`);
    }
    if (last === undefined) early = token.value;
    else last.output = token.value;
  }
  const [first = { format: 'text', output: undefined }, second] = found;
  if (early !== undefined && (second ?? first.output) !== undefined) {
    throw new UsageError(`--output \`${early}\` needs a --format before it`);
  }
  first.output ??= early;
  const all = found.length > 0 ? found : [first];
  const twice = all.find(({ output }, at) => all.slice(0, at).some((earlier) => isSame(output, earlier.output)));
  if (twice !== undefined) {
    const where = twice.output === undefined ? 'standard output: add --output to all but one' : `\`${twice.output}\``;
    throw new UsageError(`two formats write to ${where}`);
  }
  return all;
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined ? one === other : resolve(one) === resolve(other);
}

function parseAsked(command: keyof typeof PLAIN, words: readonly string[]): Request {
  // The widest of them: what a command does not take is undefined.
  const { values, positionals } = read(words, OPTIONS[command] as typeof OPTIONS.explain & Pick<typeof OPTIONS.plan, 'target'>);
  const simple = helpOrVersion(values, command);
  if (simple !== undefined) return simple;
  const { vault, from, facts = false, target } = values;
  if (command === 'resolve' && from === undefined)
    throw new UsageError('`resolve` needs --from: the caller that resolves the name, such as vnet:NAME or internet');
  optional('--target', target, ['private']);
  const options = { ...reading(values, positionals, TAKES[command] === '' ? undefined : ASKED), vault, from, facts };
  return { command: 'ask', question: command === 'explain' && from === undefined ? 'access' : command, options };
}

function parseDiff(words: readonly string[]): Request {
  const { values, positionals } = read(words, OPTIONS.diff);
  const simple = helpOrVersion(values, 'diff');
  if (simple !== undefined) return simple;
  const [before, after, more] = positionals;
  if (before === undefined || more !== undefined) {
    throw new UsageError('`diff` takes two paths, before and after, or one what-if; add files for both sides with --with');
  }
  const failOn = oneOf<Comparing['failOn']>('--fail-on', values['fail-on'], ['new-access', 'lost-access', 'any', 'never']);
  return { command: 'diff', options: { ...reading(values, positionals, ASKED), before, after, both: values.with, failOn } };
}

function parseInit(words: readonly string[]): Request {
  const { values, positionals } = read(words, OPTIONS.init);
  const [folder = '.', more] = positionals;
  if (more !== undefined) throw new UsageError('`init` takes one folder at most');
  return helpOrVersion(values, 'init') ?? { command: 'init', folder };
}

function parseGraph(words: readonly string[]): Request {
  const { values, positionals } = read(words, OPTIONS.graph);
  const simple = helpOrVersion(values, 'graph');
  if (simple !== undefined) return simple;
  const format = oneOf<Picture>('--format', values.format, ['mermaid', 'dot', 'svg', 'json']);
  return { command: 'graph', options: { ...reading({ ...values, format: 'json' }, positionals), format } };
}

function parseListing(command: 'rules' | 'facts', entry: string, words: readonly string[]): Request {
  const { values, positionals } = read(words, OPTIONS[command]);
  const [name, more] = positionals;
  if (more !== undefined) throw new UsageError(`\`${command}\` takes one ${entry} at most`);
  return helpOrVersion(values, command) ?? { command, options: { ...printing(values), name } };
}

function parseLsp(words: readonly string[]): Request {
  const { values, positionals } = read(words, OPTIONS.lsp);
  if (positionals.length > 0) throw new UsageError('`lsp` takes no paths: the editor opens the files');
  const simple = helpOrVersion(values, 'lsp');
  if (simple !== undefined) return simple;
  if (values.stdio === values['node-ipc'])
    throw new UsageError('`lsp` needs --stdio: an editor starts it and communicates over standard input and output');
  return { command: 'lsp' };
}

function read<T extends NonNullable<ParseArgsConfig['options']>>(words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    // The messages of Node without their advice about `--`.
    const message = (error as Error).message.split(/\.\s|\n/, 1)[0] ?? '';
    throw new UsageError(message.replaceAll("'", '`').replace(/^Un|^Op/, (start) => start.toLowerCase()));
  }
}

function helpOrVersion(values: { help: boolean; version: boolean }, about: Command | undefined): Request | undefined {
  if (values.help) return { command: 'help', about };
  return values.version ? { command: 'version' } : undefined;
}

/** The formats of commands that answer a question. */
const ASKED = ['text', 'json', 'markdown'] as const;

function printing(
  values: { format: string; output?: string | undefined; quiet: boolean },
  formats: readonly Format[] = ['text', 'json'],
): Printing {
  return { format: oneOf('--format', values.format, formats), output: values.output, quiet: values.quiet };
}

type ReadingValues = ReturnType<typeof read<typeof READING>>['values'];

function reading(values: ReadingValues, positionals: string[], formats?: readonly Format[]): Reading {
  return { ...printing(values, formats), ...inputs(values, positionals) };
}

function inputs(values: Omit<ReadingValues, keyof Output>, positionals: string[]): Inputs {
  const stdinFilename = values['stdin-filename'];
  return {
    quiet: values.quiet,
    paths: positionals.length > 0 ? positionals : [stdinFilename === undefined ? '.' : '-'],
    stdinFilename,
    parameters: values.parameters,
    config: values.config,
    mayBeEmpty: values['no-errors-on-unmatched'],
    changedSince: undefined,
    project: project(values),
  };
}

/** The options of a project, except for the parameter files, which are read first. */
function project(values: Readonly<Record<string, unknown>>): ProjectOptions {
  const value = (name: string, { kind, choices = [] }: Option): unknown => {
    const given = values[name];
    if (kind === 'flag') return values[`no-${name}`] ? false : given;
    if (kind === 'choice') return optional(`--${name}`, given as string | undefined, choices);
    return Object.fromEntries((given as string[]).map(nameAndValue));
  };
  const taken = Object.entries<Option>(PROJECT_OPTIONS).filter(
    ([, { argument, kind }]) => argument !== undefined && kind !== 'paths',
  );
  return Object.fromEntries(taken.map(([name, option]) => [name, value(name, option)]));
}

function nameAndValue(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--parameter takes NAME=VALUE, not \`${text}\``);
  return [text.slice(0, at), text.slice(at + 1)];
}

function optional<T extends string>(option: string, given: string | undefined, choices: readonly T[]): T | undefined {
  return given === undefined ? undefined : oneOf(option, given, choices);
}

function oneOf<T extends string>(option: string, given: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === given);
  if (chosen === undefined) throw new UsageError(`${option} must be one of ${choices.join(', ')}, not \`${given}\``);
  return chosen;
}
