// What an editor calls a file, and what reports call it: relative to the folder that is worked in.

import { URI } from 'vscode-uri';

/** An address as every client's spelling of it is compared. */
export function normal(uri: string): string {
  return URI.parse(uri).toString();
}

/** Files by their way from a folder. */
export class Places {
  readonly #base: URI;

  constructor(base: string) {
    this.#base = URI.parse(base);
  }

  /** The way to a file; undefined for one that is somewhere else altogether. */
  path(uri: string): string | undefined {
    const { scheme, authority, path } = URI.parse(uri);
    if (scheme !== this.#base.scheme || authority !== this.#base.authority) return undefined;
    return relative(this.#base.path, path);
  }

  /** The address of a file. */
  uri(path: string): string {
    return this.#base.with({ path: this.absolute(path) }).toString();
  }

  /** A path from the root of the file system. */
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

/** The way to what a file in a folder calls by a way of its own. */
export function joined(folder: string, way: string): string {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...way.split('/')]) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/') || '.';
}
