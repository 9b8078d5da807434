// A headless editor: starts the language server and sends the requests of an editor.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as lsp from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const servers = /** @type {import('node:child_process').ChildProcess[]} */ ([]);
// Even if the test failed.
after(() => servers.forEach((server) => server.kill()));

const command = fileURLToPath(new URL('../bin/vaultmoat.js', import.meta.url));

/** @import { Diagnostic, WorkspaceEdit, TextEdit, Position } from 'vscode-languageserver-protocol' */

/**
 * The server for these folders. `settings` is what the user has set; `nodeOptions` are for the server's process,
 * and `words` start it.
 * @param {string[]} folders
 * @param {{ settings?: Record<string, unknown>, nodeOptions?: string[], snippets?: boolean, words?: string[] }} [how]
 */
export async function editor(folders, { settings = {}, nodeOptions = [], snippets = false, words = [command, 'lsp'] } = {}) {
  const server = spawn(process.execPath, [...nodeOptions, ...words, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  servers.push(server);
  const connection = lsp.createProtocolConnection(
    new lsp.StreamMessageReader(server.stdout),
    new lsp.StreamMessageWriter(server.stdin),
  );
  /** The last diagnostics by URI, and all messages. */
  const published = /** @type {Map<string, lsp.PublishDiagnosticsParams>} */ (new Map());
  const history = /** @type {lsp.PublishDiagnosticsParams[]} */ ([]);
  const messages = /** @type {string[]} */ ([]);
  const waiting = /** @type {Set<() => void>} */ (new Set());
  const texts = /** @type {Map<string, TextDocument>} */ (new Map());
  const watched = /** @type {string[]} */ ([]);
  const changed = () => [...waiting].forEach((look) => look());
  connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
    history.push(params);
    published.set(params.uri, params);
    changed();
  });
  connection.onNotification(lsp.ShowMessageNotification.type, ({ message }) => {
    messages.push(message);
    changed();
  });
  connection.onRequest(lsp.ConfigurationRequest.type, ({ items }) => items.map(() => settings));
  connection.onRequest(lsp.RegistrationRequest.type, ({ registrations }) => {
    watched.push(...registrations.map(({ method }) => method));
  });
  connection.onRequest(lsp.InlayHintRefreshRequest.type, () => undefined);
  connection.listen();
  const workspaceFolders = folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder }));
  const { capabilities } = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders,
    capabilities: {
      workspace: {
        configuration: true,
        workspaceFolders: true,
        workspaceEdit: { documentChanges: true, snippetEditSupport: snippets },
        didChangeWatchedFiles: { dynamicRegistration: true },
        didChangeConfiguration: { dynamicRegistration: true },
        inlayHint: { refreshSupport: true },
      },
    },
  });
  await connection.sendNotification(lsp.InitializedNotification.type, {});

  /** Waits for a condition. @template T @param {() => T | undefined | false} what @returns {Promise<T>} */
  const until = (what) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`it never came: ${what}\n${JSON.stringify([...published.values()], undefined, 1).slice(0, 3000)}`));
      }, 20_000);
      const look = () => {
        const found = what();
        if (found === undefined || found === false) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(/** @type {any} */ (found));
      };
      waiting.add(look);
      look();
    });

  /** @param {string} path */
  const uriOf = (path) => pathToFileURL(join(folders[0], path)).href;
  return {
    /** The process of the server. */
    pid: /** @type {number} */ (server.pid),
    connection,
    capabilities,
    published,
    history,
    messages,
    watched,
    settings,
    until,
    uriOf,
    /** Opens a file of the first folder, with its text on disk or another one. @param {string} path @param {{ text?: string, language?: string }} [how] */
    async open(path, { text, language = path.slice(path.lastIndexOf('.') + 1) } = {}) {
      const uri = uriOf(path);
      const document = TextDocument.create(uri, language, 1, text ?? readFileSync(join(folders[0], path), 'utf8'));
      texts.set(uri, document);
      await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: language, version: 1, text: document.getText() },
      });
      return uri;
    },
    /** Replaces some text in an open document. @param {string} uri @param {string} before @param {string} after */
    async replace(uri, before, after) {
      const document = /** @type {TextDocument} */ (texts.get(uri));
      const at = document.getText().indexOf(before);
      if (at < 0) throw new Error(`no \`${before}\` in ${uri}`);
      const range = { start: document.positionAt(at), end: document.positionAt(at + before.length) };
      const contentChanges = [{ range, text: after }];
      const version = document.version + 1;
      TextDocument.update(document, contentChanges, version);
      await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges,
      });
      return version;
    },
    /** @param {string} uri */
    async close(uri) {
      texts.delete(uri);
      await connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    },
    /** The text of an open document. @param {string} uri */
    text: (uri) => /** @type {TextDocument} */ (texts.get(uri)).getText(),
    /** The text of a document after an edit. @param {string} uri @param {WorkspaceEdit | undefined} edit */
    edited(uri, edit) {
      const changes = (edit?.documentChanges ?? []).flatMap((change) =>
        'edits' in change && change.textDocument.uri === uri ? change.edits : [],
      );
      return TextDocument.applyEdits(/** @type {TextDocument} */ (texts.get(uri)), /** @type {TextEdit[]} */ (changes));
    },
    /** The position of some text in an open document. @param {string} uri @param {string} text @returns {Position} */
    at(uri, text) {
      const document = /** @type {TextDocument} */ (texts.get(uri));
      const at = document.getText().indexOf(text);
      if (at < 0) throw new Error(`no \`${text}\` in ${uri}`);
      return document.positionAt(at);
    },
    /** The diagnostics of a document, once they meet a condition. @param {string} uri @param {(diagnostics: Diagnostic[]) => boolean} [holds] */
    diagnostics: (uri, holds = ({ length }) => length > 0) =>
      until(() => {
        const found = published.get(uri)?.diagnostics;
        return found !== undefined && holds(found) && found;
      }),
    async stop() {
      await connection.sendRequest(lsp.ShutdownRequest.type);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      await connection.sendNotification(lsp.ExitNotification.type);
      const code = await ended;
      connection.dispose();
      return code;
    },
  };
}
