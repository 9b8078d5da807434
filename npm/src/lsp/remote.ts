// The files of a folder, asked for over the connection: for servers that have no disk, like one in a browser's worker.

import type { Connection } from 'vscode-languageserver';
import { isConfig, NAMES } from '../config/config.js';
import { EXTENSION, folderOf } from '../gather.js';
import { cacheIn, CONFIG, lookUp } from '../modules.js';
import { joined, Places } from './places.js';
import type { Disk } from './workspace.js';

/** What the client answers, all about `{ uri }`. */
export const REMOTE = {
  /** The text of a file, or null. */
  read: 'vaultmoat/read',
  /** The names of the files in a folder. */
  names: 'vaultmoat/names',
  /** The names of the folders in a folder. */
  folders: 'vaultmoat/folders',
  /** The addresses of all files below a folder that may be ours. */
  list: 'vaultmoat/list',
} as const;

/**
 * The files below a folder, as the client has them. Configurations are those of that folder and below, and modules from
 * registries those in a cache that a `bicepconfig.json` of that folder or below names there: nothing else can be seen.
 */
export function remoteDisk(connection: Connection, folder: string): Disk {
  const places = new Places(folder);
  const asked = async <T>(method: string, path: string, otherwise: T): Promise<T> => {
    const answer: unknown = await connection.sendRequest(method, { uri: places.uri(path) }).catch(() => null);
    return (answer ?? otherwise) as T;
  };
  const read = (path: string) => asked<string | undefined>(REMOTE.read, path, undefined);
  /** The first of these files in a folder or above it that is wanted. */
  const nearest = async (folder: string, names: readonly string[], isWanted: (name: string, text: string) => boolean) => {
    for (const at of upwards(folder)) {
      for (const name of names) {
        const path = joined(at, name);
        const text = await read(path);
        if (text !== undefined && isWanted(name, text)) return { path, text };
      }
    }
    return undefined;
  };
  return {
    read,
    names: async (path) => (await asked<string[]>(REMOTE.names, path, [])).sort(),
    list: async () => {
      const uris = await asked<string[]>(REMOTE.list, '.', []);
      return uris.flatMap((uri) => places.path(uri) ?? []).filter((path) => EXTENSION.test(path));
    },
    restored: async (reference, folder) => {
      const config = await nearest(folder, [CONFIG], () => true);
      const cache = config === undefined ? undefined : cacheIn(config.text);
      if (config === undefined || cache === undefined || /^([/\\]|\w:)/.test(cache)) return undefined;
      const root = joined(folderOf(config.path), cache.replaceAll('\\', '/'));
      const way = await lookUp(reference, { folders: (folder) => asked<string[]>(REMOTE.folders, joined(root, folder), []) });
      return way === undefined ? undefined : joined(root, way);
    },
    configuration: (folder) => nearest(folder, NAMES, isConfig),
  };
}

/** A folder and those above it, as far as the one that all paths start from. */
function* upwards(folder: string): Generator<string> {
  let at = joined('.', folder);
  if (at.startsWith('..')) return;
  for (; at !== '.'; at = folderOf(at)) yield at;
  yield at;
}
