// Finds registry modules in Bicep's cache on the disk.

import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import { cacheIn, CONFIG, lookUp } from '../modules.js';
import { absolute } from './config.js';
import { isFile } from './content.js';

/** Finds the compiled modules that templates in these folders refer to. */
export function restoredFor(folders: readonly string[]): (reference: string) => Promise<string | undefined> {
  let roots: Set<string> | undefined;
  return async (reference) => {
    roots ??= new Set([...new Set(folders.map(absolute))].map(root));
    for (const root of roots) {
      const way = await lookUp(reference, { folders: (folder) => names(join(root, folder)) });
      if (way !== undefined && isFile(join(root, way))) return join(root, way);
    }
    return undefined;
  };
}

/** The nearest bicepconfig.json in the folder of a path or above it; relative if the path is. */
export function nearest(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = posix.join(folder, '..')) {
    const file = posix.join(folder, CONFIG);
    if (isFile(file)) return file;
    if (resolve(folder) === resolve(folder, '..')) return undefined;
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The cache folder: from the environment, the nearest bicepconfig.json, or the home folder. */
function root(folder: string): string {
  const named = process.env['BICEP_CACHE_DIRECTORY'];
  if (named) return resolve(named);
  const config = nearest(`${folder}/${CONFIG}`);
  const configured = config === undefined ? undefined : configuredIn(config);
  return config === undefined || configured === undefined ? join(homedir(), '.bicep') : resolve(dirname(config), configured);
}

function configuredIn(config: string): string | undefined {
  try {
    return cacheIn(readFileSync(config, 'utf8'));
  } catch {
    return undefined;
  }
}
