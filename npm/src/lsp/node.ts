// `vaultmoat lsp`: the language server in Node, over standard streams or the IPC channel of a parent process.

import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { relative, resolve, sep } from 'node:path';
import { createConnection, type Connection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { nearestConfig } from '../files/config.js';
import { readContent } from '../files/content.js';
import { restoredFor } from '../files/modules.js';
import { walk } from '../files/walk.js';
import { EXTENSION } from '../gather.js';
import { createEngine } from '../node.js';
import { terminalSafe } from '../reports/safe.js';
import { inOrder } from './lifecycle.js';
import { serve } from './server.js';
import { type Disk, MOST_FILES } from './workspace.js';

/** Starts the server, over IPC if the arguments of the process say so. */
export async function lsp(): Promise<void> {
  const engine = await createEngine();
  const connection = process.argv.includes('--node-ipc') ? createConnection() : overStreams();
  serve({ connection, engine, disk: (folder, isOpen) => diskBelow(folder, isOpen) });
}

function overStreams(): Connection {
  const writer = new StreamMessageWriter(process.stdout);
  const { reader, isShutDown } = inOrder(new StreamMessageReader(process.stdin), writer, ({ message }) => {
    process.stderr.write(`vaultmoat: the client does not use the Language Server Protocol: ${terminalSafe(message)}\n`);
    process.exit(2);
  });
  // An editor that crashed sends no `exit`.
  process.stdin.on('close', () => process.exit(isShutDown() ? 0 : 1));
  return createConnection(reader, writer);
}

/** The files below a folder; none for a folder that is not on this disk. */
function diskBelow(folder: string, isOpen: boolean): Disk {
  const { scheme, fsPath } = URI.parse(folder);
  const isHere = scheme === 'file';
  const at = (path: string) => resolve(fsPath, path);
  const from = (path: string) => relative(fsPath, path).split(sep).join('/');
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
    // For a document outside of every open folder, only the files beside it are read.
    list: async () => {
      if (!isHere || !isOpen) return (await names('.')).filter((name) => EXTENSION.test(name));
      return filesBelow(fsPath);
    },
    restored: (reference, folder) => restoredFor([isHere ? at(folder) : homedir()])(reference),
    configuration: async (folder) => {
      const path = isHere ? nearestConfig(at(folder)) : undefined;
      if (path === undefined) return undefined;
      try {
        const { text, problem } = readContent(path);
        return { path: from(path), text, problem };
      } catch (error) {
        return { path: from(path), text: '', problem: (error as Error).message };
      }
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
    // The files of an unreadable folder are left out.
  }
  return found;
}
