// From paths on the command line to a project with files in it.

import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Engine, Project } from '../engine.js';
import type { Report } from '../types.js';
import { InputError, type Inputs } from './arguments.js';
import { type Config, configIn, configured, isWithin, readConfig } from './config.js';
import { isModule, lookUp, nearest } from './modules.js';
import { Progress } from './progress.js';

/** Far above Azure's own limit of 4 MB for a template. */
const LARGEST = 20 * 1024 * 1024;
const EXTENSION = /\.(json|jsonc|ndjson|bicep|bicepparam|tf|tfvars)$/i;
const PARAMETERS = /\.bicepparam$/i;
const MODULE = /\.tf(\.json)?$/i;
const BESIDE = /\.(tf|tfvars)(\.json)?$/i;

/** A project and the texts in it, by the path that reports use. */
export interface Loaded {
  readonly project: Project;
  readonly texts: Map<string, string>;
  /** How those that were asked for, by name or by their folder, are encoded. The others were read along with them. */
  readonly asked: ReadonlyMap<string, Encoding>;
}

/** How a text is in its file. */
export interface Encoding {
  readonly encoding: 'utf-8' | 'utf-16le';
  readonly hasMark: boolean;
}

/** Something that was asked for, with what it says. */
export interface Asked {
  /** What reports call it. */
  readonly path: string;
  readonly content: Content;
  /** The folder that its configuration is looked for in, or above. */
  readonly folder: string;
}

/** Reads what was asked for, what stands beside it, and what that refers to, as one project. */
export async function load(engine: Engine, options: Inputs): Promise<Loaded> {
  const progress = new Progress(options.quiet);
  const configs = new Configs(engine, options);
  const config = await configs.of(commonFolder(options));
  const asked = await gather(engine, options, async () => config, progress);
  const loaded = read(engine, options, config, asked, progress);
  progress.done();
  return loaded;
}

/** The configurations of a run, each read once. */
export class Configs {
  readonly #engine: Engine;
  readonly #options: Inputs;
  readonly #paths = new Map<string, string | undefined>();
  readonly #configs = new Map<string, Promise<Config>>();

  constructor(engine: Engine, options: Inputs) {
    this.#engine = engine;
    this.#options = options;
  }

  /** The configuration for the files of a folder: the one that was named, or the nearest. */
  async of(folder: string): Promise<Config | undefined> {
    const path = this.#options.config ?? this.#nearest(resolve(folder));
    if (path === undefined) return undefined;
    const config = this.#configs.get(path) ?? this.#read(path);
    this.#configs.set(path, config);
    return config;
  }

