// From paths on the command line to a project with files in it.

import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Engine, Project } from '../engine.js';
import { checkWithReferences, EXTENSION, type Files, offerBesides, PARAMETERS } from '../gather.js';
import { InputError, type Reading } from './arguments.js';
import { type Config, configured, nearestConfig, readConfig } from './config.js';
import { type Content, decoded, ENOUGH, type Encoding, LARGEST, readContent, tooLarge, unreadable } from './content.js';
import { lookUp, nearest } from './modules.js';
import { Progress } from './progress.js';

/** A project and the texts in it, by the path that reports use. */
export interface Loaded {
  readonly project: Project;
  readonly texts: Map<string, string>;
  /** How those that were asked for, by name or by their folder, are encoded. The others were read along with them. */
  readonly asked: ReadonlyMap<string, Encoding>;
}

/** Reads what was asked for, what stands beside it, and what that refers to. */
export async function load(engine: Engine, options: Reading): Promise<Loaded> {
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
  const demand = (path: string, content: Content): void => {
    if (!isOurs(path, content)) {
      throw new InputError(
        `${path}: ${content.problem ?? 'not a template, a Bicep file, a parameter file, a file of Terraform or JSON as Azure prints it'}`,
      );
    }
    add(path, content.text);
    asked.set(path, content);
  };
  const files: Files = {
    has: (path) => texts.has(path),
    isFile,
    names: filesIn,
    offer: (path) => void offer(path),
    hand: (path, file) => {
      const content = readContent(file);
      progress.reading(texts.size);
      if (isOurs(path, content) || content.problem === undefined) add(path, content.text);
    },
    restored: lookUp,
    nearest,
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
  await offerBesides(texts.keys(), files);
  progress.checking(texts.size);
  await checkWithReferences(project, files);
  progress.done();
  // Unused entries are shown with their lines.
  if (config !== undefined && !texts.has(config.path)) texts.set(config.path, config.text);
  return { project, texts, asked };
}

/** The configuration that was named, or the nearest one. */
async function settings(options: Reading): Promise<Config | undefined> {
  const path = options.config ?? nearestConfig(process.cwd());
  if (path === undefined) return undefined;
  const { text, problem } = readContent(path);
  if (problem !== undefined) throw new InputError(`${shown(path)}: ${problem}`);
  const folders = options.paths.filter((given) => given !== '-' && isFolder(given));
  return readConfig(shown(path), text, folders);
}

/** What reports call a file: relative to where we are, with slashes; elsewhere as it was given. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return (near.startsWith('..') && isAbsolute(path) ? path : near).split(sep).join('/');
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function filesIn(folder: string): string[] {
  if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) return [];
  const found = readdirSync(folder, { withFileTypes: true });
  const isLinked = (name: string) => isFile(join(folder, name));
  return found
    .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && isLinked(entry.name)))
    .map(({ name }) => name)
    .sort();
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
