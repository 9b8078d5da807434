// Modules from registries, as Bicep keeps them when it has restored them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';

const CONFIG = 'bicepconfig.json';

/** Whether the engine asks for a module, not for a file. */
export function isModule(path: string): boolean {
  return /^(br|ts)[:/]/.test(path);
}

/** Where the compiled module is in the cache, if it is there. */
export function lookUp(reference: string): string | undefined {
  const folder = folderOf(reference);
  return folder === undefined ? undefined : join(folder, 'main.json');
}

/** The nearest configuration in the folder of a path or above it, as paths of that kind are written. */
export function nearest(path: string): string | undefined {
  for (let folder = dirname(path); ; folder = posix.join(folder, '..')) {
    const file = posix.join(folder, CONFIG);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false) return file;
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

/** The folder of the cache: as the environment or the configuration says, or in the home folder. */
function root(): string {
  const config = nearest(join(process.cwd(), CONFIG));
  const configured = process.env['BICEP_CACHE_DIRECTORY'] || (config && cacheIn(config));
  return configured ? resolve(config ? dirname(config) : '.', configured) : join(homedir(), '.bicep');
}

function cacheIn(config: string): string | undefined {
  try {
    // It may have comments, which is no matter here.
    return /^\s*"cacheRootDirectory"\s*:\s*("(?:[^"\\]|\\.)*")/m.exec(readFileSync(config, 'utf8'))?.[1]?.replace(
      /^.*$/s,
      (text) => JSON.parse(text) as string,
    );
  } catch {
    return undefined;
  }
}