  /** The one in a folder or the nearest above it, within its repository. */
  #nearest(folder: string): string | undefined {
    if (this.#paths.has(folder)) return this.#paths.get(folder);
    const above = dirname(folder);
    const isOutermost = existsSync(join(folder, '.git')) || above === folder;
    const found = configIn(folder) ?? (isOutermost ? undefined : this.#nearest(above));
    this.#paths.set(folder, found);
    return found;
  }

  async #read(path: string): Promise<Config> {
    const { text, problem } = readContent(path);
    if (problem !== undefined) throw new InputError(`${shown(path)}: ${problem}`);
    const isPart = this.#options.changedSince !== undefined;
    const folders = isPart ? [] : this.#options.paths.filter((given) => given !== '-' && isFolder(given));
    // A file that is named need not stand where it is about.
    const home = this.#options.config === undefined ? dirname(path) : process.cwd();
    const config = await readConfig({ path: shown(path), text, home, folders, rules: this.#engine.rules() });
    for (const line of config.expired) process.stderr.write(`vaultmoat: ${line}\n`);
    return config;
  }
}

/** The folder of a path that was given: it, or the one it is in. */
export function folderOf(path: string, { stdinFilename }: Inputs): string {
  if (path === '-') return dirname(stdinFilename ?? 'stdin.json');
  return isFolder(path) ? path : dirname(path);
}

/** The innermost folder with all that was asked for in it. */
function commonFolder(options: Inputs): string {
  const [first = '.', ...others] = options.paths.map((path) => resolve(folderOf(path, options)));
  let common = first;
  while (dirname(common) !== common && !others.every((other) => isWithin(common, other))) common = dirname(common);
  return common;
}

/** The files that were asked for, by name or by their folder, each once. */
export async function gather(
  engine: Engine,
  options: Inputs,
  configOf: (folder: string) => Promise<Config | undefined>,
  progress: Progress,
): Promise<Asked[]> {
  const found = new Map<string, Asked>();
  const demand = (name: string, content: Content, folder: string): void => {
    const path = shown(name);
    if (!isOurs(engine, path, content)) {
      throw new InputError(
        `${path}: ${content.problem ?? 'not a template, a Bicep file, a parameter file, a file of Terraform or JSON as Azure prints it'}`,
      );
    }
    found.set(path, { path, content, folder });
  };
  for (const given of options.paths) {
    if (given === '-') {
      demand(options.stdinFilename ?? 'stdin.json', await standardInput(), folderOf(given, options));
    } else if (isFolder(given)) {
      const { walk } = await import('./walk.js');
      for (const file of walk(given, (name) => EXTENSION.test(name))) {
        const path = shown(file);
        const includes = (await configOf(dirname(file)))?.includes ?? (() => true);
        if (found.has(path) || !includes(file)) continue;
        const content = readContent(file);
        progress.reading(found.size);
        if (!content.isBinary && isOurs(engine, path, content)) found.set(path, { path, content, folder: dirname(file) });
      }
    } else {
      demand(given, readContent(given), dirname(given));
    }
  }
  return [...found.values()];
}

/** Whether a file is one that is read. One that is and cannot be is refused. */
function isOurs(engine: Engine, path: string, { text, problem }: Content): boolean {
  const known = engine.identify(path, text) !== undefined;
  if (known && problem !== undefined) throw new InputError(`${path}: ${problem}`);
  return known;
}

/** A project of what was asked for, with what stands beside it and what that refers to. */
export function read(
  engine: Engine,
  options: Inputs,
  config: Config | undefined,
  wanted: readonly Asked[],
  progress: Progress,
): Loaded {
  // A Bicep parameter file names the template that it is for.
  const named = options.paths.filter((path) => path !== '-' && PARAMETERS.test(path) && !isFolder(path));
  const parameters = [...new Set([...options.parameters, ...named].map(shown))];
  const project = configured(engine, { ...options.project, parameters }, config);
  const texts = new Map<string, string>();
  const asked = new Map<string, Encoding>();

  const add = (path: string, text: string): void => {
    texts.set(path, text);
    project.set(path, text);
  };
  // Files that nobody named: those that are none of ours are passed over.
  const offer = (file: string): void => {
    const path = shown(file);
    if (texts.has(path)) return;
    const content = readContent(file);
    progress.reading(texts.size);
    if (isOurs(engine, path, content)) add(path, content.text);
  };
  const offerFolder = (folder: string, wanted: RegExp): void => {
    if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) return;
    for (const name of readdirSync(folder).sort()) {
      if (wanted.test(name) && isFile(join(folder, name))) offer(join(folder, name));
    }
  };
  for (const { path, content } of wanted) {
    add(path, content.text);
    asked.set(path, content);
  }
  for (const file of options.parameters) {
    const [path, content] = [shown(file), readContent(file)];
    if (!isOurs(engine, path, content)) throw new InputError(`${path}: ${content.problem ?? 'not a parameter file'}`);
    add(path, content.text);
    asked.set(path, content);
  }
  // The files of a folder are one Terraform module, with what gives its variables their values.
  for (const folder of new Set([...texts.keys()].filter((path) => MODULE.test(path)).map((path) => dirname(path)))) {
    offerFolder(folder, BESIDE);
  }
  for (const path of [...texts.keys()].filter((path) => !PARAMETERS.test(path))) {
    for (const beside of besides(path)) if (beside !== path && !texts.has(beside) && isFile(beside)) offer(beside);
  }

  // Linked templates, modules, and the files that they read: what the engine asks for is handed over whatever it is.
  const along = (path: string): void => {
    const file = isModule(path) ? lookUp(path) : path;
    if (file !== undefined && isFile(file)) {
      const content = readContent(file);
      progress.reading(texts.size);
      if (isOurs(engine, path, content) || content.problem === undefined) add(path, content.text);
    } else if (path.endsWith('bicepconfig.json')) {
      const config = nearest(path);
      if (config !== undefined && !texts.has(config)) add(config, readContent(config).text);
    }
  };
  progress.checking(texts.size);
  const tried = new Set<string>();
  for (let missing: string[]; (missing = references(project.check(), tried)).length > 0;) {
    for (const path of missing) {
      tried.add(path);
      if (path.endsWith('/')) offerFolder(path, MODULE);
      else along(path);
    }
  }
  // Unused entries are shown with their lines.
  if (config !== undefined && !texts.has(config.path)) texts.set(config.path, config.text);
  return { project, texts, asked };
}

function references(report: Report, tried: ReadonlySet<string>): string[] {
  return report.missing.filter((path) => !tried.has(path));
}

/** The parameter files that a template may have beside it. */
export function besides(path: string): string[] {
  return [path.replace(EXTENSION, '.parameters.json'), path.replace(/\.bicep$/i, '.bicepparam')];
}

/** What reports call a file: relative to where we are, with slashes; elsewhere as it was given. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return (near.startsWith('..') && isAbsolute(path) ? path : near).split(sep).join('/');
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What a file says; with a problem, only as much of it as tells what it is. */
export interface Content extends Encoding {
  readonly text: string;
  /** Whether it is no text at all. */
  readonly isBinary: boolean;
  readonly problem?: string;
}

const ENOUGH = 64 * 1024;

/** A file as text, whatever it is. */
export function readContent(path: string): Content {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    if (fstatSync(file).size <= LARGEST) return decoded(readFileSync(file));
    const start = Buffer.alloc(ENOUGH);
    return tooLarge(start.subarray(0, readSync(file, start)));
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function standardInput(): Promise<Content> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST) return tooLarge(Buffer.concat(chunks).subarray(0, ENOUGH));
  }
  return decoded(Buffer.concat(chunks));
}

function tooLarge(start: Buffer): Content {
  return { ...decoded(start), problem: `larger than ${LARGEST / 1024 / 1024} MB` };
}

function decoded(bytes: Buffer): Content {
  // Windows PowerShell's `>` writes UTF-16.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const hasMark = encoding === 'utf-16le' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  // As git tells it.
  const isBinary = encoding === 'utf-8' && bytes.subarray(0, 8000).includes(0);
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding, hasMark, isBinary };
  } catch {
    const text = new TextDecoder(encoding).decode(bytes.subarray(0, ENOUGH));
    return { text, encoding, hasMark, isBinary, problem: `not ${encoding.toUpperCase()} text` };
  }
}

function unreadable(path: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'no permission to read it',
    EISDIR: 'a folder, where a file is needed',
  };
  return new InputError(`${path}: ${(code && reasons[code]) ?? message}`);
}
