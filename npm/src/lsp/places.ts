// Converts between URIs of an editor and paths of reports, which are relative to the open folder.

import { URI } from 'vscode-uri';

/** The canonical form of a URI: clients encode URIs differently. */
export function normal(uri: string): string {
  return URI.parse(uri).toString();
}

/** The paths of files relative to a folder. */
export class Places {
  readonly #base: URI;

  constructor(base: string) {
    this.#base = URI.parse(base);
  }

  /** The path of a file; undefined for another scheme or authority. */
  path(uri: string): string | undefined {
    const { scheme, authority, path } = URI.parse(uri);
    if (scheme !== this.#base.scheme || authority !== this.#base.authority) return undefined;
    return relative(this.#base.path, path);
  }

  uri(path: string): string {
    return this.#base.with({ path: this.absolute(path) }).toString();
  }

  /** The absolute form of a path. */
  absolute(path: string): string {
    return resolved(this.#base.path, path);
  }
}

function relative(base: string, path: string): string {
  const from = base.split('/').filter((part) => part !== '');
  const to = path.split('/').filter((part) => part !== '');
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}

function resolved(base: string, path: string): string {
  const parts: string[] = base.split('/').filter((part) => part !== '');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Joins a folder and a path relative to it. */
export function joined(folder: string, way: string): string {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...way.split('/')]) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/') || '.';
}
