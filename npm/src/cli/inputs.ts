// Reads the paths of the command line into a project.

import { type Dirent, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Config, configured, readConfig } from '../config/config.js';
import type { Engine, Language, Project } from '../engine.js';
import { checkWithReferences, EXTENSION, type Files, isModule, offerBesides, PARAMETERS } from '../gather.js';
import type { Report, Skipped } from '../types.js';
import type { Inputs } from './arguments.js';
import { InputError } from '../files/error.js';
import { absolute, isWithin, nearestConfig } from '../files/config.js';
import {
  addInput,
  type Content,
  decoded,
  ENOUGH,
  type Encoding,
  isFile,
  LARGEST,
  readContent,
  tooLarge,
  unreadable,
} from '../files/content.js';
import type { Memory } from './memory.js';
import { nearest, restoredFor } from '../files/modules.js';
import { counted, terminalSafe } from './output.js';
import { Progress } from './progress.js';
import { Reach } from './reach.js';
import { isSearched, reasonOf, reasonOnDisk, skippedText } from './skipped.js';

/** A project and its texts, by their path in reports. */
export interface Loaded {
  readonly project: Project;
  readonly texts: Map<string, string>;
  /** The encodings of the files on the command line, named or in a named folder; references are not in it. */
  readonly asked: ReadonlyMap<string, Encoding>;
  readonly report: Report;
  /** Absolute paths of files and folders that the project depends on, whether they exist or not. */
  readonly lookedFor: ReadonlySet<string>;
  /** The files that were read besides those that were asked for. */
  readonly besides: ReadonlySet<string>;
}

/** A file of the command line, named or in a named folder. */
export interface Asked {
  /** Its path in reports. */
  readonly path: string;
  readonly content: Content;
  readonly language: Language;
  /** The folder where the search for its configuration starts. */
  readonly folder: string;
}

/** The files of the paths on the command line. */
export interface Gathered {
  readonly asked: Asked[];
  /** Files in folders that mention a vault and are not read. */
  readonly skipped: Skipped[];
}

/**
 * Reads the paths of the command line, the parameter files beside them, and their references as one project. With `isSide`,
 * a parameter that no template declares is accepted, since the other side may declare it.
 */
export async function load(engine: Engine, options: Inputs, { isSide = false } = {}): Promise<Loaded> {
  const progress = new Progress(options.quiet);
  const configs = new Configs(engine, options);
  const config = await configs.of(commonFolder(options));
  const { asked, skipped } = await gather(engine, options, async () => config, progress);
  progress.checking(asked.length);
  const loaded = await read(engine, options, config, asked);
  progress.done();
  if (!isSide) refuseUndeclared([loaded.report]);
  const notRead = skipped.filter(({ path }) => !loaded.texts.has(path));
  if (notRead.length > 0 && !options.quiet) process.stderr.write(`${terminalSafe(skippedText(notRead))}\n`);
  return loaded;
}

/** Refuses values for parameters that no template declares. */
export function refuseUndeclared(reports: readonly Report[]): void {
  const [first, ...others] = reports.map(({ undeclared = [] }) => undeclared);
  const unknown = first?.find(({ name }) => others.every((other) => other.some((also) => also.name === name)));
  if (unknown === undefined) return;
  const { name } = unknown;
  const all = reports.flatMap(({ undeclared = [] }) => undeclared).filter((one) => one.name === name);
  const meant = all.find(({ suggestion }) => suggestion !== null)?.suggestion ?? null;
  const hint = meant === null ? '' : `; did you mean \`${meant}\`?`;
  throw new InputError(`--parameter \`${name}\`: no template declares a parameter or variable of that name${hint}`);
}

