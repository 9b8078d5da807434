// Serves files to a server without a disk.

import { REMOTE } from 'vaultmoat/lsp/remote';
import { type Disposable, FileType, RelativePattern, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';

const LARGEST = 20 * 1024 * 1024;
const MOST = 10_000;

/** Answers the server's requests for files in the open folders. */
export function answerAboutFiles(client: BaseLanguageClient): Disposable[] {
  const answer = <T>(method: string, otherwise: T, act: (uri: Uri) => Promise<T>) =>
    client.onRequest(method, async ({ uri }: { uri: string }) => {
      const address = Uri.parse(uri);
      if (workspace.getWorkspaceFolder(address) === undefined) return otherwise;
      try {
        return await act(address);
      } catch {
        return otherwise;
      }
    });
  return [
    answer<string | null>(REMOTE.read, null, async (uri) => {
      const { type, size } = await workspace.fs.stat(uri);
      if ((type & FileType.File) === 0 || size > LARGEST) return null;
      return new TextDecoder('utf-8', { fatal: true }).decode(await workspace.fs.readFile(uri));
    }),
    answer<string[]>(REMOTE.names, [], (uri) => namesIn(uri, FileType.File)),
    answer<string[]>(REMOTE.folders, [], (uri) => namesIn(uri, FileType.Directory)),
    answer<string[]>(REMOTE.list, [], async (uri) => {
      const wanted = new RelativePattern(uri, '**/*.{bicep,bicepparam,tf,tofu,tfvars,json,jsonc,ndjson}');
      const found = await workspace.findFiles(wanted, '**/{node_modules,.git,.terraform}/**', MOST);
      return found.map(String);
    }),
  ];
}

async function namesIn(folder: Uri, wanted: FileType): Promise<string[]> {
  const entries = await workspace.fs.readDirectory(folder);
  return entries.flatMap(([name, type]) => ((type & wanted) === 0 ? [] : [name]));
}
