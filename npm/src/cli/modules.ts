// Modules from registries, as Bicep keeps them when it has restored them.

import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import { isFile } from './content.js';

const CONFIG = 'bicepconfig.json';

/** Where the compiled module is in the cache, if it is there. */
export function lookUp(reference: string): string | undefined {
  const folder = folderOf(reference);
  return folder === undefined ? undefined : join(folder, 'main.json');
}

/** The nearest configuration in the folder of a path or above it, as paths of that kind are written. */
export function nearest(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = posix.join(folder, '..')) {
    const file = posix.join(folder, CONFIG);
    if (isFile(file)) return file;
    if (resolve(folder) === resolve(folder, '..')) return undefined;
  }
}

function folderOf(reference: string): string | undefined {
  const [, scheme, module, mark, version] = /^(br|ts):([^\\]+?)([:@])([\w.:-]+)$/.exec(reference) ?? [];
  if (module === undefined || version === undefined || scheme === undefined) return undefined;
  const parts = module.split('/');
  if ([...parts, version].some((part) => /^\.*$/.test(part))) return undefined;
  if (scheme === 'ts') {
    return parts.length === 3 ? join(root(), 'ts', ...[...parts, version].map((part) => part.toLowerCase())) : undefined;
  }
  const [registry = '', ...repository] = parts;
  const folder = join(root(), 'br', registry.replaceAll(':', '$').toLowerCase(), repository.join('$'));
  if (mark === '@') return join(folder, version.replaceAll(':', '#'));
  // Behind the `$` stands which letters are capitals, for file systems that do not tell.
  const name = names(folder).find((name) => name.startsWith(`${version}$`));
  return name === undefined ? undefined : join(folder, name);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The folder of the cache: as the environment or the nearest configuration says, or in the home folder. */
function root(): string {
  const named = process.env['BICEP_CACHE_DIRECTORY'];
  if (named) return resolve(named);
  const config = nearest(CONFIG);
  const configured = config === undefined ? undefined : cacheIn(config);
  return config === undefined || configured === undefined ? join(homedir(), '.bicep') : resolve(dirname(config), configured);
}

/** What a configuration says of it. There may be comments in it, so it is searched, not parsed. */
function cacheIn(config: string): string | undefined {
  try {
    const [, value] = /^\s*"cacheRootDirectory"\s*:\s*("(?:[^"\\]|\\.)*")/m.exec(readFileSync(config, 'utf8')) ?? [];
    return value === undefined ? undefined : (JSON.parse(value) as string);
  } catch {
    return undefined;
  }
}
