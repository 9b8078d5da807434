// The language server answers in the order that the protocol asks for, and survives input that is not a message.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../bin/vaultmoat.js', import.meta.url));
const initialize = (/** @type {number} */ id) => request(id, 'initialize', { processId: null, rootUri: null, capabilities: {} });
const hover = (/** @type {number} */ id) =>
  request(id, 'textDocument/hover', { textDocument: { uri: 'file:///a.bicep' }, position: { line: 0, character: 0 } });
const shutdown = (/** @type {number} */ id) => request(id, 'shutdown');
const exit = JSON.stringify({ jsonrpc: '2.0', method: 'exit' });

/** @param {number} id @param {string} method @param {unknown} [params] */
function request(id, method, params) {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

/** @param {string} text */
const framed = (text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

/**
 * Sends texts to a new server. The answers: the id, and the code of the error if there is one.
 * @param {...string} sent whole messages with their headers
 */
async function answers(...sent) {
  const server = spawn(process.execPath, [command, 'lsp', '--stdio'], { timeout: 60_000 });
  let output = '';
  let errors = '';
  server.stdout.on('data', (text) => (output += text));
  server.stderr.on('data', (text) => (errors += text));
  server.stdin.on('error', () => undefined);
  server.stdin.write(sent.join(''));
  const [status] = await once(server, 'close');
  const found = [...output.matchAll(/\r\n\r\n(\{.*?\})(?=Content-Length|$)/gs)].map(([, text]) => JSON.parse(text));
  return {
    status,
    errors,
    answers: found.map(({ id, error }) => (error === undefined ? `${id}` : `${id} ${error.code}`)).sort(),
  };
}

for (const [what, sent, expected] of /** @type {[string, string[], string[]][]} */ ([
  ['a request before the first one is refused', [hover(1), initialize(2), hover(3), shutdown(4)], ['1 -32002', '2', '3', '4']],
  ['a second initialization is refused', [initialize(1), initialize(2), hover(3), shutdown(4)], ['1', '2 -32600', '3', '4']],
  ['a request after the shutdown is refused', [initialize(1), shutdown(2), hover(3)], ['1', '2', '3 -32600']],
  ['broken JSON is answered', [initialize(1), '{"jsonrpc": ', hover(3), shutdown(4)], ['1', '3', '4', 'null -32700']],
  ['JSON that is not an object is answered', [initialize(1), '[]', '7', shutdown(4)], ['1', '4', 'null -32600', 'null -32600']],
])) {
  test(what, async () => {
    const { status, answers: found, errors } = await answers(...[...sent, exit].map(framed));
    assert.deepEqual({ status, found, errors }, { status: 0, found: expected, errors: '' });
  });
}

test('notifications before the first request are dropped, and an exit without a shutdown is a failure', async () => {
  const opened = { textDocument: { uri: 'file:///a.bicep', languageId: 'bicep', version: 1, text: '' } };
  const early = JSON.stringify({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: opened });
  assert.deepEqual(await answers(framed(early), framed(exit)), { status: 1, errors: '', answers: [] });
});

test('after a header that cannot be read the server ends with one line', async () => {
  const { status, errors } = await answers('Content-Length: many\r\n\r\n{}');
  assert.equal(status, 2);
  assert.match(errors, /^vaultmoat: the client does not use the Language Server Protocol: [^\n]+\n$/);
});
