// The entry in VS Code for the web.

import { type ExtensionContext, Uri, workspace } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { start } from './extension.js';

export async function activate(context: ExtensionContext): Promise<void> {
  const address = await addressOf(Uri.joinPath(context.extensionUri, 'dist/worker.js'));
  let worker: Worker | undefined;
  // A worker does not end when its client has stopped.
  const server = async () => {
    worker?.terminate();
    worker = new Worker(address);
    // Not the worker itself: the client recognizes one by its class, which VS Code has replaced.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  return start(context, (options) => new LanguageClient('vaultmoat', 'vaultmoat', server, options));
}

/** A URL that a worker can be started from; the extension may be on another origin. */
async function addressOf(script: Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true);
  const bytes = new Uint8Array(await workspace.fs.readFile(script));
  return URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));
}