/** The configurations of a run; each is read once. */
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
    const path = this.#options.config ?? nearestConfig(resolve(folder), this.#paths);
    if (path === undefined) return undefined;
    const config = this.#configs.get(path) ?? this.#read(path);
    this.#configs.set(path, config);
    return config;
  }

  async #read(path: string): Promise<Config> {
    const { text, problem } = readContent(path);
    if (problem !== undefined) throw new InputError(`${shown(path)}: ${problem}`);
    addInput(path);
    const isPart = this.#options.changedSince !== undefined;
    const folders = isPart ? [] : this.#options.paths.filter((given) => given !== '-' && isFolder(given));
    // A configuration given with --config may be in any folder.
    const home = this.#options.config === undefined ? dirname(path) : process.cwd();
    const config = await readConfig({
      path: shown(path),
      text,
      home: absolute(home),
      base: absolute('.'),
      isWhole: folders.some((folder) => isWithin(folder, dirname(resolve(path)))),
      rules: this.#engine.rules(),
    });
    for (const { line, message } of config.expired) {
      process.stderr.write(`vaultmoat: ${terminalSafe(`${config.path}:${line + 1}: ${message}`)}\n`);
    }
    return config;
  }
}

/** The path itself if it is a folder, or the folder that it is in. */
export function folderOf(path: string, { stdinFilename }: Inputs): string {
  if (path === '-') return dirname(stdinFilename ?? 'stdin.json');
  return isFolder(path) ? path : dirname(path);
}

/** The innermost folder that contains all paths. */
export function commonFolder(options: Inputs): string {
  const [first = '.', ...others] = options.paths.map((path) => resolve(folderOf(path, options)));
  let common = first;
  while (dirname(common) !== common && !others.every((other) => isWithin(common, other))) common = dirname(common);
  return common;
}

/** The files of the command line, each once. Throws if there is none, unless `mayBeEmpty` is set. */
export async function gather(
  engine: Engine,
  options: Inputs,
  configOf: (folder: string) => Promise<Config | undefined>,
  progress: Progress,
  memory?: Memory,
): Promise<Gathered> {
  const contentOf = (file: string): Content => memory?.content(file) ?? readContent(file);
  const found = new Map<string, Asked>();
  const skipped = new Map<string, Skipped>();
  let excluded = 0;
  const demand = (name: string, content: Content, folder: string): void => {
    const path = shown(name);
    const language = languageOf(engine, path, content);
    if (language === undefined) {
      throw new InputError(
        `${path}: ${content.problem ?? 'not an ARM template, a Bicep file, a parameter file, a Terraform file or JSON as Azure prints it'}`,
      );
    }
    addInput(name);
    found.set(path, { path, content, language, folder });
  };
  for (const given of options.paths) {
    if (given === '-') {
      demand(options.stdinFilename ?? 'stdin.json', await standardInput(), folderOf(given, options));
    } else if (isFolder(given)) {
      const { walk } = await import('../files/walk.js');
      for (const file of walk(given, isSearched, (folder) => memory?.enter(folder))) {
        const path = shown(file);
        const isNamed = EXTENSION.test(file);
        const includes = (await configOf(dirname(file)))?.includes ?? (() => true);
        if (found.has(path) || skipped.has(path)) continue;
        if (!includes(absolute(file))) {
          if (isNamed) excluded += 1;
          continue;
        }
        const content = isNamed ? contentOf(file) : undefined;
        progress.reading(found.size);
        const language = content === undefined || content.isBinary ? undefined : languageOf(engine, path, content);
        if (language !== undefined && content !== undefined) {
          addInput(file);
          found.set(path, { path, content, language, folder: dirname(file) });
          continue;
        }
        const reason = content === undefined ? reasonOnDisk(engine, path, file) : reasonOf(engine, path, content);
        if (reason !== undefined) skipped.set(path, { path, reason });
      }
    } else {
      demand(given, contentOf(given), dirname(given));
    }
  }
  for (const path of found.keys()) skipped.delete(path);
  const gathered = { asked: [...found.values()], skipped: [...skipped.values()] };
  if (found.size === 0 && !options.mayBeEmpty) throw nothingIn(options.paths, gathered.skipped, excluded);
  return gathered;
}

/** An error, since a run that read nothing would look like a clean one. */
function nothingIn(paths: readonly string[], skipped: readonly Skipped[], excluded: number): InputError {
  const places = paths.map((path) => `\`${path}\``).join(', ');
  const left = excluded > 0 ? `; \`include\` and \`exclude\` in the configuration leave out ${counted(excluded, 'file')}` : '';
  const why =
    skipped.length > 0
      ? skippedText(skipped)
      : 'there is no ARM template, Bicep file, parameter file, Terraform file or JSON as Azure prints it';
  return new InputError(`nothing to read in ${places}: ${why}${left}; --no-errors-on-unmatched accepts that`);
}

