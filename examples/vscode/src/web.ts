// The extension in VS Code for the web.

import { type ExtensionContext, Uri, workspace } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { start } from './extension.js';

export async function activate(context: ExtensionContext): Promise<void> {
  const address = await addressOf(Uri.joinPath(context.extensionUri, 'dist/worker.js'));
  let worker: Worker | undefined;
  // A worker does not end by itself when the client has stopped.
  const server = async () => {
    worker?.terminate();
    worker = new Worker(address);
    // The client would know a worker by its class, in the place of which VS Code has put another.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  return start(context, (options) => new LanguageClient('vaultmoat', 'vaultmoat', server, options));
}

/** Where a worker can be started from: not from another machine, where the extension may be. */
async function addressOf(script: Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true);
  const bytes = new Uint8Array(await workspace.fs.readFile(script));
  return URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));
}
