// The files of a folder, asked for over the connection: for servers that have no disk, like one in a browser's worker.

import type { Connection } from 'vscode-languageserver';
import type { Engine } from '../engine.js';
import { EXTENSION } from '../gather.js';
import { Places } from './places.js';
import type { Disk } from './workspace.js';

/** What the client answers, all about `{ uri }`. */
export const REMOTE = {
  /** The text of a file, or null. */
  read: 'vaultmoat/read',
  /** The names of the files in a folder. */
  names: 'vaultmoat/names',
  /** The addresses of all files below a folder that may be ours. */
  list: 'vaultmoat/list',
} as const;

/** The files below a folder, as the client has them. Nothing else is read: neither modules of registries nor `vaultmoat.toml`. */
export function remoteDisk(connection: Connection, folder: string, engine: Engine): Disk {
  const places = new Places(folder);
  const asked = async <T>(method: string, path: string, otherwise: T): Promise<T> => {
    const answer: unknown = await connection.sendRequest(method, { uri: places.uri(path) }).catch(() => null);
    return (answer ?? otherwise) as T;
  };
  return {
    read: (path) => asked(REMOTE.read, path, undefined),
    names: async (path) => (await asked<string[]>(REMOTE.names, path, [])).sort(),
    list: async () => {
      const uris = await asked<string[]>(REMOTE.list, '.', []);
      return uris.flatMap((uri) => places.path(uri) ?? []).filter((path) => EXTENSION.test(path));
    },
    restored: async () => undefined,
    configuration: async () => ({ project: (options) => engine.project(options) }),
  };
}
