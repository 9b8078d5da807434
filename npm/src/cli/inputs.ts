// From paths on the command line to a project with files in it.

import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Engine, Project } from '../engine.js';
import type { Report } from '../types.js';
import { InputError, type Inputs } from './arguments.js';
import { type Config, configured, nearestConfig, readConfig } from './config.js';
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

/** Reads what was asked for, what stands beside it, and what that refers to. */
export async function load(engine: Engine, options: Inputs): Promise<Loaded> {
  const progress = new Progress(options.quiet);
  // A Bicep parameter file names the template that it is for.
  const named = options.paths.filter((path) => path !== '-' && PARAMETERS.test(path) && !isFolder(path));
  const parameters = [...new Set([...options.parameters, ...named].map(shown))];
  const config = await settings(options);
  const project = configured(engine, { ...options.project, parameters }, config);
  const texts = new Map<string, string>();
  const asked = new Map<string, Encoding>();

  const add = (path: string, text: string): void => {
    texts.set(path, text);
    project.set(path, text);
  };
  const isOurs = (path: string, { text, problem }: Content): boolean => {
    const known = engine.identify(path, text) !== undefined;
    if (known && problem !== undefined) throw new InputError(`${path}: ${problem}`);
    return known;
  };
  // Files that nobody named: those that are none of ours are passed over.
  const offer = (file: string): Content | undefined => {
    const path = shown(file);
    if (texts.has(path)) return undefined;
    const content = readContent(file);
    progress.reading(texts.size);
    if (!isOurs(path, content)) return undefined;
    add(path, content.text);
    return content;
  };
  const offerFolder = (folder: string, wanted: RegExp): void => {
    if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) return;
    for (const name of readdirSync(folder).sort()) {
      if (wanted.test(name) && isFile(join(folder, name))) offer(join(folder, name));
    }
  };
  const demand = (path: string, content: Content): void => {
    if (!isOurs(path, content)) {
      throw new InputError(
        `${path}: ${content.problem ?? 'not a template, a Bicep file, a parameter file, a file of Terraform or JSON as Azure prints it'}`,
      );
    }
    add(path, content.text);
    asked.set(path, content);
  };

  for (const path of options.paths) {
    if (path === '-') {
      demand(shown(options.stdinFilename ?? 'stdin.json'), await standardInput());
    } else if (isFolder(path)) {
      const { walk } = await import('./walk.js');
      for (const file of walk(path, (name) => EXTENSION.test(name))) {
        const content = offer(file);
        if (content !== undefined) asked.set(shown(file), content);
      }
    } else {
      demand(shown(path), readContent(path));
    }
  }
  for (const file of options.parameters) demand(shown(file), readContent(file));
  // The files of a folder are one Terraform module, with what gives its variables their values.
  for (const folder of new Set([...texts.keys()].filter((path) => MODULE.test(path)).map((path) => dirname(path)))) {
    offerFolder(folder, BESIDE);
  }
  for (const path of [...texts.keys()].filter((path) => !PARAMETERS.test(path))) {
    const besides = [path.replace(EXTENSION, '.parameters.json'), path.replace(/\.bicep$/i, '.bicepparam')];
    for (const beside of besides) if (beside !== path && !texts.has(beside) && isFile(beside)) offer(beside);
  }

  // Linked templates, modules, and the files that they read: what the engine asks for is handed over whatever it is.
  const along = (path: string): void => {
    const file = isModule(path) ? lookUp(path) : path;
    if (file !== undefined && isFile(file)) {
      const content = readContent(file);
      progress.reading(texts.size);
      if (isOurs(path, content) || content.problem === undefined) add(path, content.text);
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
  progress.done();
  // Unused entries are shown with their lines.
  if (config !== undefined && !texts.has(config.path)) texts.set(config.path, config.text);
  return { project, texts, asked };
}

/** The configuration that was named, or the nearest one. */
async function settings(options: Inputs): Promise<Config | undefined> {
  const path = options.config ?? nearestConfig(process.cwd());
  if (path === undefined) return undefined;
  const { text, problem } = readContent(path);
  if (problem !== undefined) throw new InputError(`${shown(path)}: ${problem}`);
  const folders = options.paths.filter((given) => given !== '-' && isFolder(given));
  return readConfig(shown(path), text, folders);
}

function references(report: Report, tried: ReadonlySet<string>): string[] {
  return report.missing.filter((path) => !tried.has(path));
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
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding, hasMark };
  } catch {
    const text = new TextDecoder(encoding).decode(bytes.subarray(0, ENOUGH));
    return { text, encoding, hasMark, problem: `not ${encoding.toUpperCase()} text` };
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
