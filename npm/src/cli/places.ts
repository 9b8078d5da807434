// Paths for pipelines: relative to the root of the repository, whatever folder the command runs in.

import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isModule } from '../gather.js';

/** The repository that contains a folder; without one, the folder itself. */
export function repositoryRoot(folder = '.'): string {
  const here = resolve(folder);
  for (let at = here; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return here;
  }
}

/** Whether a symbolic link takes a path out of its repository. Its author could choose a file to overwrite. */
export function leadsOut(path: string): boolean {
  const named = resolve(path);
  const root = repositoryRoot(dirname(named));
  if (!existsSync(join(root, '.git'))) return false;
  const real = realpathSync(existsSync(named) ? named : dirname(named));
  return isOutside(relative(realpathSync(root), real));
}

/** A path of a report relative to the root of the repository, with slashes. */
export function fromRoot(path: string, root: string): string {
  return isModule(path) ? path : relative(root, resolve(path)).split(sep).join('/');
}

/** A path of a report as a URI, which is relative to the root of the repository for a file inside of it. */
export function uriFromRoot(path: string, root: string): { uri: string; isRelative: boolean } {
  const name = path.replace(/\p{Surrogate}/gu, '\ufffd');
  if (isModule(name)) return { uri: encodeURI(name), isRelative: false };
  const way = relative(root, resolve(name));
  if (isOutside(way)) return { uri: pathToFileURL(resolve(name)).href, isRelative: false };
  return { uri: way.split(sep).map(encodeURIComponent).join('/'), isRelative: true };
}

function isOutside(way: string): boolean {
  return isAbsolute(way) || way.split(sep)[0] === '..';
}
