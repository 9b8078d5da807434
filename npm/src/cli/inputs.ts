// From paths on the command line to a project with files in it.

import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import type { Engine, Project } from '../engine.js';
import type { Report } from '../types.js';
import { InputError, type Reading } from './arguments.js';
import { Progress } from './progress.js';

/** Far above Azure's own limit of 4 MB for a template. */
const LARGEST = 20 * 1024 * 1024;
const EXTENSION = /\.(json|jsonc|ndjson)$/i;

/** A project and the texts in it, by the path that reports use. */
export interface Loaded {
  readonly project: Project;
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads what was asked for, what stands beside it, and what that refers to. */
export async function load(engine: Engine, options: Reading): Promise<Loaded> {
  const progress = new Progress(options.quiet);
  const parameters = options.parameters.map(shown);
  const project = engine.project({ ...options.project, parameters });
  const texts = new Map<string, string>();

  const add = (path: string, text: string): void => {
    texts.set(path, text);
    project.set(path, text);
  };
  // Files that nobody named: those that are none of ours are passed over.
  const offer = (file: string): void => {
    const path = shown(file);
    if (texts.has(path)) return;
    const text = readText(file);
    if (engine.identify(path, text) !== undefined) add(path, text);
    progress.reading(texts.size);
  };
  const demand = (file: string, path = shown(file), text = readText(file)): void => {
    if (engine.identify(path, text) === undefined) {
      throw new InputError(`${path}: not an ARM template, a parameter file or JSON as Azure prints it`);
    }
    add(path, text);
  };

  for (const path of options.paths) {
    if (path === '-') {
      demand('-', options.stdinFilename ?? 'stdin.json', decoded('standard input', await standardInput()));
    } else if (isFolder(path)) {
      const { walk } = await import('./walk.js');
      for (const file of walk(path, (name) => EXTENSION.test(name))) offer(file);
    } else {
      demand(path);
    }
  }
  for (const file of options.parameters) demand(file);
  for (const path of [...texts.keys()]) {
    const beside = path.replace(EXTENSION, '.parameters.json');
    if (beside !== path && !texts.has(beside) && isFile(beside)) offer(beside);
  }

  // Linked templates, and what those link to in turn.
  progress.checking(texts.size);
  const tried = new Set<string>();
  for (let missing: string[]; (missing = references(project.check(), tried)).length > 0;) {
    for (const path of missing) {
      tried.add(path);
      if (isFile(path)) offer(path);
    }
  }
  progress.done();
  return { project, texts };
}

function references(report: Report, tried: ReadonlySet<string>): string[] {
  return report.missing.filter((path) => !tried.has(path));
}

/** What reports call a file: relative to where we are, with slashes. */
function shown(path: string): string {
  const near = isAbsolute(path) ? relative(process.cwd(), path) : path;
  const text = near.startsWith('..') ? path : near;
  return text
    .split(sep)
    .join('/')
    .replace(/^(\.\/)+/, '');
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

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > LARGEST) throw new InputError(`${path}: larger than ${LARGEST / 1024 / 1024} MB`);
    return decoded(path, readFileSync(path));
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(path, error);
  }
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST) throw new InputError(`standard input: larger than ${LARGEST / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Windows PowerShell's `>` writes UTF-16. */
function decoded(path: string, bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path}: not ${encoding.toUpperCase()} text`);
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
