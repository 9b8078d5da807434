// Lists the files of a folder that git does not ignore.

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { InputError } from './error.js';
import { smallFile, unreadable } from './content.js';
import { isCostly } from '../config/patterns.js';

/** Folders that are never entered. */
export const NEVER: ReadonlySet<string> = new Set(['.git', 'node_modules', '.terraform']);

/** The most nested folders; deeper trees are not written by people. */
const MOST_LEVELS = 64;

/** The patterns of one `.gitignore`, which apply below its folder. */
interface Patterns {
  readonly folder: string;
  readonly patterns: Ignore;
}

/** Files under `folder` whose names `wanted` accepts, in a stable order. Symbolic links are not followed. `entered` is called with each folder. */
export function* walk(
  folder: string,
  wanted: (name: string) => boolean,
  entered: (folder: string) => void = () => undefined,
): Generator<string> {
  yield* entries(folder, above(resolve(folder)), wanted, entered, MOST_LEVELS);
}

function* entries(
  folder: string,
  outer: Patterns[],
  wanted: (name: string) => boolean,
  entered: (folder: string) => void,
  levels: number,
): Generator<string> {
  if (levels === 0) throw new InputError(`${folder}: more than ${MOST_LEVELS} nested folders`);
  entered(folder);
  const binding = [...outer, ...patternsOf(resolve(folder), '.gitignore')];
  for (const entry of listed(folder)) {
    if (NEVER.has(entry.name) || !(entry.isDirectory() || (entry.isFile() && wanted(entry.name)))) continue;
    const path = join(folder, entry.name);
    if (isIgnored(resolve(path), entry.isDirectory(), binding)) continue;
    if (entry.isDirectory()) yield* entries(path, binding, wanted, entered, levels - 1);
    else yield path;
  }
}

function listed(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** The ignore files of the repository above `folder`, outermost first; none outside of a repository. */
function above(folder: string): Patterns[] {
  const outer: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) {
      const folders = [...outer, at].filter((path) => path !== folder).reverse();
      return [...patternsOf(at, '.git/info/exclude'), ...folders.flatMap((path) => patternsOf(path, '.gitignore'))];
    }
    if (dirname(at) === at) return [];
    outer.push(at);
  }
}

function patternsOf(folder: string, name: string): Patterns[] {
  const text = smallFile(join(folder, name));
  if (text === undefined) return [];
  return [{ folder, patterns: ignore().add(text.split(/\r?\n/).filter((line) => !isCostly(line))) }];
}

/** The innermost ignore file with a matching pattern decides, as in git. */
function isIgnored(path: string, isFolder: boolean, binding: Patterns[]): boolean {
  for (const { folder, patterns } of [...binding].reverse()) {
    const name = relative(folder, path).split(sep).join('/') + (isFolder ? '/' : '');
    const { ignored, unignored } = patterns.test(name);
    if (ignored || unignored) return ignored;
  }
  return false;
}
