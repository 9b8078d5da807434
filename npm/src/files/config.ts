// Finds configurations on the disk.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isConfig, NAME, NAMES } from '../config/config.js';
import { isFile, smallFile } from './content.js';

function configIn(folder: string): string | undefined {
  return NAMES.map((name) => join(folder, name)).find((path) => isFile(path) && hasConfig(path));
}

function hasConfig(path: string): boolean {
  if (path.endsWith(NAME)) return true;
  try {
    return isConfig('', smallFile(path) ?? '');
  } catch {
    return false;
  }
}

/** The configuration of a folder or the nearest one above it, within its repository. `known` caches results by folder. */
export function nearestConfig(folder: string, known = new Map<string, string | undefined>()): string | undefined {
  if (known.has(folder)) return known.get(folder);
  const above = dirname(folder);
  const isOutermost = existsSync(join(folder, '.git')) || above === folder;
  const found = configIn(folder) ?? (isOutermost ? undefined : nearestConfig(above, known));
  known.set(folder, found);
  return found;
}

export function isWithin(folder: string, path: string): boolean {
  const way = relative(resolve(folder), path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/** An absolute path with slashes. */
export function absolute(path: string): string {
  return resolve(path).split(sep).join('/');
}
