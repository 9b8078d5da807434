// The server of VS Code for the web: a worker, with the engine in its file.

import { createEngine } from 'vaultmoat';
import { serve } from 'vaultmoat/lsp';
import { remoteDisk } from 'vaultmoat/lsp/remote';
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
// @ts-expect-error: the bundler gives its bytes
import bytes from 'vaultmoat/wasm';

// Types of workers and of pages do not go together.
const port = globalThis as unknown as Worker;

// What the client says while the engine starts would go unheard.
const early: unknown[] = [];
const keep = ({ data }: MessageEvent): void => void early.push(data);
port.addEventListener('message', keep);

void createEngine({ wasm: bytes as Uint8Array<ArrayBuffer> }).then((engine) => {
  const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port));
  serve({ connection, engine, disk: (folder) => remoteDisk(connection, folder) });
  port.removeEventListener('message', keep);
  for (const data of early) port.dispatchEvent(new MessageEvent('message', { data }));
});
