// The server in VS Code for the web: a worker that includes the engine.

import { createEngine } from 'vaultmoat';
import { serve } from 'vaultmoat/lsp';
import { remoteDisk } from 'vaultmoat/lsp/remote';
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
// @ts-expect-error: the bundler replaces this with the bytes of the module
import bytes from 'vaultmoat/wasm';

// The types of workers and of pages conflict.
const port = globalThis as unknown as Worker;

// Buffers messages of the client until the engine has started.
const early: unknown[] = [];
const keep = ({ data }: MessageEvent): void => void early.push(data);
port.addEventListener('message', keep);

void createEngine({ wasm: bytes as Uint8Array<ArrayBuffer> }).then((engine) => {
  const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port));
  serve({ connection, engine, disk: (folder) => remoteDisk(connection, folder) });
  port.removeEventListener('message', keep);
  for (const data of early) port.dispatchEvent(new MessageEvent('message', { data }));
});
