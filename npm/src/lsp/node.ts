// `vaultmoat lsp`: the language server in Node, over standard streams or the channel of a parent process.

import { readdir, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { createConnection, type Connection } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { configured, nearestConfig, readConfig } from '../cli/config.js';
import { readContent } from '../cli/content.js';
import { lookUp } from '../cli/modules.js';
import { walk } from '../cli/walk.js';
import type { Engine } from '../engine.js';
import { EXTENSION } from '../gather.js';
import { createEngine } from '../node.js';
import { serve } from './server.js';
import { type Disk, MOST_FILES } from './workspace.js';

/** How the server and its client speak: as the arguments of the process say, or over standard streams. */
export async function lsp(): Promise<void> {
  const engine = await createEngine();
  const connection: Connection = process.argv.includes('--node-ipc')
    ? createConnection()
    : createConnection(process.stdin, process.stdout);
  serve({ connection, engine, disk: (folder, isOpen) => diskBelow(folder, isOpen, engine) });
}

/** The files below a folder; none for folders that are not on this machine's disk. */
function diskBelow(folder: string, isOpen: boolean, engine: Engine): Disk {
  const { scheme, fsPath } = URI.parse(folder);
  const isHere = scheme === 'file';
  const at = (path: string) => resolve(fsPath, path);
  const names = async (path: string): Promise<string[]> => {
    if (!isHere) return [];
    const entries = await readdir(at(path), { withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    return files.map(({ name }) => name).sort();
  };
  return {
    read: async (path) => {
      if (!isHere || !(await isFile(at(path)))) return undefined;
      try {
        const { text, problem } = readContent(at(path));
        return problem === undefined ? text : undefined;
      } catch {
        return undefined;
      }
    },
    names,
    // Of a document outside every open folder only the neighbours are looked at.
    list: async () => {
      if (!isHere || !isOpen) return (await names('.')).filter((name) => EXTENSION.test(name));
      return filesBelow(fsPath);
    },
    restored: async (reference) => lookUp(reference),
    configuration: async () => {
      const path = isHere ? nearestConfig(fsPath) : undefined;
      if (path === undefined) return { project: (options) => engine.project(options) };
      const reading = { path, text: readContent(path).text, home: dirname(path), folders: [], rules: engine.rules() };
      const config = await readConfig(reading);
      return { cloud: config.project.cloud, project: (options) => configured(engine, options, config) };
    },
  };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function filesBelow(folder: string): string[] {
  const found: string[] = [];
  try {
    for (const path of walk(folder, (name) => EXTENSION.test(name))) {
      found.push(relative(folder, path).split(sep).join('/'));
      if (found.length > MOST_FILES) break;
    }
  } catch {
    // A folder that cannot be read hides its files.
  }
  return found;
}
