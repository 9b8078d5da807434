// Reads files over the connection, for servers without a disk, such as one in a web worker.

import type { Connection } from 'vscode-languageserver';
import { isConfig, NAMES } from '../config/config.js';
import { EXTENSION, folderOf } from '../gather.js';
import { cacheIn, CONFIG, lookUp } from '../modules.js';
import { joined, Places } from './places.js';
import type { Disk } from './workspace.js';

/** The requests to the client; each has the parameters `{ uri }`. */
export const REMOTE = {
  /** The text of a file, or null. */
  read: 'vaultmoat/read',
  /** The names of the files in a folder. */
  names: 'vaultmoat/names',
  /** The names of the folders in a folder. */
  folders: 'vaultmoat/folders',
  /** The URIs of all files below a folder that vaultmoat may read. */
  list: 'vaultmoat/list',
} as const;

/**
 * The files of the client below a folder. Only configurations in that folder are found, and only registry modules in a cache
 * that is in it and configured by a `bicepconfig.json` there.
 */
export function remoteDisk(connection: Connection, folder: string): Disk {
  const places = new Places(folder);
  const asked = async <T>(method: string, path: string, otherwise: T): Promise<T> => {
    const answer: unknown = await connection.sendRequest(method, { uri: places.uri(path) }).catch(() => null);
    return (answer ?? otherwise) as T;
  };
  const read = (path: string) => asked<string | undefined>(REMOTE.read, path, undefined);
  /** The nearest file with one of these names that `isWanted` accepts. */
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

/** A folder and those above it, up to the base of all paths. */
function* upwards(folder: string): Generator<string> {
  let at = joined('.', folder);
  if (at.startsWith('..')) return;
  for (; at !== '.'; at = folderOf(at)) yield at;
  yield at;
}
