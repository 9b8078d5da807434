// The extension in VS Code for the web.

import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { start } from './extension.js';

export function activate(context: ExtensionContext): Promise<void> {
  const address = Uri.joinPath(context.extensionUri, 'dist/worker.js').toString(true);
  let worker: Worker | undefined;
  // A worker does not end by itself when the client has stopped.
  const server = async () => {
    worker?.terminate();
    worker = new Worker(address);
    return worker;
  };
  return start(context, (options) => new LanguageClient('vaultmoat', 'vaultmoat', server, options));
}