/** The language of a file; undefined for another kind of file. Throws if it is in a language but cannot be decoded. */
function languageOf(engine: Engine, path: string, { text, problem, isBinary }: Content): Language | undefined {
  const language = engine.identify(path, text);
  const why = problem ?? (isBinary ? 'not text, or not in UTF-8 or UTF-16 with a byte order mark' : undefined);
  if (language !== undefined && why !== undefined) throw new InputError(`${path}: ${why}`);
  return language;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** A project of files, the parameter files beside them, and their references. `edited` texts replace those on the disk. */
export async function read(
  engine: Engine,
  options: Inputs,
  config: Pick<Config, 'path' | 'text' | 'project'> | undefined,
  wanted: readonly Asked[],
  edited = NOTHING,
): Promise<Loaded> {
  // A Bicep parameter file on the command line selects its template.
  const named = options.paths.filter((path) => path !== '-' && PARAMETERS.test(path) && !isFolder(path));
  const parameters = [...new Set([...options.parameters, ...named].map(shown))];
  const project = configured(engine, { ...options.project, parameters }, config);
  const texts = new Map<string, string>();
  const asked = new Map<string, Encoding>();
  const reach = new Reach(new Set(['.', ...wanted.map(({ folder }) => folder)]), options.quiet);

  const lookedFor = new Set<string>();
  const besides = new Set<string>();
  const readBesides = (file: string): void => {
    addInput(file);
    besides.add(file);
  };

  const add = (path: string, saved: string): void => {
    const text = edited.get(path) ?? saved;
    texts.set(path, text);
    project.set(path, text);
  };
  // Files beside the named ones: those in no language are skipped.
  const offer = (file: string): void => {
    const path = shown(file);
    if (texts.has(path)) return;
    lookedFor.add(resolve(file));
    const content = readContent(file);
    if (languageOf(engine, path, content) === undefined || !reach.has(file, true)) return;
    readBesides(file);
    add(path, content.text);
  };
  for (const { path, content } of wanted) {
    add(path, content.text);
    asked.set(path, content);
  }
  for (const file of options.parameters) {
    const [path, content] = [shown(file), readContent(file)];
    lookedFor.add(resolve(file));
    if (languageOf(engine, path, content) === undefined) {
      throw new InputError(`${path}: ${content.problem ?? 'not a parameter file'}`);
    }
    readBesides(file);
    add(path, content.text);
    asked.set(path, content);
  }
  const files: Files = {
    has: (path) => texts.has(path),
    isFile: (path) => {
      lookedFor.add(resolve(path));
      return isFile(path);
    },
    names: (folder) => {
      lookedFor.add(resolve(folder));
      return filesIn(folder);
    },
    offer,
    hand: (path, file) => {
      const content = readContent(file);
      const isTemplate = languageOf(engine, path, content) !== undefined;
      if (!isTemplate && content.problem !== undefined) return;
      // Bicep's configuration is expected too, though it is not a template.
      const isExpected = isTemplate || path.endsWith('bicepconfig.json');
      if (!isModule(path) && !reach.has(file, isExpected)) return;
      readBesides(file);
      add(path, content.text);
    },
    restored: restoredFor(wanted.map(({ folder }) => folder)),
    nearest,
  };
  await offerBesides(texts.keys(), files);
  const report = await checkWithReferences(project, files);
  // Findings about unused entries quote lines of the configuration.
  if (config !== undefined && !texts.has(config.path)) texts.set(config.path, config.text);
  return { project, texts, asked, report, lookedFor, besides };
}

/** The path of a file in reports: relative to the current folder, with slashes; outside of it as it was given. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return (near.startsWith('..') && isAbsolute(path) ? path : near).split(sep).join('/');
}

function filesIn(folder: string): string[] {
  const found = listed(folder);
  const isLinked = (name: string) => isFile(join(folder, name));
  return found
    .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && isLinked(entry.name)))
    .map(({ name }) => name)
    .sort();
}

function listed(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // The path comes from a template: it may not exist.
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
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
